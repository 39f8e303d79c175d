"""Writing the term's survey: opening and closing a round, noting that children were checked."""

from collections.abc import Collection, Sequence
from datetime import date

from msgspec import Struct

from app.children.affected import name_of_child
from app.children.identity import tidy_day
from app.children.periods import key_of
from app.children.tables import Child
from app.core.changes import Changes
from app.core.messages import refuse
from app.school.calendar import Term
from app.school.queries import school_calendar
from app.school.service_calendar import check_year
from app.storage.action import Action
from app.storage.service import service
from app.storage.store import Store
from app.survey.codes import Way
from app.survey.queries import open_survey, surveys, told_apart
from app.survey.tables import Survey, SurveyCheck

AREAS = frozenset({"survey", "todo", "children"})


class Checked(Struct, frozen=True):
    """That one child was checked against its facts; ``on`` an ISO day."""

    child_uuid: str
    on: str
    by: str
    way: Way
    changed: bool
    note: str | None = None


def usual_name(term: Term, taken: Collection[str] = ()) -> str:
    """Return what a round of a term is called when nobody named it: 2026年秋季摸底核实, the next with （第 2 次）."""
    return told_apart(f"{term.season}摸底核实", taken)


def next_name(store: Store) -> str:
    """Return ``usual_name`` of a round that begins today: one in January belongs to the autumn term."""
    term = school_calendar(store).term_nearest(store.clock.today())
    return usual_name(term, {one.name for one in surveys(store)})


@service
def begin_survey(
    store: Store, *, name: str, starts_on: date, due_on: date | None = None, by: str | None = None
) -> Changes:
    """Open a round. UserError ``survey.open_already`` while another one is under way, ``survey.no_name``,
    ``survey.due_before``, ``school.year_range``. The next round of a name is …（第 2 次）: class sheets carry it and say of
    which round they are.
    """
    title = name.strip()
    if not title:
        raise refuse("survey.no_name")
    check_year(starts_on.year)
    if due_on is not None and due_on < starts_on:
        raise refuse("survey.due_before")
    running = open_survey(store)
    if running is not None:
        raise refuse("survey.open_already", name=running.name)
    title = told_apart(title, {one.name for one in surveys(store)})
    with store.action(f"开始摸底核实：{title}", kind="survey.begin", by=by) as action:
        action.insert(
            Survey,
            name=title,
            term_id=_term_id(store, starts_on),
            starts_on=starts_on.isoformat(),
            due_on=None if due_on is None else due_on.isoformat(),
        )
        return action.changes(AREAS)


@service
def close_survey(store: Store, *, uuid: str, by: str | None = None) -> Changes:
    """End a round; who was not checked stays listed as such. UserError ``survey.unknown``."""
    row = store.one("SELECT id, name, closed_on FROM survey WHERE uuid = ? AND deleted_at IS NULL", (uuid,))
    if row is None:
        raise refuse("survey.unknown")
    with store.action(f"结束摸底核实：{row[1]}", kind="survey.close", by=by) as action:
        if row[2] is None:
            action.update(Survey, row[0], closed_on=store.clock.today().isoformat())
        return action.changes(AREAS)


@service
def note_checks(store: Store, *, checks: Sequence[Checked], by: str | None = None) -> Changes:
    """Note for children that they were checked in the round under way; checked again, the later check stands.

    UserError ``survey.none_open``, ``child.unknown``, ``survey.no_checker``, ``survey.check_future``,
    ``survey.check_before`` for a day before the round began, and ``date.bad`` or ``date.no_day`` for what is no day.
    """
    running = open_survey(store)
    for check in checks:
        day = tidy_day(check.on, whole=True)
        if day > store.clock.today().isoformat():
            raise refuse("survey.check_future", on=check.on)
        if running is not None and not running.counts(day):
            raise refuse("survey.check_before", on=check.on, begun=running.starts_on)
    who = name_of_child(store, checks[0].child_uuid) if len(checks) == 1 else f"{len(checks)} 名儿童"
    with store.action(f"已核实：{who}", kind="survey.check", by=by) as action:
        write_checks(store, action, checks)
        return action.changes(AREAS)


def write_checks(store: Store, action: Action, checks: Sequence[Checked]) -> int:
    """Write checks within an action that does more (an import) and return how many children they are of."""
    running = open_survey(store)
    if running is None:
        raise refuse("survey.none_open")
    survey_id = key_of(store, Survey, running.uuid)
    for check in checks:
        if not check.by.strip():
            raise refuse("survey.no_checker")
        child_id = key_of(store, Child, check.child_uuid)
        values = {
            "checked_on": check.on,
            "checked_by": check.by,
            "way": check.way.value,
            "changed": int(check.changed),
            "note": check.note,
        }
        row = store.one(
            "SELECT id FROM survey_check WHERE survey_id = ? AND child_id = ? AND deleted_at IS NULL",
            (survey_id, child_id),
        )
        if row is None:
            action.insert(SurveyCheck, child_id=child_id, survey_id=survey_id, **values)
        else:
            action.update(SurveyCheck, row[0], **values)
    return len(checks)


def _term_id(store: Store, day: date) -> int | None:
    term = school_calendar(store).term_nearest(day)
    row = store.one(
        "SELECT t.id FROM term t JOIN school_year y ON y.id = t.school_year_id"
        " WHERE y.start_year = ? AND t.ordinal = ? AND t.deleted_at IS NULL",
        (term.school_year, term.ordinal),
    )
    return None if row is None else int(row[0])
