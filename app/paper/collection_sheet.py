"""The class sheet of the term's survey (摸底核实) on paper: what is known of every child, with room to put it right and sign."""

from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO, Final

from msgspec import Struct

from app.core.progress import Progress, no_progress
from app.paper.document import Document, FinishedPage, Mark, finished, opened
from app.paper.flow import arrange, draw
from app.paper.form import LINE_TO_WRITE, Field, Form
from app.paper.framing import add_signatures, add_title, running_head
from app.paper.page import SMALL, Page
from app.paper.printing import PrintResult, PrintStamp
from app.paper.typesetting import Typesetter

TITLE: Final = "摸底核实表"
_HOW: Final = "写错的划掉写在「改正」里，空着的补上，方框打勾；没有变化写「无变化」"
_SIDE: Final = 3.5
_ROOM_TO_WRITE: Final = 26.0
_BOX, _LINE = "□", "＿"


def boxes(*choices: str) -> str:
    """Return a place to tick for a fact that is not known."""
    return " ".join(f"{_BOX}{choice}" for choice in choices)


def gap(label: str, length: int) -> str:
    """Return a place to write ``length`` characters for a fact that is not known, after what belongs there."""
    return label + _LINE * length


class SheetChild(Struct, frozen=True, kw_only=True):
    """One child with what is known; "" leaves the place empty. Parents and carer: name, where, number on one line.

    What is not known among other things of a line is a ``gap`` or ``boxes``.
    """

    name: str
    sex: str
    birth_date: str
    id_number: str
    home: str
    boards: str
    health: str
    father: str
    mother: str
    carer: str


class ClassSheetPaper(Struct, frozen=True, kw_only=True):
    """The sheet of one class."""

    class_name: str
    class_teacher: str
    children: Sequence[SheetChild]


def render_collection(
    sheets: Sequence[ClassSheetPaper],
    out: Path | BinaryIO,
    *,
    school: str,
    survey: str,
    due_on: str,
    stamp: PrintStamp,
    progress: Progress = no_progress,
) -> PrintResult:
    """Write the sheets, each class beginning a page; ``out`` as a path is written beside, flushed and renamed."""
    with opened(out) as file:
        document = Document(file, title=f"{survey}{TITLE}", author=school, stamp=stamp)
        form = Form(document.setter)
        pages: list[FinishedPage] = []
        for place, sheet in enumerate(sheets):
            progress(place, len(sheets), f"正在排版：{sheet.class_name}")
            pages += _class_pages(sheet, form, document.setter, school, survey, due_on, place)
        document.write(pages)
        missing = tuple(sorted(document.setter.missing))
        return PrintResult(pages=len(pages), missing_characters=missing, page_of_child={})


def _class_pages(
    sheet: ClassSheetPaper, form: Form, setter: Typesetter, school: str, survey: str, due_on: str, place: int
) -> list[FinishedPage]:
    due = f"请在 {due_on} 前交回" if due_on else ""
    add_title(form, setter, f"{sheet.class_name}{TITLE}", f"{school}　{survey}", due, right_style=SMALL)
    teacher = f"班主任：{sheet.class_teacher}　" if sheet.class_teacher else ""
    form.passage(f"{teacher}共 {len(sheet.children)} 名。{_HOW}。", lines_to_write=0)
    for number, child in enumerate(sheet.children, start=1):
        _add_child(form, number, child)
    add_signatures(form, setter, (("班主任：", ""), ("核实日期：", ""), ("交回日期：", "")))
    plans = arrange(form.take())
    pages = []
    for number, plan in enumerate(plans, start=1):
        page = Page()
        if number > 1:
            running_head(
                page, setter, f"{sheet.class_name}{TITLE}", f"本班第 {number} 页，共 {len(plans)} 页"
            )
        draw(plan, page)
        marks = [Mark(f"class{place}", sheet.class_name, 0)] if number == 1 else []
        pages.append(finished(page, marks=marks))
    return pages


def _add_child(form: Form, number: int, child: SheetChild) -> None:
    with form.side(f"{number}\n{child.name}", _SIDE):
        _add(
            form,
            Field("性别", child.sex, 3.4, 2),
            Field("出生", child.birth_date, 3.6, 2),
            Field("身份证", child.id_number),
        )
        _add(form, Field("住址", child.home))
        _add(form, Field("寄宿", child.boards, 3.4), Field("健康", child.health))
        _add(form, Field("父亲", child.father))
        _add(form, Field("母亲", child.mother))
        _add(form, Field("监护人", child.carer))
        form.fields(Field("改正", ""), least=_ROOM_TO_WRITE)


def _add(form: Form, *fields: Field) -> None:
    """Add a row; one with something to write in is as high as a hand needs."""
    asks = any(not field.value or _BOX in field.value or _LINE in field.value for field in fields)
    form.fields(*fields, least=LINE_TO_WRITE if asks else 0)
