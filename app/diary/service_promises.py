"""Promises: made in a record or by themselves, open until kept on a day or given up with a reason (features.md idea 17)."""

from collections.abc import Mapping

from app.children.affected import name_of_child
from app.children.identity import tidy_text
from app.core.changes import Changes
from app.core.messages import refuse
from app.diary.affected import diary_changes
from app.diary.case_parts import past_day
from app.diary.checking import due_day, needed_key, supporter_id, whole_day
from app.diary.lines import OPEN_PROMISE
from app.diary.tables import Promise
from app.storage.action import Action
from app.storage.service import service
from app.storage.store import Store

_Found = tuple[int, int, str, str, str, bool, str | None, str | None]


@service
def add_promise(
    store: Store,
    *,
    child_uuid: str,
    content: str,
    due_on: str | None = None,
    promised_on: str | None = None,
    supporter_uuid: str | None = None,
    by: str | None = None,
) -> Changes:
    """Write down something promised outside a record; ``promised_on`` is today when not given."""
    text = tidy_text(content)
    if text is None:
        raise refuse("promise.blank")
    day = whole_day(promised_on) if promised_on else store.clock.today().isoformat()
    values = {
        "child_id": needed_key(store, "child", child_uuid, "child.unknown"),
        "content": text,
        "promised_on": day,
        "due_on": due_day(due_on, day),
    }
    with store.action(
        f"{name_of_child(store, child_uuid)}：记下一件承诺", kind="promise.add", by=by
    ) as action:
        action.insert(Promise, supporter_id=supporter_id(store, action, supporter_uuid), **values)
        return diary_changes(action, (child_uuid,))


@service
def keep_promise(
    store: Store, *, uuid: str, on: str, record_uuid: str | None = None, by: str | None = None
) -> Changes:
    """Write that a promise was kept on a day, with the record that shows it if there is one.

    UserError ``promise.not_open``, ``promise.kept_early``, ``promise.other_child``, ``case.future``.
    """
    found = _open(store, uuid)
    day = past_day(store, on)
    _refuse_early(found, day)
    record_id = None
    if record_uuid is not None:
        row = store.one(
            "SELECT id, child_id FROM care_record WHERE uuid = ? AND deleted_at IS NULL", (record_uuid,)
        )
        if row is None:
            raise refuse("diary.unknown")
        if row[1] != found[1]:
            raise refuse("promise.other_child")
        record_id = row[0]
    with store.action(
        f"{name_of_child(store, found[2])}：兑现了一件承诺", kind="promise.keep", by=by
    ) as action:
        action.update(Promise, uuid, kept_on=day, kept_record_id=record_id)
        return diary_changes(action, (found[2],))


@service
def give_up_promise(
    store: Store, *, uuid: str, note: str, on: str | None = None, by: str | None = None
) -> Changes:
    """Write that a promise will not be kept, and why. UserError ``promise.note`` without a reason."""
    found = _open(store, uuid)
    reason = tidy_text(note)
    if reason is None:
        raise refuse("promise.note")
    day = whole_day(on) if on else store.clock.today().isoformat()
    with store.action(
        f"{name_of_child(store, found[2])}：不再办一件承诺", kind="promise.drop", by=by
    ) as action:
        action.update(Promise, uuid, given_up_on=day, note=reason, kept_on=None, kept_record_id=None)
        return diary_changes(action, (found[2],))


@service
def reopen_promise(store: Store, *, uuid: str, by: str | None = None) -> Changes:
    """Let a promise that was kept or given up be open again; nothing is written when it is."""
    found = _find(store, uuid)
    words = f"{name_of_child(store, found[2])}：重新打开一件承诺"
    with store.action(words, kind="promise.reopen", by=by) as action:
        unlink_promise(action, uuid)
        return diary_changes(action, (found[2],))


def link_promise(store: Store, action: Action, uuid: str, of_child: Mapping[int, int], day: str) -> None:
    """Let a record keep a promise inside ``action``; ``of_child`` is child's key → key of the record that day."""
    found = _find(store, uuid)
    record_id = of_child.get(found[1])
    if record_id is None:
        raise refuse("promise.other_child")
    row = store.one("SELECT kept_record_id FROM promise WHERE uuid = ?", (uuid,))
    if row is None or row[0] != record_id:
        _refuse_closed(found)
    _refuse_early(found, day)
    action.update(Promise, uuid, kept_on=day, kept_record_id=record_id)


def unlink_promise(action: Action, uuid: str) -> None:
    """Let a promise be open again inside ``action``."""
    action.update(Promise, uuid, kept_on=None, kept_record_id=None, given_up_on=None, note=None)


def _find(store: Store, uuid: str) -> _Found:
    row = store.one(
        f"SELECT p.id, p.child_id, c.uuid, p.content, p.promised_on, {OPEN_PROMISE}, p.kept_on, p.given_up_on"  # noqa: S608
        " FROM promise p JOIN child c ON c.id = p.child_id WHERE p.uuid = ? AND p.deleted_at IS NULL"
        " AND c.deleted_at IS NULL",
        (uuid,),
    )
    if row is None:
        raise refuse("promise.unknown")
    return row[0], row[1], row[2], row[3], row[4], bool(row[5]), row[6], row[7]


def _open(store: Store, uuid: str) -> _Found:
    found = _find(store, uuid)
    _refuse_closed(found)
    return found


def _refuse_closed(found: _Found) -> None:
    if not found[5]:
        kept_on, given_up_on = found[6], found[7]
        raise refuse("promise.not_open", how=f"{kept_on} 兑现" if kept_on else f"{given_up_on} 不再办")


def _refuse_early(found: _Found, day: str) -> None:
    if day < found[4]:
        raise refuse("promise.kept_early", on=day, day=found[4])
