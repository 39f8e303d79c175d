"""The schema: made by migrations only, the same for new and upgraded files, and what the classes say it is."""

from __future__ import annotations

import importlib
import pkgutil
import re
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest
from peewee import AutoField, BlobField, ForeignKeyField, IntegerField, Model, TextField
from sqlcipher3 import dbapi2

import app
from app.storage import upgrade as upgrade_module
from app.storage.base import Row
from app.storage.check import check
from app.storage.history import actions, recycle_bin, undo
from app.storage.migrations import m0001_ledger, m0007_forms_asked
from app.storage.migrations.history_triggers import create_history_triggers
from app.storage.migrations.runner import SCHEMA_VERSION, STEPS, run_steps, schema_dump
from app.storage.store import Store
from app.storage.upgrade import upgrade

ROOT = Path(__file__).parents[3]


def memory():
    return dbapi2.connect(":memory:", isolation_level=None)


# ------------------------------------------------------------------------------------------------- steps


def _add_nickname(cursor) -> None:
    cursor.execute("ALTER TABLE child ADD COLUMN nickname TEXT")
    create_history_triggers(cursor, "child")
    cursor.execute("UPDATE meta SET value = 2 WHERE key = 'min_reader_version'")


def _rebuild_staff(cursor) -> None:
    cursor.execute("ALTER TABLE staff RENAME TO staff_old")
    cursor.execute(
        f"CREATE TABLE staff ({m0001_ledger._HEAD},{m0001_ledger.TABLES['staff']}, grade TEXT) STRICT"
    )
    columns = ", ".join(row[1] for row in cursor.execute("PRAGMA table_info(staff_old)").fetchall())
    cursor.execute(f"INSERT INTO staff ({columns}) SELECT {columns} FROM staff_old")
    cursor.execute("DROP TABLE staff_old")
    create_history_triggers(cursor, "staff")


def _lose_a_child(cursor) -> None:
    for operation in ("insert", "update", "delete"):
        cursor.execute(f"DROP TRIGGER history_child_{operation}")
    cursor.execute("DELETE FROM child WHERE id = 3")
    create_history_triggers(cursor, "child")


def _break(cursor) -> None:
    cursor.execute("ALTER TABLE child ADD COLUMN half TEXT")
    cursor.execute("THIS IS NO SQL")


def _orphan(cursor) -> None:
    for operation in ("insert", "update", "delete"):
        cursor.execute(f"DROP TRIGGER history_kinship_{operation}")
    cursor.execute(
        "INSERT INTO kinship (uuid, entered_at, child_id, person_id, relation) VALUES ('u', 'now', 1, 99, 'mother')"
    )


def step(version: int, apply) -> SimpleNamespace:
    return SimpleNamespace(VERSION=version, apply=apply)


NEXT = SCHEMA_VERSION + 1
NEWER = (*STEPS, step(NEXT, _add_nickname), step(NEXT + 1, _rebuild_staff))


def test_the_steps_count_up_by_one():
    assert [one.VERSION for one in STEPS] == list(range(1, SCHEMA_VERSION + 1))
    names = sorted(path.stem for path in (ROOT / "app/storage/migrations").glob("m[0-9]*.py"))
    assert names == sorted(one.__name__.rpartition(".")[2] for one in STEPS)


def test_a_file_passes_each_version_once():
    connection = memory()
    assert run_steps(connection, NEWER) == list(range(1, NEXT + 2))
    assert run_steps(connection, NEWER) == []
    assert connection.execute("PRAGMA user_version").fetchone() == (NEXT + 1,)
    assert connection.execute("PRAGMA application_id").fetchone() == (0x53485747,)
    assert connection.execute("PRAGMA foreign_keys").fetchone() == (1,)


def test_step_by_step_and_at_once_give_the_same_schema():
    slowly, at_once = memory(), memory()
    for upto in range(1, len(NEWER) + 1):
        run_steps(slowly, NEWER[:upto])
    run_steps(at_once, NEWER)
    assert schema_dump(slowly) == schema_dump(at_once)


@pytest.mark.parametrize(("bad", "error"), [(_break, dbapi2.DatabaseError), (_orphan, ValueError)])
def test_a_step_that_fails_leaves_the_version_before(bad, error):
    connection, before = memory(), memory()
    run_steps(before, STEPS)
    run_steps(connection, STEPS)
    connection.execute("DROP TRIGGER history_child_insert")
    connection.execute("INSERT INTO child (uuid, entered_at, name) VALUES ('c', 'now', 'x')")
    create_history_triggers(connection.cursor(), "child")
    with pytest.raises(error):
        run_steps(connection, (*STEPS, step(NEXT, bad)))
    assert connection.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION,)
    assert schema_dump(connection) == schema_dump(before)
    assert connection.execute("SELECT count(*) FROM kinship").fetchone() == (0,)
    assert connection.execute("PRAGMA foreign_keys").fetchone() == (1,)


def test_steps_do_not_run_inside_a_transaction():
    connection = memory()
    connection.execute("PRAGMA foreign_keys = 1")
    connection.execute("BEGIN")
    with pytest.raises(RuntimeError):
        run_steps(connection)


def test_the_dump_sees_every_difference_that_counts():
    def dump(*statements: str) -> list:
        connection = memory()
        for statement in statements:
            connection.execute(statement)
        return schema_dump(connection)

    plain = dump("CREATE TABLE a (x TEXT NOT NULL, y INTEGER)")
    assert plain == dump("CREATE TABLE a (\n  x TEXT NOT NULL, -- a word\n  y INTEGER\n)")
    for other in (
        "CREATE TABLE a (x TEXT, y INTEGER)",
        "CREATE TABLE a (y INTEGER, x TEXT NOT NULL)",
        "CREATE TABLE a (x TEXT NOT NULL, y INTEGER CHECK (y > 0))",
        "CREATE TABLE a (x TEXT NOT NULL, y TEXT)",
    ):
        assert dump(other) != plain
    assert dump("CREATE TABLE a (x TEXT NOT NULL, y INTEGER)", "CREATE INDEX i ON a (x)") != dump(
        "CREATE TABLE a (x TEXT NOT NULL, y INTEGER)", "CREATE INDEX i ON a (x, y)"
    )


def test_the_rules_that_are_said_in_other_words_refuse_what_they_refused():
    before, today = memory(), memory()
    run_steps(before, STEPS[:6])
    run_steps(today)
    for table, columns in m0007_forms_asked.CODES.items():
        for column in columns:
            (was,) = before.execute("SELECT sql FROM sqlite_master WHERE name = ?", (table,)).fetchone()
            (now,) = today.execute("SELECT sql FROM sqlite_master WHERE name = ?", (table,)).fetchone()
            codes = re.findall(r"'(\w+)'", re.search(rf"\b{column} IN \(([^)]*)\)", was)[1])
            assert len(codes) > 2
            assert not re.search(rf"\b{column} IN ", now)
            for connection in (before, today):
                allowed = [
                    code for code in (*codes, "Father", "", " ") if _takes(connection, table, column, code)
                ]
                assert allowed == codes, (table, column)


def _takes(connection, table: str, column: str, code: str) -> bool:
    """Tell whether the rule of a column takes a code, whatever the rest of the row is refused for."""
    (sql,) = connection.execute("SELECT sql FROM sqlite_master WHERE name = ?", (table,)).fetchone()
    rule = next(
        one for one in re.findall(r"CHECK \(([^()]*(?:\([^()]*\)[^()]*)*)\)", sql) if f"{column} " in one
    )
    return bool(connection.execute(f"SELECT ({rule}) FROM (SELECT ? AS {column})", (code,)).fetchone()[0])


def test_rules_that_are_not_as_they_were_made_are_not_put_in_other_words():
    connection = memory()
    run_steps(connection, STEPS[:6])
    connection.execute("PRAGMA writable_schema = 1")
    connection.execute(
        "UPDATE sqlite_master SET sql = replace(sql, 'grade IN (', 'grade  IN (') WHERE name = 'care'"
    )
    connection.execute("PRAGMA writable_schema = RESET")
    with pytest.raises(ValueError, match=r"care\.grade"):
        run_steps(connection)
    assert connection.execute("PRAGMA user_version").fetchone() == (6,)
    with pytest.raises(dbapi2.DatabaseError, match="may not be modified"):
        connection.execute("UPDATE sqlite_master SET sql = '' WHERE name = 'care'")
    of_its_time = memory()
    run_steps(of_its_time, STEPS[:6])
    assert schema_dump(connection) == schema_dump(of_its_time)


@pytest.mark.parametrize("table", ["kinship", "reported_status", "care_record"])
def test_a_row_and_its_history_are_written_without_a_table_in_memory(table):
    """What SQLite builds for ``IN`` with more than two codes, for each row anew in a trigger."""
    connection = memory()
    run_steps(connection)
    done = connection.execute(f"EXPLAIN INSERT INTO {table} (id) VALUES (1)").fetchall()
    assert [row[1] for row in done if row[1].startswith(("OpenEphemeral", "OpenAutoindex"))] == []


# ------------------------------------------------------------------------------------------------- classes and tables


def models() -> list[type[Model]]:
    """Return every table class of the program: whatever a module called ``tables`` holds under its own name."""
    found = []
    for module in pkgutil.walk_packages(app.__path__, "app."):
        if module.name.rpartition(".")[2] == "tables":
            held = vars(importlib.import_module(module.name)).values()
            found += [
                one
                for one in held
                if isinstance(one, type) and issubclass(one, Model) and one.__module__ == module.name
            ]
    # A class that only others build on has no table of its own and says so.
    return [one for one in found if "no table of its own" not in (one.__doc__ or "")]


@pytest.fixture(scope="module")
def schema():
    connection = memory()
    run_steps(connection)
    yield connection
    connection.close()


_TYPES = {
    AutoField: "INTEGER",
    IntegerField: "INTEGER",
    ForeignKeyField: "INTEGER",
    TextField: "TEXT",
    BlobField: "BLOB",
}


@pytest.mark.parametrize("model", models(), ids=lambda model: model.__name__)
def test_a_class_says_of_its_table_what_the_migrations_made(schema, model):
    table = model._meta.table_name
    columns = {row[1]: row for row in schema.execute(f'PRAGMA table_info("{table}")').fetchall()}
    assert columns, f"there is no table {table}"
    fields = {field.column_name: field for field in model._meta.sorted_fields}
    assert set(fields) == set(columns)
    keys = {row[3]: row[2] for row in schema.execute(f'PRAGMA foreign_key_list("{table}")').fetchall()}
    unique = {
        schema.execute(f'PRAGMA index_info("{row[1]}")').fetchone()[2]
        for row in schema.execute(f'PRAGMA index_list("{table}")').fetchall()
        if row[2] and not row[4] and len(schema.execute(f'PRAGMA index_info("{row[1]}")').fetchall()) == 1
    }
    for name, field in fields.items():
        _, _, kind, not_null, default, primary = columns[name]
        if kind != "ANY":  # meta alone holds numbers and texts in one column
            assert kind == _TYPES[type(field)], name
        assert bool(primary) == field.primary_key, name
        if not primary:
            assert bool(not_null) == (not field.null), name
        if field.default is not None:
            assert default is not None, f"{name}: the table knows no default"
            assert str(field.default) == default.strip("'"), name
        if isinstance(field, ForeignKeyField):
            assert keys[name] == field.rel_model._meta.table_name, name
        if field.unique:
            assert name in unique, name


def test_every_table_has_a_class(schema):
    made = {
        row[0] for row in schema.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    }
    assert {model._meta.table_name for model in models()} == {
        name for name in made if not name.startswith("sqlite_")
    }


def test_rows_of_the_school_have_the_common_columns():
    for model in models():
        if not issubclass(model, Row):
            assert model.__module__ == "app.storage.tables"


# ------------------------------------------------------------------------------------------------- kept files

KEPT = ROOT / "tests" / "data" / "released"


@pytest.mark.parametrize("version", [one.VERSION for one in STEPS])
def test_the_kept_file_of_every_released_schema_comes_to_todays(version, tmp_path, clock):
    """Each was written once by its release, every table filled, and is never written again."""
    ledger = tmp_path / "守望.db"
    shutil.copy(KEPT / f"v{version}.db", ledger)
    of_its_time, today = memory(), memory()
    run_steps(of_its_time, STEPS[:version])
    run_steps(today)
    connection = dbapi2.connect(str(ledger), isolation_level=None)
    assert connection.execute("PRAGMA user_version").fetchone() == (version,)
    assert schema_dump(connection) == schema_dump(of_its_time), "a released step was changed"
    before = upgrade_module._uuids(connection)
    connection.close()
    assert [table for table, uuids in before.items() if not uuids] == []

    result = upgrade(ledger, backup_folder=tmp_path / "备份", clock=clock)
    assert (result is None) == (version == SCHEMA_VERSION)
    with Store.open(ledger, clock=clock) as store:
        assert schema_dump(store.db.driver) == schema_dump(today)
        after = upgrade_module._uuids(store.db.driver)
        assert set().union(*before.values()) <= set().union(*after.values())
        assert "𬭎" in store.one("SELECT note FROM child WHERE id = 1")[0]
        assert recycle_bin(store)
        done = actions(store)
        assert [line.kind for line in done[-3:]] == ["undo", "test", "test"]
        undo(store, done[-3].uuid, by=None)
        assert store.one("SELECT note FROM child WHERE id = 1") == (None,)
    assert check(ledger).state == "ok"
