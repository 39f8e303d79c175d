"""Saving calls: one action each, the same draft saved twice is one row; what follows from them is of the same action."""

from collections.abc import Iterable, Sequence

from app.calls.log import call_entry
from app.calls.log_checking import CheckedCall, check_call
from app.calls.log_drafts import LogDraft
from app.calls.log_facts import CallEntry
from app.calls.tables import AffectionCallRow
from app.children.affected import name_of_child
from app.core.changes import Changes
from app.core.messages import refuse
from app.storage.action import Action
from app.storage.entry_day import entry_day
from app.storage.store import Store

AREAS = frozenset({"calls", "todo"})


def save_calls(store: Store, *, drafts: Sequence[LogDraft], by: str | None = None) -> Changes:
    """Write the attempts of a form or of a whole session in one action: all of them, or none.

    What is on file already under its uuid becomes as the draft says. UserError ``call_log.…`` in words.
    """
    if not drafts:
        raise refuse("call_log.nothing")
    checked = [check_call(store, draft) for draft in drafts]
    with store.action(_words(store, drafts), kind="call.save", by=by) as action:
        entered_on = entry_day(store)
        for one in checked:
            _write(store, action, one, entered_on)
        return _changes(action, (draft.child_uuid for draft in drafts))


def change_call(store: Store, *, draft: LogDraft, by: str | None = None) -> Changes:
    """Make an attempt on file as the draft says; ``entered_on`` stays. UserError ``call_log.unknown``."""
    entry = _needed(store, draft.uuid)
    if entry.child_uuid != draft.child_uuid:
        raise refuse("call_log.other_child")
    checked = check_call(store, draft)
    words = f"{name_of_child(store, draft.child_uuid)}：改了亲情电话（{checked.values['happened_on']}）"
    with store.action(words, kind="call.change", by=by) as action:
        _write(store, action, checked, entry_day(store))
        return _changes(action, (draft.child_uuid,))


def remove_call(store: Store, *, uuid: str, by: str | None = None) -> Changes:
    """Move an attempt to the recycle bin. UserError ``call_log.unknown``."""
    entry = _needed(store, uuid)
    words = f"{name_of_child(store, entry.child_uuid)}：删了亲情电话（{entry.happened_on}）"
    with store.action(words, kind="call.remove", by=by) as action:
        action.soft_delete(AffectionCallRow, uuid)
        return _changes(action, (entry.child_uuid,))


# ---- inside ---------------------------------------------------------------------------------------------------------


def _needed(store: Store, uuid: str) -> CallEntry:
    entry = call_entry(store, uuid)
    if entry is None:
        raise refuse("call_log.unknown")
    return entry


def _write(store: Store, action: Action, checked: CheckedCall, entered_on: str) -> None:
    uuid = checked.draft.uuid
    known = store.one("SELECT child_id, deleted_at FROM affection_call WHERE uuid = ?", (uuid,))
    if known is None:
        action.insert(
            AffectionCallRow, uuid=uuid, child_id=checked.child_id, entered_on=entered_on, **checked.values
        )
        return
    if known[1] is not None:
        raise refuse("call_log.unknown")
    if known[0] != checked.child_id:
        raise refuse("call_log.other_child")
    action.update(AffectionCallRow, uuid, **checked.values)


def _words(store: Store, drafts: Sequence[LogDraft]) -> str:
    children = {draft.child_uuid for draft in drafts}
    if len(children) > 1:
        return f"记了 {len(children)} 名儿童的亲情电话"
    draft = drafts[-1]
    return f"{name_of_child(store, draft.child_uuid)}：亲情电话，{draft.outcome.label}（{draft.happened_on}）"


def _changes(action: Action, children: Iterable[str]) -> Changes:
    changes = action.changes(AREAS)
    if not changes:
        return changes
    return Changes(changes.action_uuid, changes.words, changes.areas, changes.uuids | frozenset(children))
