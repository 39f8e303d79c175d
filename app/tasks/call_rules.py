"""How often each child is to call: the school's cadences, handed to the room of calls, which lies below them."""

from collections.abc import Mapping
from datetime import date

from app.calls.people import CallRule
from app.calls.presets import SHIPPED_RULE
from app.storage.store import Store
from app.todo.cadences import CadenceFacts, cadences
from app.todo.care_due import priority_children
from app.todo.codes import Audience, Scope

ACTIVITIES = ("call", "video_call")


def call_rules(store: Store, on: date) -> Mapping[str, tuple[CallRule, ...]]:
    """Return child uuid → its rules on a day: its own before those for 重点 children before those for all.

    Children of whom nothing is asked (0 times) have (). While no rule of the school is about calls, the shipped one is
    in force for everybody.
    """
    written = [
        rule
        for rule in cadences(store, on)
        if rule.audience is Audience.CHILD and rule.activity in ACTIVITIES
    ]
    single = {(rule.activity, rule.child_uuid): rule for rule in written if rule.child_uuid is not None}
    general = {(rule.activity, rule.scope): rule for rule in written if rule.child_uuid is None}
    priority = priority_children(store, on)
    children = store.rows("SELECT id, uuid FROM child WHERE deleted_at IS NULL")
    found: dict[str, tuple[CallRule, ...]] = {}
    for key, uuid in children:
        chosen: list[CallRule] = []
        for activity in ACTIVITIES:
            rule = single.get((activity, uuid))
            if rule is None and key in priority:
                rule = general.get((activity, Scope.PRIORITY))
            rule = rule or general.get((activity, Scope.ALL))
            if rule is not None and rule.times:
                chosen.append(_rule(rule))
        found[uuid] = tuple(chosen) if general or _is_told(single, uuid) else (SHIPPED_RULE,)
    return found


def _is_told(single: Mapping[tuple[str, str], CadenceFacts], uuid: str) -> bool:
    return any((activity, uuid) in single for activity in ACTIVITIES)


def _rule(rule: CadenceFacts) -> CallRule:
    return CallRule(rule.activity, rule.times, rule.per.value, rule.words, rule.child_uuid is not None)
