"""A suggestion is worked out beside the window: read on the storage thread, dealt out on another one, stopped at will."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial

from msgspec.structs import replace
from PySide6.QtCore import QObject, Signal

from app.core.errors import Cancelled
from app.pairing.codes import PairingKind
from app.pairing.suggest import Situation, read_situation, suggest
from ui.context import Context
from ui.jobs import Job
from ui.widgets import ProgressFooter, Verb

_STAY, _DEAL = "stay", "deal"


class Suggesting(QObject):
    """`begin(kind)`; `arrived(Suggestion)` when it is there."""

    arrived = Signal(object)

    def __init__(self, context: Context, progress: ProgressFooter, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._progress = progress
        self._job: Job | None = None
        self._children: frozenset[str] = frozenset()
        progress.stopped.connect(self._stop)

    def begin(self, kind: PairingKind, children: Collection[str], move: Collection[str] = ()) -> None:
        """Ask for the fairest pairs of this kind for these children only: those she has before her.

        `move` are the pairs (uuid) that may be given to somebody else too: none unless she asked for it. A second
        press while one is under way asks nothing.
        """
        if self._job is not None:
            return
        self._children = frozenset(children)
        self._progress.begin("正在排建议", "停下后，什么都没有改。")
        self._job = self._context.read(
            read_situation,
            self._context.clock.today(),
            kind,
            move_existing=tuple(move),
            on_done=self._read,
            on_error=self._failed,
        )

    def ask_to_move(self, kind: PairingKind, children: Collection[str], pairs: Collection[str]) -> None:
        """Pairs that are there are dealt out anew only when she says so; then as `begin`."""
        if self._context.read_only:
            return
        if not pairs:
            self._context.navigation.toast(f"还没有{kind.label}的结对，排一份建议就可以。")
            return
        self._context.dialogs.ask(
            f"已有的 {len(pairs)} 对{kind.label}也放进来一起排？",
            (
                "能不动的不动；要换人的，名单里写明现在是谁、换给谁。",
                "排出来只是草稿：勾选、接受以前，什么都不改。",
            ),
            [Verb(_STAY, "先不动"), Verb(_DEAL, "一起排一份草稿")],
            partial(self._answered, kind, tuple(children), tuple(pairs)),
        )

    def _answered(
        self, kind: PairingKind, children: tuple[str, ...], pairs: tuple[str, ...], key: str
    ) -> None:
        if key == _DEAL:
            self.begin(kind, children, pairs)

    def _read(self, situation: Situation) -> None:
        waiting = tuple(child for child in situation.waiting if child.now or child.uuid in self._children)
        self._job = self._context.jobs.work(
            suggest,
            replace(situation, waiting=waiting),
            on_done=self._done,
            on_error=self._failed,
            on_progress=self._progress.step,
            owner=self,
        )

    def _done(self, found: object) -> None:
        self._job = None
        self._progress.end()
        self.arrived.emit(found)

    def _failed(self, error: BaseException) -> None:
        self._job = None
        self._progress.end()
        if not isinstance(error, Cancelled):
            self._context.errors.show(error)

    def _stop(self) -> None:
        if self._job is not None:
            self._job.cancel()
