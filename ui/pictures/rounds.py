"""A walk through pages of an open ledger: each is drawn when nothing is under way any more."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field
from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QCursor
from typing_extensions import override

from ui.dialogs import Dialogs
from ui.pages import all_pages
from ui.shell.page import Page
from ui.shell.program import Program
from ui.shell.sitting import Sitting
from ui.shell.window import MainWindow
from ui.widgets.dialog import Panel

if TYPE_CHECKING:
    from ui.shell.start import Problem

CALM = 120
"""Milliseconds without work after which a page is drawn."""


class SilentDialogs(Dialogs):
    """Nobody is there to answer: every question gets its safe answer."""

    @override
    def open_panel(self, panel: Panel, on_choice: Callable[[str], object]) -> None:
        on_choice(panel.safe)
        panel.deleteLater()


class Shot(Struct, frozen=True):
    """One picture: the page and what it is opened with; `with_example` adds the page's own example.

    `high` is the height of the window for this one, 0 that of the round.
    """

    name: str
    page: str
    params: dict[str, Any] = field(default_factory=dict)
    with_example: bool = True
    high: int = 0


def every_page() -> list[Shot]:
    """All pages, and the parts of each."""
    return [
        Shot("-".join(filter(None, (spec.name, part))), spec.name, {"part": part} if part else {})
        for spec in all_pages()
        for part in ("", *spec.parts)
    ]


class PictureRound(QObject):
    """Shows one shot after the other in the program's window, hands each to `drawn(name, window)`, then ends the program.

    `lines` tell what went wrong, `code` 2 with it. `drawn` may keep the round at a page by returning True: it is asked
    again when all is calm.
    """

    def __init__(
        self,
        program: Program,
        shots: Sequence[Shot],
        drawn: Callable[[Shot, MainWindow], object],
        *,
        size: tuple[int, int],
    ) -> None:
        super().__init__()
        # Without a screen the pointer stands in the corner, on the first entry of the rail.
        QCursor.setPos(-1, -1)
        self._program = program
        self._left = list(shots)
        self._drawn = drawn
        self._size = size
        self._shot: Shot | None = None
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
        self._next()

    def _next(self) -> None:
        sitting = self._program.sitting
        if sitting is None:
            return
        if not self._left:
            sitting.end(keep_backup=False)
            return
        shot = self._shot = self._left.pop(0)
        spec = next(spec for spec in all_pages() if spec.name == shot.page)
        if spec.example is None or not shot.with_example:
            self._open(shot, {})
        else:
            sitting.context.read(spec.example, on_done=partial(self._open, shot))

    def _open(self, shot: Shot, example: dict[str, Any]) -> None:
        if self._program.sitting is not None:
            self._settled = False
            self._program.sitting.window.resize(self._size[0], shot.high or self._size[1])
            self._program.sitting.window.open_page(shot.page, **{**example, **shot.params})
            self._calm.start()

    def _stirred(self, _busy: bool) -> None:
        """What an answer brought is not laid out yet: wait anew."""
        self._settled = False
        if self._calm.isActive():
            self._calm.start()

    def _draw_if_calm(self) -> None:
        sitting = self._program.sitting
        if sitting is None or self._shot is None:
            return
        page = sitting.window.current_page()
        is_made = not isinstance(page, Page) or page.is_whole
        if self._program.jobs.busy or not self._settled or not is_made:
            # Once more round the event loop: what has just come in is laid out by then.
            self._settled = not self._program.jobs.busy and is_made
            self._calm.start()
            return
        if self._drawn(self._shot, sitting.window):
            self._settled = False
            self._calm.start()
        else:
            self._next()

    def _failed(self, error: BaseException) -> None:
        self.lines.append(f"{self._shot.name if self._shot else ''}: {type(error).__name__} {error}")
        self.code = 2
        self._next()

    def _refused(self, problem: Problem) -> None:
        self.lines.append("".join(problem.parts))
        self.code = 2
        self._program.leave()
