"""Backup and safety: what there is to fall back on, the copies that leave, what left, what can be brought back."""

from __future__ import annotations

from typing import Any, ClassVar, TypeAlias, TypeVar

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


_Part: TypeAlias = "BackupsPart | DrillPart | StickPart | HandoverPart | BinPart"
_KINDS: dict[str, type[_Part]] = {
    BACKUPS: BackupsPart,
    DRILL: DrillPart,
    STICK: StickPart,
    HANDOVERS: HandoverPart,
    BIN: BinPart,
}
P = TypeVar("P", BackupsPart, DrillPart, StickPart, HandoverPart, BinPart)


class SafetyPage(Page):
    """Five parts behind segments, each made when it is first shown. `open_with(part="stick")` shows one.

    `probe` finds the drives.
    """

    areas: ClassVar[frozenset[str]] = frozenset(
        {"children", "roster", "school", "classes", "handover", "drill"}
    )
    turns_with_day = True

    def __init__(self, context: Context, *, probe: DriveProbe | None = None) -> None:
        super().__init__(context, "备份")
        self._reading = context.jobs.latest(self)
        self._probe = probe
        self._found: Safety | None = None
        self._parts: dict[type[_Part], _Part] = {}
        self.progress = ProgressFooter()
        self.segments = Segments(list(_CAPTIONS.items()))
        self.segments.changed.connect(self._show_part)
        self._stack = QStackedWidget()
        sheet = Sheet(FilterBar(self.segments, None), self._stack, self.progress)
        sheet.box.setStretchFactor(self._stack, 1)
        self.content.addWidget(sheet, 1)
        self._show_part(BACKUPS)

    # ---- the parts

    @property
    def backups(self) -> BackupsPart:
        return self._of(BackupsPart)

    @property
    def drill(self) -> DrillPart:
        return self._of(DrillPart)

    @property
    def stick(self) -> StickPart:
        return self._of(StickPart)

    @property
    def handovers(self) -> HandoverPart:
        return self._of(HandoverPart)

    @property
    def bin(self) -> BinPart:
        return self._of(BinPart)

    def _of(self, kind: type[P]) -> P:
        part = self._part(kind)
        if not isinstance(part, kind):
            raise TypeError(kind.__name__)
        return part

    def _part(self, kind: type[_Part]) -> _Part:
        """A part, made and filled when it is first asked for."""
        part = self._parts.get(kind)
        if part is None:
            part = self._parts[kind] = self._make(kind)
            self._stack.addWidget(part)
            self._set_narrow(part)
            self._fill(part)
        return part

    def _make(self, kind: type[_Part]) -> _Part:
        if kind is BackupsPart:
            backups = BackupsPart(self.context, self.progress, self._probe)
            backups.made.connect(self.load)
            return backups
        if kind is StickPart:
            stick = StickPart(self.context, self.progress, self._probe)
            stick.copied.connect(self.load)
            return stick
        if kind is DrillPart:
            return DrillPart(self.context, self.progress)
        return BinPart(self.context) if kind is BinPart else HandoverPart(self.context)

    def _fill(self, part: _Part) -> None:
        if isinstance(part, StickPart):
            if self.isVisible():  # otherwise the page looks when it is shown
                part.look()
        elif self._found is not None:
            part.show_safety(self._found)

    def _set_narrow(self, part: _Part) -> None:
        narrow = self.breakpoint is Breakpoint.NARROW
        if isinstance(part, StickPart):
            part.set_narrow(narrow)
        else:
            part.table.set_narrow(narrow)

    # ---- reading

    @override
    def load(self) -> None:
        self._reading.run(safety, self.context.store, self.context.backup_folder, on_done=self._show)

    @override
    def showEvent(self, event: QShowEvent) -> None:
        """A backup made meanwhile and a stick plugged in meanwhile are no changes of the ledger: look each time."""
        self._stale = True
        super().showEvent(event)
        if StickPart in self._parts:
            self.stick.look()

    def _show(self, found: Safety) -> None:
        last = stored_moment_words(found.present.last_entry, self.context.clock.today())
        self.header.set_fact(f"现在 {found.present.children} 名儿童，最近一条 {last}")
        counts = {BACKUPS: len(found.backups), HANDOVERS: len(found.handovers), BIN: len(found.bin)}
        for key, count in counts.items():
            self.segments.set_words(key, f"{_CAPTIONS[key]} {count}" if count else _CAPTIONS[key])
        self._found = found
        for part in self._parts.values():
            if not isinstance(part, StickPart):
                part.show_safety(found)
        # A disk unplugged meanwhile is no change of the ledger: the line below must not go on naming its backup.
        self.context.navigation.refresh_status()

    # ---- going about

    @override
    def open_with(self, **params: Any) -> None:
        part = str(params.get("part", BACKUPS))
        self.segments.set_current(part)
        self._show_part(part)

    def _show_part(self, key: str) -> None:
        self._stack.setCurrentWidget(self._part(_KINDS[key]))

    @override
    def breakpoint_changed(self, breakpoint_: Breakpoint) -> None:
        for part in self._parts.values():
            self._set_narrow(part)

    @override
    def focus_first(self) -> None:
        self._part(_KINDS[self.segments.current]).take_focus()

    @override
    def side_stops(self) -> tuple[QWidget, ...]:
        return (self.segments, self._stack.currentWidget())

    @override
    def foot_height(self) -> int:
        return self.backups.foot_height()
