"""Writing when a grown-up can be reached, and what a child itself wishes. One action per function."""

from collections.abc import Sequence
from datetime import date

from msgspec import Struct

from app.calls.codes import CallMedium
from app.calls.tables import CallWish
from app.children.affected import changes_of, name_of_child
from app.children.periods import key_of
from app.children.tables import Child, Person, ReachableTime
from app.core.changes import Changes
from app.core.messages import refuse
from app.core.times import spans_meet
from app.school.dated_rows import replace_set
from app.school.lessons_service import read_span
from app.storage.service import service
from app.storage.store import Store

AREAS = frozenset({"calls"})
EVERY_WEEKS = range(2, 9)
"""How many weeks shifts by turns may take to come round."""


class WindowDraft(Struct, frozen=True, kw_only=True):
    """When somebody can be reached, as typed: 1 = Monday … 7, None = every day.

    ``alternate_on`` = only every ``every_weeks``-th week (2 to 8), counted from the week of that day.
    """

    starts: str
    ends: str
    weekday: int | None = None
    alternate_on: date | None = None
    every_weeks: int = 2


@service
def set_windows(
    store: Store, *, person_uuid: str, windows: Sequence[WindowDraft], since: date, by: str | None = None
) -> Changes:
    """Set when a grown-up can be reached from ``since`` on; () = at any time again. Brothers and sisters see it at once.

    UserError ``calls.time_bad``, ``calls.span``, ``calls.weeks``, ``calls.windows_meet`` when two of them have a minute in
    common, ``dated.later_known`` before what is written already.
    """
    key = key_of(store, Person, person_uuid)
    wanted = [_values(draft) for draft in windows]
    _refuse_meeting(wanted)
    row = store.one("SELECT name FROM person WHERE id = ?", (key,))
    name = (row[0] if row else None) or "家人"
    words = f"{name}：{'改什么时候能接电话' if wanted else '随时能接电话'}"
    with store.action(words, kind="person.reachable", by=by) as action:
        replace_set(store, action, ReachableTime, owner=("person_id", key), wanted=wanted, since=since)
        return with_calls(changes_of(store, action, people=(key,)))


@service
def set_wish(
    store: Store,
    *,
    child_uuid: str,
    wants: bool = True,
    person_uuid: str = "",
    medium: CallMedium | None = None,
    note: str = "",
    since: date,
    by: str | None = None,
) -> Changes:
    """Write what a child wishes from ``since`` on: to call or not, whom, by what, in its own words.

    UserError ``dated.later_known`` before what is written already.
    """
    values: dict[str, object] = {
        "wants": int(wants),
        "person_id": key_of(store, Person, person_uuid) if person_uuid else None,
        "medium": medium.value if medium else None,
        "note": note.strip() or None,
    }
    return _write_wish(store, child_uuid, [values], since, "记孩子的通话意愿", by)


@service
def clear_wish(store: Store, *, child_uuid: str, since: date, by: str | None = None) -> Changes:
    """Write that from ``since`` on nothing is known of what a child wishes."""
    return _write_wish(store, child_uuid, [], since, "孩子的通话意愿不再有", by)


def with_calls(changes: Changes) -> Changes:
    """Return the changes of a child's room as changes of the calls too."""
    if not changes:
        return changes
    return Changes(changes.action_uuid, changes.words, changes.areas | AREAS, changes.uuids)


def _write_wish(
    store: Store,
    child_uuid: str,
    wanted: Sequence[dict[str, object]],
    since: date,
    what: str,
    by: str | None,
) -> Changes:
    key = key_of(store, Child, child_uuid)
    with store.action(f"{name_of_child(store, child_uuid)}：{what}", kind="call.wish", by=by) as action:
        replace_set(store, action, CallWish, owner=("child_id", key), wanted=wanted, since=since)
        return with_calls(changes_of(store, action, children=(child_uuid,)))


def _values(draft: WindowDraft) -> dict[str, object]:
    if draft.weekday is not None and not 1 <= draft.weekday <= 7:
        raise refuse("duty.weekday")
    if draft.every_weeks not in EVERY_WEEKS:
        raise refuse("calls.weeks", weeks=draft.every_weeks)
    starts, ends = read_span(draft.starts, draft.ends)
    return {
        "weekday": draft.weekday,
        "starts": starts,
        "ends": ends,
        "alternate_on": draft.alternate_on.isoformat() if draft.alternate_on else None,
        "every_weeks": draft.every_weeks,
    }


def _refuse_meeting(wanted: Sequence[dict[str, object]]) -> None:
    for place, one in enumerate(wanted):
        for other in wanted[place + 1 :]:
            # Spans of different weeks may meet on the clock: they are other days.
            if (one["weekday"], one["alternate_on"]) != (other["weekday"], other["alternate_on"]):
                continue
            span = str(one["starts"]), str(one["ends"])
            second = str(other["starts"]), str(other["ends"])
            if spans_meet(*span, *second):
                raise refuse("calls.windows_meet", one="–".join(span), other="–".join(second))
