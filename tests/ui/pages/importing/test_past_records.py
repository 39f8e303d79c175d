"""She brings the sheets of talks and visits of before: rehearsed, written, taken back; what waits is put right."""

from __future__ import annotations

import pytest
from openpyxl import Workbook, load_workbook
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.children.drafts import ChildDraft
from app.children.service import add_children
from app.diary.importing.model import RowResult
from app.diary.importing.parked import RECORDS
from app.diary.queries import RecordFilters, records
from app.school.codes import Stage
from app.school.rules import ClassRef
from app.storage.backups import list_backups
from app.storage.data_place import backup_folder_for
from tests.ui.pages.importing.conftest import type_chinese
from tests.ui.pages.importing.test_import_story import words_on
from ui.pages.diary.page import DiaryPage
from ui.pages.importing.records_page import CHECK, DONE, FILE, RecordsImportPage
from ui.theme import Breakpoint
from ui.widgets.cuts import cuts_of

HEADER = ["姓名", "班级", "谈心时间", "谈话人", "方式", "内容", "承诺"]
NAMES = ("欧阳慕容雨桐", "覃䶮", "张𬭎", "买买提·阿卜杜热西提")


@pytest.fixture
def children(ledger, settled):
    """Four children whose names are hard on programs."""
    ref = ClassRef(Stage.PRIMARY, 2024, 2)
    drafts = tuple(ChildDraft(name=name, class_ref=ref) for name in NAMES)
    ledger.write(add_children, drafts=drafts)
    settled()
    return {draft.name: draft.uuid for draft in drafts}


@pytest.fixture
def page(ledger, children, qtbot):
    """The page, shown, no file chosen yet."""
    made = RecordsImportPage(ledger)
    qtbot.addWidget(made)
    made.resize(1222, 632)
    qtbot.show(made)
    return made


@pytest.fixture
def book(tmp_path):
    """`book(rows, …)` writes a sheet of talks."""

    def write(*rows, name="以前的谈心.xlsx"):
        made = Workbook()
        sheet = made.active
        sheet.title = "谈心记录"
        for row in (HEADER, *rows):
            sheet.append(row)
        path = tmp_path / name
        made.save(path)
        return path

    return write


def talk(name, day="2026-10-08", content="夜里想妈妈，睡不着", cls="三（2）班"):
    return [name, cls, day, "", "面谈", content, ""]


@pytest.fixture
def of_child(asked, children):
    """The contents on file of a child, by name."""
    return lambda name: [
        line.text for line in asked(records, RecordFilters(child_uuid=children[name]), limit=None)
    ]


def fill(page, settled, path):
    page.open_file(path)
    settled()


def test_from_the_file_to_the_diary_and_back(page, ledger, book, settled, of_child, asked):
    path = book(*(talk(name) for name in NAMES), talk("何大壮"))
    ledger.dialogs.files.append(path)
    assert page.file.choose.hasFocus()
    page.file.choose.click()
    settled()
    assert page.step == CHECK
    assert page.header.fact == "以前的谈心.xlsx"
    assert page.check.kinds.current == RowResult.PARKED.value
    assert "台账里没有「何大壮」" in words_on(page.check.side.pane)
    assert [of_child(name) for name in NAMES] == [[], [], [], []]
    page.check.kinds.set_current("all")
    page.check.kinds.changed.emit("all")
    assert [row.child_name for row in page.check.table.rows] == [*NAMES, ""]
    assert cuts_of(page) == []
    assert page.check.write.text() == "写入 4 条"
    before = len(list_backups(backup_folder_for(ledger.store.path)))

    page.check.write.click()
    settled()
    assert page.step == DONE
    assert "写入 4 条" in words_on(page.done)
    assert len(list_backups(backup_folder_for(ledger.store.path))) == before + 1
    assert all(of_child(name) == ["夜里想妈妈，睡不着"] for name in NAMES)

    page.done.undo.click()
    settled()
    assert "这次导入已撤销" in words_on(page.done)
    assert [of_child(name) for name in NAMES] == [[], [], [], []]
    assert asked(RECORDS.rows) == ()


def test_the_same_workbook_again_has_nothing_to_write(page, book, settled):
    path = book(*(talk(name) for name in NAMES), talk("何大壮"))
    fill(page, settled, path)
    page.check.write.click()
    settled()
    page.done.another.click()
    assert page.step == FILE
    fill(page, settled, path)
    assert page.check.write.text() == "没有要写的"
    assert not page.check.write.isEnabled()
    assert [row.result for row in page.check.table.rows] == [RowResult.WAITING]


@pytest.mark.parametrize(
    ("name", "content", "key_words"),
    [
        ("守望.db", b"SQLite format 3\x00" + b"\x00" * 200, "数据库文件"),
        ("空.xlsx", b"", "是空的"),
        ("名单.csv", "姓名,村组\n张三,一组\n".encode(), "没有找到记录表"),
    ],
)
def test_what_cannot_be_read_is_said_in_words(page, tmp_path, settled, name, content, key_words):
    path = tmp_path / name
    path.write_bytes(content)
    fill(page, settled, path)
    assert page.step == FILE
    words = words_on(page.file)
    assert key_words in words
    assert "没有动" in words
    assert page.file.another.hasFocus()


# ---- the rows that wait -----------------------------------------------------------------------------------------


@pytest.fixture
def waiting(page, book, settled):
    """Three rows were left waiting: an unknown name, no day, no content."""
    fill(page, settled, book(talk("何大壮"), talk("覃䶮", day="某日"), talk("张𬭎", content="")))
    page.check.write.click()
    settled()
    page.open_with(part="parked")
    settled()
    assert page.header.fact == "3 行等着处理"
    return page.parked


def test_whose_it_is_is_chosen_and_the_record_goes_in(waiting, settled, of_child, ledger):
    assert "还不能写入：台账里没有「何大壮」。" in waiting.says.text()
    assert not waiting.write.isEnabled()
    type_chinese(waiting.child, "买买提·阿卜杜热西提 三（2）班")
    settled()
    assert waiting.says.text() == "写成：买买提·阿卜杜热西提，2026-10-08 谈心"
    waiting.write.click()
    settled()
    assert of_child("买买提·阿卜杜热西提") == ["夜里想妈妈，睡不着"]
    assert [row.fields["name"] for row in waiting.table.rows] == ["覃䶮", "张𬭎"]
    words, undo = ledger.navigation.toasts[-1]
    assert "写入日记" in words
    undo()
    settled()
    assert of_child("买买提·阿卜杜热西提") == []
    assert len(waiting.table.rows) == 3


def test_a_day_and_a_content_are_put_right_by_keyboard(waiting, settled, of_child, qtbot):
    QTest.keyClick(waiting.table, Qt.Key.Key_Down)
    QTest.keyClick(waiting.table, Qt.Key.Key_Return)
    assert waiting.fields["day"].hasFocus()  # what is missing is where the keyboard goes
    type_chinese(waiting.fields["day"], "2026-10-09")
    settled()
    waiting.write.setFocus()
    QTest.keyClick(waiting.write, Qt.Key.Key_Space)
    settled()
    assert of_child("覃䶮") == ["夜里想妈妈，睡不着"]
    assert waiting.table.hasFocus()
    QTest.keyClick(waiting.table, Qt.Key.Key_Return)
    assert waiting.fields["content"].hasFocus()
    waiting.fields["content"].setPlainText("说想转学")
    waiting.fields["content"].leave()
    settled()
    waiting.write.click()
    settled()
    assert of_child("张𬭎") == ["说想转学"]


def test_a_row_that_is_not_wanted_is_dropped_and_comes_back_by_undo(waiting, ledger, settled, asked):
    waiting.drop.click()
    settled()
    assert len(asked(RECORDS.rows)) == 2
    ledger.navigation.toasts[-1][1]()
    settled()
    assert len(waiting.table.rows) == 3


def test_the_list_goes_out_as_a_workbook(waiting, ledger, settled, tmp_path):
    target = tmp_path / "待处理.xlsx"
    ledger.dialogs.files.append(target)
    waiting.export.click()
    settled()
    assert load_workbook(target).active.max_row == 4
    assert ledger.navigation.toasts[-1][0].startswith("已导出待处理 3 行")


def test_the_diary_says_that_rows_wait(waiting, ledger, settled, qtbot):
    diary = DiaryPage(ledger)
    qtbot.addWidget(diary)
    diary.show()
    settled()
    assert "有 3 行放着待处理" in words_on(diary)
    diary.parts.changed.emit("week")
    settled()
    assert "放着待处理" not in words_on(diary)


def test_in_a_narrow_window_the_row_takes_the_tables_place(waiting, page, settled):
    page.resize(847, 376)
    page.breakpoint_changed(Breakpoint.NARROW)
    assert waiting.side.left.isVisible()
    QTest.keyClick(waiting.table, Qt.Key.Key_Return)
    assert not waiting.side.left.isVisible()
    assert cuts_of(page) == []
    QTest.keyClick(page, Qt.Key.Key_Escape)
    assert waiting.side.left.isVisible()
    assert waiting.table.hasFocus()
