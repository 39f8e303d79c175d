"""联系卡 and 应急联系卡 of some children, in the words of domain.md §5.8 and features.md idea 9. No ID number on them.

They hold whole numbers: whoever prints them writes down that they left the program (``log_paper``).
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import BinaryIO

from msgspec import Struct

from app.children.contacts import contact_chain, found_bad
from app.children.facts import ChildFacts, Contact
from app.children.person_facts import PersonFacts
from app.children.queries import load_facts
from app.core.messages import refuse
from app.core.progress import Progress, no_progress
from app.pairing.pair_reading import pairs
from app.pairing.people import supporters
from app.paper.contact_card import CONTACT, EMERGENCY, Card, CardRow, render_cards
from app.paper.printing import PrintResult, PrintStamp
from app.school.limits import Limit, limit
from app.school.queries import StaffMember, class_teachers, school_calendar, school_profile
from app.storage.store import Store
from app.tasks.archive.sheet import place_words

_FIRST_CALLS = 4
_ON_CARD = 3


class _Around(Struct, frozen=True):
    """What the school contributes to every card, and who stands around each child."""

    day: date
    school: str
    phone: str
    term: str
    tried_within: int
    teachers: Mapping[int, StaffMember]
    supporters: Mapping[str, tuple[str, str]]


def make_cards(
    store: Store,
    child_uuids: Sequence[str],
    emergency: bool,
    four: bool,
    out: Path | BinaryIO,
    *,
    progress: Progress = no_progress,
) -> PrintResult:
    """Write a card for each of these children, in class order: ``four`` to an A4, else one to an A6.

    ``emergency`` = 应急联系卡: whom to call in which order, what a doctor must know. UserError ``call_paper.nobody``.
    """
    day = store.clock.today()
    children = load_facts(store, day, uuids=child_uuids)
    if not children:
        raise refuse("call_paper.nobody")
    around = _around(store, day)
    make = _emergency_card if emergency else _contact_card
    return render_cards(
        [make(child, around) for child in children],
        out,
        title=EMERGENCY if emergency else CONTACT,
        four=four,
        stamp=PrintStamp(
            printed_at=f"{store.clock.now():%Y-%m-%d %H:%M}", commit_no=store.commit_no, as_of=day.isoformat()
        ),
        progress=progress,
    )


def _around(store: Store, day: date) -> _Around:
    profile = school_profile(store)
    phones = {one.key: one.phone or "" for one in supporters(store, day)}
    looked_after = {
        pair.child_uuid: (pair.supporter, phones.get(pair.key, ""))
        for pair in pairs(store, day)
        if pair.covers and pair.key
    }
    return _Around(
        day,
        profile.name if profile else "",
        (profile.phone or "") if profile else "",
        school_calendar(store).term_in_force(day).short_words,
        limit(store, Limit.PHONE_CONFIRM_DAYS, day),
        class_teachers(store, day),
        looked_after,
    )


def _contact_card(child: ChildFacts, around: _Around) -> Card:
    care = child.care
    carer = care.person if care else None
    offices = [one for one in contact_chain(child) if one.office]
    rows = [
        CardRow(label="父亲", text=_parent(child.father)),
        CardRow(label="母亲", text=_parent(child.mother)),
        CardRow(
            label="监护人",
            text=_lines(_named(carer), _numbers(carer), carer.address if carer else ""),
        ),
        CardRow(label="血型", text=child.blood_type or ""),
        CardRow(label="过敏·病史", text=_joined("；", child.allergies, child.medical_history)),
        CardRow(label="班主任", text=_teacher(child, around)),
        CardRow(label="帮扶人", text=_joined("　", *around.supporters.get(child.uuid, ()))),
        CardRow(label="学校值班", text=around.phone),
        CardRow(
            label="村委",
            text="\n".join(_joined("　", one.office, one.number) for one in offices),
        ),
        *_calls(child, around, _ON_CARD, offices=False),
    ]
    return _card(child, around, rows)


def _emergency_card(child: ChildFacts, around: _Around) -> Card:
    health = child.health
    illness = health.illness if health else None
    care = child.care.person if child.care else None
    home = child.residence
    place = place_words(home.address, home.village, home.village_group) if home else ""
    rows = [
        *_calls(child, around, _FIRST_CALLS, offices=True),
        CardRow(label="过敏", text=child.allergies or ""),
        CardRow(label="病·用药", text=_joined("；", illness, child.medical_history)),
        CardRow(label="血型", text=child.blood_type or ""),
        CardRow(label="家里的大人", text=_lines(_named(care), (care.address if care else "") or place)),
        CardRow(label="谁可以来接"),
        CardRow(label="班主任", text=_teacher(child, around)),
        CardRow(label="学校·急救", text=_joined("　", around.phone, "急救 120　报警 110")),
    ]
    return _card(child, around, rows)


def _card(child: ChildFacts, around: _Around, rows: Sequence[CardRow]) -> Card:
    sex = child.sex.label if child.sex else ""
    cls = child.school_class.name if child.school_class else ""
    back = f" {around.phone}" if around.phone else ""
    return Card(
        key=child.uuid,
        school=around.school,
        name=child.name,
        about=_joined("　", sex, cls),
        rows=rows,
        foot=f"{around.term}有效，捡到请交学校{back}",
    )


def _calls(child: ChildFacts, around: _Around, most: int, *, offices: bool) -> Iterable[CardRow]:
    """Yield whom to call, best first, each with the day its number was last tried."""
    chain = [one for one in contact_chain(child) if one.number and (offices or not one.office)]
    ordered = sorted(chain, key=lambda one: found_bad(one) is not None)
    for place, contact in enumerate(ordered[:most], start=1):
        told, doubt = _tried(contact, around)
        yield CardRow(
            label=f"先打 {place}" if place == 1 else f"再打 {place}",
            text=_lines(
                _joined("　", _joined(" ", contact.relation_words, contact.who), contact.number),
                _joined("；", told, contact.reachable, contact.language_note),
            ),
            doubt=doubt,
        )
    for place in range(len(ordered) + 1, 3):
        yield CardRow(label=f"先打 {place}" if place == 1 else f"再打 {place}")


def _tried(contact: Contact, around: _Around) -> tuple[str, str]:
    """Return 核实于 09-12, or the same as a doubt: never tried, too long ago, found stopped or wrong."""
    if contact.office:
        return "", ""
    if found_bad(contact) is not None:
        return "", "这个号码上次没有打通，请核对"
    if contact.confirmed_on is None:
        return "", "没有核实过"
    days = (around.day - date.fromisoformat(contact.confirmed_on)).days
    if days > around.tried_within:
        return "", f"核实于 {contact.confirmed_on}，超过 {around.tried_within} 天"
    return f"核实于 {contact.confirmed_on[5:]}", ""


def _parent(person: PersonFacts | None) -> str:
    if person is None:
        return ""
    if person.gone:
        return _joined("　", person.name, person.life.status.label if person.life else "")
    return _lines(_joined("　", person.name, person.away_place), _numbers(person))


def _numbers(person: PersonFacts | None) -> str:
    return "、".join(phone.number for phone in person.phones if phone.usable) if person else ""


def _named(person: PersonFacts | None) -> str:
    return "" if person is None else _joined("　", person.name, person.relation_words)


def _teacher(child: ChildFacts, around: _Around) -> str:
    cls = child.school_class
    teacher = around.teachers.get(cls.id) if cls else None
    return "" if teacher is None else _joined("　", teacher.name, teacher.phone)


def _joined(between: str, *parts: str | None) -> str:
    return between.join(part for part in parts if part)


def _lines(*parts: str | None) -> str:
    return _joined("\n", *parts)
