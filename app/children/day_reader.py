"""Reading dated facts as they stand on one day: each table once, fetched whole, per subject oldest first."""

import gc
import json
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from operator import itemgetter
from typing import Any, Generic, TypeVar

from msgspec import Struct

from app.core.dates import in_force
from app.storage.columns import columns
from app.storage.store import Store

# Table and column names below are our own; what a user typed only ever goes in as a parameter.
# ruff: noqa: S608

T = TypeVar("T")
RawRow = tuple[Any, ...]

# What every row begins with, after its subject; ``certain`` is worked out.
_HEAD = "uuid, valid_from, valid_to, source, noted_on"
_VALID_FROM, _VALID_TO = 2, 3
OWN = 6
"""Where the columns begin that a table has of its own."""
_START = itemgetter(2)  # of a row of ``spans``

# Text compares as dates do, except where one is the beginning of the other (2026-11 and 2026-11-21): those stay in
# and ``in_force`` looks closer.
STARTED = "deleted_at IS NULL AND (valid_from IS NULL OR valid_from <= ?1)"
_NOT_ENDED = (
    " AND (valid_to IS NULL OR valid_to > ?1"
    " OR (length(valid_to) < 10 AND substr(?1, 1, length(valid_to)) = valid_to))"
)
# Begun and not ended, both for certain, of rows that have begun.
PLAIN = "valid_to IS NULL AND (valid_from IS NULL OR length(valid_from) = 10)"


class Shape(Struct, Generic[T], frozen=True):
    """One dated table: its own columns after those of every dated row, and ``make(row, certain)``.

    A row is the subject's id, uuid, start, end, source, noted_on, then the table's own columns.
    """

    table: str
    columns: str
    make: Callable[..., T]
    only: str = ""
    """Which rows of the table, as a condition of SQL; "" = all."""

    def fact(self, row: RawRow, *, certain: bool, **more: object) -> T:
        """Return the fact that a row holds; ``more`` is what ``make`` asks for besides the row."""
        return self.make(row, certain, **more)


class Period(Struct, frozen=True):
    """One row of a dated table as it lies in the file. ``holds`` on the day: None = the dates leave it open."""

    row: RawRow
    holds: bool | None

    @property
    def key(self) -> int:
        """Return the id of the child or person."""
        return int(self.row[0])

    @property
    def valid_from(self) -> str | None:
        """Return the start as written."""
        return self.row[_VALID_FROM]  # type: ignore[no-any-return]

    @property
    def valid_to(self) -> str | None:
        """Return the end as written."""
        return self.row[_VALID_TO]  # type: ignore[no-any-return]

    @property
    def own(self) -> RawRow:
        """Return the columns that this table has of its own."""
        return self.row[OWN:]


class DayReader:
    """Reads the facts of ``day`` for some rows of ``child`` or ``person`` (``ids``), or for all (None).

    A ``range`` of ids takes two thirds of the time that the same ids take one by one.
    """

    def __init__(self, store: Store, day: date, key: str, ids: Iterable[int] | None) -> None:
        self._store = store
        self._day = day
        self._iso = day.isoformat()
        self._key = key
        self._among, self._asked = _among(ids)

    def newest(self, shape: Shape[T]) -> dict[int, T]:
        """Return the fact in force per subject; of two that may be, the one that began later."""
        make = shape.make
        return {row[0]: make(row, certain) for row, certain in self.in_force(shape)}

    def every(self, shape: Shape[T]) -> dict[int, tuple[T, ...]]:
        """Return all facts in force per subject."""
        make = shape.make
        found: dict[int, tuple[T, ...]] = {}
        for row, certain in self.in_force(shape):
            key = row[0]
            if key in found:  # seldom: most have one
                found[key] += (make(row, certain),)
            else:
                found[key] = (make(row, certain),)
        return found

    def subjects(self, shape: Shape[T], code: str) -> set[int]:
        """Return whom a row in force is about that has ``code`` in the first column of its own; no facts are made."""
        return {
            row[0] for row in self.spans(shape.table, shape.columns) if row[4] == code and row[1] is not False
        }

    def spans(self, table: str, columns: str, *, only: str = "", ended: bool = False) -> list[RawRow]:
        """Return subject, whether it holds, start, end and ``columns`` of the rows in force, with ``ended`` of all begun.

        Per subject oldest first. No facts are made of them. Whether one holds is None where its dates leave the day open.
        """
        where = f"{STARTED}{'' if ended else _NOT_ENDED}{f' AND {only}' if only else ''}{self._scope(2)}"
        sql = f"SELECT {self._key}, {PLAIN}, valid_from, valid_to, {columns} FROM {table} WHERE {where} ORDER BY id"
        rows = self._store.rows(sql, (self._iso, *self._asked))
        found = [row if row[1] else (row[0], self._holds(row[2], row[3]), *row[2:]) for row in rows]
        if len({row[0] for row in found}) < len(found):  # else there is nothing to put in order
            since_ever = [row for row in found if row[2] is None]
            return since_ever + sorted((row for row in found if row[2] is not None), key=_START)
        return found

    def plain_and_others(
        self, table: str, names: Sequence[str], *, only: str = "", ended: bool = False
    ) -> tuple[list[list[Any]], list[RawRow]]:
        """Return what ``spans`` returns, but of the rows that surely hold and have no end, one per subject and nearly all
        there are, the columns: subject, then ``names``; as rows the others. Half the time for a whole school.
        """
        where = f"{STARTED} AND {PLAIN}{f' AND {only}' if only else ''}{self._scope(2)}"
        plain = columns(self._store, (self._key, *names), f"{table} WHERE {where}", (self._iso, *self._asked))
        listed = ", ".join(names)
        closer = f"NOT ({PLAIN}){f' AND {only}' if only else ''}"
        others = self.spans(table, listed, only=closer, ended=ended)
        subjects = set(plain[0])
        if len(subjects) < len(plain[0]) or not subjects.isdisjoint(
            row[0] for row in others if row[1] is not False
        ):
            return [[] for _ in plain], self.spans(table, listed, only=only, ended=ended)
        return plain, others

    def begun(self, shape: Shape[T]) -> Iterator[Period]:
        """Yield every period that has begun by the day."""
        return self._periods(shape, STARTED)

    def recorded(self, shape: Shape[T]) -> Iterator[Period]:
        """Yield every period, also one that begins after the day."""
        return self._periods(shape, "deleted_at IS NULL AND ?1 IS NOT NULL")

    def undated(
        self, table: str, columns: str, *, order: str, where: str = "deleted_at IS NULL"
    ) -> list[RawRow]:
        """Return live rows of a table without periods: the subject's id, then ``columns``."""
        sql = f"SELECT {self._key}, {columns} FROM {table} WHERE {where}{self._scope(1)} ORDER BY {order}"
        return self._store.rows(sql, self._asked)

    def in_force(self, shape: Shape[T]) -> Iterator[tuple[RawRow, bool]]:
        """Yield the rows in force as they lie in the file, per subject oldest first, and whether they surely hold."""
        for row in self._rows(shape, STARTED + _NOT_ENDED):
            valid_from = row[_VALID_FROM]
            if row[_VALID_TO] is None and (valid_from is None or len(valid_from) == 10):
                yield row, True  # begun and not ended, both for certain: the statement asked no other
                continue
            holds = self._holds(valid_from, row[_VALID_TO])
            if holds is not False:
                yield row, holds is True

    def _periods(self, shape: Shape[T], where: str) -> Iterator[Period]:
        for row in self._rows(shape, where):
            yield Period(row, self._holds(row[_VALID_FROM], row[_VALID_TO]))

    def _rows(self, shape: Shape[T], where: str) -> list[RawRow]:
        only = f" AND {shape.only}" if shape.only else ""
        asked = f"{where}{only}{self._scope(2)}"
        sql = f"SELECT {self._key}, {_HEAD}, {shape.columns} FROM {shape.table} WHERE {asked} ORDER BY id"
        rows = self._store.rows(sql, (self._iso, *self._asked))
        # Rows come as they were entered, which is nearly this order already; SQLite would sort them all from the start.
        rows.sort(key=_by_subject_and_start)
        return rows

    def _scope(self, number: int) -> str:
        return self._among.format(self._key, number, number + 1)

    def _holds(self, valid_from: str | None, valid_to: str | None) -> bool | None:
        """Return ``in_force``, the plain cases without looking into the dates."""
        iso = self._iso
        if valid_to is None and (valid_from is None or len(valid_from) == 10):
            return valid_from is None or valid_from <= iso
        for text in (valid_from, valid_to):
            if text is not None and len(text) < 10 and iso.startswith(text):
                return in_force(valid_from, valid_to, self._day)
        return (valid_from is None or valid_from <= iso) and (valid_to is None or valid_to > iso)


def spanning(ids: Collection[int]) -> Collection[int]:
    """Return these ids, and where they stand close together those between them too: the range that spans them."""
    if not ids:
        return ids
    first, last = min(ids), max(ids)
    return range(first, last + 1) if last - first < _CLOSE * len(ids) else ids


_CLOSE = 1.5  # at most half as many others are read as were asked for


def _among(ids: Iterable[int] | None) -> tuple[str, tuple[Any, ...]]:
    """Return the condition for these ids, with places for the column and the numbers of two parameters, and those."""
    if ids is None:
        return "", ()
    if isinstance(ids, range):
        return " AND {} BETWEEN ?{} AND ?{}", (ids.start, ids.stop - 1)
    return " AND {} IN (SELECT value FROM json_each(?{}))", (json.dumps(list(ids)),)


def _by_subject_and_start(row: RawRow) -> tuple[int, str]:
    return row[0], row[_VALID_FROM] or ""


@contextmanager
def no_collecting() -> Iterator[None]:
    """Keep the garbage collector away while many facts are made: they hold no cycles, and it doubles the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
