"""R01, R08, R09, R55 in the real window: what was typed and is not saved, when power, disk or program fail."""

from __future__ import annotations

import logging
import os
import shutil
import signal
import subprocess
import sys
import threading
from contextlib import suppress

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest

from app.core.log import start_log
from app.core.settings import load_settings, save_settings
from app.diary.queries import RecordFilters, records
from app.storage.backups import list_backups
from tests.conftest import ROOT
from tests.faults.window.keys import holds_enter
from ui.drafts import Form
from ui.offers import ON, OffersPanel
from ui.pages.child.leave_panel import LeavePanel
from ui.pages.child.texts import Measures

TEXT = "家访：奶奶腿脚不便，孩子每天自己走四里路上学，已和村委会说好冬天接送。"


def fills(folder, *, but=0):
    """Take all the room there is on a disk, but for some bytes."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(4096))
    if but:
        os.truncate(filler, filler.stat().st_size - but)
    return filler


def drafts_of(desk):
    """The drafts on the disk, as the next start would read them."""
    desk.context.drafts.flush()
    return desk.context.drafts.box.read().drafts


def kept_texts(desk):
    return {entry.value for draft in drafts_of(desk) for entry in draft.entries}


# ---- R01 ------------------------------------------------------------------------------------------------------------


def test_r01_a_power_cut_while_she_types_is_followed_by_the_question(row, sits, folders, school_file):
    child = sits()
    uuid = child.uuid_of("曾小雨")
    child.leaves()
    command = [sys.executable, "-m", "tests.ui.drafts.typist", str(folders[0]), uuid, TEXT]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}
    ) as cut:
        assert cut.stdout.readline() == b"KEPT\n"
        cut.send_signal(signal.SIGKILL)
    row.round(injected=1)
    desk = sits()
    offered = lambda: [one for one in desk.program.dialogs.panels if isinstance(one, OffersPanel)]  # noqa: E731
    desk.teacher.waits(lambda: bool(offered()))
    said = desk.reads(offered()[0])
    if "上次没来得及保存" not in said or "曾小雨" not in said or TEXT not in said:
        row.wrong(f"the question is {said[:120]}")
    if any(child.registration is None for child in desk.children()):
        row.broken("a draft was put in unasked")
    offered()[0].answer(ON)
    desk.teacher.waits(lambda: isinstance(desk.panel, LeavePanel))
    if desk.panel.note.text() != TEXT:
        row.lost("what was typed when the power went")
    if desk.told:
        row.wrong(f"said besides {desk.told}")
    desk.panel.answer("stay")
    desk.program.dialogs.choices.append("drop")


def test_r01_a_week_half_filled_when_the_power_goes_is_offered_again(row, sits, folders, school_file):
    command = [sys.executable, "-m", "tests.faults.window.week_typist", str(folders[0]), TEXT]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}
    ) as cut:
        said, names = cut.stdout.readline().split(maxsplit=1)
        assert said == b"KEPT"
        cut.send_signal(signal.SIGKILL)
    names = names.decode().split()
    row.round(injected=1)
    desk = sits()
    offered = lambda: [one for one in desk.program.dialogs.panels if isinstance(one, OffersPanel)]  # noqa: E731
    desk.teacher.waits(lambda: bool(offered()))
    words = desk.reads(offered()[0])
    if "按周登记" not in words or not all(name in words for name in names):
        row.wrong(f"the question is {words[:160]}")
    if desk.asks(records, RecordFilters()):
        row.broken("a draft was put in unasked")
    offered()[0].answer(ON)
    desk.settles()
    desk.teacher.waits(
        lambda: getattr(desk.page, "segment", None) is not None and desk.page.segment.grid is not None
    )
    desk.settles()
    week = desk.page.segment
    filled = {week._rows[place].child_name: cells[2] for place, cells in week.grid.cells.filled}
    if filled != dict.fromkeys(names, TEXT):
        row.lost(f"of the week {len(filled)} of {len(names)} lines came back")
    desk.program.dialogs.choices.append("save")
    week.ask_save()
    week.ask_save()
    desk.settles()
    row.round(acked=len(names))
    kept = [(line.child_name, line.text) for line in desk.asks(records, RecordFilters())]
    if sorted(kept) != sorted((name, TEXT) for name in names):
        row.lost(f"saved, the week is {len(kept)} records")
    if desk.told:
        row.wrong(f"said besides {desk.told}")
    if drafts_of(desk):
        row.broken("a draft outlives its saving")
    desk.leaves()


# ---- R08 ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def small_disk(folders, settings, mounts):
    """The ledger of the school on a disk of its own that soon is full: (ledger, its disk)."""
    disk = mounts.tmpfs("6m", name="small")
    path = disk / "守望数据" / "守望.db"
    path.parent.mkdir()
    shutil.copyfile(folders[0], path)
    save_settings(settings, replace(load_settings(settings), data_folder=path.parent))
    return path, disk


def test_r08_a_full_disk_keeps_the_text_in_the_form_and_in_a_draft(row, small_disk, sits, whole):
    path, disk = small_disk
    desk = sits()
    page = desk.opens_child("曾小雨")
    page.personal.field("student_no").setText("21")
    page.personal.field("student_no").leave()
    desk.settles()
    area = page.findChild(Measures)._rows.fields["care_measures"]
    filler = fills(disk)
    row.round(injected=1, acked=1)
    area.setFocus()
    area.setPlainText(TEXT)
    desk.program.dialogs.fault_choices.append("知道了")
    area.leave()
    desk.settles()
    desk.teacher.waits(lambda: bool(desk.told))
    row.says(desk.told[0], "storage.full", "a field")
    head, parts = desk.program.dialogs.faults[-1]
    del head
    said = " ".join(parts)
    for words in ("硬盘满了", "以前保存的都在", "没有存上的文字已为您存了草稿"):
        if words not in said:
            row.wrong(f"「{words}」 is not said: {said}")
    verbs = desk.program.dialogs.fault_verbs[-1]
    if not {"再试一次", "拷到别的盘"} <= set(verbs):
        row.wrong(f"what can be done is {verbs}")
    if area.toPlainText() != TEXT:
        row.lost("what was typed is gone from its form")
    if TEXT not in kept_texts(desk):
        row.lost("what was typed is in no draft")
    if any(str(folder).startswith(str(disk)) for folder in desk.context.drafts.box.folders[:1]):
        row.broken("the draft lies on the full disk")

    # The same in a dialog: it stays open with the reason.
    row.round(injected=1)
    desk.told.clear()
    panel = LeavePanel(page.clerk)
    page.clerk.open_panel(panel)
    panel.reason.set_value("both_parents_back")
    panel.note.setText(TEXT)
    holds_enter(panel, Qt.KeyboardModifier.ControlModifier)
    desk.settles()
    if not panel.isVisible() or panel.note.text() != TEXT:
        row.lost("a dialog closed although nothing was stored")
    if "硬盘满了" not in desk.reads(panel) and "storage.full" not in desk.told:
        row.wrong("the dialog does not say why it stays")

    # There is room again: the same values go through, and the drafts go.
    filler.unlink()
    row.round(acked=2)
    panel.answer("save")
    desk.settles()
    area.setFocus()
    area.leave()
    desk.settles()
    stored = {child.name: child for child in desk.children()}
    if stored["曾小雨"].care_measures != TEXT:
        row.lost("the text, when there was room again")
    if stored["曾小雨"].student_no != "21":
        row.lost("what was saved before the disk was full")
    if drafts_of(desk):
        row.broken("a draft outlives its saving")
    desk.leaves()
    whole(path, ["曾小雨"])


def test_r08_a_record_and_a_week_on_a_full_disk_keep_what_was_written(row, small_disk, sits, whole):
    path, disk = small_disk
    desk = sits()
    child = desk.uuid_of("曾小雨")
    page = desk.goes_to("record", child=child)
    filler = fills(disk)
    row.round(injected=1, acked=1)
    area = page.form.fields.first_text()
    area.setFocus()
    area.setPlainText(TEXT)
    desk.program.dialogs.fault_choices.append("知道了")
    page.save.click()
    desk.settles()
    desk.teacher.waits(lambda: bool(desk.told))
    row.says(desk.told[0], "storage.full", "a record")
    if page.form is None or area.toPlainText() != TEXT or not page.save.isEnabled():
        row.lost("what was written is gone from its form")
    if TEXT not in kept_texts(desk):
        row.lost("what was written is in no draft")

    desk.program.dialogs.choices.append("keep")
    desk.goes_to("diary", part="week")
    week = desk.goes_to("diary", part="week").segment
    week.grid.cells.write({(0, 2): TEXT})
    row.round(injected=1, acked=1)
    desk.told.clear()
    desk.program.dialogs.choices.append("save")
    desk.program.dialogs.fault_choices.append("知道了")
    week.ask_save()
    desk.settles()
    desk.teacher.waits(lambda: bool(desk.told))
    row.says(desk.told[0], "storage.full", "a week")
    if [cells[2] for _, cells in week.grid.cells.filled] != [TEXT]:
        row.lost("what was written is gone from the grid")

    # There is room again: both go in as they stand, once.
    filler.unlink()
    desk.program.dialogs.choices.append("save")
    week.ask_save()
    desk.settles()
    page = desk.goes_to("record", child=child)
    if page.form.fields.first_text().toPlainText() != TEXT:
        page.form.resume(next(one for one in drafts_of(desk) if one.form == Form.RECORD))
    desk.program.dialogs.choices.append("save")
    page.save.click()
    desk.settles()
    kept = [line.text for line in desk.asks(records, RecordFilters())]
    if kept != [TEXT, TEXT]:
        row.lost(f"{len(kept)} records are there")
    if drafts_of(desk):
        row.broken("a draft outlives its saving")
    desk.leaves()
    whole(path, ["曾小雨"])


def test_r08_trying_again_repeats_the_same_values(row, small_disk, sits, whole):
    path, disk = small_disk
    desk = sits()
    page = desk.opens_child("曾小雨")
    filler = fills(disk)
    row.round(injected=1, acked=1)

    def makes_room(head, parts, verbs, on_choice):
        filler.unlink(missing_ok=True)
        on_choice("再试一次")

    desk.program.dialogs.fault = makes_room
    area = page.findChild(Measures)._rows.fields["care_measures"]
    area.setPlainText(TEXT)
    area.leave()
    desk.settles()
    desk.settles()
    desk.teacher.waits(
        lambda: next(child for child in desk.children() if child.name == "曾小雨").care_measures == TEXT
    )
    row.says(desk.told[0], "storage.full", "a field")
    desk.leaves()
    whole(path, ["曾小雨"])


# ---- R09 ------------------------------------------------------------------------------------------------------------


def test_r09_a_backup_that_does_not_fit_is_a_bar_and_takes_no_older_one(
    row, folders, settings, mounts, sits, clock, whole
):
    backups = mounts.tmpfs("8m", name="backups")
    save_settings(settings, replace(load_settings(settings), backup_folder=backups))
    desk = sits()
    for _ in range(4):
        clock.advance(hours=1)
        page = desk.opens_child("曾小雨")
        page.personal.field("student_no").setText(f"{clock.now().hour}")
        page.personal.field("student_no").leave()
        desk.settles()
        desk.program.sitting._back_up_if_due()
        desk.settles()
    kept = {backup.path for backup in list_backups(backups)}
    assert len(kept) > 2, "some of the four may have gone by the share of the disk"
    filler = fills(backups, but=64 * 1024)
    row.round(injected=1)
    clock.advance(hours=1)
    page.personal.field("student_no").setText("77")
    page.personal.field("student_no").leave()
    desk.settles()
    desk.program.sitting._back_up_if_due()
    desk.settles()
    desk.teacher.waits(lambda: any("备份没做成" in words for words in desk.banners()))
    said = next(words for words in desk.banners() if "备份没做成" in words)
    if "还差" not in said or "数据都在" not in said:
        row.wrong(f"the bar says {said}")
    if desk.told or desk.program.dialogs.faults:
        row.wrong(f"a box stands in her way: {desk.told}")
    now = {backup.path for backup in list_backups(backups)}
    if not kept <= now:
        row.lost(f"{len(kept - now)} older backups went for a new one that was not made", len(kept - now))
    if list(backups.glob("*.part")):
        row.broken("half a backup is left")
    # The app goes on.
    page = desk.opens_child("邹星宇")
    page.personal.field("student_no").setText("8")
    page.personal.field("student_no").leave()
    desk.settles()
    row.round(acked=1)
    if next(child for child in desk.children() if child.name == "邹星宇").student_no != "8":
        row.lost("an entry while the backup disk was full")
    filler.unlink()
    desk.program.sitting._back_up_if_due()
    desk.settles()
    row.round()
    if any("备份没做成" in words for words in desk.banners()):
        row.wrong("the bar stays although the backup was made")
    if list_backups(backups)[0].made_at != clock.now():
        row.broken("with room again no backup is made")
    desk.leaves()
    whole(folders[0], ["曾小雨", "邹星宇"])


# ---- R54 ------------------------------------------------------------------------------------------------------------


def test_r54_logged_off_in_the_middle_of_a_record_and_of_a_week(row, desk, sits):
    """The computer sleeps or is logged off: what stands in the form and in the grid is on the disk before it goes."""
    page = desk.goes_to("record", child=desk.uuid_of("曾小雨"))
    page.form.fields.first_text().setPlainText(TEXT)
    desk.program.dialogs.choices.append("keep")
    desk.goes_to("diary", part="week")
    week = desk.goes_to("diary", part="week").segment
    week.grid.cells.write({(0, 2): "还没有存"})
    row.round(injected=1)
    desk.context.drafts._session_ends(None)  # there is no session manager to ask for it on this screen
    kept = {entry.value for draft in desk.context.drafts.box.read().drafts for entry in draft.entries}
    if TEXT not in kept or not any("还没有存" in str(value) for value in kept):
        row.lost(f"{len(kept)} texts are on the disk")
    if desk.told:
        row.wrong(f"said {desk.told}")


# ---- R55 ------------------------------------------------------------------------------------------------------------


def test_r55_an_error_nobody_thought_of(row, desk, monkeypatch, tmp_path, caplog, whole):
    path = start_log(tmp_path / "log")
    handler = next(
        one for one in logging.getLogger().handlers if getattr(one, "baseFilename", "") == str(path)
    )
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    desk.program.errors.install()

    def fails(*_given):
        raise ValueError("曾小雨 13800001234 511325201803010012")

    page = desk.opens_child("曾小雨")
    area = page.findChild(Measures)._rows.fields["care_measures"]
    area.setFocus()
    QTest.keyClicks(area, "words that are not saved yet")
    row.round(injected=1)
    QTimer.singleShot(0, fails)  # a slot, as a press of a button calls one
    desk.teacher.waits(lambda: bool(desk.told))
    try:
        row.says(desk.told[0], "ValueError", "the box")
        head, parts = desk.program.dialogs.faults[-1]
        said = " ".join((head, *parts))
        for words in ("没料到的错", "已经显示「已保存」的内容都在", "已为您存了草稿"):
            if words not in said:
                row.wrong(f"「{words}」 is not said: {said}")
        if "words that are not saved yet" not in kept_texts(desk):
            row.lost("what was typed when the program erred")
        if area.toPlainText() != "words that are not saved yet":
            row.lost("what was typed is gone from its form")
        handler.flush()
        log = path.read_text(encoding="utf-8")
        if "ValueError" not in log:
            row.broken("the log does not say where it was")
        for name in ("曾小雨", "13800001234", "511325201803010012"):
            if name in log:
                row.broken("the log names a child")
        # It can be gone on with.
        area.leave()
        desk.settles()
        row.round(acked=1)
        stored = next(child for child in desk.children() if child.name == "曾小雨").care_measures
        if stored != "words that are not saved yet":
            row.lost("what was saved after the error")
        # A record being written: the same.
        page = desk.goes_to("record", child=desk.uuid_of("邹星宇"))
        page.form.fields.first_text().setPlainText(TEXT)
        desk.told.clear()
        row.round(injected=1)
        QTimer.singleShot(0, fails)
        desk.teacher.waits(lambda: bool(desk.told))
        if page.form.fields.first_text().toPlainText() != TEXT or TEXT not in kept_texts(desk):
            row.lost("the record that was being written when the program erred")
        desk.program.dialogs.choices.append("save")
        page.save.click()
        desk.settles()
        row.round(acked=1)
        if [line.text for line in desk.asks(records, RecordFilters())] != [TEXT]:
            row.lost("the record that was saved after the error")
        handler.flush()
        if TEXT in path.read_text(encoding="utf-8"):
            row.broken("the log tells what was written")
        desk.leaves()
        whole(desk.program.path, ["曾小雨"])
    finally:
        logging.getLogger().removeHandler(handler)
        handler.close()
    caplog.clear()
