"""打印花名册: by child or by supporter, onto paper, into a PDF, or as an Excel table."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QStandardPaths
from PySide6.QtWidgets import QWidget

from app.school.codes import Profile
from ui.context import Context
from ui.pages.pairing.sheets import ROSTER, PairingPapers, roster
from ui.shell.other_name import not_written
from ui.theme import Tone, Type
from ui.widgets import FormRow, Kind, Panel, QuietField, Radio, Text, Verb

STAY, EXCEL, PAPER = "stay", "excel", "paper"
EXCEL_KINDS = "Excel 表格 (*.xlsx)"


class RosterPanel(Panel):
    """Which of the two views, and what becomes of it."""

    def __init__(self, parent: QWidget | None) -> None:
        verbs = [
            Verb(STAY, "先不印"),
            Verb(EXCEL, "存成 Excel…"),
            Verb(PAPER, "看一看再打印", Kind.FILLED),
        ]
        super().__init__(parent, ROSTER, verbs, focus_content=True)
        self.by_child = Radio("按儿童排：每名儿童一行", checked=True)
        self.by_supporter = Radio("按帮扶人排：每位后面是所带的儿童")
        self.box.addWidget(self.by_child)
        self.box.addWidget(self.by_supporter)
        self.reason = QuietField(quiet=False, hint="空着 = Excel 里电话遮住中间几位")
        self.box.addWidget(FormRow("用途", self.reason))
        words = "Excel 里要写全号，请写明用途，会记进移交记录。纸上的电话印全号。"
        self.box.addWidget(Text(words, Type.SMALL, Tone.INK2, wrap=True))


class Roster(QObject):
    """`ask()`, then lays it out or writes the table."""

    def __init__(self, context: Context, page: QWidget) -> None:
        super().__init__(page)
        self._context = context
        self.papers = PairingPapers(context, page, ROSTER)
        self.panel: RosterPanel | None = None

    def ask(self) -> None:
        """By child or by supporter?"""
        self.panel = RosterPanel(self._context.dialogs.window)
        self._context.dialogs.open_panel(self.panel, self._answered)

    def _answered(self, key: str) -> None:
        panel, self.panel = self.panel, None
        if panel is None or key == STAY:
            return
        if key == PAPER:
            today = self._context.clock.today()
            self.papers.show_about(None, roster, today, panel.by_supporter.isChecked())
            return
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        name = f"{ROSTER}_{self._context.clock.today():%Y%m%d}.xlsx"
        target = self._context.dialogs.save_file(
            "存成 Excel", kinds=EXCEL_KINDS, start=Path(folder or Path.home()) / name
        )
        if target is not None:
            self._write(panel.reason.text().strip(), target)

    def _write(self, reason: str, target: Path) -> None:
        self._context.write(
            _export_roster,
            target,
            day=self._context.clock.today(),
            profile=Profile.FULL if reason else Profile.MASKED,
            reason=reason or None,
            on_done=partial(self._written, target),
            on_error=partial(not_written, self._context, target, partial(self._write, reason)),
        )

    def _written(self, target: Path, _answer: object) -> None:
        self._context.navigation.toast_file(f"已存成 Excel：{target.name}", target)


def _export_roster(*what: Any, **how: Any) -> Any:
    """What writes it takes a while to load: that is done where the job runs."""
    from app.tasks.pairing_roster import export_roster

    return export_roster(*what, **how)
