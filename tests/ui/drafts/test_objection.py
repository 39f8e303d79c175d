"""Which field a refusal is about, where it names none: the one whose text it quotes."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QWidget

from ui.drafts import quoted_field
from ui.widgets import QuietField, column

LATE = "2026-12-01 还没有到。"


@pytest.fixture
def fields(look, qtbot):
    """Three fields of a form, the first of them hidden."""
    form = QWidget()
    qtbot.addWidget(form)
    made = [QuietField(quiet=False, hint="") for _ in range(3)]
    form.setLayout(column(*made))
    made[0].hide()
    return form, made


def test_it_is_the_one_that_can_be_changed(fields):
    form, (hidden, other, wrong) = fields
    for field, text in ((hidden, "2026-12-01"), (other, "12"), (wrong, " 2026-12-01 ")):
        field.setText(text)
    assert quoted_field(form, LATE) is wrong, "a short text may stand in the words by chance"
    wrong.setText("2026-11-20")
    assert quoted_field(form, LATE) is None
