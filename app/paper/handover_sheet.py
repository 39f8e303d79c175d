"""结对交接单 (features.md §4, idea 11): what one supporter hands to another, child by child, to be signed by both."""

from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO, Final

from msgspec import Struct

from app.paper.document import Document, opened
from app.paper.form import Column, Field, Form
from app.paper.framing import add_signatures, add_title, write_list
from app.paper.printing import PrintResult, PrintStamp

TITLE_WORDS: Final = "结对交接单"
_COLUMNS: Final = (
    Column("序号", 1.3, centred=True),
    Column("儿童", 3.8),
    Column("接手人", 2.8),
    Column("要办的事（承诺、必访、到期、计划）", 10.4),
    Column("要特别留意的"),
)
_WRITE_LINES: Final = 3


class HandOverRow(Struct, frozen=True, kw_only=True):
    """One child: who takes over, the open things in words, one per line, and what asks for special care."""

    child: str
    to: str
    open_things: str
    care: str


class HandOverSheet(Struct, frozen=True, kw_only=True):
    """What the sheet says; ``receivers`` are those who sign for taking over."""

    school: str
    giver: str
    post: str
    on: str
    why: str
    rows: Sequence[HandOverRow]
    receivers: Sequence[str]


def render_hand_over(sheet: HandOverSheet, out: Path | BinaryIO, *, stamp: PrintStamp) -> PrintResult:
    """Write the sheet; ``out`` as a path is written beside, flushed and renamed."""
    with opened(out) as file:
        document = Document(file, title=TITLE_WORDS, author=sheet.school, stamp=stamp)
        form = Form(document.setter)
        add_title(form, document.setter, TITLE_WORDS, sheet.school)
        form.section("交接")
        form.fields(Field("移交人", sheet.giver, 7), Field("职务", sheet.post))
        form.fields(Field("交接日期", sheet.on, 7), Field("原因", sheet.why))
        form.section(f"移交的儿童（{len(sheet.rows)} 名）")
        rows = [
            (str(place), row.child, row.to, row.open_things or "没有未办的事", row.care)
            for place, row in enumerate(sheet.rows, start=1)
        ]
        form.table(_COLUMNS, rows)
        form.section("移交人补充（谁了解情况、家里什么时候有人、怎么联系最好）")
        form.passage("", lines_to_write=_WRITE_LINES)
        receivers = [(f"接手人（{name}）：", "") for name in sheet.receivers]
        pairs = [tuple(receivers[place : place + 2]) for place in range(0, len(receivers), 2)]
        add_signatures(
            form,
            document.setter,
            (("移交人：", ""), ("日期：", "")),
            *pairs,
            (("分管领导：", ""), ("学校（盖章）", "")),
        )
        return write_list(document, form, TITLE_WORDS)
