"""The pictures of the printed guide, drawn from a demo school, and where on each the words lie that the guide points at.

    python -m ui.pictures.guide [OUT_DIR]        # resources/guide
    python -m ui.pictures.guide --check          # have the pictures there grown old?

Ends with 1 when a word that the guide names does not stand on its picture: then the guide or the page is to be mended;
with --check, also when a picture shows something else than the program does today: then they are to be drawn anew.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import cast

from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QStyle, QWidget

from app.core.clock import FixedClock
from app.paper.document import DISC_RADIUS
from app.paper.page import WIDTH
from app.storage.backups import Reason, make_backup
from app.storage.data_place import Proposal
from app.storage.store import Store
from app.tasks.demo import make_demo
from app.tasks.guide import GUIDE_PICTURES, guide_words
from ui import theme
from ui.main import make_application
from ui.pages import all_pages
from ui.pictures.badges import badge_at
from ui.pictures.rounds import PictureRound, Shot, SilentDialogs
from ui.shell.first_run import FirstRun
from ui.shell.place import Proposed
from ui.shell.program import Program
from ui.shell.start_window import StartWindow

SIZE = (1368, 596)
"""A small window with the usual arrangement: on A4 its words can still be read."""
HIGHER = 690
"""Where a form or a column at the side would be cut otherwise."""
LOWER = 500
"""The first screen, which leaves the rest of a window empty."""
SCALE = 1.25
FAINT, FEW = 48, 24
"""By so much (of 255) a dot may be lighter or darker, and so many dots by more: another build of Qt smooths letters otherwise."""
COLOURS = 255
MOMENT = datetime(2026, 11, 20, 10, 42)  # noqa: DTZ001 - the day of the pictures, on the school's clock
DATA, BACKUPS = Path("D:\\守望数据"), Path("C:\\守望备份")
SHOTS = (
    Shot("today", "today", high=HIGHER),
    Shot("ledger", "ledger"),
    Shot("child", "child"),
    Shot("record", "record"),
    Shot("calls", "calls", high=HIGHER),
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
        """Save what the window shows, and where on it the badge of each marked word goes, as shares of width and height."""
        _as_in_a_school(window, self._room)
        picture = window.grab()
        _save_small(picture, self._folder / f"{name}.png")
        image, scale = picture.toImage(), picture.devicePixelRatio()
        radius = round(DISC_RADIUS / WIDTH * image.width())
        badges: dict[str, QPoint] = {}
        for words in self._marked.get(name, ()):
            place = place_of(window, words)
            if place is None:
                self.missing.append(f"{name}: {words}")
                continue
            others, read = (
                [_in_dots(other, scale) for other in _others(window, place, kinds)]
                for kinds in ((QAbstractButton, QLineEdit), (QLabel,))
            )
            dots = _in_dots(place, scale)
            badges[words] = badge_at(image, dots, radius, list(badges.values()), others, read)
        self.places[name] = {
            words: [round(spot.x() / image.width(), 4), round(spot.y() / image.height(), 4)]
            for words, spot in badges.items()
        }

    def write(self) -> None:
        """Write the places beside the pictures."""
        words = json.dumps(self.places, ensure_ascii=False, indent=1, sort_keys=True)
        (self._folder / "places.json").write_text(words + "\n", encoding="utf-8")


def _in_dots(place: QRect, scale: float) -> QRect:
    return QRect(place.topLeft() * scale, place.size() * scale)


def _others(window: QWidget, place: QRect, kinds: Iterable[type[QWidget]]) -> list[QRect]:
    """Where everything else of these kinds lies that a reader could take a badge for."""
    found = []
    for kind in kinds:
        for widget in cast("list[QWidget]", window.findChildren(kind)):
            if widget.isVisible() and not widget.visibleRegion().isEmpty():
                other = _words_of(widget, window)
                if not other.isEmpty() and not other.intersects(place):
                    found.append(other)
    return found


def _words_of(widget: QWidget, window: QWidget) -> QRect:
    """Where a widget lies, or of a label its words only: it is often wider and higher than they are."""
    place = widget.rect()
    if isinstance(widget, QLabel):
        width = widget.fontMetrics().horizontalAdvance(widget.text())
        if width <= place.width():
            size = QSize(width, widget.fontMetrics().height())
            place = QStyle.alignedRect(widget.layoutDirection(), widget.alignment(), size, place)
    return place.translated(widget.mapTo(window, QPoint(0, 0)))


def place_of(window: QWidget, words: str) -> QRect | None:
    """Where a button, link or label with these words is seen in the window; None when it is not."""
    for widget in cast("list[QWidget]", window.findChildren(QWidget)):
        text = widget.text() if isinstance(widget, QAbstractButton | QLabel) else ""
        if text.startswith(words) and widget.isVisible() and not widget.visibleRegion().isEmpty():
            return _words_of(widget, window)
    return None


def _save_small(picture: QPixmap, path: Path) -> None:
    """With few colours only: a screen has not many more, and the program carries the pictures along."""
    whole = picture.toImage().convertToFormat(QImage.Format.Format_RGB32)
    seen = Counter(memoryview(whole.constBits()).cast("I"))
    few = whole.convertToFormat(QImage.Format.Format_Indexed8, few_colours(seen))
    if not few.save(str(path), "PNG"):  # type: ignore[call-overload]  # the stub knows bytes only
        raise OSError(f"{path.name} was not written")


def few_colours(seen: Counter[int]) -> list[int]:
    """Return at most 256 of the colours (ARGB → how many dots): the commonest, then those the others stand in for worst.

    A red figure or a green tick has few dots; with the commonest alone it would come out black.
    """
    chosen = [colour for colour, _ in seen.most_common(COLOURS // 2)]
    left = {
        colour: min(_differ(colour, one) for one in chosen) for colour in seen if colour not in set(chosen)
    }
    while left and len(chosen) < COLOURS:
        worst = max(left, key=lambda colour: (left[colour] * seen[colour], colour))
        chosen.append(worst)
        del left[worst]
        for colour, now in left.items():
            left[colour] = min(now, _differ(colour, worst))
    return chosen


def _differ(one: int, other: int) -> int:
    """How unlike two colours are: the sum of the squared differences of red, green and blue."""
    return sum(((one >> shift & 255) - (other >> shift & 255)) ** 2 for shift in (0, 8, 16))


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
    window.resize(SIZE[0], LOWER)
    proposal = Proposal(DATA, "不是系统盘，重装系统不会动它。", BACKUPS, "和数据不在同一个盘上。")
    window.show_screen(FirstRun(Proposed(proposal), MOMENT.date()))
    pictures.keep("first", window)
    window.close()


def main(words: Sequence[str] | None = None) -> int:
    """Draw or check; return 1 when a marked word is not on its picture or one is old, 2 when a page could not be drawn."""
    words = list(sys.argv[1:] if words is None else words)
    if words != ["--check"]:
        return draw(Path(words[0]) if words else GUIDE_PICTURES)
    with tempfile.TemporaryDirectory() as today:
        code = draw(Path(today))
        old = grown_old(GUIDE_PICTURES, Path(today)) if code == 0 else []
    for line in old:
        sys.stdout.write(f"{line}: draw it anew with python -m ui.pictures.guide\n")
    return code or (1 if old else 0)


def grown_old(kept: Path, today: Path) -> list[str]:
    """Return the names of the files in `kept` that show something else than those in `today`, or are not there."""
    old = [path.name for path in sorted(today.glob("*.png")) if _differs(kept / path.name, path)]
    same = _read(kept / "places.json") == _read(today / "places.json")
    gone = [path.name for path in sorted(kept.glob("*.png")) if not (today / path.name).is_file()]
    return [*old, *gone] if same else [*old, *gone, "places.json"]


def _read(path: Path) -> object:
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None


def _differs(one: Path, other: Path) -> bool:
    left, right = (QImage(str(path)).convertToFormat(QImage.Format.Format_RGB32) for path in (one, other))
    if left.size() != right.size():
        return True
    # Of each dot the green: most of what the eye takes for light or dark.
    dots, others = bytes(left.constBits())[1::4], bytes(right.constBits())[1::4]
    if dots == others:
        return False
    return sum(abs(dot - other) >= FAINT for dot, other in zip(dots, others, strict=True)) > FEW


def draw(folder: Path) -> int:
    """Draw into `folder`; return 1 when a marked word is not on its picture, 2 when a page could not be drawn."""
    folder.mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ["QT_SCALE_FACTOR"] = str(SCALE)
    app = make_application([])
    app.setCursorFlashTime(0)  # the caret stands: a picture is compared with one of another moment
    theme.install(app, 1.0)
    with tempfile.TemporaryDirectory() as room:
        pictures = GuidePictures(folder, Path(room))
        file = Path(room) / "守望.db"
        _demo(file)
        _first_run(pictures)
        program = Program(all_pages(), FixedClock(MOMENT), settings_file=None, dialogs=SilentDialogs())
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
