"""看改动历史: who changed what in this file, when, from what to what."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from PySide6.QtWidgets import QWidget

from app.children.change_history import ChangeLine
from ui import theme
from ui.theme import Tone
from ui.widgets import Cell, Column, DataTable, EmptyState, Panel, Verb
from ui.wording import moment_words


class HistoryPanel(Panel):
    """The latest first; nothing is changed here."""

    def __init__(self, parent: QWidget | None, name: str, changes: Sequence[ChangeLine], today: date) -> None:
        m = theme.metrics()
        super().__init__(
            parent,
            f"{name}的改动历史",
            [Verb("close", "知道了")],
            width=m.form_most + m.s32,
            focus_content=True,
        )
        self._today = today
        if not changes:
            self.box.addWidget(EmptyState("", "录入以后还没有改过。"))
            return
        self.table = DataTable(
            [
                Column("when", "什么时候", self._when, sample="11月13日 09:58"),
                Column("who", "谁改的", _who, sample="欧阳慕容"),
                Column("what", "哪一项", _what, sample="父亲　外出情况　务工地"),
                Column("values", "原来 → 现在", _values, sample="浙江温州，鞋厂 → 福建晋江，鞋厂"),
            ],
            two_lines=True,
            key=_key,
        )
        self.table.set_rows(list(changes))
        self.table.setFixedHeight(min(m.table_head + len(changes) * m.row_two + m.s4, m.side))
        self.box.addWidget(self.table)

    def _when(self, change: ChangeLine) -> str:
        return moment_words(datetime.fromisoformat(change.at), self._today)


def _key(change: ChangeLine) -> ChangeLine:
    return change


def _who(change: ChangeLine) -> Cell:
    return Cell(change.who or "没有选是谁", tone=Tone.INK if change.who else Tone.INK3)


def _what(change: ChangeLine) -> Cell:
    return Cell(change.what, second=change.subject, second_tone=Tone.INK2)


def _values(change: ChangeLine) -> Cell:
    return Cell(change.after, second=f"原来：{change.before}" if change.before else "", second_tone=Tone.INK2)
