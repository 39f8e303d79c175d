"""重新排号: what a plan would be, before it is written: who comes when, who cannot, what was moved, which rule to loosen."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from app.calls.plan_facts import CallPlan, LineState, PlanFacts, Unserved
from app.core.changes import Changes
from app.core.errors import Cancelled, UserError
from app.school.calendar import monday_of
from app.school.queries import school_calendar
from app.storage.store import Store
from app.tasks.calls_plan import make_plan, read_facts, write
from ui import theme
from ui.context import Context
from ui.drafts import refusal_words
from ui.jobs import Job
from ui.pages.calls.loading import plan_span
from ui.pages.calls.plan_tables import (
    later_rows,
    later_table,
    moved_table,
    planned_table,
    unserved_table,
)
from ui.pages.calls.table_stack import TableStack
from ui.pages.calls.week import DAYS
from ui.shell.page import Page
from ui.theme import Breakpoint, Tone, Type
from ui.widgets import (
    Button,
    DataTable,
    FilterBar,
    FilterChip,
    FooterBar,
    Ground,
    Kind,
    Menu,
    NearDay,
    ProgressFooter,
    Segments,
    Sheet,
    Text,
    column,
    empty_out,
    row,
)

PLANNED, UNSERVED, MOVED, LATER = "planned", "unserved", "moved", "later"
_ADVICE_SHOWN, _ADVICE_NARROW = 3, 1
_MONTH = 31


class PlanPage(Page):
    """Looks first, writes only when it is accepted; everything stays as it is until then."""

    areas = frozenset({"calls", "children", "school"})

    def __init__(self, context: Context) -> None:
        super().__init__(context, "重新排号", back="亲情电话")
        m = theme.metrics()
        self._plan: CallPlan | None = None
        self._job: Job | None = None
        self._sent = False
        self._has_advice = False
        self.first = NearDay(context.clock.today, hint="哪天起")
        self.last = NearDay(context.clock.today, hint="到哪天")
        self.first.setAccessibleName("哪天起")
        self.last.setAccessibleName("到哪天")
        for field in (self.first, self.last):
            field.saved.connect(self._days_typed)
        self.span = FilterChip("时间", self._offer_spans)
        self.look = Button("算一算", self.start, icon="arrow_sync")
        to = Text("至", tone=Tone.INK2)
        self.words = Text("", Type.SMALL, Tone.INK2, elide=True)
        bar = FilterBar(self.first, to, self.last, self.span, self.look, None, self.words)
        self.parts = Segments(
            [(PLANNED, "排上的"), (UNSERVED, "排不上的"), (MOVED, "挪动的"), (LATER, "下一轮和取消的")]
        )
        self.parts.setAccessibleName("看哪一部分")
        self.parts.changed.connect(self._show_part)
        self.tables = self.stack = TableStack(
            {PLANNED: planned_table, UNSERVED: self._unserved, MOVED: moved_table, LATER: later_table}
        )
        self.empty = self.stack.empty
        self.advice = Ground("ochre")
        self._advice_box = column(gap=m.s2, margins=(m.s16, m.s8, m.s16, m.s8))
        self.advice.setLayout(self._advice_box)
        self.advice.hide()
        self.accept = Button("写入这份排号", self._accept, kind=Kind.FILLED)
        self.foot = FooterBar(self.accept)
        self.progress = ProgressFooter()
        self.progress.stopped.connect(self._stop)
        segments = row(self.parts, None, margins=(m.s16, m.s4, m.s16, m.s4))
        inner = QWidget()
        inner.setLayout(segments)
        self.sheet = Sheet(bar, self.advice, inner, self.stack, self.progress, self.foot)
        self.sheet.box.setStretchFactor(self.stack, 1)
        self.content.addWidget(self.sheet, 1)
        self._monday: date | None = None
        self._span_known = False
        self._say()

    def _unserved(self) -> DataTable:
        table = unserved_table()
        table.opened.connect(self._open_child)
        return table

    # ---- which days

    def _set_days(self, first: date, last: date) -> None:
        self.first.set_value(first.isoformat())
        self.last.set_value(last.isoformat())

    def _days_typed(self, _text: str, _as_is: bool) -> None:
        self._forget()

    def _offer_spans(self, menu: Menu) -> None:
        today = self.context.clock.today()
        monday = monday_of(today)
        spans = [
            ("这周剩下的", today, monday + timedelta(days=DAYS - 1)),
            ("下周", monday + timedelta(days=DAYS), monday + timedelta(days=2 * DAYS - 1)),
            ("到月底", today, _month_end(today)),
            ("四周", today, monday + timedelta(days=4 * DAYS - 1)),
        ]
        for words, first, last in spans:
            menu.add(words, partial(self._choose_span, first, last))
        menu.add("到学期末", self._choose_term)

    def _choose_span(self, first: date, last: date) -> None:
        self._set_days(first, last)
        self._forget()
        self.start()

    def _choose_term(self) -> None:
        self.context.read(_term_end, self.context.clock.today(), on_done=self._term_known, owner=self)

    def _term_known(self, last: date) -> None:
        self._choose_span(self.context.clock.today(), last)

    # ---- looked at

    @property
    def is_whole_plan(self) -> bool:
        """True when a plan is shown."""
        return self._plan is not None

    @override
    def load(self) -> None:
        if self._span_known:
            self.start()
            return
        today = self.context.clock.today()
        self.context.read(plan_span, today, self._monday, on_done=self._span_found, owner=self)

    def _span_found(self, span: tuple[date, date]) -> None:
        self._span_known = True
        self._set_days(*span)
        self.start()

    def start(self) -> None:
        """Make a plan to be looked at; nothing is written."""
        first, last = self.first.day, self.last.day
        if first is None or last is None:
            self._refuse("写清哪天起、到哪天。")
            return
        self._stop()
        self._forget()
        self.progress.begin("正在排号", "停下后什么都没有改。")
        self.look.setEnabled(False)
        self._job = self.context.read(
            read_facts, first=first, last=last, on_done=self._work, on_error=self._failed, owner=self
        )

    def _work(self, facts: PlanFacts) -> None:
        """The facts are read; working it out takes longer and needs the ledger no more."""
        self._job = self.context.jobs.work(
            make_plan,
            facts,
            on_done=self._show,
            on_error=self._failed,
            on_progress=self.progress.step,
            owner=self,
        )

    def _stop(self) -> None:
        if self._job is not None and not self._job.finished:
            self._job.cancel()

    def _forget(self) -> None:
        """Other days: what was worked out for these does not hold."""
        self._plan = None
        self._has_advice = False
        self.advice.hide()
        for key in (PLANNED, UNSERVED, MOVED, LATER):
            self.tables.set_rows(key, ())
        self._say()

    def _failed(self, error: BaseException) -> None:
        self.progress.end()
        self.look.setEnabled(True)
        if isinstance(error, Cancelled):
            self._refuse("停下了，什么都没有改。")
        elif isinstance(error, UserError):
            self._refuse(refusal_words(error))
        else:
            self.context.errors.show(error)

    def _refuse(self, words: str) -> None:
        self.stack.say("还没有排出来", words)

    def _show(self, plan: CallPlan) -> None:
        self.progress.end()
        self.look.setEnabled(True)
        self._plan = plan
        later = later_rows(plan.later, plan.dropped)
        moved = plan.of(LineState.MOVED)
        self.tables.set_rows(PLANNED, plan.lines)
        self.tables.set_rows(UNSERVED, plan.unserved)
        self.tables.set_rows(MOVED, moved)
        self.tables.set_rows(LATER, later)
        for key, words, count in (
            (PLANNED, "排上的", len(plan.lines)),
            (UNSERVED, "排不上的", len(plan.unserved)),
            (MOVED, "挪动的", len(moved)),
            (LATER, "下一轮和取消的", len(later)),
        ):
            self.parts.set_words(key, f"{words} {count}")
        self._show_advice(plan)
        self.parts.set_current(UNSERVED if plan.unserved and not plan.lines else PLANNED)
        self._show_part(self.parts.current)
        self._say()

    def _show_advice(self, plan: CallPlan) -> None:
        """How many slots are missing, and what to loosen; the longest gain first, as the planner tried them."""
        empty_out(self._advice_box)
        lines = [f"{one.words} 差 {one.slots} 个时段，{one.children} 名排不上。" for one in plan.missing]
        most = _ADVICE_NARROW if self.breakpoint is Breakpoint.NARROW else _ADVICE_SHOWN
        lines += [one.told for one in plan.advice[:most]]
        lines += plan.notes
        for place, words in enumerate(lines):
            bold = place < len(plan.missing)
            self._advice_box.addWidget(Text(words, Type.SMALL, Tone.OCHRE, bold=bold, wrap=True))
        self._has_advice = bool(lines)

    def _show_part(self, key: str) -> None:
        # What to loosen belongs to those who cannot come; a note (the clock, a holiday) to the whole plan.
        noted = self._plan is not None and bool(self._plan.notes)
        self.advice.setVisible(self._has_advice and (key == UNSERVED or noted))
        if self._plan is None:
            return
        sentences = {
            PLANNED: "这段时间没有要排的。",
            UNSERVED: "都排得上。",
            MOVED: "现有的安排一个都不用动。",
            LATER: "没有排到以后的，也没有要取消的。",
        }
        self.stack.show_list(key, sentences[key])

    def _say(self) -> None:
        plan = self._plan
        can = plan is not None and plan.changes_anything and not self._sent and not self.context.read_only
        self.accept.setEnabled(can)
        if plan is None:
            self.foot.set_words("先看，再写入：现有安排还没有动。")
            self.words.setText("")
            return
        new, moved = len(plan.of(LineState.NEW)), len(plan.of(LineState.MOVED))
        kept = len(plan.lines) - new - moved
        gone = f"，取消 {len(plan.dropped)} 个" if plan.dropped else ""
        lead = f"新排 {new} 个时段，挪动 {moved} 个，不动 {kept} 个{gone}"
        if not plan.changes_anything:
            lead = "和现在的安排一样，不用写入"
        if plan.unserved:
            lead += f"；{len(plan.unserved)} 名排不上"
        longest = plan.longest_wait_days
        waits = f"最久要等 {longest} 天。" if longest is not None else ""
        loads = "、".join(f"{one.name or '没排值班'} {one.calls} 个" for one in plan.loads)
        self.foot.set_words(
            lead, "　".join(part for part in (waits, f"值班：{loads}" if loads else "") if part)
        )
        self.words.setText(plan.words)

    # ---- written

    def _accept(self) -> None:
        if self._plan is None or self._sent:
            return
        self._sent = True
        self._say()
        self.context.write(
            write, plan=self._plan, on_done=self._written, on_error=self._not_written, toast=True
        )

    def _written(self, _changes: Changes) -> None:
        first = self._plan.first if self._plan is not None else self.context.clock.today()
        self._sent = False
        self._forget()
        self.context.navigation.open_page("calls", day=first.isoformat())

    def _not_written(self, error: BaseException) -> None:
        self._sent = False
        self._say()
        self.context.errors.show(error)

    # ---- page

    @override
    def open_with(self, **params: Any) -> None:
        day = params.get("day")
        if day:
            self._monday = monday_of(date.fromisoformat(str(day)))
            self._span_known = False
            self._forget()
            self.reload()

    @override
    def breakpoint_changed(self, breakpoint_: Breakpoint) -> None:
        self.tables.set_narrow(breakpoint_ is Breakpoint.NARROW)
        self.words.setVisible(breakpoint_ is not Breakpoint.NARROW)
        if self._plan is not None:
            self._show_advice(self._plan)

    @override
    def focus_first(self) -> None:
        self.tables[self.parts.current].setFocus(Qt.FocusReason.OtherFocusReason)

    @override
    def side_stops(self) -> tuple[QWidget, ...]:
        return self.first, self.parts, self.tables[self.parts.current], self.accept

    @override
    def foot_height(self) -> int:
        return self.foot.height()

    def _open_child(self, row: Unserved) -> None:
        self.context.navigation.open_child(row.child_uuid)


def _month_end(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=_MONTH)).replace(day=1) - timedelta(days=1)


def _term_end(store: Store, day: date) -> date:
    return school_calendar(store).term_in_force(day).ends_on
