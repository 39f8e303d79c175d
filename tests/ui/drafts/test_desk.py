"""What is typed is on the disk soon, at once when it must be, and gone when it is saved or given up."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
import shiboken6
from PySide6.QtCore import SIGNAL, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication, QWidget

from app.core.errors import Cancelled, EnvironmentFault, UserError
from app.storage import drafts as storage
from tests.ui.fakes import FakeDialogs
from ui.drafts import SAVE, STAY, About, Drafts, EntryPanel, Form, Keeping
from ui.drafts.desk import WRITES_AFTER
from ui.drafts.fields import fill, value_in
from ui.widgets import CheckBox, DateField, FormRow, Link, QuietArea, QuietChoice, QuietField, Text

PATIENCE = 10_000
LONG = "转到县城第二小学，由父母接走，姑姑十二月来办手续"


def type_into(field, text):
    """As Chinese reaches a field: from the input method."""
    typing = QInputMethodEvent()
    typing.setCommitString(text)
    QApplication.sendEvent(field, typing)


class Form1(EntryPanel):
    """Three fields; what is asked is noted."""

    def __init__(self, drafts, dialogs, clock, record="r1", stored="原来的"):
        super().__init__(None, "退出台账", self._note, verb="记下")
        self.asked = []
        self.note = QuietField(quiet=False, hint="")
        self.why = QuietChoice([("a", "转学"), ("b", "毕业")], quiet=False)
        self.more = QuietArea(quiet=False, hint="")
        for label, field in (("说明", self.note), ("原因", self.why), ("备注", self.more)):
            self.add(FormRow(label, field))
        self.note.set_value(stored)
        fields = {"note": self.note, "why": self.why, "more": self.more}
        about = About(Form.LEAVE, record, "张三 退出台账", rows=(("child", record),))
        self.keep_draft(SimpleNamespace(drafts=drafts, dialogs=dialogs, clock=clock), about, fields)

    def _note(self, key):
        self.asked.append(key)


@pytest.fixture
def dialogs():
    return FakeDialogs()


@pytest.fixture
def panel(drafts, dialogs, clock, qtbot):
    made = Form1(drafts, dialogs, clock)
    made.setModal(False)
    made.show()
    yield made
    if shiboken6.isValid(made):
        made.close()
        made.deleteLater()


def on_disk(box):
    return {one.key[:2]: {e.name: e.value for e in one.entries} for one in box.read().drafts}


def whole(drafts, box):
    drafts.flush()
    return on_disk(box)


# ---- when it is written


def test_a_key_is_on_the_disk_within_two_seconds_by_itself(panel, box, qtbot):
    assert WRITES_AFTER < 2000
    type_into(panel.note, "转学")
    qtbot.waitUntil(lambda: on_disk(box) != {}, timeout=PATIENCE)
    assert on_disk(box) == {(Form.LEAVE, "r1"): {"note": "转学"}}
    (draft,) = box.read().drafts
    entry = draft.entry("note")
    assert (entry.label, entry.was, draft.who, draft.at) == (
        "说明",
        "原来的",
        "陈素兰",
        "2026-11-21T09:00:00",
    )


def test_leaving_the_window_writes_at_once(panel, box, drafts, qtbot):
    type_into(panel.note, "转学")
    QApplication.instance().applicationStateChanged.emit(Qt.ApplicationState.ApplicationInactive)
    qtbot.waitUntil(lambda: on_disk(box) != {}, timeout=WRITES_AFTER // 2)


def test_the_end_of_the_session_waits_for_the_disk(panel, box, drafts):
    type_into(panel.more, LONG)
    app, signal = QApplication.instance(), SIGNAL("commitDataRequest(QSessionManager&)")
    listening = app.receivers(signal)
    drafts._session_ends(None)  # there is no session manager to ask for it on this screen
    assert on_disk(box) == {(Form.LEAVE, "r1"): {"more": LONG}}
    drafts.shut()
    assert app.receivers(signal) == listening - 1


def test_a_text_longer_than_is_stored_is_kept_whole(panel, box, drafts):
    pasted = "长" * 100_000
    panel.more.setPlainText(pasted)
    assert whole(drafts, box)[Form.LEAVE, "r1"] == {"more": pasted}


def test_flushing_says_whether_anything_is_kept(panel, drafts, box, monkeypatch):
    assert drafts.flush() is False, "nothing is typed"
    type_into(panel.note, "转学")
    assert drafts.flush() is True
    assert drafts.flush() is True, "also when it was there already"

    def no_disk(*_args):
        raise EnvironmentFault("file.full", "满了")

    monkeypatch.setattr(storage, "atomic_write", no_disk)
    type_into(panel.note, "了")
    assert drafts.flush() is False, "not said before the disk has it"


def test_a_ledger_that_is_only_looked_at_keeps_nothing(look, dialogs, clock, qtbot):
    drafts = Drafts()
    panel = Form1(drafts, dialogs, clock)
    qtbot.addWidget(panel)
    panel.note.setText("转学")
    assert drafts.flush() is False
    panel.answer(STAY)


# ---- when it goes


def test_typed_back_to_what_it_was_leaves_nothing(panel, drafts, box):
    type_into(panel.note, "转学")
    assert whole(drafts, box)
    panel.note.setText("原来的")
    assert whole(drafts, box) == {}


def test_saved_means_gone(panel, drafts, box):
    type_into(panel.note, LONG)
    assert whole(drafts, box)
    panel.answer(SAVE)
    assert panel.asked == [SAVE]
    assert whole(drafts, box), "asked for is not yet stored"
    panel.finish()
    assert whole(drafts, box) == {}


def test_little_is_given_up_silently_much_only_after_a_question(panel, drafts, box, dialogs, qtbot, clock):
    type_into(panel.note, "转学")
    panel.answer(STAY)
    assert (dialogs.asked, whole(drafts, box)) == ([], {})

    again = Form1(drafts, dialogs, clock)
    qtbot.addWidget(again)
    again.note.setText(LONG)
    assert whole(drafts, box)
    again.reject()  # Esc; the first verb of the question is answered: 接着写
    assert dialogs.asked[0][2] == ("接着写", "不要了")
    assert again.note.text() == LONG
    assert whole(drafts, box)
    dialogs.choices.append("drop")
    again.reject()
    assert whole(drafts, box) == {}


def test_refused_by_a_full_disk_keeps_text_reason_and_draft(panel, box, drafts):
    panel.note.setText("转学")
    panel.answer(SAVE)
    panel.refused(
        EnvironmentFault("storage.full", "硬盘满了，这一步没有存上。", "", "请先腾出一些空间再存。")
    )
    assert "硬盘满了" in panel._reason.text()
    assert panel.note.text() == "转学"
    assert panel.keeping.changed
    assert whole(drafts, box) == {(Form.LEAVE, "r1"): {"note": "转学"}}
    panel.refused(UserError("x", "不行。"))
    assert panel._reason.text() == "不行。"
    panel.say_why("")
    panel.refused(Cancelled())
    assert panel._reason.text() == "", "she let it be herself"


# ---- the window goes without an answer


def test_a_form_whose_window_vanished_is_offered_like_one_of_last_time(panel, drafts, box, qtbot):
    type_into(panel.note, "转学")
    assert whole(drafts, box)
    with qtbot.waitSignal(panel.destroyed):
        panel.deleteLater()
    drafts.write()
    assert [one.record for one in drafts.left] == ["r1"]
    assert on_disk(box)


# ---- disks


def test_trouble_is_told_once_and_taken_back_when_it_is_over(panel, drafts, box, qtbot, monkeypatch):
    told = []
    drafts.troubled.connect(told.append)
    real = storage.atomic_write

    def no_disk(*_args):
        raise EnvironmentFault("file.full", "满了")

    monkeypatch.setattr(storage, "atomic_write", no_disk)
    type_into(panel.note, "转")
    drafts.flush()
    qtbot.waitUntil(lambda: len(told) == 1)
    assert told[0].key == "drafts.not_kept"
    monkeypatch.setattr(storage, "atomic_write", real)
    drafts._again.timeout.emit()  # it is tried again without another key
    qtbot.waitUntil(lambda: told[1:] == [None], timeout=PATIENCE)
    assert on_disk(box)


# ---- filled in again


def test_filled_in_it_is_the_same_draft_and_says_what_changed_meanwhile(
    panel, drafts, box, dialogs, clock, qtbot
):
    type_into(panel.note, "转学")
    panel.why.set_value("a")
    drafts.flush()
    (draft,) = box.read().drafts
    with qtbot.waitSignal(panel.destroyed):
        panel.deleteLater()
    drafts.set_left((draft,))

    later = Form1(drafts, dialogs, clock, stored="别人改过")
    qtbot.addWidget(later)
    assert "今天 09:00 写过" in said(later)
    later.draft_note.findChild(Link).click()
    assert later.note.text() == "转学"
    assert later.why.value == "a"
    assert "还没有存" in said(later)
    assert "后来已经改成「别人改过」" in said(later)
    assert drafts.left == ()
    assert [one.copy for one in box.read().drafts] == [draft.copy]
    later.finish()
    drafts.flush()
    assert box.read().drafts == ()


def test_an_undecided_draft_is_not_written_over_by_a_new_opening(panel, drafts, box, dialogs, clock, qtbot):
    type_into(panel.note, "上次的")
    drafts.flush()
    drafts.set_left(box.read().drafts)
    another = Form1(drafts, dialogs, clock)
    qtbot.addWidget(another)
    another.note.setText("这次的")
    drafts.flush()
    assert {one.entries[0].value for one in box.read().drafts} == {"上次的", "这次的"}


def test_what_a_field_no_longer_offers_is_said_and_still_kept(panel, drafts, box):
    panel.why.set_value("b")
    drafts.flush()
    (draft,) = box.read().drafts
    panel.why.set_options([("a", "转学")])
    panel.why.set_value(None)
    panel.resume(draft)
    assert "当时写的是「毕业」，现在填不进去" in said(panel)
    drafts.flush()
    assert box.read().drafts[0].entry("why").words == "毕业"


@pytest.mark.parametrize(
    ("make", "value"),
    [
        (QuietField, "张三"),
        (DateField, "2026-05"),
        (QuietArea, "一\n二"),
        (lambda: QuietChoice([(True, "是"), (False, "否")]), False),
        (lambda: QuietChoice([(3, "三级")]), 3),
        (lambda: CheckBox("登记"), True),
    ],
)
def test_every_kind_of_field_gives_and_takes_its_value(look, qtbot, make, value):
    field = make()
    qtbot.addWidget(field)
    assert fill(field, value)
    assert value_in(field) == value
    assert value_in(field) is not None


def test_what_is_no_field_is_a_mistake(look, qtbot, drafts):
    plain = QWidget()
    qtbot.addWidget(plain)
    with pytest.raises(TypeError):
        Keeping(drafts, About(Form.LEAVE, "", ""), {"x": plain}, plain)


def said(panel):
    return " ".join(label.text() for label in panel.findChildren(Text))


# ---- once


def test_an_answer_goes_once_and_is_not_given_up_on_its_way(panel, dialogs):
    panel.note.setText("转学")
    panel.answer(SAVE)
    panel.answer(SAVE)
    panel.reject()
    assert panel.asked == [SAVE]
    assert panel.isVisible()
    panel.refused(EnvironmentFault("storage.full", "硬盘满了。"))
    panel.answer(SAVE)
    panel.wait_on()
    panel.answer(SAVE)
    panel.object_to("还没有填。", panel.why)
    assert panel.focusWidget() is panel.why
    panel.answer(SAVE)
    assert panel.asked == [SAVE] * 4


# ---- the red line goes when it is mended


def test_what_was_wrong_is_said_until_that_field_is_changed(panel):
    """Not before: a change elsewhere leaves it standing. Never while she writes for the first time."""
    type_into(panel.more, "先写备注")
    assert panel._reason.isHidden()
    panel.object_to("还没有选原因。", panel.why)
    type_into(panel.more, "再写一句")
    panel.note.setText("改了说明")
    assert panel._reason.text() == "还没有选原因。"
    panel.why.set_value("b")
    assert panel._reason.isHidden()
    assert panel._reason.text() == ""


def test_what_the_ledger_refused_is_said_until_anything_is_changed(panel):
    panel.answer(SAVE)
    panel.refused(UserError("x", "这位教师已经离校。"))
    assert panel._reason.isVisible()
    type_into(panel.more, "写明了")
    assert panel._reason.isHidden()
    panel.say_why("记下以后不能再给这位结对。", lasting=True)
    panel.note.setText("别的")
    assert panel._reason.isVisible(), "a warning about what is chosen stays with the choice"
