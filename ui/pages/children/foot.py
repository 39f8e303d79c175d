"""The foot of the ledger's sheet: the selection, the gap that is being filled, where an export lies."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.children.ledger import LedgerRow
from ui.theme import Tone
from ui.widgets import Button, FooterBar, Link, Menu, Text, column

_TWO = 2
"""So many files become one."""


class SelectionBar(FooterBar):
    """已选 4 名, what can be done with them, and how to let go of them."""

    print_asked = Signal()
    export_asked = Signal()
    change_asked = Signal()
    bin_asked = Signal()
    merge_asked = Signal()
    gaps_asked = Signal()
    cleared = Signal()

    def __init__(self) -> None:
        self.print = Button("打印档案", self.print_asked.emit, icon="print")
        self.export = Button("导出 Excel…", self.export_asked.emit, icon="arrow_export_ltr")
        self.change = Button("改一批…", self.change_asked.emit, icon="edit")
        self.merge = Button("合为一份…", self.merge_asked.emit, icon="people")
        self.bin = Button("移到回收站…", self.bin_asked.emit, icon="delete")
        self._menu = Menu()
        self.more = Button("更多", menu=self._menu)
        self.gaps = Link("", self.gaps_asked.emit)
        let_go = Link("取消选择", self.cleared.emit)
        super().__init__(
            let_go,
            Text("Esc", tone=Tone.INK2),
            lead_parts=[self.print, self.export, self.change, self.merge, self.bin, self.more, self.gaps],
            tinted=True,
        )
        self._writable = True
        self._narrow = False
        self._two = False
        self._arrange()

    def show_chosen(self, rows: Sequence[LedgerRow], hidden: int) -> None:
        """How many are ticked, how many of them the conditions hide, how many gaps they have once that is known of all."""
        ticked = len(rows)
        gaps = sum(len(row.situation.gaps) for row in rows) if all(row.is_whole for row in rows) else 0
        self.set_words(f"已选 {ticked} 名" + (f"，{hidden} 名不在眼前" if hidden else ""))
        self.gaps.setText(f"补缺项 {gaps} 处")
        self.gaps.updateGeometry()
        self.gaps.setVisible(gaps > 0)
        self._two = ticked == _TWO
        self._arrange()

    def set_writable(self, today: bool, *, read_only: bool) -> None:
        """What is changed, is changed as of today; a ledger that is only read lets nothing out but paper."""
        self._writable = today and not read_only
        self.export.setVisible(not read_only)
        self._arrange()

    def set_narrow(self, narrow: bool) -> None:
        self._narrow = narrow
        self._arrange()

    def _arrange(self) -> None:
        fold = self._narrow and self._writable
        self.change.setVisible(self._writable and not self._narrow)
        self.merge.setVisible(self._writable and not self._narrow and self._two)
        self.bin.setVisible(self._writable and not self._narrow)
        self.more.setVisible(fold)
        self._menu.clear()
        if fold:
            self._menu.add("改一批…", self.change_asked.emit)
            if self._two:
                self._menu.add("合为一份…", self.merge_asked.emit)
            self._menu.add("移到回收站…", self.bin_asked.emit)


class GapBar(FooterBar):
    """While one gap is looked at: how many lack it, and a way to go from one to the next."""

    fill_asked = Signal()

    def __init__(self) -> None:
        self.fill = Button("从第一名补起", self.fill_asked.emit, note="F3")
        super().__init__(self.fill, tinted=True)

    def show_gap(self, words: str, count: int) -> None:
        """Which gap, how many have it."""
        self.set_words(f"{count} 名{words}", "补一名，自动到下一名；补上了的就从这里消失。")


class Foot(QWidget):
    """One bar at a time."""

    def __init__(self, *bars: QWidget) -> None:
        super().__init__()
        self._bars = bars
        self.setLayout(column(*bars))
        self.show_only(None)

    def show_only(self, wanted: QWidget | None) -> None:
        """Show this bar, or none."""
        for bar in self._bars:
            bar.setVisible(bar is wanted)
        self.setVisible(wanted is not None)
