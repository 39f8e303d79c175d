"""What lies at hand while a record is written: who it can be about and by whom, what was promised, what is still open."""

from collections.abc import Collection, Iterable
from datetime import date

from msgspec import Struct

from app.children.facts import ChildFacts
from app.children.ledger import ledger_row
from app.children.queries import load_facts
from app.diary.codes import Activity
from app.diary.facts import EventFacts, PromiseFacts, RecordFacts, RecordLine
from app.diary.guards import GuardFacts, guard_facts
from app.diary.late import LateRule, late_rule
from app.diary.lines import ClassNames
from app.diary.open_items import open_events, open_promises
from app.diary.phrases import PhraseFacts, phrases
from app.diary.queries import last_of_each, record
from app.pairing.codes import PairingKind
from app.pairing.facts import SupporterFacts
from app.pairing.pair_reading import BY_KIND
from app.pairing.people import supporters_of
from app.school.queries import class_teachers
from app.storage.in_force import in_force_sql
from app.storage.store import Store
from app.todo.roll import owes


class AtHandPerson(Struct, frozen=True):
    """A grown-up around a child: whom a record may have been with."""

    uuid: str
    words: str


class AtHandChild(Struct, frozen=True):
    """A child a record is about; ``people`` are its carer first, then parents and other kin still alive."""

    uuid: str
    name: str
    class_name: str
    address: str
    people: tuple[AtHandPerson, ...]


class AtHand(Struct, frozen=True):
    """Everything the form of a record needs, read at once.

    ``record`` is the one that is changed, ``follows`` the one that is followed up. ``supporter`` is the key of who most
    likely did it: whoever is entering, else who looks after the first child, else the head teacher of its class; "" when
    none of them is known.
    """

    children: tuple[AtHandChild, ...]
    supporters: tuple[SupporterFacts, ...]
    supporter: str
    promises: tuple[PromiseFacts, ...]
    events: tuple[EventFacts, ...]
    last: dict[Activity, RecordLine]
    guards: GuardFacts
    late: LateRule
    phrases: tuple[PhraseFacts, ...]
    record: RecordFacts | None = None
    follows: RecordLine | None = None


def at_hand(
    store: Store,
    day: date,
    *,
    children: Iterable[str] = (),
    record_uuid: str = "",
    follows_uuid: str = "",
    who: str = "",
    kind: str = "",
) -> AtHand | None:
    """Return what lies at hand on a day; None when the record that was asked for is not there (any more).

    ``who`` is the name of who is entering, ``kind`` the code of the record: a proxy parent is not proposed for what the
    head teacher answers for, as in the list of what is due. Children in the recycle bin, or unknown, are left out.
    """
    existing = record(store, record_uuid) if record_uuid else None
    if record_uuid and existing is None:
        return None
    uuids = existing.draft.children if existing is not None else tuple(dict.fromkeys(children))
    known = {facts.uuid: facts for facts in load_facts(store, day, uuids=uuids)} if uuids else {}
    found = [known[uuid] for uuid in uuids if uuid in known]
    everybody = supporters_of(store, day, (), gone=existing is not None)
    answered = record(store, follows_uuid) if follows_uuid else None
    first = found[0] if found else None
    return AtHand(
        children=tuple(_child(facts) for facts in found),
        supporters=everybody,
        supporter=_likely(store, day, everybody, who, first, kind),
        promises=tuple(one for facts in found for one in open_promises(store, child_uuid=facts.uuid)),
        events=tuple(one for facts in found for one in open_events(store, child_uuid=facts.uuid)),
        last=last_of_each(store, first.uuid) if first is not None else {},
        guards=guard_facts(store, [facts.uuid for facts in found], record_uuid=record_uuid or None),
        late=late_rule(store),
        phrases=phrases(store),
        record=existing,
        follows=answered.line if answered is not None else None,
    )


class Choosable(Struct, frozen=True):
    """A child a record may be about, as the search looks at it; ``class_name`` is that of the day."""

    uuid: str
    name: str
    pinyin: str
    id_number: str | None
    student_registry_no: str | None
    student_no: str | None
    phones: tuple[str, ...]
    spellings: str
    class_name: str
    registered: bool
    places: str = ""


_CHOOSABLE = f"""
SELECT c.id, c.uuid, c.name, c.former_name, c.pinyin, c.initials, c.id_number, c.student_registry_no, c.student_no, c.phone,
    (SELECT e.school_class_id FROM enrolment e WHERE e.child_id = c.id AND {in_force_sql("e")}
        ORDER BY e.valid_from DESC LIMIT 1),
    EXISTS (SELECT 1 FROM registration r WHERE r.child_id = c.id AND r.kind = 'left_behind'
        AND {in_force_sql("r")}) AS known
FROM child c WHERE c.deleted_at IS NULL ORDER BY known DESC, c.pinyin, c.name, c.id
"""  # noqa: S608  # our own names
_PHONES = """
SELECT k.child_id, p.number FROM phone p JOIN kinship k ON k.person_id = p.person_id
WHERE p.deleted_at IS NULL AND p.valid_to IS NULL AND k.deleted_at IS NULL AND k.valid_to IS NULL
UNION SELECT w.child_id, p.number FROM phone p JOIN care w ON w.person_id = p.person_id
WHERE p.deleted_at IS NULL AND p.valid_to IS NULL AND w.deleted_at IS NULL AND w.valid_to IS NULL
"""


def children_to_choose(store: Store, day: date) -> list[Choosable]:
    """Return every child a record may be about: those on the ledger of the day first, then the others."""
    numbers: dict[int, list[str]] = {}
    for child, number in store.rows(_PHONES):
        numbers.setdefault(child, []).append(number)
    classes, today = ClassNames(store), day.isoformat()
    return [
        Choosable(
            uuid=uuid,
            name=name,
            pinyin=pinyin or "",
            id_number=id_number,
            student_registry_no=registry_no,
            student_no=student_no,
            phones=tuple(filter(None, (phone, *numbers.get(key, ())))),
            spellings=" ".join(filter(None, (name, former, initials))).lower(),
            class_name=classes.name(class_id, today),
            registered=bool(known),
        )
        for (
            *(key, uuid, name, former, pinyin, initials, id_number, registry_no, student_no, phone),
            class_id,
            known,
        ) in store.rows(_CHOOSABLE, (today,))
    ]


def _child(facts: ChildFacts) -> AtHandChild:
    people: dict[str, AtHandPerson] = {}
    carer = facts.care.person if facts.care is not None else None
    for person in (*((carer,) if carer is not None else ()), *facts.relatives):
        if person.uuid not in people and not person.gone:
            kin = next((one for one in facts.relatives if one.uuid == person.uuid), person)
            words = " ".join(part for part in (kin.relation_words, person.name) if part)
            people[person.uuid] = AtHandPerson(person.uuid, words or "监护人")
    cls = facts.school_class
    return AtHandChild(
        facts.uuid,
        facts.name,
        cls.name if cls is not None else "",
        ledger_row(facts).address,
        tuple(people.values()),
    )


def _likely(
    store: Store,
    day: date,
    known: Collection[SupporterFacts],
    who: str,
    child: ChildFacts | None,
    kind: str,
) -> str:
    """Return the key of who most likely did it: who is entering, else who answers for the child; "" for nobody."""
    named = [one.key for one in known if one.name == who and one.present]
    if len(named) == 1:
        return named[0]
    if child is None:
        return ""
    present = {one.uuid for one in known if one.present}
    rows = store.rows(
        "SELECT s.uuid, q.kind FROM pairing q JOIN child c ON c.id = q.child_id JOIN supporter s ON s.id = q.supporter_id"  # noqa: S608  # ours
        f" WHERE c.uuid = ? AND q.valid_to IS NULL AND q.deleted_at IS NULL ORDER BY {BY_KIND}, q.id DESC",
        (child.uuid,),
    )
    paired = [(str(uuid), PairingKind(way)) for uuid, way in rows if uuid in present]
    owing = (uuid for uuid, way in paired if not kind or owes(way, kind))
    return (
        next(owing, "") or _head_teacher(store, day, known, child) or next((uuid for uuid, _ in paired), "")
    )


def _head_teacher(store: Store, day: date, known: Collection[SupporterFacts], child: ChildFacts) -> str:
    """Return the key of the head teacher of the child's class: who answers for a child that nobody looks after."""
    if child.school_class is None:
        return ""
    teacher = class_teachers(store, day).get(child.school_class.id)
    return next((one.key for one in known if teacher is not None and one.staff_uuid == teacher.uuid), "")
