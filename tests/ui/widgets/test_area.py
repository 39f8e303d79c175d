"""A quiet field of several lines, and lists that grow instead of cutting their words."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from ui import theme
from ui.theme import Type
from ui.widgets import (
    ContactChain,
    ContactLine,
    Fact,
    FactList,
    Finding,
    FormRow,
    QuietArea,
    State,
    Text,
    cuts,
    paint,
)
from ui.widgets.area import LONGEST_TEXT, LONGEST_WORDS

LONG = (
    "白水沟村水井坡上过石桥第二家旁边的老粮站后面新修的三层楼房东侧第一户，门口有一棵大核桃树，叫门要大声一点"
)


def shown(qtbot, *widgets, width=320):
    host = QWidget()
    box = QVBoxLayout(host)
    for widget in widgets:
        box.addWidget(widget)
    box.addStretch(1)
    qtbot.addWidget(host)
    host.resize(width, 300)
    qtbot.show(host)
    return host


def test_it_is_as_high_as_its_words(look, qtbot):
    area = QuietArea()
    host = shown(qtbot, area)
    assert host.isVisible()
    one_line = area.height()
    assert one_line == look.quiet_field
    area.set_value(LONG)
    assert area.height() > one_line + look.s16
    area.set_value("短")
    assert area.height() == one_line


def test_tab_leaves_and_saves_once(look, qtbot):
    area, other = QuietArea(), QLineEdit()
    host = shown(qtbot, area, other)
    assert host.isVisible()
    saved = []
    area.saved.connect(lambda text, _: saved.append(text))
    area.setFocus()
    area.insertPlainText(" 画画 ")
    assert area.is_pending
    QTest.keyClick(area, Qt.Key.Key_Tab)
    assert saved == ["画画"]
    area.leave()
    assert saved == ["画画"]


def test_esc_restores_and_enter_breaks_or_leaves(look, qtbot):
    area, single = QuietArea(), QuietArea(one_line=True)
    host = shown(qtbot, area, single)
    assert host.isVisible()
    area.set_value("旧")
    area.setFocus()
    area.insertPlainText("新")
    QTest.keyClick(area, Qt.Key.Key_Escape)
    assert area.toPlainText() == "旧"
    QTest.keyClick(area, Qt.Key.Key_Return)
    assert "\n" in area.toPlainText()
    single.setFocus()
    single.insertPlainText("一行")
    QTest.keyClick(single, Qt.Key.Key_Return)
    assert single.value == "一行"


def test_a_long_fact_goes_on_below(look, qtbot):
    facts = FactList(
        [Fact("a", "2025-08-20 起", LONG, "奶奶口述，10-09"), Fact("b", "2024 至 2025", "短", "家访")]
    )
    host = shown(qtbot, facts)
    assert facts.height() > 3 * look.fact_row
    with cuts.recording():
        host.grab()
        assert cuts.cuts_of(host) == []


def test_lines_are_broken_between_rare_characters(look):
    font = theme.font(Type.BODY)
    text = "覃䶮张𬭎" * 12
    lines = paint.broken(text, font, 150)
    assert "".join(lines) == text
    assert len(lines) > 2
    assert all(paint.text_width(line, font) <= 150 for line in lines)


def test_a_press_or_enter_on_a_fact_is_its_correction(look, qtbot):
    facts = FactList([Fact("a", "2025-08-20 起", "福建晋江"), Fact("b", "2024 至 2025", "浙江温州")])
    host = shown(qtbot, facts, width=600)
    asked = []
    facts.activated.connect(asked.append)
    QTest.mouseClick(facts, Qt.MouseButton.LeftButton, pos=facts.rect().bottomLeft() + QPoint(40, -8))
    assert asked == ["b"]
    assert facts.current_key == "b"
    facts.setFocus()
    QTest.keyClick(facts, Qt.Key.Key_Up)
    QTest.keyClick(facts, Qt.Key.Key_Return)
    assert asked == ["b", "a"]
    assert host.isVisible()


def test_a_contact_is_dragged_by_its_grip_and_opened_by_a_press(look, qtbot):
    chain = ContactChain([ContactLine(key, "奶奶", key, "138****6217") for key in ("a", "b")])
    host = shown(qtbot, chain, width=600)
    moved, asked = [], []
    chain.moved.connect(lambda key, place: moved.append((key, place)))
    chain.activated.connect(asked.append)
    QTest.mousePress(chain, Qt.MouseButton.LeftButton, pos=QPoint(5, 10))
    QTest.mouseRelease(chain, Qt.MouseButton.LeftButton, pos=QPoint(5, chain.height() - 10))
    assert moved == [("a", 1)]
    assert asked == []
    QTest.mouseClick(chain, Qt.MouseButton.LeftButton, pos=QPoint(200, 10))
    assert asked == ["b"]
    assert host.isVisible()


def test_a_text_that_is_too_long_is_told_and_not_saved(look, qtbot):
    area = QuietArea(one_line=True)
    row = FormRow("现住址", area)
    qtbot.addWidget(row)
    row.show()
    saved = []
    area.saved.connect(lambda text, _as_is: saved.append(text))
    area.setPlainText("村" * LONGEST_WORDS)
    assert area.finding == Finding(State.NORMAL, "已写 500 个字，最多 500 个字。")
    area.setPlainText("村" * (LONGEST_WORDS + 1))
    area.leave()
    assert area.finding == Finding(State.INVALID, "有 501 个字，这里最多存 500 个字，还没有存。")
    assert saved == []
    assert "最多存 500 个字" in " ".join(text.text() for text in row.findChildren(Text) if text.isVisible())
    area.restore()
    assert area.finding is None


def test_a_longer_text_from_elsewhere_is_shown_and_may_stay(look, qtbot):
    area = QuietArea()
    qtbot.addWidget(area)
    area.set_value("字" * (LONGEST_TEXT + 1))
    assert area.finding is None
    area.leave()
    assert len(area.value) == LONGEST_TEXT + 1
