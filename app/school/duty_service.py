"""Writing the duty roster: turns from a day on, and 代班 for one day. One action per function."""

from datetime import date

from msgspec import Struct, field

from app.core.changes import Changes
from app.core.messages import refuse
from app.school.dated_rows import end_row, save_row
from app.school.duty import Weeks
from app.school.lessons import WEEKDAYS
from app.school.lessons_service import read_part
from app.school.tables import DutyDay, DutyTurn
from app.storage.base import new_uuid
from app.storage.service import service
from app.storage.store import Store

AREAS = frozenset({"calls", "school"})


class TurnDraft(Struct, frozen=True, kw_only=True):
    """A turn as typed: 1 = Monday … 7; both times blank = the whole day. Saved twice it is one."""

    staff_uuid: str
    weekday: int
    weeks: Weeks = Weeks.EVERY
    starts: str | None = None
    ends: str | None = None
    leader_uuid: str = ""
    uuid: str = field(default_factory=new_uuid)


class SwapDraft(Struct, frozen=True, kw_only=True):
    """代班 as typed: ``staff`` is on duty on ``day`` instead of ``instead``, "" = beside the others."""

    day: date
    staff_uuid: str
    instead_uuid: str = ""
    starts: str | None = None
    ends: str | None = None
    reason: str = ""
    uuid: str = field(default_factory=new_uuid)


@service
def save_turn(store: Store, *, draft: TurnDraft, since: date, by: str | None = None) -> Changes:
    """Write a turn from ``since`` on. One that is known is so from ``since`` on; before that it stays as it was.

    UserError ``school.no_such_staff``, ``duty.weekday``, ``calls.time_bad``, ``calls.span``; ``storage.overlap`` when the
    same turn is written already.
    """
    if not 1 <= draft.weekday <= len(WEEKDAYS):
        raise refuse("duty.weekday")
    staff_id, name = _staff(store, draft.staff_uuid)
    starts, ends = read_part(draft.starts, draft.ends)
    values: dict[str, object] = {
        "staff_id": staff_id,
        "weekday": draft.weekday,
        "weeks": draft.weeks.value,
        "starts": starts,
        "ends": ends,
        "leader_id": _staff(store, draft.leader_uuid)[0] if draft.leader_uuid else None,
    }
    when = f"{'' if draft.weeks is Weeks.EVERY else draft.weeks.label}{WEEKDAYS[draft.weekday - 1]}"
    with store.action(f"值班：{when} {name}", kind="duty.save", by=by) as action:
        save_row(store, action, DutyTurn, draft.uuid, values, since)
        return action.changes(AREAS)


@service
def end_turn(store: Store, *, uuid: str, on: date, by: str | None = None) -> Changes:
    """Let a turn come round no more from ``on`` on. UserError ``fact.unknown``, ``fact.end_before_start``."""
    row = store.one(
        "SELECT s.name, t.weekday, t.valid_from FROM duty_turn t JOIN staff s ON s.id = t.staff_id"
        " WHERE t.uuid = ? AND t.valid_to IS NULL AND t.deleted_at IS NULL",
        (uuid,),
    )
    if row is None:
        raise refuse("fact.unknown")
    with store.action(f"值班：{WEEKDAYS[row[1] - 1]}不再由{row[0]}值", kind="duty.end", by=by) as action:
        end_row(action, DutyTurn, uuid, row[2], on.isoformat())
        return action.changes(AREAS)


@service
def save_swap(store: Store, *, draft: SwapDraft, by: str | None = None) -> Changes:
    """Write who is on duty on one day instead of whom, or correct it.

    UserError ``duty.same`` when both are one, ``duty.swap_twice`` when somebody stands in for them that day already,
    ``school.no_such_staff``, ``calls.time_bad``, ``calls.span``.
    """
    if draft.staff_uuid == draft.instead_uuid:
        raise refuse("duty.same")
    staff_id, name = _staff(store, draft.staff_uuid)
    instead = _staff(store, draft.instead_uuid) if draft.instead_uuid else None
    starts, ends = read_part(draft.starts, draft.ends)
    if instead is not None:
        _refuse_second(store, draft, instead, starts, ends)
    values: dict[str, object] = {
        "day": draft.day.isoformat(),
        "staff_id": staff_id,
        "instead_of_id": instead[0] if instead else None,
        "starts": starts,
        "ends": ends,
        "reason": draft.reason.strip() or None,
    }
    known = store.one("SELECT 1 FROM duty_day WHERE uuid = ? AND deleted_at IS NULL", (draft.uuid,))
    told = f"代{instead[1]}值班" if instead else "加值班"
    with store.action(f"{draft.day.isoformat()} {name}{told}", kind="duty.swap", by=by) as action:
        if known is not None:
            action.update(DutyDay, draft.uuid, **values)
        else:
            action.insert(DutyDay, uuid=draft.uuid, **values)
        return action.changes(AREAS)


@service
def remove_swap(store: Store, *, uuid: str, by: str | None = None) -> Changes:
    """Take a 代班 back: the turns hold again. UserError ``fact.unknown``."""
    row = store.one("SELECT day FROM duty_day WHERE uuid = ? AND deleted_at IS NULL", (uuid,))
    if row is None:
        raise refuse("fact.unknown")
    with store.action(f"{row[0]} 取消代班", kind="duty.swap_removed", by=by) as action:
        action.soft_delete(DutyDay, uuid)
        return action.changes(AREAS)


def _refuse_second(
    store: Store, draft: SwapDraft, instead: tuple[int, str], starts: str | None, ends: str | None
) -> None:
    row = store.one(
        "SELECT s.name FROM duty_day d JOIN staff s ON s.id = d.staff_id WHERE d.day = ?1 AND d.instead_of_id = ?2"
        " AND d.deleted_at IS NULL AND d.uuid <> ?3"
        " AND (d.starts IS NULL OR ?4 IS NULL OR (d.starts < ?5 AND ?4 < d.ends))",
        (draft.day.isoformat(), instead[0], draft.uuid, starts, ends),
    )
    if row is not None:
        raise refuse("duty.swap_twice", day=draft.day.isoformat(), instead=instead[1], name=row[0])


def _staff(store: Store, uuid: str) -> tuple[int, str]:
    row = store.one("SELECT id, name FROM staff WHERE uuid = ? AND deleted_at IS NULL", (uuid,))
    if row is None:
        raise refuse("school.no_such_staff")
    return int(row[0]), str(row[1])
