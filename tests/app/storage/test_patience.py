"""Another program holds the file: how long a statement waits for it, and who decides."""

from __future__ import annotations

from threading import Timer

import pytest
from sqlcipher3 import dbapi2

from app.core.errors import EnvironmentFault
from app.storage import opening
from app.storage.connection import LedgerDatabase, be_patient
from app.storage.store import Store
from tests.app.storage.conftest import Staff


@pytest.fixture
def holder(store):
    """Somebody else with the whole file in hand."""
    other = dbapi2.connect(str(store.path), isolation_level=None, check_same_thread=False)
    other.execute("BEGIN EXCLUSIVE")
    yield other
    if other.in_transaction:
        other.execute("ROLLBACK")
    other.close()


@pytest.fixture
def patience():
    """Let a function decide for the time of a test."""
    yield be_patient
    be_patient(None)


def add(store):
    with store.action("添加", kind="x") as action:
        action.insert(Staff, name="甲")


def test_a_save_that_is_waited_for_is_saved_once(store, holder, patience):
    asked = []

    def goes_on(waited):
        asked.append(waited)
        if len(asked) == 3:
            holder.execute("ROLLBACK")
        return True

    patience(goes_on)
    add(store)
    assert len(asked) == 3
    assert asked == sorted(asked)
    assert store.rows("SELECT name FROM staff") == [("甲",)]
    assert store.commit_no == 1


def test_a_read_waits_too(store, holder, patience):
    patience(lambda _waited: holder.execute("ROLLBACK") is not None)
    assert store.commit_no == 0


def test_who_gives_up_has_saved_nothing_and_can_try_again(store, holder, patience):
    patience(lambda _waited: False)
    with pytest.raises(EnvironmentFault) as refused:
        add(store)
    assert refused.value.key == "storage.locked"
    holder.execute("ROLLBACK")
    assert store.rows("SELECT name FROM staff") == []
    add(store)
    assert store.commit_no == 1


def test_opening_waits_too(ledger_path, clock, patience):
    Store.create(ledger_path, clock=clock).close()
    other = dbapi2.connect(str(ledger_path), isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    patience(lambda _waited: other.execute("ROLLBACK") is not None)
    Store.open(ledger_path, clock=clock).close()
    other.close()


def test_without_anybody_to_ask_it_waits_its_own_time(store):
    other = dbapi2.connect(str(store.path), isolation_level=None, check_same_thread=False)
    db = LedgerDatabase(store.path, busy_seconds=30.0)
    db.connect()
    other.execute("BEGIN EXCLUSIVE")
    freed = Timer(0.6, other.execute, ("ROLLBACK",))
    freed.start()
    assert db.execute_sql("SELECT count(*) FROM staff").fetchone() == (0,)
    freed.join()
    db.close()
    other.close()


def test_two_that_block_each_other_do_not_wait(store, patience):
    """SQLite sees that waiting cannot help: the reader that wants to write gives way at once."""
    other = dbapi2.connect(str(store.path), isolation_level=None)
    store.db.execute_sql("BEGIN")
    store.db.execute_sql("SELECT count(*) FROM staff")
    other.execute("BEGIN IMMEDIATE")
    other.execute("UPDATE meta SET value = 0 WHERE key = 'clean_exit'")
    with pytest.raises(dbapi2.OperationalError):
        other.execute("PRAGMA busy_timeout = 0").fetchall()
        other.execute("COMMIT")
    patience(lambda _waited: pytest.fail("nobody is asked"))
    with pytest.raises(EnvironmentFault) as refused:
        store.db.execute_sql("UPDATE meta SET value = 1 WHERE key = 'clean_exit'")
    assert refused.value.key == "storage.locked"
    store.db.execute_sql("ROLLBACK")
    other.execute("ROLLBACK")
    other.close()


@pytest.mark.parametrize(("held", "told"), [(True, "locked"), (False, "read-only")])
def test_a_file_that_another_program_lets_nobody_write_is_held_not_write_protected(
    store, clock, monkeypatch, held, told
):
    """Windows gives SQLite such a file for reading, and says so only when something is written."""
    path = store.path
    store.close()
    monkeypatch.setattr(opening, "LedgerDatabase", lambda path, _mode: LedgerDatabase(path, "ro"))
    monkeypatch.setattr(opening, "is_held_by_another", lambda _path: held)
    with pytest.raises(EnvironmentFault) as refused:
        Store.open(path, clock=clock)
    assert refused.value.key == told
