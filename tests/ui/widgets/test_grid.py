"""The entry grid keeps Excel's keys."""

from contextlib import contextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut

from ui import theme
from ui.theme import Tone
from ui.widgets import Finding, State
from ui.widgets.grid import EntryGrid, GridColumn
from ui.widgets.grid_model import GridModel, read_block, write_block

COLUMNS = [
    GridColumn("name", "姓名", "买买提·阿卜杜热西提"),
    GridColumn("sex", "性别", "女", ("男", "女")),
    GridColumn("class", "班级", "三（2）班"),
    GridColumn("phone", "电话", "13800000000"),
]


@pytest.fixture
def grid(look, qtbot):
    made = EntryGrid(COLUMNS)
    qtbot.addWidget(made)
    made.resize(700, 400)
    qtbot.show(made)
    made.setFocus()
    return made


def texts(grid):
    return [row for _, row in grid.cells.filled]


def test_a_child_is_typed_along_the_row_and_enter_begins_the_next(grid, qtbot):
    for text in ("张三", "男", "三（2）班", "13800000001"):
        grid.setFocus()
        qtbot.keyClicks(grid, "a")
        editor = grid.focusWidget()
        assert editor is not grid
        editor.setText(text)
        qtbot.keyClick(editor, Qt.Key.Key_Tab if text != "13800000001" else Qt.Key.Key_Return)
    assert texts(grid) == [["张三", "男", "三（2）班", "13800000001"]]
    assert grid.place() == (1, 0)


def test_tab_stays_in_the_grid_and_enter_returns_to_where_the_row_began(grid, qtbot):
    grid.go(0, 1)
    grid.step(0, 0)
    for _ in range(2):
        qtbot.keyClick(grid, Qt.Key.Key_Tab)
    assert grid.place() == (0, 3)
    assert grid.hasFocus()
    qtbot.keyClick(grid, Qt.Key.Key_Tab)
    assert grid.place() == (1, 0)
    qtbot.keyClick(grid, Qt.Key.Key_Backtab)
    assert grid.place() == (0, 3)
    grid.go(3, 1)
    grid.step(0, 0)
    qtbot.keyClick(grid, Qt.Key.Key_Tab)
    qtbot.keyClick(grid, Qt.Key.Key_Return)
    assert grid.place() == (4, 1)


def test_enter_goes_down_the_column_that_was_clicked(grid, qtbot):
    clicked = grid.visualRect(grid.cells.index(1, 2)).center()
    qtbot.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=clicked)
    qtbot.keyClicks(grid, "a")
    qtbot.keyClick(grid.focusWidget(), Qt.Key.Key_Return)
    assert grid.cells.text(1, 2) == "a"
    assert grid.place() == (2, 2)


def test_typing_replaces_and_escape_keeps(grid, qtbot):
    grid.cells.write({(0, 0): "张三"})
    qtbot.keyClick(grid, Qt.Key.Key_X)
    assert grid.focusWidget().text() == "x"
    qtbot.keyClick(grid.focusWidget(), Qt.Key.Key_Escape)
    assert texts(grid) == [["张三", "", "", ""]]


def test_f2_opens_the_cell_with_its_text(grid, qtbot):
    grid.cells.write({(0, 0): "张三"})
    qtbot.keyClick(grid, Qt.Key.Key_F2)
    editor = grid.focusWidget()
    qtbot.keyClicks(editor, "a")
    qtbot.keyClick(editor, Qt.Key.Key_Left)
    assert grid.focusWidget() is editor, "arrows move the caret after F2"
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert texts(grid)[0][0] == "张三a"
    assert grid.place() == (1, 0)


def test_arrows_leave_a_cell_that_was_typed_over(grid, qtbot):
    qtbot.keyClicks(grid, "a")
    qtbot.keyClick(grid.focusWidget(), Qt.Key.Key_Right)
    assert grid.place() == (0, 1)
    assert texts(grid) == [["a", "", "", ""]]


def test_a_block_from_a_spreadsheet_lands_where_the_cell_is(grid, qtbot):
    QGuiApplication.clipboard().setText("张三\t男\r\n李四\t女\r\n")
    grid.go(2, 0)
    qtbot.keyClick(grid, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert grid.cells.filled == [(2, ["张三", "男", "", ""]), (3, ["李四", "女", "", ""])]
    qtbot.keyClick(grid, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert grid.cells.filled == []


def test_with_nothing_to_take_back_the_window_has_its_key(grid, qtbot):
    undone = []
    key = QShortcut(QKeySequence("Ctrl+Z"), grid, lambda: undone.append(True))
    key.setContext(Qt.ShortcutContext.WindowShortcut)
    qtbot.keyClick(grid, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert undone == [True]
    grid.cells.write({(0, 0): "张三"})
    qtbot.keyClick(grid, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert undone == [True]
    assert texts(grid) == []


def test_a_block_with_heads_finds_its_columns_and_names_what_has_none(grid, qtbot):
    QGuiApplication.clipboard().setText("班级\t姓名\t爱好\n三（1）班\t张三\t画画\n")
    with qtbot.waitSignal(grid.noticed) as told:
        grid.paste()
    assert texts(grid) == [["张三", "", "三（1）班", ""]]
    assert "爱好" in told.args[0]


def test_nothing_beyond_the_last_column_is_lost_silently(grid, qtbot):
    QGuiApplication.clipboard().setText("a\tb\tc\n")
    grid.go(0, 2)
    with qtbot.waitSignal(grid.noticed) as told:
        grid.paste()
    assert texts(grid) == [["", "", "a", "b"]]
    assert "1 列" in told.args[0]


def test_one_value_fills_the_selection_and_ctrl_d_fills_down(grid, qtbot):
    grid.cells.write({(0, 0): "a", (1, 0): "b", (2, 0): "c", (0, 2): "三（1）班"})
    selection = grid.selectionModel()
    selection.clear()
    for row in range(3):
        selection.select(grid.cells.index(row, 2), selection.SelectionFlag.Select)
    qtbot.keyClick(grid, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    assert [row[2] for row in texts(grid)] == ["三（1）班"] * 3
    QGuiApplication.clipboard().setText("四（1）班")
    grid.paste()
    assert [row[2] for row in texts(grid)] == ["四（1）班"] * 3
    grid.cut()
    assert [row[2] for row in texts(grid)] == [""] * 3
    assert QGuiApplication.clipboard().text() == "四（1）班\n四（1）班\n四（1）班"


def test_ctrl_d_on_one_cell_takes_the_one_above(grid):
    grid.cells.write({(0, 2): "三（1）班"})
    grid.go(1, 2)
    grid.fill_down()
    assert grid.cells.text(1, 2) == "三（1）班"


def test_the_grid_grows_with_what_is_pasted(grid):
    QGuiApplication.clipboard().setText("\n".join(f"孩子{n}" for n in range(200)))
    grid.paste()
    assert len(texts(grid)) == 200
    assert grid.cells.rowCount() > 200


def test_findings_are_told_by_the_cell(grid):
    grid.cells.write({(0, 3): "123"})
    grid.cells.set_findings({(0, 3): Finding(State.DOUBTFUL, "号码只有 3 位")})
    assert grid.cells.data(grid.cells.index(0, 3), Qt.ItemDataRole.ToolTipRole) == "号码只有 3 位"
    assert not grid.grab().isNull()


def test_rows_taken_out_close_the_gap(grid):
    grid.cells.write({(0, 0): "a", (1, 0): "b", (2, 0): "c"})
    grid.cells.take_out([1])
    assert [row[0] for row in texts(grid)] == ["a", "c"]


CELL = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zs", "Zl", "Zp")), min_size=1, max_size=6
)


@given(st.lists(st.lists(CELL, min_size=2, max_size=2), min_size=1, max_size=4))
def test_blocks_survive_the_clipboard(block):
    assert read_block(write_block(block)) == block


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 3), st.sampled_from(["", "a", "b"])), max_size=8))
def test_undo_brings_every_step_back(steps):
    model = GridModel(["1", "2", "3", "4"])
    states = []
    for row, column, text in steps:
        before = model.filled
        model.write({(row, column): text})
        if model.filled != before:
            states.append(before)
    while states:
        assert model.undo()
        assert model.filled == states.pop()
    assert model.filled == []


def test_the_current_cell_is_a_ring_and_a_block_is_tinted(grid, qtbot):
    def ground(row, column):
        rect = grid.visualRect(grid.cells.index(row, column))
        return grid.viewport().grab().toImage().pixelColor(rect.center().x(), rect.bottom() - 4)

    assert ground(0, 0) == theme.colour(Tone.PAPER)
    selection = grid.selectionModel()
    selection.select(grid.cells.index(0, 1), selection.SelectionFlag.Select)
    assert ground(0, 0) == ground(0, 1) == theme.colour(Tone.SELECT)


NAMES = ["张三", "李四", "王五", "李四"]


@pytest.fixture
def named(grid):
    grid.set_names(NAMES, ("", "已记 11-18", "", ""))
    return grid


def test_named_rows_are_as_many_as_there_are_names(named):
    assert named.cells.rowCount() == 4
    QGuiApplication.clipboard().setText("\n".join("abcdef"))
    named.go(1, 1)
    with qt_signal(named) as told:
        named.paste()
    assert told == ["表里只有 4 行，下面多出来的 3 行没有粘贴"]
    assert [row[1] for row in texts(named)] == ["a", "b", "c"]
    named.cells.empty_out()
    assert named.cells.rowCount() == 4


def test_lines_that_name_their_row_go_there_and_who_is_not_here_or_is_here_twice_is_said(named):
    QGuiApplication.clipboard().setText(
        "姓名\t性别\t电话\n王五\t男\t3\n张三\t女\t1\n李四\t男\t2\n赵六\t男\t4\n张三\t女\t1\n"
    )
    with qt_signal(named) as told:
        named.paste()
    assert named.cells.filled == [(0, ["", "女", "", "1"]), (2, ["", "男", "", "3"])]
    assert told == ["对不上姓名的没有粘贴：李四、赵六"]


@contextmanager
def qt_signal(grid):
    told = []
    grid.noticed.connect(told.append)
    yield told
    grid.noticed.disconnect(told.append)
