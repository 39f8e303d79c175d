"""One incident: found, rescued, told, reported, each with its minute; how long it took stands behind the field."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from msgspec import Struct
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from app.diary.case_parts import ChildHead
from app.diary.codes import IncidentKind, ReportBody, Severity
from app.diary.incidents import IncidentDraft, ReportDraft, remove_incident, save_incident
from app.diary.incidents_rules import BY_THE_FAMILY, IncidentFacts, ReportFacts, StepLimits, reports_at_first
from app.diary.late import late_words
from app.storage.base import new_uuid
from app.tasks.case_papers import make_incident_sheet
from ui import theme
from ui.context import Context
from ui.drafts import Form
from ui.pages.diary.case_child import ChildForm
from ui.pages.diary.case_form import (
    MomentField,
    day_field,
    line_field,
    shown,
    text_field,
    text_in,
)
from ui.shell.papers import Papers
from ui.theme import Tone
from ui.widgets import Button, FormRow, QuietChoice, holder, row

NOT_WRITTEN = ""
REPORTS = 4
"""Lines for reports: one empty one stands below those that are written."""
_MOMENTS = ("rescued_at", "carer_told_at", "parents_told_at")
_UNTOLD = {"carer_told_at": "carer_untold", "parents_told_at": "parents_untold"}
"""Beside each time of telling: why they are better not told."""
_FIRST = "先报告公安、民政或教育，再告知没有嫌疑的监护人；不宜告知的写原因"


class IncidentHand(Struct, frozen=True):
    """What the form needs: the incident on file, the limits of its day, the child of a new one."""

    facts: IncidentFacts | None
    limits: StepLimits
    child: ChildHead | None = None


class _ReportLine:
    """The fields of one report."""

    def __init__(self, form: IncidentForm, place: int) -> None:
        self.uuid = new_uuid()
        bodies = [(one, one.label) for one in ReportBody]
        self.body = QuietChoice([(NOT_WRITTEN, "还没有上报"), *bodies], quiet=False, unknown=False)
        self.at = MomentField(form.day, hint="几点")
        self.recipient, self.reporter, self.receipt = (
            line_field("接收人"),
            line_field("谁报的"),
            line_field("回执号"),
        )
        name = f"report{place}"
        self.rows = (
            form.row(f"{name}.body", f"上报 {place + 1}", self.body),
            form.row(f"{name}.at", "上报时间", self.at),
            form.row(f"{name}.reporter", "报告人", self.reporter),
            form.row(f"{name}.recipient", "接收人", self.recipient),
            form.row(f"{name}.receipt", "回执号", self.receipt),
        )
        form.pair(self.rows[0], self.rows[3])
        form.full(self.rows[1])
        form.pair(self.rows[2], self.rows[4])

    def fill(self, facts: ReportFacts) -> None:
        self.uuid = facts.uuid
        self.body.set_value(facts.body)
        self.at.setText(shown(facts.reported_at))
        self.recipient.setText(facts.recipient or "")
        self.reporter.setText(facts.reporter)
        self.receipt.setText(facts.receipt_no or "")

    @property
    def is_written(self) -> bool:
        return bool(self.body.value)

    def show(self, *, here: bool) -> None:
        for place, one in enumerate(self.rows):
            one.setVisible(here and (place == 0 or self.is_written))

    def draft(self) -> ReportDraft:
        return ReportDraft(
            uuid=self.uuid,
            reported_at=self.at.text(),
            body=ReportBody(str(self.body.value)),
            reporter=self.reporter.text(),
            recipient=text_in(self.recipient),
            receipt_no=text_in(self.receipt),
        )


class IncidentForm(ChildForm):
    """One incident."""

    kept_as = Form.INCIDENT
    part = "incidents"

    def __init__(self, context: Context, hand: IncidentHand) -> None:
        facts = hand.facts
        title = "记一次突发事件" if facts is None else f"{facts.child_name}　{facts.class_name}"
        super().__init__(
            context,
            title,
            uuid=facts.uuid if facts else None,
            table="incident",
            child=facts.child_uuid if facts else "",
        )
        self._facts = facts
        self._limits = hand.limits
        self.papers = Papers(context, self, title="突发事件记录", stem="突发事件记录")
        self.papers.write_down("突发事件记录", 1)
        self._make_fields()
        self._lay_out()
        self._listen()
        self._fill()
        if facts is not None:
            self.more.addWidget(Button("打印…", self._print, icon="print"))
        self.start(hand.child)

    @override
    def about(self) -> str:
        return "一次突发事件"

    def day(self) -> str:
        """The day that a bare time means: when it was found, else today."""
        found = self.found_at.text()
        return found[:10] if len(found) >= 10 else self.context.clock.today().isoformat()

    def _make_fields(self) -> None:
        kinds = [(one, one.label) for one in IncidentKind]
        self.kind = QuietChoice(kinds, quiet=False, unknown=False)
        grades = [(one, one.label) for one in Severity]
        self.severity = QuietChoice([(NOT_WRITTEN, "不写"), *grades], quiet=False, unknown=False)
        self.found_at = MomentField(self._today, hint="几点，如 7:30")
        self.found_by, self.place = line_field(), line_field()
        self.course, self.rescue, self.outcome = text_field(2), text_field(), text_field()
        self.moments = {name: MomentField(self.day) for name in _MOMENTS}
        self.untold = {name: line_field("不宜告知的，写原因") for name in _UNTOLD.values()}
        told = [(NOT_WRITTEN, "没有定"), (True, "须报告"), (False, "不属于强制报告")]
        self.must_report = QuietChoice(told, quiet=False, unknown=False)
        self.closed_on = day_field(self.context, "还没有")

    def _today(self) -> str:
        return self.context.clock.today().isoformat()

    def _lay_out(self) -> None:
        self.add_child_row()
        self.pair(
            self.row("found_at", "发现时间", self.found_at), self.row("found_by", "发现人", self.found_by)
        )
        self.pair(self.row("kind", "类型", self.kind), self.row("severity", "程度", self.severity))
        self.full(self.row("place", "地点", self.place), self.row("course", "经过", self.course))
        self._telling = self.section("救助和告知")
        self._steps = {"rescued_at": self.row("rescued_at", "救助", self.moments["rescued_at"])}
        for name, label in (("carer_told_at", "告知监护人"), ("parents_told_at", "告知父母")):
            self._steps[name] = self._told_row(name, label)
        self.full(*self._steps.values(), self.row("rescue", "救助措施", self.rescue))
        self.section("上报")
        self.pair(self.row("must_report", "强制报告", self.must_report))
        self.reports = [_ReportLine(self, place) for place in range(REPORTS)]
        self.section("结果")
        self.full(self.row("outcome", "结果", self.outcome))
        self.pair(self.row("closed_on", "了结", self.closed_on))

    def _told_row(self, name: str, label: str) -> FormRow:
        """When they were told, or why they are better not."""
        moment, untold = self.moments[name], self.untold[_UNTOLD[name]]
        made = self.row(name, label, holder(row(moment, untold, gap=theme.metrics().s8)))
        made.say_of(moment, untold)
        self.named[name], self.named[_UNTOLD[name]] = moment, untold
        moment.setAccessibleName(label)
        untold.setAccessibleName(f"不宜{label}的原因")
        return made

    def _listen(self) -> None:
        self.kind.currentIndexChanged.connect(self._tick_report)
        self.kind.currentIndexChanged.connect(self._say_times)
        self.severity.currentIndexChanged.connect(self._tick_report)
        self.found_at.textChanged.connect(self._say_times)
        for moment in self.moments.values():
            moment.textChanged.connect(self._say_times)
        for untold in self.untold.values():
            untold.textChanged.connect(self._say_times)
        for report in self.reports:
            report.body.currentIndexChanged.connect(self._show_reports)
            report.at.textChanged.connect(self._say_times)

    def _fill(self) -> None:
        facts = self._facts
        if facts is not None:
            self.kind.set_value(facts.kind)
            self.severity.set_value(facts.severity or NOT_WRITTEN)
            self.found_at.setText(shown(facts.found_at))
            self.found_by.setText(facts.found_by or "")
            self.place.setText(facts.place or "")
            for name, moment in self.moments.items():
                moment.setText(shown(getattr(facts, name)))
            for name, untold in self.untold.items():
                untold.setText(getattr(facts, name) or "")
            self.course.set_value(facts.course)
            self.rescue.set_value(facts.rescue)
            self.outcome.set_value(facts.outcome)
            self.must_report.set_value(NOT_WRITTEN if facts.must_report is None else facts.must_report)
            self.closed_on.setText(facts.closed_on or "")
            for line, report in zip(self.reports, facts.reports, strict=False):
                line.fill(report)
            late = late_words(facts.late_days)
            self.fact.setText("，".join(part for part in (facts.number, late) if part))
            self.fact.set_tone(Tone.OCHRE if late else Tone.INK2)
        self._show_reports()
        self._say_times()

    # ---- shown while it is typed

    def _tick_report(self, *_: object) -> None:
        """A kind that the law wants reported ticks 须报告 by itself, as long as nobody has decided."""
        severity = self.severity.value
        due = reports_at_first(
            IncidentKind(str(self.kind.value)), Severity(str(severity)) if severity else None
        )
        if due and self.must_report.value == NOT_WRITTEN:
            self.must_report.set_value(True)

    def _show_reports(self, *_: object) -> None:
        last = max((place + 1 for place, line in enumerate(self.reports) if line.is_written), default=0)
        for place, line in enumerate(self.reports):
            line.show(here=place <= last)
        self._say_times()

    def _say_times(self, *_: object) -> None:
        """How many minutes each step took, and within how many it had to be; what comes first where nobody may be warned."""
        first = IncidentKind(str(self.kind.value)) in BY_THE_FAMILY
        self._telling.set_fact(_FIRST if first else "")
        limits = {"carer_told_at": self._limits.carer, "parents_told_at": self._limits.parents}
        for name, step in self._steps.items():
            moment, untold = self.moments[name], self.untold.get(_UNTOLD.get(name, ""))
            if untold is not None and untold.text().strip() and moment.moment is None:
                step.set_note("" if first else "不宜告知", Tone.INK2)
            else:
                self._say(step, moment, None if first else limits.get(name))
        offices = [
            one for one in self.reports if one.body.value in (ReportBody.EDUCATION, ReportBody.GOVERNMENT)
        ]
        for line in self.reports:
            self._say(line.rows[1], line.at, self._limits.office if line in offices else None)

    def _say(self, row_: FormRow, field: MomentField, within: int | None) -> None:
        passed = _minutes(self.found_at.text(), field.text())
        limit = "" if within is None else f"限 {within} 分钟"
        if passed is None:
            row_.set_note(limit)
        elif within is not None and passed > within:
            row_.set_note(f"{passed} 分钟，超时（{limit}）", Tone.RED)
        else:
            row_.set_note("，".join(filter(None, (f"{passed} 分钟", limit))), Tone.INK2)

    # ---- answers

    @override
    def draft(self) -> IncidentDraft | None:
        child = self.child_uuid
        if child is None:
            self.object_to("还没有选儿童。", self.child)
            return None
        if self.found_at.moment is None:
            self.object_to("还没有写几点发现的。", self.found_at)
            return None
        for line in self.reports:
            if line.is_written and line.at.moment is None:
                self.object_to("还没有写几点上报的。", line.at)
                return None
        severity, told = self.severity.value, self.must_report.value
        return IncidentDraft(
            uuid=self.uuid,
            child_uuid=child,
            kind=IncidentKind(str(self.kind.value)),
            found_at=self.found_at.moment,
            severity=Severity(str(severity)) if severity else None,
            found_by=text_in(self.found_by),
            place=text_in(self.place),
            course=text_in(self.course),
            rescue=text_in(self.rescue),
            rescued_at=self.moments["rescued_at"].moment,
            carer_told_at=self.moments["carer_told_at"].moment,
            parents_told_at=self.moments["parents_told_at"].moment,
            **{name: text_in(untold) for name, untold in self.untold.items()},
            must_report=told if isinstance(told, bool) else None,
            outcome=text_in(self.outcome),
            closed_on=text_in(self.closed_on),
            reports=tuple(line.draft() for line in self.reports if line.is_written) + _further(self._facts),
        )

    @override
    def field_of(self, name: str) -> QWidget | None:
        """Of the reports only those written are handed over: the n-th of them is the n-th written line."""
        _, _, rest = name.partition("reports.")
        place, _, column = rest.partition(".")
        written = [line for line in self.reports if line.is_written]
        if not place.isdecimal() or int(place) >= len(written):
            return super().field_of(name)
        line = written[int(place)]
        return line.at if column == "reported_at" else line.reporter

    @override
    def saver(self) -> Callable[..., Any]:
        return save_incident

    @override
    def remover(self) -> Callable[..., Any]:
        return remove_incident

    @override
    def removal(self) -> tuple[str, tuple[str, ...]]:
        number = self._facts.number if self._facts else ""
        count = len(self._facts.reports) if self._facts else 0
        lines = (f"{count} 次上报也一起去。",) if count else ()
        return f"把突发事件 {number} 移到回收站？", (*lines, "可以撤销。")

    def _print(self) -> None:
        self.papers.show_paper(make_incident_sheet, self.uuid)


def _further(facts: IncidentFacts | None) -> tuple[ReportDraft, ...]:
    """Reports beyond the lines of the form stay as they are."""
    return tuple(
        ReportDraft(
            uuid=one.uuid,
            reported_at=one.reported_at,
            body=one.body,
            reporter=one.reporter,
            recipient=one.recipient,
            receipt_no=one.receipt_no,
        )
        for one in (facts.reports[REPORTS:] if facts else ())
    )


def _minutes(found: str, at: str) -> int | None:
    try:
        span = datetime.fromisoformat(at) - datetime.fromisoformat(found)
    except ValueError:
        return None
    return round(span.total_seconds() / 60) if span.total_seconds() >= 0 else None
