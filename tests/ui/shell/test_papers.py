"""The private file behind a paper that is looked at: it stays as long as something draws from it, and no longer."""

from __future__ import annotations

from threading import Event

import pypdfium2
import pytest
from PySide6.QtCore import QObject

from app.core.paths import private_folder
from app.paper.printing import PrintResult
from ui.shell.papers import CLOSE, SAVE, PaperShow

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
