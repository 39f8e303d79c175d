"""The form itself: its sections in the paper's order, made and shown part by part so that the window goes on answering."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.children.completeness import Gap
from ui.pages.child.attachments import Attachments
from ui.pages.child.carers import Carers
from ui.pages.child.clerk import Clerk
from ui.pages.child.family import Family
from ui.pages.child.health import Health
from ui.pages.child.parents import Parents
from ui.pages.child.personal import Personal
from ui.pages.child.phone_panel import PhoneDesk
from ui.pages.child.reading import PageFacts
from ui.pages.child.register import Register
from ui.pages.child.section import Section
from ui.pages.child.texts import Character, Measures, Study
from ui.pages.child.words import NUMERALS
from ui.widgets import column
from ui.widgets.slices import Slices

KINDS: tuple[type[Section], ...] = (
    Personal,
    Parents,
    Carers,
    Family,
    Health,
    Study,
    Character,
    Measures,
    Register,
    Attachments,
)
"""The sections in the paper's order."""
_NAMED_GAPS = 4

S = TypeVar("S", bound=Section)


class PaperForm(QWidget):
    """`show_child(found)`; `all_shown` when every section shows the child.

    A section that stands there already is filled at once: between two children no field may be left with what the
    other one's says. What has to be made for it is made in slices, and nobody sees it before it is filled.
    """

    all_shown = Signal()

    def __init__(self, clerk: Clerk, phones: PhoneDesk, on_history: Callable[[], object]) -> None:
        super().__init__()
        self._clerk = clerk
        self._phones = phones
        self._on_history = on_history
        self._uuid_in: dict[str, str] = {}
        self.made: list[Section] = []
        """The sections that were needed so far."""
        self._box = column(None)
        self.setLayout(self._box)
        self._making = self._make_all()
        self._slices = Slices(self)
        self._slices.begin(self._making)

    @property
    def sections(self) -> list[Section]:
        """All of them, made and filled now if they are not yet."""
        self._slices.finish()
        return self.made

    @property
    def is_whole(self) -> bool:
        """Tell whether every section has been made and has shown a child."""
        return len(self._uuid_in) == len(KINDS)

    def by_key(self, key: str) -> Section:
        """One of them, made and filled now if it is not yet."""
        self._slices.finish()
        return next(section for section in self.made if section.key == key)

    def section(self, kind: type[S]) -> S:
        """The section of a kind."""
        section = self.by_key(kind.key)
        if not isinstance(section, kind):
            raise TypeError(kind.key)
        return section

    def show_child(self, found: PageFacts) -> None:
        """Show a child's file."""
        for section in self.made:
            if section.key in self._uuid_in:
                self._fill(section, found)
        self._slices.begin(self._show_rest(found))
        if self.is_whole:
            self._slices.finish()

    def _show_rest(self, found: PageFacts) -> Iterator[None]:
        for place, kind in enumerate(KINDS):
            while len(self.made) <= place:
                yield next(self._making)
            if kind.key not in self._uuid_in:
                self._fill(self.made[place], found)
                yield
        self.all_shown.emit()

    def _make_all(self) -> Iterator[None]:
        for kind, numeral in zip(KINDS, NUMERALS, strict=False):
            section = self._make(kind, numeral)
            section.hide()  # until it shows a child
            self._box.insertWidget(self._box.count() - 1, section)
            yield
            yield from section.make()
            self.made.append(section)
        yield

    def _make(self, kind: type[Section], numeral: str) -> Section:
        if issubclass(kind, Parents | Carers | Family):
            return kind(self._clerk, numeral, self._phones)
        section = kind(self._clerk, numeral)
        if isinstance(section, Personal):
            section.history.clicked.connect(self._on_history)
        return section

    def _fill(self, section: Section, found: PageFacts) -> None:
        key, uuid = section.key, found.file.facts.uuid
        if isinstance(section, Personal):
            section.pinyin = found.pinyin
            section.standing.set_rules(found.local, resident_is_rural=found.resident_is_rural)
            section.standing.set_check(found.last_check)
        section.show_file(found.file, found.notices, fresh=self._uuid_in.get(key) != uuid)
        gaps = gaps_of(section, found)
        words = "、".join(gap.words for gap in gaps)
        section.head.set_fact(f"缺 {words}" if words and len(gaps) < _NAMED_GAPS else "")
        self._uuid_in[key] = uuid
        section.show()


def gaps_of(section: Section | type[Section], found: PageFacts) -> list[Gap]:
    """What is missing that is written down in a section."""
    return [gap for gap in found.complete.gaps if section.owns_gap(gap.field)]
