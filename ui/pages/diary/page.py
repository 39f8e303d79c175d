"""日记: what was done, in parts; the header's search and 记一条 belong to the page, the other buttons to the part in front."""

from __future__ import annotations

from typing import Any

from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QStackedWidget, QWidget
from typing_extensions import override

from app.core.changes import Changes
from ui.context import Context
from ui.drafts import Form
from ui.pages.diary.entry_page import RecordPage
from ui.pages.diary.list_segment import ListSegment
from ui.pages.diary.segment import Segment
from ui.pages.diary.segments import all_segments
from ui.shell.page import Page
from ui.theme import Breakpoint
from ui.widgets import Button, Kind, Segments

__all__ = ["DiaryPage", "RecordPage"]

SEARCH_HINT = "搜记录里的文字"
SEARCH_WAIT = 250
"""Milliseconds after the last key before the texts are looked through."""


class DiaryPage(Page):
    """Holds the parts and hands on what concerns them."""

    def __init__(self, context: Context) -> None:
        super().__init__(context, "日记")
        self._specs = {spec.key: spec for spec in all_segments()}
        self._made: dict[str, Segment] = {}
        self._buttons: dict[str, tuple[Button, ...]] = {}
        self._current = next(iter(self._specs))
        self._search = self.header.add_search(SEARCH_HINT, wait=SEARCH_WAIT)
        self._search.changed.connect(self._search_changed)
        self._search.entered.connect(self.focus_first)
        self._search.left.connect(self.focus_first)
        self.record = Button("记一条", self._record, icon="add", kind=Kind.FILLED, tool_tip="Ctrl+N")
        self.record.setEnabled(not context.read_only)
        self.parts = Segments([(spec.key, spec.words) for spec in self._specs.values()])
        self.parts.setAccessibleName("日记的各部分")
        self.parts.changed.connect(self._choose)
        self.stack = QStackedWidget()
        self.content.addWidget(self.parts)
        self.content.addWidget(self.stack, 1)
        self.header.add(self.record)
        self._show(self._current)

    @property
    def segment(self) -> Segment:
        """The part in front."""
        return self._made[self._current]

    # ---- parts

    def _choose(self, key: str) -> None:
        if not self.segment.may_leave():
            self.parts.set_current(self._current)
            return
        self.segment.leave()
        self._show(key)
        self.parts.setFocus()

    def _show(self, key: str) -> None:
        made = self._made.get(key)
        if made is None:
            made = self._made[key] = self._specs[key].make(self.context, self)
            made.fact_changed.connect(self._say_fact)
            self.stack.addWidget(made)
            self._buttons[key] = made.verbs()
            for button in self._buttons[key]:
                self.header.add(button)
            made.breakpoint_changed(self.breakpoint)
        self._current = key
        self.parts.set_current(key)
        self.stack.setCurrentWidget(made)
        for other, buttons in self._buttons.items():
            for button in buttons:
                self.header.offer(button, other == key)
        has_filled = any(button.is_filled() for button in self._buttons[key])
        self.record.setVisible(not has_filled)
        self._search.setVisible(isinstance(made, ListSegment))
        self._say_fact()
        if made.is_stale and self.isVisible():
            made.is_stale = False
            made.load()

    def _say_fact(self) -> None:
        self.header.set_fact(self.segment.fact())

    # ---- page

    @override
    def open_with(self, **params: Any) -> None:
        key = params.pop("part", self._current)
        if key != self._current:
            self.segment.leave()
            self._show(key)
        self.segment.open_with(**params)

    @override
    def load(self) -> None:
        self.segment.is_stale = False
        self.segment.load()

    @override
    def touched_by(self, changes: Changes) -> bool:
        for segment in self._made.values():
            if changes.touches(segment.areas):
                segment.is_stale = True
        return self.segment.is_stale

    @override
    def showEvent(self, event: QShowEvent) -> None:
        if self.segment.is_stale:
            self._stale = True
        super().showEvent(event)

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.segment.leave()

    @override
    def breakpoint_changed(self, breakpoint_: Breakpoint) -> None:
        for segment in self._made.values():
            segment.breakpoint_changed(breakpoint_)

    @override
    def may_leave(self) -> bool:
        return self.segment.may_leave()

    @override
    def focus_first(self) -> None:
        if self.context.drafts.wants(Form.WEEK) and self._current != "week":
            self._show("week")
        self.segment.focus_first()

    @override
    def side_stops(self) -> tuple[QWidget, ...]:
        return (self.parts, *self.segment.side_stops())

    @override
    def foot_height(self) -> int:
        return self.segment.foot_height()

    @override
    def entry_params(self) -> dict[str, Any]:
        segment = self.segment
        return segment.entry_params() if isinstance(segment, ListSegment) else {}

    # ---- header

    def _record(self) -> None:
        self.context.navigation.open_page("record", **self.entry_params())

    def _search_changed(self, text: str) -> None:
        segment = self.segment
        if isinstance(segment, ListSegment):
            segment.search(text)
