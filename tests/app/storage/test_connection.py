"""The connection: pragmas, reads fetched whole, errors in words."""

from __future__ import annotations

import subprocess
import sys
import threading

import peewee
import pytest
from sqlcipher3 import dbapi2

from app.core.clock import SystemClock
from app.core.errors import EnvironmentFault, UserError
from app.storage import connection
from app.storage.connection import PRAGMAS, LedgerDatabase, is_open_here, primary_code, translate, uri_of
from app.storage.migrations.runner import SCHEMA_VERSION
from app.storage.store import Store

from .conftest import Away, Child, Person, Staff


def read_back(db: LedgerDatabase) -> dict[str, object]:
    return {name: db.execute_sql(f"PRAGMA {name}").fetchone()[0] for name, _, _ in PRAGMAS}


def test_the_pragmas_are_those_that_were_decided():
    assert {name: expected for name, _, expected in PRAGMAS} == {
        "journal_mode": "delete",
        "synchronous": 3,
        "foreign_keys": 1,
        "secure_delete": 1,
        "temp_store": 2,
        "trusted_schema": 0,
        "cell_size_check": 1,
        "cache_size": -8192,
        "cache_spill": 0,
    }


def test_every_connection_reads_its_pragmas_back(store, clock):
    expected = {name: value for name, _, value in PRAGMAS}
    assert read_back(store.db) == expected
    store.db.reconnect()
    assert read_back(store.db) == expected
    with Store.open(store.path, clock=clock, read_only=True) as reader:
        assert read_back(reader.db) == expected
        assert reader.one("PRAGMA query_only") == (1,)


def test_the_file_says_whose_it_is(store):
    assert store.one("PRAGMA application_id") == (0x53485747,)
    assert store.one("PRAGMA user_version") == (SCHEMA_VERSION,)
    assert store.one("PRAGMA page_size") == (4096,)
    assert store.one("PRAGMA auto_vacuum") == (0,)


def test_a_pragma_that_does_not_take_is_refused(ledger_path, clock, monkeypatch):
    Store.create(ledger_path, clock=clock).close()
    monkeypatch.setattr(connection, "PRAGMAS", (("synchronous", "off", 3),))
    with pytest.raises(EnvironmentFault) as refused:
        Store.open(ledger_path, clock=clock)
    assert refused.value.key == "storage.pragma"
    assert not is_open_here(ledger_path)


def test_a_mistyped_path_creates_nothing(tmp_path):
    for mode in ("rw", "ro"):
        with pytest.raises(EnvironmentFault) as refused:
            LedgerDatabase(tmp_path / "nobody.db", mode).connect()
        assert refused.value.key == "storage.cannot_open"
    assert list(tmp_path.iterdir()) == []


def test_a_uri_escapes_what_a_path_may_hold(tmp_path):
    path = tmp_path / "数据 #1 100%?.db"
    assert uri_of(path, "ro").endswith("%E6%95%B0%E6%8D%AE%20%231%20100%25%3F.db?mode=ro")
    assert uri_of(path, "ro", immutable=True).endswith("?mode=ro&immutable=1")


def test_an_empty_value_is_bound_as_it_is_and_not_asked_whether_it_adapts(store):
    assert store.one("SELECT typeof(?), ?", (None, None)) == ("null", None)
    assert (type(None), dbapi2.PrepareProtocol) in dbapi2.adapters


def test_a_closed_store_does_not_open_again_by_itself(store):
    store.close()
    with pytest.raises(peewee.InterfaceError):
        store.rows("SELECT 1")
    store.close()


def test_another_thread_is_refused(store):
    seen = []

    def read() -> None:
        try:
            store.rows("SELECT 1")
        except peewee.ProgrammingError as error:
            seen.append(str(error))

    thread = threading.Thread(target=read)
    thread.start()
    thread.join()
    assert len(seen) == 1
    assert "thread" in seen[0]


def test_a_read_that_was_not_read_to_its_end_keeps_nobody_waiting(store, clock):
    with store.action("添加", kind="x") as action:
        action.insert_many(Staff, [{"name": str(n)} for n in range(2000)])
    with Store.open(store.path, clock=clock, read_only=True) as reader:
        rows = iter(Staff.select(Staff.id).order_by(Staff.id).tuples().execute(reader.db))
        assert next(rows) == (1,)
        store.db.execute_sql("PRAGMA busy_timeout = 50")
        with store.action("改", kind="x") as action:
            action.update(Staff, 1, name="新")
        assert len(list(rows)) == 1999


def test_peewee_reads_through_it(store):
    with store.action("添加", kind="x") as action:
        action.insert_many(Child, [{"name": "甲"}, {"name": "乙%_"}])
    assert [child.name for child in Child.select().order_by(Child.id).execute(store.db)] == ["甲", "乙%_"]
    assert Child.select().where(Child.name.contains("%")).count(store.db) == 1
    assert Child.select(Child.name).where(Child.id == 2).dicts().execute(store.db)[0] == {"name": "乙%_"}
    assert list(Child.select().where(Child.id == 9).tuples().execute(store.db)) == []


# ------------------------------------------------------------------------------------------------- errors


class _Driver(Exception):
    def __init__(self, name: str, text: str = "") -> None:
        super().__init__(text or name)
        self.sqlite_errorname = name


@pytest.mark.parametrize(
    ("name", "writing", "key"),
    [
        ("SQLITE_FULL", True, "storage.full"),
        ("SQLITE_BUSY", True, "storage.locked"),
        ("SQLITE_BUSY_SNAPSHOT", True, "storage.locked"),
        ("SQLITE_LOCKED", False, "storage.locked"),
        ("SQLITE_READONLY", True, "storage.read_only"),
        ("SQLITE_CORRUPT", False, "storage.corrupt"),
        ("SQLITE_NOTADB", False, "storage.corrupt"),
        ("SQLITE_IOERR", True, "storage.io_write"),
        ("SQLITE_IOERR_FSYNC", True, "storage.io_write"),
        ("SQLITE_IOERR", False, "storage.io_read"),
        ("SQLITE_CANTOPEN", False, "storage.cannot_open"),
        ("SQLITE_CANTOPEN", True, "storage.io_write"),
    ],
)
def test_faults_of_the_machine_have_words(name, writing, key):
    wrapped = peewee.OperationalError(_Driver(name), name)
    for error in (_Driver(name), wrapped):
        fault = translate(error, writing=writing)
        assert isinstance(fault, EnvironmentFault)
        assert fault.key == key
        assert fault.code
        assert "SQLITE" not in str(fault)


def test_rules_and_bugs_are_no_faults():
    broken_rule = peewee.IntegrityError(
        _Driver("SQLITE_CONSTRAINT", "UNIQUE constraint failed: child.id_number")
    )
    assert translate(broken_rule, writing=True) is broken_rule
    bug = ValueError("x")
    assert translate(bug, writing=True) is bug
    assert primary_code(bug) is None
    overlap = translate(peewee.IntegrityError(_Driver("SQLITE_CONSTRAINT", "overlap:away")), writing=True)
    assert isinstance(overlap, UserError)
    assert overlap.key == "storage.overlap"


def test_broken_rules_come_out_as_peewee_knows_them(store):
    with pytest.raises(peewee.IntegrityError), store.action("x", kind="x") as action:
        action.insert(Child, name="甲", id_number="1")
        action.insert(Child, name="乙", id_number="1")
    with pytest.raises(peewee.IntegrityError), store.action("x", kind="x") as action:
        action.insert_many(Child, [{"name": "甲", "id_number": "1"}, {"name": "乙", "id_number": "1"}])
    with pytest.raises(peewee.IntegrityError), store.action("x", kind="x") as action:
        action.insert(Away, person_id=99, state="out")
    for many in (False, True):
        rows = [{"person_id": 1, "state": "out", "valid_from": year} for year in ("2024", "2025")]
        with pytest.raises(UserError) as refused, store.action("x", kind="x") as action:
            action.insert(Person, name="甲")
            if many:
                action.insert_many(Away, rows)
            else:
                for row in rows:
                    action.insert(Away, **row)
        assert refused.value.key == "storage.overlap"
    assert store.commit_no == 0
    assert (
        store.rows("SELECT 1 FROM child UNION SELECT 1 FROM person UNION SELECT 1 FROM current_action") == []
    )


def test_one_row_that_is_no_text_does_not_hide_the_others(store):
    with store.action("添加", kind="x") as action:
        action.insert_many(Staff, [{"name": "甲"}, {"name": "乙"}])
        store.db.execute_sql("UPDATE staff SET name = CAST(x'e794b2ff' AS TEXT) WHERE id = 2")
    assert not store.db.has_bad_text
    assert store.rows("SELECT name FROM staff ORDER BY id") == [("甲",), ("甲\ufffd",)]
    assert store.db.has_bad_text
    assert [row[0] for row in Staff.select(Staff.name).tuples().execute(store.db)] == ["甲", "甲\ufffd"]


# ------------------------------------------------------------------------------------------------- the file itself


def test_this_process_knows_what_it_has_open(ledger_path, clock, tmp_path):
    with Store.create(ledger_path, clock=clock):
        assert is_open_here(ledger_path)
        link = tmp_path / "link.db"
        link.symlink_to(ledger_path)
        assert is_open_here(link)
        with Store.open(ledger_path, clock=clock, read_only=True):
            assert is_open_here(ledger_path)
        assert is_open_here(ledger_path)
    assert not is_open_here(ledger_path)
    assert not is_open_here(ledger_path.with_name("other.db"))


def test_a_file_swapped_while_it_is_open_is_noticed(store, tmp_path):
    with store.action("添加", kind="x") as action:
        action.insert(Staff, name="甲")
    store.path.rename(tmp_path / "aside.db")
    (tmp_path / "other.db").write_bytes(b"")
    (tmp_path / "other.db").rename(store.path)
    with pytest.raises(EnvironmentFault) as refused, store.action("添加", kind="x") as action:
        action.insert(Staff, name="乙")
    assert refused.value.key == "storage.changed_elsewhere"
    with pytest.raises(EnvironmentFault) as again, store.action("添加", kind="x") as action:
        action.insert(Staff, name="丙")
    assert again.value.key == "storage.changed_elsewhere"
    assert store.path.stat().st_size == 0
    (tmp_path / "aside.db").rename(store.path)
    assert store.rows("SELECT name FROM staff") == [("甲",)]


def test_the_locks_hold_against_another_process(store):
    """Another process is kept from writing while an action is open here (POSIX locks can be lost by a plain open)."""
    code = (
        "import sys; from sqlcipher3 import dbapi2\n"
        "c = dbapi2.connect(sys.argv[1], timeout=0.1)\n"
        "try: c.execute('BEGIN IMMEDIATE')\n"
        "except dbapi2.OperationalError as e: print(e.sqlite_errorname)\n"
        "else: print('got in')\n"
    )
    run = [sys.executable, "-c", code, str(store.path)]
    with store.action("添加", kind="x") as action:
        action.insert(Staff, name="甲")
        assert subprocess.run(run, capture_output=True, text=True, check=True).stdout.strip() == "SQLITE_BUSY"
    assert subprocess.run(run, capture_output=True, text=True, check=True).stdout.strip() == "got in"


def test_a_writer_outside_makes_an_action_wait_and_then_say_so(store):
    other = dbapi2.connect(str(store.path), isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    store.db.execute_sql("PRAGMA busy_timeout = 50")
    with pytest.raises(EnvironmentFault) as refused, store.action("添加", kind="x") as action:
        action.insert(Staff, name="甲")
    assert refused.value.key == "storage.locked"
    other.execute("ROLLBACK")
    other.close()
    with store.action("添加", kind="x") as action:
        action.insert(Staff, name="甲")
    assert store.commit_no == 1


def test_only_this_user_reads_the_file(ledger_path):
    Store.create(ledger_path, clock=SystemClock()).close()
    if sys.platform != "win32":
        assert ledger_path.stat().st_mode & 0o077 == 0
