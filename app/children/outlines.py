"""Children in outline: the facts from which a situation is worked out, without who said them, when, and since when.

A line of the ledger and the list of what the files lack ask this of every child. Nobody there asks for the rest of a
fact, and without it thousands of children share a few facts, each of which is made once.
"""

from collections.abc import Callable, Collection, Iterator
from datetime import date
from typing import Any, Generic, TypeVar

from app.children import from_rows
from app.children.answered import sort_out
from app.children.codes import CarePaperKind, RegistrationKind, Sex
from app.children.day_reader import DayReader, RawRow, spanning
from app.children.facts import (
    BoardingFacts,
    CareFacts,
    CarePaperFacts,
    CategoryFacts,
    ChildFacts,
    Contact,
    EnrolmentFacts,
    GroundFacts,
    HealthFacts,
    HouseholdFacts,
    RegistrationFacts,
    ReportedFacts,
    ResidenceFacts,
    SchoolingFacts,
)
from app.children.person_facts import (
    AwayFacts,
    CapacityFacts,
    KinshipFacts,
    LifeFacts,
    PersonFacts,
    PhoneFacts,
)
from app.children.queries import by_relation, unsolved_doubts
from app.school.queries import all_classes
from app.storage.store import Store

T = TypeVar("T")
PART = 1000
"""Children whose outlines are read at one time: fewer cost more, and more would keep others waiting."""

# Of a long text only whether there is one.
_CHILD = (
    "uuid, name, pinyin, sex, birth_date, ethnicity, id_number, student_registry_no, phone,"
    " substr(personality, 1, 1), substr(hobbies, 1, 1)"
)
_PERSON = "uuid, name, birth_date, id_number"
_GROUND = "(SELECT uuid FROM person WHERE person.id = unsupported_ground.person_id), ground"
_LEFT_BEHIND = f"kind = '{RegistrationKind.LEFT_BEHIND}'"
_ENTRUSTMENT = f"kind = '{CarePaperKind.ENTRUSTMENT}'"
_SEXES: dict[str | None, Sex | None] = {None: None, **{sex.value: sex for sex in Sex}}


def outlines(
    store: Store, day: date, ids: Collection[int], *, only_registered: bool = False
) -> Iterator[ChildFacts]:
    """Yield the children with these keys as known for ``day``, in the order they were entered.

    ``only_registered`` keeps the ledger of the day, as ``queries.load_facts`` does.
    """
    among, wanted = spanning(ids), set(ids)
    reader = DayReader(store, day, "child_id", among)
    tables = _Tables(store, day, reader)
    for row in DayReader(store, day, "id", among).undated("child", _CHILD, order="id"):
        if row[0] in wanted:
            child = tables.child(row)
            if child.on_ledger or not only_registered:
                yield child


def ledger_outlines(store: Store, day: date) -> Iterator[ChildFacts]:
    """Yield the children on the ledger of the day, a part read at a time."""
    spans = DayReader(store, day, "child_id", None).spans("registration", "NULL", only=_LEFT_BEHIND)
    ids = sorted({row[0] for row in spans if row[1] is not False})
    for start in range(0, len(ids), PART):
        yield from outlines(store, day, ids[start : start + PART], only_registered=True)


class _Tables:
    """What the tables hold of some children, read; ``child`` puts one child together."""

    def __init__(self, store: Store, day: date, reader: DayReader) -> None:
        classes = {cls.id: cls for cls in all_classes(store, day)}
        self._day = day
        self._registrations = _every(reader, "registration", "kind", _registration)
        self._enrolments = {
            row[0]: EnrolmentFacts("", certain=bool(row[1]), school_class=classes[row[4]])
            for row in _in_force(reader, "enrolment", "school_class_id")
            if row[4] in classes  # else the class lies in the recycle bin
        }
        self._schooling = _newest(reader, "schooling", "status", _schooling)
        self._boarding = _newest(reader, "boarding", "boards", _boarding)
        self._health = _newest(reader, "health", "status", _health)
        self._households = _newest(reader, "household", "kind, place", _household)
        self._residences = _newest(reader, "residence", "NULL", _residence)
        self._categories = _every(reader, "category_flag", "category", _category)
        self._grounds = _every(reader, "unsupported_ground", _GROUND, _ground)
        self._reported = _newest(reader, "reported_status", "label, raw", _reported)
        self._papers = _every(reader, "care_paper", "done", _paper, only=_ENTRUSTMENT)
        self._doubts = unsolved_doubts(reader)
        self._kin = _kin(reader)
        self._care = {row[0]: row for row in _in_force(reader, "care", "person_id, kind, grade")}
        self._contacts: dict[int, list[RawRow]] = {}
        for row in reader.undated(
            "contact_order", "person_id, office, office_number, rank", order="child_id, rank, id"
        ):
            self._contacts.setdefault(row[0], []).append(row)
        self._people = _People(store, day, spanning(self._person_ids()))

    def child(self, row: RawRow) -> ChildFacts:
        key, uuid, name, pinyin, sex, born, ethnicity, number, registry_no, phone, personality, hobbies = row
        kin = self._people.of_child(self._kin.get(key, ()))
        care = self._care_of(key, kin)
        return ChildFacts(
            day=self._day,
            uuid=uuid,
            name=name,
            pinyin=pinyin,
            sex=_SEXES[sex],
            birth_date=born,
            ethnicity=ethnicity,
            id_number=number,
            student_registry_no=registry_no,
            phone=phone,
            personality=personality,
            hobbies=hobbies,
            registrations=self._registrations.get(key, ()),
            enrolment=self._enrolments.get(key),
            schooling=self._schooling.get(key),
            boarding=self._boarding.get(key),
            health=self._health.get(key),
            household=self._households.get(key),
            residence=self._residences.get(key),
            relatives=tuple(sorted(kin.values(), key=by_relation)),
            care=care,
            care_papers=self._papers.get(key, ()),
            contacts=tuple([self._contact(row, kin) for row in self._contacts.get(key, ())]),
            categories=self._categories.get(key, ()),
            grounds=self._grounds.get(key, ()),
            reported=self._reported.get(key),
            doubts=sort_out(self._doubts.get(key, ()), kin.values(), care)[0],
        )

    def _person_ids(self) -> set[int]:
        ids = {person_id for kin in self._kin.values() for person_id, _ in kin}
        ids.update(row[4] for row in self._care.values() if row[4] is not None)
        ids.update(row[1] for rows in self._contacts.values() for row in rows if row[1] is not None)
        return ids

    def _care_of(self, key: int, kin: dict[int, PersonFacts]) -> CareFacts | None:
        if key not in self._care:
            return None
        _, holds, _, _, person_id, kind, grade = self._care[key]
        person = kin.get(person_id) or self._people.person(person_id)
        return CareFacts(
            "",
            certain=bool(holds),
            kind=from_rows.CARE_KINDS[kind],
            person=person,
            grade=from_rows.GRADES[grade],
        )

    def _contact(self, row: RawRow, kin: dict[int, PersonFacts]) -> Contact:
        _, person_id, office, office_number, rank = row
        person = kin.get(person_id) or self._people.person(person_id)
        phone = person.best_phone if person else None
        return Contact(
            uuid="",
            rank=rank,
            person=person,
            office=office,
            number=phone.number if phone else office_number,
            confirmed_on=phone.found_right_on if phone else None,
        )


class _People:
    """The grown-ups around some children, read."""

    def __init__(self, store: Store, day: date, ids: Collection[int]) -> None:
        reader = DayReader(store, day, "person_id", ids)
        self._lives = _newest(reader, "life_status", "status", _life)
        self._capacities = _newest(reader, "capacity", "capable", _capacity)
        self._away = _away(reader)
        self._phones: dict[int, tuple[PhoneFacts, ...]] = {}
        for row in _in_force(reader, "phone", "number, confirmed_on, result"):
            phone = PhoneFacts(
                "",
                certain=bool(row[1]),
                number=row[4],
                confirmed_on=row[5],
                result=from_rows.RESULTS[row[6]],
            )
            self._phones[row[0]] = (*self._phones.get(row[0], ()), phone)
        rows = DayReader(store, day, "id", ids).undated("person", _PERSON, order="id")
        self._known = {row[0]: row for row in rows}

    def of_child(self, kin: Collection[tuple[int, KinshipFacts]]) -> dict[int, PersonFacts]:
        """Return the relatives of one child by key."""
        return {
            person_id: self._made(person_id, kinship)
            for person_id, kinship in kin
            if person_id in self._known
        }

    def person(self, person_id: int | None) -> PersonFacts | None:
        """Return the grown-up without any kinship."""
        if person_id is None or person_id not in self._known:
            return None
        return self._made(person_id, None)

    def _made(self, person_id: int, kinship: KinshipFacts | None) -> PersonFacts:
        key, uuid, name, born, number = self._known[person_id]
        return PersonFacts(
            uuid=uuid,
            name=name,
            birth_date=born,
            id_number=number,
            life=self._lives.get(key),
            capacity=self._capacities.get(key),
            away=self._away.get(key),
            phones=self._phones.get(key, ()),
            kinship=kinship,
        )


# ---- whole tables ---------------------------------------------------------------------------------------------------


class _Shared(dict[RawRow, T], Generic[T]):
    """The facts of a table by whether they surely hold and what they say; each is made when it is first met."""

    def __init__(self, make: Callable[..., T]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, said: RawRow) -> T:
        certain, *own = said
        found = self[said] = self._make(bool(certain), *own)
        return found


def _in_force(reader: DayReader, table: str, columns: str, *, only: str = "") -> list[RawRow]:
    return [row for row in reader.spans(table, columns, only=only) if row[1] is not False]


def _newest(reader: DayReader, table: str, columns: str, make: Callable[..., T]) -> dict[int, T]:
    """Return the fact in force per subject; of two that may be, the one that began later."""
    shared = _Shared(make)
    return {row[0]: shared[row[1], *row[4:]] for row in _in_force(reader, table, columns)}


def _every(
    reader: DayReader, table: str, columns: str, make: Callable[..., T], *, only: str = ""
) -> dict[int, tuple[T, ...]]:
    """Return all facts in force per subject, oldest first."""
    shared = _Shared(make)
    found: dict[int, tuple[T, ...]] = {}
    for row in _in_force(reader, table, columns, only=only):
        found[row[0]] = (*found.get(row[0], ()), shared[row[1], *row[4:]])
    return found


def _kin(reader: DayReader) -> dict[int, list[tuple[int, KinshipFacts]]]:
    shared = _Shared(_kinship)
    found: dict[int, list[tuple[int, KinshipFacts]]] = {}
    for key, holds, _, _, person_id, relation, label in _in_force(
        reader, "kinship", "person_id, relation, label"
    ):
        found.setdefault(key, []).append((person_id, shared[holds, relation, label]))
    return found


def _away(reader: DayReader) -> dict[int, AwayFacts]:
    """Return who is away or at home, with the start of the unbroken run, as ``people_queries`` does."""
    found: dict[int, AwayFacts] = {}
    runs: dict[int, tuple[str | None, str, str | None]] = {}  # since when, in which state, until when
    for key, holds, start, end, state, place, employer in reader.spans(
        "away", "state, place, employer", ended=True
    ):
        since = start
        if key in runs and runs[key][1:] == (state, start):
            since = runs[key][0]
        runs[key] = since, state, end
        if holds is not False:
            found[key] = AwayFacts(
                "",
                certain=bool(holds),
                state=from_rows.AWAY_STATES[state],
                place=place,
                employer=employer,
                since=since,
            )
    return found


def _registration(certain: bool, kind: str) -> RegistrationFacts:
    return RegistrationFacts("", certain=certain, kind=from_rows.REGISTERS[kind])


def _schooling(certain: bool, status: str) -> SchoolingFacts:
    return SchoolingFacts("", certain=certain, status=from_rows.SCHOOLINGS[status])


def _boarding(certain: bool, boards: int) -> BoardingFacts:
    return BoardingFacts("", certain=certain, boards=boards == 1)


def _health(certain: bool, status: str) -> HealthFacts:
    return HealthFacts("", certain=certain, status=from_rows.HEALTHS[status])


def _household(certain: bool, kind: str | None, place: str | None) -> HouseholdFacts:
    return HouseholdFacts("", certain=certain, kind=from_rows.HOUSEHOLDS[kind], place=place)


def _residence(certain: bool, _: Any) -> ResidenceFacts:
    """Return that the child lives somewhere: where is nobody's question here."""
    return ResidenceFacts("", certain=certain)


def _category(certain: bool, category: str) -> CategoryFacts:
    return CategoryFacts("", certain=certain, category=from_rows.CATEGORIES[category])


def _ground(certain: bool, person_uuid: str, ground: str) -> GroundFacts:
    return GroundFacts("", certain=certain, person_uuid=person_uuid, ground=from_rows.GROUNDS[ground])


def _reported(certain: bool, label: str, raw: str | None) -> ReportedFacts:
    return ReportedFacts("", certain=certain, label=from_rows.LABELS[label], raw=raw)


def _paper(certain: bool, done: int) -> CarePaperFacts:
    return CarePaperFacts("", certain=certain, kind=CarePaperKind.ENTRUSTMENT, done=done == 1)


def _kinship(certain: bool, relation: str, label: str | None) -> KinshipFacts:
    return KinshipFacts("", certain=certain, relation=from_rows.RELATIONS[relation], label=label)


def _life(certain: bool, status: str) -> LifeFacts:
    return LifeFacts("", certain=certain, status=from_rows.LIVES[status])


def _capacity(certain: bool, capable: int) -> CapacityFacts:
    return CapacityFacts("", certain=certain, capable=capable == 1)
