"""跟踪记录: everything about the child in order, above it what was promised and is open."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QStackedWidget, QWidget
from typing_extensions import override

from app.core.changes import Changes
from app.dossier.timeline import Timeline as Found
from app.dossier.timeline import timeline
from app.school.event_rules import EventRuleFacts
from app.storage.drafts import Draft
from ui import theme
from ui.context import Context
from ui.drafts import Form
from ui.pages.child.events import Event
from ui.pages.child.timeline_open import OpenThings
from ui.pages.child.timeline_panels import (
    ask_what_happened,
    ask_when_kept,
    ask_why_given_up,
    ask_why_withdrawn,
)
from ui.pages.child.timeline_rows import Row, choices_of, rows_of
from ui.pages.child.timeline_view import TimelineView
from ui.theme import Tone, Type
from ui.widgets import Button, EmptyState, FilterChip, Menu, Rule, Sheet, Text, holder, row

AREAS = frozenset({"diary", "pairing", "survey"})
"""Changes after which it reads again by itself; the child's own facts come with the page."""


class Timeline(Sheet):
    """Reads what was done by itself, beside the file; `show_child` brings what changed in the file."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        m = theme.metrics()
        self._context = context
        self._uuid = ""
        self._name = ""
        self._shown_uuid = ""
        self._events: tuple[Event, ...] = ()
        self._rows: list[Row] = []
        self._rules: tuple[EventRuleFacts, ...] = ()
        self._key = ""
        self._is_stale = False
        self._reading = context.jobs.latest(self)
        self._count = Text("", Type.SMALL, Tone.INK2)
        self.filter = FilterChip("只看", self._fill_menu)
        self.filter.cleared.connect(partial(self._narrow, "", ""))
        title = Text("跟踪记录", Type.SECTION)
        self._happened = Menu()
        self._happened.aboutToShow.connect(self._fill_events)
        self.happened = Button("有情况", menu=self._happened, small=True, tool_tip="记下一件要上门看的事")
        self._happened.setParent(self.happened, self._happened.windowFlags())
        self.happened.setEnabled(not context.read_only)
        top = holder(
            row(
                title, m.s8, self._count, None, self.happened, m.s8, self.filter, margins=(m.s16, 0, m.s16, 0)
            )
        )
        top.setFixedHeight(m.filter_bar)
        self.open_things = OpenThings(context)
        self.view = TimelineView("跟踪记录")
        self.view.opened.connect(self._open)
        self._empty = EmptyState("", "还没有记录。", link="记一条", on_link=self._record)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.view)
        self._stack.addWidget(self._empty)
        self.box.addWidget(top)
        self.box.addWidget(Rule())
        self.box.addWidget(self.open_things)
        self.box.addWidget(self._stack, 1)
        context.bus.changed.connect(self._changed)

    @property
    def stop(self) -> QWidget:
        """What takes the keyboard (F4, F6)."""
        return self.view

    # ---- read

    def show_child(self, uuid: str, name: str, events: Sequence[Event]) -> None:
        """Show this child; what was done with it is read beside the file."""
        self._uuid, self._name, self._events = uuid, name, tuple(events)
        self._read()

    def _read(self) -> None:
        self._is_stale = False
        self._reading.run(timeline, self._context.store, self._uuid, on_done=self._show)

    def _changed(self, changes: Changes) -> None:
        if self._uuid and changes.touches(AREAS):
            self._is_stale = True
            if self.isVisible():
                self._read()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._is_stale:
            self._read()

    def _show(self, found: Found) -> None:
        same = found.child_uuid == self._shown_uuid
        self._shown_uuid = found.child_uuid
        if not same:
            self._key = ""
            self.filter.set_choice("")
        self._rows = rows_of(found, self._events)
        self._rules = found.rules
        self.open_things.show_open(found.events, found.promises)
        self._list(keep_place=same)
        if not self._context.read_only:
            self._write_on(found)

    def _write_on(self, found: Found) -> None:
        """接着写: the dialog in which something was left, if it is about what is still open."""
        context = self._context
        promises = {one.uuid: one for one in found.promises}
        events = {one.uuid: one for one in found.events}
        rules = {one.code: one for one in found.rules}

        def again(known: Mapping[str, Any], ask: Callable[..., object], draft: Draft) -> None:
            one = known.get(str(draft.how.get("rule") or draft.record))
            if one is None:
                context.navigation.toast("这件事已经了结，草稿还留着")
            else:
                ask(one)

        def happened(draft: Draft) -> None:
            ask = partial(self.ask_what_happened, uuid=str(draft.how.get("uuid") or ""))
            again(rules, ask, draft)

        context.drafts.reopen(
            {
                Form.PROMISE_KEPT: partial(again, promises, partial(ask_when_kept, context)),
                Form.PROMISE_DROPPED: partial(again, promises, partial(ask_why_given_up, context)),
                Form.WITHDRAWN: partial(again, events, partial(ask_why_withdrawn, context)),
                Form.HAPPENED: happened,
            },
            record=found.child_uuid,
        )

    def _list(self, *, keep_place: bool) -> None:
        rows = [one for one in self._rows if not self._key or self._key in one.keys]
        self.view.set_rows(rows, keep_place=keep_place)
        self._count.setText(f"{len(rows)} 条" if rows else "")
        self._stack.setCurrentWidget(self.view if rows else self._empty)

    # ---- narrowed

    def _fill_menu(self, menu: Menu) -> None:
        menu.add("全部", partial(self._narrow, "", ""), ticked=not self._key)
        menu.line()
        for key, words, count in choices_of(self._rows):
            menu.add(f"{words}\t{count}", partial(self._narrow, key, words), ticked=key == self._key)

    def _narrow(self, key: str, words: str) -> None:
        self._key = key
        self.filter.set_choice(words)
        self._list(keep_place=False)

    # ---- opened

    def _open(self, found: Row) -> None:
        if found.opens is not None:
            page, params = found.opens
            self._context.navigation.open_page(page, **params)

    def _fill_events(self) -> None:
        self._happened.clear()
        self._happened.head("要上门看的事；档案里写的变了，点左边的「情况变了…」")
        for rule in self._rules:
            self._happened.add(f"{rule.name}…", partial(self.ask_what_happened, rule))

    def ask_what_happened(self, rule: EventRuleFacts, *, uuid: str = "") -> None:
        """One of the events that open a visit happened to the child; `uuid` when it is written on."""
        ask_what_happened(self._context, (self._uuid, self._name), rule, uuid=uuid)

    def _record(self) -> None:
        self._context.navigation.open_page("record", child=self._uuid)
