"""Writing help plans: the plan with its measures as one, its stages and spot checks one by one; individual plans."""

from collections.abc import Mapping, Sequence

from msgspec import Struct, field

from app.children.affected import name_of_child
from app.children.identity import tidy_date, tidy_day, tidy_text
from app.children.periods import key_of
from app.children.tables import Child
from app.core.changes import Changes
from app.core.messages import refuse
from app.pairing.codes import Guidance, PlanGrade
from app.pairing.plans import HelpPlanFacts, MeasureFacts, plan_by_uuid
from app.pairing.service_pairs import changes_with
from app.pairing.service_supporters import ensure_supporter
from app.pairing.tables import HelpCheck, HelpMeasure, HelpPlan, HelpStage, IndividualPlan
from app.storage.action import Action
from app.storage.base import Row
from app.storage.entry_day import entry_day
from app.storage.service import service
from app.storage.store import Store


class HelpPlanDraft(Struct, frozen=True, kw_only=True):
    """What the form of a help plan holds. ``key`` "" = no supporter named; the measures are all there are."""

    child_uuid: str
    term_uuid: str
    key: str = ""
    situation: str = ""
    aims: dict[Guidance, str] = field(default_factory=dict)
    measures: Sequence[MeasureFacts] = ()
    effect: str = ""
    grade: PlanGrade | None = None
    reflection: str = ""
    assessed_on: str | None = None
    assessor: str = ""


class IndividualPlanDraft(Struct, frozen=True, kw_only=True):
    """What the form of an individual plan holds."""

    child_uuid: str
    term_uuid: str
    key: str = ""
    situation: str = ""
    aims: str = ""
    measures: str = ""
    course: str = ""
    effect: str = ""
    assessed_on: str | None = None
    assessor: str = ""


@service
def save_plan(store: Store, *, draft: HelpPlanDraft, by: str | None = None) -> Changes:
    """Save the plan of a child for a term with its measures; saving it again changes the one there is.

    A measure that stays the same keeps its row. UserError ``plan.empty_measure``, ``plan.no_term``, ``date.bad``.
    """
    for number, measure in enumerate(draft.measures, start=1):
        if tidy_text(measure.content) is None:
            raise refuse("plan.empty_measure", number=number)
    words = f"{name_of_child(store, draft.child_uuid)}：{_verb(store, HelpPlan, draft)}帮扶计划"
    with store.action(words, kind="plan.save", by=by) as action:
        aims = {f"aim_{guidance.value}": tidy_text(draft.aims.get(guidance)) for guidance in Guidance}
        values = {
            "situation": tidy_text(draft.situation),
            **aims,
            "effect": tidy_text(draft.effect),
            "grade": None if draft.grade is None else draft.grade.value,
            "reflection": tidy_text(draft.reflection),
            "assessed_on": tidy_date(draft.assessed_on, whole=True),
            "assessor": tidy_text(draft.assessor),
        }
        child, plan = _written(store, action, HelpPlan, draft.child_uuid, draft.term_uuid, draft.key, values)
        _write_measures(store, action, child, plan, draft.measures)
        return changes_with(action, [draft.child_uuid])


@service
def save_individual_plan(store: Store, *, draft: IndividualPlanDraft, by: str | None = None) -> Changes:
    """Save the restricted plan of a child for a term; saving it again changes the one there is."""
    words = f"{name_of_child(store, draft.child_uuid)}：{_verb(store, IndividualPlan, draft)}个别教育管理方案"
    with store.action(words, kind="plan.individual", by=by) as action:
        values = {
            "situation": tidy_text(draft.situation),
            "aims": tidy_text(draft.aims),
            "measures": tidy_text(draft.measures),
            "course": tidy_text(draft.course),
            "effect": tidy_text(draft.effect),
            "assessed_on": tidy_date(draft.assessed_on, whole=True),
            "assessor": tidy_text(draft.assessor),
        }
        _written(store, action, IndividualPlan, draft.child_uuid, draft.term_uuid, draft.key, values)
        return changes_with(action, [draft.child_uuid])


@service
def remove_plan(store: Store, *, plan_uuid: str, by: str | None = None) -> Changes:
    """Move a help plan with its measures, stages and spot checks to the bin; undoing brings all of it back."""
    plan = _known(store, plan_uuid)
    with store.action(
        f"{name_of_child(store, plan.child_uuid)}：删了帮扶计划", kind="plan.remove", by=by
    ) as action:
        for one in plan.measures:
            action.soft_delete(HelpMeasure, one.uuid)
        for stage in plan.stages:
            action.soft_delete(HelpStage, stage.uuid)
        for check in plan.checks:
            action.soft_delete(HelpCheck, check.uuid)
        action.soft_delete(HelpPlan, plan_uuid)
        return changes_with(action, [plan.child_uuid])


@service
def remove_individual_plan(store: Store, *, plan_uuid: str, by: str | None = None) -> Changes:
    """Move a restricted plan to the bin; undoing brings it back. UserError ``plan.no_such_plan``."""
    return _remove(store, IndividualPlan, plan_uuid, "删了个别教育管理方案", by)


@service
def add_stage(
    store: Store,
    *,
    plan_uuid: str,
    happened_on: str,
    content: str,
    reaction: str | None = None,
    effect: str | None = None,
    by: str | None = None,
) -> Changes:
    """Write down how one stage of a plan went; the day it is written down stays with it for ever (补录)."""
    plan = _known(store, plan_uuid)
    values = _stage(store, happened_on, content, reaction, effect)
    with store.action(
        f"{name_of_child(store, plan.child_uuid)}：记了一次帮扶阶段情况", kind="plan.stage", by=by
    ) as action:
        action.insert(HelpStage, **_of(store, plan), **values, entered_on=entry_day(store))
        return changes_with(action, [plan.child_uuid])


@service
def change_stage(
    store: Store,
    *,
    stage_uuid: str,
    happened_on: str,
    content: str,
    reaction: str | None = None,
    effect: str | None = None,
    by: str | None = None,
) -> Changes:
    """Correct what was written about a stage."""
    child = _child_of(store, HelpStage, stage_uuid)
    values = _stage(store, happened_on, content, reaction, effect)
    with store.action(
        f"{name_of_child(store, child)}：改了一次帮扶阶段情况", kind="plan.stage_change", by=by
    ) as action:
        action.update(HelpStage, stage_uuid, **values)
        return changes_with(action, [child])


@service
def remove_stage(store: Store, *, stage_uuid: str, by: str | None = None) -> Changes:
    """Take away a stage that was written down by mistake."""
    return _remove(store, HelpStage, stage_uuid, "删了一次帮扶阶段情况", by)


@service
def add_check(
    store: Store,
    *,
    plan_uuid: str,
    checked_on: str,
    checker: str,
    opinion: str | None = None,
    by: str | None = None,
) -> Changes:
    """Write down a spot check (抽查) of a plan: when, by whom, what was said. UserError ``plan.no_checker``."""
    plan = _known(store, plan_uuid)
    day = _past_day(store, checked_on)
    who = tidy_text(checker)
    if who is None:
        raise refuse("plan.no_checker")
    with store.action(
        f"{name_of_child(store, plan.child_uuid)}：记了一次帮扶计划抽查", kind="plan.check", by=by
    ) as action:
        action.insert(HelpCheck, **_of(store, plan), checked_on=day, checker=who, opinion=tidy_text(opinion))
        return changes_with(action, [plan.child_uuid])


@service
def remove_check_of_plan(store: Store, *, check_uuid: str, by: str | None = None) -> Changes:
    """Take away a spot check that was written down by mistake."""
    return _remove(store, HelpCheck, check_uuid, "删了一次帮扶计划抽查", by)


def _written(
    store: Store,
    action: Action,
    model: type[Row],
    child_uuid: str,
    term_uuid: str,
    key: str,
    texts: Mapping[str, object],
) -> tuple[int, int]:
    """Write the one plan of a child and term; return the keys of child and plan."""
    child = key_of(store, Child, child_uuid)
    term = store.one("SELECT id FROM term WHERE uuid = ? AND deleted_at IS NULL", (term_uuid,))
    if term is None:
        raise refuse("plan.no_term")
    values = {**texts, "supporter": ensure_supporter(store, action, key) if key else None}
    row = store.one(
        f"SELECT id FROM {model._meta.table_name}"  # noqa: S608  # our own names
        " WHERE child_id = ? AND term_id = ? AND deleted_at IS NULL",
        (child, term[0]),
    )
    if row is not None:
        action.update(model, int(row[0]), **values)
        return child, int(row[0])
    return child, action.insert(model, child=child, term=term[0], **values)


def _verb(store: Store, model: type[Row], draft: HelpPlanDraft | IndividualPlanDraft) -> str:
    """Return 写了 or 改了: whether the child has its plan for the term already."""
    row = store.one(
        f"SELECT 1 FROM {model._meta.table_name} h JOIN child c ON c.id = h.child_id"  # noqa: S608  # our own names
        " JOIN term t ON t.id = h.term_id WHERE c.uuid = ? AND t.uuid = ? AND h.deleted_at IS NULL",
        (draft.child_uuid, draft.term_uuid),
    )
    return "写了" if row is None else "改了"


def _write_measures(
    store: Store, action: Action, child: int, plan: int, measures: Sequence[MeasureFacts]
) -> None:
    """Make the measures of a plan those given, in their order; ``uuid`` names a row that is there already."""
    there = {
        row[0]
        for row in store.rows(
            "SELECT uuid FROM help_measure WHERE help_plan_id = ? AND deleted_at IS NULL", (plan,)
        )
    }
    for uuid in there - {measure.uuid for measure in measures}:
        action.soft_delete(HelpMeasure, uuid)
    for position, measure in enumerate(measures, start=1):
        values = {
            "position": position,
            "guidance": None if measure.guidance is None else measure.guidance.value,
            "content": tidy_text(measure.content),
            "planned_for": tidy_text(measure.planned_for),
            "place": tidy_text(measure.place),
            "participants": tidy_text(measure.participants),
        }
        if measure.uuid in there:
            action.update(HelpMeasure, measure.uuid, **values)
        else:
            action.insert(HelpMeasure, child=child, help_plan=plan, **values)


def _stage(
    store: Store, happened_on: str, content: str, reaction: str | None, effect: str | None
) -> dict[str, object]:
    told = tidy_text(content)
    if told is None:
        raise refuse("plan.empty")
    day = _past_day(store, happened_on)
    return {"happened_on": day, "content": told, "reaction": tidy_text(reaction), "effect": tidy_text(effect)}


def _past_day(store: Store, text: str) -> str:
    day = tidy_day(text, whole=True)
    if day > entry_day(store):
        raise refuse("plan.future", on=day)
    return day


def _known(store: Store, plan_uuid: str) -> HelpPlanFacts:
    plan = plan_by_uuid(store, plan_uuid)
    if plan is None:
        raise refuse("plan.no_such_plan")
    return plan


def _of(store: Store, plan: HelpPlanFacts) -> dict[str, object]:
    return {"child": key_of(store, Child, plan.child_uuid), "help_plan": key_of(store, HelpPlan, plan.uuid)}


def _child_of(store: Store, model: type[Row], uuid: str) -> str:
    row = store.one(
        f"SELECT c.uuid FROM {model._meta.table_name} h"  # noqa: S608  # our own names
        " JOIN child c ON c.id = h.child_id WHERE h.uuid = ? AND h.deleted_at IS NULL",
        (uuid,),
    )
    if row is None:
        raise refuse("plan.no_such_plan")
    return str(row[0])


def _remove(store: Store, model: type[Row], uuid: str, words: str, by: str | None) -> Changes:
    child = _child_of(store, model, uuid)
    with store.action(f"{name_of_child(store, child)}：{words}", kind="plan.remove_line", by=by) as action:
        action.soft_delete(model, uuid)
        return changes_with(action, [child])
