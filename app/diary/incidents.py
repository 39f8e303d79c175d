"""Incidents (突发事件) and 强制报告: written at once, completed step by step; restricted, so actions name the number only."""

from datetime import date

from msgspec import Struct, field

from app.children.identity import tidy_text
from app.children.periods import key_of
from app.children.tables import Child
from app.core.changes import Changes
from app.core.messages import refuse
from app.diary.case_parts import (
    AREAS,
    child_heads,
    naming,
    next_number,
    past_day_or_none,
    past_moment,
    past_moment_or_none,
)
from app.diary.codes import IncidentKind, ReportBody, Severity
from app.diary.incidents_rules import EmergencyStep, IncidentFacts, ReportFacts, steps
from app.diary.late import late_rule
from app.diary.tables import Incident, IncidentReport
from app.diary.unreported import step_limits
from app.storage.action import Action
from app.storage.base import new_uuid
from app.storage.entry_day import entry_day
from app.storage.service import service
from app.storage.store import Store

_STEPS = {"rescued_at": "救助", "carer_told_at": "告知监护人", "parents_told_at": "告知父母"}


class ReportDraft(Struct, frozen=True, kw_only=True):
    """One report as typed."""

    reported_at: str
    body: ReportBody
    reporter: str
    uuid: str = field(default_factory=new_uuid)
    recipient: str | None = None
    receipt_no: str | None = None


class IncidentDraft(Struct, frozen=True, kw_only=True):
    """An incident as typed, whole, its reports too: what is left out is taken away. ``uuid`` is the form's."""

    child_uuid: str
    kind: IncidentKind
    found_at: str
    uuid: str = field(default_factory=new_uuid)
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
    reports: tuple[ReportDraft, ...] = ()


@service
def save_incident(store: Store, *, draft: IncidentDraft, by: str | None = None) -> Changes:
    """Write an incident with its reports, or what was changed in one.

    UserError ``incident.step_early`` for a step before the incident was found, ``incident.report_early`` for such a report,
    ``case.missing`` for a report without a reporter, ``case.future``, ``case.moment``, ``diary.day``, ``child.unknown``;
    ``UserError.field`` is the column, of a report ``reports.0.reported_at``.
    """
    child_id = key_of(store, Child, draft.child_uuid)
    values = _columns(store, draft)
    found_at = str(values["found_at"])
    reports = [_report_columns(store, place, one, found_at) for place, one in enumerate(draft.reports)]
    row = store.one("SELECT id, number FROM incident WHERE uuid = ? AND deleted_at IS NULL", (draft.uuid,))
    number = next_number(store, "incident", draft.found_at) if row is None else str(row[1])
    words = f"记下突发事件 {number}" if row is None else f"改了突发事件 {number}"
    with store.action(words, kind="incident.save", by=by) as action:
        if row is None:
            key = int(
                action.insert(
                    Incident,
                    uuid=draft.uuid,
                    child_id=child_id,
                    number=number,
                    entered_on=entry_day(store),
                    **values,
                )
            )
        else:
            key = int(row[0])
            action.update(Incident, draft.uuid, child_id=child_id, **values)
        _write_reports(store, action, key, child_id, draft.reports, reports)
        return action.changes(AREAS)


@service
def remove_incident(store: Store, *, uuid: str, by: str | None = None) -> Changes:
    """Move an incident with its reports to the recycle bin. UserError ``row.unknown``."""
    key = key_of(store, Incident, uuid)
    row = store.one("SELECT number FROM incident WHERE id = ?", (key,))
    with store.action(f"删了突发事件 {row[0] if row else ''}", kind="incident.remove", by=by) as action:
        for (report,) in store.rows(
            "SELECT uuid FROM incident_report WHERE incident_id = ? AND deleted_at IS NULL", (key,)
        ):
            action.soft_delete(IncidentReport, report)
        action.soft_delete(Incident, uuid)
        return action.changes(AREAS)


def incidents(
    store: Store,
    *,
    child_uuid: str | None = None,
    since: date | None = None,
    until: date | None = None,
    open_only: bool = False,
) -> tuple[IncidentFacts, ...]:
    """Return the incidents, the newest first: found on the days since … until (both in), of one child, not closed yet."""
    where, params = "", list[str]()
    for condition, value in (
        (" AND c.uuid = ?", child_uuid),
        (" AND i.found_at >= ?", since.isoformat() if since else None),
        (" AND i.found_at < ?", f"{until.isoformat()}T99" if until else None),
    ):
        if value is not None:
            where += condition
            params.append(value)
    if open_only:
        where += " AND i.closed_on IS NULL"
    return _read(store, where, tuple(params))


def incident(store: Store, uuid: str) -> IncidentFacts:
    """Return one incident. UserError ``row.unknown``."""
    found = _read(store, " AND i.uuid = ?", (uuid,))
    if not found:
        raise refuse("row.unknown")
    return found[0]


def emergency_steps(store: Store, facts: IncidentFacts) -> tuple[EmergencyStep, ...]:
    """Return the steps of an incident against the limits that were in force on the day it was found."""
    limits = step_limits(store, date.fromisoformat(facts.found_at[:10]))
    return steps(facts, limits, store.clock.now().isoformat(timespec="minutes"))


# ---- inside ---------------------------------------------------------------------------------------------------------


def _read(store: Store, where: str, params: tuple[str, ...]) -> tuple[IncidentFacts, ...]:
    rows = store.rows(
        "SELECT i.id, i.child_id, i.uuid, i.number, i.kind, i.found_at, i.entered_on, i.severity, i.found_by, i.place,"  # noqa: S608
        " i.course, i.rescued_at, i.rescue, i.carer_told_at, i.parents_told_at, i.must_report, i.outcome, i.closed_on,"
        " i.carer_untold, i.parents_untold"
        " FROM incident i JOIN child c ON c.id = i.child_id WHERE i.deleted_at IS NULL AND c.deleted_at IS NULL"
        f"{where} ORDER BY i.found_at DESC, i.id DESC",
        params,
    )
    children = child_heads(store, store.clock.today(), ids={row[1] for row in rows})
    reports = _reports(store)
    late = late_rule(store)
    return tuple(
        IncidentFacts(
            uuid=row[2],
            number=row[3],
            child_uuid=children[row[1]].uuid,
            child_name=children[row[1]].name,
            class_name=children[row[1]].class_name,
            kind=IncidentKind(row[4]),
            found_at=row[5],
            entered_on=row[6],
            late_days=late.days(row[5][:10], row[6]),
            severity=Severity.of(row[7]),
            found_by=row[8],
            place=row[9],
            course=row[10],
            rescued_at=row[11],
            rescue=row[12],
            carer_told_at=row[13],
            parents_told_at=row[14],
            must_report=None if row[15] is None else bool(row[15]),
            outcome=row[16],
            closed_on=row[17],
            carer_untold=row[18],
            parents_untold=row[19],
            reports=reports.get(row[0], ()),
        )
        for row in rows
    )


def _reports(store: Store) -> dict[int, list[ReportFacts]]:
    found: dict[int, list[ReportFacts]] = {}
    for row in store.rows(
        "SELECT incident_id, uuid, reported_at, body, recipient, reporter, receipt_no FROM incident_report"
        " WHERE deleted_at IS NULL ORDER BY reported_at, id"
    ):
        found.setdefault(row[0], []).append(
            ReportFacts(
                uuid=row[1],
                reported_at=row[2],
                body=ReportBody(row[3]),
                recipient=row[4],
                reporter=row[5],
                receipt_no=row[6],
            )
        )
    return found


def _columns(store: Store, draft: IncidentDraft) -> dict[str, object]:
    with naming("found_at"):
        found_at = past_moment(store, draft.found_at)
    moments: dict[str, str | None] = {}
    for column, step in _STEPS.items():
        with naming(column):
            at = moments[column] = past_moment_or_none(store, getattr(draft, column))
            if at is not None and at < found_at:
                raise refuse("incident.step_early", step=step, at=_shown(at), found=_shown(found_at))
    with naming("closed_on"):
        closed_on = past_day_or_none(store, draft.closed_on)
        if closed_on is not None and closed_on < found_at[:10]:
            found_on = found_at[:10]
            raise refuse("case.order", later="了结", later_on=closed_on, earlier="发现", earlier_on=found_on)
    return {
        "kind": draft.kind.value,
        "severity": draft.severity.value if draft.severity else None,
        "found_at": found_at,
        "must_report": None if draft.must_report is None else int(draft.must_report),
        "closed_on": closed_on,
        **moments,
        **{
            name: tidy_text(getattr(draft, name))
            for name in ("found_by", "place", "course", "rescue", "outcome", "carer_untold", "parents_untold")
        },
    }


def _report_columns(store: Store, place: int, report: ReportDraft, found_at: str) -> dict[str, object]:
    with naming(f"reports.{place}.reported_at"):
        at = past_moment(store, report.reported_at)
        if at < found_at:
            raise refuse("incident.report_early", at=_shown(at), found=_shown(found_at))
    reporter = tidy_text(report.reporter)
    if reporter is None:
        with naming(f"reports.{place}.reporter"):
            raise refuse("case.missing", what="报告人")
    return {
        "reported_at": at,
        "body": report.body.value,
        "reporter": reporter,
        "recipient": tidy_text(report.recipient),
        "receipt_no": tidy_text(report.receipt_no),
    }


def _write_reports(
    store: Store,
    action: Action,
    incident_id: int,
    child_id: int,
    drafts: tuple[ReportDraft, ...],
    columns: list[dict[str, object]],
) -> None:
    rows = store.rows(
        "SELECT uuid FROM incident_report WHERE incident_id = ? AND deleted_at IS NULL", (incident_id,)
    )
    there = {str(uuid) for (uuid,) in rows}
    for draft, values in zip(drafts, columns, strict=True):
        if draft.uuid in there:
            action.update(IncidentReport, draft.uuid, child_id=child_id, **values)
        else:
            action.insert(
                IncidentReport, uuid=draft.uuid, child_id=child_id, incident_id=incident_id, **values
            )
    for uuid in sorted(there - {draft.uuid for draft in drafts}):
        action.soft_delete(IncidentReport, uuid)


def _shown(moment: str) -> str:
    return moment.replace("T", " ")
