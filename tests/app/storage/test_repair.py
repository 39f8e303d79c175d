"""用修好的: the mended copy takes the ledger's place by the crash-safe swap, or nothing changes at all."""

from __future__ import annotations

import shutil
from datetime import datetime

import pytest

from app.core.clock import FixedClock
from app.core.errors import EnvironmentFault, UserError
from app.core.paths import private_folder
from app.storage.backups import list_backups
from app.storage.beside import marker_of
from app.storage.check import check
from app.storage.checkup import examine
from app.storage.history import actions, undo
from app.storage.repair import use_repaired
from app.storage.restore import resume
from app.storage.store import Store
from app.tasks.demo import make_demo
from tests.app.storage import damage
from tests.sampling import sampled

NOW = datetime(2026, 11, 21, 9, 0)


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    path = tmp_path_factory.mktemp("demo") / "demo.db"
    make_demo(path, clock=FixedClock(NOW), children=14)
    return path


@pytest.fixture
def ledger(demo, tmp_path):
    return shutil.copyfile(demo, tmp_path / "守望.db")


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "备份"


def left_behind(ledger):
    """Return the names of what a repair must not leave beside the ledger or in the private folder."""
    marks = (".repaired", ".before-restore", ".part")
    names = [path.name for path in ledger.parent.iterdir() if any(mark in path.name for mark in marks)]
    return names + [path.name for path in private_folder().glob("work_*")]


def test_a_damaged_index_is_mended_and_the_damaged_file_stays(ledger, folder, clock):
    damage.damage_an_index(ledger)
    damaged = ledger.read_bytes()
    before = damage.rows(ledger, "child")
    done = use_repaired(ledger, examine(ledger, clock=clock), clock=clock, backup_folder=folder)
    assert check(ledger).state == "ok"
    assert damage.rows(ledger, "child") == before
    assert done.kept.read_bytes() == damaged
    assert ".damaged-" in done.kept.name
    assert done.words[0].startswith("已换上修好的：14 名儿童")
    assert done.kept.name in done.words[-1]
    assert left_behind(ledger) == []
    assert examine(ledger, clock=clock).findings == ()


def test_a_mended_row_is_in_the_history_and_can_be_taken_back(ledger, folder, clock):
    name = damage.value(ledger, "SELECT name FROM child WHERE id = 3").decode()
    damage.put_bad_bytes(ledger, "child", "name", 3)
    done = use_repaired(ledger, examine(ledger, clock=clock), clock=clock, backup_folder=folder, by="周老师")
    assert done.before_copy in list_backups(folder)
    assert "换回来" in done.words[1]
    with Store.open(ledger, clock=clock) as store:
        assert store.one("SELECT name FROM child WHERE id = 3") == (name,)
        repair = actions(store, limit=1)[0]
        assert (repair.kind, repair.who, repair.commit_no) == ("repair", "周老师", store.commit_no)
        undo(store, repair.uuid, by="周老师")
        assert store.one("SELECT name FROM child WHERE id = 3") == (f"{name}\ufffd\ufffd",)


def test_what_was_saved_after_the_checkup_is_in_the_mended_one_too(ledger, folder, clock):
    damage.damage_an_index(ledger)
    found = examine(ledger, clock=clock)
    with Store.open(ledger, clock=clock, verify=False) as store, store.action("改", kind="x"):
        store.db.execute_sql("UPDATE school SET phone = '0716-8212345'")
    use_repaired(ledger, found, clock=clock, backup_folder=folder)
    assert damage.value(ledger, "SELECT phone FROM school") == b"0716-8212345"
    assert check(ledger).state == "ok"


def test_when_something_else_is_found_than_was_shown_nothing_is_swapped(ledger, folder, clock):
    damage.damage_an_index(ledger)
    found = examine(ledger, clock=clock)
    damage.silently(ledger, "UPDATE staff SET note = 'x' WHERE id = 1")
    before = ledger.read_bytes()
    with pytest.raises(UserError) as refused:
        use_repaired(ledger, found, clock=clock, backup_folder=folder)
    assert refused.value.key == "checkup.changed"
    assert ledger.read_bytes() == before
    assert left_behind(ledger) == []


def test_what_is_saved_while_the_copy_is_mended_is_not_lost(ledger, folder, clock):
    """Another program writes after the second look and before the lock: seen under the lock, nothing is swapped."""
    damage.damage_an_index(ledger)
    found = examine(ledger, clock=clock)
    written = []

    def step(done, total, words=""):
        if words == "正在核对副本" and not written:
            written.append(True)
            connection = damage.raw(ledger)
            connection.execute("UPDATE meta SET value = 0 WHERE key = 'clean_exit'")
            connection.close()

    with pytest.raises(UserError) as refused:
        use_repaired(ledger, found, clock=clock, backup_folder=folder, progress=step)
    assert refused.value.key == "checkup.changed"
    assert written
    assert check(ledger).state == "index-damaged"
    assert not marker_of(ledger).exists()
    assert left_behind(ledger) == []


def test_without_a_mended_copy_nothing_is_swapped(ledger, folder, clock):
    damage.silently(ledger, "UPDATE meta SET value = value + 5 WHERE key = 'commit_no'")
    before = ledger.read_bytes()
    with pytest.raises(UserError) as refused:
        use_repaired(ledger, examine(ledger, clock=clock), clock=clock, backup_folder=folder)
    assert refused.value.key == "checkup.nothing_mended"
    assert ledger.read_bytes() == before


def test_an_offer_is_taken_up_only_when_accepted(ledger, folder, clock):
    damage.silently(ledger, "DELETE FROM boarding WHERE id = 2")
    found = examine(ledger, clock=clock)
    with pytest.raises(UserError):
        use_repaired(ledger, found, clock=clock, backup_folder=folder)
    accept = {finding.key for finding in found.findings}
    use_repaired(ledger, found, clock=clock, backup_folder=folder, accept=accept)
    assert damage.value(ledger, "SELECT count(*) FROM boarding WHERE id = 2") == 1


def test_an_open_ledger_is_not_swapped(ledger, folder, clock):
    damage.damage_an_index(ledger)
    found = examine(ledger, clock=clock)
    with Store.open(ledger, clock=clock, verify=False), pytest.raises(EnvironmentFault) as refused:
        use_repaired(ledger, found, clock=clock, backup_folder=folder)
    assert refused.value.key == "storage.in_use"


class PowerCut(BaseException):
    """Stands for the end of the process: nothing of ours runs after it."""


EVERY_CUT = [(step, forward) for step in range(1, 9) for forward in (True, False)]


@pytest.mark.parametrize(
    ("step", "forward"), sampled([cut for cut in EVERY_CUT if cut[1] is bool(cut[0] % 2)], EVERY_CUT)
)
def test_cut_off_at_any_step_it_is_the_old_or_the_mended_one(
    ledger, folder, clock, monkeypatch, step, forward
):
    from app.storage import repair, restore

    damage.damage_an_index(ledger)
    found = examine(ledger, clock=clock)
    steps = []

    def cut(done, total, words=""):
        if words.startswith("正在恢复"):
            steps.append(words)
            if len(steps) == step:
                raise PowerCut

    monkeypatch.setattr(restore._Job, "go_back", lambda job: (_ for _ in ()).throw(OSError("no power")))
    monkeypatch.setattr(repair, "_remove", lambda source: None)
    try:
        use_repaired(ledger, found, clock=clock, backup_folder=folder, progress=cut)
    except PowerCut:
        pass
    else:
        assert len(steps) < step, "the swap was cut off at every step it has"
    monkeypatch.undo()
    if marker_of(ledger).exists():
        assert check(ledger).state == "resume"
        resume(ledger, forward=forward, clock=clock, backup_folder=folder)
    state = check(ledger).state
    assert state in {"ok", "index-damaged"}
    assert damage.value(ledger, "SELECT count(*) FROM child") == len(damage.rows(ledger, "child")) > 14
    if state == "index-damaged":
        use_repaired(ledger, examine(ledger, clock=clock), clock=clock, backup_folder=folder)
    with Store.open(ledger, clock=clock, backup_folder=folder):
        assert left_behind(ledger) == [], "a whole copy of the register stays beside after the next start"
    assert check(ledger).state == "ok"
