"""Fields: saved on leaving, Esc restores, doubt can be kept, what cannot be stored is not."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget

from ui import theme
from ui.theme import Tone
from ui.widgets import DateField, Finding, FormRow, QuietChoice, QuietField, State
from ui.widgets.date_field import tidy_date
from ui.widgets.field import LONGEST_LINE
from ui.widgets.form import Reason


def check_id(text):
    if len(text) != 18:
        return Finding(State.INVALID, f"身份证号只有 {len(text)} 位。")
    if not text.endswith("1"):
        return Finding(State.DOUBTFUL, "最后一位对不上。")
    return None


@pytest.fixture
def form(look, qtbot):
    """A field, and another one to leave to."""
    page = QWidget()
    qtbot.addWidget(page)
    page.field = QuietField(check=check_id)
    page.other = QLineEdit()
    page.row = FormRow("身份证号", page.field)
    box = QVBoxLayout(page)
    box.addWidget(page.row)
    box.addWidget(page.other)
    with qtbot.waitActive(page):
        page.show()
    page.field.setFocus()
    page.saved = []
    page.field.saved.connect(lambda text, as_is: page.saved.append((text, as_is)))
    return page


def reason_of(page):
    return page.row.findChild(Reason)


def test_leaving_saves_what_is_right(form, qtbot):
    qtbot.keyClicks(form.field, "500000201703080001")
    assert form.saved == []
    form.other.setFocus()
    assert form.saved == [("500000201703080001", False)]
    form.field.setFocus()
    form.other.setFocus()
    assert len(form.saved) == 1


def test_enter_saves_and_goes_on(form, qtbot):
    qtbot.keyClicks(form.field, "500000201703080001")
    qtbot.keyClick(form.field, Qt.Key.Key_Return)
    assert form.saved == [("500000201703080001", False)]
    assert not form.field.hasFocus()


def test_escape_restores_then_is_left_to_the_page(form, qtbot):
    form.field.set_value("500000201703080001")
    form.field.setText("12")
    qtbot.keyClick(form.field, Qt.Key.Key_Escape)
    assert form.field.text() == "500000201703080001"
    form.other.setFocus()
    assert form.saved == []


def test_the_line_for_a_reason_is_made_when_there_is_one_and_tab_goes_to_it(form, qtbot):
    """Most fields never need it, and a form opens the faster."""
    assert form.findChildren(Reason) == []
    qtbot.keyClicks(form.field, "500000201703080002")
    form.other.setFocus()
    assert reason_of(form).isVisible()
    assert form.field.nextInFocusChain() is reason_of(form).keep


def test_doubt_waits_for_keeping(form, qtbot):
    qtbot.keyClicks(form.field, "500000201703080002")
    form.other.setFocus()
    assert form.saved == []
    assert form.field.property("state") == "doubtful"
    reason = reason_of(form)
    assert reason.isVisible()
    assert not reason.keep.isHidden()
    reason.keep.click()
    assert form.saved == [("500000201703080002", True)]
    assert form.field.property("state") == "doubtful"
    assert reason.keep.isHidden()


def test_what_cannot_be_stored_is_not_saved(form, qtbot):
    qtbot.keyClicks(form.field, "5000")
    form.other.setFocus()
    assert form.saved == []
    assert form.field.property("state") == "invalid"
    assert reason_of(form).keep.isHidden()
    form.field.setFocus()
    qtbot.keyClick(form.field, Qt.Key.Key_Escape)
    assert not reason_of(form).isVisible()


def test_the_mark_goes_while_correcting(form, qtbot):
    qtbot.keyClicks(form.field, "5000")
    form.other.setFocus()
    form.field.setText("")
    qtbot.keyClicks(form.field, "500000201703080001")
    assert form.field.finding is None


def test_a_reload_does_not_take_away_what_is_being_typed(form, qtbot):
    form.field.set_value("500000201703080001")
    form.field.selectAll()
    qtbot.keyClicks(form.field, "77")
    form.field.set_value("500000201703080001")
    assert form.field.text() == "77"
    qtbot.keyClick(form.field, Qt.Key.Key_Escape)
    assert form.field.text() == "500000201703080001"


def test_unknown_shows_its_word_and_emptying_saves_empty(form, qtbot):
    assert form.field.placeholderText() == "未采集"
    form.field.set_value("500000201703080001")
    form.field.selectAll()
    qtbot.keyClick(form.field, Qt.Key.Key_Delete)
    form.other.setFocus()
    assert form.saved == [("", False)]


@pytest.mark.parametrize(
    ("typed", "iso"),
    [
        ("2016", "2016"),
        ("2016.5", "2016-05"),
        ("2016年5月", "2016-05"),
        ("2016/5/3", "2016-05-03"),
        ("20160503", "2016-05-03"),
        ("201605", "2016-05"),
        (" 2016-05-03 ", "2016-05-03"),
        ("2016年5月3日", "2016-05-03"),
    ],
)
def test_dates_are_tidied(typed, iso):
    assert tidy_date(typed) == iso


@pytest.mark.parametrize("typed", ["2016-13", "2016-02-30", "去年", "16.5.3"])
def test_what_is_no_date_stays_and_is_refused(look, qtbot, typed):
    field = DateField()
    qtbot.addWidget(field)
    saved = []
    field.saved.connect(lambda text, _: saved.append(text))
    field.setText(typed)
    field.leave()
    assert saved == []
    assert field.property("state") == "invalid"


def test_a_text_that_is_too_long_is_told_and_stays_whole(look, qtbot):
    field = QuietField()
    qtbot.addWidget(field)
    saved = []
    field.saved.connect(lambda text, _as_is: saved.append(text))
    qtbot.keyClicks(field, "a" * (LONGEST_LINE - 1))
    assert field.finding == Finding(State.NORMAL, "已写 199 个字，最多 200 个字。")
    QApplication.clipboard().setText("b" * 40_000)
    qtbot.keyClick(field, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert len(field.text()) == 40_199, "Qt alone would have kept 32,767"
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert field.finding == Finding(State.INVALID, "有 40199 个字，这里最多存 200 个字，还没有存。")
    assert saved == []
    field.setText("覃小雨")
    field.leave()
    assert (saved, field.finding) == (["覃小雨"], None)


def test_choice_saves_only_what_the_person_chose(look, qtbot):
    choice = QuietChoice([("1", "男"), ("2", "女")])
    qtbot.addWidget(choice)
    told = []
    choice.saved.connect(told.append)
    choice.set_value("2")
    assert (choice.value, told) == ("2", [])
    choice.set_value(None)
    assert choice.value is None
    assert choice.currentText() == "未采集"
    choice.show()
    qtbot.keyClick(choice, Qt.Key.Key_Down)
    assert told == ["1"]


def test_the_chosen_line_of_a_dropped_list_has_a_ground_and_no_frame(look, qtbot):
    choice = QuietChoice([("1", "男"), ("2", "女")], unknown=False, quiet=False)
    qtbot.addWidget(choice)
    choice.show()
    choice.showPopup()
    listed = choice.view()
    try:
        line = listed.visualRect(listed.model().index(0, 0))
        picture = listed.viewport().grab().toImage()
    finally:
        choice.hidePopup()
    edges = (line.topLeft(), line.bottomLeft(), line.topRight(), line.bottomRight())
    assert {picture.pixelColor(edge).name() for edge in edges} == {theme.colour(Tone.SELECT).name()}


def test_the_wheel_changes_no_choice(look, qtbot):
    from PySide6.QtCore import QPoint, QPointF
    from PySide6.QtGui import QWheelEvent

    choice = QuietChoice([("1", "男"), ("2", "女")], unknown=False)
    qtbot.addWidget(choice)
    choice.show()
    none = Qt.MouseButton.NoButton
    wheel = QWheelEvent(
        QPointF(5, 5), QPointF(5, 5), QPoint(0, 0), QPoint(0, -120), none,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    choice.wheelEvent(wheel)
    assert choice.value == "1"
