"""Help plans: one per child and term, measures kept by row, stages with the day they were written down, spot checks."""

from app.core.progress import no_progress
from app.pairing.codes import Guidance, PlanGrade
from app.pairing.plans import (
    MeasureFacts,
    help_plan,
    individual_plan,
    individual_plans_of_child,
    plan_progress,
    plans_of_child,
)
from app.pairing.service_plans import (
    HelpPlanDraft,
    IndividualPlanDraft,
    add_check,
    add_stage,
    change_stage,
    remove_individual_plan,
    remove_plan,
    remove_stage,
    save_individual_plan,
    save_plan,
)
from app.school.queries import school_calendar
from app.storage.history import actions, undo
from app.storage.snapshot import take_snapshot
from app.storage.withheld import without_restricted
from tests.app.pairing.conftest import refused
from tests.app.pairing.test_service_pairs import DAY


def test_a_plan_from_its_aims_to_its_assessment(store, who):
    """Saved twice it is one plan; a measure that stays keeps its row; undoing the removal brings everything back."""
    term = school_calendar(store).term_in_force(DAY).uuid
    child = who.children["谭晓东"]
    with refused("plan.empty_measure"):
        save_plan(store, draft=HelpPlanDraft(child_uuid=child, term_uuid=term, measures=[MeasureFacts(" ")]))
    with refused("plan.no_term"):
        save_plan(store, draft=HelpPlanDraft(child_uuid=child, term_uuid="x"))
    first = HelpPlanDraft(
        child_uuid=child,
        term_uuid=term,
        key=who.staff["李国平"],
        situation="不爱说话",
        aims={Guidance.MIND: "愿意开口", Guidance.STUDY: "数学及格"},
        measures=[MeasureFacts("每周谈心", Guidance.MIND, "周三"), MeasureFacts("补课", Guidance.STUDY)],
    )
    save_plan(store, draft=first)
    made = help_plan(store, child, term)
    assert (made.supporter, [one.content for one in made.measures]) == ("李国平", ["每周谈心", "补课"])
    assert made.aims == {Guidance.MIND: "愿意开口", Guidance.STUDY: "数学及格"}
    second = HelpPlanDraft(
        child_uuid=child, term_uuid=term, key=made.key, situation="不爱说话", measures=[made.measures[1]],
        grade=PlanGrade.GOOD, assessed_on="2026-11-20", assessor="陈素兰",
    )  # fmt: skip
    save_plan(store, draft=second)
    changed = help_plan(store, child, term)
    assert (changed.uuid, changed.measures) == (made.uuid, (made.measures[1],))
    assert (changed.grade, changed.aims) == (PlanGrade.GOOD, {})
    add_stage(store, plan_uuid=made.uuid, happened_on="2026-10-10", content="家访一次", reaction="高兴")
    with refused("plan.future"):
        add_stage(store, plan_uuid=made.uuid, happened_on="2026-12-10", content="家访")
    with refused("plan.empty"):
        add_stage(store, plan_uuid=made.uuid, happened_on="2026-10-10", content=" ")
    stage = help_plan(store, child, term).stages[0]
    assert (stage.happened_on, stage.entered_on) == ("2026-10-10", "2026-11-21")
    change_stage(store, stage_uuid=stage.uuid, happened_on="2026-10-11", content="家访两次")
    with refused("plan.no_checker"):
        add_check(store, plan_uuid=made.uuid, checked_on="2026-11-01", checker="")
    add_check(store, plan_uuid=made.uuid, checked_on="2026-11-01", checker="校长", opinion="好")
    whole = plans_of_child(store, child)
    assert whole[0].stages[0].content == "家访两次"
    assert plan_progress(store, term, DAY)[child]
    assert sum(plan_progress(store, term, DAY).values()) == 1
    gone = remove_plan(store, plan_uuid=made.uuid)
    assert plans_of_child(store, child) == ()
    undo(store, gone.action_uuid, by=None)
    assert plans_of_child(store, child) == whole
    remove_stage(store, stage_uuid=stage.uuid)
    with refused("plan.no_such_plan"):
        remove_stage(store, stage_uuid=stage.uuid)
    said = [row.words.partition("：")[2] for row in actions(store) if row.kind.startswith("plan.")]
    assert said == [
        "删了一次帮扶阶段情况", "删了帮扶计划", "记了一次帮扶计划抽查", "改了一次帮扶阶段情况", "记了一次帮扶阶段情况",
        "改了帮扶计划", "写了帮扶计划",
    ]  # fmt: skip


def test_the_individual_plan_is_its_own(store, who):
    """The restricted plan is saved and changed beside the help plan and appears in none of its lists."""
    term = school_calendar(store).term_in_force(DAY).uuid
    child = who.children["向阳"]
    save_individual_plan(store, draft=IndividualPlanDraft(child_uuid=child, term_uuid=term, aims="不再逃课"))
    save_individual_plan(store, draft=IndividualPlanDraft(child_uuid=child, term_uuid=term, aims="按时到校"))
    assert individual_plan(store, child, term).aims == "按时到校"
    assert help_plan(store, child, term) is None
    made = individual_plan(store, child, term)
    gone = remove_individual_plan(store, plan_uuid=made.uuid)
    assert individual_plan(store, child, term) is None
    with refused("plan.no_such_plan"):
        remove_individual_plan(store, plan_uuid=made.uuid)
    undo(store, gone.action_uuid, by=None)
    assert individual_plans_of_child(store, child) == (made,)


def test_no_byte_of_an_individual_plan_goes_to_the_town(store, who, tmp_path):
    """Not of one that is there, not of one that was taken away, not of what stood there before it was changed."""
    term = school_calendar(store).term_in_force(DAY).uuid
    texts = ("两次离校出走到县城", "每天放学见一面谈五分钟", "和奶奶吵架摔了门")
    child = who.children["向阳"]
    save_individual_plan(
        store, draft=IndividualPlanDraft(child_uuid=child, term_uuid=term, situation=texts[0])
    )
    save_individual_plan(
        store, draft=IndividualPlanDraft(child_uuid=child, term_uuid=term, situation=texts[1])
    )
    other = IndividualPlanDraft(child_uuid=who.children["张伟"], term_uuid=term, course=texts[2])
    save_individual_plan(store, draft=other)
    found = individual_plan(store, who.children["张伟"], term)
    remove_individual_plan(store, plan_uuid=found.uuid)
    whole = take_snapshot(store, tmp_path, day="2026-11-21", progress=no_progress)
    before = whole.path.read_bytes()
    assert [text for text in texts if text.encode() not in before] == []
    after = without_restricted(whole, day="2026-11-21").path.read_bytes()
    assert [text for text in (*texts, "个别教育管理方案") if text.encode() in after] == []
