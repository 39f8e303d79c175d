"""Writing children themselves: adding one or several, changing what does not change by the day, settling doubts."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from app.children.affected import changes_of, name_of_child
from app.children.codes import BirthSource, RegistrationKind, Sex
from app.children.drafts import ChildDraft
from app.children.family_writing import write_care, write_family
from app.children.identity import (
    IdEntry,
    birth_and_sex_from,
    read_id,
    refuse_taken,
    tidy_date,
    tidy_ethnicity,
    tidy_name,
    tidy_number,
    tidy_text,
)
from app.children.labels import column_words
from app.children.names import name_columns
from app.children.periods import key_of, open_period
from app.children.tables import (
    Boarding,
    CategoryFlag,
    Child,
    Doubt,
    Enrolment,
    Fact,
    Health,
    Household,
    Registration,
    ReportedStatus,
    Residence,
)
from app.core.changes import Changes
from app.core.code import Code
from app.core.messages import refuse
from app.school.rules import ClassFacts, ClassRef
from app.school.service_classes import AREAS as CLASS_AREAS
from app.school.service_classes import ensure_classes
from app.school.tables import SchoolClass
from app.storage.action import Action
from app.storage.service import service
from app.storage.store import Store

CORRECTED = "已改正"
KEPT = "照存"

_TEXTS = frozenset(
    {
        "former_name",
        "name_note",
        "birth_note",
        "native_place",
        "birth_place",
        "nationality",
        "political_status",
        "blood_type",
        "allergies",
        "medical_history",
        "personality",
        "hobbies",
        "study",
        "behaviour",
        "family_contact",
        "special_needs",
        "care_measures",
        "archive_no",
        "note",
    }
)


@service
def add_child(store: Store, *, draft: ChildDraft, by: str | None = None) -> Changes:
    """Write a new child with everything the draft says. UserError as ``add_children``.

    Whoever calls it has shown ``finding.candidates`` first (search before create).
    """
    return add_children(store, drafts=(draft,), by=by)


@service
def add_children(store: Store, *, drafts: Sequence[ChildDraft], by: str | None = None) -> Changes:
    """Write several new children in one action: all of them or none.

    An ID number that cannot be right is kept and marked with a doubt; a sound one fills in birth date and sex.
    UserError ``child.no_name``, ``id.taken``, ``registry.taken``, ``date.bad``.
    """
    words = f"加一名儿童：{drafts[0].name}" if len(drafts) == 1 else f"加 {len(drafts)} 名儿童"
    with store.action(words, kind="child.add", by=by) as action:
        people: list[int] = []
        classes = _classes_of(store, action, drafts)
        for draft in drafts:
            people += _write_child(store, action, draft, classes)
        changes = changes_of(store, action, children=[draft.uuid for draft in drafts], people=people)
        return replace(changes, areas=changes.areas | CLASS_AREAS) if classes else changes


@service
def change_field(
    store: Store, *, uuid: str, field: str, value: str | bool | Code | None, by: str | None = None
) -> Changes:
    """Change one fact that stands on the child itself; blank or None makes it 未采集 again.

    A new name brings its pinyin; a pinyin typed by hand is kept until the name changes. A new ID number that is sound
    fills in birth date and sex where they are 未采集, one that is not gets a doubt. Open doubts about the field are
    settled by the change. UserError ``child.no_name``, ``id.taken``, ``registry.taken``, ``date.bad``,
    ``child.unknown``.
    """
    key = key_of(store, Child, uuid)
    values, entry = _values_of(store, uuid, field, value)
    words = f"{name_of_child(store, uuid)}：改{column_words('child', field)}"
    with store.action(words, kind="child.edit", by=by) as action:
        if action.update(Child, key, **values):
            _settle(store, action, key, field, CORRECTED)
            if entry is not None:
                _write_doubt(action, key, entry)
        return changes_of(store, action, children=(uuid,))


@service
def resolve_doubt(store: Store, *, doubt_uuid: str, resolution: str = KEPT, by: str | None = None) -> Changes:
    """Settle a doubt: somebody has looked at the paper, and ``resolution`` says what came of it."""
    row = store.one(
        "SELECT d.id, c.uuid FROM doubt d JOIN child c ON c.id = d.child_id"
        " WHERE d.uuid = ? AND d.deleted_at IS NULL",
        (doubt_uuid,),
    )
    if row is None:
        raise refuse("doubt.unknown")
    words = f"{name_of_child(store, row[1])}：存疑已看过，{resolution}"
    with store.action(words, kind="child.doubt", by=by) as action:
        action.update(Doubt, row[0], resolved_at=action.at, resolution=resolution)
        return changes_of(store, action, children=(row[1],))


# ---- one new child -------------------------------------------------------------------------------------------------


def _classes_of(store: Store, action: Action, drafts: Sequence[ChildDraft]) -> Mapping[ClassRef, ClassFacts]:
    """Return the classes that the drafts mean by year and number, those that do not exist yet opened."""
    refs = {draft.class_ref for draft in drafts if draft.class_ref is not None}
    return ensure_classes(store, action, refs, store.clock.today()) if refs else {}


def _write_child(
    store: Store, action: Action, draft: ChildDraft, classes: Mapping[ClassRef, ClassFacts]
) -> list[int]:
    entry = read_id(draft.id_number)
    registry = tidy_number(draft.student_registry_no)
    refuse_taken(store, "id_number", entry.number, None)
    refuse_taken(store, "student_registry_no", registry, None)
    birth = tidy_date(draft.birth_date)
    values: dict[str, Any] = {
        **name_columns(tidy_name(draft.name)),
        "former_name": tidy_text(draft.former_name),
        "name_note": tidy_text(draft.name_note),
        "sex": _value(draft.sex),
        "ethnicity": tidy_ethnicity(draft.ethnicity),
        "birth_date": birth,
        "birth_source": _value(draft.birth_source) if birth else None,
        "id_number": entry.number,
        "student_registry_no": registry,
        "student_no": tidy_number(draft.student_no),
        "native_place": tidy_text(draft.native_place),
        "phone": tidy_number(draft.phone),
        "personality": tidy_text(draft.personality),
        "hobbies": tidy_text(draft.hobbies),
        "note": tidy_text(draft.note),
        "archive_opened_on": store.clock.today().isoformat(),
    } | birth_and_sex_from(entry, birth, draft.sex)
    key = action.insert(Child, uuid=draft.uuid, **values)
    _write_doubt(action, key, entry)
    for doubt in draft.doubts:
        if entry.doubt is None or doubt.field != "id_number":
            action.insert(
                Doubt,
                child_id=int(key),
                field=doubt.field,
                code=doubt.code,
                reason=doubt.reason,
                raw_text=doubt.raw,
            )
    since = tidy_date(draft.since)
    for model, facts, start in _facts_of(store, draft, since, classes):
        open_period(store, action, model, values={"child_id": int(key), **facts}, since=start)
    people, carer = write_family(store, action, key, draft.people, draft.carer)
    write_care(store, action, key, carer, draft.care_kind, draft=draft.carer, grade=_value(draft.care_grade))
    return people


def _facts_of(
    store: Store, draft: ChildDraft, since: str | None, classes: Mapping[ClassRef, ClassFacts]
) -> list[tuple[type[Fact], dict[str, object], str | None]]:
    """Return the dated facts that the draft holds: table, values, from when."""
    facts: list[tuple[type[Fact], dict[str, object], str | None]] = []
    if draft.class_ref is not None:
        facts.append((Enrolment, {"school_class_id": classes[draft.class_ref].id}, since))
    elif draft.class_uuid:
        class_id = key_of(store, SchoolClass, draft.class_uuid)
        facts.append((Enrolment, {"school_class_id": class_id}, since))
    if draft.registered:
        facts.append((Registration, {"kind": RegistrationKind.LEFT_BEHIND.value}, since))
    if draft.boards is not None:
        facts.append((Boarding, {"boards": int(draft.boards)}, None))
    home = {
        "village": tidy_text(draft.village),
        "village_group": tidy_text(draft.village_group),
        "address": tidy_text(draft.address),
    }
    if any(home.values()):
        facts.append((Residence, dict(home), None))
    place = tidy_text(draft.household_place)
    if draft.household_kind is not None or place:
        facts.append((Household, {"kind": _value(draft.household_kind), "place": place}, None))
    if draft.health is not None:
        facts.append((Health, {"status": draft.health.value}, None))
    if draft.reported is not None:
        facts.append((ReportedStatus, {"label": draft.reported.value}, None))
    facts.extend((CategoryFlag, {"category": category.value}, None) for category in draft.categories)
    return facts


# ---- one changed field ---------------------------------------------------------------------------------------------


def _values_of(
    store: Store, uuid: str, field: str, value: str | bool | Code | None
) -> tuple[dict[str, Any], IdEntry | None]:
    """Return the columns to write for one field, and the ID entry when it is the ID number."""
    if field == "id_number":
        entry = read_id(_text(value))
        refuse_taken(store, field, entry.number, uuid)
        row = store.one("SELECT birth_date, sex FROM child WHERE uuid = ?", (uuid,))
        birth, sex = row or (None, None)
        return {"id_number": entry.number} | birth_and_sex_from(entry, birth, Sex.of(sex)), entry
    if field == "student_registry_no":
        number = tidy_number(_text(value))
        refuse_taken(store, field, number, uuid)
        return {field: number}, None
    tidy = _TIDY.get(field)
    if tidy is None and field not in _TEXTS:
        raise TypeError(f"{field} is no field of a child that can be changed by itself")
    if field == "name":
        return dict(name_columns(tidy_name(_text(value) or ""))), None
    if field == "pinyin":
        (name,) = store.one("SELECT name FROM child WHERE uuid = ?", (uuid,)) or ("",)
        columns = name_columns(name, _text(value))
        return {"pinyin": columns["pinyin"], "initials": columns["initials"]}, None
    return {field: (tidy or _free)(value)}, None


def _text(value: str | bool | Code | None) -> str | None:
    return None if value is None else str(value)


def _free(value: object) -> str | None:
    return tidy_text(None if value is None else str(value))


def _number(value: object) -> str | None:
    return tidy_number(None if value is None else str(value))


def _date(value: object) -> str | None:
    return tidy_date(None if value is None else str(value))


def _day(value: object) -> str | None:
    return tidy_date(None if value is None else str(value), whole=True)


def _sex(value: object) -> str | None:
    return None if value in (None, "") else Sex(str(value)).value


def _source(value: object) -> str | None:
    return None if value in (None, "") else BirthSource(str(value)).value


def _ethnic(value: object) -> str | None:
    return tidy_ethnicity(_free(value))


def _yes_no(value: object) -> int | None:
    return None if value in (None, "") else int(bool(value))


_TIDY: Mapping[str, Callable[[object], object]] = {
    "name": _free,
    "pinyin": _free,
    "sex": _sex,
    "ethnicity": _ethnic,
    "birth_date": _date,
    "birth_source": _source,
    "only_child": _yes_no,
    "phone": _number,
    "student_no": _number,
    "archive_opened_on": _day,
}


# ---- doubts --------------------------------------------------------------------------------------------------------


def _write_doubt(action: Action, child_id: int, entry: IdEntry) -> None:
    if entry.doubt is not None:
        code, reason = entry.doubt
        action.insert(
            Doubt, child_id=int(child_id), field="id_number", code=code, reason=reason, raw_text=entry.number
        )


def _settle(store: Store, action: Action, child_id: int, field: str, resolution: str) -> None:
    rows = store.rows(
        "SELECT id FROM doubt WHERE child_id = ? AND field = ? AND resolved_at IS NULL AND deleted_at IS NULL",
        (child_id, field),
    )
    for (doubt_id,) in rows:
        action.update(Doubt, doubt_id, resolved_at=action.at, resolution=resolution)


def _value(code: Code | None) -> str | None:
    return None if code is None else code.value
