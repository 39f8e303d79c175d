"""Counting. Every split foots to the children of the ledger; counts are never adjusted, shares never stored."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import TypeVar

from msgspec import Struct

from app.children.codes import CareBucket, Category, ParentsCode, Sex, XuejiCode
from app.children.derive import Standing, care_bucket, standing
from app.children.facts import ChildFacts
from app.school.codes import RuleCode
from app.school.counting_rules import CountingRule
from app.school.rules import ClassFacts
from app.statistics.call_count import CallCount

NO_CLASS = "不在班"
C = TypeVar("C", bound=StrEnum)


class PupilsSource(StrEnum):
    """Where the number of pupils comes from."""

    HEAD_COUNTS = "head_counts"  # of the term in force, every class
    KNOWN = "known"  # no head counts: the enrolled children the school knows
    MIXED = "mixed"  # head counts where there are some


class Sexes(Struct, frozen=True):
    """A number of people and its split by sex, which always foots."""

    boys: int = 0
    girls: int = 0
    not_collected: int = 0

    @property
    def total(self) -> int:
        """Return everybody."""
        return self.boys + self.girls + self.not_collected

    def __add__(self, other: "Sexes") -> "Sexes":
        return Sexes(
            self.boys + other.boys, self.girls + other.girls, self.not_collected + other.not_collected
        )


class ClassCount(Struct, frozen=True):
    """One class (None = the children in no class): its pupils, its children of the ledger, and who of their parents is away."""

    school_class: ClassFacts | None
    pupils: Sexes
    children: Sexes
    parents: Mapping[ParentsCode, int]

    @property
    def key(self) -> str | None:
        """Return the key of the class."""
        return self.school_class.key if self.school_class else None

    @property
    def name(self) -> str:
        """Return what the class is called that day."""
        return self.school_class.name if self.school_class else NO_CLASS


class RuleCount(Struct, frozen=True):
    """What one 口径 makes of the ledger, beside whom the ledger holds.

    ``counts`` foots to the children of the ledger; its keys are yes, no and pending, for the
    学籍 system 2, 1, 0 and pending. ``to_confirm`` are those who are counted by a default that
    somebody should confirm; they are in ``counts`` too. The lists hold UUIDs.
    """

    rule: CountingRule
    counts: Mapping[str, int]
    to_confirm: int
    registered_not_derived: tuple[str, ...]
    derived_not_registered: tuple[str, ...]


class Statistics(Struct, frozen=True):
    """Everything counted for one day. ``children`` is the ledger: the open left_behind registrations of that day.

    ``calls`` is None while only facts of children were counted.
    """

    as_of: date
    term: str
    pupils: Sexes
    pupils_source: PupilsSource
    children: Sexes
    parents: Mapping[ParentsCode, int]
    care: Mapping[CareBucket, int]
    categories: Mapping[Category, int]
    rules: Mapping[RuleCode, RuleCount]
    by_class: tuple[ClassCount, ...]
    awaiting_graduation: int
    calls: CallCount | None = None


class SchoolSide(Struct, frozen=True):
    """What the school itself contributes to the counting."""

    as_of: date
    term: str
    classes: Sequence[ClassFacts]
    head_counts: Mapping[int, Sexes]
    rules: Mapping[RuleCode, CountingRule]
    resident_is_rural: bool | None


def count(everybody: Iterable[ChildFacts], school: SchoolSide) -> Statistics:
    """Count ``everybody`` the school knows; who is not on the ledger counts only as a pupil and beside the 口径."""
    known = list(everybody)
    ledger = [child for child in known if child.on_ledger]
    standings = {
        child.uuid: standing(
            child, resident_is_rural=school.resident_is_rural, local=school.rules[RuleCode.LOCAL]
        )
        for child in known
        if child.on_ledger or _is_pupil(child)
    }
    by_class = _by_class(known, ledger, standings, school)
    return Statistics(
        as_of=school.as_of,
        term=school.term,
        pupils=sum((row.pupils for row in by_class), Sexes()),
        pupils_source=_source(school),
        children=sexes(ledger),
        parents=_parents(ledger, standings),
        care=_counted(CareBucket, (care_bucket(child) for child in ledger)),
        categories=_counted(
            Category,
            (category for child in ledger for category in {flag.category for flag in child.categories}),
        ),
        rules={
            code: _rule_count(code, rule, known, standings) for code, rule in sorted(school.rules.items())
        },
        by_class=by_class,
        awaiting_graduation=sum(child.registration is not None and not child.on_ledger for child in known),
    )


def sexes(children: Iterable[ChildFacts]) -> Sexes:
    """Return how many boys and girls there are, and of how many the sex is 未采集."""
    found = Counter(child.sex for child in children)
    return Sexes(found[Sex.MALE], found[Sex.FEMALE], found[None])


def share(part: int, whole: int, places: int = 1) -> str:
    """Return ``part`` of ``whole`` in per cent, rounded half up to ``places`` (66.7%); "—" of nothing."""
    if whole == 0:
        return "—"
    exact = Decimal(part * 100) / Decimal(whole)
    return f"{exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)}%"


def _is_pupil(child: ChildFacts) -> bool:
    return child.school_class is not None and child.school_class.counts


def _by_class(
    known: Sequence[ChildFacts],
    ledger: Sequence[ChildFacts],
    standings: Mapping[str, Standing],
    school: SchoolSide,
) -> tuple[ClassCount, ...]:
    pupils: dict[int, list[ChildFacts]] = {}
    ours: dict[int | None, list[ChildFacts]] = {}
    for child in known:
        if child.school_class is not None and child.school_class.counts:
            pupils.setdefault(child.school_class.id, []).append(child)
    for child in ledger:
        in_class = child.school_class if _is_pupil(child) else None
        ours.setdefault(in_class.id if in_class else None, []).append(child)
    rows = [
        ClassCount(
            cls,
            school.head_counts.get(cls.id) or sexes(pupils.get(cls.id, ())),
            sexes(ours.get(cls.id, ())),
            _parents(ours.get(cls.id, ()), standings),
        )
        for cls in school.classes
    ]
    outside = ours.get(None, [])
    if outside:
        rows.append(ClassCount(None, Sexes(), sexes(outside), _parents(outside, standings)))
    return tuple(rows)


def _parents(children: Iterable[ChildFacts], standings: Mapping[str, Standing]) -> Mapping[ParentsCode, int]:
    return _counted(ParentsCode, (standings[child.uuid].parents.code for child in children))


def _source(school: SchoolSide) -> PupilsSource:
    counted = sum(cls.id in school.head_counts for cls in school.classes)
    if counted == 0:
        return PupilsSource.KNOWN
    return PupilsSource.HEAD_COUNTS if counted == len(school.classes) else PupilsSource.MIXED


def _rule_count(
    code: RuleCode, rule: CountingRule, known: Sequence[ChildFacts], standings: Mapping[str, Standing]
) -> RuleCount:
    counts = dict.fromkeys(
        ("2", "1", "0", "pending") if code is RuleCode.XUEJI else ("yes", "no", "pending"), 0
    )
    to_confirm = 0
    not_derived: list[str] = []
    not_registered: list[str] = []
    for child in known:
        if child.uuid not in standings:
            continue
        answer, unsure = _answer(code, standings[child.uuid])
        if child.on_ledger:
            counts[answer] += 1
            to_confirm += unsure and answer != "pending"
            if answer in ("no", "0"):
                not_derived.append(child.uuid)
        elif answer in ("yes", "1", "2"):
            not_registered.append(child.uuid)
    return RuleCount(rule, counts, to_confirm, tuple(not_derived), tuple(not_registered))


def _answer(code: RuleCode, stands: Standing) -> tuple[str, bool]:
    if code is RuleCode.XUEJI:
        value = stands.xueji.value
        return ("pending" if value is None else XuejiCode(value).value), stands.xueji.pending
    derived = {
        RuleCode.MZ2016: stands.mz2016,
        RuleCode.EDU_STAT: stands.edu_stat,
        RuleCode.LOCAL: stands.local,
    }[code]
    if derived is None or derived.value is None:
        return "pending", True
    return ("yes" if derived.value else "no"), derived.pending


def _counted(codes: type[C], found: Iterable[C]) -> Mapping[C, int]:
    counter = Counter(found)
    return {code: counter[code] for code in codes}
