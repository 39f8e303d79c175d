"""What is read about pairing: supporters, pairs, who has nobody, the school's rule. Values only, no file behind them."""

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum

from msgspec import Struct, field

from app.children.codes import Sex
from app.pairing.codes import CheckResult, ClassTeacherRule, Identity, PairingEnd, PairingKind, Wish

ADULT_KINDS = (PairingKind.MENTOR, PairingKind.SUPPORT_TEACHER, PairingKind.PROXY_PARENT)
"""The kinds in which a grown-up looks after the child; a 学习帮手 is a pupil and replaces none of them."""
STAFF_KINDS = (PairingKind.MENTOR, PairingKind.SUPPORT_TEACHER)
"""The kinds for which a suggestion offers the school's own staff only."""


class CheckState(StrEnum):
    """Where a supporter stands with the 从业查询 (未成年人保护法 62)."""

    VALID = "valid"
    EXPIRED = "expired"
    MISSING = "missing"
    FOUND = "found"

    @property
    def words(self) -> str:
        """Return what screens and papers say."""
        return _CHECK_WORDS[self]


_CHECK_WORDS = {
    CheckState.VALID: "已查询",
    CheckState.EXPIRED: "查询已过期",
    CheckState.MISSING: "没有查询记录",
    CheckState.FOUND: "查到记录，不能结对",
}


class CheckFacts(Struct, frozen=True):
    """One 从业查询; ``until`` is the first day on which it has to be made anew."""

    uuid: str
    checked_on: str
    result: CheckResult
    office: str | None
    kept_at: str | None
    until: str


class SupporterFacts(Struct, frozen=True, kw_only=True):
    """Somebody who may look after children, as they stand on one day.

    ``key`` names them in every service: the supporter's uuid, or the staff member's while nobody has made a
    supporter of them (``uuid`` is then ""). ``leads`` is the class they are head teacher of. ``loads`` count the
    children on the ledger by kind, ``children`` the different ones of the adult kinds. ``check_until`` is the first
    day on which the 从业查询 is no longer valid. ``own_limit`` 0 = excused, None = the school's rule holds.
    """

    key: str
    uuid: str
    staff_uuid: str
    name: str
    identity: Identity
    sex: Sex | None = None
    phone: str | None = None
    duty: str | None = None
    subject: str | None = None
    organisation: str | None = None
    leads: str = ""
    left_on: str | None = None
    present: bool = True
    note: str | None = None
    check: CheckState = CheckState.MISSING
    checked_on: str | None = None
    check_until: str | None = None
    own_limit: int | None = None
    limit_reason: str | None = None
    loads: Mapping[PairingKind, int] = field(default_factory=dict)
    children: int = 0
    unchecked_pairs: int = 0

    @property
    def words(self) -> str:
        """Return the line under the name: 数学，三（1）班班主任; for people from outside unit and post."""
        if self.identity is Identity.STAFF:
            leads = f"{self.leads}班主任" if self.leads else ""
            return "，".join(word for word in (self.subject, leads or self.duty) if word)
        post = " ".join(word for word in (self.organisation, self.duty) if word)
        return (
            post if self.duty or self.identity is Identity.OTHER else f"{post} {self.identity.label}".strip()
        )

    @property
    def needs_reason(self) -> bool:
        """Tell whether pairing them asks for a recorded reason: no valid 从业查询."""
        return self.check in {CheckState.EXPIRED, CheckState.MISSING}


class PairFacts(Struct, frozen=True, kw_only=True):
    """Somebody looks after a child. ``key`` is "" and ``buddy_uuid`` set where it is a pupil.

    ``on_ledger`` is whether the child is on the ledger on the day asked for, ``supporter_present`` whether the
    supporter still is one.
    """

    uuid: str
    kind: PairingKind
    child_uuid: str
    child: str
    child_sex: Sex | None = None
    class_name: str = ""
    class_sort: int = 0
    key: str
    supporter: str
    identity: Identity | None = None
    buddy_uuid: str = ""
    buddy_class: str = ""
    valid_from: str | None = None
    valid_to: str | None = None
    focus: str | None = None
    agreed_on: str | None = None
    kept_at: str | None = None
    unchecked_reason: str | None = None
    end_reason: PairingEnd | None = None
    end_note: str | None = None
    on_ledger: bool = True
    supporter_present: bool = True

    @property
    def open(self) -> bool:
        """Tell whether nobody has ended the pair."""
        return self.valid_to is None

    @property
    def covers(self) -> bool:
        """Tell whether the child is looked after by it: not when the supporter has gone."""
        return self.supporter_present


class UnpairedChild(Struct, frozen=True, kw_only=True):
    """A child on the ledger whom nobody looks after. ``pair_uuid`` is the open pair with somebody who has gone."""

    uuid: str
    name: str
    sex: Sex | None
    class_name: str
    class_sort: int
    since: str | None
    days: int | None
    why: str
    gone: str = ""
    pair_uuid: str = ""


class SeveralOfAKind(Struct, frozen=True):
    """多帮一: two or more of one kind look after the same child."""

    child_uuid: str
    child: str
    class_name: str
    kind: PairingKind
    pairs: tuple[PairFacts, ...]


class Buddy(Struct, frozen=True):
    """A pupil who helps others (学习帮手), and how many."""

    uuid: str
    name: str
    class_name: str
    children: int


class PairingSummary(Struct, frozen=True):
    """The head line of the page: children on the ledger, how many have a grown-up, what asks to be looked at."""

    children: int
    paired: int
    several: int
    stale: int
    unchecked: int

    @property
    def unpaired(self) -> int:
        """Return how many children have nobody."""
        return self.children - self.paired


class PairingOverview(Struct, frozen=True, kw_only=True):
    """Everything the page shows of one day; of ``supporters`` those who have left come last."""

    summary: PairingSummary
    pairs: tuple[PairFacts, ...]
    supporters: tuple[SupporterFacts, ...]
    unpaired: tuple[UnpairedChild, ...]
    several: tuple[SeveralOfAKind, ...]
    buddies: tuple[Buddy, ...]


class PairingRule(Struct, frozen=True, kw_only=True):
    """How the school pairs in one kind: children per supporter, and what it must keep to or wishes.

    ``shipped`` while the school has written nothing of its own.
    """

    kind: PairingKind
    least: int = 0
    most: int = 5
    class_teacher: ClassTeacherRule = ClassTeacherRule.WISH
    siblings: Wish = Wish.MUST
    woman_for_girls: Wish = Wish.WISH
    valid_from: str | None = None
    uuid: str = ""
    shipped: bool = True

    @property
    def words(self) -> str:
        """Return the rule in one line: 每人最多 5 名；兄弟姐妹必须由同一人带；女生尽量由女性带."""
        least = f"最少 {self.least} 名、" if self.least else ""
        parts = [f"每人{least}最多 {self.most} 名"]
        if self.class_teacher is not ClassTeacherRule.NO:
            parts.append(self.class_teacher.label)
        if self.siblings is not Wish.NO:
            parts.append(f"兄弟姐妹{self.siblings.label}由同一人带")
        if self.woman_for_girls is not Wish.NO:
            parts.append(f"女生{self.woman_for_girls.label}由女性带")
        return "；".join(parts)


def check_until(checked_on: str, renewal_days: int) -> str:
    """Return the first day on which a check of that day is no longer valid."""
    return (date.fromisoformat(checked_on) + timedelta(days=renewal_days)).isoformat()


def check_state(newest: CheckFacts | None, on: date) -> CheckState:
    """Return where somebody stands whose newest check is ``newest``; one made after ``on`` counts all the same."""
    if newest is None:
        return CheckState.MISSING
    if newest.result is CheckResult.FOUND:
        return CheckState.FOUND
    return CheckState.VALID if on.isoformat() < newest.until else CheckState.EXPIRED
