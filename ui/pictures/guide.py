"""The pictures of the printed guide, drawn from a demo school, and where on each the words lie that the guide points at.

    python -m ui.pictures.guide [OUT_DIR]        # resources/guide

Ends with 1 when a word that the guide names does not stand on its picture: then the guide or the page is to be mended.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import cast

from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget

from app.core.clock import DayClock, FixedClock
from app.storage.backups import Reason, make_backup
from app.storage.data_place import Proposal
from app.storage.store import Store
from app.tasks.demo import make_demo
from app.tasks.guide import GUIDE_PICTURES, guide_words
from ui import theme
from ui.main import make_application
from ui.pages import all_pages
from ui.pictures.rounds import PictureRound, Shot, SilentDialogs
from ui.shell.first_run import FirstRun
from ui.shell.place import Proposed
from ui.shell.program import Program
from ui.shell.start_window import StartWindow

SIZE = (1352, 589)
"""A small window with the usual arrangement: on A4 its words can still be read."""
SCALE = 1.25
COLOURS = 255
MOMENT = datetime(2026, 11, 20, 10, 42)  # noqa: DTZ001 - the day of the pictures, on the school's clock
DATA, BACKUPS = Path("D:\\守望数据"), Path("C:\\守望备份")
SHOTS = (
    Shot("today", "today"),
    Shot("ledger", "ledger"),
    Shot("child", "child"),
    Shot("record", "record"),
    Shot("calls", "calls"),
    Shot("backups", "safety"),
    Shot("stick", "safety", {"part": "stick"}),
)


class GuidePictures:
    """Saves each picture small and notes the places of the words that the guide marks on it."""

    def __init__(self, folder: Path, room: Path) -> None:
        self._folder = folder
        self._room = room
        self.places: dict[str, dict[str, list[float]]] = {}
        self.missing: list[str] = []
        self._marked = {
            block.picture: [words for words, _ in block.marks]
            for page in guide_words().pages
            for block in page.blocks
        }

    def draw(self, shot: Shot, window: QWidget) -> None:
        self.keep(shot.name, window)

    def keep(self, name: str, window: QWidget) -> None:
        """Save what the window shows, and where on it each marked word begins, as shares of its width and height."""
        _as_in_a_school(window, self._room)
        picture = window.grab()
        _save_small(picture, self._folder / f"{name}.png")
        found = {words: place_of(window, words) for words in self._marked.get(name, ())}
        self.missing += [f"{name}: {words}" for words, place in found.items() if place is None]
        self.places[name] = {
            words: [
                round(max(place.left() - theme.metrics().s4, 0) / window.width(), 4),
                round(place.top() / window.height(), 4),
            ]
            for words, place in found.items()
            if place is not None
        }

    def write(self) -> None:
        """Write the places beside the pictures."""
        words = json.dumps(self.places, ensure_ascii=False, indent=1, sort_keys=True)
        (self._folder / "places.json").write_text(words + "\n", encoding="utf-8")


def place_of(window: QWidget, words: str) -> QRect | None:
    """Where a button, link or label with these words is seen in the window; None when it is not."""
    for widget in cast("list[QWidget]", window.findChildren(QWidget)):
        text = widget.text() if isinstance(widget, QAbstractButton | QLabel) else ""
        if text.startswith(words) and widget.isVisible():
            seen = widget.visibleRegion().boundingRect()
            if not seen.isEmpty():
                return QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())
    return None


def _save_small(picture: QPixmap, path: Path) -> None:
    """With its commonest colours only: a screen has not many more, and the program carries the pictures along."""
    whole = picture.toImage().convertToFormat(QImage.Format.Format_RGB32)
    seen = Counter(memoryview(whole.constBits()).cast("I"))
    few = whole.convertToFormat(
        QImage.Format.Format_Indexed8, [colour for colour, _ in seen.most_common(COLOURS)]
    )
    if not few.save(str(path), "PNG"):  # type: ignore[call-overload]  # the stub knows bytes only
        raise OSError(f"{path.name} was not written")


def _as_in_a_school(window: QWidget, room: Path) -> None:
    """The folder in which the demo school lies while it is drawn is called as it would be called there."""
    for label in cast("list[QLabel]", window.findChildren(QLabel)):
        if str(room) in label.text():
            label.setText(label.text().replace(str(room), str(DATA)))


def _demo(path: Path) -> None:
    """A demo school with the backups of three days beside it."""
    make_demo(path, clock=FixedClock(MOMENT))
    for days in (2, 1, 0):
        with Store.open(path, clock=FixedClock(MOMENT - timedelta(days=days))) as store:
            make_backup(store, reason=Reason.CLOSE if days else Reason.BY_HAND)


def _first_run(pictures: GuidePictures) -> None:
    """The first screen, as a school's PC with two disks shows it."""
    window = StartWindow()
    window.resize(*SIZE)
    proposal = Proposal(DATA, "不是系统盘，重装系统不会动它。", BACKUPS, "和数据不在同一个盘上。")
    window.show_screen(FirstRun(Proposed(proposal), MOMENT.date()))
    pictures.keep("first", window)
    window.close()


def main(words: Sequence[str] | None = None) -> int:
    """Draw; return 1 when a marked word is not on its picture, 2 when a page could not be drawn."""
    words = list(sys.argv[1:] if words is None else words)
    folder = Path(words[0]) if words else GUIDE_PICTURES
    folder.mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ["QT_SCALE_FACTOR"] = str(SCALE)
    app = make_application([])
    theme.install(app, 1.0)
    with tempfile.TemporaryDirectory() as room:
        pictures = GuidePictures(folder, Path(room))
        file = Path(room) / "守望.db"
        _demo(file)
        _first_run(pictures)
        program = Program(all_pages(), DayClock(MOMENT.date()), settings_file=None, dialogs=SilentDialogs())
        work = PictureRound(program, SHOTS, pictures.draw, size=SIZE)
        program.errors.install()
        program.start(file)
        app.exec()
    pictures.write()
    for line in (*work.lines, *pictures.missing):
        sys.stdout.write(line + "\n")
    return work.code or (1 if pictures.missing else 0)


if __name__ == "__main__":
    sys.exit(main())
