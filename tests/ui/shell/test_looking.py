"""The look that goes before opening after a power cut is said on a screen, once it takes a while."""

import pytest
from PySide6.QtCore import QObject

from ui.shell.looking import HEAD, WORDS, Looking
from ui.shell.start_window import StartWindow
from ui.widgets import Text


@pytest.fixture
def window(look, qtbot):
    made = StartWindow()
    qtbot.addWidget(made)
    return made


@pytest.fixture
def looking(window):
    owner = QObject()
    yield Looking(window.show_screen, owner)
    owner.deleteLater()


def test_how_far_it_is_stands_on_a_screen_of_its_own(looking, window, qtbot):
    looking._delay.setInterval(0)
    looking.step(1, 100, "先拷出一份，在拷出的上面查")
    qtbot.waitUntil(lambda: window.screen_shown is not None)
    screen = window.screen_shown
    assert screen.progress._bar.isVisible()
    looking.step(0, 0, "逐页核对拷出的那一份")
    assert not screen.progress._bar.isVisible(), "nobody knows how far that is"
    assert screen.head.text() == HEAD
    assert WORDS in [text.text() for text in screen.findChildren(Text) if text.isVisible()]
    assert screen.progress.isVisible()
    assert screen.progress._words.text() == "逐页核对拷出的那一份"


def test_in_a_small_school_it_is_over_before_anything_is_said(looking, window, qtbot):
    looking.step(1, 100, "先拷出一份，在拷出的上面查")
    looking.end()
    assert not looking._delay.isActive()
    assert window.screen_shown is None
