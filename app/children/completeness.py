"""How complete a child's file is, and which facts it lacks (五个清楚, domain.md §5.5).

The five are 基本信息, 性格特征, 兴趣爱好, 健康状况, 父母及监护人联系方式. Each item weighs what stands beside it
below; an item that cannot be asked for (the phone of a dead mother) weighs nothing. The percentage is rounded down,
so that 100 means that nothing is missing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from app.children.codes import CareKind, CarePaperKind, LifeStatus, ParentsCode
from app.children.facts import ChildFacts
from app.children.person_facts import PersonFacts
from app.children.rules import Family, Parent, family_of


class Clear(StrEnum):
    """The five things that must be clear about every child."""

    BASICS = "基本信息"
    PERSONALITY = "性格特征"
    HOBBIES = "兴趣爱好"
    HEALTH = "健康状况"
    CONTACTS = "父母及监护人联系方式"


@dataclass(frozen=True, slots=True)
class Gap:
    """One fact the file lacks. ``field`` is a stable key (``hobbies``, ``mother.id_number``, ``care.phone``)."""

    field: str
    words: str
    clear: Clear


@dataclass(frozen=True, slots=True)
class Completeness:
    """``percent`` of the weight that is there, rounded down, and what is missing, in the order of the paper."""

    percent: int
    gaps: tuple[Gap, ...]

    @property
    def words(self) -> str:
        """Return 齐, 缺 兴趣爱好, or 缺 3 项."""
        if not self.gaps:
            return "齐"
        return f"缺 {self.gaps[0].words}" if len(self.gaps) == 1 else f"缺 {len(self.gaps)} 项"


@dataclass(frozen=True, slots=True)
class GapList:
    """Who lacks one thing: the list behind one line of 「谁缺什么」."""

    field: str
    words: str
    clear: Clear
    child_uuids: tuple[str, ...]


class _Tally:
    """Adds up the weight of what was asked for and of what is there, and keeps the gaps."""

    def __init__(self) -> None:
        self.total = 0
        self.there = 0
        self.gaps: list[Gap] = []

    def ask(self, gap: Gap, weight: int, there: object) -> None:
        """Count one item; ``there`` is anything that is true when the fact is known."""
        self.total += weight
        if there:
            self.there += weight
        else:
            self.gaps.append(gap)


_PARENT_WEIGHT = 7  # of a parent nobody has recorded: as much as the items of one together
_CARE_WEIGHT = 7


@cache
def _gap(field: str, words: str, clear: Clear = Clear.CONTACTS) -> Gap:
    return Gap(field, words, clear)


def completeness(facts: ChildFacts, family: Family | None = None) -> Completeness:
    """Return how complete the file is on the day, and the gaps in the order of the paper.

    ``family`` is ``family_of(facts)`` when it has been worked out already.
    """
    tally = _Tally()
    family = family or family_of(facts)
    _ask_about_child(tally, facts)
    for side, parent in zip(("father", "mother"), family.parents, strict=True):
        _ask_about_parent(tally, side, parent)
    _ask_about_care(tally, family)
    return Completeness(tally.there * 100 // tally.total, tuple(tally.gaps))


def gap_lists(children: Iterable[tuple[str, Completeness]]) -> list[GapList]:
    """Return who lacks what, most widespread first, from (child uuid, completeness) pairs."""
    found: dict[Gap, list[str]] = {}
    for uuid, complete in children:
        for gap in complete.gaps:
            found.setdefault(gap, []).append(uuid)
    lists = [GapList(gap.field, gap.words, gap.clear, tuple(uuids)) for gap, uuids in found.items()]
    return sorted(lists, key=lambda one: (-len(one.child_uuids), one.field))


def _ask_about_child(tally: _Tally, child: ChildFacts) -> None:
    ask, basics = tally.ask, Clear.BASICS
    ask(_gap("sex", "性别", basics), 1, child.sex)
    ask(_gap("birth_date", "出生日期", basics), 2, child.birth_date)
    ask(_gap("ethnicity", "民族", basics), 1, child.ethnicity)
    ask(_gap("id_number", "身份证号", basics), 3, child.id_number)
    ask(_gap("student_registry_no", "学籍号", basics), 1, child.student_registry_no)
    ask(_gap("school_class", "班级", basics), 1, child.enrolment or child.schooling)
    ask(_gap("household", "户口性质", basics), 1, child.household and child.household.kind)
    ask(_gap("residence", "现住址", basics), 2, child.residence)
    ask(_gap("personality", "性格特征", Clear.PERSONALITY), 2, child.personality)
    ask(_gap("hobbies", "兴趣爱好", Clear.HOBBIES), 2, child.hobbies)
    ask(_gap("health", "健康状况", Clear.HEALTH), 2, child.health)


def _ask_about_parent(tally: _Tally, side: str, parent: Parent) -> None:
    """Ask what can be asked: name, ID, whether out, where to, and a phone; of the dead and missing nothing."""
    person, word = parent.person, parent.word
    if person is None:
        tally.ask(_gap(side, f"{word}情况"), _PARENT_WEIGHT, there=False)
        return
    if parent.gone:
        return
    tally.ask(_gap(f"{side}.name", f"{word}姓名"), 1, person.name)
    if parent.held or person.life_status is LifeStatus.OUT_OF_CONTACT:
        return  # nobody can be asked for the rest, and none of it would be used
    tally.ask(_gap(f"{side}.id_number", f"{word}身份证"), 1, person.id_number)
    tally.ask(_gap(f"{side}.away", f"{word}外出情况"), 2, parent.out is not None or parent.out_unsure)
    if parent.out:
        tally.ask(_gap(f"{side}.away_place", f"{word}务工地"), 1, person.away_place)
    tally.ask(_gap(f"{side}.phone", f"{word}电话"), 2, has_phone(person))


def _ask_about_care(tally: _Tally, family: Family) -> None:
    """Ask about the carer; a parent who cares has been asked for name, ID and phone already."""
    facts, care = family.facts, family.facts.care
    if care is None:
        tally.ask(_gap("care", "监护人"), _CARE_WEIGHT, there=False)
        return
    tally.ask(_gap("care", "监护人"), 2, there=True)
    tally.ask(_gap("care.grade", "监护评估"), 1, care.grade)
    person = care.person
    if care.kind in _NOBODY_TO_ASK or (person is None and care.kind in _A_PARENT):
        return
    if person is not None and any(
        parent.person and parent.person.uuid == person.uuid for parent in family.parents
    ):
        return
    tally.ask(_gap("care.name", "监护人姓名"), 1, person and person.name)
    tally.ask(_gap("care.id_number", "监护人身份证"), 1, person and person.id_number)
    tally.ask(_gap("care.phone", "监护人电话"), 2, person and has_phone(person))
    if family.status.code is ParentsCode.BOTH:
        signed = any(paper.kind is CarePaperKind.ENTRUSTMENT and paper.done for paper in facts.care_papers)
        tally.ask(_gap("care_paper.entrustment", "委托书"), 1, signed)


_NOBODY_TO_ASK = (CareKind.UNGUARDED, CareKind.INSTITUTION, CareKind.BOTH_PARENTS)
_A_PARENT = (CareKind.ONE_PARENT, CareKind.ONE_PARENT_WITHOUT_CAPACITY)


def has_phone(person: PersonFacts) -> bool:
    """Tell whether there is a number that is not known to be dead or wrong."""
    return any(phone.usable for phone in person.phones)
