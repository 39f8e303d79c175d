"""One child's file: what is known on the day, and every period that was written down, past, present and to come."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from app.children import from_rows
from app.children.codes import CareGrade, CareKind, EnrolmentEnd
from app.children.day_reader import DayReader, Head, Shape
from app.children.facts import (
    AwayFacts,
    BoardingFacts,
    CapacityFacts,
    CareFacts,
    CarePaperFacts,
    CategoryFacts,
    ChildFacts,
    DatedFact,
    DisabilityFacts,
    EnrolmentFacts,
    HealthFacts,
    HouseholdFacts,
    KinshipFacts,
    LifeFacts,
    LivelihoodFacts,
    MarriageFacts,
    PersonFacts,
    PhoneFacts,
    RegistrationFacts,
    ReportedFacts,
    ResidenceFacts,
    SchoolingFacts,
)
from app.children.finding import ChildRef, sibling_suggestions, siblings
from app.children.from_rows import boolean
from app.children.people_queries import People
from app.children.queries import load_child
from app.school.queries import all_classes
from app.school.rules import ClassFacts
from app.storage.store import Store

T = TypeVar("T", bound=DatedFact)


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonPeriods:
    """Every period of one grown-up around the child, newest first."""

    kinships: tuple[KinshipFacts, ...] = ()
    lives: tuple[LifeFacts, ...] = ()
    capacities: tuple[CapacityFacts, ...] = ()
    aways: tuple[AwayFacts, ...] = ()
    marriages: tuple[MarriageFacts, ...] = ()
    phones: tuple[PhoneFacts, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildFile:
    """The facts of the day, and beside them all periods of each dated fact, newest first.

    ``people`` are the periods of the grown-ups by uuid; ``former_relatives`` were relatives once (a stepfather whose
    marriage ended). ``siblings`` share a parent; ``maybe_siblings`` only look like it.
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
    livelihood: tuple[LivelihoodFacts, ...] = ()
    reported: tuple[ReportedFacts, ...] = ()
    people: Mapping[str, PersonPeriods] = field(default_factory=dict)
    former_relatives: tuple[PersonFacts, ...] = ()
    siblings: tuple[ChildRef, ...] = ()
    maybe_siblings: tuple[ChildRef, ...] = ()

    def periods_of(self, person_uuid: str) -> PersonPeriods:
        """Return the periods of a grown-up; empty ones for somebody without any."""
        return self.people.get(person_uuid, PersonPeriods())


def child_file(store: Store, uuid: str, day: date) -> ChildFile | None:
    """Return one child's file as known for ``day``; None when there is none or it lies in the recycle bin."""
    facts = load_child(store, uuid, day)
    row = store.one("SELECT id FROM child WHERE uuid = ? AND deleted_at IS NULL", (uuid,))
    if facts is None or row is None:
        return None
    reader = DayReader(store, day, "child_id", (row[0],))
    kin = _recorded(reader, from_rows.KINSHIP)
    care_rows = _recorded(reader, _CARE)
    person_ids = {person_id for person_id, _ in kin} | {care[1] for care in care_rows if care[1] is not None}
    person_ids |= _contact_ids(store, row[0])
    people = People(store, day, person_ids)
    related = {person.uuid: person for person in facts.relatives}
    classes = {cls.id: cls for cls in all_classes(store, day)}
    return ChildFile(
        facts=facts,
        registrations=_newest_first(_recorded(reader, from_rows.REGISTRATION)),
        enrolments=_newest_first(_enrolments(reader, classes)),
        schooling=_newest_first(_recorded(reader, from_rows.SCHOOLING)),
        boarding=_newest_first(_recorded(reader, from_rows.BOARDING)),
        health=_newest_first(_recorded(reader, from_rows.HEALTH)),
        disabilities=_newest_first(_recorded(reader, from_rows.DISABILITY)),
        households=_newest_first(_recorded(reader, from_rows.HOUSEHOLD)),
        residences=_newest_first(_recorded(reader, from_rows.RESIDENCE)),
        care=_newest_first([_care(row, people, related, kin) for row in care_rows]),
        care_papers=_newest_first(_recorded(reader, from_rows.CARE_PAPER)),
        categories=_newest_first(_recorded(reader, from_rows.CATEGORY)),
        livelihood=_newest_first(_recorded(reader, from_rows.LIVELIHOOD)),
        reported=_newest_first(_recorded(reader, from_rows.REPORTED)),
        people=_periods(store, day, person_ids, people, kin),
        former_relatives=_former(people, kin, related),
        siblings=tuple(siblings(store, uuid)),
        maybe_siblings=tuple(sibling_suggestions(store, uuid)),
    )


def _recorded(reader: DayReader, shape: Shape[Any]) -> list[Any]:
    return [shape.fact(period.row, certain=period.holds is not None) for period in reader.recorded(shape)]


def _newest_first(facts: Iterable[T]) -> tuple[T, ...]:
    """Return the open periods first, then by how late they ended and began."""
    return tuple(
        sorted(
            facts,
            key=lambda fact: (fact.valid_to is None, fact.valid_to or "", fact.valid_from or ""),
            reverse=True,
        )
    )


def _enrolments(reader: DayReader, classes: Mapping[int, ClassFacts]) -> list[EnrolmentFacts]:
    found = []
    for head, class_id, end_reason, end_note in _recorded(reader, _ENROLMENT):
        if class_id in classes:  # else the class lies in the recycle bin
            found.append(
                EnrolmentFacts(
                    **head,
                    school_class=classes[class_id],
                    end_reason=EnrolmentEnd.of(end_reason),
                    end_note=end_note,
                )
            )
    return found


def _care(
    row: tuple[Any, ...],
    people: People,
    related: Mapping[str, PersonFacts],
    kin: list[tuple[int, KinshipFacts]],
) -> CareFacts:
    head, person_id, kind, grade, carer_able, assessed_on, assessor = row
    person = None
    if person_id is not None and person_id in people:
        alone = people.alone(person_id)
        was = next((kinship for key, kinship in kin if key == person_id), None)
        person = related.get(alone.uuid) or (people.kin(person_id, was) if was else alone)
    return CareFacts(
        **head,
        kind=CareKind(kind),
        person=person,
        grade=CareGrade.of(grade),
        carer_able=boolean(carer_able),
        assessed_on=assessed_on,
        assessor=assessor,
    )


def _contact_ids(store: Store, child_id: int) -> set[int]:
    sql = (
        "SELECT person_id FROM contact_order"
        " WHERE child_id = ? AND person_id IS NOT NULL AND deleted_at IS NULL"
    )
    return {row[0] for row in store.rows(sql, (child_id,))}


def _periods(
    store: Store, day: date, person_ids: set[int], people: People, kin: list[tuple[int, KinshipFacts]]
) -> dict[str, PersonPeriods]:
    reader = DayReader(store, day, "person_id", person_ids)
    by_shape = {name: _by_person(reader, shape) for name, shape in _OF_PERSON.items()}
    return {
        people.alone(key).uuid: PersonPeriods(
            kinships=_newest_first(kinship for person, kinship in kin if person == key),
            **{name: _newest_first(found.get(key, ())) for name, found in by_shape.items()},
        )
        for key in person_ids
        if key in people
    }


def _by_person(reader: DayReader, shape: Shape[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for period in reader.recorded(shape):
        found.setdefault(period.key, []).append(shape.fact(period.row, certain=period.holds is not None))
    return found


def _former(
    people: People, kin: list[tuple[int, KinshipFacts]], related: Mapping[str, PersonFacts]
) -> tuple[PersonFacts, ...]:
    """Return those who were relatives once and are none on the day, as what they were last."""
    last = dict(kin)
    found = (people.kin(key, kinship) for key, kinship in last.items() if key in people)
    return tuple(person for person in found if person.uuid not in related)


def _tuple(head: Head, *columns: Any) -> tuple[Any, ...]:
    return (head, *columns)


_CARE = Shape("care", "person_id, kind, grade, carer_able, assessed_on, assessor", _tuple)
_ENROLMENT = Shape("enrolment", "school_class_id, end_reason, end_note", _tuple)
_OF_PERSON: Mapping[str, Shape[Any]] = {
    "lives": from_rows.LIFE,
    "capacities": from_rows.CAPACITY,
    "aways": from_rows.AWAY,
    "marriages": from_rows.MARRIAGE,
    "phones": from_rows.PHONE,
}
