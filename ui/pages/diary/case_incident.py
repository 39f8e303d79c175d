"""突发事件: what happened, the emergency steps against the clock, 强制报告 with receipts. Restricted: on no list that leaves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Any

from msgspec import Struct
from typing_extensions import override

from app.diary.incidents import emergency_steps, incident, incidents
from app.diary.incidents_rules import MANDATORY, EmergencyStep, IncidentFacts, StepState
from app.diary.late import late_words
from app.diary.unreported import step_limits
from app.storage.store import Store
from ui.context import Context
from ui.pages.diary.case_child import head_of
from ui.pages.diary.case_form import CaseForm
from ui.pages.diary.case_incident_form import IncidentForm, IncidentHand
from ui.pages.diary.case_segment import CaseSegment
from ui.shell.page import Page
from ui.theme import Tone
from ui.widgets import Cell, Column
from ui.wording import day_words


class IncidentLine(Struct, frozen=True):
    """One incident of the list with its steps."""

    facts: IncidentFacts
    steps: tuple[EmergencyStep, ...]

    @property
    def uuid(self) -> str:
        """The key of the line."""
        return self.facts.uuid


class IncidentSegment(CaseSegment):
    """The list of incidents."""

    verb = "记一次突发事件"
    nothing = (
        "没有突发事件",
        "受伤、走失、欺凌、侵害，发生了马上记：几点发现、几点告诉谁、报给谁。这里的内容不进报镇的拷贝，也不进名册。",
    )
    counted = "次突发事件"

    def __init__(self, context: Context, host: Page) -> None:
        today = context.clock.today()
        super().__init__(
            context,
            host,
            [
                Column("child", "儿童", _child, sample="买买提·阿卜杜热西提", frozen=True),
                Column("found", "发现", partial(_found, today), sample="2025年11月13日"),
                Column("kind", "类型", _kind, sample="自伤或有轻生念头"),
                Column("steps", "告知和上报", _steps, sample="上报教育办或政府：超时还没有（限 120 分钟）"),
                Column("state", "现在", _state, sample="2026-001"),
            ],
        )

    @override
    def query(self, store: Store) -> Sequence[IncidentLine]:
        lines = [IncidentLine(facts, emergency_steps(store, facts)) for facts in incidents(store)]
        return sorted(lines, key=lambda line: line.facts.closed_on is not None)

    @override
    def read_form(self, store: Store, params: dict[str, Any]) -> IncidentHand:
        uuid = params.get("uuid")
        facts = incident(store, uuid) if uuid else None
        head = head_of(store, params, self.context.clock.today())
        on = date.fromisoformat(facts.found_at[:10]) if facts else self.context.clock.today()
        return IncidentHand(facts, step_limits(store, on), head)

    @override
    def make_form(self, found: IncidentHand, params: dict[str, Any]) -> CaseForm:
        return IncidentForm(self.context, found)


def _child(line: IncidentLine) -> Cell:
    return Cell(line.facts.child_name, bold=True, second=line.facts.class_name)


def _found(today: date, line: IncidentLine) -> Cell:
    found = line.facts.found_at
    late = late_words(line.facts.late_days)
    words = day_words(date.fromisoformat(found[:10]), today)
    return Cell(words, second=late or found[11:], second_tone=Tone.OCHRE if late else Tone.INK2)


def _kind(line: IncidentLine) -> Cell:
    severity = line.facts.severity
    told = "强制报告" if line.facts.must_report else ""
    return Cell(
        line.facts.kind.label, second="　".join(filter(None, (severity.label if severity else "", told)))
    )


def _steps(line: IncidentLine) -> Cell:
    """The worst first: what is missing and overdue, then what is missing, else that all was done; below it who was told."""
    told = _reported(line.facts)
    undone = [step for step in line.steps if step.state in (StepState.OVERDUE, StepState.OPEN)]
    overdue = [step for step in undone if step.state is StepState.OVERDUE or step.name == MANDATORY]
    overdue.sort(key=lambda step: step.name != MANDATORY)
    waiting = overdue + [step for step in undone if step not in overdue]
    if waiting and line.facts.closed_on is None:
        more = f"另有 {len(waiting) - 1} 步" if len(waiting) > 1 else ""
        tone = Tone.RED if overdue else Tone.OCHRE
        return Cell(
            f"{waiting[0].name}：{waiting[0].words}", tone, second="　".join(filter(None, (told, more)))
        )
    late = [step for step in line.steps if step.state is StepState.LATE]
    if late:
        return Cell(f"{late[0].name}：{late[0].words}", Tone.OCHRE, second=told)
    return Cell("都按时", Tone.GREEN, second=told)


def _reported(facts: IncidentFacts) -> str:
    """Whom it was reported to, when, with a receipt or without: 已报公安 08:40（有回执）."""
    said = []
    for report in facts.reports:
        day, clock = report.reported_at[:10], report.reported_at[11:]
        at = clock if day == facts.found_at[:10] else f"{day[5:]} {clock}"
        said.append(f"{report.body.label} {at}{'（有回执）' if report.receipt_no else ''}")
    return f"已报{'、'.join(said)}" if said else ""


def _state(line: IncidentLine) -> Cell:
    closed = line.facts.closed_on
    return Cell(
        "已了结" if closed else "没有了结", Tone.INK2 if closed else Tone.OCHRE, second=line.facts.number
    )
