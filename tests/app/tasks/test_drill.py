"""演习: a backup brought back for trial; what is wrong with it is found, nothing in use is touched, the paper says it."""

from __future__ import annotations

import subprocess

import pytest

from app.core.errors import Cancelled, UserError
from app.core.paths import private_folder
from app.dossier.service_bin import move_to_bin
from app.school.drills import drills, term_without_drill
from app.storage.backup_list import list_backups
from app.storage.backups import Reason, make_backup
from app.storage.data_place import backup_folder_for
from app.storage.history import actions, undo
from app.storage.manifest import manifest_path, parse_manifest
from app.storage.store import Store
from app.tasks.demo import make_demo
from app.tasks.drill import backup_at, hold_drill, lines_of, make_proof
from app.tasks.glance import DueKind, glance


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    from datetime import datetime

    from app.core.clock import FixedClock

    path = tmp_path_factory.mktemp("demo") / "守望.db"
    make_demo(path, clock=FixedClock(datetime(2026, 11, 21, 9)), children=20)
    return path.read_bytes()


@pytest.fixture
def store(demo, tmp_path, clock):
    path = tmp_path / "数据" / "守望.db"
    path.parent.mkdir()
    path.write_bytes(demo)
    clock.advance(hours=7)
    with Store.open(path, clock=clock) as opened:
        yield opened


@pytest.fixture
def backup(store, clock):
    made = make_backup(store, reason=Reason.CLOSE)
    clock.advance(hours=18)
    return made


def bin_one(store):
    (child,) = store.rows("SELECT uuid FROM child WHERE deleted_at IS NULL ORDER BY id LIMIT 1")
    move_to_bin(store, uuids=[child[0]], by="周老师")


def verdicts(found):
    return {line.what: line.ok for line in found.lines}


def test_a_good_backup_is_proved_line_by_line_and_written_down(store, backup):
    before = store.rows("SELECT * FROM child")
    held = hold_drill(store, by="陈素兰")
    assert held.entry.proved
    assert all(line.ok for line in held.lines)
    assert len(held.lines) == 7
    assert (held.entry.children, held.entry.commit_no) == (backup.children, backup.commit_no)
    assert held.entry.backup_made_at == "2026-11-21T16:00:00"
    assert held.words.startswith("2026-11-21 16:00 的备份能恢复，恢复后完好：20 名儿童、")
    assert "现在的数据没有动过" in held.words
    assert drills(store) == [held.entry]
    assert lines_of(held.entry) == held.lines
    assert store.rows("SELECT * FROM child") == before
    assert [path for path in private_folder().iterdir() if path.is_dir() and "work" in path.name] == []
    # It is a log: it cannot be taken back.
    with pytest.raises(UserError) as refused:
        undo(store, actions(store, limit=1)[0].uuid, by=None)
    assert refused.value.key == "undo.stays"


def test_what_was_saved_after_the_backup_comes_back_from_the_journal(store, backup):
    bin_one(store)
    bin_one(store)
    held = hold_drill(store)
    assert held.entry.proved
    assert held.entry.journal_commits == 2
    assert held.lines[-1].found == "2 次里补回 2 次，与现在一字不差"
    assert "再从日志补回 2 次保存，与现在一样" in held.words
    assert "改过的" in held.lines[-2].found
    # The journal in use goes on as if nothing had been restored.
    assert store.journal is not None
    assert store.journal_fault is None
    bin_one(store)
    path = store.path
    store.close()
    Store.open(path, clock=store.clock).close()


def test_an_older_backup_may_be_picked(store, backup, clock):
    bin_one(store)
    make_backup(store, reason=Reason.CLOSE)
    clock.advance(hours=1)
    held = hold_drill(store, backup=backup_at(backup.path))
    assert held.entry.proved
    assert held.entry.backup_made_at == "2026-11-21T16:00:00"
    assert held.lines[-1].found == "以后的 1 次保存在更新的备份里，不从这一份补"


def test_a_changed_byte_fails_the_drill_and_is_written_down(store, backup, clock):
    content = bytearray(backup.path.read_bytes())
    content[len(content) // 2] ^= 1
    backup.path.write_bytes(bytes(content))
    held = hold_drill(store, by="陈素兰")
    assert not held.entry.proved
    assert verdicts(held) == {"整份备份读出来，与校验单比": False}
    assert (held.entry.children, held.entry.records) == (None, None)
    assert "没有通过演习" in held.words
    assert drills(store)[0].proved is False
    assert term_without_drill(store) is not None, "a drill that failed is none"


def test_a_slip_that_says_something_else_fails_the_drill(store, backup):
    slip = manifest_path(backup.path)
    content = slip.read_text(encoding="utf-8")
    slip.write_text(content.replace('"children": 20', '"children": 21'), encoding="utf-8")
    assert parse_manifest(slip.read_bytes()).facts.children == 21
    assert not hold_drill(store).entry.proved


def test_a_backup_that_was_never_this_ledger_is_found_by_its_rows(store, backup):
    """A name changed behind the history's back in the ledger in use: the rows do not agree any more."""
    store.db.execute_sql("DROP TRIGGER history_child_update")
    store.db.execute_sql("UPDATE child SET name = '另一个' WHERE id = 1")
    held = hold_drill(store)
    assert not held.entry.proved
    assert verdicts(held)["与现在的数据一条一条对照"] is False
    assert "1 条不一样" in held.words


def test_without_a_backup_there_is_nothing_to_rehearse(store, tmp_path):
    with pytest.raises(UserError) as refused:
        hold_drill(store, folder=tmp_path / "没有")
    assert refused.value.key == "drill.no_backup"
    with pytest.raises(UserError):
        backup_at(tmp_path / "没有.db")
    assert drills(store) == []


@pytest.mark.parametrize("at", [0, 1, 2, 3, 4])
def test_stopped_anywhere_no_drill_was_held(store, backup, at):
    bin_one(store)

    def stop(done, total, words=""):
        if done == at:
            raise Cancelled

    before = store.commit_no
    with pytest.raises(Cancelled):
        hold_drill(store, progress=stop)
    assert drills(store) == []
    assert store.commit_no == before
    assert len(list_backups(backup_folder_for(store.path))) == 1


def test_it_is_due_once_a_term(store, backup, clock, monkeypatch):
    monkeypatch.setattr("app.tasks.glance.is_demo", lambda _store: False)
    folder = backup_folder_for(store.path)

    def due():
        return [item for item in glance(store, folder).items if item.kind is DueKind.DRILL]

    assert due()[0].head == "2026学年第一学期还没有做过恢复演习"
    hold_drill(store)
    assert due() == []
    clock.advance(days=120)
    assert due()[0].head == "2026学年第二学期还没有做过恢复演习"


def test_the_proof_is_one_page_with_numbers_and_without_any_child(store, backup, tmp_path, reader):
    held = hold_drill(store, by="陈素兰")
    made = make_proof(store, held.entry, tmp_path / "证明.pdf")
    assert (made.pages, made.missing_characters) == (1, ())
    text = subprocess.run(
        [reader("pdftotext"), "-layout", tmp_path / "证明.pdf", "-"], capture_output=True, check=True
    ).stdout.decode()
    for words in (
        "数据恢复演习记录",
        "2026—2027学年第一学期",
        "20 名在册儿童",
        "陈素兰",
        "学校负责人",
        "相符",
    ):
        assert words in text
    assert "不符" not in text
    for (name,) in store.rows("SELECT name FROM child"):
        assert name not in text
    # The same page can be printed again later, also of a drill that failed.
    again = make_proof(store, drills(store)[0], tmp_path / "再印.pdf")
    assert again.pages == 1
