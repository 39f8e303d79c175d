"""Lists with many columns: A4 across, one after the other, each beginning a page, with who signs below it."""

from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO, Final

from msgspec import Struct, field

from app.core.progress import Progress, no_progress
from app.paper.document import Document, FinishedPage, Mark, opened
from app.paper.fonts import SONG
from app.paper.form import UNITS, Column, Field, Form
from app.paper.framing import add_signatures, add_title, list_pages
from app.paper.page import LANDSCAPE, SMALL
from app.paper.printing import PrintResult, PrintStamp
from app.paper.typesetting import Style

DENSE: Final = Style(SONG, 8.5, 12)
"""For lists with so many columns that a day would not stand in one line."""


class WideList(Struct, frozen=True, kw_only=True):
    """One list: what stands left and right under its title, its columns and cells, all as text.

    ``nothing`` is said above a list without rows where that is a report too (零报告), ``note`` below it. ``signers`` are
    rows of labels; what ends in ： gets a line to sign on.
    """

    title: str
    left: str
    right: str = ""
    columns: tuple[Column, ...]
    rows: Sequence[Sequence[str]] = field(default=())
    nothing: str = ""
    note: str = ""
    signers: Sequence[Sequence[str]] = field(default=())
    style: Style = SMALL


def shared_out(heads: Sequence[tuple[str, float, bool]]) -> tuple[Column, ...]:
    """Return columns (head, weight, in the middle) that share the width by their weights."""
    whole = sum(weight for _, weight, _ in heads)
    return tuple(Column(head, UNITS * weight / whole, centred=centred) for head, weight, centred in heads)


def render_wide_lists(
    lists: Sequence[WideList],
    out: Path | BinaryIO,
    *,
    title: str,
    school: str,
    stamp: PrintStamp,
    progress: Progress = no_progress,
) -> PrintResult:
    """Write the lists; ``out`` as a path is written beside, flushed and renamed. ValueError without any list."""
    if not lists:
        raise ValueError("no list to print")
    with opened(out) as file:
        document = Document(file, title=title, author=school, stamp=stamp, paper=LANDSCAPE)
        pages: list[FinishedPage] = []
        for place, one in enumerate(lists):
            progress(place, len(lists), f"正在排版「{one.title}」")
            marks = [Mark(f"list{place}", one.title, 0)] if len(lists) > 1 else []
            pages += _pages(one, document, marks)
        document.write(pages)
        missing = tuple(sorted(document.setter.missing))
        return PrintResult(pages=len(pages), missing_characters=missing, page_of_child={})


def _pages(one: WideList, document: Document, marks: Sequence[Mark]) -> list[FinishedPage]:
    setter = document.setter
    form = Form(setter, LANDSCAPE)
    add_title(form, setter, one.title, one.left, one.right)
    if one.nothing:
        form.fields(Field("零报告", one.nothing))
    form.table(one.columns, one.rows, style=one.style)
    if one.note:
        form.fields(Field("说明", one.note))
    if one.signers:
        add_signatures(form, setter, *(tuple((label, "") for label in row) for row in one.signers))
    return list_pages(document, form, one.title, marks, called="本表")
