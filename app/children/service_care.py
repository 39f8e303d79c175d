"""Writing who looks after a child, the papers about it, and the categories a child was found to belong to."""

from app.children.affected import changes_of, name_of_child
from app.children.codes import CareGrade, CareKind, CarePaperKind, Category
from app.children.identity import tidy_date, tidy_day, tidy_text
from app.children.periods import end_period, key_of, open_now, open_period
from app.children.tables import Care, CarePaper, CategoryFlag, Child, Person
from app.core.changes import Changes
from app.core.messages import refuse
from app.storage.action import Action
from app.storage.service import service
from app.storage.store import Store


@service
def set_care(
    store: Store,
    *,
    child_uuid: str,
    kind: CareKind,
    person_uuid: str | None = None,
    grade: CareGrade | None = None,
    carer_able: bool | None = None,
    assessed_on: str | None = None,
    assessor: str | None = None,
    since: str | None,
    source: str | None = None,
    by: str | None = None,
) -> Changes:
    """Write who looks after the child from ``since`` on, and how well. The same day again is a correction.

    UserError ``care.unguarded_person`` when 无人监护 names a person.
    """
    if kind is CareKind.UNGUARDED and person_uuid is not None:
        raise refuse("care.unguarded_person")
    child_id = key_of(store, Child, child_uuid)
    values = {
        "child_id": child_id,
        "person_id": key_of(store, Person, person_uuid) if person_uuid else None,
        "kind": kind.value,
        "grade": grade.value if grade else None,
        "carer_able": None if carer_able is None else int(carer_able),
        "assessed_on": tidy_date(assessed_on),
        "assessor": tidy_text(assessor),
    }
    with store.action(
        f"{name_of_child(store, child_uuid)}：监护照护情况变了", kind="care.set", by=by
    ) as action:
        today = store.clock.today().isoformat()
        open_period(
            store,
            action,
            Care,
            values=values,
            since=tidy_date(since),
            source=tidy_text(source),
            noted_on=today,
        )
        return changes_of(store, action, children=(child_uuid,))


@service
def assess_care(
    store: Store,
    *,
    child_uuid: str,
    grade: CareGrade,
    assessed_on: str,
    assessor: str | None = None,
    by: str | None = None,
) -> Changes:
    """Write a new 监护评估 of the carer there is: another grade from that day on opens a period, the same one only
    moves the day of the assessment. UserError ``care.nobody`` when nobody is recorded.
    """
    child_id = key_of(store, Child, child_uuid)
    words = f"{name_of_child(store, child_uuid)}：监护评估，{grade.label}"
    with store.action(words, kind="care.assess", by=by) as action:
        write_assessment(store, action, child_id, grade, tidy_day(assessed_on), tidy_text(assessor))
        return changes_of(store, action, children=(child_uuid,))


def write_assessment(
    store: Store, action: Action, child_id: int, grade: CareGrade, day: str, assessor: str | None
) -> None:
    """Write inside ``action`` what ``assess_care`` writes."""
    current = open_now(store, Care, {"child_id": child_id})
    if current is None:
        raise refuse("care.nobody")
    values = {**current.values, "grade": grade.value, "assessed_on": day, "assessor": assessor}
    if current.values["grade"] in (None, grade.value) or (current.valid_from or "") >= day:
        action.update(Care, current.uuid, **values)
    else:
        open_period(store, action, Care, values=values, since=day, noted_on=store.clock.today().isoformat())


@service
def record_care_paper(
    store: Store,
    *,
    child_uuid: str,
    kind: CarePaperKind,
    done: bool,
    dated_on: str | None = None,
    form: str | None = None,
    kept_at: str | None = None,
    person_uuid: str | None = None,
    by: str | None = None,
) -> Changes:
    """Write that a paper about the care is there (or was refused), of which day, and where it lies."""
    child_id = key_of(store, Child, child_uuid)
    day = tidy_date(dated_on)
    values = {
        "child_id": child_id,
        "kind": kind.value,
        "done": int(done),
        "dated_on": day,
        "form": tidy_text(form),
        "kept_at": tidy_text(kept_at),
        "person_id": key_of(store, Person, person_uuid) if person_uuid else None,
    }
    words = f"{name_of_child(store, child_uuid)}：{kind.label}，{'已办' if done else '未办'}"
    with store.action(words, kind="care.paper", by=by) as action:
        current = open_now(store, CarePaper, {"child_id": child_id, "kind": kind.value})
        if current is not None and (day is None or (current.valid_from or "") >= day):
            action.update(CarePaper, current.uuid, **values)
        else:
            open_period(store, action, CarePaper, values=values, since=day)
        return changes_of(store, action, children=(child_uuid,))


@service
def flag_category(
    store: Store,
    *,
    child_uuid: str,
    category: Category,
    since: str | None,
    basis: str | None = None,
    evidence_date: str | None = None,
    kept_at: str | None = None,
    by: str | None = None,
) -> Changes:
    """Write that the child belongs to a category from ``since`` on; of one that holds already, basis, date
    and place are corrected where given.
    """
    child_id = key_of(store, Child, child_uuid)
    values = {
        "child_id": child_id,
        "category": category.value,
        "basis": tidy_text(basis),
        "evidence_date": tidy_date(evidence_date),
        "kept_at": tidy_text(kept_at),
    }
    with store.action(
        f"{name_of_child(store, child_uuid)}：类别加{category.label}", kind="category.add", by=by
    ) as action:
        current = open_now(store, CategoryFlag, values)
        if current is not None:
            action.update(CategoryFlag, current.uuid, **{k: v for k, v in values.items() if v is not None})
        else:
            open_period(store, action, CategoryFlag, values=values, since=tidy_date(since))
        return changes_of(store, action, children=(child_uuid,))


@service
def end_category(
    store: Store, *, child_uuid: str, category: Category, on: str, by: str | None = None
) -> Changes:
    """Let a category end on a day; nothing to do when the child does not belong to it."""
    child_id = key_of(store, Child, child_uuid)
    current = open_now(store, CategoryFlag, {"child_id": child_id, "category": category.value})
    if current is None:
        return Changes("", "")
    with store.action(
        f"{name_of_child(store, child_uuid)}：类别去掉{category.label}", kind="category.end", by=by
    ) as action:
        end_period(action, CategoryFlag, current, tidy_day(on))
        return changes_of(store, action, children=(child_uuid,))
