"""The statistics page over the demo school."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import Qt

from app.children.codes import ParentsCode
from app.statistics.members import overview
from ui.pages.statistics.figures import class_rows, groups
from ui.pages.statistics.page import StatisticsPage
from ui.theme import Breakpoint
from ui.widgets import Link


@pytest.fixture
def page(ledger, qtbot):
    made = StatisticsPage(ledger)
    qtbot.addWidget(made)
    made.resize(1222, 656)
    made.show()
    qtbot.waitUntil(lambda: bool(made.table.rows), timeout=10_000)
    return made


def test_every_list_is_as_long_as_its_figure(ledger, asked):
    found = asked(overview, ledger.clock.today())

    whole = found.statistics.children.total
    assert whole == 40 == len(found.members.everybody)
    assert {code: len(uuids) for code, uuids in found.members.parents.items()} == dict(
        found.statistics.parents
    )
    assert {code: len(uuids) for code, uuids in found.members.care.items()} == dict(found.statistics.care)
    assert {code: len(uuids) for code, uuids in found.members.categories.items()} == dict(
        found.statistics.categories
    )
    assert sum(len(uuids) for uuids in found.members.by_class.values()) == whole
    for group in groups(found):
        for figure in group.figures:
            assert len(figure.uuids) in (0, figure.number)


def test_the_sums_stand_in_the_last_row(ledger, asked):
    found = asked(overview, ledger.clock.today())
    *rows, last = class_rows(found)

    assert last.is_sum
    assert last.total == sum(row.total for row in rows) == found.statistics.children.total
    assert last.both + last.one + last.none + last.unknown == last.total
    assert last.both == found.statistics.parents[ParentsCode.BOTH]


def test_a_figure_opens_the_names_behind_it(page):
    link = next(link for link in page.findChildren(Link) if link.text() == "40 名")
    link.click()

    name, params = page.context.navigation.opened[-1]
    assert name == "ledger"
    assert len(params["uuids"]) == 40
    assert params["words"] == "总数：在册留守儿童"


def test_the_figures_are_one_stop_of_the_tab_key_and_arrows_walk_them(page, qtbot):
    qtbot.waitUntil(lambda: page.is_whole)
    figures = page._links
    assert len(figures) > 10
    assert [one for one in figures if one.focusPolicy() & Qt.FocusPolicy.TabFocus] == figures[:1]
    qtbot.bring(page)

    figures[0].setFocus()
    qtbot.keyClick(figures[0], Qt.Key.Key_Down)
    assert figures[1].hasFocus()
    qtbot.keyClick(figures[1], Qt.Key.Key_End)
    assert figures[-1].hasFocus()
    qtbot.keyClick(figures[-1], Qt.Key.Key_Down)
    assert figures[-1].hasFocus(), "the list does not begin again by itself"
    assert [one for one in figures if one.focusPolicy() & Qt.FocusPolicy.TabFocus] == figures[-1:]

    qtbot.keyClick(figures[-1], Qt.Key.Key_Return)
    name, params = page.context.navigation.opened[-1]
    assert (name, params["words"]) == ("ledger", figures[-1].accessibleName().rsplit(" ", 2)[0])


def test_enter_on_a_class_opens_its_children(page, qtbot):
    page.table.setFocus()
    chosen = page.table.rows[0]
    page.table.opened.emit(chosen)

    name, params = page.context.navigation.opened[-1]
    assert (name, params["words"], params["uuids"]) == ("ledger", chosen.name, chosen.uuids)


def test_another_day_is_counted_for_that_day(page, qtbot):
    page._look_at(date(2026, 9, 30))
    qtbot.waitUntil(lambda: "2026-09-30" in page.header.fact, timeout=10_000)
    page._look_at(None)
    qtbot.waitUntil(lambda: "2026-11-21" in page.header.fact, timeout=10_000)


def test_narrow_shows_one_part_at_a_time(page):
    page.set_breakpoint(Breakpoint.NARROW)
    assert page.table.isVisible()
    assert not page._side.isVisible()
    page._parts.set_current("splits")
    page._arrange()
    assert page._side.isVisible()
    assert not page.table.isVisible()
