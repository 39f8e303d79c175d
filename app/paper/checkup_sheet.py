"""The list of a checkup (体检) on A4: what was found, grouped by what can be done, with room to note and to sign."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO, Final

from app.paper.document import Document, FinishedPage, finished, opened
from app.paper.flow import arrange, draw
from app.paper.fonts import SONG
from app.paper.form import BASELINE, Column, Field, Form
from app.paper.page import LEFT, RIGHT, SMALL, TITLE, TOP, VALUE, WIDTH, Page
from app.paper.printing import PrintResult, PrintStamp
from app.paper.signing import LINE_HEIGHT, signature_lines
from app.paper.typesetting import Typesetter

_COLUMNS: Final = (
    Column("序号", 1.6, centred=True),
    Column("谁的", 5.4),
    Column("哪一项", 4),
    Column("问题", 9),
    Column("核对结果"),
)
_WARNING: Final = "内含未成年人个人信息，由学校保管，不得外传"


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One finding: whose row, which field, what is wrong with both values."""

    whose: str
    what: str
    problem: str


@dataclass(frozen=True, slots=True)
class SheetGroup:
    """The findings with which the same can be done; ``todo`` says what a person is to do with them, "" = nothing."""

    caption: str
    todo: str
    lines: tuple[SheetLine, ...]


@dataclass(frozen=True, slots=True)
class CheckupSheet:
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
        _add_title(sheet, form, setter)
        _add_content(sheet, form, stamp)
        form.block(LINE_HEIGHT * 2.5, partial(_sign, setter))
        plans = arrange(form.take())
        pages: list[FinishedPage] = []
        for number, plan in enumerate(plans, start=1):
            page = Page()
            if number > 1:
                words = f"本清单第 {number} 页，共 {len(plans)} 页"
                page.text(LEFT, TOP - 12, setter.line(sheet.title, SONG), SMALL.size)
                page.text_right(RIGHT, TOP - 12, setter.line(words, SONG), SMALL.size)
            draw(plan, page)
            pages.append(finished(page))
        document.write(pages)
        return PrintResult(
            pages=len(pages), missing_characters=tuple(sorted(setter.missing)), page_of_child={}
        )


def _add_title(sheet: CheckupSheet, form: Form, setter: Typesetter) -> None:
    title = setter.line(sheet.title, TITLE.font)
    school = setter.wrap(sheet.school, VALUE, WIDTH * 0.5)
    warning = setter.wrap(_WARNING, SMALL, WIDTH * 0.45)
    lines = max(len(school), len(warning))

    def draw_title(page: Page, top: float) -> None:
        page.text_centred((LEFT + RIGHT) / 2, top - TITLE.leading * BASELINE, title, TITLE.size)
        baseline = top - TITLE.leading - 10 - VALUE.leading * BASELINE
        for place, line in enumerate(school):
            page.text(LEFT, baseline - place * VALUE.leading, line, VALUE.size)
        for place, line in enumerate(warning):
            page.text_right(RIGHT, baseline - place * VALUE.leading, line, SMALL.size)

    form.block(TITLE.leading + 10 + lines * VALUE.leading + 5, draw_title)


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


def _sign(setter: Typesetter, page: Page, top: float) -> None:
    rows = (
        (("核对人：", ""), ("校长：", "")),
        (("核对日期：", ""), ("学校（盖章）", "")),
    )
    signature_lines(page, top, setter, rows)
