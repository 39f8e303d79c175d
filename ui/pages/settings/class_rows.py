"""The classes as the settings list them: head teacher, head count of the term, and whose head teacher has left."""

from __future__ import annotations

from msgspec import Struct

from app.school.calendar import Term
from app.school.queries import (
    HeadCountFacts,
    StaffMember,
    all_classes,
    class_teachers,
    classes_left_by_teachers,
    graduation_candidates,
    head_counts,
    school_calendar,
    school_shape,
    staff,
)
from app.school.rules import ClassFacts, ClassState, SchoolShape
from app.school.service_classes import next_entering_year
from app.storage.store import Store
from ui.theme import Tone
from ui.widgets import Cell, Column


class ClassRow(Struct, frozen=True):
    """One class with its head teacher and its head count of the term."""

    uuid: str
    facts: ClassFacts
    teacher: StaffMember | None
    count: HeadCountFacts | None
    left: StaffMember | None = None
    """The head teacher who has left the school; nobody follows yet."""


class ClassesRead(Struct, frozen=True):
    """Everything the section shows, read at one moment."""

    rows: tuple[ClassRow, ...]
    waiting: tuple[ClassFacts, ...]
    staff: tuple[StaffMember, ...]
    term: Term
    shape: SchoolShape
    entering_year: int


def read_classes(store: Store) -> ClassesRead:
    """Return the classes that are there today, and what can be done with them."""
    today = store.clock.today()
    term = school_calendar(store).term_in_force(today)
    teachers, counts = class_teachers(store, today), head_counts(store, term)
    left = classes_left_by_teachers(store, today)
    shown = [cls for cls in all_classes(store, today) if cls.state in (ClassState.CURRENT, ClassState.FUTURE)]
    return ClassesRead(
        rows=tuple(
            ClassRow(cls.uuid, cls, teachers.get(cls.id), counts.get(cls.id), left.get(cls.id))
            for cls in shown
        ),
        waiting=tuple(graduation_candidates(store, today)),
        staff=tuple(member for member in staff(store, today) if member.present),
        term=term,
        shape=school_shape(store),
        entering_year=next_entering_year(store, today),
    )


def class_columns() -> list[Column]:
    """Return the columns: what is not registered yet stands out."""
    return [
        Column("name", "班级", lambda r: Cell(r.facts.name, bold=True), "三（12）班", frozen=True),
        Column("key", "入学", lambda r: Cell(r.facts.key, Tone.INK2), "初2024级12班"),
        Column("teacher", "班主任", _teacher, "欧阳慕容雨桐"),
        Column("boys", "男", lambda r: str(r.count.boys) if r.count else "", "1234", number=True),
        Column("girls", "女", lambda r: str(r.count.girls) if r.count else "", "1234", number=True),
        Column("pupils", "本学期人数", _pupils, "未登记", number=True),
        Column("change", "", lambda _: Cell("修改…", link=True), "修改…", link=True),
    ]


def _teacher(chosen: ClassRow) -> Cell:
    return Cell(chosen.teacher.name) if chosen.teacher else Cell("未登记", Tone.OCHRE)


def _pupils(chosen: ClassRow) -> Cell:
    return Cell(str(chosen.count.total)) if chosen.count else Cell("未登记", Tone.OCHRE)
