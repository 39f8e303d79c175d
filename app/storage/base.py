"""What every table of the ledger has in common."""

from os import urandom
from typing import Self

from peewee import AutoField, Model, TextField


class Row(Model):
    """One row of the ledger file.

    ``uuid`` names it everywhere outside this file, ``entered_at`` says when it was typed,
    ``deleted_at`` is set while it lies in the recycle bin. The classes are bound to no
    database: every query names one, ``.execute(store.db)``. Tables are made by the migrations
    only; a test holds the classes and the tables together.
    """

    id = AutoField()
    uuid = TextField(unique=True)
    entered_at = TextField()
    deleted_at = TextField(null=True)

    class Meta:
        legacy_table_names = False


class RowKey(int):
    """The ``id`` of a row just written: an int for foreign keys, which also knows the row's ``uuid``."""

    uuid: str

    def __new__(cls, id: int, uuid: str) -> Self:
        """Make the key of the row ``id``."""
        key = super().__new__(cls, id)
        key.uuid = uuid
        return key


def new_uuid() -> str:
    """Return a fresh random UUID (version 4) in its usual spelling."""
    return new_uuids(1)[0]


def new_uuids(number: int) -> list[str]:
    """Return so many fresh ones: a large import takes 120,000, drawn at once and spelled by hand, not by ``uuid.uuid4``."""
    drawn = urandom(16 * number).hex()
    return [
        f"{drawn[at : at + 8]}-{drawn[at + 8 : at + 12]}-4{drawn[at + 13 : at + 16]}"
        f"-{_VARIANTS[drawn[at + 16]]}{drawn[at + 17 : at + 20]}-{drawn[at + 20 : at + 32]}"
        for at in range(0, 32 * number, 32)
    ]


_VARIANTS = {digit: "89ab"[int(digit, 16) & 3] for digit in "0123456789abcdef"}
