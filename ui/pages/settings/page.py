"""The settings: sections at the left, the chosen one on its sheet."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtWidgets import QStackedWidget, QWidget
from typing_extensions import override

from app.storage.drafts import Draft
from app.storage.store import Store
from ui import theme
from ui.context import Context
from ui.pages.settings.cadences import CadencesSection
from ui.pages.settings.calendar import CalendarSection
from ui.pages.settings.classes import ClassesSection
from ui.pages.settings.display import DisplaySection
from ui.pages.settings.events import EventsSection
from ui.pages.settings.limits import LimitsSection
from ui.pages.settings.rule import RuleSection
from ui.pages.settings.school import SchoolSection
from ui.pages.settings.section import Section
from ui.pages.settings.staff import StaffSection
from ui.shell.page import Page
from ui.theme import Breakpoint
from ui.widgets import Scroll, Segments, Sheet, SideItem, SideList
from ui.widgets.layout import column, row

_SECTIONS: dict[str, tuple[str, Callable[[Context], Section]]] = {
    "school": ("学校", SchoolSection),
    "staff": ("教职工", StaffSection),
    "classes": ("班级", ClassesSection),
    "calendar": ("学期与假期", CalendarSection),
    "rule": ("本地口径", RuleSection),
    "cadences": ("频次规则", CadencesSection),
    "events": ("必访事件", EventsSection),
    "limits": ("期限", LimitsSection),
    "display": ("显示与数据位置", DisplaySection),
}


def _placed(key: str, section: Section) -> QWidget:
    """Tables take the sheet; forms scroll and stop at the width that the eye still follows."""
    if key in ("staff", "classes", "cadences", "events", "limits"):
        return section
    section.setMaximumWidth(theme.metrics().form_most)
    beside = row(section, None)
    beside.setStretch(0, 100)
    return Scroll(beside)


def _nothing(_store: Store) -> None:
    """Wait for what was asked before."""


class SettingsPage(Page):
    """One section at a time, made when it is first looked at."""

    areas = frozenset({"school", "classes", "calendar", "children", "staff", "todo"})

    def __init__(self, context: Context) -> None:
        super().__init__(context, "设置")
        m = theme.metrics()
        words = [(key, words) for key, (words, _) in _SECTIONS.items()]
        self.index = SideList([SideItem(key, text) for key, text in words])
        self.index.chosen.connect(self.show_section)
        self.index.setFixedWidth(m.side_list * 2)
        self._segments = Segments(words)
        self._segments.changed.connect(self.show_section)
        self._segments.hide()
        self._stack = QStackedWidget()
        self._made: dict[str, Section] = {}
        self._places: dict[str, int] = {}
        self.content.addWidget(self._segments)
        self.content.addLayout(row(column(self.index, None), Sheet(self._stack), gap=m.s16), 1)
        self._current = "school"

    @property
    def section(self) -> Section:
        """The section that is shown."""
        return self._made[self._current]

    @override
    def open_with(self, **params: Any) -> None:
        if params.get("section") in _SECTIONS:
            self.show_section(params["section"])

    @override
    def load(self) -> None:
        self.show_section(self._current)

    def show_section(self, key: str) -> None:
        """Show a section with what stands in the file now."""
        self._current = key
        if key not in self._made:
            section = _SECTIONS[key][1](self.context)
            self._made[key] = section
            section.set_narrow(self.breakpoint is Breakpoint.NARROW)
            self._places[key] = self._stack.addWidget(_placed(key, section))
        self._stack.setCurrentIndex(self._places[key])
        self.index.set_current(key)
        self._segments.set_current(key)
        self._made[key].load()
        draft = self.context.drafts.take_wanted("settings.")
        if draft is not None:
            # Asked after what the section shows, so answered after it: by then everything is there.
            self.context.read(_nothing, on_done=partial(self._resume, draft))

    def _resume(self, draft: Draft, _answer: object) -> None:
        self.section.resume(draft)

    @override
    def breakpoint_changed(self, breakpoint_: Breakpoint) -> None:
        narrow = breakpoint_ is Breakpoint.NARROW
        self._segments.setVisible(narrow)
        for section in self._made.values():
            section.set_narrow(narrow)
        self.index.setVisible(not narrow)

    @override
    def focus_first(self) -> None:
        self.index.setFocus()

    @override
    def side_stops(self) -> tuple[QWidget, ...]:
        return (self.index, self._stack)
