"""Which grown-ups count as a child's parents, and which of them are away: the ground all counting stands on.

Everything here is pure. Answers are three-valued: True, False, None = 待确认 (nobody asked, or the precision of a
date leaves it open).
"""

from collections.abc import Iterable
from datetime import date
from typing import Generic, TypeVar

from msgspec import Struct

from app.children.codes import (
    FATHERS,
    GRANDPARENTS,
    MOTHERS,
    STEP_PARENTS,
    AwayState,
    CareKind,
    Category,
    LifeStatus,
    ParentsCode,
    Relation,
    ReportedLabel,
    UnsupportedGround,
)
from app.children.facts import ChildFacts
from app.children.person_facts import PersonFacts
from app.core.dates import age_on, earliest, latest, months_before

T = TypeVar("T")

CONFIRM_AFTER_DAYS = 90  # a phone number not found right for longer is shown in ochre (look.md §4)
BAD_NUMBER = "停机或号码错"  # what a number is called that was found so: to be asked for anew

_CARE_BY_RELATION = {
    **dict.fromkeys(GRANDPARENTS, CareKind.GRANDPARENTS),
    **dict.fromkeys((*FATHERS, *MOTHERS, *STEP_PARENTS), CareKind.ONE_PARENT),
    Relation.BROTHER: CareKind.SIBLINGS,
    Relation.SISTER: CareKind.SIBLINGS,
    Relation.UNCLE_OR_AUNT: CareKind.RELATIVES,
    Relation.OTHER_RELATIVE: CareKind.RELATIVES,
    Relation.FRIEND_OR_NEIGHBOUR: CareKind.FRIENDS,
    Relation.TEACHER: CareKind.TEACHER,
}
_NOT_FREE = (
    UnsupportedGround.IN_PRISON,
    UnsupportedGround.DRUG_REHABILITATION,
    UnsupportedGround.RESTRAINT_OF_LIBERTY,
)


class Derived(Struct, Generic[T], frozen=True):
    """What follows from the facts: the value (None = it cannot be said), whether somebody must confirm it, and why.

    ``why`` is Chinese and names the facts that were used.
    """

    value: T | None
    pending: bool
    why: str


class Parent(Struct, frozen=True):
    """One of the two legal parents. ``person`` None: nobody has recorded who it is.

    ``gone`` dead or missing; ``held`` not free (recorded among the grounds of 事实无人抚养); ``out`` away for work on
    the day; ``capable`` has 监护能力. None = 待确认.
    """

    word: str
    person: PersonFacts | None
    gone: bool | None
    held: bool
    out: bool | None
    capable: bool | None
    out_unsure: bool = False

    @property
    def fate(self) -> str:
        """Return 去世, 失踪 or "" for the words of a reason."""
        if self.gone and self.person is not None and self.person.life is not None:
            return self.person.life.status.label
        return ""


class ParentsStatus(Struct, frozen=True):
    """How many parents are away on the day, who, and why we think so.

    ``as_reported``: the facts do not say it, a roster's one word does (domain.md §10.2, 11). ``who_out`` is empty when
    it is not known which of the two.
    """

    code: ParentsCode
    who_out: tuple[Relation, ...]
    as_reported: bool
    pending: bool
    why: str


class Family(Struct, frozen=True):
    """A child's legal parents and who of them is away, worked out once for all rules that ask."""

    facts: ChildFacts
    parents: tuple[Parent, Parent]
    status: ParentsStatus


def family_of(facts: ChildFacts) -> Family:
    """Return the child with its parents as the counting rules see them."""
    parents = legal_parents(facts)
    return Family(facts, parents, _status(facts, parents))


def legal_parents(facts: ChildFacts) -> tuple[Parent, Parent]:
    """Return father and mother as the counting rules see them.

    The one place of this rule: an adoptive parent takes the place of the biological one (民法典 1111); a step-parent
    does not, as long as there is no adoption: the 学籍 item and the census form ask for 父 and 母, and 民法典 1072
    gives a step-parent duties beside, not instead of, the parent. Step-parents are named in the reasons.
    """
    return _parent("父亲", facts.father, facts), _parent("母亲", facts.mother, facts)


def parents_status(facts: ChildFacts) -> ParentsStatus:
    """Tell how many parents are away for work on the day, whatever the months of any 口径.

    Facts come first. Where they do not decide, the label of a roster counts as reported, unless it contradicts a
    fact. A dead, missing or held parent is not away for work, so an only parent who is out is one. A period whose
    dates leave the day open decides nothing.
    """
    return _status(facts, legal_parents(facts))


def out_for(parent: Parent, months: int, day: date) -> bool | None:
    """Tell whether the parent has been away without a break for ``months`` months on ``day``.

    Moving from one work place straight to the next is no break. An unknown start means: since before anybody wrote
    it down, which is long enough.
    """
    if not parent.out:
        return parent.out
    away = parent.person.away if parent.person else None
    if away is None or away.since is None:
        return True
    limit = months_before(day, months)
    if latest(away.since) <= limit:
        return True
    return None if earliest(away.since) <= limit else False


def how_many_out(family: Family, months: int) -> tuple[int, int]:
    """Return how many parents have been away for ``months`` months: at least, at most. Equal = settled.

    A roster's label fills in the parents of whom nothing is known, and says nothing about those who are known.
    """
    status = family.status
    least = most = known = 0
    for parent in family.parents:
        if parent.out:
            known += 1
            long_enough = out_for(parent, months, family.facts.day)
            least += long_enough is True
            most += long_enough is not False
        elif parent.out is None and not status.as_reported:
            most += 1
    if status.as_reported:
        reported = {ParentsCode.BOTH: 2, ParentsCode.ONE: 1}.get(status.code, 0) - known
        least, most = least + reported, most + reported
    return least, most


def age(facts: ChildFacts) -> int | None:
    """Return the age in full years on the day; None when unknown or when the precision leaves it open."""
    return age_on(facts.birth_date, facts.day) if facts.birth_date else None


def younger_than(facts: ChildFacts, years: int) -> bool | None:
    """Tell whether the child is under ``years`` on the day; who turns that age today is not (domain.md §8.5)."""
    if facts.birth_date is None:
        return None
    oldest = age_on(earliest(facts.birth_date).isoformat(), facts.day)
    youngest = age_on(latest(facts.birth_date).isoformat(), facts.day)
    if oldest is None or youngest is None:
        return None
    if oldest < years:
        return True
    return None if youngest < years else False


def no_living_parent(family: Family) -> bool:
    """Tell whether both parents are recorded as dead or missing."""
    return all(parent.gone for parent in family.parents)


def nobody_to_raise(family: Family) -> str:
    """Return the hint to check 孤儿 or 事实无人抚养 when no parent is left at large, else ""."""
    if not all(parent.gone or parent.held for parent in family.parents):
        return ""
    if family.facts.has(Category.ORPHAN) or family.facts.has(Category.DE_FACTO_UNSUPPORTED):
        return ""
    return "没有可以抚养的父母，请核对是否为孤儿或事实无人抚养"


def care_kind_of(relation: Relation) -> CareKind:
    """Return the kind of care that a carer of this relation gives, until somebody says it otherwise."""
    return _CARE_BY_RELATION.get(relation, CareKind.OTHER)


def join(parts: Iterable[str]) -> str:
    """Return the non-empty parts of a reason in one line."""
    return "，".join(part for part in parts if part)


def parent_words(parent: Parent) -> str:
    """Return one parent's state in words, as they stand in a reason."""
    if parent.fate:
        return f"{parent.word}{parent.fate}"
    if parent.gone is None:
        return f"{parent.word}是否健在待确认"
    if parent.held:
        return f"{parent.word}无法照护（依据见事实无人抚养）"
    if parent.out_unsure:
        return f"{parent.word}外出的起止日期不够细，待确认"
    if parent.out is None:
        lost = parent.person is not None and parent.person.life_status is LifeStatus.OUT_OF_CONTACT
        return f"{parent.word}失联，是否外出未采集" if lost else f"{parent.word}是否外出未采集"
    if not parent.out:
        return f"{parent.word}在家"
    away = parent.person.away if parent.person else None
    since = f"（自 {away.since}）" if away is not None and away.since else ""
    return f"{parent.word}外出务工{since}"


def step_parent_words(facts: ChildFacts) -> str:
    """Return where a step-parent of the child is, for reasons that name them, else ""."""
    words = []
    for relation in STEP_PARENTS:
        person = facts.relative(relation)
        if person is not None and not person.gone:
            state = person.away_state.label if person.away_state else "是否外出未采集"
            words.append(f"{relation.label}{state}")
    return join(words)


def _status(facts: ChildFacts, parents: tuple[Parent, Parent]) -> ParentsStatus:
    out = [parent for parent in parents if parent.out]
    unknown = [parent for parent in parents if parent.out is None]
    who = tuple(parent.person.relation for parent in out if parent.person and parent.person.relation)
    if not unknown:
        code = (ParentsCode.NONE, ParentsCode.ONE, ParentsCode.BOTH)[len(out)]
        return ParentsStatus(
            code, who, as_reported=False, pending=False, why=join(parent_words(p) for p in parents)
        )
    by_label = _as_reported(facts, parents)
    if by_label is not None:
        why = f"名册上报为{_raw(facts)}" + _known_words(parents)
        return ParentsStatus(by_label, who, as_reported=True, pending=False, why=why)
    why = join(parent_words(parent) for parent in parents)
    unsure = any(parent.out_unsure for parent in unknown) or facts.reported is not None
    if facts.reported is not None:
        why += f"；名册上报为{_raw(facts)}，与已知情况对不上"
    return ParentsStatus(ParentsCode.NOT_COLLECTED, who, as_reported=False, pending=unsure, why=why)


def _parent(word: str, person: PersonFacts | None, facts: ChildFacts) -> Parent:
    if person is None:
        return Parent(word, None, gone=False, held=False, out=None, capable=None)
    gone: bool | None = person.gone
    if gone and person.life is not None and not person.life.certain:
        gone = None
    held = any(g.person_uuid == person.uuid and g.ground in _NOT_FREE and g.certain for g in facts.grounds)
    unsure = person.away is not None and not person.away.certain and not gone
    out = None if person.away is None or unsure else person.away_state is AwayState.OUT
    if gone or held:
        return Parent(word, person, gone=gone, held=held, out=False, capable=False)
    if gone is None:
        return Parent(word, person, gone=None, held=False, out=None, capable=None)
    capable = person.capable if person.capacity and person.capacity.certain else None
    return Parent(word, person, gone=False, held=False, out=out, capable=capable, out_unsure=unsure)


def _as_reported(facts: ChildFacts, parents: tuple[Parent, Parent]) -> ParentsCode | None:
    """Return what the roster's label gives, None when there is none or a fact contradicts it."""
    if facts.reported is None or not facts.reported.certain:
        return None
    most = sum(parent.out is not False for parent in parents)
    least = sum(parent.out is True for parent in parents)
    if facts.reported.label is ReportedLabel.NONE_OUT:
        return ParentsCode.NONE if least == 0 else None
    if facts.reported.label is ReportedLabel.BOTH_OUT:
        if most == 2:
            return ParentsCode.BOTH
        # 双亲 of a child with one parent left means: the one there is has gone out.
        return ParentsCode.ONE if any(parent.gone for parent in parents) else None
    return ParentsCode.ONE if least <= 1 <= most else None


def _raw(facts: ChildFacts) -> str:
    return f"「{facts.reported.raw or facts.reported.label.label}」" if facts.reported else ""


def _known_words(parents: tuple[Parent, Parent]) -> str:
    known = join(parent_words(parent) for parent in parents if parent.out is not None)
    return f"；{known}" if known else "，哪一方、去哪里未采集"
