"""会议: the list, a meeting ticked by the keyboard and saved once, changed, counted by heads, printed, kept as a draft."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from app.diary.codes import MeetingKind
from app.diary.meetings import attendance, meetings
from tests.ui.pages.diary.case_desk import Desk


@pytest.fixture
def desk(ledger, qtbot):
    made = Desk(ledger, qtbot, "meetings")
    yield made
    made.close()


def test_a_meeting_is_ticked_by_the_keyboard_and_saved_once(desk, asked, qtbot):
    before = len(asked(meetings))
    form = desk.begin()
    desk.write(form.topic, "冬季安全")
    rows = form.table.lines
    assert len(rows) > 10
    form.table.setFocus()
    qtbot.keyClick(form.table, Qt.Key.Key_Space)
    qtbot.keyClick(form.table, Qt.Key.Key_Down)
    qtbot.keyClick(form.table, Qt.Key.Key_Space)
    assert form.came.text() == "1、2"
    desk.picture("meeting-form")
    for _ in range(2):  # a double press
        qtbot.keyClick(form.topic, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    desk.settle()
    found = asked(meetings)
    assert len(found) == before + 1
    made = next(one for one in found if one.topic == "冬季安全")
    assert (made.kind, made.came, made.asked) == (MeetingKind.PARENTS, 2, len(rows))
    assert desk.part.form is None
    assert "家长会" in desk.context.navigation.toasts[-1][0]
    assert any(line.topic == "冬季安全" for line in desk.part.table.rows)
    desk.picture("meeting-list")


def test_one_on_file_is_changed_and_moved_to_the_bin(desk, asked):
    line = desk.part.table.rows[0]
    desk.part.table.opened.emit(line)
    desk.settle()
    form = desk.part.form
    assert form.topic.text() == line.topic
    form.all_came.click()
    form.place.setText("大礼堂")
    form.ask_save()
    desk.settle()
    facts = next(one for one in asked(meetings) if one.uuid == line.uuid)
    assert facts.place == "大礼堂"
    assert facts.came == facts.asked == len(asked(attendance, line.uuid))
    desk.part.table.opened.emit(facts)
    desk.settle()
    desk.context.dialogs.choices = ["remove"]
    desk.part.form.ask_remove()
    desk.settle()
    assert facts.uuid not in {one.uuid for one in asked(meetings)}


def test_heads_only_for_a_village_meeting(desk, asked):
    form = desk.begin()
    form.kind.setCurrentIndex(list(MeetingKind).index(MeetingKind.VILLAGE))
    assert form.table.isHidden()
    desk.write(form.topic, "村组沟通")
    form.heads.setText("四十")
    form.ask_save()
    assert desk.part.form is form, "it stays open with its reason"
    form.heads.setText("40")
    form.ask_save()
    desk.settle()
    made = next(one for one in asked(meetings) if one.topic == "村组沟通")
    assert (made.present_count, made.asked) == (40, 0)
    form = desk.open(next(n for n, one in enumerate(desk.part.table.rows) if one.uuid == made.uuid))
    assert form.heads.text() == "40"
    assert form.table.lines == []
    form.by_list.setCurrentIndex(0)
    desk.settle()
    assert len(form.table.lines) > 10, "now family by family after all"


def test_what_is_typed_is_kept_and_offered_again(desk, asked):
    form = desk.begin()
    desk.write(form.topic, "没写完的会议")
    form.all_came.click()
    uuid, came = form.uuid, form.came.text()
    desk.part.close_form()  # another part of the program took its place
    (left,) = desk.context.drafts.left
    assert (left.form, left.where) == ("diary.meeting", {"part": "meetings"})
    desk.context.drafts.want(left)
    form = desk.begin()
    assert (form.uuid, form.topic.text(), form.came.text()) == (uuid, "没写完的会议", came)
    assert len(form.table.ticked_keys()) == len(form.table.lines)
    form.ask_save()
    desk.settle()
    assert desk.context.drafts.left == ()
    assert uuid in {one.uuid for one in asked(meetings)}


def test_the_sheet_to_sign_and_the_record_are_shown_as_they_will_be_printed(desk):
    form = desk.begin()
    form._print()
    desk.qtbot.waitUntil(lambda: form.papers.preview is not None and form.papers.preview.shown is not None)
    assert form.papers.preview.pages >= 1
    form.papers.panel.answer("close")
    desk.settle()


def test_nothing_is_cut_at_the_smallest_window(ledger, qtbot):
    desk = Desk(ledger, qtbot, "meetings", size=(911 - 64, 432 - 40))
    form = desk.begin()
    desk.picture("meeting-narrow")
    assert form.save.isVisible()
    assert form.paper.horizontalScrollBar().maximum() == 0
    desk.write(form.topic, "窄屏")
    form.ask_close()
    assert desk.part.form is None
    desk.close()
