"""The emergency steps of an incident with their times against the school's limits (未成年人保护法 11, 37; domain.md §3.2)."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct, field

from app.core.code import Code
from app.diary.codes import IncidentKind, ReportBody, Severity

MUST_REPORT = frozenset(
    {
        IncidentKind.ABUSE,
        IncidentKind.SEXUAL_HARM,
        IncidentKind.ABANDONED,
        IncidentKind.ALONE,
        IncidentKind.MISSING,
        IncidentKind.SELF_HARM,
    }
)
"""Kinds for which 强制报告 is ticked at first; bullying when it is grave (未成年人保护法 39). She decides."""
BY_THE_FAMILY = frozenset({IncidentKind.ABUSE, IncidentKind.SEXUAL_HARM})
"""Kinds of which the one who did it may well live in the family. The authorities come first, and only a guardian beyond
suspicion is told: nobody is warned, and no minutes press to it (关于建立侵害未成年人案件强制报告制度的意见（试行）, 2020).
"""
AUTHORITIES = frozenset({ReportBody.POLICE, ReportBody.CIVIL_AFFAIRS, ReportBody.EDUCATION})
"""Who is to be told by 强制报告 (未成年人保护法 11)."""
MANDATORY = "强制报告（公安、民政或教育）"
"""The step of 强制报告. It has no minutes, since it is to be done at once: while it is open nothing is worse."""
_OFFICES = frozenset({ReportBody.EDUCATION, ReportBody.GOVERNMENT})


class StepState(Code):
    """How a step stands."""

    DONE = "done", "按时"
    LATE = "late", "超时"
    OPEN = "open", "还没有"
    OVERDUE = "overdue", "超时还没有"
    UNTOLD = "untold", "不宜告知"


class ReportFacts(Struct, frozen=True, kw_only=True):
    """One report of an incident: when, to whom, by whom, with what receipt."""

    uuid: str
    reported_at: str
    body: ReportBody
    recipient: str | None = None
    reporter: str = ""
    receipt_no: str | None = None


class IncidentFacts(Struct, frozen=True, kw_only=True):
    """One incident. Moments are YYYY-MM-DDTHH:MM; ``…_untold`` is why they are better not told, which closes the step."""

    uuid: str
    number: str
    child_uuid: str
    child_name: str
    class_name: str
    kind: IncidentKind
    found_at: str
    entered_on: str
    late_days: int = 0
    severity: Severity | None = None
    found_by: str | None = None
    place: str | None = None
    course: str | None = None
    rescued_at: str | None = None
    rescue: str | None = None
    carer_told_at: str | None = None
    parents_told_at: str | None = None
    carer_untold: str | None = None
    parents_untold: str | None = None
    must_report: bool | None = None
    outcome: str | None = None
    closed_on: str | None = None
    reports: Sequence[ReportFacts] = field(default=())


class StepLimits(Struct, frozen=True):
    """Within how many minutes of finding each is to be told."""

    carer: int
    parents: int
    office: int


class EmergencyStep(Struct, frozen=True):
    """One step: done at what moment (None = not yet), how many minutes after finding, within how many (None = at once).

    ``why`` is why it is not done and better so (不宜告知).
    """

    name: str
    at: str | None
    minutes: int | None
    limit: int | None
    state: StepState
    why: str = ""

    @property
    def words(self) -> str:
        """Return it in words: 25 分钟（限 30）, 还没有, 不宜告知：…."""
        if self.why:
            return f"{self.state.label}：{self.why}"
        within = "" if self.limit is None else f"（限 {self.limit} 分钟）"
        if self.minutes is None:
            return f"{self.state.label}{within}"
        return f"{self.minutes} 分钟{within}{'，超时' if self.state is StepState.LATE else ''}"


def reports_at_first(kind: IncidentKind, severity: Severity | None) -> bool:
    """Tell whether 强制报告 is ticked at first."""
    grave = severity in (Severity.SERIOUS, Severity.CRITICAL)
    return kind in MUST_REPORT or (kind is IncidentKind.BULLYING and grave)


def steps(facts: IncidentFacts, limits: StepLimits, now: str) -> tuple[EmergencyStep, ...]:
    """Return the steps in their order; 强制报告 only where it is due, and at once, so without a number of minutes.

    Where the one who did it may be of the family (``BY_THE_FAMILY``) it comes before anybody is told.
    """
    office = _step("上报教育办或政府", _first(facts.reports, _OFFICES), limits.office, facts, now)
    rescue = _step("救助", facts.rescued_at, None, facts, now)
    first = _step(MANDATORY, _first(facts.reports, AUTHORITIES), None, facts, now)
    report = (first,) if facts.must_report else ()
    guarded = facts.kind in BY_THE_FAMILY
    whom = "没有嫌疑的" if guarded else ""
    told = (
        _told(f"告知{whom}监护人", facts.carer_told_at, facts.carer_untold, limits.carer, facts, now),
        _told(f"告知{whom}父母", facts.parents_told_at, facts.parents_untold, limits.parents, facts, now),
    )
    return (rescue, *report, *told, office) if guarded else (rescue, *told, office, *report)


def _told(
    name: str, at: str | None, why: str | None, limit: int, facts: IncidentFacts, now: str
) -> EmergencyStep:
    """Return the step of telling somebody: 不宜告知 closes it, and among the family of a suspect no minutes press."""
    if at is None and why:
        return EmergencyStep(name, None, None, None, StepState.UNTOLD, why)
    return _step(name, at, None if facts.kind in BY_THE_FAMILY else limit, facts, now)


def _first(reports: Sequence[ReportFacts], bodies: frozenset[ReportBody]) -> str | None:
    return min((report.reported_at for report in reports if report.body in bodies), default=None)


def _step(name: str, at: str | None, limit: int | None, facts: IncidentFacts, now: str) -> EmergencyStep:
    passed = _minutes(facts.found_at, at or now)
    is_late = limit is not None and passed > limit
    if at is None:
        return EmergencyStep(name, None, None, limit, StepState.OVERDUE if is_late else StepState.OPEN)
    return EmergencyStep(name, at, passed, limit, StepState.LATE if is_late else StepState.DONE)


def _minutes(earlier: str, later: str) -> int:
    return round((datetime.fromisoformat(later) - datetime.fromisoformat(earlier)).total_seconds() / 60)
