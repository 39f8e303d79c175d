"""Start screens: what each state says and offers, which verb is filled, what Esc means."""

from datetime import date, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt

from app.core.messages import FAULTS, fault
from app.storage.backups import Backup, Reason
from app.storage.data_place import Proposal
from app.storage.drives import PlaceWarning
from app.storage.found_place import FoundPlace
from ui.shell.candidates import Candidate
from ui.shell.first_run import OPEN_FOUND, FirstRun, NewSchoolPanel
from ui.shell.place import Here, Proposed
from ui.shell.start import HEADS, LEAVE, OTHER_FOLDER, Problem, ProblemScreen
from ui.shell.start_window import StartWindow
from ui.widgets import Button, Link, Scroll, Text
from ui.widgets.cuts import cuts_of

TODAY = date(2026, 11, 21)
STATES = sorted(set(HEADS) - {"storage.in_use"})
VALUES = {
    "backups": "",
    "name": "守望.db",
    "found": 2,
    "known": 1,
    "behind": 14,
    "rows": 3,
    "usual": "D:\\守望数据",
}


def backup(day, *, verified=True, children=118):
    made = datetime(2026, 11, day, 9, 58)
    made_backup = Backup(
        Path(f"b{day}.db"), made, Reason.CLOSE, 5_000_000, verified, children, made.isoformat()
    )
    return Candidate(made_backup.path, made_backup)


BACKUPS = [backup(21), replace(backup(20, children=117), journal_commits=14), backup(19, verified=False)]


@pytest.fixture
def window(look, qtbot):
    made = StartWindow()
    qtbot.addWidget(made)
    made.resize(911, 432)
    return made


@pytest.fixture
def show(window, qtbot):
    def put(problem):
        screen = ProblemScreen(problem, TODAY)
        with qtbot.waitActive(window):
            window.show_screen(screen)
        return screen

    return put


def verbs(screen):
    return [b.text() for b in screen.findChildren(Button)]


def filled(screen):
    return [b.text() for b in screen.findChildren(Button) if b.is_filled()]


@pytest.mark.parametrize("state", STATES)
def test_every_state_has_a_head_its_parts_a_way_out_and_nothing_cut(show, window, state):
    screen = show(Problem.of(fault(state, **VALUES), BACKUPS))
    said = [label.text() for label in screen.findChildren(Text)]
    assert HEADS[state] in said
    assert any(part.split("{")[0] in " ".join(said) for part in (FAULTS[state].what,))
    assert set(verbs(screen)) & LEAVE
    assert len(filled(screen)) <= 1
    assert screen.first.hasFocus()
    assert cuts_of(window) == []


def test_a_damaged_file_offers_verified_backups_newest_first(show, qtbot):
    screen = show(Problem.of(fault("corrupt", **VALUES), BACKUPS))
    assert [b.path.name for b in screen.table.rows] == ["b21.db", "b20.db"]
    assert filled(screen) == ["恢复这一份"]
    screen.table.setFocus()
    qtbot.keyClick(screen.table, Qt.Key.Key_Down)
    with qtbot.waitSignal(screen.restore_chosen) as told:
        next(b for b in screen.findChildren(Button) if b.text() == "恢复这一份").click()
    assert told.args[0].path.name == "b20.db"


def test_an_unreadable_disk_never_offers_restoring(show):
    screen = show(Problem.of(fault("io-error", code="IOERR_READ"), BACKUPS))
    assert screen.table is None
    assert not any("恢复" in verb for verb in verbs(screen))
    assert not [link for link in screen.findChildren(Link) if link.text() == OTHER_FOLDER]


def test_older_content_nudges_to_neither(show):
    assert filled(show(Problem.of(fault("older-content", **VALUES), BACKUPS))) == []


def test_missing_never_makes_a_new_school_the_likely_act(show):
    screen = show(Problem.of(fault("missing", **VALUES), ()))
    assert filled(screen) == ["找回数据文件"]
    assert "第一次使用" in verbs(screen)


def test_escape_leaves_everything_as_it_is(show, qtbot):
    screen = show(Problem.of(fault("empty", **VALUES), BACKUPS))
    with qtbot.waitSignal(screen.chosen) as told:
        qtbot.keyClick(screen, Qt.Key.Key_Escape)
    assert told.args[0] in LEAVE


def test_verbs_stay_in_sight_in_the_lowest_window(show, window):
    many = [backup(day) for day in range(2, 20)]
    screen = show(Problem.of(fault("corrupt", **VALUES), many))
    button = screen.first
    assert window.rect().contains(button.rect().translated(button.mapTo(window, button.rect().topLeft())))


@pytest.mark.parametrize("state", STATES)
def test_a_start_screen_with_its_last_line_is_whole_in_the_lowest_window(show, window, state):
    screen = show(Problem.of(fault(state, **VALUES), BACKUPS))
    link = screen.help
    assert window.rect().contains(link.rect().translated(link.mapTo(window, link.rect().topLeft())))


@pytest.mark.parametrize("state", ["io-error", "read-only", "resume", "older-schema"])
def test_a_start_screen_that_fits_has_no_bar_to_scroll_it(show, state):
    screen = show(Problem.of(fault(state, **VALUES), ()))
    assert not screen.findChild(Scroll).verticalScrollBar().isVisible()


def proposed(warning=None, **more):
    return Proposed(
        Proposal(Path("/d/守望数据"), "不在系统盘上。", Path("/e/守望备份"), "在另一个硬盘上。"),
        warning,
        **more,
    )


def test_the_first_screen_has_four_ways_and_says_where_the_data_will_live(window, qtbot):
    screen = FirstRun(proposed(), TODAY)
    window.show_screen(screen)
    words = said(screen)
    for part in ("/d/守望数据", "不在系统盘上。", "/e/守望备份", "在另一个硬盘上。"):
        assert part in words
    assert filled(screen) == ["导入花名册"]
    heard = []
    screen.way_chosen.connect(heard.append)
    for verb in ("导入花名册", "新建学校", "看演示学校", "从备份恢复"):
        next(b for b in screen.findChildren(Button) if b.text() == verb).click()
    assert heard == ["roster", "new", "demo", "restore"]
    assert cuts_of(window) == []


def test_the_first_screen_shows_somebody_who_does_not_know_f1_the_way_to_it(window):
    screen = FirstRun(proposed(), TODAY)
    window.show_screen(screen)
    assert screen.help.isVisible()
    assert "F1" in screen.help.text()
    asked = []
    window.open_help = lambda: asked.append(True)
    screen.help.click()
    assert asked == [True]


def test_the_first_screen_is_whole_in_the_lowest_window(window, qtbot):
    screen = FirstRun(proposed(), TODAY)
    window.show_screen(screen)
    for button in screen.buttons.values():
        assert window.rect().contains(button.rect().translated(button.mapTo(window, button.rect().topLeft())))
    qtbot.waitUntil(screen.buttons["roster"].hasFocus)


def test_a_refused_place_has_no_way_in_a_doubtful_one_is_not_nudged(window):
    screen = FirstRun(
        proposed(PlaceWarning("place.network", "数据不能放在网络位置上。", refused=True)), TODAY
    )
    window.show_screen(screen)
    shown = [b.text() for b in screen.findChildren(Button) if not b.isHidden()]
    assert shown == ["换个地方…"]
    screen.propose(proposed(PlaceWarning("place.cloud", "这是网盘的文件夹。", refused=False)))
    assert [b.text() for b in screen.findChildren(Button) if b.is_filled() and b.isVisible()] == []
    assert "这是网盘的文件夹。" in said(screen)


def test_a_place_with_a_ledger_offers_to_open_it_and_nothing_else(window, qtbot):
    screen = FirstRun(proposed(has_ledger=True), TODAY)
    window.show_screen(screen)
    assert set(screen.buttons) == {"open"}
    with qtbot.waitSignal(screen.open_asked):
        screen.buttons["open"].click()


def test_a_folder_she_names_while_the_disks_are_looked_at_stays(window):
    screen = FirstRun(None, TODAY)
    window.show_screen(screen)
    assert [b.text() for b in screen.findChildren(Button)] == ["换个地方…"]
    screen.propose(proposed())
    own = screen.proposal
    screen.looked(Here(Proposed(Proposal(Path("/c/守望数据"), "", Path("/c/守望备份"), ""))))
    assert screen.proposal is own


def test_a_ledger_elsewhere_on_this_computer_is_offered(window, qtbot):
    there = FoundPlace(Path("/e/守望数据"), Path("/e/守望数据/备份"), datetime(2026, 11, 20, 16, 20))
    screen = FirstRun(proposed(), TODAY, found=[there, replace(there, data_folder=Path("/d/守望数据"))])
    window.show_screen(screen)
    assert filled(screen) == [OPEN_FOUND], "the likeliest: it is her own"
    assert "/e/守望数据，最近写过：昨天 16:20" in said(screen)
    (button,) = [b for b in screen.findChildren(Button) if b.text() == OPEN_FOUND]
    with qtbot.waitSignal(screen.found_chosen) as told:
        button.click()
    assert told.args[0] is there
    assert cuts_of(window) == []


def said(screen):
    return " ".join(label.text() for label in screen.findChildren(Text)).replace("\u200b", "")


def test_a_school_needs_a_name(look, qtbot):
    panel = NewSchoolPanel(None, "建好学校")
    qtbot.addWidget(panel)
    with qtbot.waitActive(panel):
        panel.show()
    assert panel.focusWidget() is panel.name
    assert not panel.buttons["make"].isEnabled()
    panel.name.setText("  青石坪镇中心小学 ")
    assert panel.buttons["make"].isEnabled()
    assert panel.school().name == "青石坪镇中心小学"
    for _ in range(2):
        qtbot.keyClick(panel.focusWidget(), Qt.Key.Key_Tab)
    assert panel.focusWidget() is panel.who
