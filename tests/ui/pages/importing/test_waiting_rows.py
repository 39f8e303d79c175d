"""The rows that wait, several candidates, stopping, leaving and coming back."""

from __future__ import annotations

import pytest
from PySide6.QtTest import QTest

from app.children.codes import Sex
from app.children.drafts import ChildDraft
from app.children.roster.model import RowResult
from app.children.roster.parked import waiting_rows
from app.children.service import add_children
from app.school.codes import Stage
from app.school.rules import ClassRef
from tests.app.tasks.rosters import id_number
from tests.app.workbook.test_roster_reader import to_xls
from tests.ui.pages.importing.conftest import type_chinese
from tests.ui.pages.importing.test_import_story import words_on
from ui.pages.importing.page import CHECK, COLUMNS, DONE, FILE
from ui.pages.importing.pane import ADDED, LATER, SAME
from ui.pages.importing.rows_table import ALL
from ui.theme import Breakpoint

ONE, TWO = id_number("20180301", 3), id_number("20180302", 4, girl=False)


@pytest.fixture
def waiting(page, roster, checked, settled):
    """Two rows were left waiting by an import; the list of them is shown."""
    checked(
        roster(
            ["", "女", "", "三（1）班", "覃大", "13912345678", "", ""],
            ["覃䶮龙", "女", ONE, "三（1）班", "", "", "", ""],
            ["覃小龙", "男", ONE, "三（1）班", "", "", "", ""],
        )
    )
    page.check.write.click()
    settled()
    page.open_with(parked=True)
    settled()
    assert len(page.parked.table.rows) == 2
    return page


def test_a_name_is_filled_in_and_the_row_goes_in(waiting, settled, by_name):
    assert "补上或改正" in words_on(waiting.parked.pane)
    type_chinese(waiting.parked.fields["child.name"], "覃大龙")
    waiting.parked.decide.buttons[ADDED].click()
    settled()
    assert [row.row for row in waiting.parked.table.rows] == [5]
    assert by_name()["覃大龙"].father.name == "覃大"
    assert waiting.header.fact == "1 行等着处理"


def test_without_a_name_it_keeps_waiting_and_says_what_is_missing(waiting, ledger, settled, asked):
    waiting.parked.decide.buttons[ADDED].click()
    settled()
    assert "还缺姓名" in ledger.dialogs.faults[-1][1][0]
    assert len(asked(waiting_rows)) == 2
    assert waiting.focusWidget() is waiting.parked.fields["child.name"]


def test_a_row_that_is_not_wanted_is_dropped_and_comes_back_by_undo(waiting, ledger, settled, asked):
    waiting.parked._drop.click()
    settled()
    assert len(waiting.parked.table.rows) == 1
    words, undo = ledger.navigation.toasts[-1]
    assert "不导入" in words
    undo()
    settled()
    assert len(asked(waiting_rows)) == 2
    assert len(waiting.parked.table.rows) == 2


def test_whoever_may_have_left_is_asked_about_and_can_still_go_in(
    page, roster, checked, settled, by_name, asked
):
    checked(roster(["覃小雅（转走）", "女", ONE, "三（1）班", "", "", "", ""]))
    assert "覃小雅还在校吗？" in words_on(page.check.pane)
    assert {key for key, button in page.check.pane.decide.buttons.items() if button.isVisible()} == {
        ADDED,
        LATER,
    }
    page.check.write.click()
    settled()
    assert "覃小雅" not in by_name()
    page.open_with(parked=True)
    settled()
    assert "还在校吗？" in words_on(page.parked.pane)
    assert "可能已不在校" in page.parked.table.model().index(0, 2).data()
    assert page.parked.decide.buttons[ADDED].text() == "还在校，照样登记"
    page.parked.decide.buttons[ADDED].click()
    settled()
    assert by_name()["覃小雅"].note == "姓名栏写着：转走"


def test_whoever_has_left_can_be_left_out_before_anything_is_written(
    page, ledger, roster, checked, settled, by_name, asked
):
    gone = ["覃小雅（转走）", "女", ONE, "三（1）班", "", "", "", ""]
    checked(roster(gone, ["向小冬", "男", TWO, "三（1）班", "", "", "", ""]))
    assert page.check.pane.drop.isVisible()
    page.check.pane.drop.click()
    settled()
    assert "1 行不导入" in words_on(page.check.foot)
    assert "待处理" not in words_on(page.check.foot)
    page.check.kinds.set_current(ALL)
    page.check._fill()
    settled()
    assert "已定：这一行不导入" in words_on(page.check.pane)
    assert not page.check.pane.decide.isVisible()
    page.check.write.click()
    settled()
    assert "1 行照您定的不导入" in words_on(page.done)
    assert "标记" not in words_on(page.done)
    assert "向小冬" in by_name()
    assert "覃小雅" not in by_name()
    assert asked(waiting_rows) == []
    page.done.undo.click()
    settled()
    assert "向小冬" not in by_name()
    assert asked(waiting_rows) == []


def test_a_mind_about_who_is_left_out_can_be_changed(page, roster, checked, settled, asked):
    checked(roster(["覃小雅（转走）", "女", ONE, "三（1）班", "", "", "", ""]))
    page.check.pane.drop.click()
    settled()
    assert page.check.write.text() == "记下不导入的"
    page.check.kinds.set_current(ALL)
    page.check._fill()
    page.check.pane.undecided.emit()
    settled()
    assert page.planned.plan.count(RowResult.PARKED) == 1
    assert page.check.pane.drop.isVisible()


def test_a_row_that_waits_already_waits_no_more_when_it_is_left_out(page, roster, checked, settled, asked):
    path = roster(["覃小雅（转走）", "女", ONE, "三（1）班", "", "", "", ""])
    checked(path)
    page.check.write.click()
    settled()
    assert len(asked(waiting_rows)) == 1
    page.start_over()
    checked(path)
    page.check.pane.drop.click()
    settled()
    page.check.write.click()
    settled()
    assert asked(waiting_rows) == []


def test_a_child_of_the_ledger_who_may_have_left_is_shown_on_both_sides(
    page, roster, checked, settled, by_name, asked
):
    checked(roster(["覃小雅", "女", ONE, "三（1）班", "", "", "", ""]))
    page.check.write.click()
    settled()
    checked(roster(["覃小雅", "女", ONE, "三（1）班", "覃大", "", "", "2026年9月转到县城小学"]))
    assert "台账里的" in words_on(page.check.pane)
    page.check.pane.decide.buttons[SAME].click()
    settled()
    assert page.check.write.text() == "写入 1 行"
    page.check.write.click()
    settled()
    assert by_name()["覃小雅"].father.name == "覃大"
    assert asked(waiting_rows) == []


def test_the_right_number_makes_another_child(waiting, settled, by_name):
    waiting.parked.step(1)
    settled()
    two = id_number("20180302", 4, girl=False)
    type_chinese(waiting.parked.fields["child.id_number"], two)
    waiting.parked.decide.buttons[ADDED].click()
    settled()
    assert by_name()["覃小龙"].id_number == two


def test_of_several_candidates_the_one_meant_is_chosen(page, ledger, roster, checked, settled, by_name):
    drafts = tuple(
        ChildDraft(
            name="欧阳慕容晓桐", sex=Sex.FEMALE, birth_date=born, class_ref=ClassRef(Stage.PRIMARY, 2024, 2)
        )
        for born in ("2017-09-02", "2018-03-01")
    )
    ledger.write(add_children, drafts=drafts)
    settled()
    checked(roster(["欧阳慕容晓桐", "女", "", "三（2）班", "欧阳大", "13912340000", "", ""]))
    settled()
    who = page.check.pane.decide.who
    assert who.isVisible()
    assert who.count() == 2
    assert "2017-09-02" in words_on(page.check.pane.shown_comparison)
    who.set_value(drafts[1].uuid)
    who.saved.emit(drafts[1].uuid)
    settled()
    assert "2018-03-01" in words_on(page.check.pane.shown_comparison)
    page.check.pane.decide.buttons[SAME].click()
    settled()
    assert page.planned.plan.rows[0].child_uuid == drafts[1].uuid


def test_stopping_while_it_is_checked_leads_back_to_the_columns(page, roster, settled):
    page.open_file(roster(*[[f"某{i}", "男", "", "三（1）班"] for i in range(400)]))
    settled()
    page.file.next.click()
    page.columns.next.click()
    page.progress.stopped.emit()
    settled()
    assert page.step == COLUMNS
    assert page.planned is None
    page.columns.next.click()
    settled()
    assert page.step == CHECK


def test_a_date_that_is_none_keeps_her_on_the_first_step(page, roster, settled):
    page.open_file(roster(["覃䶮龙", "女", ONE, "三（1）班", "", "", "", ""]))
    settled()
    page.file.date.setText("2027-01-01")
    page.file.next.click()
    assert page.step == FILE
    assert "不能晚于今天" in words_on(page.file)
    page.file.date.setText("2026年9月1日")
    page.file.next.click()
    assert page.step == COLUMNS
    assert page.session.data_date.isoformat() == "2026-09-01"


def test_leaving_keeps_what_was_decided_and_after_writing_begins_anew(
    page, roster, checked, numberless, settled
):
    checked(roster(["欧阳慕容晓桐", "女", "", "三（2）班", "欧阳大", "", "", ""]))
    settled()
    page.check.pane.decide.buttons[SAME].click()
    settled()
    page.hide()
    page.show()
    settled()
    assert page.step == CHECK
    assert page.session.decisions
    page.check.write.click()
    settled()
    assert page.step == DONE
    page.hide()
    page.show()
    assert page.step == FILE
    assert page.file.choose.isVisible()


def test_a_roster_that_says_nothing_new_writes_nothing(page, roster, checked, numberless, settled):
    checked(roster(["欧阳慕容晓桐", "女", "", "三（2）班", "", "", "", ""]))
    settled()
    page.check.pane.decide.buttons[SAME].click()
    settled()
    assert page.check.write.text() == "没有要写的"
    assert not page.check.write.isEnabled()


def test_what_was_skipped_and_what_else_is_to_be_known_can_be_looked_at(page, ledger, roster, checked):
    checked(roster(["覃䶮龙", "女", ONE, "三（9）班", "", "", "", ""]))
    assert page.check._skipped.text() == "看跳过的 1 行"
    page.check._skipped.click()
    assert "小计" in words_on(ledger.dialogs.panels[-1])
    page.check._notes.click()
    notes = words_on(ledger.dialogs.panels[-1])
    assert "三（9）班" in notes
    assert "只和三（9）班在册的对照" in notes


def test_the_pane_of_the_list_takes_the_place_of_the_table_in_a_narrow_window(waiting, settled):
    waiting.resize(847, 404)
    waiting.set_breakpoint(Breakpoint.NARROW)
    waiting.parked.table.setFocus()
    QTest.keyClick(waiting.parked.table, "\r")
    assert not waiting.parked.table.isVisible()
    assert waiting.parked.left_pane()
    assert waiting.parked.table.isVisible()


def test_an_old_xls_goes_the_same_way(page, roster, checked, reader, tmp_path):
    reader("soffice")
    path = to_xls(roster(["覃䶮龙", "女", ONE, "三（1）班", "", "", "", ""], name="旧格式.xlsx"), tmp_path)
    checked(path)
    assert [row.id_number for row in page.check.table.rows] == [ONE]
