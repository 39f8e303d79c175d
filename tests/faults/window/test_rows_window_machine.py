"""R26, R46, R52 in the real window: another program holds the ledger or the target, the memory runs out."""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import QTimer

from app.core.messages import FAULTS
from app.school.handover import handovers
from app.storage.action import Action
from tests.app.tasks.rosters import id_number, write_roster
from tests.conftest import ROOT
from ui.widgets import Link

HEADER = ["姓名", "性别", "身份证号", "班级"]


# ---- R26 ------------------------------------------------------------------------------------------------------------

# Another program, e.g. a virus scanner: it takes the file for itself until it is told to let go.
HOLDER = """
import sys
from sqlcipher3 import dbapi2
held = dbapi2.connect(sys.argv[1], isolation_level=None)
held.execute("BEGIN EXCLUSIVE")
print("held", flush=True)
sys.stdin.readline()
held.execute("ROLLBACK")
held.close()
"""


class Held:
    """A ledger held by another process."""

    def __init__(self, path):
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "encoding": "utf-8"}
        self.other = subprocess.Popen([sys.executable, "-c", HOLDER, str(path)], **pipes)
        assert self.other.stdout.readline() == "held\n"

    def let_go(self):
        if self.other.poll() is None:
            self.other.communicate("\n", timeout=120)


@pytest.fixture
def held():
    """`held(path)` lets another program take the ledger; it lets go at the end."""
    made = []

    def hold(path):
        made.append(Held(path))
        return made[-1]

    yield hold
    for one in made:
        one.let_go()


class Beats:
    """Counts how often the window comes round while something is waited for."""

    def __init__(self):
        self.count = 0
        self._timer = QTimer()
        self._timer.timeout.connect(self._beat)
        self._timer.start(10)

    def _beat(self):
        self.count += 1


def waits_for_words(desk):
    """The bar over the foot that says what is waited for."""
    desk.teacher.waits(lambda: "正在重试" in desk.reads())
    return desk.reads()


def test_r26_a_locked_ledger_is_waited_for_in_words_and_the_save_comes(row, desk, held, whole):
    page = desk.opens_child("曾小雨")
    field = page.personal.field("student_no")
    other = held(desk.program.path)
    beats = Beats()
    field.setFocus()
    field.setText("21")
    field.leave()
    row.round(injected=1, acked=1)
    if "被别的程序占用" not in waits_for_words(desk):
        row.wrong("what is waited for is not said")
    before = beats.count
    desk.teacher.waits(lambda: beats.count > before + 20)
    if field.text() != "21":
        row.lost("what was typed is gone from the form")
    other.let_go()
    desk.settles()
    desk.teacher.waits(lambda: "正在重试" not in desk.reads())
    if desk.asks(lambda store: store.one("SELECT student_no FROM child WHERE name = '曾小雨'")) != ("21",):
        row.lost("what was typed while the file was held")
    if desk.told:
        row.wrong(f"said {desk.told}")
    desk.leaves()
    whole(desk.program.path, ["曾小雨"])


def test_r26_she_need_not_wait_and_the_text_stays(row, desk, held, whole):
    page = desk.opens_child("曾小雨")
    field = page.personal.field("student_no")
    other = held(desk.program.path)
    field.setFocus()
    field.setText("21")
    field.leave()
    row.round(injected=1)
    waits_for_words(desk)
    link = next(one for one in desk.window.findChildren(Link) if one.text() == "不等了" and one.isVisible())
    link.click()
    desk.teacher.waits(lambda: bool(desk.told))
    row.says(desk.told[0], "storage.locked", "after 不等了")
    if "21" not in (field.text(), *(one.text() for one in page.findChildren(type(field)))):
        row.lost("what was typed is gone from the form")
    other.let_go()
    desk.settles()
    desk.leaves()
    whole(desk.program.path, ["曾小雨"])


# ---- R46 ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def opened_in_wps(monkeypatch):
    """`opened_in_wps(path)`: nobody can write over this file, as on Windows while WPS shows it."""
    held = set()
    replace, rename = type(ROOT).replace, os.replace

    def refuse(source, target, how):
        if os.fspath(target) in held:
            raise PermissionError(13, "held by another program", os.fspath(source), None, os.fspath(target))
        return how(source, target)

    monkeypatch.setattr(type(ROOT), "replace", lambda self, target: refuse(self, target, replace))
    monkeypatch.setattr(os, "replace", lambda source, target: refuse(source, target, rename))

    def hold(path, content=b"what she looks at in WPS"):
        path.write_bytes(content)
        held.add(os.fspath(path))
        return content

    hold.let_go = held.clear
    return hold


@pytest.mark.parametrize("answer", ["other", "again", "stay"])
def test_r46_a_workbook_that_wps_holds(row, desk, opened_in_wps, tmp_path, answer):
    target = tmp_path / "台账.xlsx"
    content = opened_in_wps(target)
    page = desk.goes_to("ledger")
    before = len(desk.asks(handovers))
    desk.presses(page, "导出 Excel…")
    dialogs = desk.program.dialogs
    dialogs.files.append(target)
    asked = dialogs.ask

    def ask(question, lines, verbs, on_choice):
        if answer == "again":
            opened_in_wps.let_go()
        dialogs.choices.append(answer)
        asked(question, lines, verbs, on_choice)

    dialogs.ask = ask
    desk.panel.buttons["export"].click()
    desk.settles()
    desk.settles()
    row.round(injected=1, acked=int(answer != "stay"))
    question, lines, verbs = dialogs.asked[-1]
    if "台账.xlsx" not in question or "WPS" not in lines[0] or "没有动" not in lines[1]:
        row.wrong(f"said {question} {lines}")
    if "存成「台账_2.xlsx」" not in verbs:
        row.wrong(f"the other name is not offered: {verbs}")
    written = {"other": tmp_path / "台账_2.xlsx", "again": target}.get(answer)
    if written is not None:
        assert "曾小雨" in {
            str(cell.value) for line in load_workbook(written).active.iter_rows() for cell in line
        }
    if answer != "again" and target.read_bytes() != content:
        row.lost("the file WPS holds was written")
    if list(tmp_path.glob("*.part")):
        row.broken("half a file is left")
    logged = len(desk.asks(handovers)) - before
    if logged != int(answer != "stay"):
        row.broken(f"{logged} in the log of what left")
    if desk.told:
        row.wrong(f"said besides: {desk.told}")


def test_r46_a_pdf_and_the_waiting_rows_that_wps_holds(row, desk, opened_in_wps, tmp_path):
    dialogs = desk.program.dialogs
    desk.window.open_page("printing", uuids=(desk.uuid_of("曾小雨"),))
    desk.settles()
    desk.teacher.waits(lambda: desk.page.preview.shown is not None and desk.page._printed is not None)
    opened_in_wps(tmp_path / "档案.pdf")
    dialogs.files.append(tmp_path / "档案.pdf")
    dialogs.choices.append("other")
    desk.presses(desk.page, "另存为 PDF")
    dialogs.gives_reason()
    desk.settles()
    row.round(injected=1, acked=1)
    if not (tmp_path / "档案_2.pdf").read_bytes().startswith(b"%PDF"):
        row.lost("the PDF under another name")

    page = desk.goes_to("importing")
    page.open_file(write_roster(tmp_path / "名册.xlsx", ["", "女", id_number(), "三（1）班"], header=HEADER))
    desk.settles()
    page.file.next.click()
    page.columns.next.click()
    desk.settles()
    opened_in_wps(tmp_path / "待处理.xlsx")
    dialogs.files.append(tmp_path / "待处理.xlsx")
    dialogs.choices.append("other")
    page.check.export.click()
    desk.settles()
    desk.settles()
    row.round(injected=1, acked=1)
    if load_workbook(tmp_path / "待处理_2.xlsx").active.max_row != 2:
        row.lost("the waiting rows under another name")
    if desk.told:
        row.wrong(f"said besides: {desk.told}")


# ---- R52 ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", ["reading", "planning", "writing", "saving"])
def test_r52_an_allocation_that_fails_is_said_and_nothing_vanishes(row, desk, tmp_path, monkeypatch, place):
    before = desk.children()
    path = write_roster(tmp_path / "名册.xlsx", ["覃晓桐", "女", id_number(), "三（1）班"], header=HEADER)

    def fails(*_given, **_more):
        raise MemoryError

    row.round(injected=1)
    with monkeypatch.context() as short:
        if place == "saving":
            page = desk.opens_child("曾小雨")
            short.setattr(Action, "update", fails)
            field = page.personal.field("student_no")
            field.setText("21")
            field.leave()
            desk.settles()
        else:
            page = desk.goes_to("importing")
            if place == "reading":
                short.setattr("app.workbook.roster_reader.read_roster_bytes", fails)
            page.open_file(path)
            desk.settles()
            if place != "reading":
                if place == "planning":
                    short.setattr("app.children.roster.plan.Matcher.match", fails, raising=False)
                    short.setattr("app.children.roster.match.Matcher.match", fails, raising=False)
                page.file.next.click()
                page.columns.next.click()
                desk.settles()
            if place == "writing":
                short.setattr(Action, "insert_planned", fails)
                short.setattr(Action, "insert", fails)
                page.check.write.click()
                desk.settles()
        desk.teacher.waits(lambda: bool(desk.told) or "内存" in desk.reads(page))
    if desk.told and desk.told != ["memory.short"]:
        row.wrong(f"{place}: said {desk.told}")
    if desk.children() != before:
        row.broken(f"{place}: something of it was written")
    # With room again the same goes through in the same window.
    page = desk.goes_to("importing")
    page.start_over()
    page.open_file(path)
    desk.settles()
    page.file.next.click()
    page.columns.next.click()
    desk.settles()
    page.check.write.click()
    desk.settles()
    row.round(acked=1)
    if desk.names().count("覃晓桐") != 1:
        row.lost("the import after there was room again")


def limited(megabytes):
    def limit():
        resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))

    return limit


def test_r52_less_and_less_room_for_an_import(row, folders, tmp_path):
    rows = [
        [f"覃{n}", "女", id_number("20170911", n % 50, area=f"5113{n // 50 + 20}"), "三（1）班"]
        for n in range(900)
    ]
    roster = write_roster(tmp_path / "名册.xlsx", *rows, header=HEADER)
    start = [sys.executable, "-m", "app"]
    plain = subprocess.run(
        [
            *start[:1],
            "-c",
            "import app.__main__,app.cli.commands as c;print(open('/proc/self/status').read())",
        ],
        cwd=ROOT,
        check=True,
        capture_output=True,
        encoding="utf-8",
    )
    room = int(plain.stdout.split("VmPeak:")[1].split()[0]) // 1024 + 4
    done, refused = False, 0
    while not done:
        ledger = tmp_path / f"{room}" / "守望.db"
        ledger.parent.mkdir()
        shutil.copyfile(folders[0], ledger)
        ran = subprocess.run(
            [*start, "import-roster", str(ledger), str(roster), "--json"],
            cwd=ROOT,
            check=False,
            capture_output=True,
            encoding="utf-8",
            preexec_fn=limited(room),
        )
        done = ran.returncode == 0
        refused += not done
        row.round(injected=int(not done), acked=900 if done else 0)
        if not done and (ran.returncode != 1 or "Traceback" in ran.stderr or "没有做" not in ran.stderr):
            row.wrong(f"with {room} MB: {ran.returncode} {ran.stderr[-200:]}")
        shown = subprocess.run(
            [*start, "children", str(ledger), "--json"],
            cwd=ROOT,
            check=True,
            capture_output=True,
            encoding="utf-8",
        )
        found = len(json.loads(shown.stdout))
        if found not in ((912,) if done else (12,)):
            row.lost(f"with {room} MB {found} children are there")
        room += 8
    assert refused, "the room was never short"
    assert FAULTS["memory.short"].what
