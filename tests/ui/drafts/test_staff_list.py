"""What was pasted into 登记几名教职工 outlasts a power cut, and is given up only when she says so."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication

from app.school.queries import staff
from tests.ui.drafts.hands import gone, kept, write_on
from ui.drafts import STAY, Form
from ui.pages.settings.page import SettingsPage
from ui.pages.settings.staff_list import StaffListPanel

SHEET = "姓名\t任课\t联系电话\n田小禾\t语文\t13800006217\n石大川\t数学\t13900001234\n"


def pasted(page, settled):
    page.section._several.click()
    panel = page.context.dialogs.panels[-1]
    QGuiApplication.clipboard().setText(SHEET)
    panel.grid.paste()
    settled()
    return panel


def test_a_power_cut_leaves_the_rows_and_they_are_added_once(ledger, asked, shown, settled, qtbot):
    page = shown(SettingsPage, section="staff")
    before = len(asked(staff, ledger.clock.today()))
    panel = pasted(page, settled)
    (draft,) = kept(ledger)
    assert (draft.form, draft.words) == (Form.STAFF_LIST, "登记 2 名教职工")
    gone(panel, qtbot)
    page, _ = write_on(ledger, asked, shown, settled)
    again = ledger.dialogs.panels[-1]
    assert isinstance(again, StaffListPanel)
    assert page.section.key == "staff"
    assert [texts[0] for _, texts in again.grid.cells.filled] == ["田小禾", "石大川"]
    again.answer("save")
    settled()
    assert len(asked(staff, ledger.clock.today())) == before + 2
    assert kept(ledger) == ()


def test_it_is_given_up_only_when_she_says_so(ledger, shown, settled):
    page = shown(SettingsPage, section="staff")
    panel = pasted(page, settled)
    panel.answer(STAY)
    assert ledger.dialogs.asked[-1][0] == "填了 2 名，还没有存"
    assert len(kept(ledger)) == 1
    ledger.dialogs.choices.append("drop")
    panel.answer(STAY)
    assert kept(ledger) == ()
    assert panel.isHidden()
