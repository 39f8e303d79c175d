"""Writing the school itself: founding the file, profile, staff, the 口径. One action per function."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType

from msgspec.structs import asdict

from app.core.changes import Changes
from app.core.dates import is_partial_date
from app.core.messages import refuse
from app.core.text import normalise_name
from app.school.calendar import SchoolCalendar, public_holidays
from app.school.codes import RULES, RuleCode, SchoolKind
from app.school.counting_rules import DEFAULT_RULES, CountingRule
from app.school.queries import school_profile
from app.school.rules import SchoolYears
from app.school.tables import CalendarDayRow, CountingRuleRow, School, SchoolYear, Staff, TermRow
from app.storage.action import Action
from app.storage.base import new_uuid
from app.storage.service import code_of, service
from app.storage.store import Store

AREAS = frozenset({"school"})
_PROFILE_FIELDS = frozenset(
    {
        "name", "code", "kind", "province", "town", "area_code", "address", "phone", "principal",
        "primary_grades", "junior_grades", "resident_is_rural",
    }
)  # fmt: skip
_STAFF_FIELDS = frozenset({"name", "sex", "phone", "duty", "subject", "joined_on", "left_on", "note"})


@service
def init_school(
    store: Store,
    *,
    name: str,
    kind: SchoolKind = SchoolKind.PRIMARY,
    by: str | None = None,
    **profile: object,
) -> Changes:
    """Found the school in an empty file: profile, every 口径, three school years of terms and holidays.

    ``profile`` takes the other columns of the profile (town, principal, primary_grades …). UserError
    when the name is empty or the file has a school already.
    """
    if school_profile(store) is not None:
        raise refuse("school.exists")
    with store.action("新建学校", kind="school.init", by=by) as action:
        current = SchoolYears().year_of(store.clock.today())
        years = range(current - 1, current + 2)
        write_school(store, action, name=name, kind=kind, years=years, profile=profile)
        return action.changes(AREAS)


def write_school(
    store: Store,
    action: Action,
    *,
    name: str,
    kind: SchoolKind,
    years: Iterable[int],
    profile: Mapping[str, object] = MappingProxyType({}),
    uuids: Callable[[], str] = new_uuid,
) -> None:
    """Write inside ``action`` the school, every 口径, and the terms and holidays of the school years ``years``.

    ``uuids`` names the rows; the demo school brings its own so that it comes out the same each time.
    """
    _known(profile, _PROFILE_FIELDS - {"name", "kind"})
    action.insert(School, uuid=uuids(), name=_name(name, "学校名称"), kind=kind.value, **profile)
    for rule in DEFAULT_RULES.values():
        action.insert(CountingRuleRow, uuid=uuids(), **_rule_values(rule))
    write_years(store, action, years, uuids)


def write_years(
    store: Store, action: Action, years: Iterable[int], uuids: Callable[[], str] = new_uuid
) -> None:
    """Write inside ``action`` the default start, terms and holidays of school years that have no row yet.

    Days that were entered already stay as they are.
    """
    calendar = SchoolCalendar()
    wanted = sorted(years)
    for year in wanted:
        starts_on = calendar.years.start_of(year).isoformat()
        key = action.insert(SchoolYear, uuid=uuids(), start_year=year, starts_on=starts_on)
        for term in calendar.terms_of(year):
            action.insert(
                TermRow,
                uuid=uuids(),
                school_year=key,
                ordinal=term.ordinal,
                starts_on=term.starts_on.isoformat(),
                ends_on=term.ends_on.isoformat(),
            )
    entered = {row[0] for row in store.rows("SELECT day FROM calendar_day WHERE deleted_at IS NULL")}
    action.insert_many(
        CalendarDayRow,
        [
            {"uuid": uuids(), "day": entry.day.isoformat(), "kind": entry.kind.value, "name": entry.name}
            for entry in public_holidays(year + half for year in wanted for half in (0, 1))
            if calendar.years.year_of(entry.day) in wanted and entry.day.isoformat() not in entered
        ],
    )


@service
def change_profile(store: Store, *, by: str | None = None, **values: object) -> Changes:
    """Change what the school prints about itself. ``care_teacher_uuid`` names the staff member (None = nobody)."""
    current = school_profile(store)
    if current is None:
        raise refuse("school.none")
    _known(values, _PROFILE_FIELDS | {"care_teacher_uuid"})
    if "name" in values:
        values["name"] = _name(str(values["name"]), "学校名称")
    if "kind" in values:
        values["kind"] = code_of(SchoolKind, values["kind"]).value
    if "care_teacher_uuid" in values:
        uuid = values.pop("care_teacher_uuid")
        values["care_teacher"] = None if uuid is None else staff_id(store, str(uuid))
    with store.action("修改学校信息", kind="school.profile", by=by) as action:
        if values:
            action.update(School, current.uuid, **values)
        return action.changes(AREAS)


@service
def add_staff(store: Store, *, name: str, by: str | None = None, **values: object) -> Changes:
    """Write down a member of staff; the new row's uuid is in ``Changes.uuids``.

    UserError ``school.no_name``, ``school.bad_date``, ``school.left_before`` for who would have left before joining.
    """
    _check_staff(values)
    with store.action("登记一名教职工", kind="staff.add", by=by) as action:
        action.insert(Staff, name=_name(name, "姓名"), **values)
        return action.changes(AREAS)


@service
def add_several_staff(
    store: Store, *, members: Sequence[Mapping[str, object]], by: str | None = None
) -> Changes:
    """Write down several members of staff as one action; each is a mapping of columns, ``name`` among them.

    UserError as ``add_staff``, and ``school.no_staff`` for none at all; nothing is written then.
    """
    if not members:
        raise refuse("school.no_staff")
    for values in members:
        _check_staff(dict(values))
    with store.action(f"登记 {len(members)} 名教职工", kind="staff.add", by=by) as action:
        for values in members:
            action.insert(Staff, **{**values, "name": _name(str(values.get("name") or ""), "姓名")})
        return action.changes(AREAS)


@service
def change_staff(store: Store, *, uuid: str, by: str | None = None, **values: object) -> Changes:
    """Change what is known about a member of staff; ``left_on`` marks that they have left. UserError as ``add_staff``."""
    known = store.one("SELECT joined_on, left_on FROM staff WHERE uuid = ? AND deleted_at IS NULL", (uuid,))
    days = dict(zip(("joined_on", "left_on"), known or (None, None), strict=True))
    _check_staff({**days, **values})
    if "name" in values:
        values["name"] = _name(str(values["name"]), "姓名")
    staff_id(store, uuid)
    with store.action("修改教职工信息", kind="staff.change", by=by) as action:
        action.update(Staff, uuid, **values)
        return action.changes(AREAS)


@service
def change_rule(store: Store, *, rule: CountingRule, by: str | None = None) -> Changes:
    """Set how the school's own 口径 counts. UserError for the others: their numbers are the offices' own."""
    if rule.code is not RuleCode.LOCAL:
        raise refuse("school.rule_fixed", rule=RULES[rule.code])
    if not 0 <= rule.months <= 60:
        raise refuse("school.rule_months")
    for years in (rule.under_age, rule.from_age):
        if years is not None and not 0 <= years <= 18:
            raise refuse("school.rule_age")
    row = store.one(
        "SELECT uuid FROM counting_rule WHERE code = ? AND deleted_at IS NULL", (rule.code.value,)
    )
    with store.action(f"修改口径：{RULES[rule.code]}", kind="school.rule", by=by) as action:
        if row is None:
            action.insert(CountingRuleRow, **_rule_values(rule))
        else:
            action.update(CountingRuleRow, row[0], **_rule_values(rule))
        return action.changes(AREAS | {"children"})


def staff_id(store: Store, uuid: str) -> int:
    """Return the key of a staff member inside the file; UserError when there is none."""
    row = store.one("SELECT id FROM staff WHERE uuid = ? AND deleted_at IS NULL", (uuid,))
    if row is None:
        raise refuse("school.no_such_staff")
    return int(row[0])


def _rule_values(rule: CountingRule) -> dict[str, object]:
    values = asdict(rule)
    del values["uuid"]
    return values | {"code": RuleCode(rule.code).value, "orphans_in": int(rule.orphans_in)}


def _check_staff(values: dict[str, object]) -> None:
    _known(values, _STAFF_FIELDS)
    for field in ("joined_on", "left_on"):
        text = values.get(field)
        if text is not None and not is_partial_date(str(text)):
            raise refuse("school.bad_date", text=text)
    joined, left = values.get("joined_on"), values.get("left_on")
    # As far as both are known: who left in a year may have joined in a month of it.
    if joined and left and str(left) < str(joined)[: len(str(left))]:
        raise refuse("school.left_before", joined=joined, left=left)


def _known(values: Mapping[str, object], fields: frozenset[str]) -> None:
    unknown = sorted(set(values) - fields)
    if unknown:
        raise TypeError(f"unknown fields: {', '.join(unknown)}")


def _name(text: str, what: str) -> str:
    name = normalise_name(text)
    if not name:
        raise refuse("school.no_name", what=what)
    return name
