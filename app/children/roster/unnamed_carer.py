"""A carer of whom a roster gives the number and not the name: kept among the family, who cares is not guessed."""

from app.children.codes import Relation
from app.children.roster.draft import PersonDraft, RowDraft
from app.children.roster.ledger_state import LedgerState, Period
from app.children.roster.parse_people import WORDS


def leave_open(draft: RowDraft, state: LedgerState, child: int) -> None:
    """Make the unnamed carer of a row one of the family, when the ledger does not know either who looks after it."""
    if all(period.valid_to is not None for period in state.of("care", child)):
        join_family(draft)  # else the ledger knows whose number it is


def join_family(draft: RowDraft) -> None:
    """Take the carer of a row for one of the family of whom no more is known, when the row does not say who it is."""
    care = draft.care
    carer = draft.people.get(care.role or "")
    if carer is None or care.kind is not None or carer.name or carer.relation is not None:
        return
    care.role = None
    carer.relation, carer.label = Relation.OTHER, WORDS["carer"]


def is_unnamed_carer(state: LedgerState, person_id: int, period: Period, person: PersonDraft) -> bool:
    """Tell whether the known person is this carer, of whom an earlier roster gave the number and not yet the name."""
    label, name = period.values.get("label"), state.persons[person_id].values.get("name")
    numbers = state.phones_of.get(person_id, ())
    return label == WORDS["carer"] and name is None and not person.phones.keys().isdisjoint(numbers)
