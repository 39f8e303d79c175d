"""Reading the log of affection calls: of a day, of a child, of a period. One statement, so that all lists say the same."""

from typing import Any

from app.calls.codes import CallMedium, Mood, Outcome
from app.calls.log_drafts import LogDraft
from app.calls.log_facts import CallEntry, relation_words
from app.diary.drafts import PromiseDraft
from app.diary.late import late_rule
from app.diary.lines import ClassNames
from app.storage.connection import Params
from app.storage.store import Store

# Column and table names below are our own.
# ruff: noqa: S608

_IN_CLASS = (
    "e.child_id = a.child_id AND e.deleted_at IS NULL AND coalesce(e.valid_from, '') <= a.happened_on"
    " AND (e.valid_to IS NULL OR e.valid_to > a.happened_on)"
)
_KIN = (
    "SELECT coalesce(k.label, '=' || k.relation) FROM kinship k WHERE k.child_id = a.child_id"
    " AND k.person_id = a.person_id AND k.deleted_at IS NULL ORDER BY k.valid_to IS NULL DESC, k.id DESC LIMIT 1"
)
_COLUMNS = (
    "a.id, a.uuid, c.uuid, c.name,"
    f" (SELECT e.school_class_id FROM enrolment e WHERE {_IN_CLASS} ORDER BY e.valid_from DESC LIMIT 1),"
    " a.happened_on, a.entered_on, a.started, a.minutes, l.uuid, l.name, a.medium, a.outcome, p.uuid, p.name,"
    f" ({_KIN}), a.spoke_with, a.mood, a.said, a.rescheduled_to, s.uuid, s.name, q.uuid, q.content, q.due_on,"
    " t.uuid, a.occasion, a.note, d.uuid, f.uuid"
)
_FROM = (
    "affection_call a JOIN child c ON c.id = a.child_id LEFT JOIN call_line l ON l.id = a.call_line_id"
    " LEFT JOIN person p ON p.id = a.person_id LEFT JOIN staff s ON s.id = a.staff_id"
    " LEFT JOIN promise q ON q.id = a.promise_id AND q.deleted_at IS NULL"
    " LEFT JOIN trigger_event t ON t.id = a.trigger_event_id AND t.deleted_at IS NULL AND t.withdrawn_on IS NULL"
    " LEFT JOIN planned_call d ON d.id = a.planned_call_id AND d.deleted_at IS NULL"
    " LEFT JOIN phone f ON f.id = a.phone_id AND f.deleted_at IS NULL"
)
LIVE = "a.deleted_at IS NULL AND c.deleted_at IS NULL"
"""SQL: the attempt ``a`` of the child ``c`` is in a list."""


def log_of_day(store: Store, day: str) -> tuple[CallEntry, ...]:
    """Return the attempts of a day (ISO) in the order of the hour, then of their entry."""
    return read_calls(store, "a.happened_on = ?", (day,), order="a.started IS NULL, a.started, a.id")


def log_of_period(store: Store, first: str, last: str) -> tuple[CallEntry, ...]:
    """Return the attempts of a period, both days in it, in their order."""
    order = "a.happened_on, a.started IS NULL, a.started, a.id"
    return read_calls(store, "a.happened_on BETWEEN ? AND ?", (first, last), order=order)


def log_of_child(store: Store, child_uuid: str, limit: int = 500) -> tuple[CallEntry, ...]:
    """Return the attempts for a child, newest first."""
    order = f"a.happened_on DESC, a.started DESC, a.id DESC LIMIT {int(limit)}"
    return read_calls(store, "c.uuid = ?", (child_uuid,), order=order)


def call_entry(store: Store, uuid: str) -> CallEntry | None:
    """Return one attempt; None when there is none, or it lies in the recycle bin."""
    found = read_calls(store, "a.uuid = ?", (uuid,), order="a.id")
    return found[0] if found else None


def read_calls(store: Store, where: str, params: Params = (), *, order: str) -> tuple[CallEntry, ...]:
    """Return the live attempts (``a``, of the child ``c``) for which ``where`` holds."""
    classes, late = ClassNames(store), late_rule(store)
    rows = store.rows(f"SELECT {_COLUMNS} FROM {_FROM} WHERE {LIVE} AND {where} ORDER BY {order}", params)
    return tuple(_entry(row, classes.name(row[4], row[5]), late.days(row[5], row[6])) for row in rows)


def _entry(row: tuple[Any, ...], class_name: str, late_days: int) -> CallEntry:
    promise = None if row[22] is None else PromiseDraft(uuid=row[22], content=row[23], due_on=row[24])
    draft = LogDraft(
        uuid=row[1],
        child_uuid=row[2],
        happened_on=row[5],
        started=row[7],
        minutes=row[8],
        line_uuid=row[9],
        medium=CallMedium(row[11]),
        outcome=Outcome(row[12]),
        person_uuid=row[13],
        phone_uuid=row[29],
        spoke_with=row[16],
        mood=Mood.of(row[17]),
        said=row[18],
        rescheduled_to=row[19],
        staff_uuid=row[20],
        promise=promise,
        occasion=row[26],
        note=row[27],
        planned_uuid=row[28],
    )
    return CallEntry(
        id=row[0],
        uuid=row[1],
        child_uuid=row[2],
        child_name=row[3],
        class_name=class_name,
        happened_on=row[5],
        entered_on=row[6],
        late_days=late_days,
        started=row[7],
        minutes=row[8],
        line_name=row[10] or "",
        medium=draft.medium,
        outcome=draft.outcome,
        who=row[14] or row[16] or "",
        relation=relation_words(row[15]),
        mood=draft.mood,
        said=row[18],
        rescheduled_to=row[19],
        staff_name=row[21] or "",
        promise=row[23],
        event_uuid=row[25],
        draft=draft,
    )
