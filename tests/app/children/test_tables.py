"""The classes in the program and the tables in the file are the same."""

import sqlite3

import pytest
from peewee import AutoField, BlobField, ForeignKeyField, IntegerField

from app.children import tables
from app.storage.base import Row
from app.storage.migrations import m0001_ledger, m0004_calls
from app.storage.migrations.runner import run_steps

MODELS = [
    model
    for model in vars(tables).values()
    if isinstance(model, type) and issubclass(model, Row) and model.__module__ == tables.__name__
    and model not in (tables.Fact, tables.OfChild, tables.OfPerson)
]  # fmt: skip


@pytest.fixture(scope="module")
def cursor():
    connection = sqlite3.connect(":memory:", isolation_level=None)
    run_steps(connection)
    yield connection.cursor()
    connection.close()


def kind_of(field):
    if isinstance(field, BlobField):
        return "BLOB"
    return "INTEGER" if isinstance(field, AutoField | IntegerField | ForeignKeyField) else "TEXT"


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.table_name)
def test_the_columns_are_those_of_the_migration(cursor, model):
    table = model._meta.table_name
    in_file = {
        name: (kind, bool(not_null or key))
        for _, name, kind, not_null, _, key in cursor.execute(f"PRAGMA table_info({table})")
    }
    in_program = {field.column_name: (kind_of(field), not field.null) for field in model._meta.sorted_fields}
    assert in_program == in_file


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.table_name)
def test_the_references_are_those_of_the_migration_and_delete_nothing(cursor, model):
    table = model._meta.table_name
    in_file = {(row[3], row[2], row[6]) for row in cursor.execute(f"PRAGMA foreign_key_list({table})")}
    in_program = {
        (field.column_name, field.rel_model._meta.table_name, field.on_delete)
        for field in model._meta.sorted_fields
        if isinstance(field, ForeignKeyField)
    }
    assert in_program == in_file


def test_every_table_about_children_has_its_class_and_every_dated_fact_its_name():
    schools = {"staff", "school", "school_year", "term", "calendar_day", "school_class", "class_teacher"}
    schools |= {"head_count", "counting_rule", "handover"}
    expected = set(m0001_ledger.TABLES) - schools | {"import_file", "reachable_time"}
    assert {model._meta.table_name for model in MODELS} == expected
    assert set(tables.DATED) == set(m0001_ledger.PERIOD_KEYS) - schools | {"reachable_time"}


@pytest.mark.parametrize("table", tables.DATED)
def test_the_columns_of_one_open_period_are_those_the_file_guards(table):
    assert tables.DATED[table].keys == (m0001_ledger.PERIOD_KEYS | m0004_calls.PERIOD_KEYS)[table]
