"""Saving records: one action each, the same draft saved twice is one record, and only a live record closes anything."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from app.children.affected import name_of_child
from app.core.changes import Changes
from app.core.messages import refuse
from app.diary.affected import diary_changes
from app.diary.checking import Checked, check_draft, kind_words, supporter_id, whole_day
from app.diary.codes import Activity
from app.diary.drafts import PromiseDraft, RecordDraft, row_uuid
from app.diary.lines import OPEN_PROMISE
from app.diary.service_attachments import write_pictures
from app.diary.service_events import link_event, unlink_event
from app.diary.service_promises import link_promise, unlink_promise
from app.diary.tables import Attachment, CareRecord, Promise
from app.storage.action import Action
from app.storage.entry_day import entry_day
from app.storage.service import service
from app.storage.store import Store

Also = Callable[[Action, RecordDraft, Mapping[str, int]], None]
"""What is to be written in the same action: the open action, the draft, child uuid → key of its record."""


@service
def save_record(
    store: Store, *, draft: RecordDraft, by: str | None = None, also: Also | None = None
) -> Changes:
    """Write one record, a row for each of its children; what is on file already under its uuid becomes as the draft says.

    UserError ``diary.…``, ``promise.…``, ``event.…`` in words; then nothing was written.
    """
    return save_records(store, drafts=(draft,), by=by, also=also)


@service
def save_records(
    store: Store,
    *,
    drafts: Sequence[RecordDraft],
    words: str | None = None,
    by: str | None = None,
    also: Also | None = None,
) -> Changes:
    """Write several records in one action: all of them, or none. See ``save_record``."""
    checked = [check_draft(store, draft) for draft in drafts]
    entered_on = entry_day(store)
    with store.action(words or _words(store, drafts), kind="record.save", by=by) as action:
        for one in checked:
            keys = write_record(store, action, one, entered_on=entered_on)
            if also is not None:
                also(action, one.draft, keys)
        return diary_changes(action, (uuid for draft in drafts for uuid in draft.children))


@service
def change_record(
    store: Store, *, uuid: str, draft: RecordDraft, by: str | None = None, also: Also | None = None
) -> Changes:
    """Make a record on file as the draft says; ``entered_on`` stays. UserError ``diary.unknown`` when it is not there."""
    row = store.one(
        "SELECT c.uuid FROM care_record r JOIN child c ON c.id = r.child_id WHERE r.uuid = ? AND r.deleted_at IS NULL",
        (uuid,),
    )
    if row is None:
        raise refuse("diary.unknown")
    if draft.children != (row[0],) or draft.uuid != uuid:
        raise refuse("diary.other_child")
    checked = check_draft(store, draft)
    words = f"{name_of_child(store, row[0])}：改了{kind_words(draft.kind)}（{checked.values['happened_on']}）"
    with store.action(words, kind="record.change", by=by) as action:
        keys = write_record(store, action, checked, entered_on=entry_day(store))
        if also is not None:
            also(action, draft, keys)
        return diary_changes(action, draft.children)


def remove_lines(store: Store, uuid: str) -> tuple[str, ...]:
    """Return the sentences that are shown before a record is removed. UserError ``diary.unknown``."""
    record_id, _, kind, day, name = _live(store, uuid)
    counted = [
        (store.rows(sql, (record_id,))[0][0], words)
        for sql, words in (
            (
                "SELECT count(*) FROM promise WHERE care_record_id = ? AND deleted_at IS NULL",
                "它记下的承诺 {} 件一起移走",
            ),
            (
                "SELECT count(*) FROM attachment WHERE care_record_id = ? AND deleted_at IS NULL",
                "附件 {} 个一起移走",
            ),
            (
                "SELECT count(*) FROM promise WHERE kept_record_id = ? AND deleted_at IS NULL",
                "由它兑现的承诺 {} 件重新算作没有兑现",
            ),
            (
                "SELECT count(*) FROM trigger_event WHERE closed_by_id = ? AND deleted_at IS NULL",
                "由它了结的必访 {} 件重新到期",
            ),
        )
    ]
    return (
        f"将移到回收站：{name} {day} 的{kind_words(Activity(kind))}。",
        *(f"{words.format(count)}。" for count, words in counted if count),
        "不会丢，可以撤销，也可以从回收站取回。",
    )


@service
def remove_record(store: Store, *, uuid: str, by: str | None = None) -> Changes:
    """Move a record with the promises and pictures it brought to the recycle bin; what it closed is open again."""
    record_id, child_uuid, kind, day, name = _live(store, uuid)
    words = f"{name}：删了{kind_words(Activity(kind))}（{day}）"
    with store.action(words, kind="record.remove", by=by) as action:
        for model, table in ((Promise, "promise"), (Attachment, "attachment")):
            sql = f"SELECT id FROM {table} WHERE care_record_id = ? AND deleted_at IS NULL"  # noqa: S608
            for (row_id,) in store.rows(sql, (record_id,)):
                action.soft_delete(model, row_id)
        action.soft_delete(CareRecord, record_id)
        return diary_changes(action, (child_uuid,))


def write_record(store: Store, action: Action, checked: Checked, *, entered_on: str) -> dict[str, int]:
    """Write a checked draft inside ``action`` and return child uuid → key of its record; new rows are of ``entered_on``."""
    draft, keys = checked.draft, dict[str, int]()
    # A member of staff becomes a supporter with the first record: that is a row of this action too.
    checked.values["supporter_id"] = supporter_id(store, action, draft.supporter_uuid)
    # What a row keeps from the day it is made: when it was written down, and with whom it is one occasion.
    made = {"entered_on": entered_on, "occasion": draft.uuid if len(checked.children) > 1 else None}
    for number, (child_uuid, child_id) in enumerate(checked.children):
        first = number == 0
        uuid = row_uuid(draft.uuid, child_uuid, first=first)
        keys[child_uuid] = _write_row(store, action, uuid, child_id, checked, made)
    _write_promises(store, action, checked, keys)
    _write_links(store, action, checked, keys)
    first_uuid, first_id = checked.children[0]
    write_pictures(store, action, child_id=first_id, record_id=keys[first_uuid], pictures=draft.attachments)
    return keys


# ---- inside ---------------------------------------------------------------------------------------------------------


def _words(store: Store, drafts: Sequence[RecordDraft]) -> str:
    if len(drafts) != 1:
        kinds = {draft.kind for draft in drafts}
        what = next(iter(kinds)).label if len(kinds) == 1 else "关爱记录"
        return f"记了 {len(drafts)} 条{what}"
    draft = drafts[0]
    count = len(draft.children)
    who = name_of_child(store, draft.children[0]) if count == 1 else f"{count} 名儿童"
    return f"{who}：记了{kind_words(draft.kind)}（{draft.happened_on}）"


def _live(store: Store, uuid: str) -> tuple[int, str, str, str, str]:
    row = store.one(
        "SELECT r.id, c.uuid, r.kind, r.happened_on FROM care_record r JOIN child c ON c.id = r.child_id"
        " WHERE r.uuid = ? AND r.deleted_at IS NULL",
        (uuid,),
    )
    if row is None:
        raise refuse("diary.unknown")
    return row[0], row[1], row[2], row[3], name_of_child(store, row[1])


def _write_row(
    store: Store, action: Action, uuid: str, child_id: int, checked: Checked, made: Mapping[str, object]
) -> int:
    known = store.one("SELECT id, child_id, deleted_at FROM care_record WHERE uuid = ?", (uuid,))
    if known is None:
        key = action.insert(
            CareRecord,
            uuid=uuid,
            child_id=child_id,
            **made,
            **checked.values,
        )
        return int(key)
    if known[2] is not None:
        raise refuse("diary.unknown")
    if known[1] != child_id:
        raise refuse("diary.other_child")
    if checked.values["follows_id"] == known[0]:
        raise refuse("diary.follows_other")
    _correct_promises(store, action, known[0], checked.values)
    action.update(CareRecord, uuid, **checked.values)
    return int(known[0])


def _correct_promises(store: Store, action: Action, record_id: int, values: Mapping[str, Any]) -> None:
    """Let what a record promised be of the day and the person that the record is corrected to.

    Whom a promise was handed over to keeps it. UserError ``promise.kept_early`` where another record, or a day that was
    written down, kept one before that day: nobody could save that record again.
    """
    day = values["happened_on"]
    rows = store.rows(
        "SELECT p.uuid, p.supporter_id IS r.supporter_id, r.happened_on,"  # noqa: S608  # our own words
        f" CASE WHEN {OPEN_PROMISE} OR p.kept_record_id IS r.id THEN NULL ELSE p.kept_on END"
        " FROM promise p JOIN care_record r ON r.id = p.care_record_id WHERE r.id = ? AND p.deleted_at IS NULL",
        (record_id,),
    )
    for uuid, is_theirs, before, kept_on in rows:
        if kept_on is not None and kept_on < day:
            if before == day:  # corrected to it when its promises did not come along yet
                continue
            raise refuse("promise.kept_early", on=kept_on, day=day)
        owner = {"supporter_id": values["supporter_id"]} if is_theirs else {}
        action.update(Promise, uuid, promised_on=day, **owner)


def _write_promises(store: Store, action: Action, checked: Checked, keys: Mapping[str, int]) -> None:
    """Make the promises of each row those of the draft: new ones in, changed ones changed, the others to the bin."""
    for number, (child_uuid, child_id) in enumerate(checked.children):
        record_id = keys[child_uuid]
        wanted = {
            _own_uuid(store, row_uuid(one.uuid, child_uuid, first=number == 0), record_id): one
            for one in checked.draft.promises
        }
        on_file = {
            row[0]
            for row in store.rows(
                "SELECT uuid FROM promise WHERE care_record_id = ? AND deleted_at IS NULL", (record_id,)
            )
        }
        for uuid in on_file - wanted.keys():
            action.soft_delete(Promise, uuid)
        for uuid, one in wanted.items():
            values = _promise_values(one)
            if uuid in on_file:
                action.update(Promise, uuid, **values)
                continue
            if store.one("SELECT 1 FROM promise WHERE uuid = ?", (uuid,)) is not None:
                # Taken out of the form and put back.
                action.restore(Promise, uuid)
                action.update(Promise, uuid, **values)
                continue
            action.insert(
                Promise,
                uuid=uuid,
                child_id=child_id,
                care_record_id=record_id,
                supporter_id=checked.values["supporter_id"],
                promised_on=checked.values["happened_on"],
                **values,
            )


def _own_uuid(store: Store, uuid: str, record_id: int) -> str:
    """Return the uuid of a promise; another one, always the same, when a draft was copied with those of a record on file."""
    row = store.one("SELECT care_record_id FROM promise WHERE uuid = ?", (uuid,))
    return uuid if row is None or row[0] == record_id else row_uuid(uuid, str(record_id), first=False)


def _promise_values(one: PromiseDraft) -> dict[str, object]:
    return {"content": one.content.strip(), "due_on": whole_day(one.due_on) if one.due_on else None}


def _write_links(store: Store, action: Action, checked: Checked, keys: Mapping[str, int]) -> None:
    """Let the rows keep and close what the draft says, and nothing else."""
    day, kind = checked.values["happened_on"], checked.draft.kind
    of_child = {child_id: keys[uuid] for uuid, child_id in checked.children}
    for record_id in of_child.values():
        kept = store.rows(
            "SELECT uuid FROM promise WHERE kept_record_id = ? AND deleted_at IS NULL", (record_id,)
        )
        for (uuid,) in kept:
            if uuid not in checked.draft.kept:
                unlink_promise(action, uuid)
        closed = store.rows(
            "SELECT uuid FROM trigger_event WHERE closed_by_id = ? AND deleted_at IS NULL", (record_id,)
        )
        for (uuid,) in closed:
            if uuid not in checked.draft.closes:
                unlink_event(action, uuid)
    for uuid in checked.draft.kept:
        link_promise(store, action, uuid, of_child, day)
    for uuid in checked.draft.closes:
        link_event(store, action, uuid, of_child, kind, day)
