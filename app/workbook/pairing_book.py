"""结对帮扶花名册 as a workbook: by child, by supporter, and the pairs that ended in the term."""

from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from app.core.progress import Progress, no_progress
from app.workbook.register_book import PLACE, Column, Register, write_registers

TITLE_WORDS = "结对帮扶花名册"
_DONE = tuple(
    Column(head, 7, "center", counted=True) for head in ("应谈", "实谈", "应访", "实访", "应通话", "实通话")
)
_CHILD = (
    PLACE, Column("姓名", 10), Column("性别", 5, "center"), Column("班级", 9),
    Column("帮扶人", 9), Column("类别", 9), Column("职务", 22), Column("电话", 13), Column("结对日期", 11),
    Column("重点（四导）", 14), *_DONE,
)  # fmt: skip
_SUPPORTER = (
    PLACE, Column("帮扶人", 10), Column("职务", 22), Column("电话", 13), Column("类别", 9),
    Column("姓名", 10), Column("班级", 9), Column("结对日期", 11), Column("从业查询", 16), *_DONE,
)  # fmt: skip
_ENDED = (
    PLACE, Column("姓名", 10), Column("班级", 9), Column("帮扶人", 10), Column("类别", 9),
    Column("结对日期", 11), Column("解除日期", 11), Column("原因", 16), Column("说明", 30),
)  # fmt: skip


class PairingBook(Struct, frozen=True):
    """The rows of the three sheets, without their numbers, and the line under the titles.

    ``counting`` says how what was done is counted, after the line on the sheets that have such columns.
    """

    line: str
    counting: str
    by_child: Sequence[Sequence[str]]
    by_supporter: Sequence[Sequence[str]]
    ended: Sequence[Sequence[str]]
    printed_at: str
    commit_no: int


def write_pairing_book(book: PairingBook, out: Path, *, progress: Progress = no_progress) -> int:
    """Write the workbook and return the number of pairs in force. Faults as ``write_registers``."""
    counted = f"{book.line}　{book.counting}"
    sheets = [
        Register("按儿童", TITLE_WORDS, counted, _CHILD, _numbered(book.by_child)),
        Register("按帮扶人", f"{TITLE_WORDS}（按帮扶人）", counted, _SUPPORTER, _numbered(book.by_supporter)),
        Register("本学期解除", "本学期解除的结对", book.line, _ENDED, _numbered(book.ended)),
    ]
    write_registers(
        sheets,
        out,
        subject=TITLE_WORDS,
        printed_at=book.printed_at,
        commit_no=book.commit_no,
        progress=progress,
    )
    return len(book.by_child)


def _numbered(rows: Sequence[Sequence[str]]) -> list[Sequence[str]]:
    return [(str(number), *row) for number, row in enumerate(rows, start=1)]
