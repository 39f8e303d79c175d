"""The coloured bars: what is said over every page while it is true, and that the work goes on under it."""

import shutil

import pytest

from app.core.messages import fault
from app.core.settings import load_settings
from app.storage.backups import Reason, list_backups, make_backup
from app.storage.data_place import ledger_path
from app.storage.found_place import FoundPlace
from app.storage.second_place import name_second
from tests.ui.shell.hands import add_staff_member, banners, close, press, said, sits, wait_for_screen
from ui.shell.first_run import OPEN_FOUND
from ui.shell.place import look_here
from ui.widgets import Banner, Link

PATIENCE = 20_000


def bar(program, words):
    return next(b for b in program.sitting.window.current_page().findChildren(Banner) if words in said(b))


def press_link(program, words):
    bar(program, words).findChild(Link).click()


def is_said(program, words):
    return lambda: any(words in one for one in banners(program))


def test_a_backup_that_was_not_made_is_said_and_made_again(school, tmp_path, clock, qtbot):
    sitting = school.sitting
    folder = sitting.context.backup_folder
    add_staff_member(school, qtbot, "李国平")
    blocked = tmp_path / "no folder"
    blocked.write_text("x", encoding="utf-8")
    sitting.context.backup_folder = blocked
    sitting._back_up_if_due()
    qtbot.waitUntil(is_said(school, "备份没做成"), timeout=PATIENCE)
    assert any("以前的备份一份也没动" in words for words in banners(school))
    assert school.dialogs.faults == [], "no box: she goes on working"
    sitting.window.open_page("settings")
    qtbot.waitUntil(is_said(school, "备份没做成"))
    sitting.context.backup_folder = folder
    press_link(school, "备份没做成")
    qtbot.waitUntil(lambda: not is_said(school, "备份没做成")(), timeout=PATIENCE)
    assert list_backups(folder)[0].verified


def test_backups_that_were_wiped_are_missed_until_they_go_elsewhere(school, tmp_path, qtbot):
    sitting = school.sitting
    context = sitting.context
    made = []
    context.jobs.run(
        make_backup,
        context.store,
        reason=Reason.BY_HAND,
        folder=context.backup_folder,
        on_done=made.append,
    )
    qtbot.waitUntil(lambda: bool(made), timeout=PATIENCE)
    shutil.rmtree(context.backup_folder)
    sitting.bars.look()
    qtbot.waitUntil(is_said(school, "每次开机清空这个盘"), timeout=PATIENCE)

    sitting.bars.backup_made()
    assert is_said(school, "每次开机清空这个盘")(), "that one will be gone tomorrow, too"
    context.backup_folder = tmp_path / "E"
    sitting.bars.backup_made()
    assert not is_said(school, "每次开机清空这个盘")()


def test_what_is_missing_is_said_in_numbers(school, qtbot):
    error = fault("copy.no_space", place="备份文件夹", needed="20 MB", free="8 MB", missing="12 MB")
    school.sitting.bars.backup_failed(error, lambda: None)
    qtbot.waitUntil(is_said(school, "备份没做成：空间不足，还差 12 MB。"))


def test_a_broken_ledger_is_an_alarm(school):
    school.sitting.bars.backup_failed(fault("copy.source_corrupt"), lambda: None)
    made = bar(school, "数据文件损坏")
    assert made.property("ground") == "red"
    assert "不会被坏的数据换掉" in said(made)


def test_a_wrong_clock_is_asked_about_and_holds_nothing_up(school, start, tmp_path, clock, qtbot):
    close(school, qtbot)
    clock.advance(days=-6 * 366)
    again = start()
    qtbot.waitUntil(sits(again), timeout=PATIENCE)
    qtbot.waitUntil(is_said(again, "电脑时间可能不对"), timeout=PATIENCE)
    assert is_said(again, "早 6 年")()
    add_staff_member(again, qtbot, "李国平")
    press_link(again, "电脑时间可能不对")
    assert not is_said(again, "电脑时间可能不对")()


@pytest.mark.parametrize("verb", ["就用这份", "用较新的"])
def test_a_disk_that_forgets_at_each_start_is_suspected_after_the_second_time(
    school, start, tmp_path, clock, qtbot, verb
):
    """A 还原卡: what was saved is gone the next morning, and again; the backups lie on a disk it does not reach."""
    path = ledger_path(tmp_path / "data")
    add_staff_member(school, qtbot, "李国平")
    close(school, qtbot)
    morning = path.read_bytes()
    told = []
    for name in ("王秀英", "张建军", "周大勇"):
        again = start()
        qtbot.waitUntil(lambda again=again: again.sitting is not None or again.start_window is not None)
        if again.sitting is None:
            press(wait_for_screen(again, qtbot, "older-content"), verb)
            if verb == "用较新的":
                again.dialogs.panels[-1].buttons["restore"].click()
            qtbot.waitUntil(sits(again), timeout=PATIENCE)
        told.append(is_said(again, "还原卡")())
        add_staff_member(again, qtbot, name)
        close(again, qtbot)
        path.write_bytes(morning)
        clock.advance(days=1)
    assert told == [False, False, True]


def test_a_computer_that_forgets_where_the_data_lie_is_asked_twice_and_then_told(
    school, start, tmp_path, clock, qtbot, settings, monkeypatch
):
    """A 还原卡 over the system's disk: the ledger lies on another one, each morning nothing here knows of it."""
    there = FoundPlace(tmp_path / "data", tmp_path / "backups", clock.now())
    monkeypatch.setattr("ui.shell.place.find_ledgers", lambda: [there])
    school.preferences.change(font_scale=1.15, columns=("name", "class"))
    close(school, qtbot)
    pressed, told = [], []
    for _morning in range(4):
        settings.unlink()
        clock.advance(days=1)
        again = start()
        screen = again.start_window.screen_shown
        qtbot.waitUntil(
            lambda again=again, screen=screen: again.sitting is not None or not screen.is_looking,
            timeout=PATIENCE,
        )
        pressed.append(again.sitting is None)
        if again.sitting is None:
            press(screen, OPEN_FOUND)
            qtbot.waitUntil(sits(again), timeout=PATIENCE)
            again.preferences.change(who="陈素兰", font_scale=1.15, columns=("name", "class"))
        told.append(is_said(again, "每次开机都忘了")())
        assert again.usual_path == ledger_path(tmp_path / "data")
        close(again, qtbot)
    assert pressed == [True, True, False, False]
    assert told == [False, True, True, True]
    chosen = load_settings(settings)
    assert (chosen.who, chosen.font_scale, chosen.columns) == ("陈素兰", 1.15, ("name", "class"))


def test_of_two_ledgers_on_a_forgetful_computer_she_says_which(tmp_path, clock, monkeypatch):
    places = [FoundPlace(tmp_path / name, tmp_path / name / "备份", clock.now()) for name in ("一", "二")]
    monkeypatch.setattr("ui.shell.place.is_forgotten_daily", lambda *_args, **_known: True)
    monkeypatch.setattr("ui.shell.place.find_ledgers", lambda: places)
    assert look_here(clock).again is None
    monkeypatch.setattr("ui.shell.place.find_ledgers", lambda: places[:1])
    assert look_here(clock).again == places[0]


def test_a_journal_that_was_not_written_is_said_until_it_is(school, tmp_path, qtbot):
    journal = school.sitting.context.store.journal
    folder = journal.path.parent
    add_staff_member(school, qtbot, "李国平")
    away = folder.rename(tmp_path / "away")
    folder.write_text("a file where the folder was", encoding="utf-8")
    add_staff_member(school, qtbot, "王秀英")
    qtbot.waitUntil(is_said(school, "日志没有写成"), timeout=PATIENCE)
    assert {"李国平", "王秀英"} <= set(school.sitting.context.entering.names) or school.jobs.busy
    folder.unlink()
    away.rename(folder)
    add_staff_member(school, qtbot, "张建军")
    qtbot.waitUntil(lambda: not is_said(school, "日志没有写成")(), timeout=PATIENCE)
    text = journal.path.read_text(encoding="utf-8")
    assert all(name in text for name in ("李国平", "王秀英", "张建军")), "the gap is filled"


def test_bars_are_worn_again_after_another_type_size(school, qtbot):
    school.sitting.bars.backup_failed(fault("copy.became_full", place="备份文件夹"), lambda: None)
    before = school.sitting.window
    school.sitting.context.settings.change(font_scale=1.15)
    qtbot.waitUntil(lambda: school.sitting.window is not before)
    qtbot.waitUntil(is_said(school, "备份没做成"))


def test_nothing_is_said_of_a_school_in_order(school, start, tmp_path, qtbot):
    close(school, qtbot)
    again = start()
    qtbot.waitUntil(sits(again), timeout=PATIENCE)
    qtbot.waitUntil(lambda: not again.jobs.busy, timeout=PATIENCE)
    assert again.sitting.bars.keys == ()
    assert ledger_path(tmp_path / "data") == again.path


def test_a_second_place_that_is_away_is_said_until_it_is_read_or_there(school, start, tmp_path, qtbot):
    folder = school.sitting.context.backup_folder
    close(school, qtbot)
    drive = tmp_path / "drive"
    drive.mkdir()
    second = name_second(drive, ledger=school.path, backup_folder=folder).folder
    shutil.rmtree(second)
    again = start()
    qtbot.waitUntil(sits(again), timeout=PATIENCE)
    qtbot.waitUntil(is_said(again, "第二处备份现在不在"), timeout=PATIENCE)
    press_link(again, "第二处备份现在不在")
    qtbot.waitUntil(lambda: not is_said(again, "第二处备份现在不在")())
    second.mkdir()
    add_staff_member(again, qtbot, "李国平")
    again.sitting._back_up_if_due()
    qtbot.waitUntil(lambda: bool(list_backups(second)), timeout=PATIENCE)
    qtbot.waitUntil(lambda: "second" not in again.sitting.bars.keys)
