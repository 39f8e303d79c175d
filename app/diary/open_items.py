"""What is still open: promises not kept, events not answered, follow-ups nobody did."""

from typing import Any

from app.diary.codes import Activity
from app.diary.facts import EventFacts, PromiseFacts, RecordLine
from app.diary.lines import (
    JOIN_SUPPORTER,
    OPEN_EVENT,
    OPEN_FOLLOW_UP,
    OPEN_PROMISE,
    SUPPORTER_NAME,
    LineReader,
)
from app.school.event_rules import SHIPPED
from app.storage.connection import Params
from app.storage.store import Store

# Table and column names below are our own.
# ruff: noqa: S608

_PROMISE = (
    f"SELECT p.uuid, c.uuid, c.name, s.uuid, {SUPPORTER_NAME}, p.content, p.promised_on, p.due_on,"
    " (SELECT r.uuid FROM care_record r WHERE r.id = p.care_record_id), p.kept_on, p.given_up_on, p.note,"
    f" {OPEN_PROMISE} FROM promise p JOIN child c ON c.id = p.child_id {JOIN_SUPPORTER.format('p')}"
    " WHERE p.deleted_at IS NULL AND c.deleted_at IS NULL AND "
)
_EVENT = (
    f"SELECT e.uuid, c.uuid, c.name, e.rule_code, e.happened_on, e.entered_on, e.note, s.uuid, {SUPPORTER_NAME},"
    " (SELECT r.uuid FROM care_record r WHERE r.id = e.closed_by_id AND r.deleted_at IS NULL), e.withdrawn_on,"
    f" e.withdrawn_note, {OPEN_EVENT} FROM trigger_event e JOIN child c ON c.id = e.child_id"
    f" {JOIN_SUPPORTER.format('e')} WHERE e.deleted_at IS NULL AND c.deleted_at IS NULL AND "
)


def open_promises(
    store: Store, *, child_uuid: str | None = None, supporter_uuid: str | None = None
) -> tuple[PromiseFacts, ...]:
    """Return the open promises, of one child or one supporter if asked, the one due first first."""
    where, params = _of(child_uuid, supporter_uuid)
    return promises(store, f"{OPEN_PROMISE} AND {where}", params)


def promises(store: Store, where: str = "1", params: Params = ()) -> tuple[PromiseFacts, ...]:
    """Return the promises (``p``) on file for which ``where`` holds, also those kept or given up."""
    rows = store.rows(f"{_PROMISE} {where} ORDER BY p.due_on IS NULL, p.due_on, p.promised_on, p.id", params)
    return tuple(
        PromiseFacts(
            uuid=row[0],
            child_uuid=row[1],
            child_name=row[2],
            supporter_uuid=row[3],
            supporter_name=row[4],
            content=row[5],
            promised_on=row[6],
            due_on=row[7],
            record_uuid=row[8],
            kept_on=row[9],
            given_up_on=row[10],
            note=row[11],
            is_open=bool(row[12]),
        )
        for row in rows
    )


def open_events(
    store: Store, *, child_uuid: str | None = None, supporter_uuid: str | None = None
) -> tuple[EventFacts, ...]:
    """Return the events that still ask for their visit, the oldest first."""
    where, params = _of(child_uuid, supporter_uuid)
    return events(store, f"{OPEN_EVENT} AND {where}", params)


def events(store: Store, where: str = "1", params: Params = ()) -> tuple[EventFacts, ...]:
    """Return the events (``e``) on file for which ``where`` holds, also those answered or withdrawn."""
    rows = store.rows(f"{_EVENT} {where} ORDER BY e.happened_on, e.id", params)
    rules = _rules(store) if rows else {}
    found = []
    for row in rows:
        name, activity, days = _rule_on(rules, row[3], row[4])
        found.append(
            EventFacts(
                uuid=row[0],
                child_uuid=row[1],
                child_name=row[2],
                rule_code=row[3],
                name=name,
                activity=activity,
                days=days,
                happened_on=row[4],
                entered_on=row[5],
                note=row[6],
                supporter_uuid=row[7],
                supporter_name=row[8],
                record_uuid=row[9],
                withdrawn_on=row[10],
                withdrawn_note=row[11],
                is_open=bool(row[12]),
            )
        )
    return tuple(found)


def open_follow_ups(
    store: Store, *, child_uuid: str | None = None, until: str | None = None
) -> tuple[RecordLine, ...]:
    """Return the records whose follow-up nobody did, due until a day if asked, the one due first first."""
    where, params = [OPEN_FOLLOW_UP], []
    if child_uuid is not None:
        where.append("r.child_id = (SELECT id FROM child WHERE uuid = ?)")
        params.append(child_uuid)
    if until is not None:
        where.append("r.follow_up_on <= ?")
        params.append(until)
    return LineReader(store).read(" AND ".join(where), params, rest="ORDER BY r.follow_up_on, r.id")


def _of(child_uuid: str | None, supporter_uuid: str | None) -> tuple[str, list[Any]]:
    where, params = ["1"], []
    if child_uuid is not None:
        where.append("c.uuid = ?")
        params.append(child_uuid)
    if supporter_uuid is not None:
        where.append("? IN (s.uuid, sf.uuid)")
        params.append(supporter_uuid)
    return " AND ".join(where), params


_Rule = tuple[str, str | None, str, str, int]  # from, to, name, activity, days


def _rules(store: Store) -> dict[str, list[_Rule]]:
    """Return every rule that ever held by its code, the shipped ones where the school wrote none of that code."""
    found: dict[str, list[_Rule]] = {}
    for code, start, end, name, activity, days in store.rows(
        "SELECT code, coalesce(valid_from, ''), valid_to, name, activity, days FROM event_rule"
        " WHERE deleted_at IS NULL ORDER BY code, 2"
    ):
        found.setdefault(code, []).append((start, end, name, activity, days))
    for rule in SHIPPED:
        found.setdefault(rule.code, [("", None, rule.name, rule.activity, rule.days)])
    return found


def activity_of(code: str) -> Activity:
    """Return what an event rule asks for; a rule that names anything but a record of the diary asks for a visit."""
    return Activity(code) if code in Activity.labels() else Activity.HOME_VISIT


def _rule_on(rules: dict[str, list[_Rule]], code: str, day: str) -> tuple[str, Activity, int]:
    """Return name, activity and days of the rule in force on a day; before the first one, the first one."""
    known = rules.get(code)
    if not known:
        return code, Activity.HOME_VISIT, 0
    begun = [rule for rule in known if rule[0] <= day]
    _, _, name, activity, days = begun[-1] if begun else known[0]
    return name, activity_of(activity), days
