"""Who in a roster is whom: one person for brothers and sisters, found by number, or by both names and a witness."""

from collections.abc import Iterable

from msgspec import Struct, field

from app.children.codes import Relation
from app.children.roster.draft import PersonDraft, RowDraft
from app.children.roster.ledger_state import LedgerState
from app.core.text import normalise_cell

_FATHER, _MOTHER = Relation.FATHER.value, Relation.MOTHER.value


class Families(Struct):
    """The grown-ups known so far, of the ledger and of the rows planned before, by what identifies them.

    Parents are one person for two children when their ID numbers are equal, or when both parents' names are and a
    phone number or the address is too. Anybody else when the ID number, or name and phone number, are equal, or when
    they have the same name and relation to a brother or sister. Anything less only suggests.
    """

    state: LedgerState
    by_number: dict[str, int] = field(default_factory=dict)
    by_name_and_phone: dict[tuple[str, str], int] = field(default_factory=dict)
    by_witness: dict[tuple[str, str, str], tuple[int, int]] = field(default_factory=dict)
    by_names: dict[tuple[str, str], int] = field(default_factory=dict)
    children_of: dict[int, list[int]] = field(default_factory=dict)
    parents_of: dict[int, dict[str, int]] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)

    @classmethod
    def of_ledger(cls, state: LedgerState) -> "Families":
        """Return the families as the ledger knows them."""
        families = cls(state)
        phones = {
            person: [
                number
                for number in numbers
                if any(p.valid_to is None for p in state.of("phone", person, number))
            ]
            for person, numbers in state.phones_of.items()
        }
        for person_id, person in state.persons.items():
            families.add_person(
                person_id,
                person.values.get("name"),
                person.values.get("id_number"),
                phones.get(person_id, ()),
            )
        for child_id, kin in state.kin.items():
            child = state.children.get(child_id)
            if child is None or child.in_bin:
                continue
            families.names[child_id] = child.values["name"]
            parents = {
                period.values["relation"]: person_id
                for person_id, period in kin
                if period.valid_to is None and period.values["relation"] in (_FATHER, _MOTHER)
            }
            numbers = [number for person_id in parents.values() for number in phones.get(person_id, ())]
            home = next(
                (p.values["address"] for p in state.of("residence", child_id) if p.valid_to is None), None
            )
            families.add_child(child_id, parents, (*numbers, *_witnesses(child.values.get("phone"), home)))
        return families

    def add_person(self, person_id: int, name: str | None, number: str | None, phones: Iterable[str]) -> None:
        """Note a grown-up under everything that identifies them."""
        if number:
            self.by_number.setdefault(number, person_id)
        if name:
            for phone in phones:
                self.by_name_and_phone.setdefault((name, phone), person_id)

    def add_child(self, child_id: int, parents: dict[str, int], witnesses: Iterable[str]) -> None:
        """Note a child with its father and mother, and the phone numbers and address that stand for the family."""
        self.parents_of[child_id] = parents
        for person_id in parents.values():
            self.children_of.setdefault(person_id, []).append(child_id)
        if _FATHER in parents and _MOTHER in parents:
            names = self._name(parents[_FATHER]), self._name(parents[_MOTHER])
            if names[0] and names[1]:
                self.by_names.setdefault((names[0], names[1]), child_id)
                for witness in witnesses:
                    self.by_witness.setdefault(
                        (names[0], names[1], witness), (parents[_FATHER], parents[_MOTHER])
                    )

    def parents_for(self, draft: RowDraft) -> dict[str, int]:
        """Return the known persons who are father and mother of the row's child."""
        found: dict[str, int] = {}
        father, mother = draft.people.get(_FATHER), draft.people.get(_MOTHER)
        for role, person in ((_FATHER, father), (_MOTHER, mother)):
            known = self.by_number.get(person.values.get("id_number") or "") if person else None
            if known is not None and person and self._name(known) in (None, person.name):
                found[role] = known
        if father and mother and father.name and mother.name and len(found) < 2:
            for witness in row_witnesses(draft):
                pair = self.by_witness.get((father.name, mother.name, witness))
                if pair is not None:
                    return {_FATHER: found.get(_FATHER, pair[0]), _MOTHER: found.get(_MOTHER, pair[1])}
        return found

    def other_for(self, person: PersonDraft, siblings: Iterable[int]) -> int | None:
        """Return the known person who is this carer or relative; None when nothing certain says so."""
        known = self.by_number.get(person.values.get("id_number") or "")
        if known is not None and self._name(known) in (None, person.name):
            return known
        if not person.name:
            return None
        for phone in person.phones:
            known = self.by_name_and_phone.get((person.name, phone))
            if known is not None:
                return known
        for sibling in siblings:
            for person_id, period in self.state.kin.get(sibling, ()):
                same_relation = person.relation is None or period.values["relation"] == person.relation.value
                if same_relation and self._name(person_id) == person.name:
                    return person_id
        return None

    def siblings(self, parents: Iterable[int], child_id: int) -> list[int]:
        """Return the other children of these parents."""
        return list(
            dict.fromkeys(
                child for parent in parents for child in self.children_of.get(parent, ()) if child != child_id
            )
        )

    def suggestion(self, draft: RowDraft) -> str:
        """Return the name of a child whose parents bear the same names, "" when there is none: only a hint."""
        father, mother = draft.people.get(_FATHER), draft.people.get(_MOTHER)
        if not (father and mother and father.name and mother.name):
            return ""
        child = self.by_names.get((father.name, mother.name))
        return self.names.get(child, "") if child is not None else ""

    def _name(self, person_id: int) -> str | None:
        person = self.state.persons.get(person_id)
        name: str | None = person.values.get("name") if person else None
        return name


def row_witnesses(draft: RowDraft) -> tuple[str, ...]:
    """Return the numbers and the address by which the row's family is told from another of the same names."""
    phones = [
        number for role in (_FATHER, _MOTHER) if role in draft.people for number in draft.people[role].phones
    ]
    address = draft.facts.get("residence", {}).get("address")
    return (*phones, *_witnesses(draft.child.get("phone"), address))


def _witnesses(phone: str | None, address: str | None) -> tuple[str, ...]:
    found = [part for part in (phone or "").split("、") if part]
    if address and len(address) >= 4:
        found.append("".join(normalise_cell(address).split()))
    return tuple(found)
