"""R17, R18, R25 in the real window: a stick full of our names, a copy looked at on its stick, two windows and two ledgers."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys

import pytest
from PySide6.QtCore import QTimer

from app.school.queries import school_profile
from app.storage import drives
from app.storage.copy import verify_file
from app.storage.stick import READY
from app.storage.store import Store
from tests.app.command_line import run_process, sentence
from tests.conftest import ROOT
from tests.ui.pages.safety.sticks import FakeProbe
from ui.widgets import Button, QuietArea, QuietChoice, QuietField

PASSPHRASE = "青石坪的桂花开了2026"
KEPT = 5


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def content(folder):
    """Every file below a folder, by what is in it."""
    return {path: digest(path) for path in folder.rglob("*") if path.is_file()}


# ---- R17 ------------------------------------------------------------------------------------------------------------


def copies_to(desk, folder, answer):
    """Copy as she does; return what was said before she was asked about the older ones, and at the end."""
    page = desk.goes_to("safety", part="stick")
    desk.program.dialogs.choices.append(answer)
    asked, before = desk.program.dialogs.ask, []

    def ask(*given):
        before.append((given[0], page.stick.outcome.words))
        asked(*given)

    desk.program.dialogs.ask = ask
    page.stick.passphrase.first.setText(PASSPHRASE)
    page.stick.passphrase.second.setText(PASSPHRASE)
    desk.teacher.waits(page.stick.begin.isEnabled)
    page.stick.begin.click()
    desk.teacher.waits(lambda: bool(page.stick.outcome.words) and not desk.program.jobs.busy)
    desk.program.dialogs.ask = asked
    return before, page.stick.outcome.words


@pytest.mark.parametrize("answer", ["keep", "remove"])
def test_r17_a_stick_full_of_the_same_names_loses_nothing(row, desk, stick, answer):
    school = desk.asks(school_profile)
    label = school.code or school.name
    now = desk.clock.now()
    old = [stick.path / f"守望_{label}_报镇_2026110{day}_090000.7z" for day in range(1, 8)]
    for place, path in enumerate(old):
        path.write_bytes(b"older %d" % place)
    # The very names this copy would take, by a second copy within the second, a half one, and as a folder.
    stem = f"守望_{label}_报镇_{now:%Y%m%d_%H%M%S}"
    (stick.path / f"{stem}.7z").write_bytes(b"of this very second")
    (stick.path / f"{stem}.7z.part").write_bytes(b"half")
    (stick.path / f"{stem}_2.7z").mkdir()
    foreign = stick.path / "留守儿童台账.xlsx"
    foreign.write_bytes(b"hers")
    (stick.path / f"守望_别的学校_报镇_{now:%Y%m%d_%H%M%S}.7z").write_bytes(b"of another school")
    before = content(stick.path)
    asked, words = copies_to(desk, stick.path, answer)
    row.round(injected=5, acked=1)
    if words[-1] != READY or not words[0].startswith("已拷好，读回核对一致"):
        row.wrong(f"said {words}")
    if not asked or "要移走吗" not in asked[0][0] or asked[0][1] != ():
        row.wrong(
            f"the older ones were not offered for removal after the success and before the last line: {asked}"
        )
    after = content(stick.path)
    gone = {path for path in before if path not in after and not path.name.endswith(".part")}
    if any(after.get(path) not in (before[path], None) for path in before if not path.name.endswith(".part")):
        row.lost("an older file was written over")
    if answer == "keep" and gone:
        row.lost(f"{len(gone)} older copies went unasked", len(gone))
    mine = [path for path in gone if path not in old]
    if mine:
        row.lost(f"something went that is no older copy: {[path.suffix for path in mine]}")
    made = [path for path in after if path not in before and path.suffix == ".7z"]
    if len(made) != 1 or not verify_file(made[0], passphrase=PASSPHRASE).ok:
        row.broken(f"{len(made)} new copies, or not sound")
    if answer == "remove":
        left = [path for path in stick.path.glob(f"守望_{label}_报镇_*.7z") if path.is_file()]
        if len(left) != KEPT:
            row.broken(f"{len(left)} copies stay, not the last {KEPT}")


# ---- R18 ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def plugged_in(stick, monkeypatch):
    """The folder of the stick is a stick for the whole program."""
    probe = FakeProbe(stick)
    monkeypatch.setattr(drives, "system_probe", lambda: probe)
    return stick


def test_r18_a_copy_on_its_stick_is_only_looked_at(row, sits, folders, plugged_in, tmp_path, clock):
    path = plugged_in.path / "守望.db"
    shutil.copyfile(folders[0], path)
    before = content(plugged_in.path)
    desk = sits(path)
    row.round(injected=1)
    if not any("正在看优盘上的拷贝（只读）" in words for words in desk.banners()):
        row.wrong(f"the bar says {desk.banners()}")
    ledger = desk.goes_to("ledger")
    assert len(ledger.table.rows) == 12
    page = desk.opens_child("曾小雨")
    fields = [*page.findChildren(QuietField), *page.findChildren(QuietArea), *page.findChildren(QuietChoice)]
    if any(field.isEnabled() for field in fields):
        row.broken("a field can be typed in")
    offered = {
        button.text()
        for name in ("today", "ledger", "importing", "safety", "settings")
        for button in desk.goes_to(name).findChildren(Button)
        if button.isVisible() and button.isEnabled()
    }
    for verb in ("加一名儿童", "导入", "写入", "现在备份", "加一名教职工…", "移到回收站"):
        if verb in offered:
            row.broken(f"「{verb}」 is offered")
    desk.window.open_page("printing", uuids=(desk.uuid_of("邹星宇"),))
    desk.settles()
    desk.teacher.waits(lambda: desk.page.preview.shown is not None)
    desk.leaves()
    if content(plugged_in.path) != before:
        row.broken("looking at it has changed the stick")
    if desk.told:
        row.wrong(f"said {desk.told}")


# ---- R25 ------------------------------------------------------------------------------------------------------------


def test_r25_a_second_start_raises_the_first_window_and_writes_nothing(row, desk, begins, qtbot):
    row.round(injected=1)
    raised = []
    desk.teacher.waits(lambda: desk.program._raise is not None)  # a moment after the first page
    desk.program._raise.asked.connect(lambda: raised.append(True))
    second = begins()
    with qtbot.waitSignal(second.program.left, timeout=20_000):
        pass
    desk.teacher.waits(lambda: bool(raised))
    if second.program.sitting is not None:
        row.broken("the second start sat down beside the first window")

    # The same in a process of its own, as a second press on the icon is.
    row.round(injected=1)
    raised.clear()
    done = []
    other = subprocess.Popen(
        [sys.executable, "-m", "ui.main", str(desk.program.path)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    look = QTimer()
    look.timeout.connect(lambda: done.append(other.poll()) if other.poll() is not None and not done else None)
    look.start(20)
    desk.teacher.waits(lambda: bool(done))
    look.stop()
    said = other.stdout.read().decode()
    other.stdout.close()
    if done[0] != 0 or "Traceback" in said:
        row.broken(f"the second process ended with {done[0]}")
    desk.teacher.waits(lambda: bool(raised))

    # A writer from the command line is refused in words, a reader works beside the window.
    row.round(injected=1)
    refused = run_process("backup", desk.program.path)
    if "已经打开" not in sentence(refused):
        row.wrong(f"the command line says {refused.err}")
    assert len(run_process("children", desk.program.path, "--json").value) == 12


def test_r25_two_ledgers_are_never_taken_for_each_other(row, sits, begins, folders, tmp_path, clock, whole):
    other = tmp_path / "去年" / "守望.db"
    other.parent.mkdir()
    shutil.copyfile(folders[0], other)
    with Store.open(other, clock=clock) as store:
        # A copy that has gone its own way: same school, same name of the file.
        from app.school.service import add_staff

        add_staff(store, name="李国平")
    row.round(injected=1)
    desk = sits(other)
    if not any("这是另一份数据" in words and str(folders[0]) in words for words in desk.banners()):
        row.wrong(f"the bar says {desk.banners()}")
    usual = digest(folders[0])
    page = desk.opens_child("曾小雨")
    field = page.personal.field("student_no")
    field.setText("12")
    field.leave()
    desk.settles()
    desk.leaves()
    if digest(folders[0]) != usual:
        row.broken("the usual ledger was written")
    whole(other, ["曾小雨"])
    row.round(injected=1)
    again = sits()
    if any("另一份数据" in words for words in again.banners()):
        row.wrong("the usual ledger wears the bar of another one")
    if any(child.student_no == "12" for child in again.children()):
        row.broken("what was written into the other one is here too")
