"""Panels, lists and menus that no single button of the demo school opens: each scene leads there as she would.

What stands behind a fault that cannot be made here is shown directly, with values as they would be (`behind_faults`).
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import cast

from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QComboBox, QMenu, QToolTip, QWidget

from app.children.same_phone import SharedPhone, Sharer
from app.core.errors import ShouwangError
from app.storage.backup_list import Backup
from app.storage.backups import list_backups
from app.storage.recovery import Aside, Saved
from app.tasks.checkup import CheckupReport, checkup
from app.tasks.rescue import Refuge
from app.tasks.safety import Present
from ui.context import Context
from ui.drafts import EntryPanel
from ui.pages.child.page import ChildPage
from ui.pages.children.page import LedgerPage
from ui.pages.diary.entry_children import FindField
from ui.pages.diary.entry_form import EntryForm
from ui.pages.pairing.page import PairingPage
from ui.pages.safety.aside import AsidePanel
from ui.pages.safety.checkup import CheckupPanel
from ui.pages.safety.passphrase import PassphrasePanel
from ui.pages.today.homecoming import HomecomingPanel
from ui.pages.today.one_phone import OnePhonePanel
from ui.pictures.stage import Stage
from ui.pictures.worn import LEFT, PHOTO, PICTURED, SUPPORTER
from ui.shell.candidates import Candidate
from ui.shell.mending import TryingPanel
from ui.shell.rescuing import RescuePanel
from ui.shell.restore_panel import RestorePanel
from ui.shell.whole_numbers import WhyWhole
from ui.walk import NotSo, Steps
from ui.widgets import (
    DataTable,
    DateField,
    FilterChip,
    Link,
    QuietArea,
    QuietChoice,
    SearchField,
    ViewChip,
)
from ui.widgets.dialog import Panel
from ui.widgets.file_choice import Wanted, make
from ui.widgets.pick import PickField

Scene = Callable[[Stage], Steps]


def _see(stage: Stage, name: str) -> Steps:
    """Keep what opened, then close it."""
    yield stage.calm
    stage.keep(name)
    stage.dialogs.let_go()


def _key(
    to: QWidget, key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier, text: str = ""
) -> None:
    to.setFocus()
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        QApplication.sendEvent(to, QKeyEvent(kind, key, held, text))


# ---------------------------------------------------------------------------------------------- the pages


def child_file(stage: Stage) -> Steps:
    """Attachments, a grown-up's menu and what it opens, the wish of the child."""
    stage.open("child", uuid=stage.known[PICTURED])
    yield stage.calm
    for place, name in enumerate(("photo", "pages")):
        stage.press("看", place=place)
        yield from _see(stage, name)
    stage.dialogs.files = [Path(stage.known[PHOTO])]
    stage.press("加照片或扫描件…")
    yield from _see(stage, "attachment")
    stage.press("情况变了…", place=1)
    stage.keep_open("menu")
    for words, name in (("换电话、加电话…", "number"), ("和另一份登记是同一个人…", "same")):
        stage.press(words)
        yield from _see(stage, name)
    page = stage.page
    if isinstance(page, ChildPage):
        calling = page.carers.calling
        calling.lines.activated.emit("wish")
    yield from _see(stage, "wish")


def off_the_ledger(stage: Stage) -> Steps:
    """Back onto it."""
    stage.open("child", uuid=stage.known[LEFT])
    yield stage.calm
    stage.press("回到台账…")
    yield from _see(stage, "return")


def ledger(stage: Stage) -> Steps:
    """The views and the chips, a search with hits and without, a view's name, a day, files that may be one child's."""
    stage.open("ledger")
    yield stage.calm
    stage.find(ViewChip).click()
    stage.keep_open("views")
    if stage.is_narrow:
        stage.press("加条件")
        stage.keep_open("conditions")
    else:
        for place in range(2):
            stage.find(FilterChip, place=place).click()
            stage.keep_open(f"chip-{place}")
    page = stage.page
    if not isinstance(page, LedgerPage):
        raise NotSo("not the ledger")
    for words, name in (("z", "found"), ("没有这个人", "not-found")):
        stage.find(SearchField).setText(words)
        yield from _see(stage, name)
    stage.find(SearchField).setText("")
    yield stage.calm
    page.views._ask_name()  # noqa: SLF001 - an entry of a menu that is made anew each time it opens
    yield from _see(stage, "name")
    page.views.duplicates_asked.emit()
    yield from _see(stage, "duplicates")
    page.as_of._ask()  # noqa: SLF001 - as above
    yield from _see(stage, "day")
    if (
        not stage.is_narrow
    ):  # there it stands with the rest in the menu of the foot, which the other pictures show
        stage.tick(2)
        stage.press("合为一份…")
        yield from _see(stage, "one-file")
    tip = next(
        one
        for one in cast("list[Link]", stage.window.findChildren(Link))
        if one.isVisible() and one.toolTip()
    )
    QToolTip.showText(tip.mapToGlobal(QPoint(0, tip.height())), tip.toolTip(), tip)
    yield stage.calm
    stage.keep_open("tip")


def record(stage: Stage) -> Steps:
    """Whom, out of many; a list that drops; her phrases."""
    stage.open("record")
    yield stage.calm
    stage.find(FindField).setText("z")
    yield from _see(stage, "who")
    stage.find(FindField).setText("")
    _drop(stage.find(QuietChoice))
    stage.keep_open("choice")
    area = stage.find(QuietArea)
    area.setFocus()
    phrases = stage.find(EntryForm).phrases
    phrases.offer(area, "content")
    stage.keep_open("phrases-menu")
    phrases.offer(area, "content")
    stage.press("整理常用语…")
    yield from _see(stage, "phrases")


def _drop(choice: QComboBox) -> None:
    choice.showPopup()


def cases(stage: Stage) -> Steps:
    """An absence and one more 劝返, a meeting and who came, the recovery slip."""
    stage.open("diary", part="absences")
    yield stage.calm
    stage.enter()
    yield stage.calm
    stage.keep("absence")
    stage.press("记一次劝返…")
    yield from _see(stage, "persuasion")
    stage.open("diary", part="meetings")
    yield stage.calm
    stage.enter()
    yield stage.calm
    stage.keep("meeting")
    stage.enter(table=0)
    yield from _see(stage, "attendee")
    stage.open("diary", part="counselling")
    yield stage.calm
    stage.press("忘了口令：用恢复单…")
    yield from _see(stage, "recover")


def pairs(stage: Stage) -> Steps:
    """A suggestion with supporters nobody asked about, a change of supporter, the end of a pair, a hand-over."""
    stage.open("pairing")
    yield stage.calm
    stage.press("排一份建议")
    yield stage.calm
    stage.keep("suggested")
    page = stage.page
    if not isinstance(page, PairingPage):
        raise NotSo("not the pairs")
    page.foot.accept.click()
    yield from _see(stage, "unchecked")
    stage.press("不用这份建议")
    stage.press("已结对")
    yield stage.calm
    stage.keep("paired")
    if stage.is_narrow:
        stage.press("帮扶人")
        yield stage.calm
    supporters = stage.find(DataTable)
    page._given(page.children_list.lines[2].key, supporters.rows[1])  # noqa: SLF001 - what dropping one on another does
    yield from _see(stage, "move")
    stage.open("supporter_handover", key=stage.known[SUPPORTER])
    yield stage.calm
    field = stage.find(PickField)
    _key(field, Qt.Key.Key_Down)
    stage.keep_open("successors")
    field.setText(field.completer().model().index(0, 0).data())
    stage.press("交给这一位")
    stage.press("办交接…")
    yield from _see(stage, "hand-over")


def calls(stage: Stage) -> Steps:
    """Whose call, whom into a slot."""
    stage.open("calls", part="log")
    yield stage.calm
    stage.press("另记一名")
    yield stage.calm
    field = stage.find(PickField)
    _key(field, Qt.Key.Key_Down)
    stage.keep_open("who")
    yield from _see(stage, "whose")


def today(stage: Stage) -> Steps:
    """A form declared void; a grown-up came home."""
    stage.open("paper_forms")
    yield stage.calm
    stage.keep("forms")
    stage.tick(2)
    stage.press("作废…")
    yield from _see(stage, "void")


def survey(stage: Stage) -> Steps:
    """Checked."""
    stage.open("survey")
    yield stage.calm
    stage.tick(2)
    stage.keep("ticked")
    stage.press("已核实…")
    yield from _see(stage, "checked")
    stage.press("看纸表")
    yield from _see(stage, "paper")


def safety(stage: Stage) -> Steps:
    """A permanent deletion; the passphrase of a copy."""
    stage.open("safety", part="bin")
    yield stage.calm
    stage.tick(1)
    stage.keep("bin")
    stage.press("永久删除…")
    yield from _see(stage, "purge")
    stage.dialogs.open_panel(PassphrasePanel(stage.window), _nothing)
    yield from _see(stage, "passphrase")


def settings(stage: Stage) -> Steps:
    """A class, pupils who repeat."""
    stage.open("settings", section="classes")
    yield stage.calm
    classes = stage.find(DataTable)
    classes.set_current(classes.rows[-1].uuid)
    stage.press("留级（选中的班）…")
    yield from _see(stage, "repeat")


def unsaved(stage: Stage) -> Steps:
    """Words that were left unsaved are offered: one form, then two."""
    stage.open("child", uuid=stage.known[PICTURED])
    yield stage.calm
    for verb in ("换班…", "搬家…"):
        stage.press("情况变了…")
        stage.press(verb)
        for menu in (one for one in QApplication.topLevelWidgets() if isinstance(one, QMenu)):
            menu.close()
        yield stage.calm
        panel = stage.dialogs.front
        if not isinstance(panel, EntryPanel) or panel.keeping is None:
            raise NotSo(f"{verb} keeps no draft")
        stage.find(DateField).setText("2026-11-02")
        panel.keeping.keep_now()
        _context(stage).drafts.leave(panel.keeping)
        panel.hide()
        yield stage.calm
        stage.press("看一看")
        yield from _see(stage, f"offers-{verb[:2]}")


def _nothing(_key: str) -> None:
    """Nothing comes of it."""


# ---------------------------------------------------------------------------------------------- what is only shown


def _context(stage: Stage) -> Context:
    sitting = stage.program.sitting
    if sitting is None:
        raise NotSo("no ledger is open")
    return sitting.context


def behind_faults(stage: Stage) -> Steps:
    """What is only asked after something went wrong."""
    context = _context(stage)
    backup = list_backups(context.backup_folder)[0]
    for name, panel in _faulty(stage, context, backup):
        stage.dialogs.open_panel(panel, _nothing)
        yield from _see(stage, name)


def _faulty(stage: Stage, context: Context, backup: Backup) -> list[tuple[str, Panel]]:
    window, today = stage.window, context.clock.today()
    now = context.clock.now()
    said = now.isoformat(timespec="seconds")
    chosen = Candidate(backup.path, backup, journal_commits=14, until=said, lost=2)
    disks = [
        Refuge(Path("/D/守望数据"), "D: 资料盘", 80_000_000_000, removable=False),
        Refuge(Path("/E/守望数据"), "E: 学校的优盘", 7_000_000_000, removable=True),
    ]
    moments = (now - timedelta(minutes=number) for number in range(9))
    saves = tuple(
        Saved(str(when), when.isoformat(timespec="seconds"), "陈素兰", "记一次家访", ("欧阳慕容雨桐",))
        for when in moments
    )
    together = tuple(Sharer(name, name, "父亲") for name in ("欧阳慕容雨桐", "欧阳慕容雨辰"))
    home = {"person": "", "words": "欧阳慕容雨桐的父亲 2026-11 返乡"}
    aside = Aside(Path("日志.jsonl"), said, saves, None)
    present = Present(children=63, last_entry=said, commit_no=90, db_uuid=backup.db_uuid or "")
    return [
        ("restore", RestorePanel(window, chosen, "63 名儿童，最近一条 今天 10:30", today, is_there=True)),
        ("rescue", RescuePanel(window, disks, "以前保存的都会拷过去，读回核对；电脑上的数据不动。")),
        ("trying", TryingPanel(context.dialogs)),
        ("why-whole", WhyWhole(context, window, _nothing)),
        ("aside", AsidePanel(window, [aside], present, context)),
        ("homecoming", HomecomingPanel(context, window, home)),
        ("one-phone", OnePhonePanel(context, window, [SharedPhone("13800006217", together)])),
        ("checkup", CheckupPanel(window, _spoilt(backup, context), can_use=True)),
    ]


def _spoilt(backup: Backup, context: Context) -> CheckupReport:
    """What is found in a copy of which one name cannot be read any more."""
    name = "白水沟村".encode()
    with tempfile.TemporaryDirectory() as room:
        copy = Path(room) / "守望.db"
        copy.write_bytes(backup.path.read_bytes().replace(name, b"\xff" + name[1:], 3))
        return checkup(copy, clock=context.clock)


def systems_own(stage: Stage) -> Steps:
    """How files and folders are chosen where the system has no dialogs of its own; its printing needs a printer."""
    yield stage.calm
    for name, wanted in (("file", Wanted.FILE), ("save", Wanted.NEW), ("folder", Wanted.FOLDER)):
        chooser = make(
            stage.window,
            "导出到哪里",
            Path.home() / "台账.xlsx",
            kinds="Excel 工作簿 (*.xlsx)",
            wanted=wanted,
        )
        chooser.setModal(False)
        chooser.show()
        yield stage.calm
        stage.keep_window(name, chooser)
        chooser.deleteLater()


SCENES: tuple[Scene, ...] = (
    child_file,
    off_the_ledger,
    ledger,
    record,
    cases,
    pairs,
    calls,
    today,
    survey,
    safety,
    settings,
    unsaved,
    behind_faults,
    systems_own,
)


def all_scenes(stage: Stage, tell: Callable[[str], object]) -> Steps:
    """One after the other; where one cannot go on, what it lacked is told, and the next one begins."""
    for scene in SCENES:
        stage.scene = scene.__name__.replace("_", "-")
        try:
            yield from scene(stage)
        except (NotSo, ShouwangError) as error:
            tell(f"{stage.scene}: {error}")
        finally:
            stage.dialogs.let_go()
