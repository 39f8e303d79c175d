"""R28–R30, R44, R45, R54–R56 in the real window: where it lives, how it is called, and what the system does to it meanwhile."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import threading
from ctypes import addressof, wintypes
from datetime import datetime

import pytest
from msgspec.structs import replace
from PySide6.QtCore import SIGNAL, QByteArray, QLocale, QTimer
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QTextEdit

from app.core.settings import load_settings, save_settings
from app.school.codes import HandoverKind
from app.school.handover import handovers
from app.school.service import add_staff
from app.storage.backups import list_backups, make_backup
from app.storage.drives import place_warning
from app.storage.opening import verify_open
from tests.conftest import ROOT
from tests.ui.shell.disks import disk
from ui.dialogs import Dialogs
from ui.pages import all_pages
from ui.shell.first_run import FirstRun
from ui.shell.page import PageSpec
from ui.shell.sleep import PBT_APMSUSPEND, WM_POWERBROADCAST
from ui.widgets import Link, Text

DEEP = "留守儿童关爱工作 2026 秋季 👩‍🏫🏫 覃𬭎䶮 #1%"
TYPED = "17"


def bar(desk, words):
    return next((one for one in desk.banners() if words in one), "")


# ---- R28, R29, R30: where it lives, and when --------------------------------------------------------------------------


@pytest.fixture
def moved(settings, folders):
    """`moved(folder)` is the usual ledger in another folder, as if she had chosen it the first day."""

    def move(folder):
        folder.mkdir(parents=True)
        shutil.move(folders[0], folder / "守望.db")
        save_settings(settings, replace(load_settings(settings), data_folder=folder))
        return folder / "守望.db"

    return move


def test_r28_a_ledger_in_a_cloud_folder_is_said_once_and_calmly(row, sits, moved, tmp_path):
    moved(tmp_path / "OneDrive - 青石坪小学" / "守望数据")
    row.round(injected=1)
    desk = sits()
    if "OneDrive" not in bar(desk, "网盘"):
        row.wrong(f"the bars say {desk.banners()}")
    if desk.program.dialogs.faults or desk.program.dialogs.asked:
        row.wrong("it stands in her way")
    link = next(
        one
        for one in desk.window.current_page().findChildren(Link)
        if one.text() == "知道了" and one.isVisible()
    )
    link.click()
    if bar(desk, "网盘"):
        row.wrong("it is said again after she has read it")


def test_r28_a_disk_that_is_nearly_full_is_said_with_what_is_left(row, sits, moved, tmp_path):
    with disk(tmp_path / "D", "-o", "size=40m") as small:
        path = moved(small / "守望数据")
        row.round(injected=1)
        desk = sits()
        if not re.search(r"快满了，只剩 \d+\.\d MB", bar(desk, "快满了")):
            row.wrong(f"the bars say {desk.banners()}")
        desk.leaves()
        assert path.exists()


def test_r29_odd_names_and_a_long_path_carry_everything(row, sits, moved, tmp_path, settings):
    folder = tmp_path / DEEP / ("很深的文件夹" * 8) / ("one folder more " * 4) / "守望数据"
    path = moved(folder)
    backups = tmp_path / DEEP / "备份 💾"
    backups.mkdir()
    save_settings(settings, replace(load_settings(settings), backup_folder=backups))
    assert len(str(path)) > 190
    row.round(injected=1, acked=1)
    desk = sits()
    desk.context.write(add_staff, name="李国平")
    desk.context.jobs.run(make_backup, desk.context.store, reason="by_hand", folder=backups)
    desk.settles()
    if desk.told or not all(one.verified for one in list_backups(backups)):
        row.wrong(f"said {desk.told}")
    desk.asks(verify_open)
    if set(desk.context.entering.names) != {"陈素兰", "李国平"}:
        row.lost("what was saved there")
    desk.leaves()
    if not list_backups(backups):
        row.lost("the backup of the evening")


def test_r29_a_folder_too_deep_for_any_file_is_named_as_such(row, begins, moved, tmp_path, qtbot):
    path = moved(tmp_path / DEEP / ("很深的文件夹" * 12) / ("再深一层" * 12) / "守望数据")
    row.round(injected=1)
    desk = begins()
    desk.teacher.waits(lambda: desk.program.start_window is not None)
    said = desk.reads(desk.program.start_window)
    if "太长" not in said or "硬盘" in said:
        row.wrong(f"the start screen says {said}")
    assert place_warning(path.parent).key == "place.too_long"


def test_r29_a_name_too_long_is_told_and_leaves_nothing(row, desk, tmp_path):
    target = tmp_path / f"{'留守儿童台账' * 40}.xlsx"
    page = desk.goes_to("ledger")
    desk.presses(page, "导出 Excel…")
    desk.program.dialogs.files.append(target)
    row.round(injected=1)
    desk.panel.buttons["export"].click()
    desk.settles()
    if desk.told != ["file.path_too_long"]:
        row.wrong(f"said {desk.told}")
    if list(tmp_path.glob("*.xlsx*")):
        row.broken("half a file is left")


@pytest.mark.parametrize("year", [2000, 2008])
def test_r30_a_first_start_with_an_empty_battery_is_told_on_the_first_screen(
    row, start, clock, settings, year, qtbot, monkeypatch
):
    monkeypatch.setattr("app.tasks.starting.build_facts", lambda: {"built": "2026-11-20"})
    clock.advance(seconds=(datetime(year, 1, 1) - clock.now()).total_seconds())
    row.round(injected=1)
    screen = start().start_window.screen_shown
    assert isinstance(screen, FirstRun)
    qtbot.waitUntil(lambda: not screen.is_looking, timeout=10_000)
    said = " ".join(text.text() for text in screen.findChildren(Text))
    if f"现在是 {year}-01-01 00:00" not in said:
        row.wrong(f"the first screen says {said}")
    if not screen.buttons["roster"].isEnabled():
        row.wrong("it holds her up")


# ---- R44: the program's own files change under it ---------------------------------------------------------------------


def test_r44_a_page_that_is_not_there_any_more_is_no_riddle(row, desk, monkeypatch, caplog, whole):
    """A newer version is being put over the running one: what was not loaded yet does not fit, or is gone."""

    def gone(_context):
        raise ImportError("cannot import name 'StatisticsPage'", name="ui.pages.statistics.page")

    spec = desk.window._specs["statistics"]
    desk.window._specs["statistics"] = replace(spec, factory=gone)
    hooked(desk, monkeypatch)
    row.round(injected=1)
    QTimer.singleShot(0, lambda: desk.window.open_page("statistics"))
    desk.teacher.waits(lambda: bool(desk.told))
    row.says(desk.told[0], "program.changed", "a part of the program that cannot be loaded")
    desk.context.write(add_staff, name="李国平")
    desk.settles()
    row.round(acked=1)
    desk.goes_to("ledger")
    desk.leaves()
    whole(desk.program.path, ["曾小雨"])
    caplog.clear()


# ---- R45: printing ----------------------------------------------------------------------------------------------------


@pytest.fixture
def laid_out(desk):
    """The print page with every child's sheet laid out."""
    page = desk.goes_to("printing")
    desk.teacher.waits(lambda: page._printed is not None)
    desk.settles()
    return page


def printed(desk):
    """Whether the ledger says that something was printed."""
    return [one for one in desk.asks(handovers) if one.kind is HandoverKind.PRINT]


def test_r45_without_a_printer_the_sheets_are_saved_as_a_pdf(row, desk, laid_out, tmp_path, monkeypatch):
    monkeypatch.setattr(QPrinterInfo, "availablePrinters", staticmethod(list))
    monkeypatch.setattr(desk.program.dialogs, "printer", Dialogs().printer, raising=False)
    row.round(injected=1)
    laid_out._ask_printer()
    desk.settles()
    row.says(desk.told[0], "print.no_printer", "no printer at all")
    if "另存为 PDF" not in desk.program.dialogs.faults[-1][1][2]:
        row.wrong("the way out is not said")
    target = tmp_path / "档案.pdf"
    desk.program.dialogs.files.append(target)
    laid_out._save_as()
    desk.program.dialogs.gives_reason()
    desk.settles()
    row.round(acked=1)
    if not target.exists():
        row.lost("the sheets as a PDF")


@pytest.mark.qt_log_ignore("QPainter::begin")
def test_r45_a_printer_that_takes_nothing_is_told_and_not_logged(row, desk, laid_out, tmp_path, monkeypatch):
    gone = QPrinter()
    gone.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    gone.setOutputFileName(str(tmp_path / "no such folder" / "paper.pdf"))
    monkeypatch.setattr(desk.program.dialogs, "printer", lambda _pages: (gone, 0, 1), raising=False)
    row.round(injected=1)
    laid_out._ask_printer()
    desk.settles()
    row.says(desk.told[0] if desk.told else None, "print.not_started", "a printer that is off")
    if printed(desk):
        row.wrong("it is written down as printed")
    if not laid_out.isEnabled() or laid_out._progress.isVisible():
        row.wrong("it looks as if it went on")


def test_r45_printing_that_she_lets_be_leaves_no_trace(row, desk, laid_out, monkeypatch):
    monkeypatch.setattr(desk.program.dialogs, "printer", lambda _pages: None, raising=False)
    row.round(injected=1)
    laid_out._ask_printer()
    desk.settles()
    if desk.told or printed(desk):
        row.wrong(f"said {desk.told}")


# ---- R54: log-off and sleep -------------------------------------------------------------------------------------------


def in_the_middle_of_a_record(desk):
    page = desk.goes_to("record", child=desk.uuid_of("曾小雨"))
    page.form.fields.first_text().setPlainText("说夜里想妈妈")


def drafts_of(desk):
    return {entry.value for draft in desk.context.drafts.box.read().drafts for entry in draft.entries}


def test_r54_the_end_of_the_session_reaches_the_drafts(row, desk):
    app = QApplication.instance()
    listening = app.receivers(SIGNAL("commitDataRequest(QSessionManager&)"))
    in_the_middle_of_a_record(desk)
    row.round(injected=1)
    if not listening:
        row.wrong("nobody hears that the session ends")
    desk.context.drafts._session_ends(None)  # only the system can make a session manager
    if "说夜里想妈妈" not in drafts_of(desk):
        row.lost("what was typed when she was logged off")


def test_r54_the_computer_goes_to_sleep(row, desk):
    in_the_middle_of_a_record(desk)
    desk.teacher.waits(lambda: desk.program._sleep is not None)
    told = wintypes.MSG()
    told.message, told.wParam = WM_POWERBROADCAST, PBT_APMSUSPEND
    row.round(injected=1)
    taken, answer = desk.program._sleep.nativeEvent(QByteArray(b"windows_generic_MSG"), addressof(told))
    assert (taken, answer) == (False, 0), "Windows goes on"
    if "说夜里想妈妈" not in drafts_of(desk):
        row.lost("what was typed when the computer went to sleep")
    other = wintypes.MSG()
    other.message = WM_POWERBROADCAST + 1
    desk.program._sleep.nativeEvent(QByteArray(b"windows_generic_MSG"), addressof(other))


# ---- R55: an error nobody thought of, on every page -------------------------------------------------------------------


def hooked(desk, monkeypatch):
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    desk.program.errors.install()


def typed_into(page):
    """Type into the first field of the page that takes it, and return it; None where nothing is written."""
    for kind in (QPlainTextEdit, QTextEdit, QLineEdit):
        for field in page.findChildren(kind):
            if field.isVisible() and field.isEnabled() and not field.isReadOnly():
                field.setFocus()
                if isinstance(field, QLineEdit):
                    field.insert(TYPED)
                else:
                    field.insertPlainText(TYPED)
                return field
    return None


def text_in(field):
    return field.text() if isinstance(field, QLineEdit) else field.toPlainText()


def test_r55_a_slot_of_any_page_errs_and_what_was_typed_stays(row, desk, monkeypatch, caplog):
    hooked(desk, monkeypatch)

    def errs():
        raise KeyError("曾小雨")

    asked = 0
    for spec in all_pages():
        params = desk.asks(spec.example) if spec.example is not None else {}
        desk.program.dialogs.choices[:] = ["drop"] * 3
        page = desk.goes_to(spec.name, **params)
        field = typed_into(page)
        before = text_in(field) if field is not None else ""
        desk.told.clear()
        row.round(injected=1)
        QTimer(page, singleShot=True, interval=0, timeout=errs).start()
        desk.teacher.waits(lambda: bool(desk.told))
        row.says(desk.told[0], "KeyError", spec.name)
        head, parts = desk.program.dialogs.faults[-1]
        if "没料到的错" not in head or "曾小雨" in " ".join(parts) or not all(parts):
            row.wrong(f"{spec.name}: {head} {parts}")
        if desk.page is not page or not page.isEnabled():
            row.wrong(f"{spec.name} is not there any more")
        if field is not None and text_in(field) != before:
            row.lost(f"{spec.name}: what was typed")
        asked += 1
    assert asked == len(all_pages()) > 15
    caplog.clear()


def test_r55_a_page_that_cannot_be_made_leaves_the_one_before(row, desk, monkeypatch, caplog):
    def errs(_context):
        raise KeyError("曾小雨")

    hooked(desk, monkeypatch)
    here = desk.goes_to("ledger")
    desk.window._specs["broken"] = PageSpec("broken", "坏页", "print", errs)
    row.round(injected=1)
    QTimer.singleShot(0, lambda: desk.window.open_page("broken"))
    desk.teacher.waits(lambda: bool(desk.told))
    row.says(desk.told[0], "KeyError", "the box")
    if desk.page is not here or desk.window.rail.items["ledger"].isChecked() is False:
        row.wrong("she is nowhere")
    desk.goes_to("diary")
    caplog.clear()


# ---- R56: other languages and consoles --------------------------------------------------------------------------------

ODD_DATE = re.compile(r"\b\d{1,2}[./]\d{1,2}[./]\d{2,4}\b|\b\d{1,2}:\d\d ?[AaPp]\.?[Mm]\b|上午 ?\d|下午 ?\d")


@pytest.fixture
def other_language():
    before = QLocale()
    yield lambda name: QLocale.setDefault(QLocale(name))
    QLocale.setDefault(before)


@pytest.mark.parametrize("language", ["en_US", "ar_EG"])
def test_r56_dates_and_numbers_look_the_same_in_any_language(row, sits, other_language, language):
    other_language(language)
    desk = sits()
    for page in ("today", "ledger", "diary", "calls", "safety", "settings"):
        row.round(injected=1)
        shown = desk.goes_to(page)
        said = desk.reads(shown)
        if ODD_DATE.search(said):
            row.wrong(f"{page} says {ODD_DATE.search(said)[0]}")
        if re.search("[٠-٩]", said):
            row.wrong(f"{page} writes other digits")
    desk.opens_child("曾小雨")
    if ODD_DATE.search(desk.reads()):
        row.wrong("the file of a child says a date otherwise")


@pytest.mark.parametrize("language", ["C", "zh_CN.GBK"])
def test_r56_the_command_line_answers_the_same_in_any_language(row, folders, language):
    def says(**environment):
        kept = {
            key: text for key, text in os.environ.items() if not key.startswith(("LC_", "LANG", "PYTHON"))
        }
        done = subprocess.run(
            [sys.executable, "-m", "app", "--today", "2026-11-21", "children", folders[0], "--json"],
            cwd=ROOT,
            capture_output=True,
            check=True,
            env={**kept, **environment},
        )
        return done.stdout

    row.round(injected=1)
    if says(LC_ALL=language, LANG=language) != says(LC_ALL="C.UTF-8"):
        row.wrong(f"in {language} the answer is another")
