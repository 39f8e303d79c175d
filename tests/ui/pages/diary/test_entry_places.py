"""While a form is filled in, what is below a field stays where it is: it may be under the pointer, or written in."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication

from app.todo.service_forms import FormDraft
from tests.printed_forms import print_forms
from ui.widgets.form import Reason


@pytest.fixture
def form(page, opened, kids, asked):
    """The form of a printed one whose code was typed."""
    child = kids[0].uuid
    (printed,) = asked(print_forms, drafts=[FormDraft(child_uuid=child, activity="talk")]).forms
    return opened(child=child, kind="talk", paper=printed.code, why="每周谈心一次")


@pytest.fixture
def places(form, settled):
    """Where the fields stand on the sheet, from its top; photos are behind all of them."""

    def find():
        settled()
        QApplication.sendPostedEvents()
        fields = {name: field for name, field in form.fields.named() if field.isVisible()}
        return {name: field.mapTo(form, QPoint()).y() for name, field in fields.items()}

    return find


@pytest.mark.parametrize("name", ["day", "started", "ended"])
def test_a_day_or_a_time_that_is_none_pushes_nothing(form, places, qtbot, name):
    before = places()
    field = getattr(form.fields, name)
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, "99")
    qtbot.keyClick(field, Qt.Key.Key_Tab)
    told = [reason for reason in form.findChildren(Reason) if reason.isVisible()]
    assert len(told) == 1
    assert places() == before
    assert told[0].mapTo(form, QPoint(0, told[0].height())).y() <= min(
        y for y in before.values() if y > before[name]
    )
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, "1119")
    qtbot.keyClick(field, Qt.Key.Key_Tab)
    assert not any(reason.isVisible() for reason in told)
    assert places() == before


def test_the_next_line_of_promises_comes_at_the_end(form, places, types):
    before = places()
    what, _due = form.fields.promises[0]
    types(what, "周三打电话")
    after = places()
    assert set(after) - set(before) == {"promise1", "promise1.due"}
    assert {name: after[name] for name in before} == before
    assert after["promise1"] > max(before.values())
