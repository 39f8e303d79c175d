"""The private file behind a paper that is looked at: it stays as long as something draws from it, and no longer."""

from __future__ import annotations

from threading import Event

import pypdfium2
import pytest
from PySide6.QtCore import QObject
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QWidget

from app.core.changes import Changes
from app.core.messages import fault
from app.core.paths import private_folder
from app.paper.printing import PrintResult
from ui.shell.papers import CLOSE, PRINT, SAVE, Papers, PaperShow

WAIT = 10_000


def a_page(file):
    document = pypdfium2.PdfDocument.new()
    document.new_page(595, 842)
    document.save(file)
    return PrintResult(pages=1, missing_characters=(), page_of_child={})


@pytest.fixture
def paper(context, qtbot):
    """A paper on the screen, and the room of its file."""
    before = set(private_folder().glob("work_*"))
    parent = QObject()
    shown = PaperShow(
        context.jobs, context.dialogs, context.errors, context.clock, parent, title="名单", stem="名单"
    )
    shown.show_made(a_page)
    qtbot.waitUntil(lambda: shown.preview is not None and shown.preview.shown is not None, timeout=WAIT)
    qtbot.addWidget(shown.panel)
    made = set(private_folder().glob("work_*")) - before
    (room,) = (path for path in made if path.is_dir())
    yield shown, room, made
    parent.deleteLater()


@pytest.fixture
def drawing(context):
    """A drawing that takes until the test lets it end."""
    begun, end = Event(), Event()

    def draw():
        begun.set()
        end.wait()

    context.jobs.draw(draw)
    begun.wait()
    yield end
    end.set()


def test_the_file_goes_behind_what_is_still_drawn_from_it(paper, drawing, qtbot):
    shown, room, made = paper
    shown.panel.answer(CLOSE)
    assert (room / "paper.pdf").is_file(), "Windows would leave it there for good"
    drawing.set()
    qtbot.waitUntil(lambda: not any(path.exists() for path in made), timeout=WAIT)


def test_what_was_asked_for_before_it_was_closed_is_saved(paper, drawing, context, qtbot, tmp_path):
    shown, room, _ = paper
    context.dialogs.files.append(tmp_path / "名单.pdf")
    shown.panel.answer(SAVE)
    shown.panel.answer(CLOSE)
    drawing.set()
    qtbot.waitUntil(lambda: not room.exists(), timeout=WAIT)
    assert (tmp_path / "名单.pdf").read_bytes().startswith(b"%PDF")


def test_at_the_end_of_the_program_it_goes_at_once(paper, context):
    shown, _, made = paper
    context.jobs.shut()
    shown.panel.answer(CLOSE)
    assert not any(path.exists() for path in made)


@pytest.fixture
def logged_paper(context, qtbot):
    """A paper on the screen that is written down when it leaves, and the log: it waits until the test lets it answer."""
    begun, answer = Event(), Event()
    answers = []

    def log(_store, *, by):
        begun.set()
        answer.wait()
        told = answers.pop() if answers else Changes("", "")
        if isinstance(told, Exception):
            raise told
        return told

    parent = QWidget()
    qtbot.addWidget(parent)
    papers = Papers(context, parent, title="名单", stem="名单")
    papers.went_out.connect(lambda _kind, _target: papers.write_log(None, log))
    papers.show_made(a_page)
    qtbot.waitUntil(lambda: papers.preview is not None and papers.preview.shown is not None, timeout=WAIT)
    qtbot.addWidget(papers.panel)
    yield papers, begun, answer, answers
    answer.set()


def three_pages(_store, file):
    """Of two children: the first has two pages."""
    document = pypdfium2.PdfDocument.new()
    for _ in range(3):
        document.new_page(595, 842)
    document.save(file)
    return PrintResult(pages=3, missing_characters=(), page_of_child={"a": 1, "b": 3})


@pytest.mark.parametrize(
    ("pages", "keys"), [((0, 0), {"a"}), ((1, 1), {"a"}), ((1, 2), {"a", "b"}), ((0, 2), None)]
)
def test_a_second_page_is_of_whom_the_first_was(context, qtbot, tmp_path, pages, keys):
    """Printed alone it was in the hand-over log as a paper about nobody."""
    parent = QObject()
    papers = Papers(context, parent, title="通话记录", stem="通话记录")
    papers.show_paper(three_pages)
    qtbot.waitUntil(lambda: papers.preview is not None and papers.preview.shown is not None, timeout=WAIT)
    qtbot.addWidget(papers.panel)
    gone = []
    papers.went_out.connect(lambda *_: gone.append(papers.gone))
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "纸.pdf"))
    context.dialogs.printer = lambda _count: (printer, *pages)
    papers.panel.answer(PRINT)
    qtbot.waitUntil(lambda: bool(gone), timeout=WAIT)
    assert gone == [keys]
    papers.panel.answer(CLOSE)
    parent.deleteLater()


def test_a_paper_is_told_of_when_it_is_written_down_and_not_before(logged_paper, context, qtbot, tmp_path):
    papers, begun, answer, _ = logged_paper
    target = tmp_path / "名单.pdf"
    context.dialogs.files.append(target)
    papers.panel.answer(SAVE)
    qtbot.waitUntil(begun.is_set, timeout=WAIT)
    assert (target.exists(), papers.panel.told.text()) == (True, "")
    answer.set()
    qtbot.waitUntil(lambda: papers.panel.told.text().startswith("已存成 PDF：名单.pdf，在「"), timeout=WAIT)


def test_a_paper_that_stays_though_it_was_not_written_down_says_so(logged_paper, context, qtbot, tmp_path):
    papers, _, answer, answers = logged_paper
    answers.append(fault("storage.full"))
    answer.set()
    context.dialogs.files.append(tmp_path / "名单.pdf")
    papers.panel.answer(SAVE)
    qtbot.waitUntil(lambda: bool(context.dialogs.faults), timeout=WAIT)
    told = papers.panel.told.text()
    assert (told.startswith("已存成 PDF：名单.pdf"), told.endswith("；没有记进移交记录")) == (True, True)
    assert (tmp_path / "名单.pdf").exists()
