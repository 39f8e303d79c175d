"""What 无 does in a row that was checked: the head of the collection sheet names the columns in which it clears.

Numbers of telephones and the carer are planned with the people (``plan_people``); boarding reads 无 as 否. Everywhere
else 无 changes nothing, and says so where the ledger knows something.
"""

from app.children.codes import Relation
from app.children.roster.context import first
from app.children.roster.draft import RawCell, RowDraft
from app.children.roster.ledger_state import Known, LedgerState, Period
from app.children.roster.reading.care import read_care_grade, read_relation
from app.children.roster.reading.phones import read_phones
from app.children.roster.reading.text import says_nothing
from app.children.roster.writer import PlanWriter

_TEXTS = {"child.personality": "personality", "child.hobbies": "hobbies", "child.note": "note"}
_HOME = {
    "residence.address": ("address", "现住址"),
    "residence.village": ("village", "村"),
    "residence.group": ("village_group", "组"),
}
_PARENTS = {"father": (Relation.FATHER, "父亲"), "mother": (Relation.MOTHER, "母亲")}
# Where 无 says nothing that could be stored: column of the ledger that then stays as it is.
_KEPT_OF_CHILD = ("sex", "ethnicity", "birth_date", "id_number", "student_registry_no")
_KEPT_FACTS = {
    "class.name": ("enrolment", "school_class_id"),
    "health.status": ("health", "status"),
    "carer.relation": ("care", "person_id"),
    "care.grade": ("care", "grade"),
}


def plan_none(writer: PlanWriter, draft: RowDraft, known: Known) -> None:
    """Clear what 无 clears, and mark where it stands for something the ledger keeps."""
    said = [target for target in draft.cells if draft.answers_none(target)]
    if not said:
        return
    # What another cell has put into the remark in its own words is not what 无 is about.
    texts = {_TEXTS[target]: target for target in said if _TEXTS.get(target, "") not in ("", *draft.child)}
    writer.clear_columns("child", known, texts)
    writer.clear(
        "residence", known.id, dict(_HOME[t] for t in said if t in _HOME), target="residence.address"
    )
    for role, (relation, words) in _PARENTS.items():
        parent = _parent(writer.state, known.id, relation)
        unclear = any(mark.field == f"{role}.out" for mark in draft.marks)  # out or not: nobody knows yet
        if parent is not None and f"{role}.place" in said and not unclear:
            writer.clear("away", parent.id, {"place": f"{words}务工地"}, target=f"{role}.place")
    for target in said:
        if _stays(writer, draft, known, target):
            reason = "这一栏写「无」不改台账，原来的留着；变了的，请写明现在是什么"
            draft.mark(target.removeprefix("child."), "none_kept", reason, first(draft.cells, target))


def mark_beside_no_carer(writer: PlanWriter, draft: RowDraft, child: int, care: Period | None) -> None:
    """Mark what a row says of a carer whose name is 无, where that is not what the ledger knows: it is not stored.

    What stands there as it was printed goes with the carer; something new is about somebody who was not named.
    """
    for target in ("carer.relation", "carer.phone", "care.grade"):
        cell = first(draft.cells, target)
        if cell is None or says_nothing(cell.text) or _is_known(writer.state, child, care, target, cell):
            continue
        reason = "监护人姓名写的是「无」，这一栏写的没有存；有人照看的，请写明姓名"
        draft.mark(target, "none_but_more", reason, cell)


def _is_known(state: LedgerState, child: int, care: Period | None, target: str, cell: RawCell) -> bool:
    """Tell whether a cell about the carer says what the ledger has; ``care`` is its open period, None = there is none."""
    if care is None:
        return False
    if target == "care.grade":
        return read_care_grade(cell.text) == care.values.get("grade")
    person_id = care.values.get("person_id")
    if person_id is None:
        return False
    if target == "carer.phone":
        return set(state.phones_of.get(person_id, ())).issuperset(dict(read_phones(cell.value).numbers))
    said = {*read_relation(cell.text).relations, cell.text}
    kin = [period.values for period in state.of("kinship", child, person_id)]
    return any(said & {values["relation"], values.get("label")} for values in kin)


def _stays(writer: PlanWriter, draft: RowDraft, known: Known, target: str) -> bool:
    """Tell whether the ledger holds something that 无 in this column does not touch."""
    owner, _, column = target.partition(".")
    if target in _KEPT_FACTS:
        return not draft.care.is_over and _now(writer.state, known.id, *_KEPT_FACTS[target]) is not None
    if owner == "child":
        return column in _KEPT_OF_CHILD and known.values.get(column) is not None
    parent = _parent(writer.state, known.id, _PARENTS[owner][0]) if owner in _PARENTS else None
    if parent is None:
        return False
    if column == "name":
        return parent.values.get("name") is not None
    # Since when somebody at home was away is no question.
    return column in ("out", "since") and _now(writer.state, parent.id, "away", "state") == "out"


def _now(state: LedgerState, subject: int, table: str, column: str) -> object:
    return next((p.values.get(column) for p in state.of(table, subject) if _is_open(p)), None)


def _parent(state: LedgerState, child: int, relation: Relation) -> Known | None:
    for person_id, period in state.kin.get(child, ()):
        if period.values["relation"] == relation.value and _is_open(period):
            return state.persons.get(person_id)
    return None


def _is_open(period: Period) -> bool:
    return period.valid_to is None
