"""Backup and safety: what there is to fall back on, the copies that leave, what left, what can be brought back."""

from __future__ import annotations

from typing import Any, ClassVar

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QStackedWidget, QWidget
from typing_extensions import override

from app.storage.drives import DriveProbe
from app.tasks.safety import Safety, safety
from ui.context import Context
from ui.pages.safety.backups import BackupsPart
from ui.pages.safety.drill import DrillPart
from ui.pages.safety.records import BinPart, HandoverPart
from ui.pages.safety.stick import StickPart
from ui.shell.page import Page
from ui.theme import Breakpoint
from ui.widgets import FilterBar, ProgressFooter, Segments, Sheet
from ui.wording import stored_moment_words

BACKUPS, DRILL, STICK, HANDOVERS, BIN = "backups", "drill", "stick", "handovers", "bin"
_CAPTIONS = {BACKUPS: "备份", DRILL: "演习", STICK: "拷到优盘", HANDOVERS: "移交记录", BIN: "回收站"}


class SafetyPage(Page):
    """Five parts behind segments. `open_with(part="stick")` shows one; `probe` finds the drives."""

    areas: ClassVar[frozenset[str]] = frozenset(
        {"children", "roster", "school", "classes", "handover", "drill"}
    )

    def __init__(self, context: Context, *, probe: DriveProbe | None = None) -> None:
        super().__init__(context, "备份")
        self._reading = context.jobs.latest(self)
        self.progress = ProgressFooter()
        self.backups = BackupsPart(context, self.progress, probe)
        self.drill = DrillPart(context, self.progress)
        self.stick = StickPart(context, self.progress, probe)
        self.handovers = HandoverPart(context)
        self.bin = BinPart(context)
        self._parts: dict[str, BackupsPart | DrillPart | StickPart | HandoverPart | BinPart] = {
            BACKUPS: self.backups,
            DRILL: self.drill,
            STICK: self.stick,
            HANDOVERS: self.handovers,
            BIN: self.bin,
        }
        self.backups.made.connect(self.load)
        self.stick.copied.connect(self.load)
        self.segments = Segments(list(_CAPTIONS.items()))
        self.segments.changed.connect(self._show_part)
        self._stack = QStackedWidget()
        for part in self._parts.values():
            self._stack.addWidget(part)
        sheet = Sheet(FilterBar(self.segments, None), self._stack, self.progress)
        sheet.box.setStretchFactor(self._stack, 1)
        self.content.addWidget(sheet, 1)

    # ---- reading

    @override
    def load(self) -> None:
        self._reading.run(safety, self.context.store, self.context.backup_folder, on_done=self._show)

    @override
    def showEvent(self, event: QShowEvent) -> None:
        """A backup made meanwhile and a stick plugged in meanwhile are no changes of the ledger: look each time."""
        self._stale = True
        super().showEvent(event)
        self.stick.look()

    def _show(self, found: Safety) -> None:
        last = stored_moment_words(found.present.last_entry, self.context.clock.today())
        self.header.set_fact(f"现在 {found.present.children} 名儿童，最近一条 {last}")
        counts = {BACKUPS: len(found.backups), HANDOVERS: len(found.handovers), BIN: len(found.bin)}
        for key, count in counts.items():
            self.segments.set_words(key, f"{_CAPTIONS[key]} {count}" if count else _CAPTIONS[key])
        self.backups.show_safety(found)
        self.drill.show_safety(found)
        self.handovers.show_safety(found)
        self.bin.show_safety(found)
        # A disk unplugged meanwhile is no change of the ledger: the line below must not go on naming its backup.
        self.context.navigation.refresh_status()

    # ---- going about

    @override
    def open_with(self, **params: Any) -> None:
        part = str(params.get("part", BACKUPS))
        self.segments.set_current(part)
        self._show_part(part)

    def _show_part(self, key: str) -> None:
        self._stack.setCurrentWidget(self._parts[key])

    @override
    def breakpoint_changed(self, breakpoint_: Breakpoint) -> None:
        narrow = breakpoint_ is Breakpoint.NARROW
        self.stick.set_narrow(narrow)
        for part in (self.backups, self.drill, self.handovers, self.bin):
            part.table.set_narrow(narrow)

    @override
    def focus_first(self) -> None:
        self._parts[self.segments.current].take_focus()

    @override
    def side_stops(self) -> tuple[QWidget, ...]:
        return (self.segments, self._stack.currentWidget())

    @override
    def foot_height(self) -> int:
        return self.backups.foot_height()
