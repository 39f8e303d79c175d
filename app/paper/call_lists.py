"""Who calls when, on paper: the list for the wall (time, class, name, nothing else) and the one for the teacher on duty.

The wall list is titled 通话安排 and says of no child what it is (decisions.md §4.4). The duty list holds the numbers: it
is for the teacher's hand, and that it left the program is written down by whoever prints it.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO, Final

from msgspec import Struct

from app.paper.document import Document, opened
from app.paper.fonts import HEI, SONG
from app.paper.form import Column, Form
from app.paper.framing import add_signatures, add_title, write_list
from app.paper.page import LANDSCAPE
from app.paper.printing import PrintResult, PrintStamp
from app.paper.typesetting import Style

WALL: Final = "通话安排"
DUTY: Final = "通话值班单"
WARNING: Final = "内含未成年人个人信息，由值班教师保管，用完交回，不得外传"
_ON_THE_WALL: Final = Style(HEI, 14, 19)
_MANY_DAYS: Final = Style(HEI, 11, 15)
_CLASS: Final = Style(SONG, 9, 13)
_FEW_DAYS: Final = 5
_TIME: Final = 2
_WALL_ROW: Final = 38.0
_DUTY: Final = (
    Column("时间", 1.6, centred=True),
    Column("学生", 3.6),
    Column("先打", 4.4),
    Column("打不通再打", 4.6),
    Column("留意", 5),
    Column("结果·分钟"),
)
_DUTY_ROW: Final = 36.0


class WallGrid(Struct, frozen=True, kw_only=True):
    """One line in one week: a column per day, a row per slot; a cell holds names with their classes, one per line.

    ``calls`` are the keys of the calls of each row.
    """

    head: str
    days: Sequence[str]
    rows: Sequence[tuple[str, Sequence[str]]]
    calls: Sequence[tuple[str, ...]] = ()


class WallList(Struct, frozen=True, kw_only=True):
    """``span`` in words, ``note`` what pupils are to know (先到先坐)."""

    school: str
    span: str
    grids: Sequence[WallGrid] = ()
    note: str = ""


class DutyRow(Struct, frozen=True, kw_only=True):
    """One call: the texts of the cells, numbers whole; ``calls`` are the keys of those who share it."""

    time: str
    child: str
    first: str
    then: str
    mind: str
    calls: tuple[str, ...] = ()


class DutyPart(Struct, frozen=True, kw_only=True):
    """The calls of one day on one line, in dial order; ``head`` names day, line and who is on duty."""

    head: str
    rows: Sequence[DutyRow] = ()


class DutyList(Struct, frozen=True, kw_only=True):
    """The calls of some days."""

    school: str
    span: str
    parts: Sequence[DutyPart] = ()


def render_wall(wall: WallList, out: Path | BinaryIO, *, stamp: PrintStamp) -> PrintResult:
    """Write the list for the wall; ``out`` as a path is written beside, flushed and renamed."""
    with opened(out) as file:
        document = Document(file, title=WALL, author=wall.school, stamp=stamp, paper=LANDSCAPE)
        form = Form(document.setter, LANDSCAPE)
        add_title(form, document.setter, WALL, wall.school, wall.span)
        if not wall.grids:
            form.passage("这几天没有排通话。", lines_to_write=0)
        for grid in wall.grids:
            form.section(grid.head)
            many = len(grid.days) > _FEW_DAYS
            width = (24 - _TIME) / max(len(grid.days), 1)
            columns = (
                Column("时间", _TIME, centred=True),
                *(Column(day, width, centred=True) for day in grid.days),
            )
            rows = [(time, *cells) for time, cells in grid.rows]
            style = _MANY_DAYS if many else _ON_THE_WALL
            form.table(columns, rows, least=_WALL_ROW, style=style, below=_CLASS, about=grid.calls)
        if wall.note:
            form.section("说明")
            form.passage(wall.note, lines_to_write=0)
        return write_list(document, form, WALL)


def render_duty(duty: DutyList, out: Path | BinaryIO, *, stamp: PrintStamp) -> PrintResult:
    """Write the list for the teacher on duty, with the numbers and room for what came of each call."""
    with opened(out) as file:
        document = Document(file, title=DUTY, author=duty.school, stamp=stamp, paper=LANDSCAPE)
        form = Form(document.setter, LANDSCAPE)
        add_title(form, document.setter, DUTY, duty.school, duty.span)
        if not duty.parts:
            form.passage("这几天没有排通话。", lines_to_write=0)
        for part in duty.parts:
            form.section(part.head)
            rows = [(row.time, row.child, row.first, row.then, row.mind, "") for row in part.rows]
            form.table(_DUTY, rows, least=_DUTY_ROW, about=[row.calls for row in part.rows])
        form.section("说明")
        form.passage(
            f"{WARNING}。结果写：接通、无人接、停机、号码错、语言不通、家长改期、学生缺席。", lines_to_write=0
        )
        add_signatures(form, document.setter, (("值班教师：", ""), ("日期：", "")))
        return write_list(document, form, DUTY)
