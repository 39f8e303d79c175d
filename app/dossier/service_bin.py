"""Moving children and single records to the recycle bin and back. What goes is counted first, and comes back together.

What went together is known from the action that moved it, never from the second on the clock: a record that lay in the
bin before its child stays there when the child comes back.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct

from app.calls.service_plan import bring_back
from app.calls.tables import PlannedCallRow
from app.children.affected import changes_of
from app.children.finding import children_of
from app.children.identity import refuse_taken
from app.children.tables import DATED, Child, Person
from app.core.changes import Changes
from app.core.messages import refuse
from app.dossier.change_history import RowWords
from app.dossier.hanging import OF_CHILD
from app.dossier.merge import MERGED, images
from app.dossier.words import TABLES
from app.storage.action import Action
from app.storage.base import Row
from app.storage.history import undo
from app.storage.service import service
from app.storage.store import Store

# Table names below are our own.
# ruff: noqa: S608

_ROWS: tuple[type[Row], ...] = (Child, Person, *DATED.values(), *OF_CHILD)
_MODELS = {model._meta.table_name: model for model in _ROWS}
# The action that moved a row to the recycle bin; inserts are not in the index of rows.
_MOVED_BY = (
    "SELECT action_id FROM change WHERE row_uuid = {uuid} AND table_name = '{table}' AND op = 'update' AND op <> 'insert'"
    " AND json_extract(after_json, '$.deleted_at') IS NOT NULL"
    " AND json_extract(before_json, '$.deleted_at') IS NULL ORDER BY seq DESC LIMIT 1"
)


class BinPreview(Struct, frozen=True):
    """What would go: the children by name, and how many records of each kind, in words."""

    names: tuple[str, ...]
    counts: tuple[tuple[str, int], ...]

    @property
    def records(self) -> int:
        """Return how many records hang on the children, all kinds together."""
        return sum(count for _, count in self.counts)

    @property
    def words(self) -> str:
        """Return the sentence that is shown before: 将移到回收站：张伟和他名下的 12 条记录（监护照护 2 条 …）。"""
        who = self.names[0] if len(self.names) == 1 else f"{len(self.names)} 名儿童"
        listed = "、".join(f"{word} {count} 条" for word, count in self.counts)
        return f"将移到回收站：{who}" + (
            f"，和名下的 {self.records} 条记录（{listed}）。" if listed else "。"
        )


class RecordPreview(Struct, frozen=True):
    """One record about to go to the recycle bin: what it says, what holds again in its place, what is not touched."""

    table: str
    uuid: str
    what: str
    reopens: str
    stays: tuple[tuple[str, int], ...]

    @property
    def lines(self) -> tuple[str, ...]:
        """Return the sentences that are shown before."""
        kept = "、".join(f"{word} {count} 条" for word, count in self.stays)
        found = (
            f"移走 1 条：{self.what}。",
            f"前一条重新算作至今：{self.reopens}。" if self.reopens else "",
            f"只取消这层关系，有关的都不动：{kept}。" if kept else "",
            "不会丢，可以撤销，也可以从回收站取回。",
        )
        return tuple(line for line in found if line)


class BinnedChild(Struct, frozen=True):
    """A child in the recycle bin, with how many records went there together with it.

    ``merged_into`` names the child whose file this one was merged into; only undoing that merge parts them again.
    """

    uuid: str
    name: str
    birth_date: str | None
    deleted_at: str
    records: int
    action_uuid: str | None
    merged_into: str = ""


def bin_preview(store: Store, uuids: Sequence[str]) -> BinPreview:
    """Count what ``move_to_bin`` would move."""
    children = _live(store, uuids)
    counts: dict[str, int] = {}
    for child_id, _, _ in children:
        for model, rows in _rows_of(store, child_id, "deleted_at IS NULL"):
            word = TABLES[model._meta.table_name]
            counts[word] = counts.get(word, 0) + len(rows)
    return BinPreview(tuple(name for _, _, name in children), tuple(counts.items()))


def record_preview(store: Store, table: str, row_uuid: str) -> RecordPreview:
    """Tell what taking out one dated record does (``service_facts.remove_fact``). UserError ``fact.unknown``."""
    model = DATED[table]
    image = next(images(store, table, "uuid = ? AND deleted_at IS NULL", row_uuid), None)
    if image is None:
        raise refuse("fact.unknown")
    words = RowWords(store)
    reopens = ""
    if image["valid_from"] is not None and image["valid_to"] is None:
        same = " AND ".join(f"{key} IS ?" for key in model.keys)
        keys = [image[key] for key in model.keys]
        where = f"{same} AND valid_to = ? AND deleted_at IS NULL"
        before = next(images(store, table, where, *keys, image["valid_from"]), None)
        reopens = words.whole(table, before | {"valid_to": None}) if before else ""
    stays = tuple(_around_kin(store, image)) if table == "kinship" else ()
    return RecordPreview(table, row_uuid, f"{TABLES[table]}，{words.whole(table, image)}", reopens, stays)


@service
def move_to_bin(store: Store, *, uuids: Sequence[str], by: str | None = None) -> Changes:
    """Move children and all that hangs on them to the recycle bin. The grown-ups stay: others may share them."""
    children = _live(store, uuids)
    words = children[0][2] if len(children) == 1 else f"{len(children)} 名儿童"
    with store.action(f"移到回收站：{words}", kind="child.bin", by=by) as action:
        for child_id, _, _ in children:
            for model, rows in _rows_of(store, child_id, "deleted_at IS NULL"):
                for row_id in rows:
                    action.soft_delete(model, row_id)
            action.soft_delete(Child, child_id)
        return changes_of(store, action, children=uuids)


def binned_children(store: Store) -> list[BinnedChild]:
    """Return the children in the recycle bin, the last one first."""
    moved_by = _MOVED_BY.format(uuid="child.uuid", table="child")
    rows = store.rows(
        "SELECT child.uuid, name, birth_date, deleted_at, child.id, action.id, action.uuid, action.kind"
        f" FROM child LEFT JOIN action ON action.id = ({moved_by})"
        " WHERE deleted_at IS NOT NULL ORDER BY deleted_at DESC, pinyin, child.uuid"
    )
    return [
        BinnedChild(
            uuid,
            name,
            birth,
            deleted_at,
            sum(len(ids) for _, ids in _moved_with(store, child_id, action_id)),
            action_uuid,
            _merged_into(store, uuid, action_id) if kind == MERGED else "",
        )
        for uuid, name, birth, deleted_at, child_id, action_id, action_uuid, kind in rows
    ]


@service
def restore_from_bin(store: Store, *, uuids: Sequence[str], by: str | None = None) -> Changes:
    """Bring children back with everything that went to the recycle bin together with them.

    UserError ``id.taken`` / ``registry.taken`` when somebody else has the number meanwhile, ``bin.merged`` for one that
    was merged into another file.
    """
    binned = [_binned(store, uuid) for uuid in uuids]
    words = binned[0].name if len(binned) == 1 else f"{len(binned)} 名儿童"
    with store.action(f"从回收站取回：{words}", kind="child.unbin", by=by) as action:
        for child in binned:
            refuse_taken(store, "id_number", child.id_number, None)
            refuse_taken(store, "student_registry_no", child.registry, None)
            action.restore(Child, child.id)
            for model, rows in _moved_with(store, child.id, child.action_id):
                for row_id in rows:
                    _restore(store, action, model, row_id)
        return changes_of(store, action, children=uuids)


@service
def restore_records(store: Store, *, action_uuid: str, by: str | None = None) -> Changes:
    """Bring back the single records that one action moved to the recycle bin.

    An action that did nothing else is taken back row by row, so that what was done to other rows since is not in the
    way; one that also wrote something (a number that took the place of another) is undone as a whole. UserError
    ``bin.of_binned`` when their child lies in the recycle bin, ``undo.…``, ``storage.overlap``.
    """
    found = store.one("SELECT id, words FROM action WHERE uuid = ?", (action_uuid,))
    if found is None:
        raise refuse("undo.unknown")
    action_id, words = found
    rows = _only_binned(store, action_id)
    if rows is None:
        return undo(store, action_uuid, by=by).changes
    with store.action(f"从回收站取回：{words}", kind="record.unbin", by=by) as action:
        for table, uuid in rows:
            model = _MODELS[table]
            _refuse_without_owner(store, model, uuid)
            _restore(store, action, model, uuid)
        return changes_of(store, action, children=children_of(store, [uuid for _, uuid in rows]))


# ---- inside ---------------------------------------------------------------------------------------------------------


class _Binned(Struct, frozen=True):
    id: int
    name: str
    id_number: str | None
    registry: str | None
    action_id: int | None


def _restore(store: Store, action: Action, model: type[Row], row: int | str) -> None:
    """Take a row out of the recycle bin; a planned call whose slot was given away meanwhile comes back cancelled."""
    if model is PlannedCallRow:
        bring_back(store, action, row)
    else:
        action.restore(model, row)


def _around_kin(store: Store, image: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    """Count what names the same grown-up of the same child besides."""
    for model in OF_CHILD:
        columns = {one.column_name for one in model._meta.sorted_fields}
        if model is not DATED["kinship"] and "person_id" in columns:
            sql = f"SELECT count(*) FROM {model._meta.table_name} WHERE child_id = ? AND person_id = ? AND deleted_at IS NULL"
            (count,) = store.rows(sql, (image["child_id"], image["person_id"]))[0]
            if count:
                yield TABLES[model._meta.table_name], count


def _rows_of(
    store: Store, child_id: int, condition: str, *params: object
) -> Iterator[tuple[type[Row], list[int]]]:
    for model in OF_CHILD:
        sql = f"SELECT id FROM {model._meta.table_name} WHERE child_id = ? AND {condition} ORDER BY id"
        rows = [row[0] for row in store.rows(sql, (child_id, *params))]
        if rows:
            yield model, rows


def _moved_with(store: Store, child_id: int, action_id: int | None) -> Iterator[tuple[type[Row], list[int]]]:
    """Yield the rows of a child that the action moved to the recycle bin and that still lie there."""
    for model in OF_CHILD:
        table = model._meta.table_name
        moved_by = _MOVED_BY.format(uuid=f"{table}.uuid", table=table)
        sql = f"SELECT id FROM {table} WHERE child_id = ? AND deleted_at IS NOT NULL AND ({moved_by}) = ? ORDER BY id"
        rows = [row[0] for row in store.rows(sql, (child_id, action_id))]
        if rows:
            yield model, rows


def _only_binned(store: Store, action_id: int) -> list[tuple[str, str]] | None:
    """Return the rows an action moved to the bin; None when it did anything else, or to rows that are no child's."""
    rows = store.rows(
        "SELECT table_name, row_uuid, op = 'update' AND json_extract(after_json, '$.deleted_at') IS NOT NULL"
        " AND json_extract(before_json, '$.deleted_at') IS NULL"
        " AND json_remove(after_json, '$.deleted_at') = json_remove(before_json, '$.deleted_at')"
        " FROM change WHERE action_id = ? ORDER BY seq",
        (action_id,),
    )
    if not all(moved and table in _MODELS for table, _, moved in rows):
        return None
    return [(table, uuid) for table, uuid, _ in rows]


def _refuse_without_owner(store: Store, model: type[Row], uuid: str) -> None:
    if "child_id" not in {one.column_name for one in model._meta.sorted_fields}:
        return
    found = store.one(
        f"SELECT child.name FROM {model._meta.table_name} f JOIN child ON child.id = f.child_id"
        " WHERE f.uuid = ? AND child.deleted_at IS NOT NULL",
        (uuid,),
    )
    if found is not None:
        raise refuse("bin.of_binned", name=found[0])


def _live(store: Store, uuids: Iterable[str]) -> list[tuple[int, str, str]]:
    found = []
    for uuid in uuids:
        row = store.one("SELECT id, uuid, name FROM child WHERE uuid = ? AND deleted_at IS NULL", (uuid,))
        if row is None:
            raise refuse("child.unknown")
        found.append((row[0], row[1], row[2]))
    if not found:
        raise refuse("child.nobody")
    return found


def _binned(store: Store, uuid: str) -> _Binned:
    moved_by = _MOVED_BY.format(uuid="child.uuid", table="child")
    row = store.one(
        "SELECT child.id, name, id_number, student_registry_no, action.id, action.kind FROM child"
        f" LEFT JOIN action ON action.id = ({moved_by}) WHERE child.uuid = ? AND deleted_at IS NOT NULL",
        (uuid,),
    )
    if row is None:
        raise refuse("child.not_binned")
    if row[5] == MERGED:
        raise refuse("bin.merged", name=row[1], into=_merged_into(store, uuid, row[4]))
    return _Binned(*row[:5])


def _merged_into(store: Store, uuid: str, action_id: int) -> str:
    """Return the name of the child whose file a merged one went into: where its records stand now."""
    for model in OF_CHILD:
        table = model._meta.table_name
        found = store.one(
            f"SELECT child.name FROM change JOIN {table} f ON f.uuid = change.row_uuid JOIN child ON child.id = f.child_id"
            " WHERE change.action_id = ? AND change.table_name = ? AND child.uuid <> ? LIMIT 1",
            (action_id, table, uuid),
        )
        if found is not None:
            return str(found[0])
    (words,) = store.one("SELECT words FROM action WHERE id = ?", (action_id,)) or ("",)
    return str(words).partition("：")[2]
