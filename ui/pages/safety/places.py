"""Where a copy goes: the sticks that are plugged in, or a folder."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.storage.drives import Drive, DriveProbe, removable_drives
from ui import theme
from ui.context import Context
from ui.theme import Tone, Type
from ui.widgets import Link, Radio, Text
from ui.widgets.layout import column, empty_out, holder, row
from ui.wording import size_words


class Places(QWidget):
    """One radio per stick, and a folder as the way out. `chosen()` when `folder` changes."""

    chosen = Signal()

    def __init__(self, context: Context, probe: DriveProbe | None) -> None:
        super().__init__()
        m = theme.metrics()
        self._context = context
        self._probe = probe
        self._looking = context.jobs.latest(self)
        self._drives: list[Drive] = []
        self._other: Path | None = None
        self._radios: dict[Path, Radio] = {}
        self.folder: Path | None = None
        self._list = column(gap=m.s2)
        self.again = Link("再找一次", self.look)
        self.other = Link("换成文件夹…", self._choose_folder)
        self.setLayout(column(self._list, row(self.again, m.s8, self.other, None), gap=m.s4))
        self._list.addWidget(Text("正在找优盘…", tone=Tone.INK3))

    @property
    def is_protected(self) -> bool:
        """Whether a stick is plugged in that cannot be written because of its switch."""
        return any(drive.read_only for drive in self._drives)

    @property
    def where(self) -> str:
        """What the chosen place is called."""
        return "这个文件夹" if self.folder is not None and self.folder == self._other else "优盘"

    def look(self) -> None:
        """Look what is plugged in now."""
        self._looking.work(removable_drives, self._probe, on_done=self._found)

    def _found(self, drives: list[Drive]) -> None:
        self._drives = drives
        paths = [drive.path for drive in drives if not drive.read_only]
        if self.folder not in (*paths, self._other):
            self.folder = None
        if self.folder is None and len(paths) == 1:
            self.folder = paths[0]
        self._show()
        self.chosen.emit()

    def _choose_folder(self) -> None:
        folder = self._context.dialogs.folder("拷到哪个文件夹", start=self.folder)
        if folder is not None:
            self._other = self.folder = folder
            self._show()
            self.chosen.emit()

    def _show(self) -> None:
        empty_out(self._list)
        self._radios = {}
        for drive in self._drives:
            self._list.addWidget(self._drive_line(drive))
        if self._other is not None:
            self._list.addWidget(self._line(self._other, f"文件夹 {self._other}", ""))
        if not self._radios:
            words = "没有找到优盘。插好以后点「再找一次」；电脑认不出来，可以换成文件夹。"
            self._list.addWidget(Text(words, tone=Tone.OCHRE, wrap=True))

    def _drive_line(self, drive: Drive) -> QWidget:
        where = str(drive.path).rstrip("\\/")
        name = where if drive.label in ("", str(drive.path)) else f"{drive.label}（{where}）"
        if drive.read_only:
            note = "写保护，不能拷：请看侧面的小开关"
        else:
            note = f"还有 {size_words(drive.free)}，共 {size_words(drive.total)}"
        return self._line(drive.path, name, note, enabled=not drive.read_only)

    def _line(self, path: Path, words: str, note: str, *, enabled: bool = True) -> QWidget:
        radio = Radio(words, checked=path == self.folder)
        # Each stands in a holder of its own, so which one is on is kept here and not by Qt.
        radio.setAutoExclusive(False)
        radio.setEnabled(enabled)
        radio.clicked.connect(partial(self._pick, path))
        self._radios[path] = radio
        tone = Tone.INK2 if enabled else Tone.OCHRE
        return holder(row(radio, Text(note, Type.SMALL, tone), None, gap=theme.metrics().s8))

    def _pick(self, path: Path, _checked: bool = False) -> None:
        self.folder = path
        for other, radio in self._radios.items():
            radio.setChecked(other == path)
        self.chosen.emit()

    def take_focus(self) -> None:
        """Put the keyboard on what is chosen, else on looking again."""
        radio = self._radios.get(self.folder) if self.folder else None
        (radio or self.again).setFocus()
