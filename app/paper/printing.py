"""What every printed thing is handed and gives back; no reportlab here, so that nobody pays for it at start-up."""

from msgspec import Struct


class PrintStamp(Struct, frozen=True, kw_only=True):
    """The last line of every page: when it was printed, from which state of the data."""

    printed_at: str
    """打印时间, from the injected clock: 2026-11-21 10:42."""
    commit_no: int
    """数据序号: the last committed action the data came from."""
    as_of: str
    """The day the facts are looked at: 2026-11-21."""


class PrintResult(Struct, frozen=True, kw_only=True):
    """What came out of a print job."""

    pages: int
    missing_characters: tuple[str, ...]
    """Characters no bundled font has, in code point order; on the paper each stands as 〓."""
    page_of_child: dict[str, int]
    """`ArchiveSheet.child_key` → page of the file on which the child's sheet begins, counted from 1."""
