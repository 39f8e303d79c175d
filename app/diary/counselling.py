"""Counselling (心理疏导): what was said is sealed before it reaches the ledger; heads and keys are read and written here.

The head of a note (whose, when, by whom) is an ordinary restricted row; the texts go through ``sealing`` first, so that
no list, search, history, journal, backup or copy ever holds them in the clear (decisions.md §1.10). Words of actions name
the note by its number only. An earlier passphrase still opens the wraps that the history keeps of it: changing one
because it was seen protects what is in the ledger, not a copy somebody took before.
"""

from collections.abc import Mapping
from datetime import date

from msgspec import Struct, field

from app.children.identity import tidy_text
from app.children.periods import key_of
from app.children.tables import Child
from app.core.changes import Changes
from app.core.errors import UserError
from app.core.messages import refuse
from app.core.untold import Untold
from app.diary.case_parts import (
    AREAS,
    ChildHead,
    check_times,
    child_heads,
    clock_or_none,
    next_number,
    past_day,
)
from app.diary.codes import CounsellingForm, CounsellingOrigin
from app.diary.late import late_rule
from app.diary.sealing import (
    OpenKey,
    Way,
    Wrap,
    new_key,
    new_slip,
    seal,
    tidy_passphrase,
    tidy_slip,
    unseal,
    unwrap,
    wrap,
)
from app.diary.tables import Counselling, CounsellingKey
from app.pairing.service_supporters import ensure_supporter
from app.storage.action import Action
from app.storage.base import new_uuid
from app.storage.entry_day import entry_day
from app.storage.service import service
from app.storage.store import Store

NOTE_TEXTS: Mapping[str, str] = {
    "place": "地点",
    "complaint": "主诉",
    "aim": "目标",
    "course": "过程",
    "observation": "情绪行为观察",
    "insight": "领悟",
    "homework": "作业",
    "evaluation": "评估",
    "next": "下次安排",
}
"""The sealed texts of a note in the order of the paper (domain.md §5.20), each with its label."""
KEYS = "counsel.keys"
"""The kind of every action about keys."""


class CounsellingState(Struct, frozen=True):
    """Whether a passphrase is set up, and how many notes there are."""

    set_up: bool
    notes: int


class SetUp(Struct, frozen=True):
    """A fresh key: the words of its slip, to be printed now and never again, and the opened key."""

    changes: Changes
    slip: tuple[str, ...]
    key: OpenKey

    def __repr__(self) -> str:
        return "<SetUp>"


class NewSlip(Untold, frozen=True):
    """The words of a new slip, to be printed now and never again."""

    changes: Changes
    words: tuple[str, ...]


class NoteDraft(Untold, frozen=True, kw_only=True):
    """A note as typed. ``texts`` by the names of ``NOTE_TEXTS``; ``uuid`` is given by the form, so twice saved is once.

    ``supporter_uuid`` is a key of ``app.pairing``: a supporter's uuid, or that of a member of staff.
    """

    child_uuid: str
    happened_on: str
    uuid: str = field(default_factory=new_uuid)
    started: str | None = None
    ended: str | None = None
    supporter_uuid: str | None = None
    form: CounsellingForm | None = None
    origin: CounsellingOrigin | None = None
    texts: Mapping[str, str] = field(default_factory=dict)


class NoteHead(Struct, frozen=True):
    """A note without what was said. ``key_uuid`` tells whether an opened key reads it."""

    uuid: str
    number: str
    child: ChildHead
    happened_on: str
    entered_on: str
    started: str | None
    ended: str | None
    supporter_uuid: str | None
    supporter: str
    form: CounsellingForm | None
    origin: CounsellingOrigin | None
    key_uuid: str
    late_days: int = 0


class Note(Untold, frozen=True):
    """A note that was opened: its head and what was said."""

    head: NoteHead
    texts: Mapping[str, str]


# ---- keys -----------------------------------------------------------------------------------------------------------


def counselling_state(store: Store) -> CounsellingState:
    """Return whether counselling is set up and how many live notes there are."""
    row = store.one(
        "SELECT (SELECT count(*) FROM counselling_key WHERE deleted_at IS NULL),"
        " (SELECT count(*) FROM counselling n JOIN child c ON c.id = n.child_id"
        " WHERE n.deleted_at IS NULL AND c.deleted_at IS NULL)"
    )
    return CounsellingState(bool(row and row[0]), int(row[1]) if row else 0)


@service
def set_up(store: Store, *, passphrase: str, anew: bool = False, by: str | None = None) -> SetUp:
    """Make a key under a passphrase and under the words of a slip, which are returned this once.

    ``anew``: both were lost; notes under the old key stay as they are and stay closed, unless its slip turns up.
    UserError ``counsel.set_up_already``, ``counsel.passphrase_short``.
    """
    secret = tidy_passphrase(passphrase)
    if not anew and counselling_state(store).set_up:
        raise refuse("counsel.set_up_already")
    uuid, key = new_key()
    slip = new_slip()
    wraps = (wrap(uuid, key, Way.PASSPHRASE, secret), wrap(uuid, key, Way.SLIP, "".join(slip)))
    with store.action("设了心理疏导的口令和恢复单", kind=KEYS, by=by) as action:
        for made in wraps:
            action.insert(CounsellingKey, **_columns(made))
        changes = action.changes(AREAS)
    return SetUp(changes, slip, OpenKey({uuid: key}, uuid))


def unlock(store: Store, passphrase: str) -> OpenKey:
    """Open what the passphrase opens. UserError ``counsel.not_set_up``, ``counsel.wrong_passphrase``."""
    wraps = _wraps(store, Way.PASSPHRASE)
    if not wraps:
        raise refuse("counsel.not_set_up")
    opened = _opened(wraps, passphrase)
    if not opened:
        raise refuse("counsel.wrong_passphrase")
    return OpenKey(opened, wraps[-1].key_uuid)


@service
def change_passphrase(store: Store, *, old: str, new: str, by: str | None = None) -> Changes:
    """Wrap the keys that ``old`` opens by ``new``; no note is touched, the slip stays good.

    UserError ``counsel.wrong_passphrase``, ``counsel.passphrase_short``.
    """
    secret = tidy_passphrase(new)
    opened = _opened(_wraps(store, Way.PASSPHRASE), old)
    if not opened:
        raise refuse("counsel.wrong_passphrase")
    return _wrap_again(store, opened, Way.PASSPHRASE, secret, "换了心理疏导的口令", by)


@service
def recover(store: Store, *, words: str, passphrase: str, by: str | None = None) -> Changes:
    """Open by the words of a slip, and set a passphrase for what they open.

    UserError ``counsel.wrong_slip``, ``counsel.slip_…`` for words that are on none, ``counsel.passphrase_short``.
    """
    secret, slip = tidy_passphrase(passphrase), tidy_slip(words)
    opened = {
        found.key_uuid: key for found in _wraps(store, Way.SLIP) if (key := unwrap(found, slip)) is not None
    }
    if not opened:
        raise refuse("counsel.wrong_slip")
    return _wrap_again(store, opened, Way.PASSPHRASE, secret, "用恢复单重设了心理疏导的口令", by)


@service
def renew_slip(store: Store, *, passphrase: str, by: str | None = None) -> NewSlip:
    """Make a new slip, by which the old one opens nothing any more. UserError ``counsel.wrong_passphrase``."""
    opened = _opened(_wraps(store, Way.PASSPHRASE), passphrase)
    if not opened:
        raise refuse("counsel.wrong_passphrase")
    slip = new_slip()
    changes = _wrap_again(store, opened, Way.SLIP, "".join(slip), "换了心理疏导的恢复单", by)
    return NewSlip(changes, slip)


# ---- notes ----------------------------------------------------------------------------------------------------------


def save_note(store: Store, *, key: OpenKey, draft: NoteDraft, by: str | None = None) -> Changes:
    """Write a note, or what was changed in one; its texts are sealed first.

    UserError ``counsel.locked``, ``counsel.empty``, ``case.…`` for days and times, ``child.unknown``.
    """
    texts = _tidy(draft.texts)
    if not texts:
        raise refuse("counsel.empty")
    values = _head_columns(store, draft)
    found = store.one(
        "SELECT number, key_uuid, sealed FROM counselling WHERE uuid = ? AND deleted_at IS NULL",
        (draft.uuid,),
    )
    if found is not None:
        number, key_uuid, sealed = found
        if unseal(key.key(key_uuid), draft.uuid, sealed) != texts:
            values |= {"sealed": seal(key.key(key.current), draft.uuid, texts), "key_uuid": key.current}
        with store.action(f"改了心理疏导记录 {number}", kind="counsel.change", by=by) as action:
            values["supporter_id"] = _supporter(store, action, draft)
            action.update(Counselling, draft.uuid, **values)
            return action.changes(AREAS)
    values |= {"sealed": seal(key.key(key.current), draft.uuid, texts), "key_uuid": key.current}
    number = next_number(store, "counselling", draft.happened_on)
    with store.action(f"写了心理疏导记录 {number}", kind="counsel.add", by=by) as action:
        values["supporter_id"] = _supporter(store, action, draft)
        action.insert(Counselling, uuid=draft.uuid, number=number, entered_on=entry_day(store), **values)
        return action.changes(AREAS)


@service
def remove_note(store: Store, *, uuid: str, by: str | None = None) -> Changes:
    """Move a note to the recycle bin. UserError ``row.unknown``."""
    key_of(store, Counselling, uuid)
    number = _number_of(store, uuid)
    with store.action(f"删了心理疏导记录 {number}", kind="counsel.remove", by=by) as action:
        action.soft_delete(Counselling, uuid)
        return action.changes(AREAS)


def note_heads(
    store: Store, *, child_uuid: str | None = None, since: date | None = None, until: date | None = None
) -> tuple[NoteHead, ...]:
    """Return the notes without their texts, the newest first; of one child, and of the days since … until (both in)."""
    where = ""
    params: list[str] = []
    for condition, value in (
        (" AND c.uuid = ?", child_uuid),
        (" AND n.happened_on >= ?", since.isoformat() if since else None),
        (" AND n.happened_on <= ?", until.isoformat() if until else None),
    ):
        if value is not None:
            where += condition
            params.append(value)
    return _heads(store, where, tuple(params))


def open_note(store: Store, *, key: OpenKey, uuid: str) -> Note:
    """Return a note with its texts. UserError ``counsel.locked``, ``counsel.old_key``, ``counsel.damaged``, ``row.unknown``."""
    row = store.one("SELECT key_uuid, sealed FROM counselling WHERE uuid = ? AND deleted_at IS NULL", (uuid,))
    heads = _heads(store, " AND n.uuid = ?", (uuid,))
    if row is None or not heads:
        raise refuse("row.unknown")
    return Note(heads[0], unseal(key.key(row[0]), uuid, row[1]))


# ---- inside ---------------------------------------------------------------------------------------------------------


def _heads(store: Store, where: str, params: tuple[str, ...]) -> tuple[NoteHead, ...]:
    rows = store.rows(
        "SELECT n.uuid, n.number, n.child_id, n.happened_on, n.entered_on, n.started, n.ended, s.uuid,"  # noqa: S608
        " coalesce(t.name, s.name, ''), n.form, n.origin, n.key_uuid FROM counselling n"
        " JOIN child c ON c.id = n.child_id LEFT JOIN supporter s ON s.id = n.supporter_id"
        " LEFT JOIN staff t ON t.id = s.staff_id"
        f" WHERE n.deleted_at IS NULL AND c.deleted_at IS NULL{where} ORDER BY n.happened_on DESC, n.id DESC",
        params,
    )
    children = child_heads(store, store.clock.today(), ids={row[2] for row in rows})
    late = late_rule(store)
    return tuple(
        NoteHead(
            uuid=row[0],
            number=row[1],
            child=children[row[2]],
            happened_on=row[3],
            entered_on=row[4],
            started=row[5],
            ended=row[6],
            supporter_uuid=row[7],
            supporter=row[8],
            form=CounsellingForm.of(row[9]),
            origin=CounsellingOrigin.of(row[10]),
            key_uuid=row[11],
            late_days=late.days(row[3], row[4]),
        )
        for row in rows
    )


def _wraps(store: Store, way: Way) -> list[Wrap]:
    """Return the live wraps of one way, the newest key last."""
    rows = store.rows(
        "SELECT key_uuid, way, salt, cost, wrapped FROM counselling_key WHERE deleted_at IS NULL AND way = ? ORDER BY id",
        (way.value,),
    )
    return [Wrap(row[0], Way(row[1]), *row[2:]) for row in rows]


def _opened(wraps: list[Wrap], passphrase: str) -> dict[str, bytes]:
    try:
        secret = tidy_passphrase(passphrase)
    except UserError:  # too short to be one: simply another
        return {}
    return {found.key_uuid: key for found in wraps if (key := unwrap(found, secret)) is not None}


def _wrap_again(
    store: Store, opened: Mapping[str, bytes], way: Way, secret: str, words: str, by: str | None
) -> Changes:
    wraps = [wrap(uuid, key, way, secret) for uuid, key in opened.items()]
    with store.action(words, kind=KEYS, by=by) as action:
        for made in wraps:
            row = store.one(
                "SELECT uuid FROM counselling_key WHERE key_uuid = ? AND way = ? AND deleted_at IS NULL",
                (made.key_uuid, way.value),
            )
            if row is None:
                action.insert(CounsellingKey, **_columns(made))
            else:
                action.update(CounsellingKey, row[0], salt=made.salt, cost=made.cost, wrapped=made.wrapped)
        return action.changes(AREAS)


def _columns(made: Wrap) -> dict[str, object]:
    return {
        "key_uuid": made.key_uuid,
        "way": made.way.value,
        "salt": made.salt,
        "cost": made.cost,
        "wrapped": made.wrapped,
    }


def _head_columns(store: Store, draft: NoteDraft) -> dict[str, object]:
    started, ended = clock_or_none(draft.started), clock_or_none(draft.ended)
    check_times(started, ended)
    return {
        "child_id": key_of(store, Child, draft.child_uuid),
        "happened_on": past_day(store, draft.happened_on),
        "started": started,
        "ended": ended,
        "form": draft.form.value if draft.form else None,
        "origin": draft.origin.value if draft.origin else None,
    }


def _supporter(store: Store, action: Action, draft: NoteDraft) -> int | None:
    return ensure_supporter(store, action, draft.supporter_uuid) if draft.supporter_uuid else None


def _tidy(texts: Mapping[str, str]) -> dict[str, str]:
    unknown = set(texts) - set(NOTE_TEXTS)
    if unknown:
        raise TypeError(f"{sorted(unknown)} are no texts of a note")
    tidy = {name: tidy_text(texts.get(name)) for name in NOTE_TEXTS}
    return {name: text for name, text in tidy.items() if text is not None}


def _number_of(store: Store, uuid: str) -> str:
    row = store.one("SELECT number FROM counselling WHERE uuid = ?", (uuid,))
    return "" if row is None else str(row[0])
