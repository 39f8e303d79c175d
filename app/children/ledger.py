"""The ledger as a list: one flat row per child, ready to be shown, sorted, filtered and searched.

Rows hold plain values only (no facts), so that a school of thousands stays small in memory.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum

from app.children.codes import (
    AwayState,
    CareBucket,
    CareGrade,
    CareKind,
    Category,
    LifeStatus,
    ParentsCode,
    Sex,
)
from app.children.completeness import Gap, completeness
from app.children.contacts import chain_confirmed_days, contact_chain
from app.children.dated_fact import fact
from app.children.derive import care_bucket
from app.children.ethnicity import ethnic_name
from app.children.facts import CareFacts, ChildFacts, Contact
from app.children.rules import Parent, age, family_of, legal_parents
from app.core.dates import age_on

NO_CLASS_SORT = 10_000  # children without a class stand last
_GROWN_UP = 18
_UNKNOWN = "未采集"
AWAITING_WORDS = "待确认毕业"  # past the last grade, so no longer counted (decisions.md §1.5)


class LedgerStatus(StrEnum):
    """Where a child stands with the ledger on the day."""

    REGISTERED = "registered"
    EXITED = "exited"
    NEVER = "never"


@fact(frozen=True, slots=True, kw_only=True)
class LedgerRow:
    """One child in the list. Empty text and None mean 未采集 unless the field says otherwise."""

    uuid: str
    name: str
    pinyin: str
    sex: Sex | None
    age: int | None
    birth_date: str | None
    id_number: str | None
    student_registry_no: str | None
    student_no: str | None
    ethnicity: str

    class_uuid: str
    class_key: str
    class_name: str  # for who has left: the class they were in
    class_sort: int
    grade: int | None
    boards: bool | None

    village: str
    address: str
    household: str
    household_place: str

    status: LedgerStatus
    status_certain: bool
    registered_from: str | None
    exited_on: str | None
    exit_words: str

    parents: ParentsCode
    parents_as_reported: bool
    parents_pending: bool
    parents_why: str
    father: str
    mother: str
    away_words: str

    care: CareBucket
    care_kind: CareKind | None
    care_words: str
    carer: str
    care_grade: CareGrade | None

    phones: tuple[str, ...]
    phone_days: int | None  # since the first number of the chain was last tried; None = never
    categories: tuple[Category, ...]
    percent: int
    gaps: tuple[Gap, ...]
    gap_words: str
    doubts: int
    note: str

    spellings: str
    places: str
    supporters: tuple[
        str, ...
    ]  # who looks after the child beside its family; empty: nobody, or nobody was asked

    @property
    def registered(self) -> bool:
        """Tell whether the child is on the ledger that day."""
        return self.status is LedgerStatus.REGISTERED


def ledger_rows(
    children: Iterable[ChildFacts], supporters: Mapping[str, tuple[str, ...]] | None = None
) -> list[LedgerRow]:
    """Return one row per child in the order given; ``supporters`` names, by child uuid, who looks after it."""
    named = supporters or {}
    return [ledger_row(child, named.get(child.uuid, ())) for child in children]


def ledger_row(facts: ChildFacts, supporters: tuple[str, ...] = ()) -> LedgerRow:
    """Return the row of one child."""
    cls = facts.school_class or (facts.left_class.school_class if facts.left_class else None)
    family = family_of(facts)
    parents, (father, mother) = family.status, family.parents
    complete = completeness(facts, family)
    chain = contact_chain(facts)
    care = facts.care
    residence, household = facts.residence, facts.household
    village = village_words(facts)
    status, certain, exited = _status(facts)
    return LedgerRow(
        uuid=facts.uuid,
        name=facts.name,
        pinyin=facts.pinyin,
        sex=facts.sex,
        age=age(facts),
        birth_date=facts.birth_date,
        id_number=facts.id_number,
        student_registry_no=facts.student_registry_no,
        student_no=facts.student_no,
        ethnicity=ethnic_name(facts.ethnicity),
        class_uuid=cls.uuid if cls else "",
        class_key=cls.key if cls else "",
        class_name=cls.name if cls else "",
        class_sort=cls.sort if cls else NO_CLASS_SORT,
        grade=cls.grade if cls else None,
        boards=facts.boards,
        village=village,
        address=(residence.address or "") if residence else "",
        household=household.kind.label if household and household.kind else "",
        household_place=(household.place or "") if household else "",
        status=status,
        status_certain=certain,
        registered_from=facts.registration.valid_from if facts.registration else None,
        exited_on=facts.exited.valid_to if facts.exited else None,
        exit_words=exited,
        parents=parents.code,
        parents_as_reported=parents.as_reported,
        parents_pending=parents.pending,
        parents_why=parents.why,
        father=(father.person.name or "") if father.person else "",
        mother=(mother.person.name or "") if mother.person else "",
        away_words=_away_words(father, mother),
        care=care_bucket(facts),
        care_kind=care.kind if care else None,
        care_words=care_words(care, facts.day),
        carer=(care.person.name or "") if care and care.person else "",
        care_grade=care.grade if care else None,
        phones=_phones(facts, chain),
        phone_days=chain_confirmed_days(facts, chain),
        categories=tuple(flag.category for flag in facts.categories),
        percent=complete.percent,
        gaps=complete.gaps,
        gap_words=complete.words,
        doubts=len(facts.doubts),
        note=facts.note or "",
        spellings=_spellings(facts),
        places=" ".join(filter(None, (village, residence.address if residence else None))),
        supporters=supporters,
    )


def village_words(facts: ChildFacts) -> str:
    """Return 村组 of where the child lives: 青石坪村 4 组."""
    residence = facts.residence
    if residence is None:
        return ""
    return " ".join(part for part in (residence.village, residence.village_group) if part)


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


def _status(facts: ChildFacts) -> tuple[LedgerStatus, bool, str]:
    if facts.on_ledger and facts.registration is not None:
        return LedgerStatus.REGISTERED, facts.registration.certain, ""
    if facts.registration is not None:
        return LedgerStatus.EXITED, True, AWAITING_WORDS
    if facts.exited is None:
        return LedgerStatus.NEVER, True, ""
    reason = facts.exited.end_reason.label if facts.exited.end_reason else ""
    return LedgerStatus.EXITED, True, f"{facts.exited.valid_to or ''} {reason}".strip()


def _phones(facts: ChildFacts, chain: Iterable[Contact]) -> tuple[str, ...]:
    """Return every number by which somebody around the child is reached, the chain's first."""
    numbers = [*(contact.number for contact in chain), facts.phone]
    for person in facts.relatives:
        numbers += [phone.number for phone in person.phones]
    return tuple(dict.fromkeys(filter(None, numbers)))


def _spellings(facts: ChildFacts) -> str:
    """Return what a name is searched in: as written, the former one, and how both may be typed in letters."""
    return " ".join(filter(None, (facts.name, facts.former_name, facts.initials))).lower()


_OUT = AwayState.OUT.label
