"""A ledger of its own for each storage test, and the small words that make its tests short."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from peewee import IntegerField, TextField

from app.storage.base import Row
from app.storage.store import Store


class Staff(Row):
    """A few columns of the table ``staff``, enough to write with."""

    name = TextField()
    phone = TextField(null=True)
    duty = TextField(null=True)


class Person(Row):
    name = TextField(null=True)
    note = TextField(null=True)


class Child(Row):
    name = TextField()
    pinyin = TextField(default="")
    id_number = TextField(null=True)
    note = TextField(null=True)


class Away(Row):
    person_id = IntegerField()
    state = TextField()
    place = TextField(null=True)
    valid_from = TextField(null=True)
    valid_to = TextField(null=True)


class Kinship(Row):
    child_id = IntegerField()
    person_id = IntegerField()
    relation = TextField()


@pytest.fixture
def ledger_path(tmp_path: Path) -> Path:
    """Return where the ledger of a test lies: in a folder with Chinese, spaces and characters a URI escapes."""
    folder = tmp_path / "数据 #1 100%"
    folder.mkdir()
    return folder / "守望.db"


@pytest.fixture
def store(empty_ledger, ledger_path, clock):
    """Return an empty ledger, open for writing."""
    shutil.copyfile(empty_ledger, ledger_path)
    with Store.open(ledger_path, clock=clock) as opened:
        yield opened
