"""Copying to a stick through the window: what is asked first, what is said and when, what stays on the stick."""

from __future__ import annotations

import shutil

import pytest
from PySide6.QtCore import Qt

from app.school.codes import HandoverKind
from app.school.handover import handovers
from app.school.queries import school_profile
from app.storage.copy import verify_file
from app.storage.drives import Drive, DriveKind
from app.storage.stick import READY
from app.tasks.copy_to_stick import STAYS
from tests.ui.pages.safety.sticks import FakeProbe, stick_at, wait_for
from ui.pages.safety.page import SafetyPage
from ui.widgets import Link, Radio

PASSPHRASE = "青石坪的桂花开了2026"


@pytest.fixture
def stick(tmp_path):
    return stick_at(tmp_path / "media" / "KINGSTON")


@pytest.fixture
def probe(stick):
    return FakeProbe(stick)


@pytest.fixture
def page(ledger, qtbot, probe):
    made = SafetyPage(ledger, probe=probe)
    qtbot.addWidget(made)
    made.resize(1222, 656)
    made.open_with(part="stick")
    made.show()
    wait_for(qtbot, lambda: bool(made.header.fact))
    return made


def type_passphrase(page, first=PASSPHRASE, second=PASSPHRASE):
    page.stick.passphrase.first.setText(first)
    page.stick.passphrase.second.setText(second)


def copy(page, qtbot):
    wait_for(qtbot, page.stick.begin.isEnabled)
    page.stick.begin.click()
    wait_for(qtbot, lambda: bool(page.stick.outcome.words) and page.stick._job is None)
    return page.stick.outcome.words


def press(page, words):
    next(link for link in page.stick.findChildren(Link) if link.text() == words).click()


def test_the_only_stick_is_chosen_and_its_room_told_first(page, qtbot, stick):
    wait_for(qtbot, lambda: "最多要" in page.stick._size.text())
    assert page.stick.places.folder == stick.path
    assert "优盘还有" in page.stick._size.text()
    assert not page.stick.begin.isEnabled()
    assert page.stick.missing() == "先定一个口令，输两遍。"


def test_both_passphrases_must_agree_and_a_weak_one_is_named(page, qtbot):
    wait_for(qtbot, lambda: "最多要" in page.stick._size.text())
    type_passphrase(page, "12345", "12346")
    assert page.stick.missing() == "两遍口令不一样。"
    assert not page.stick.begin.isEnabled()
    assert "只有 5 个字" in page.stick.passphrase._advice.text()
    type_passphrase(page)
    assert page.stick.passphrase._advice.isHidden()
    assert page.stick.begin.isEnabled()


def test_an_encrypted_copy_is_proved_logged_and_only_then_may_be_pulled(
    page, qtbot, asked, stick, monkeypatch
):
    told = []
    step = page.progress.step
    monkeypatch.setattr(page.progress, "step", lambda *given: (told.append(given[-1]), step(*given)))
    type_passphrase(page)

    words = copy(page, qtbot)

    assert words[0].startswith("已拷好，读回核对一致：40 名儿童")
    assert words[-1] == READY
    assert READY not in told
    assert sum(READY in line for line in words) == 1
    (made,) = stick.path.glob("*.7z")
    assert verify_file(made, passphrase=PASSPHRASE).ok
    entry = asked(handovers)[0]
    assert (entry.kind, entry.recipient, entry.file_name) == (HandoverKind.STICK, "镇", made.name)
    assert entry.content == "数据和台账（报镇，加密）", "what stays in the school did not go along"
    assert page.stick.passphrase.first.text() == page.stick.passphrase.second.text() == ""
    wait_for(qtbot, lambda: len(page.handovers.table.rows) == 1)


def test_a_plain_copy_needs_a_reason_that_is_logged(page, qtbot, asked, stick):
    page.stick.for_self.setChecked(True)
    page.stick.plain.setChecked(True)
    assert page.stick.passphrase.isHidden()
    wait_for(qtbot, lambda: page.stick.missing() == "写一句不加密的原因。")
    page.stick.reason.setText("镇里的电脑打不开 7z")

    assert copy(page, qtbot)[-1] == READY
    assert len(list(stick.path.glob("*自存*.db"))) == 1
    assert asked(handovers)[0].reason == "镇里的电脑打不开 7z"
    page.open_with(part="handovers")
    wait_for(qtbot, lambda: page.handovers._detail.text().startswith("原因：镇里的电脑打不开 7z"))
    assert page.context.done == [], "Ctrl+Z has nothing here that it could take back"


def test_a_write_protected_stick_cannot_be_chosen_and_says_why(ledger, qtbot, tmp_path):
    page = SafetyPage(ledger, probe=FakeProbe(stick_at(tmp_path / "旧优盘", read_only=True)))
    qtbot.addWidget(page)
    page.open_with(part="stick")
    page.show()
    wait_for(qtbot, lambda: bool(page.stick.places.findChildren(Radio)))
    assert not page.stick.places.findChildren(Radio)[0].isEnabled()
    assert page.stick.missing() == "先选拷到哪里。"
    assert not page.stick.switch.isHidden(), "the picture of the switch"


def test_without_a_stick_a_folder_will_do(ledger, qtbot, tmp_path, probe, stick):
    probe.found.clear()
    page = SafetyPage(ledger, probe=probe)
    qtbot.addWidget(page)
    page.open_with(part="stick")
    page.show()
    folder = tmp_path / "交给镇里"
    folder.mkdir()
    page.context.dialogs.folders.append(folder)
    press(page, "换成文件夹…")
    wait_for(qtbot, lambda: "这个文件夹还有" in page.stick._size.text())
    assert page.stick.switch.isHidden()
    type_passphrase(page)
    assert copy(page, qtbot)[-1] == STAYS
    assert len(list(folder.glob("*.7z"))) == 1

    probe.found.append(stick)
    press(page, "再找一次")
    wait_for(qtbot, lambda: len(page.stick.places.findChildren(Radio)) == 2)
    assert page.stick.places.folder == folder, "what she chose stays chosen"


def test_a_copy_on_the_computers_own_disk_is_not_called_one_on_a_stick(ledger, qtbot, asked, tmp_path, probe):
    """It is lost with the computer: neither may anything be pulled, nor does 今日 count it as the copy of the week."""
    folder = tmp_path / "D"
    folder.mkdir()
    probe.found = [Drive(folder, "", 8 << 30, 16 << 30, read_only=False, kind=DriveKind.FIXED)]
    page = SafetyPage(ledger, probe=probe)
    qtbot.addWidget(page)
    page.open_with(part="stick")
    page.show()
    wait_for(qtbot, lambda: bool(page.header.fact))
    ledger.dialogs.folders.append(folder)
    press(page, "换成文件夹…")
    type_passphrase(page)
    words = copy(page, qtbot)
    assert words[0].startswith("已拷好，读回核对一致：40 名儿童")
    assert words[-1] == STAYS
    assert READY not in words
    assert asked(handovers)[0].kind == HandoverKind.EXPORT


def test_another_stick_is_picked_by_keyboard(page, qtbot, probe, stick, tmp_path):
    other = stick_at(tmp_path / "media" / "镇里的")
    probe.found.append(other)
    press(page, "再找一次")
    wait_for(qtbot, lambda: len(page.stick.places.findChildren(Radio)) >= 2)
    assert page.stick.places.folder == stick.path, "what was chosen stays"
    radio = page.stick.places._radios[other.path]
    radio.setFocus()
    qtbot.keyClick(radio, Qt.Key.Key_Space)
    assert page.stick.places.folder == other.path
    assert [one.isChecked() for one in page.stick.places._radios.values()] == [False, True]
    qtbot.keyClick(radio, Qt.Key.Key_Space)
    assert radio.isChecked(), "pressing it again does not leave none"


def test_a_stick_that_is_pulled_is_said_in_words_and_nothing_is_claimed(page, qtbot, asked, stick):
    type_passphrase(page)
    wait_for(qtbot, page.stick.begin.isEnabled)
    shutil.rmtree(stick.path)

    words = copy(page, qtbot)

    assert words[0] == "没有拷成"
    assert not any(READY in line or "已拷好" in line for line in words)
    assert any("电脑上的数据没有动" in line for line in words)
    assert asked(handovers) == []
    assert page.stick.passphrase.passphrase == PASSPHRASE, "she need not type it again"


def test_stopping_leaves_no_half_file(page, qtbot, asked, stick, monkeypatch):
    step = page.stick._step
    stop = page.stick._stop

    def step_then_stop(*given):
        step(*given)
        stop()

    monkeypatch.setattr(page.stick, "_step", step_then_stop)
    type_passphrase(page)
    words = copy(page, qtbot)

    assert words[0] == "没有拷成：您停下了。"
    assert [path.name for path in stick.path.iterdir() if "守望" in path.name] == []
    assert asked(handovers) == []
    wait_for(qtbot, page.stick.begin.isEnabled)  # the stick is looked at anew first


def test_older_copies_are_offered_for_removal_before_it_may_be_pulled(page, qtbot, asked, stick, monkeypatch):
    label = asked(school_profile).code
    for day in range(1, 8):
        (stick.path / f"守望_{label}_报镇_2026110{day}_090000.7z").write_bytes(b"older")
    said_before_asking = []

    def answer(question, lines, verbs, on_choice):
        said_before_asking.append((question, page.stick.outcome.words))
        on_choice("remove")

    monkeypatch.setattr(page.context.dialogs, "ask", answer)
    page.stick.look()
    type_passphrase(page)
    words = copy(page, qtbot)

    (question, before) = said_before_asking[0]
    assert "3 份更早的" in question
    assert before == ()
    assert words[-2:] == ("更早的 3 份已移走，留下最近的 5 份。", READY)
    assert len(list(stick.path.glob("*报镇*.7z"))) == 5


def test_a_copy_is_checked_with_its_passphrase(page, qtbot, stick):
    type_passphrase(page)
    copy(page, qtbot)
    (made,) = stick.path.glob("*.7z")

    check(page, qtbot, made, "不是这个口令吧")
    assert "口令不对" in page.stick.outcome.words[0]

    check(page, qtbot, made, PASSPHRASE)
    assert page.stick.outcome.words[0].startswith("核对过，是好的：40 名儿童")

    content = bytearray(made.read_bytes())
    content[len(content) // 2] ^= 1
    made.write_bytes(content)
    check(page, qtbot, made, PASSPHRASE)
    assert page.stick.outcome.words[0] == "这份拷贝靠不住"


def check(page, qtbot, path, passphrase):
    page.context.dialogs.files.append(path)
    press(page, "核对一份拷贝…")
    panel = page.context.dialogs.panels[-1]
    panel.field.setText(passphrase)
    panel.answer("check")
    wait_for(qtbot, lambda: bool(page.stick.outcome.words))


def test_the_ledger_in_use_is_never_read_as_a_copy(page, ledger):
    ledger.dialogs.files.append(ledger.store.path)
    press(page, "核对一份拷贝…")
    assert page.stick.outcome.words[0] == "这是正在用的数据，不是拷贝。"


def test_a_copy_is_opened_only_to_be_looked_at(page, stick):
    copied = stick.path / "守望_学校_自存_20261101_090000.db"
    page.context.dialogs.files.append(copied)
    page.context.dialogs.choices.append("open")
    press(page, "打开一份来看…")
    assert page.context.program.asked == [("look", copied)]
