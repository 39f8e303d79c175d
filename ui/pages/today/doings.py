"""我做了什么: everything done on a day, line by line; today's can be taken back, earlier days are there to be read."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any, ClassVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedWidget, QWidget
from typing_extensions import override

from app.core.errors import UserError
from app.tasks.doings import Doing, Doings, InTheWay, doings, in_the_way
from ui import theme
from ui.context import Context
from ui.shell.page import Page
from ui.theme import Tone, Type
from ui.widgets import (
    Cell,
    Column,
    DataTable,
    EmptyState,
    Kind,
    Link,
    Pager,
    Rule,
    Sheet,
    Text,
    Verb,
    column,
    holder,
    row,
)
from ui.wording import day_words, stored_moment_words

_WEEKDAYS = "一二三四五六日"


class DoingsPage(Page):
    """One day at a time. `open_with(day=…)` shows that day, without it today."""

    areas: ClassVar[frozenset[str]] = frozenset(
        {"children", "roster", "school", "classes", "calendar", "handover"}
    )
    turns_with_day = True

    def __init__(self, context: Context) -> None:
        super().__init__(context, "我做了什么", back="今日")
        self._day: date | None = None
        self._found: Doings | None = None
        self._wanted = ""
        self._way: InTheWay | None = None
        self._reading = context.jobs.latest(self)
        self.pager = Pager("前一天（Ctrl+PgUp）", "后一天（Ctrl+PgDn）")
        self.pager.previous.connect(partial(self._turn, -1))
        self.pager.next.connect(partial(self._turn, 1))
        self.header.add(self.pager)
        self.key("Ctrl+PgUp", partial(self._turn, -1))
        self.key("Ctrl+PgDown", partial(self._turn, 1))
        self._build()

    def _build(self) -> None:
        m = theme.metrics()
        self.table = DataTable(
            [
                Column("at", "时间", _at, "10:42:05", frozen=True),
                Column("words", "做了什么", _words, "取消撤销：买买提·阿卜杜热西提：改监护照护情况"),
                Column("rows", "动了几条", _rows, "动了几条", number=True),
                Column("who", "谁", _who, "没有选是谁　", essential=False),
                Column("undo", "", self._verb, "取消撤销"),
            ]
        )
        self.table.link_pressed.connect(self._pressed)
        self.table.opened.connect(self._ask)
        self._nothing = EmptyState()
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self._nothing)
        self._note = Text("", Type.SMALL, Tone.INK2, wrap=True)
        self.blocked = Text("", tone=Tone.RED, wrap=True)
        self.go_there = Link("", self._go_there)
        self._said = holder(column(self.blocked, row(self.go_there, None)))
        self._said.hide()
        self._foot = holder(
            column(Rule(), column(self._said, self._note, margins=(m.s16, m.s8, m.s16, m.s8)))
        )
        sheet = Sheet(self._stack, self._foot)
        sheet.box.setStretchFactor(self._stack, 1)
        self.content.addWidget(sheet, 1)

    # ---- reading

    @override
    def open_with(self, **params: Any) -> None:
        self._day = params.get("day")
        self.reload()

    @override
    def load(self) -> None:
        day = self._day or self.context.clock.today()
        self._reading.run(doings, self.context.store, day, on_done=self._show)

    def _show(self, found: Doings) -> None:
        before, self._found = self._found, found
        today = self.context.clock.today()
        self.header.set_fact(f"{len(found.doings)} 件" if found.doings else "")
        words = day_words(found.day, today)
        self.pager.set_words(
            f"{words}　星期{_WEEKDAYS[found.day.weekday()]}",
            first=found.before is None,
            last=found.after is None and found.day >= today,
        )
        self.table.set_rows(list(found.doings))
        if not found.doings:
            self._say_what_else(found)
        self._stack.setCurrentWidget(self.table if found.doings else self._nothing)
        is_today = found.day == today and not self.context.read_only
        self._note.setText(
            "每一件都可以单独撤销；撤销错了，也可以取消撤销。导出、打印、拷到优盘的登记不能撤销。"
            if is_today
            else "以前的只能看。要改回来，请打开那份档案，看着改动历史改。"
        )
        self._foot.setVisible(bool(found.doings))
        line = self._wanted or _taken_back(before, found)
        if line:
            self.table.set_current(line)
            self._wanted = ""

    def _say_what_else(self, found: Doings) -> None:
        """Nothing was done on the day: the nearest day before it, else the page where the first thing is done."""
        today = self.context.clock.today()
        words = "今天还没有改过什么。" if found.day == today else "这一天没有改过什么。"
        if found.before is not None:
            link, act = f"看{day_words(found.before, today)}做了什么", partial(self._turn, -1)
        else:
            link, act = "去台账", partial(self.context.navigation.open_page, "ledger")
        self._nothing.set_words("", words, link=link, on_link=act)

    def _turn(self, step: int) -> None:
        """The nearest other day on which anything was done; forward at last today."""
        if self._found is None:
            return
        today = self.context.clock.today()
        day = self._found.before if step < 0 else (self._found.after or today)
        if day is not None and day != self._found.day:
            self._day = day
            self._say_nothing()
            self.load()

    # ---- taking back

    def _verb(self, doing: Doing) -> Cell:
        if self.context.read_only and doing.verb:
            return Cell("")
        return Cell(doing.verb, link=True) if doing.verb else Cell(doing.why, Tone.INK3)

    def _pressed(self, doing: Doing, _key: str) -> None:
        self._undo(doing)

    def _ask(self, doing: Doing) -> None:
        """Enter on a line: the key lies too near to take something back without a question."""
        if not doing.verb or self.context.read_only:
            return
        self.context.dialogs.ask(
            f"{doing.verb}「{doing.words}」？",
            [f"这一步动过的 {doing.rows} 条都回到原来的样子。", "撤销错了，也可以取消撤销，什么都不会丢。"],
            [Verb("stay", "先不动"), Verb("undo", doing.verb, Kind.FILLED)],
            partial(self._answered, doing),
        )

    def _answered(self, doing: Doing, key: str) -> None:
        if key == "undo":
            self._undo(doing)

    def _undo(self, doing: Doing) -> None:
        if doing.verb and not self.context.read_only:
            self._say_nothing()
            self.context.undo(doing.uuid, on_error=partial(self._blocked, doing))

    def _blocked(self, doing: Doing, error: BaseException) -> None:
        if not isinstance(error, UserError):
            self.context.errors.show(error)
            return
        self.blocked.setText(f"「{doing.words}」没有撤销：{error.what}{error.safe}")
        self._said.show()
        self.go_there.hide()
        self.context.read(in_the_way, doing.uuid, on_done=self._name_the_way, owner=self)

    def _name_the_way(self, found: InTheWay | None) -> None:
        self._way = found
        self.go_there.setVisible(found is not None)
        if found is not None:
            at = stored_moment_words(found.at, self.context.clock.today())
            self.go_there.setText(f"要先撤销的是 {at}「{found.words}」")

    def _go_there(self) -> None:
        if self._way is None or self._found is None:
            return
        self._wanted = self._way.uuid
        if self._way.day == self._found.day:
            self.table.set_current(self._wanted)
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)
            self._wanted = ""
        else:
            self._day = self._way.day
            self.load()

    def _say_nothing(self) -> None:
        self._way = None
        self._said.hide()

    # ---- keys

    @override
    def focus_first(self) -> None:
        if self._stack.currentWidget() is self._nothing:
            self._nothing.focus_way()
        else:
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    @override
    def side_stops(self) -> tuple[QWidget, ...]:
        return (self.table, self.pager)


def _taken_back(before: Doings | None, now: Doings) -> str:
    """Return the line that was taken back since the last look (Ctrl+Z): the keyboard belongs there; "" for none."""
    if before is None or before.day != now.day:
        return ""
    stood = {doing.uuid for doing in before.doings if not doing.is_undone}
    return next((doing.uuid for doing in now.doings if doing.is_undone and doing.uuid in stood), "")


def _at(doing: Doing) -> Cell:
    # As it is stored: a moment that no clock has (a disk may have changed a digit) is shown too.
    return Cell(doing.at[11:16], bold=True)


def _words(doing: Doing) -> Cell:
    return Cell(doing.words, Tone.INK3 if doing.is_undone else Tone.INK)


def _rows(doing: Doing) -> Cell:
    return Cell(f"{doing.rows} 条", Tone.INK2)


def _who(doing: Doing) -> Cell:
    return Cell(doing.who or "没有选是谁", Tone.INK2 if doing.who else Tone.INK3)
