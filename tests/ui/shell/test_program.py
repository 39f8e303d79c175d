"""Stories of the start: first school, coming back, restoring, a second start, another 字号 — on real files."""

import json
import threading
from functools import partial

import shiboken6
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QWidget

from app.core.paths import settings_file
from app.core.settings import load_settings
from app.core.version import program_version
from app.storage.backup_list import Reason
from app.storage.backups import list_backups
from app.storage.beside import Marker, write_marker
from app.storage.data_place import Proposal, ledger_path
from app.storage.found_place import FoundPlace
from app.storage.store import Store
from tests.ui.shell.disks import disk, written_by_another
from tests.ui.shell.hands import back_up, buttons, close, press, said, sits, wait_for_screen
from ui.shell import first_alone
from ui.shell.first_run import LOOKING, NOT_LOOKED, OPEN_FOUND, FirstRun
from ui.shell.fitting import takes_it_all
from ui.shell.place import Proposed
from ui.shell.single import raise_other
from ui.theme import tokens
from ui.widgets import Banner, Link, Text


def test_first_school(school, tmp_path, qtbot):
    window = school.sitting.window
    assert window.windowTitle() == "守望　青石坪镇中心小学"
    assert school.start_window is None
    assert school.sitting.context.entering.by == "陈素兰"
    qtbot.waitUntil(lambda: "2026" in window.status._term.text())
    assert str(tmp_path / "data") in window.status._place.text()
    close(school, qtbot)
    assert load_settings(settings_file()).who == "陈素兰"
    backups = list_backups(tmp_path / "backups")
    assert [b.verified for b in backups] == [True]


def test_coming_back_opens_the_same_school_and_makes_no_second_backup(school, start, tmp_path, qtbot):
    close(school, qtbot)
    again = start()
    qtbot.waitUntil(sits(again))
    window = again.sitting.window
    assert window.windowTitle().endswith("青石坪镇中心小学")
    qtbot.waitUntil(lambda: "上次核对成功的备份" in window.status._backup.words.text())
    assert window.current_page().findChildren(Banner) == []
    close(again, qtbot)
    assert len(list_backups(tmp_path / "backups")) == 1


def left_by(program, folder):
    """As if another version had left the ledger, and had been ended before its closing backup."""
    state = folder / "place_state.json"
    found = json.loads(state.read_text(encoding="utf-8"))
    for one in found["ledgers"].values():
        one["program"] = program
    state.write_text(json.dumps(found), encoding="utf-8")
    for backup in list_backups(folder):
        backup.path.unlink()


def test_what_another_version_left_is_backed_up_before_anything_is_saved(school, start, tmp_path, qtbot):
    backups = tmp_path / "backups"
    close(school, qtbot)
    left_by("0.0.9", backups)
    again = start()
    qtbot.waitUntil(sits(again))
    # The slip that proves it comes after the file.
    qtbot.waitUntil(lambda: any(one.verified for one in list_backups(backups)))
    assert [one.reason for one in list_backups(backups)] == [Reason.BEFORE_UPGRADE]
    qtbot.waitUntil(lambda: "上次核对成功的备份" in again.sitting.window.status._backup.words.text())
    close(again, qtbot)

    left_by(program_version(), backups)
    same = start()
    qtbot.waitUntil(sits(same))
    qtbot.waitUntil(lambda: not same.jobs.busy)
    assert list_backups(backups) == [], (
        "its own version brings what was missed at closing, or every half hour"
    )
    close(same, qtbot)


def test_roster_way_ends_on_the_import_page(start, tmp_path, qtbot):
    program = start()
    screen = program.start_window.screen_shown
    screen.propose(Proposed(Proposal(tmp_path / "data", "", tmp_path / "backups", "")))
    press(screen, "导入花名册")
    panel = program.dialogs.panels[-1]
    panel.name.setText("青石坪镇中心小学")
    panel.buttons["make"].click()
    qtbot.waitUntil(sits(program))
    assert program.sitting.window._trail[-1].name == "importing"


def test_the_first_window_fills_a_screen_that_it_would_stick_out_of(start, monkeypatch):
    """A window as wide as the screen has its frame, and where Windows puts it, on top."""
    monkeypatch.setattr(tokens, "WINDOW_USUAL", (100_000, 688))
    window = start().start_window
    room = window.screen().availableGeometry().size()
    assert window.isMaximized()
    other = QWidget()
    other.resize(room - QSize(1, 1))
    assert not takes_it_all(other)
    other.resize(room - QSize(0, 1))
    assert takes_it_all(other)


def hear(program, qtbot):
    """Wait until it hears of a second start: a moment after its first page."""
    qtbot.waitUntil(lambda: program._raise is not None)


def test_a_second_start_raises_the_first_window(school, start, qtbot):
    hear(school, qtbot)
    window = school.sitting.window
    window.showMaximized()
    window.setWindowState(window.windowState() | Qt.WindowState.WindowMinimized)
    with qtbot.waitSignal(school._raise.asked):
        assert raise_other(school.path)
    assert not window.isMinimized()
    assert window.isMaximized(), "as it was before it was put away"
    second = start()
    with qtbot.waitSignal(second.left):
        pass
    assert second.sitting is None


def test_an_icon_pressed_twice_leaves_one_window(school, start, qtbot):
    """The second start finds the ledger taken before the first one hears anybody."""
    school._stop_listening()
    second = start()
    qtbot.waitUntil(lambda: second._in_use is not None)
    with qtbot.waitSignal(second.left):
        school._listen()
    assert second.start_window is None, "nothing was said of it"
    assert second.sitting is None


def test_a_start_while_the_first_window_closes_waits_for_it_and_opens(school, start, qtbot):
    gate = threading.Event()
    school.jobs.run(gate.wait)
    school.sitting.window.close()
    second = start()
    qtbot.waitUntil(lambda: second._in_use is not None)
    assert second.sitting is None
    with qtbot.waitSignal(school.left, timeout=10_000):
        gate.set()
    qtbot.waitUntil(sits(second), timeout=10_000)


def test_a_ledger_that_the_command_line_holds_is_said_after_a_while_and_opened_when_it_is_free(
    school, start, qtbot, monkeypatch
):
    monkeypatch.setattr("ui.shell.program.ASKED_EVERY", 1)
    close(school, qtbot)
    with written_by_another(school.path):
        second = start()
        wait_for_screen(second, qtbot, "storage.in_use")
    qtbot.waitUntil(sits(second), timeout=10_000)
    assert second._in_use is None


def test_a_second_start_by_another_spelling_of_the_same_file_raises_the_first_window(
    school, start, tmp_path, qtbot
):
    hear(school, qtbot)
    (tmp_path / "link").symlink_to(school.path.parent, target_is_directory=True)
    (tmp_path / "另一个名字.db").symlink_to(school.path)
    roundabout = school.path.parent / ".." / school.path.parent.name / school.path.name
    for spelled in (tmp_path / "link" / school.path.name, tmp_path / "另一个名字.db", roundabout):
        with qtbot.waitSignal(school._raise.asked):
            second = start(spelled)
            with qtbot.waitSignal(second.left):
                pass
        assert second.sitting is None


def test_the_usual_ledger_by_another_spelling_is_the_usual_one(school, start, tmp_path, qtbot):
    close(school, qtbot)
    (tmp_path / "link").symlink_to(tmp_path / "data", target_is_directory=True)
    program = start(tmp_path / "link" / school.path.name)
    qtbot.waitUntil(sits(program))
    page = program.sitting.window.current_page()
    assert not any("另一份数据" in said(banner) for banner in page.findChildren(Banner))
    assert program.sitting.context.backup_folder == tmp_path / "backups"


def test_a_first_start_restores_the_backup_of_the_system_before(school, start, tmp_path, qtbot, settings):
    """Windows was installed anew: what this computer had chosen is gone, and so is the ledger; a backup is there."""
    backup = back_up(school, qtbot)
    close(school, qtbot)
    settings.unlink()
    ledger_path(tmp_path / "data").unlink()
    again = start()
    screen = again.start_window.screen_shown
    screen.propose(Proposed(Proposal(tmp_path / "new", "", tmp_path / "backups", "")))
    asked_in = []
    again.dialogs.open_file = lambda _title, *, kinds, start: asked_in.append(start) or backup.path
    press(screen, "从备份恢复")
    qtbot.waitUntil(lambda: bool(again.dialogs.panels))
    assert asked_in == [tmp_path / "backups"]
    again.dialogs.panels[-1].buttons["restore"].click()
    qtbot.waitUntil(sits(again), timeout=10_000)
    assert again.path == ledger_path(tmp_path / "new")
    assert again.usual_path == again.path
    assert again.sitting.window.windowTitle().endswith("青石坪镇中心小学")


def first_screen_at(program, folder, qtbot):
    """The first screen, the data to live in this folder."""
    screen = program.start_window.screen_shown
    qtbot.waitUntil(lambda: not screen.is_looking, timeout=10_000)
    screen.propose(Proposed(Proposal(folder, "", folder / "备份", "")))
    return screen


def found_a_school(program, screen):
    screen.buttons["new"].click()
    panel = program.dialogs.panels[-1]
    panel.name.setText("青石坪镇中心小学")
    panel.answer("make")


def test_an_icon_pressed_twice_on_the_first_day_leaves_one_first_screen(start, qtbot):
    first = start()
    first.start_window.showMinimized()
    second = start()
    with qtbot.waitSignal(second.left):
        pass
    assert second.start_window is None, "nothing was said of it"
    qtbot.waitUntil(lambda: not first.start_window.isMinimized())
    assert isinstance(first.start_window.screen_shown, FirstRun)


def test_a_second_first_start_waits_for_one_that_does_not_hear_and_goes_on_with_its_school(
    start, tmp_path, qtbot, monkeypatch
):
    monkeypatch.setattr(first_alone, "ASKED_EVERY", 1)
    monkeypatch.setattr(first_alone, "ASKED_AT_MOST", 1_000_000)
    first = start()
    monkeypatch.setattr(first_alone, "raise_other", lambda _place: False)
    second = start()
    qtbot.waitUntil(lambda: second.start_window is not None)
    assert not isinstance(second.start_window.screen_shown, FirstRun)
    assert "正在等它" in said(second.start_window)
    left = []
    second.left.connect(partial(left.append, True))
    found_a_school(first, first_screen_at(first, tmp_path / "守望数据", qtbot))
    qtbot.waitUntil(sits(first), timeout=10_000)
    qtbot.waitUntil(lambda: bool(left), timeout=10_000)
    assert second.sitting is None
    assert second.usual_path == first.usual_path


def test_a_first_screen_that_was_left_keeps_nobody_out(start, qtbot):
    first = start()
    first.start_window.close()
    assert isinstance(start().start_window.screen_shown, FirstRun)


def test_two_first_screens_make_one_school(start, tmp_path, qtbot, monkeypatch):
    """Where the first one hangs, the second start has a first screen of its own after a minute."""
    monkeypatch.setattr(first_alone, "ASKED_AT_MOST", 0)
    first, second = start(), start()
    screens = [first_screen_at(program, tmp_path / "守望数据", qtbot) for program in (first, second)]
    left = []
    second.left.connect(partial(left.append, True))
    found_a_school(first, screens[0])
    qtbot.waitUntil(sits(first), timeout=10_000)
    first.sitting.window.showMinimized()
    found_a_school(second, screens[1])
    qtbot.waitUntil(lambda: bool(left), timeout=10_000)
    assert second.dialogs.faults == []
    qtbot.waitUntil(lambda: not first.sitting.window.isMinimized(), timeout=10_000)
    assert first.usual_path == second.usual_path == ledger_path(tmp_path / "守望数据")


def test_a_school_that_could_not_be_made_is_not_called_lost_next_time(start, tmp_path, qtbot):
    with disk(tmp_path / "D", "-o", "size=200k") as full:
        program = start()
        screen = first_screen_at(program, full / "守望数据", qtbot)
        found_a_school(program, screen)
        qtbot.waitUntil(lambda: bool(program.dialogs.faults), timeout=10_000)
        assert "硬盘满了" in program.dialogs.faults[0][1][0]
        # It is forgotten beside the window: the words may be there first.
        qtbot.waitUntil(lambda: program.usual_path is None)
        assert screen.isVisible(), "she can name another disk at once"
        program.start_window.close()
        again = start()
        assert isinstance(again.start_window.screen_shown, FirstRun)


def test_a_first_restore_that_fails_leads_back_to_the_first_screen(school, start, tmp_path, qtbot, settings):
    backup = back_up(school, qtbot)
    close(school, qtbot)
    settings.unlink()
    ledger_path(tmp_path / "data").unlink()
    with disk(tmp_path / "D", "-o", "size=200k") as full:
        again = start()
        screen = first_screen_at(again, full / "守望数据", qtbot)
        again.dialogs.files.append(backup.path)
        press(screen, "从备份恢复")
        qtbot.waitUntil(lambda: bool(again.dialogs.panels), timeout=10_000)
        again.dialogs.panels[-1].buttons["restore"].click()
        qtbot.waitUntil(lambda: bool(again.dialogs.faults), timeout=10_000)
        qtbot.waitUntil(lambda: isinstance(again.start_window.screen_shown, FirstRun), timeout=10_000)
        assert again.usual_path is None


def test_a_first_start_offers_the_ledger_that_is_still_on_the_other_disk(
    school, start, tmp_path, qtbot, settings, monkeypatch
):
    close(school, qtbot)
    settings.unlink()
    there = FoundPlace(tmp_path / "data", tmp_path / "backups", school.clock.now())
    gate = threading.Event()

    def look():
        assert threading.current_thread() is not threading.main_thread(), "a disk that sleeps keeps no window"
        assert gate.wait(60)
        return [there]

    monkeypatch.setattr("ui.shell.place.find_ledgers", look)
    again = start()
    screen = again.start_window.screen_shown
    assert LOOKING in said(screen)
    assert buttons(screen) == ["换个地方…"]
    gate.set()
    qtbot.waitUntil(lambda: not screen.is_looking, timeout=10_000)
    assert not any(one.isVisible() for one in screen.findChildren(Text) if one.text() == LOOKING)
    press(screen, OPEN_FOUND)
    qtbot.waitUntil(sits(again), timeout=10_000)
    assert again.usual_path == ledger_path(tmp_path / "data")
    assert again.sitting.context.backup_folder == tmp_path / "backups"


def test_a_look_at_the_disks_that_fails_leaves_naming_a_folder(start, tmp_path, qtbot, caplog, monkeypatch):
    def look():
        raise ValueError("a disk that nobody has seen before")

    monkeypatch.setattr("ui.shell.place.find_ledgers", look)
    program = start()
    screen = program.start_window.screen_shown
    qtbot.waitUntil(lambda: NOT_LOOKED in said(screen))
    qtbot.waitUntil(lambda: "bug: ValueError" in caplog.text)
    assert screen.is_looking
    program.dialogs.folders = [tmp_path]
    press(screen, "换个地方…")
    qtbot.waitUntil(lambda: "新建学校" in buttons(screen))
    assert not any(one.isVisible() for one in screen.findChildren(Text) if one.text() == NOT_LOOKED)


def test_a_missing_file_is_said_and_nothing_is_made(school, start, tmp_path, qtbot):
    close(school, qtbot)
    path = ledger_path(tmp_path / "data")
    path.rename(tmp_path / "moved.db")
    again = start()
    qtbot.waitUntil(lambda: again.start_window is not None)
    screen = again.start_window.screen_shown
    assert screen.problem.key == "missing"
    assert "核对过的备份有 1 份" in said(screen)
    assert not path.exists()
    with qtbot.waitSignal(again.left):
        qtbot.keyClick(screen, Qt.Key.Key_Escape)
    assert not path.exists()


def test_a_damaged_file_is_restored_from_the_start_screen(school, start, tmp_path, qtbot):
    close(school, qtbot)
    path = ledger_path(tmp_path / "data")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    again = start()
    qtbot.waitUntil(lambda: again.start_window is not None)
    screen = again.start_window.screen_shown
    assert screen.problem.key == "corrupt"
    press(screen, "恢复这一份")
    panel = again.dialogs.panels[-1]
    assert "恢复后：0 名儿童" in said(panel)
    panel.buttons["restore"].click()
    qtbot.waitUntil(sits(again), timeout=10_000)
    window = again.sitting.window
    assert window.windowTitle().endswith("青石坪镇中心小学")
    assert any("恢复来的" in said(banner) for banner in window.current_page().findChildren(Banner))
    question, lines, _ = again.dialogs.asked[-1]
    assert question.startswith("已恢复")
    assert any("没有删" in line for line in lines)


def test_an_older_file_put_back_is_noticed(school, start, tmp_path, clock, qtbot):
    path = ledger_path(tmp_path / "data")
    close(school, qtbot)
    old = path.read_bytes()
    again = start()
    qtbot.waitUntil(sits(again))
    from app.school.service import add_staff

    again.sitting.context.write(add_staff, name="李国平")
    close(again, qtbot)
    path.write_bytes(old)
    third = start()
    qtbot.waitUntil(lambda: third.start_window is not None)
    screen = third.start_window.screen_shown
    assert screen.problem.key == "older-content"
    press(screen, "就用这份")
    qtbot.waitUntil(sits(third))


def test_another_ledger_wears_its_banner(school, start, tmp_path, clock, qtbot):
    close(school, qtbot)
    other = tmp_path / "other" / "去年.db"
    other.parent.mkdir()
    with Store.create(other, clock=clock) as store:
        from app.school.service import init_school

        init_school(store, name="白水沟小学")
    program = start(other)
    qtbot.waitUntil(sits(program))
    page = program.sitting.window.current_page()
    (banner,) = [one for one in page.findChildren(Banner) if "另一份数据" in said(one)]
    banner.findChild(Link).click()
    qtbot.waitUntil(
        lambda: sits(program)() and program.path == ledger_path(tmp_path / "data"), timeout=10_000
    )
    assert program.sitting.window.windowTitle().endswith("青石坪镇中心小学")


def test_restoring_from_inside_puts_away_and_opens_again(school, tmp_path, clock, qtbot):
    first = school.sitting
    school.restore(back_up(school, qtbot).path)
    qtbot.waitUntil(lambda: school.sitting is not None and school.sitting is not first, timeout=10_000)
    assert school.start_window is None
    assert school.sitting.window.isVisible()
    assert not first.window.isVisible()


def test_another_type_size_lays_the_window_out_anew_at_the_same_page(school, qtbot):
    from ui import theme

    sitting = school.sitting
    before = sitting.window
    before.open_page("settings")
    sitting.context.settings.change(font_scale=1.3)
    qtbot.waitUntil(lambda: sitting.window is not before)
    assert theme.metrics().row == 36
    assert sitting.window._trail[-1].name == "settings"
    qtbot.waitUntil(lambda: not shiboken6.isValid(before))
    assert sitting.context.navigation is sitting.window


def test_a_failed_backup_at_the_end_is_asked_about(school, tmp_path, qtbot):
    school.sitting.context.backup_folder = tmp_path / "data" / "守望.db" / "no folder"
    school.dialogs.choices = ["leave"]
    close(school, qtbot)
    question, _, verbs = school.dialogs.asked[-1]
    assert question == "关窗前的备份没有做成"
    assert verbs[0] == "先不关"


def test_restored_unfinished_is_gone_on_with(school, start, tmp_path, qtbot):
    backup = back_up(school, qtbot)
    close(school, qtbot)
    path = ledger_path(tmp_path / "data")
    marker = Marker("restore", str(backup.path), str(path) + ".before", "2026-11-21T10:42:00")
    write_marker(path, marker)
    again = start()
    qtbot.waitUntil(lambda: again.start_window is not None)
    screen = again.start_window.screen_shown
    assert screen.problem.key == "resume"
    press(screen, "换回原来的")
    qtbot.waitUntil(sits(again), timeout=10_000)
