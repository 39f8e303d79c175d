"""What the sheets of the diary say, in words: handed to ``record_sheets``, free of the library that draws them."""

from collections.abc import Sequence

from msgspec import Struct, field


class Card(Struct, frozen=True, kw_only=True):
    """One talk or visit. ``facts`` are (label, value), printed two to a row; ``texts`` (label, text) over the width.

    ``signers`` are the labels of the lines to sign on, ``late`` the mark of what was written down late.
    """

    title: str
    number: str
    facts: Sequence[tuple[str, str]]
    texts: Sequence[tuple[str, str]]
    signers: tuple[str, ...]
    late: str = ""
    alone: bool = False
    """A page of its own; others share one as long as they fit whole."""


class JournalLine(Struct, frozen=True):
    """One line of a child's journal; ``kind`` what it is with its 四导, one below the other, ``late`` as on a card."""

    day: str
    kind: str
    by: str
    text: str
    late: str = ""


class ChildSheets(Struct, frozen=True, kw_only=True):
    """Everything of one child: its cards and its journal. ``facts`` head the journal: class, sex, carer."""

    key: str
    name: str
    class_name: str
    school: str
    span: str
    cards: Sequence[Card] = field(default=())
    journal: Sequence[JournalLine] = field(default=())
