"""The 口径 as data: who is to be counted as left-behind, one rule per office (domain.md §1.1)."""

from collections.abc import Mapping

from msgspec import Struct

from app.school.codes import ParentsOut, RuleCode


class CountingRule(Struct, frozen=True):
    """One 口径.

    ``months`` is how long a parent must have been away, ``under_age`` and ``from_age`` bound the
    age on the day (None = no bound), ``orphans_in`` counts children without a living parent too.
    """

    code: RuleCode
    parents_out: ParentsOut
    months: int
    under_age: int | None = None
    from_age: int | None = None
    orphans_in: bool = False
    note: str | None = None
    uuid: str = ""


# What the documents say; the local rule is a starting point that the school sets to its county's own.
DEFAULT_RULES: Mapping[RuleCode, CountingRule] = {
    RuleCode.MZ2016: CountingRule(RuleCode.MZ2016, ParentsOut.BOTH, months=0, under_age=16),
    RuleCode.XUEJI: CountingRule(RuleCode.XUEJI, ParentsOut.ONE, months=3),
    RuleCode.EDU_STAT: CountingRule(RuleCode.EDU_STAT, ParentsOut.ONE, months=3),
    RuleCode.LOCAL: CountingRule(RuleCode.LOCAL, ParentsOut.BOTH, months=3, under_age=18),
}
