"""What stands around the content of every paper: its title, the head of the pages that follow, the lines to sign."""

from collections.abc import Sequence

from app.paper.document import Document, FinishedPage, Mark, finished
from app.paper.flow import arrange, draw
from app.paper.fonts import SONG
from app.paper.form import BASELINE, Form, Row
from app.paper.page import SMALL, TITLE, VALUE, Page
from app.paper.printing import PrintResult
from app.paper.signing import LINE_HEIGHT, signature_lines, signature_rows
from app.paper.typesetting import Style, Typesetter, printable

_RIGHT_MOST = 0.45
"""The part of the width that the words on the right may take."""
_BETWEEN = 24.0
_RUNNING_BETWEEN = 12.0


def add_title(
    form: Form, setter: Typesetter, title: str, left: str, right: str = "", *, right_style: Style = VALUE
) -> None:
    """Add the title in the middle and below it the school on the ``left``; the ``right`` may hold a number."""
    head = setter.line(title, TITLE.font)
    paper = form.paper
    right_lines = setter.wrap(right, right_style, paper.width * _RIGHT_MOST)
    taken = max(line.width for line in right_lines) * right_style.size / 1000
    left_lines = setter.wrap(left, VALUE, paper.width - (taken + _BETWEEN if right else 0))

    def draw_title(page: Page, top: float) -> None:
        page.text_centred((paper.left + paper.right) / 2, top - TITLE.leading * BASELINE, head, TITLE.size)
        baseline = top - TITLE.leading - 10 - VALUE.leading * BASELINE
        for place, line in enumerate(right_lines):
            page.text_right(paper.right, baseline - place * VALUE.leading, line, right_style.size)
        for place, line in enumerate(left_lines):
            page.text(paper.left, baseline - place * VALUE.leading, line, VALUE.size)

    lines = max(len(left_lines), len(right_lines))
    form.block(TITLE.leading + 10 + lines * VALUE.leading + 5, draw_title)


def add_signatures(form: Form, setter: Typesetter, *rows: tuple[tuple[str, str], ...]) -> None:
    """Add rows of (label, what is already known), each with a line to sign on; never alone on a page.

    A long name takes of the room of its row, or a row of its own.
    """
    shared = signature_rows(setter, rows, form.paper.width)

    def draw_lines(page: Page, top: float) -> None:
        signature_lines(page, top, setter, shared)

    form.block(LINE_HEIGHT * (len(shared) + 0.5), draw_lines, with_rows=2)


def running_head(page: Page, setter: Typesetter, left: str, right: str) -> None:
    """Draw what stands on top of every page but the first; a name may be of any length, and is never cut."""
    left_line, right_line = setter.line(printable(left), SONG), setter.line(right, SONG)
    fitting = (page.paper.width - _RUNNING_BETWEEN) * 1000 / (left_line.width + right_line.width)
    size = min(SMALL.size, fitting)
    page.text(page.paper.left, page.paper.top - 12, left_line, size)
    page.text_right(page.paper.right, page.paper.top - 12, right_line, size)


def write_list(document: Document, form: Form, title: str) -> PrintResult:
    """Lay out a list that is the whole paper, write it into the document, and say what was written.

    ``page_of_child`` of the result goes by the keys that the rows of the form are ``about``.
    """
    page_of: dict[str, int] = {}
    pages = list_pages(document, form, title, page_of=page_of)
    document.write(pages)
    missing = tuple(sorted(document.setter.missing))
    return PrintResult(pages=len(pages), missing_characters=missing, page_of_child=page_of)


def list_pages(
    document: Document,
    form: Form,
    title: str,
    marks: Sequence[Mark] = (),
    *,
    called: str = "本份",
    page_of: dict[str, int] | None = None,
) -> list[FinishedPage]:
    """Lay out what was put into the form as pages of their own, with a head from the second on.

    ``page_of`` is filled with the first page, from 1, on which a row stands about each key.
    """
    plans = arrange(form.take(), form.paper)
    pages: list[FinishedPage] = []
    for number, plan in enumerate(plans, start=1):
        page = Page(form.paper)
        if number > 1:
            running_head(page, document.setter, title, f"{called}第 {number} 页，共 {len(plans)} 页")
        draw(plan, page)
        pages.append(finished(page, marks=marks if number == 1 else ()))
        if page_of is not None:
            for _, item in plan:
                for key in item.about if isinstance(item, Row) else ():
                    page_of.setdefault(key, number)
    return pages
