"""Who may look after children on a day: the staff, and people from outside; with their loads and 从业查询."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from msgspec import Struct

from app.children.codes import Sex
from app.core.dates import in_force
from app.core.messages import refuse
from app.pairing.codes import CheckResult, Identity, PairingKind
from app.pairing.facts import (
    ADULT_KINDS,
    CheckFacts,
    CheckState,
    PairFacts,
    SupporterFacts,
    check_state,
    check_until,
)
from app.pairing.pair_reading import pairs
from app.school.limits import Limit, limit
from app.school.queries import StaffMember, class_teachers, classes, staff
from app.storage.store import Store


class _Own(Struct, frozen=True):
    """A row of ``supporter``."""

    id: int
    uuid: str
    staff_id: int | None
    name: str | None
    sex: str | None
    phone: str | None
    identity: str
    organisation: str | None
    duty: str | None
    left_on: str | None
    note: str | None


class _Around(Struct, frozen=True):
    """What is told of every supporter beside their own row."""

    leads: Mapping[int, str]
    checks: Mapping[int, CheckFacts]
    limits: Mapping[int, tuple[int, str | None]]
    pairs: Mapping[str, list[PairFacts]]
    on: date


def supporters(store: Store, on: date, *, gone: bool = False) -> tuple[SupporterFacts, ...]:
    """Return everybody who may look after a child on a day, by name; with ``gone`` also those who have left, last."""
    return supporters_of(store, on, pairs(store, on), gone=gone)


def supporters_of(
    store: Store, on: date, known: Iterable[PairFacts], *, gone: bool = True
) -> tuple[SupporterFacts, ...]:
    """Return the supporters with the loads of the pairs ``known``."""
    own = _own_rows(store)
    by_staff = {row.staff_id: row for row in own if row.staff_id is not None}
    around = _around(store, on, known)
    found = [_of_staff(member, by_staff.get(member.id), around) for member in staff(store, on)]
    found += [_from_outside(row, around) for row in own if row.staff_id is None]
    chosen = [one for one in found if gone or one.present]
    return tuple(sorted(chosen, key=lambda one: (not one.present, one.name, one.key)))


def supporter(store: Store, key: str, on: date) -> SupporterFacts:
    """Return one supporter by their key, or by the staff member's uuid. UserError ``pairing.no_such_supporter``."""
    for one in supporters(store, on, gone=True):
        if key in {one.key, one.staff_uuid} and key:
            return one
    raise refuse("pairing.no_such_supporter")


def loads(store: Store, on: date) -> Mapping[str, Mapping[PairingKind, int]]:
    """Return how many children on the ledger each supporter looks after, by key and kind; none = not in it."""
    return {one.key: one.loads for one in supporters(store, on, gone=True) if one.loads}


def checks_of(store: Store, key: str) -> tuple[CheckFacts, ...]:
    """Return the 从业查询 of a supporter, the newest first; none for staff who are no supporter yet."""
    mine = {row.id for row in _own_rows(store) if row.uuid == key}
    return tuple(check for owner, check in _checks(store) if owner in mine)


def _own_rows(store: Store) -> list[_Own]:
    rows = store.rows(
        "SELECT id, uuid, staff_id, name, sex, phone, identity, organisation, duty, left_on, note FROM supporter"
        " WHERE deleted_at IS NULL ORDER BY id"
    )
    return [_Own(*row) for row in rows]


def _checks(store: Store) -> list[tuple[int, CheckFacts]]:
    renewal = limit(store, Limit.CHECK_RENEWAL_DAYS)
    return [
        (owner, CheckFacts(uuid, day, CheckResult(result), office, kept_at, check_until(day, renewal)))
        for owner, uuid, day, result, office, kept_at in store.rows(
            "SELECT supporter_id, uuid, checked_on, result, office, kept_at FROM background_check"
            " WHERE deleted_at IS NULL ORDER BY checked_on DESC, id DESC"
        )
    ]


def _around(store: Store, on: date, known: Iterable[PairFacts]) -> _Around:
    names = {cls.id: cls.name for cls in classes(store, on)}
    leads: dict[int, str] = {}
    for class_id, teacher in class_teachers(store, on).items():
        if class_id in names:
            leads[teacher.id] = "、".join(filter(None, (leads.get(teacher.id), names[class_id])))
    newest: dict[int, CheckFacts] = {}
    for owner, check in _checks(store):
        newest.setdefault(owner, check)
    limits = {
        owner: (most, reason)
        for owner, most, reason, start, end in store.rows(
            "SELECT supporter_id, most, reason, valid_from, valid_to FROM supporter_limit WHERE deleted_at IS NULL"
            " ORDER BY coalesce(valid_from, ''), id"
        )
        if in_force(start, end, on) is not False
    }
    by_key: dict[str, list[PairFacts]] = {}
    for pair in known:
        if pair.key and pair.on_ledger:
            by_key.setdefault(pair.key, []).append(pair)
    return _Around(leads, newest, limits, by_key, on)


def _of_staff(member: StaffMember, own: _Own | None, around: _Around) -> SupporterFacts:
    check = around.checks.get(own.id) if own else None
    return SupporterFacts(
        key=own.uuid if own else member.uuid,
        uuid=own.uuid if own else "",
        staff_uuid=member.uuid,
        name=member.name,
        identity=Identity.STAFF,
        sex=Sex.of(member.sex),
        phone=member.phone,
        duty=member.duty,
        subject=member.subject,
        leads=around.leads.get(member.id, ""),
        left_on=member.left_on,
        present=member.present,
        note=member.note,
        **_standing(own, check, around),
    )


def _from_outside(own: _Own, around: _Around) -> SupporterFacts:
    return SupporterFacts(
        key=own.uuid,
        uuid=own.uuid,
        staff_uuid="",
        name=own.name or "",
        identity=Identity(own.identity),
        sex=Sex.of(own.sex),
        phone=own.phone,
        duty=own.duty,
        organisation=own.organisation,
        left_on=own.left_on,
        present=in_force(None, own.left_on, around.on) is not False,
        note=own.note,
        **_standing(own, around.checks.get(own.id), around),
    )


def _standing(own: _Own | None, check: CheckFacts | None, around: _Around) -> dict[str, Any]:
    """Return the fields that come from checks, limits and pairs."""
    state = check_state(check, around.on)
    most, reason = around.limits.get(own.id, (None, None)) if own else (None, None)
    mine = around.pairs.get(own.uuid, []) if own else []
    loads: dict[PairingKind, int] = {}
    for pair in mine:
        loads[pair.kind] = loads.get(pair.kind, 0) + 1
    return {
        "check": state,
        "checked_on": check.checked_on if check else None,
        "check_until": check.until if check else None,
        "own_limit": most,
        "limit_reason": reason,
        "loads": loads,
        "children": len({pair.child_uuid for pair in mine if pair.kind in ADULT_KINDS}),
        "unchecked_pairs": len(mine) if state is not CheckState.VALID else 0,
    }
