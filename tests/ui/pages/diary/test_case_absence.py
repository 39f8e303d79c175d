"""缺席: a case from the keyboard to 销号, each 劝返, what is due next, lists that also say nothing, a draft with its child."""

from __future__ import annotations

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import Qt

from app.children.queries import load_facts
from app.diary.absences import absences
from app.diary.codes import AbsenceEnd, AbsenceReason, PersuasionResult
from app.diary.service_absences import remove_absence, remove_persuasion
from app.school.codes import HandoverKind, Profile
from app.school.handover import handovers
from app.tasks.dropout import DropoutPaper
from tests.ui.pages.diary.case_desk import Desk
from ui.drafts import Form
from ui.theme import Tone
from ui.widgets import Button, State


@pytest.fixture
def desk(ledger, qtbot, asked):
    for case in asked(absences):  # the demo school has its own
        for tried in case.persuasions:
            asked(remove_persuasion, uuid=tried.uuid)
        asked(remove_absence, uuid=case.uuid)
    made = Desk(ledger, qtbot, "absences")
    yield made
    made.close()


def recorded(desk, **days):
    form = desk.begin()
    assert not form.happened_on.isEnabled(), "first the child"
    desk.choose_child(form, days.pop("child", "何天佑"))
    form.happened_on.setText(days.pop("happened_on", "2026-11-16"))
    for name, day in days.items():
        form.days[name].setText(day)
    form.ask_save()
    desk.settle()


def test_what_is_written_on_while_a_form_is_being_saved_is_not_lost(desk, asked):
    """The form stays with it and says so; saved again it is the same case."""
    form = desk.begin()
    desk.choose_child(form, "何天佑")
    form.happened_on.setText("2026-11-16")
    form.ask_save()
    form.named["note"].setPlainText("下午奶奶来说孩子在家")
    desk.settle()
    assert [case.note for case in asked(absences)] == [None]
    assert not form.child.isEnabled(), "what is on file stays with its child"
    assert "还没有存" in form._reason.text()
    form.ask_save()
    desk.settle()
    assert [case.note for case in asked(absences)] == ["下午奶奶来说孩子在家"]


def test_a_child_picked_wrongly_is_changed_before_saving(desk, asked, qtbot):
    """What is typed already stays, and the draft is about the right one."""
    form = desk.begin()
    desk.choose_child(form, "何天佑")
    form.named["note"].setPlainText("下午奶奶来说孩子在家")
    (chip,) = form.child.findChildren(Button)
    assert chip.isEnabled()
    desk.picture("absence-child-chosen")
    assert not form.child.field.field.isVisible(), "a case is about one child"
    chip.click()
    desk.settle()
    assert form.child.field.field.hasFocus()
    assert not form.save.isEnabled()
    form.ask_save()
    desk.settle()
    assert asked(absences) == ()
    other = next(one for one in asked(load_facts, desk.context.clock.today()) if one.name != "何天佑").name
    desk.choose_child(form, other)
    assert form.keeping.about.words == f"{other} 一条缺席"
    assert form.keeping.about.where["child"] == form.child.head.uuid
    assert form.happened_on.hasFocus()
    form.ask_save()
    desk.settle()
    (case,) = asked(absences)
    assert (case.child_name, case.note) == (other, "下午奶奶来说孩子在家")


def test_a_day_before_the_one_it_follows_is_red_with_the_keyboard_in_it(desk, asked):
    """Its text stands in the words twice over: the field that is wrong is the later one, not the first of that text."""
    recorded(desk)
    form = desk.open()
    form.days["suspected_on"].setText("2026-11-18")
    form.days["dropout_on"].setText("2026-11-17")
    form.ask_save()
    desk.settle()
    assert form.focusWidget() is form.days["dropout_on"]
    assert form.days["dropout_on"].finding.state is State.INVALID
    assert form.days["suspected_on"].finding is None
    form.days["dropout_on"].setText("")
    form.days["closed_on"].setText("2026-11-19")
    form.ask_save()
    desk.settle()
    assert form.focusWidget() is form.closed_reason


def test_the_step_that_is_due_is_marked_in_the_form_and_the_later_ones_stand_back(desk, asked):
    recorded(desk)  # Monday the 16th; it is Saturday
    form = desk.open()
    desk.picture("absence-due")
    assert notes(form) == {"suspected_on": "3 天前就该做"}
    quiet = {name for name, (day, *_) in form._stages.items() if day.label._tone is Tone.INK3}
    assert quiet == {"reported_on", "dropout_on", "closed_on"}, "she may be back any day"
    form.days["suspected_on"].setText("2026-11-18")
    assert notes(form) == {}
    form.ask_save()
    desk.settle()
    form = desk.open()
    assert notes(form) == {"reported_on": "今天该做"}
    form.days["reported_on"].setText("2026-11-21")
    assert form._stages["reported_on"][0].label._tone is Tone.INK2
    form.ask_save()
    desk.settle()
    form = desk.open()
    assert notes(form) == {}
    assert form._tried_head._fact.text() == "第 1 次劝返，今天该做"
    assert desk.part.table.rows[0].due.step.when_words(desk.context.clock.today()) == "今天该做"


def notes(form):
    """What is said behind the days of the stages."""
    found = {name: day._note.text() if day._note else "" for name, (day, *_) in form._stages.items()}
    return {name: words for name, words in found.items() if words}


def test_a_case_from_the_missed_day_to_its_closing(desk, asked, qtbot):
    assert desk.part.lists.currentWidget() is desk.part.empty
    desk.picture("absence-empty")
    form = desk.begin()
    desk.choose_child(form, "何天佑")
    assert form.happened_on.hasFocus()
    form.happened_on.setText("2026-11-16")
    form.reason.set_value(AbsenceReason.TIRED_OF_SCHOOL)
    for _ in range(2):
        qtbot.keyClick(form.happened_on, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    desk.settle()
    (case,) = asked(absences)
    assert (case.child_name, case.reason) == ("何天佑", AbsenceReason.TIRED_OF_SCHOOL)
    (line,) = desk.part.table.rows
    assert line.due.step.words == "连续 3 天未到校，列为疑似辍学"

    form = desk.open()
    form.days["suspected_on"].setText("20261118")
    form.begin_persuasion()
    panel = desk.context.dialogs.panels[-1]
    desk.write(panel.people, "班主任、村支书")
    panel.outcome.set_value(PersuasionResult.RETURNED)
    panel.answer("save")
    desk.settle()
    assert form.tried.rows[0].persons == "班主任、村支书"
    assert form.days["returned_on"].text() == "2026-11-21"
    desk.picture("absence-form")
    form.days["closed_on"].setText("2026-11-21")
    form.ask_save()
    desk.settle()
    assert desk.part.form is form, "销号 wants its reason"
    form.closed_reason.set_value(AbsenceEnd.RETURNED)
    form.ask_save()
    desk.settle()
    (case,) = asked(absences)
    assert (case.suspected_on, case.returned_on, case.closed_on) == ("2026-11-18", "2026-11-21", "2026-11-21")
    desk.picture("absence-list")


def test_a_second_open_case_is_refused_with_its_words_and_nothing_is_lost(desk, asked):
    recorded(desk)
    form = desk.begin()
    desk.choose_child(form, "何天佑")
    desk.write(form.remark, "写了不少情况")
    form.ask_save()
    desk.settle()
    assert desk.part.form is form
    assert "2026-11-16" in form._reason.text()
    assert form.remark.toPlainText() == "写了不少情况"
    assert len(asked(absences)) == 1


def test_a_draft_comes_back_with_its_child(desk, asked):
    form = desk.begin()
    desk.choose_child(form, "何天佑")
    desk.write(form.found_by, "陈素兰")
    desk.part.close_form()
    (left,) = desk.context.drafts.left
    desk.context.drafts.want(left)
    desk.part.open_with(**{key: value for key, value in left.where.items() if key != "part"})
    desk.settle()
    form = desk.part.form
    assert form.found_by.text() == "陈素兰"
    form.ask_save()
    desk.settle()
    assert [case.child_name for case in asked(absences)] == ["何天佑"]


def test_a_half_typed_visit_to_fetch_a_child_back_is_opened_again_and_stays_one(desk, asked):
    recorded(desk)
    form = desk.open()
    form.begin_persuasion()
    panel = desk.context.dialogs.panels[-1]
    desk.write(panel.people, "班主任、村支书")
    desk.write(panel.course, "在家帮着收洋芋，奶奶说赶完这一场就来")
    desk.context.drafts.flush()
    (draft,) = desk.context.drafts.box.read().drafts
    assert (draft.form, draft.words) == (Form.PERSUASION, "何天佑 一次劝返")
    panel.setModal(False)
    with desk.qtbot.waitSignal(panel.destroyed):  # the power goes: nobody has answered
        panel.deleteLater()
    desk.part.close_form()

    desk.context.drafts.want(draft)
    desk.page.open_with(**draft.where)
    desk.settle()
    again = desk.context.dialogs.panels[-1]
    assert again is not panel
    assert (again.people.text(), again.uuid) == ("班主任、村支书", panel.uuid)
    assert again.course.toPlainText() == "在家帮着收洋芋，奶奶说赶完这一场就来"
    again.answer("save")
    desk.settle()
    (case,) = asked(absences)
    assert [one.persons for one in case.persuasions] == ["班主任、村支书"]
    desk.context.drafts.flush()
    assert desk.context.drafts.box.read().drafts == ()


def test_a_case_asked_for_while_another_page_is_shown_is_open_when_it_comes(desk, asked):
    recorded(desk)
    (case,) = asked(absences)
    desk.page.hide()
    desk.page.open_with(part="absences", uuid=case.uuid)
    desk.page.show()
    desk.settle()
    assert desk.part.form.uuid == case.uuid


def test_the_lists_are_shown_also_when_nobody_is_missing(desk):
    for which in (DropoutPaper.REGISTER, DropoutPaper.PERSUASIONS):
        desk.part.print_list(which)
        desk.qtbot.waitUntil(lambda: desk.part.papers.preview is not None)
        assert desk.part.papers.preview.pages == 1
        desk.part.papers.panel.answer("close")
        desk.settle()
    desk.part.print_month(1)
    desk.qtbot.waitUntil(lambda: desk.part.papers.preview is not None)
    desk.part.papers.panel.answer("close")
    desk.settle()


def test_a_list_that_is_saved_is_in_the_hand_over_log(desk, asked, tmp_path):
    """These lists carry whole numbers: what was looked at stays here, what leaves is written down with its children."""
    recorded(desk, suspected_on="2026-11-18")
    before = len(asked(handovers))
    desk.part.print_list(DropoutPaper.REPORT)
    desk.qtbot.waitUntil(lambda: desk.part.papers.preview is not None)
    panel = desk.part.papers.panel
    assert len(asked(handovers)) == before
    desk.context.dialogs.files = [tmp_path / "报告表.pdf"]
    panel.answer("save")
    desk.context.dialogs.gives_reason("报镇中心校")
    desk.qtbot.waitUntil(lambda: panel.told.text().startswith("已存成 PDF"))
    newest = asked(handovers)[0]
    assert len(asked(handovers)) == before + 1
    assert (newest.content, newest.kind, newest.people) == ("辍学学生情况报告表", HandoverKind.PDF, 1)
    assert (newest.profile, newest.reason) == (Profile.FULL, "报镇中心校")
    panel.answer("close")


def test_the_three_ledgers_go_out_masked_or_with_a_reason(desk, tmp_path):
    recorded(desk, suspected_on="2026-11-18")
    out = tmp_path / "台账.xlsx"
    desk.context.dialogs.files = [out]
    desk.part.ask_export()
    panel = desk.context.dialogs.panels[-1]
    panel.profile.setCurrentIndex(1)
    panel.answer("save")
    assert not out.exists(), "whole numbers want a reason"
    panel.profile.setCurrentIndex(0)
    panel.answer("save")
    desk.settle()
    names = [row[1] for row in load_workbook(out)["疑似辍学"].iter_rows(min_row=4, values_only=True)]
    assert "何天佑" in names
    assert "已导出" in desk.context.navigation.toasts[-1][0]


def test_nothing_is_cut_at_the_smallest_window(ledger, qtbot):
    desk = Desk(ledger, qtbot, "absences", size=(911 - 64, 432 - 40))
    form = desk.open()
    desk.picture("absence-narrow")
    assert form.save.isVisible()
    assert form.paper.horizontalScrollBar().maximum() == 0
    desk.close()


def test_a_day_without_its_year_is_the_nearest_one(desk, asked):
    recorded(desk, happened_on="11.16")
    assert [case.happened_on for case in asked(absences)] == ["2026-11-16"]
