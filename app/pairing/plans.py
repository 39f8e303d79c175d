"""Reading help plans (帮扶计划, domain.md §5.11) and individual plans (个别教育管理方案, restricted)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from msgspec import Struct, field

from app.pairing.codes import Guidance, PlanGrade
from app.pairing.roll import read_roll
from app.school.queries import school_calendar
from app.storage.store import Store

# Names of tables and columns are our own; what a user typed goes in as a parameter.
# ruff: noqa: S608


class MeasureFacts(Struct, frozen=True):
    """One measure: under which guidance, what, when, where, with whom."""

    content: str
    guidance: Guidance | None = None
    planned_for: str | None = None
    place: str | None = None
    participants: str | None = None
    uuid: str = ""


class StageFacts(Struct, frozen=True):
    """One stage as it went; ``entered_on`` is the day it was written down."""

    uuid: str
    happened_on: str
    entered_on: str
    content: str
    reaction: str | None
    effect: str | None


class SpotCheck(Struct, frozen=True):
    """One 抽查 of a plan."""

    uuid: str
    checked_on: str
    checker: str
    opinion: str | None


class HelpPlanFacts(Struct, frozen=True, kw_only=True):
    """The plan of one child for one term, with measures, stages and spot checks in order."""

    uuid: str
    child_uuid: str
    child: str
    class_name: str
    term_uuid: str
    term: str
    key: str
    supporter: str
    situation: str | None = None
    aims: Mapping[Guidance, str] = field(default_factory=dict)
    measures: tuple[MeasureFacts, ...] = ()
    stages: tuple[StageFacts, ...] = ()
    checks: tuple[SpotCheck, ...] = ()
    effect: str | None = None
    grade: PlanGrade | None = None
    reflection: str | None = None
    assessed_on: str | None = None
    assessor: str | None = None


class IndividualPlanFacts(Struct, frozen=True, kw_only=True):
    """The restricted plan of one child for one term."""

    uuid: str
    child_uuid: str
    child: str
    class_name: str
    term_uuid: str
    term: str
    key: str
    supporter: str
    situation: str | None
    aims: str | None
    measures: str | None
    course: str | None
    effect: str | None
    assessed_on: str | None
    assessor: str | None


_HEAD = (
    "SELECT h.uuid, h.id, c.id, t.uuid, s.uuid, coalesce(f.name, s.name), {columns} FROM {table} h"
    " JOIN child c ON c.id = h.child_id AND c.deleted_at IS NULL JOIN term t ON t.id = h.term_id"
    " LEFT JOIN supporter s ON s.id = h.supporter_id LEFT JOIN staff f ON f.id = s.staff_id WHERE h.deleted_at IS NULL"
)
_PLAN = _HEAD.format(
    table="help_plan",
    columns=(
        "h.situation, h.aim_mind, h.aim_life, h.aim_study, h.aim_conduct, h.effect, h.grade, h.reflection,"
        " h.assessed_on, h.assessor"
    ),
)
_INDIVIDUAL = _HEAD.format(
    table="individual_plan",
    columns="h.situation, h.aims, h.measures, h.course, h.effect, h.assessed_on, h.assessor",
)


def help_plan(store: Store, child_uuid: str, term_uuid: str) -> HelpPlanFacts | None:
    """Return the plan of a child for a term; None when there is none."""
    return next(iter(_plans(store, "AND c.uuid = ? AND t.uuid = ?", (child_uuid, term_uuid))), None)


def plans_of_child(store: Store, child_uuid: str) -> tuple[HelpPlanFacts, ...]:
    """Return every plan of a child, the newest term first."""
    return _plans(store, "AND c.uuid = ?", (child_uuid,))


def plan_by_uuid(store: Store, plan_uuid: str) -> HelpPlanFacts | None:
    """Return one plan; None when it is not there any more."""
    return next(iter(_plans(store, "AND h.uuid = ?", (plan_uuid,))), None)


def plan_progress(store: Store, term_uuid: str, on: date) -> Mapping[str, bool]:
    """Return, for every child on the ledger by uuid, whether it has a plan for the term."""
    having = {
        row[0]
        for row in store.rows(
            "SELECT h.child_id FROM help_plan h JOIN term t ON t.id = h.term_id"
            " WHERE h.deleted_at IS NULL AND t.uuid = ?",
            (term_uuid,),
        )
    }
    children = sorted(read_roll(store, on).values(), key=lambda child: child.order)
    return {child.uuid: child.id in having for child in children if child.on_ledger}


def individual_plan(store: Store, child_uuid: str, term_uuid: str) -> IndividualPlanFacts | None:
    """Return the restricted plan of a child for a term; None when there is none."""
    found = individual_plans_of_child(store, child_uuid)
    return next((one for one in found if one.term_uuid == term_uuid), None)


def individual_plans_of_child(store: Store, child_uuid: str) -> tuple[IndividualPlanFacts, ...]:
    """Return every restricted plan of a child, the newest term first."""
    rows = store.rows(f"{_INDIVIDUAL} AND c.uuid = ? ORDER BY t.starts_on DESC, h.id", (child_uuid,))
    if not rows:
        return ()
    roll, words = read_roll(store, store.clock.today()), _term_words(store)
    found = []
    for uuid, _, child_id, term, key, supporter, *texts in rows:
        situation, aims, measures, course, effect, assessed_on, assessor = texts
        found.append(
            IndividualPlanFacts(
                uuid=uuid,
                child_uuid=child_uuid,
                child=roll[child_id].name,
                class_name=roll[child_id].class_name,
                term_uuid=term,
                term=words.get(term, ""),
                key=key or "",
                supporter=supporter or "",
                situation=situation,
                aims=aims,
                measures=measures,
                course=course,
                effect=effect,
                assessed_on=assessed_on,
                assessor=assessor,
            )
        )
    return tuple(found)


def _plans(store: Store, where: str, params: tuple[str, ...]) -> tuple[HelpPlanFacts, ...]:
    rows = store.rows(f"{_PLAN} {where} ORDER BY t.starts_on DESC, h.id", params)
    if not rows:
        return ()
    roll, words = read_roll(store, store.clock.today()), _term_words(store)
    return tuple(_plan(store, row, roll[row[2]].name, roll[row[2]].class_name, words) for row in rows)


def _plan(
    store: Store, row: tuple[Any, ...], child: str, class_name: str, words: Mapping[str, str]
) -> HelpPlanFacts:
    uuid, plan_id, child_id, term, key, supporter, situation, *more = row
    *aims, effect, grade, reflection, assessed_on, assessor = more
    child_uuid = store.one("SELECT uuid FROM child WHERE id = ?", (child_id,))
    return HelpPlanFacts(
        uuid=uuid,
        child_uuid=child_uuid[0] if child_uuid else "",
        child=child,
        class_name=class_name,
        term_uuid=term,
        term=words.get(term, ""),
        key=key or "",
        supporter=supporter or "",
        situation=situation,
        aims={guidance: aim for guidance, aim in zip(Guidance, aims, strict=True) if aim},
        measures=tuple(
            MeasureFacts(content, Guidance.of(guidance), planned_for, place, participants, one)
            for one, content, guidance, planned_for, place, participants in _details(
                store,
                "help_measure",
                "content, guidance, planned_for, place, participants",
                plan_id,
                "position",
            )
        ),
        stages=tuple(
            StageFacts(*stage)
            for stage in _details(
                store,
                "help_stage",
                "happened_on, entered_on, content, reaction, effect",
                plan_id,
                "happened_on",
            )
        ),
        checks=tuple(
            SpotCheck(*check)
            for check in _details(store, "help_check", "checked_on, checker, opinion", plan_id, "checked_on")
        ),
        effect=effect,
        grade=PlanGrade.of(grade),
        reflection=reflection,
        assessed_on=assessed_on,
        assessor=assessor,
    )


def _details(store: Store, table: str, columns: str, plan_id: int, order: str) -> list[tuple[Any, ...]]:
    return store.rows(
        f"SELECT uuid, {columns} FROM {table} WHERE help_plan_id = ? AND deleted_at IS NULL ORDER BY {order}, id",
        (plan_id,),
    )


def _term_words(store: Store) -> dict[str, str]:
    return {term.uuid: term.words for term in school_calendar(store).terms}
