"""Takes one action back: the inverse images in reverse order (decisions.md §2.3).

Nothing is overwritten: a row that is no longer as the action left it, or that later rows stand
on, stops the undo with the reason. A partial action (a roster import) gives back what nobody
has touched since and lists the rest; what belongs to a child or grown-up that stays, stays.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import peewee
from msgspec import Struct, field

from app.core.changes import Changes
from app.core.errors import UserError
from app.core.messages import refuse
from app.storage.action import Action
from app.storage.in_the_way import standing_there
from app.storage.store import Store
from app.storage.table_words import WORDS

Row = tuple[str, str]  # table, uuid

# After an undo every page looks again: it may have touched anything.
_AREAS = frozenset(
    {"school", "calendar", "children", "roster", "pairing", "diary", "todo", "survey", "calls"}
)

# What is never taken back: the logs of what left the program and what was rehearsed or destroyed, and the wrapped keys
# of the counselling notes (without them nobody could read the notes again).
_STAYS = {
    "handover": "undo.stays",
    "drill": "undo.stays",
    "destruction": "undo.stays",
    "counselling_key": "undo.keys",
}
FOUNDING = "school.init"
"""The kind of the action that founds the school: without it the ledger would belong to nobody."""

# A row belongs to the child or grown-up it names in one of these columns and stays or goes with them.
_OWNERS = frozenset({"child_id", "person_id"})


class KeptRow(Struct, frozen=True):
    """A row that a partial undo left as it is, and why, in Chinese."""

    table: str
    row_uuid: str
    reason: str


class UndoResult(Struct, frozen=True):
    """What an undo did. ``kept`` is empty unless the action was partial."""

    changes: Changes
    kept: tuple[KeptRow, ...]


class _Change(Struct, frozen=True):
    table: str
    uuid: str
    op: str
    before: str | None
    after: str | None

    @property
    def row(self) -> Row:
        return self.table, self.uuid


class _Kept(Struct):
    """The rows that stay, with the reason of each."""

    reasons: dict[Row, str] = field(default_factory=dict)
    later_words: str = ""

    def __contains__(self, row: Row) -> bool:
        return row in self.reasons

    def add(self, row: Row, reason: str) -> bool:
        if row in self.reasons:
            return False
        self.reasons[row] = reason
        return True


# Made on the way, for a member of staff who is needed as a supporter the first time: says nothing by itself, so it may
# stay when a later record uses it, and the step that happened to make it can be taken back all the same.
_STAYS_WHEN_USED = frozenset({"supporter"})


def undo(store: Store, action_uuid: str, *, by: str | None) -> UndoResult:
    """Take the action back as a new action (kind ``undo``); undoing that one brings it back.

    UserError ``undo.…`` with the reason when it cannot be; then nothing was changed.
    """
    found = store.one(
        "SELECT id, words, undone_by_id, undoes_id, partial, kind FROM action WHERE uuid = ?", (action_uuid,)
    )
    if found is None:
        raise refuse("undo.unknown")
    action_id, words, undone_by, undoes, is_partial, kind = found
    if undone_by is not None:
        raise refuse("undo.already")
    if kind == FOUNDING:
        raise refuse("undo.founding")
    changes = [
        _Change(*row)
        for row in store.rows(
            "SELECT table_name, row_uuid, op, before_json, after_json FROM change WHERE action_id = ? ORDER BY seq",
            (action_id,),
        )
    ]
    for change in changes:
        if change.table in _STAYS:
            raise refuse(_STAYS[change.table])
    kept = _find_kept(store, action_id, changes, strict=not is_partial)
    with store.action(
        _title(words, is_undo=undoes is not None), kind="undo", by=by, partial=bool(is_partial)
    ) as action:
        _put_back(store, action, changes, kept, strict=not is_partial)
        if not action.touched:
            raise _changed_since(kept)
        mark_undone(store.db.execute_sql, action_id, action.id)
    rows = tuple(
        KeptRow(table, uuid, reason)
        for (table, uuid), reason in kept.reasons.items()
        if table not in _STAYS_WHEN_USED
    )
    return UndoResult(action.changes(_AREAS), rows)


def _title(words: str, *, is_undo: bool) -> str:
    """Return what the undo is called: 撤销 and 取消撤销 in turn, never one on top of the other."""
    if not is_undo:
        return f"撤销：{words}"
    verb, _, rest = words.partition("：")
    return f"取消撤销：{rest}" if verb == "撤销" else f"撤销：{rest}"


def _find_kept(store: Store, action_id: int, changes: Sequence[_Change], *, strict: bool) -> _Kept:
    """Return the rows that may not be taken back; UserError instead when ``strict``."""
    kept = _Kept()
    left = {change.row: change.after for change in changes}
    present = _present_images(store, action_id, {change.table for change in changes})
    for row, after in left.items():
        if not _same(after, present.get(row)):
            at, kept.later_words = _last_touch(store, row)
            kept.add(row, f"之后又改过（{at}，{kept.later_words}）")
    if strict and kept.reasons:
        raise _changed_since(kept)
    inserted = {change.row for change in changes if change.op == "insert"}
    edges = _references(store, action_id, {table for table, _ in inserted})
    for referring, referred, _ in edges:
        # A row the action itself pointed there is pointed back when its change is taken back.
        is_own = referring in left and (referring in inserted or referring not in kept)
        if not is_own:
            kept.add(referred, "后来的记录用到了它")
    used = [row for row in kept.reasons if row[0] not in _STAYS_WHEN_USED]
    if strict and (used or (kept.reasons and kept.reasons.keys() == left.keys())):
        raise refuse("undo.used_since", count=len(kept.reasons), what=_words(kept.reasons))
    _spread(kept, edges, inserted)
    return kept


def _spread(kept: _Kept, edges: Sequence[tuple[Row, Row, str]], inserted: set[Row]) -> None:
    """Keep what a kept row stands on, and what belongs to a kept child or grown-up."""
    is_spreading = bool(kept.reasons)
    while is_spreading:
        is_spreading = False
        for referring, referred, column in edges:
            if referring in kept and kept.add(referred, "和留下的记录是一起的"):
                is_spreading = True
            owned = column in _OWNERS and referring in inserted
            if referred in kept and owned and kept.add(referring, "和留下的记录是一起的"):
                is_spreading = True


def _put_back(store: Store, action: Action, changes: Sequence[_Change], kept: _Kept, *, strict: bool) -> None:
    """Write the inverse of each change that is not kept, the last one first.

    Row by row: a savepoint around many rows would let SQLite journal every page twice, ten
    times as slow on a large import.
    """
    for change in reversed(changes):
        if change.row in kept:
            continue
        sql, values = _inverse(change)
        try:
            store.db.execute_sql(sql, values)
        except (peewee.IntegrityError, UserError) as error:
            if strict:
                there = standing_there(store, change.table, change.before or "{}")
                told = "" if there is None else f"：{_moment(there.at)}「{there.words}」"
                raise refuse("undo.in_the_way", what=_words([change.row]), later=told) from error
            kept.add(change.row, "现在的记录挡住了原来的内容")
        else:
            action.note_written([change.uuid])


def _inverse(change: _Change) -> tuple[str, tuple[Any, ...]]:
    """Return the statement that takes ``change`` back and its values."""
    if change.op == "insert":
        return f'DELETE FROM "{change.table}" WHERE uuid = ?', (change.uuid,)
    before: Mapping[str, object] = json.loads(change.before or "{}")
    if change.op == "delete":
        names = ", ".join(f'"{name}"' for name in before)
        marks = ", ".join("?" * len(before))
        return f'INSERT INTO "{change.table}" ({names}) VALUES ({marks})', tuple(before.values())
    after: Mapping[str, object] = json.loads(change.after or "{}")
    old = {name: value for name, value in before.items() if value != after.get(name)}
    assignments = ", ".join(f'"{name}" = ?' for name in old)
    return f'UPDATE "{change.table}" SET {assignments} WHERE uuid = ?', (*old.values(), change.uuid)


def _present_images(store: Store, action_id: int, tables: Iterable[str]) -> dict[Row, str]:
    """Return how the rows of an action look now, in the form of the history's images."""
    images: dict[Row, str] = {}
    for table in tables:
        columns = store.rows(f'PRAGMA table_info("{table}")')
        pairs = ", ".join(f"'{name}', \"{name}\"" for _, name, kind, *_ in columns if kind != "BLOB")
        rows = store.rows(
            f'SELECT uuid, json_object({pairs}) FROM "{table}"'
            " WHERE uuid IN (SELECT row_uuid FROM change WHERE action_id = ? AND table_name = ?)",
            (action_id, table),
        )
        images.update(((table, uuid), image) for uuid, image in rows)
    return images


def _same(left: str | None, present: str | None) -> bool:
    """Tell whether a row is as an action left it. A column added by a later migration is no change."""
    if left is None or present is None or left == present:
        return left == present
    was, is_now = json.loads(left), json.loads(present)
    return all(name in is_now and is_now[name] == value for name, value in was.items())


def _references(store: Store, action_id: int, tables: set[str]) -> list[tuple[Row, Row, str]]:
    """Return (referring row, referred row, column) for every row that now refers to a row the action inserted."""
    edges: list[tuple[Row, Row, str]] = []
    keys = store.rows(
        'SELECT child.name, "table", "from" FROM sqlite_master AS child, pragma_foreign_key_list(child.name)'
        " WHERE child.type = 'table' AND child.name NOT IN ('change', 'action', 'current_action')"
    )
    for child, parent, column in keys:
        if parent not in tables:
            continue
        rows = store.rows(
            f'SELECT child.uuid, parent.uuid FROM "{parent}" AS parent'
            f' JOIN "{child}" AS child ON child."{column}" = parent.id'
            " WHERE parent.uuid IN (SELECT row_uuid FROM change"
            " WHERE action_id = ? AND table_name = ? AND op = 'insert')",
            (action_id, parent),
        )
        edges.extend(((child, one), (parent, other), column) for one, other in rows)
    return edges


def _last_touch(store: Store, row: Row) -> tuple[str, str]:
    """Return when and by which action (in words) a row was last changed."""
    found = store.one(
        "SELECT at, words FROM action WHERE id = (SELECT action_id FROM change"
        " WHERE row_uuid = ? AND table_name = ? AND op <> 'insert' ORDER BY seq DESC LIMIT 1)",
        (row[1], row[0]),
    )
    return ("", "") if found is None else (_moment(found[0]), str(found[1]))


def _moment(at: object) -> str:
    return str(at).replace("T", " ")[:16]


def mark_undone(execute: Callable[..., Any], action_id: int, by_id: int) -> None:
    """Note who took what back; taking an undo back puts the action before it in force again, and so on down."""
    execute("UPDATE action SET undoes_id = ? WHERE id = ?", (action_id, by_id))
    undone: int | None = action_id
    undoer: int | None = by_id
    while undone is not None:
        execute("UPDATE action SET undone_by_id = ? WHERE id = ?", (undoer, undone))
        (below,) = execute("SELECT undoes_id FROM action WHERE id = ?", (undone,)).fetchone() or (None,)
        undoer = undone if undoer is None else None
        undone = below


def _changed_since(kept: _Kept) -> UserError:
    return refuse(
        "undo.changed_since", count=len(kept.reasons), what=_words(kept.reasons), later=kept.later_words
    )


def _words(rows: Iterable[Row]) -> str:
    return "、".join(dict.fromkeys(WORDS.get(table, table) for table, _ in rows))
