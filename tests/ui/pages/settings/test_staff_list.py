"""登记几名教职工: pasted out of a spreadsheet, looked through, written as one."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QGuiApplication

from app.school.queries import staff
from app.school.service import add_staff
from ui.pages.settings.page import SettingsPage
from ui.pages.settings.staff import AGAIN, StaffPanel
from ui.pages.settings.staff_list import StaffListPanel
from ui.widgets.grid import EntryGrid

WAIT = 10_000
SHEET = "姓名\t学历\t任课\t联系电话\n王丽华\t本科\t语文\t13800006217\n李国庆\t大专\t数学\t13900001234\n"


@pytest.fixture
def section(ledger, qtbot, asked):
    asked(add_staff, name="李国庆", duty="教师")
    page = SettingsPage(ledger)
    qtbot.addWidget(page)
    page.resize(1100, 620)
    page.show()
    page.show_section("staff")
    qtbot.waitUntil(lambda: bool(page.section.table.rows), timeout=WAIT)
    yield page.section
    page.hide()


@pytest.fixture
def panel(section, qtbot):
    section._several.click()
    found = section.context.dialogs.panels[-1]
    assert isinstance(found, StaffListPanel)
    assert not found.buttons["save"].isEnabled()
    return found


def paste(panel, text):
    QGuiApplication.clipboard().setText(text)
    panel.grid.paste()


def names(asked, day):
    return [one.name for one in asked(staff, day)]


def test_a_range_of_wps_is_looked_through_and_added_as_one(panel, asked, section, qtbot):
    before = names(asked, section.context.clock.today())
    paste(panel, SHEET)
    qtbot.waitUntil(lambda: bool(panel._read), timeout=WAIT)
    assert panel.told.text() == "要加上 1 名。不会再加：李国庆，名单里已经有。"
    assert panel.doubt.text() == "这张表里没有的列没有粘贴：学历"
    assert panel.buttons["save"].text() == "加上 1 名"
    panel.answer("save")
    qtbot.waitUntil(lambda: len(names(asked, section.context.clock.today())) == len(before) + 1, timeout=WAIT)
    added = next(one for one in asked(staff, section.context.clock.today()) if one.name == "王丽华")
    assert (added.subject, added.phone) == ("语文", "13800006217")
    assert section.context.undo_last()
    qtbot.waitUntil(lambda: names(asked, section.context.clock.today()) == before, timeout=WAIT)


def test_a_cell_that_cannot_be_read_holds_it_and_has_the_keyboard(panel, asked, section, qtbot):
    before = names(asked, section.context.clock.today())
    paste(panel, "姓名\t性别\t职务\n田小禾\t女\t校长\n石大川\t是\t教师")
    qtbot.waitUntil(lambda: bool(panel._read), timeout=WAIT)
    panel.answer("save")
    qtbot.waitUntil(lambda: panel._reason.text() == "第 2 行性别：看不出是男是女。", timeout=WAIT)
    assert panel.grid.place() == (1, 1)
    assert names(asked, section.context.clock.today()) == before
    panel.grid.cells.write({(1, 1): ""})
    assert not panel._reason.text(), "what is being mended is not scolded on"
    panel.answer("save")
    qtbot.waitUntil(lambda: len(names(asked, section.context.clock.today())) == len(before) + 2, timeout=WAIT)


def test_one_after_the_other(section, asked, qtbot):
    before = len(names(asked, section.context.clock.today()))
    section.add_one()
    first = section.context.dialogs.panels[-1]
    assert not first.buttons[AGAIN].isEnabled()
    first._texts["name"].setText("新来的老师")
    first.answer(AGAIN)
    qtbot.waitUntil(lambda: section.context.dialogs.panels[-1] is not first, timeout=WAIT)
    second = section.context.dialogs.panels[-1]
    assert isinstance(second, StaffPanel)
    assert second._texts["name"].text() == ""
    assert len(names(asked, section.context.clock.today())) == before + 1
    member = next(one for one in asked(staff, section.context.clock.today()) if one.name == "新来的老师")
    section._change(member)
    assert AGAIN not in section.context.dialogs.panels[-1].buttons


def test_another_grid_takes_a_block_as_it_is():
    assert EntryGrid.arranged(None, [["甲"]]) == [["甲"]]
