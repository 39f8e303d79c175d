"""The list of what is to be done: keys, verbs, long reasons."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from ui.theme import Tone
from ui.widgets import cuts
from ui.widgets.due import DueGroup, DueList, DueRow

LONG = "父母双方外出，照护人却记为父母双方，请核对；" * 6


def due_row(key, **more):
    own = {name: more.pop(name) for name in ("who", "when", "left", "late") if name in more}
    return DueRow(
        key,
        "warning",
        more.pop("kind", "监护"),
        more.pop("head", "欧阳慕容雨桐"),
        more.pop("reason", "没有登记由谁照护"),
        more.pop("verb", "去登记"),
        aside=more.pop("aside", "三（12）班"),
        **own,
    )


@pytest.fixture
def due(look, qtbot):
    made = DueList()
    qtbot.addWidget(made)
    made.resize(640, 300)
    qtbot.show(made)
    return made


def show(due, *, urgent=2, week=8):
    due.set_groups(
        [
            DueGroup("要紧的", f"{urgent} 项", tuple(due_row(f"a{i}") for i in range(urgent)), Tone.RED),
            DueGroup("这周可以做的", f"{week} 项", tuple(due_row(f"b{i}") for i in range(week))),
        ]
    )


def test_the_arrows_walk_over_the_heads_and_enter_takes_the_verb(due, qtbot):
    show(due)
    taken = []
    due.chosen.connect(taken.append)
    due.setFocus()
    assert due.current == "a0"
    for _ in range(2):
        qtbot.keyClick(due.lines, Qt.Key.Key_Down)
    assert due.current == "b0"
    qtbot.keyClick(due.lines, Qt.Key.Key_Return)
    qtbot.keyClick(due.lines, Qt.Key.Key_End)
    qtbot.keyClick(due.lines, Qt.Key.Key_Space)
    assert taken == ["b0", "b7"]
    qtbot.keyClick(due.lines, Qt.Key.Key_Down)
    assert due.current == "b7", "the last line stays"


def test_the_current_line_is_kept_in_sight_and_kept_by_its_key(due, qtbot):
    show(due)
    due.setFocus()
    qtbot.keyClick(due.lines, Qt.Key.Key_End)
    place = due.lines._line_of("b7").place
    top = due.verticalScrollBar().value()
    assert top <= place.top()
    assert place.bottom() <= top + due.viewport().height()

    show(due, urgent=1)
    assert due.current == "b7"
    show(due, urgent=1, week=3)
    assert due.current == "b2", "what is done is gone; its neighbour is current"


def test_a_press_on_the_verb_takes_it_and_one_beside_it_does_not(due, qtbot):
    show(due)
    taken = []
    due.chosen.connect(taken.append)
    place = due.lines._line_of("a1").place
    qtbot.mouseClick(due.lines, Qt.MouseButton.LeftButton, pos=place.center())
    assert (taken, due.current) == ([], "a1")
    verb = due.lines._verb_place(place)
    qtbot.mouseClick(due.lines, Qt.MouseButton.LeftButton, pos=verb.center())
    assert taken == ["a1"]


def test_a_long_reason_takes_more_lines_and_nothing_is_cut(due, qtbot):
    due.set_groups([DueGroup("要紧的", "1 项", (due_row("a", reason=LONG),))])
    assert due.lines._line_of("a").place.height() > due_row_height()
    assert cuts.cuts_of(due) == []


def test_who_and_the_day_have_columns_and_a_narrow_list_says_who_behind_the_class(due):
    late = {"who": "买买提·阿卜杜热西提", "when": "2025年12月30日", "left": "已过 123 天", "late": True}
    due.resize(900, 300)
    due.set_groups([DueGroup("已过期", "1 项", (due_row("a", **late),), Tone.RED)])
    wide = due.lines._at_who
    assert due.lines._at_words < wide < due.lines._at_when < due.lines._at_verb
    assert cuts.cuts_of(due) == []
    due.resize(480, 300)
    assert due.lines._at_who == 0
    assert due.lines._at_words < due.lines._at_when < due.lines._at_verb


def due_row_height():
    from ui import theme

    return theme.metrics().list_row


def test_without_lines_nothing_is_current(due):
    show(due)
    due.set_groups([])
    assert (due.keys, due.current) == ([], "")


def test_what_comes_in_above_takes_the_keyboard_unless_she_chose_a_line(due, qtbot):
    due.setFocus()
    show(due, urgent=0)
    assert due.current == "b0"
    show(due, urgent=2)
    assert (due.current, due.verticalScrollBar().value()) == ("a0", 0)
    qtbot.keyClick(due.lines, Qt.Key.Key_Down)
    show(due, urgent=3)
    assert due.current == "a1"


def test_of_the_last_line_under_a_head_the_first_of_all_is_next_and_taken_back_it_has_the_keyboard_again(
    due, qtbot
):
    due.setFocus()
    show(due, urgent=0, week=20)
    qtbot.keyClick(due.lines, Qt.Key.Key_End)
    assert due.verticalScrollBar().value() > 0
    due.set_groups([DueGroup("要紧的", "2 项", (due_row("a0"), due_row("a1")), Tone.RED)])
    assert (due.current, due.verticalScrollBar().value()) == ("a0", 0)
    show(due, week=20)
    assert due.current == "b19"


def test_come_back_to_the_first_line_has_its_head_in_sight(due, qtbot):
    show(due, week=20)
    due.verticalScrollBar().setValue(due.verticalScrollBar().maximum())
    due.hide()
    assert due.verticalScrollBar().value() > 0
    qtbot.show(due)
    assert (due.current, due.verticalScrollBar().value()) == ("a0", 0)
