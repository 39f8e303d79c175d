"""Backups: proved when they are made, listed without being opened, thinned so that good ones stay."""

import errno
import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.core.clock import FixedClock
from app.core.errors import EnvironmentFault
from app.storage.backups import (
    STEM,
    Backup,
    Reason,
    backup_for_new_program,
    backup_if_due,
    backup_on_close,
    is_changed,
    list_backups,
    make_backup,
    newest_verified,
    reach_days,
)
from app.storage.check import check
from app.storage.copy import verify_file
from app.storage.manifest import manifest_path
from app.storage.medium import Disk
from app.storage.place_state import remember_exit, remember_restored
from app.storage.snapshot import children_on_ledger
from app.storage.store import Store
from app.storage.thinning import ALL_OF, BEFORE_RESTORE_KEPT, NEWEST_KEPT, clock_looks_wrong, superfluous
from tests.app.storage.ledgers import NAMES, fill, names, rename_child

NOW = datetime(2026, 11, 21, 9)


@pytest.fixture
def ledger(store) -> Store:
    fill(store)
    return store


@pytest.fixture
def folder(tmp_path) -> Path:
    return tmp_path / "备份"


def test_what_this_version_left_or_restored_itself_needs_no_backup_of_another(
    ledger, ledger_path, folder, clock
):
    assert backup_for_new_program(ledger, folder=folder) is None, "nothing is remembered of a new ledger"
    remember_exit(ledger, folder)
    assert backup_for_new_program(ledger, folder=folder) is None
    remember_restored(ledger_path, folder, ledger.db_uuid, ledger.commit_no, clock=clock)
    assert backup_for_new_program(ledger, folder=folder) is None
    assert list_backups(folder) == []


def test_a_backup_is_a_proved_ledger_with_no_name_in_its_name(ledger, folder, clock):
    backup = make_backup(ledger, reason="before_import", folder=folder)
    assert backup.path.name == "守望备份_20261121_090000_导入前.db"
    assert (backup.verified, backup.children, backup.commit_no) == (True, 4, 1)
    assert backup.last_entry == "2026-11-21T09:00:00"
    assert backup.reason == Reason.BEFORE_IMPORT
    assert verify_file(backup.path).state == "ok"
    with Store.open(backup.path, clock=clock, read_only=True) as opened:
        assert names(opened) == list(NAMES)
    assert backup.path.stat().st_mode & 0o777 == 0o600
    assert folder.stat().st_mode & 0o777 == 0o700


def test_backups_are_listed_newest_first_without_being_opened(ledger, folder, clock):
    first = make_backup(ledger, reason=Reason.BY_HAND, folder=folder)
    clock.advance(hours=5)
    rename_child(ledger, "改了名")
    second = make_backup(ledger, reason=Reason.CLOSE, folder=folder)
    (folder / "我的笔记.txt").write_text("x", encoding="utf-8")
    (folder / "守望备份_20269999_999999_手动.db").write_bytes(b"x")
    # Listing reads manifests only: it works on files that are no database any more.
    for backup in (first, second):
        backup.path.write_bytes(bytes(backup.size))

    listed = list_backups(folder)
    assert [backup.path for backup in listed] == [second.path, first.path]
    assert [backup.commit_no for backup in listed] == [2, 1]
    assert [backup.reason_words for backup in listed] == ["关闭", "手动"]
    assert reach_days(listed, now=NOW + timedelta(days=3)) == 3
    assert list_backups(folder / "没有") == []


def test_a_backup_from_a_clock_far_ahead_hides_no_newer_one(ledger, folder, clock):
    """It would for years: newest by its stamp, and without what was saved since."""
    clock.advance(hours=24 * 1500)
    make_backup(ledger, reason=Reason.BY_HAND, folder=folder)
    clock.advance(hours=-24 * 1500 + 1)
    rename_child(ledger, "改了名")
    assert is_changed(ledger, folder)
    newer = make_backup(ledger, reason=Reason.CLOSE, folder=folder)

    listed = list_backups(folder, now=clock.now())
    assert newest_verified(listed) == newer
    assert len(listed) == 2
    assert not is_changed(ledger, folder), "the newer one holds everything"
    assert backup_on_close(ledger, folder=folder) is None


def test_a_clock_set_back_counts_nobody_out(ledger, ledger_path, folder, clock):
    """The battery of an old computer is empty: the children of the ledger are still there, and every screen says so."""
    on_ledger = children_on_ledger(ledger)
    clock.advance(days=-2500)
    made = make_backup(ledger, reason=Reason.BY_HAND, folder=folder)
    rename_child(ledger, "覃小语")  # saved although the clock was spoken of
    later = make_backup(ledger, reason=Reason.TIMER, folder=folder)

    assert on_ledger == len(NAMES)
    assert children_on_ledger(ledger) == made.children == later.children == on_ledger
    assert [verify_file(one.path).state for one in (made, later)] == ["ok", "ok"]
    ledger.close()
    assert check(ledger_path).detail["children"] == on_ledger


def test_a_backup_whose_slip_counted_on_the_day_of_the_clock_is_still_proved(ledger, folder, clock):
    """Slips of before name no day of counting: theirs is the day they were made, however wrong."""
    clock.advance(days=-2500)
    made = make_backup(ledger, reason=Reason.BY_HAND, folder=folder)
    slip = manifest_path(made.path)
    content = json.loads(slip.read_bytes())
    del content["facts"]["counted_on"]
    content["facts"]["children"] = 0
    slip.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")

    assert verify_file(made.path).state == "ok"
    content["facts"]["children"] = 1
    slip.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    assert verify_file(made.path).state == "corrupt"


def test_what_has_no_fitting_manifest_is_marked(ledger, folder, clock):
    made = []
    for _ in range(4):
        made.append(make_backup(ledger, reason=Reason.BY_HAND, folder=folder))
        clock.advance(minutes=1)
    manifest_path(made[0].path).unlink()
    manifest_path(made[1].path).write_text("{}", encoding="utf-8")
    made[2].path.write_bytes(made[2].path.read_bytes()[:-1])
    listed = list_backups(folder)
    assert [backup.verified for backup in listed] == [True, False, False, False]
    assert listed[-1].children is None
    assert newest_verified(listed).path == made[3].path
    assert newest_verified(listed[1:]) is None


def test_one_that_cannot_be_looked_at_hides_no_other(ledger, folder, clock):
    made = make_backup(ledger, reason=Reason.BY_HAND, folder=folder)
    for second in range(20):
        (folder / f"{STEM}_20261101_0800{second:02}_手动.db").symlink_to(folder / "nothing")
    assert list_backups(folder) == [made]


def test_closing_makes_a_backup_only_when_something_changed(ledger, folder, clock):
    assert backup_on_close(ledger, folder=folder).commit_no == 1
    clock.advance(minutes=5)
    assert backup_on_close(ledger, folder=folder) is None
    rename_child(ledger, "改了名")
    clock.advance(minutes=5)
    assert backup_on_close(ledger, folder=folder).commit_no == 2
    newest = list_backups(folder)[0]
    newest.path.unlink()
    assert backup_on_close(ledger, folder=folder).commit_no == 2


def test_the_same_number_of_another_history_is_not_taken_for_a_backup(ledger, folder, clock):
    """After a restore the commits are counted a second time: number 2 may stand for something else now."""
    clock.advance(hours=1)
    rename_child(ledger, "第一次")
    backup_on_close(ledger, folder=folder)
    clock.advance(hours=1)
    ledger.db.execute_sql("UPDATE action SET at = '2026-11-21T11:00:00' WHERE commit_no = 2")
    assert backup_on_close(ledger, folder=folder) is not None


def test_the_timer_waits_half_an_hour_and_for_a_change(ledger, folder, clock):
    assert backup_if_due(ledger, folder=folder) is not None
    rename_child(ledger, "改了名")
    clock.advance(minutes=29)
    assert backup_if_due(ledger, folder=folder) is None
    clock.advance(minutes=1)
    assert backup_if_due(ledger, folder=folder).reason == Reason.TIMER
    clock.advance(days=1)
    assert backup_if_due(ledger, folder=folder) is None


def test_a_backup_of_nobody_is_never_too_young_once_there_are_children(store, folder, clock):
    """The one made before the first roster comes in says nothing of the children who came with it."""
    empty = make_backup(store, reason=Reason.BEFORE_IMPORT, folder=folder)
    assert empty.children == 0
    assert backup_if_due(store, folder=folder) is None
    fill(store)
    made = backup_if_due(store, folder=folder)
    assert made is not None
    assert made.children > 0
    assert list_backups(folder)[0].path == made.path, "of two within one second the later one is the newest"
    rename_child(store, "改了名")
    assert backup_if_due(store, folder=folder) is None, "once is enough, also within one moment"


def test_a_ledger_opened_to_look_makes_no_backup(ledger, ledger_path, folder, clock):
    ledger.close()
    with Store.open(ledger_path, clock=clock, read_only=True) as looking:
        assert backup_on_close(looking, folder=folder) is None
        assert backup_if_due(looking, folder=folder) is None
    assert not folder.exists()


def test_backups_of_two_ledgers_in_one_folder_do_not_push_each_other_out(ledger, tmp_path, folder, clock):
    first = make_backup(ledger, reason=Reason.BY_HAND, folder=folder)
    other_clock = FixedClock(NOW + timedelta(days=20))
    with Store.create(tmp_path / "另一份.db", clock=other_clock) as other:
        for _ in range(6):
            other_clock.advance(days=5)
            make_backup(other, reason=Reason.BY_HAND, folder=folder)
        assert backup_on_close(other, folder=folder) is None
        assert len(list_backups(folder, db_uuid=other.db_uuid)) == 6
    assert first.path.exists()
    assert [backup.path for backup in list_backups(folder, db_uuid=ledger.db_uuid)] == [first.path]


# ------------------------------------------------------------------------------------------------ thinning, for real


class SmallDisk(Disk):
    """A disk so small that a fifth of it holds about four backups."""

    def __init__(self, size: int) -> None:
        self.size = size

    def total(self, folder):
        return self.size


def test_over_a_fifth_of_the_disk_the_newest_three_stay(ledger, folder, clock):
    size = make_backup(ledger, reason=Reason.BY_HAND, folder=folder).size
    for _ in range(8):
        clock.advance(hours=1)
        make_backup(ledger, reason=Reason.BY_HAND, folder=folder, disk=SmallDisk(int(size * 4.5 * 5)))
        assert len(list_backups(folder)) <= 5
    clock.advance(hours=1)
    make_backup(ledger, reason=Reason.BY_HAND, folder=folder, disk=SmallDisk(size))
    left = list_backups(folder)
    assert len(left) == NEWEST_KEPT
    assert [path.suffix for path in sorted(folder.iterdir())] == [".db", ".json"] * 3


@pytest.mark.parametrize("fault", [errno.ENOSPC, errno.EIO])
def test_a_backup_that_was_not_made_costs_no_older_one(fault, ledger, folder, clock):
    for _ in range(5):
        make_backup(ledger, reason=Reason.BY_HAND, folder=folder)
        clock.advance(hours=1)

    class Bad(SmallDisk):
        def fsync(self, file):
            raise OSError(fault, "x")

    before = sorted(path.name for path in folder.iterdir())
    with pytest.raises(EnvironmentFault) as caught:
        make_backup(ledger, reason=Reason.CLOSE, folder=folder, disk=Bad(1))
    assert caught.value.key in {"copy.became_full", "copy.io_error"}
    assert sorted(path.name for path in folder.iterdir()) == before


def test_a_broken_ledger_pushes_out_no_good_backup(ledger, ledger_path, folder, clock):
    for _ in range(5):
        make_backup(ledger, reason=Reason.BY_HAND, folder=folder)
        clock.advance(days=1)
    before = sorted(path.name for path in folder.iterdir())
    ledger.db.execute_sql("PRAGMA writable_schema = 1")
    ledger.db.execute_sql("UPDATE sqlite_master SET rootpage = 2 WHERE name = 'child'")
    ledger.db.execute_sql("PRAGMA writable_schema = RESET")
    with pytest.raises(EnvironmentFault) as caught:
        make_backup(ledger, reason=Reason.CLOSE, folder=folder)
    assert caught.value.key == "copy.source_corrupt"
    assert sorted(path.name for path in folder.iterdir()) == before


@pytest.mark.parametrize(
    ("moment", "last_action"),
    [
        (datetime(2008, 1, 1), None),  # the battery on the main board is empty
        (datetime(2026, 11, 20), None),  # a day before the newest backup
        (datetime(2031, 1, 1), None),  # years ahead of it
        (datetime(2026, 12, 1), "2026-12-02T08:00:00"),  # before the last action
        (datetime(2026, 12, 1), "2026-91-21T08:00:00"),  # a flipped digit: nobody knows when that was
    ],
)
def test_a_clock_that_looks_wrong_thins_nothing(moment, last_action, ledger, folder, clock):
    for _ in range(6):
        make_backup(ledger, reason=Reason.BY_HAND, folder=folder)
        clock.advance(seconds=1)
    if last_action:
        ledger.db.execute_sql("UPDATE action SET at = ?", (last_action,))
    with_wrong_clock = Store.__new__(Store)
    with_wrong_clock.__dict__.update(ledger.__dict__, clock=FixedClock(moment))
    make_backup(with_wrong_clock, reason=Reason.BY_HAND, folder=folder, disk=SmallDisk(1))
    assert len(list_backups(folder)) == 7


# ------------------------------------------------------------------------------------------------ thinning, the rule


def at(moment: datetime, *, reason: Reason = Reason.CLOSE, verified: bool = True, size: int = 1) -> Backup:
    return Backup(Path(f"{moment:%Y%m%d_%H%M%S}"), moment, reason, size, verified, commit_no=1, db_uuid="x")


ages = st.lists(st.integers(0, 1200 * 24), min_size=1, max_size=120, unique=True)


@given(ages, st.data())
def test_what_is_never_thinned(hours, data):
    reasons = st.sampled_from([Reason.CLOSE, Reason.BEFORE_RESTORE, Reason.BEFORE_UPGRADE])
    backups = [
        at(NOW - timedelta(hours=age), reason=data.draw(reasons), verified=data.draw(st.integers(0, 9)) > 0)
        for age in hours
    ]
    allowed = data.draw(st.integers(0, 130))
    going = superfluous(backups, now=NOW, allowed=allowed)
    left = [backup for backup in backups if backup not in going]
    verified = sorted((b for b in backups if b.verified), key=lambda b: b.made_at, reverse=True)

    assert all(backup in left for backup in verified[:NEWEST_KEPT])
    assert all(backup.verified for backup in going)
    restores = [
        b for b in verified if b.reason == Reason.BEFORE_RESTORE and NOW - b.made_at < BEFORE_RESTORE_KEPT
    ]
    upgrades = [b for b in verified if b.reason == Reason.BEFORE_UPGRADE][:1]
    assert all(backup in left for backup in restores + upgrades)
    # Over the size only what is protected may be left.
    protected = [*verified[:NEWEST_KEPT], *restores, *upgrades]
    assert sum(backup.verified for backup in left) <= max(allowed, len(set(map(id, protected))))


@given(ages)
@example([0, 1, 34, 48])  # a day of which the newest is not two days old yet
def test_what_is_kept_with_room_enough(hours):
    backups = sorted((at(NOW - timedelta(hours=age)) for age in hours), key=lambda b: b.made_at, reverse=True)
    going = superfluous(backups, now=NOW, allowed=10**9)
    left = [backup for backup in backups if backup not in going]

    assert all(backup in left for backup in backups if NOW - backup.made_at < ALL_OF)
    older = [backup for backup in left[NEWEST_KEPT:] if NOW - backup.made_at >= ALL_OF]
    assert len(older) <= 12 + 10 + 9
    # Of any day that is kept, the newest of that day is, of those that are not kept anyway.
    for backup in older:
        same_day = [b for b in backups if b.made_at.date() == backup.made_at.date()]
        assert backup == max((b for b in same_day if NOW - b.made_at >= ALL_OF), key=lambda b: b.made_at)
    # Thinning what is thinned changes nothing more.
    assert superfluous(left, now=NOW, allowed=10**9) == []


def test_a_school_year_of_daily_backups_reaches_back_a_year():
    kept: list[Backup] = []
    for day in range(400):
        now = NOW + timedelta(days=day)
        kept += [at(now - timedelta(hours=3)), at(now)]
        kept = [backup for backup in kept if backup not in superfluous(kept, now=now, allowed=10**9)]
    ages = sorted((now - backup.made_at).days for backup in kept)
    assert len(kept) <= 4 + 12 + 10 + 9 + 2
    assert ages[:4] == [0, 0, 1, 1]
    assert ages[4:16] == list(range(2, 14))
    assert ages[-1] > 300


def test_over_the_size_the_extra_ones_of_two_days_go_first():
    backups = [at(NOW - timedelta(hours=age)) for age in (0, 1, 2, 3, 4, 30, 31, 32, 100, 200, 300)]
    going = superfluous(backups, now=NOW, allowed=8)
    assert [int((NOW - backup.made_at) / timedelta(hours=1)) for backup in going] == [32, 31, 4]


def test_an_unproved_one_pushes_out_no_good_one():
    backups = [at(NOW - timedelta(hours=age)) for age in (0, 1, 2, 3)]
    unproved = at(NOW - timedelta(hours=5), verified=False, size=100)
    assert superfluous([*backups, unproved], now=NOW, allowed=8) == []


def test_a_clock_is_believed_when_it_fits():
    newest = at(NOW)
    assert not clock_looks_wrong(
        [newest, at(NOW - timedelta(days=200))], new=newest, last_action="2026-11-21T08:59:59"
    )
    assert not clock_looks_wrong([newest], new=newest, last_action=None)
    assert clock_looks_wrong([newest, at(NOW + timedelta(seconds=1))], new=newest, last_action=None)
