"""Moving children to the recycle bin and back, with everything that hangs on them. What goes is counted first."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.children.affected import changes_of
from app.children.identity import refuse_taken
from app.children.labels import TABLES
from app.children.tables import DATED, Child, ContactOrder, Doubt, OfChild
from app.core.changes import Changes
from app.core.errors import UserError
from app.storage.base import Row
from app.storage.store import Store

_HANGING: tuple[type[Row], ...] = (
    *(model for model in DATED.values() if issubclass(model, OfChild)),
    ContactOrder,
    Doubt,
)


@dataclass(frozen=True, slots=True)
class BinPreview:
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


@dataclass(frozen=True, slots=True)
class BinnedChild:
    """A child in the recycle bin."""

    uuid: str
    name: str
    birth_date: str | None
    deleted_at: str


def bin_preview(store: Store, uuids: Sequence[str]) -> BinPreview:
    """Count what ``move_to_bin`` would move."""
    children = _live(store, uuids)
    counts: dict[str, int] = {}
    for child_id, _, _ in children:
        for model, rows in _rows_of(store, child_id, "deleted_at IS NULL"):
            word = TABLES[model._meta.table_name]
            counts[word] = counts.get(word, 0) + len(rows)
    return BinPreview(tuple(name for _, _, name in children), tuple(counts.items()))


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
    rows = store.rows(
        "SELECT uuid, name, birth_date, deleted_at FROM child WHERE deleted_at IS NOT NULL"
        " ORDER BY deleted_at DESC, pinyin, uuid"
    )
    return [BinnedChild(*row) for row in rows]


def restore_from_bin(store: Store, *, uuids: Sequence[str], by: str | None = None) -> Changes:
    """Bring children back with everything that went to the recycle bin together with them.

    UserError ``id.taken`` / ``registry.taken`` when somebody else has the number meanwhile.
    """
    binned = [row for uuid in uuids for row in (_binned(store, uuid),)]
    words = binned[0][1] if len(binned) == 1 else f"{len(binned)} 名儿童"
    with store.action(f"从回收站取回：{words}", kind="child.unbin", by=by) as action:
        for child_id, _, deleted_at, id_number, registry in binned:
            refuse_taken(store, "id_number", id_number, None)
            refuse_taken(store, "student_registry_no", registry, None)
            action.restore(Child, child_id)
            for model, rows in _rows_of(store, child_id, "deleted_at = ?", deleted_at):
                for row_id in rows:
                    action.restore(model, row_id)
        return changes_of(store, action, children=uuids)


def _rows_of(
    store: Store, child_id: int, condition: str, *params: object
) -> Iterator[tuple[type[Row], list[int]]]:
    for model in _HANGING:
        sql = f"SELECT id FROM {model._meta.table_name} WHERE child_id = ? AND {condition} ORDER BY id"  # noqa: S608
        rows = [row[0] for row in store.rows(sql, (child_id, *params))]
        if rows:
            yield model, rows


def _live(store: Store, uuids: Sequence[str]) -> list[tuple[int, str, str]]:
    found = []
    for uuid in uuids:
        row = store.one("SELECT id, uuid, name FROM child WHERE uuid = ? AND deleted_at IS NULL", (uuid,))
        if row is None:
            raise UserError("child.unknown", "找不到这名儿童，可能已在回收站里。", "数据没有动。")
        found.append((row[0], row[1], row[2]))
    if not found:
        raise UserError("child.nobody", "没有选儿童。", "数据没有动。")
    return found


def _binned(store: Store, uuid: str) -> tuple[int, str, str, str | None, str | None]:
    row = store.one(
        "SELECT id, name, deleted_at, id_number, student_registry_no FROM child"
        " WHERE uuid = ? AND deleted_at IS NOT NULL",
        (uuid,),
    )
    if row is None:
        raise UserError("child.not_binned", "这名儿童不在回收站里。", "数据没有动。")
    return row[0], row[1], row[2], row[3], row[4]
