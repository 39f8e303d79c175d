"""Writing the lines, their hours, and the days on which they are closed. One action per function."""

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise

from msgspec import Struct, field

from app.calls.codes import CallMedium, LineKind
from app.calls.tables import CallClosure, CallLine, CallOpening
from app.core.changes import Changes
from app.core.messages import refuse
from app.core.text import clean
from app.core.times import minute_of, spans_meet
from app.school.dated_rows import end_row, replace_set
from app.school.lessons import WEEKDAYS
from app.school.lessons_service import read_part, read_span
from app.storage.base import new_uuid
from app.storage.service import service
from app.storage.store import Store

AREAS = frozenset({"calls"})
MOST_MINUTES = 120


class LineDraft(Struct, frozen=True, kw_only=True):
    """A line as typed. ``staff_uuid`` is whose mobile it is; ``planned`` False = called and logged, no slots.

    ``medium`` None = what its kind usually gives. Saved twice it is one.
    """

    name: str
    kind: LineKind
    medium: CallMedium | None = None
    planned: bool = True
    staff_uuid: str = ""
    number: str = ""
    place: str = ""
    note: str = ""
    uuid: str = field(default_factory=new_uuid)


class OpeningDraft(Struct, frozen=True, kw_only=True):
    """Hours as typed: 1 = Monday … 7."""

    weekday: int
    starts: str
    ends: str
    slot_minutes: int


class ClosureDraft(Struct, frozen=True, kw_only=True):
    """Days on which a line cannot be used (``line_uuid`` "" = every line); both times blank = the whole of each."""

    reason: str
    first: date
    last: date
    line_uuid: str = ""
    starts: str | None = None
    ends: str | None = None
    uuid: str = field(default_factory=new_uuid)


@service
def save_line(store: Store, *, draft: LineDraft, since: date, by: str | None = None) -> Changes:
    """Write a line that is there from ``since`` on, or correct one that is known.

    UserError ``school.no_name``, ``calls.line_known`` when one of that name is in use, ``calls.whose_mobile`` for a
    teacher's mobile that names nobody, ``school.no_such_staff``.
    """
    values = _line_values(store, draft)
    taken = store.one(
        "SELECT 1 FROM call_line WHERE name = ? AND valid_to IS NULL AND deleted_at IS NULL AND uuid <> ?",
        (values["name"], draft.uuid),
    )
    if taken is not None:
        raise refuse("calls.line_known", name=values["name"])
    known = store.one("SELECT 1 FROM call_line WHERE uuid = ? AND deleted_at IS NULL", (draft.uuid,))
    words = f"{'加' if known is None else '改'}线路：{values['name']}"
    with store.action(words, kind="line.save", by=by) as action:
        if known is not None:
            action.update(CallLine, draft.uuid, **values)
        else:
            noted = store.clock.today().isoformat()
            action.insert(CallLine, uuid=draft.uuid, **values, valid_from=since.isoformat(), noted_on=noted)
        return action.changes(AREAS)


@service
def end_line(store: Store, *, line_uuid: str, on: date, by: str | None = None) -> Changes:
    """Let a line be no more from ``on`` on, its hours too; calls planned after that stay until they are planned anew.

    UserError ``calls.no_such_line``, ``fact.end_before_start``.
    """
    key, name, began = _line(store, line_uuid)
    day = on.isoformat()
    with store.action(f"{name}从 {day} 起不用了", kind="line.end", by=by) as action:
        for uuid, start in store.rows(
            "SELECT uuid, valid_from FROM call_opening WHERE call_line_id = ? AND deleted_at IS NULL"
            " AND (valid_to IS NULL OR valid_to > ?)",
            (key, day),
        ):
            if start is not None and start > day:
                action.soft_delete(CallOpening, uuid)
            else:
                end_row(action, CallOpening, uuid, start, day)
        end_row(action, CallLine, line_uuid, began, day)
        return action.changes(AREAS)


@service
def set_openings(
    store: Store,
    *,
    line_uuid: str,
    openings: Sequence[OpeningDraft],
    since: date,
    by: str | None = None,
) -> Changes:
    """Set when a line is open from ``since`` on: these hours and no others. Hours that stay the same are not touched.

    UserError ``calls.time_bad``, ``calls.span``, ``calls.slot_minutes``, ``calls.slot_too_long``, ``calls.hours_meet``
    when two of a weekday have a minute in common, ``dated.later_known`` before hours that are written already.
    """
    key, name, _ = _line(store, line_uuid)
    wanted = [_opening_values(draft) for draft in openings]
    _refuse_meeting(wanted)
    with store.action(f"{name}：改开放时间", kind="line.openings", by=by) as action:
        replace_set(store, action, CallOpening, owner=("call_line_id", key), wanted=wanted, since=since)
        return action.changes(AREAS)


@service
def close_line(store: Store, *, draft: ClosureDraft, by: str | None = None) -> Changes:
    """Write that a line, or every line, cannot be used for some days, or correct it.

    UserError ``calls.closure_reason`` without a reason, ``calls.closure_days``, ``calls.time_bad``, ``calls.span``.
    """
    reason = draft.reason.strip()
    if not reason:
        raise refuse("calls.closure_reason")
    if draft.first > draft.last:
        raise refuse("calls.closure_days", first=draft.first.isoformat(), last=draft.last.isoformat())
    starts, ends = read_part(draft.starts, draft.ends)
    key, name, _ = _line(store, draft.line_uuid) if draft.line_uuid else (None, "全部线路", None)
    values: dict[str, object] = {
        "call_line_id": key,
        "first_on": draft.first.isoformat(),
        "last_on": draft.last.isoformat(),
        "starts": starts,
        "ends": ends,
        "reason": reason,
    }
    known = store.one("SELECT 1 FROM call_closure WHERE uuid = ? AND deleted_at IS NULL", (draft.uuid,))
    until = "" if draft.first == draft.last else f" 至 {draft.last.isoformat()}"
    words = f"{name} {draft.first.isoformat()}{until} 停用：{reason}"
    with store.action(words, kind="line.close", by=by) as action:
        if known is not None:
            action.update(CallClosure, draft.uuid, **values)
        else:
            action.insert(CallClosure, uuid=draft.uuid, **values)
        return action.changes(AREAS)


@service
def remove_closure(store: Store, *, uuid: str, by: str | None = None) -> Changes:
    """Take a closure back: the line can be used on those days. UserError ``fact.unknown``."""
    row = store.one(
        "SELECT l.name, c.first_on FROM call_closure c LEFT JOIN call_line l ON l.id = c.call_line_id"
        " WHERE c.uuid = ? AND c.deleted_at IS NULL",
        (uuid,),
    )
    if row is None:
        raise refuse("fact.unknown")
    with store.action(f"{row[0] or '全部线路'}：取消 {row[1]} 的停用", kind="line.reopen", by=by) as action:
        action.soft_delete(CallClosure, uuid)
        return action.changes(AREAS)


def _line(store: Store, uuid: str) -> tuple[int, str, str | None]:
    row = store.one(
        "SELECT id, name, valid_from FROM call_line WHERE uuid = ? AND deleted_at IS NULL", (uuid,)
    )
    if row is None:
        raise refuse("calls.no_such_line")
    return int(row[0]), str(row[1]), row[2]


def _line_values(store: Store, draft: LineDraft) -> dict[str, object]:
    name = clean(draft.name).strip()
    if not name:
        raise refuse("school.no_name", what="线路名称")
    staff = None
    if draft.kind is LineKind.STAFF_MOBILE:
        if not draft.staff_uuid:
            raise refuse("calls.whose_mobile")
        row = store.one("SELECT id FROM staff WHERE uuid = ? AND deleted_at IS NULL", (draft.staff_uuid,))
        if row is None:
            raise refuse("school.no_such_staff")
        staff = int(row[0])
    usual = CallMedium.VIDEO if draft.kind is LineKind.VIDEO_COMPUTER else CallMedium.PHONE
    return {
        "name": name,
        "kind": draft.kind.value,
        "medium": (draft.medium or usual).value,
        "staff_id": staff,
        "planned": int(draft.planned),
        "number": draft.number.strip() or None,
        "place": draft.place.strip() or None,
        "note": draft.note.strip() or None,
    }


def _opening_values(draft: OpeningDraft) -> dict[str, object]:
    if not 1 <= draft.weekday <= len(WEEKDAYS):
        raise refuse("duty.weekday")
    starts, ends = read_span(draft.starts, draft.ends)
    if not 1 <= draft.slot_minutes <= MOST_MINUTES:
        raise refuse("calls.slot_minutes", most=MOST_MINUTES)
    length = minute_of(ends) - minute_of(starts)
    if draft.slot_minutes > length:
        raise refuse(
            "calls.slot_too_long", starts=starts, ends=ends, length=length, minutes=draft.slot_minutes
        )
    return {"weekday": draft.weekday, "starts": starts, "ends": ends, "slot_minutes": draft.slot_minutes}


def _refuse_meeting(wanted: Sequence[Mapping[str, object]]) -> None:
    ordered = sorted(wanted, key=lambda one: (str(one["weekday"]), str(one["starts"])))
    for one, other in pairwise(ordered):
        if one["weekday"] != other["weekday"]:
            continue
        span, next_span = (str(one["starts"]), str(one["ends"])), (str(other["starts"]), str(other["ends"]))
        if spans_meet(*span, *next_span):
            day = WEEKDAYS[int(str(one["weekday"])) - 1]
            raise refuse("calls.hours_meet", day=day, one="–".join(span), other="–".join(next_span))
