"""Reading the school: profile, classes, calendar, staff, head counts. Deleted rows are never among the answers."""

from collections.abc import Mapping
from datetime import date

from msgspec import Struct

from app.core.dates import in_force
from app.core.messages import refuse
from app.school.calendar import CalendarDay, SchoolCalendar, Term
from app.school.class_names import parse_class_name
from app.school.codes import DayKind, ParentsOut, RuleCode, SchoolKind, Stage
from app.school.counting_rules import DEFAULT_RULES, CountingRule
from app.school.rules import (
    ClassFacts,
    ClassRef,
    ClassState,
    SchoolShape,
    SchoolYears,
    facts_of_class,
    match_class,
)
from app.storage.store import Store


class StaffMember(Struct, frozen=True, kw_only=True):
    """A member of staff. ``present`` is whether they work here on the day asked for (unknown dates count as yes)."""

    id: int
    uuid: str
    name: str
    sex: str | None = None
    phone: str | None = None
    duty: str | None = None
    subject: str | None = None
    joined_on: str | None = None
    left_on: str | None = None
    note: str | None = None
    present: bool = True


class SchoolProfile(Struct, frozen=True, kw_only=True):
    """The school as it prints itself."""

    uuid: str
    name: str
    kind: SchoolKind
    code: str | None = None
    province: str | None = None
    town: str | None = None
    area_code: str | None = None
    address: str | None = None
    phone: str | None = None
    principal: str | None = None
    care_teacher_uuid: str | None = None
    care_teacher: str | None = None
    primary_grades: int = 6
    junior_grades: int = 3
    resident_is_rural: bool | None = None

    @property
    def shape(self) -> SchoolShape:
        """Return which grades the school has."""
        return SchoolShape(self.kind, self.primary_grades, self.junior_grades)


class HeadCountFacts(Struct, frozen=True):
    """How many boys and girls a class has in one term, as the school counts them."""

    uuid: str
    class_id: int
    boys: int
    girls: int
    counted_on: str | None

    @property
    def total(self) -> int:
        """Return boys and girls together."""
        return self.boys + self.girls


def school_profile(store: Store) -> SchoolProfile | None:
    """Return the school of this file; None in a file that has none yet."""
    rows = store.rows(
        "SELECT s.uuid, s.name, s.kind, s.code, s.province, s.town, s.area_code, s.address, s.phone, s.principal,"
        " t.uuid, t.name, s.primary_grades, s.junior_grades, s.resident_is_rural"
        " FROM school s LEFT JOIN staff t ON t.id = s.care_teacher_id WHERE s.deleted_at IS NULL"
    )
    if not rows:
        return None
    row = rows[0]
    return SchoolProfile(
        uuid=row[0],
        name=row[1],
        kind=SchoolKind(row[2]),
        code=row[3],
        province=row[4],
        town=row[5],
        area_code=row[6],
        address=row[7],
        phone=row[8],
        principal=row[9],
        care_teacher_uuid=row[10],
        care_teacher=row[11],
        primary_grades=row[12],
        junior_grades=row[13],
        resident_is_rural=None if row[14] is None else bool(row[14]),
    )


def is_demo(store: Store) -> bool:
    """Tell whether the ledger began as the demo school: everything in it is invented."""
    first = store.one("SELECT kind FROM action ORDER BY id LIMIT 1")
    return first is not None and first[0] == "demo"


def school_shape(store: Store) -> SchoolShape:
    """Return which grades the school has; a six-grade primary until a profile is entered."""
    profile = school_profile(store)
    return profile.shape if profile else SchoolShape()


def school_years(store: Store) -> SchoolYears:
    """Return the entered first days of school years."""
    rows = store.rows("SELECT start_year, starts_on FROM school_year WHERE deleted_at IS NULL")
    return SchoolYears({year: date.fromisoformat(starts_on) for year, starts_on in rows})


def school_calendar(store: Store) -> SchoolCalendar:
    """Return the school's years, terms and special days as entered."""
    terms = store.rows(
        "SELECT y.start_year, t.ordinal, t.starts_on, t.ends_on, t.id, t.uuid FROM term t"
        " JOIN school_year y ON y.id = t.school_year_id"
        " WHERE t.deleted_at IS NULL AND y.deleted_at IS NULL ORDER BY t.starts_on"
    )
    days = store.rows("SELECT day, kind, name, uuid FROM calendar_day WHERE deleted_at IS NULL ORDER BY day")
    special = [
        CalendarDay(date.fromisoformat(day), DayKind(kind), name, uuid) for day, kind, name, uuid in days
    ]
    return SchoolCalendar(
        years=school_years(store),
        terms=tuple(
            Term(year, ordinal, date.fromisoformat(first), date.fromisoformat(last), term_id, uuid)
            for year, ordinal, first, last, term_id, uuid in terms
        ),
        days={entry.day: entry for entry in special},
    )


def all_classes(store: Store, day: date) -> list[ClassFacts]:
    """Return every class the file knows, also future, finished and closed ones, as on ``day``, in school order."""
    shape, years = school_shape(store), school_years(store)
    rows = store.rows(
        "SELECT id, uuid, stage, entering_year, number, closed_on FROM school_class WHERE deleted_at IS NULL"
    )
    found = [
        facts_of_class(
            ClassRef(Stage(stage), entering_year, number),
            day,
            years,
            shape,
            id=id,
            uuid=uuid,
            closed_on=closed_on,
        )
        for id, uuid, stage, entering_year, number, closed_on in rows
    ]
    return sorted(found, key=lambda cls: cls.sort)


def classes(store: Store, day: date) -> list[ClassFacts]:
    """Return the classes that are in school on ``day``, in school order (一（1）班 … 六（2）班)."""
    return [cls for cls in all_classes(store, day) if cls.state is ClassState.CURRENT]


def graduation_candidates(store: Store, day: date) -> list[ClassFacts]:
    """Return the classes past their last grade on ``day`` that nobody has confirmed as graduated (待确认毕业)."""
    return [cls for cls in all_classes(store, day) if cls.state is ClassState.AWAITING]


def find_class(store: Store, text: str, day: date) -> ClassFacts:
    """Return the class that a person names: 三（2）班 as of ``day``, or 2024级2班. UserError when there is none."""
    known = all_classes(store, day)
    for cls in known:
        if text.strip() in {cls.key, cls.name, cls.uuid}:
            return cls
    ref = parse_class_name(text, day, school_years(store), school_shape(store))
    found = match_class(ref, known) if ref else None
    if found is None:
        names = "、".join(cls.name for cls in known if cls.counts) or "还没有班级"
        raise refuse("school.no_such_class", text=text, day=day.isoformat(), names=names)
    return found


def staff(store: Store, day: date) -> list[StaffMember]:
    """Return all staff, those present on ``day`` first, by name."""
    rows = store.rows(
        "SELECT id, uuid, name, sex, phone, duty, subject, joined_on, left_on, note FROM staff WHERE deleted_at IS NULL"
    )
    members = [
        StaffMember(
            id=row[0],
            uuid=row[1],
            name=row[2],
            sex=row[3],
            phone=row[4],
            duty=row[5],
            subject=row[6],
            joined_on=row[7],
            left_on=row[8],
            note=row[9],
            present=in_force(row[7], row[8], day) is not False,
        )
        for row in rows
    ]
    return sorted(members, key=lambda member: (not member.present, member.name))


def class_teachers(store: Store, day: date) -> Mapping[int, StaffMember]:
    """Return class id → its 班主任 on ``day``. Who has left the school leads no class, whatever was written down."""
    return {class_id: one for class_id, one in _leaders(store, day).items() if one.present}


def classes_left_by_teachers(store: Store, day: date) -> Mapping[int, StaffMember]:
    """Return class id → the 班主任 who has left the school, for classes that nobody leads instead."""
    return {class_id: one for class_id, one in _leaders(store, day).items() if not one.present}


def _leaders(store: Store, day: date) -> dict[int, StaffMember]:
    """Return class id → who was last written down as its 班主任, as of ``day``."""
    by_id = {member.id: member for member in staff(store, day)}
    rows = store.rows(
        "SELECT school_class_id, staff_id, valid_from, valid_to FROM class_teacher WHERE deleted_at IS NULL"
        " ORDER BY valid_from"
    )
    return {
        class_id: by_id[staff_id]
        for class_id, staff_id, valid_from, valid_to in rows
        if staff_id in by_id and in_force(valid_from, valid_to, day) is not False
    }


def head_counts(store: Store, term: Term) -> Mapping[int, HeadCountFacts]:
    """Return class id → its head count in ``term``; classes without one are left out."""
    rows = store.rows(
        "SELECT school_class_id, uuid, boys, girls, counted_on FROM head_count WHERE term_id = ? AND deleted_at IS NULL",
        (term.id,),
    )
    return {
        class_id: HeadCountFacts(uuid, class_id, boys, girls, counted_on)
        for class_id, uuid, boys, girls, counted_on in rows
    }


def counting_rules(store: Store) -> Mapping[RuleCode, CountingRule]:
    """Return every 口径 as the school has set it, the documents' own where it has not."""
    rows = store.rows(
        "SELECT code, parents_out, months, under_age, from_age, orphans_in, note, uuid FROM counting_rule"
        " WHERE deleted_at IS NULL"
    )
    entered = {
        RuleCode(code): CountingRule(
            RuleCode(code), ParentsOut(parents_out), months, under_age, from_age, bool(orphans_in), note, uuid
        )
        for code, parents_out, months, under_age, from_age, orphans_in, note, uuid in rows
    }
    return {code: entered.get(code, rule) for code, rule in DEFAULT_RULES.items()}
