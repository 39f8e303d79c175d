"""Who a record is about: chips with ✕, and a field that finds more children as the ledger's search does."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QEvent, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QSizePolicy, QWidget
from typing_extensions import override

from app.children.search import search
from app.dossier.at_hand import AtHandChild, Choosable
from ui import theme
from ui.widgets import Button, QuietField, empty_out, paint

_TAIL = 4
OFFERED = 8
"""So many children are listed below the field; who is not among them is found by one more letter."""


class ChildrenField(QWidget):
    """`changed(uuids)` when a child was added or taken off. `rows` are those that can be found."""

    changed = Signal(tuple)
    asked = Signal()
    """The field was entered for the first time: the children to choose from are wanted."""

    def __init__(self) -> None:
        super().__init__()
        m = theme.metrics()
        self._rows: Sequence[Choosable] = ()
        self._shown: tuple[AtHandChild, ...] = ()
        self._fixed = False
        self._asked = False
        self._chips = QHBoxLayout()
        self._chips.setSpacing(m.s4)
        self.field = FindField(self)
        self.field.textEdited.connect(self._typed)
        self._box = QHBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(m.s8)
        self._box.addLayout(self._chips)
        self._box.addWidget(self.field)
        self._box.addStretch(1)
        self._list = Hits(self)
        self._list.itemActivated.connect(self._picked)
        self._list.itemClicked.connect(self._picked)

    # ---- shown

    def set_rows(self, rows: Sequence[Choosable]) -> None:
        """Who can be found; what was typed meanwhile is looked for now."""
        self._rows = rows
        self._typed(self.field.text())

    def show_children(self, children: Sequence[AtHandChild], *, fixed: bool) -> None:
        """Who it is about; `fixed` for a record on file, which stays with its child."""
        self._shown, self._fixed = tuple(children), fixed
        empty_out(self._chips)
        for child in children:
            words = "，".join(filter(None, (child.name, child.class_name, self._aside(child))))
            chip = Button(
                words, partial(self._take_off, child.uuid), icon="" if fixed else "dismiss", small=True
            )
            chip.setEnabled(not fixed)
            chip.setToolTip("" if fixed else "按一下去掉")
            self._chips.addWidget(chip)
        self.field.setVisible(not fixed)
        self.field.setPlaceholderText("还有谁（同一次）" if children else "姓名、拼音首字母、证件或电话尾号")

    @property
    def uuids(self) -> tuple[str, ...]:
        """Who it is about."""
        return tuple(child.uuid for child in self._shown)

    # ---- two of one name in one class

    def number_of(self, uuid: str, name: str, class_name: str) -> str:
        """The tail of a number of a child that shares name and class with another, 尾号 0018; "" for any other."""
        alike = [one for one in self._rows if one.name == name and one.class_name == class_name]
        place = next((place for place, one in enumerate(alike) if one.uuid == uuid), None)
        if place is None or len(alike) < 2:
            return ""
        child = alike[place]
        number = child.id_number or child.student_registry_no or next(iter(child.phones), "")
        return f"尾号 {number[-_TAIL:]}" if number else f"第 {place + 1} 位"

    def _aside(self, child: AtHandChild) -> str:
        """What tells a child apart from another of its name and class: its number, or its family before all are read."""
        number = self.number_of(child.uuid, child.name, child.class_name)
        same = [one for one in self._shown if (one.name, one.class_name) == (child.name, child.class_name)]
        if number or len(same) < 2:
            return number
        return child.people[0].words if child.people else child.address

    # ---- finding

    def entered(self) -> None:
        """The keyboard is in the field."""
        if not self._asked:
            self._asked = True
            self.asked.emit()

    def _typed(self, text: str) -> None:
        found = (
            [row for row in search(self._rows, text) if row.uuid not in self.uuids] if text.strip() else []
        )
        self._list.offer(found[:OFFERED], self.field)

    def choose_first(self) -> bool:
        """Enter: the one that is marked in the list; False when none is offered."""
        item = self._list.currentItem() if self._list.isVisible() else None
        if item is not None:
            self._picked(item)
        return item is not None

    def step(self, by: int) -> None:
        """↑↓ while the list is open."""
        if self._list.isVisible():
            self._list.setCurrentRow((self._list.currentRow() + by) % self._list.count())

    def shut(self) -> bool:
        """Esc: no list; False when none was open."""
        was_open = self._list.isVisible()
        self._list.hide()
        return was_open

    def _picked(self, item: QListWidgetItem) -> None:
        self._list.hide()
        self.field.clear()
        self.changed.emit((*self.uuids, str(item.data(Qt.ItemDataRole.UserRole))))

    def _take_off(self, uuid: str) -> None:
        if not self._fixed:
            self.changed.emit(tuple(one for one in self.uuids if one != uuid))


class FindField(QuietField):
    """Typing finds; ↑↓ moves in the list below, Enter takes the marked one."""

    def __init__(self, owner: ChildrenField) -> None:
        super().__init__(quiet=False, hint="")
        self._owner = owner
        m = theme.metrics()
        self.setMinimumWidth(m.field_medium + m.s32 * 3)  # the hint says by what a child is found
        self.setAccessibleName("记的是谁")

    @override
    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusIn:
            self._owner.entered()
        elif event.type() == QEvent.Type.FocusOut:
            self._owner.shut()
        return super().event(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self._owner.step(1 if key == Qt.Key.Key_Down else -1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._owner.choose_first():
            return
        elif key == Qt.Key.Key_Escape and (self._owner.shut() or self.text()):
            self.clear()
        else:
            super().keyPressEvent(event)


class Hits(QListWidget):
    """The children found, over whatever stands below the field; it never takes the keyboard."""

    def __init__(self, owner: ChildrenField) -> None:
        super().__init__(owner)
        self._owner = owner
        self.setWindowFlag(Qt.WindowType.ToolTip)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setProperty("look", "hits")
        self.hide()

    def offer(self, rows: Sequence[Choosable], field: QWidget) -> None:
        """List these below the field; none hides it."""
        self.clear()
        m, owner = theme.metrics(), self._owner
        width = field.width()
        for row in rows:
            away = "" if row.registered else "，不在册"
            beside = owner.number_of(row.uuid, row.name, row.class_name)
            words = f"{row.name}　{row.class_name or '没有班级'}{away}{f'，{beside}' if beside else ''}"
            item = QListWidgetItem(words)
            item.setData(Qt.ItemDataRole.UserRole, row.uuid)
            item.setSizeHint(QSize(0, m.row))
            self.addItem(item)
            width = max(width, paint.text_width(words, self.font()) + 2 * m.s16)
        if not rows or not field.isVisible():
            self.hide()
            return
        self.setCurrentRow(0)
        self.setFixedSize(width, m.row * len(rows) + m.s4)
        self.move(field.mapToGlobal(QPoint(0, field.height() + m.s2)))
        self.show()
