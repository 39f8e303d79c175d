"""The start over real files in each state they can be found in: what the program says is kept as a picture.

What a machine must be broken for (a bad sector, a disk that may only be read, another program that holds the file) is
not here: those screens are drawn from their words alone (`ui.pictures.sheet`).
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import cast

from PySide6.QtWidgets import QApplication, QWidget

from app.core.clock import FixedClock
from app.core.paths import settings_file
from app.school.codes import SchoolKind
from app.school.service import add_staff
from app.storage.backups import make_backup
from app.storage.beside import Marker, write_marker
from app.storage.data_place import choose, ledger_path
from ui.pages import all_pages
from ui.pictures.stage import HoldingDialogs, Keeper
from ui.shell.first_run import NewSchool
from ui.shell.ledger import make_school, open_ledger
from ui.shell.program import Program
from ui.shell.restore_panel import GO
from ui.walk import NotSo, Steps, Walk
from ui.widgets import Button

_VERSION = slice(60, 64)
"""Where SQLite keeps the number of the data format in the first page of its files."""
_CALM = 8
"""So many looks in a row without work under way."""
_SCHOOL = NewSchool("青石坪镇中心小学", SchoolKind.PRIMARY, "陈素兰")


class Starts:
    """A school with a backup and two more saves, put into one state after the other in the folder `room`."""

    def __init__(self, room: Path, clock: FixedClock) -> None:
        self.path = ledger_path(room / "守望数据")
        self._backups = room / "备份"
        self._clock = clock
        choose(self.path.parent, self._backups)
        now = clock.now()
        make_school(self.path, FixedClock(now - timedelta(days=9)), _SCHOOL)
        self._save(now - timedelta(days=8, hours=1), ("李国平", "王秀兰"), then_back_up=True)
        self._save(now - timedelta(days=1, minutes=50), ("吴小兰",), then_back_up=True)
        self._before = self.path.read_bytes()
        self._save(now - timedelta(minutes=20), ("欧阳慕容雨桐", "张建国"), then_back_up=False)
        self._whole = self.path.read_bytes()

    def _save(self, at: datetime, names: tuple[str, ...], *, then_back_up: bool) -> None:
        """As the window does it: with the journal."""
        store = open_ledger(self.path, FixedClock(at), is_usual=True).store
        for name in names:
            add_staff(store, name=name, by=_SCHOOL.who)
        if then_back_up:
            make_backup(store, reason="by_hand", folder=self._backups)
        store.close()

    def _put(self, content: bytes | None) -> None:
        if content is None:
            self.path.unlink()
        else:
            self.path.write_bytes(content)

    def _one_version_older(self) -> bytes:
        return self._with_version(int.from_bytes(self._whole[_VERSION], "big") - 1)

    def _with_version(self, number: int) -> bytes:
        changed = bytearray(self._whole)
        changed[_VERSION] = number.to_bytes(4, "big")
        return bytes(changed)

    def _half_restored(self) -> None:
        kept = Path(f"{self.path}.before-restore-20261119_104200")
        shutil.copyfile(self.path, kept)
        source = next(self._backups.glob("*.db"))
        moment = self._clock.now() - timedelta(days=1)
        write_marker(
            self.path, Marker("restore", str(source), str(kept), moment.isoformat(timespec="seconds"))
        )

    def elsewhere(self) -> Path:
        """The same ledger in a folder that is not its place."""
        copy = self.path.parent.parent / "桌面" / self.path.name
        copy.parent.mkdir()
        return Path(shutil.copyfile(self.path, copy))

    def states(self) -> list[tuple[str, Callable[[], object]]]:
        """Name of the picture, and what is done to the file before the start."""
        half = self._whole[: len(self._whole) // 2]
        return [
            ("missing", partial(self._put, None)),
            ("empty", partial(self._put, b"")),
            ("overwritten", partial(self._put, b"PK\x03\x04" + bytes(4096))),
            ("newer-schema", partial(self._put, self._with_version(9999))),
            ("older-schema", partial(self._put, self._one_version_older())),
            ("corrupt", partial(self._put, half)),
            ("older-content", partial(self._put, self._before)),
            ("resume", self._half_restored),
        ]

    def whole(self) -> None:
        """The ledger as it was left, with nothing beside it that is half done."""
        self._put(self._whole)
        for beside in self.path.parent.glob(f"{self.path.name}.*"):
            beside.unlink()


def draw_starts(album: Keeper, room: Path, clock: FixedClock, size: tuple[int, int]) -> None:
    """Start the program over each state, keep what it shows, and leave; last restore one and keep what is said of it."""
    starts = Starts(room, clock)
    for name, make in starts.states():
        starts.whole()
        make()
        _draw_one(album, clock, size, partial(_first_screen, name))
    foreign = room / "别的.db"
    foreign.write_bytes(b"PK\x03\x04" + bytes(4096))
    _draw_one(album, clock, size, partial(_first_screen, "not-ours"), foreign)
    starts.whole()
    _draw_one(album, clock, size, partial(_first_screen, "other-path"), starts.elsewhere())
    starts.whole()
    starts.path.write_bytes(b"")
    _draw_one(album, clock, size, _restored)


def _draw_one(
    album: Keeper,
    clock: FixedClock,
    size: tuple[int, int],
    steps: Callable[[Program, HoldingDialogs, Keeper, tuple[int, int]], Steps],
    file: Path | None = None,
) -> None:
    dialogs = HoldingDialogs()
    program = Program(all_pages(), clock, settings_file=settings_file(), dialogs=dialogs)
    program.errors.install()
    walk = Walk(steps(program, dialogs, album, size))
    walk.ended.connect(partial(_leave, program, album))
    program.start(file)
    walk.begin()
    QApplication.exec()


def _leave(program: Program, album: Keeper, failure: BaseException | None) -> None:
    if failure is not None:
        album.tell(f"start: {type(failure).__name__} {failure}")
    if program.sitting is not None:
        program.sitting.end(keep_backup=False)
    else:
        program.leave()


class _Calm:
    """True when nothing has been under way for a while, and a window is there."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._looks = 0

    def __call__(self) -> bool:
        is_there = _window(self._program) is not None
        self._looks = self._looks + 1 if is_there and not self._program.jobs.busy else 0
        if self._looks < _CALM:
            return False
        self._looks = 0
        return True


def _sits(program: Program) -> bool:
    return program.sitting is not None


def _window(program: Program) -> QWidget | None:
    return program.sitting.window if program.sitting is not None else program.start_window


def _first_screen(
    name: str, program: Program, dialogs: HoldingDialogs, album: Keeper, size: tuple[int, int]
) -> Steps:
    """What is seen without a key pressed."""
    del dialogs
    calm = _Calm(program)
    yield calm
    yield from _shown(name, program, album, size, calm)


def _shown(name: str, program: Program, album: Keeper, size: tuple[int, int], calm: _Calm) -> Steps:
    window = _window(program)
    if window is not None:
        window.showNormal()
        window.resize(*size)
        yield calm
        album.keep(f"file-{name}", window)


def _restored(program: Program, dialogs: HoldingDialogs, album: Keeper, size: tuple[int, int]) -> Steps:
    """An empty file is replaced by the backup, with what the journal adds; the ledger says so until she has looked."""
    calm = _Calm(program)
    yield calm
    window = program.start_window
    buttons = cast("list[Button]", window.findChildren(Button) if window is not None else [])
    next(button for button in buttons if button.text() == "恢复这一份").click()
    yield calm
    for name in ("恢复这一份", "恢复以后"):
        panel = dialogs.front
        if panel is None:
            raise NotSo(f"nothing is asked: {name}")
        album.keep_panel(f"file-empty-{name}", panel)
        panel.answer(GO if GO in panel.buttons else panel.safe)
        yield calm
    yield partial(_sits, program)
    yield calm
    yield from _shown("restored", program, album, size, calm)
