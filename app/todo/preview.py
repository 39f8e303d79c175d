"""What a changed rule would ask: for whom, how often, from when on; nothing is written."""

from datetime import date

from msgspec import Struct

from app.core.messages import refuse
from app.school.queries import school_calendar
from app.storage.store import Store
from app.todo.cadences import CadenceFacts, cadences, shipped
from app.todo.care_due import Starts, priority_children
from app.todo.codes import Audience, Per, Scope
from app.todo.presets import IN_SCHOOL, cadence_words
from app.todo.roll import read_roll
from app.todo.spans import SchoolSpans


class CadencePreview(Struct, frozen=True):
    """``now`` and ``then`` are the rule before and after, "" = none; ``people`` how many owe it or are owed it.

    ``in_no_class`` more children are not asked: they are in no class, and this is done in school. ``first_due`` is the
    day on which the changed rule falls due for the first time; None = not within two terms.
    """

    now: str
    then: str
    people: int
    first_due: date | None
    in_no_class: int = 0


def preview_cadence(
    store: Store,
    *,
    activity: str,
    audience: Audience,
    scope: Scope,
    times: int,
    per: Per,
    since: date,
    child_uuid: str | None = None,
) -> CadencePreview:
    """Return what ``service.set_cadence`` with the same words would change."""
    key = (activity, audience, scope, child_uuid)
    present = [
        rule
        for rule in cadences(store, since)
        if (rule.activity, rule.audience, rule.scope, rule.child_uuid) == key
    ]
    roll = read_roll(store, since)
    outside = 0
    if child_uuid is not None:
        people = sum(child.uuid == child_uuid for child in roll.children.values())
    elif audience is Audience.CHILD:
        chosen = set(roll.children)
        if scope is Scope.PRIORITY:
            chosen &= priority_children(store, since)
        if activity in IN_SCHOOL:
            outside = sum(roll.children[key].school_class is None for key in chosen)
        people = len(chosen) - outside
    elif audience is Audience.SUPPORTER:
        people = len({pair.supporter_id for pair in roll.pairs if not pair.left_on})
    else:
        people = 1
    school = SchoolSpans(school_calendar(store), since)
    spans = school.of(per).spans
    first = Starts(school).first(per, None, since.isoformat())
    due = next((span.last for span in spans[first:] if span.last >= since), None) if times else None
    now = present[0].words if present else ""
    return CadencePreview(now, cadence_words(activity, times, per, audience, scope), people, due, outside)


def preview_style(store: Store, style: str, since: date) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what a style would no longer ask, and what it would ask newly or otherwise."""
    present = {_key(rule): rule for rule in cadences(store, since) if rule.child_uuid is None}
    wanted = {_key(rule): rule for rule in shipped(style)}
    gone = tuple(rule.words for key, rule in present.items() if key not in wanted)
    new = tuple(
        rule.words if key not in present else f"{present[key].words} → {rule.words}"
        for key, rule in wanted.items()
        if key not in present or present[key].words != rule.words
    )
    return gone, new


def _key(rule: CadenceFacts) -> tuple[str, Audience, Scope]:
    return (rule.activity, rule.audience, rule.scope)


class ChildChoice(Struct, frozen=True):
    """A child as it is chosen by name: 覃龑（三（1）班）."""

    uuid: str
    words: str


def child_by_name(store: Store, name: str) -> ChildChoice:
    """Return the child on the ledger that a name, or 姓名（班级）, means.

    UserError ``child.unknown`` when there is none, ``todo.several_children`` when there is more than one.
    """
    typed = "".join(name.split())
    found = [
        ChildChoice(child.uuid, f"{child.name}（{child.class_words}）")
        for child in read_roll(store, store.clock.today()).children.values()
        if typed in (child.name, f"{child.name}（{child.class_words}）")
    ]
    if not found:
        raise refuse("child.unknown")
    if len(found) > 1:
        raise refuse("todo.several_children", names="、".join(choice.words for choice in found[:6]))
    return found[0]
