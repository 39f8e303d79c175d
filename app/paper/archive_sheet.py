"""一人一档: the archive sheet of one child on two or three A4 pages, alone, in a pile, or bound into a book."""

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import BinaryIO

from app.core.progress import Progress, no_progress
from app.paper.archive_data import ArchiveSheet, BookCover
from app.paper.archive_sections import add_sections
from app.paper.contents import Entry, contents_pages, cover_page, plan_contents
from app.paper.document import Document, FinishedPage, Mark, finished, opened
from app.paper.flow import PagePlan, arrange, draw
from app.paper.form import Form
from app.paper.framing import add_signatures, add_title, running_head
from app.paper.page import Page
from app.paper.printing import PrintResult, PrintStamp
from app.paper.typesetting import Typesetter

TITLE_WORDS = "留守儿童档案"
NO_CLASS = "未分班"


def render_book(
    sheets: Sequence[ArchiveSheet],
    out: Path | BinaryIO,
    *,
    stamp: PrintStamp,
    cover: BookCover | None = None,
    progress: Progress = no_progress,
) -> PrintResult:
    """Write the sheets, in the given order, into one PDF file.

    With a cover: cover, contents by class (sheets of one class should stand together), bookmarks. Page numbers run
    through the whole file and count the cover, so that the printed number is the one a PDF reader goes to.
    ``out`` as a path is written beside, flushed and renamed (``app.core.files.atomic_write``); a file object is only
    written to. ``progress`` counts children; its ``Cancelled`` passes through and leaves no file.
    ValueError when there is no sheet.
    """
    if not sheets:
        raise ValueError("no sheet to print")
    with opened(out) as file:
        return _render(sheets, file, stamp, cover, progress)


def _render(
    sheets: Sequence[ArchiveSheet],
    out: BinaryIO,
    stamp: PrintStamp,
    cover: BookCover | None,
    progress: Progress,
) -> PrintResult:
    title = cover.title if cover else TITLE_WORDS
    document = Document(out, title=title, author=sheets[0].school, stamp=stamp)
    setter = document.setter
    form = Form(setter)
    pages: list[FinishedPage] = []
    entries: list[Entry] = []
    several = len(sheets) > 1 or cover is not None
    begun: set[int] = {0, *_class_starts(sheets)}
    for place, sheet in enumerate(sheets):
        progress(place, len(sheets), f"正在排版：{place} / {len(sheets)} 名")
        class_name = sheet.personal.class_name or NO_CLASS
        key = f"child{place}"
        entries.append(Entry(key, class_name, sheet.personal.name, len(pages)))
        marks = [Mark(key, sheet.personal.name, 1)] if several else []
        if several and place in begun:
            marks.insert(0, Mark(f"class{place}", class_name, 0))
        pages += _sheet_pages(sheet, form, setter, marks)
    front: list[FinishedPage] = []
    if cover:
        plan = plan_contents(entries, setter)
        front = [
            cover_page(cover, len(sheets), stamp, setter),
            *contents_pages(plan, len(plan) + 2, setter),
        ]
    progress(len(sheets), len(sheets), "正在写入文件")
    document.write([*front, *pages])
    return PrintResult(
        pages=len(front) + len(pages),
        missing_characters=tuple(sorted(setter.missing)),
        page_of_child={
            sheet.child_key: len(front) + entry.page + 1 for sheet, entry in zip(sheets, entries, strict=True)
        },
    )


def _class_starts(sheets: Sequence[ArchiveSheet]) -> list[int]:
    starts = []
    for _, group in groupby(enumerate(sheets), key=lambda pair: pair[1].personal.class_name):
        starts.append(next(group)[0])
    return starts


def _sheet_pages(
    sheet: ArchiveSheet, form: Form, setter: Typesetter, marks: Sequence[Mark]
) -> list[FinishedPage]:
    add_title(form, setter, TITLE_WORDS, sheet.school, _archive_no(sheet))
    add_sections(sheet, form)
    add_signatures(
        form,
        setter,
        (("建档人：", sheet.built_by), ("审核人：", ""), ("班主任：", "")),
        (("建档日期：", sheet.opened_on), ("审核日期：", ""), ("学校（盖章）", "")),
    )
    plans = arrange(form.take())
    return [
        _drawn(plan, number, len(plans), sheet, setter, marks if number == 1 else ())
        for number, plan in enumerate(plans, start=1)
    ]


def _drawn(
    plan: PagePlan,
    number: int,
    count: int,
    sheet: ArchiveSheet,
    setter: Typesetter,
    marks: Sequence[Mark],
) -> FinishedPage:
    page = Page()
    if number > 1:
        who = f"{sheet.personal.name}　{sheet.personal.class_name}　{_archive_no(sheet)}"
        running_head(page, setter, who, f"本档第 {number} 页，共 {count} 页")
    draw(plan, page)
    return finished(page, marks=marks)


def _archive_no(sheet: ArchiveSheet) -> str:
    return f"档案号 {sheet.archive_no}" if sheet.archive_no else "档案号"
