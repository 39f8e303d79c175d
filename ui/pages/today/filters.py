"""The bar above what is due: chips by kind, who answers for it, and the week's forms to print."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget
from typing_extensions import override

from app.todo.board import Counts
from ui import theme
from ui.pages.today.lines import ALL, chips_of
from ui.widgets import Button, FilterChip, Menu, Segments
from ui.widgets.layout import row

SHOWN, SHOWN_NARROW = 4, 2
"""So many kinds at most have a chip of their own; the others stand in a menu."""
_PRINT, _PRINT_SHORT = "打印本周纸单…", "打印…"
_FEW = 2
"""Before fewer kinds than these are left, the button gets the short words."""


class DueFilters(QWidget):
    """`show_counts` fills the chips; `changed` tells that `kind` or `who` was chosen, `print_asked` that forms are wanted."""

    changed = Signal()
    print_asked = Signal()

    def __init__(self, *, read_only: bool) -> None:
        super().__init__()
        m = theme.metrics()
        self.kind = ALL
        self.who = ""
        self._narrow = False
        self._chips: list[tuple[str, str, int]] = []
        self._people: list[tuple[str, int]] = []
        self._segments: Segments | None = None
        self._shown = SHOWN
        self._place = QHBoxLayout()
        self._place.setSpacing(m.s8)
        self.more = FilterChip("别的", self._fill_more)
        self.more.cleared.connect(partial(self._choose, ALL))
        self.people = FilterChip("负责人", self._fill_people, neutral="全部")
        self.people.cleared.connect(partial(self._choose_person, ""))
        self.printing = Button(_PRINT, self.print_asked.emit, icon="print", small=True)
        self.printing.setAccessibleName(_PRINT)
        self._read_only = read_only
        line = row(self._place, self.more, None, self.people, self.printing, gap=m.s8)
        line.setContentsMargins(m.s16, m.s8, m.s16, m.s8)
        self.setLayout(line)
        self.printing.setVisible(not read_only)  # before it has its place it would be a window of its own

    def show_counts(self, counts: Counts, files: int) -> None:
        """Fill the chips: how much of each kind is to be done now, and `files` lines about what is lacking."""
        own = {key: count for key, count in counts.items() if self.who in ("", key[2])}
        # What is lacking answers to nobody: of one person's it is not listed.
        chips = chips_of(own, 0 if self.who else files)
        people: Counter[str] = Counter()
        for (_, _, who), count in counts.items():
            people[who] += count
        del people[""]
        self._people = sorted(people.items(), key=lambda entry: (-entry[1], entry[0]))
        self.people.setVisible(bool(self._people))
        if self.kind not in {key for key, _, _ in chips}:
            self.kind = ALL
        if chips != self._chips:
            self._chips = chips
            self._build()
        self._fit()

    def set_narrow(self, narrow: bool) -> None:
        """Fold the chips into a menu."""
        if narrow != self._narrow:
            self._narrow = narrow
            self._fit()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Show as many kinds as have room uncut beside the other buttons; the words of the last one give way first."""
        most = SHOWN_NARROW if self._narrow else SHOWN
        tries = [(shown, _PRINT) for shown in range(most, _FEW - 1, -1)]
        tries += [(shown, _PRINT_SHORT) for shown in range(most, -1, -1)]
        for shown, words in tries:
            self.printing.setText(words)
            if self._width_of(shown) <= self.width():
                break
        self.printing.setToolTip("" if self.printing.text() == _PRINT else _PRINT.removesuffix("…"))
        if shown != self._shown:
            self._shown = shown
            self._build()
        else:
            self._mark()

    def _width_of(self, shown: int) -> int:
        """How wide the bar is with so many kinds as chips of their own."""
        own, folded = self._chips[: 1 + shown], self._chips[1 + shown :]
        self.more.set_choice(next((words for key, words, _ in folded if key == self.kind), ""))
        parts: list[QWidget] = [_segments(own)]
        parts += [self.more] if folded else []
        parts += [self.people] if self._people else []
        parts += [] if self._read_only else [self.printing]
        m = theme.metrics()
        return sum(part.sizeHint().width() for part in parts) + len(parts) * m.s8 + 2 * m.s16

    def _own(self) -> list[tuple[str, str, int]]:
        return self._chips[: 1 + self._shown]

    def _build(self) -> None:
        had_focus = self._segments is not None and self._segments.hasFocus()
        if self._segments is not None:
            self._segments.hide()
            self._place.removeWidget(self._segments)
            self._segments.deleteLater()
        own = self._own()
        self._segments = _segments(own)
        self._segments.changed.connect(self._choose)
        self._place.addWidget(self._segments)
        folded = self._chips[len(own) :]
        self.more.setVisible(bool(folded))
        self._mark()
        if had_focus:
            self._segments.setFocus(Qt.FocusReason.OtherFocusReason)

    def _mark(self) -> None:
        if self._segments is None:
            return
        own = {key for key, _, _ in self._own()}
        self._segments.set_current(self.kind if self.kind in own else "")
        words = next((words for key, words, _ in self._chips if key == self.kind and key not in own), "")
        self.more.set_choice(words)

    def _fill_more(self, menu: Menu) -> None:
        for key, words, count in self._chips[len(self._own()) :]:
            menu.add(f"{words}\t{count}", partial(self._choose, key), ticked=key == self.kind)

    def _fill_people(self, menu: Menu) -> None:
        menu.add("全部", partial(self._choose_person, ""), ticked=not self.who)
        for name, count in self._people:
            menu.add(f"{name}\t{count}", partial(self._choose_person, name), ticked=name == self.who)

    def _choose(self, key: str) -> None:
        self.kind = key
        self._fit()
        self.changed.emit()

    def _choose_person(self, name: str) -> None:
        self.who = name
        self.people.set_choice(name)
        self._fit()
        self.changed.emit()


def _segments(chips: Sequence[tuple[str, str, int]]) -> Segments:
    return Segments([(key, f"{words} {count}") for key, words, count in chips], bordered=True)
