"""Saving calls: one action each, the same draft saved twice is one row; what follows from them is of the same action."""

from collections.abc import Iterable, Sequence

from app.calls.log import call_entry
from app.calls.log_checking import CheckedCall, check_call
from app.calls.log_drafts import LogDraft
from app.calls.log_effects import Effects, settle_failures, write_promise
from app.calls.log_facts import CallEntry
from app.calls.log_numbers import dialled, settle_numbers
from app.calls.tables import AffectionCallRow
from app.children.affected import name_of_child
from app.children.finding import children_around
from app.core.changes import Changes
from app.core.messages import refuse
from app.diary.tables import Promise
from app.storage.action import Action
from app.storage.entry_day import entry_day
from app.storage.service import service
from app.storage.store import Store

AREAS = frozenset({"calls", "todo"})


@service
def save_calls(
    store: Store, *, drafts: Sequence[LogDraft], words: str | None = None, by: str | None = None
) -> Changes:
    """Write the attempts of a form or of a whole session in one action: all of them, or none.

    What is on file already under its uuid becomes as the draft says. ``Changes.words`` also tell what follows: a number
    to be checked, a visit that falls due. UserError ``call_log.…`` in words; then nothing was written.
    """
    if not drafts:
        raise refuse("call_log.nothing")
    checked = [check_call(store, draft) for draft in drafts]
    with store.action(words or _words(store, drafts), kind="call.save", by=by) as action:
        return write_calls(store, action, checked)


@service
def change_call(store: Store, *, draft: LogDraft, by: str | None = None) -> Changes:
    """Make an attempt on file as the draft says; ``entered_on`` stays. UserError ``call_log.unknown``."""
    entry = _needed(store, draft.uuid)
    if entry.child_uuid != draft.child_uuid:
        raise refuse("call_log.other_child")
    checked = check_call(store, draft)
    words = f"{name_of_child(store, draft.child_uuid)}：改了亲情电话（{checked.values['happened_on']}）"
    with store.action(words, kind="call.change", by=by) as action:
        return write_calls(store, action, [checked])


def remove_lines(store: Store, uuid: str) -> tuple[str, ...]:
    """Return the sentences that are shown before an attempt is removed. UserError ``call_log.unknown``."""
    entry = _needed(store, uuid)
    return (
        f"将移到回收站：{entry.child_name} {entry.happened_on} 的亲情电话（{entry.outcome.label}）。",
        *(("它记下的承诺一起移走。",) if entry.promise is not None else ()),
        *(("由它引出的家访如果还没去，会撤回。",) if entry.event_uuid is not None else ()),
        "不会丢，可以撤销，也可以从回收站取回。",
    )


@service
def remove_call(store: Store, *, uuid: str, by: str | None = None) -> Changes:
    """Move an attempt, with what was promised in it, to the recycle bin; what followed from it is taken back.

    UserError ``call_log.unknown``.
    """
    entry = _needed(store, uuid)
    child_id, promise_id, phone_id = store.rows(
        "SELECT child_id, promise_id, phone_id FROM affection_call WHERE uuid = ?", (uuid,)
    )[0]
    words = f"{name_of_child(store, entry.child_uuid)}：删了亲情电话（{entry.happened_on}）"
    effects = Effects()
    with store.action(words, kind="call.remove", by=by) as action:
        if promise_id is not None:
            action.soft_delete(Promise, promise_id)
            effects.diary = True
        action.soft_delete(AffectionCallRow, uuid)
        _settle_numbers(store, action, set() if phone_id is None else {phone_id}, effects)
        settle_failures(store, action, child_id, effects)
        return _changes(store, action, effects, {entry.child_uuid})


def write_calls(store: Store, action: Action, checked: Sequence[CheckedCall]) -> Changes:
    """Write checked attempts with what follows from them inside ``action``, and say what it changed."""
    effects, entered_on = Effects(), entry_day(store)
    phones: set[int] = set()
    for one in checked:
        phones |= _write(store, action, one, entered_on, effects)
    # Numbers and days are looked at when all calls are written: the order of the lines does not matter.
    _settle_numbers(store, action, phones, effects)
    for child_id in dict.fromkeys(one.child_id for one in checked):
        settle_failures(store, action, child_id, effects)
    return _changes(store, action, effects, {one.draft.child_uuid for one in checked})


# ---- inside ---------------------------------------------------------------------------------------------------------


def _needed(store: Store, uuid: str) -> CallEntry:
    entry = call_entry(store, uuid)
    if entry is None:
        raise refuse("call_log.unknown")
    return entry


def _write(store: Store, action: Action, checked: CheckedCall, entered_on: str, effects: Effects) -> set[int]:
    """Write one attempt and return the numbers that may have to say something else now."""
    uuid = checked.draft.uuid
    known = store.one(
        "SELECT child_id, deleted_at, promise_id, person_id, happened_on, outcome, phone_id FROM affection_call"
        " WHERE uuid = ?",
        (uuid,),
    )
    if known is not None and known[1] is not None:
        raise refuse("call_log.unknown")
    if known is not None and known[0] != checked.child_id:
        raise refuse("call_log.other_child")
    promise_id = write_promise(store, action, checked, None if known is None else known[2])
    effects.diary |= promise_id is not None or (known is not None and known[2] is not None)
    # Whoever corrects a call does not dial again: forms know the number that is best now, not the one of then.
    same_person = known is not None and known[3] == checked.person_id
    phone_id = known[6] if known is not None and same_person else _phone_of(store, checked)
    if known is None:
        action.insert(
            AffectionCallRow,
            uuid=uuid,
            child_id=checked.child_id,
            entered_on=entered_on,
            promise_id=promise_id,
            phone_id=phone_id,
            **checked.values,
        )
        return set() if phone_id is None else {phone_id}
    action.update(AffectionCallRow, uuid, promise_id=promise_id, phone_id=phone_id, **checked.values)
    if known[3:6] == tuple(checked.values[name] for name in ("person_id", "happened_on", "outcome")):
        return set()
    return {known[6], phone_id} - {None}


def _phone_of(store: Store, checked: CheckedCall) -> int | None:
    """Return the number that was dialled: the one named, else the first of whom was called."""
    if checked.phone_id is not None or checked.person_id is None:
        return checked.phone_id
    return dialled(store, checked.person_id, checked.values["happened_on"])


def _settle_numbers(store: Store, action: Action, phones: Iterable[int], effects: Effects) -> None:
    people, bad = settle_numbers(store, action, phones)
    effects.people |= people
    effects.words += [f"号码记为{result.label}，待核实" for result in bad]


def _words(store: Store, drafts: Sequence[LogDraft]) -> str:
    children = {draft.child_uuid for draft in drafts}
    if len(children) > 1:
        return f"记了 {len(children)} 名儿童的亲情电话"
    draft = drafts[-1]
    return f"{name_of_child(store, draft.child_uuid)}：亲情电话，{draft.outcome.label}（{draft.happened_on}）"


def _changes(store: Store, action: Action, effects: Effects, children: set[str]) -> Changes:
    if effects.sentence:
        action.words = f"{action.words}；{effects.sentence}"
    changes = action.changes(AREAS)
    if not changes:
        return changes
    areas = changes.areas | ({"diary"} if effects.diary else set())
    if effects.people:
        areas |= {"children"}
    around = children_around(store, effects.people) if effects.people else set()
    return Changes(changes.action_uuid, changes.words, areas, changes.uuids | children | around)
