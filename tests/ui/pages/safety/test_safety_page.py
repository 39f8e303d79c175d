"""The backup page: backups and going back, the recycle bin, the hand-over log, over a real ledger."""

from __future__ import annotations

import shutil

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt

from app.children.queries import load_facts
from app.children.service_facts import remove_fact
from app.dossier.service_bin import move_to_bin
from app.school.codes import HandoverKind, Profile
from app.school.handover import log_handover
from app.storage.backups import Reason, list_backups, make_backup
from app.storage.manifest import manifest_path
from app.tasks.safety import safety
from tests.ui.pages.safety.sticks import FakeProbe, wait_for
from ui.pages.safety.backups import restore_lines
from ui.pages.safety.page import SafetyPage
from ui.theme import Breakpoint
from ui.widgets import Link
from ui.widgets.cuts import recording


@pytest.fixture
def page(ledger, qtbot, tmp_path):
    made = SafetyPage(ledger, probe=FakeProbe())
    qtbot.addWidget(made)
    made.resize(1222, 656)
    made.show()
    wait_for(qtbot, lambda: "现在 40 名儿童" in made.header.fact)
    return made


def rows(page):
    return page.backups.table.rows


def back_up(page, qtbot):
    before = len(rows(page))
    page.backups.make.click()
    wait_for(qtbot, lambda: len(rows(page)) > before)


def test_a_backup_made_now_is_verified_before_it_is_said(page, qtbot):
    assert not page.backups.restore.isEnabled()

    back_up(page, qtbot)

    (backup,) = list_backups(page.context.backup_folder)
    assert (backup.verified, backup.children, backup.reason) == (True, 40, Reason.BY_HAND)
    assert page.context.navigation.toasts == [("已备份，读回核对一致：40 名儿童", None)]
    assert page.context.navigation.status_asked == 2, "once for the page, once for the backup"
    assert "备份 1" in [button.text() for button in page.segments._buttons]


def test_without_a_backup_the_keyboard_stands_on_making_one(ledger, qtbot):
    """Asked for before the page knows that there is none, as it is when the page is opened."""
    made = SafetyPage(ledger, probe=FakeProbe())
    qtbot.addWidget(made)
    with qtbot.waitActive(made):
        made.show()
    made.focus_first()
    wait_for(qtbot, lambda: "现在 40 名儿童" in made.header.fact)
    wait_for(qtbot, made.backups.make.hasFocus)


def test_with_the_backups_gone_the_status_line_looks_again_too(page, qtbot):
    """Beside a page that says 还没有备份 it must not go on naming the last one."""
    back_up(page, qtbot)
    asked = page.context.navigation.status_asked
    shutil.rmtree(page.context.backup_folder)
    page.hide()
    page.show()
    wait_for(qtbot, lambda: not rows(page))
    assert page.context.navigation.status_asked == asked + 1


def test_going_back_says_both_states_and_waits_for_the_second_yes(page, qtbot, asked, ledger):
    back_up(page, qtbot)
    uuid = asked(load_facts, ledger.clock.today(), only_registered=True)[0].uuid
    ledger.write(move_to_bin, uuids=[uuid])
    wait_for(qtbot, lambda: "现在 39 名儿童" in page.header.fact)

    page.backups.ask_restore()  # the fake answers with the safe verb
    question, lines, verbs = page.context.dialogs.asked[-1]
    assert question == "用 今天 10:42 的备份换下现在的数据？"
    assert verbs == ("先不动", "恢复这一份")
    assert lines[0].startswith("现在：39 名儿童，最近一条 今天 10:42")
    assert lines[1].startswith("恢复后：40 名儿童")
    assert lines[2] == "这份备份之后保存过 1 次，恢复后不在里面。"
    assert "可以再换回来" in lines[3]
    assert page.context.program.asked == []

    page.context.dialogs.choices.append("restore")
    page.backups.table.setFocus()
    qtbot.keyClick(page.backups.table, Qt.Key.Key_Return)
    (backup,) = list_backups(page.context.backup_folder)
    assert page.context.program.asked == [("restore", backup.path)]


def test_a_backup_without_its_slip_promises_nothing(page, qtbot, asked, ledger):
    made = asked(make_backup, reason=Reason.TIMER, folder=ledger.backup_folder)
    manifest_path(made.path).unlink()
    page.load()
    wait_for(qtbot, lambda: bool(rows(page)))

    backup = rows(page)[0]
    assert not backup.verified
    assert restore_lines(page.backups._present, backup, ledger)[1].startswith("这一份没有核对过")
    assert "还没有核对过的备份" in page.backups._foot._lead.text()


def test_what_was_destroyed_and_came_back_stands_above_the_backups(page, asked, ledger):
    found = asked(safety, backup_folder=ledger.backup_folder)
    page.backups.show_safety(found)
    assert page.backups.returned.isHidden()
    page.backups.show_safety(replace(found, returned="永久删除过的 2 名儿童的档案，恢复备份时又回来了。"))
    assert not page.backups.returned.isHidden()


def test_a_backup_that_fails_is_told_and_the_buttons_come_back(page, qtbot, ledger):
    ledger.backup_folder.parent.mkdir(parents=True, exist_ok=True)
    ledger.backup_folder.write_text("a file where the folder should be", encoding="utf-8")
    page.backups.make.click()
    wait_for(qtbot, lambda: bool(page.context.dialogs.faults))
    assert page.backups.make.isEnabled()
    assert page.context.navigation.toasts == []


def test_a_copy_from_elsewhere_can_be_gone_back_to(page, qtbot, tmp_path):
    page.context.dialogs.files.append(tmp_path / "守望_学校_自存_20261101_090000.7z")
    page.context.dialogs.choices.append("restore")
    link = next(link for link in page.backups.findChildren(Link) if link.text() == "从别处恢复…")
    link.click()
    assert page.context.program.asked == [("restore", tmp_path / "守望_学校_自存_20261101_090000.7z")]
    assert any("先核对" in line for line in page.context.dialogs.asked[-1][1])


def test_a_child_comes_back_out_of_the_bin_with_everything(page, qtbot, asked, ledger):
    today = ledger.clock.today()
    before = asked(load_facts, today, only_registered=True)
    child = before[0]
    ledger.write(move_to_bin, uuids=[child.uuid])
    page.open_with(part="bin")
    wait_for(qtbot, lambda: len(page.bin.table.rows) == 1)
    assert page.bin.table.rows[0].what == child.name

    page.bin.table.setFocus()
    qtbot.keyClick(page.bin.table, Qt.Key.Key_Return)
    wait_for(qtbot, lambda: not page.bin.table.rows)
    assert asked(load_facts, today, only_registered=True) == before


def test_several_are_ticked_and_brought_back_at_once(page, qtbot, asked, ledger):
    children = asked(load_facts, ledger.clock.today(), only_registered=True)[:3]
    ledger.write(move_to_bin, uuids=[child.uuid for child in children])
    page.open_with(part="bin")
    wait_for(qtbot, lambda: len(page.bin.table.rows) == 3)
    assert not page.bin.back.isEnabled()

    page.bin.table.tick_all_or_none()
    assert page.bin.back.text() == "取回勾选的 3 项"
    page.bin.back.click()
    wait_for(qtbot, lambda: not page.bin.table.rows)
    assert page.context.navigation.toasts[-1][0] == "从回收站取回：3 名儿童"


def test_a_removed_record_comes_back_by_undoing_its_removal(page, qtbot, asked, ledger):
    child = next(
        c for c in asked(load_facts, ledger.clock.today(), only_registered=True) if c.residence is not None
    )
    ledger.write(remove_fact, table="residence", row_uuid=child.residence.uuid)
    page.open_with(part="bin")
    wait_for(qtbot, lambda: len(page.bin.table.rows) == 1)
    assert not page.bin.table.rows[0].is_child

    page.bin.table.link_pressed.emit(page.bin.table.rows[0], "back")
    wait_for(qtbot, lambda: not page.bin.table.rows)
    again = asked(load_facts, ledger.clock.today(), uuids=[child.uuid])[0]
    assert again.residence == child.residence


def test_a_read_only_file_offers_nothing_that_writes(ledger, qtbot):
    ledger.read_only = True
    page = SafetyPage(ledger, probe=FakeProbe())
    qtbot.addWidget(page)
    page.show()
    wait_for(qtbot, lambda: bool(page.header.fact))
    for button in (page.backups.make, page.backups.restore, page.stick.begin, page.bin.back):
        assert not button.isVisible()
    page.open_with(part="stick")
    assert any(link.text() == "核对一份拷贝…" and link.isVisible() for link in page.findChildren(Link))


def test_long_contents_and_recipients_of_what_left_are_not_cut(page, asked, qtbot):
    content = "2026-09-01 至 2026-11-20 各类关爱记录登记册（三（2）班，按帮扶教师）"
    recipient = "青石坪镇人民政府社会事务办公室"
    asked(
        log_handover,
        kind=HandoverKind.EXPORT,
        content=content,
        people=40,
        profile=Profile.FULL,
        reason="镇里核对",
        recipient=recipient,
    )
    page.reload()
    wait_for(qtbot, lambda: len(page.handovers.table.rows) == 1)
    page.set_breakpoint(Breakpoint.NARROW)
    page.resize(847, 404)
    page.open_with(part="handovers")
    with recording() as cuts:
        page.handovers.table.grab()
    assert cuts == []
    assert page.handovers.table.horizontalScrollBar().maximum() > 0, "the rest is scrolled to"


def test_the_keyboard_reaches_every_part(page, qtbot):
    page.segments.setFocus()
    seen = [page.segments.current]
    for _ in range(4):
        qtbot.keyClick(page.segments, Qt.Key.Key_Right)
        seen.append(page.segments.current)
        assert page._stack.currentWidget() is getattr(page, seen[-1])
    assert seen == ["backups", "drill", "stick", "handovers", "bin"]
    page.set_breakpoint(Breakpoint.NARROW)
    assert page._stack.currentWidget().isVisible()
