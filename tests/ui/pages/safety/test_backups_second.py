"""The second place on the page, and the drill: what they say, what they do, the keyboard, the paper."""

from __future__ import annotations

import shutil

import pytest
from PySide6.QtCore import Qt

from app.core.settings import load_settings
from app.school.drills import drills
from app.storage import data_place
from app.storage.backup_trace import note_missed
from app.storage.backups import Reason, list_backups, make_backup
from tests.ui.pages.safety.sticks import FakeProbe, wait_for
from ui.pages.safety.page import SafetyPage


@pytest.fixture
def usual(ledger, tmp_path, monkeypatch):
    """Make the ledger the usual one of this computer, with settings of its own."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    data_place.choose(ledger.store.path.parent, ledger.backup_folder, probe=FakeProbe())
    return ledger


def opened(ledger, qtbot):
    page = SafetyPage(ledger, probe=FakeProbe())
    qtbot.addWidget(page)
    page.resize(1222, 656)
    page.show()
    wait_for(qtbot, lambda: "现在 40 名儿童" in page.header.fact)
    return page


def second_folder():
    return load_settings(data_place.settings_file()).second_backup_folder


# ---- the second place


def test_a_ledger_that_is_not_the_usual_one_is_offered_no_second_place(ledger, qtbot):
    assert not opened(ledger, qtbot).backups.second.isVisible()


def test_naming_it_brings_the_newest_backup_at_once(usual, qtbot, asked, tmp_path):
    asked(make_backup, reason=Reason.BY_HAND, folder=usual.backup_folder)
    page = opened(usual, qtbot)
    strip = page.backups.second
    assert strip.isVisible()
    assert strip.words.startswith("只有一处备份")
    assert not strip.leave.isVisible()

    (tmp_path / "另一个盘").mkdir()
    usual.dialogs.folders.append(tmp_path / "另一个盘")
    strip.choose.click()
    wait_for(qtbot, lambda: strip.words.startswith("第二处最近一份：2026-11-21 10:42，读回核对一致"))
    question, lines, _ = usual.dialogs.asked[-1]
    assert question == "第二处备份记下了"
    assert any("没有加密" in line for line in lines)
    folder = second_folder()
    assert folder == tmp_path / "另一个盘" / "守望备份"
    assert len(list_backups(folder)) == 1

    usual.clock.advance(minutes=1)
    page.backups.make.click()
    wait_for(qtbot, lambda: len(list_backups(folder)) == 2)
    wait_for(qtbot, lambda: len(page.backups.table.rows) == 2)

    # Unplugged: said, and in nobody's way.
    shutil.move(tmp_path / "另一个盘", tmp_path / "拔走了")
    page.load()
    wait_for(qtbot, lambda: "不在" in strip.words)
    usual.dialogs.choices.append("leave")
    strip.leave.click()
    wait_for(qtbot, lambda: strip.words.startswith("只有一处备份"))
    assert second_folder() is None
    assert len(list_backups(tmp_path / "拔走了" / "守望备份")) == 2


def test_a_poor_place_is_refused_in_words(usual, qtbot):
    page = opened(usual, qtbot)
    usual.dialogs.folders.append(usual.store.path.parent)
    page.backups.second.choose.click()
    wait_for(qtbot, lambda: bool(usual.dialogs.faults))
    assert "不能再当第二处" in usual.dialogs.faults[0][1][0]
    assert second_folder() is None


# ---- what was there before a restore


def test_r42_what_was_there_before_a_restore_is_spoken_of_for_thirty_days(ledger, qtbot, asked):
    asked(make_backup, reason=Reason.BEFORE_RESTORE, folder=ledger.backup_folder)
    ledger.clock.advance(days=1)
    page = opened(ledger, qtbot)
    assert page.backups._foot._detail.text() == "恢复前的数据也留着（昨天 10:42），可以换回来"
    ledger.clock.advance(days=30)
    page.load()
    wait_for(qtbot, lambda: not page.backups._foot._detail.text())


# ---- the drill


@pytest.fixture
def page(ledger, asked, qtbot):
    asked(make_backup, reason=Reason.BY_HAND, folder=ledger.backup_folder)
    made = opened(ledger, qtbot)
    made.open_with(part="drill")
    wait_for(qtbot, made.drill.begin.isEnabled)
    return made


def test_a_drill_by_keyboard_is_told_logged_and_shown_on_paper(page, ledger, qtbot, asked, tmp_path):
    part = page.drill
    assert part._foot._lead.text() == "2026学年第一学期还没有做过。"
    assert not part.proof.isEnabled()
    page.focus_first()
    qtbot.keyClick(part.begin, Qt.Key.Key_Space)
    wait_for(qtbot, lambda: bool(part.outcome.words))
    assert part.outcome.words[0].startswith("2026-11-21 10:42 的备份能恢复，恢复后完好：40 名儿童、")
    wait_for(qtbot, lambda: len(part.table.rows) == 1)
    (entry,) = asked(drills)
    assert (entry.proved, entry.who) == (True, "陈素兰")
    assert part._foot._lead.text() == "这学期已经做过，随时可以再做。"
    assert ledger.done == [], "a log entry is nothing that Ctrl+Z could take back"

    part.proof.click()
    wait_for(qtbot, lambda: part.papers.panel is not None and part.papers.preview.shown is not None)
    target = tmp_path / "恢复演习记录.pdf"
    ledger.dialogs.files.append(target)
    part.papers.panel.buttons["save"].click()
    wait_for(qtbot, lambda: target.exists() and "已存成 PDF" in part.papers.panel.told.text())
    assert target.read_bytes().startswith(b"%PDF")
    part.papers.panel.reject()
    assert part.papers.panel is None


def test_a_spoilt_backup_is_told_in_red_and_stays_on_the_list(page, ledger, qtbot, asked):
    (backup,) = list_backups(ledger.backup_folder)
    content = bytearray(backup.path.read_bytes())
    content[-100] ^= 1
    backup.path.write_bytes(bytes(content))
    page.drill.hold()
    wait_for(qtbot, lambda: len(page.drill.table.rows) == 1)
    assert "没有通过演习" in page.drill.outcome.words[0]
    assert page.drill.outcome.property("ground") == "red"
    assert page.drill._foot._lead.text() == "2026学年第一学期还没有做过。"


def test_without_a_proved_backup_there_is_nothing_to_press(ledger, qtbot):
    page = opened(ledger, qtbot)
    page.open_with(part="drill")
    assert not page.drill.begin.isEnabled()
    assert page.drill._foot._lead.text() == "先要有一份核对过的备份：请到「备份」点「现在备份」。"


def test_a_read_only_ledger_shows_the_drills_only(ledger, qtbot):
    ledger.read_only = True
    page = opened(ledger, qtbot)
    page.open_with(part="drill")
    assert not page.drill.begin.isVisible()
    assert not page.backups.second.isVisible()


# ---- another place for the backups themselves


def test_where_backups_go_is_not_asked_while_it_takes_them(usual, qtbot):
    assert not opened(usual, qtbot).backups.other_place.isVisible()


def test_a_backup_disk_that_is_gone_for_good_gives_way_to_another_folder(usual, qtbot, tmp_path):
    shutil.rmtree(usual.backup_folder, ignore_errors=True)
    usual.backup_folder.write_text("no disk any more", encoding="utf-8")
    page = opened(usual, qtbot)
    assert page.backups.other_place.isVisible()
    (tmp_path / "E").mkdir()
    usual.dialogs.folders.append(tmp_path / "E")
    page.backups.other_place.click()
    new = tmp_path / "E" / "守望备份"
    wait_for(qtbot, lambda: len(page.backups.table.rows) == 1 and not page.backups.other_place.isVisible())
    assert [one.verified for one in list_backups(new)] == [True]
    assert usual.backup_folder == new, "the backup of the evening goes there too"
    assert data_place.backup_folder_for(usual.store.path) == new
    assert usual.dialogs.faults == []


def test_a_place_that_may_not_hold_them_changes_nothing(usual, qtbot, tmp_path, monkeypatch):
    before = usual.backup_folder
    shutil.rmtree(before, ignore_errors=True)
    before.write_text("no disk any more", encoding="utf-8")
    page = opened(usual, qtbot)
    monkeypatch.setattr("app.storage.drives.program_folder", lambda: tmp_path / "程序")
    usual.dialogs.folders.append(tmp_path / "程序")
    page.backups.other_place.click()
    wait_for(qtbot, lambda: bool(usual.dialogs.faults))
    assert "守望程序自己的文件夹" in usual.dialogs.faults[0][1][0]
    assert usual.backup_folder == before


def test_backups_that_did_not_last_give_way_to_another_folder(usual, qtbot, asked, tmp_path):
    asked(make_backup, reason=Reason.BY_HAND, folder=usual.backup_folder)
    shutil.rmtree(usual.backup_folder)
    assert asked(note_missed, usual.backup_folder) is not None
    page = opened(usual, qtbot)
    assert page.backups.other_place.isVisible()
    (tmp_path / "E").mkdir()
    usual.dialogs.folders.append(tmp_path / "E")
    page.backups.other_place.click()
    wait_for(qtbot, lambda: len(page.backups.table.rows) == 1 and not page.backups.other_place.isVisible())
    assert [one.verified for one in list_backups(tmp_path / "E" / "守望备份")] == [True]
    assert usual.dialogs.faults == []
