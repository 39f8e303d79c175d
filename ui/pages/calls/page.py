"""亲情电话: a week of lines × slots × days, and beside it the form in which calls are written down."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QStackedWidget, QWidget
from typing_extensions import override

from app.calls.codes import Outcome
from app.calls.importing import CALL_RESULTS
from app.calls.seen import seen
from app.school.calendar import monday_of
from app.storage.drafts import Draft
from ui import theme
from ui.context import Context
from ui.drafts import Form
from ui.pages.calls.board import CallBoard
from ui.pages.calls.board_model import Mark, Spot, State
from ui.pages.calls.choosing import Choosing
from ui.pages.calls.foot import WeekFoot
from ui.pages.calls.loading import WeekFacts, read_week
from ui.pages.calls.log_side import LogSide
from ui.pages.calls.moving import Moving
from ui.pages.calls.printing import CallPrinting
from ui.pages.calls.recording import Recording
from ui.pages.calls.side_place import SidePlace
from ui.pages.calls.week import DAYS
from ui.shell.page import Page
from ui.theme import Breakpoint
from ui.widgets import (
    Banner,
    Button,
    EmptyState,
    Pager,
    ProgressFooter,
    Rule,
    Segments,
    Sheet,
    Way,
    column,
    holder,
    row,
)

WEEK, LOG = "week", "log"


class CallsPage(Page):
    """The week at the left, 记通话 at the right; in a narrow window one of the two."""

    areas = frozenset({"calls", "children", "school"})

    def __init__(self, context: Context) -> None:
        super().__init__(context, "亲情电话")
        m = theme.metrics()
        self._monday: date | None = None
        self.facts: WeekFacts | None = None
        self._reading = context.jobs.latest(self)
        self._counting = context.jobs.latest(self)
        self._waiting = context.jobs.latest(self)
        self._parked = 0
        self._go_after: str = ""
        self.pager = Pager("上一周（Ctrl+PgUp）", "下一周（Ctrl+PgDn）")
        self.pager.previous.connect(partial(self.step, -1))
        self.pager.next.connect(partial(self.step, 1))
        self.lines = Button("线路与时段", self._open_lines)
        self.bring = Button(
            "导入…",
            self._open_import,
            icon="arrow_import",
            tool_tip="导入通话记录：以前登记的通话（Excel）",
        )
        self.bring.setEnabled(not context.read_only)
        self.print = Button("打印…", self._print, icon="print")
        self.plan = Button("重新排号", self._plan, icon="calendar_ltr")
        self.plan.setEnabled(not context.read_only)
        for widget in (self.pager, self.lines, self.bring, self.print, self.plan):
            self.header.add(widget)
        self.parts = Segments([(WEEK, "本周"), (LOG, "记通话")])
        self.parts.setAccessibleName("看哪一半")
        self.parts.changed.connect(self._show_part)
        self.board = CallBoard()
        self.foot = WeekFoot()
        self.foot.list_asked.connect(self._open_seen)
        self.empty = EmptyState()
        self.stack = QStackedWidget()
        self.stack.addWidget(self.board)
        self.stack.addWidget(self.empty)
        self.progress = ProgressFooter()
        self._left = QWidget()
        self._left.setLayout(column(self.stack, self.progress, self.foot))
        self._rule = Rule(upright=True)
        self._place = SidePlace(context, self._wire_side)
        body = row(self._left, self._rule, self._place)
        body.setStretchFactor(self._left, 1)
        self.sheet = Sheet(holder(body))
        self.content.addWidget(self.parts)
        self.content.addWidget(self.sheet, 1)
        self.content.setSpacing(m.s8)
        self.moving = Moving(context, self.board, self)
        self.choosing = Choosing(context, self)
        self.printing = CallPrinting(context, self, self.progress)
        self._wire()
        self.breakpoint_changed(self.breakpoint)

    def _wire(self) -> None:
        self.board.asked.connect(self._open_spot)
        self.board.picked.connect(self._pick_spot)
        self.moving.log_asked.connect(self._open_spot)
        self.moving.child_asked.connect(self.context.navigation.open_child)
        self.moving.plan_asked.connect(self.choosing.plan_into)
        self.choosing.log_asked.connect(self._log_child)
        self.key("Ctrl+PgUp", partial(self.step, -1))
        self.key("Ctrl+PgDown", partial(self.step, 1))
        self.key("F4", self._to_side)
        for digit, outcome in enumerate(Outcome, start=1):
            self.key(str(digit), partial(self._digit, outcome))

    # ---- 记通话: made after the week is on the screen, or as soon as somebody wants it

    @property
    @override
    def is_whole(self) -> bool:
        return self._place.is_whole

    @property
    def side(self) -> LogSide:
        """The form and the list of a day."""
        return self._place.made()[0]

    @property
    def recording(self) -> Recording:
        """What becomes of what is written in it."""
        return self._place.made()[1]

    def _wire_side(self, side: LogSide, recording: Recording) -> None:
        recording.now_changed.connect(self.board.set_now)
        side.child_asked.connect(self.context.navigation.open_child)
        side.batch_asked.connect(self._open_batch)
        side.other_asked.connect(self._other_child)
        side.day_asked.connect(self._go_to_day)
        if self.facts is not None:
            recording.show_lines(self.facts.telephones)

    # ---- read

    @override
    def load(self) -> None:
        today = self.context.clock.today()
        self._reading.run(read_week, self.context.store, self._monday, today, on_done=self._show)
        QTimer.singleShot(0, self._place, self._place.begin)
        self._counting.run(seen, self.context.store, today, on_done=self.foot.show_seen)
        if not self.context.read_only:
            self._waiting.run(CALL_RESULTS.count, self.context.store, on_done=self._say_waiting)

    def _say_waiting(self, count: int) -> None:
        """Rows of an import that nobody has decided on are not forgotten."""
        self._parked = count
        self._show_waiting()

    def _show_waiting(self) -> None:
        banner = None
        if self._parked and not self._left.isHidden():  # a form that fills a small window has no row to spare
            words = f"导入通话记录时，有 {self._parked} 行放着待处理，还没有记进来。"
            go = partial(self.context.navigation.open_page, "call_import", part="parked")
            banner = Banner(words, icon="info", link="看待处理的通话", on_link=go)
        self.set_banner("waiting", banner)

    def _show(self, facts: WeekFacts) -> None:
        self.facts = facts
        self._monday = facts.monday
        last = facts.monday + timedelta(days=DAYS - 1)
        days = facts.board.days
        friday = date.fromisoformat(days[-1].iso) if days else last
        self.header.set_fact(f"{facts.monday:%m-%d} 至 {friday:%m-%d}")
        self.pager.set_words(facts.words)
        if self._place.is_whole:
            self.recording.show_lines(facts.telephones)
        self.board.set_board(facts.board)
        self.foot.show_week(facts, is_now=facts.monday == monday_of(self.context.clock.today()))
        self._show_empty(facts)
        self.stack.setCurrentWidget(self.empty if facts.is_bare else self.board)
        if self._go_after:
            self.board.go_to(self._go_after)
            self._go_after = ""

    def _show_empty(self, facts: WeekFacts) -> None:
        """Nothing to lay out: the hours are entered, or calls are just written down."""
        if not facts.is_bare:
            return
        self.empty.set_words(
            "还没有登记电话线路",
            "登记座机、视频电脑和开放时间后，可以排号；只用老师的手机，打了就记。",
            ways=[
                Way(
                    "call",
                    "线路与时段",
                    "座机、视频电脑、开放时间、值班",
                    "去登记",
                    self._open_lines,
                    filled=True,
                ),
                Way("edit", "打了就记", "不排号，通话完了记一笔", "记一次", self._other_child),
                Way("table", "成批记", "一场打完，一名儿童一行", "成批记", self._open_batch),
            ],
        )

    # ---- weeks

    def step(self, weeks: int) -> None:
        """Another week."""
        now = self._monday or monday_of(self.context.clock.today())
        self._monday = now + timedelta(days=DAYS * weeks)
        self.board.release()
        self.load()

    # ---- places

    def _pick_spot(self, spot: Spot) -> None:
        """A press with the mouse: its call comes into the form, the keyboard stays on the board."""
        call = spot.first
        if call is None or self.board.holding:
            return
        if spot.state is State.LOOSE and len(spot.booked) > 1:
            self.recording.go_to_day(date.fromisoformat(spot.day))
            return
        self.recording.go_to_day(date.fromisoformat(spot.day), call.key)

    def _open_spot(self, spot: Spot) -> None:
        """Enter: its call, and the keyboard in the form."""
        call = spot.first
        if call is None:
            if spot.state is State.OPEN:
                self.choosing.plan_into(spot)
            return
        self._show_part(LOG)
        if spot.state is State.LOOSE and len(spot.booked) > 1:
            self.recording.go_to_day(date.fromisoformat(spot.day))
            self.side.list.setFocus()
            return
        self.recording.go_to_day(date.fromisoformat(spot.day), call.key, focus=True)

    def _digit(self, outcome: Outcome) -> None:
        """A digit outside a text field: the result of the call in the form, or of the cell the keyboard is in."""
        spot = self.board.spot()
        call = spot.first if spot is not None else None
        if self.board.hasFocus() and call is not None and spot is not None and call.key != self.board.now:
            if call.mark is not Mark.PLANNED or spot.state is State.LOOSE:
                return
            self._open_spot(spot)
            if self.side.turn is None or self.side.turn.key != call.key:
                return  # of another day: its list is being read
        if self.side.turn is not None and self.side.save.isEnabled() and self.side.isVisible():
            self.side.fields.results.pick(outcome)

    def _to_side(self) -> None:
        self._show_part(LOG)
        self.side.focus_result()

    # ---- narrow

    def _show_part(self, key: str) -> None:
        narrow = self.breakpoint is Breakpoint.NARROW
        self.parts.set_current(key)
        self._left.setVisible(not narrow or key == WEEK)
        self._place.setVisible(not narrow or key == LOG)
        self._rule.setVisible(not narrow)
        self._show_waiting()

    @override
    def breakpoint_changed(self, breakpoint_: Breakpoint) -> None:
        m = theme.metrics()
        narrow = breakpoint_ is Breakpoint.NARROW
        self.parts.setVisible(narrow)
        self._place.setMinimumWidth(0 if narrow else m.side_small + m.s24)
        self._place.setMaximumWidth(m.form_most * 2 if narrow else m.side_small + m.s24)
        self._place.arrange(narrow=narrow)
        self.foot.set_narrow(narrow)
        self._show_part(self.parts.current)

    # ---- page

    @override
    def open_with(self, **params: Any) -> None:
        part, child, day = params.get("part"), params.get("child"), params.get("day")
        if part or child:
            self._show_part(part or LOG)
        when = date.fromisoformat(str(day)) if day else self.context.clock.today()
        if child or day:
            self._monday = monday_of(when)
            self.reload()
        if child:
            draft = self.context.drafts.take_wanted(Form.CALL)
            self.recording.go_to_child(str(child), when, draft=draft)

    def _resume(self, draft: Draft) -> None:
        self._show_part(LOG)
        day = date.fromisoformat(str(draft.how["day"]))
        self._monday = monday_of(day)
        self.reload()
        self.recording.go_to_child(draft.record, day, draft=draft)

    @override
    def focus_first(self) -> None:
        draft = self.context.drafts.take_wanted(Form.CALL)
        if draft is not None:
            self._resume(draft)
        if self._place.isVisible() and not self._left.isVisible():
            self.side.focus_result()
        elif self.stack.currentWidget() is self.board:
            self.board.setFocus()
        else:
            self.focusNextChild()

    @override
    def side_stops(self) -> tuple[QWidget, ...]:
        stops: list[QWidget] = [self.board if not self.facts or not self.facts.is_bare else self.empty]
        return (*stops, self.side.fields.results.stop(), self.side.list)

    @override
    def foot_height(self) -> int:
        return self.foot.height() if self._left.isVisible() else 0

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.board.release()
        if self._place.is_whole:
            self.side.forget_numbers()

    # ---- elsewhere

    def _open_lines(self) -> None:
        self.context.navigation.open_page("call_lines")

    def _open_import(self) -> None:
        self.context.navigation.open_page("call_import")

    def _open_seen(self) -> None:
        self.context.navigation.open_page("call_seen")

    def _open_batch(self) -> None:
        self.context.navigation.open_page("call_batch", day=self.recording.day.isoformat())

    def _plan(self) -> None:
        monday = self._monday or monday_of(self.context.clock.today())
        self.context.navigation.open_page("call_plan", day=monday.isoformat())

    def _print(self) -> None:
        if self.facts is not None:
            first = self.facts.monday
            self.printing.ask(first, first + timedelta(days=DAYS - 1), self.facts.words)

    def _other_child(self) -> None:
        """另记一名: a call that nobody planned."""
        self.choosing.log_other()

    def _go_to_day(self, day: date) -> None:
        """The next day with calls: its week, and its list."""
        self._monday = monday_of(day)
        self.recording.go_to_day(day)
        self.reload()

    def _log_child(self, uuid: str) -> None:
        self._show_part(LOG)
        self.recording.go_to_child(uuid)
