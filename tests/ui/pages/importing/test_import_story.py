"""She brings the roster she has: it is read, put right, decided, written, and taken back."""

from __future__ import annotations

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest

from app.children.codes import AwayState
from app.children.roster.model import RowResult
from app.children.service import change_field
from app.storage.backups import list_backups
from app.storage.data_place import backup_folder_for
from app.survey.queries import open_survey, survey_progress
from app.tasks.import_roster import import_roster
from app.tasks.survey import export_collection
from app.workbook.collection_book import CHECKED_ON, HEADER_ROW, SHEET
from tests.app.tasks.rosters import id_number
from tests.ui.pages.importing.conftest import HEADER, type_chinese
from ui.pages.importing.page import CHECK, COLUMNS, DONE, FILE
from ui.pages.importing.pane import ADDED, LATER, SAME
from ui.pages.importing.rows_table import ALL
from ui.theme import Breakpoint
from ui.widgets import Button, Text
from ui.widgets.cuts import cuts_of

ONE, TWO = id_number("20180301", 3), id_number("20180302", 4, girl=False)


def words_on(widget):
    return " ".join(label.text() for label in widget.findChildren(Text) if label.isVisibleTo(widget))


def pick(page, name):
    row = next(row for row in page.check.table.rows if row.name == name)
    page.check.table.set_current((row.sheet, row.row))
    return row


def test_what_the_file_says_of_a_row_is_that_of_the_row_looked_at_last(page, roster, checked, qtbot):
    checked(
        roster(
            ["欧阳慕容晓桐", "女", "", "三（2）班", "欧阳大", "13912340000", "双亲留守", ""],
            ["买买提·阿卜杜热合曼", "男", TWO, "三（2）班", "", "", "父亲外出", ""],
        )
    )
    page.check.kinds.set_current(ALL)
    page.check.kinds.changed.emit(ALL)
    for name in ("欧阳慕容晓桐", "买买提·阿卜杜热合曼", "欧阳慕容晓桐", "买买提·阿卜杜热合曼"):
        pick(page, name)  # quicker than the cells come
    qtbot.waitUntil(lambda: "父亲外出" in words_on(page.check.pane), timeout=5_000)
    assert words_on(page.check.pane).count("父亲外出") == 1
    assert "13912340000" not in words_on(page.check.pane)


def test_a_class_that_was_checked_and_has_not_changed_is_noted_too(
    page, ledger, asked, checked, settled, tmp_path
):
    """Most rows of a survey that comes back are as they were: what is noted is that somebody looked."""
    (sheet,) = asked(lambda store: export_collection(store, tmp_path, class_name="一（1）班").sheets)
    asked(lambda store: import_roster(store, sheet.path))  # the first one adds whom to call
    (sheet,) = asked(lambda store: export_collection(store, tmp_path, class_name="一（1）班").sheets)
    book = load_workbook(sheet.path)
    rows = book[SHEET]
    day = next(cell.column for cell in rows[HEADER_ROW] if cell.value == CHECKED_ON)
    for row in range(HEADER_ROW + 1, HEADER_ROW + 1 + sheet.children):
        rows.cell(row, day).value = asked(lambda store: store.clock.today().isoformat())
    book.save(sheet.path)
    checked(sheet.path)
    count = sheet.children
    assert page.check.write.text() == f"记下 {count} 名已核实"
    assert f"{count} 名记成已核实" in words_on(page.check.foot)
    page.check.write.click()
    settled()
    assert page.step == DONE
    assert f"{count} 名已核实" in words_on(page.done)
    progress = asked(lambda store: survey_progress(store, open_survey(store).uuid))
    assert sum(child.check is not None for child in progress.children) == count
    next(one for one in page.done.findChildren(Button) if one.text() == "去摸底核实").click()
    assert ledger.navigation.opened[-1] == ("survey", {})


# ---- the whole way ----------------------------------------------------------------------------------------------


def test_from_the_file_to_the_ledger_and_back(page, ledger, roster, checked, numberless, settled, by_name):
    path = roster(
        ["买买提·阿卜杜热合曼", "男", TWO, "三（2）班", "", "", "父亲外出", ""],
        ["欧阳慕容晓桐", "女", "", "三（2）班", "欧阳大", "13912340000", "双亲留守", ""],
    )
    checked(path)
    assert page.check.kinds.current == RowResult.PARKED.value
    assert [row.name for row in page.check.table.rows] == ["欧阳慕容晓桐"]
    settled()
    assert "是同一个欧阳慕容晓桐吗？" in words_on(page.check.pane)
    assert "三（2）班" in words_on(page.check.pane.shown_comparison)
    assert not any(button.is_filled() for button in page.check.pane.decide.buttons.values())
    assert page.check.write.text() == "写入 1 行"
    assert by_name()["欧阳慕容晓桐"].father is None

    page.check.pane.decide.buttons[SAME].click()
    settled()
    assert page.check.write.text() == "写入 2 行"
    assert page.planned.plan.count(RowResult.UPDATED) == 1
    assert "没有这样的行" in words_on(page.check)

    page.check.write.click()
    settled()
    assert page.step == DONE
    assert "新增 1 名、更新 1 名" in words_on(page.done)
    children = by_name()
    assert children["欧阳慕容晓桐"].uuid == numberless.uuid
    assert children["欧阳慕容晓桐"].father.name == "欧阳大"
    assert children["买买提·阿卜杜热合曼"].father.away_state is AwayState.OUT
    assert list_backups(backup_folder_for(ledger.store.path))

    page.done.undo.click()
    settled()
    assert "这次导入已撤销" in words_on(page.done)
    children = by_name()
    assert "买买提·阿卜杜热合曼" not in children
    assert children["欧阳慕容晓桐"].father is None


def test_not_the_same_person_becomes_a_new_child_and_a_mind_can_be_changed(
    page, roster, checked, numberless, settled
):
    checked(roster(["欧阳慕容晓桐", "女", "", "三（2）班", "", "", "", ""]))
    settled()
    page.check.pane.decide.buttons[ADDED].click()
    settled()
    assert page.planned.plan.count(RowResult.NEW) == 1
    page.check.kinds.set_current("all")
    page.check._fill()
    settled()
    assert "加为新的一名" in words_on(page.check.pane)
    page.check.pane.undecided.emit()
    settled()
    assert page.planned.plan.count(RowResult.PARKED) == 1


def test_a_row_left_for_later_waits_in_the_list(page, roster, checked, numberless, settled, by_name):
    checked(roster(["欧阳慕容晓桐", "女", "", "三（2）班", "欧阳大", "", "", ""]))
    settled()
    page.check.pane.decide.buttons[LATER].click()
    page.check.write.click()
    settled()
    assert "1 行留在待处理清单里" in words_on(page.done)

    page.done.parked_pressed.emit()
    settled()
    assert [row.row for row in page.parked.table.rows] == [3]
    assert "欧阳大" in words_on(page.parked.pane)
    page.parked.decide.buttons[SAME].click()
    settled()
    assert page.parked.table.rows == []
    assert "没有待处理的行" in words_on(page.parked)
    assert by_name()["欧阳慕容晓桐"].father.name == "欧阳大"


# ---- putting cells right ----------------------------------------------------------------------------------------------


def test_a_destroyed_number_is_put_right_in_place(page, roster, checked, settled, by_name):
    checked(roster(["覃䶮龙", "女", 5.11325201803010e17, "三（1）班", "", "", "", ""]))
    page.check.kinds.set_current("marked")
    page.check._fill()
    row = pick(page, "覃䶮龙")
    assert row.marks[0].code == "id_destroyed"
    field = next(iter(page.check.pane.fields.values()))
    type_chinese(field, ONE)
    settled()
    assert page.planned.plan.marked == 0
    page.check.write.click()
    settled()
    assert by_name()["覃䶮龙"].id_number == ONE


def test_a_missing_name_is_filled_in(page, roster, checked, settled, by_name):
    checked(roster(["", "女", ONE, "三（1）班", "", "", "", ""]))
    (field,) = page.check.pane.fields.values()
    type_chinese(field, "张𬭎明")
    settled()
    assert page.planned.plan.count(RowResult.PARKED) == 0
    page.check.write.click()
    settled()
    assert by_name()["张𬭎明"].id_number == ONE


def test_the_waiting_rows_go_out_as_a_workbook(page, ledger, roster, checked, settled, tmp_path):
    checked(roster(["", "女", ONE, "三（1）班", "", "", "", ""]))
    target = tmp_path / "待处理.xlsx"
    ledger.dialogs.files = [target]
    page.check.export.click()
    settled()
    assert target.exists()
    assert "1 行" in ledger.navigation.toasts[-1][0]
    page.open_file(target)
    settled()
    assert page.session.chosen[0].rows == 1


# ---- columns ----------------------------------------------------------------------------------------------------------


def test_a_column_nobody_knows_is_named_once_and_remembered(page, roster, settled):
    header = ["乳名本名", "性别", "身份证号", "班级", "父亲姓名", "爱吃的"]
    path = roster(["覃䶮龙", "女", ONE, "三（1）班", "覃大", "鱼"], header=header)
    page.open_file(path)
    settled()
    assert page.file.boxes["三年级"].isChecked()
    assert "请在「认列」里指明哪一栏是姓名" in words_on(page.file)
    assert page.file.next.text() == "下一步：认列"
    page.file.next.click()
    assert page.step == COLUMNS
    assert not page.columns.next.isEnabled()
    assert "还没有认出「姓名」" in words_on(page.columns)
    shown = next(row for row in page.columns.table.rows if row.choice.header == "乳名本名")
    menu = page.columns.menu_for(shown)
    children = next(a.menu() for a in menu.actions() if a.menu() and a.text() == "儿童")
    next(a for a in children.actions() if a.text() == "姓名").trigger()
    assert page.columns.next.isEnabled()
    page.columns.next.click()
    settled()
    assert [row.name for row in page.check.table.rows] == ["覃䶮龙"]

    page.start_over()
    page.open_file(path)
    settled()
    assert page.file.boxes["三年级"].isChecked()


def test_a_sheet_without_known_names_can_be_ticked_and_is_named_where_it_stops(page, roster, settled):
    header = ["姓名", "性别", "班级", "父亲姓名"]
    other = [["花名", *header[1:]], ["张三", "男", "四（1）班", "张大"]]
    page.open_file(roster(["覃䶮龙", "女", "三（1）班", "覃大"], header=header, 四年级=other))
    settled()
    box = page.file.boxes["四年级"]
    assert (box.isEnabled(), box.isChecked()) == (True, False)
    box.click()
    page.file.next.click()
    assert page.step == COLUMNS
    assert not page.columns.next.isEnabled()
    assert "「四年级」还没有认出「姓名」一栏" in words_on(page.columns.foot)
    page.columns.sheets.set_value("四年级")
    page.columns._show_sheet()
    page.columns._take(page.columns.table.rows[0], "child.name")
    page.columns.next.click()
    settled()
    assert [row.name for row in page.check.table.rows] == ["覃䶮龙", "张三"]


def test_a_filled_column_that_would_be_missed_is_asked_for_by_its_name(page, roster, settled):
    header = ["姓名", "性别", "身份证号", "班级", "监护人姓与名", "爱吃的"]
    rows = (["覃䶮龙", "女", ONE, "三（1）班", "覃大", "鱼"], ["覃小", "男", TWO, "三（1）班", "覃大", ""])
    page.open_file(roster(*rows, header=header))
    settled()
    page.file.next.click()
    assert page.step == COLUMNS
    assert "「监护人姓与名」多数行里写着内容，却没有认出" in words_on(page.columns.foot)
    assert "爱吃的" not in words_on(page.columns.foot)
    shown = next(row for row in page.columns.table.rows if row.choice.header == "监护人姓与名")
    menu = page.columns.menu_for(shown)
    carer = next(a.menu() for a in menu.actions() if a.menu() and a.text() == "监护人")
    next(a for a in carer.actions() if a.text().endswith("姓名")).trigger()
    assert "没有认出" not in words_on(page.columns.foot)


def test_the_same_header_on_every_sheet_is_corrected_once(page, roster, settled):
    header = ["姓名", "性别", "班级", "小名"]
    path = roster(
        ["覃䶮龙", "女", "三（1）班", "龙"], header=header, 四年级=[header, ["张三", "男", "四（1）班", "三"]]
    )
    page.open_file(path)
    settled()
    page.file.next.click()
    shown = next(row for row in page.columns.table.rows if row.choice.header == "小名")
    page.columns._take(shown, "child.former_name")
    assert {m.choices[3].target for m in page.session.chosen} == {"child.former_name"}


def test_a_different_data_date_and_another_meaning_reach_the_plan(page, roster, settled):
    page.open_file(roster(["覃䶮龙", "女", ONE, "三（1）班", "", "", "单亲留守", ""]))
    settled()
    page.file.date.setText("2026.9.1")
    page.file.date.leave()
    page.file.next.click()
    page.columns.single.set_value(True)
    page.columns.single.saved.emit(True)
    page.columns.differs.set_value(True)
    page.columns.differs.saved.emit(True)
    page.columns.next.click()
    settled()
    options = page.planned.plan.options
    assert (options.data_date.isoformat(), options.third_meaning, options.correction) == (
        "2026-09-01",
        True,
        True,
    )


def test_hidden_sheets_are_named_and_not_read_unless_ticked(page, roster, settled, tmp_path):
    from openpyxl import load_workbook

    path = roster(
        ["覃䶮龙", "女", ONE, "三（1）班", "", "", "", ""], 旧名单=[HEADER, ["张三", "男", "", "四（1）班"]]
    )
    book = load_workbook(path)
    book["旧名单"].sheet_state = "hidden"
    book.save(path)
    page.open_file(path)
    settled()
    assert not page.file.boxes["旧名单"].isChecked()
    assert "隐藏的表" in words_on(page.file)
    page.file.boxes["旧名单"].setChecked(True)
    assert "要读 2 张表，共 2 行" in words_on(page.file)


# ---- wrong files --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("空.xlsx", b"", "是空的"),
        ("网页.xls", b"<html><table><tr><td>1</td></tr></table></html>", "网页"),
        ("半个.xlsx", b"PK\x03\x04\x14\x00", "不完整"),
        ("文字.xlsx", "姓名,性别\n张三,男\n".encode("gbk"), "文字"),
    ],
)
def test_a_wrong_file_is_said_in_plain_words_and_another_can_be_chosen(
    page, ledger, roster, settled, tmp_path, name, content, says
):
    path = tmp_path / name
    path.write_bytes(content)
    page.open_file(path)
    settled()
    words = words_on(page.file)
    assert says in words
    assert "台账没有动" in words
    assert ledger.dialogs.faults == []
    ledger.dialogs.files = [roster(["覃䶮龙", "女", ONE, "三（1）班", "", "", "", ""])]
    page.file.another.click()
    settled()
    assert page.step == FILE
    assert page.file.next.isVisible()
    assert page.session.chosen[0].rows == 1


def test_a_file_is_dropped_on_the_page(page, roster, settled):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(roster(["覃䶮龙", "女", ONE, "三（1）班", "", "", "", ""])))])
    drop = QDropEvent(
        QPointF(50, 50),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    page.file.dropEvent(drop)
    settled()
    assert page.session.chosen[0].rows == 1


# ---- what happens meanwhile -------------------------------------------------------------------------------------------


def test_a_change_elsewhere_plans_anew(page, ledger, roster, checked, settled, by_name):
    child = next(child for child in by_name().values() if child.id_number and child.on_ledger)
    checked(roster([child.name, "", child.id_number, "", "", "", "", "爱画画"]))
    before = page.planned
    ledger.write(change_field, uuid=child.uuid, field="hobbies", value="画画")
    settled()
    assert page.planned is not before
    page.check.write.click()
    settled()
    assert page.step == DONE


def test_keys_alone_do_it(page, roster, settled, ledger):
    ledger.dialogs.files = [roster(["覃䶮龙", "女", ONE, "三（1）班", "", "", "", ""])]
    page.focus_first()
    QTest.keyClick(page.focusWidget(), Qt.Key.Key_Return)
    settled()
    QTest.keyClick(page.focusWidget(), Qt.Key.Key_Return)
    assert page.step == COLUMNS
    page.columns.next.setFocus()
    QTest.keyClick(page.focusWidget(), Qt.Key.Key_Return)
    settled()
    assert page.step == CHECK
    assert page.focusWidget() is page.check.table
    page.side_stops()[-1].setFocus()
    QTest.keyClick(page.focusWidget(), Qt.Key.Key_Return)
    settled()
    assert page.step == DONE
    assert page.focusWidget().text() == "去台账"


def test_nothing_is_cut_in_a_narrow_window_and_esc_leads_back_to_the_table(page, roster, checked, settled):
    page.resize(847, 404)
    page.set_breakpoint(Breakpoint.NARROW)
    checked(roster(["欧阳慕容晓桐", "女", "5113", "三（1）班", "", "", "", ""]))
    assert page.check.table.isVisible()
    page.check.table.opened.emit(page.check.table.rows[0])
    assert not page.check.table.isVisible()
    assert page.check.pane.isVisible()
    assert cuts_of(page) == []
    QTest.keyClick(page, Qt.Key.Key_Escape)
    assert page.check.table.isVisible()
    assert page.context.navigation.backs == 0


def test_data_that_can_only_be_looked_at_takes_no_import(ledger, qtbot):
    from ui.pages.importing.page import ImportPage

    ledger.read_only = True
    page = ImportPage(ledger)
    qtbot.addWidget(page)
    page.show()
    assert "只能看" in words_on(page)


def test_what_is_typed_into_the_next_doubtful_cell_survives_the_new_plan(page, roster, checked, settled):
    checked(roster(["覃䶮龙", "女", "5113", "三（1）班", "覃大", "1361234", "", ""]))
    page.check.kinds.set_current("marked")
    page.check._fill()
    number, phone = page.check.pane.fields.values()
    page.activateWindow()
    number.setFocus()
    number.setText(ONE)
    number.leave()
    phone.setFocus()
    phone.setText("13912")
    settled()
    assert page.planned.plan.marked == 1
    (left,) = page.check.pane.fields.values()
    assert (left.text(), left.hasFocus()) == ("13912", True)
    left.setText("13912345678")
    left.leave()
    settled()
    assert page.planned.plan.marked == 0
    assert page.focusWidget() is page.check.kinds
