"""Which doubts a roster left behind have been answered since: by another roster, a class teacher's sheet, or by hand.

Nobody has to tick what the ledger knows by now. It is asked of the facts each time, so that a fact taken back opens its
doubt again; what only somebody with the paper in hand can settle (numbers, contradictions) is never answered here.
"""

from collections.abc import Iterable, Sequence

from app.children.codes import CareKind, Relation
from app.children.facts import CareFacts, DoubtFacts
from app.children.person_facts import PersonFacts

_PARENTS = (Relation.FATHER, Relation.MOTHER)
_WHICH_PARENT, _UNKNOWN = "which_parent", "value_unknown"
_OF_CARE = frozenset({_UNKNOWN, "relation_missing", "carer_unnamed"})


def sort_out(
    doubts: Sequence[DoubtFacts], relatives: Iterable[PersonFacts], care: CareFacts | None
) -> tuple[tuple[DoubtFacts, ...], tuple[DoubtFacts, ...]]:
    """Return (what is still in doubt, what has been answered since)."""
    if not doubts:
        return (), ()
    parents = {person.relation: person for person in relatives if person.relation in _PARENTS}
    father, mother = parents.get(Relation.FATHER), parents.get(Relation.MOTHER)
    answered = tuple(doubt for doubt in doubts if _is_answered(doubt, father, mother, care))
    return tuple(doubt for doubt in doubts if doubt not in answered), answered


def without_answered(note: str | None, answered: Iterable[DoubtFacts]) -> str:
    """Return a remark without the lines that only kept what nobody had understood: 父母务工地：父母均在广东."""
    kept = {f"{doubt.column_name}：{doubt.raw}" for doubt in answered}
    return "；".join(part for part in (note or "").split("；") if part not in kept) if kept else note or ""


def _is_answered(
    doubt: DoubtFacts, father: PersonFacts | None, mother: PersonFacts | None, care: CareFacts | None
) -> bool:
    match doubt.field, doubt.code:
        case "parents.phone", code if code == _WHICH_PARENT:
            return any(_has_number(person, doubt.raw or "") for person in (father, mother))
        case "parents.name", code if code == _WHICH_PARENT:
            return all(person is not None and person.name for person in (father, mother))
        case field, code if code == _WHICH_PARENT and field.startswith("parents."):
            return _is_known(father) and _is_known(mother)
        case "status", code if code == _UNKNOWN:
            return _is_known(father) and _is_known(mother)
        case "father.out" | "mother.out", code if code == _UNKNOWN:
            return _is_known(father if doubt.field.startswith("father") else mother)
        case "care", code if code in _OF_CARE:
            return care is not None and care.person is not None and care.kind is not CareKind.OTHER
    return False


def _is_known(person: PersonFacts | None) -> bool:
    """Tell whether it is known where this parent is: out, at home, or dead."""
    return person is not None and (person.gone or person.away_state is not None)


def _has_number(person: PersonFacts | None, raw: str) -> bool:
    return person is not None and any(_digits(phone.number) in _digits(raw) for phone in person.phones)


def _digits(text: str) -> str:
    """Return a number without what people part it with: 138 0000 0001, 0716-8212345."""
    return "".join(sign for sign in text if sign.isdigit())
