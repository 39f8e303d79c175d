"""Writing down who may look after children: people from outside, 从业查询, limits of one's own."""

from datetime import date, timedelta

from app.children.codes import Sex
from app.children.identity import tidy_day, tidy_name, tidy_number, tidy_text
from app.core.changes import Changes
from app.core.code import Code
from app.core.messages import refuse
from app.pairing.codes import CheckResult, Identity
from app.pairing.facts import SupporterFacts
from app.pairing.people import supporter
from app.pairing.tables import BackgroundCheck, Supporter, SupporterLimit
from app.storage.action import Action
from app.storage.service import code_of, service
from app.storage.store import Store

AREAS = frozenset({"pairing", "todo"})
_FAR = timedelta(days=366)


@service
def add_supporter(
    store: Store,
    *,
    name: str,
    identity: Identity,
    sex: Sex | None = None,
    phone: str | None = None,
    organisation: str | None = None,
    duty: str | None = None,
    note: str | None = None,
    by: str | None = None,
) -> Changes:
    """Write down somebody from outside the staff; the new uuid is in ``Changes.uuids``.

    Members of the staff are supporters already (UserError ``pairing.staff_in_settings``). UserError
    ``pairing.supporter_known`` when the same person was written down before.
    """
    if identity is Identity.STAFF:
        raise refuse("pairing.staff_in_settings")
    values = {
        "name": tidy_name(name),
        "identity": identity.value,
        "sex": None if sex is None else sex.value,
        "phone": tidy_number(phone),
        "organisation": tidy_text(organisation),
        "duty": tidy_text(duty),
    }
    known = store.one(
        "SELECT 1 FROM supporter WHERE deleted_at IS NULL AND left_on IS NULL AND staff_id IS NULL AND name = ?"
        " AND identity = ? AND phone IS ? AND organisation IS ?",
        (values["name"], values["identity"], values["phone"], values["organisation"]),
    )
    if known is not None:
        raise refuse("pairing.supporter_known", name=values["name"])
    words = f"登记帮扶人{values['name']}（{identity.label}）"
    with store.action(words, kind="supporter.add", by=by) as action:
        action.insert(Supporter, **values, note=tidy_text(note))
        return action.changes(AREAS)


_TIDY = {
    "name": tidy_name,
    "phone": tidy_number,
    "organisation": tidy_text,
    "duty": tidy_text,
    "note": tidy_text,
}


@service
def change_supporter(
    store: Store, *, key: str, by: str | None = None, **values: str | Code | None
) -> Changes:
    """Change what is known about somebody from outside: name, sex, phone, identity, organisation, duty, note.

    UserError ``pairing.staff_in_settings`` for a member of staff, TypeError for another column.
    """
    one = _from_outside(store, key)
    stored: dict[str, object] = {}
    for column, value in values.items():
        if column == "identity":
            identity = code_of(Identity, value)
            if identity is Identity.STAFF:
                raise refuse("pairing.staff_in_settings")
            stored[column] = identity.value
        elif column == "sex":
            stored[column] = None if value is None else code_of(Sex, value).value
        elif column in _TIDY:
            stored[column] = _TIDY[column]("" if value is None and column == "name" else value)  # type: ignore[arg-type]
        else:
            raise TypeError(f"{column} is no column of supporter that can be written here")
    with store.action(f"修改帮扶人{one.name}的资料", kind="supporter.change", by=by) as action:
        if stored:
            action.update(Supporter, one.uuid, **stored)
        return action.changes(AREAS)


@service
def supporter_left(store: Store, *, key: str, on: str, by: str | None = None) -> Changes:
    """Write that somebody from outside helps no more from ``on`` on.

    UserError ``pairing.still_pairs`` while they look after children: those are handed over first, in one step.
    """
    one = _from_outside(store, key)
    day = day_of_act(store, on)
    count = store.one(
        "SELECT count(DISTINCT child_id) FROM pairing p JOIN supporter s ON s.id = p.supporter_id"
        " JOIN child c ON c.id = p.child_id AND c.deleted_at IS NULL"
        " WHERE s.uuid = ? AND p.deleted_at IS NULL AND p.valid_to IS NULL",
        (one.uuid,),
    )
    if count is not None and count[0]:
        raise refuse("pairing.still_pairs", supporter=one.name, count=count[0])
    with store.action(f"帮扶人{one.name}离开", kind="supporter.left", by=by) as action:
        action.update(Supporter, one.uuid, left_on=day)
        return action.changes(AREAS)


@service
def supporter_back(store: Store, *, key: str, by: str | None = None) -> Changes:
    """Write that somebody from outside who had left helps again."""
    one = _from_outside(store, key)
    with store.action(f"帮扶人{one.name}回来了", kind="supporter.back", by=by) as action:
        action.update(Supporter, one.uuid, left_on=None)
        return action.changes(AREAS)


@service
def record_check(
    store: Store,
    *,
    key: str,
    checked_on: str,
    result: CheckResult = CheckResult.CLEAR,
    office: str | None = None,
    kept_at: str | None = None,
    by: str | None = None,
) -> Changes:
    """Write down a 从业查询 (未成年人保护法 62): on which day, what it said, by which office, where the paper lies.

    UserError ``pairing.check_future`` for a day that has not come.
    """
    one = supporter(store, key, store.clock.today())
    day = tidy_day(checked_on, whole=True)
    if day > store.clock.today().isoformat():
        raise refuse("pairing.check_future", on=day)
    with store.action(f"登记{one.name}的从业查询：{result.label}", kind="supporter.check", by=by) as action:
        action.insert(
            BackgroundCheck,
            supporter=ensure_supporter(store, action, key),
            checked_on=day,
            result=result.value,
            office=tidy_text(office),
            kept_at=tidy_text(kept_at),
        )
        return action.changes(AREAS)


@service
def remove_check(store: Store, *, check_uuid: str, by: str | None = None) -> Changes:
    """Take back a 从业查询 that was written down by mistake."""
    row = store.one("SELECT id FROM background_check WHERE uuid = ? AND deleted_at IS NULL", (check_uuid,))
    if row is None:
        raise refuse("pairing.no_such_check")
    with store.action("删去一条登记错的从业查询", kind="supporter.check_removed", by=by) as action:
        action.soft_delete(BackgroundCheck, check_uuid)
        return action.changes(AREAS)


@service
def set_supporter_limit(
    store: Store, *, key: str, most: int | None, reason: str | None = None, since: date, by: str | None = None
) -> Changes:
    """Set from ``since`` on how many children somebody takes: 0 = excused, None = as the school's rule says again.

    UserError ``pairing.limit_number`` outside 0–99, ``dated.later_known`` before the present limit began.
    """
    if most is not None and not 0 <= most <= 99:
        raise refuse("pairing.limit_number")
    one = supporter(store, key, since)
    told = "按学校规则" if most is None else "不参加结对" if most == 0 else f"最多带 {most} 名"
    start = since.isoformat()
    with store.action(f"{one.name}：{told}", kind="supporter.limit", by=by) as action:
        owner = ensure_supporter(store, action, key)
        row = store.one(
            "SELECT uuid, valid_from, most, reason FROM supporter_limit WHERE supporter_id = ?"
            " AND valid_to IS NULL AND deleted_at IS NULL",
            (owner,),
        )
        _write_limit(action, owner, row, most, tidy_text(reason), start)
        return action.changes(AREAS)


def ensure_supporter(store: Store, action: Action, key: str) -> int:
    """Return the row of a supporter inside an action, made when a member of staff has none yet."""
    row = store.one(
        "SELECT s.id FROM supporter s LEFT JOIN staff t ON t.id = s.staff_id"
        " WHERE s.deleted_at IS NULL AND (s.uuid = ?1 OR t.uuid = ?1)",
        (key,),
    )
    if row is not None:
        return int(row[0])
    staff = store.one("SELECT id FROM staff WHERE uuid = ? AND deleted_at IS NULL", (key,))
    if staff is None:
        raise refuse("pairing.no_such_supporter")
    return action.insert(Supporter, staff=staff[0], identity=Identity.STAFF.value)


def day_of_act(store: Store, text: str) -> str:
    """Return the day from which something is done for several at once (a hand-over, a leaving, a suggestion accepted).

    A period may begin or end in a month of which nobody knows the day, such an act may not: one pair ends on the day
    on which another begins. UserError ``date.bad``, ``date.no_day``, ``pairing.far_ahead``.
    """
    day = tidy_day(text, whole=True)
    _refuse_far(store, day)
    return day


def date_of_period(store: Store, text: str) -> str:
    """Return the date, of any precision, from which a pair holds or holds no more. UserError as ``day_of_act``."""
    day = tidy_day(text)
    _refuse_far(store, day)
    return day


def _refuse_far(store: Store, day: str) -> None:
    """Refuse a date more than a year ahead: a slip of the keyboard."""
    if day > (store.clock.today() + _FAR).isoformat():
        raise refuse("pairing.far_ahead", on=day)


def _write_limit(
    action: Action,
    owner: int,
    row: tuple[object, ...] | None,
    most: int | None,
    reason: str | None,
    start: str,
) -> None:
    if row is not None:
        uuid, began, now, why = str(row[0]), str(row[1] or ""), row[2], row[3]
        if (now, why) == (most, reason):
            return
        if began > start:
            raise refuse("dated.later_known", since=began)
        if began == start and most is not None:
            action.update(SupporterLimit, uuid, most=most, reason=reason)
            return
        if began == start:
            action.soft_delete(SupporterLimit, uuid)
        else:
            action.update(SupporterLimit, uuid, valid_to=start)
    if most is not None:
        action.insert(SupporterLimit, supporter=owner, most=most, reason=reason, valid_from=start)


def _from_outside(store: Store, key: str) -> SupporterFacts:
    one = supporter(store, key, store.clock.today())
    if one.identity is Identity.STAFF:
        raise refuse("pairing.staff_in_settings")
    return one
