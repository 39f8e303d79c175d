"""One thing the user does: the writes of one transaction, with their names for the history."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from peewee import Field, IntegrityError, Model

from app.core.changes import Changes
from app.core.text import clean
from app.storage.base import Row, RowKey, new_uuid, new_uuids
from app.storage.connection import LedgerDatabase


class NoSuchRow(LookupError):
    """A row that was to be changed is not there."""


class Action:
    """The open transaction of one user action; made by ``Store.action`` and ``Store.rehearsal`` only.

    ``words`` says in Chinese what was done and may be set until the block ends (an import
    knows its numbers last). All text goes through ``core.text.clean``; ``entered_at`` is the
    action's own time and cannot be given.
    """

    def __init__(self, db: LedgerDatabase, *, id: int, uuid: str, at: str, words: str) -> None:
        self.id = id
        self.uuid = uuid
        self.at = at
        self.words = words
        self._db = db
        self._touched: set[str] = set()

    @property
    def touched(self) -> frozenset[str]:
        """The UUIDs of the rows written so far through this action."""
        return frozenset(self._touched)

    def note_written(self, uuids: Iterable[str]) -> None:
        """Count rows as written that the history put back by SQL of its own."""
        self._touched.update(uuids)

    def insert(self, model: type[Row], **values: object) -> RowKey:
        """Write one row and return its key. A ``uuid`` may be given, else a new one is made."""
        shape = _shape(model, tuple(values))
        uuid, row = shape.row(values, new_uuid)
        with _refused_by(shape.table):
            cursor = self._db.execute_sql(shape.insert_sql(), (*row, self.at))
        self._touched.add(uuid)
        return RowKey(cursor.lastrowid, uuid)

    def insert_many(self, model: type[Row], rows: Iterable[Mapping[str, object]]) -> list[RowKey]:
        """Write many rows at once and return their keys in the same order.

        Columns that a row leaves out take the table's default.
        """
        ids, uuids = self._insert_rows(model, list(rows), {})
        return list(map(RowKey, ids, uuids))

    def insert_planned(
        self, model: type[Row], rows: Sequence[Mapping[str, object]], ids: Mapping[str, Mapping[int, int]]
    ) -> range:
        """Write many rows at once and return their ids in the same order.

        ``ids`` names columns and what stands there for a value of the rows: the id that a row has got meanwhile to
        which they refer.
        """
        return self._insert_rows(model, rows, ids)[0]

    def _insert_rows(
        self, model: type[Row], given: Sequence[Mapping[str, object]], ids: Mapping[str, Mapping[int, int]]
    ) -> tuple[range, list[str]]:
        last = self._db.execute_sql(
            "SELECT seq FROM sqlite_sequence WHERE name = ?", (_table(model),)
        ).fetchone()
        next_id = 1 if last is None else int(last[0]) + 1
        uuids = [""] * len(given)
        places: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
        for place, names in enumerate(map(tuple, given)):
            places[names].append(place)
        for names, taken in places.items():
            shape = _shape(model, names)
            own, columns = shape.rows([given[place] for place in taken], ids)
            for place, uuid in zip(taken, own, strict=True):
                uuids[place] = uuid
            columns["entered_at"] = [self.at] * len(taken)
            columns["id"] = list(map(next_id.__add__, taken))
            with _refused_by(shape.table):
                self._db.insert_columns(shape.table, columns)
        self._touched.update(uuids)
        return range(next_id, next_id + len(given)), uuids

    def update(self, model: type[Row], row: int | str, **values: object) -> bool:
        """Write the values that differ into the row (its id, or its uuid) and tell whether any did.

        NoSuchRow when there is none.
        """
        shape = _shape(model, tuple(values))
        wanted = dict(zip(shape.columns, shape.stored(values), strict=True))
        table, names = _table(model), "".join(f', "{name}"' for name in wanted)
        where = "uuid" if isinstance(row, str) else "id"
        found = self._db.execute_sql(
            f'SELECT uuid{names} FROM "{table}" WHERE {where} = ?', (row,)
        ).fetchone()
        if found is None:
            raise NoSuchRow(f"no row {row} in {table}")
        new = {
            name: value
            for (name, value), old in zip(wanted.items(), found[1:], strict=True)
            if value != old or type(value) is not type(old)
        }
        if not new:
            return False
        assignments = ", ".join(f'"{name}" = ?' for name in new)
        with _refused_by(table):
            self._db.execute_sql(
                f'UPDATE "{table}" SET {assignments} WHERE uuid = ?', (*new.values(), found[0])
            )
        self._touched.add(found[0])
        return True

    def soft_delete(self, model: type[Row], row: int | str) -> bool:
        """Move the row to the recycle bin; False when it lies there already."""
        if self._deleted_at(model, row) is not None:
            return False
        return self.update(model, row, deleted_at=self.at)

    def restore(self, model: type[Row], row: int | str) -> bool:
        """Take the row out of the recycle bin; False when it does not lie there.

        UserError (``storage.overlap``) when another period has taken its place meanwhile.
        """
        return self.update(model, row, deleted_at=None)

    def changes(self, areas: Iterable[str]) -> Changes:
        """Return what a service hands back: this action and the ``areas`` of the program that must look again."""
        if not self._touched:
            return Changes("", self.words, frozenset(), frozenset())
        return Changes(self.uuid, self.words, frozenset(areas), self.touched)

    def _deleted_at(self, model: type[Row], row: int | str) -> str | None:
        where = "uuid" if isinstance(row, str) else "id"
        found = self._db.execute_sql(
            f'SELECT deleted_at FROM "{_table(model)}" WHERE {where} = ?', (row,)
        ).fetchone()
        if found is None:
            raise NoSuchRow(f"no row {row} in {_table(model)}")
        deleted_at: str | None = found[0]
        return deleted_at


def _table(model: type[Model]) -> str:
    return str(model._meta.table_name)


@contextmanager
def _refused_by(table: str) -> Iterator[None]:
    """Note on an error by which table it was refused: of a broken CHECK SQLite says only the rule."""
    try:
        yield
    except IntegrityError as error:
        error.add_note(table)
        raise


class _Shape:
    """How rows of one table that are given in the same columns become what is stored; worked out once."""

    def __init__(self, model: type[Row], names: tuple[str, ...]) -> None:
        fields = model._meta.combined
        for name in names:
            if name not in fields or name in ("id", "entered_at"):
                raise TypeError(f"{name} is no column of {_table(model)} that can be written")
        self.table = _table(model)
        self.fields: list[Field] = [fields[name] for name in names]
        self.columns = [str(field.column_name) for field in self.fields]
        self.defaults = {
            str(field.column_name): default
            for field, default in model._meta.defaults.items()
            if field.column_name not in self.columns
        }
        self.has_uuid = "uuid" in self.columns

    def stored(self, values: Mapping[str, object]) -> list[Any]:
        """Return the values as they are stored, in the order of ``columns``."""
        return [self._stored(field, value) for field, value in zip(self.fields, values.values(), strict=True)]

    def row(self, values: Mapping[str, object], fresh: Callable[[], str]) -> tuple[str, list[Any]]:
        """Return the uuid and the stored values of a new row; ``fresh`` makes its uuid when none is given."""
        row = self.stored(values)
        if self.has_uuid:
            uuid: str = row[self.columns.index("uuid")]
        else:
            uuid = fresh()
            row.append(uuid)
        row.extend(default() if callable(default) else default for default in self.defaults.values())
        return uuid, row

    def rows(
        self, given: Sequence[Mapping[str, object]], ids: Mapping[str, Mapping[int, int]]
    ) -> tuple[list[str], dict[str, Sequence[Any]]]:
        """Return the uuids of many new rows and what ``row`` makes of each, column by column: a third of the time."""
        columns: dict[str, Sequence[Any]] = {}
        as_given = zip(*[one.values() for one in given], strict=True)
        for name, field, column in zip(self.columns, self.fields, as_given, strict=True):
            known = ids.get(name)
            put = column if known is None else [known.get(value, value) for value in column]
            columns[name] = self._stored_column(field, put)
        if self.has_uuid:
            uuids = list(columns["uuid"])
        else:
            uuids = columns["uuid"] = new_uuids(len(given))
        for name, default in self.defaults.items():
            columns[name] = [default() if callable(default) else default for _ in given]
        return uuids, columns

    def insert_sql(self) -> str:
        columns = [*self.columns, *(() if self.has_uuid else ("uuid",)), *self.defaults, "entered_at"]
        names = ", ".join(f'"{column}"' for column in columns)
        return f'INSERT INTO "{self.table}" ({names}) VALUES ({", ".join("?" * len(columns))})'

    @classmethod
    def _stored_column(cls, field: Field, column: Sequence[object]) -> Sequence[Any]:
        if set(map(type, column)) <= _PLAIN:
            # What is clean in one piece is clean in each part, so most columns need one look.
            whole = "".join([value for value in column if type(value) is str])
            if clean(whole) == whole:
                return column
        return [cls._stored(field, value) for value in column]

    @classmethod
    def _stored(cls, field: Field, value: object) -> Any:
        if type(value) is str:
            return clean(value)
        return value if value is None or type(value) is int else cls._converted(field, value)

    @staticmethod
    def _converted(field: Field, value: object) -> object:
        converted = field.db_value(value)  # type: ignore[no-untyped-call]
        return clean(str(converted)) if isinstance(converted, str) else converted


_PLAIN = frozenset({str, int, type(None)})
"""The types that are stored as they are given."""


@lru_cache(maxsize=1024)
def _shape(model: type[Row], names: tuple[str, ...]) -> _Shape:
    return _Shape(model, names)
