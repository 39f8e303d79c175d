"""The printed forms that are out: code after code is typed, each opens its form; a wrong one is told in words."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from app.children.queries import load_facts
from app.tasks.week_forms import forms_wanted
from app.todo.forms import paper_forms
from app.todo.queries import due_items
from app.todo.rules import DueKind
from app.todo.service_forms import FormDraft, void_forms
from tests.printed_forms import print_forms
from ui.pages.today.forms_page import FormsPage

WAIT = 10_000


@pytest.fixture
def codes(ledger, asked):
    """Two forms that are out."""
    children = asked(load_facts, ledger.clock.today())[:2]
    ledger.write(print_forms, drafts=[FormDraft(child_uuid=one.uuid, activity="talk") for one in children])
    return [form.code for form in asked(paper_forms)]


@pytest.fixture
def page(ledger, codes, qtbot):
    made = FormsPage(ledger)
    qtbot.addWidget(made)
    qtbot.show(made)
    made.reload()
    qtbot.waitUntil(lambda: len(made.table.rows) == len(codes), timeout=WAIT)
    made.code.setFocus()
    return made


def opened(page):
    return [params["paper"] for _, params in page.context.navigation.opened]


def test_a_stack_of_forms_is_typed_code_after_code(page, codes, qtbot):
    for count, code in enumerate(codes, start=1):
        page.focus_first()
        qtbot.keyClicks(page.code, code.lower())
        qtbot.waitUntil(lambda count=count: len(opened(page)) == count, timeout=WAIT)
        assert page.code.text() == ""
    assert opened(page) == codes


def test_a_mistyped_code_is_told_and_leaves_no_letters_behind(page, codes, qtbot):
    wrong = codes[0][:-1] + ("2" if codes[0][-1] != "2" else "3")
    qtbot.keyClicks(page.code, wrong)
    assert "有一位不对" in page.said.text()
    qtbot.keyClick(page.code, Qt.Key.Key_Return)
    assert page.code.hasFocus()
    qtbot.keyClicks(page.code, "x")
    page.hide()
    page.show()
    page.focus_first()
    assert page.code.text() == ""
    assert "有一位不对" not in page.said.text()
    qtbot.keyClicks(page.code, codes[1])
    qtbot.waitUntil(lambda: opened(page) == [codes[1]], timeout=WAIT)


def test_asked_for_anew_the_next_code_takes_the_place_of_a_wrong_one(page, codes, qtbot):
    qtbot.keyClicks(page.code, "ABCD2345")
    page.focus_first()
    qtbot.keyClicks(page.code, codes[1].lower())
    qtbot.waitUntil(lambda: opened(page) == [codes[1]], timeout=WAIT)


def test_too_short_a_code_stays_and_says_what_a_code_is(page, qtbot):
    qtbot.keyClicks(page.code, "AB2")
    qtbot.keyClick(page.code, Qt.Key.Key_Return)
    assert "单号是 8 位" in page.said.text()
    assert page.code.hasFocus()
    assert opened(page) == []


def test_a_form_printed_for_an_event_names_it_when_it_comes_back(ledger, asked, page, qtbot):
    event = next(item for item in asked(due_items).items if item.kind is DueKind.EVENT)
    (draft,) = [
        one
        for one in forms_wanted(asked(due_items).items)
        if (one.child_uuid, one.why) == (event.child_uuid, event.why)
    ]
    made = asked(print_forms, drafts=[draft])
    qtbot.keyClicks(page.code, made.codes[0])
    qtbot.waitUntil(lambda: bool(opened(page)), timeout=WAIT)
    ((_, params),) = page.context.navigation.opened
    assert (params["event"], params["paper"]) == (event.subject_uuid, made.codes[0])


def test_back_from_a_line_of_the_list_the_keyboard_is_in_the_list_at_its_neighbour(
    ledger, page, codes, qtbot
):
    page.table.setFocus()
    first, second = page.table.rows
    page.table.set_current(first.uuid)
    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: opened(page) == [first.code], timeout=WAIT)
    page.code.setFocus()
    page.focus_first()
    assert page.table.hasFocus()
    ledger.write(void_forms, uuids=[first.uuid], reason="请假")
    page.reload()
    qtbot.waitUntil(lambda: len(page.table.rows) == 1, timeout=WAIT)
    assert page.table.current_row().uuid == second.uuid
    page.focus_first()
    assert page.code.hasFocus(), "asked for by itself the page begins with the code"
