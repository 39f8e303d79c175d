"""Saves that only a journal holds which was set aside, through the real window: shown on 备份 and on the start screens."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QGuiApplication

from app.storage.backups import Reason, list_backups
from app.storage.data_place import ledger_path
from tests.ui.shell.conftest import SPECS
from tests.ui.shell.hands import add_staff_member, back_up, press, said, sits, wait_for_screen
from ui.pages import safety
from ui.pages.safety.aside import AsidePanel
from ui.shell.candidates import candidate_columns, path_of
from ui.widgets import Link
from ui.widgets.cuts import cuts_of

PATIENCE = 20_000
LOST, SINCE = "李国平", "欧阳慕容雨桐"


@pytest.fixture
def start(programs):
    """`start()` starts the program with the page of the backups."""
    return lambda path=None: programs((*SPECS, *safety.SPECS), path)


def waits_until_it_sits(program, qtbot):
    qtbot.waitUntil(sits(program), timeout=PATIENCE)


def put_away(program, qtbot):
    """Close it without a backup of the last saves."""
    program.sitting.end(keep_backup=False)
    qtbot.waitUntil(lambda: program.sitting is None, timeout=PATIENCE)


@pytest.fixture
def overtaken(school, start, tmp_path, qtbot):
    """She took yesterday's file by mistake and has gone on with it: one save stands only in the journal of before."""
    path = ledger_path(tmp_path / "data")
    back_up(school, qtbot)
    put_away(school, qtbot)
    old = path.read_bytes()
    again = start()
    waits_until_it_sits(again, qtbot)
    add_staff_member(again, qtbot, LOST)
    put_away(again, qtbot)
    path.write_bytes(old)
    third = start()
    press(wait_for_screen(third, qtbot, "older-content"), "就用这份")
    waits_until_it_sits(third, qtbot)
    add_staff_member(third, qtbot, SINCE)
    return third


def shown_backups(program, qtbot):
    """The list of backups, read."""
    window = program.sitting.window
    window.open_page("safety")
    page = window.current_page()
    qtbot.waitUntil(lambda: bool(page.backups.table.rows), timeout=PATIENCE)
    return page.backups


def names(program):
    return program.sitting.context.entering.names


def test_the_page_tells_of_them_shows_them_and_goes_back_to_them(overtaken, tmp_path, qtbot):
    part = shown_backups(overtaken, qtbot)
    assert part.aside.isVisible()
    assert "有 1 次保存（今天 10:42）不在现在这份数据里" in said(part.aside)
    part.aside.findChild(Link).click()
    panel = overtaken.dialogs.panels[-1]
    assert isinstance(panel, AsidePanel)
    (save,) = panel.table.rows
    assert (save.words, save.names, save.who) == ("登记一名教职工", (LOST,), "陈素兰")
    assert "后来存的 1 次不在里面" in said(panel)
    assert "再从日志补回 1 次保存" in said(panel)
    assert "12月22日" in said(panel), "until when it is kept"
    assert cuts_of(panel) == []
    assert not any(button.is_filled() for button in panel.buttons.values()), "she is not nudged"
    panel.answer("copy")
    assert LOST in QGuiApplication.clipboard().text()

    panel.answer("take")
    qtbot.waitUntil(lambda: overtaken.sitting is None, timeout=PATIENCE)
    waits_until_it_sits(overtaken, qtbot)
    assert LOST in names(overtaken)
    assert SINCE not in names(overtaken)
    part = shown_backups(overtaken, qtbot)
    assert not part.aside.isVisible(), "what is in the ledger now is told of no more; the rest is in a backup"
    kept = [one for one in list_backups(tmp_path / "backups") if one.reason is Reason.BEFORE_RESTORE]
    assert [one.verified for one in kept] == [True]


def test_left_alone_nothing_changes_and_it_is_still_said(overtaken, qtbot):
    part = shown_backups(overtaken, qtbot)
    part.show_aside()
    overtaken.dialogs.panels[-1].answer("stay")
    assert SINCE in names(overtaken)
    assert part.aside.isVisible()


def test_the_start_screen_lists_them_last_and_brings_them_back(overtaken, start, tmp_path, qtbot):
    put_away(overtaken, qtbot)
    path = ledger_path(tmp_path / "data")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    again = start()
    screen = wait_for_screen(again, qtbot, "corrupt")
    usual, *_, aside = screen.table.rows
    assert (usual.branch, usual.journal_commits) == (None, 1)
    assert (aside.branch is not None, aside.journal_commits) == (True, 1)
    *_, last = candidate_columns(again.clock.today())
    assert "接换下的日志" in last.cell(aside).text
    screen.table.set_current(path_of(aside))
    press(screen, "恢复这一份")
    panel = again.dialogs.panels[-1]
    assert panel.journal is None, "without the journal it would be the row above"
    assert "换下的那份日志里的 1 次" in said(panel)
    panel.buttons["restore"].click()
    waits_until_it_sits(again, qtbot)
    assert LOST in names(again)
    assert SINCE not in names(again)
