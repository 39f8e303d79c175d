"""登记册和记录表: days, class and kinds counted as they are chosen; masked or whole with a reason; sheets looked at first."""

from __future__ import annotations

import openpyxl
import pytest
from PySide6.QtCore import Qt

from app.diary.codes import Activity
from app.diary.queries import RecordFilters, count_records, records
from app.school.codes import HandoverKind, Profile
from app.school.handover import handovers
from app.tasks.registers.lists import Which
from ui.pages.diary.page import DiaryPage
from ui.pages.diary.register_page import RegisterPage
from ui.pages.printing.page import PrintingPage
from ui.widgets import Button

TERM = {"since": "2026-09-01", "until": "2026-11-21"}


@pytest.fixture
def desk(ledger, qtbot, settled):
    made = RegisterPage(ledger)
    qtbot.addWidget(made)
    made.resize(1222, 656)
    made.open_with()
    made.show()
    settled()
    return made


def test_the_term_is_proposed_and_every_choice_is_counted(desk, asked, settled, qtbot):
    panel = desk.panel
    assert panel.span.current == "term"
    whole = asked(count_records, RecordFilters(since=panel.since.text(), until=panel.until.text()))
    assert whole > 0
    assert f"符合 {whole} 条" in desk.foot._lead.text()
    panel.span.setFocus()
    qtbot.keyClick(panel.span, Qt.Key.Key_Left)  # 本月
    settled()
    month = asked(count_records, RecordFilters(since="2026-11-01", until="2026-11-21"))
    assert f"符合 {month} 条" in desk.foot._lead.text()
    panel.kinds[Activity.HOME_VISIT].setFocus()
    qtbot.keyClick(panel.kinds[Activity.HOME_VISIT], Qt.Key.Key_Space)
    settled()
    kinds = frozenset({Activity.HOME_VISIT})
    visits = asked(count_records, RecordFilters(since="2026-11-01", until="2026-11-21", kinds=kinds))
    assert panel.kinds[Activity.HOME_VISIT].text() == f"家访 {visits}"
    assert panel.wanted.kinds == kinds
    panel.until.setText("2026-10-01")
    panel.until.leave()
    assert panel.wanted is None
    assert panel.span.current == "own"
    assert not desk.export.isEnabled()
    assert "早" in desk.foot._detail.text()


def test_whole_numbers_want_a_reason_and_the_log_has_it(desk, ledger, asked, settled, tmp_path):
    assert desk.export.isEnabled()
    desk.panel.full.setChecked(True)
    assert not desk.export.isEnabled()
    desk.panel.reason.setText("县教育局督导")
    out = tmp_path / "登记册.xlsx"
    ledger.dialogs.files.append(out)
    desk.export.click()
    settled()
    entry = asked(handovers)[0]
    assert (entry.profile, entry.reason, entry.file_name) == (Profile.FULL, "县教育局督导", out.name)
    assert "谈心登记" in openpyxl.load_workbook(out, read_only=True).sheetnames
    assert desk.told.isVisible()
    assert out.name in desk.told._lead.text()
    desk.told.findChildren(type(desk.export))[0].click()
    assert ledger.dialogs.shown_folders == [tmp_path]


def test_the_sheets_of_one_child_are_looked_at_and_what_goes_out_is_logged(
    desk, ledger, asked, settled, tmp_path
):
    child = asked(records, RecordFilters(kinds=frozenset({Activity.HOME_VISIT})), limit=1)[0]
    desk.open_with(child=child.child_uuid, child_name=child.child_name, **TERM)
    settled()
    assert desk.panel.child.text() == child.child_name
    desk.print.click()
    settled()
    shown = desk.papers.panel
    assert shown is not None
    assert not asked(handovers), "looking at it is not letting it out"
    ledger.dialogs.files.append(tmp_path / "记录表.pdf")
    shown.answer("save")
    settled()
    assert len(ledger.dialogs.faults) == 1
    assert "用途" in str(ledger.dialogs.faults[0][1])
    assert not asked(handovers), "whole numbers leave as a file with a reason only"
    assert not (tmp_path / "记录表.pdf").exists()
    desk.panel.reason.setText("县教育局督导")
    shown.answer("save")
    settled()
    entry = asked(handovers)[0]
    assert (entry.kind, entry.people, entry.file_name) == (HandoverKind.PDF, 1, "记录表.pdf")
    assert (entry.profile, entry.reason) == (Profile.FULL, "县教育局督导")
    shown.answer("close")
    desk.panel.drop_child()
    settled()
    assert desk.panel.wanted.child_uuid is None


def test_all_registers_at_once_into_one_folder(desk, ledger, asked, settled, tmp_path):
    desk.panel.span._choose("week", tell=True)
    folder = tmp_path / "督导"
    folder.mkdir()
    desk.panel.lists_too.setChecked(True)
    ledger.dialogs.choices = ["all"]
    ledger.dialogs.folders.append(folder)
    settled()
    desk.all.click()
    settled()
    names = sorted(path.name.split("_")[0] for path in folder.iterdir())
    assert names == sorted([*(which.value for which in Which for _ in range(2)), "关爱记录表"])
    assert len(asked(handovers)) == len(names)
    assert f"{len(names)} 个文件" in desk.told._lead.text()


def test_what_is_nobodys_alone_is_said_before_a_teachers_registers_are_written(desk, ledger, settled):
    desk.all.click()
    assert not any("不出" in line for line in ledger.dialogs.asked[-1][1])
    desk.panel.who.set_value(desk.panel._offer.supporters[0][0])
    desk.panel.changed.emit()
    settled()
    desk.all.click()
    told = " ".join(ledger.dialogs.asked[-1][1])
    assert "会议登记册" in told
    assert "辍学学生情况统计表不分教师，不出" in told


def test_a_register_is_looked_at_across_and_what_goes_out_is_logged(desk, ledger, asked, settled, tmp_path):
    which = Which.ROSTER
    desk.panel.paper_masked.setChecked(True)
    actions = {action.text(): action for action in desk.lists.menu().actions()}
    assert list(actions) == [one.value for one in Which]
    actions[which.value].trigger()
    settled()
    papers = desk.list_papers[which]
    assert papers.panel.head.text() == which.value
    settled()
    shown = papers.preview.shown
    assert shown.width() > shown.height()
    papers.panel.show()
    assert papers.preview.pages > 1
    assert papers.panel.pager.isVisible()
    papers.panel.pager.next.emit()
    assert papers.preview.page == 1
    ledger.dialogs.files.append(tmp_path / "花名册.pdf")
    papers.panel.answer("save")
    settled()
    entry = asked(handovers)[0]
    assert (entry.kind, entry.profile, entry.file_name) == (HandoverKind.PDF, Profile.MASKED, "花名册.pdf")
    assert entry.content.startswith(which.value)
    desk.panel.paper_masked.setChecked(False)
    papers.panel.answer("close")
    actions[which.value].trigger()
    settled()
    papers.panel.answer("save")
    settled()
    assert len(ledger.dialogs.faults) == 1
    assert "用途" in str(ledger.dialogs.faults[0][1])
    assert asked(handovers)[0] == entry
    assert entry.people > 0
    papers.panel.answer("close")


def test_the_diary_hands_over_what_its_list_shows(ledger, kids, settled, qtbot):
    page = DiaryPage(ledger)
    qtbot.addWidget(page)
    page.open_with(child=kids[0].uuid, **TERM)
    page.show()
    settled()
    page.segment.out.click()
    name, params = ledger.navigation.opened[-1]
    assert name == "registers"
    assert (params["child"], params["since"], params["until"]) == (kids[0].uuid, *TERM.values())
    desk = RegisterPage(ledger)
    qtbot.addWidget(desk)
    desk.open_with(**params)
    desk.show()
    settled()
    assert desk.panel.wanted.filters == page.segment.bar.filters


def test_the_printing_page_leads_to_the_records_of_the_child_in_front(ledger, kids, settled, qtbot):
    page = PrintingPage(ledger)
    qtbot.addWidget(page)
    page.open_with(uuids=(kids[0].uuid,))
    page.show()
    settled()
    next(b for b in page.findChildren(Button) if b.text() == "记录表、登记册…").click()
    assert ledger.navigation.opened[-1] == ("registers", {"child": kids[0].uuid, "child_name": kids[0].name})
    next(b for b in page.findChildren(Button) if b.text() == "核实表…").click()
    assert ledger.navigation.opened[-1] == ("survey", {})
