"""R03, R04, R07, R10–R13, R16, R19–R22, R24 through the real window: what she reads, and that what she presses helps.

The invariants under every single operation are held by the rows of the storage (tests/faults/test_rows_*.py).
"""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

from app.core.messages import FAULTS
from app.storage.backups import list_backups
from app.storage.connection import LedgerDatabase
from app.storage.drives import Drive
from tests.app.storage import damage
from tests.app.tasks.rosters import id_number, write_roster
from tests.conftest import ROOT
from tests.faults.window.test_rows_window_unsaved import fills
from tests.sampling import sampled
from tests.ui.shell.hands import buttons, key_shown, press, said, wait_for_screen
from ui.shell.restore_panel import RestorePanel
from ui.widgets import Text

HEADER = ["姓名", "性别", "身份证号", "班级"]
PASSPHRASE = "青石坪的桂花开了2026"
EVERYBODY = 12
MOST_ROWS = 14


def doomed(what, ledger, other, lasts):
    """Do it in another process; True when the power went."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.window.doomed", what, str(ledger), str(other), str(lasts)],
        cwd=ROOT,
        check=False,
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode in (0, -signal.SIGKILL), done.stderr
    return done.returncode != 0


def agrees(desk):
    """Say yes to the question before a restore."""
    desk.teacher.waits(lambda: any(isinstance(panel, RestorePanel) for panel in desk.program.dialogs.panels))
    desk.panel.buttons["restore"].click()


def saves(desk, name, number):
    page = desk.opens_child(name)
    page.personal.field("student_no").setText(number)
    page.personal.field("student_no").leave()
    desk.settles()


def number_of(desk, name):
    return next(child.student_no for child in desk.children() if child.name == name)


@pytest.fixture
def lived_in(sits, folders, clock):
    """A day of work: one save, a backup on closing, another save that only ledger and journal have: (ledger, backups)."""
    desk = sits()
    saves(desk, "曾小雨", "11")
    desk.leaves()
    clock.advance(hours=1)
    desk = sits()
    saves(desk, "邹星宇", "22")
    desk.program.dialogs.choices.append("leave")
    with desk.teacher.qtbot.waitSignal(desk.program.left, timeout=20_000):
        desk.program.sitting.end(keep_backup=False)
    return folders


# ---- cut off --------------------------------------------------------------------------------------------------------


def test_r03_an_import_that_was_cut_off_is_said_to_be_taken_back(row, sits, folders, tmp_path):
    rows = [[f"覃{n}", "女", id_number("20170911", n), "三（1）班"] for n in range(30)]
    roster = write_roster(tmp_path / "名册.xlsx", *rows, header=HEADER)
    lasts = 1
    while lasts < MOST_ROWS and doomed("import", folders[0], roster, lasts):
        desk = sits()
        desk.settles()
        row.round(injected=1)
        if not any(FAULTS["import.cut_off"].what in words for words in desk.banners()):
            row.wrong(f"cut at the {lasts}. row: {desk.banners()}")
        if len(desk.names()) != EVERYBODY:
            row.lost(f"{len(desk.names())} children after an import that was cut off")
        if not any(backup.verified for backup in list_backups(folders[1])):
            row.broken("there is no backup from before")
        desk.leaves()
        lasts += 3
    assert lasts > 4, "the power never went"
    desk = sits()
    desk.settles()
    if any("导入没有完成" in words for words in desk.banners()):
        row.wrong("it is said a second time")


@pytest.mark.parametrize(("first", "verb"), [(1, "继续恢复"), (2, "换回原来的")])
def test_r04_a_restore_that_was_cut_off_asks_which_way(row, lived_in, begins, whole, teacher, first, verb):
    """In the ordinary run each way after every second moment, in the deep one after each."""
    ledger, backups = lived_in
    newest = list_backups(backups)[0].path
    lasts, asked = sampled(first, 1), 0
    while doomed("restore", ledger, newest, lasts):
        desk = begins()
        teacher.waits(
            lambda desk=desk: desk.program.sitting is not None or key_shown(desk.program) is not None
        )
        row.round(injected=1)
        if desk.program.sitting is None:
            row.says(key_shown(desk.program), "resume", f"before the {lasts}. file takes its place")
            screen = desk.program.start_window.screen_shown
            asked += 1
            if "恢复没有做完" not in said(screen) or not {"继续恢复", "换回原来的"} <= set(buttons(screen)):
                row.wrong(f"{said(screen)[:80]}: {buttons(screen)}")
            if verb not in buttons(screen):
                break
            press(screen, verb)
            teacher.sits(desk.program)
        if len(desk.names()) != EVERYBODY or number_of(desk, "曾小雨") != "11":
            row.lost("a child, or what was in both")
        with teacher.qtbot.waitSignal(desk.program.left, timeout=20_000):
            desk.program.sitting.end(keep_backup=False)
        whole(ledger, ["曾小雨", "邹星宇"])
        lasts += sampled(2, 1)
    if not asked:
        row.wrong("she was never asked")


def test_r07_half_a_workbook_is_gone_at_the_next_start(row, sits, folders, tmp_path):
    out = tmp_path / "优盘" / "台账.xlsx"
    out.parent.mkdir()
    out.write_bytes(b"the one of last week")
    assert doomed("export", folders[0], out, 1)
    row.round(injected=1)
    assert list(out.parent.glob("*.part")), "the power went too late"
    desk = sits()
    desk.settles()
    desk.teacher.waits(lambda: not list(out.parent.glob("*.part")))
    if out.read_bytes() != b"the one of last week":
        row.lost("the good file of before")
    if desk.told or any("台账.xlsx" in words for words in desk.banners()):
        row.wrong(f"something is said: {desk.told} {desk.banners()}")


# ---- sticks ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def copying(sits, stick, monkeypatch):
    """`copying(folder, read_only=…)`: the window on 拷到优盘, with this disk as the only stick."""

    def begin(folder, *, read_only=False):
        found = [Drive(folder, "KINGSTON", 1 << 20, 1 << 20, read_only=read_only)]
        monkeypatch.setattr("tests.ui.pages.safety.sticks.FakeProbe.drives", lambda _self: list(found))
        desk = sits()
        page = desk.goes_to("safety", part="stick")
        page.stick.passphrase.first.setText(PASSPHRASE)
        page.stick.passphrase.second.setText(PASSPHRASE)
        desk.settles()
        return desk, page

    return begin


def test_r10_a_stick_that_is_too_small_is_said_before_it_begins(row, copying, mounts):
    small = mounts.tmpfs("300k", name="stick")
    desk, page = copying(small)
    row.round(injected=1)
    desk.teacher.waits(lambda: bool(page.stick._size.text()))
    words = page.stick._size.text()
    if "放不下" not in words or "最多要" not in words or "还有" not in words:
        row.wrong(f"before it begins: {words}")
    if page.stick.begin.isEnabled() or list(small.iterdir()):
        row.broken("it can be begun")


def copied(desk, page):
    desk.teacher.waits(page.stick.begin.isEnabled)
    page.stick.begin.click()
    desk.teacher.waits(lambda: bool(page.stick.outcome.words) and not desk.program.jobs.busy)
    return page.stick.outcome.words


def test_r10_a_stick_that_fills_up_midway(row, copying, mounts):
    disk = mounts.tmpfs("20m", name="stick")
    desk, page = copying(disk)
    (disk / "她的照片.jpg").write_bytes(b"hers")
    desk.teacher.waits(page.stick.begin.isEnabled)
    fills(disk, but=40 * 1024)
    row.round(injected=1)
    words = copied(desk, page)
    if words[0] != "没有拷成" or not any(
        "满" in line or "放不下" in line or "还差" in line for line in words
    ):
        row.wrong(f"midway: {words}")
    left = {path.name for path in disk.iterdir()} - {"filler", "她的照片.jpg"}
    if left:
        row.broken(f"half a copy stays: {len(left)} files")


def test_r13_a_stick_that_is_pulled(row, copying, mounts):
    disk = mounts.tmpfs("20m", name="stick")
    desk, page = copying(disk)
    desk.teacher.waits(page.stick.begin.isEnabled)
    step = page.stick._step
    pulled = []

    def pulls(*given):
        step(*given)
        if not pulled:
            pulled.append(True)
            mounts.pull(disk)
            disk.rmdir()

    page.stick._step = pulls
    page.stick._job = None
    row.round(injected=1)
    words = copied(desk, page)
    if pulled and (
        words[0] != "没有拷成" or any("已拷好" in line or "现在可以拔出" in line for line in words)
    ):
        row.wrong(f"pulled: {words}")
    if not pulled:
        row.broken("nothing was pulled")


def test_r16_a_write_protected_stick_shows_where_the_switch_is(row, copying, mounts):
    disk = mounts.tmpfs("20m", name="stick")
    desk, page = copying(disk)
    desk.teacher.waits(page.stick.begin.isEnabled)
    mounts.protect(disk)
    row.round(injected=1)
    words = copied(desk, page)
    if not any("写保护" in line for line in words):
        row.wrong(f"said {words}")
    if not page.stick.switch.isVisible():
        row.wrong("the picture of the switch is not shown")
    mounts.unprotect(disk)
    row.round(acked=1)
    if not copied(desk, page)[0].startswith("已拷好，读回核对一致"):
        row.broken("with the switch pushed back it does not go")


# ---- the ledger's own disk ------------------------------------------------------------------------------------------


def test_r11_an_io_error_while_saving(row, desk, monkeypatch, whole):
    from sqlcipher3 import dbapi2

    saves(desk, "曾小雨", "11")
    page = desk.opens_child("邹星宇")
    field = page.personal.field("student_no")
    run = LedgerDatabase._run

    def fails(self, sql, params):
        if sql == "COMMIT":
            error = dbapi2.OperationalError("disk I/O error")
            error.sqlite_errorname = "SQLITE_IOERR"
            raise error
        return run(self, sql, params)

    with monkeypatch.context() as broken:
        broken.setattr(LedgerDatabase, "_run", fails)
        row.round(injected=1, acked=1)
        field.setFocus()
        field.setText("22")
        field.leave()
        desk.settles()
        desk.teacher.waits(lambda: bool(desk.told))
    row.says(desk.told[0], "storage.io_write", "a field")
    words = " ".join(desk.program.dialogs.faults[-1][1])
    if "硬盘读写出错" not in words or "代码" not in words or "停止登记" not in words:
        row.wrong(f"said {words}")
    if "拷到别的盘" not in desk.program.dialogs.fault_verbs[-1]:
        row.wrong(f"offered {desk.program.dialogs.fault_verbs[-1]}")
    if field.text() != "22":
        row.lost("what was typed is gone from its form")
    if number_of(desk, "曾小雨") != "11" or number_of(desk, "邹星宇") is not None:
        row.lost("what was saved, or something came in that was said to have failed")
    desk.leaves()
    whole(desk.program.path, ["曾小雨", "邹星宇"])


def test_r12_a_disk_that_does_not_read_offers_no_restore(row, lived_in, begins, teacher, whole):
    ledger, _ = lived_in
    kept = ledger.rename(ledger.with_name("kept"))
    ledger.symlink_to(ledger)  # the system itself says that it cannot be read
    desk = begins()
    screen = wait_for_screen(desk.program, teacher.qtbot, "io-error")
    row.round(injected=1)
    if "不是数据坏了" not in said(screen) or "先别恢复" not in said(screen):
        row.wrong(said(screen)[:120])
    if any("恢复" in verb or "第一次" in verb or "新建" in verb for verb in buttons(screen)):
        row.broken(f"offered: {buttons(screen)}")
    ledger.unlink()
    kept.rename(ledger)
    press(screen, "再试一次")
    teacher.sits(desk.program)
    if number_of(desk, "邹星宇") != "22":
        row.lost("a save")


def cut(by):
    return lambda path: path.write_bytes(
        path.read_bytes()[: len(path.read_bytes()) - by(len(path.read_bytes()))]
    )


DAMAGES = (
    ("R19", "0 bytes", lambda path: path.write_bytes(b""), "empty"),
    ("R20", "half", cut(lambda size: size // 2), "corrupt"),
    ("R20", "a page less", cut(lambda _size: 4096), "corrupt"),
    ("R20", "a byte less", cut(lambda _size: 1), "corrupt"),
    (
        "R21",
        "the header gone",
        lambda path: path.write_bytes(bytes(100) + path.read_bytes()[100:]),
        "corrupt",
    ),
    ("R22", "the file gone", lambda path: path.unlink(), "missing"),
)


def brought_back(row, lived_in, begins, teacher, case):
    """Damage the ledger, start, choose the restore that is offered: nothing of the day is missing."""
    _, words, harm, key = case
    ledger, backups = lived_in
    before = {backup.path: backup.path.read_bytes() for backup in list_backups(backups)}
    harm(ledger)
    broken = ledger.read_bytes() if ledger.exists() else None
    desk = begins()
    screen = wait_for_screen(desk.program, teacher.qtbot, key)
    row.round(injected=1, acked=2)
    for part in (FAULTS[key].what, FAULTS[key].todo):
        if not all(piece in said(screen) for piece in part.split("{")[0].split("{backups}")):
            row.wrong(f"{words}: 「{part}」 is not said")
    if ledger.exists() and ledger.read_bytes() != broken:
        row.broken(f"{words}: looking at it has changed it")
    filled = [button.text() for button in screen.findChildren(type(screen.first)) if button.is_filled()]
    if any("第一次" in verb or "新建" in verb for verb in filled):
        row.broken(f"{words}: the likely act is {filled}")
    press(screen, "从备份恢复" if "从备份恢复" in buttons(screen) else "恢复这一份")
    if key == "missing":
        desk.program.dialogs.files.append(list_backups(backups)[0].path)
    agrees(desk)
    teacher.sits(desk.program)
    if len(desk.names()) != EVERYBODY or number_of(desk, "曾小雨") != "11":
        row.lost(f"{words}: a child, or what the backup held")
    if number_of(desk, "邹星宇") != "22":
        row.lost(f"{words}: the save after the backup, which the journal had")
    after = {path: path.read_bytes() for path in before if path.exists()}
    if after != before:
        row.lost(f"{words}: a backup was touched")
    kept = [path for path in ledger.parent.iterdir() if path.is_file() and path != ledger]
    if broken and not any(path.read_bytes() == broken for path in kept):
        row.broken(f"{words}: the damaged file was not kept")


def test_r19_an_empty_file_comes_back(row, lived_in, begins, teacher):
    brought_back(row, lived_in, begins, teacher, DAMAGES[0])


@pytest.mark.parametrize("case", DAMAGES[1:4], ids=[case[1] for case in DAMAGES[1:4]])
def test_r20_a_cut_off_file_comes_back(row, lived_in, begins, teacher, case):
    brought_back(row, lived_in, begins, teacher, case)


def test_r21_a_file_without_its_header_comes_back(row, lived_in, begins, teacher):
    brought_back(row, lived_in, begins, teacher, DAMAGES[4])


def test_r22_a_file_that_is_gone_comes_back(row, lived_in, begins, teacher):
    brought_back(row, lived_in, begins, teacher, DAMAGES[5])


def test_r21_one_bad_row_does_not_hide_the_others(row, lived_in, sits):
    ledger, _ = lived_in
    damage.put_bad_bytes(ledger, "child", "name", 3)
    row.round(injected=1)
    desk = sits()
    desk.settles()
    page = desk.goes_to("ledger")
    if len(page.table.rows) != EVERYBODY:
        row.broken(f"{len(page.table.rows)} of {EVERYBODY} in the list")
    desk.teacher.waits(lambda: any("乱码" in words for words in desk.banners()))
    if desk.told:
        row.wrong(f"said {desk.told}")


def test_r24_yesterdays_file_put_back_is_counted_and_carried_on(row, sits, begins, folders, teacher, clock):
    desk = sits()
    saves(desk, "曾小雨", "11")
    desk.leaves()
    yesterday = folders[0].read_bytes()
    clock.advance(days=1)
    desk = sits()
    for number in ("21", "22", "23"):
        saves(desk, "邹星宇", number)
    desk.leaves()
    folders[0].write_bytes(yesterday)
    desk = begins()
    screen = wait_for_screen(desk.program, teacher.qtbot, "older-content")
    row.round(injected=1, acked=3)
    if "少 3 次保存" not in said(screen):
        row.wrong(said(screen)[:120])
    press(screen, "用较新的")
    agrees(desk)
    teacher.sits(desk.program)
    if number_of(desk, "邹星宇") != "23" or number_of(desk, "曾小雨") != "11":
        row.lost("a save of today")
    assert not [text for text in desk.window.findChildren(Text) if "少 3 次" in text.text()]
