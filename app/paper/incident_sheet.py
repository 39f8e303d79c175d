"""突发事件与强制报告记录 (domain.md §5.32): one card per incident, restricted; times beside the limits they had."""

from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO, Final

from msgspec import Struct, field

from app.paper.document import Document, opened
from app.paper.form import Column, Field, Form
from app.paper.framing import add_signatures, add_title, write_list
from app.paper.page import SMALL
from app.paper.printing import PrintResult, PrintStamp

TITLE: Final = "突发事件与强制报告记录"
_WARNING: Final = "限校长和经办人查看，不得外传"
_STEPS: Final = (Column("步骤", 7.5), Column("时间", 5.5), Column("用时"))
_REPORTS: Final = (
    Column("上报时间", 5),
    Column("单位", 4),
    Column("接收人", 4.5),
    Column("报告人", 4),
    Column("回执号"),
)


class IncidentSheet(Struct, frozen=True, kw_only=True):
    """What the card says, ready in Chinese; ``steps`` are (step, time, minutes in words)."""

    school: str
    number: str
    child: str
    class_name: str
    kind: str
    severity: str = ""
    found_at: str = ""
    found_by: str = ""
    place: str = ""
    course: str = ""
    rescue: str = ""
    must_report: str = ""
    outcome: str = ""
    closed_on: str = ""
    steps: Sequence[tuple[str, str, str]] = field(default=())
    reports: Sequence[tuple[str, str, str, str, str]] = field(default=())


def render_incident(sheet: IncidentSheet, out: Path | BinaryIO, *, stamp: PrintStamp) -> PrintResult:
    """Write the card; ``out`` as a path is written beside, flushed and renamed."""
    with opened(out) as file:
        document = Document(file, title=TITLE, author=sheet.school, stamp=stamp)
        form = Form(document.setter)
        add_title(
            form, document.setter, TITLE, sheet.school, f"编号 {sheet.number}\n{_WARNING}", right_style=SMALL
        )
        form.section("事件")
        form.fields(Field("姓名", sheet.child, 9), Field("班级", sheet.class_name))
        form.fields(Field("类型", sheet.kind, 9), Field("程度", sheet.severity))
        form.fields(Field("发现时间", sheet.found_at, 9), Field("发现人", sheet.found_by))
        form.fields(Field("地点", sheet.place))
        form.fields(Field("经过", sheet.course), lines_to_write=5)
        form.section("救助和告知")
        form.fields(Field("救助措施", sheet.rescue), lines_to_write=3)
        form.table(_STEPS, sheet.steps)
        form.section("上报")
        form.fields(Field("强制报告", sheet.must_report))
        form.table(_REPORTS, sheet.reports, blank_rows=0 if sheet.reports else 2)
        form.section("结果")
        form.fields(Field("结果", sheet.outcome), lines_to_write=3)
        form.fields(Field("了结日期", sheet.closed_on))
        add_signatures(
            form, document.setter, (("报告人：", ""), ("校长：", "")), (("日期：", ""), ("学校（盖章）", ""))
        )
        return write_list(document, form, TITLE)
