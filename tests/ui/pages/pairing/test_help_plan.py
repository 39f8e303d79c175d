"""The help plan of a child: each field saved on leaving it, measures and stages through their panels, drafts kept."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.dossier.change_history import change_history
from app.pairing.codes import Guidance, Identity, PairingKind
from app.pairing.plans import help_plan, individual_plan
from app.pairing.queries import supporters, unpaired
from app.pairing.service_pairs import pair
from app.pairing.service_plans import HelpPlanDraft, save_plan
from app.school.queries import school_calendar
from tests.ui.pages.pairing.conftest import WAIT, type_in
from ui.pages.pairing.plan_page import HelpPlanPage
from ui.pages.pairing.plan_panels import PlanPanel
from ui.theme import Breakpoint
from ui.widgets.cuts import cuts_of


@pytest.fixture
def child(school, asked):
    """A child without a plan."""
    today = school.clock.today()
    for one in asked(unpaired, today):
        if asked(_plan_of, one.uuid) is None:
            return one
    raise AssertionError("every child has a plan")


def _plan_of(store, child):
    term = school_calendar(store).term_in_force(store.clock.today())
    return help_plan(store, child, term.uuid)


@pytest.fixture
def page(school, child, qtbot, settles):
    made = HelpPlanPage(school)
    qtbot.addWidget(made)
    made.resize(1222, 656)
    made.open_with(uuid=child.uuid)
    made.show()
    qtbot.waitUntil(lambda: made._loaded is not None, timeout=WAIT)
    settles()
    return made


def plan(asked, child):
    return asked(_plan_of, child.uuid)


def test_each_field_is_saved_on_leaving_it(page, child, asked, school, settles):
    for name, words in (("situation", "在家没人辅导"), ("aim_study", "作业每天交齐")):
        page.fields[name].setFocus()
        type_in(page.fields[name], words)
        page.fields[name].leave()
    settles()
    found = plan(asked, child)
    assert found.situation == "在家没人辅导"
    assert found.aims == {Guidance.STUDY: "作业每天交齐"}


def test_measures_and_stages_are_written_changed_and_taken_away(page, child, asked, school, settles):
    page.parts.measure(None)
    panel = school.dialogs.panels[-1]
    assert isinstance(panel, PlanPanel)
    panel.buttons["save"].click()
    assert "请写做什么" in panel._reason.text()
    type_in(panel.fields["content"], "放学后辅导半小时")
    type_in(panel.fields["planned_for"], "每周二")
    panel.buttons["save"].click()
    settles()
    (measure,) = plan(asked, child).measures
    assert (measure.content, measure.planned_for) == ("放学后辅导半小时", "每周二")

    page.parts.measure(0)
    panel = school.dialogs.panels[-1]
    panel.fields["place"].setText("办公室")
    panel.buttons["save"].click()
    settles()
    (again,) = plan(asked, child).measures
    assert (again.uuid, again.place) == (measure.uuid, "办公室")

    page.parts.stage(None)
    panel = school.dialogs.panels[-1]
    type_in(panel.fields["content"], "摸清哪里不会")
    panel.buttons["save"].click()
    settles()
    (stage,) = plan(asked, child).stages
    page.parts.stage(stage)
    school.dialogs.panels[-1].buttons["remove"].click()
    settles()
    assert plan(asked, child).stages == ()
    assert school.undo_last()
    settles()
    assert [one.content for one in plan(asked, child).stages] == ["摸清哪里不会"]


def test_a_stage_of_a_plan_that_is_not_there_yet_begins_the_plan(page, child, asked, school, settles):
    page.parts.check()
    settles()
    panel = school.dialogs.panels[-1]
    type_in(panel.fields["opinion"], "措施落实")
    panel.buttons["save"].click()
    settles()
    (check,) = plan(asked, child).checks
    assert (check.checker, check.opinion) == ("陈素兰", "措施落实")


def test_nothing_is_cut_in_a_narrow_window(page, settles):
    page.resize(831, 388)
    page.set_breakpoint(Breakpoint.NARROW)
    settles()
    assert not cuts_of(page)


# ---- taken away, and the terms before ------------------------------------------------------------------------------


def test_a_plan_is_taken_away_with_all_its_parts_and_comes_back(page, child, asked, school, settles):
    type_in(page.fields["situation"], "在家没人辅导")
    page.fields["situation"].leave()
    settles()
    page.parts.stage(None)
    panel = school.dialogs.panels[-1]
    type_in(panel.fields["content"], "摸清哪里不会")
    panel.buttons["save"].click()
    settles()
    page._remove.click()
    question, lines, verbs = school.dialogs.asked[-1]
    assert "删去" in question
    assert "一起删去：阶段 1 次。" in lines
    assert verbs[0] == "先不动"
    assert plan(asked, child) is not None

    school.dialogs.choices.append("remove")
    page._ask_remove()
    settles()
    assert plan(asked, child) is None
    assert page.fields["situation"].value == ""
    assert not page._remove.isVisible()
    assert school.undo_last()
    settles()
    assert [one.content for one in plan(asked, child).stages] == ["摸清哪里不会"]


def test_the_plan_of_an_earlier_term_can_be_chosen(page, child, asked, school, settles):
    earlier = page._loaded.terms[1]
    draft = HelpPlanDraft(child_uuid=child.uuid, term_uuid=earlier.uuid, situation="去年的")
    school.write(save_plan, draft=draft)
    settles()
    page._fill_terms()
    words = [action.text() for action in page._terms.actions()]
    assert [text for text in words if "有计划" in text] == [f"{earlier.short_words}　有计划"]
    page._choose(earlier)
    settles()
    assert page.fields["situation"].value == "去年的"


# ---- 个别方案 -------------------------------------------------------------------------------------------------------


@pytest.fixture
def individual(page, settles):
    """The page with the restricted plan in front, gone to by keyboard."""
    page.tabs.setFocus()
    QTest.keyClick(page.tabs, Qt.Key.Key_Right)
    settles()
    assert page.tabs.current == "individual"
    return page


def restricted(asked, child):
    def read(store):
        term = school_calendar(store).term_in_force(store.clock.today())
        return individual_plan(store, child.uuid, term.uuid)

    return asked(read)


def test_the_individual_plan_is_written_field_by_field_and_is_not_the_help_plan(
    individual, child, asked, school, settles, qtbot
):
    assert not individual._print.isEnabled()
    for name, words in (("situation", "两次离校出走"), ("aims", "按时到校"), ("measures", "每天放学见一面")):
        individual.fields[name].setFocus()
        type_in(individual.fields[name], words)
        individual.fields[name].leave()
    settles()
    found = restricted(asked, child)
    assert (found.situation, found.aims, found.measures) == ("两次离校出走", "按时到校", "每天放学见一面")
    assert plan(asked, child) is None
    assert individual._print.isEnabled()
    QTest.keyClick(individual, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    settles()
    qtbot.waitUntil(lambda: individual.papers.panel is not None, timeout=WAIT)
    assert individual.papers.panel.head.text() == "个别教育管理方案"
    individual.papers.panel.answer("close")
    school.dialogs.choices.append("remove")
    individual._ask_remove()
    settles()
    assert restricted(asked, child) is None
    assert school.undo_last()
    settles()
    assert restricted(asked, child).aims == "按时到校"


def test_the_childs_open_history_does_not_tell_of_it(individual, child, asked, settles):
    type_in(individual.fields["situation"], "两次离校出走")
    individual.fields["situation"].leave()
    settles()
    assert restricted(asked, child).situation == "两次离校出走"
    assert "出走" not in repr(asked(change_history, child.uuid))


def test_nothing_is_cut_in_the_individual_plan_in_a_narrow_window(individual, settles):
    individual.resize(831, 388)
    individual.set_breakpoint(Breakpoint.NARROW)
    settles()
    assert not cuts_of(individual)


def test_a_new_plan_opened_from_a_supporter_is_proposed_to_that_one(school, child, asked, qtbot, settles):
    today = school.clock.today()
    keys = [one.key for one in asked(supporters, today) if one.present and one.identity is Identity.STAFF][:2]
    for kind, key in zip((PairingKind.MENTOR, PairingKind.SUPPORT_TEACHER), keys, strict=True):
        asked(pair, child_uuid=child.uuid, kind=kind, key=key, since="2026-09-01")
    page = HelpPlanPage(school)
    qtbot.addWidget(page)
    page.show()
    for key in (*keys, ""):
        page.open_with(uuid=child.uuid, key=key)
        settles()
        assert page.fields["supporter"].value == (key or page._loaded.pairs[0].key)
