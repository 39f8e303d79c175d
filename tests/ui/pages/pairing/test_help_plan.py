"""The help plan of a child: each field saved on leaving it, measures and stages through their panels, drafts kept."""

from __future__ import annotations

import pytest

from app.pairing.codes import Guidance
from app.pairing.plans import help_plan
from app.pairing.queries import unpaired
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
