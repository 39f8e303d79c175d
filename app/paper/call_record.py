"""留守儿童之家活动室亲情电话（视频电脑）使用记录表 (domain.md §5.16), blank and filled, and the calls of one child for its file.

No number stands on either. The signatures are the hand's: the program prints the lines and never a name into them.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO, Final

from msgspec import Struct

from app.core.progress import Progress, no_progress
from app.paper.document import Document, FinishedPage, Mark, finished, opened
from app.paper.flow import arrange, draw
from app.paper.form import Column, Field, Form
from app.paper.framing import add_signatures, add_title, running_head, write_list
from app.paper.page import LANDSCAPE, SMALL, Page
from app.paper.printing import PrintResult, PrintStamp
from app.paper.typesetting import Typesetter

RECORD: Final = "亲情电话（视频电脑）使用记录表"
PLACE: Final = "留守儿童之家活动室"
OF_CHILD: Final = "亲情电话记录"
_RECORD: Final = (
    Column("序号", 1, centred=True),
    Column("日期·星期", 2.2, centred=True),
    Column("姓名·班级", 2.8),
    Column("接听人·关系", 2.6),
    Column("方式", 1.3, centred=True),
    Column("开始·时长", 2, centred=True),
    Column("接通情况\n改打给谁", 2.6),
    Column("情绪", 1.5, centred=True),
    Column("内容（自愿）", 4.2),
    Column("学生签名", 2, centred=True),
    Column("值班教师\n签名"),
)
_BLANK_ROW: Final = 30.0
_FILLED_ROW: Final = 24.0
_BLANK_ROWS: Final = 9
_STRETCH: Final = 40
_OF_CHILD: Final = (
    Column("日期·时间", 3.2, centred=True),
    Column("打给", 3.4),
    Column("方式·线路", 3.2),
    Column("接通情况", 3),
    Column("时长", 1.7, centred=True),
    Column("孩子的话·答应的事", 6.4),
    Column("值班教师"),
)


class RecordRow(Struct, frozen=True, kw_only=True):
    """One call in the words of the form; "" stays room to write."""

    when: str
    child: str
    who: str = ""
    medium: str = ""
    length: str = ""
    outcome: str = ""
    mood: str = ""
    said: str = ""


class UsageRecord(Struct, frozen=True, kw_only=True):
    """The record of some days. Without rows it is blank, with room for a page of calls."""

    school: str
    span: str
    rows: Sequence[RecordRow] = ()
    foot: str = ""


class ChildCall(Struct, frozen=True, kw_only=True):
    """One call of one child."""

    when: str
    who: str
    how: str
    outcome: str
    length: str
    said: str
    staff: str


class ChildCalls(Struct, frozen=True, kw_only=True):
    """The calls of one child in a period, oldest first. ``key`` is its uuid and never printed."""

    key: str
    name: str
    class_name: str
    sex: str
    summary: str
    calls: Sequence[ChildCall] = ()


def render_record(record: UsageRecord, out: Path | BinaryIO, *, stamp: PrintStamp) -> PrintResult:
    """Write the record of use; ``out`` as a path is written beside, flushed and renamed."""
    with opened(out) as file:
        document = Document(file, title=RECORD, author=record.school, stamp=stamp, paper=LANDSCAPE)
        form = Form(document.setter, LANDSCAPE)
        add_title(form, document.setter, RECORD, f"{record.school}　{PLACE}", record.span, right_style=SMALL)
        rows = [
            (
                str(place),
                row.when,
                row.child,
                row.who,
                row.medium,
                row.length,
                row.outcome,
                row.mood,
                row.said,
                "",
                "",
            )
            for place, row in enumerate(record.rows, start=1)
        ]
        form.table(
            _RECORD,
            rows,
            least=_FILLED_ROW,
            blank_rows=0 if rows else _BLANK_ROWS,
            blank_height=_BLANK_ROW,
            stretch=0 if rows else _STRETCH,
            style=SMALL,
        )
        if record.foot:
            form.passage(record.foot, lines_to_write=0)
        return write_list(document, form, RECORD)


def render_child_calls(
    children: Sequence[ChildCalls],
    out: Path | BinaryIO,
    *,
    school: str,
    span: str,
    stamp: PrintStamp,
    progress: Progress = no_progress,
) -> PrintResult:
    """Write the calls of each child, each beginning a page. ValueError without any child."""
    if not children:
        raise ValueError("no child to print")
    with opened(out) as file:
        document = Document(file, title=OF_CHILD, author=school, stamp=stamp)
        form = Form(document.setter)
        pages: list[FinishedPage] = []
        starts: dict[str, int] = {}
        for place, child in enumerate(children):
            progress(place, len(children), f"正在排版：{place} / {len(children)} 名")
            starts[child.key] = len(pages) + 1
            marks = [Mark(f"child{place}", child.name, 0)] if len(children) > 1 else []
            pages += _pages_of(child, form, document.setter, school, span, marks)
        document.write(pages)
        missing = tuple(sorted(document.setter.missing))
        return PrintResult(pages=len(pages), missing_characters=missing, page_of_child=starts)


def _pages_of(
    child: ChildCalls, form: Form, setter: Typesetter, school: str, span: str, marks: Sequence[Mark]
) -> list[FinishedPage]:
    add_title(form, setter, OF_CHILD, school, span, right_style=SMALL)
    form.fields(
        Field("姓名", child.name, 7),
        Field("班级", child.class_name, 5),
        Field("性别", child.sex, label_units=2),
    )
    form.fields(Field("本期", child.summary))
    rows = [
        (call.when, call.who, call.how, call.outcome, call.length, call.said, call.staff)
        for call in child.calls
    ]
    form.table(_OF_CHILD, rows or [("", "", "", "本期没有通话", "", "", "")])
    add_signatures(form, setter, (("整理人：", ""), ("检查人：", ""), ("日期：", "")))
    plans = arrange(form.take())
    pages: list[FinishedPage] = []
    for number, plan in enumerate(plans, start=1):
        page = Page()
        if number > 1:
            words = f"本人第 {number} 页，共 {len(plans)} 页"
            running_head(page, setter, f"{child.name}　{child.class_name}", words)
        draw(plan, page)
        pages.append(finished(page, marks=marks if number == 1 else []))
    return pages
