"""The sheets of the plans: 帮扶计划表, and the restricted 个别教育管理方案 (domain.md §5.11)."""

from pathlib import Path
from typing import BinaryIO

from app.children.categories import categories_on
from app.core.messages import refuse
from app.pairing.codes import Guidance
from app.pairing.plans import HelpPlanFacts, IndividualPlanFacts, help_plan, individual_plan
from app.paper.plan_head import PlanHead
from app.paper.printing import PrintResult
from app.storage.store import Store
from app.tasks.case_papers import school_name, stamp_of


def make_help_plan_sheet(store: Store, child_uuid: str, term_uuid: str, out: Path | BinaryIO) -> PrintResult:
    """Write the plan of a child for a term. UserError ``plan.no_such_plan`` when there is none."""
    from app.paper.help_plan_sheet import HelpPlanSheet, render_help_plan

    plan = help_plan(store, child_uuid, term_uuid)
    if plan is None:
        raise refuse("plan.no_such_plan")
    sheet = HelpPlanSheet(
        head=_head(store, child_uuid, plan),
        situation=plan.situation or "",
        aims=[(guidance.label, plan.aims.get(guidance, "")) for guidance in Guidance],
        measures=[
            (
                measure.guidance.label if measure.guidance else "",
                measure.content,
                measure.planned_for or "",
                measure.place or "",
                measure.participants or "",
            )
            for measure in plan.measures
        ],
        stages=[(one.happened_on, one.content, one.reaction or "", one.effect or "") for one in plan.stages],
        checks=[(one.checked_on, one.checker, one.opinion or "") for one in plan.checks],
        effect=plan.effect or "",
        reflection=plan.reflection or "",
        assessed=_assessed(plan),
    )
    return render_help_plan(sheet, out, stamp=stamp_of(store, store.clock.today().isoformat()))


def make_individual_plan_sheet(
    store: Store, child_uuid: str, term_uuid: str, out: Path | BinaryIO
) -> PrintResult:
    """Write the restricted plan of a child for a term. UserError ``plan.no_such_plan`` when there is none."""
    from app.paper.individual_plan_sheet import IndividualPlanSheet, render_individual_plan

    plan = individual_plan(store, child_uuid, term_uuid)
    if plan is None:
        raise refuse("plan.no_such_plan")
    sheet = IndividualPlanSheet(
        head=_head(store, child_uuid, plan),
        situation=plan.situation or "",
        aims=plan.aims or "",
        measures=plan.measures or "",
        course=plan.course or "",
        effect=plan.effect or "",
        assessed=_assessed(plan),
    )
    return render_individual_plan(sheet, out, stamp=stamp_of(store, store.clock.today().isoformat()))


def _head(store: Store, child_uuid: str, plan: HelpPlanFacts | IndividualPlanFacts) -> PlanHead:
    (child_id,) = store.rows("SELECT id FROM child WHERE uuid = ?", (child_uuid,))[0]
    return PlanHead(
        school=school_name(store),
        term=plan.term,
        child=plan.child,
        class_name=plan.class_name,
        categories="、".join(categories_on(store, child_id, store.clock.today())),
        supporter=plan.supporter,
    )


def _assessed(plan: HelpPlanFacts | IndividualPlanFacts) -> str:
    grade = plan.grade.label if isinstance(plan, HelpPlanFacts) and plan.grade else ""
    return "　".join(word for word in (grade, plan.assessor or "", plan.assessed_on or "") if word)
