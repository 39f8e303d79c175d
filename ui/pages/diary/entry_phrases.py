"""Her own phrases: Alt+↓ in a text, or its right-click menu, lists them; one is put in where the caret stands."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QMenu

from app.core.changes import Changes
from app.diary.phrases import PhraseFacts, phrases
from app.diary.service_phrases import add_phrase, move_phrase, remove_phrase
from ui import theme
from ui.context import Context
from ui.theme import Tone, Type
from ui.widgets import (
    Button,
    EmptyState,
    Kind,
    Menu,
    Panel,
    QuietArea,
    QuietField,
    Scroll,
    Text,
    Verb,
    empty_out,
    holder,
    row,
)

BY_DIGIT = 9
"""So many phrases are reached by one digit."""
SHOWN = 24
"""Characters of a phrase in the menu."""


class PhraseDesk(QObject):
    """Offers the phrases of a text's column first, then all others."""

    def __init__(self, context: Context, owner: QObject) -> None:
        super().__init__(owner)
        self._context = context
        self._known: Sequence[PhraseFacts] = ()

    def set_known(self, known: Sequence[PhraseFacts]) -> None:
        """The phrases there are."""
        self._known = tuple(known)

    def ordered(self, column_name: str) -> list[PhraseFacts]:
        """Those of this column first."""
        return sorted(self._known, key=lambda one: one.field != column_name)

    def watch(self, area: QuietArea, column_name: str) -> None:
        """List the phrases in the right-click menu of a text too."""
        area.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        area.customContextMenuRequested.connect(partial(self.offer_among, area, column_name))

    def offer(self, area: QuietArea, column_name: str) -> Menu:
        """Open the menu below the caret."""
        menu = Menu(area)
        self._fill(menu, area, column_name)
        at = area.cursorRect().bottomLeft()
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(area.viewport().mapToGlobal(at + QPoint(0, theme.metrics().s4)))
        return menu

    def offer_among(self, area: QuietArea, column_name: str, at: QPoint) -> QMenu:
        """Open the usual menu of a text (复制, 粘贴 …) at a point of it, with the phrases below."""
        menu = area.createStandardContextMenu(at)
        menu.addSeparator()
        own = Menu(menu)
        own.setTitle("常用语")
        self._fill(own, area, column_name)
        menu.addMenu(own)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(area.viewport().mapToGlobal(at))
        return menu

    def _fill(self, menu: Menu, area: QuietArea, column_name: str) -> None:
        for place, phrase in enumerate(self.ordered(column_name), start=1):
            words = phrase.content if len(phrase.content) <= SHOWN else phrase.content[: SHOWN - 1] + "…"
            digit = f"&{place}　" if place <= BY_DIGIT else "　　"
            menu.addAction(digit + words.replace("&", "&&")).triggered.connect(
                partial(self._put_in, area, phrase.content)
            )
        if not self._known:
            menu.head("还没有常用语")
        menu.line()
        chosen = area.textCursor().selectedText().replace("\u2029", "\n").strip()
        menu.add("把选中的字存成常用语", partial(self._keep, column_name, chosen), enabled=bool(chosen))
        menu.add("整理常用语…", partial(self._manage, column_name))

    def _put_in(self, area: QuietArea, words: str, _checked: bool = False) -> None:
        area.textCursor().insertText(words)
        area.moveCursor(QTextCursor.MoveOperation.NoMove)
        area.setFocus()

    def _keep(self, column_name: str, words: str) -> None:
        self._context.write(add_phrase, field=column_name, content=words, toast=True, on_done=self._renew)

    def _manage(self, column_name: str) -> None:
        panel = PhrasePanel(self._context, column_name)
        self._context.dialogs.open_panel(panel, self._renew)

    def _renew(self, _answer: object = None) -> None:
        self._context.read(phrases, on_done=self.set_known)


class PhrasePanel(Panel):
    """All phrases with ↑ and 删掉, and a line for a new one."""

    def __init__(self, context: Context, column_name: str) -> None:
        super().__init__(
            context.dialogs.top, "常用语", [Verb("done", "整理好了", Kind.FILLED)], focus_content=True
        )
        m = theme.metrics()
        self._context = context
        self._column = column_name
        self.new = QuietField(quiet=False, hint="新的一句，Enter 存下")
        self.new.setAccessibleName("新的常用语")
        self.new.returnPressed.connect(self._add)
        self._list = Scroll()
        self._list.setFixedHeight(m.row * 8)
        self.box.addWidget(Text("写记录时按 Alt+↓，或在文字上点右键，就能选。", Type.SMALL, Tone.INK2))
        self.box.addWidget(self._list)
        self.box.addWidget(self.new)
        self._look()

    def _look(self, _answer: object = None) -> None:
        self._context.read(phrases, on_done=self._show)

    def _show(self, known: Sequence[PhraseFacts]) -> None:
        empty_out(self._list.box)
        for place, one in enumerate(known):
            up = Button("上移", partial(self._move, one.uuid, place - 1), small=True)
            up.setEnabled(place > 0)
            away = Button("删掉", partial(self._remove, one.uuid), small=True)
            self._list.box.addWidget(
                holder(row(Text(one.content, elide=True), None, up, away, gap=theme.metrics().s4))
            )
        if not known:
            self._list.box.addWidget(EmptyState("", "还没有常用语。"))
        self._list.box.addStretch(1)

    def _add(self) -> None:
        words = self.new.text().strip()
        if words:
            self._context.write(add_phrase, field=self._column, content=words, on_done=self._added)

    def _added(self, _changes: Changes) -> None:
        self.new.set_value("")
        self._look()

    def _move(self, uuid: str, place: int) -> None:
        self._context.write(move_phrase, uuid=uuid, position=place, on_done=self._look)

    def _remove(self, uuid: str) -> None:
        self._context.write(remove_phrase, uuid=uuid, on_done=self._look)
