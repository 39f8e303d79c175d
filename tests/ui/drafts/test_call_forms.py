"""The dialogs of 线路与时段 and of a child's calls: kept while typing, opened again with the same after a power cut."""

from __future__ import annotations

import pytest

from app.calls.lines import lines
from app.calls.people import callees
from tests.ui.drafts.hands import gone, kept, type_into, write_on
from ui.drafts import STAY, Form
from ui.pages.calls.lines_page import LinesPage
from ui.pages.child.calling import Calling
from ui.pages.child.page import ChildPage


def _hours(page):
    page._opened("lines", page.table("lines").rows[0])


DIALOGS = {
    Form.LINE: (lambda page: page._open("lines", None), "name", "学校手机"),
    Form.HOURS: (_hours, "starts2", "18:30"),
    Form.CLOSURE: (lambda page: page._open("closures", None), "reason", "电话线断"),
    Form.LESSON: (lambda page: page._open("lessons", None), "name", "下午第一"),
    Form.DUTY_TURN: (lambda page: page._open("turns", page.table("turns").rows[0]), "starts", "12:00"),
    Form.DUTY_SWAP: (lambda page: page._open("swaps", None), "reason", "县里培训"),
}


def again(ledger, asked, shown, settled, panel, name, text, qtbot):
    (draft,) = kept(ledger)
    assert draft.entry(name).value == text
    assert all(entry.label and not entry.label.isascii() for entry in draft.entries), "in her words"
    gone(panel, qtbot)
    write_on(ledger, asked, shown, settled)
    opened = ledger.dialogs.panels[-1]
    assert opened.keeping.fields[name].text() == text
    ledger.dialogs.choices.append("drop")
    opened.answer(STAY)
    assert kept(ledger) == ()


@pytest.mark.parametrize("form", list(DIALOGS))
def test_a_dialog_of_lines_and_duty(form, ledger, asked, shown, settled, qtbot):
    assert asked(lines, ledger.clock.today())
    page = shown(LinesPage)
    opener, name, text = DIALOGS[form]
    opener(page)
    panel = ledger.dialogs.panels[-1]
    type_into(panel.keeping.fields[name], text)
    again(ledger, asked, shown, settled, panel, name, text, qtbot)


@pytest.mark.parametrize(
    ("form", "name", "text"), [(Form.REACHABLE, "starts1", "12:00"), (Form.WISH, "note", "想妈妈")]
)
def test_a_dialog_of_a_childs_calls(form, name, text, ledger, asked, shown, settled, qtbot):
    callee = next(one for one in asked(callees, ledger.clock.today()) if one.contacts)
    page = shown(ChildPage, uuid=callee.child_uuid)
    qtbot.waitUntil(lambda: any(one.isVisibleTo(page) for one in page.findChildren(Calling)))
    settled()
    page.findChild(Calling)._open("wish" if form is Form.WISH else callee.contacts[0].person_uuid)
    panel = ledger.dialogs.panels[-1]
    type_into(panel.keeping.fields[name], text)
    again(ledger, asked, shown, settled, panel, name, text, qtbot)
