"""控辍保学 in Excel: the three ledgers 适龄儿童 · 疑似辍学 · 辍学, every 劝返, the months (教基厅函〔2024〕15号)."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from msgspec import Struct, field

from app.core.progress import Progress, no_progress
from app.workbook.register_book import F0, PLACE, Column, Register, write_registers

OF_AGE, SUSPECTED, DROPOUT, PERSUASIONS, MONTHS = "适龄儿童", "疑似辍学", "辍学", "劝返清单", "月报"
_CHILD: Final = (
    PLACE,
    Column("姓名", 10),
    Column("性别", 5, "center"),
    Column("出生日期", 11, "center"),
    Column("班级", 11),
    Column("学籍号", 20),
    Column("户籍地", 22),
    Column("监护人", 10),
    Column("关系", 8),
    Column("电话", 14),
)
_CASE: Final = (
    *_CHILD,
    Column("未到校日期", 11, "center"),
    Column("原因", 10),
    Column("列为疑似", 11, "center"),
    Column("上报日期", 11, "center"),
    Column("上报单位·接收人", 16),
    Column("列为辍学", 11, "center"),
    Column("劝返次数", 8, "center", counted=True),
    Column("最近一次劝返", 20),
    Column("截止时", 19),
    Column("补录", 11),
)
_TRIED: Final = (
    PLACE,
    Column("姓名", 10),
    Column("班级", 11),
    Column("未到校日期", 11, "center"),
    Column("第几次", 7, "center", counted=True),
    Column("日期", 11, "center"),
    Column("人员", 16),
    Column("方式", 8),
    Column("过程", 34),
    Column("结果", 10),
    Column("返校日期", 11, "center"),
    Column("销号", 16),
    Column("补录", 11),
)
_MONTH: Final = (
    Column("月份", 9, "center"),
    Column("班级", 12),
    *(
        Column(head, 9, "center", counted=True)
        for head in (
            "在校生",
            "新缺席",
            "新列疑似",
            "新列辍学",
            "劝返次数",
            "返校",
            "销号",
            "月末疑似",
            "月末辍学",
        )
    ),
)
_OF_PUPILS: Final = "在校生：登记在本软件里的在校儿童，不只是在册留守儿童"
_SIX: Final = "村支书：　　　　　中心校校长：　　　　　中学校长：　　　　　乡镇分管领导：　　　　　乡镇长：　　　　　包片领导："


class DropoutBook(Struct, frozen=True, kw_only=True):
    """The rows of the five sheets, every cell a text in the order of the heads, without the running number.

    ``months`` None: the sheet is left out.
    """

    school: str
    span: str
    day: str
    of_age: Sequence[Sequence[str]] = field(default=())
    suspected: Sequence[Sequence[str]] = field(default=())
    dropout: Sequence[Sequence[str]] = field(default=())
    persuasions: Sequence[Sequence[str]] = field(default=())
    months: Sequence[Sequence[str]] | None = field(default=())


def write_dropout_book(
    book: DropoutBook,
    out: Path,
    *,
    subject: str,
    printed_at: str,
    commit_no: int,
    progress: Progress = no_progress,
) -> int:
    """Write the five sheets and return the number of rows. EnvironmentFault when the disk does not take it."""
    on_day = f"填报单位：{book.school}　　截至 {book.day}"
    within = f"填报单位：{book.school}　　{book.span}"
    sheets = [
        _ledger(
            OF_AGE, f"{book.school}适龄儿童台账", f"{on_day}　　登记在本软件里的在校儿童", _CHILD, book.of_age
        ),
        _ledger(SUSPECTED, f"{book.school}疑似辍学学生台账", within, _CASE, book.suspected),
        _ledger(DROPOUT, f"{book.school}辍学学生台账", within, _CASE, book.dropout),
        _ledger(PERSUASIONS, f"{book.school}劝返清单", within, _TRIED, book.persuasions, _SIX),
    ]
    if book.months is not None:
        sheets.append(
            Register(
                MONTHS, f"{book.school}辍学学生情况统计表", f"{within}　　{_OF_PUPILS}", _MONTH, book.months
            )
        )
    return write_registers(
        sheets, out, subject=subject, printed_at=printed_at, commit_no=commit_no, progress=progress
    )


def _ledger(
    name: str,
    title: str,
    line: str,
    columns: tuple[Column, ...],
    rows: Sequence[Sequence[str]],
    foot: str = F0,
) -> Register:
    """Return a ledger with its running numbers; one without rows says so in its line (零报告)."""
    numbered = [(str(place), *row) for place, row in enumerate(rows, start=1)]
    count = f"{len(rows)} 行" if rows else "零报告"
    return Register(name, title, f"{line}　　{count}", columns, numbered, (foot,))
