"""Writing the school's day: its spans, and out of which of them no child is called. One action per function."""

from datetime import date

from msgspec import Struct, field

from app.core.changes import Changes
from app.core.messages import refuse
from app.core.times import read_time
from app.school.dated_rows import end_row, save_row
from app.school.tables import LessonTime
from app.storage.base import new_uuid
from app.storage.service import service
from app.storage.store import Store

AREAS = frozenset({"calls", "school"})


class LessonDraft(Struct, frozen=True, kw_only=True):
    """A span as typed; ``class_uuid`` "" = of every class, ``weekday`` None = every day. Saved twice it is one."""

    name: str
    starts: str
    ends: str
    kept_free: bool = True
    class_uuid: str = ""
    weekday: int | None = None
    uuid: str = field(default_factory=new_uuid)


@service
def save_lesson(store: Store, *, draft: LessonDraft, since: date, by: str | None = None) -> Changes:
    """Write a new span from ``since`` on. One that is known is so from ``since`` on; before that it stays as it was.

    UserError ``school.no_name`` without a name, ``calls.time_bad`` and ``calls.span`` for times that are none,
    ``storage.overlap`` when the same is written already.
    """
    name = draft.name.strip()
    if not name:
        raise refuse("school.no_name", what="时间的名称")
    starts, ends = read_span(draft.starts, draft.ends)
    cls = None if not draft.class_uuid else _class(store, draft.class_uuid)
    values: dict[str, object] = {
        "name": name,
        "school_class_id": cls,
        "weekday": draft.weekday,
        "starts": starts,
        "ends": ends,
        "kept_free": int(draft.kept_free),
    }
    told = "，不叫学生" if draft.kept_free else ""
    with store.action(f"作息：{name} {starts}–{ends}{told}", kind="lesson.save", by=by) as action:
        save_row(store, action, LessonTime, draft.uuid, values, since)
        return action.changes(AREAS)


@service
def end_lesson(store: Store, *, uuid: str, on: date, by: str | None = None) -> Changes:
    """Let a span be no more from ``on`` on. UserError ``fact.unknown``, ``fact.end_before_start``."""
    row = store.one(
        "SELECT name, valid_from FROM lesson_time WHERE uuid = ? AND valid_to IS NULL AND deleted_at IS NULL",
        (uuid,),
    )
    if row is None:
        raise refuse("fact.unknown")
    with store.action(f"作息：去掉{row[0]}", kind="lesson.end", by=by) as action:
        end_row(action, LessonTime, uuid, row[1], on.isoformat())
        return action.changes(AREAS)


def read_span(starts: str, ends: str) -> tuple[str, str]:
    """Return a typed span as HH:MM. UserError ``calls.time_bad`` for what is no time, ``calls.span`` for no span."""
    found = [read_time(text) for text in (starts, ends)]
    for text, time in zip((starts, ends), found, strict=True):
        if time is None:
            raise refuse("calls.time_bad", text=text.strip())
    first, last = str(found[0]), str(found[1])
    if first >= last:
        raise refuse("calls.span", starts=first, ends=last)
    return first, last


def read_part(starts: str | None, ends: str | None) -> tuple[str | None, str | None]:
    """Return the typed part of a day; both blank = the whole day. UserError as ``read_span``."""
    if not (starts or "").strip() and not (ends or "").strip():
        return None, None
    return read_span(starts or "", ends or "")


def _class(store: Store, uuid: str) -> int:
    row = store.one("SELECT id FROM school_class WHERE uuid = ? AND deleted_at IS NULL", (uuid,))
    if row is None:
        raise refuse("class.unknown")
    return int(row[0])
