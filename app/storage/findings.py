"""What a checkup (体检) of a ledger file can find, and how grave each thing is. Words for people are made in ``app.tasks``."""

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct

from app.storage.snapshot import Facts

BOOKKEEPING = frozenset({"meta", "action", "change", "current_action"})
"""The tables by which the file keeps account of itself: they hold no record of the school."""


class Kind(StrEnum):
    """What is wrong."""

    PAGES = "pages"  # a part of the file cannot be read
    INDEX = "index"  # an index does not agree with its table
    TEXT = "text"  # bytes that are no UTF-8
    DIFFERS = "differs"  # a field is not as the history left it
    GONE = "gone"  # the history knows a row that is not there
    UNTOLD = "untold"  # a row that the history does not know, or knows as taken away
    HISTORY = "history"  # an entry of the history cannot be right
    REFERENCE = "reference"  # a row belongs to a row that is not there
    RULE = "rule"  # a value that the table does not allow
    OVERLAP = "overlap"  # two periods of one fact at the same time
    DAY = "day"  # a day that no calendar has
    BIN = "bin"  # its child lies in the recycle bin, the row does not
    NUMBER = "number"  # the commit numbers do not fit
    SCHEMA = "schema"  # a table, index or trigger is not as this version makes it


class Severity(StrEnum):
    """What can be done about it, the gravest first."""

    LOST = "lost"  # not to be mended: a backup is the way
    MENDED = "mended"  # mended on the copy, with evidence for what is right
    OFFERED = "offered"  # two places disagree and nothing tells which is right: mended only when she says so
    PAPER = "paper"  # nothing in the file tells what is right: only the paper file does
    NOTE = "note"  # good to know, nothing to do


class Finding(Struct, frozen=True):
    """One thing found. ``table`` "" is the file itself.

    ``row_id`` and ``row_uuid`` name the row, ``column`` the field; ``found`` is what stands there, bytes that are no
    text as U+FFFD; ``meant`` what the history, or the rule, says. In an overlap both are periods (``from/to``).
    """

    kind: Kind
    severity: Severity
    table: str = ""
    row_id: int | None = None
    row_uuid: str = ""
    column: str = ""
    found: object = None
    meant: object = None
    count: int = 1

    @property
    def key(self) -> str:
        """A name for this finding that is the same whenever the same file is looked at."""
        return f"{self.kind}/{self.table}/{self.row_uuid or self.row_id or ''}/{self.column}"


class TableReading(Struct, frozen=True):
    """How many rows of a table can be read out of a file with lost pages; ``expected`` in the newest proved backup."""

    table: str
    readable: int
    is_whole: bool
    expected: int | None = None


class Checkup(Struct, frozen=True):
    """What a checkup found.

    ``facts`` is what the file holds, None when a part cannot be read; then ``readings`` tell what can. ``is_mended``:
    a mended copy was made, looked through again and found whole, with the same number of rows in every table but for
    those that ``GONE`` names.
    """

    findings: tuple[Finding, ...] = ()
    facts: Facts | None = None
    readings: tuple[TableReading, ...] = ()
    is_mended: bool = False
    code: str | None = None

    @property
    def is_lost(self) -> bool:
        """Whether only a backup helps."""
        return any(finding.severity is Severity.LOST for finding in self.findings)

    @property
    def records(self) -> int:
        """How many records of the school the file holds; 0 when that cannot be told."""
        return 0 if self.facts is None else records_in(self.facts.counts)

    def of(self, severity: Severity) -> tuple[Finding, ...]:
        """Return the findings of one severity."""
        return tuple(finding for finding in self.findings if finding.severity is severity)

    @property
    def fingerprint(self) -> frozenset[tuple[str, str, str]]:
        """What two checkups agree in when they found the same; what was saved in between makes no difference."""
        return frozenset(
            (f.key, str(f.severity), "" if f.kind is Kind.NUMBER else repr(f.found)) for f in self.findings
        )


def records_in(counts: Mapping[str, int]) -> int:
    """Return how many rows the tables of the school hold together."""
    return sum(count for table, count in counts.items() if table not in BOOKKEEPING)
