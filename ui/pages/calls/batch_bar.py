"""The bar above the grid of a session: which day, whose list, who is written down already, on which telephone."""

from __future__ import annotations

from datetime import date
from functools import partial

from PySide6.QtCore import Signal

from ui.pages.calls.loading import ALL, PLANNED, SessionFacts
from ui.theme import Tone, Type
from ui.widgets import FilterBar, FilterChip, Link, Menu, Pager, QuietChoice, Text
from ui.wording import day_words


class BatchBar(FilterBar):
    """`stepped(days)` to another day, `list_chosen(key)` another list, `done_asked` those who are done in it or not."""

    stepped = Signal(int)
    list_chosen = Signal(str)
    done_asked = Signal()

    def __init__(self) -> None:
        self.pager = Pager("前一天", "后一天")
        self.whose = FilterChip("名单", self._offer)
        self.done = Link("", self._ask_done, kind=Type.SMALL)
        self._line_words = Text("没排号的用", Type.SMALL, Tone.INK2)
        self.line = QuietChoice([], quiet=False, unknown=False)
        self.line.setAccessibleName("用哪部电话")
        self._facts: SessionFacts | None = None
        super().__init__(self.pager, self.whose, self.done, None, self._line_words, self.line)
        self.pager.previous.connect(partial(self.stepped.emit, -1))
        self.pager.next.connect(partial(self.stepped.emit, 1))
        self.whose.cleared.connect(partial(self.list_chosen.emit, PLANNED))

    def show_session(self, facts: SessionFacts, today: date, *, with_done: bool) -> None:
        """What the day's list is; `with_done` = those who are written down already stand in it too."""
        self._facts = facts
        self.say_day(facts.day, today)
        self.show_list()
        count = sum(call.done for call in facts.calls)
        self.done.setText(f"不列已记的 {count} 名" if with_done else f"已记 {count} 名，也列出来")
        self.done.updateGeometry()
        self.done.setVisible(bool(count))
        chosen = self.line.value
        self.line.set_options([("", "没登记的电话"), *((one.uuid, one.name) for one in facts.telephones)])
        usual = next((one.uuid for one in facts.telephones if not one.planned), "")
        self.line.set_value(chosen or usual or "")
        loose = any(call.planned_uuid is None for call in facts.calls if with_done or not call.done)
        for widget in (self.line, self._line_words):
            widget.setVisible(loose)

    def say_day(self, day: date, today: date) -> None:
        """Which day the list is of."""
        self.pager.set_words(f"{day_words(day, today)}　{day:%m-%d}", last=day >= today)

    def show_list(self) -> None:
        """Whose list it is, whatever was chosen meanwhile."""
        if self._facts is not None:
            self.whose.set_choice(self._facts.list_words)

    def _offer(self, menu: Menu) -> None:
        facts = self._facts
        if facts is None:
            return
        choose = self.list_chosen.emit
        menu.add("这天排了号的", partial(choose, PLANNED), ticked=facts.list_key == PLANNED)
        menu.head("按班级")
        for uuid, words in facts.classes:
            menu.add(words, partial(choose, uuid), ticked=facts.list_key == uuid)
        menu.line()
        menu.add("全部在册", partial(choose, ALL), ticked=facts.list_key == ALL)

    def _ask_done(self) -> None:
        self.done_asked.emit()
