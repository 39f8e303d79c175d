"""导入通话记录: results of calls from the school's own tables, into the log of calls."""

from __future__ import annotations

from app.calls.codes import Outcome
from app.calls.importing_model import CallsImportResult, ParkedCode, PlannedCallResult
from app.core.code import Code
from app.diary.importing.waiting import WaitingRow
from app.tasks.calls_import import CALLS as TABLE
from ui.drafts import Form
from ui.pages.importing.intake import CHILD, Fix, TableKind

_FIRST: dict[Code, str] = {ParkedCode.BAD_DATE: "day", ParkedCode.NO_OUTCOME: "outcome"}
_PUT_OFF = Fix(name="put_off", label="改到", hint="如 2026-11-27 16:30", when_filled=True)
_MINUTES = Fix(name="minutes", label="时长", hint="分钟，如 5")
_STARTED = Fix(name="started", label="时间", hint="如 12:20")


def _what(planned: PlannedCallResult) -> tuple[str, str]:
    return planned.draft.outcome.label if planned.draft is not None else "", planned.happened_on


def _says(planned: PlannedCallResult) -> str:
    """What of the row is kept besides day and outcome, the child's own words first."""
    call = planned.draft
    if call is None:
        return ""
    told = (
        call.said,
        f"答应：{call.promise.content}" if call.promise is not None else "",
        "，".join(
            part
            for part in (
                call.medium.label,
                call.started,
                f"{call.minutes} 分钟" if call.minutes is not None else "",
                call.mood.label if call.mood is not None else "",
                f"改到 {call.rescheduled_to}" if call.rescheduled_to else "",
                call.spoke_with,
            )
            if part
        ),
        call.note,
    )
    return "；".join(part for part in told if part)


def _becomes(planned: PlannedCallResult) -> str:
    outcome, day = _what(planned)
    return f"{planned.child_name}，{day} {outcome}"


def _first(waiting: WaitingRow) -> str:
    """The reason for a cell that cannot be names the cell."""
    if waiting.code is ParkedCode.CANNOT_BE:
        named = (fix.name for fix in (_PUT_OFF, _MINUTES, _STARTED) if fix.label in waiting.reason)
        return next(named, "day")
    return _FIRST.get(waiting.code, CHILD)


def _follows(result: CallsImportResult) -> str:
    return result.follows


CALLS = TableKind(
    table=TABLE,
    title="导入通话记录",
    parked_title="待处理的通话",
    home="亲情电话",
    home_page="calls",
    home_part={},
    place="通话记录",
    drop_head="把通话记录表拖到这里，或从电脑里选",
    drop_lines=(
        "亲情电话的使用记录、登记表都可以（.xlsx、.xls、.csv），一行一次通话。",
        "要有姓名、日期，还要有接通情况或时长。选了只是读一遍，不会马上写进通话记录。",
    ),
    choose="选通话记录表",
    read_only="要导入通话记录，请打开自己的台账。",
    file_name="待处理的通话",
    what_head="接通情况、日期",
    done_way="写入的通话都在那一周的日历和孩子的跟踪记录里，晚记的标着「补录」。",
    parked_way="等您选是哪一名儿童，或补上日期、接通情况。",
    row_hint="写入以后在「待处理清单」里选儿童、补日期和接通情况；不写也不会丢。",
    longest_code="看不出接通没有　",
    form=Form.WAITING_CALL,
    draft_words="待处理的通话",
    fixes=(
        Fix(name="day", label="日期", hint="如 2026-10-08"),
        Fix(name="outcome", label="接通情况", choices=tuple((one.value, one.label) for one in Outcome)),
        _STARTED,
        _MINUTES,
        _PUT_OFF,
    ),
    what=_what,
    says=_says,
    becomes=_becomes,
    first=_first,
    follows=_follows,
)
"""The words, services and fields of call results."""
