"""How complete a child's file is, and which facts it lacks (五个清楚, domain.md §5.5).

The five are 基本信息, 性格特征, 兴趣爱好, 健康状况, 父母及监护人联系方式. Each item weighs what stands beside it
below; an item that cannot be asked for (the phone of a dead mother) weighs nothing. The percentage is rounded down,
so that 100 means that nothing is missing.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from app.children.codes import CareBucket, CareKind, CarePaperKind, LifeStatus, ParentsCode
from app.children.derive import care_bucket
from app.children.facts import ChildFacts, PersonFacts
from app.children.rules import Parent, legal_parents, parents_status


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


@dataclass(frozen=True, slots=True)
class _Item:
    """One thing asked of every child: is it there, and how much does it weigh."""

    field: str
    words: str
    clear: Clear
    weight: int
    there: Callable[[ChildFacts], bool]


@dataclass(frozen=True, slots=True)
class _Answer:
    gap: Gap
    weight: int
    there: bool


_OF_THE_CHILD = (
    _Item("sex", "性别", Clear.BASICS, 1, lambda child: child.sex is not None),
    _Item("birth_date", "出生日期", Clear.BASICS, 2, lambda child: child.birth_date is not None),
    _Item("ethnicity", "民族", Clear.BASICS, 1, lambda child: child.ethnicity is not None),
    _Item("id_number", "身份证号", Clear.BASICS, 3, lambda child: child.id_number is not None),
    _Item(
        "student_registry_no", "学籍号", Clear.BASICS, 1, lambda child: child.student_registry_no is not None
    ),
    _Item("school_class", "班级", Clear.BASICS, 1, lambda child: bool(child.school_class or child.schooling)),
    _Item(
        "household", "户口性质", Clear.BASICS, 1, lambda child: bool(child.household and child.household.kind)
    ),
    _Item("residence", "现住址", Clear.BASICS, 2, lambda child: bool(child.residence)),
    _Item("personality", "性格特征", Clear.PERSONALITY, 2, lambda child: bool(child.personality)),
    _Item("hobbies", "兴趣爱好", Clear.HOBBIES, 2, lambda child: bool(child.hobbies)),
    _Item("health", "健康状况", Clear.HEALTH, 2, lambda child: child.health is not None),
)
_PARENT_WEIGHT = 7  # of a parent nobody has recorded: as much as the items below together
_CARE_WEIGHT = 7


def completeness(facts: ChildFacts) -> Completeness:
    """Return how complete the file is on the day, and the gaps in the order of the paper."""
    parents = legal_parents(facts)
    answers = [*_child_answers(facts), *_parent_answers(parents), *_care_answers(facts, parents)]
    total = sum(answer.weight for answer in answers)
    there = sum(answer.weight for answer in answers if answer.there)
    gaps = tuple(answer.gap for answer in answers if not answer.there)
    return Completeness(there * 100 // total, gaps)


def gap_lists(children: Iterable[tuple[str, Completeness]]) -> list[GapList]:
    """Return who lacks what, most widespread first, from (child uuid, completeness) pairs."""
    found: dict[Gap, list[str]] = {}
    for uuid, complete in children:
        for gap in complete.gaps:
            found.setdefault(gap, []).append(uuid)
    lists = [GapList(gap.field, gap.words, gap.clear, tuple(uuids)) for gap, uuids in found.items()]
    return sorted(lists, key=lambda one: (-len(one.child_uuids), one.field))


def _child_answers(facts: ChildFacts) -> Iterator[_Answer]:
    for item in _OF_THE_CHILD:
        yield _Answer(Gap(item.field, item.words, item.clear), item.weight, item.there(facts))


def _parent_answers(parents: tuple[Parent, Parent]) -> Iterator[_Answer]:
    """Ask of each parent who can be asked about: name, ID, whether out, where to, and a phone."""
    for side, parent in zip(("father", "mother"), parents, strict=True):
        person = parent.person
        if person is None:
            yield _answer(f"{side}", f"{parent.word}情况", _PARENT_WEIGHT, there=False)
            continue
        if parent.gone:
            continue
        yield _answer(f"{side}.name", f"{parent.word}姓名", 1, there=bool(person.name))
        if parent.held or person.life_status is LifeStatus.OUT_OF_CONTACT:
            continue  # nobody can be asked for a phone, and none of it would be used
        yield _answer(f"{side}.id_number", f"{parent.word}身份证", 1, there=bool(person.id_number))
        yield _answer(
            f"{side}.away", f"{parent.word}外出情况", 2, there=parent.out is not None or parent.out_unsure
        )
        if parent.out:
            yield _answer(f"{side}.away_place", f"{parent.word}务工地", 1, there=bool(person.away_place))
        yield _answer(f"{side}.phone", f"{parent.word}电话", 2, there=has_phone(person))


def _care_answers(facts: ChildFacts, parents: tuple[Parent, Parent]) -> Iterator[_Answer]:
    """Ask about the carer; a parent who cares has been asked for name, ID and phone already."""
    care = facts.care
    if care is None:
        yield _answer("care", "监护人", _CARE_WEIGHT, there=False)
        return
    yield _answer("care", "监护人", 2, there=True)
    yield _answer("care.grade", "监护评估", 1, there=care.grade is not None)
    if care.kind in (CareKind.UNGUARDED, CareKind.INSTITUTION, CareKind.BOTH_PARENTS):
        return
    if (
        care_bucket(facts) in (CareBucket.ONE_PARENT, CareBucket.ONE_PARENT_WITHOUT_CAPACITY)
        and care.person is None
    ):
        return
    person = care.person
    if person is not None and any(parent.person and parent.person.uuid == person.uuid for parent in parents):
        return
    yield _answer("care.name", "监护人姓名", 1, there=bool(person and person.name))
    yield _answer("care.id_number", "监护人身份证", 1, there=bool(person and person.id_number))
    yield _answer("care.phone", "监护人电话", 2, there=person is not None and has_phone(person))
    if parents_status(facts).code is ParentsCode.BOTH:
        signed = any(paper.kind is CarePaperKind.ENTRUSTMENT and paper.done for paper in facts.care_papers)
        yield _answer("care_paper.entrustment", "委托书", 1, there=signed)


def has_phone(person: PersonFacts) -> bool:
    """Tell whether there is a number that is not known to be dead or wrong."""
    return any(phone.usable for phone in person.phones)


def _answer(field: str, words: str, weight: int, *, there: bool) -> _Answer:
    return _Answer(Gap(field, words, Clear.CONTACTS), weight, there)
