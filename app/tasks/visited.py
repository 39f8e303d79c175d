"""What stands on the paper of a visit about the child itself, blank or filled in: age, carer, number, address."""

from app.children.contacts import contact_chain
from app.children.facts import ChildFacts
from app.children.ledger import village_words
from app.children.rules import age
from app.children.situation import care_words


def about_words(child: ChildFacts, years: int | None) -> str:
    """Return 女　9 岁; what is not known is left out."""
    parts = [child.sex.label if child.sex else "", "" if years is None else f"{years} 岁"]
    return "　".join(part for part in parts if part)


def about(child: ChildFacts) -> str:
    """Return sex and age on the day of the facts."""
    return about_words(child, age(child))


def carer(child: ChildFacts) -> tuple[str, str]:
    """Return who looks after the child, and the first number by which somebody is reached, with whose it is."""
    person = child.care.person if child.care else None
    named = "　".join(
        part for part in ((person.name or "") if person else "", care_words(child.care, child.day)) if part
    )
    contact = next((one for one in contact_chain(child) if one.number), None)
    if contact is None or contact.number is None:
        return named, ""
    same = contact.person is not None and person is not None and contact.person.uuid == person.uuid
    whose = contact.person.relation_words if contact.person else contact.office
    return named, contact.number if same or not whose else f"{contact.number}（{whose}）"


def address(child: ChildFacts) -> str:
    """Return the address, with the village before it unless it begins with it."""
    own, village = (child.residence.address or "") if child.residence else "", village_words(child)
    known = child.residence is not None and (child.residence.village or "") in own
    return own if own and known else " ".join(part for part in (village, own) if part)
