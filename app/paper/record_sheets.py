"""The sheets of the diary on A4 (domain.md §5.12–5.14): one card per talk or visit, one list per child of its journal.

Nothing is filled in that nobody wrote: what a form asks for and nobody said stays a line to write on.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO, Final

from app.core.progress import Progress, no_progress
from app.paper.document import Document, FinishedPage, Mark, finished, opened
from app.paper.flow import RUNNING_HEAD, PagePlan, arrange, draw
from app.paper.form import Block, Column, Field, Form, Row
from app.paper.framing import add_signatures, add_title, running_head
from app.paper.page import BOTTOM, SMALL, TOP, Page
from app.paper.printing import PrintResult, PrintStamp
from app.paper.record_data import Card, ChildSheets
from app.paper.typesetting import Typesetter

WARNING: Final = "内含未成年人个人信息，由学校保管，不得外传"
_JOURNAL: Final = (
    Column("日期", 3.6, centred=True),
    Column("类别·四导", 3.2),
    Column("记录人", 2.7),
    Column("内容"),
)
JOURNAL: Final = "成长日记"
_LABEL: Final = 5
_LINES_TO_WRITE: Final = {True: 2, False: 1}
"""Where nothing was said; fewer on cards that share a page, or each would have one for itself."""
_SIDE: Final = 6.4


def render_sheets(
    children: Sequence[ChildSheets],
    out: Path | BinaryIO,
    *,
    title: str,
    stamp: PrintStamp,
    progress: Progress = no_progress,
) -> PrintResult:
    """Write the sheets, child after child, each beginning a page; ``title`` holds no child's name.

    ``page_of_child`` of the answer tells where each begins. ValueError without any child.
    """
    if not children:
        raise ValueError("no sheet to print")
    with opened(out) as file:
        document = Document(file, title=title, author=children[0].school, stamp=stamp)
        form = Form(document.setter)
        pages: list[FinishedPage] = []
        starts: dict[str, int] = {}
        for place, child in enumerate(children):
            progress(place, len(children), f"正在排版：{place} / {len(children)} 名")
            starts[child.key] = len(pages) + 1
            pages += _child_pages(child, form, document.setter, place, several=len(children) > 1)
        document.write(pages)
        return PrintResult(
            pages=len(pages),
            missing_characters=tuple(sorted(document.setter.missing)),
            page_of_child=starts,
        )


def _child_pages(
    child: ChildSheets, form: Form, setter: Typesetter, place: int, *, several: bool
) -> list[FinishedPage]:
    bundles: list[list[Row | Block]] = []
    room = 0.0
    for card in child.cards:
        _add_card(form, setter, card, child)
        items = form.take()
        height = sum(item.height for item in items)
        if card.alone or height > room:
            bundles.append(items)
            room = 0.0 if card.alone else TOP - BOTTOM - RUNNING_HEAD - height
        else:
            bundles[-1] += items
            room -= height
    if child.journal or not child.cards:
        _add_journal(form, setter, child)
        bundles.append(form.take())
    plans = [plan for items in bundles for plan in arrange(items)]
    marks = [Mark(f"child{place}", child.name, 0)] if several else []
    return [
        _drawn(plan, number, len(plans), child, setter, marks if number == 1 else [])
        for number, plan in enumerate(plans, start=1)
    ]


def _add_card(form: Form, setter: Typesetter, card: Card, child: ChildSheets) -> None:
    add_title(form, setter, card.title, child.school, card.number, right_style=SMALL)
    pairs = list(card.facts) + ([("补录", card.late)] if card.late else [])
    for left, right in zip(pairs[::2], [*pairs[1::2], None], strict=False):
        fields = [Field(left[0], left[1], _SIDE if right else 0, _LABEL)]
        if right is not None:
            fields.append(Field(right[0], right[1], label_units=_LABEL))
        form.fields(*fields)
    lines = _LINES_TO_WRITE[card.alone]
    for label, text in card.texts:
        form.fields(Field(label, text, label_units=_LABEL), lines_to_write=0 if text else lines)
    add_signatures(form, setter, tuple((label, "") for label in card.signers))


def _add_journal(form: Form, setter: Typesetter, child: ChildSheets) -> None:
    add_title(form, setter, JOURNAL, child.school, child.span, right_style=SMALL)
    form.fields(Field("姓名", child.name, _SIDE, _LABEL), Field("班级", child.class_name, label_units=_LABEL))
    rows = [
        (line.day, line.kind, line.by, "\n".join(part for part in (line.text, line.late) if part))
        for line in child.journal
    ]
    form.table(_JOURNAL, rows or [("", "", "", "本期没有记录")])
    add_signatures(form, setter, (("检查人：", ""), ("日期：", "")))


def _drawn(
    plan: PagePlan, number: int, count: int, child: ChildSheets, setter: Typesetter, marks: Sequence[Mark]
) -> FinishedPage:
    page = Page()
    if number > 1:
        running_head(page, setter, f"{child.name}　{child.class_name}", f"本人第 {number} 页，共 {count} 页")
    draw(plan, page)
    return finished(page, marks=marks)
