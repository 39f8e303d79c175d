"""Looking at a draft of the log before it is written: what cannot be stored is refused in words."""

import re
from typing import Any

from msgspec import Struct

from app.calls.codes import Outcome
from app.calls.log_drafts import LogDraft
from app.children.identity import tidy_text
from app.core.messages import refuse
from app.core.text import normalise_cell
from app.diary.checking import due_day, needed_key, refuse_before_birth, whole_day
from app.storage.entry_day import entry_day
from app.storage.store import Store

MOST_MINUTES = 240
_TIME = re.compile("([01]?[0-9]|2[0-3])[:：.]([0-5][0-9])", re.ASCII)
_MOMENT = re.compile(r"(\d{4}-\d{2}-\d{2})[T ]+(\S+)", re.ASCII)


class CheckedCall(Struct, frozen=True):
    """A draft that may be written: its columns, the child, whom it is about and on which number (keys, None = nobody)."""

    draft: LogDraft
    values: dict[str, Any]
    child_id: int
    person_id: int | None
    phone_id: int | None


def check_call(store: Store, draft: LogDraft) -> CheckedCall:
    """Return the draft as it will be stored. UserError ``call_log.…``, ``diary.day``, ``child.unknown``, ``promise.…``."""
    day = whole_day(draft.happened_on)
    # A clock that was set back must not refuse what was entered rightly before.
    if day > entry_day(store):
        raise refuse("call_log.future", day=day)
    if draft.minutes is not None and not 0 <= draft.minutes <= MOST_MINUTES:
        raise refuse("call_log.minutes", minutes=draft.minutes, most=MOST_MINUTES)
    if draft.promise is not None:
        if not draft.promise.content.strip():
            raise refuse("promise.blank")
        due_day(draft.promise.due_on, day)
    child_id = needed_key(store, "child", draft.child_uuid, "child.unknown")
    refuse_before_birth(store, child_id, draft.child_uuid, day, fault="call_log.before_birth")
    person_id = _key(store, "person", draft.person_uuid, "call_log.person")
    values: dict[str, Any] = {
        "planned_call_id": _planned(store, draft, child_id, day),
        "happened_on": day,
        "started": clock_time(draft.started),
        "minutes": draft.minutes,
        "call_line_id": _key(store, "call_line", draft.line_uuid, "call_log.line"),
        "medium": draft.medium.value,
        "outcome": draft.outcome.value,
        "person_id": person_id,
        "spoke_with": tidy_text(draft.spoke_with),
        "mood": draft.mood.value if draft.mood else None,
        "said": tidy_text(draft.said),
        "rescheduled_to": _moment(draft, day),
        "staff_id": _key(store, "staff", draft.staff_uuid, "call_log.staff"),
        "occasion": draft.occasion,
        "note": tidy_text(draft.note),
    }
    return CheckedCall(draft, values, child_id, person_id, _phone(store, draft, person_id))


def clock_time(text: str | None) -> str | None:
    """Return HH:MM; UserError ``call_log.clock`` for what is no time of day, None for nothing."""
    tidy = normalise_cell(text or "")
    if not tidy:
        return None
    shape = _TIME.fullmatch(tidy)
    if shape is None:
        raise refuse("call_log.clock", text=text)
    return f"{int(shape[1]):02}:{shape[2]}"


def _moment(draft: LogDraft, day: str) -> str | None:
    """Return the minute to which a parent put the call off; what was typed for another outcome is left out."""
    text = normalise_cell(draft.rescheduled_to or "")
    if not text or draft.outcome is not Outcome.RESCHEDULED:
        return None
    shape = _MOMENT.fullmatch(text)
    if shape is None:
        raise refuse("call_log.moment", text=draft.rescheduled_to)
    on, at = whole_day(shape[1]), clock_time(shape[2])
    if on < day:
        raise refuse("call_log.moment_early", moment=text)
    return f"{on}T{at}"


def _key(store: Store, table: str, uuid: str | None, key: str) -> int | None:
    return None if uuid is None else needed_key(store, table, uuid, key)


def _planned(store: Store, draft: LogDraft, child_id: int, day: str) -> int | None:
    if draft.planned_uuid is None:
        return None
    row = store.one(
        "SELECT id, child_id, day FROM planned_call WHERE uuid = ? AND deleted_at IS NULL",
        (draft.planned_uuid,),
    )
    if row is None or row[1] != child_id:
        raise refuse("call_log.planned")
    if row[2] != day:
        raise refuse("call_log.planned_day", day=row[2])
    return int(row[0])


def _phone(store: Store, draft: LogDraft, person_id: int | None) -> int | None:
    if draft.phone_uuid is None or person_id is None:
        return None
    row = store.one(
        "SELECT id, person_id FROM phone WHERE uuid = ? AND deleted_at IS NULL", (draft.phone_uuid,)
    )
    if row is None or row[1] != person_id:
        raise refuse("call_log.phone")
    return int(row[0])
