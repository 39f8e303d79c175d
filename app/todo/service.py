"""Writing the school's rules of what is due: cadences and events, each from a day on. One action per public function.

The shipped rules are in force until the school writes its own: the first edit writes all of them down and then changes
what is to be changed (what was in force before stays so for the days before).
"""

from datetime import date

from app.children.affected import name_of_child
from app.children.periods import key_of
from app.children.tables import Child
from app.core.changes import Changes
from app.core.messages import refuse
from app.storage.action import Action
from app.storage.service import service
from app.storage.store import Store
from app.todo.cadences import CadenceFacts, is_written, shipped, shipped_here
from app.todo.codes import Audience, Per, Scope
from app.todo.presets import STYLES, cadence_words
from app.todo.tables import CadenceRule

AREAS = frozenset({"todo", "school"})
MOST_TIMES = 31


@service
def set_cadence(
    store: Store,
    *,
    activity: str,
    times: int,
    per: Per,
    since: date,
    audience: Audience = Audience.CHILD,
    scope: Scope = Scope.ALL,
    child_uuid: str | None = None,
    note: str | None = None,
    by: str | None = None,
) -> Changes:
    """Ask for something so many times in every span from ``since`` on; 0 times = no longer asked of.

    ``child_uuid`` makes it a rule for that child alone, which goes before those for all. UserError
    ``todo.rule_times`` outside 0 to 31, ``dated.later_known`` before the present rule began.
    """
    if not 0 <= times <= MOST_TIMES:
        raise refuse("todo.rule_times", most=MOST_TIMES)
    whose = f"{name_of_child(store, child_uuid)}：" if child_uuid else ""
    words = cadence_words(activity, times, per, audience, scope)
    with store.action(f"频次规则：{whose}{words}", kind="cadence.set", by=by) as action:
        _write_shipped(store, action)
        child = None if child_uuid is None else key_of(store, Child, child_uuid)
        _change(
            store,
            action,
            (activity, audience.value, scope.value, child),
            {"times": times, "per": per.value, "note": note or None},
            since.isoformat(),
        )
        return action.changes(AREAS)


@service
def end_cadence(store: Store, *, uuid: str, since: date, by: str | None = None) -> Changes:
    """Let a rule end: from ``since`` on it asks nothing more; a child's own rule gives way to the one for all.

    UserError ``dated.later_known`` before the rule began.
    """
    row = store.one(
        "SELECT activity, times, per, audience, scope, child_id, valid_from FROM cadence_rule"
        " WHERE uuid = ? AND valid_to IS NULL AND deleted_at IS NULL",
        (uuid,),
    )
    if row is None:
        raise refuse("row.unknown")
    words = cadence_words(row[0], row[1], Per(row[2]), Audience(row[3]), Scope(row[4]))
    with store.action(f"不再要求：{words}", kind="cadence.end", by=by) as action:
        _end(action, uuid, row[6], since.isoformat())
        return action.changes(AREAS)


@service
def use_style(store: Store, *, style: str, since: date, by: str | None = None) -> Changes:
    """Put the rules of a style in the place of the present ones from ``since`` on; rules for single children stay.

    UserError ``dated.later_known`` before one of the present rules began.
    """
    if style not in STYLES:
        raise refuse("service.code", text=style)
    wanted = {_key(rule): rule for rule in shipped(style)}
    start = since.isoformat()
    with store.action(f"频次规则改用「{STYLES[style].name}」", kind="cadence.style", by=by) as action:
        _write_shipped(store, action)
        rows = store.rows(
            "SELECT uuid, activity, audience, scope, valid_from FROM cadence_rule"
            " WHERE child_id IS NULL AND valid_to IS NULL AND deleted_at IS NULL"
        )
        for uuid, activity, audience, scope, valid_from in rows:
            if (activity, audience, scope) not in wanted:
                _end(action, uuid, valid_from, start)
        for (activity, audience, scope), rule in wanted.items():
            values = {"times": rule.times, "per": rule.per.value, "note": rule.note}
            _change(store, action, (activity, audience, scope, None), values, start)
        return action.changes(AREAS)


def _end(action: Action, uuid: str, began: str | None, day: str) -> None:
    """Let a rule ask nothing more from ``day`` on; one that began that very day was not in force for a single one."""
    if (began or "") > day:
        raise refuse("dated.later_known", since=began)
    if began == day:
        action.soft_delete(CadenceRule, uuid)
    else:
        action.update(CadenceRule, uuid, valid_to=day)


def _key(rule: CadenceFacts) -> tuple[str, str, str]:
    return (rule.activity, rule.audience.value, rule.scope.value)


def _write_shipped(store: Store, action: Action) -> None:
    """Write the shipped rules down as in force since ever, unless the school has rules of its own."""
    if is_written(store):
        return
    for rule in shipped_here(store):
        action.insert(
            CadenceRule,
            activity=rule.activity,
            audience=rule.audience.value,
            scope=rule.scope.value,
            times=rule.times,
            per=rule.per.value,
            note=rule.note,
            valid_from=rule.valid_from,
        )


def _change(
    store: Store,
    action: Action,
    key: tuple[str, str, str, int | None],
    values: dict[str, object],
    start: str,
) -> None:
    """Write what is asked from a day on: the period in force ends there, the same day again is a correction."""
    activity, audience, scope, child = key
    row = store.one(
        "SELECT uuid, valid_from, times, per, note FROM cadence_rule WHERE activity = ? AND audience = ? AND scope = ?"
        " AND child_id IS ? AND valid_to IS NULL AND deleted_at IS NULL",
        key,
    )
    if row is not None:
        if row[2:] == (values["times"], values["per"], values["note"]):
            return
        if (row[1] or "") > start:
            raise refuse("dated.later_known", since=row[1])
        if (row[1] or "") == start:
            action.update(CadenceRule, row[0], **values)
            return
        action.update(CadenceRule, row[0], valid_to=start)
    action.insert(
        CadenceRule,
        activity=activity,
        audience=audience,
        scope=scope,
        child=child,
        valid_from=start,
        **values,
    )
