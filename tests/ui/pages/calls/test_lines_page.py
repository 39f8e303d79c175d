"""线路与时段 by keyboard: lines, hours, closures, the school's day, the roster; kept drafts; nothing cut on small windows."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.calls.codes import LineKind
from app.calls.lines import closures, lines
from app.calls.service_lines import ClosureDraft, LineDraft, close_line, end_line, save_line
from app.calls.slots import slots
from app.school.duty import swaps, turns
from app.school.lessons import lessons
from tests.ui.pages.calls.conftest import said
from ui.drafts import SAVE, STAY, Form
from ui.pages.calls.lines_page import LinesPage
from ui.pages.calls.lines_panels import HoursPanel
from ui.theme import Breakpoint
from ui.widgets import Banner
from ui.widgets.cuts import cuts_of

DAY = date(2026, 11, 18)
CONTROL = Qt.KeyboardModifier.ControlModifier
LONG = "留守儿童之家图书角旁边那部新装的座机电话"
PARTS = ("lines", "closures", "lessons", "turns", "swaps")


def type_into(field, text):
    field.setFocus()
    field.selectAll()
    event = QInputMethodEvent()
    event.setCommitString(text)
    QApplication.sendEvent(field, event)


@pytest.fixture
def lines_page(ledger, shown):
    return shown(LinesPage(ledger))


@pytest.fixture
def panel(ledger, lines_page, settled):
    """`panel(part)` is the dialog that adds one to a list, `panel(part, row)` the one that Enter on a row opens."""

    def open_(part, row=None):
        lines_page.show_part(part)
        if row is None:
            lines_page._add.click()
        else:
            table = lines_page.table(part)
            table.setFocus()
            table.set_current(table.rows[row].uuid)
            QTest.keyClick(table, Qt.Key.Key_Return)
        settled()
        return ledger.dialogs.panels[-1]

    return open_


@pytest.fixture
def stored(settled):
    """Ctrl+Enter in a dialog, and what it asked for is done."""

    def store(made):
        QTest.keyClick(made, Qt.Key.Key_Return, CONTROL)
        settled()
        return made

    return store


def test_lines_stand_with_their_hours_by_weekday(lines_page):
    table = lines_page.table("lines")
    rows = [(row.line.name, row.one.starts if row.one else "", sorted(row.openings)) for row in table.rows]
    assert rows == [("活动室座机", "12:20", [1, 2, 3, 4, 5]), ("视频电脑", "16:20", [3])]
    assert lines_page._known.slots_a_week == 22
    assert not lines_page.findChildren(Banner), "nothing is doubtful"
    assert QApplication.focusWidget() is table, "the keyboard is in the list"


def test_a_line_with_hours_is_added_by_keyboard_and_undone(lines_page, panel, stored, asked, ledger, settled):
    made = panel("lines")
    assert made.focusWidget() is made.name
    type_into(made.name, "学校手机")
    made.kind.set_value(LineKind.SCHOOL_MOBILE)
    stored(made)
    line = next(one for one in asked(lines, DAY) if one.name == "学校手机")
    assert (line.kind, line.openings) == (LineKind.SCHOOL_MOBILE, ())
    assert "学校手机还没有开放时间" in said(lines_page.findChildren(Banner)[0])
    hours = ledger.dialogs.panels[-1]
    assert isinstance(hours, HoursPanel), "the next thing to do"
    for box in hours.spans[0].days[:2]:
        QTest.keyClick(box, Qt.Key.Key_Space)
    type_into(hours.spans[0].starts, "1620")
    type_into(hours.spans[0].ends, "17：00")
    assert "每周 8 个时段" in hours._told.text()
    stored(hours)
    found = next(one for one in asked(lines, DAY) if one.name == "学校手机").openings
    assert [(one.weekday, one.starts, one.ends, one.slot_minutes) for one in found] == [
        (1, "16:20", "17:00", 10),
        (2, "16:20", "17:00", 10),
    ]
    assert ledger.navigation.toasts, "with 撤销"


def test_hours_that_cannot_be_stay_in_the_dialog_with_the_reason(panel, stored, asked):
    before = asked(lines, DAY)
    hours = panel("lines", row=0)
    type_into(hours.spans[1].starts, "12:50")
    type_into(hours.spans[1].ends, "13:30")
    stored(hours)
    assert "没有勾星期几" in hours._reason.text()
    QTest.keyClick(hours.spans[1].days[0], Qt.Key.Key_Space)
    stored(hours)
    assert "12:20–13:00" in hours._reason.text(), "the two meet"
    type_into(hours.spans[1].ends, "吃饭")
    stored(hours)
    assert asked(lines, DAY) == before
    assert hours.isVisible()


def test_a_span_whose_days_are_all_unticked_is_open_no_more(panel, stored, asked):
    hours = panel("lines", row=1)
    QTest.keyClick(hours.spans[0].days[2], Qt.Key.Key_Space)
    stored(hours)
    assert [one.openings for one in asked(lines, DAY) if one.name == "视频电脑"] == [()]


def test_a_line_ends_after_a_question_that_counts_what_is_planned(lines_page, ledger, asked, settled):
    table = lines_page.table("lines")
    table.setFocus()
    table.set_current(table.rows[0].uuid)
    QTest.keyClick(table, Qt.Key.Key_Delete)
    settled()
    question, told, verbs = ledger.dialogs.asked[-1]
    assert "不再用活动室座机" in question
    assert "4 个电话" in told[0]
    assert verbs[0] == "先不动"
    assert len(asked(lines, DAY)) == 2, "the safe answer changes nothing"
    ledger.dialogs.choices.append("end")
    QTest.keyClick(table, Qt.Key.Key_Delete)
    settled()
    assert [one.name for one in asked(lines, DAY)] == ["视频电脑"]


def test_a_closure_is_written_with_its_reason_and_taken_back(
    lines_page, panel, stored, asked, ledger, settled, qtbot
):
    made = panel("closures")
    stored(made)
    assert made.isVisible(), "a reason is needed"
    type_into(made.reason, "电话线断了")
    stored(made)
    (found,) = asked(closures, DAY, DAY)
    assert (found.line, found.reason, found.starts) == ("活动室座机", "电话线断了", None)
    assert {slot.closed for slot in asked(slots, DAY, DAY) if slot.line == "活动室座机"} == {"电话线断了"}
    again = panel("closures", row=0)
    type_into(again.starts, "12:20")
    type_into(again.ends, "12:40")
    stored(again)
    assert [one.ends for one in asked(closures, DAY, DAY)] == ["12:40"]
    ledger.dialogs.choices.append("end")
    qtbot.bring(lines_page)
    table = lines_page.table("closures")
    table.setFocus()
    table.set_current(table.rows[0].uuid)
    QTest.keyClick(table, Qt.Key.Key_Delete)
    settled()
    assert asked(closures, DAY, DAY) == ()


def test_a_lesson_keeps_its_class_from_the_telephone(panel, stored, asked):
    made = panel("lessons")
    type_into(made.name, "午休")
    type_into(made.starts, "12:40")
    type_into(made.ends, "14:00")
    stored(made)
    assert [(one.name, one.class_name, one.weekday, one.kept_free) for one in asked(lessons, DAY)] == [
        ("午休", "全校", None, True)
    ]
    again = panel("lessons", row=0)
    again.kept.set_value(False)
    stored(again)
    assert [one.kept_free for one in asked(lessons, DAY)] == [False]


def test_the_roster_and_who_stands_in(panel, stored, asked, lines_page):
    made = panel("turns", row=0)
    assert made.teacher.text().startswith("王秀芬")
    type_into(made.teacher, "zxy")
    stored(made)
    monday = [one for one in asked(turns, DAY) if one.weekday == 1]
    assert [(one.staff, one.valid_from) for one in monday] == [("周晓燕", "2026-11-18")]
    assert [one.staff for one in asked(turns, date(2026, 11, 17)) if one.weekday == 1] == ["王秀芬"]
    swap = panel("swaps")
    assert "周三：王秀芬" in swap._on_duty._note.text()
    type_into(swap.instead, "王秀芬")
    type_into(swap.teacher, "李国平")
    stored(swap)
    assert [(one.staff, one.instead) for one in asked(swaps, DAY, DAY)] == [("李国平", "王秀芬")]
    first = asked(slots, DAY, DAY)[0]
    assert (first.duty, first.instead_of) == ("李国平", "王秀芬")


def test_what_is_half_typed_is_kept_and_opened_again(drafts, ledger, shown, panel, qtbot):
    made = panel("closures")
    type_into(made.reason, "机房换")
    drafts.flush()
    (draft,) = drafts.box.read().drafts
    assert draft.form == Form.CLOSURE
    made.setModal(False)
    made.hide()
    with qtbot.waitSignal(made.destroyed):
        made.deleteLater()
    drafts.set_left((draft,))
    drafts.want(draft)
    shown(LinesPage(ledger))
    again = ledger.dialogs.panels[-1]
    assert again.reason.text() == "机房换"
    ledger.dialogs.choices.append("drop")
    again.answer(STAY)
    drafts.flush()
    assert drafts.box.read().drafts == ()


def test_without_any_line_it_is_said_what_to_do(ledger, shown, asked, who, settled):
    for uuid in who.lines.values():
        asked(end_line, line_uuid=uuid, on=DAY)
    page = shown(LinesPage(ledger))
    for part in ("lines", "closures", "lessons", "swaps"):
        page.show_part(part)
        settled()
        assert page._stack.currentWidget() is page.empty
        assert cuts_of(page) == []
    assert QApplication.focusWidget() is page._add
    page.show_part("turns")
    assert page._stack.currentWidget() is page.table("turns")


@pytest.mark.parametrize(("width", "height"), [(1222, 656), (847, 404)])
def test_nothing_is_cut(lines_page, width, height, panel, settled):
    lines_page.resize(width, height)
    lines_page.set_breakpoint(Breakpoint.NARROW if width < 900 else Breakpoint.WIDE)
    for part in PARTS:
        lines_page.show_part(part)
        settled()
        assert cuts_of(lines_page) == []
        made = panel(part)
        assert cuts_of(made) == []
        assert made.height() <= 432
        made.answer(STAY)
    hours = panel("lines", row=0)
    assert cuts_of(hours) == []
    assert hours.height() <= 432
    assert hours.buttons[SAVE].isVisible()


def test_long_names_and_reasons_have_room(ledger, shown, asked, settled):
    asked(save_line, draft=LineDraft(name=LONG, kind=LineKind.ROOM_PHONE, place=LONG), since=DAY)
    asked(close_line, draft=ClosureDraft(first=DAY, last=DAY, reason=LONG))
    page = shown(LinesPage(ledger))
    for part in ("lines", "closures"):
        page.show_part(part)
        settled()
        assert cuts_of(page) == []


def test_a_ledger_that_is_only_looked_at_offers_no_entry(ledger, shown, settled, monkeypatch):
    monkeypatch.setattr(ledger, "read_only", True)
    page = shown(LinesPage(ledger))
    assert not page._add.isVisible()
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Delete):
        QTest.keyClick(page.table("lines"), key)
        settled()
    assert ledger.dialogs.panels == []
    assert ledger.dialogs.asked == []
