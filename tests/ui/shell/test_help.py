"""F1 through the whole program: 关于 and the support file, with an open ledger and on a start screen that opens none."""

import shutil
import zipfile

import pypdfium2
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from app import __version__
from app.core.paths import log_folder
from app.storage.data_place import ledger_path
from app.tasks.demo import make_demo
from app.tasks.support import FACTS_NAME
from tests.ui.shell.conftest import SPECS
from tests.ui.shell.hands import close, said, sits, wait_for_screen
from ui.shell.help.about import AboutPanel
from ui.shell.help.panel import HelpPanel
from ui.shell.papers import PaperPanel
from ui.widgets import AskDialog, Reading
from ui.widgets.clipboard import COPIED, NOT_COPIED, copy_text
from ui.widgets.cuts import cuts_of


@pytest.fixture(autouse=True)
def no_log():
    yield
    shutil.rmtree(log_folder(), ignore_errors=True)


def opened(program, qtbot, kind):
    """The panel of that kind that is in front, once it is there."""
    qtbot.waitUntil(lambda: isinstance(program.dialogs.panels[-1], kind), timeout=10_000)
    return program.dialogs.panels[-1]


def write(program, qtbot, target):
    """支持文件… to `target`; what the window says afterwards."""
    program.dialogs.files.append(target)
    opened(program, qtbot, HelpPanel).more["support"].click()
    told = opened(program, qtbot, AskDialog)
    return told, zipfile.ZipFile(target.with_suffix(".zip")).read(FACTS_NAME).decode("utf-8")


def test_about_says_what_is_read_out_on_the_telephone(school, qtbot):
    window = school.sitting.window
    window.open_help()
    opened(school, qtbot, HelpPanel).more["about"].click()
    panel = opened(school, qtbot, AboutPanel)
    assert f"守望 {__version__}" in said(panel)
    assert "Qt 6.8" in said(panel)
    panel.buttons["copy"].click()
    assert QGuiApplication.clipboard().text() == panel.words
    assert panel.told.text() == COPIED
    assert str(school.path.parent) in said(panel).replace("\u200b", "")
    assert str(school.path.parent) not in panel.words, "a folder may be called by a name"
    assert "陈素兰" not in panel.words
    assert "青石坪" not in panel.words
    assert cuts_of(panel) == []
    panel.answer("close")


def test_about_fits_the_lowest_window_its_verbs_in_sight(school, qtbot):
    window = school.sitting.window
    low = 432  # of a screen of 1366 × 768 at 150 %, as the contact sheet draws it
    window.setMinimumSize(0, 0)
    window.resize(911, low)
    window.open_help()
    opened(school, qtbot, HelpPanel).more["about"].click()
    panel = opened(school, qtbot, AboutPanel)
    panel.fit()
    assert panel.height() <= window.height() == low
    assert panel.rect().contains(panel.buttons["copy"].geometry())
    assert panel.findChild(Reading).verticalScrollBar().maximum() > 0, "the lines scroll"
    panel.answer("close")


def test_nothing_is_called_copied_that_the_clipboard_did_not_take(monkeypatch):
    class Held:
        """A clipboard that another program holds: it takes nothing, and Qt does not say so."""

        def setText(self, _words):
            pass

        def text(self):
            return "别的程序的字"

    monkeypatch.setattr("ui.widgets.clipboard.QGuiApplication.clipboard", Held)
    assert copy_text("版本：守望") == NOT_COPIED


def test_the_support_file_is_written_from_the_window(school, qtbot, tmp_path):
    school.sitting.window.open_help()
    told, page = write(school, qtbot, tmp_path / "给人看")
    assert "状态：开着" in page
    assert "陈素兰" not in page
    told.buttons["folder"].click()
    assert school.dialogs.shown_folders == [tmp_path]


def test_the_support_file_is_written_where_no_ledger_opens(school, start, qtbot, tmp_path):
    close(school, qtbot)
    path = ledger_path(tmp_path / "data")
    path.write_bytes(b"")
    again = start()
    screen = wait_for_screen(again, qtbot, "empty")
    screen.help.click()
    assert opened(again, qtbot, HelpPanel).topic.title == "数据没有打开"
    told, page = write(again, qtbot, tmp_path / "支持.zip")
    assert "代码：empty" in page
    assert "状态：empty" in page
    assert path.read_bytes() == b""
    told.reject()


def test_f1_on_the_first_screen(start, qtbot):
    program = start()
    window = program.start_window
    qtbot.waitUntil(window.isActiveWindow)
    qtbot.keyClick(window, Qt.Key.Key_F1)
    panel = opened(program, qtbot, HelpPanel)
    assert panel.topic.title == "第一次使用"
    assert cuts_of(panel) == []
    panel.answer("close")


@pytest.mark.parametrize(("key", "title", "pages"), [("guide", "四页指南", 4), ("card", "按键卡", 1)])
def test_the_guide_and_the_card_of_keys_are_shown_and_saved(school, qtbot, tmp_path, key, title, pages):
    school.sitting.window.open_help()
    opened(school, qtbot, HelpPanel).more[key].click()
    panel = opened(school, qtbot, PaperPanel)
    assert panel.head.text() == title
    school.dialogs.files.append(tmp_path / "a.pdf")
    panel.buttons["save"].click()
    qtbot.waitUntil(lambda: "已存成 PDF" in panel.told.text(), timeout=10_000)
    document = pypdfium2.PdfDocument(tmp_path / "a.pdf")
    assert len(document) == pages
    document.close()
    panel.answer("close")


def test_the_guide_is_there_before_any_ledger(start, qtbot):
    program = start()
    program.start_window.open_help()
    opened(program, qtbot, HelpPanel).more["guide"].click()
    opened(program, qtbot, PaperPanel).answer("close")


def test_the_demo_school_is_one_press_away_from_any_page(school, qtbot, monkeypatch):
    asked = []
    monkeypatch.setattr(school.sitting.context.program, "open_demo", lambda: asked.append(1))
    school.sitting.window.open_help()
    opened(school, qtbot, HelpPanel).more["demo"].click()
    assert asked == [1]


def test_in_the_demo_school_itself_it_is_not_offered(programs, qtbot, tmp_path, clock):
    path = tmp_path / "demo.db"
    make_demo(path, clock=clock, children=5)
    program = programs(SPECS, path)
    qtbot.waitUntil(sits(program), timeout=10_000)
    qtbot.waitUntil(lambda: "demo" in program.sitting.window._banners, timeout=10_000)
    program.sitting.window.open_help()
    assert "demo" not in opened(program, qtbot, HelpPanel).more
