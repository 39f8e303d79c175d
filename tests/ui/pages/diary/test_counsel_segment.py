"""心理疏导: set up, locked, opened, written; locked when left or idle; drafts and papers hold nothing readable."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from app.core.paths import private_folder
from app.diary import sealing
from app.diary.counselling import note_heads, open_note, unlock
from tests.ui.pages.diary.case_desk import Desk

PASSPHRASE, NEW = "石榴树下的秘密", "另外一句只有我知道的话"
SECRET = "她说夜里害怕，奶奶睡着以后一个人哭"


@pytest.fixture(autouse=True)
def _quick_keys(monkeypatch):
    monkeypatch.setattr(sealing, "COST", 4)


@pytest.fixture
def desk(ledger, qtbot):
    made = Desk(ledger, qtbot, "counselling")
    yield made
    made.page.hide()  # it locks, and watches no keys any more
    made.close()


def type_new(desk, fields, words, again=None):
    desk.write(fields.first, words)
    desk.write(fields.second, again or words)


def slip_words(desk):
    """The slip is on the screen; what is its text? Its words come with the request, as the page got them."""
    desk.qtbot.waitUntil(lambda: desk.part.papers.preview is not None)
    panel = desk.part.papers.panel
    assert not panel.buttons["save"].isVisible(), "into no file"
    desk.context.dialogs.choices = ["stay", "leave"]
    panel.reject()
    assert panel.isVisible(), "Esc takes nothing away that was not printed"
    assert desk.context.dialogs.asked[-1][0].startswith("恢复单还没有打印")
    panel.reject()
    assert not panel.isVisible()
    desk.settle()


def set_up(desk):
    desk.picture("counsel-setup")
    assert desk.part.fact() == "还没有设口令", "nothing is locked yet"
    type_new(desk, desk.part.locked.new, PASSPHRASE)
    desk.part.locked.set_up()
    slip_words(desk)


def opened(desk, words=PASSPHRASE):
    desk.write(desk.part.locked.passphrase, words)
    desk.qtbot.keyClick(desk.part.locked.passphrase, Qt.Key.Key_Return)
    desk.settle()


def written(desk):
    form = desk.begin()
    desk.choose_child(form, "何天佑")
    desk.write(form.texts["course"], SECRET)
    return form


def places_with(desk, words):
    folders = [private_folder(), desk.context.backup_folder.parent]
    return [
        path.name
        for folder in folders
        for path in folder.rglob("*")
        if path.is_file() and words.encode() in path.read_bytes()
    ]


def test_it_is_set_up_written_locked_and_opened_with_its_passphrase_only(desk, asked):
    assert not desk.part.new.isEnabled()
    type_new(desk, desk.part.locked.new, PASSPHRASE, NEW)
    desk.part.locked.set_up()
    assert "两遍" in desk.part.locked.reason.text()
    for field in (desk.part.locked.new.first, desk.part.locked.new.second):
        field.clear()
    set_up(desk)
    form = written(desk)
    desk.picture("counsel-form")
    form.ask_save()
    desk.settle()
    (head,) = asked(note_heads)
    assert (head.child.name, head.number) == ("何天佑", "2026-001")
    assert desk.context.navigation.toasts[-1][0] == "写了心理疏导记录 2026-001"
    desk.picture("counsel-list")

    desk.part.lock_now.click()
    desk.settle()
    desk.picture("counsel-locked")
    assert desk.part.table.rows == []
    assert desk.part.fact() == "锁着"
    opened(desk, "不是这一句话")
    assert desk.part.key is None
    assert "口令不对" in desk.part.locked.reason.text()
    desk.part.locked.passphrase.textEdited.emit("她")
    assert desk.part.locked.reason.text() == "", "said of the words before, not of these"
    assert desk.part.locked.passphrase.text() == ""
    assert desk.part.locked.passphrase.echoMode() is QLineEdit.EchoMode.Password
    opened(desk)
    form = desk.open()
    assert form.texts["course"].toPlainText() == SECRET
    form._print(True)
    desk.qtbot.waitUntil(lambda: form.papers.preview is not None and form.papers.preview.shown is not None)
    assert list(private_folder().rglob("*.pdf")) == []
    form.papers.panel.answer("close")
    desk.settle()
    assert places_with(desk, SECRET) == []


def test_leaving_or_idling_locks_and_what_was_typed_comes_back_sealed(desk, asked):
    set_up(desk)
    form = written(desk)
    uuid = form.uuid
    desk.context.drafts.flush()
    assert desk.part._idle.isActive()
    assert desk.part._idle.interval() == 5 * 60_000
    key = desk.part.key
    desk.part._idle.timeout.emit()
    desk.settle()
    assert key.is_locked
    assert desk.part.form is None
    assert "已锁上" in desk.context.navigation.toasts[-1][0]
    desk.context.drafts.flush()
    (left,) = desk.context.drafts.left
    assert left.form == "diary.counselling"
    kept = [path for path in desk.context.drafts.box.folders[0].rglob("*") if path.is_file()]
    assert kept
    assert places_with(desk, SECRET) == []
    assert SECRET not in str(left)

    desk.context.drafts.want(left)
    desk.part.open_with(child=left.where["child"])
    opened(desk)
    form = desk.part.form
    assert (form.uuid, form.texts["course"].toPlainText()) == (uuid, SECRET)
    form.ask_save()
    desk.settle()
    (head,) = asked(note_heads)
    assert asked(open_note, key=asked(unlock, PASSPHRASE), uuid=head.uuid).texts["course"] == SECRET
    desk.page.hide()
    assert desk.part.key is None, "another page is shown"


def test_a_key_press_keeps_it_open(desk):
    set_up(desk)
    desk.part._idle.setInterval(10_000_000)
    desk.part._idle.stop()
    desk.qtbot.keyClick(desk.part.new, Qt.Key.Key_Shift)
    assert desk.part._idle.isActive()


def test_the_passphrase_is_changed_and_reset_by_the_slip(desk, asked, monkeypatch):
    words = []
    show = desk.part.papers.show_secret
    monkeypatch.setattr(
        desk.part.papers, "show_secret", lambda make, *args: (words.append(args[0]), show(make, *args))
    )
    set_up(desk)
    desk.part._change_passphrase()
    panel = desk.context.dialogs.panels[-1]
    desk.write(panel.old, PASSPHRASE)
    type_new(desk, panel.new, NEW)
    panel.answer("save")
    desk.settle()
    desk.part.lock()
    desk.settle()
    opened(desk)
    assert desk.part.key is None
    desk.part.locked._forgotten()
    panel = desk.context.dialogs.panels[-1]
    panel.words.setPlainText("、".join(reversed(words[0])))
    type_new(desk, panel.new, PASSPHRASE)
    panel.answer("save")
    desk.settle()
    assert panel.isVisible()
    assert panel.new.first.text() == panel.new.second.text() == PASSPHRASE, "only the words were wrong"
    panel.words.setPlainText("、".join(words[0]))
    panel.answer("save")
    desk.settle()
    assert desk.part.locked.reason.text() == "", "the old passphrase was refused, not this one"
    opened(desk)
    assert desk.part.key is not None


def test_nothing_is_cut_at_the_smallest_window(ledger, qtbot):
    desk = Desk(ledger, qtbot, "counselling", size=(911 - 64, 432 - 40))
    set_up(desk)
    form = written(desk)
    desk.picture("counsel-narrow")
    assert form.paper.horizontalScrollBar().maximum() == 0
    desk.page.hide()
    desk.close()


def test_both_lost_begins_anew_and_the_old_note_says_why_it_stays_closed(desk, asked):
    set_up(desk)
    written(desk).ask_save()
    desk.settle()
    desk.part.lock()
    desk.settle()
    desk.part.locked._forgotten()
    panel = desk.context.dialogs.panels[-1]
    desk.context.dialogs.choices = ["stay", "anew"]
    type_new(desk, panel.new, NEW)
    panel.answer("anew")
    assert panel.isVisible(), "she looks for the slip once more"
    panel.answer("anew")
    slip_words(desk)
    assert desk.part.key is not None
    (head,) = desk.part.table.rows
    assert not desk.part.key.opens(head.key_uuid)
    desk.part.table.opened.emit(head)
    desk.settle()
    assert desk.part.form is None
    assert "以前的口令" in str(desk.context.dialogs.faults[-1])


def test_a_new_slip_needs_the_passphrase_and_is_shown(desk):
    set_up(desk)
    desk.part._new_slip()
    panel = desk.context.dialogs.panels[-1]
    desk.write(panel.old, "不是这一句话")
    panel.answer("save")
    desk.settle()
    assert panel.isVisible()
    desk.write(panel.old, PASSPHRASE)
    panel.answer("save")
    slip_words(desk)
    assert not panel.isVisible()
