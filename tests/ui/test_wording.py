"""How the window says stored moments."""

from datetime import date, datetime
from pathlib import Path

import pytest

from app.storage.backups import Backup, Reason
from ui import theme
from ui.shell.candidates import Candidate, candidate_columns
from ui.theme import Type
from ui.widgets import paint
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


@pytest.mark.parametrize("reason", Reason)
def test_why_a_backup_was_made_fits_the_column_on_the_start_screen(reason, look):
    """Its column is as wide as the sample: longer words would be cut in the middle, at the very place of fear."""
    column = candidate_columns(date(2026, 11, 21))[-1]
    backup = Backup(Path("a.db"), datetime(2026, 11, 21, 10), reason, 1, verified=True)
    words = column.cell(Candidate(backup.path, backup)).text
    bold = theme.font(Type.BODY, bold=True)
    assert paint.text_width(words, bold) <= paint.text_width(column.sample.rstrip(), bold)
