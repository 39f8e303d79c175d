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
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from PySide6.QtWidgets import QWidget

from app.core.clock import DayClock, SystemClock
from ui import theme
from ui.main import make_application
from ui.pages import all_pages
from ui.pictures.rounds import PictureRound, Shot, SilentDialogs, every_page
from ui.shell.program import Program
from ui.widgets.cuts import cuts_of

SCREENS = ((1.0, 1366, 688), (1.25, 1093, 534), (1.5, 911, 432))
"""Windows' scaling and the client area a maximised window then has on 1366 × 768."""


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


class _Cuts:
    """Saves each page and notes what is cut on it."""

    def __init__(self, folder: Path, tail: str) -> None:
        self._folder = folder
        self._tail = tail
        self.lines: list[str] = []

    def draw(self, shot: Shot, window: QWidget) -> None:
        name = f"{shot.name}{self._tail}"
        window.grab().save(str(self._folder / f"{name}.png"))
        self.lines += [f"{name}: {c.where}「{c.text}」要 {c.needs}，只有 {c.has}" for c in cuts_of(window)]


def _draw(wanted: argparse.Namespace) -> int:
    wanted.folder.mkdir(parents=True, exist_ok=True)
    app = make_application([])
    theme.install(app, wanted.font)
    clock = DayClock(wanted.today) if wanted.today else SystemClock()
    program = Program(all_pages(), clock, settings_file=None, dialogs=SilentDialogs())
    percent = round((wanted.scale or 1.0) * 100)
    tail = ("" if percent == 100 else f"-{percent}") + ("" if wanted.font == 1.0 else f"-font{wanted.font:g}")
    size = (wanted.width or SCREENS[0][1], wanted.height or SCREENS[0][2])
    cuts = _Cuts(wanted.folder, tail)
    work = PictureRound(program, every_page(), cuts.draw, size=size)
    program.errors.install()
    program.start(wanted.file)
    app.exec()
    for line in (*work.lines, *cuts.lines):
        sys.stdout.write(line + "\n")
    return max(work.code, 1 if cuts.lines else 0)


if __name__ == "__main__":
    sys.exit(main())
