"""会议 · 家长会 · 家长学校 记录与签到 (domain.md §5.29): blank to be taken along, or filled with what was written down."""

from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO, Final

from msgspec import Struct, field

from app.paper.document import Document, FinishedPage, Mark, opened
from app.paper.form import Column, Field, Form
from app.paper.framing import add_signatures, add_title, list_pages
from app.paper.printing import PrintResult, PrintStamp
from app.paper.typesetting import Typesetter

_COLUMNS: Final = (
    Column("序号", 1.6, centred=True),
    Column("学生", 4),
    Column("班级", 3.6),
    Column("到会人", 3.8),
    Column("关系", 2.4),
    Column("电话", 4),
    Column("签名"),
)
_ROW: Final = 26.0
"""Height of a row that somebody signs in."""


class MeetingLine(Struct, frozen=True, kw_only=True):
    """One child of the list; ``signed`` is what stands in the place of the signature: "" to be signed, 未到 …"""

    child: str
    class_name: str
    attendee: str = ""
    relation: str = ""
    phone: str = ""
    signed: str = ""


class MeetingSheet(Struct, frozen=True, kw_only=True):
    """What the sheet says; everything is ready in Chinese, "" where nothing is known and a line is left to write on."""

    title: str
    school: str
    kind: str
    when: str = ""
    place: str = ""
    host: str = ""
    scope: str = ""
    topic: str = ""
    present: str = ""
    content: str = ""
    decision: str = ""
    lines: Sequence[MeetingLine] = field(default=())
    blank_rows: int = 0
    to_sign: bool = False
    """The rows are high enough for a signature."""


def render_meeting(sheet: MeetingSheet, out: Path | BinaryIO, *, stamp: PrintStamp) -> PrintResult:
    """Write the record with its list; ``out`` as a path is written beside, flushed and renamed."""
    return render_meetings((sheet,), out, title=sheet.title, stamp=stamp)


def render_meetings(
    sheets: Sequence[MeetingSheet], out: Path | BinaryIO, *, title: str, stamp: PrintStamp
) -> PrintResult:
    """Write several records, each beginning a page. ValueError without any."""
    if not sheets:
        raise ValueError("no meeting to print")
    with opened(out) as file:
        document = Document(file, title=title, author=sheets[0].school, stamp=stamp)
        form = Form(document.setter)
        pages: list[FinishedPage] = []
        for place, sheet in enumerate(sheets):
            _add(form, document.setter, sheet)
            words = f"{sheet.when[:10]} {sheet.title}"
            marks = [Mark(f"meeting{place}", words, 0)] if len(sheets) > 1 else []
            pages += list_pages(document, form, sheet.title, marks)
        document.write(pages)
        missing = tuple(sorted(document.setter.missing))
        return PrintResult(pages=len(pages), missing_characters=missing, page_of_child={})


def _add(form: Form, setter: Typesetter, sheet: MeetingSheet) -> None:
    add_title(form, setter, sheet.title, sheet.school)
    form.section("会议")
    form.fields(Field("类型", sheet.kind, 9), Field("范围", sheet.scope), least=_ROW)
    form.fields(Field("时间", sheet.when, 9), Field("地点", sheet.place), least=_ROW)
    form.fields(Field("主持", sheet.host, 9), Field("到会", sheet.present), least=_ROW)
    form.fields(Field("主题", sheet.topic), least=_ROW)
    form.fields(Field("内容", sheet.content), lines_to_write=5)
    form.fields(Field("决定", sheet.decision), lines_to_write=3)
    form.section("签到")
    rows = [
        (str(place), line.child, line.class_name, line.attendee, line.relation, line.phone, line.signed)
        for place, line in enumerate(sheet.lines, start=1)
    ]
    form.table(
        _COLUMNS, rows, least=_ROW if sheet.to_sign else 0, blank_rows=sheet.blank_rows, blank_height=_ROW
    )
    add_signatures(form, setter, (("主持人：", sheet.host), ("记录人：", ""), ("学校（盖章）", "")))
