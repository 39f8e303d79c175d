"""The lists of a help plan: its measures, the stages as they went, the spot checks; each entry is changed by a press."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui import theme
from ui.theme import Tone, Type
from ui.widgets import Link, SectionHead, Tag, Text, empty_out, holder, row


class Entries(QWidget):
    """A head with 加一条, and one block per entry: a line in ink, smaller lines below, 改… at the right."""

    def __init__(self, number: str, title: str, verb: str, add: Callable[[], object]) -> None:
        super().__init__()
        m = theme.metrics()
        self._add = Link(verb, add, kind=Type.SMALL)
        self._lines = QVBoxLayout()
        self._lines.setSpacing(m.s2)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, m.s12)
        box.setSpacing(0)
        box.addWidget(SectionHead(title, self._add, number=number))
        box.addLayout(self._lines)

    def enable(self, on: bool) -> None:
        """Off in a ledger that is only looked at."""
        self._add.setVisible(on)

    def show_entries(self, entries: Sequence[Entry], none: str) -> None:
        """Show these, or say that there is nothing."""
        m = theme.metrics()
        empty_out(self._lines)
        if not entries:
            self._lines.addWidget(Text(none, tone=Tone.INK3))
        for place, entry in enumerate(entries):
            if place:
                self._lines.addSpacing(m.s8)
            self._lines.addWidget(_block(entry))


class Entry:
    """`head` in small type, the `words` in ink, `more` lines in ink2; `late` is the tag 补录; `change` opens it."""

    def __init__(
        self,
        head: str,
        words: str,
        *,
        more: Sequence[str] = (),
        late: str = "",
        verb: str = "改…",
        change: Callable[[], object] | None = None,
    ) -> None:
        self.head = head
        self.words = words
        self.more = tuple(line for line in more if line)
        self.late = late
        self.verb = verb
        self.change = change


def _block(entry: Entry) -> QWidget:
    m = theme.metrics()
    parts: list[QWidget | int | None] = [Text(entry.head, Type.SMALL, Tone.INK2), m.s8]
    if entry.late:
        parts.append(Tag(entry.late, Tone.OCHRE))
    parts.append(None)
    if entry.change is not None:
        parts.append(Link(entry.verb, partial(_press, entry), kind=Type.SMALL))
    block = QWidget()
    box = QVBoxLayout(block)
    box.setContentsMargins(0, 0, 0, 0)
    box.setSpacing(0)
    box.addWidget(holder(row(*parts)))
    box.addWidget(Text(entry.words, wrap=True))
    for line in entry.more:
        box.addWidget(Text(line, Type.SMALL, Tone.INK2, wrap=True))
    return block


def _press(entry: Entry) -> None:
    if entry.change is not None:
        entry.change()
