"""A backup that is gone at the next start is missed, from what lies beside the ledger: the disk it was on tells nothing."""

from __future__ import annotations

import shutil

import pytest

from app.core.messages import FAULTS
from app.school.service import add_staff, init_school
from app.storage import data_place
from app.storage.backup_trace import is_doubted, note_missed, read_trace
from app.storage.backups import Reason, make_backup
from app.storage.beside import trace_of
from app.storage.store import Store
from app.tasks.safety import move_backups, safety
from app.tasks.starting import start_notices
from tests.ui.pages.safety.sticks import FakeProbe


@pytest.fixture
def backups(tmp_path):
    return tmp_path / "C" / "Documents" / "守望备份"


@pytest.fixture
def store(tmp_path, clock, backups, monkeypatch):
    """The usual ledger of a computer with its data on one disk and its backups on another."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    path = tmp_path / "D" / "守望数据" / "守望.db"
    path.parent.mkdir(parents=True)
    backups.mkdir(parents=True)
    data_place.choose(path.parent, backups, probe=FakeProbe())
    with Store.create(path, clock=clock) as opened:
        init_school(opened, name="青石坪镇中心小学")
        yield opened


def said(store, backups):
    return [one for one in start_notices(store, backups, probe=FakeProbe()) if one.key == "backup.missed"]


def test_a_backup_that_is_there_is_not_missed(store, backups):
    assert said(store, backups) == [], "none was made yet"
    make_backup(store, reason=Reason.CLOSE)
    assert read_trace(store.path).folder == str(backups)
    assert said(store, backups) == []
    assert not safety(store, backups).needs_place


@pytest.mark.parametrize("gone", ["the folder", "what is in it"])
def test_a_backup_that_was_wiped_is_missed_and_another_place_is_offered(store, backups, gone):
    made = make_backup(store, reason=Reason.CLOSE)
    shutil.rmtree(backups)
    if gone == "what is in it":
        backups.mkdir()
    (notice,) = said(store, backups)
    assert f"{made.made_at:%Y-%m-%d %H:%M} 的备份不在 {backups} 里了" in notice.words
    assert notice.words.endswith(FAULTS["backup.missed"].todo)
    assert safety(store, backups).needs_place


def test_the_backup_of_today_does_not_end_the_doubt_of_its_folder(store, backups, clock):
    make_backup(store, reason=Reason.CLOSE)
    shutil.rmtree(backups)
    assert said(store, backups)
    make_backup(store, reason=Reason.BY_HAND)
    assert said(store, backups) == [], "it is there now"
    assert safety(store, backups).needs_place, "and will be gone tomorrow"
    clock.advance(days=31)
    assert not is_doubted(store.path, backups, today=clock.today())


def test_another_folder_ends_it(store, backups, tmp_path):
    make_backup(store, reason=Reason.CLOSE)
    shutil.rmtree(backups)
    assert said(store, backups)
    (tmp_path / "E").mkdir()
    new = move_backups(store.path, tmp_path / "E", probe=FakeProbe()).backup_folder
    assert said(store, new) == []
    make_backup(store, reason=Reason.BY_HAND)
    assert read_trace(store.path).missed == ()
    assert said(store, new) == []
    assert not safety(store, new).needs_place


def test_a_disk_that_is_away_is_not_said_to_have_lost_anything(store, backups):
    make_backup(store, reason=Reason.CLOSE)
    shutil.rmtree(backups.parent)
    assert note_missed(store, backups) is None
    assert read_trace(store.path).missed == ()


def test_older_backups_that_went_are_not_missed(store, backups, clock):
    first = make_backup(store, reason=Reason.CLOSE)
    clock.advance(hours=1)
    add_staff(store, name="周晓燕")
    make_backup(store, reason=Reason.CLOSE)
    first.path.unlink()
    assert note_missed(store, backups) is None


@pytest.mark.parametrize("content", ["", "{", "[]", '{"db_uuid": 1}', '{"missed": 5}', '{"missed": ["nie"]}'])
def test_a_trace_that_cannot_be_read_says_nothing(store, backups, content):
    make_backup(store, reason=Reason.CLOSE)
    shutil.rmtree(backups)
    trace_of(store.path).write_text(content, encoding="utf-8")
    assert note_missed(store, backups) is None
    make_backup(store, reason=Reason.CLOSE)
    assert read_trace(store.path).missed == ()


def test_another_ledger_put_in_its_place_misses_nothing(store, backups):
    make_backup(store, reason=Reason.CLOSE)
    text = trace_of(store.path).read_text(encoding="utf-8")
    trace_of(store.path).write_text(text.replace(store.db_uuid, "0" * 32), encoding="utf-8")
    shutil.rmtree(backups)
    assert note_missed(store, backups) is None


def test_a_ledger_that_is_not_the_usual_one_leaves_no_trace(tmp_path, clock, store):
    with Store.create(tmp_path / "演示.db", clock=clock) as other:
        init_school(other, name="青石坪镇中心小学")
        make_backup(other, reason=Reason.BY_HAND, folder=tmp_path / "b")
        assert not trace_of(other.path).exists()
