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
    # By hand, because a large import makes 75,000 of them and uuid.uuid4 takes five times as long.
    digits = urandom(16).hex()
    variant = "89ab"[int(digits[16], 16) & 3]
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-{variant}{digits[17:20]}-{digits[20:]}"
