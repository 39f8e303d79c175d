"""Pictures of every page, and a list of everything that is cut on them.

    python -m ui.pictures OUT_DIR DB                          # 100, 125 and 150 % of a 1366 × 768 screen
    python -m ui.pictures OUT_DIR DB --width 1920 --height 1000 --scale 1 --font 1.15

Runs without a screen. Ends with 1 when a label, button, head, hint or painted cell is wider than its place.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer
from typing_extensions import override

from app.core.clock import DayClock, SystemClock
from ui import theme
from ui.dialogs import Dialogs
from ui.main import make_application
from ui.pages import all_pages
from ui.shell.page import Page, PageSpec
from ui.shell.program import Program
from ui.shell.sitting import Sitting
from ui.widgets.cuts import cuts_of
from ui.widgets.dialog import Panel

if TYPE_CHECKING:
    from ui.shell.start import Problem

SCREENS = ((1.0, 1366, 688), (1.25, 1093, 534), (1.5, 911, 432))
"""Windows' scaling and the client area a maximised window then has on 1366 × 768."""


CALM = 120
"""Milliseconds without work after which a page is drawn."""


class SilentDialogs(Dialogs):
    """Nobody is there to answer: every question gets its safe answer."""

    @override
    def open_panel(self, panel: Panel, on_choice: Callable[[str], object]) -> None:
        on_choice(panel.safe)
        panel.deleteLater()


def _arguments(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="ui.pictures", description="把每一页画成图片，并列出显示不全的文字")
    parser.add_argument("folder", type=Path, help="放图片的文件夹")
    parser.add_argument("file", type=Path, help="数据文件，例如演示学校")
    parser.add_argument("--width", type=int, help="窗口内宽（逻辑像素）")
    parser.add_argument("--height", type=int, help="窗口内高（逻辑像素）")
    parser.add_argument("--scale", type=float, help="系统缩放，如 1.25；不写就画 1、1.25、1.5 三套")
    parser.add_argument("--font", type=float, default=1.0, help="字号，如 1.15")
    parser.add_argument("--today", type=date.fromisoformat, help="把今天当作这一天（YYYY-MM-DD）")
    return parser.parse_args(words)


def main(words: Sequence[str] | None = None) -> int:
    """Draw; return 1 when something is cut, 2 when the file cannot be opened."""
    words = list(sys.argv[1:] if words is None else words)
    wanted = _arguments(words)
    if wanted.scale is None and wanted.width is None:
        return max(_draw_elsewhere(words, *screen) for screen in SCREENS)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ["QT_SCALE_FACTOR"] = str(wanted.scale or 1.0)
    return _draw(wanted)


def _draw_elsewhere(words: Sequence[str], scale: float, width: int, height: int) -> int:
    """Qt takes its scale only once per process."""
    size = ["--scale", str(scale), "--width", str(width), "--height", str(height)]
    command = [sys.executable, "-m", "ui.pictures", *words, *size]
    return subprocess.run(command, check=False).returncode


class PictureRound(QObject):
    """Walks through all pages of an open ledger; each is drawn when nothing is under way any more."""

    def __init__(self, program: Program, folder: Path, tail: str, size: tuple[int, int]) -> None:
        super().__init__()
        self._program = program
        self._folder = folder
        self._tail = tail
        self._size = size
        self._left: list[tuple[PageSpec, str]] = []
        self._shown = ""
        self._part = ""
        self._settled = False
        self._calm = QTimer(self)
        self._calm.setSingleShot(True)
        self._calm.setInterval(CALM)
        self._calm.timeout.connect(self._draw_if_calm)
        self.lines: list[str] = []
        self.code = 0
        program.sat_down.connect(self._begin)
        program.jobs.busy_changed.connect(self._stirred)
        program.refused.connect(self._refused)
        program.errors.shown.connect(self._failed)

    def _begin(self, sitting: Sitting) -> None:
        sitting.window.showNormal()
        sitting.window.resize(*self._size)
        self._left = [(spec, part) for spec in all_pages() for part in ("", *spec.parts)]
        self._next()

    def _next(self) -> None:
        sitting = self._program.sitting
        if sitting is None:
            return
        if not self._left:
            sitting.end(keep_backup=False)
            return
        spec, self._part = self._left.pop(0)
        self._shown = spec.name
        if spec.example is None:
            self._open({})
        else:
            sitting.context.read(spec.example, on_done=self._open)

    def _open(self, params: dict[str, Any]) -> None:
        if self._program.sitting is not None:
            self._settled = False
            part = {"part": self._part} if self._part else {}
            self._program.sitting.window.open_page(self._shown, **params, **part)
            self._calm.start()

    def _stirred(self, _busy: bool) -> None:
        """What an answer brought is not laid out yet: wait anew."""
        self._settled = False
        if self._calm.isActive():
            self._calm.start()

    def _draw_if_calm(self) -> None:
        sitting = self._program.sitting
        if sitting is None:
            return
        page = sitting.window.current_page()
        is_made = not isinstance(page, Page) or page.is_whole
        if self._program.jobs.busy or not self._settled or not is_made:
            # Once more round the event loop: what has just come in is laid out by then.
            self._settled = not self._program.jobs.busy and is_made
            self._calm.start()
            return
        cuts = cuts_of(sitting.window)
        name = "-".join(word for word in (self._shown, self._part) if word) + self._tail
        sitting.window.grab().save(str(self._folder / f"{name}.png"))
        self.lines += [f"{name}: {c.where}「{c.text}」要 {c.needs}，只有 {c.has}" for c in cuts]
        self.code = max(self.code, 1 if cuts else 0)
        self._next()

    def _failed(self, error: BaseException) -> None:
        self.lines.append(f"{self._shown}: {type(error).__name__} {error}")
        self.code = 2
        self._next()

    def _refused(self, problem: Problem) -> None:
        self.lines.append("".join(problem.parts))
        self.code = 2
        self._program.leave()


def _draw(wanted: argparse.Namespace) -> int:
    wanted.folder.mkdir(parents=True, exist_ok=True)
    app = make_application([])
    theme.install(app, wanted.font)
    clock = DayClock(wanted.today) if wanted.today else SystemClock()
    program = Program(all_pages(), clock, settings_file=None, dialogs=SilentDialogs())
    percent = round((wanted.scale or 1.0) * 100)
    tail = ("" if percent == 100 else f"-{percent}") + ("" if wanted.font == 1.0 else f"-font{wanted.font:g}")
    size = (wanted.width or SCREENS[0][1], wanted.height or SCREENS[0][2])
    work = PictureRound(program, wanted.folder, tail, size)
    program.errors.install()
    program.start(wanted.file)
    app.exec()
    for line in work.lines:
        sys.stdout.write(line + "\n")
    return work.code


if __name__ == "__main__":
    sys.exit(main())
