"""A class sheet that was printed before the ledger was put right: what is told of it, and how its question is answered."""

from __future__ import annotations

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.children.queries import load_child
from app.children.service import change_field
from app.tasks.survey import export_collection
from app.workbook.collection_book import CHECKED_BY, CHECKED_ON, HEADER_ROW, SHEET
from ui.pages.importing.rows_table import MARKED
from ui.widgets import Link, Text
from ui.widgets.cuts import cuts_of


@pytest.fixture
def printed(asked, tmp_path):
    """The sheet of a class, and the uuid of the child in its first line, whose hobbies were 画画 then."""
    (sheet,) = asked(lambda store: export_collection(store, tmp_path, class_name="一（1）班").sheets)
    rows = load_workbook(sheet.path)[SHEET]
    uuid = rows.cell(HEADER_ROW + 1, rows.max_column).value
    asked(lambda store: change_field(store, uuid=uuid, field="hobbies", value="画画"))
    (sheet,) = asked(lambda store: export_collection(store, tmp_path, class_name="一（1）班").sheets)
    return sheet.path, uuid


@pytest.fixture
def came_back(printed, asked, checked):
    """Both sides have changed the hobbies, the ledger alone the remark; the sheet stands on 核对."""
    path, uuid = printed
    asked(lambda store: change_field(store, uuid=uuid, field="hobbies", value="跳绳"))
    asked(lambda store: change_field(store, uuid=uuid, field="note", value="住得远"))
    book = load_workbook(path)
    rows = book[SHEET]
    heads = {cell.value: cell.column for cell in rows[HEADER_ROW]}
    today = asked(lambda store: store.clock.today().isoformat())
    for header, text in {"兴趣爱好": "打篮球", CHECKED_ON: today, CHECKED_BY: "李国平"}.items():
        rows.cell(HEADER_ROW + 1, heads[header]).value = text
    book.save(path)
    page = checked(path)
    page.check.kinds.set_current(MARKED)
    page.check.kinds.changed.emit(MARKED)
    return page


def words_on(widget):
    return " ".join(label.text() for label in widget.findChildren(Text) if label.isVisibleTo(widget))


def test_what_only_the_ledger_has_changed_is_told_and_what_both_have_is_asked(came_back, printed, qtbot):
    (row,) = came_back.check.table.rows
    assert "→ 住得远，没有动" in row.kept
    said = words_on(came_back.check.pane)
    assert "两边都改过兴趣爱好" in said
    assert "改成了跳绳" in said
    assert "写的是打篮球（印的是画画）" in said
    qtbot.waitUntil(lambda: "核实人 李国平" in words_on(came_back.check.pane))
    # What we hide on the sheet is not shown here either; it would make the pane wider than it is.
    assert printed[1] not in words_on(came_back.check.pane)
    assert cuts_of(came_back) == []


@pytest.mark.parametrize(("side", "after"), [("台账的对，不改", "跳绳"), ("表上的对，照表改", "打篮球")])
def test_the_side_that_is_right_is_chosen_by_keyboard(came_back, printed, asked, settled, side, after):
    check = came_back.check
    link = next(link for link in check.pane.findChildren(Link) if link.text() == side)
    link.setFocus()
    QTest.keyClick(link, Qt.Key.Key_Return)
    settled()
    assert check.table.rows == []
    check.write.click()
    settled()
    child = asked(lambda store: load_child(store, printed[1], store.clock.today()))
    assert (child.hobbies, child.note, child.doubts) == (after, "住得远", ())
