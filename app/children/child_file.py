"""One child's whole file: the facts of the day, and every period of every fact, past and to come, newest first."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import TypeVar

from msgspec import Struct

from app.children import from_rows
from app.children.dated_fact import DatedFact
from app.children.day_reader import DayReader, Period, Shape
from app.children.facts import (
    BoardingFacts,
    CareFacts,
    CarePaperFacts,
    CategoryFacts,
    ChildFacts,
    DisabilityFacts,
    EnrolmentFacts,
    GroundFacts,
    HealthFacts,
    HouseholdFacts,
    LivelihoodFacts,
    RegistrationFacts,
    ReportedFacts,
    ResidenceFacts,
    SchoolingFacts,
)
from app.children.finding import ChildRef, sibling_suggestions, siblings
from app.children.people_queries import People
from app.children.person_facts import (
    AwayFacts,
    CapacityFacts,
    KinshipFacts,
    LifeFacts,
    MarriageFacts,
    PersonFacts,
    PhoneFacts,
)
from app.children.queries import load_child
from app.school.queries import all_classes
from app.storage.store import Store

T = TypeVar("T", bound=DatedFact)


class PersonPeriods(Struct, frozen=True, kw_only=True):
    """All that was ever written about one grown-up, and what they were to this child."""

    person: PersonFacts
    kinships: tuple[KinshipFacts, ...] = ()
    lives: tuple[LifeFacts, ...] = ()
    capacities: tuple[CapacityFacts, ...] = ()
    aways: tuple[AwayFacts, ...] = ()
    marriages: tuple[MarriageFacts, ...] = ()
    phones: tuple[PhoneFacts, ...] = ()


class ChildFile(Struct, frozen=True, kw_only=True):
    """Everything about one child. Tuples hold all periods, newest first; ``facts`` are those of the day.

    ``people`` are the relatives, present and past, the carers and the contacts, each once. ``maybe_siblings`` are only
    suggested: nobody has said it.
    """

    facts: ChildFacts
    registrations: tuple[RegistrationFacts, ...] = ()
    enrolments: tuple[EnrolmentFacts, ...] = ()
    schooling: tuple[SchoolingFacts, ...] = ()
    boarding: tuple[BoardingFacts, ...] = ()
    health: tuple[HealthFacts, ...] = ()
    disabilities: tuple[DisabilityFacts, ...] = ()
    households: tuple[HouseholdFacts, ...] = ()
    residences: tuple[ResidenceFacts, ...] = ()
    care: tuple[CareFacts, ...] = ()
    care_papers: tuple[CarePaperFacts, ...] = ()
    categories: tuple[CategoryFacts, ...] = ()
    grounds: tuple[GroundFacts, ...] = ()
    livelihood: tuple[LivelihoodFacts, ...] = ()
    reported: tuple[ReportedFacts, ...] = ()
    people: tuple[PersonPeriods, ...] = ()
    siblings: tuple[ChildRef, ...] = ()
    maybe_siblings: tuple[ChildRef, ...] = ()

    def periods_of(self, person_uuid: str) -> PersonPeriods:
        """Return what was written about one grown-up of this file; KeyError for somebody who is not in it."""
        for periods in self.people:
            if periods.person.uuid == person_uuid:
                return periods
        raise KeyError(person_uuid)


def child_file(store: Store, uuid: str, day: date) -> ChildFile | None:
    """Return the whole file of a child as known for ``day``; None when there is none (any more)."""
    facts = load_child(store, uuid, day)
    row = store.one("SELECT id FROM child WHERE uuid = ? AND deleted_at IS NULL", (uuid,))
    if facts is None or row is None:
        return None
    child_id = int(row[0])
    reader = DayReader(store, day, "child_id", (child_id,))
    people = _People(store, day, facts, child_id)
    return ChildFile(
        facts=facts,
        registrations=_all(reader, from_rows.REGISTRATION),
        enrolments=tuple(_enrolments(store, reader, day)),
        schooling=_all(reader, from_rows.SCHOOLING),
        boarding=_all(reader, from_rows.BOARDING),
        health=_all(reader, from_rows.HEALTH),
        disabilities=_all(reader, from_rows.DISABILITY),
        households=_all(reader, from_rows.HOUSEHOLD),
        residences=_all(reader, from_rows.RESIDENCE),
        care=tuple(_care(reader, people)),
        care_papers=_all(reader, from_rows.CARE_PAPER),
        categories=_all(reader, from_rows.CATEGORY),
        grounds=_all(reader, from_rows.GROUND),
        livelihood=_all(reader, from_rows.LIVELIHOOD),
        reported=_all(reader, from_rows.REPORTED),
        people=tuple(people.periods(reader)),
        siblings=tuple(siblings(store, uuid)),
        maybe_siblings=tuple(sibling_suggestions(store, uuid)),
    )


class _People:
    """The grown-ups of one file, known by their key."""

    def __init__(self, store: Store, day: date, facts: ChildFacts, child_id: int) -> None:
        rows = store.rows(
            "SELECT person_id FROM kinship WHERE child_id = ?1 AND deleted_at IS NULL"
            " UNION SELECT person_id FROM care WHERE child_id = ?1 AND deleted_at IS NULL AND person_id IS NOT NULL"
            " UNION SELECT person_id FROM contact_order"
            "  WHERE child_id = ?1 AND deleted_at IS NULL AND person_id IS NOT NULL",
            (child_id,),
        )
        self._ids = [row[0] for row in rows]
        self._reader = DayReader(store, day, "person_id", self._ids)
        self._people = People(store, day, self._ids)
        self._kin = {person.uuid: person for person in facts.relatives}

    def person(self, person_id: int | None) -> PersonFacts | None:
        """Return a grown-up, with the kinship of the day if there is one."""
        if person_id is None or person_id not in self._people:
            return None
        alone = self._people.alone(person_id)
        return self._kin.get(alone.uuid, alone)

    def periods(self, of_child: DayReader) -> Iterator[PersonPeriods]:
        """Yield everybody, in the order of the relatives, then the others."""
        kinships: dict[int, list[KinshipFacts]] = {}
        for period in of_child.recorded(from_rows.KINSHIP):
            person_id, kinship = from_rows.KINSHIP.fact(period.row, certain=period.holds is not None)
            kinships.setdefault(person_id, []).insert(0, kinship)
        order = {uuid: place for place, uuid in enumerate(self._kin)}
        found = [(key, person) for key in self._ids if (person := self.person(key)) is not None]
        lives = _by_key(self._reader, from_rows.LIFE)
        capacities = _by_key(self._reader, from_rows.CAPACITY)
        aways = _by_key(self._reader, from_rows.AWAY)
        marriages = _by_key(self._reader, from_rows.MARRIAGE)
        phones = _by_key(self._reader, from_rows.PHONE)
        for key, person in sorted(found, key=lambda one: (order.get(one[1].uuid, len(order)), one[0])):
            yield PersonPeriods(
                person=person,
                kinships=tuple(kinships.get(key, ())),
                lives=lives.get(key, ()),
                capacities=capacities.get(key, ()),
                aways=aways.get(key, ()),
                marriages=marriages.get(key, ()),
                phones=phones.get(key, ()),
            )


def _all(reader: DayReader, shape: Shape[T]) -> tuple[T, ...]:
    return _newest_first(_fact(shape, period) for period in reader.recorded(shape))


def _by_key(reader: DayReader, shape: Shape[T]) -> dict[int, tuple[T, ...]]:
    found: dict[int, list[T]] = {}
    for period in reader.recorded(shape):
        found.setdefault(period.key, []).append(_fact(shape, period))
    return {key: _newest_first(facts) for key, facts in found.items()}


def _fact(shape: Shape[T], period: Period) -> T:
    return shape.fact(period.row, certain=period.holds is not None)


def _newest_first(facts: Iterable[T]) -> tuple[T, ...]:
    return tuple(reversed(list(facts)))


def _enrolments(store: Store, reader: DayReader, day: date) -> Iterator[EnrolmentFacts]:
    classes = {cls.id: cls for cls in all_classes(store, day)}
    for period in reversed(list(reader.recorded(from_rows.ENROLMENT))):
        school_class = classes.get(period.own[0])
        if school_class is not None:
            yield from_rows.ENROLMENT.fact(
                period.row, certain=period.holds is not None, school_class=school_class
            )


def _care(reader: DayReader, people: _People) -> Iterator[CareFacts]:
    for period in reversed(list(reader.recorded(from_rows.CARE))):
        person = people.person(period.own[0])
        yield from_rows.CARE.fact(period.row, certain=period.holds is not None, person=person)
