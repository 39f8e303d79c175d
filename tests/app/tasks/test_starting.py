"""What is told at the start although nothing has failed: place, room, clock, damaged text."""

from __future__ import annotations

import shutil
import sys
from datetime import datetime
from pathlib import Path

import pytest

from app.core.clock import FixedClock
from app.school.service import add_staff, init_school
from app.storage.drives import Drive, DriveKind
from app.storage.medium import Disk
from app.storage.place_state import remember_exit
from app.storage.store import Store
from app.tasks.cut_off import import_under_way
from app.tasks.starting import NEARLY_FULL, clock_before_program, clock_notice, garbled_rows, start_notices
from tests.ui.pages.safety.sticks import FakeProbe


@pytest.fixture
def store(tmp_path, clock):
    path = tmp_path / "data" / "守望.db"
    path.parent.mkdir()
    (tmp_path / "backups").mkdir()
    with Store.create(path, clock=clock) as opened:
        init_school(opened, name="青石坪镇中心小学")
        yield opened


@pytest.fixture
def backups(tmp_path):
    return tmp_path / "backups"


class RoomOf(Disk):
    """A disk with this much room."""

    def __init__(self, free):
        self._free = free

    def free(self, folder):
        return self._free


def keys(notices):
    return [notice.key for notice in notices]


def quiet(store, backups, *, probe=None, free=NEARLY_FULL):
    return start_notices(store, backups, probe=probe or FakeProbe(), disk=RoomOf(free))


def test_mostly_there_is_nothing_to_say(store, backups):
    assert quiet(store, backups) == []


def test_a_home_that_takes_nothing_is_told_before_the_first_backup_fails(
    store, backups, tmp_path, monkeypatch
):
    no_folder = tmp_path / "home"
    no_folder.write_bytes(b"")
    monkeypatch.setattr("app.tasks.starting.private_folder", lambda: no_folder / "shouwang" / "private")
    (notice,) = quiet(store, backups)
    assert notice.key == "home.closed"
    assert str(no_folder) in notice.words


def test_a_part_of_the_program_that_is_gone_is_named_at_the_start(store, backups, monkeypatch):
    monkeypatch.setattr(
        "app.tasks.starting.missing_parts", lambda: ("打印用的字体（SchoolSong-Regular.ttf）",)
    )
    (notice,) = quiet(store, backups)
    assert notice.key == "program.part_missing"
    assert "打印用的字体（SchoolSong-Regular.ttf）" in notice.words


def test_a_disk_nearly_full_is_said_once_with_its_room(store, backups):
    (notice,) = quiet(store, backups, free=120 << 20)
    assert notice.key == "disk.nearly_full"
    assert "只剩 120.0 MB" in notice.words
    assert "还能存" not in notice.words, "nobody has tried"


def test_a_full_system_disk_is_said_where_the_data_lie_on_another_one(store, backups, monkeypatch):
    home = Path("/proc")  # another device than any folder of a test
    monkeypatch.setattr("app.tasks.starting.private_folder", lambda: home / "nobody" / "private")
    monkeypatch.setattr("app.tasks.starting.home_notice", lambda *_: None)

    class SystemDiskFull(Disk):
        def free(self, folder):
            return 30 << 20 if folder == home else NEARLY_FULL

    (notice,) = start_notices(store, backups, probe=FakeProbe(), disk=SystemDiskFull())
    assert notice.key == "disk.nearly_full"
    assert notice.words.startswith("放设置和草稿的硬盘快满了，只剩 30.0 MB。")


def test_a_large_ledger_needs_more_room_than_a_small_one(store, backups, monkeypatch):
    size = store.path.stat().st_size
    monkeypatch.setattr("app.tasks.starting.NEARLY_FULL", 0)
    assert keys(quiet(store, backups, free=2 * size - 1)) == ["disk.nearly_full"]
    assert quiet(store, backups, free=2 * size) == []


def test_a_backup_disk_that_is_away_is_no_alarm_here(store, backups):
    shutil.rmtree(backups)
    assert quiet(store, backups) == []


@pytest.mark.parametrize(
    ("kind", "key"), [(DriveKind.REMOVABLE, "place.removable"), (DriveKind.NETWORK, "place.network")]
)
def test_a_poor_place_is_warned_of(store, backups, kind, key):
    drive = Drive(store.path.parent, "U", 8 << 30, 16 << 30, read_only=False, kind=kind)
    assert keys(quiet(store, backups, probe=FakeProbe(drive))) == [key]


def test_a_cloud_folder_is_warned_of_by_its_name(tmp_path, backups, clock):
    path = tmp_path / "OneDrive" / "守望.db"
    path.parent.mkdir()
    with Store.create(path, clock=clock) as opened:
        (notice,) = quiet(opened, backups)
    assert notice.key == "place.cloud"
    assert f"数据现在放在「{path.parent}」。这是OneDrive的文件夹" in notice.words
    assert "找回数据文件" in notice.words, "how it gets away from there"
    assert "什么都没有动" not in notice.words


@pytest.mark.parametrize(
    ("span", "key", "words"),
    [
        ({"days": -6 * 366}, "clock.early", "早 6 年"),
        ({"days": -100}, "clock.early", "早 3 个月"),
        ({"days": -3}, "clock.early", "早 3 天"),
        ({"hours": -5}, "clock.early", "早 5 小时"),
        ({"minutes": -30}, "clock.early", "早 30 分钟"),
        ({"days": 800}, "clock.late", "晚 2 年"),
    ],
)
def test_a_clock_that_looks_wrong_is_asked_about(store, backups, clock, span, key, words):
    clock.advance(**span)
    notice = clock_notice(store, backups)
    assert notice.key == key
    assert words in notice.words
    assert f"现在是 {clock.now():%Y-%m-%d %H:%M}" in notice.words


@pytest.mark.parametrize("span", [{"minutes": -9}, {"minutes": 0}, {"days": 60}, {"days": 399}])
def test_a_clock_that_is_right_enough_is_not(store, backups, clock, span):
    clock.advance(**span)
    assert clock_notice(store, backups) is None


def test_the_day_it_was_left_counts_too(store, backups, clock):
    clock.advance(days=300)
    remember_exit(store, backups)
    clock.advance(days=-200)
    assert clock_notice(store, backups).key == "clock.early"


def test_a_moment_with_a_flipped_digit_is_no_witness_and_ends_nothing(store, backups):
    store.db.execute_sql(
        "UPDATE action SET at = '2026-91-21T08:00:00' WHERE id = (SELECT max(id) FROM action)"
    )
    assert clock_notice(store, backups) is None


def test_a_new_ledger_has_no_time_to_compare(tmp_path, backups, clock):
    with Store.create(tmp_path / "neu.db", clock=clock) as empty:
        assert clock_notice(empty, backups) is None


def test_rows_with_bytes_that_are_no_text_are_counted(store, clock):
    assert garbled_rows(store) is None
    for name in ("覃龑龑龑", "覃龑龑龑", "陈素兰"):
        add_staff(store, name=name)
    path = store.path
    store.close()
    path.write_bytes(path.read_bytes().replace("覃龑龑龑".encode(), b"\xff\xfe" * 6))
    with Store.open(path, clock=clock) as damaged:
        notice = garbled_rows(damaged)
        assert notice.key == "rows.garbled"
        assert "有 2 条" in notice.words
        assert damaged.rows("SELECT name FROM staff WHERE name = '陈素兰'") == [("陈素兰",)]


def test_a_clock_that_was_set_right_is_not_doubted(store, backups, clock):
    clock.advance(days=100)
    add_staff(store, name="李国平")
    clock.advance(days=-90)
    add_staff(store, name="王秀英")
    assert clock_notice(store, backups) is None, "the last entry is of this day"
    clock.advance(days=91)
    assert clock_notice(store, backups) is None, "late compares with every entry, not with the wrong ones"
    clock.advance(days=401)
    assert clock_notice(store, backups).key == "clock.late"


@pytest.fixture
def built(tmp_path, monkeypatch):
    """Make this an installed program, built on 5 March 2027."""
    (tmp_path / "build.json").write_text('{"built": "2027-03-05"}', encoding="utf-8")
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)


@pytest.mark.usefixtures("built")
def test_a_day_before_the_program_was_made_is_asked_about_also_when_every_entry_is_of_that_day(
    store, backups, clock
):
    clock.advance(days=-2200)
    add_staff(store, name="李国平")
    notice = clock_notice(store, backups)
    assert notice.key == "clock.before_program"
    assert f"现在是 {clock.now():%Y-%m-%d}" in notice.words
    assert "2027-03-05" in notice.words


@pytest.mark.usefixtures("built")
def test_a_first_start_has_only_the_day_the_program_was_built_to_go_by():
    assert "2027-03-05" in clock_before_program(FixedClock(datetime(2027, 3, 4, 23))).words
    assert clock_before_program(FixedClock(datetime(2027, 3, 5))) is None


def test_a_checkout_was_not_built_and_speaks_against_no_clock():
    assert clock_before_program(FixedClock(datetime(2008, 1, 1))) is None


def test_an_import_that_was_cut_off_is_told_once(store, backups):
    def told():
        return "import.cut_off" in keys(quiet(store, backups))

    with import_under_way(store):
        assert told(), "as after a power cut"
        assert not told()
    with import_under_way(store):
        add_staff(store, name="李国平")
        assert not told(), "what was written before the cut is there"
    with import_under_way(store):
        pass
    assert not told()
