"""Today: the first page of the day. Everything on it comes from what is recorded; nothing can be ticked away."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import ClassVar

from PySide6.QtCore import QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QSizePolicy, QStackedWidget, QWidget
from typing_extensions import override

from app.tasks.today import DueChildren, Glance, due_children, glance, in_order
from ui import theme
from ui.context import Context
from ui.pages.today.lines import Lines, lines_of
from ui.pages.today.summary import Summary
from ui.shell.page import Page
from ui.theme import Breakpoint, Tone
from ui.widgets import EmptyState, Segments, Sheet, Text, Way
from ui.widgets.due import DueList
from ui.widgets.layout import column, holder, row

SEARCH_HINT = "搜姓名、拼音首字母、证件或电话尾号、村组"
_WEEKDAYS = "一二三四五六日"


class TodayPage(Page):
    """Two reads: `glance` is painted at once; only then are the children read, or painting would wait for them."""

    areas: ClassVar[frozenset[str]] = frozenset(
        {"children", "roster", "school", "classes", "calendar", "handover"}
    )

    def __init__(self, context: Context) -> None:
        super().__init__(context, "今日")
        self._glance: Glance | None = None
        self._children: DueChildren | None = None
        self._lines = Lines((), {})
        self._wants_focus = False
        self._children_wanted = False
        self._first = context.jobs.latest(self)
        self._second = context.jobs.latest(self)
        search = self.header.add_search(SEARCH_HINT)
        search.entered.connect(self._search)
        search.left.connect(self.focus_first)
        self._build_due()
        self.summary = Summary(read_only=context.read_only)
        self.summary.children_asked.connect(self._open_children)
        self.summary.undo_asked.connect(self._undo)
        self.summary.doings_asked.connect(partial(context.navigation.open_page, "doings"))
        self.summary.stick_asked.connect(partial(self._open_safety, "stick"))
        self.summary.backups_asked.connect(partial(self._open_safety, "backups"))
        self._parts = Segments([("due", "要办的"), ("summary", "概况")])
        self._parts.changed.connect(self._arrange)
        self._parts.hide()
        m = theme.metrics()
        self.content.addWidget(self._parts)
        self._body = row(self._sheet, self.summary, gap=m.s16)
        self._body.setStretch(0, 1)
        self.content.addLayout(self._body, 1)
        self.summary.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self.summary.setFixedWidth(m.side)

    def _build_due(self) -> None:
        m = theme.metrics()
        self.due = DueList()
        self.due.chosen.connect(self._go)
        waiting = Text("正在看有什么要办…", tone=Tone.INK3)
        self._waiting = holder(column(waiting, None, margins=(m.s16, m.s16, m.s16, m.s16)))
        self._nothing = EmptyState("今天没有要办的。", "有新的情况，会自己列到这里。")
        self._stack = QStackedWidget()
        for widget in (self._waiting, self.due, self._nothing):
            self._stack.addWidget(widget)
        self._sheet = Sheet(self._stack)

    # ---- reading

    @override
    def load(self) -> None:
        self._children_wanted = True
        self._look()

    def _look(self) -> None:
        self._first.run(glance, self.context.store, self.context.backup_folder, on_done=self._show_glance)

    @override
    def showEvent(self, event: QShowEvent) -> None:
        """Backups and copies are no changes of the ledger: look at them each time; at the children only when needed."""
        if self._glance is not None and self._glance.day != self.context.clock.today():
            self._stale = True
        if not self.is_stale:
            self._look()
        super().showEvent(event)

    def _show_glance(self, found: Glance) -> None:
        self._glance = found
        self.header.set_fact(_day_line(found.day, found.week))
        self.summary.show_glance(found)
        self._show_due()
        if self._children_wanted:
            self._children_wanted = False
            QTimer.singleShot(0, self._read_children)

    def _read_children(self) -> None:
        self._second.run(due_children, self.context.store, on_done=self._show_children)

    def _show_children(self, found: DueChildren) -> None:
        self._children = found
        self.summary.show_parents(found.parents)
        self._show_due()

    def _show_due(self) -> None:
        if self._glance is None or self._children is None:
            return
        self._lines = lines_of(in_order(self._glance.items, self._children.items))
        self.due.set_groups(self._lines.groups)
        count = len(self._lines.targets)
        self._parts.set_words("due", f"要办的 {count}" if count else "要办的")
        if count:
            self._stack.setCurrentWidget(self.due)
        else:
            self._show_nothing(self._glance)
            self._stack.setCurrentWidget(self._nothing)
        if self._wants_focus:
            self.focus_first()

    def _show_nothing(self, found: Glance) -> None:
        if found.count.known or self.context.read_only:
            self._nothing.set_words("今天没有要办的。", "有新的情况，会自己列到这里。")
            return
        go = self.context.navigation.open_page
        self._nothing.set_words(
            "台账还是空的",
            "先把孩子登记进来，导入完就能打印。",
            ways=[
                Way(
                    "arrow_import",
                    "有现成的花名册",
                    "Excel、WPS 表都可以。",
                    "导入花名册",
                    partial(go, "importing"),
                    filled=True,
                ),
                Way(
                    "person_add",
                    "没有表，从头登记",
                    "有姓名和班级就能先存。",
                    "登记第一名",
                    partial(go, "ledger", add=True),
                ),
                Way(
                    "people_community",
                    "先看看样子",
                    "和您的数据分开放。",
                    "看演示学校",
                    self.context.program.open_demo,
                ),
            ],
        )

    # ---- going where it is done

    def _go(self, key: str) -> None:
        target = self._lines.targets[key]
        if target.child:
            self.context.navigation.open_child(target.child, among=target.among)
        else:
            self.context.navigation.open_page(target.page, **target.params)

    def _open_children(self, words: str, uuids: tuple[str, ...] | None) -> None:
        if uuids is None:
            self.context.navigation.open_page("ledger")
        else:
            self.context.navigation.open_page("ledger", uuids=uuids, words=words)

    def _open_safety(self, part: str) -> None:
        self.context.navigation.open_page("safety", part=part)

    def _undo(self, action_uuid: str) -> None:
        self.context.undo(action_uuid)

    def _search(self) -> None:
        text = self.header.search.text().strip() if self.header.search else ""
        if text:
            self.context.navigation.open_page("ledger", find=text)
        else:
            self.focus_first()

    # ---- window and keys

    @override
    def breakpoint_changed(self, breakpoint_: Breakpoint) -> None:
        narrow = breakpoint_ is Breakpoint.NARROW
        m = theme.metrics()
        self._parts.setVisible(narrow)
        self.summary.setMinimumWidth(0 if narrow else m.side)
        self.summary.setMaximumWidth(m.form_most if narrow else m.side)
        self._body.setStretch(1, int(narrow))
        self._arrange()

    def _arrange(self, *_: object) -> None:
        narrow = self.breakpoint is Breakpoint.NARROW
        self._sheet.setVisible(not narrow or self._parts.current == "due")
        self.summary.setVisible(not narrow or self._parts.current == "summary")

    @override
    def focus_first(self) -> None:
        self._wants_focus = self._stack.currentWidget() is self._waiting
        if self._wants_focus:
            return  # as soon as the lines are there
        if self._stack.currentWidget() is self.due and self._sheet.isVisible():
            self.due.setFocus()
        else:
            super().focus_first()

    @override
    def side_stops(self) -> tuple[QWidget, ...]:
        return (self.due, self.summary)


def _day_line(day: date, week: str) -> str:
    """Return 11月19日  星期三  第 12 周."""
    words = [f"{day.month}月{day.day}日", f"星期{_WEEKDAYS[day.weekday()]}", week]
    return "　".join(word for word in words if word)
