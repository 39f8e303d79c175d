"""我做了什么: what was done on a day, what of it can be taken back, and what stands in the way."""

from collections.abc import Iterable
from datetime import date, timedelta

from msgspec import Struct
from msgspec.structs import replace

from app.school.handover import FURTHER, LOGGED
from app.storage.history import ActionRow, actions
from app.storage.in_the_way import standing_in_the_way
from app.storage.store import Store
from app.storage.undo import FOUNDING

STAYING = frozenset({LOGGED, "drill", "purge", "counsel.keys", FOUNDING})
"""Kinds of actions that cannot be taken back: what left the program, what was proved, what was destroyed."""
UNDONE_BY = "撤销："
_UNDO = "undo"
_MOST = 5_000


class Doing(Struct, frozen=True):
    """One thing that was done. ``verb`` is what can be done about it now (撤销, 取消撤销), "" with the reason in ``why``."""

    uuid: str
    at: str
    who: str | None
    words: str
    rows: int
    is_undone: bool
    verb: str
    why: str = ""


class Doings(Struct, frozen=True):
    """The things done on ``day``, the last one first; ``before`` and ``after`` are the nearest other days with any."""

    day: date
    doings: tuple[Doing, ...]
    before: date | None
    after: date | None


class InTheWay(Struct, frozen=True):
    """A later action that wrote the same rows: it has to be taken back first."""

    uuid: str
    day: date
    at: str
    words: str


def doings(store: Store, day: date) -> Doings:
    """Return what was done on ``day``. Today's can be taken back one by one; earlier days are there to be read."""
    is_today = day == store.clock.today()
    return Doings(
        day,
        tuple(_doing(row, is_today) for row in acts(actions(store, day=day, limit=_MOST))),
        _nearest(store, "max(at)", "at < ?", day),
        _nearest(store, "min(at)", "at >= ?", day + timedelta(days=1)),
    )


def acts(rows: Iterable[ActionRow]) -> list[ActionRow]:
    """Return the actions (the last one first) with those that were one act as one line: 导出：台账等 9 份."""
    found: list[ActionRow] = []
    further: list[ActionRow] = []
    for row in rows:
        if row.kind == FURTHER:
            further.append(row)
        elif further and row.kind == LOGGED:
            found.append(_joined(row, further))
            further = []
        else:
            found.append(row)
    if further:  # the first of them lies beyond those that were asked for
        found.append(_joined(replace(further[-1], kind=LOGGED), further[:-1]))
    return found


def _joined(first: ActionRow, further: list[ActionRow]) -> ActionRow:
    words = f"{first.words}等 {len(further) + 1} 份" if further else first.words
    return replace(first, words=words, changes=first.changes + sum(row.changes for row in further))


def in_the_way(store: Store, action_uuid: str) -> InTheWay | None:
    """Return the last later action that changed a row of this one and still holds; None when there is none.

    Where no later one changed them: the action that wrote what now stands where they would come back.
    """
    row = store.one(
        "SELECT later.uuid, later.at, later.words FROM action AS mine JOIN action AS later ON later.id > mine.id"
        " WHERE mine.uuid = ? AND later.commit_no IS NOT NULL AND later.undone_by_id IS NULL"
        " AND later.undoes_id IS NOT mine.id AND EXISTS (SELECT 1 FROM change WHERE action_id = later.id"
        "  AND (table_name, row_uuid) IN (SELECT table_name, row_uuid FROM change WHERE action_id = mine.id))"
        " ORDER BY later.commit_no DESC LIMIT 1",
        (action_uuid,),
    )
    if row is None:
        there = standing_in_the_way(store, action_uuid)
        row = None if there is None else (there.action_uuid, there.at, there.words)
    return None if row is None else InTheWay(row[0], date.fromisoformat(row[1][:10]), row[1], row[2])


def _doing(row: ActionRow, is_today: bool) -> Doing:
    why = _why_not(row, is_today)
    is_undo = row.kind == _UNDO and row.words.startswith(UNDONE_BY)
    verb = "" if why else "取消撤销" if is_undo else "撤销"
    return Doing(row.uuid, row.at, row.who, row.words, row.changes, row.is_undone, verb, why)


def _why_not(row: ActionRow, is_today: bool) -> str:
    if row.is_undone:
        return "已撤销"
    if row.kind in STAYING:
        return "不能撤销"
    if not row.changes:  # all that it wrote has been destroyed since
        return "已销毁"
    return "" if is_today else "只能看"


def _nearest(store: Store, which: str, where: str, day: date) -> date | None:
    # A day that no calendar has (a disk may have changed a digit) is none to turn to.
    sql = f"SELECT {which} FROM action WHERE commit_no IS NOT NULL AND date(at) IS NOT NULL AND {where}"  # noqa: S608  # our own words
    (at,) = store.one(sql, (day.isoformat(),)) or (None,)
    return None if at is None else date.fromisoformat(at[:10])
