"""Merging two files of the same child, or two rows of the same grown-up, as one action that can be undone.

Every row of the one that goes moves to the one that stays. Where two dated records meet in time only one can stand: the
other goes to the recycle bin, in the same action, and belongs to the one that stays from then on. Nothing is dropped.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from msgspec import Struct

from app.calls.tables import AffectionCallRow, CallWish, PlannedCallRow
from app.children.affected import changes_of
from app.children.names import name_columns
from app.children.periods import key_of, subject_column
from app.children.tables import DATED, Child, ContactOrder, Doubt, Fact, Kinship, Marriage, OfPerson, Person
from app.core.changes import Changes
from app.core.messages import refuse
from app.diary.tables import Absence as AbsenceRow
from app.diary.tables import Attendance, CareRecord, ReturnPersuasion
from app.dossier.merge import (
    FIELDS,
    HANGING,
    JOINED,
    MERGED,
    OVERLAP,
    Clash,
    MergeChoices,
    Pairing,
    Side,
    child_image,
    clash_key,
    field_pair,
    image_of,
    images,
    merge_preview,
    person_clashes,
    rows_of,
)
from app.dossier.merge_people import PERSON_FIELDS, PeoplePreview
from app.pairing.tables import HelpCheck, HelpMeasure, HelpPlan, HelpStage, IndividualPlan, PairingRow
from app.storage.action import Action
from app.storage.base import Row
from app.storage.service import service
from app.storage.store import Store
from app.survey.tables import SurveyCheck
from app.todo.tables import CadenceRule

# Table and column names below are our own.
# ruff: noqa: S608

_BETWEEN = "；"
# Of these a child has one per term, meeting or survey; when both files have it, that of the file that stays stands.
_ONE_PER: Mapping[type[Row], str] = {
    HelpPlan: "term_id",
    IndividualPlan: "term_id",
    Attendance: "meeting_id",
    SurveyCheck: "survey_id",
}

_SAID_OF_ABSENCE = ("reason", "found_by", "note")
# The steps of a case, each with what is told of it.
_STEPS_OF_ABSENCE: Mapping[str, tuple[str, ...]] = {
    "happened_on": (),
    "suspected_on": (),
    "reported_on": ("reported_to", "receiver"),
    "dropout_on": (),
    "returned_on": (),
}

Wins = Callable[[str], Side]


class MergeResult(Struct, frozen=True):
    """What was done: ``moved`` records now stand under the file that stays, ``binned`` were in the way of others."""

    changes: Changes
    moved: int
    binned: int


@service
def merge_children(
    store: Store,
    *,
    keep_uuid: str,
    drop_uuid: str,
    choices: MergeChoices | None = None,
    by: str | None = None,
) -> MergeResult:
    """Let two files of one child become one; ``drop`` goes to the recycle bin with nothing under it.

    UserError ``merge.changed_since`` when the ledger was changed after she looked, ``merge.same``, ``child.unknown``.
    """
    chosen = choices or MergeChoices()
    seen = merge_preview(store, keep_uuid, drop_uuid)
    if chosen.commit_no is not None and chosen.commit_no != seen.commit_no:
        raise refuse("merge.changed_since")
    keep, drop = child_image(store, keep_uuid), child_image(store, drop_uuid)
    pairings = {pair: chosen.people.get(pair.key, pair.proposed) for pair in seen.people}
    with store.action(f"两份档案合为一份：{keep['name']}", kind=MERGED, by=by) as action:
        mover = _Mover(store, action, _wins(seen.clashes, chosen))
        people: list[int] = []
        for pair, pairing in pairings.items():
            mine, theirs = _id(store, pair.keep_uuid), _id(store, pair.drop_uuid)
            people += [mine, theirs]
            if pairing is Pairing.SAME:
                _merge_persons(store, mover, mine, theirs)
            elif pairing is Pairing.KEEP:
                mover.bin_kinship(drop["id"], theirs)
            elif pairing is Pairing.DROP:
                mover.bin_kinship(keep["id"], mine)
        sides = {
            pair.column: chosen.fields.get(pair.column, pair.proposed) for pair in seen.fields if pair.differs
        }
        sides |= {pair.column: pair.proposed for pair in seen.fields if not pair.differs}
        mover.bin_doubts(keep, drop, sides)
        for model in HANGING:
            mover.move(model, "child_id", keep["id"], drop["id"])
        mover.move_buddies(keep["id"], drop["id"])
        # The number of a child may stand once only: first the one goes, then the other takes it over.
        action.soft_delete(Child, drop["id"])
        _write_fields(action, keep, drop, sides)
        changes = changes_of(store, action, children=(keep_uuid, drop_uuid), people=people)
        return MergeResult(changes, mover.moved, mover.binned)


@service
def merge_people(
    store: Store,
    *,
    keep_uuid: str,
    drop_uuid: str,
    fields: Mapping[str, Side] | None = None,
    clashes: Mapping[str, Side] | None = None,
    by: str | None = None,
) -> Changes:
    """Let two rows that are the same grown-up become one: how brothers and sisters come to share a parent.

    What is known of ``keep`` stays unless ``fields`` or ``clashes`` say otherwise; what only ``drop`` knows is taken
    over. ``drop`` goes to the recycle bin. UserError ``merge.couple`` for two who are registered as married.
    """
    if keep_uuid == drop_uuid:
        return Changes("", "")
    keep, drop = key_of(store, Person, keep_uuid), key_of(store, Person, drop_uuid)
    chosen = MergeChoices(clashes=clashes or {})
    wins = _wins(person_clashes(store, keep_uuid, drop_uuid), chosen)
    with store.action("两份登记合为同一位家人", kind="person.merge", by=by) as action:
        _merge_persons(store, _Mover(store, action, wins), keep, drop, fields or {})
        return changes_of(store, action, people=(keep, drop))


def join_people(store: Store, action: Action, keep: int, drop: int, preview: PeoplePreview) -> None:
    """Do inside ``action`` what ``merge_people`` does, as the preview proposes it."""
    _merge_persons(store, _Mover(store, action, _wins(preview.clashes, MergeChoices())), keep, drop)


# ---- inside ---------------------------------------------------------------------------------------------------------


class _Mover:
    """Moves rows from one owner to another within an action. ``wins`` says which side stands where two meet."""

    def __init__(self, store: Store, action: Action, wins: Wins) -> None:
        self.action = action
        self.moved = 0
        self.binned = 0
        self._store = store
        self._wins = wins

    def move(self, model: type[Row], column: str, keep: int, drop: int, person: str = "") -> None:
        """Move every row that names ``drop`` in ``column``, those in the recycle bin too.

        ``person`` is the uuid of the grown-up who goes, when it is one: by it choices are named.
        """
        for row in list(images(self._store, model._meta.table_name, f"{column} = ?", drop)):
            values: dict[str, object] = {column: keep}
            if model is PairingRow and row["buddy_id"] == keep:
                # Nobody is his own study buddy: the two were one child all along.
                self.binned += self.action.soft_delete(model, row["id"])
                continue
            if row["deleted_at"] is not None:
                self.action.update(model, row["id"], **values)
                continue
            rivals = self._rivals(model, row | values)
            if not rivals:
                values |= self._after_the_last(model, keep, row)
            elif self._stands(model, person, row, column):
                for rival in rivals:
                    self._bin(model, rival)
            else:
                values["deleted_at"] = self.action.at
                self.binned += 1
                if model is HelpPlan:
                    self._hand_parts_over(row["id"], rivals[0])
                elif model is AbsenceRow:
                    self._join_cases(row, rivals[0])
            self.action.update(model, row["id"], **values)
            self.moved += "deleted_at" not in values

    def move_buddies(self, keep: int, drop: int) -> None:
        """Let the pupil who stays be the study buddy where the other was."""
        for row in list(images(self._store, "pairing", "buddy_id = ?", drop)):
            own = row["child_id"] == keep
            taken = not own and bool(self._rivals(PairingRow, row | {"buddy_id": keep}))
            if row["deleted_at"] is None and (own or taken):
                self.binned += self.action.soft_delete(PairingRow, row["id"])
            if not own:
                self.action.update(PairingRow, row["id"], buddy_id=keep)

    def _hand_parts_over(self, plan: int, to: int) -> None:
        """Let the measures, stages and checks of a plan that goes belong to the one of the same term that stands."""
        for model in (HelpMeasure, HelpStage, HelpCheck):
            for row_id, _ in rows_of(self._store, model._meta.table_name, "help_plan_id", [plan]):
                self.action.update(model, row_id, help_plan_id=to)

    def _join_cases(self, row: Mapping[str, Any], to: int) -> None:
        """Let one case stand for two open ones: each step on its earlier day, what one says where the other says nothing.

        A child is absent once. Every 劝返 belongs to the case that stands.
        """
        own = next(images(self._store, "absence", "id = ?", to))
        values = {name: row[name] for name in _SAID_OF_ABSENCE if own[name] is None and row[name] is not None}
        for step, told in _STEPS_OF_ABSENCE.items():
            if row[step] is not None and (own[step] is None or row[step] < own[step]):
                values |= {name: row[name] for name in (step, *told)}
        if values:
            self.action.update(AbsenceRow, to, **values)
        for row_id, _ in rows_of(self._store, "return_persuasion", "absence_id", [row["id"]]):
            self.action.update(ReturnPersuasion, row_id, absence_id=to)

    def bin_kinship(self, child_id: int, person_id: int) -> None:
        """Take out that somebody is kin: the other file's is the right one."""
        rows = self._store.rows(
            "SELECT id FROM kinship WHERE child_id = ? AND person_id = ? AND deleted_at IS NULL",
            (child_id, person_id),
        )
        for (row_id,) in rows:
            self._bin(Kinship, row_id)

    def bin_doubts(self, keep: Mapping[str, Any], drop: Mapping[str, Any], sides: Mapping[str, Side]) -> None:
        """Take out the doubts about values that do not stand any more."""
        for loser, gone in ((drop, Side.KEEP), (keep, Side.DROP)):
            rows = self._store.rows(
                "SELECT id, field FROM doubt WHERE child_id = ? AND deleted_at IS NULL", (loser["id"],)
            )
            for row_id, column in rows:
                if sides.get(column) is gone and keep[column] != drop[column]:
                    self._bin(Doubt, row_id)

    def _bin(self, model: type[Row], row_id: int) -> None:
        self.action.soft_delete(model, row_id)
        self.binned += 1

    def _stands(self, model: type[Row], person: str, row: Mapping[str, Any], column: str) -> bool:
        """Tell whether the row of the one that goes stands, and not those it meets."""
        if not issubclass(model, Fact) or subject_column(model) != column:
            return False
        return self._wins(clash_key(model, person, row)) is Side.DROP

    def _rivals(self, model: type[Row], row: Mapping[str, Any]) -> list[int]:
        """Return the live rows that cannot stand beside ``row`` as it would be."""
        table = model._meta.table_name
        if model is ContactOrder:
            if row["person_id"] is None:
                where, condition = "person_id IS NULL AND office = :office", "deleted_at IS NULL"
            else:
                where, condition = "person_id = :person_id", "deleted_at IS NULL"
            where = f"child_id = :child_id AND {where}"
        elif issubclass(model, Fact | CadenceRule | CallWish):
            where, condition = " AND ".join(f"{key} IS :{key}" for key in model.keys), OVERLAP
        elif model is PlannedCallRow:
            if row["cancelled_on"] is not None:
                return []
            # One child cannot be called twice at one time: what the file that stays has planned stays.
            where = "child_id = :child_id AND day = :day AND starts < :ends AND :starts < ends"
            condition = "deleted_at IS NULL AND cancelled_on IS NULL"
        elif model is AbsenceRow:
            if row["closed_on"] is not None:
                return []
            where, condition = "child_id = :child_id", "deleted_at IS NULL AND closed_on IS NULL"
        elif model in _ONE_PER:
            where, condition = (
                f"child_id = :child_id AND {_ONE_PER[model]} = :{_ONE_PER[model]}",
                "deleted_at IS NULL",
            )
        else:
            return []
        sql = f"SELECT id FROM {table} WHERE {where} AND {condition} AND id <> :id ORDER BY id"
        found = self._store.rows(sql, {**row, "from": row.get("valid_from"), "to": row.get("valid_to")})
        return [row_id for (row_id,) in found]

    def _after_the_last(self, model: type[Row], keep: int, row: Mapping[str, Any]) -> dict[str, object]:
        """Put a contact behind those who are in the chain already."""
        if model is not ContactOrder or row["child_id"] == keep:
            return {}
        found = self._store.one(
            "SELECT coalesce(max(rank), 0) + 1 FROM contact_order WHERE child_id = ? AND deleted_at IS NULL",
            (keep,),
        )
        return {"rank": found[0] if found else 1}


def _merge_persons(
    store: Store, mover: _Mover, keep: int, drop: int, fields: Mapping[str, Side] | None = None
) -> None:
    mine, theirs = (next(images(store, "person", "id = ?", one)) for one in (keep, drop))
    for one, other in ((keep, drop), (drop, keep)):
        couple = "SELECT 1 FROM marriage WHERE person_id = ? AND spouse_id = ? AND deleted_at IS NULL"
        if store.one(couple, (one, other)) is not None:
            raise refuse("merge.couple")
    for model in DATED.values():
        if "person_id" in {one.column_name for one in model._meta.sorted_fields}:
            person = theirs["uuid"] if issubclass(model, OfPerson) else ""
            mover.move(model, "person_id", keep, drop, person)
    spoken_with: tuple[type[Row], ...] = (
        ContactOrder,
        CareRecord,
        Attendance,
        CallWish,
        PlannedCallRow,
        AffectionCallRow,
    )
    for table in spoken_with:
        mover.move(table, "person_id", keep, drop)
    for row_id, _ in rows_of(store, "marriage", "spouse_id", [drop]):
        mover.action.update(Marriage, row_id, spouse_id=keep)
    mover.action.soft_delete(Person, drop)
    sides = {one: field_pair("person", one, mine, theirs).proposed for one in PERSON_FIELDS} | dict(
        fields or {}
    )
    values = _chosen_values(PERSON_FIELDS, mine, theirs, sides)
    if values:
        mover.action.update(Person, keep, **values)


def _wins(clashes: Iterable[Clash], chosen: MergeChoices) -> Wins:
    sides = {clash.key: chosen.clashes.get(clash.key, clash.proposed) for clash in clashes}
    return lambda key: sides.get(key, Side.KEEP)


def _write_fields(
    action: Action, keep: Mapping[str, Any], drop: Mapping[str, Any], sides: Mapping[str, Side]
) -> None:
    values = _chosen_values(FIELDS, keep, drop, sides)
    if "name" in values:
        values |= name_columns(drop["name"], drop["pinyin"])
    if values:
        action.update(Child, keep["id"], **values)


def _chosen_values(
    columns: Iterable[str], keep: Mapping[str, Any], drop: Mapping[str, Any], sides: Mapping[str, Side]
) -> dict[str, object]:
    values: dict[str, object] = {}
    for column in columns:
        side = sides.get(column, Side.KEEP)
        if side is Side.DROP:
            values[column] = drop[column]
        elif side is Side.BOTH and column in JOINED:
            texts = [str(one) for one in (keep[column], drop[column]) if one is not None]
            values[column] = _BETWEEN.join(dict.fromkeys(texts)) or None
    return {column: value for column, value in values.items() if value != keep[column]}


def _id(store: Store, uuid: str) -> int:
    found: int = image_of(store, "person", uuid)["id"]
    return found
