"""控辍保学 on paper (domain.md §5.24): 适龄儿童, 缺席登记, 辍学报告, 劝返清单 and the figures, which also print zero."""

from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO, Final

from msgspec import Struct, field

from app.core.progress import Progress, no_progress
from app.paper.form import Column
from app.paper.page import VALUE
from app.paper.printing import PrintResult, PrintStamp
from app.paper.wide_list import WideList, render_wide_lists, shared_out

OF_AGE: Final = "适龄儿童台账"
REGISTER: Final = "缺席学生情况登记表"
REPORT: Final = "辍学学生情况报告表"
PERSUASIONS: Final = "劝返清单"
MONTH: Final = "辍学学生情况统计表"
_OF_AGE: Final = shared_out(
    (
        ("序号", 5, True),
        ("姓名", 10, False),
        ("性别", 5, True),
        ("出生日期", 10, True),
        ("班级", 10, False),
        ("学籍号", 19, False),
        ("户籍地", 22, False),
        ("监护人", 9, False),
        ("关系", 9, False),
        ("电话", 12, False),
    )
)
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
    Column("监护人·电话", 4),
    Column("第几次·日期", 2.8),
    Column("人员·方式", 3.2),
    Column("过程", 7),
    Column("结果"),
)
_COUNTS: Final = (
    ("在校生", 2.2),
    ("新缺席", 2.2),
    ("新列疑似", 2.4),
    ("新列辍学", 2.4),
    ("劝返次数", 2.4),
    ("返校", 2),
    ("销号", 2),
    ("月末疑似", 2.2),
    ("月末辍学", 2.2),
)
_FIGURES: Final = shared_out((("班级", 4.2, False), *((head, weight, True) for head, weight in _COUNTS)))
_MONTHS: Final = shared_out(
    (("月份", 2.4, True), ("班级", 4, False), *((head, weight, True) for head, weight in _COUNTS))
)
_F0: Final = (("填报单位（盖章）", "单位负责人：", "复核人：", "填表人：", "填报日期："),)
_SIX: Final = (("村支书：", "中心校校长：", "中学校长："), ("乡镇分管领导：", "乡镇长：", "包片领导："))
"""Who signs the 劝返清单 (●, domain.md §5.24)."""


class CaseRow(Struct, frozen=True, kw_only=True):
    """One child of a list; each text is one cell, lines parted by line ends."""

    child: str
    registry: str
    carer: str
    missed: str
    reported: str
    ended: str


class TriedRow(Struct, frozen=True, kw_only=True):
    """One 劝返."""

    child: str
    carer: str
    which: str
    people: str
    course: str
    result: str


class AbsenceList(Struct, frozen=True, kw_only=True):
    """One of the lists: ``title`` is one of the five, ``span`` the day or period in words, ``note`` what counts.

    ``figures`` are those of one month by class; of several months each row begins with its month.
    """

    title: str
    school: str
    span: str
    note: str = ""
    pupils: Sequence[Sequence[str]] = field(default=())
    cases: Sequence[CaseRow] = field(default=())
    tried: Sequence[TriedRow] = field(default=())
    figures: Sequence[Sequence[str]] = field(default=())
    nothing: str = ""
    """What is said when there is nobody to report: a list without rows is a report too (零报告)."""


def render_absences(
    sheets: Sequence[AbsenceList],
    out: Path | BinaryIO,
    *,
    title: str,
    stamp: PrintStamp,
    progress: Progress = no_progress,
) -> PrintResult:
    """Write the lists, each beginning a page; ``out`` as a path is written beside, flushed and renamed."""
    return render_wide_lists(
        [_wide(sheet) for sheet in sheets],
        out,
        title=title,
        school=sheets[0].school,
        stamp=stamp,
        progress=progress,
    )


def _wide(sheet: AbsenceList) -> WideList:
    columns, rows = _table(sheet)
    return WideList(
        title=sheet.title,
        left=f"填报单位：{sheet.school}",
        right=sheet.span,
        columns=columns,
        rows=rows,
        nothing=sheet.nothing,
        note=sheet.note,
        signers=_SIX if sheet.title == PERSUASIONS else _F0,
        style=VALUE,
    )


def _table(sheet: AbsenceList) -> tuple[tuple[Column, ...], list[Sequence[str]]]:
    if sheet.title == OF_AGE:
        return _OF_AGE, [(str(place), *row) for place, row in enumerate(sheet.pupils, start=1)]
    if sheet.title == MONTH:
        several = bool(sheet.figures) and len(sheet.figures[0]) == len(_MONTHS)
        return _MONTHS if several else _FIGURES, list(sheet.figures)
    if sheet.title == PERSUASIONS:
        tried = enumerate(sheet.tried, start=1)
        return _TRIED, [
            (str(place), row.child, row.carer, row.which, row.people, row.course, row.result)
            for place, row in tried
        ]
    return _CASES, [
        (str(place), row.child, row.registry, row.carer, row.missed, row.reported, row.ended)
        for place, row in enumerate(sheet.cases, start=1)
    ]
