"""The left side of the printing page: what, for whom, how."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.paper.archive_data import ArchiveSheet
from ui import theme
from ui.theme import Tone, Type
from ui.widgets import CheckBox, Link, Rule, Scroll, SideItem, SideList, Text
from ui.widgets.layout import column, holder, row

AS_A_RULE = "A4 竖放。身份证号、电话印全号。"


class WhomSide(QWidget):
    """Lists the children whose sheets are printed. `change_pressed`: she wants others; `bound_toggled`: book or loose."""

    change_pressed = Signal()
    bound_toggled = Signal()
    child_chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        m = theme.metrics()
        self._scope = Text("", Type.SMALL, Tone.INK2, wrap=True)
        self._change = Link("改选…", self._pressed)
        self._bound = CheckBox("装订成册：封面、目录、连续页码", checked=False)
        self._bound.toggled.connect(self._toggled)
        self.list = SideList([], marked=False)
        self.list.chosen.connect(self.child_chosen)
        self._pages = Text(AS_A_RULE, Type.SMALL, Tone.INK2, wrap=True)
        what = (Text("一人一档", Type.SECTION), self._pages)
        whom = (row(Text("给谁", Type.SECTION), None, self._change), self._scope)
        how = (Text("怎么印", Type.SECTION), self._bound)
        self._how = holder(column(*how, gap=m.s8, margins=(m.s16, m.s12, m.s16, m.s16)))
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        self._what = holder(column(*what, m.s12, Rule(), gap=m.s4, margins=(m.s16, m.s12, m.s16, 0)))
        box.addWidget(self._what)
        # The letters of a verb end where the rule does: it keeps room for its ring.
        box.addWidget(holder(column(*whom, gap=m.s4, margins=(m.s16, m.s12, m.s16 - m.s4, m.s8))))
        box.addWidget(Scroll(self.list, margins=(m.s8, 0, 0, 0)), 1)
        box.addWidget(Rule())
        box.addWidget(self._how)

    def set_narrow(self, narrow: bool) -> None:
        """In a low window the list needs the room of the explanation."""
        self._what.setVisible(not narrow)

    @property
    def is_bound(self) -> bool:
        """True when cover and contents are wanted."""
        return self._bound.isChecked()

    def set_bound(self, bound: bool) -> None:
        """Ask for a book, or for loose sheets."""
        self._bound.setChecked(bound)

    @property
    def offers_binding(self) -> bool:
        """True when there is more than one child to bind."""
        return self._how.isVisible()

    def menu_place(self) -> QPoint:
        """Where the menu of 改选… opens."""
        return self._change.mapToGlobal(self._change.rect().bottomLeft())

    def set_scope(self, words: str, *, can_bind: bool) -> None:
        """Say whose sheets these are."""
        self._scope.setText(words)
        self._how.setVisible(can_bind)

    def set_sheets(self, sheets: Sequence[ArchiveSheet], page_of_child: Mapping[str, int]) -> None:
        """List the children; a page number stands beside a child once the pages are laid out."""
        self.list.set_items(
            [
                SideItem(
                    sheet.child_key,
                    sheet.personal.name,
                    fact=f"第 {page_of_child[sheet.child_key]} 页"
                    if sheet.child_key in page_of_child
                    else "",
                    second=sheet.personal.class_name or "不在班",
                    fact_tone=Tone.INK2,
                )
                for sheet in sheets
            ]
        )

    def set_pages(self, of_each: Sequence[int]) -> None:
        """Say how many pages a child has, counted in the layout; nothing while there is none."""
        if not of_each:
            self._pages.setText(AS_A_RULE)
            return
        least, most = min(of_each), max(of_each)
        each = f"每人 {least} 页" if least == most else f"每人 {least} 至 {most} 页"
        self._pages.setText(f"{each if len(of_each) > 1 else f'{most} 页'}，{AS_A_RULE}")

    def _pressed(self, *_: object) -> None:
        self.change_pressed.emit()

    def _toggled(self, *_: object) -> None:
        self.bound_toggled.emit()
