"""What each supporter has really done in a term, read after the page stands: it takes longer than the pairs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import partial

from msgspec import Struct
from PySide6.QtCore import QObject, Signal

from app.school.calendar import Term
from app.school.queries import school_calendar
from app.storage.store import Store
from app.todo.progress import SupporterProgress, supporter_progress
from ui import theme
from ui.context import Context
from ui.widgets import Button, Menu

_TERMS_BACK = 3
"""So many terms before this one can be looked at."""


class Done(Struct, frozen=True):
    """The figures of one term by the supporter's uuid, and the terms there are to choose from, this one first."""

    term: Term
    terms: tuple[Term, ...]
    by_supporter: Mapping[str, SupporterProgress]


def load_done(store: Store, day: date, chosen: Term | None) -> Done:
    """Read what was done; in the holidays it is the term before them."""
    calendar = school_calendar(store)
    now = calendar.term_in_force(day)
    years = range(now.school_year - 2, now.school_year + 1)
    begun = [term for year in years for term in calendar.terms_of(year) if term.starts_on <= now.starts_on]
    terms = tuple(sorted(begun, reverse=True)[: _TERMS_BACK + 1])
    term = next((one for one in terms if chosen is not None and one.starts_on == chosen.starts_on), now)
    return Done(term, terms, supporter_progress(store, term, day))


class Doing(QObject):
    """Reads `done`, renews it when asked; `button` chooses the term. `arrived` when the figures are there."""

    arrived = Signal()

    def __init__(self, context: Context, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._reading = context.jobs.latest(self)
        self._term: Term | None = None
        self.done: Done | None = None
        self._menu = Menu()
        self._menu.aboutToShow.connect(self._fill)
        self.button = Button("本学期", menu=self._menu, small=True)
        self.button.setMinimumHeight(theme.metrics().chip)

    def read(self) -> None:
        """Ask for the figures of the term that is looked at."""
        today = self._context.clock.today()
        self._reading.run(load_done, self._context.store, today, self._term, on_done=self._show)

    def of(self, uuid: str) -> SupporterProgress | None:
        """The figures of one supporter; None while nothing is known of them."""
        return self.done.by_supporter.get(uuid) if self.done is not None else None

    def _show(self, done: Done) -> None:
        self.done = done
        self.button.set_text("本学期" if done.term == done.terms[0] else done.term.short_words)
        self.arrived.emit()

    def _fill(self) -> None:
        self._menu.clear()
        if self.done is None:
            return
        for term in self.done.terms:
            ticked = term == self.done.term
            self._menu.add(term.short_words, partial(self._choose, term), ticked=ticked)

    def _choose(self, term: Term) -> None:
        self._term = term
        self.read()
