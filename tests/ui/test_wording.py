"""How the window says stored moments."""

from datetime import date

import pytest

from ui.wording import stored_moment_words


@pytest.mark.parametrize(
    ("stored", "words"),
    [
        (None, "还没有"),
        ("2026-11-21T09:58:00", "今天 09:58"),
        ("2026-91-21T09:58:00", "2026-91-21 09:58"),  # a disk has changed a digit: shown as it stands
    ],
)
def test_a_stored_moment_is_said_whatever_stands_there(stored, words):
    assert stored_moment_words(stored, date(2026, 11, 21)) == words
