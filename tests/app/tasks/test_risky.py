"""Before what changes much at once stands a verified backup, or her own word that it may go without."""

from __future__ import annotations

import pytest

from app.core.errors import EnvironmentFault
from app.dossier.service_bin import move_to_bin
from app.storage.backups import Reason, list_backups, make_backup
from app.storage.copy import verify_file
from app.storage.store import Store
from app.tasks.demo import make_demo
from app.tasks.risky import after_backup, backup_before


@pytest.fixture
def store(tmp_path, clock):
    make_demo(tmp_path / "守望.db", clock=clock, children=20)
    with Store.open(tmp_path / "守望.db", clock=clock) as opened:
        yield opened


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "别处"


def move_away(store, **more):
    (child,) = store.rows("SELECT uuid FROM child WHERE deleted_at IS NULL ORDER BY id LIMIT 1")
    return after_backup(store, move_to_bin, doing="移走一批", uuids=[child[0]], by="陈校长", **more)


def test_the_backup_holds_what_was_there_before(store, folder):
    before = store.commit_no
    said = []
    done = move_away(store, folder=folder, progress=lambda *step: said.append(step[-1]))
    assert done.words.startswith("移到回收站")
    (made,) = list_backups(folder)
    assert (made.verified, made.commit_no, made.reason) == (True, before, Reason.BEFORE_BULK)
    assert verify_file(made.path).ok
    assert said[0] == "正在备份"
    assert store.commit_no == before + 1


def test_a_backup_of_this_very_state_is_not_made_twice(store, folder, clock):
    made = make_backup(store, reason=Reason.BY_HAND, folder=folder)
    clock.advance(hours=1)
    assert backup_before(store, "并班", folder=folder) == made
    move_away(store, folder=folder)
    clock.advance(hours=1)
    assert backup_before(store, "并班", folder=folder) != made
    assert len(list_backups(folder)) == 2


def test_without_a_backup_nothing_is_done_until_she_says_so(store, folder):
    folder.write_text("a file where the folder should be", encoding="utf-8")
    before = store.commit_no
    with pytest.raises(EnvironmentFault) as refused:
        move_away(store, folder=folder)
    assert refused.value.key == "backup.not_made_before"
    assert "移走一批" in refused.value.what
    assert refused.value.buttons == ("再备份一次", "不备份，照做")
    assert store.commit_no == before
    assert move_away(store, folder=folder, anyway=True)
    assert store.commit_no == before + 1


def test_a_broken_ledger_is_neither_backed_up_nor_changed(store, folder):
    good = make_backup(store, reason=Reason.BY_HAND, folder=folder)
    with store.action("改", kind="x"):
        store.db.execute_sql("UPDATE child SET note = '改' WHERE id = 1")
    store.db.execute_sql("PRAGMA writable_schema = 1")
    store.db.execute_sql("UPDATE sqlite_master SET rootpage = 2 WHERE name = 'phone'")
    store.db.execute_sql("PRAGMA writable_schema = RESET")
    with pytest.raises(EnvironmentFault) as refused:
        move_away(store, folder=folder)
    assert refused.value.key == "copy.source_corrupt"
    assert [backup.path for backup in list_backups(folder)] == [good.path]
