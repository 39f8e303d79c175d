"""Writing which events open a visit, and within how many days: 五必访 and the school's own. One action per function."""

from datetime import date

from app.core.changes import Changes
from app.core.messages import refuse
from app.school.event_rules import EventRuleFacts, unwritten_rules
from app.school.tables import EventRule
from app.storage.action import Action
from app.storage.base import new_uuid
from app.storage.service import service
from app.storage.store import Store
from app.todo.presets import activity_words

AREAS = frozenset({"todo", "school", "diary"})
MOST_DAYS = 120


@service
def set_event_rule(
    store: Store,
    *,
    code: str | None,
    name: str,
    family: str,
    activity: str,
    days: int,
    since: date,
    by: str | None = None,
) -> Changes:
    """Let an event ask for a visit within ``days`` from ``since`` on; ``code`` None = an event of the school's own.

    UserError ``todo.event_name`` without a name or with one that is taken, ``todo.event_days`` outside 0 to 120,
    ``dated.later_known`` before the present rule began.
    """
    title = name.strip()
    if not title or any(rule.name == title and rule.code != code for rule in _open_rules(store)):
        raise refuse("todo.event_name", name=title)
    if not 0 <= days <= MOST_DAYS:
        raise refuse("todo.event_days", most=MOST_DAYS)
    start = since.isoformat()
    values = {"name": title, "family": family.strip() or None, "activity": activity, "days": days}
    words = f"必访事件：「{title}」{days} 天内{activity_words(activity)}"
    with store.action(words, kind="event_rule.set", by=by) as action:
        _write_shipped(store, action)
        row = store.one(
            "SELECT uuid, valid_from, name, family, activity, days FROM event_rule"
            " WHERE code = ? AND valid_to IS NULL AND deleted_at IS NULL",
            (code or "",),
        )
        if row is not None:
            if tuple(row[2:]) == tuple(values.values()):
                return action.changes(AREAS)
            if (row[1] or "") > start:
                raise refuse("dated.later_known", since=row[1])
            if (row[1] or "") == start:
                action.update(EventRule, row[0], **values)
                return action.changes(AREAS)
            action.update(EventRule, row[0], valid_to=start)
        action.insert(EventRule, code=code or new_uuid(), valid_from=start, **values)
        return action.changes(AREAS)


@service
def end_event_rule(store: Store, *, code: str, since: date, by: str | None = None) -> Changes:
    """Let an event ask for nothing more from ``since`` on; what it opened before stays open.

    UserError ``dated.later_known`` before the rule began.
    """
    found = next((rule for rule in _open_rules(store) if rule.code == code), None)
    if found is None:
        raise refuse("row.unknown")
    with store.action(f"不再必访：「{found.name}」", kind="event_rule.end", by=by) as action:
        _write_shipped(store, action)
        row = store.one(
            "SELECT uuid, valid_from FROM event_rule WHERE code = ? AND valid_to IS NULL AND deleted_at IS NULL",
            (code,),
        )
        if row is None:
            raise refuse("row.unknown")
        if (row[1] or "") > since.isoformat():
            raise refuse("dated.later_known", since=row[1])
        if row[1] == since.isoformat():
            action.soft_delete(EventRule, row[0])
        else:
            action.update(EventRule, row[0], valid_to=since.isoformat())
        return action.changes(AREAS)


def _open_rules(store: Store) -> tuple[EventRuleFacts, ...]:
    """Return the rules without an end, with the shipped ones about which the school has written nothing."""
    rows = store.rows(
        "SELECT code, name, family, activity, days, valid_from, uuid FROM event_rule"
        " WHERE valid_to IS NULL AND deleted_at IS NULL ORDER BY id"
    )
    return (
        *(
            EventRuleFacts(code, name, family or "", activity, days, start, uuid, shipped=False)
            for code, name, family, activity, days, start, uuid in rows
        ),
        *unwritten_rules(store),
    )


def _write_shipped(store: Store, action: Action) -> None:
    """Write what is shipped and not yet the school's own: the first change makes the whole set rows."""
    for rule in unwritten_rules(store):
        action.insert(
            EventRule,
            code=rule.code,
            name=rule.name,
            family=rule.family,
            activity=rule.activity,
            days=rule.days,
        )
