"""What is due as it stands on the page: chips above, the lines, and below them how much is left out.

Imported behind the first paint of the day, while what is due is read: nothing of it is shown before.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.tasks.glance import DueItem, DueKind
from app.todo.board import board_of, chip_of
from app.todo.rules import Due
from ui import theme
from ui.pages.today.filters import DueFilters
from ui.pages.today.lines import ALL, FILES, INCIDENTS, REPORTS, Lines, lines_of
from ui.widgets import Link, Rule
from ui.widgets.due import DueList
from ui.widgets.layout import column, holder, row

if TYPE_CHECKING:
    from app.tasks.today import Work

STEP = 60
"""So many lines stand in each group at first, and so many more come each time she asks for them."""


class Listed(QWidget):
    """`show_work` fills it. `chosen` tells the key of a line, `print_asked` that the forms of the week are wanted.

    `lines` are what it shows; `to_forms` makes the link to the papers that are out, `forms` is it.
    """

    chosen = Signal(str)
    changed = Signal()
    print_asked = Signal()

    def __init__(self, *, read_only: bool, to_forms: Callable[[], Link]) -> None:
        super().__init__()
        m = theme.metrics()
        self.lines = Lines((), {})
        self._most = STEP
        self.filters = DueFilters(read_only=read_only)
        self.filters.changed.connect(self._filtered)
        self.filters.print_asked.connect(self.print_asked)
        self.due = DueList()
        self.due.chosen.connect(self.chosen)
        self.more = Link("", self._show_more)
        self.forms = to_forms()
        foot = row(self.more, None, self.forms, margins=(m.s16, m.s8, m.s16, m.s8))
        self._foot = holder(column(Rule(), foot))
        self._foot.hide()
        self.setLayout(column(self.filters, self.due, self._foot))
        self._work: Work | None = None
        self._files: list[DueItem] = []

    def show_work(self, work: Work, files: list[DueItem], *, anew: bool = False) -> int:
        """Show what is due and what the files lack, as far as the chips ask for it; return how much there is in all."""
        self._work, self._files = work, files
        board = work.board
        reports = [item for item in files if item.kind in INCIDENTS]
        words = "强制报告" if all(item.kind is DueKind.REPORT for item in reports) else "突发事件"
        counts = {**board.counts, (REPORTS, words, ""): len(reports)} if reports else board.counts
        self.filters.show_counts(counts, len(files) - len(reports))
        count = board.number + len(files)
        kind, who = self.filters.kind, self.filters.who
        if kind != ALL or who:
            board = board_of(
                item
                for item in work.due.items
                if kind in (ALL, chip_of(item)) and who in ("", item.supporter)
            )
        shown = {ALL: files, REPORTS: reports, FILES: [item for item in files if item not in reports]}
        items = () if who else shown.get(kind, ())
        self.lines = lines_of(items, board, as_of=work.due.as_of, most=self._most)
        self.due.set_groups(self.lines.groups, anew=anew)
        self.more.setText(f"还有 {self.lines.hidden} 项没有列出，再列一些")
        return count

    def show_foot(self, *, with_forms: bool) -> None:
        """How many lines are left out, and with the way to the papers that are out."""
        self.forms.setVisible(with_forms)
        self.more.setVisible(self.lines.hidden > 0)
        self._foot.setVisible(self.lines.hidden > 0 or with_forms)

    def to_print(self) -> list[Due]:
        """What of the kind and the person that are chosen is due."""
        if self._work is None:
            return []
        kind, who = self.filters.kind, self.filters.who
        return [
            item
            for item in self._work.due.items
            if kind in (ALL, item.activity) and (not who or item.supporter == who)
        ]

    def _filtered(self) -> None:
        self._most = STEP
        self._again(anew=True)

    def _show_more(self) -> None:
        self._most += STEP
        self._again()

    def _again(self, *, anew: bool = False) -> None:
        if self._work is not None:
            self.show_work(self._work, self._files, anew=anew)
            self.changed.emit()
