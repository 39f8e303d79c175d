"""Reading children with everything known about them on one day. Deleted rows are never among the answers."""

import json
from collections import deque
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from app.children import from_rows
from app.children.answered import sort_out
from app.children.codes import (
    BirthSource,
    RegistrationKind,
    Relation,
    Sex,
)
from app.children.contacts import DIALECT_ONLY
from app.children.day_reader import OWN, DayReader, no_collecting, spanning
from app.children.facts import CareFacts, ChildFacts, Contact, DoubtFacts, EnrolmentFacts, RegistrationFacts
from app.children.from_rows import boolean
from app.children.people_queries import People
from app.children.person_facts import PersonFacts
from app.school.queries import all_classes
from app.school.rules import ClassFacts
from app.storage.store import Store

_CHILD = (
    "uuid, name, former_name, name_note, pinyin, initials, sex, ethnicity, birth_date, birth_source, birth_note,"
    " id_number, student_registry_no, student_no, native_place, birth_place, nationality, political_status, only_child,"
    " phone, blood_type, allergies, medical_history, personality, hobbies, study, behaviour, family_contact,"
    " special_needs, care_measures, archive_no, archive_opened_on, note, entered_at"
)
_CHILD_FIELDS = tuple(_CHILD.replace(" ", "").split(","))
_NO_CLASS = 10_000  # children without a class stand last
_PART = 400
"""Children whose facts ``ledger_parts`` holds at one time."""


def load_facts(
    store: Store,
    day: date,
    *,
    uuids: Iterable[str] | None = None,
    only_registered: bool = False,
) -> list[ChildFacts]:
    """Return the children as known for ``day``: by class (without one last), then by pinyin and name.

    ``uuids`` limits the answer to these, unknown ones are left out. ``only_registered`` keeps the ledger of the day:
    open left_behind registrations, those whose dates leave the day open among them, but not the cohorts that only wait
    for 确认毕业.
    """
    with no_collecting():
        ids = None if uuids is None else ids_of(store, uuids)
        return _facts(store, day, ids, only_registered=only_registered)


def _facts(
    store: Store,
    day: date,
    ids: list[int] | None,
    *,
    only_registered: bool = False,
) -> list[ChildFacts]:
    among = None if ids is None else spanning(ids)
    reader = DayReader(store, day, "child_id", among)
    registrations, exited = _registrations(reader)
    if only_registered:
        asked = registrations if ids is None else registrations.keys() & set(ids)
        ids = [key for key in asked if _on_ledger(registrations[key])]
        reader = DayReader(store, day, "child_id", spanning(ids))
    loader = _Loader(store, day, reader, ids)
    rows = DayReader(store, day, "id", ids).undated("child", _CHILD, order="id")
    found = [loader.child(row, registrations.get(row[0], ()), exited.get(row[0])) for row in rows]
    if only_registered:
        found = [child for child in found if child.on_ledger]
    found.sort(key=in_class_order)
    return found


def ledger_parts(store: Store, day: date, *, only_registered: bool = False) -> Iterator[list[ChildFacts]]:
    """Yield what ``load_facts`` returns a part at a time, so that a school never lies in memory with all its facts.

    Each part is in order, not the parts among themselves.
    """
    ids = [row[0] for row in store.rows("SELECT id FROM child WHERE deleted_at IS NULL ORDER BY id")]
    for start in range(0, len(ids), _PART):
        with no_collecting():
            part = _facts(store, day, ids[start : start + _PART], only_registered=only_registered)
        yield part


def one_by_one(facts: list[ChildFacts]) -> Iterator[ChildFacts]:
    """Yield the children of a list in their order and take them out of it: each is let go when the next is asked for.

    Thousands let go at one go keep every other thread waiting, the window's too, for a tenth of a second and more.
    """
    facts.reverse()
    while facts:
        yield facts.pop()


def let_go(facts: list[ChildFacts]) -> None:
    """Empty a list that is not needed any more ``one_by_one``."""
    deque(one_by_one(facts), maxlen=0)


def load_child(store: Store, uuid: str, day: date) -> ChildFacts | None:
    """Return one child as known for ``day``; None when there is none or it lies in the recycle bin."""
    found = load_facts(store, day, uuids=(uuid,))
    return found[0] if found else None


class _Loader:
    """All tables of some children, read; ``child`` puts one child together."""

    def __init__(
        self,
        store: Store,
        day: date,
        reader: DayReader,
        ids: list[int] | None,
    ) -> None:
        self._day = day
        classes = {cls.id: cls for cls in all_classes(store, day)}
        self._enrolments, self._left = _enrolments(reader, classes)
        self._schooling = reader.newest(from_rows.SCHOOLING)
        self._boarding = reader.newest(from_rows.BOARDING)
        self._health = reader.newest(from_rows.HEALTH)
        self._disabilities = reader.every(from_rows.DISABILITY)
        self._households = reader.newest(from_rows.HOUSEHOLD)
        self._residences = reader.newest(from_rows.RESIDENCE)
        self._categories = reader.every(from_rows.CATEGORY)
        self._grounds = reader.every(from_rows.GROUND)
        self._livelihood = reader.every(from_rows.LIVELIHOOD)
        self._reported = reader.newest(from_rows.REPORTED)
        self._papers = reader.every(from_rows.CARE_PAPER)
        self._doubts = unsolved_doubts(reader)
        self._kin = reader.every(from_rows.KINSHIP)
        self._care = {row[0]: (row, certain) for row, certain in reader.in_force(from_rows.CARE)}
        self._contacts = _contact_rows(reader)
        people = None if ids is None else spanning(self._person_ids())
        self._people = People(store, day, people)

    def child(
        self,
        row: tuple[Any, ...],
        registrations: Iterable[RegistrationFacts],
        exited: RegistrationFacts | None,
    ) -> ChildFacts:
        key = row[0]
        known = dict(zip(_CHILD_FIELDS, row[1:], strict=True))
        known["sex"] = Sex.of(known["sex"])
        known["birth_source"] = BirthSource.of(known["birth_source"])
        known["only_child"] = boolean(known["only_child"])
        kin = {
            person_id: self._people.kin(person_id, kinship)
            for person_id, kinship in self._kin.get(key, ())
            if person_id in self._people
        }
        care = self._care_of(key, kin)
        doubts, answered = sort_out(self._doubts.get(key, ()), kin.values(), care)
        return ChildFacts(
            day=self._day,
            **known,
            registrations=tuple(registrations),
            exited=exited,
            enrolment=self._enrolments.get(key),
            left_class=self._left.get(key),
            schooling=self._schooling.get(key),
            boarding=self._boarding.get(key),
            health=self._health.get(key),
            disabilities=self._disabilities.get(key, ()),
            household=self._households.get(key),
            residence=self._residences.get(key),
            relatives=tuple(sorted(kin.values(), key=by_relation)),
            care=care,
            care_papers=self._papers.get(key, ()),
            contacts=tuple(self._contact(row, kin) for row in self._contacts.get(key, ())),
            categories=self._categories.get(key, ()),
            grounds=self._grounds.get(key, ()),
            livelihood=self._livelihood.get(key, ()),
            reported=self._reported.get(key),
            doubts=doubts,
            answered=answered,
        )

    def _person_ids(self) -> set[int]:
        ids = {person_id for kin in self._kin.values() for person_id, _ in kin}
        ids.update(row[OWN] for row, _ in self._care.values() if row[OWN] is not None)
        ids.update(row[2] for rows in self._contacts.values() for row in rows if row[2] is not None)
        return ids

    def _person(self, person_id: int | None, kin: dict[int, PersonFacts]) -> PersonFacts | None:
        if person_id is None or person_id not in self._people:
            return None
        return kin.get(person_id) or self._people.alone(person_id)

    def _care_of(self, key: int, kin: dict[int, PersonFacts]) -> CareFacts | None:
        if key not in self._care:
            return None
        row, certain = self._care[key]
        return from_rows.CARE.fact(row, certain=certain, person=self._person(row[OWN], kin))

    def _contact(self, row: tuple[Any, ...], kin: dict[int, PersonFacts]) -> Contact:
        _, uuid, person_id, office, office_number, rank, reachable, language_note = row
        person = self._person(person_id, kin)
        phone = person.best_phone if person else None
        return Contact(
            uuid=uuid,
            rank=rank,
            person=person,
            office=office,
            number=phone.number if phone else office_number,
            phone_uuid=phone.uuid if phone else None,
            confirmed_on=phone.found_right_on if phone else None,
            reachable=reachable,
            language_note=language_note or (DIALECT_ONLY if person and person.dialect_only else None),
        )


# ---- whole tables ---------------------------------------------------------------------------------------------------


def ids_of(store: Store, uuids: Iterable[str]) -> list[int]:
    """Return the keys inside the file of those children that are in it."""
    sql = "SELECT id FROM child WHERE deleted_at IS NULL AND uuid IN (SELECT value FROM json_each(?))"
    return [row[0] for row in store.rows(sql, (json.dumps(list(uuids)),))]


def _registrations(
    reader: DayReader,
) -> tuple[dict[int, list[RegistrationFacts]], dict[int, RegistrationFacts]]:
    """Return the registrations in force, and the last left_behind one that has ended where none is in force."""
    shape = from_rows.REGISTRATION
    present: dict[int, list[RegistrationFacts]] = {}
    ended: dict[int, RegistrationFacts] = {}
    for period in reader.begun(shape):
        fact = shape.fact(period.row, certain=period.holds is not None)
        if period.holds is not False:
            present.setdefault(period.key, []).append(fact)
        elif fact.kind is RegistrationKind.LEFT_BEHIND:
            ended[period.key] = fact
    return present, {key: fact for key, fact in ended.items() if not _on_ledger(present.get(key, ()))}


def _on_ledger(registrations: Iterable[RegistrationFacts]) -> bool:
    return any(found.kind is RegistrationKind.LEFT_BEHIND for found in registrations)


def _enrolments(
    reader: DayReader, classes: dict[int, ClassFacts]
) -> tuple[dict[int, EnrolmentFacts], dict[int, EnrolmentFacts]]:
    """Return the class each child is in, and the last one it was in where it is in none."""
    present: dict[int, EnrolmentFacts] = {}
    ended: dict[int, EnrolmentFacts] = {}
    for period in reader.begun(from_rows.ENROLMENT):
        school_class = classes.get(period.own[0])
        if school_class is not None:  # else the class lies in the recycle bin
            (ended if period.holds is False else present)[period.key] = from_rows.ENROLMENT.fact(
                period.row, certain=period.holds is not None, school_class=school_class
            )
    return present, {key: fact for key, fact in ended.items() if key not in present}


def unsolved_doubts(reader: DayReader) -> dict[int, tuple[DoubtFacts, ...]]:
    """Return what stands in doubt per child, in the order it was entered."""
    found: dict[int, list[DoubtFacts]] = {}
    columns = "uuid, field, code, reason, raw, sheet, row_number, column_name"
    where = "deleted_at IS NULL AND resolved_at IS NULL"
    for key, uuid, field, code, reason, raw, sheet, row_number, column_name in reader.undated(
        "doubt", columns, order="id", where=where
    ):
        found.setdefault(key, []).append(
            DoubtFacts(
                uuid=uuid,
                field=field,
                code=code,
                reason=reason,
                raw=raw,
                sheet=sheet,
                row_number=row_number,
                column_name=column_name,
            )
        )
    return {key: tuple(doubts) for key, doubts in found.items()}


def _contact_rows(reader: DayReader) -> dict[int, list[tuple[Any, ...]]]:
    found: dict[int, list[tuple[Any, ...]]] = {}
    columns = "uuid, person_id, office, office_number, rank, reachable, language_note"
    for row in reader.undated("contact_order", columns, order="child_id, rank, id"):
        found.setdefault(row[0], []).append(row)
    return found


def by_relation(person: PersonFacts) -> int:
    """Return the place of a relative among the others."""
    return _RELATION_ORDER[person.kinship.relation] if person.kinship else len(_RELATION_ORDER)


def in_class_order(child: ChildFacts) -> tuple[int, str, str, str]:
    """Return the place of a child among others: by class (without one last), then by pinyin and name."""
    cls = child.school_class
    return (cls.sort if cls else _NO_CLASS, child.pinyin, child.name, child.uuid)


_RELATION_ORDER = {relation: place for place, relation in enumerate(Relation)}
