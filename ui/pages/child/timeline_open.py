"""Above the timeline: what was promised and what asks for a visit, as long as it is open, with its verbs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from app.diary.facts import EventFacts, PromiseFacts
from app.diary.service_promises import keep_promise
from ui import theme
from ui.context import Context
from ui.pages.child.timeline_panels import ask_when_kept, ask_why_given_up, ask_why_withdrawn
from ui.theme import Tone, Type
from ui.widgets import Button, Ground, Menu, Text, column, empty_out, holder, row
from ui.wording import day_words

SHOWN = 3
"""So many are spelled out; the rest is counted."""


class OpenThings(Ground):
    """Takes no room while nothing is open."""

    def __init__(self, context: Context) -> None:
        super().__init__("select")
        m = theme.metrics()
        self._context = context
        self._box = column(gap=m.s8, margins=(m.s16, m.s8, m.s16, m.s8))
        self.setLayout(self._box)
        self.hide()

    def show_open(self, events: Sequence[EventFacts], promises: Sequence[PromiseFacts]) -> None:
        """Show these: visits that are asked for first, then promises, the one due first first."""
        empty_out(self._box)
        lines = [partial(self._event, one) for one in events] + [
            partial(self._promise, one) for one in promises
        ]
        for make in lines[:SHOWN]:
            self._box.addWidget(make())
        if len(lines) > SHOWN:
            self._box.addWidget(Text(f"还有 {len(lines) - SHOWN} 件没办", Type.SMALL, Tone.INK2))
        self.setVisible(bool(lines))

    # ---- lines

    def _promise(self, one: PromiseFacts) -> QWidget:
        menu = Menu()
        menu.add("今天兑现了", partial(self.keep, one.uuid, self._today))
        menu.add("另一天兑现了…", partial(ask_when_kept, self._context, one))
        menu.add("记一条，写下怎么兑现的", partial(self.record, one.child_uuid, promise=one.uuid))
        menu.line()
        menu.add("不再办了…", partial(ask_why_given_up, self._context, one))
        due = f"，{self._said(one.due_on)}以前" if one.due_on else ""
        is_late = one.due_on is not None and one.due_on < self._today.isoformat()
        said = f"{self._said(one.promised_on)}答应{due}"
        return self._line(
            "heart",
            "答应过，还没兑现",
            f"「{one.content}」",
            said,
            is_late,
            Button("已兑现", menu=menu, small=True),
        )

    def _event(self, one: EventFacts) -> QWidget:
        menu = Menu()
        what = one.activity.label
        menu.add(
            f"记这次{what}", partial(self.record, one.child_uuid, kind=one.activity.value, event=one.uuid)
        )
        menu.line()
        menu.add("记错了，撤回…", partial(ask_why_withdrawn, self._context, one))
        due = date.fromisoformat(one.happened_on) + timedelta(days=one.days)
        said = f"{self._said(one.happened_on)}，{day_words(due, self._today)}以前{what}"
        head = f"{one.name}，还没有{what}"
        return self._line(
            "info", head, one.note or "", said, due < self._today, Button(f"去{what}", menu=menu, small=True)
        )

    def _line(self, icon: str, head: str, text: str, said: str, is_late: bool, verb: Button) -> QWidget:
        m = theme.metrics()
        mark = Text()
        mark.setPixmap(theme.pixmap(icon, Tone.ACCENT_DARK))
        words = column(Text(head, bold=True, wrap=True))
        if text:
            words.addWidget(Text(text, wrap=True))
        words.addWidget(Text(said, Type.SMALL, Tone.RED if is_late else Tone.INK2, wrap=True))
        menu = verb.menu()
        menu.setParent(verb, menu.windowFlags())
        verb.setEnabled(not self._context.read_only)
        line = row(mark, m.s8, words, m.s8, verb)
        line.setStretch(2, 1)
        line.setAlignment(mark, Qt.AlignmentFlag.AlignTop)
        return holder(line)

    # ---- verbs

    @property
    def _today(self) -> date:
        return self._context.clock.today()

    def _said(self, day: str) -> str:
        return day_words(date.fromisoformat(day), self._today)

    def record(self, child: str, **params: str) -> None:
        """Write what was done about it; the record closes it."""
        self._context.navigation.open_page("record", child=child, **params)

    def keep(self, uuid: str, on: date) -> None:
        """兑现了, without a record."""
        self._context.write(keep_promise, uuid=uuid, on=on.isoformat(), toast=True)
