"""Whose record a row is: by number, else by name and class; never a guess between two."""

import re
from collections.abc import Sequence
from datetime import date

from msgspec import Struct

from app.children.roster.reading.names import read_child_name
from app.children.roster.reading.text import says_nothing
from app.core.id_number import inspect_id, tidy_id
from app.core.text import normalise_cell, normalise_name
from app.diary.importing.model import ParkedCode
from app.diary.importing.sheets import RawRecord
from app.school.class_names import parse_class_name
from app.school.queries import all_classes, school_shape, school_years
from app.school.rules import ClassFacts, match_class
from app.storage.store import Store

# What is written like a class: 火箭班, 高一, 初二, 2019级, 7.1. Another word in the column (留守儿童) tells no class apart.
_LIKE_A_CLASS = re.compile(r"[班级初高]|[0-9]")


class Pupil(Struct, frozen=True):
    """A child on file with its numbers, "" where nobody knows them."""

    id: int
    uuid: str
    name: str
    id_number: str = ""
    registry: str = ""


class Match(Struct, frozen=True):
    """The child of a row, or why there is none; ``maybe`` is the one it most likely is."""

    pupil: Pupil | None
    code: ParkedCode | None = None
    reason: str = ""
    maybe: int | None = None


class People:
    """Everybody the file knows, read once per import."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._shape, self._years = school_shape(store), school_years(store)
        self._classes: dict[str, Sequence[ClassFacts]] = {}
        self._by_name: dict[str, list[Pupil]] = {}
        self._by_number: dict[str, Pupil] = {}
        for id, uuid, name, former, number, registry in store.rows(
            "SELECT id, uuid, name, former_name, id_number, student_registry_no FROM child WHERE deleted_at IS NULL"
        ):
            pupil = Pupil(id, uuid, name, number or "", registry or "")
            for one in {name, former} - {None}:
                self._by_name.setdefault(normalise_name(one), []).append(pupil)
            for one in (number, registry):
                if one:
                    self._by_number[one] = pupil
        born = "SELECT id, birth_date FROM child WHERE deleted_at IS NULL AND birth_date IS NOT NULL"
        self._born: dict[int, str] = dict(store.rows(born))
        self._enrolled: dict[int, list[tuple[int, str, str | None]]] = {}
        for child_id, class_id, since, until in store.rows(
            "SELECT child_id, school_class_id, coalesce(valid_from, ''), valid_to FROM enrolment WHERE deleted_at IS NULL"
        ):
            self._enrolled.setdefault(child_id, []).append((class_id, since, until))
        self._staff = _staff(store)
        self._carers: dict[int, dict[str, int]] = {}
        for child_id, name, person_id in store.rows(
            "SELECT k.child_id, p.name, p.id FROM kinship k JOIN person p ON p.id = k.person_id"
            " WHERE k.deleted_at IS NULL AND p.deleted_at IS NULL AND p.name IS NOT NULL UNION"
            " SELECT k.child_id, p.name, p.id FROM care k JOIN person p ON p.id = k.person_id"
            " WHERE k.deleted_at IS NULL AND p.deleted_at IS NULL AND p.name IS NOT NULL"
        ):
            self._carers.setdefault(child_id, {})[name] = person_id

    def child(self, row: RawRecord, day: str) -> Match:
        """Return whose record the row is, by what it says of number, name and class on ``day``."""
        name = read_child_name(row.text("name")).name
        for field, numbers in (("id_number", tidy_id), ("registry", _registry)):
            number = numbers(row.text(field))
            if not number:
                continue
            pupil = self._by_number.get(number)
            if pupil is None:
                continue
            if name and pupil not in self._by_name.get(normalise_name(name), []):
                reason = f"号码是{pupil.name}的，姓名写的是「{name}」"
                return Match(None, ParkedCode.SEVERAL_CHILDREN, reason, pupil.id)
            return Match(pupil)
        if not name:
            return Match(None, ParkedCode.NO_CHILD, "没有写姓名，号码也不在册里")
        named = self._by_name.get(normalise_name(name), [])
        if not named:
            return Match(None, ParkedCode.NO_CHILD, f"台账里没有「{name}」")
        found = self._by_class(name, named, row.text("class"), day)
        if found.pupil is not None and _is_somebody_else(row, found.pupil):
            reason = f"姓名是「{name}」，号码和台账里的{name}不一样，可能是同名的另一人"
            return Match(None, ParkedCode.NO_CHILD, reason, found.pupil.id)
        return found

    def born(self, child_id: int) -> str:
        """Return the birth date as far as it is known (a year, a month or a day); "" when nobody has asked."""
        return self._born.get(child_id, "")

    def supporter(self, text: str) -> str | None:
        """Return the uuid of the member of staff or supporter of that name; None for none, or when two have it."""
        found = self._staff.get(_teacher(text), set())
        return next(iter(found)) if len(found) == 1 else None

    def carer(self, child_id: int, text: str) -> int | None:
        """Return the key of the one grown-up of the child whom a cell names (祖父 张三); None for nobody, or two."""
        written = normalise_name(text)
        found = {key for name, key in self._carers.get(child_id, {}).items() if name in written}
        return found.pop() if len(found) == 1 else None

    def _by_class(self, name: str, named: list[Pupil], text: str, day: str) -> Match:
        class_id, is_none_of_ours = self._class(text, day)
        if is_none_of_ours:
            # Whoever has that name is in another class: only a person can say that it is the same child.
            maybe = named[0].id if len(named) == 1 else None
            whose = f"，台账里的「{name}」{self._where(named[0], day)}" if maybe else f"，别的班有「{name}」"
            return Match(None, ParkedCode.NO_CHILD, f"学校没有「{text}」{whose}，是不是同一人请确认", maybe)
        if class_id is None:
            if len(named) == 1:
                return Match(named[0])
            return Match(None, ParkedCode.SEVERAL_CHILDREN, f"有 {len(named)} 名「{name}」，没有写清是哪个班")
        inside = [pupil for pupil in named if self._was_in(pupil, class_id, day)]
        if len(inside) == 1:
            return Match(inside[0])
        if inside:
            return Match(None, ParkedCode.SEVERAL_CHILDREN, f"{text}有 {len(inside)} 名「{name}」")
        reason = f"{text}没有「{name}」，别的班有同名的"
        return Match(None, ParkedCode.NO_CHILD, reason, named[0].id if len(named) == 1 else None)

    def _class(self, text: str, day: str) -> tuple[int | None, bool]:
        """Return the class that a cell means on ``day``, None for none; and whether it names one that the school has not."""
        written = normalise_cell(text)
        if says_nothing(written):
            return None, False
        there = self._classes_on(day)
        # A sheet may be written out later, with the names of today.
        named = (*there, *self._classes_on(self._store.clock.today().isoformat()))
        known = next((cls for cls in named if written in (cls.key, cls.name)), None)
        ref = parse_class_name(written, date.fromisoformat(day), self._years, self._shape)
        found = (match_class(ref, there) if ref else None) or known
        if found is not None:
            return found.id, False
        if ref is not None and ref.number == 0:  # 三年级 of several classes: which of them it does not say
            cohort = (ref.stage, ref.entering_year)
            return None, not any((cls.stage, cls.entering_year) == cohort for cls in there)
        return None, ref is not None or _LIKE_A_CLASS.search(written) is not None

    def _classes_on(self, day: str) -> Sequence[ClassFacts]:
        """Return the classes as they stood on ``day``: a record of last year is of a class that may be closed today."""
        if day not in self._classes:
            self._classes[day] = all_classes(self._store, date.fromisoformat(day))
        return self._classes[day]

    def _where(self, pupil: Pupil, day: str) -> str:
        """Return 在三（1）班, the class of that day; 那时没有编班 when nobody wrote down any."""
        names = {cls.id: cls.name for cls in self._classes_on(day)}
        held = (
            class_id
            for class_id, since, until in self._enrolled.get(pupil.id, [])
            if since <= day and (until is None or until > day)
        )
        name = next((names[class_id] for class_id in held if class_id in names), "")
        return f"在{name}" if name else "那时没有编班"

    def _was_in(self, pupil: Pupil, class_id: int, day: str) -> bool:
        """Tell whether a child was in the class on ``day``, or is in it now: sheets are often written out later."""
        return any(
            held == class_id and ((since <= day and (until is None or until > day)) or until is None)
            for held, since, until in self._enrolled.get(pupil.id, [])
        )


def _staff(store: Store) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    rows = store.rows(
        "SELECT f.name, f.uuid FROM staff f WHERE f.deleted_at IS NULL UNION ALL"
        " SELECT s.name, s.uuid FROM supporter s WHERE s.deleted_at IS NULL AND s.staff_id IS NULL"
    )
    for name, uuid in rows:
        found.setdefault(normalise_name(name), set()).add(uuid)
    return found


def _teacher(text: str) -> str:
    name = normalise_name(text)
    for title in ("老师", "教师", "班主任"):
        name = name.removesuffix(title)
    return name


def _is_somebody_else(row: RawRecord, pupil: Pupil) -> bool:
    """Tell whether a whole number of the row is not the child's own: of equal names it means another one.

    A number with a fault (5.11E+17, a slip of the pen) says nothing.
    """
    written = inspect_id(row.text("id_number"))
    if written.ok and inspect_id(pupil.id_number).ok:
        return written.number != pupil.id_number
    registry = _registry(row.text("registry"))
    # A temporary number (L) gives way to a formal one (G): only two of a kind tell two children apart.
    alike = len(registry) == len(pupil.registry) and registry[:1] == pupil.registry[:1]
    return alike and registry != pupil.registry


def _registry(text: str) -> str:
    return "".join(normalise_cell(text).upper().split())
