"""看改动历史: who changed what in this file, when, from what to what."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.children.change_history import ChangeLine
from ui import theme
from ui.pages.child.timeline import Lines
from ui.theme import Tone, Type
from ui.widgets import EmptyState, Panel, Rule, Text, Verb, column
from ui.wording import moment_words

_MOST = 150


class HistoryPanel(Panel):
    """The latest first, nothing cut; nothing is changed here."""

    def __init__(self, parent: QWidget | None, name: str, changes: Sequence[ChangeLine], today: date) -> None:
        m = theme.metrics()
        super().__init__(
            parent,
            f"{name}的改动历史",
            [Verb("close", "知道了")],
            width=m.form_most,
            focus_content=True,
        )
        self.changes = tuple(changes[:_MOST])
        if not changes:
            self.box.addWidget(EmptyState("", "录入以后还没有改过。"))
            return
        lines = Lines("改动历史", margins=(m.s12, m.s8, 0, m.s8))
        day = ""
        for change in self.changes:
            if change.at[:10] != day:
                day = change.at[:10]
                if lines.box.count():
                    lines.box.addWidget(Rule())
            lines.box.addWidget(_Line(change, today))
        if len(changes) > _MOST:
            words = f"更早的还有 {len(changes) - _MOST} 条，都留着。"
            lines.box.addWidget(Text(words, Type.SMALL, Tone.INK2))
        lines.box.addStretch(1)
        lines.setFixedHeight(min(m.list_row * len(self.changes) + m.s24, m.side_small))
        self.box.addWidget(lines)


class _Line(QWidget):
    """昨天 16:20 陈素兰 · 父亲 单大勇，务工地 · 原来 → 现在."""

    def __init__(self, change: ChangeLine, today: date) -> None:
        super().__init__()
        m = theme.metrics()
        moment = Text(moment_words(datetime.fromisoformat(change.at), today), Type.SMALL, Tone.INK2)
        who = Text(change.who or "没有选是谁", Type.SMALL, Tone.INK2, wrap=True)
        when = column(moment, who, None)
        what = column(Text(change.what, bold=True, wrap=True), gap=m.s2)
        if change.subject:
            what.addWidget(Text(change.subject, Type.SMALL, Tone.INK2, wrap=True))
        what.addStretch(1)
        values = column(Text(change.after, wrap=True))
        if change.before:
            values.addWidget(Text(f"原来：{change.before}", Type.SMALL, Tone.INK2, wrap=True))
        values.addStretch(1)
        box = QHBoxLayout(self)
        box.setContentsMargins(0, m.s4, m.s12, m.s4)
        box.setSpacing(m.s16)
        box.setAlignment(Qt.AlignmentFlag.AlignTop)
        box.addLayout(when, 0)
        box.addLayout(what, 2)
        box.addLayout(values, 4)
        moment.setFixedWidth(m.field_date + m.s8)
