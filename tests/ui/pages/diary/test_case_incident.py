"""突发事件: written at once, completed with bare times, minutes behind each step, 须报告 ticked by itself, kept and printed."""

from __future__ import annotations

import pytest

from app.children.drafts import ChildDraft
from app.children.service import add_children
from app.diary.codes import IncidentKind, ReportBody, Severity
from app.diary.incidents import IncidentDraft, incidents, save_incident
from app.school.codes import HandoverKind, Stage
from app.school.handover import handovers
from app.school.rules import ClassRef
from tests.ui.pages.diary.case_desk import Desk
from ui.drafts import Form, page_of
from ui.pages.diary.case_incident import _steps
from ui.theme import Breakpoint, Tone
from ui.widgets import State, Text
from ui.widgets.cuts import cuts_of


@pytest.fixture
def desk(ledger, qtbot):
    made = Desk(ledger, qtbot, "incidents")
    yield made
    made.close()


def test_an_incident_is_written_at_once_and_completed_later(desk, asked):
    desk.picture("incident-empty")
    form = desk.begin()
    desk.choose_child(form, "何天佑")
    form.found_at.setText("7.30")
    form.kind.set_value(IncidentKind.MISSING)
    assert form.must_report.value is True, "the law wants it reported"
    form.ask_save()
    desk.settle()
    (facts,) = asked(incidents)
    assert (facts.found_at, facts.kind, facts.must_report) == ("2026-11-21T07:30", IncidentKind.MISSING, True)
    desk.picture("incident-list")

    form = desk.open()
    form.moments["carer_told_at"].setText("7:50")
    form.moments["carer_told_at"].leave()
    form.moments["parents_told_at"].setText("11-21 8:45")
    form.moments["parents_told_at"].leave()
    assert form._steps["carer_told_at"]._note.text() == "20 分钟，限 30 分钟"
    assert form._steps["parents_told_at"]._note.text() == "75 分钟，超时（限 60 分钟）"
    line = form.reports[0]
    assert form.reports[1].rows[0].isHidden()
    line.body.set_value(ReportBody.POLICE)
    assert not form.reports[1].rows[0].isHidden()
    line.at.setText("740")
    desk.write(line.reporter, "李校长")
    desk.write(line.receipt, "接〔2026〕118 号")
    desk.picture("incident-form")
    form.ask_save()
    desk.settle()
    (facts,) = asked(incidents)
    assert [(one.body, one.reported_at, one.receipt_no) for one in facts.reports] == [
        (ReportBody.POLICE, "2026-11-21T07:40", "接〔2026〕118 号")
    ]
    words = desk.context.navigation.toasts[-1][0]
    assert words == "改了突发事件 2026-001"


def test_after_a_time_to_come_the_cursor_is_in_its_field(desk):
    form = desk.begin()
    desk.choose_child(form, "何天佑")
    form.kind.set_value(IncidentKind.MISSING)
    form.found_at.setText("23:50")
    form.save.setFocus()
    form.ask_save()
    desk.settle()
    assert "还没有到" in form._reason.text()
    assert form.focusWidget() is form.found_at
    form.found_at.setText("7:30")
    assert not form._reason.text()


def test_abuse_in_the_family_says_first_who_is_reported_to_and_whom_nobody_warns(desk, asked):
    form = desk.begin()
    desk.choose_child(form, "何天佑")
    form.found_at.setText("7.30")
    assert form._steps["carer_told_at"]._note.text() == "限 30 分钟"
    form.kind.set_value(IncidentKind.ABUSE)
    assert form._telling._fact.text().startswith("先报告公安、民政或教育")
    assert form._steps["carer_told_at"]._note.text() == "", (
        "no minutes press her to warn whom it may have been"
    )
    desk.write(form.untold["carer_untold"], "继父同住，是加害人")
    form.kind.set_value(IncidentKind.OTHER)
    assert form._steps["carer_told_at"]._note.text() == "不宜告知"
    form.kind.set_value(IncidentKind.ABUSE)
    line = form.reports[0]
    line.body.set_value(ReportBody.POLICE)
    line.at.setText("740")
    desk.write(line.reporter, "李校长")
    desk.write(line.receipt, "接〔2026〕118 号")
    desk.picture("incident-abuse")
    form.ask_save()
    desk.settle()
    (facts,) = asked(incidents)
    assert (facts.carer_untold, facts.parents_untold) == ("继父同住，是加害人", None)
    cell = _steps(desk.part.table.rows[0])
    assert cell.text == "上报教育办或政府：超时还没有（限 120 分钟）"
    assert cell.second == "已报公安 07:40（有回执）　另有 2 步"
    desk.picture("incident-abuse-list")
    assert desk.open().untold["carer_untold"].text() == "继父同住，是加害人"


def test_a_report_that_the_law_wants_at_once_leads_the_list_before_what_is_late(desk, asked):
    form = desk.begin()
    desk.choose_child(form, "何天佑")
    form.found_at.setText("5:30")
    form.kind.set_value(IncidentKind.ABUSE)
    form.ask_save()
    desk.settle()
    cell = _steps(desk.part.table.rows[0])
    assert (cell.text, cell.tone) == ("强制报告（公安、民政或教育）：还没有", Tone.RED)


def test_a_time_that_is_none_or_too_early_stays_with_its_reason(desk, asked):
    form = desk.begin()
    desk.choose_child(form, "何天佑")
    form.ask_save()
    assert "几点发现" in form._reason.text()
    form.found_at.setText("上午")
    form.ask_save()
    assert form.found_at.finding is not None
    form.found_at.setText("8:00")
    form.moments["rescued_at"].setText("7:00")
    form.ask_save()
    desk.settle()
    assert desk.part.form is form
    assert "发现时间" in form._reason.text()
    rescued = form.moments["rescued_at"]
    assert form.focusWidget() is rescued, "there it has to be mended"
    assert rescued.finding.state is State.INVALID
    assert asked(incidents) == ()
    rescued.setText("8:10")
    for place, (body, at) in enumerate(((ReportBody.POLICE, "8:20"), (ReportBody.EDUCATION, "7:00"))):
        form.reports[place].body.set_value(body)
        form.reports[place].at.setText(at)
        desk.write(form.reports[place].reporter, "李校长")
    form.ask_save()
    desk.settle()
    assert form.focusWidget() is form.reports[1].at
    assert form.reports[1].at.finding.state is State.INVALID
    form.reports[1].at.setText("8:30")
    form.reports[0].reporter.setText("")
    form.ask_save()
    desk.settle()
    assert form.focusWidget() is form.reports[0].reporter
    desk.write(form.reports[0].reporter, "李校长")
    form.ask_save()
    desk.settle()
    assert len(asked(incidents)) == 1


def test_what_she_decided_about_the_report_is_not_ticked_over(desk):
    form = desk.begin()
    desk.choose_child(form, "何天佑")
    form.must_report.set_value(False)
    form.kind.set_value(IncidentKind.BULLYING)
    form.severity.set_value(Severity.CRITICAL)
    assert form.must_report.value is False


def test_the_card_is_shown_as_it_will_be_printed_and_it_goes_to_the_bin(desk, asked, tmp_path):
    form = desk.begin()
    desk.choose_child(form, "何天佑")
    form.found_at.setText("7:30")
    form.ask_save()
    desk.settle()
    form = desk.open()
    form._print()
    desk.qtbot.waitUntil(lambda: form.papers.preview is not None)
    panel = form.papers.panel
    assert not [one for one in asked(handovers) if one.content == "突发事件记录"], (
        "looked at is not handed over"
    )
    desk.context.dialogs.files.append(tmp_path / "记录.pdf")
    panel.answer("save")
    desk.qtbot.waitUntil(lambda: panel.told.text().startswith("已存成 PDF"))
    (logged,) = [one for one in asked(handovers) if one.content == "突发事件记录"]
    assert (logged.kind, logged.people, logged.file_name) == (HandoverKind.PDF, 1, "记录.pdf")
    panel.answer("close")
    desk.context.dialogs.choices = ["remove"]
    form.ask_remove()
    desk.settle()
    assert asked(incidents) == ()
    assert desk.part.lists.currentWidget() is desk.part.empty


def test_nothing_is_cut_at_the_smallest_window(ledger, qtbot):
    desk = Desk(ledger, qtbot, "incidents", size=(911 - 64, 432 - 40))
    form = desk.begin()
    desk.picture("incident-narrow")
    assert form.paper.horizontalScrollBar().maximum() == 0
    desk.close()


def test_the_longest_name_and_a_late_entry_are_not_cut_at_the_smallest_window(ledger, qtbot):
    """买买提·阿卜杜热西提, number and 补录 beside the two verbs of the card; the field that finds a child shows its hint."""
    draft = ChildDraft(name="买买提·阿卜杜热西提", class_ref=ClassRef(Stage.PRIMARY, 2024, 2))
    small = Desk(ledger, qtbot, "incidents", size=(911 - 64, 432 - 40))
    small.page.set_breakpoint(Breakpoint.NARROW)
    ledger.write(add_children, drafts=(draft,))
    late = IncidentDraft(child_uuid=draft.uuid, kind=IncidentKind.INJURY, found_at="2026-11-01T08:10")
    ledger.write(save_incident, draft=late)
    small.settle()
    small.begin()
    assert cuts_of(small.page) == []
    small.part.close_form()
    small.settle()
    form = small.open()
    assert form.title.text().startswith("买买提·阿卜杜热西提")
    assert "2026-001，补录" in form.fact.text()
    assert cuts_of(small.page) == []
    small.close()


def test_a_half_typed_incident_is_opened_again_with_its_child_and_all_its_lines(desk, asked):
    form = desk.begin()
    desk.choose_child(form, "何天佑")
    form.found_at.setText("7.30")
    form.kind.set_value(IncidentKind.MISSING)
    line = form.reports[0]
    line.body.set_value(ReportBody.POLICE)
    desk.write(line.reporter, "李校长")
    desk.context.drafts.flush()
    (draft,) = desk.context.drafts.box.read().drafts
    assert (draft.form, page_of(draft), draft.where["part"]) == (Form.INCIDENT, "diary", "incidents")
    desk.part.close_form()
    assert asked(incidents) == ()

    desk.context.drafts.want(draft)
    desk.page.open_with(**draft.where)
    desk.settle()
    form = desk.part.form
    assert form.kind.value == IncidentKind.MISSING
    assert form.must_report.value is True
    assert not form.reports[1].rows[0].isHidden(), "the next line waits below what was written"
    assert form.reports[0].reporter.text() == "李校长"
    form.reports[0].at.setText("740")
    form.ask_save()
    desk.settle()
    (facts,) = asked(incidents)
    assert (facts.child_name, facts.found_at) == ("何天佑", "2026-11-21T07:30")
    assert [(one.body, one.reporter) for one in facts.reports] == [(ReportBody.POLICE, "李校长")]
    desk.context.drafts.flush()
    assert desk.context.drafts.box.read().drafts == ()


def test_why_a_minute_is_not_understood_is_read_whole(desk, qtbot):
    form = desk.begin()
    desk.choose_child(form, "何天佑")
    form.found_at.setText("昨天早上")
    form.found_at.leave()
    desk.settle()
    words = next(text for text in form.findChildren(Text) if text.text().startswith("看不出是哪天几点"))
    qtbot.waitUntil(lambda: words.height() >= words.heightForWidth(words.width()))
    assert cuts_of(form) == []


def test_a_report_without_its_time_is_asked_for_there(desk, asked):
    form = desk.begin()
    desk.choose_child(form, "何天佑")
    form.found_at.setText("7.30")
    form.reports[0].body.set_value(ReportBody.POLICE)
    form.ask_save()
    desk.settle()
    assert asked(incidents) == ()
    assert form._reason.text() == "还没有写几点上报的。"
    assert form.focusWidget() is form.reports[0].at
