"""重新排号 is looked at before it is written; 通话情况 opens the names behind every figure."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from app.calls.plan_facts import LineState
from app.calls.plan_queries import planned_calls
from app.calls.service_lines import end_line
from app.calls.service_people import set_wish
from tests.app.calls.test_plan_command import one_slot
from tests.ui.pages.calls.conftest import MONDAY, TODAY, said
from ui.pages.calls.plan_page import MOVED, PLANNED, UNSERVED, PlanPage
from ui.pages.calls.plan_tables import line_columns
from ui.pages.calls.seen_page import APART, CLASSES, NEVER, WAITS, WEEKS, SeenPage
from ui.theme import Breakpoint
from ui.widgets.cuts import cuts_of

SUNDAY = MONDAY.replace(day=22)


@pytest.fixture
def plan_page(ledger, shown):
    return shown(PlanPage(ledger))


def test_a_plan_is_shown_first_and_written_when_it_is_accepted(plan_page, settled, asked, ledger):
    page = plan_page
    before = asked(planned_calls, TODAY, SUNDAY)
    rows = page.tables[PLANNED].rows
    assert {child.name for line in rows for child in line.children} >= {"谭晓东", "谭小兰", "罗诗涵"}
    assert asked(planned_calls, TODAY, SUNDAY) == before
    assert page.accept.isEnabled()
    new, moved = len(page._plan.of(LineState.NEW)), len(page._plan.of(LineState.MOVED))
    kept = len(page._plan.lines) - new - moved
    assert kept
    assert f"新排 {new} 个时段，挪动 {moved} 个，不动 {kept} 个" in said(page.foot)
    page.accept.click()
    settled()
    after = asked(planned_calls, TODAY, SUNDAY)
    together = {(call.day, call.starts) for call in after if call.child in ("谭晓东", "谭小兰")}
    assert len(together) == 1
    assert ledger.navigation.opened[-1][0] == "calls"
    ledger.undo_last()
    settled()
    assert asked(planned_calls, TODAY, SUNDAY) == before


def test_planning_again_what_is_written_changes_nothing(plan_page, settled):
    plan_page.accept.click()
    settled()
    plan_page.start()
    settled()
    assert plan_page.tables[MOVED].rows == []
    assert not plan_page.accept.isEnabled()
    assert "不用写入" in said(plan_page.foot)


def test_who_cannot_come_is_named_with_the_reason(plan_page, settled):
    found = {one.child: one.why for one in plan_page.tables[UNSERVED].rows}
    assert "冉小燕" in found or "向阳" in found
    assert all(found.values())


def test_a_rule_that_gives_everybody_a_place_says_so_as_the_command_line_does(plan_page, settled, asked, who):
    asked(one_slot, who)
    plan_page.first.set_value("2026-12-28")
    plan_page.last.set_value("2026-12-31")
    plan_page.start()
    settled()
    plan_page.parts.set_current(UNSERVED)
    plan_page._show_part(UNSERVED)
    words = said(plan_page.advice)
    assert "：能多排 " in words
    assert "名，全部排得上" in words
    assert "还差 0" not in words


def test_a_period_in_the_past_is_refused_in_words(plan_page, settled):
    plan_page.first.set_value("2026-11-02")
    plan_page.last.set_value("2026-11-08")
    plan_page.start()
    settled()
    assert plan_page.stack.currentWidget() is plan_page.empty
    assert "过去" in said(plan_page.empty) or "已经过" in said(plan_page.empty)
    assert not plan_page.accept.isEnabled()


def test_a_day_no_calendar_has_is_asked_for_again(plan_page, settled):
    plan_page.first.setText("2027-02-30")
    plan_page.start()
    settled()
    assert "写清哪天起、到哪天" in said(plan_page.empty)


def test_a_school_without_lines_is_told_so(ledger, shown, asked, who):
    for uuid in who.lines.values():
        asked(end_line, line_uuid=uuid, on=MONDAY)
    page = shown(PlanPage(ledger))
    assert "线路" in said(page.empty)
    assert not page.accept.isEnabled()


@pytest.fixture
def seen_page(ledger, shown):
    return shown(SeenPage(ledger))


def test_figures_and_names_agree(seen_page, ledger):
    page = seen_page
    names = [row.child_name for row in page.tables[WAITS].rows]
    assert len(names) == 5
    assert "罗诗涵" not in names
    assert "本月接通 1 名，没接通 5 名" in page.header.fact
    page.tables[CLASSES].opened.emit(page.tables[CLASSES].rows[0])
    first = page.tables[CLASSES].rows[0]
    assert {row.class_name for row in page.tables[WAITS].rows} == {first.class_name}
    assert len(page.tables[WAITS].rows) == len(first.children) - len(first.month)
    this_week = page.tables[WEEKS].rows[0]
    page.tables[WEEKS].opened.emit(this_week)
    assert [row.child_name for row in page.tables[WAITS].rows] == ["罗诗涵"]
    page.view.cleared.emit()
    assert len(page.tables[WAITS].rows) == 6


def test_from_the_list_to_the_call_and_to_the_file(seen_page, ledger):
    row = seen_page.tables[WAITS].rows[0]
    seen_page.tables[WAITS].link_pressed.emit(row, "call")
    assert ledger.navigation.opened[-1] == ("calls", {"child": row.child_uuid})
    seen_page.tables[WAITS].opened.emit(row)
    assert ledger.navigation.opened[-1][0] == "child"


@pytest.mark.parametrize("kind", [PlanPage, SeenPage])
def test_the_lists_have_their_room(ledger, shown, kind):
    page = kind(ledger)
    page.set_breakpoint(Breakpoint.NARROW)
    shown(page, 847, 400)
    assert cuts_of(page) == []
    if kind is SeenPage:
        for part in (CLASSES, WEEKS, NEVER):
            page.open_with(part=part)
            assert cuts_of(page) == []


def test_the_days_to_plan_begin_where_there_are_slots(ledger, shown, settled):
    ledger.clock.advance(days=4)
    page = shown(PlanPage(ledger))
    assert (page.first.text(), page.last.text()) == ("2026-11-23", "2026-11-29")
    assert page.is_whole_plan


def test_who_does_not_wish_to_call_waits_for_nothing_and_is_named_apart(ledger, shown, asked, who):
    asked(set_wish, child_uuid=who.children["向阳"], wants=False, since=TODAY)
    page = shown(SeenPage(ledger))
    assert "向阳" not in [row.child_name for row in page.tables[WAITS].rows]
    page._choose_view(APART)
    assert [row.child_name for row in page.tables[WAITS].rows] == ["向阳"]


def test_a_plan_says_who_is_in_no_class(plan_page):
    """An empty cell could mean that nobody knows."""
    classes = next(column for column in line_columns() if column.key == "class")
    line = next(one for one in plan_page.tables[PLANNED].rows if one.children[0].class_name)
    child = line.children[0]
    outside = replace(child, class_name="")
    assert classes.cell(replace(line, children=(outside,))) == "不在班"
    assert classes.cell(replace(line, children=(outside, child))) == f"{child.class_name}、不在班"
