"""The ledger as a list: one flat row per child, ready to be shown, sorted, filtered and searched.

Rows hold plain values only (no facts), so that a school of thousands stays small in memory.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum

from app.children.codes import RegistrationEnd, Sex
from app.children.ethnicity import ethnic_name
from app.children.facts import ChildFacts
from app.children.situation import UNREAD, Situation, situation
from app.core.dates import age_on
from app.core.untold import Untold
from app.school.rules import ClassFacts

NO_CLASS_SORT = 10_000  # children without a class stand last
AWAITING_WORDS = "待确认毕业"  # past the last grade, so no longer counted (decisions.md §1.5)


class LedgerStatus(StrEnum):
    """Where a child stands with the ledger on the day."""

    REGISTERED = "registered"
    EXITED = "exited"
    NEVER = "never"


class LedgerRow(Untold, frozen=True, gc=False):
    """One child in the list. Empty text and None mean 未采集 unless the field says otherwise."""

    day: date
    uuid: str
    name: str
    former_name: str | None
    pinyin: str
    initials: str
    sex: Sex | None
    birth_date: str | None
    id_number: str | None
    student_registry_no: str | None
    student_no: str | None
    ethnicity: str
    note: str

    school_class: ClassFacts | None  # for who has left: the class they were in
    village: str
    address: str

    status: LedgerStatus
    status_certain: bool
    registered_from: str | None
    exited_on: str | None
    exit_words: str

    situation: Situation = UNREAD
    supporters: tuple[str, ...] = ()
    """Who looks after the child beside its family; empty: nobody, or nobody was asked."""

    @property
    def registered(self) -> bool:
        """Tell whether the child is on the ledger that day."""
        return self.status is LedgerStatus.REGISTERED

    @property
    def is_whole(self) -> bool:
        """Tell whether the situation is known too."""
        return self.situation is not UNREAD

    @property
    def age(self) -> int | None:
        """Return the age in full years on the day; None when unknown or when the precision leaves it open."""
        return age_on(self.birth_date, self.day) if self.birth_date else None

    @property
    def class_key(self) -> str:
        """Return what names the class for ever (2024级2班), "" without one."""
        return self.school_class.key if self.school_class else ""

    @property
    def class_name(self) -> str:
        """Return what the class is called that year, "" without one."""
        return self.school_class.name if self.school_class else ""

    @property
    def class_sort(self) -> int:
        """Return the place of the class among the others; who has none stands last."""
        return self.school_class.sort if self.school_class else NO_CLASS_SORT

    @property
    def grade(self) -> int | None:
        """Return the grade of the class."""
        return self.school_class.grade if self.school_class else None

    @property
    def phones(self) -> tuple[str, ...]:
        """Return every number by which somebody around the child is reached."""
        return self.situation.phones

    @property
    def spellings(self) -> str:
        """Return what a name is searched in: as written, the former one, and how both may be typed in letters."""
        if self.former_name:
            return f"{self.name} {self.former_name} {self.initials}".lower()
        return f"{self.name} {self.initials}".lower()

    @property
    def places(self) -> str:
        """Return what a place is searched in."""
        return f"{self.village} {self.address}"


def ledger_rows(
    children: Iterable[ChildFacts], supporters: Mapping[str, tuple[str, ...]] | None = None
) -> list[LedgerRow]:
    """Return one row per child in the order given; ``supporters`` names, by child uuid, who looks after it."""
    named = supporters or {}
    return [ledger_row(child, named.get(child.uuid, ())) for child in children]


def ledger_row(facts: ChildFacts, supporters: tuple[str, ...] = ()) -> LedgerRow:
    """Return the row of one child."""
    residence, registration, exited = facts.residence, facts.registration, facts.exited
    status, certain, words = ledger_status(
        None if registration is None else registration.certain,
        waits=not facts.on_ledger,
        exit_words=None if exited is None else exit_words(exited.valid_to, exited.end_reason),
    )
    return LedgerRow(
        day=facts.day,
        uuid=facts.uuid,
        name=facts.name,
        former_name=facts.former_name,
        pinyin=facts.pinyin,
        initials=facts.initials,
        sex=facts.sex,
        birth_date=facts.birth_date,
        id_number=facts.id_number,
        student_registry_no=facts.student_registry_no,
        student_no=facts.student_no,
        ethnicity=ethnic_name(facts.ethnicity),
        note=facts.note or "",
        school_class=facts.school_class or (facts.left_class.school_class if facts.left_class else None),
        village=village_words(facts),
        address=(residence.address or "") if residence else "",
        status=status,
        status_certain=certain,
        registered_from=registration.valid_from if registration else None,
        exited_on=exited.valid_to if exited else None,
        exit_words=words,
        situation=situation(facts),
        supporters=supporters,
    )


def ledger_status(
    registered: bool | None, *, waits: bool, exit_words: str | None
) -> tuple[LedgerStatus, bool, str]:
    """Return where a child stands, whether that is certain, and how it left.

    ``registered`` is whether its registration surely holds, None without one that may; ``waits`` that its class is only
    waiting for 确认毕业; ``exit_words`` how the last registration ended, None when there was none.
    """
    if registered is not None:
        if waits:
            return LedgerStatus.EXITED, True, AWAITING_WORDS
        return LedgerStatus.REGISTERED, registered, ""
    if exit_words is None:
        return LedgerStatus.NEVER, True, ""
    return LedgerStatus.EXITED, True, exit_words


def exit_words(ended_on: str | None, reason: RegistrationEnd | None) -> str:
    """Return when a child left the ledger and why: 2026-07-01 转出."""
    return f"{ended_on or ''} {reason.label if reason else ''}".strip()


def village_words(facts: ChildFacts) -> str:
    """Return 村组 of where the child lives: 青石坪村 4 组."""
    residence = facts.residence
    return "" if residence is None else village_group_words(residence.village, residence.village_group)


def village_group_words(village: str | None, group: str | None) -> str:
    """Return a village and its group in one: 青石坪村 4 组."""
    return " ".join(part for part in (village, group) if part)
