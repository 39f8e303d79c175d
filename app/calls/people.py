"""Who is called for whom: the child, the grown-ups in the order in which they are asked, and when each can be reached."""

from collections.abc import Iterable, Mapping
from datetime import date

from msgspec import Struct, field

from app.calls.counting import last_through
from app.calls.reach import Absent, CallWishFacts, Window, absences, among, windows, wishes
from app.children.codes import AwayState, LifeStatus
from app.children.contacts import DIALECT_ONLY
from app.children.day_reader import no_collecting
from app.children.facts import ChildFacts, Contact
from app.children.finding import siblings
from app.children.person_facts import PersonFacts
from app.children.queries import load_facts, one_by_one
from app.pairing.roll import sibling_sets
from app.storage.in_force import in_force_sql
from app.storage.store import Store

NO_NUMBER = "没有号码"
NUMBERS_BAD = "号码停机或错了"
OUT_OF_CONTACT = "失联"
LIVES_WITH = "和孩子住在一起"
_NO_CLASS = 10_000
_FEW = 60  # more children than these are read together, fewer one by one with those around them


class CallContact(Struct, frozen=True, kw_only=True):
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


class CallRule(Struct, frozen=True):
    """How often a child calls: ``activity`` call (by whatever medium) or video_call, ``times`` per ``per``.

    ``per`` is week, fortnight, month, term or year; ``own`` = a rule about this one child.
    """

    activity: str
    times: int
    per: str
    words: str = ""
    own: bool = False


class Callee(Struct, frozen=True, kw_only=True):
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

    @property
    def is_always_there(self) -> bool:
        """Tell whether ``why_not`` has nothing to say on any day."""
        return self.wish.wants and self.leaves_on is None and not self.absences

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
        facts, reading = _read(store, on, uuids)
        known = rules or {}
        return tuple([reading.callee(one, known.get(one.uuid, ())) for one in one_by_one(facts)])


def callees_with_facts(
    store: Store,
    on: date,
    rules: Mapping[str, tuple[CallRule, ...]] | None = None,
    *,
    uuids: Iterable[str] | None = None,
) -> tuple[tuple[Callee, ChildFacts], ...]:
    """Return ``callees``, each with the child's facts that it was made of: for who needs both, they are read once."""
    with no_collecting():
        facts, reading = _read(store, on, uuids)
        known = rules or {}
        return tuple((reading.callee(one, known.get(one.uuid, ())), one) for one in facts)


def _read(store: Store, on: date, uuids: Iterable[str] | None) -> tuple[list[ChildFacts], "_Reading"]:
    facts = load_facts(store, on, uuids=uuids, only_registered=True)
    return facts, _Reading(store, on, None if uuids is None or len(facts) > _FEW else facts)


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
        only, params = among("child_id", around)
        self._wishes = wishes(store, on, around)
        self._absences = absences(store, around)
        self._last = {
            child: date.fromisoformat(day) for child, day in last_through(store, on, around).items()
        }
        self._here: dict[int, str] = dict(
            store.rows(
                "SELECT r.child_id, c.uuid FROM registration r JOIN child c ON c.id = r.child_id"  # noqa: S608  # ours
                f" WHERE c.deleted_at IS NULL AND r.kind = 'left_behind' AND {in_force_sql('r')}"
                + only.replace("child_id", "r.child_id"),
                (on.isoformat(), *params),
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
    only, params = among("uuid", uuids)
    return dict(store.rows(f"SELECT uuid, id FROM {table} WHERE deleted_at IS NULL{only}", params))  # noqa: S608
