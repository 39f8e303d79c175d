"""The list of a checkup (体检) on A4: what was found, grouped by what can be done, with room to note and to sign."""

from pathlib import Path
from typing import BinaryIO, Final

from msgspec import Struct

from app.paper.document import Document, opened
from app.paper.form import Column, Field, Form
from app.paper.framing import add_signatures, add_title, write_list
from app.paper.page import SMALL
from app.paper.printing import PrintResult, PrintStamp

_COLUMNS: Final = (
    Column("序号", 1.6, centred=True),
    Column("谁的", 5.4),
    Column("哪一项", 4),
    Column("问题", 9),
    Column("核对结果"),
)
_WARNING: Final = "内含未成年人个人信息，由学校保管，不得外传"


class SheetLine(Struct, frozen=True):
    """One finding: whose row, which field, what is wrong with both values."""

    whose: str
    what: str
    problem: str


class SheetGroup(Struct, frozen=True):
    """The findings with which the same can be done; ``todo`` says what a person is to do with them, "" = nothing."""

    caption: str
    todo: str
    lines: tuple[SheetLine, ...]


class CheckupSheet(Struct, frozen=True):
    """Everything the list says. ``children`` and ``records`` are None when they could not be counted."""

    title: str
    school: str
    file_name: str
    children: int | None
    records: int | None
    head: str
    notes: tuple[str, ...]
    groups: tuple[SheetGroup, ...]


def render_checkup(sheet: CheckupSheet, out: Path | BinaryIO, *, stamp: PrintStamp) -> PrintResult:
    """Write the list as PDF; ``out`` as a path is written beside, flushed and renamed."""
    with opened(out) as file:
        document = Document(file, title=sheet.title, author=sheet.school, stamp=stamp)
        setter = document.setter
        form = Form(setter)
        add_title(form, setter, sheet.title, sheet.school, _WARNING, right_style=SMALL)
        _add_content(sheet, form, stamp)
        add_signatures(
            form,
            setter,
            (("核对人：", ""), ("校长：", "")),
            (("核对日期：", ""), ("学校（盖章）", "")),
        )
        return write_list(document, form, sheet.title)


def _add_content(sheet: CheckupSheet, form: Form, stamp: PrintStamp) -> None:
    form.section("结果")
    form.fields(Field("体检时间", stamp.printed_at, 8, 4), Field("数据文件", sheet.file_name, label_units=4))
    children = "数不出" if sheet.children is None else f"{sheet.children} 名"
    records = "数不出" if sheet.records is None else f"{sheet.records} 条"
    form.fields(Field("在册儿童", children, 8, 4), Field("记录", records, label_units=4))
    form.fields(Field("结论", sheet.head, label_units=4))
    for note in sheet.notes:
        form.fields(Field("", note, label_units=4))
    number = 0
    for group in sheet.groups:
        form.section(f"{group.caption}（{len(group.lines)} 处）")
        if group.todo:
            form.passage(group.todo, lines_to_write=0)
        rows = []
        for line in group.lines:
            number += 1
            rows.append((str(number), line.whose, line.what, f"{line.problem}。", ""))
        form.table(_COLUMNS, rows)
