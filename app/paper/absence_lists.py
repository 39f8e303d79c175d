"""控辍保学 on paper (domain.md §5.24): 缺席登记, 辍学报告, 劝返清单 and the monthly figures, which also print zero."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Final

from app.paper.document import Document, opened
from app.paper.form import Column, Field, Form
from app.paper.framing import add_signatures, add_title, write_list
from app.paper.page import LANDSCAPE
from app.paper.printing import PrintResult, PrintStamp

REGISTER: Final = "缺席学生情况登记表"
REPORT: Final = "辍学学生情况报告表"
PERSUASIONS: Final = "劝返清单"
MONTH: Final = "辍学学生情况统计表"
_CASES: Final = (
    Column("序号", 1.2, centred=True),
    Column("学生", 3.2),
    Column("学籍号·户籍地", 4.5),
    Column("监护人·电话", 4.3),
    Column("未到校·原因", 4),
    Column("上报·接收", 3.4),
    Column("返校·销号"),
)
_TRIED: Final = (
    Column("序号", 1.2, centred=True),
    Column("学生", 3.2),
    Column("监护人·电话", 4.3),
    Column("第几次·日期", 3.9),
    Column("人员·方式", 3.5),
    Column("过程", 5.3),
    Column("结果"),
)
_FIGURES: Final = (
    Column("班级", 4.4),
    Column("在册", 2, centred=True),
    Column("新缺席", 2.2, centred=True),
    Column("新列疑似", 2.4, centred=True),
    Column("新列辍学", 2.4, centred=True),
    Column("劝返次数", 2.4, centred=True),
    Column("返校", 2, centred=True),
    Column("销号", 2, centred=True),
    Column("月末疑似", 2.1, centred=True),
    Column("月末辍学", centred=True),
)
_F0: Final = (
    (("填报单位（盖章）", ""), ("单位负责人：", ""), ("复核人：", ""), ("填表人：", ""), ("填报日期：", "")),
)
_SIX: Final = (
    (("村支书：", ""), ("中心校校长：", ""), ("中学校长：", "")),
    (("乡镇分管领导：", ""), ("乡镇长：", ""), ("包片领导：", "")),
)
"""Who signs the 劝返清单 (●, domain.md §5.24)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRow:
    """One child of a list; each text is one cell, lines parted by line ends."""

    child: str
    registry: str
    carer: str
    missed: str
    reported: str
    ended: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TriedRow:
    """One 劝返."""

    child: str
    carer: str
    which: str
    people: str
    course: str
    result: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsenceList:
    """One of the lists: ``title`` is one of the four, ``span`` the day or period in words, ``note`` what counts."""

    title: str
    school: str
    span: str
    note: str = ""
    cases: Sequence[CaseRow] = field(default=())
    tried: Sequence[TriedRow] = field(default=())
    figures: Sequence[Sequence[str]] = field(default=())
    nothing: str = ""
    """What is said when there is nobody to report: a list without rows is a report too (零报告)."""


def render_absences(sheet: AbsenceList, out: Path | BinaryIO, *, stamp: PrintStamp) -> PrintResult:
    """Write the list; ``out`` as a path is written beside, flushed and renamed."""
    with opened(out) as file:
        document = Document(file, title=sheet.title, author=sheet.school, stamp=stamp, paper=LANDSCAPE)
        form = Form(document.setter, LANDSCAPE)
        add_title(form, document.setter, sheet.title, f"填报单位：{sheet.school}", sheet.span)
        if sheet.nothing:
            form.fields(Field("零报告", sheet.nothing))
        if sheet.figures:
            form.table(_FIGURES, sheet.figures)
        elif sheet.title == PERSUASIONS:
            form.table(_TRIED, [_tried_cells(place, row) for place, row in enumerate(sheet.tried, start=1)])
        else:
            form.table(_CASES, [_case_cells(place, row) for place, row in enumerate(sheet.cases, start=1)])
        if sheet.note:
            form.fields(Field("说明", sheet.note))
        add_signatures(form, document.setter, *(_SIX if sheet.title == PERSUASIONS else _F0))
        return write_list(document, form, sheet.title)


def _case_cells(place: int, row: CaseRow) -> tuple[str, ...]:
    return str(place), row.child, row.registry, row.carer, row.missed, row.reported, row.ended


def _tried_cells(place: int, row: TriedRow) -> tuple[str, ...]:
    return str(place), row.child, row.carer, row.which, row.people, row.course, row.result
