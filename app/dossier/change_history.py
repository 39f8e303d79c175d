"""看改动历史: what was ever written about one child and the people around it, in words, the last first."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct

from app.children.codes import Relation
from app.children.tables import DATED, Child, OfPerson, Person
from app.dossier.hanging import OPENLY_TOLD
from app.dossier.naming import ReferenceWords
from app.dossier.words import COLUMNS, TABLES, column_words, value_words
from app.school.event_rules import event_name
from app.storage.base import Row
from app.storage.store import Store

# How a row is kept, and what follows from another column: nobody changed these.
_SILENT = frozenset(
    {
        "id", "uuid", "entered_at", "entered_on", "child_id", "initials", "occasion", "position", "batch", "key_uuid",
        "asked_uuid", "sealed", "sha256", "size", "width", "height", "media_type",
    }
)  # fmt: skip
# A box that is not ticked says nothing when a row is told as a whole.
_TICKED = frozenset({"mind", "life", "study", "conduct", "fixed"})
_LONGEST = 60  # characters of one value when a row is told as a whole
_SILENT_IN_DOUBT = frozenset({"code", "field"})
_OF_PERSON: tuple[type[Row], ...] = tuple(model for model in DATED.values() if issubclass(model, OfPerson))

Image = Mapping[str, Any]


class ChangeLine(Struct, frozen=True):
    """One thing that was changed. ``at`` is local ISO time; ``subject`` whom it is about (本人, 母亲 向桂香).

    ``before`` is "" where something was written for the first time, ``after`` 移到回收站 where it was taken out.
    ``action_uuid`` is the action it was part of, ``action_words`` what that was called, ``table`` where it is stored.
    """

    at: str
    who: str | None
    subject: str
    what: str
    before: str
    after: str
    action_uuid: str
    action_words: str
    table: str


class _Row(Struct, frozen=True):
    """One row of the file with its subject, and its present image; ``person_uuid`` whose it is, "" the child's."""

    table: str
    uuid: str
    subject: str
    image: Image
    person_uuid: str = ""


class _Done(Struct, frozen=True):
    """One action as the history shows it; ``order`` puts changes in the order in which they were saved."""

    order: tuple[int, int]
    at: str
    who: str | None
    uuid: str
    words: str


def change_history(store: Store, child_uuid: str) -> list[ChangeLine]:
    """Return every change of a child's file, the last one first; empty when there is no such child."""
    rows = list(_rows(store, child_uuid))
    words = RowWords(store)
    found: list[tuple[tuple[int, int], ChangeLine]] = []
    for row, made, first, later in _lives(store, rows):
        if made is not None:
            line = words.line(made, row, TABLES[row.table], "", words.whole(row.table, first))
            found.append((made.order, line))
        for done, before, after in later:
            found.extend((done.order, line) for line in words.lines(done, row, before, after))
    return [line for _, line in sorted(found, key=lambda pair: pair[0], reverse=True)]


def field_history(
    store: Store, child_uuid: str, *, table: str, column: str, person_uuid: str = ""
) -> list[ChangeLine]:
    """Return what became of one field of a child's file, the last change first.

    ``table`` and ``column`` name the field; of a dated fact every period belongs to it. ``person_uuid`` is the grown-up
    whose field it is, "" for the child's own. The first line says what it was when it was entered.
    """
    everything = list(_rows(store, child_uuid))
    rows = [row for row in everything if row.table == table and row.person_uuid == person_uuid]
    words = RowWords(store)
    found: list[tuple[tuple[int, int], ChangeLine]] = []
    for row, made, first, later in _lives(store, rows):
        if made is not None and first.get(column) is not None:
            found.append((made.order, words.entered(made, row, column, first)))
        for done, before, after in later:
            line = words.field_line(done, row, column, before, after)
            if line is not None:
                found.append((done.order, line))
    return [line for _, line in sorted(found, key=lambda pair: pair[0], reverse=True)]


class RowWords:
    """Says rows and their changes in words."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._references = ReferenceWords(store)

    def lines(self, done: _Done, row: _Row, before: Image, after: Image) -> Iterator[ChangeLine]:
        """Yield one line per column that differs; moving to the recycle bin and back is one line for the row."""
        changed = [
            name for name in after if not _is_silent(row.table, name) and before.get(name) != after[name]
        ]
        if "deleted_at" in changed:
            gone, what = after["deleted_at"] is not None, TABLES[row.table]
            whole = self.whole(row.table, before)
            yield (
                self.line(done, row, what, whole, _BINNED)
                if gone
                else self.line(done, row, what, _BINNED, whole)
            )
            return
        if "name" in changed and "pinyin" in changed:
            changed.remove("pinyin")
        for name in changed:
            what = column_words(row.table, name)
            if row.table not in ("child", "person") and what != TABLES[row.table]:
                what = f"{TABLES[row.table]}：{what}"
            old, new = (self._value(row.table, name, image.get(name)) for image in (before, after))
            yield self.line(done, row, what, old, new)

    def entered(self, made: _Done, row: _Row, column: str, first: Image) -> ChangeLine:
        """Return what a field was when its row was entered."""
        value = self._value(row.table, column, first[column])
        return self.line(
            made, row, column_words(row.table, column), "", value + self._since(row.table, first)
        )

    def field_line(
        self, done: _Done, row: _Row, column: str, before: Image, after: Image
    ) -> ChangeLine | None:
        """Return what a change did to one field, its going to the recycle bin included; None when nothing."""
        what = column_words(row.table, column)
        if before.get("deleted_at") != after.get("deleted_at"):
            value = self._value(row.table, column, after.get(column)) + self._since(row.table, after)
            gone = after.get("deleted_at") is not None
            return (
                self.line(done, row, what, value, _BINNED)
                if gone
                else self.line(done, row, what, _BINNED, value)
            )
        if all(before.get(name) == after.get(name) for name in (column, "valid_from", "valid_to")):
            return None
        old, new = (
            self._value(row.table, column, image.get(column)) + self._since(row.table, image)
            for image in (before, after)
        )
        return self.line(done, row, what, old, new)

    @staticmethod
    def _since(table: str, image: Image) -> str:
        """Return in brackets when a dated fact held; nothing for what has no dates."""
        if table in ("child", "person"):
            return ""
        start, end = image.get("valid_from"), image.get("valid_to")
        if start is None and end is None:
            return ""
        return f"（{start or '以前'} 至 {end}）" if end else f"（{start} 起）"

    def whole(self, table: str, image: Image) -> str:
        """Return what a row says, in one line: its own values, and since when."""
        values = [
            _short(self._value(table, name, image[name]))
            if name in _SPEAKING
            else f"{words} {_short(self._value(table, name, image[name]))}"
            for name, words in COLUMNS[table].items()
            if not _is_silent(table, name)
            and image.get(name) not in (None, "")
            and not (name in _TICKED and not image[name])
            and not (name == "every_weeks" and image.get("alternate_on") is None)
        ]
        if table == "child":
            values = [str(image["name"])]
        start, end = image.get("valid_from"), image.get("valid_to")
        period = (f"{start} 起" if start and not end else "") or (
            f"{start or '以前'} 至 {end}" if end else ""
        )
        return "，".join([*values, *([period] if period else [])])

    @staticmethod
    def line(done: _Done, row: _Row, what: str, before: str, after: str) -> ChangeLine:
        """Return the line of one change."""
        return ChangeLine(
            done.at, done.who, row.subject, what, before, after, done.uuid, done.words, row.table
        )

    def _value(self, table: str, column: str, value: object) -> str:
        if isinstance(value, int) and self._references.names(column):
            return self._references.words(column, value)
        if (table, column) == ("trigger_event", "rule_code"):
            return event_name(self._store, str(value))
        if column in ("valid_from", "valid_to") and value is None:
            return "不详" if column == "valid_from" else "至今"
        return value_words(table, column, value)


_BINNED = "移到回收站"

# Values that are plain without the name of their column.
_SPEAKING = frozenset(
    {
        "name", "status", "state", "place", "trade", "employer", "number", "kind", "relation", "label", "person_id",
        "school_class_id", "village", "village_group", "address", "category", "ground", "illness", "office", "reason",
        "code", "content", "supporter_id", "buddy_id", "rule_code", "topic", "happened_on", "medium", "title",
        "weekday",
    }
)  # fmt: skip


def _is_silent(table: str, column: str) -> bool:
    # The place of a planned call is its order among brothers and sisters in one slot, not a place where anybody is.
    is_order = (table, column) == ("planned_call", "place")
    return is_order or column in _SILENT or (table == "doubt" and column in _SILENT_IN_DOUBT)


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _lives(
    store: Store, rows: Sequence[_Row]
) -> Iterator[tuple[_Row, _Done | None, Image, list[tuple[_Done, Image, Image]]]]:
    """Yield each row with the action that made it, its first image, and every change after."""
    changes: dict[tuple[str, str], list[tuple[_Done, Image, Image]]] = {}
    for done, table, uuid, before, after in _changes(store, [row.uuid for row in rows]):
        changes.setdefault((table, uuid), []).append((done, before, after))
    for row in {(row.table, row.uuid): row for row in rows}.values():
        later = changes.get((row.table, row.uuid), [])
        first = later[0][1] if later else row.image
        yield row, _made(store, row, first), first, later


def _rows(store: Store, child_uuid: str) -> Iterator[_Row]:
    """Yield every row of the child's file, those in the recycle bin too."""
    for image in _images(store, Child, "uuid = ?", child_uuid):
        yield _Row("child", child_uuid, "本人", image)
        child_id = image["id"]
        for model in OPENLY_TOLD:
            for fact in _images(store, model, "child_id = ?", child_id):
                yield _Row(model._meta.table_name, fact["uuid"], "本人", fact)
        for person_id, subject in _people(store, child_id).items():
            for person in _images(store, Person, "id = ?", person_id):
                who = " ".join(part for part in (subject, person["name"]) if part)
                yield _Row("person", person["uuid"], who, person, person["uuid"])
                for model in _OF_PERSON:
                    for fact in _images(store, model, "person_id = ?", person_id):
                        yield _Row(model._meta.table_name, fact["uuid"], who, fact, person["uuid"])


def _people(store: Store, child_id: int) -> dict[int, str]:
    """Return everybody who was ever around the child, with what they are to it."""
    found: dict[int, str] = {}
    for person_id, relation, label in store.rows(
        "SELECT person_id, relation, label FROM kinship WHERE child_id = ? ORDER BY id", (child_id,)
    ):
        found[person_id] = label or Relation(relation).label
    for table, word in (("care", "监护人"), ("contact_order", "联系人")):
        sql = f"SELECT person_id FROM {table} WHERE child_id = ? AND person_id IS NOT NULL ORDER BY id"  # noqa: S608
        for (person_id,) in store.rows(sql, (child_id,)):
            found.setdefault(person_id, word)
    return found


def _images(store: Store, model: type[Row], where: str, value: object) -> Iterator[Image]:
    columns = [field.column_name for field in model._meta.sorted_fields]
    sql = f"SELECT {', '.join(columns)} FROM {model._meta.table_name} WHERE {where} ORDER BY id"  # noqa: S608
    for row in store.rows(sql, (value,)):
        yield dict(zip(columns, row, strict=True))


def _changes(store: Store, uuids: list[str]) -> Iterator[tuple[_Done, str, str, Image, Image]]:
    """Yield every change of these rows after they were made, in the order in which it was saved.

    ``op <> 'insert'`` is there for the index of changes by row, which leaves the inserts out.
    """
    for seq, number, at, who, action, words, table, uuid, before, after in store.rows(
        "SELECT c.seq, a.commit_no, a.at, a.who, a.uuid, a.words, c.table_name, c.row_uuid, c.before_json, c.after_json"
        " FROM change c JOIN action a ON a.id = c.action_id"
        " WHERE c.op = 'update' AND c.op <> 'insert' AND c.row_uuid IN (SELECT value FROM json_each(?)) ORDER BY c.seq",
        (json.dumps(uuids),),
    ):
        done = _Done((number, seq), at, who, action, words)
        yield done, table, uuid, json.loads(before), json.loads(after)


def _made(store: Store, row: _Row, first: Image) -> _Done | None:
    """Return the action that made the row: that of its ``entered_at``; of several in one second the one that has it."""
    found = store.rows(
        "SELECT id, commit_no, at, who, uuid, words FROM action WHERE at = ? AND commit_no IS NOT NULL ORDER BY id",
        (first["entered_at"],),
    )
    if len(found) > 1:
        ids = json.dumps([one[0] for one in found])
        maker = store.one(
            "SELECT action_id FROM change WHERE action_id IN (SELECT value FROM json_each(?)) AND op = 'insert'"
            " AND table_name = ? AND row_uuid = ?",
            (ids, row.table, row.uuid),
        )
        found = [one for one in found if maker is not None and one[0] == maker[0]]
    if not found:
        return None
    _, number, at, who, uuid, words = found[0]
    return _Done((number, 0), at, who, uuid, words)
