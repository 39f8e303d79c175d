"""From one row of cells to the draft of one child."""

from app.children.codes import Relation
from app.children.roster.context import RowContext
from app.children.roster.draft import Cells, RowDraft
from app.children.roster.parse_care import check_nobody_named, read_care_of
from app.children.roster.parse_check import read_check
from app.children.roster.parse_child import judge_entry_age, read_child
from app.children.roster.parse_people import cells_by_owner, read_people
from app.children.roster.parse_status import read_parents_status


def read_row(sheet: str, row: int, cells: Cells, context: RowContext) -> RowDraft:
    """Return what a row says; its doubts are marks, nothing is raised."""
    draft = RowDraft(sheet, row, cells=cells)
    draft.owned = cells_by_owner(cells)
    draft.boxes = tuple(target for target in cells if target.startswith("tick:"))
    draft.is_collection = context.is_collection
    read_check(draft, cells, context)
    read_child(draft, cells, context)
    read_people(draft, cells, context)
    read_care_of(draft, cells, context)
    read_parents_status(draft, cells, context)
    check_nobody_named(draft, cells)
    judge_entry_age(draft)
    for role, person in draft.people.items():
        if person.relation is None and role != draft.care.role:
            # Somebody of whom the row says no more than that they belong to the child.
            person.relation = Relation.OTHER
            person.label = "监护人" if role.startswith("carer") else "家庭成员"
    if draft.notes:
        draft.child["note"] = "；".join(dict.fromkeys(draft.notes))
    draft.marks = list(dict.fromkeys(draft.marks))
    return draft
