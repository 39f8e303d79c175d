"""亲情电话 as a workbook: the log of a period (which the import reads back), the plan, who was reached, whom to call."""

from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from app.core.progress import Progress, no_progress
from app.workbook.register_book import PLACE, Column, Register, write_registers

TITLE_WORDS = "亲情电话（视频电脑）使用记录"
PLAN_WORDS = "通话安排"
REACHED_WORDS = "亲情电话接通情况"
CONTACT_WORDS = "亲情电话联系方式"
_EVERY_CALL = "　口径：打了的每一次都在，没有接通的、后来退出台账的儿童也在"
_ON_THE_LEDGER = "　口径：登记在册的留守儿童"
_LOG = (
    PLACE, Column("日期", 11, "center"), Column("开始", 7, "center"), Column("姓名", 10),
    Column("班级", 9), Column("接听人", 10), Column("关系", 8), Column("方式", 6, "center"), Column("线路", 11),
    Column("时长", 6, "center", counted=True), Column("接通情况", 9), Column("改到", 15), Column("情绪", 7, "center"),
    Column("内容（自愿）", 26), Column("答应的事", 16), Column("值班教师", 9), Column("备注", 14), Column("补录", 11),
    Column("学生签名", 9),
)  # fmt: skip
_PLAN = (
    PLACE, Column("日期", 11, "center"), Column("星期", 5, "center"), Column("时间", 12, "center"),
    Column("线路", 12), Column("姓名", 10), Column("班级", 9), Column("打给", 16), Column("号码", 14),
    Column("值班教师", 9), Column("结果", 9),
)  # fmt: skip
_REACHED = (
    PLACE, Column("班级", 9), Column("姓名", 10), Column("打了", 6, "center", counted=True),
    Column("接通", 6, "center", counted=True), Column("分钟", 6, "center", counted=True), Column("最近接通", 11, "center"),
    Column("隔了几天", 8, "center", counted=True), Column("情况", 34),
)  # fmt: skip


_CONTACTS = (
    PLACE, Column("班级", 9), Column("姓名", 10), Column("第几个打", 8, "center", counted=True), Column("打给", 16),
    Column("号码", 14), Column("在哪里", 16), Column("什么时候能接", 30), Column("语言", 14), Column("说明", 16),
)  # fmt: skip


class CallBook(Struct, frozen=True):
    """The rows of the four sheets, without their numbers, and the line under the titles, to which each adds whom it counts."""

    line: str
    log: Sequence[Sequence[str]]
    plan: Sequence[Sequence[str]]
    reached: Sequence[Sequence[str]]
    contacts: Sequence[Sequence[str]]
    printed_at: str
    commit_no: int


def write_call_book(book: CallBook, out: Path, *, progress: Progress = no_progress) -> int:
    """Write the workbook and return the number of calls in the log. Faults as ``write_registers``."""
    sheets = [
        Register("通话记录", TITLE_WORDS, book.line + _EVERY_CALL, _LOG, _numbered(book.log)),
        Register("通话安排", PLAN_WORDS, book.line, _PLAN, _numbered(book.plan)),
        Register(
            "接通情况",
            REACHED_WORDS,
            book.line + _ON_THE_LEDGER + "，接通才算",
            _REACHED,
            _numbered(book.reached),
            orientation="portrait",
        ),
        Register("联系方式", CONTACT_WORDS, book.line + _ON_THE_LEDGER, _CONTACTS, _numbered(book.contacts)),
    ]
    write_registers(
        sheets,
        out,
        subject="亲情电话",
        printed_at=book.printed_at,
        commit_no=book.commit_no,
        progress=progress,
    )
    return len(book.log)


def _numbered(rows: Sequence[Sequence[str]]) -> list[Sequence[str]]:
    return [(str(number), *row) for number, row in enumerate(rows, start=1)]
