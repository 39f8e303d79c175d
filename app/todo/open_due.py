"""What is open by its own date: events that ask for a visit, promises, follow-ups, papers that have not come back.

Closing is by a live record only: a record in the recycle bin opens again what it closed.
"""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from app.core.moments import day_words
from app.school.calendar import monday_of
from app.school.event_rules import SHIPPED, EventRuleFacts, event_rules, unwritten_rules
from app.storage.store import Store
from app.todo.codes_on_paper import spaced
from app.todo.presets import activity_words
from app.todo.roll import Child, Roll
from app.todo.rules import Due, DueKind, state_of
from app.todo.spans import SchoolSpans

# The conditions below are our own words; what a user typed only ever goes in as a parameter.
# ruff: noqa: S608

PROMISE_DAYS = 14
"""A promise without a day of its own is asked for after two weeks."""
_SHOWN = 60  # characters of a promise or a note: two lines on the first page, and whole what the program notes itself
_ENDS = re.compile(r"[，。；、：！？\s](?=[^，。；、：！？\s]*$)")
"""The last place where words that are too long can be cut: not inside a date, a number or a name."""

_LIVE = (
    "EXISTS (SELECT 1 FROM care_record k WHERE k.id = {column} AND k.deleted_at IS NULL"
    " AND k.happened_on <= ?1)"
)
_STAYS = "coalesce(s.left_on, t.left_on, '9999') > ?1"
# What no hand-over can write anew (a record stays whose it is) goes on with the child once its pair with them has ended.
_STILL_THEIRS = (
    # The plus sign keeps the look-up on the few pairs of the child.
    f"{_STAYS} AND coalesce((SELECT max(coalesce(q.valid_to, '9999')) FROM pairing q WHERE +q.supporter_id = s.id"
    " AND q.child_id = {row}.child_id AND q.deleted_at IS NULL), '9999') NOT BETWEEN {row}.{day} AND ?1"
)
_EVENTS = (
    "SELECT e.child_id, e.uuid, e.rule_code, e.happened_on, e.note,"
    f" CASE WHEN {_STAYS} THEN s.uuid END, coalesce(s.name, t.name)"
    " FROM trigger_event e LEFT JOIN supporter s ON s.id = e.supporter_id LEFT JOIN staff t ON t.id = s.staff_id"
    " WHERE e.deleted_at IS NULL AND e.happened_on <= ?1 AND (e.withdrawn_on IS NULL OR e.withdrawn_on > ?1)"
    f" AND (e.closed_by_id IS NULL OR NOT {_LIVE.format(column='e.closed_by_id')}) ORDER BY e.id"
)
_PROMISES = (
    "SELECT p.child_id, p.uuid, p.content, p.promised_on, p.due_on,"
    f" CASE WHEN {_STAYS} THEN s.uuid END, coalesce(s.name, t.name), r.kind"
    " FROM promise p LEFT JOIN supporter s ON s.id = p.supporter_id LEFT JOIN staff t ON t.id = s.staff_id"
    " LEFT JOIN care_record r ON r.id = p.care_record_id"
    " WHERE p.deleted_at IS NULL AND p.promised_on <= ?1 AND (p.given_up_on IS NULL OR p.given_up_on > ?1)"
    " AND (r.id IS NULL OR r.deleted_at IS NULL)"
    " AND (p.kept_on IS NULL OR p.kept_on > ?1"
    f" OR (p.kept_record_id IS NOT NULL AND NOT {_LIVE.format(column='p.kept_record_id')})) ORDER BY p.id"
)
_FOLLOW_UPS = (
    "SELECT r.child_id, r.uuid, r.kind, r.happened_on, r.follow_up_on, r.plan,"
    f" CASE WHEN {_STILL_THEIRS.format(row='r', day='happened_on')} THEN s.uuid END, coalesce(s.name, t.name)"
    " FROM care_record r LEFT JOIN supporter s ON s.id = r.supporter_id LEFT JOIN staff t ON t.id = s.staff_id"
    # The plus signs keep the look-up on the few records that have a follow-up at all.
    " WHERE r.follow_up_on IS NOT NULL AND r.deleted_at IS NULL AND +r.happened_on <= ?1"
    " AND NOT EXISTS (SELECT 1 FROM care_record k WHERE k.follows_id = r.id AND k.deleted_at IS NULL"
    " AND +k.happened_on <= ?1)"
)
_FORMS = (
    "SELECT f.child_id, f.uuid, f.activity, f.printed_on, f.code, f.asked_uuid,"
    f" CASE WHEN {_STILL_THEIRS.format(row='f', day='printed_on')} THEN s.uuid END, coalesce(s.name, t.name)"
    " FROM paper_form f LEFT JOIN supporter s ON s.id = f.supporter_id LEFT JOIN staff t ON t.id = s.staff_id"
    " WHERE f.deleted_at IS NULL AND f.printed_on <= ?1 AND (f.void_on IS NULL OR f.void_on > ?1)"
    " AND (f.care_record_id IS NULL OR NOT EXISTS (SELECT 1 FROM care_record k WHERE k.id = f.care_record_id"
    " AND k.deleted_at IS NULL)) ORDER BY f.id"
)


def event_items(store: Store, roll: Roll, school: SchoolSpans) -> Iterator[Due]:
    """Yield the visits that events ask for (五必访 and the school's own)."""
    shipped = {rule.code: rule for rule in SHIPPED} if unwritten_rules(store) == SHIPPED else None
    rules: dict[str, Mapping[str, EventRuleFacts]] = {}
    for child_id, uuid, code, happened, note, own_uuid, own_name in _rows(store, _EVENTS, roll):
        child = roll.children.get(child_id)
        if child is None:
            continue
        happened_on = date.fromisoformat(happened)
        if happened not in rules:
            rules[happened] = shipped or {rule.code: rule for rule in event_rules(store, happened_on)}
        rule = rules[happened].get(code) or _ended(store, code)
        due = school.stretched(happened_on + timedelta(days=rule.days))
        said = f"（{_short(note)}）" if note else ""
        yield from _item(
            roll,
            child,
            own_uuid,
            own_name,
            kind=DueKind.EVENT,
            rule=f"{rule.family or '必访'}，{rule.days} 天内{activity_words(rule.activity)}",
            fact=f"{day_words(happened_on, roll.day)}「{rule.name}」{said}",
            due=due,
            activity=rule.activity,
            subject=uuid,
        )


def _ended(store: Store, code: str) -> EventRuleFacts:
    """Return the rule of an event whose rule is in force no more, or never was: what was promised then still holds."""
    row = store.one(
        "SELECT code, name, family, activity, days FROM event_rule WHERE code = ? ORDER BY id DESC LIMIT 1",
        (code,),
    )
    if row is not None:
        return EventRuleFacts(row[0], row[1], row[2] or "", row[3], row[4])
    return next(
        (rule for rule in event_rules(store) if rule.code == code),
        EventRuleFacts(code, code, "", "home_visit", 5),
    )


def promise_items(store: Store, roll: Roll, school: SchoolSpans) -> Iterator[Due]:
    """Yield what was promised and is open."""
    for child_id, uuid, content, promised, due_on, own_uuid, own_name, kind in _rows(store, _PROMISES, roll):
        child = roll.children.get(child_id)
        if child is None:
            continue
        promised_on = date.fromisoformat(promised)
        due = (
            date.fromisoformat(due_on)
            if due_on
            else school.stretched(promised_on + timedelta(days=PROMISE_DAYS))
        )
        told = f"{activity_words(kind)}时" if kind else ""
        yield from _item(
            roll,
            child,
            own_uuid,
            own_name,
            kind=DueKind.PROMISE,
            rule="承诺" if due_on else "承诺（没有约日期，两周后提醒）",
            fact=f"「{_short(content)}」，{day_words(promised_on, roll.day)}{told}答应",
            due=due,
            activity=kind or "",
            subject=uuid,
        )


def follow_up_items(store: Store, roll: Roll) -> Iterator[Due]:
    """Yield the follow-ups that nobody has answered."""
    for child_id, uuid, kind, happened, follow_up, plan, own_uuid, own_name in _rows(
        store, _FOLLOW_UPS, roll
    ):
        child = roll.children.get(child_id)
        if child is None:
            continue
        planned = f"：{_short(plan)}" if plan else ""
        happened_on = date.fromisoformat(happened)
        yield from _item(
            roll,
            child,
            own_uuid,
            own_name,
            kind=DueKind.FOLLOW_UP,
            rule="约好跟进",
            fact=f"{day_words(happened_on, roll.day)}{activity_words(kind)}后要跟进{planned}",
            due=date.fromisoformat(follow_up),
            activity=kind,
            subject=uuid,
        )


def form_items(store: Store, roll: Roll) -> Iterator[Due]:
    """Yield the printed forms that have not come back, due at the end of the week they were printed for."""
    for child_id, uuid, activity, printed, code, asked, own_uuid, own_name in _rows(store, _FORMS, roll):
        child = roll.children.get(child_id)
        if child is None:
            continue
        printed_on = date.fromisoformat(printed)
        yield from _item(
            roll,
            child,
            own_uuid,
            own_name,
            kind=DueKind.PAPER_FORM,
            rule="周纸单当周交回",
            fact=f"{day_words(printed_on, roll.day)}印的{activity_words(activity)}单 {spaced(code)} 还没有交回",
            due=monday_of(printed_on) + timedelta(days=6),
            activity=activity,
            subject=uuid,
            form=code,
            asked_uuid=asked or "",
        )


def _rows(store: Store, sql: str, roll: Roll) -> list[tuple[Any, ...]]:
    day = roll.day.isoformat()
    if roll.only is None:
        return store.rows(sql, (day,))
    among = f"SELECT * FROM ({sql}) WHERE child_id IN (SELECT value FROM json_each(?2))"
    return store.rows(among, (day, json.dumps(sorted(roll.only))))


def _item(
    roll: Roll,
    child: Child,
    own_uuid: str | None,
    own_name: str | None,
    *,
    kind: DueKind,
    rule: str,
    fact: str,
    due: date,
    activity: str,
    subject: str,
    form: str = "",
    asked_uuid: str = "",
) -> Iterator[Due]:
    """Yield one item unless it is too early for it.

    Who was named for it answers until they have left or handed the child over, else the child's supporter.
    """
    state = state_of(due, roll.day)
    if state is None:
        return
    who = (own_uuid, own_name) if own_uuid and own_name else child.answers(activity)
    about = (child.uuid, child.name, child.class_words, child.class_uuid)
    yield Due(kind, rule, fact, due, roll.day, state, activity, *about, *who, subject, form, asked_uuid)


def _short(text: str) -> str:
    line = " ".join(text.split())
    if len(line) <= _SHOWN:
        return line
    # Words without any stop for a long way are cut where they are too long.
    end = _ENDS.search(line, _SHOWN // 2, _SHOWN)
    return f"{line[: end.start() if end else _SHOWN]}…"
