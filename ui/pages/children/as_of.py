"""Which day the ledger is looked at on."""

from __future__ import annotations

from datetime import date
from functools import partial

from PySide6.QtCore import QObject, Signal

from ui.context import Context
from ui.pages.children.reader import LedgerReader
from ui.widgets import Banner, Menu
from ui.widgets.day_panel import DayPanel, choice_words, day_choices
from ui.wording import day_words

TODAY = "今天"


class AsOf(QObject):
    """Offers the days, asks for another one; `changed` when the reader is to read another day."""

    changed = Signal()

    def __init__(self, context: Context, reader: LedgerReader) -> None:
        super().__init__(reader)
        self._context = context
        self._reader = reader

    @property
    def words(self) -> str:
        """今天, or the day."""
        today = self._context.clock.today()
        return day_words(self._reader.day or today, today)

    def build(self, menu: Menu) -> None:
        """Today, the days offices ask for, any other."""
        today, loaded = self._context.clock.today(), self._reader.loaded
        menu.add(TODAY, self.look_at_today, ticked=self._reader.day is None)
        for choice in day_choices(loaded.calendar, today) if loaded else ():
            look = partial(self.look_at, choice.day)
            menu.add(choice_words(choice, today), look, ticked=self._reader.day == choice.day)
        menu.line()
        menu.add("别的一天…", self._ask)

    def look_at_today(self) -> None:
        self.look_at(None)

    def look_at(self, day: date | None) -> None:
        """Look at a day; None is today, whenever that is."""
        wanted = None if day == self._context.clock.today() else day
        if wanted != self._reader.day:
            self._reader.day = wanted
            self.changed.emit()

    def banner(self) -> Banner | None:
        """What can and cannot be done on another day than today."""
        day = self._reader.day
        if day is None:
            return None
        can = "能看、能打印、能导出；要改请回到今天。"
        words = f"看的是 {day.isoformat()} 的台账，按现在知道的情况。{can}"
        back = self.look_at_today
        return Banner(words, link="回到今天", on_link=back, icon="history", ground="select")

    def _ask(self) -> None:
        panel = DayPanel(self._context.dialogs.window, self._context.clock)
        self._context.dialogs.open_panel(panel, partial(self._asked, panel))

    def _asked(self, panel: DayPanel, key: str) -> None:
        if key == "look" and panel.day is not None:
            self.look_at(panel.day)
