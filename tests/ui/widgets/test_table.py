"""DataTable: keys, ticks, sorting, columns, what is cut."""

from dataclasses import dataclass

import pytest
from PySide6.QtCore import QPoint, Qt

from ui import theme
from ui.theme import Tone
from ui.widgets import Cell, Column, DataTable
from ui.widgets.cuts import recording


@dataclass(frozen=True)
class Pupil:
    uuid: str
    name: str
    klass: str
    note: str = ""


PUPILS = [
    Pupil("a", "覃龑", "三（1）班", "白水沟村"),
    Pupil("b", "曾小雨", "四（2）班", "桐木村"),
    Pupil("c", "买买提·阿卜杜热西提", "二（1）班", "镇上 租住"),
    Pupil("d", "欧阳慕容雨桐", "五（2）班", ""),
]


def columns():
    return [
        Column(
            "name",
            "姓名",
            lambda r: Cell(r.name, bold=True),
            sample="买买提·阿卜杜热西提",
            sort=lambda r: r.uuid,
            frozen=True,
        ),
        Column("note", "村组", lambda r: Cell(r.note, Tone.INK2), sample="青石坪村 4 组", essential=False),
        Column("class", "班级", lambda r: r.klass, sample="三（1）班", sort=lambda r: r.klass),
    ]


@pytest.fixture
def table(look, qtbot):
    made = DataTable(columns(), tickable=True)
    qtbot.addWidget(made)
    made.resize(700, 300)
    made.set_rows(PUPILS)
    with qtbot.waitActive(made):
        made.show()
    made.setFocus()
    return made


def names(table):
    return [row.uuid for row in table.rows]


def test_a_cell_that_cannot_be_said_ends_neither_table_nor_program(look, qtbot, caplog):
    """Qt asks for it while it paints, where an error of ours would end the whole program."""

    def place(row):
        if row.uuid == "b":
            raise ValueError("覃龑")
        return row.note

    made = DataTable([Column("note", "村组", place, sample="青石坪村 4 组")])
    qtbot.addWidget(made)
    made.resize(700, 300)
    made.set_rows(PUPILS)
    with qtbot.waitActive(made):
        made.show()
    made.grab()
    shown = [made.model().index(row, 0).data() for row in range(3)]
    assert shown == ["白水沟村", "？", "镇上 租住"]
    assert caplog.messages == ["a cell of the column note cannot be said: ValueError"]


def test_arrows_move_the_ring_and_enter_opens(table, qtbot):
    with qtbot.waitSignal(table.current_changed):
        qtbot.keyClick(table, Qt.Key.Key_Down)
    assert table.current_row().uuid == "b"
    with qtbot.waitSignal(table.opened) as opened:
        qtbot.keyClick(table, Qt.Key.Key_Return)
    assert opened.args[0] is PUPILS[1]


def test_up_in_the_first_row_reaches_the_heads_and_goes_on_above_them(table, qtbot):
    qtbot.keyClick(table, Qt.Key.Key_Up)
    assert not table.grab().isNull()
    with qtbot.waitSignal(table.left_upwards):
        qtbot.keyClick(table, Qt.Key.Key_Up)
    assert table.current_row().uuid == "a"


def test_a_head_sorts_by_keyboard(table, qtbot):
    qtbot.keyClick(table, Qt.Key.Key_Up)
    qtbot.keyClick(table, Qt.Key.Key_Right)
    qtbot.keyClick(table, Qt.Key.Key_Return)
    assert names(table) == ["a", "c", "d", "b"], "by class"
    qtbot.keyClick(table, Qt.Key.Key_Return)
    assert names(table) == ["b", "d", "c", "a"]
    qtbot.keyClick(table, Qt.Key.Key_Down)
    qtbot.keyClick(table, Qt.Key.Key_Home)
    assert table.current_row().uuid == "b", "the keys are the rows' again"


def test_other_keys_leave_the_heads_and_do_their_work(table, qtbot):
    qtbot.keyClick(table, Qt.Key.Key_Up)
    qtbot.keyClick(table, Qt.Key.Key_End)
    assert table.current_row().uuid == "d"


def test_space_ticks_shift_down_ticks_a_range_escape_unticks(table, qtbot):
    qtbot.keyClick(table, Qt.Key.Key_Space)
    assert table.ticked_keys() == {"a"}
    qtbot.keyClick(table, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(table, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert table.ticked_keys() == {"a", "b", "c"}
    qtbot.keyClick(table, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    assert table.ticked_keys() == {"a", "b"}
    qtbot.keyClick(table, Qt.Key.Key_Escape)
    assert table.ticked_keys() == set()


def test_ctrl_a_ticks_all_and_the_head_box_unticks(table, qtbot):
    qtbot.keyClick(table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert table.ticked_rows() == PUPILS
    qtbot.mouseClick(table.horizontalHeader().viewport(), Qt.MouseButton.LeftButton, pos=QPoint(10, 10))
    assert table.ticked_rows() == []


def test_a_click_on_the_box_ticks_one(table, qtbot):
    spot = QPoint(10, table.rowViewportPosition(2) + 10)
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert table.ticked_keys() == {"c"}
    assert table.current_row().uuid == "c"


def test_letters_do_nothing(table, qtbot):
    qtbot.keyClicks(table, "bc")
    assert table.current_row().uuid == "a"
    assert table.ticked_keys() == set()


def test_sorting_keeps_the_current_row_and_turns_round(table, qtbot):
    table.set_current("b")
    head = table.horizontalHeader()
    spot = QPoint(head.sectionViewportPosition(3) + 10, 10)
    qtbot.mouseClick(head.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    up = names(table)
    assert up == [r.uuid for r in sorted(PUPILS, key=lambda r: r.klass)]
    assert table.current_row().uuid == "b"
    with qtbot.waitSignal(table.sorted_by) as told:
        qtbot.mouseClick(head.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert told.args == ["class", True]
    assert names(table) == up[::-1]


def test_new_rows_keep_ring_order_and_ticks_of_filtered_rows(table):
    table.set_current("c")
    table.set_ticked({"a", "c"})
    table.sort_by("class")
    table.set_rows([PUPILS[0], PUPILS[2]])
    assert table.current_row().uuid == "c"
    assert names(table) == [r.uuid for r in sorted([PUPILS[0], PUPILS[2]], key=lambda r: r.klass)]
    table.set_rows([PUPILS[1]])
    assert table.ticked_keys() == {"a", "c"}
    assert table.ticked_rows() == []
    table.keep_ticks(["a", "b"])
    assert table.ticked_keys() == {"a"}


def test_no_rows_and_back(table, qtbot):
    table.set_rows([])
    assert table.current_row() is None
    qtbot.keyClick(table, Qt.Key.Key_Down)
    table.set_rows(PUPILS)
    assert table.current_row() is PUPILS[0]


def heads(table):
    model = table.model()
    return [model.headerData(i, Qt.Orientation.Horizontal) for i in range(model.columnCount())]


def test_narrow_and_pressed_for_room_the_essential_columns_come_first_and_the_name_stays(table):
    """Where every column has room none is moved: a verb at the end of the row would come to stand among the facts."""
    table.set_narrow(True)
    assert heads(table) == [None, "姓名", "村组", "班级"]
    assert table._frozen.part is None  # a second view is made only where columns have to stay
    table.resize(260, 300)
    table.grab()
    assert heads(table) == [None, "姓名", "班级", "村组"]
    part = table._frozen.part
    assert part.isVisible()
    assert [part.isColumnHidden(section) for section in range(4)] == [False, False, True, True]
    table.verticalScrollBar().setValue(8)
    assert part.rowViewportPosition(0) == table.rowViewportPosition(0)
    table.resize(900, 300)
    table.grab()
    assert not part.isVisible()
    assert heads(table) == [None, "姓名", "村组", "班级"]
    table.resize(260, 300)
    table.grab()
    assert heads(table) == [None, "姓名", "班级", "村组"]
    assert table._frozen.part is part
    assert part.isVisible()
    table.set_narrow(False)
    assert heads(table) == [None, "姓名", "村组", "班级"]


def test_figures_stand_digit_under_digit_and_share_the_room_that_is_left(look, qtbot):
    figures = [
        Column("name", "班级", lambda r: r.klass, sample="三（12）班"),
        *(Column(key, head, lambda r: r.note, sample="4897", number=True) for key, head in (("a", "男"), ("b", "女"))),
    ]  # fmt: skip
    made = DataTable(figures)
    qtbot.addWidget(made)
    made.set_rows([Pupil("a", "", "三（1）班", "8"), Pupil("b", "", "三（2）班", "4118")])
    made.resize(700, 300)
    qtbot.show(made)
    name, boys, girls = (made.columnWidth(section) for section in range(3))
    assert name == made.column_width(figures[0]) + look.first_pad - look.cell_pad
    assert abs(boys - girls) <= 1
    assert name + boys + girls == made.viewport().width()

    picture = made.grab().toImage()
    ground = theme.colour(Tone.PAPER)
    head = made.horizontalHeader()

    def last_ink(top, bottom):
        left = head.sectionViewportPosition(1)
        inked = [
            x
            for x in range(left, left + boys)
            for y in range(top, bottom)
            if picture.pixelColor(x, y) != ground
        ]
        return max(inked)

    rows = [head.height() + made.rowViewportPosition(place) for place in (0, 1)]
    ends = [last_ink(4, head.height() - 4), *(last_ink(top + 6, top + look.row - 8) for top in rows)]
    assert max(ends) - min(ends) <= 2, "the head and both figures end at one edge"


def test_the_frozen_part_comes_with_the_rows_scrolled_as_they_are(table):
    table.set_narrow(True)
    table.resize(900, 100)
    table.grab()
    table.verticalScrollBar().setValue(8)
    assert table.verticalScrollBar().value() == 8
    table.resize(260, 100)
    table.grab()
    assert table._frozen.part.rowViewportPosition(0) == table.rowViewportPosition(0) == -8


def test_a_long_name_has_room_and_a_narrow_cell_is_reported(table):
    with recording() as cuts:
        table.grab()
    assert cuts == []
    table.setColumnWidth(1, 60)
    with recording() as cuts:
        table.grab()
    assert {cut.text for cut in cuts} >= {"买买提·阿卜杜热西提", "欧阳慕容雨桐"}


def test_a_link_cell_tells_which_verb(look, qtbot):
    made = DataTable(
        [Column("name", "姓名", lambda r: r.name), Column("go", "", lambda _: "去记录", link=True)]
    )
    qtbot.addWidget(made)
    made.resize(400, 200)
    made.set_rows(PUPILS)
    made.show()
    spot = QPoint(made.columnViewportPosition(1) + 12, made.rowViewportPosition(1) + 10)
    with qtbot.waitSignal(made.link_pressed) as told:
        qtbot.mouseClick(made.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert told.args == [PUPILS[1], "go"]


def test_a_list_that_lost_its_row_shows_its_beginning(look, qtbot):
    made = DataTable(columns())
    qtbot.addWidget(made)
    made.resize(500, 200)
    made.show()
    many = [Pupil(str(place), f"孩子{place}", "三（1）班") for place in range(300)]
    made.set_rows(many)
    made.set_current("200")
    made.set_rows(many[150:250])
    assert made.current_row().uuid == "200"
    assert 0 <= made.rowViewportPosition(made.current_place()) < made.viewport().height(), "kept in sight"
    made.set_rows(many[:100])
    assert made.current_row().uuid == "0"
    assert made.verticalScrollBar().value() == 0


def test_a_tag_leaves_the_line_below_it_alone(look, qtbot):
    """The ground of the tag ends above the letters of the second line."""
    with_tag, without = (
        DataTable(
            [Column("state", "现在", lambda _, tag=tag: Cell("已销号", Tone.INK2, tag=tag, second="已返校"))],
            two_lines=True,
        )
        for tag in (True, False)
    )
    rows = []
    for made in (with_tag, without):
        qtbot.addWidget(made)
        made.resize(300, 200)
        made.set_rows(PUPILS[:2])
        made.show()
        shown = made.viewport().grab().toImage()
        top = made.rowViewportPosition(1)
        half = made.rowHeight(1) // 2
        rows.append(
            [
                [shown.pixelColor(x, y).name() for x in range(80)]
                for y in range(top + half + 1, top + made.rowHeight(1))
            ]
        )
    assert rows[0] == rows[1]


def test_the_second_line_stands_below_the_words_not_below_the_icon(look, qtbot):
    made = DataTable(
        [Column("kind", "类别", lambda _: Cell("谈心", icon="chat", second="学习"))], two_lines=True
    )
    qtbot.addWidget(made)
    made.resize(300, 200)
    made.set_rows(PUPILS[:2])
    made.show()
    shown = made.viewport().grab().toImage()
    top, half = made.rowViewportPosition(1), made.rowHeight(1) // 2
    ground = shown.pixelColor(250, top + half)
    below = [
        x
        for x in range(120)
        for y in range(top + half + 3, top + made.rowHeight(1) - 3)
        if shown.pixelColor(x, y) != ground
    ]
    m = theme.metrics()
    assert min(below) >= m.first_pad + m.icon_small + m.icon_gap
