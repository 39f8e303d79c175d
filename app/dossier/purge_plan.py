"""What a permanent deletion (永久删除) has to take away: every row, every text that names the child, every kept file.

Only children in the recycle bin are taken. Nothing is written here; ``app.tasks.purge`` does that.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct

from app.children.tables import DATED, Child, ImportFile, Person
from app.core.messages import refuse
from app.diary.tables import Attachment, AttachmentContent, Counselling, Incident
from app.dossier.hanging import WAITING
from app.dossier.merge import HANGING, MERGED, images, rows_of
from app.dossier.purge_mentions import mentions
from app.dossier.purge_names import SOMEBODY, Secrets, without
from app.dossier.purge_order import RowName, contents_of, rows_of_children
from app.dossier.purge_undone import undone_rows
from app.dossier.words import TABLES
from app.school.queries import all_classes
from app.storage.base import Row
from app.storage.store import Store

# Table and column names below are our own; what a user typed only ever goes in as a parameter.
# ruff: noqa: S608

_FILES = "导入的原文件"
_BYTES = "附件内容"
_NAMES = ("name", "former_name")
_NUMBERS = ("id_number", "student_registry_no", "phone", "number", "certificate_no", "office_number")
_NUMBERED = frozenset({Incident._meta.table_name, Counselling._meta.table_name})
# Numbers shorter than this (a room, a class) are found everywhere and name nobody.
_LEAST_DIGITS = 7


class Leftover(Struct, frozen=True):
    """A grown-up whom nobody else on file needs once the children are gone."""

    uuid: str
    name: str
    why: str


class PurgePlan(Struct, frozen=True):
    """Everything that goes. ``rows`` in the order in which they may be deleted, what refers before what is referred to.

    ``texts`` are (table, uuid, column) with the words that replace a name there, ``named`` the rows that stay but whose
    history names somebody, ``words`` the new ones of actions by uuid, ``unmarried`` the marriages of others that named a
    grown-up who goes. ``content`` says without a name what is destroyed.
    """

    children: tuple[str, ...]
    names: tuple[str, ...]
    content: str
    rows: tuple[RowName, ...]
    counts: tuple[tuple[str, int], ...]
    texts: Mapping[tuple[str, str, str], str]
    named: tuple[RowName, ...]
    words: Mapping[str, str]
    unmarried: tuple[str, ...]
    leftovers: tuple[Leftover, ...]
    secrets: Secrets
    first_commit: int

    @property
    def records(self) -> int:
        """Return how many rows go, all kinds together."""
        return sum(count for _, count in self.counts)


def purge_plan(
    store: Store,
    uuids: Sequence[str],
    *,
    people: Collection[str] = (),
    files: Collection[str] = (),
) -> PurgePlan:
    """Return what destroying these children takes away; ``people`` are the leftover grown-ups who go as well.

    ``files`` are the uuids of kept import files that hold them (``app.tasks.purge`` looks inside). UserError
    ``child.not_binned``, ``child.nobody``, ``purge.person_needed`` for a grown-up whom somebody else needs.
    """
    chosen = [_binned(store, uuid) for uuid in uuids]
    if not chosen:
        raise refuse("child.nobody")
    children = [*chosen, *_merged_into(store, [child["id"] for child in chosen])]
    ids = [child["id"] for child in children]
    leftovers = tuple(_leftovers(store, ids))
    going = [_known(leftovers, uuid) for uuid in people]
    rows = list(rows_of_children(store, ids, [one.uuid for one in going]))
    undone = list(undone_rows(store, ids, [one.uuid for one in going]))
    rows += contents_of(store, [uuid for table, uuid in undone if table == Attachment._meta.table_name])
    secrets = _secrets(store, [*rows, *undone])
    on_file = [*_parked(store, ids, secrets), *rows, *((ImportFile._meta.table_name, uuid) for uuid in files)]
    rows = [*on_file, *undone]
    names = _all_names(store, rows)
    named = mentions(store, secrets.names, secrets.others, rows)
    return PurgePlan(
        children=tuple(child["uuid"] for child in children),
        names=tuple(child["name"] for child in chosen),
        content=_content(store, chosen),
        rows=tuple(rows),
        counts=tuple(_counts(on_file)),
        texts=named.texts,
        named=named.rows,
        words=dict(_words(store, rows, names, secrets)),
        unmarried=tuple(_unmarried(store, [one.uuid for one in going])),
        leftovers=leftovers,
        secrets=secrets,
        first_commit=_first_commit(store, children),
    )


# ---- who ------------------------------------------------------------------------------------------------------------


def _binned(store: Store, uuid: str) -> dict[str, Any]:
    found = next(images(store, "child", "uuid = ? AND deleted_at IS NOT NULL", uuid), None)
    if found is None:
        raise refuse("child.not_binned")
    return found


def _merged_into(store: Store, ids: Sequence[int]) -> list[dict[str, Any]]:
    """Return the binned files that were merged into these, also step by step: what was theirs hangs on these now."""
    known, found = list(ids), []
    while further := _merged_straight_into(store, known):
        found += further
        known += [child["id"] for child in further]
    return found


def _merged_straight_into(store: Store, ids: Sequence[int]) -> list[dict[str, Any]]:
    """Return the files that went to the bin in a merge which wrote to one of ``ids`` or to what hangs on it."""
    found = store.rows(
        "SELECT DISTINCT loser.uuid FROM action JOIN change AS gone ON gone.action_id = action.id"
        " AND gone.table_name = 'child' AND gone.op <> 'insert' JOIN child AS loser ON loser.uuid = gone.row_uuid"
        " WHERE action.kind = ?2 AND action.undone_by_id IS NULL AND loser.deleted_at IS NOT NULL"
        " AND json_extract(gone.before_json, '$.deleted_at') IS NULL"
        " AND json_extract(gone.after_json, '$.deleted_at') IS NOT NULL"
        " AND loser.id NOT IN (SELECT value FROM json_each(?1))"
        " AND EXISTS (SELECT 1 FROM change AS kept WHERE kept.action_id = action.id"
        "  AND json_extract(kept.after_json, iif(kept.table_name = 'child', '$.id', '$.child_id'))"
        "  IN (SELECT value FROM json_each(?1)))",
        (json.dumps(list(ids)), MERGED),
    )
    return [_binned(store, uuid) for (uuid,) in found]


def _known(leftovers: Iterable[Leftover], uuid: str) -> Leftover:
    found = next((one for one in leftovers if one.uuid == uuid), None)
    if found is None:
        raise refuse("purge.person_needed")
    return found


def _leftovers(store: Store, ids: Sequence[int]) -> Iterator[Leftover]:
    """Yield the grown-ups who stood around these children and around nobody else, in the bin or not."""
    around: dict[int, None] = {}
    for table, column in _person_columns():
        held = f"SELECT row.uuid FROM {table} row WHERE row.child_id IN (SELECT value FROM json_each(?1))"
        rows = store.rows(
            f"SELECT {column} FROM {table} WHERE child_id IN (SELECT value FROM json_each(?1))"
            # Who was merged into another grown-up is named by the history only.
            f" UNION SELECT json_extract(before_json, '$.{column}') FROM change WHERE op <> 'insert'"
            f" AND row_uuid IN ({held}) AND table_name = '{table}'",
            (json.dumps(list(ids)),),
        )
        around |= dict.fromkeys(row[0] for row in rows if row[0] is not None)
    for person_id in around:
        if any(_used_elsewhere(store, table, column, person_id, ids) for table, column in _person_columns()):
            continue
        for row in images(store, "person", "id = ?", person_id):
            phones = len(rows_of(store, "phone", "person_id", [person_id]))
            why = f"{phones} 个电话" if phones else "没有电话"
            yield Leftover(row["uuid"], row["name"] or "姓名未采集", why)


def _person_columns() -> list[tuple[str, str]]:
    """Return the (table, column) by which a row of a child names a grown-up."""
    found = [
        (model._meta.table_name, "person_id")
        for model in HANGING
        if any(one.column_name == "person_id" for one in model._meta.sorted_fields)
    ]
    return list(dict.fromkeys(found))


def _used_elsewhere(store: Store, table: str, column: str, person_id: int, ids: Sequence[int]) -> bool:
    sql = f"SELECT 1 FROM {table} WHERE {column} = ? AND child_id NOT IN (SELECT value FROM json_each(?)) LIMIT 1"
    return store.one(sql, (person_id, json.dumps(list(ids)))) is not None


# ---- rows -----------------------------------------------------------------------------------------------------------


def _parked(store: Store, ids: list[int], secrets: Secrets) -> Iterator[RowName]:
    """Yield the rows of rosters and workbooks that wait, or waited, for a decision about these children."""
    for model in WAITING:
        table = model._meta.table_name
        for row in images(store, table, "1 = 1"):
            text = f"{row['raw_json']} {row['reason']}"
            named = any(number in text for number in secrets.numbers) or (
                without(text, secrets.names, secrets.others) != text
            )
            if row["child_id"] in ids or named:
                yield table, row["uuid"]


def _counts(rows: Iterable[RowName]) -> list[tuple[str, int]]:
    words = {**TABLES, ImportFile._meta.table_name: _FILES, AttachmentContent._meta.table_name: _BYTES}
    counts: dict[str, int] = {}
    for table, _ in rows:
        counts[words[table]] = counts.get(words[table], 0) + 1
    order = [words[model._meta.table_name] for model in _ORDER]
    return sorted(counts.items(), key=lambda pair: order.index(pair[0]))


_ORDER: tuple[type[Row], ...] = (
    Child,
    Person,
    *DATED.values(),
    *(model for model in HANGING if model not in DATED.values()),
    ImportFile,
    AttachmentContent,
)


def _unmarried(store: Store, people: Sequence[str]) -> Iterator[str]:
    """Yield the marriages of those who stay that name one who goes."""
    rows = store.rows(
        "SELECT m.uuid FROM marriage m JOIN person gone ON gone.id = m.spouse_id JOIN person p ON p.id = m.person_id"
        " WHERE gone.uuid IN (SELECT value FROM json_each(?1)) AND p.uuid NOT IN (SELECT value FROM json_each(?1))",
        (json.dumps(list(people)),),
    )
    yield from (uuid for (uuid,) in rows)


# ---- words ----------------------------------------------------------------------------------------------------------


def _secrets(store: Store, rows: Sequence[RowName]) -> Secrets:
    """Return the names and numbers of what goes, those of former times too, without what others bear as well."""
    # The number of an incident or a note (2026-001) says nothing about anybody, and the words of actions name it.
    bearers = [row for row in rows if row[0] not in _NUMBERED]
    names, numbers = set(_all_names(store, rows)), set(_values(store, bearers, _NUMBERS))
    gone = {uuid for _, uuid in rows}
    taken: set[str] = set()
    for table, columns in {
        "child": (*_NAMES, *_NUMBERS),
        "person": (*_NAMES, *_NUMBERS),
        "phone": ("number",),
    }.items():
        for row in images(store, table, "1 = 1"):
            if row["uuid"] not in gone:
                taken.update(str(row[column]) for column in columns if row.get(column))
    others = "SELECT name FROM staff UNION SELECT name FROM supporter WHERE name IS NOT NULL"
    taken.update(name for (name,) in store.rows(others))
    return Secrets(
        frozenset(names - taken),
        frozenset(number for number in numbers - taken if len(number) >= _LEAST_DIGITS),
        frozenset(other for other in taken if any(name in other for name in names - taken)),
    )


def _all_names(store: Store, rows: Sequence[RowName]) -> frozenset[str]:
    """Return every name that what goes bears or ever bore."""
    bearers = [row for row in rows if row[0] in ("child", "person")]
    return frozenset(_values(store, bearers, _NAMES))


def _values(store: Store, rows: Sequence[RowName], columns: Sequence[str]) -> Iterator[str]:
    for table, uuid in rows:
        shown = [dict(row) for row in images(store, table, "uuid = ?", uuid)]
        for before, after in store.rows(
            "SELECT before_json, after_json FROM change WHERE row_uuid = ? AND op <> 'insert'", (uuid,)
        ):
            shown += [json.loads(image) for image in (before, after) if image]
        for image in shown:
            yield from (str(image[column]) for column in columns if image.get(column))


def _words(
    store: Store, rows: Sequence[RowName], names: Collection[str], secrets: Secrets
) -> Iterator[tuple[str, str]]:
    """Yield new words for the actions that name one of these: what was done stays, to whom does not.

    In an action that wrote one of the rows the name means them, whoever else bears it.
    """
    written = {
        action_id
        for (action_id,) in store.rows(
            "SELECT DISTINCT action_id FROM change WHERE row_uuid IN (SELECT value FROM json_each(?))",
            (json.dumps([uuid for _, uuid in rows]),),
        )
    }
    for action_id, uuid, words in store.rows("SELECT id, uuid, words FROM action"):
        told = words
        if action_id in written:
            for name in sorted(names, key=len, reverse=True):
                told = told.replace(name, SOMEBODY)
        else:
            told = without(told, secrets.names, secrets.others)
        if told != words:
            yield uuid, told


def _content(store: Store, children: Sequence[Mapping[str, Any]]) -> str:
    """Say what is destroyed without a name: 1 名儿童的档案：档案号 2024-017，2015 年生，三（2）班."""
    classes = {cls.id: cls.name for cls in all_classes(store, store.clock.today())}
    listed = []
    for child in children:
        row = store.one(
            "SELECT school_class_id FROM enrolment WHERE child_id = ? ORDER BY valid_to IS NULL DESC, valid_from DESC"
            " LIMIT 1",
            (child["id"],),
        )
        parts = [
            f"档案号 {child['archive_no']}" if child["archive_no"] else "没有档案号",
            f"{child['birth_date'][:4]} 年生" if child["birth_date"] else "",
            classes.get(row[0], "") if row else "",
        ]
        listed.append("，".join(part for part in parts if part))
    return f"{len(children)} 名儿童的档案：{'；'.join(listed)}"


def _first_commit(store: Store, children: Sequence[Mapping[str, Any]]) -> int:
    """Return the number of the commit since which the children are on file: what left before does not hold them."""
    since = min(child["entered_at"] for child in children)
    (number,) = store.one("SELECT min(commit_no) FROM action WHERE at >= ?", (since,)) or (None,)
    return int(number or 0)
