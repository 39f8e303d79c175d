"""Two files of the same child, side by side: what differs, what stands in each other's way, what would move.

Nothing is written here (``service_merge`` does that). A pair is only ever a question; a person decides.
"""

import json
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any

from msgspec import Struct, field

from app.children.codes import FATHERS, MOTHERS, Relation
from app.children.periods import subject_column
from app.children.tables import DATED, Child, Fact, Kinship, OfChild, OfPerson
from app.core.messages import refuse
from app.dossier.change_history import RowWords
from app.dossier.hanging import OF_CHILD, WAITING
from app.dossier.words import TABLES, column_words, value_words
from app.pairing.tables import PairingRow
from app.school.queries import all_classes
from app.storage.base import Row
from app.storage.store import Store

# Table and column names below are our own; what a user typed only ever goes in as a parameter.
# ruff: noqa: S608

MERGED = "child.merge"
"""The kind of the action that merged two children."""
FIELDS = tuple(
    one.column_name
    for one in Child._meta.sorted_fields
    if one.column_name not in ("id", "uuid", "entered_at", "deleted_at", "pinyin", "initials")
)
"""The columns of a child she chooses between; the reading of a name goes with the name."""
JOINED = frozenset(
    {
        "name_note", "birth_note", "allergies", "medical_history", "personality", "hobbies", "study", "behaviour",
        "family_contact", "special_needs", "care_measures", "note",
    }
)  # fmt: skip
"""Free text: both may stay, one after the other."""
HANGING: tuple[type[Row], ...] = (*OF_CHILD, *WAITING)
"""Every table whose rows hang on a child."""
_NOT_SAID = frozenset(
    {"id", "uuid", "entered_at", "deleted_at", "valid_from", "valid_to", "source", "noted_on"}
)
OVERLAP = (
    "deleted_at IS NULL AND coalesce(valid_from, '') < coalesce(:to, '9999')"
    " AND coalesce(:from, '') < coalesce(valid_to, '9999')"
)
"""The condition of the period guard (history_triggers): the row's time meets [:from, :to)."""


class Side(StrEnum):
    """Whose: the file that stays, the one that goes into it, or both after each other."""

    KEEP = "keep"
    DROP = "drop"
    BOTH = "both"


class Pairing(StrEnum):
    """What two grown-ups of the same relation are: one and the same, two, or one of them mistaken."""

    SAME = "same"
    BOTH = "both"
    KEEP = "keep"
    DROP = "drop"


class FieldPair(Struct, frozen=True):
    """One field of both files in words. ``proposed`` is the side that stands when she chooses nothing."""

    column: str
    words: str
    keep: str
    drop: str
    proposed: Side
    may_join: bool

    @property
    def differs(self) -> bool:
        """Tell whether both have something, and not the same: only then is there something to choose."""
        return bool(self.keep) and bool(self.drop) and self.keep != self.drop


class Clash(Struct, frozen=True):
    """Dated records of both files about the same time: only one side's can stand, the other's go to the bin.

    ``person`` is the uuid of the grown-up of the file that goes, "" for the child itself. ``same`` = they say the same.
    """

    key: str
    words: str
    keep: tuple[str, ...]
    drop: tuple[str, ...]
    proposed: Side
    same: bool
    person: str = ""


class PersonPair(Struct, frozen=True):
    """A grown-up of each file with the same relation. A child has one father: ``only_one`` leaves no two."""

    keep_uuid: str
    drop_uuid: str
    words: str
    keep: str
    drop: str
    proposed: Pairing
    only_one: bool

    @property
    def key(self) -> str:
        """Return by what the choice is named."""
        return f"{self.keep_uuid}:{self.drop_uuid}"


class MergePreview(Struct, frozen=True):
    """Everything that is shown before. ``moves`` counts the records of the file that goes, by their word."""

    keep_uuid: str
    drop_uuid: str
    keep_name: str
    drop_name: str
    keep_facts: str
    drop_facts: str
    fields: tuple[FieldPair, ...]
    clashes: tuple[Clash, ...]
    people: tuple[PersonPair, ...]
    moves: tuple[tuple[str, int], ...]
    commit_no: int

    @property
    def records(self) -> int:
        """Return how many records move, all kinds together."""
        return sum(count for _, count in self.moves)

    @property
    def against(self) -> str:
        """Return what speaks against their being one child; "" when nothing does."""
        telling = ("sex", "birth_date", "id_number", "student_registry_no")
        differ = [pair.words for pair in self.fields if pair.column in telling and pair.differs]
        return f"{'、'.join(differ)}不同，可能是两名儿童，请先对照户口本。" if differ else ""

    @property
    def words(self) -> str:
        """Return the sentence above the verbs: how much moves, and that nothing is thrown away."""
        listed = "、".join(f"{word} {count} 条" for word, count in self.moves)
        moved = f"「{self.drop_name}」名下 {self.records} 条记录都并过来（{listed}）。" if listed else ""
        return f"{moved}并掉的那一份进回收站，可以整个撤销。"


class MergeChoices(Struct, frozen=True):
    """What she chose where the proposal was not right: by column, by clash, by pair of grown-ups.

    ``commit_no`` is that of the preview: a ledger that was changed meanwhile is looked at again first.
    """

    fields: Mapping[str, Side] = field(default_factory=dict)
    clashes: Mapping[str, Side] = field(default_factory=dict)
    people: Mapping[str, Pairing] = field(default_factory=dict)
    commit_no: int | None = None


def merge_preview(store: Store, keep_uuid: str, drop_uuid: str) -> MergePreview:
    """Return both files side by side. UserError ``merge.same`` for one child twice, ``child.unknown`` for none."""
    if keep_uuid == drop_uuid:
        raise refuse("merge.same")
    keep, drop = child_image(store, keep_uuid), child_image(store, drop_uuid)
    people = tuple(_people_pairs(store, keep["id"], drop["id"]))
    dated: list[type[Fact]] = [*DATED.values(), PairingRow]
    clashes = [clash for model in dated for clash in _child_clashes(store, model, keep, drop)]
    for pair in people:
        clashes += person_clashes(store, pair.keep_uuid, pair.drop_uuid)
    return MergePreview(
        keep_uuid=keep_uuid,
        drop_uuid=drop_uuid,
        keep_name=keep["name"],
        drop_name=drop["name"],
        keep_facts=_told_apart_by(store, keep),
        drop_facts=_told_apart_by(store, drop),
        fields=tuple(field_pair("child", column, keep, drop) for column in FIELDS),
        clashes=tuple(clashes),
        people=people,
        moves=tuple(_moves(store, drop["id"])),
        commit_no=store.commit_no,
    )


def side_by_side(store: Store, one_uuid: str, other_uuid: str) -> MergePreview:
    """Return the preview in which the file with more records under it stays."""
    counts = [
        sum(count for _, count in _moves(store, child_image(store, uuid)["id"]))
        for uuid in (one_uuid, other_uuid)
    ]
    uuids = (one_uuid, other_uuid) if counts[0] >= counts[1] else (other_uuid, one_uuid)
    return merge_preview(store, *uuids)


def field_pair(table: str, column: str, keep: Mapping[str, Any], drop: Mapping[str, Any]) -> FieldPair:
    """Return one column of both in words; what only one knows is proposed, of two free texts both."""
    mine, theirs = keep[column], drop[column]
    proposed = Side.KEEP
    if mine is None and theirs is not None:
        proposed = Side.DROP
    elif column in JOINED and mine is not None and theirs is not None and mine != theirs:
        proposed = Side.BOTH
    return FieldPair(
        column,
        column_words(table, column),
        "" if mine is None else value_words(table, column, mine),
        "" if theirs is None else value_words(table, column, theirs),
        proposed,
        column in JOINED,
    )


def person_clashes(store: Store, keep_uuid: str, drop_uuid: str) -> list[Clash]:
    """Return the dated records about two grown-ups that meet in time."""
    keep, drop = (image_of(store, "person", uuid) for uuid in (keep_uuid, drop_uuid))
    models = (model for model in DATED.values() if issubclass(model, OfPerson))
    return [clash for model in models for clash in _clashes(store, model, keep, drop, drop_uuid)]


def clash_key(model: type[Fact], person: str, image: Mapping[str, Any]) -> str:
    """Return by what a choice between two sides is named: the table and what the periods are kept by."""
    rest = [str(image[name]) for name in model.keys[1:]]
    return ":".join((person or "child", model._meta.table_name, *rest))


def child_image(store: Store, uuid: str) -> dict[str, Any]:
    """Return a live child's row; UserError ``child.unknown`` when there is none."""
    found = image_of(store, "child", uuid)
    if not found or found["deleted_at"] is not None:
        raise refuse("child.unknown")
    return found


def image_of(store: Store, table: str, uuid: str) -> dict[str, Any]:
    """Return a row by column; empty when there is none."""
    return next(images(store, table, "uuid = ?", uuid), {})


def images(store: Store, table: str, where: str, *params: object) -> Iterator[dict[str, Any]]:
    """Yield the rows of a table by column, in the order in which they were entered."""
    columns = [name for _, name, *_ in store.rows(f'PRAGMA table_info("{table}")')]
    for row in store.rows(f'SELECT {", ".join(columns)} FROM "{table}" WHERE {where} ORDER BY id', params):
        yield dict(zip(columns, row, strict=True))


def says_the_same(one: Mapping[str, Any], other: Mapping[str, Any], subject: str) -> bool:
    """Tell whether two dated records say the same about their subjects, whenever that was."""
    return all(one[name] == other[name] for name in one if name not in _NOT_SAID and name != subject)


# ---- inside ---------------------------------------------------------------------------------------------------------


def _child_clashes(
    store: Store, model: type[Fact], keep: Mapping[str, Any], drop: Mapping[str, Any]
) -> list[Clash]:
    # Who is kin is decided grown-up by grown-up; there a clash only says the same person twice.
    return [] if model is Kinship or not issubclass(model, OfChild) else _clashes(store, model, keep, drop)


def _clashes(
    store: Store, model: type[Fact], keep: Mapping[str, Any], drop: Mapping[str, Any], person: str = ""
) -> list[Clash]:
    table, subject = model._meta.table_name, subject_column(model)
    mine = list(images(store, table, f"{subject} = ? AND deleted_at IS NULL", keep["id"]))
    theirs = list(images(store, table, f"{subject} = ? AND deleted_at IS NULL", drop["id"]))
    found: dict[str, tuple[list[dict[str, Any]], list[dict[str, Any]]]] = {}
    for row in theirs:
        for other in mine:
            same_key = all(row[name] == other[name] for name in model.keys[1:])
            if same_key and _meet(row, other):
                sides = found.setdefault(clash_key(model, person, row), ([], []))
                _add(sides[0], other)
                _add(sides[1], row)
    words = RowWords(store)
    about = f"{drop['name'] or '家人'}的{TABLES[table]}" if person else TABLES[table]
    return [
        Clash(
            key,
            about,
            tuple(words.whole(table, row) for row in kept),
            tuple(words.whole(table, row) for row in dropped),
            _proposed(kept, dropped, subject),
            all(says_the_same(a, b, subject) for a in kept for b in dropped),
            person,
        )
        for key, (kept, dropped) in found.items()
    ]


def _add(rows: list[dict[str, Any]], row: dict[str, Any]) -> None:
    if row not in rows:
        rows.append(row)


def _meet(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return (one["valid_from"] or "") < (other["valid_to"] or "9999") and (other["valid_from"] or "") < (
        one["valid_to"] or "9999"
    )


def _proposed(keep: list[dict[str, Any]], drop: list[dict[str, Any]], subject: str) -> Side:
    """Propose the side that stays, unless the other says the same and knows since when."""
    if len(keep) == len(drop) == 1 and says_the_same(keep[0], drop[0], subject):
        knows_more = keep[0]["valid_from"] is None and drop[0]["valid_from"] is not None
        return Side.DROP if knows_more and keep[0]["valid_to"] == drop[0]["valid_to"] else Side.KEEP
    return Side.KEEP


def _people_pairs(store: Store, keep_id: int, drop_id: int) -> Iterator[PersonPair]:
    """Pair the grown-ups of the same relation; those who are one row already need no question."""
    sides = [_kin(store, child_id) for child_id in (keep_id, drop_id)]
    shared = {uuid for _, uuid, *_ in sides[0]} & {uuid for _, uuid, *_ in sides[1]}
    taken: set[str] = set()
    for relation, uuid, name, id_number in sides[0]:
        others = [one for one in sides[1] if one[0] == relation and one[1] not in taken | shared]
        if uuid in shared or not others:
            continue
        others.sort(key=lambda one: _likeness(name, id_number, one[2], one[3]), reverse=True)
        _, other, other_name, other_id = others[0]
        likeness = _likeness(name, id_number, other_name, other_id)
        only_one = Relation(relation) in (*FATHERS, *MOTHERS)
        if not only_one and likeness < _LIKE:
            continue
        taken.add(other)
        proposed = Pairing.SAME if likeness >= _LIKE else Pairing.KEEP
        word = Relation(relation).label
        yield PersonPair(
            uuid, other, word, name or "姓名未采集", other_name or "姓名未采集", proposed, only_one
        )


_LIKE = 1


def _likeness(name: str | None, number: str | None, other_name: str | None, other_number: str | None) -> int:
    """Return how much two grown-ups of one relation are alike: 3 = one ID number, -1 = two, 0 = other names."""
    if number and other_number:
        return 3 if number == other_number else -1
    if name and other_name:
        return 2 if name == other_name else 0
    return _LIKE


def _kin(store: Store, child_id: int) -> list[tuple[str, str, str | None, str | None]]:
    return [
        (relation, uuid, name, number)
        for relation, uuid, name, number in store.rows(
            "SELECT k.relation, p.uuid, p.name, p.id_number FROM kinship k JOIN person p ON p.id = k.person_id"
            " WHERE k.child_id = ? AND k.deleted_at IS NULL AND k.valid_to IS NULL ORDER BY k.id",
            (child_id,),
        )
    ]


def _told_apart_by(store: Store, child: Mapping[str, Any]) -> str:
    """Return 三（2）班，2015-03，2026-09-01 登记，名下 12 条记录."""
    row = store.one(
        "SELECT school_class_id FROM enrolment WHERE child_id = ? AND deleted_at IS NULL"
        " ORDER BY valid_to IS NULL DESC, valid_from DESC LIMIT 1",
        (child["id"],),
    )
    classes = {cls.id: cls.name for cls in all_classes(store, store.clock.today())}
    parts = (
        classes.get(row[0], "") if row else "没有班级",
        (child["birth_date"] or "")[:7],
        f"{child['entered_at'][:10]} 登记",
        f"名下 {sum(count for _, count in _moves(store, child['id']))} 条记录",
    )
    return "，".join(part for part in parts if part)


def _moves(store: Store, drop_id: int) -> Iterator[tuple[str, int]]:
    for model in HANGING:
        table = model._meta.table_name
        (count,) = store.rows(
            f"SELECT count(*) FROM {table} WHERE child_id = ? AND deleted_at IS NULL", (drop_id,)
        )[0]
        if count:
            yield TABLES[table], count


def rows_of(store: Store, table: str, column: str, ids: list[int]) -> list[tuple[int, str]]:
    """Return (id, uuid) of the rows of a table that name one of ``ids`` in ``column``, the binned ones too."""
    sql = f"SELECT id, uuid FROM {table} WHERE {column} IN (SELECT value FROM json_each(?)) ORDER BY id"
    return [(row[0], row[1]) for row in store.rows(sql, (json.dumps(ids),))]
