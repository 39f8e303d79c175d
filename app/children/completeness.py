"""How complete a child's file is, and which facts it lacks (五个清楚, domain.md §5.5).

The five are 基本信息, 性格特征, 兴趣爱好, 健康状况, 父母及监护人联系方式. Each item weighs what stands beside it
below; an item that cannot be asked for (the phone of a dead mother) weighs nothing. The percentage is rounded down,
so that 100 means that nothing is missing.
"""

from collections.abc import Iterable
from enum import StrEnum
from functools import lru_cache

from msgspec import Struct

from app.children.codes import CareKind, CarePaperKind, LifeStatus, ParentsCode
from app.children.facts import ChildFacts
from app.children.person_facts import PersonFacts
from app.children.rules import Family, Parent, family_of

_Answers = tuple[bool | None, ...]


class Clear(StrEnum):
    """The five things that must be clear about every child."""

    BASICS = "基本信息"
    PERSONALITY = "性格特征"
    HOBBIES = "兴趣爱好"
    HEALTH = "健康状况"
    CONTACTS = "父母及监护人联系方式"


class Gap(Struct, frozen=True):
    """One fact the file lacks. ``field`` is a stable key (``hobbies``, ``mother.id_number``, ``care.phone``)."""

    field: str
    words: str
    clear: Clear


class Completeness(Struct, frozen=True):
    """``percent`` of the weight that is there, rounded down, and what is missing, in the order of the paper."""

    percent: int
    gaps: tuple[Gap, ...]

    @property
    def words(self) -> str:
        """Return 齐, 缺 兴趣爱好, or 缺 3 项."""
        if not self.gaps:
            return "齐"
        return f"缺 {self.gaps[0].words}" if len(self.gaps) == 1 else f"缺 {len(self.gaps)} 项"


UNASKED = Completeness(0, ())
"""Of a file that nobody has looked at yet."""


class GapList(Struct, frozen=True):
    """Who lacks one thing: the list behind one line of 「谁缺什么」."""

    field: str
    words: str
    clear: Clear
    child_uuids: tuple[str, ...]


def completeness(facts: ChildFacts, family: Family | None = None) -> Completeness:
    """Return how complete the file is on the day, and the gaps in the order of the paper.

    ``family`` is ``family_of(facts)`` when it has been worked out already.
    """
    family = family or family_of(facts)
    father, mother = family.parents
    return _of_pattern(_of_child(facts), _of_parent(father), _of_parent(mother), _of_care(family))


def gap_lists(children: Iterable[tuple[str, Completeness]]) -> list[GapList]:
    """Return who lacks what, most widespread first, from (child uuid, completeness) pairs."""
    found: dict[Gap, list[str]] = {}
    for uuid, complete in children:
        for gap in complete.gaps:
            found.setdefault(gap, []).append(uuid)
    lists = [GapList(gap.field, gap.words, gap.clear, tuple(uuids)) for gap, uuids in found.items()]
    return sorted(lists, key=lambda one: (-len(one.child_uuids), one.field))


# Each of these answers the items below that are named after it: there, lacking, None = not asked for.


def _of_child(child: ChildFacts) -> _Answers:
    return (
        bool(child.sex),
        bool(child.birth_date),
        bool(child.ethnicity),
        bool(child.id_number),
        bool(child.student_registry_no),
        bool(child.enrolment or child.schooling),
        bool(child.household and child.household.kind),
        bool(child.residence),
        bool(child.personality),
        bool(child.hobbies),
        bool(child.health),
    )


def _of_parent(parent: Parent) -> _Answers:
    """Answer what can be asked: name, ID, whether out, where to, and a phone; of the dead and missing nothing."""
    person = parent.person
    if person is None:
        return (False, None, None, None, None, None)
    if parent.gone:
        return _NOTHING_OF_A_PARENT
    if parent.held or person.life_status is LifeStatus.OUT_OF_CONTACT:
        # Nobody can be asked for the rest, and none of it would be used.
        return (None, bool(person.name), None, None, None, None)
    return (
        None,
        bool(person.name),
        bool(person.id_number),
        parent.out is not None or parent.out_unsure,
        bool(person.away_place) if parent.out else None,
        has_phone(person),
    )


def _of_care(family: Family) -> _Answers:
    """Answer about the carer; a parent who cares has been asked for name, ID and phone already."""
    facts, care = family.facts, family.facts.care
    if care is None:
        return (False, None, None, None, None, None, None)
    person, graded = care.person, bool(care.grade)
    if care.kind in _NOBODY_TO_ASK or (person is None and care.kind in _A_PARENT):
        return (None, True, graded, None, None, None, None)
    if person is not None and person.uuid in [
        parent.person.uuid for parent in family.parents if parent.person
    ]:
        return (None, True, graded, None, None, None, None)
    signed = None
    if family.status.code is ParentsCode.BOTH:
        signed = any(paper.kind is CarePaperKind.ENTRUSTMENT and paper.done for paper in facts.care_papers)
    if person is None:
        return (None, True, graded, False, False, False, signed)
    return (None, True, graded, bool(person.name), bool(person.id_number), has_phone(person), signed)


@lru_cache(maxsize=4096)
def _of_pattern(child: _Answers, father: _Answers, mother: _Answers, care: _Answers) -> Completeness:
    """Return what some hundred patterns say of thousands of children; each lies in memory once."""
    there = total = 0
    gaps = []
    for (gap, weight), answer in zip(_ITEMS, (*child, *father, *mother, *care), strict=True):
        if answer is None:
            continue
        total += weight
        if answer:
            there += weight
        else:
            gaps.append(gap)
    return Completeness(there * 100 // total, tuple(gaps))


def _items_of_parent(side: str, word: str) -> tuple[tuple[Gap, int], ...]:
    return (
        (Gap(side, f"{word}情况", Clear.CONTACTS), 7),  # nobody recorded: as much as the rest together
        (Gap(f"{side}.name", f"{word}姓名", Clear.CONTACTS), 1),
        (Gap(f"{side}.id_number", f"{word}身份证", Clear.CONTACTS), 1),
        (Gap(f"{side}.away", f"{word}外出情况", Clear.CONTACTS), 2),
        (Gap(f"{side}.away_place", f"{word}务工地", Clear.CONTACTS), 1),
        (Gap(f"{side}.phone", f"{word}电话", Clear.CONTACTS), 2),
    )


_NOTHING_OF_A_PARENT: _Answers = (None,) * 6
_NO_CARER = Gap("care", "监护人", Clear.CONTACTS)
_ITEMS: tuple[tuple[Gap, int], ...] = (
    (Gap("sex", "性别", Clear.BASICS), 1),
    (Gap("birth_date", "出生日期", Clear.BASICS), 2),
    (Gap("ethnicity", "民族", Clear.BASICS), 1),
    (Gap("id_number", "身份证号", Clear.BASICS), 3),
    (Gap("student_registry_no", "学籍号", Clear.BASICS), 1),
    (Gap("school_class", "班级", Clear.BASICS), 1),
    (Gap("household", "户口性质", Clear.BASICS), 1),
    (Gap("residence", "现住址", Clear.BASICS), 2),
    (Gap("personality", "性格特征", Clear.PERSONALITY), 2),
    (Gap("hobbies", "兴趣爱好", Clear.HOBBIES), 2),
    (Gap("health", "健康状况", Clear.HEALTH), 2),
    *_items_of_parent("father", "父亲"),
    *_items_of_parent("mother", "母亲"),
    (_NO_CARER, 7),  # nobody named: as much as the rest together
    (_NO_CARER, 2),
    (Gap("care.grade", "监护评估", Clear.CONTACTS), 1),
    (Gap("care.name", "监护人姓名", Clear.CONTACTS), 1),
    (Gap("care.id_number", "监护人身份证", Clear.CONTACTS), 1),
    (Gap("care.phone", "监护人电话", Clear.CONTACTS), 2),
    (Gap("care_paper.entrustment", "委托书", Clear.CONTACTS), 1),
)
"""What the file is asked for and what it weighs, in the order of the paper."""

_NOBODY_TO_ASK = (CareKind.UNGUARDED, CareKind.INSTITUTION, CareKind.BOTH_PARENTS)
_A_PARENT = (CareKind.ONE_PARENT, CareKind.ONE_PARENT_WITHOUT_CAPACITY)


def has_phone(person: PersonFacts) -> bool:
    """Tell whether there is a number that is not known to be dead or wrong."""
    best = person.best_phone  # a usable one, if there is any
    return best is not None and best.usable
