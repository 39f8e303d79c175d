"""The bar above the ledger: saved view, chips, how many fit, which day, which columns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget
from typing_extensions import override

from app.children.ledger import LedgerRow
from ui import theme
from ui.pages.children.as_of import TODAY
from ui.pages.children.conditions import Wanted, options_with_counts
from ui.pages.children.facets import BY_KEY, FACETS, PRIMARY
from ui.theme import Tone, Type
from ui.widgets import Button, FilterChip, Link, Menu, Rule, Text, ViewChip, column, holder, paint

READING = "正在读每名儿童的资料"
"""In the place of what cannot be counted yet."""
MOST_WORDS = 24
"""Characters of a handed-over list's words on its chip; the rest is its tool tip."""


class LedgerBar(QWidget):
    """Shows a Wanted and asks for another one: `wanted_changed(Wanted)`.

    What does not fit stands behind 加条件: first the chips that are off, then the day, then the words of the
    count, last the chips that are on. `build_views` and `build_days` fill the menus of view and day.
    """

    wanted_changed = Signal(object)
    columns_asked = Signal()
    today_asked = Signal()

    def __init__(self, build_views: Callable[[Menu], None], build_days: Callable[[Menu], None]) -> None:
        super().__init__()
        self._wanted = Wanted()
        self._rows: Sequence[LedgerRow] = ()
        self._narrow = False
        self._is_short = False
        self._long = self._short = ""
        self._build_days = build_days
        self.view = ViewChip("", build_views)
        self.chips = {facet.key: FilterChip(facet.name, partial(self._build, facet.key)) for facet in FACETS}
        for key, chip in self.chips.items():
            chip.cleared.connect(partial(self._clear, key))
        self.picked = FilterChip("只看", self._build_picked)
        self.picked.cleared.connect(self._unpick)
        self.folded = FilterChip("另有条件", self._build_folded)
        self.folded.cleared.connect(self._clear_all)
        self.more = FilterChip("加条件", self._build_more, icon="filter")
        self.clear = Link("清除条件", self._clear_all)
        self.count = Text("", tone=Tone.INK2)
        self.day = FilterChip("看哪天", build_days)
        self.day.cleared.connect(self.today_asked)
        self.set_day(TODAY)
        self.columns = Button("选择列", self.columns_asked.emit, small=True)
        self._lay_out()

    def _lay_out(self) -> None:
        m = theme.metrics()
        self.setFixedHeight(m.filter_bar + 1)
        box = QHBoxLayout()
        box.setContentsMargins(m.s16, 0, m.s16, 0)
        box.setSpacing(m.s8)
        for widget in (self.view, *self.chips.values(), self.picked, self.folded, self.more, self.clear):
            box.addWidget(widget)
        box.addStretch(1)
        box.addWidget(self.count)
        box.addSpacing(m.s4)
        box.addWidget(self.day)
        box.addWidget(self.columns)
        self._line = box
        self.setLayout(column(holder(box), Rule()))

    # ---- what the page says

    def show_wanted(self, wanted: Wanted, rows: Sequence[LedgerRow], *, long: str, short: str) -> None:
        """Show what is chosen among `rows` (all there are), and how many fit, in long and in short words."""
        same = wanted.conditions is self._wanted.conditions and rows is self._rows
        self._wanted, self._rows = wanted, rows
        self._long, self._short = long, short
        if not same:
            for key, chip in self.chips.items():
                code = wanted.conditions.get(key)
                chip.set_choice("" if code is None else BY_KEY[key].chip_words(code, rows))
        words = wanted.picked.words if wanted.picked else ""
        self.picked.set_choice(words if len(words) <= MOST_WORDS else f"{words[: MOST_WORDS - 1]}…")
        self.picked.setToolTip(words)
        self._arrange()

    def set_view(self, words: str) -> None:
        """The words of the saved view with its count."""
        self.view.set_text(words)
        self._arrange()

    def set_day(self, words: str) -> None:
        """今天, or the day that is looked at (then with ✕)."""
        self.day.set_choice("" if words == TODAY else words)
        if words == TODAY:
            self.day.setText(f"看哪天：{TODAY}")
        self._arrange()

    def set_narrow(self, narrow: bool) -> None:
        self._narrow = narrow
        self._arrange()

    # ---- what fits

    def _arrange(self) -> None:
        """Hide what there is no room for, the least needed first."""
        if self.layout() is None:
            return
        shown = self._wished()
        active = [key for key in self.chips if self._is_on(key)]
        spare = [key for key in PRIMARY if not self._is_on(key)]
        self._is_short = self._narrow
        while self._needs(shown) > self.width():
            if spare:
                shown.discard(self.chips[spare.pop()])
            elif not self._is_short:
                self._is_short = True
            elif self.day in shown and not self.day.choice:
                shown.discard(self.day)
            elif self.clear in shown:
                shown.discard(self.clear)
            elif active:
                shown.discard(self.chips[active.pop()])
                shown.add(self.folded)
            else:
                break
        hidden = sum(self._is_on(key) and chip not in shown for key, chip in self.chips.items())
        self.folded.set_choice(f"{hidden} 个" if hidden else "")
        self.count.setText(self._short if self._is_short else self._long)
        had_focus = self.focusWidget() is not None and self.isAncestorOf(self.focusWidget())
        for widget in self._all():
            widget.setVisible(widget in shown)
        self._line.activate()  # before anything is painted: a chip has grown with its words
        if had_focus and not self.isAncestorOf(self.focusWidget() or self.window()):
            self.view.setFocus()

    def _wished(self) -> set[QWidget]:
        """Everything there would be with room enough."""
        shown: set[QWidget] = {self.view, self.more, self.count, self.columns}
        shown |= {chip for key, chip in self.chips.items() if self._is_on(key)}
        if not self._narrow:
            shown |= {self.chips[key] for key in PRIMARY}
        if not self._narrow or self.day.choice:
            shown.add(self.day)
        if self._wanted.picked:
            shown.add(self.picked)
        if self._wanted.narrowed and not self._narrow:
            shown.add(self.clear)
        return shown

    def _needs(self, shown: set[QWidget]) -> int:
        m = theme.metrics()
        widths = [widget.sizeHint().width() for widget in shown if widget is not self.count]
        words = self._short if self._is_short else self._long
        widths.append(paint.text_width(words, theme.font(Type.BODY)))
        return sum(widths) + m.s8 * (len(widths) + 1) + 2 * m.s16

    def _all(self) -> tuple[QWidget, ...]:
        return (
            *self.chips.values(),
            self.picked,
            self.folded,
            self.more,
            self.clear,
            self.count,
            self.day,
        )

    def _is_on(self, key: str) -> bool:
        return self._wanted.conditions.get(key) is not None

    # ---- menus

    def _build(self, key: str, menu: Menu) -> None:
        if not all(row.is_whole for row in self._rows):
            menu.head(READING)
            return
        chosen = self._wanted.conditions.get(key)
        group = ""
        for option, count in options_with_counts(key, self._wanted, self._rows):
            if option.group and option.group != group:
                if group:
                    menu.line()
                menu.head(option.group)
            group = option.group
            on = option.code == chosen
            act = partial(self._clear, key) if on else partial(self._choose, key, option.code)
            menu.add(f"{option.words}\t{count}", act, ticked=on)

    def _build_more(self, menu: Menu) -> None:
        for facet in FACETS:
            if not self.chips[facet.key].isVisibleTo(self):
                self._build(facet.key, menu.sub(facet.name))
        if not self.day.isVisibleTo(self):
            menu.line()
            self._build_days(menu.sub("看哪天"))
        if self._wanted.narrowed and not self.clear.isVisibleTo(self):
            menu.line()
            menu.add("清除条件", self._clear_all)

    def _build_folded(self, menu: Menu) -> None:
        for facet in FACETS:
            chip = self.chips[facet.key]
            if chip.choice and not chip.isVisibleTo(self):
                menu.add(f"去掉「{facet.name}：{chip.choice}」", partial(self._clear, facet.key))

    def _build_picked(self, menu: Menu) -> None:
        if self._wanted.picked:
            menu.add(f"不再只看「{self._wanted.picked.words}」", self._unpick)

    # ---- choices

    def _choose(self, key: str, code: str) -> None:
        self.wanted_changed.emit(self._wanted.with_conditions(self._wanted.conditions.having(key, code)))

    def _clear(self, key: str) -> None:
        self.wanted_changed.emit(self._wanted.with_conditions(self._wanted.conditions.without(key)))

    def _unpick(self) -> None:
        self.wanted_changed.emit(self._wanted.unpicked())

    def _clear_all(self) -> None:
        self.wanted_changed.emit(self._wanted.cleared())

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.height())

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()
