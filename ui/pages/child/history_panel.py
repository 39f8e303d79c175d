"""看改动历史: who changed what in this file, when, from what to what; of everything, or of one field."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial

from msgspec import Struct
from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget

from app.dossier.change_history import ChangeLine, change_history, field_history
from app.dossier.words import TABLES
from ui import theme
from ui.drafts import Spot
from ui.pages.child.clerk import Clerk
from ui.pages.child.rows import SPOT
from ui.theme import Tone, Type
from ui.widgets import (
    EmptyState,
    FormRow,
    Menu,
    Panel,
    QuietChoice,
    Reading,
    Rule,
    Text,
    Verb,
    column,
    empty_out,
)
from ui.wording import stored_moment_words

_MOST = 150


class HistoryPanel(Panel):
    """The latest first, nothing cut; nothing is changed here. `field` names the field that alone is shown."""

    def __init__(
        self,
        parent: QWidget | None,
        name: str,
        changes: Sequence[ChangeLine],
        today: date,
        *,
        field: str = "",
    ) -> None:
        m = theme.metrics()
        head = f"{name}「{field}」的改动历史" if field else f"{name}的改动历史"
        super().__init__(parent, head, [Verb("close", "知道了")], width=m.form_most, focus_content=True)
        self._today = today
        self._every = tuple(changes)
        self.changes: tuple[ChangeLine, ...] = ()
        if not changes:
            self.box.addWidget(EmptyState("", "录入以后还没有改过。"))
            return
        self.only = QuietChoice(_choices(changes), quiet=False, unknown=False)
        self.only.setFixedWidth(m.side_small)
        self.only.saved.connect(self._show)
        if not field:
            self.box.addWidget(FormRow("只看", self.only))
            self.box.addSpacing(m.s4)
        self._lines = Reading("改动历史", margins=(m.s12, m.s8, 0, m.s8))
        self._more = Text("", Type.SMALL, Tone.INK2)
        self.box.addWidget(self._lines)
        self.box.addWidget(self._more)
        self._show("")
        room = parent.height() - m.dialog // 2 if parent is not None else m.side_small
        most = min(max(room, m.list_row * 3), m.side_small)
        self._lines.setFixedHeight(min(m.list_row * len(self.changes) + m.s24, most))

    def _show(self, only: object) -> None:
        """Show everything, or what became of one kind of fact."""
        kept = [change for change in self._every if not only or _kind(change) == only]
        self.changes = tuple(kept[:_MOST])
        empty_out(self._lines.box)
        day = ""
        for change in self.changes:
            if change.at[:10] != day:
                if day:
                    self._lines.box.addWidget(Rule())
                day = change.at[:10]
            self._lines.box.addWidget(_Line(change, self._today))
        self._lines.box.addStretch(1)
        self._more.setText(f"更早的还有 {len(kept) - _MOST} 条，都留着。" if len(kept) > _MOST else "")
        self._more.setVisible(len(kept) > _MOST)


def _kind(change: ChangeLine) -> str:
    """Say by what changes are told apart: the field of a person, the kind of a dated fact; and whose."""
    what = change.what if change.table in ("child", "person") else TABLES[change.table]
    return f"{change.subject} {what}"


def _choices(changes: Sequence[ChangeLine]) -> list[tuple[str, str]]:
    kinds: dict[str, int] = {}
    for change in changes:
        kinds[_kind(change)] = kinds.get(_kind(change), 0) + 1
    return [("", f"全部 {len(changes)} 条"), *((kind, f"{kind}　{n} 条") for kind, n in kinds.items())]


class _Line(QWidget):
    """昨天 16:20 陈素兰 · 父亲 单大勇，务工地 · 原来 → 现在."""

    def __init__(self, change: ChangeLine, today: date) -> None:
        super().__init__()
        m = theme.metrics()
        moment = Text(stored_moment_words(change.at, today), Type.SMALL, Tone.INK2)
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


class FieldAsked(Struct, frozen=True):
    """The field whose history is asked for: where its value is stored, and its word on the page."""

    table: str
    column: str
    person_uuid: str
    words: str


def field_at(widget: QWidget | None) -> FieldAsked | None:
    """Say which field a widget is, or belongs to (its label, its box); None for one that is no field."""
    while widget is not None:
        field = widget.field if isinstance(widget, FormRow) else widget
        spot = field.property(SPOT)
        if isinstance(spot, Spot):
            person = spot.uuid() if spot.table == "person" else ""
            return FieldAsked(spot.table, spot.column, person, field.accessibleName())
        widget = widget.parentWidget()
    return None


class HistoryDesk(QObject):
    """Asks for the history of the file that is shown, or of one field of it, and shows it."""

    def __init__(self, clerk: Clerk) -> None:
        super().__init__(clerk)
        self._clerk = clerk
        self._field = ""

    def ask_everything(self, _checked: bool = False) -> None:
        """What became of the whole file."""
        self._field = ""
        self._clerk.context.read(change_history, self._clerk.child_uuid(), on_done=self._show)

    def ask_here(self) -> None:
        """Ctrl+H: what became of the field that has the keyboard; elsewhere of the whole file."""
        field = field_at(QApplication.focusWidget())
        if field is None:
            self.ask_everything()
        else:
            self.ask(field)

    def ask(self, field: FieldAsked) -> None:
        """What became of one field."""
        self._field = field.words
        self._clerk.context.read(
            field_history,
            self._clerk.child_uuid(),
            table=field.table,
            column=field.column,
            person_uuid=field.person_uuid,
            on_done=self._show,
        )

    def offer(self, parent: QWidget, widget: QWidget | None, at: QPoint) -> bool:
        """Offer the history of the field under the mouse; False when none is there."""
        field = field_at(widget)
        if field is not None:
            menu = Menu(parent)
            menu.add(f"「{field.words}」的改动历史", partial(self.ask, field), shortcut="Ctrl+H")
            menu.popup(at)
        return field is not None

    def _show(self, changes: list[ChangeLine]) -> None:
        name, today = self._clerk.facts.name, self._clerk.context.clock.today()
        panel = HistoryPanel(self._clerk.window(), name, changes, today, field=self._field)
        self._clerk.context.dialogs.open_panel(panel, _closed)


def _closed(_key: str) -> None:
    """Nothing more to do."""
