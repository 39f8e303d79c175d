"""A section of the file: head, remarks, rows; and the list of dated facts that most of them show."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from functools import partial
from typing import TypeVar

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.children.checks import Notice
from app.children.child_file import ChildFile
from app.children.dated_fact import DatedFact
from app.children.facts import DoubtFacts
from app.children.labels import column_words
from app.core.dates import in_force
from ui import theme
from ui.pages.child.clerk import Clerk
from ui.pages.child.forms import FactForm
from ui.pages.child.remarks import Remark, Remarks, doubt_words
from ui.pages.child.words import period_words, source_words
from ui.theme import Tone
from ui.widgets import Fact, FactList, Menu, SectionHead, Text, holder, row

F = TypeVar("F", bound=DatedFact)


class Section(QWidget):
    """One numbered part of the paper. Subclasses build rows into `self.box` and fill them in `fill`."""

    key = ""
    words = ""
    short = ""
    """The word in the side list, if it is another one."""
    gap_fields: tuple[str, ...] = ()
    """Beginnings of the gap keys (completeness) that are filled here."""
    doubt_fields: tuple[str, ...] = ()
    """Beginnings of the fields whose doubts and notices are said here."""

    def __init__(self, clerk: Clerk, number: str, *verbs: QWidget) -> None:
        super().__init__()
        m = theme.metrics()
        self.clerk = clerk
        self.number = number
        self.head = SectionHead(self.words, *verbs, number=number)
        self.remarks = Remarks()
        self.box = QVBoxLayout(self)
        self.box.setContentsMargins(0, 0, 0, m.s12)
        self.box.setSpacing(0)
        self.box.addWidget(self.head)
        self.box.addWidget(self.remarks)

    def make(self) -> Iterator[None]:
        """Make what `__init__` left out because it takes long, pausing in between; `fill` comes after it."""
        yield from ()

    def show_file(self, file: ChildFile, notices: Sequence[Notice], *, fresh: bool) -> None:
        """Show a file; `fresh` when it is another child's."""
        mine = [notice for notice in notices if _among(notice.field, self.doubt_fields)]
        doubts = [doubt for doubt in file.facts.doubts if self._holds(doubt)]
        self.remarks.show_remarks([*map(self._doubt, doubts), *(Remark(n.words) for n in mine)])
        self.fill(file, fresh=fresh)

    def fill(self, file: ChildFile, *, fresh: bool) -> None:
        """Show the values."""
        raise NotImplementedError

    def gap_target(self, field: str) -> QWidget | None:
        """Where a missing fact is entered."""
        del field
        return None

    def first_field(self) -> QWidget | None:
        """Where F2 puts the keyboard."""
        return None

    @classmethod
    def owns_gap(cls, field: str) -> bool:
        """Tell whether a missing fact belongs here."""
        return _among(field, cls.gap_fields)

    def _holds(self, doubt: DoubtFacts) -> bool:
        return _among(doubt.field, self.doubt_fields)

    def _doubt(self, doubt: DoubtFacts) -> Remark:
        kept = doubt.raw is not None and doubt.raw == getattr(self.clerk.facts, doubt.field, None)
        words = f"{column_words('child', doubt.field)}照原样存着，等看原件" if kept else doubt_words(doubt)
        return Remark(words, "已核对" if self.clerk.editable else "", partial(self.clerk.settle, doubt.uuid))


def _among(field: str, beginnings: Iterable[str]) -> bool:
    return any(field == one or field.startswith(f"{one}.") for one in beginnings)


class Facts(FactList):
    """Dated facts of one or more tables; Enter or a press on one is its correction.

    `show_rows([(form, whose, fact, words)])`: newest first as they are given.
    """

    def __init__(self, clerk: Clerk, *, threaded: bool = True) -> None:
        super().__init__(threaded=threaded)
        self._clerk = clerk
        self._rows: dict[str, tuple[FactForm, str, DatedFact]] = {}
        self._empty: Callable[[], object] | None = None
        self.setAccessibleName("记录")
        self.setToolTip("点一下或按回车：更正这一条")
        self.activated.connect(self._correct)

    def show_rows(
        self,
        rows: Sequence[FactLine],
        *,
        empty: str = "",
        on_empty: Callable[[], object] | None = None,
    ) -> None:
        """Show these; with none of them, one ochre line `empty` that leads to the dialog."""
        today = self._clerk.context.clock.today()
        self._rows = {row.fact.uuid: (row.form, row.whose, row.fact) for row in rows}
        self._empty = on_empty
        facts = [row.shown(today) for row in rows]
        if not facts and empty:
            facts = [Fact("", empty, "未采集", in_force=False, tone=Tone.OCHRE)]
        self.set_facts(facts)
        self.setVisible(bool(facts))

    def _correct(self, uuid: str) -> None:
        if uuid in self._rows:
            self._clerk.correct(*self._rows[uuid])
        elif self._empty is not None and self._clerk.editable:
            self._empty()


class FactLine:
    """A dated fact with its form and its words, ready to be shown and corrected.

    `undated`: without dates nothing is said of them (an income nobody asks the first day of).
    """

    def __init__(
        self,
        form: FactForm,
        fact: DatedFact,
        words: str,
        *,
        whose: str = "",
        source: str | None = None,
        tone: Tone = Tone.INK,
        undated: bool = False,
    ) -> None:
        self._undated = undated
        self.form = form
        self.fact = fact
        self.words = words
        self.whose = whose
        self._source = source
        self._tone = tone

    def holds(self, today: date) -> bool:
        """Tell whether it is, or may be, so today."""
        return in_force(self.fact.valid_from, self.fact.valid_to, today) is not False

    def shown(self, today: date) -> Fact:
        """The line of the list."""
        source = source_words(self.fact, today) if self._source is None else self._source
        open_ended = self.fact.valid_from is None and self.fact.valid_to is None
        dates = "" if self._undated and open_ended else period_words(self.fact)
        unsure = "" if self.fact.certain else "，日期不够细，待确认"
        return Fact(
            self.fact.uuid,
            dates,
            self.words + unsure,
            source,
            in_force=self.holds(today),
            tone=self._tone,
        )


def present_first(lines: Iterable[FactLine], today: date) -> list[FactLine]:
    """What is so today first, in the order given; then the past, the latest first."""
    rows = list(lines)
    past = [line for line in rows if not line.holds(today)]
    past.sort(key=lambda line: (line.fact.valid_to or "", line.fact.valid_from or ""), reverse=True)
    return [line for line in rows if line.holds(today)] + past


def forms_menu(parent: QWidget, entries: Sequence[tuple[str, Callable[[], object]]]) -> Menu:
    """A menu of verbs that ask first."""
    menu = Menu(parent)
    for words, slot in entries:
        menu.add(words, slot)
    return menu


def sub_head(words: str, *verbs: QWidget) -> QWidget:
    """A small head inside a section, with its verbs."""
    m = theme.metrics()
    head = holder(row(Text(words, tone=Tone.INK2), None, *verbs, gap=m.s8))
    head.setMinimumHeight(m.contact_row)
    return head
