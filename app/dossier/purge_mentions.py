"""Where records that stay name somebody who is destroyed: their texts, and what the history keeps of them."""

# Table and column names below are our own; names only ever go in as parameters.
# ruff: noqa: S608

from collections.abc import Collection, Iterator, Mapping

from msgspec import Struct

from app.dossier.purge_names import without
from app.dossier.purge_order import RowName
from app.storage.classification import FIELDS, Protection
from app.storage.store import Store

# Free text among what needs no protecting: what was held, by whom it was checked, what a file was called.
_OPEN_TEXTS: Mapping[str, tuple[str, ...]] = {
    "handover": ("file_name",),
    "import_run": ("file_name",),
    "diary_import": ("file_name",),
    "meeting": ("place", "topic"),
    "absence": ("reported_to", "receiver"),
    "survey_check": ("checked_by",),
    "help_plan": ("assessor",),
    "help_check": ("checker",),
}
# Of others these are their own names and numbers: none of theirs is ever a secret of who goes.
_OWN = {"child": ("name", "former_name", "pinyin", "initials"), "person": ("name",)}
# Never written into: bookkeeping (its words are seen to by ``purge_plan``), what is sealed or secret.
_KEPT = frozenset({"meta", "action", "change", "current_action", "counselling_key", "destruction", "drill"})
_ALSO_KEPT = frozenset({("counselling", "sealed")})


class Mentions(Struct, frozen=True):
    """``texts`` are (table, uuid, column) with the words that replace a name there; of ``rows`` the history names one."""

    texts: Mapping[tuple[str, str, str], str]
    rows: tuple[RowName, ...]


def mentions(
    store: Store, names: Collection[str], others: Collection[str], gone: Collection[RowName]
) -> Mentions:
    """Return where one of ``names`` stands outside ``gone``; ``others`` are the names of those who stay."""
    if not names:
        return Mentions({}, ())
    going = set(gone)
    texts: dict[tuple[str, str, str], str] = {}
    for table, columns in _text_columns(store):
        for uuid, *values in _rows_with(store, f'"{table}"', "uuid", columns, names):
            if (table, uuid) in going:
                continue
            for column, text in zip(columns, values, strict=True):
                told = without(text or "", names, others)
                if text and told != text:
                    texts[table, uuid, column] = told
    named: dict[RowName, None] = {}
    for table, uuid, *kept in _rows_with(
        store, "change", "table_name, row_uuid", ("before_json", "after_json"), names
    ):
        is_named = any(without(image or "", names, others) != (image or "") for image in kept)
        if is_named and (table, uuid) not in going:
            named[table, uuid] = None
    return Mentions(texts, tuple(named))


def _text_columns(store: Store) -> Iterator[tuple[str, tuple[str, ...]]]:
    for table, fields in FIELDS.items():
        if table in _KEPT:
            continue
        protected = {
            column for column, known in fields.items() if known.protection is not Protection.ORDINARY
        }
        wanted = (protected | set(_OPEN_TEXTS.get(table, ()))) - set(_OWN.get(table, ()))
        columns = tuple(
            name
            for _, name, kind, *_ in store.rows(f'PRAGMA table_info("{table}")')
            if kind == "TEXT" and name in wanted - _ROW and (table, name) not in _ALSO_KEPT
        )
        if columns:
            yield table, columns


_ROW = {"uuid", "entered_at", "deleted_at"}


def _rows_with(
    store: Store, table: str, keys: str, columns: Collection[str], names: Collection[str]
) -> list[tuple[str, ...]]:
    """Return the rows of which one of the columns holds one of the names, also as a part of something."""
    held = " OR ".join(
        f'instr("{column}", ?{number}) > 0' for column in columns for number in range(1, len(names) + 1)
    )
    listed = ", ".join(f'"{column}"' for column in columns)
    return store.rows(f"SELECT {keys}, {listed} FROM {table} WHERE {held}", tuple(names))
