"""Looking at a draft before it is written: what cannot be stored is refused in words, everything else goes in."""

import re
from typing import Any

from msgspec import Struct

from app.children.affected import name_of_child
from app.children.identity import tidy_text
from app.core.dates import is_partial_date
from app.core.messages import refuse
from app.core.text import normalise_cell
from app.diary.codes import Activity
from app.diary.drafts import TEXTS, RecordDraft
from app.diary.rules import before_birth
from app.pairing.codes import Guidance
from app.pairing.service_supporters import ensure_supporter
from app.storage.action import Action
from app.storage.store import Store

_TIME = re.compile("([01]?[0-9]|2[0-3])[:：.]([0-5][0-9])", re.ASCII)
_MOST_MINUTES = 1440


class Checked(Struct, frozen=True):
    """A draft that may be written: the columns that all its rows share but ``supporter_id``, and (uuid, key) of each child."""

    draft: RecordDraft
    values: dict[str, Any]
    children: tuple[tuple[str, int], ...]


def check_draft(store: Store, draft: RecordDraft) -> Checked:
    """Return the draft as it will be stored. UserError ``diary.…`` or ``child.unknown`` naming what cannot be."""
    if not draft.children:
        raise refuse("diary.nobody")
    if len(set(draft.children)) < len(draft.children):
        raise refuse("diary.twice")
    day = whole_day(draft.happened_on)
    started, ended = _clock(draft.started), _clock(draft.ended)
    if started is not None and ended is not None and ended < started:
        raise refuse("diary.times", started=started, ended=ended)
    if draft.minutes is not None and not 0 <= draft.minutes <= _MOST_MINUTES:
        raise refuse("diary.minutes", text=draft.minutes)
    follow_up_on = None if not draft.follow_up_on else whole_day(draft.follow_up_on)
    if follow_up_on is not None and follow_up_on < day:
        raise refuse("diary.follow_up", on=follow_up_on, day=day)
    for promise in draft.promises:
        if not promise.content.strip():
            raise refuse("promise.blank")
        due_day(promise.due_on, day)
    values = {
        "kind": draft.kind.value,
        "happened_on": day,
        "started": started,
        "ended": ended,
        "minutes": draft.minutes,
        "medium": draft.medium.value if draft.medium else None,
        "topic": draft.topic.value if draft.topic else None,
        "place": tidy_text(draft.place),
        "person_id": needed_key(store, "person", draft.person_uuid, "diary.person")
        if draft.person_uuid
        else None,
        "present": tidy_text(draft.present),
        **{one.value: int(one in draft.guidances) for one in Guidance},
        **{name: tidy_text(getattr(draft, name)) for name in TEXTS},
        "follow_up_on": follow_up_on,
        "contacted": None if draft.contacted is None else int(draft.contacted),
    }
    children = tuple((uuid, needed_key(store, "child", uuid, "child.unknown")) for uuid in draft.children)
    for uuid, key in children:
        refuse_before_birth(store, key, uuid, day, fault="diary.before_birth")
    if draft.is_blank:
        raise refuse("diary.blank", who=name_of_child(store, draft.children[0]), what=kind_words(draft.kind))
    values["follows_id"] = _followed(store, draft, {key for _, key in children})
    return Checked(draft, values, children)


def whole_day(text: str) -> str:
    """Return an ISO day; UserError ``diary.day`` for anything else."""
    day = normalise_cell(text or "")
    if len(day) != 10 or not is_partial_date(day):
        raise refuse("diary.day", text=text or "")
    return day


def supporter_id(store: Store, action: Action, key: str | None) -> int | None:
    """Return the row of who did it, made for a member of staff who has none yet. UserError when there is nobody."""
    return None if key is None else ensure_supporter(store, action, key)


def due_day(text: str | None, promised_on: str) -> str | None:
    """Return the day on which a promise is due, None for none. UserError ``promise.due_early`` before it was made."""
    if not text:
        return None
    day = whole_day(text)
    if day < promised_on:
        raise refuse("promise.due_early", on=day, day=promised_on)
    return day


def needed_key(store: Store, table: str, uuid: str, key: str) -> int:
    """Return the key of a live row. UserError ``key`` when it is not there (any more)."""
    row = store.one(f"SELECT id FROM {table} WHERE uuid = ? AND deleted_at IS NULL", (uuid,))  # noqa: S608
    if row is None:
        raise refuse(key)
    return int(row[0])


def kind_words(kind: Activity) -> str:
    """Return how a record of a kind is counted: 一次谈心, 一篇成长日记."""
    measure = {Activity.GROWTH_JOURNAL: "一篇", Activity.LETTER: "一封"}.get(kind, "一次")
    return f"{measure}{kind.label}"


def refuse_before_birth(store: Store, child_id: int, uuid: str, day: str, *, fault: str) -> None:
    """Nothing happened with a child before it was born: UserError ``fault`` (it names ``day``, ``born``, ``child``)."""
    born = store.rows("SELECT birth_date FROM child WHERE id = ?", (child_id,))[0][0]
    if before_birth(day, born):
        raise refuse(fault, day=day, born=born, child=name_of_child(store, uuid))


def _clock(text: str | None) -> str | None:
    """Return HH:MM; UserError ``diary.time`` for what is no time of day."""
    tidy = normalise_cell(text or "")
    if not tidy:
        return None
    shape = _TIME.fullmatch(tidy)
    if shape is None:
        raise refuse("diary.time", text=text)
    return f"{int(shape[1]):02}:{shape[2]}"


def _followed(store: Store, draft: RecordDraft, children: set[int]) -> int | None:
    if draft.follows_uuid is None:
        return None
    row = store.one(
        "SELECT id, child_id FROM care_record WHERE uuid = ? AND deleted_at IS NULL", (draft.follows_uuid,)
    )
    if row is None or row[1] not in children or draft.follows_uuid == draft.uuid:
        raise refuse("diary.follows_other")
    return int(row[0])
