"""What lies at hand while a record is written: who it can be about and by whom, what was promised, what is still open."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from app.children.facts import ChildFacts
from app.children.ledger import LedgerRow, ledger_row
from app.children.queries import load_facts
from app.diary.codes import Activity
from app.diary.facts import EventFacts, PromiseFacts, RecordFacts, RecordLine
from app.diary.guards import GuardFacts, guard_facts
from app.diary.late import LateRule, late_rule
from app.diary.open_items import open_events, open_promises
from app.diary.phrases import PhraseFacts, phrases
from app.diary.queries import last_of_each, record
from app.pairing.facts import SupporterFacts
from app.pairing.pair_reading import pairs_of_child
from app.pairing.people import supporters
from app.storage.store import Store


@dataclass(frozen=True, slots=True)
class AtHandPerson:
    """A grown-up around a child: whom a record may have been with."""

    uuid: str
    words: str


@dataclass(frozen=True, slots=True)
class AtHandChild:
    """A child a record is about; ``people`` are its carer first, then parents and other kin still alive."""

    uuid: str
    name: str
    class_name: str
    address: str
    people: tuple[AtHandPerson, ...]


@dataclass(frozen=True, slots=True)
class AtHand:
    """Everything the form of a record needs, read at once.

    ``record`` is the one that is changed, ``follows`` the one that is followed up. ``supporter`` is the key of who most
    likely did it: whoever is entering, else who looks after the first child; "" when neither is known.
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
) -> AtHand | None:
    """Return what lies at hand on a day; None when the record that was asked for is not there (any more).

    ``who`` is the name of who is entering. Children in the recycle bin, or unknown, are left out.
    """
    existing = record(store, record_uuid) if record_uuid else None
    if record_uuid and existing is None:
        return None
    uuids = existing.draft.children if existing is not None else tuple(dict.fromkeys(children))
    known = {facts.uuid: facts for facts in load_facts(store, day, uuids=uuids)} if uuids else {}
    found = [known[uuid] for uuid in uuids if uuid in known]
    everybody = supporters(store, day, gone=existing is not None)
    answered = record(store, follows_uuid) if follows_uuid else None
    first = found[0].uuid if found else ""
    return AtHand(
        children=tuple(_child(facts) for facts in found),
        supporters=everybody,
        supporter=_likely(store, day, everybody, who, first),
        promises=tuple(one for facts in found for one in open_promises(store, child_uuid=facts.uuid)),
        events=tuple(one for facts in found for one in open_events(store, child_uuid=facts.uuid)),
        last=last_of_each(store, first) if first else {},
        guards=guard_facts(store, [facts.uuid for facts in found], record_uuid=record_uuid or None),
        late=late_rule(store),
        phrases=phrases(store),
        record=existing,
        follows=answered.line if answered is not None else None,
    )


def children_to_choose(store: Store, day: date) -> list[LedgerRow]:
    """Return every child a record may be about, as the search knows them: those on the ledger first, then the others."""
    rows = [ledger_row(facts) for facts in load_facts(store, day)]
    return sorted(rows, key=lambda row: not row.registered)


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


def _likely(store: Store, day: date, known: Iterable[SupporterFacts], who: str, child: str) -> str:
    named = [one.key for one in known if one.name == who and one.present]
    if len(named) == 1:
        return named[0]
    mine = [pair.key for pair in pairs_of_child(store, child, day) if pair.open and pair.key] if child else []
    return mine[0] if mine else ""
