"""What each office's counting rule (口径, domain.md §1.1) makes of a child's facts, and why.

The rules disagree on purpose; the ledger shows them side by side and a report chooses one. A value that the facts do
not settle is None and pending (待确认); ``why`` says what is missing.
"""

from datetime import date

from msgspec import Struct

from app.children.codes import (
    CareBucket,
    CareKind,
    Category,
    HouseholdKind,
    ParentsCode,
    ReportedLabel,
    SchoolingStatus,
    XuejiCode,
)
from app.children.facts import ChildFacts
from app.children.rules import (
    Derived,
    Family,
    Parent,
    ParentsStatus,
    age,
    family_of,
    how_many_out,
    join,
    no_living_parent,
    nobody_to_raise,
    out_for,
    parent_words,
    parents_status,
    step_parent_words,
    younger_than,
)
from app.school.codes import ParentsOut, RuleCode
from app.school.counting_rules import DEFAULT_RULES, CountingRule

# The documents' own numbers; only the local rule is the school's to change.
XUEJI_MONTHS = DEFAULT_RULES[RuleCode.XUEJI].months
EDU_STAT_MONTHS = DEFAULT_RULES[RuleCode.EDU_STAT].months
MZ_UNDER_AGE = DEFAULT_RULES[RuleCode.MZ2016].under_age or 0

_NOBODY_HOME = "家中没有父母，按双亲留守计，请确认"
_RELATIVES = (CareKind.RELATIVES, CareKind.SIBLINGS, CareKind.FRIENDS)
_BUCKETS = {
    CareKind.GRANDPARENTS: CareBucket.GRANDPARENTS,
    CareKind.ONE_PARENT: CareBucket.ONE_PARENT,
    CareKind.ONE_PARENT_WITHOUT_CAPACITY: CareBucket.ONE_PARENT_WITHOUT_CAPACITY,
    CareKind.UNGUARDED: CareBucket.UNGUARDED,
    **dict.fromkeys(_RELATIVES, CareBucket.RELATIVES),
}
_IN_COMPULSORY = (SchoolingStatus.PRIMARY, SchoolingStatus.JUNIOR)


class Standing(Struct, frozen=True):
    """What every 口径 says about one child on one day, side by side (留守认定)."""

    parents: ParentsStatus
    xueji: Derived[XuejiCode]
    mz2016: Derived[bool]
    edu_stat: Derived[bool]
    local: Derived[bool] | None


def standing(
    facts: ChildFacts, *, resident_is_rural: bool | None = None, local: CountingRule | None = None
) -> Standing:
    """Return what every 口径 says; ``local`` is the school's own rule if it has one.

    ``resident_is_rural`` is the school's setting for 居民户口 without a known committee (domain.md §3.6).
    """
    family = family_of(facts)
    rural = _rural(facts, resident_is_rural=resident_is_rural)
    return Standing(
        parents=family.status,
        xueji=_xueji(family),
        mz2016=_mz2016(family, rural),
        edu_stat=_edu_stat(family, rural),
        local=_local(family, local) if local else None,
    )


def xueji_code(facts: ChildFacts) -> Derived[XuejiCode]:
    """Return item 37 of the 学籍 system: 2 both living parents out ≥ 3 months, 1 exactly one, else 0.

    With one parent dead or missing and the only other out, nobody is at home: 2, to be confirmed (domain.md §1.3).
    With nobody alive to be out the child is not 留守, and the reason points to 孤儿 / 事实无人抚养.
    """
    return _xueji(family_of(facts))


def mz_flag(facts: ChildFacts, *, resident_is_rural: bool | None = None) -> Derived[bool]:
    """Tell whether the child counts under 国发〔2016〕13号.

    Rural household, under 16 on the day, and both parents out, or one out and the other without 监护能力 (dead,
    missing and held count as without, domain.md §1.3). A definite no decides; else it is 待定 while an input is
    未采集.
    """
    return _mz2016(family_of(facts), _rural(facts, resident_is_rural=resident_is_rural))


def edu_stat(facts: ChildFacts, *, resident_is_rural: bool | None = None) -> Derived[bool]:
    """Tell whether the child counts for 教育事业统计: a farmer's child in compulsory schooling, left with one parent
    or relatives while at least one parent is out for three months running.

    That the child stays at the registered home place is taken for granted: it goes to this school.
    """
    return _edu_stat(family_of(facts), _rural(facts, resident_is_rural=resident_is_rural))


def local_rule(facts: ChildFacts, rule: CountingRule) -> Derived[bool]:
    """Tell whether the child counts under the school's own rule: how many parents out, months, ages, orphans."""
    return _local(family_of(facts), rule)


def care_bucket(facts: ChildFacts) -> CareBucket:
    """Return 实际监护 as the offices count it, derived from who looks after the child (domain.md §2)."""
    care = facts.care
    if care is None or not care.certain:
        return CareBucket.NOT_COLLECTED
    bucket = _BUCKETS.get(care.kind, CareBucket.OTHER)
    if bucket is CareBucket.ONE_PARENT and care.person is not None and care.person.capable is False:
        return CareBucket.ONE_PARENT_WITHOUT_CAPACITY
    return bucket


def summary_words(facts: ChildFacts) -> str:
    """Return the one line under 留守认定: parents, household, age, who looks after the child."""
    years = age(facts)
    household = facts.household.kind.label if facts.household and facts.household.kind else "户口性质未采集"
    if facts.care is None:
        care = "照护人未采集"
    elif facts.care.kind is CareKind.UNGUARDED:
        care = "无人监护"
    else:
        who = facts.care.person.relation_words if facts.care.person else ""
        care = f"由{who or facts.care.kind.label}照护"
    return join(
        (
            parents_status(facts).why,
            household,
            f"{years} 岁" if years is not None else "年龄待确认",
            care,
        )
    )


# ---- the rules over one family ---------------------------------------------------------------------------------------


def _xueji(family: Family) -> Derived[XuejiCode]:
    living = [parent for parent in family.parents if parent.gone is not True]
    if not living:
        return Derived(XuejiCode.NOT, False, join((_states(family.parents), nobody_to_raise(family))))
    least, most = how_many_out(family, XUEJI_MONTHS)
    why = join((_long_words(family, XUEJI_MONTHS), step_parent_words(family.facts), nobody_to_raise(family)))
    if least != most:
        return Derived(None, True, why)
    if least and len(living) == 1:
        return Derived(XuejiCode.BOTH, True, f"{why}，{_NOBODY_HOME}")
    return Derived((XuejiCode.NOT, XuejiCode.ONE, XuejiCode.BOTH)[least], False, why)


def _mz2016(family: Family, rural: Derived[bool]) -> Derived[bool]:
    return _all_of(_parents_cannot(family), rural, _under(family.facts, MZ_UNDER_AGE))


def _edu_stat(family: Family, rural: Derived[bool]) -> Derived[bool]:
    return _all_of(_enough_out(family, EDU_STAT_MONTHS, 1), rural, _in_compulsory_schooling(family.facts))


def _local(family: Family, rule: CountingRule) -> Derived[bool]:
    ages = _ages(family.facts, rule)
    if rule.orphans_in and (family.facts.has(Category.ORPHAN) or no_living_parent(family)):
        return _all_of(Derived(True, False, "孤儿，本地口径计入"), ages)
    if rule.parents_out is ParentsOut.BOTH:
        return _all_of(_both_out(family, rule.months), ages)
    return _all_of(_enough_out(family, rule.months, 1), ages)


# ---- conditions ----------------------------------------------------------------------------------------------------


def _all_of(*conditions: Derived[bool]) -> Derived[bool]:
    """Return the three-valued AND: a definite no decides and gives its own reasons."""
    against = [condition for condition in conditions if condition.value is False]
    if against:
        return Derived(False, any(c.pending for c in against), join(c.why for c in against))
    open_ones = [condition for condition in conditions if condition.value is None]
    if open_ones:
        return Derived(None, True, join(c.why for c in open_ones))
    return Derived(True, any(c.pending for c in conditions), join(c.why for c in conditions))


def _parents_cannot(family: Family) -> Derived[bool]:
    """Both out, or one out and the other without capacity."""
    status, parents = family.status, family.parents
    if status.as_reported:
        return _parents_cannot_by_label(family)
    if status.code is ParentsCode.NONE:
        return Derived(False, False, join((status.why, nobody_to_raise(family))))
    if status.code is ParentsCode.BOTH:
        return Derived(True, False, status.why)
    if status.code is ParentsCode.NOT_COLLECTED:
        return Derived(None, True, status.why)
    other = parents[0] if parents[1].out else parents[1]
    capable, reason = _capable(other, family.facts)
    if capable is None:
        return Derived(None, True, f"{status.why}，{other.word}监护能力未采集")
    return Derived(not capable, False, join((status.why, reason)))


def _parents_cannot_by_label(family: Family) -> Derived[bool]:
    status, facts = family.status, family.facts
    label = facts.reported.label if facts.reported else None
    if status.code is ParentsCode.NONE:
        return Derived(False, False, status.why)
    if status.code is ParentsCode.BOTH or label is ReportedLabel.ONE_OUT_OTHER_INCAPABLE:
        return Derived(True, False, status.why)
    if any(parent.gone or parent.held for parent in family.parents):
        return Derived(True, False, status.why)
    if care_bucket(facts) is CareBucket.ONE_PARENT_WITHOUT_CAPACITY:
        return Derived(
            True, False, f"{status.why}，照护情况记为{CareBucket.ONE_PARENT_WITHOUT_CAPACITY.label}"
        )
    return Derived(None, True, f"{status.why}，另一方监护能力未采集")


def _capable(parent: Parent, facts: ChildFacts) -> tuple[bool | None, str]:
    """Return whether the parent at home can look after the child, and the words for it.

    Where nobody recorded the capacity itself, who really looks after the child speaks for it.
    """
    if parent.gone or parent.held:
        return False, ""
    if parent.capable is not None:
        reason = parent.person.capacity.reason if parent.person and parent.person.capacity else None
        words = "有监护能力" if parent.capable else "无监护能力"
        return parent.capable, f"{parent.word}{words}" + (f"（{reason}）" if reason else "")
    bucket = care_bucket(facts)
    if bucket is CareBucket.ONE_PARENT_WITHOUT_CAPACITY:
        return False, f"照护情况记为{bucket.label}"
    if bucket is CareBucket.ONE_PARENT:
        return True, f"由在家的{parent.word}照护"
    return None, ""


def _rural(facts: ChildFacts, *, resident_is_rural: bool | None) -> Derived[bool]:
    """农村户籍. 居民户口 is rural when registered under a 村委会; the school may decide for all it does not know."""
    household = facts.household
    if household is None or household.kind is None:
        return Derived(None, True, "户口性质未采集")
    if not household.certain:
        return Derived(None, True, "户口性质的起止日期不够细，待确认")
    if household.kind is HouseholdKind.AGRICULTURAL:
        return Derived(True, False, "农业户口")
    if household.kind is HouseholdKind.NON_AGRICULTURAL:
        return Derived(False, False, "非农业户口")
    if household.kind is HouseholdKind.NONE:
        return Derived(None, True, "无户口，是否农村户籍待确认")
    if household.village_committee is not None:
        where = "村委会" if household.village_committee else "居委会"
        return Derived(household.village_committee, False, f"居民户口，属{where}")
    if resident_is_rural is not None:
        words = "本校设定计为农村" if resident_is_rural else "本校设定不计为农村"
        return Derived(resident_is_rural, False, f"居民户口，{words}")
    return Derived(None, True, "居民户口，是否属村委会未采集")


def _under(facts: ChildFacts, years: int) -> Derived[bool]:
    younger = younger_than(facts, years)
    if younger is None:
        words = "出生日期未采集" if facts.birth_date is None else f"出生日期不够细，是否满 {years} 周岁待确认"
        return Derived(None, True, words)
    current = age(facts)
    words = f"{current} 岁" if current is not None else f"不满 {years} 周岁"
    return Derived(younger, False, words if younger else f"已满 {years} 周岁")


def _ages(facts: ChildFacts, rule: CountingRule) -> Derived[bool]:
    conditions = []
    if rule.under_age is not None:
        conditions.append(_under(facts, rule.under_age))
    if rule.from_age is not None:
        younger = _under(facts, rule.from_age)
        reached = None if younger.value is None else not younger.value
        words = younger.why if reached is not False else f"不满 {rule.from_age} 周岁"
        conditions.append(Derived(reached, younger.pending, words))
    return _all_of(*conditions)


def _in_compulsory_schooling(facts: ChildFacts) -> Derived[bool]:
    if facts.school_class is not None and facts.enrolment is not None and facts.enrolment.certain:
        return Derived(True, False, f"在校（{facts.school_class.name}）")
    if facts.schooling is None or not facts.schooling.certain:
        return Derived(None, True, "就学情况未采集")
    return Derived(
        facts.schooling.status in _IN_COMPULSORY, False, f"就学情况为{facts.schooling.status.label}"
    )


def _both_out(family: Family, months: int) -> Derived[bool]:
    """Both living parents out; with one dead or missing the other's being out leaves nobody at home: to confirm."""
    living = sum(parent.gone is not True for parent in family.parents)
    if living != 1:
        return _enough_out(family, months, 2)
    alone = _enough_out(family, months, 1)
    return Derived(True, True, f"{alone.why}，{_NOBODY_HOME}") if alone.value else alone


def _enough_out(family: Family, months: int, needed: int) -> Derived[bool]:
    least, most = how_many_out(family, months)
    words = _long_words(family, months)
    if least >= needed:
        return Derived(True, False, words)
    if most >= needed:
        return Derived(None, True, words)
    return Derived(False, False, join((words, nobody_to_raise(family))))


def _states(parents: tuple[Parent, Parent]) -> str:
    return join(parent_words(parent) for parent in parents)


def _long_words(family: Family, months: int) -> str:
    """Return how long each parent has been out, as the reason of a rule that asks for ``months``."""
    if family.status.as_reported:
        return family.status.why
    parents, day = family.parents, family.facts.day
    if months and all(out_for(parent, months, day) for parent in parents):
        since = {parent.person.away.since for parent in parents if parent.person and parent.person.away}
        if len(since) == 1:
            start = since.pop()
            return f"父亲、母亲都外出务工满 {months} 个月" + (
                f"（自 {start}）" if start else "（何时起未采集）"
            )
    return join(_one_long(parent, day, months) for parent in parents)


def _one_long(parent: Parent, day: date, months: int) -> str:
    words = parent_words(parent)
    if not parent.out or not months:
        return words
    away = parent.person.away if parent.person else None
    if away is None or away.since is None:
        return f"{words}（何时起未采集）"
    long_enough = out_for(parent, months, day)
    if long_enough is None:
        return f"{words}，是否满 {months} 个月待确认"
    return f"{words}，{'已满' if long_enough else '不满'} {months} 个月"
