"""Who of the children with one telephone number are brothers and sisters: asked number by number, answered by her alone."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from app.children.same_phone import SharedPhone, shared_phones
from app.core.errors import UserError
from app.dossier.same_family import join_family, not_one_family
from ui import theme
from ui.context import Context
from ui.jobs import Latest
from ui.theme import Tone, Type
from ui.widgets import Cell, Column, DataTable, Kind, Panel, Text, Verb

LATER, NO, YES = "later", "no", "yes"
_LINES = 6
_ANSWERS = {YES: join_family, NO: not_one_family}


def ask_who_is_family(context: Context, page: QWidget, reading: Latest) -> None:
    """Read what is still to be asked, and ask it: once, however often its line was pressed meanwhile."""

    def ask(shared: list[SharedPhone]) -> None:
        if shared:
            context.dialogs.open_panel(OnePhonePanel(context, page, shared), _closed)

    reading.run(shared_phones, context.store, on_done=ask)


class OnePhonePanel(Panel):
    """One line per number, answered by the verbs; then it goes, and with the last the panel.

    A double click answers one of them: the second press would be about the next, which nobody has looked at.
    """

    def __init__(self, context: Context, page: QWidget, shared: list[SharedPhone]) -> None:
        m = theme.metrics()
        super().__init__(
            page,
            "留同一个电话的，是一家的吗？",
            [Verb(LATER, "先不定"), Verb(NO, "不是，不再问"), Verb(YES, "是一家", Kind.FILLED)],
            width=m.start_column + m.s32 * 2,
            focus_content=True,
        )
        self._context = context
        self._writing = False
        for key in _ANSWERS:
            self.buttons[key].installEventFilter(self)
            self.buttons[key].setEnabled(not context.read_only)
        words = (
            "框住的这一行：亲兄弟姐妹（同父或同母）选「是一家」，从此共用一份家长登记，结对、打电话排在一起。"
        )
        self.box.addWidget(Text(words, tone=Tone.INK2, wrap=True))
        self.table = DataTable(
            [
                Column("who", "儿童", _who, "买买提·阿卜杜热西提、欧阳慕容雨桐、覃晓雨", frozen=True),
                Column("number", "电话", _number, "138 0000 0000"),
            ],
            two_lines=True,
        )
        self.table.setFixedHeight(m.table_head + min(max(len(shared), 2), _LINES) * m.row_two + m.s4)
        self.table.set_rows(shared)
        self.box.addWidget(self.table)
        self._reason = Text("", Type.SMALL, Tone.RED, wrap=True)
        self._reason.hide()
        self.box.addWidget(self._reason)
        words = "堂表兄弟姐妹、邻居代接，选「不是」。选错了可以撤销。"
        self.box.addWidget(Text(words, Type.SMALL, Tone.INK2, wrap=True))

    @override
    def answer(self, key: str) -> None:
        """The ringed line is answered, and the next has the ring; only 先不定 closes while there is one."""
        if self._writing:
            return  # its answer is on the way to the ledger
        one = self.table.current_row()
        if key not in _ANSWERS or not isinstance(one, SharedPhone):
            super().answer(LATER)
            return
        self._writing = True
        self._reason.hide()
        self._context.write(
            _ANSWERS[key],
            child_uuids=tuple(child.uuid for child in one.children),
            number=one.number,
            on_done=self._stored,
            on_error=self._refused,
            toast=True,
        )

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        return event.type() == QEvent.Type.MouseButtonDblClick or super().eventFilter(watched, event)

    def _stored(self, _changes: object) -> None:
        self._context.read(shared_phones, on_done=self._show, on_error=self._refused)

    def _show(self, shared: list[SharedPhone]) -> None:
        self._writing = False
        self.table.set_rows(shared)
        if not shared:
            self.answer(LATER)

    def _refused(self, error: BaseException) -> None:
        self._writing = False
        if isinstance(error, UserError):
            self._reason.setText(f"{error.what}{error.safe}{error.todo}")
            self._reason.show()
        else:
            self._context.errors.show(error)


def _who(one: SharedPhone) -> Cell:
    """The names, and below them whose number it is: once where it is the same to all."""
    whose = [child.whose for child in one.children]
    alike = len(set(whose)) == 1
    each = "，".join(f"{child.name}的{child.whose}" for child in one.children)
    return Cell(one.names, bold=True, second=f"都是{whose[0]}的号码" if alike else each)


def _number(one: SharedPhone) -> Cell:
    return Cell(one.number, Tone.INK2)


def _closed(_key: str) -> None:
    """Whoever closed it: what was answered is written."""
