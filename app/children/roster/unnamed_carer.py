"""A carer of whom a roster gives the number and not the name: kept among the family, who cares is not guessed."""

from app.children.codes import Relation
from app.children.roster.draft import PersonDraft, RowDraft
from app.children.roster.ledger_state import LedgerState, Period
from app.children.roster.parse_people import WORDS


def leave_open(draft: RowDraft, state: LedgerState, child: int) -> None:
    """Make the unnamed carer of a row one of the family, when the ledger does not know either who looks after it."""
    care = draft.care
    carer = draft.people.get(care.role or "")
    if carer is None or care.kind is not None or carer.name or carer.relation is not None:
        return
    if any(period.valid_to is None for period in state.of("care", child)):
        return  # whose number it is, the ledger knows
    care.role = None
    carer.relation, carer.label = Relation.OTHER, WORDS["carer"]


def is_unnamed_carer(state: LedgerState, person_id: int, period: Period, person: PersonDraft) -> bool:
    """Tell whether the known person is this carer, of whom an earlier roster gave the number and not yet the name."""
    label, name = period.values.get("label"), state.persons[person_id].values.get("name")
    numbers = state.phones_of.get(person_id, ())
    return label == WORDS["carer"] and name is None and not person.phones.keys().isdisjoint(numbers)
