"""档案销毁清单 on A4: what was destroyed, without names, how much, why, who; which copies still hold it, until when."""

from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO, Final

from msgspec import Struct

from app.paper.document import Document, opened
from app.paper.form import Column, Field, Form
from app.paper.framing import add_signatures, add_title, write_list
from app.paper.printing import PrintResult, PrintStamp

_COLUMNS: Final = (
    Column("序号", 2, centred=True),
    Column("记录种类", 12),
    Column("条数", 3, right=True),
    Column("备注"),
)
_DONE: Final = (
    "以上记录连同改动历史、草稿、待处理的名册行、保存的导入原文件和日志，已从本机台账中永久删除，不能撤销。"
)
_HALF_DONE: Final = (
    "以上记录连同改动历史、待处理的名册行、保存的导入原文件，已从本机台账中永久删除，不能撤销；"
    "日志和草稿里的还没有清完，下次打开守望时接着清，清完请重新打印本清单。"
)
_NO_NAMES: Final = "孩子和家人的姓名、号码不写在本清单上，请对照纸质档案的档案号。"


class DestructionSheet(Struct, frozen=True):
    """Everything the list says; ``counts`` are (kind of record, how many), ``copies`` what still holds the rows.

    Not ``finished``: journal and drafts could not be cleared yet.
    """

    title: str
    school: str
    happened_on: str
    content: str
    records: int
    counts: Sequence[tuple[str, int]]
    reason: str
    paper_ref: str
    who: str
    copies: Sequence[str]
    finished: bool


def render_destruction_list(
    sheet: DestructionSheet, out: Path | BinaryIO, *, stamp: PrintStamp
) -> PrintResult:
    """Write the list as PDF; ``out`` as a path is written beside, flushed and renamed."""
    with opened(out) as file:
        document = Document(file, title=sheet.title, author=sheet.school, stamp=stamp)
        setter = document.setter
        form = Form(setter)
        add_title(form, setter, sheet.title, sheet.school)
        form.section("销毁了什么")
        form.fields(Field("内容", sheet.content, label_units=4))
        form.fields(
            Field("销毁日期", sheet.happened_on, 8, 4), Field("合计", f"{sheet.records} 条", label_units=4)
        )
        form.fields(Field("原因", sheet.reason, label_units=4))
        form.fields(Field("批准文件", sheet.paper_ref, label_units=4))
        form.passage((_DONE if sheet.finished else _HALF_DONE) + _NO_NAMES, lines_to_write=0)
        form.section("数量")
        rows = [
            (str(number), word, str(count), "") for number, (word, count) in enumerate(sheet.counts, start=1)
        ]
        form.table(_COLUMNS, rows)
        form.section("还存有这些内容的旧备份和拷贝")
        for line in sheet.copies:
            form.passage(line, lines_to_write=0)
        add_signatures(
            form,
            setter,
            (("经办人：", sheet.who), ("监销人：", "")),
            (("校长：", ""), ("日期：", "")),
            (("学校（盖章）", ""), ("", "")),
        )
        return write_list(document, form, sheet.title)
