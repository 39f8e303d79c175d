"""The status line of every page: saved, last verified backup, data place; who is entering, term."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from msgspec import Struct
from PySide6.QtCore import Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget
from typing_extensions import override

from ui import theme
from ui.context import Entering
from ui.theme import Tone, Type
from ui.widgets import paint
from ui.widgets.layout import row
from ui.widgets.menu import Menu
from ui.widgets.text import Link, Text


class StatusFacts(Struct, frozen=True):
    """What the line says besides the time of saving.

    `backup` like 「今天 09:58，118 名儿童」, `backup_short` like 「今天 09:58」, both empty without a
    verified backup; `place` the data folder; `term` and `week` of today. What is invented (`is_demo`) needs none.
    `holds_somebody`: there is a backup with a child in it. The one made before the first roster came in is none, and
    as soon as there are children `not_backed_up` counts them.
    """

    backup: str = ""
    backup_short: str = ""
    place: str = ""
    term: str = ""
    week: str = ""
    is_demo: bool = False
    holds_somebody: bool = False
    not_backed_up: int = 0


class _Pair(QWidget):
    """An icon and small words."""

    def __init__(self, icon: str, tone: Tone) -> None:
        super().__init__()
        m = theme.metrics()
        self._icon, self._tone = icon, tone
        self._mark = Text()
        self.words = Text("", Type.SMALL, Tone.INK2)
        self.setLayout(row(self._mark, self.words, gap=m.icon_gap))
        self.set_state(tone)

    def set_state(self, tone: Tone, icon: str = "") -> None:
        self._icon = icon or self._icon
        self._mark.setPixmap(theme.pixmap(self._icon, tone))
        self.words.set_tone(Tone.INK2 if tone is Tone.GREEN else tone)


class StatusLine(QWidget):
    """`facts` from the shell, `show_saved(moment)` after each commit; the name opens the staff menu."""

    staff_asked = Signal()
    help_asked = Signal()
    backup_pressed = Signal()

    def __init__(self, entering: Entering) -> None:
        super().__init__()
        m = theme.metrics()
        self._entering = entering
        self._narrow = False
        self._facts: StatusFacts | None = None
        self._saved = _Pair("checkmark_circle", Tone.GREEN)
        self._backup = _Pair("shield_checkmark", Tone.GREEN)
        self._place = Text("", Type.SMALL, Tone.INK2, elide=True)
        self._who = Link("", self._choose_who, kind=Type.SMALL, tone=Tone.INK2)
        self._who.setToolTip("现在由谁登记；点一下换人")
        self._term = Text("", Type.SMALL, Tone.INK2)
        self.help = Link("帮助 F1", self.help_asked.emit, kind=Type.SMALL, tone=Tone.INK2)
        self.help.setToolTip("这一页做什么、怎么做")
        box = QHBoxLayout(self)
        box.setContentsMargins(m.s16, 1, m.s16, 0)
        box.setSpacing(m.s24)
        for widget in (self._saved, self._backup):
            box.addWidget(widget)
        box.addWidget(self._place, 1)
        box.addWidget(self._who)
        box.addWidget(self._term)
        box.addWidget(self.help)
        self.setFixedHeight(m.status)
        entering.changed.connect(self._show_who)
        self._saved.hide()
        self._backup.hide()  # nothing is said of the backups before they were looked at
        self._show_who(entering.name)

    def show_saved(self, moment: datetime) -> None:
        """已保存, with the time; call it only after a commit."""
        self._saved.words.setText(f"{moment:%H:%M} 已保存")
        self._saved.show()

    def show_read_only(self) -> None:
        """In a file that cannot be written."""
        self._saved.words.setText("只读查看")
        self._saved.set_state(Tone.OCHRE, "lock_closed")
        self._saved.show()

    def set_facts(self, facts: StatusFacts) -> None:
        self._facts = facts
        if facts.backup:
            short = f"备份核对成功 {facts.backup_short}"
            self._backup.words.setText(short if self._narrow else f"上次核对成功的备份：{facts.backup}")
            self._backup.set_state(Tone.GREEN, "shield_checkmark")
        elif facts.is_demo:
            self._backup.words.setText("演示数据，不用备份")
            self._backup.set_state(Tone.INK2, "info")
        else:
            few = f"台账刚有 {facts.not_backed_up} 名儿童，还没有备份"
            self._backup.words.setText(few if facts.not_backed_up else "还没有核对过的备份")
            self._backup.set_state(Tone.OCHRE, "warning")
        self._place.setText(f"数据在 {facts.place}" if facts.place else "")
        self._backup.show()
        self._term.setText(facts.week if self._narrow else facts.term)

    def set_narrow(self, narrow: bool) -> None:
        self._narrow = narrow
        if self._facts is not None:
            self.set_facts(self._facts)

    def _show_who(self, name: str) -> None:
        self._who.setText(name or "谁在登记？")
        self._who.updateGeometry()
        self._who.update()

    def _choose_who(self) -> None:
        menu = Menu(self)
        menu.head("现在由谁登记")
        for name in self._entering.names:
            menu.add(name, partial(self._entering.choose, name), ticked=name == self._entering.name)
        menu.line()
        menu.add("加一名教职工…", self.staff_asked.emit)
        menu.popup(self._who.mapToGlobal(self._who.rect().topLeft()) - menu.rect().bottomLeft())

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            paint.draw_hairline(painter, 0, self.width(), 0, Tone.LINE)
