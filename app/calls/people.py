"""Who is called for whom: the child, the grown-ups in the order in which they are asked, and when each can be reached."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from app.calls.codes import CallMedium
from app.children.codes import AwayState, LifeStatus
from app.children.contacts import DIALECT_ONLY
from app.children.facts import ChildFacts, Contact
from app.children.person_facts import PersonFacts
from app.children.queries import load_facts
from app.core.dates import in_force
from app.pairing.roll import sibling_sets
from app.school.calendar import monday_of
from app.school.lessons import WEEKDAYS
from app.storage.store import Store

NO_NUMBER = "没有号码"
NUMBERS_BAD = "号码停机或错了"
OUT_OF_CONTACT = "失联"
LIVES_WITH = "和孩子住在一起"
_NO_CLASS = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """When a grown-up can be reached: on one ``weekday`` (1 = Monday … 7) or on every one (None), HH:MM, half-open.

    ``alternate_on`` = only every second week, counted from the week of that day.
    """

    uuid: str
    starts: str
    ends: str
    weekday: int | None = None
    alternate_on: date | None = None
    valid_from: str | None = None
    valid_to: str | None = None

    def in_force(self, day: date) -> bool:
        """Tell whether the fact itself holds on a day, whatever its weekday."""
        return in_force(self.valid_from, self.valid_to, day) is not False

    def comes_on(self, day: date) -> bool:
        """Tell whether the window comes round on a day."""
        if self.weekday is not None and self.weekday != day.isoweekday():
            return False
        if self.alternate_on is None:
            return True
        return (monday_of(day) - monday_of(self.alternate_on)).days // 7 % 2 == 0

    @property
    def words(self) -> str:
        """Return 周六 18:00–20:00，隔周（11-16 那周起）."""
        day = "每天" if self.weekday is None else WEEKDAYS[self.weekday - 1]
        turn = f"，隔周（{self.alternate_on:%m-%d} 那周起）" if self.alternate_on else ""
        return f"{day} {self.starts}–{self.ends}{turn}"


@dataclass(frozen=True, slots=True, kw_only=True)
class CallContact:
    """A grown-up a child may talk with. The number itself is never here.

    ``why_not`` says why they cannot be called at all, "" = they can. ``later`` says why they are asked after the others
    although they stand before them in the child's order. ``windows`` () = at any time. ``order`` counts from 1, as asked.
    """

    person_id: int
    person_uuid: str
    name: str
    relation: str
    order: int
    why_not: str = ""
    later: str = ""
    away: bool = False
    place: str = ""
    language_note: str = ""
    reachable_note: str = ""
    windows: tuple[Window, ...] = ()

    @property
    def can_call(self) -> bool:
        """Tell whether there is a number to dial."""
        return not self.why_not

    @property
    def who(self) -> str:
        """Return 母亲 刘芳."""
        return f"{self.relation} {self.name}".strip() or "家人"

    def reachable(self, day: date, starts: str, ends: str) -> bool:
        """Tell whether they can be reached for the whole of a span. Nobody wrote when = at any time."""
        held = [one for one in self.windows if one.in_force(day)]
        if not held:
            return True
        return any(one.comes_on(day) and one.starts <= starts and ends <= one.ends for one in held)

    @property
    def hours(self) -> str:
        """Return when they can be reached in words, "" when nobody wrote it down."""
        return "；".join((*(one.words for one in self.windows), *filter(None, (self.reachable_note,))))


@dataclass(frozen=True, slots=True, kw_only=True)
class CallWishFacts:
    """What the child itself wishes. ``wants`` False = it does not want to call now; nobody plans against that."""

    uuid: str = ""
    wants: bool = True
    person_uuid: str = ""
    medium: CallMedium | None = None
    note: str = ""
    valid_from: str | None = None


@dataclass(frozen=True, slots=True)
class CallRule:
    """How often a child calls: ``activity`` call (by whatever medium) or video_call, ``times`` per ``per``.

    ``per`` is week, fortnight, month, term or year; ``own`` = a rule about this one child.
    """

    activity: str
    times: int
    per: str
    words: str = ""
    own: bool = False


@dataclass(frozen=True, slots=True)
class Absent:
    """A child away from school from ``first`` on; ``back`` is the first day it is there again, None = not known."""

    first: date
    back: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Callee:
    """A child on the ledger with everything its calls follow from.

    ``siblings`` are the uuids of brothers and sisters on the ledger. ``leaves_on`` is the first day on which it is known
    to be here no more. ``registered_since`` stands in for the last call where none ever got through.
    """

    child_id: int
    child_uuid: str
    child: str
    class_id: int | None
    class_name: str
    class_sort: int
    pinyin: str = ""
    siblings: frozenset[str] = frozenset()
    contacts: tuple[CallContact, ...] = ()
    wish: CallWishFacts = field(default_factory=CallWishFacts)
    rules: tuple[CallRule, ...] = ()
    absences: tuple[Absent, ...] = ()
    registered_since: str | None = None
    leaves_on: str | None = None
    last_connected: date | None = None

    def why_not(self, day: date) -> str:
        """Return why the child itself cannot call on a day, "" when it can."""
        if not self.wish.wants:
            return "孩子现在不想打"
        if self.leaves_on is not None and self.leaves_on <= day.isoformat():
            return "已离校"
        away = any(one.first <= day and (one.back is None or day < one.back) for one in self.absences)
        return "缺席" if away else ""

    def contact(self, person_uuid: str) -> CallContact | None:
        """Return the contact who is this person."""
        return next((one for one in self.contacts if one.person_uuid == person_uuid), None)


def callees(
    store: Store,
    on: date,
    rules: Mapping[str, tuple[CallRule, ...]] | None = None,
    *,
    uuids: Iterable[str] | None = None,
) -> tuple[Callee, ...]:
    """Return the children on the ledger of a day as calls see them, by class and name; ``uuids`` = only these.

    ``rules`` are the cadences by child uuid: they stand in a room above, whoever asks brings them.
    """
    facts = load_facts(store, on, uuids=uuids, only_registered=True)
    reading = _Reading(store, on)
    here = {reading.children[one.uuid] for one in facts} if uuids is None else reading.on_ledger
    known = rules or {}
    return tuple(reading.callee(one, here, known.get(one.uuid, ())) for one in facts)


def callee_of(store: Store, child_uuid: str, on: date) -> Callee | None:
    """Return one child as calls see it; None when it is not on the ledger of the day."""
    return next(iter(callees(store, on, uuids=[child_uuid])), None)


class _Reading:
    """What is read once for all children."""

    def __init__(self, store: Store, on: date) -> None:
        self._on = on
        iso = on.isoformat()
        self.children: dict[str, int] = dict(
            store.rows("SELECT uuid, id FROM child WHERE deleted_at IS NULL")
        )
        self._uuids = {id: uuid for uuid, id in self.children.items()}
        self._people: dict[str, int] = dict(
            store.rows("SELECT uuid, id FROM person WHERE deleted_at IS NULL")
        )
        self._families = sibling_sets(store)
        self._windows = windows(store)
        self._wishes = wishes(store, on)
        self._absences = _absences(store)
        self._last = {
            child: date.fromisoformat(day)
            for child, day in store.rows(
                "SELECT child_id, max(happened_on) FROM affection_call WHERE deleted_at IS NULL"
                " AND outcome = 'connected' AND happened_on <= ? GROUP BY child_id",
                (iso,),
            )
        }
        self.on_ledger = {
            row[0]
            for row in store.rows(
                "SELECT child_id FROM registration WHERE deleted_at IS NULL AND kind = 'left_behind'"
                " AND (valid_from IS NULL OR valid_from <= ?1) AND (valid_to IS NULL OR valid_to > ?1)",
                (iso,),
            )
        }

    def callee(self, facts: ChildFacts, here: set[int], rules: tuple[CallRule, ...]) -> Callee:
        key = self.children[facts.uuid]
        cls = facts.school_class
        wish = self._wishes.get(key, CallWishFacts())
        return Callee(
            child_id=key,
            child_uuid=facts.uuid,
            child=facts.name,
            class_id=cls.id if cls else None,
            class_name=cls.name if cls else "",
            class_sort=cls.sort if cls else _NO_CLASS,
            pinyin=facts.pinyin,
            siblings=frozenset(self._uuids[one] for one in self._families.get(key, frozenset()) & here),
            contacts=tuple(self._contacts(facts, wish)),
            wish=wish,
            rules=rules,
            absences=self._absences.get(key, ()),
            registered_since=facts.registration.valid_from if facts.registration else None,
            leaves_on=_leaves_on(facts),
            last_connected=self._last.get(key),
        )

    def _contacts(self, facts: ChildFacts, wish: CallWishFacts) -> list[CallContact]:
        written = [one for one in facts.contacts if one.person is not None and not one.person.gone]
        order: list[tuple[PersonFacts, Contact | None]] = [(one.person, one) for one in written if one.person]
        seen = {person.uuid for person, _ in order}
        away = [one for one in facts.relatives if one.away_state is AwayState.OUT]
        carer = facts.care.person if facts.care else None
        for person in (facts.mother, facts.father, *away, carer, *facts.relatives):
            if person is not None and person.uuid not in seen and not person.gone:
                seen.add(person.uuid)
                order.append((person, None))
        at_home = {carer.uuid} if carer is not None else set()
        at_home |= {one.uuid for one, _ in order if one.kinship is not None and one.kinship.lives_together}
        found = [self._contact(person, contact, person.uuid in at_home) for person, contact in order]
        # Whom the child asks for comes first whatever stands against it. A call is for those who are away: whom the
        # child sees every evening, and who is hard to talk with, comes after them.
        found.sort(key=lambda one: (one.person_uuid != wish.person_uuid, bool(one.later)))
        return [_placed(one, place + 1) for place, one in enumerate(found)]

    def _contact(self, person: PersonFacts, contact: Contact | None, at_home: bool) -> CallContact:
        note = (contact.language_note if contact else None) or (DIALECT_ONLY if person.dialect_only else None)
        away = person.away_state is AwayState.OUT
        return CallContact(
            person_id=self._people[person.uuid],
            person_uuid=person.uuid,
            name=person.name or "",
            relation=person.relation_words,
            order=0,
            why_not=_why_not(person),
            later=note or (LIVES_WITH if at_home and not away else ""),
            away=away,
            place=person.away_place or "",
            language_note=note or "",
            reachable_note=(contact.reachable if contact else None) or "",
            windows=self._windows.get(self._people[person.uuid], ()),
        )


def windows(store: Store) -> Mapping[int, tuple[Window, ...]]:
    """Return person → when they can be reached: every window that ever was, by weekday and start."""
    found: dict[int, list[Window]] = {}
    for person, uuid, weekday, starts, ends, alternate, start, end in store.rows(
        "SELECT person_id, uuid, weekday, starts, ends, alternate_on, valid_from, valid_to FROM reachable_time"
        " WHERE deleted_at IS NULL ORDER BY coalesce(weekday, 0), starts, id"
    ):
        found.setdefault(person, []).append(
            Window(
                uuid=uuid,
                starts=starts,
                ends=ends,
                weekday=weekday,
                alternate_on=None if alternate is None else date.fromisoformat(alternate),
                valid_from=start,
                valid_to=end,
            )
        )
    return {person: tuple(held) for person, held in found.items()}


def wishes(store: Store, on: date) -> Mapping[int, CallWishFacts]:
    """Return child → what it wishes on a day; children who were not asked are left out."""
    rows = store.rows(
        "SELECT w.child_id, w.uuid, w.wants, p.uuid, w.medium, w.note, w.valid_from, w.valid_to FROM call_wish w"
        " LEFT JOIN person p ON p.id = w.person_id AND p.deleted_at IS NULL WHERE w.deleted_at IS NULL"
        " ORDER BY coalesce(w.valid_from, ''), w.id"
    )
    return {
        child: CallWishFacts(
            uuid=uuid,
            wants=wants == 1,
            person_uuid=person or "",
            medium=CallMedium.of(medium),
            note=note or "",
            valid_from=start,
        )
        for child, uuid, wants, person, medium, note, start, end in rows
        if in_force(start, end, on) is not False
    }


def _absences(store: Store) -> dict[int, tuple[Absent, ...]]:
    found: dict[int, list[Absent]] = {}
    for child, first, back in store.rows(
        "SELECT child_id, happened_on, coalesce(returned_on, closed_on) FROM absence WHERE deleted_at IS NULL"
        " ORDER BY happened_on"
    ):
        spell = Absent(date.fromisoformat(first), None if back is None else date.fromisoformat(back))
        found.setdefault(child, []).append(spell)
    return {child: tuple(spells) for child, spells in found.items()}


def _why_not(person: PersonFacts) -> str:
    if person.life_status is LifeStatus.OUT_OF_CONTACT:
        return OUT_OF_CONTACT
    phone = person.best_phone
    if phone is None:
        return NO_NUMBER
    return "" if phone.usable else NUMBERS_BAD


def _leaves_on(facts: ChildFacts) -> str | None:
    ends = [
        period.valid_to
        for period in (facts.registration, facts.enrolment)
        if period is not None and period.valid_to
    ]
    return min(ends, default=None)


def _placed(one: CallContact, place: int) -> CallContact:
    values = {name: getattr(one, name) for name in one.__slots__ if name != "order"}
    return CallContact(**values, order=place)
