"""Who is called for whom: the child, the grown-ups in the order in which they are asked, and when each can be reached."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from app.calls.codes import CallMedium
from app.calls.counting import last_through
from app.children.codes import AwayState, LifeStatus
from app.children.contacts import DIALECT_ONLY
from app.children.day_reader import no_collecting
from app.children.facts import ChildFacts, Contact
from app.children.finding import siblings
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

    ``alternate_on`` = only every ``every_weeks``-th week, counted from the week of that day (shifts by turns).
    """

    uuid: str
    starts: str
    ends: str
    weekday: int | None = None
    alternate_on: date | None = None
    every_weeks: int = 2
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
        return (monday_of(day) - monday_of(self.alternate_on)).days // 7 % self.every_weeks == 0

    @property
    def words(self) -> str:
        """Return 周六 18:00–20:00，隔周（11-16 那周起）; 每 3 周一次 where it comes round more seldom."""
        day = "每天" if self.weekday is None else WEEKDAYS[self.weekday - 1]
        often = "隔周" if self.every_weeks == 2 else f"每 {self.every_weeks} 周一次"
        turn = f"，{often}（{self.alternate_on:%m-%d} 那周起）" if self.alternate_on else ""
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
    with no_collecting():
        facts = load_facts(store, on, uuids=uuids, only_registered=True)
        reading = _Reading(store, on, None if uuids is None else facts)
        known = rules or {}
        return tuple(reading.callee(one, known.get(one.uuid, ())) for one in facts)


def callee_of(store: Store, child_uuid: str, on: date) -> Callee | None:
    """Return one child as calls see it; None when it is not on the ledger of the day."""
    return next(iter(callees(store, on, uuids=[child_uuid])), None)


class _Reading:
    """What is read once for all children; with ``some`` for these alone, and for those around them."""

    def __init__(self, store: Store, on: date, some: list[ChildFacts] | None) -> None:
        own = None if some is None else _keys(store, "child", [one.uuid for one in some])
        people = None if some is None else [person.uuid for one in some for person in _around(one)]
        self._families = sibling_sets(store) if own is None else _kin(store, own)
        around = (
            None if own is None else {*own.values(), *(key for kin in self._families.values() for key in kin)}
        )
        self._children = own if own is not None else _keys(store, "child", None)
        self._people = _keys(store, "person", people)
        self._windows = windows(store, None if people is None else self._people.values())
        only, params = _among("child_id", around)
        self._wishes = wishes(store, on, around)
        self._absences = _absences(store, around)
        self._last = {
            child: date.fromisoformat(day) for child, day in last_through(store, on, around).items()
        }
        self._here: dict[int, str] = dict(
            store.rows(
                "SELECT r.child_id, c.uuid FROM registration r JOIN child c ON c.id = r.child_id"  # noqa: S608  # ours
                " WHERE r.deleted_at IS NULL AND c.deleted_at IS NULL AND r.kind = 'left_behind'"
                " AND (r.valid_from IS NULL OR r.valid_from <= ?) AND (r.valid_to IS NULL OR r.valid_to > ?)"
                + only.replace("child_id", "r.child_id"),
                (on.isoformat(), on.isoformat(), *params),
            )
        )

    def callee(self, facts: ChildFacts, rules: tuple[CallRule, ...]) -> Callee:
        key = self._children[facts.uuid]
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
            siblings=frozenset(
                self._here[one] for one in self._families.get(key, frozenset()) if one in self._here
            ),
            contacts=tuple(self._contacts(facts, wish)),
            wish=wish,
            rules=rules,
            absences=self._absences.get(key, ()),
            registered_since=facts.registration.valid_from if facts.registration else None,
            leaves_on=_leaves_on(facts),
            last_connected=self._last.get(key),
        )

    def _contacts(self, facts: ChildFacts, wish: CallWishFacts) -> list[CallContact]:
        written = {one.person.uuid: one for one in facts.contacts if one.person and not one.person.gone}
        away = [one for one in facts.relatives if one.away_state is AwayState.OUT]
        carer = facts.care.person if facts.care else None
        people = [one.person for one in written.values()]
        people += (facts.mother, facts.father, *away, carer, *facts.relatives)
        known = {one.uuid: one for one in reversed(people) if one is not None and not one.gone}
        order = [known[uuid] for uuid in dict.fromkeys(one.uuid for one in people if one and not one.gone)]
        at_home = {one.uuid for one in order if one.kinship is not None and one.kinship.lives_together}
        if carer is not None:
            at_home.add(carer.uuid)
        late = {one.uuid: _later(one, written.get(one.uuid), one.uuid in at_home) for one in order}
        # Whom the child asks for comes first whatever stands against it. A call is for those who are away: whom the
        # child sees every evening, and who is hard to talk with, comes after them.
        order.sort(key=lambda one: (one.uuid != wish.person_uuid, bool(late[one.uuid])))
        return [
            self._contact(one, place, written.get(one.uuid), late[one.uuid])
            for place, one in enumerate(order, start=1)
        ]

    def _contact(self, person: PersonFacts, order: int, contact: Contact | None, later: str) -> CallContact:
        key = self._people[person.uuid]
        return CallContact(
            person_id=key,
            person_uuid=person.uuid,
            name=person.name or "",
            relation=person.relation_words,
            order=order,
            why_not=_why_not(person),
            later=later,
            away=person.away_state is AwayState.OUT,
            place=person.away_place or "",
            language_note=_language(person, contact),
            reachable_note=(contact.reachable if contact else None) or "",
            windows=self._windows.get(key, ()),
        )


def _language(person: PersonFacts, contact: Contact | None) -> str:
    return (contact.language_note if contact else None) or (DIALECT_ONLY if person.dialect_only else "")


def _later(person: PersonFacts, contact: Contact | None, at_home: bool) -> str:
    """Return why somebody is asked after the others, "" when nothing stands against them."""
    note = _language(person, contact)
    return note or (LIVES_WITH if at_home and person.away_state is not AwayState.OUT else "")


def windows(store: Store, people: Iterable[int] | None = None) -> Mapping[int, tuple[Window, ...]]:
    """Return person → when they can be reached: every window that ever was, by weekday and start."""
    only, params = _among("person_id", people)
    found: dict[int, list[Window]] = {}
    for person, uuid, weekday, starts, ends, alternate, every, start, end in store.rows(
        "SELECT person_id, uuid, weekday, starts, ends, alternate_on, every_weeks, valid_from, valid_to"  # noqa: S608
        f" FROM reachable_time WHERE deleted_at IS NULL{only} ORDER BY coalesce(weekday, 0), starts, id",
        params,
    ):
        found.setdefault(person, []).append(
            Window(
                uuid=uuid,
                starts=starts,
                ends=ends,
                weekday=weekday,
                alternate_on=None if alternate is None else date.fromisoformat(alternate),
                every_weeks=every,
                valid_from=start,
                valid_to=end,
            )
        )
    return {person: tuple(held) for person, held in found.items()}


def wishes(store: Store, on: date, children: Iterable[int] | None = None) -> Mapping[int, CallWishFacts]:
    """Return child → what it wishes on a day; children who were not asked are left out."""
    only, params = _among("w.child_id", children)
    rows = store.rows(
        "SELECT w.child_id, w.uuid, w.wants, p.uuid, w.medium, w.note, w.valid_from, w.valid_to FROM call_wish w"  # noqa: S608
        f" LEFT JOIN person p ON p.id = w.person_id AND p.deleted_at IS NULL WHERE w.deleted_at IS NULL{only}"
        " ORDER BY coalesce(w.valid_from, ''), w.id",
        params,
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


def _absences(store: Store, children: Iterable[int] | None) -> dict[int, tuple[Absent, ...]]:
    found: dict[int, list[Absent]] = {}
    only, params = _among("child_id", children)
    for child, first, back in store.rows(
        "SELECT child_id, happened_on, coalesce(returned_on, closed_on) FROM absence"  # noqa: S608  # our own names
        f" WHERE deleted_at IS NULL{only} ORDER BY happened_on",
        params,
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


def _kin(store: Store, children: Mapping[str, int]) -> dict[int, frozenset[int]]:
    """Return the brothers and sisters of some children."""
    found = {}
    for uuid, key in children.items():
        others = _keys(store, "child", [one.uuid for one in siblings(store, uuid)])
        found[key] = frozenset(others.values())
    return found


def _around(facts: ChildFacts) -> list[PersonFacts]:
    """Return the grown-ups of a child who may be called."""
    people = [*facts.relatives, *(one.person for one in facts.contacts)]
    return [one for one in (*people, facts.care.person if facts.care else None) if one is not None]


def _keys(store: Store, table: str, uuids: list[str] | None) -> dict[str, int]:
    """Return uuid → key of the live rows of a table; ``uuids`` = of these."""
    only, params = _among("uuid", uuids)
    return dict(store.rows(f"SELECT uuid, id FROM {table} WHERE deleted_at IS NULL{only}", params))  # noqa: S608


def _among(column: str, values: Iterable[int] | Iterable[str] | None) -> tuple[str, tuple[str, ...]]:
    """Return the condition that a column is one of the values, and its parameter; none for None."""
    if values is None:
        return "", ()
    return f" AND {column} IN (SELECT value FROM json_each(?))", (json.dumps(list(values)),)  # noqa: S608
