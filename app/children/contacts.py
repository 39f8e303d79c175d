"""Whom to call for a child, in order."""

from collections.abc import Iterable
from datetime import date

from app.children.facts import ChildFacts, Contact
from app.children.person_facts import PersonFacts, PhoneFacts


def contact_chain(facts: ChildFacts) -> tuple[Contact, ...]:
    """Return the chain as she put it, and after it everybody else who can be reached.

    Those not put in order (``uuid`` "") come as: the carer, the mother, the father, then the other relatives. Nobody
    with a number is left out, so that no second number is lost on a printed card.
    """
    chain = list(facts.contacts)
    seen = {contact.person.uuid for contact in chain if contact.person}
    carer = facts.care.person if facts.care else None
    for person in (carer, facts.mother, facts.father, *facts.relatives):
        if person is None or person.uuid in seen or person.gone:
            continue
        seen.add(person.uuid)
        phone = person.best_phone
        if phone is not None and phone.usable:
            rank = chain[-1].rank + 1 if chain else 1
            chain.append(_offered(person, rank))
    return tuple(chain)


def bad_numbers(facts: ChildFacts) -> tuple[tuple[PersonFacts, PhoneFacts], ...]:
    """Return the grown-ups around a child who have no number left that was not found stopped or wrong, with the last one.

    They are to be asked for a new one, whether or not somebody put them in the order of calling.
    """
    carer = facts.care.person if facts.care else None
    people = [contact.person for contact in facts.contacts]
    found = []
    seen: set[str] = set()
    for person in (*people, carer, facts.mother, facts.father, *facts.relatives):
        if person is None or person.uuid in seen:
            continue
        seen.add(person.uuid)
        phone = person.best_phone
        if phone is not None and not phone.usable and not person.gone:
            found.append((person, phone))
    return tuple(found)


def found_bad(contact: Contact) -> PhoneFacts | None:
    """Return the number of a link of the chain when somebody found it stopped or wrong: it is to be asked for anew."""
    phone = number_of(contact)
    return None if phone is None or phone.usable else phone


def number_of(contact: Contact) -> PhoneFacts | None:
    """Return what is known of the grown-up's number in a link of the chain; None for an office or without a number."""
    person = contact.person
    return next((one for one in person.phones if one.uuid == contact.phone_uuid), None) if person else None


def confirmed_days(facts: ChildFacts) -> int | None:
    """Return how many days ago the first number of the chain was found right; None = never, or there is no number."""
    return chain_confirmed_days(facts, contact_chain(facts))


def chain_confirmed_days(facts: ChildFacts, chain: Iterable[Contact]) -> int | None:
    """Return ``confirmed_days`` of a chain that has been worked out already."""
    for contact in chain:
        if contact.number:
            if contact.confirmed_on is None:
                return None
            return (facts.day - date.fromisoformat(contact.confirmed_on)).days
    return None


def _offered(person: PersonFacts, rank: int) -> Contact:
    phone = person.best_phone
    return Contact(
        uuid="",
        rank=rank,
        person=person,
        number=phone.number if phone else None,
        phone_uuid=phone.uuid if phone else None,
        confirmed_on=phone.found_right_on if phone else None,
        language_note=DIALECT_ONLY if person.dialect_only else None,
    )


DIALECT_ONLY = "只听得懂方言"
