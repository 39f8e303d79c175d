"""What follows from a call, written in its own action: a visit falls due, a promise stands. Numbers: ``log_numbers``."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from msgspec import Struct, field

from app.calls.codes import FAILED, Outcome
from app.calls.log_checking import CheckedCall
from app.calls.tables import AffectionCallRow
from app.core.messages import refuse
from app.diary.checking import whole_day
from app.diary.tables import Promise, TriggerEvent
from app.pairing.service_supporters import ensure_supporter
from app.school.event_rules import CALLS_FAILED, EventRuleFacts, event_rules
from app.school.limits import Limit, limit
from app.storage.action import Action
from app.storage.entry_day import entry_day
from app.storage.store import Store

WITHDRAWN = "通话记录改过，不再是连续没打通"
"""Why a visit that the log had asked for is taken back by the log."""


class Effects(Struct):
    """What was written besides the calls: the grown-ups whose numbers changed, whether the diary did, sentences."""

    people: set[int] = field(default_factory=set)
    diary: bool = False
    words: list[str] = field(default_factory=list)

    @property
    def sentence(self) -> str:
        """Return what is to be told after saving: 号码待核实；家访待办; "" for nothing."""
        return "；".join(dict.fromkeys(self.words))


# ---- the promise ----------------------------------------------------------------------------------------------------


def write_promise(store: Store, action: Action, checked: CheckedCall, known: int | None) -> int | None:
    """Make the promise of an attempt what its draft says and return its key; ``known`` is the one on file.

    UserError ``call_log.promise_child`` for the promise of another child.
    """
    wanted = checked.draft.promise
    if wanted is None:
        if known is not None:
            action.soft_delete(Promise, known)
        return None
    day = checked.values["happened_on"]
    staff = checked.draft.staff_uuid
    values: dict[str, Any] = {
        "content": wanted.content.strip(),
        "due_on": whole_day(wanted.due_on) if wanted.due_on else None,
        "promised_on": day,
        "supporter_id": None if staff is None else ensure_supporter(store, action, staff),
    }
    row = store.one("SELECT id, child_id, deleted_at FROM promise WHERE uuid = ?", (wanted.uuid,))
    if row is None:
        key: int = action.insert(Promise, uuid=wanted.uuid, child_id=checked.child_id, **values)
        return key
    if row[1] != checked.child_id:
        raise refuse("call_log.promise_child")
    if row[2] is not None:
        action.restore(Promise, row[0])
    action.update(Promise, row[0], **values)
    return int(row[0])


# ---- failures in a row ----------------------------------------------------------------------------------------------


class FailedDay(Struct, frozen=True):
    """A day on which nobody of a child's family could be talked to: its last attempt, and how that ended."""

    day: str
    call_id: int
    outcome: Outcome


def failed_run(attempts: Iterable[tuple[str, int, str]], until: str | None = None) -> tuple[FailedDay, ...]:
    """Return the days in a row, up to now or to a day, on which every call failed. Pure.

    ``attempts`` are (day, key, outcome) in order. A day with one call that got through ends the row; a day on which
    only the child or the line was missing says nothing about the family and neither counts nor ends it.
    """
    days: dict[str, FailedDay | None] = {}
    for day, key, code in attempts:
        outcome = Outcome(code)
        if until is not None and day > until:
            continue
        if outcome is Outcome.CONNECTED:
            days[day] = None
        elif outcome in FAILED and days.get(day, ()) is not None:
            days[day] = FailedDay(day, key, outcome)
    run: list[FailedDay] = []
    for _, found in sorted(days.items(), key=lambda item: item[0]):
        run = [] if found is None else [*run, found]
    return tuple(run)


def settle_failures(store: Store, action: Action, child_id: int, effects: Effects) -> None:
    """Let the visit of the rule fall due after so many failed days in a row, and take back one that is not so any more.

    The rule and the number are the school's (``calls_failed``, ``failed_calls_in_a_row``); without the rule nothing is
    asked for. What a record has answered, or a person has withdrawn, stays as it is and counting begins anew after it.
    """
    attempts = store.rows(
        "SELECT happened_on, id, outcome FROM affection_call WHERE child_id = ? AND deleted_at IS NULL ORDER BY happened_on, id",
        (child_id,),
    )
    standing: list[_Event] = []
    for event in _events(store, child_id):
        before = max((one.day for one in standing if one.day < event.day), default="")
        if event.is_open and event.ours and not _is_so(store, attempts, event.day, after=before):
            action.update(TriggerEvent, event.uuid, withdrawn_on=entry_day(store), withdrawn_note=WITHDRAWN)
            effects.diary = True
            effects.words.append("没打通的家访不用了，已撤回")
        else:
            standing.append(event)
    run = failed_run(attempts)
    if not run or any(event.is_open and event.day >= run[0].day for event in standing):
        return
    after = max((event.day for event in standing), default="")
    due = [one for one in run if one.day > after]
    if not due or len(due) < limit(store, Limit.FAILED_CALLS_IN_A_ROW, date.fromisoformat(due[-1].day)):
        return
    rule = _rule(store, due[-1].day)
    if rule is not None:
        _report(store, action, child_id, due, rule, effects)


def _rule(store: Store, day: str) -> EventRuleFacts | None:
    return next(
        (one for one in event_rules(store, date.fromisoformat(day)) if one.code == CALLS_FAILED), None
    )


def _is_so(store: Store, attempts: Sequence[tuple[str, int, str]], day: str, *, after: str) -> bool:
    """Tell whether a row of failures, counted since the event ``after``, still ends on a day with enough of them."""
    run = [one for one in failed_run(attempts, until=day) if one.day > after]
    return (
        bool(run)
        and run[-1].day == day
        and len(run) >= limit(store, Limit.FAILED_CALLS_IN_A_ROW, date.fromisoformat(day))
    )


class _Event(Struct, frozen=True):
    uuid: str
    day: str
    is_open: bool
    ours: bool


def _events(store: Store, child_id: int) -> list[_Event]:
    """Return the events of the rule by their days; what the log itself took back is none."""
    rows = store.rows(
        "SELECT e.uuid, e.happened_on, e.withdrawn_on IS NULL AND NOT EXISTS (SELECT 1 FROM care_record k"
        " WHERE k.id = e.closed_by_id AND k.deleted_at IS NULL),"
        " EXISTS (SELECT 1 FROM affection_call a WHERE a.trigger_event_id = e.id)"
        " FROM trigger_event e WHERE e.child_id = ? AND e.rule_code = ? AND e.deleted_at IS NULL"
        " AND e.withdrawn_note IS NOT ? ORDER BY e.happened_on, e.id",
        (child_id, CALLS_FAILED, WITHDRAWN),
    )
    return [_Event(row[0], row[1], bool(row[2]), bool(row[3])) for row in rows]


def _report(
    store: Store,
    action: Action,
    child_id: int,
    days: Sequence[FailedDay],
    rule: EventRuleFacts,
    effects: Effects,
) -> None:
    listed = "、".join(f"{one.day} {one.outcome.label}" for one in days)
    key = action.insert(
        TriggerEvent,
        child_id=child_id,
        rule_code=CALLS_FAILED,
        happened_on=days[-1].day,
        entered_on=_entered_on(store, days[-1]),
        note=f"连续 {len(days)} 次没打通：{listed}",
    )
    action.update(AffectionCallRow, days[-1].call_id, trigger_event_id=key)
    effects.diary = True
    effects.words.append(f"连续 {len(days)} 次没打通，{rule.days} 天内家访")


def _entered_on(store: Store, day: FailedDay) -> str:
    (entered_on,) = store.rows("SELECT entered_on FROM affection_call WHERE id = ?", (day.call_id,))[0]
    return str(entered_on)
