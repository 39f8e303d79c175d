"""Events that ask for a visit (五必访 and the school's own): reported, closed by a linked record only, or withdrawn."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from app.children.affected import name_of_child
from app.children.identity import tidy_text
from app.core.changes import Changes
from app.core.messages import refuse
from app.diary.affected import diary_changes
from app.diary.case_parts import past_day
from app.diary.checking import needed_key, refuse_before_birth, supporter_id
from app.diary.codes import Activity
from app.diary.facts import EventFacts
from app.diary.open_items import activity_of, events
from app.diary.tables import TriggerEvent
from app.school.event_rules import event_rules
from app.storage.action import Action
from app.storage.base import new_uuid
from app.storage.entry_day import entry_day
from app.storage.service import service
from app.storage.store import Store


@service
def report_event(
    store: Store,
    *,
    child_uuid: str,
    rule_code: str,
    happened_on: str,
    note: str | None = None,
    supporter_uuid: str | None = None,
    uuid: str | None = None,
    by: str | None = None,
) -> Changes:
    """Write that something happened to a child: the visit of its rule falls due. ``uuid`` saved twice is one event.

    UserError ``event.no_rule`` when the school has no such rule on that day, ``event.closed`` or ``event.withdrawn`` when
    the event of this uuid was answered or taken back meanwhile: ``reopen_event`` opens it again, and says so;
    ``case.future`` or ``diary.before_birth`` for a day on which it cannot have happened.
    """
    day = past_day(store, happened_on)
    rule = next((one for one in event_rules(store, date.fromisoformat(day)) if one.code == rule_code), None)
    if rule is None:
        raise refuse("event.no_rule")
    values: dict[str, Any] = {
        "child_id": needed_key(store, "child", child_uuid, "child.unknown"),
        "rule_code": rule_code,
        "happened_on": day,
        "note": tidy_text(note),
    }
    refuse_before_birth(store, values["child_id"], child_uuid, day, fault="diary.before_birth")
    words = (
        f"{name_of_child(store, child_uuid)}：{rule.name}（{day}），{activity_of(rule.activity).label}待办"
    )
    with store.action(words, kind="event.report", by=by) as action:
        values["supporter_id"] = supporter_id(store, action, supporter_uuid)
        known = store.one("SELECT child_id, deleted_at FROM trigger_event WHERE uuid = ?", (uuid,))
        if known is None:
            action.insert(TriggerEvent, uuid=uuid or new_uuid(), entered_on=entry_day(store), **values)
        elif known[0] != values["child_id"] or known[1] is not None:
            raise refuse("event.unknown")
        else:
            event = _find(store, str(uuid))
            _refuse_withdrawn(event)
            _refuse_answered(store, event)
            action.update(TriggerEvent, str(uuid), **values)
        return diary_changes(action, (child_uuid,))


@service
def withdraw_event(store: Store, *, uuid: str, note: str, by: str | None = None) -> Changes:
    """Take an event back with a reason: its visit is no longer due. The event stays on file with the reason.

    UserError ``event.note``, ``event.closed`` when a record has answered it.
    """
    event = _find(store, uuid)
    reason = tidy_text(note)
    if reason is None:
        raise refuse("event.note")
    _refuse_answered(store, event)
    _refuse_withdrawn(event)
    words = f"{name_of_child(store, event.child_uuid)}：撤回{event.name}（{event.happened_on}）"
    with store.action(words, kind="event.withdraw", by=by) as action:
        # A record in the recycle bin that had answered it must not come back to an event that was withdrawn.
        action.update(
            TriggerEvent,
            uuid,
            withdrawn_on=entry_day(store),
            withdrawn_note=reason,
            closed_by_id=None,
        )
        return diary_changes(action, (event.child_uuid,))


@service
def close_event(store: Store, *, uuid: str, record_uuid: str, by: str | None = None) -> Changes:
    """Link the record that answers an event. UserError ``event.needs`` when it is of another kind than the rule asks."""
    event = _find(store, uuid)
    row = store.one(
        "SELECT id, child_id, kind, happened_on FROM care_record WHERE uuid = ? AND deleted_at IS NULL",
        (record_uuid,),
    )
    if row is None:
        raise refuse("diary.unknown")
    words = f"{name_of_child(store, event.child_uuid)}：{event.name}（{event.happened_on}）已有{event.activity.label}"
    with store.action(words, kind="event.close", by=by) as action:
        link_event(store, action, uuid, {row[1]: row[0]}, Activity(row[2]), row[3])
        return diary_changes(action, (event.child_uuid,))


@service
def reopen_event(store: Store, *, uuid: str, by: str | None = None) -> Changes:
    """Unlink the record of an event, or take its withdrawal back: its visit is due again."""
    event = _find(store, uuid)
    words = f"{name_of_child(store, event.child_uuid)}：{event.name}（{event.happened_on}）重新待办"
    with store.action(words, kind="event.reopen", by=by) as action:
        unlink_event(action, uuid)
        return diary_changes(action, (event.child_uuid,))


def link_event(
    store: Store, action: Action, uuid: str, of_child: Mapping[int, int], kind: Activity, day: str
) -> None:
    """Let a record answer an event inside ``action``; ``of_child`` is child's key → key of the record of that day."""
    event = _find(store, uuid)
    (child_id, closed_by) = store.rows(
        "SELECT child_id, closed_by_id FROM trigger_event WHERE uuid = ?", (uuid,)
    )[0]
    record_id = of_child.get(child_id)
    if record_id is None:
        raise refuse("event.other_child")
    _refuse_withdrawn(event)
    if closed_by != record_id:
        _refuse_answered(store, event)
    if kind is not event.activity:
        raise refuse("event.needs", name=event.name, kind=event.activity.label)
    if day < event.happened_on:
        raise refuse("event.record_early", on=day, day=event.happened_on)
    action.update(TriggerEvent, uuid, closed_by_id=record_id)


def unlink_event(action: Action, uuid: str) -> None:
    """Let an event ask for its visit again inside ``action``."""
    action.update(TriggerEvent, uuid, closed_by_id=None, withdrawn_on=None, withdrawn_note=None)


def _find(store: Store, uuid: str) -> EventFacts:
    found = events(store, "e.uuid = ?", (uuid,))
    if not found:
        raise refuse("event.unknown")
    return found[0]


def _refuse_answered(store: Store, event: EventFacts) -> None:
    if event.record_uuid is None:
        return
    (day, kind) = store.rows(
        "SELECT happened_on, kind FROM care_record WHERE uuid = ?", (event.record_uuid,)
    )[0]
    raise refuse("event.closed", day=day, kind=Activity(kind).label)


def _refuse_withdrawn(event: EventFacts) -> None:
    if event.withdrawn_on is not None:
        raise refuse("event.withdrawn", day=event.withdrawn_on, note=event.withdrawn_note)
