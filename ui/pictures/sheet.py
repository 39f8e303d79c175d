"""One sheet with every page, panel and start screen on it, to be looked at: what repeats, what is cut, what stands out.

    python -m ui.pictures.sheet OUT_DIR [DB]       # every size below; without DB the demo school
    python -m ui.pictures.sheet PLACE DB WIDTH HEIGHT LETTERS [PAGE …]       # one size, as QT_SCALE_FACTOR says

The sizes: 1366 × 768 at 100 and 150 %, the same with letters of 125 %, 1920 × 1080.
Each size gives a folder of pictures and one `sheet-…png`. What is cut, and what takes the keyboard without a name for a screen
reader, is listed, and the program ends with 1.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from pathlib import Path

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QWidget

from app.core.clock import FixedClock
from app.core.messages import fault
from app.tasks.demo import make_demo
from ui import theme
from ui.main import make_application
from ui.pages import all_pages
from ui.pictures.panels import CatchingDialogs, Presser
from ui.pictures.rounds import PictureRound, Shot, every_page
from ui.pictures.scenes import all_scenes
from ui.pictures.stage import HoldingDialogs, Stage
from ui.pictures.starts import draw_starts
from ui.pictures.worn import wear
from ui.shell.first_run import FirstRun, NewSchoolPanel
from ui.shell.place import proposed_here
from ui.shell.program import Program
from ui.shell.restoring import PassphrasePanel
from ui.shell.sitting import Sitting
from ui.shell.start import HEADS, Problem, ProblemScreen, StartScreen
from ui.shell.start_window import StartWindow
from ui.theme import Tone, Type
from ui.walk import Walk
from ui.widgets.cuts import cuts_of
from ui.widgets.dialog import Panel
from ui.widgets.spoken import nameless

SIZES = ((1.0, 1366, 688, 1.0), (1.5, 911, 432, 1.0), (1.0, 1920, 1000, 1.0), (1.0, 1366, 688, 1.25))
"""Scale of the screen, the room in the window, and how much larger the system shows its letters (Windows: 文本大小)."""
FRAME = 80
"""What title bar and task bar of the system take of a screen's height."""
MOMENT = datetime(2026, 11, 20, 10, 42)  # noqa: DTZ001 - the day of the pictures, on the school's clock
SECTIONS = tuple(
    Shot(f"settings-{section}", "settings", {"section": section})
    for section in ("staff", "classes", "calendar", "rule", "cadences", "events", "limits", "display")
)
SCENES, STARTS = "scenes", "starts"
"""Stand among the names of pages for what takes more than one press, and for the start over files in every state."""
ACROSS = 5
WIDTH = 480
CAPTION = 22


class Album:
    """Saves pictures and what is cut on each; `sheet()` puts all of them on one."""

    def __init__(self, folder: Path, high: int) -> None:
        self._folder = folder
        self._high = high
        self._names: list[str] = []
        self.lines: list[str] = []
        folder.mkdir(parents=True, exist_ok=True)

    def tell(self, words: str) -> None:
        """Something that is wrong and to be seen on no picture."""
        self.lines.append(words)

    def keep(self, name: str, widget: QWidget) -> None:
        self.lines += [f"{name}: {c.where}「{c.text}」要 {c.needs}，只有 {c.has}" for c in cuts_of(widget)]
        self.lines += [f"{name}: 没有名称 {one}" for one in nameless(widget)]
        widget.grab().save(str(self._folder / f"{name}.png"))
        self._names.append(name)

    def keep_panel(self, name: str, panel: QWidget) -> None:
        """A panel, which has to fit the window it stands before."""
        self.keep(name, panel)
        if panel.height() > self._high:
            self.lines.append(f"{name}: 高 {panel.height()}，窗口只有 {self._high}")

    def keep_open(self, name: str, picture: QPixmap, cut: list[str]) -> None:
        """A picture that was put together, with what is cut on it."""
        self.lines += [f"{name}: {line}" for line in cut]
        picture.save(str(self._folder / f"{name}.png"))
        self._names.append(name)

    @property
    def count(self) -> int:
        """How many pictures there are."""
        return len(self._names)

    def sheet(self, target: Path) -> None:
        """Rows of equal width, each picture under its name; a panel keeps the size it has beside a page."""
        pictures = [(name, QPixmap(str(self._folder / f"{name}.png"))) for name in self._names]
        widest = max(picture.width() for _, picture in pictures)
        small = [
            (
                name,
                picture.scaledToWidth(
                    max(WIDTH * picture.width() // widest, 1), Qt.TransformationMode.SmoothTransformation
                ),
            )
            for name, picture in pictures
        ]
        rows = [small[at : at + ACROSS] for at in range(0, len(small), ACROSS)]
        heights = [max(picture.height() for _, picture in row) + CAPTION + CAPTION // 2 for row in rows]
        whole = QImage(QSize(ACROSS * (WIDTH + CAPTION), sum(heights)), QImage.Format.Format_RGB32)
        whole.fill(theme.colour(Tone.SUNK))
        with QPainter(whole) as painter:
            painter.setFont(theme.font(Type.SMALL))
            top = 0
            for row, height in zip(rows, heights, strict=True):
                for place, (name, picture) in enumerate(row):
                    left = place * (WIDTH + CAPTION)
                    painter.drawText(QRect(left, top, WIDTH, CAPTION), Qt.AlignmentFlag.AlignVCenter, name)
                    painter.drawPixmap(QPoint(left, top + CAPTION), picture)
                top += height
        whole.save(str(target))


def _start_screens(album: Album, size: tuple[int, int]) -> None:
    window = StartWindow()
    window.resize(*size)
    screens: list[tuple[str, StartScreen]] = [("start-first", FirstRun(proposed_here(), MOMENT.date()))]
    for key in HEADS:
        try:
            told = fault(key)
        except KeyError:  # filled in with what was found: those come with a real file only
            continue
        screens.append((f"start-{key}", ProblemScreen(Problem.of(told), MOMENT.date())))
    for name, screen in screens:
        window.show_screen(screen)
        album.keep(name, window)
    for name, panel in (
        ("start-first-新建学校", NewSchoolPanel(window, "建好，去导入")),
        ("start-口令", PassphrasePanel(window)),
    ):
        panel.setModal(False)
        panel.show()
        album.keep_panel(name, panel)
        panel.reject()
    window.close()


def _at_home_in(room: Path, size: tuple[int, int]) -> None:
    """What is chosen and typed here is kept there, nobody's own choices are seen, and the screen is as large as meant."""
    for name in ("HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA"):
        os.environ[name] = str(room)
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
        os.environ.pop(name, None)
    if os.environ.get("QT_QPA_PLATFORM") == "offscreen":
        # Without a word Qt's screen is 800 × 800: lists and menus would hang where no screen has them.
        scale = float(os.environ.get("QT_SCALE_FACTOR", "1"))
        wide, high = round(size[0] * scale), round((size[1] + FRAME) * scale)
        screen = {"name": "1", "x": 0, "y": 0, "width": wide, "height": high, "dpr": 1}
        dots = {"logicalDpi": 96, "logicalBaseDpi": 96}
        file = room / "screen.json"
        file.write_text(json.dumps({"screens": [screen | dots]}), encoding="utf-8")
        os.environ["QT_QPA_PLATFORM"] = f"offscreen:configfile={file}"


def _draw(folder: Path, file: Path, room: tuple[int, int, float], only: Sequence[str]) -> int:
    width, height, letters = room
    app = make_application([])
    # The letters of the system and the 字号 multiply into one factor.
    theme.install(app, letters)
    album = Album(folder, height)
    _start_screens(album, (width, height))
    dialogs = CatchingDialogs()
    presser = Presser(dialogs, album.keep, album.keep_panel)
    program = Program(all_pages(), FixedClock(MOMENT), settings_file=None, dialogs=dialogs)
    shots = [shot for shot in (*every_page(), *SECTIONS) if not only or shot.name in only]
    work = PictureRound(program, shots, presser.drawn, size=(width, height))
    program.errors.install()
    program.start(file)
    app.exec()
    kinds = set(presser.kinds)
    if not only or SCENES in only:
        kinds |= _draw_scenes(album, file, (width, height))
    if not only or STARTS in only:
        with tempfile.TemporaryDirectory() as place:
            draw_starts(album, Path(place), FixedClock(MOMENT), (width, height))
    sys.stdout.write(f"{folder.name}: {album.count} pictures, {len(kinds)} kinds of panels\n")
    album.sheet(folder.parent / f"sheet-{folder.name}.png")
    for line in (*work.lines, *album.lines):
        sys.stdout.write(line + "\n")
    return work.code or (1 if album.lines else 0)


def _draw_scenes(album: Album, file: Path, size: tuple[int, int]) -> set[type[Panel]]:
    """What takes more than one press, on a copy of the ledger that was in use; the kinds of panels that were seen."""
    clock = FixedClock(MOMENT)
    with tempfile.TemporaryDirectory() as room:
        worn = Path(shutil.copyfile(file, Path(room) / "守望.db"))
        known = wear(worn, clock)
        dialogs = HoldingDialogs()
        program = Program(all_pages(), clock, settings_file=None, dialogs=dialogs)
        stage = Stage(program, dialogs, album)
        stage.known.update(known)
        walk = Walk(all_scenes(stage, album.tell))
        program.errors.install()
        program.errors.shown.connect(partial(_note, album, stage))
        program.sat_down.connect(partial(_set_the_stage, walk, size))
        walk.ended.connect(partial(_leave_stage, album, program))
        program.start(worn)
        QApplication.exec()
    return stage.kinds


def _set_the_stage(walk: Walk, size: tuple[int, int], sitting: Sitting) -> None:
    sitting.window.showNormal()
    sitting.window.resize(*size)
    walk.begin()


def _note(album: Album, stage: Stage, error: BaseException) -> None:
    album.tell(f"{stage.scene}: {type(error).__name__} {error}")


def _leave_stage(album: Album, program: Program, failure: BaseException | None) -> None:
    if failure is not None:
        album.tell(f"scenes: {type(failure).__name__} {failure}")
    if program.sitting is not None:
        program.sitting.end(keep_backup=False)


def main(words: Sequence[str] | None = None) -> int:
    """Draw every size, each in a process of its own: Qt takes its scale only once."""
    words = list(sys.argv[1:] if words is None else words)
    if not words or words[0].startswith("-"):
        sys.stdout.write(__doc__ or "")
        return 2
    if len(words) >= 5:
        with tempfile.TemporaryDirectory() as home:
            size = int(words[2]), int(words[3])
            _at_home_in(Path(home), size)
            return _draw(Path(words[0]), Path(words[1]), (*size, float(words[4])), words[5:])
    folder = Path(words[0])
    with tempfile.TemporaryDirectory() as room:
        file = Path(words[1]) if len(words) > 1 else Path(room) / "守望.db"
        if not file.exists():
            make_demo(file, clock=FixedClock(MOMENT))
        return max(_draw_elsewhere(folder, file, *size) for size in SIZES)


def _draw_elsewhere(folder: Path, file: Path, scale: float, width: int, height: int, letters: float) -> int:
    tail = "" if letters == 1.0 else f"-letters{round(letters * 100)}"
    place = folder / f"{width}x{height}-{round(scale * 100)}{tail}"
    environment = os.environ | {"QT_SCALE_FACTOR": str(scale), "QT_QPA_PLATFORM": "offscreen"}
    size = [str(width), str(height), str(letters)]
    command = [sys.executable, "-m", "ui.pictures.sheet", str(place), str(file), *size]
    return subprocess.run(command, check=False, env=environment).returncode


if __name__ == "__main__":
    sys.exit(main())
