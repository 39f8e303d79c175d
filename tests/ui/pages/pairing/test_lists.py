"""The two lists by themselves: thousands of lines, long names and reasons, a choice by pinyin."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.core.pinyin import search_key
from app.pairing.codes import Identity
from app.pairing.facts import CheckState, SupporterFacts
from app.todo.progress import SupporterProgress, Tally
from tests.ui.pages.pairing.conftest import LONG, type_in
from ui.pages.pairing.lines import CARRIED, ChildLine, ChildLines
from ui.pages.pairing.squares import Load
from ui.pages.pairing.supporters import SupporterLine, SupporterTable
from ui.theme import Tone
from ui.widgets import State
from ui.widgets.cuts import cuts_of
from ui.widgets.pick import Pick, PickField

TODAY = date(2026, 11, 21)
WHY = "兄弟姐妹由向冬梅、罗光明带，规则是同一人，已经带满或不合别的规则"


@pytest.fixture
def lines(look, qtbot):
    made = ChildLines()
    qtbot.addWidget(made)
    made.resize(look.side_small, 600)
    made.set_lines([ChildLine(str(n), LONG, "三（12）班", to=LONG, why=WHY) for n in range(3000)])
    made.show()
    return made


def test_thousands_of_long_lines_are_shown_uncut_and_walked(lines, qtbot):
    assert not cuts_of(lines)
    lines.setFocus()
    qtbot.keyClick(lines.inner, Qt.Key.Key_End)
    assert lines.current == "2999"
    qtbot.keyClick(lines.inner, Qt.Key.Key_Space)
    assert lines.ticked == {"2999"}
    assert not cuts_of(lines)
    qtbot.keyClick(lines.inner, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert len(lines.ticked) == 3000
    qtbot.keyClick(lines.inner, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert not lines.ticked


def test_ticks_of_lines_that_are_filtered_out_stay(lines):
    lines.set_ticked(["1", "2"])
    lines.set_lines(lines.lines[2:3])
    assert lines.ticked == {"1", "2"}


def test_a_press_on_the_box_ticks_and_a_press_beside_it_does_not(lines, qtbot, look):
    box = lines.inner._place_of(1).topLeft()
    box.setX(look.s16 + 3)
    box.setY(box.y() + look.s16)
    QTest.mouseClick(lines.inner, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, box)
    assert lines.ticked == {"1"}
    box.setX(look.side_small // 2)
    QTest.mouseClick(lines.inner, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, box)
    assert (lines.ticked, lines.current) == ({"1"}, "1")


def test_three_hundred_supporters_are_shown_uncut(look, qtbot):
    table = SupporterTable(TODAY)
    qtbot.addWidget(table)
    table.resize(900, 600)
    done = SupporterProgress(
        supporter_uuid="",
        children=9,
        last_on="2026-10-31",
        by_activity={"talk": Tally(3, 148), "home_visit": Tally(48, 48)},
        calls=Tally(12, 36),
    )
    table.set_rows(
        SupporterLine(
            uuid=str(n),
            facts=None,
            name=LONG,
            duty="数学，三（12）班班主任",
            kinds=("帮扶教师", "代理家长"),
            load=Load(n % 12, n % 3, 5),
            check=CheckState.EXPIRED,
            excused="",
            find="",
            done=done,
            known=True,
        )
        for n in range(300)
    )
    table.show()
    assert not cuts_of(table)
    cell = table._rows.cell(0, [column.key for column in table._rows.columns].index("talks"))
    assert (cell.text, cell.bold) == ("3 / 148", True)
    cell = table._rows.cell(0, [column.key for column in table._rows.columns].index("visits"))
    assert (cell.text, cell.second, cell.second_tone) == ("48 / 48", "通话 12 / 36", Tone.OCHRE)


@pytest.mark.parametrize(("due", "tone"), [(0, Tone.INK2), (2, Tone.RED)])
def test_never_is_red_only_for_what_was_due(look, qtbot, due, tone):
    table = SupporterTable(TODAY)
    qtbot.addWidget(table)
    facts = SupporterFacts(key="1", uuid="1", staff_uuid="1", name="向冬梅", identity=Identity.STAFF)
    done = SupporterProgress(
        supporter_uuid="1", children=1, last_on=None, by_activity={"talk": Tally(0, due)}, calls=Tally()
    )
    line = SupporterLine(
        uuid="1",
        facts=facts,
        name="向冬梅",
        duty="",
        kinds=(),
        load=Load(1, 0, 5),
        check=CheckState.VALID,
        excused="",
        find="",
        done=done,
        known=True,
    )
    table.set_rows([line])
    cell = table._rows.cell(0, [column.key for column in table._rows.columns].index("last"))
    assert (cell.text, cell.tone) == ("从未", tone)


def test_nobody_is_found_empty_handed_in_a_table_without_rows(look, qtbot):
    table = SupporterTable(TODAY)
    qtbot.addWidget(table)
    table.show()
    assert table.current_row() is None
    qtbot.keyClick(table, Qt.Key.Key_Return)


def test_somebody_is_chosen_by_pinyin_or_must_be_told_apart(look, qtbot):
    names = ["曾小雨", "曾晓宇", "覃䶮"]
    field = PickField(
        [Pick(str(n), name, f"{name} {search_key(name)}") for n, name in enumerate(names)], hint=""
    )
    qtbot.addWidget(field)
    field.show()
    type_in(field, "qin")
    field.leave()
    assert field.chosen is not None
    assert field.text() == "覃䶮"
    field.setText("zxy")
    field.leave()
    assert field.chosen is None
    assert field.finding is not None
    assert field.finding.state is State.INVALID
    field.setText("没有的人")
    field.leave()
    assert "没有这个人" in field.finding.reason


def test_a_line_that_is_pulled_carries_its_key(lines, monkeypatch, look):
    carried = []
    monkeypatch.setattr(
        "ui.pages.pairing.lines.QDrag.exec",
        lambda drag, *_: carried.append(bytes(drag.mimeData().data(CARRIED).data()).decode()),
    )
    start = lines.inner._place_of(2).center()
    QTest.mousePress(lines.inner, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, start)
    move = QMouseEvent(
        QEvent.Type.MouseMove,
        QPointF(start.x() + look.s32, start.y()),
        QPointF(start.x() + look.s32, start.y()),
        Qt.MouseButton.NoButton,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(lines.inner, move)
    assert carried == ["2"]
    assert not lines.ticked
    QTest.mouseRelease(lines.inner, Qt.MouseButton.LeftButton)
