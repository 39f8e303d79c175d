"""What follows from a child's facts for one line of the ledger: parents, care, phones, completeness.

Working it out takes all facts of the child, some thirty times as long as reading what stands in the line itself. So it is
apart: a list of thousands is shown first, and each line gets its situation soon after.
"""

from collections.abc import Iterable
from datetime import date
from sys import intern

from msgspec import Struct

from app.children.codes import (
    AwayState,
    CareBucket,
    CareGrade,
    CareKind,
    Category,
    LifeStatus,
    ParentsCode,
)
from app.children.completeness import UNASKED, Completeness, Gap, completeness
from app.children.contacts import bad_numbers, chain_confirmed_days, contact_chain
from app.children.derive import care_bucket
from app.children.facts import CareFacts, ChildFacts, Contact
from app.children.rules import Parent, family_of, legal_parents
from app.core.dates import age_on

_UNKNOWN = "未采集"


class Situation(Struct, frozen=True, kw_only=True, gc=False):
    """What is known of one child beside its own line. Empty text, None and () mean 未采集 unless the field says otherwise."""

    boards: bool | None = None
    household: str = ""
    household_place: str = ""

    parents: ParentsCode = ParentsCode.NOT_COLLECTED
    parents_as_reported: bool = False
    parents_pending: bool = False
    parents_why: str = ""
    father: str = ""
    mother: str = ""
    away_words: str = ""

    care: CareBucket = CareBucket.NOT_COLLECTED
    care_kind: CareKind | None = None
    care_words: str = ""
    carer: str = ""
    carer_gone: str = ""
    care_grade: CareGrade | None = None

    phones: tuple[str, ...] = ()
    has_number: bool = False  # somebody of the chain has one
    phone_days: int | None = None  # since the first number of the chain was found right; None = never
    bad_number: bool = False  # somebody around the child has no number that works
    categories: tuple[Category, ...] = ()
    complete: Completeness = UNASKED
    doubted: tuple[tuple[str, str], ...] = ()  # the field and why

    @property
    def percent(self) -> int:
        """Return how much of what the file is asked for is there."""
        return self.complete.percent

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """Return what the file lacks."""
        return self.complete.gaps

    @property
    def gap_words(self) -> str:
        """Return what the file lacks in a word: 齐, 缺 兴趣爱好, or 缺 3 项."""
        return self.complete.words

    @property
    def doubts(self) -> int:
        """Return how many facts stand in doubt."""
        return len(self.doubted)


UNREAD = Situation()
"""Of whom nothing was read yet: it says nothing about the child, and is told from others by being this one."""


def situation(facts: ChildFacts) -> Situation:
    """Return what follows from the facts of one child.

    Texts that many children share lie in memory once (``intern``): a page keeps thousands of these.
    """
    family = family_of(facts)
    parents, (father, mother) = family.status, family.parents
    chain = contact_chain(facts)
    care, household = facts.care, facts.household
    return Situation(
        boards=facts.boards,
        household=household.kind.label if household and household.kind else "",
        household_place=intern((household.place or "") if household else ""),
        parents=parents.code,
        parents_as_reported=parents.as_reported,
        parents_pending=parents.pending,
        parents_why=intern(parents.why),
        father=intern((father.person.name or "") if father.person else ""),
        mother=intern((mother.person.name or "") if mother.person else ""),
        away_words=intern(_away_words(father, mother)),
        care=care_bucket(facts),
        care_kind=care.kind if care else None,
        care_words=care_words(care, facts.day),
        carer=intern((care.person.name or "") if care and care.person else ""),
        carer_gone=carer_gone(care),
        care_grade=care.grade if care else None,
        phones=_phones(facts, chain),
        has_number=any(contact.number for contact in chain),
        phone_days=chain_confirmed_days(facts, chain),
        bad_number=bool(bad_numbers(facts)),
        categories=tuple([flag.category for flag in facts.categories]),
        complete=completeness(facts, family),
        doubted=tuple([(doubt.field, doubt.reason) for doubt in facts.doubts]),
    )


def care_words(care: CareFacts | None, day: date) -> str:
    """Return who looks after the child in a word: 外祖母, 姐姐 15 岁, 无人; "" when nobody has asked."""
    if care is None:
        return ""
    if care.kind is CareKind.UNGUARDED:
        return "无人"
    person = care.person
    words = (person.relation_words if person else "") or care.kind.label
    if person is not None and person.birth_date and care.kind is CareKind.SIBLINGS:
        years = age_on(person.birth_date, day)
        return words if years is None else f"{words} {years} 岁"
    return words


def carer_gone(care: CareFacts | None) -> str:
    """Return what the one named as carer is recorded as, who can be it no more: 外祖母记为去世, else ""."""
    person = care.person if care and care.kind is not CareKind.UNGUARDED else None
    if person is None or person.life is None or not person.gone:
        return ""
    return f"{person.relation_words}记为{person.life.status.label}"


def away_words(facts: ChildFacts) -> str:
    """Return where father / mother work: 河北保定 / 北京, 福建晋江（同厂）, 广东中山 / 失联; "" when neither is known."""
    return _away_words(*legal_parents(facts))


def _away_words(father: Parent, mother: Parent) -> str:
    words = (_away_word(father), _away_word(mother))
    if words == (_UNKNOWN, _UNKNOWN):
        return ""
    if father.out and mother.out and words[0] == words[1] != _OUT:
        return words[0] + ("（同厂）" if _same_employer(father, mother) else "（同地）")
    return " / ".join(words)


def _away_word(parent: Parent) -> str:
    if parent.fate:
        return parent.fate
    person = parent.person
    if person is not None and person.life_status is LifeStatus.OUT_OF_CONTACT:
        return LifeStatus.OUT_OF_CONTACT.label
    if parent.held:
        return "—"
    if parent.out is None:
        return _UNKNOWN
    if not parent.out or person is None:
        return AwayState.HOME.label
    return person.away_place or _OUT


def _same_employer(father: Parent, mother: Parent) -> bool:
    employers = {p.person.away.employer for p in (father, mother) if p.person and p.person.away}
    return len(employers) == 1 and None not in employers


def _phones(facts: ChildFacts, chain: Iterable[Contact]) -> tuple[str, ...]:
    """Return every number by which somebody around the child is reached, the chain's first."""
    numbers = [*(contact.number for contact in chain), facts.phone]
    for person in facts.relatives:
        numbers += [phone.number for phone in person.phones]
    return tuple(dict.fromkeys(filter(None, numbers)))


_OUT = AwayState.OUT.label
