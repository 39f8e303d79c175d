"""导入以前的记录: talks, visits, lessons and contacts of before, into the diary."""

from __future__ import annotations

from app.core.code import Code
from app.diary.codes import Activity
from app.diary.importing.model import DiaryImportResult, ParkedCode, PlannedRecord
from app.diary.importing.waiting import WaitingRow
from app.tasks.import_diary import PAST_RECORDS
from ui.drafts import Form
from ui.pages.importing.intake import CHILD, Fix, TableKind

_FIRST: dict[Code, str] = {
    ParkedCode.BAD_DATE: "day",
    ParkedCode.UNKNOWN_KIND: "kind",
    ParkedCode.EMPTY: "content",
}


def _what(planned: PlannedRecord) -> tuple[str, str]:
    return planned.kind.label if planned.kind is not None else "", planned.happened_on


def _says(planned: PlannedRecord) -> str:
    values = planned.values or {}
    said = (values.get(name) for name in ("content", "background", "problems", "plan"))
    return next((text for text in said if text), planned.promise or "只有四导，没有写内容")


def _becomes(planned: PlannedRecord) -> str:
    kind, day = _what(planned)
    return f"{planned.child_name}，{day} {kind}"


def _first(waiting: WaitingRow) -> str:
    return _FIRST.get(waiting.code, CHILD)


def _follows(_result: DiaryImportResult) -> str:
    return ""


RECORDS = TableKind(
    table=PAST_RECORDS,
    title="导入以前的记录",
    parked_title="待处理的记录",
    home="日记",
    home_page="diary",
    home_part={"part": "list"},
    place="日记",
    drop_head="把以前的记录表拖到这里，或从电脑里选",
    drop_lines=(
        "谈心、家访、辅导、家校联系的登记表都可以（.xlsx、.xls、.csv），一行一条。",
        "要有姓名、日期两栏。选了只是读一遍，不会马上写进日记。",
    ),
    choose="选以前的记录表",
    read_only="要导入以前的记录，请打开自己的台账。",
    file_name="待处理的记录",
    what_head="类别、日期",
    done_way="写入的记录都在日记和孩子的跟踪记录里，晚记的标着「补录」。",
    parked_way="等您选是哪一名儿童，或补上日期、类别。",
    row_hint="写入以后在「待处理清单」里选儿童、补日期；不写也不会丢。",
    longest_code="看不出是哪一类记录　",
    form=Form.WAITING_RECORD,
    draft_words="待处理的记录",
    fixes=(
        Fix(name="day", label="日期", hint="如 2026-10-08"),
        Fix(name="kind", label="类别", choices=tuple((one.value, one.label) for one in Activity)),
        Fix(name="content", label="内容", hint="照原来的记录写", long=True),
    ),
    what=_what,
    says=_says,
    becomes=_becomes,
    first=_first,
    follows=_follows,
)
"""The words, services and fields of past records."""
