"""Above the timeline: what was promised and is open, with its verbs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from app.core.changes import Changes
from app.diary.facts import PromiseFacts
from app.diary.service_promises import give_up_promise, keep_promise
from ui import theme
from ui.context import Context
from ui.drafts import EntryPanel
from ui.theme import Tone, Type
from ui.widgets import (
    Button,
    DateField,
    FormRow,
    Ground,
    Menu,
    QuietField,
    Text,
    column,
    empty_out,
    holder,
    row,
)
from ui.wording import day_words

SHOWN = 3
"""So many promises are spelled out; the rest is counted."""


class OpenPromises(Ground):
    """Takes no room while nothing is open."""

    def __init__(self, context: Context) -> None:
        super().__init__("select")
        m = theme.metrics()
        self._context = context
        self._box = column(gap=m.s8, margins=(m.s16, m.s8, m.s16, m.s8))
        self.setLayout(self._box)
        self.hide()

    def show_promises(self, promises: Sequence[PromiseFacts]) -> None:
        """Show these, the one due first first."""
        empty_out(self._box)
        for one in promises[:SHOWN]:
            self._box.addWidget(self._line(one))
        if len(promises) > SHOWN:
            self._box.addWidget(Text(f"还有 {len(promises) - SHOWN} 件没兑现", Type.SMALL, Tone.INK2))
        self.setVisible(bool(promises))

    def _line(self, one: PromiseFacts) -> QWidget:
        m = theme.metrics()
        today = self._context.clock.today()
        mark = Text()
        mark.setPixmap(theme.pixmap("heart", Tone.ACCENT_DARK))
        said = day_words(date.fromisoformat(one.promised_on), today)
        due = f"，{day_words(date.fromisoformat(one.due_on), today)}以前" if one.due_on else ""
        late = bool(one.due_on) and (one.due_on or "") < today.isoformat()
        words = column(
            Text("答应过，还没兑现", bold=True),
            Text(f"「{one.content}」", wrap=True),
            Text(f"{said}{due}", Type.SMALL, Tone.RED if late else Tone.INK2, wrap=True),
        )
        menu = Menu()
        menu.add("今天兑现了", partial(self._keep, one.uuid, today.isoformat()))
        menu.add("另一天兑现了…", partial(self._ask_day, one))
        menu.add("记一条，写下怎么兑现的", partial(self._record, one))
        menu.line()
        menu.add("不再办了…", partial(self._ask_why, one))
        verb = Button("已兑现", menu=menu, small=True)
        menu.setParent(verb, menu.windowFlags())
        verb.setEnabled(not self._context.read_only)
        line = row(mark, m.s8, words, m.s8, verb)
        line.setStretch(2, 1)
        line.setAlignment(mark, Qt.AlignmentFlag.AlignTop)
        return holder(line)

    def _record(self, one: PromiseFacts) -> None:
        self._context.navigation.open_page("record", child=one.child_uuid, promise=one.uuid)

    def _keep(self, uuid: str, day: str) -> None:
        self._context.write(keep_promise, uuid=uuid, on=day, toast=True)

    def _ask_day(self, one: PromiseFacts) -> None:
        panel = PromisePanel(self._context, one, kept=True)
        self._context.dialogs.open_panel(panel, _nothing_more)

    def _ask_why(self, one: PromiseFacts) -> None:
        panel = PromisePanel(self._context, one, kept=False)
        self._context.dialogs.open_panel(panel, _nothing_more)


class PromisePanel(EntryPanel):
    """On which day it was kept, or why it is given up."""

    def __init__(self, context: Context, one: PromiseFacts, *, kept: bool) -> None:
        head = f"「{one.content}」"
        verb = "记下已兑现" if kept else "记下不再办"
        super().__init__(context.dialogs.top, head, self._store, verb=verb)
        self._context = context
        self._uuid = one.uuid
        self._is_kept = kept
        self.day = DateField(quiet=False, hint="")
        self.note = QuietField(quiet=False, hint="为什么不再办")
        if kept:
            self.day.set_value(context.clock.today().isoformat())
            self.add(FormRow("哪天兑现", self.day))
        else:
            self.add(FormRow("原因", self.note))

    def _store(self, _key: str) -> None:
        context = self._context
        if self._is_kept:
            context.write(
                keep_promise,
                uuid=self._uuid,
                on=self.day.text(),
                toast=True,
                on_done=self._stored,
                on_error=self.refused,
            )
        else:
            context.write(
                give_up_promise,
                uuid=self._uuid,
                note=self.note.text(),
                toast=True,
                on_done=self._stored,
                on_error=self.refused,
            )

    def _stored(self, _changes: Changes) -> None:
        self.finish()


def _nothing_more(_key: str) -> None:
    """The panel has written what there was to write."""
