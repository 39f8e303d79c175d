"""Bringing a ledger of an older version to today's format, from the start screen; and clearing up after a cut."""

from __future__ import annotations

import logging
from collections.abc import Callable

from PySide6.QtCore import QObject

from app.core.errors import Cancelled, ShouwangError
from app.storage.upgrade import UpgradeResult, finish_upgrade, upgrade
from ui.jobs import Job
from ui.shell.restoring import Host
from ui.shell.start import UPGRADE_AGAIN, Problem, StartScreen
from ui.widgets import Verb

log = logging.getLogger("shouwang.window")


class Upgrading(QObject):
    """Works on `program.path` with no ledger open; ends by opening it."""

    def __init__(
        self,
        program: Host,
        show: Callable[[StartScreen], None],
        show_problem: Callable[[Problem], None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._program = program
        self._show = show
        self._show_problem = show_problem
        self._screen: StartScreen | None = None
        self._job: Job | None = None

    def begin(self) -> None:
        """开始升级: on a copy, proved, then put in place; the old one is used until then."""
        program = self._program
        leaves = "停下以后仍用原来的数据；断电也不怕，不是新的就是原来的"
        screen = self._begin("正在升级", "先看一遍：数据是好的才升级", leaves, can_stop=True)
        screen.progress.stopped.connect(self._stop)
        self._job = program.jobs.run(
            upgrade,
            program.path,
            backup_folder=program.backups_of(program.path),
            clock=program.clock,
            on_done=self._upgraded,
            on_error=self._failed,
            on_progress=self._step,
        )

    def finish(self) -> None:
        """A power cut came while the upgraded file was put in place: the ledger is whole, only clear up."""
        program = self._program
        self._begin("上次升级没有做完", "正在收尾", "数据是完整的，不是新格式就是原来的", can_stop=False)
        program.jobs.run(finish_upgrade, program.path, on_done=self._finished, on_error=self._failed)

    def _begin(self, head: str, words: str, leaves: str, *, can_stop: bool) -> StartScreen:
        screen = self._screen = StartScreen(head)
        self._show(screen)
        screen.progress.begin(words, leaves, can_stop=can_stop)
        return screen

    def _stop(self) -> None:
        """停下: some minutes for a large school; the question stands again, nothing has changed."""
        if self._job is not None:
            self._job.cancel()

    def _step(self, done: int, total: int, words: str) -> None:
        if self._screen is not None:
            self._screen.progress.step(done, total, words)

    def _upgraded(self, result: UpgradeResult | None) -> None:
        program = self._program
        if result is None:
            program.open(program.path)
            return
        if self._screen is not None:
            self._screen.head.setText("升级完成")
            self._screen.progress.end()
        lines = ["升级前的数据留了一份核对过的备份，下次升级以前不会清理。"]
        program.dialogs.ask(result.words, lines, [Verb("open", "打开")], self._open)

    def _open(self, _key: str) -> None:
        self._program.open(self._program.path)

    def _finished(self, _answer: object) -> None:
        self._program.open(self._program.path)

    def _failed(self, error: BaseException) -> None:
        """Say why on the screen itself: the old data are still in use, and it can be tried again."""
        if isinstance(error, Cancelled):
            self._program.open(self._program.path)
            return
        if not isinstance(error, ShouwangError):
            self._program.errors.show(error)
            self._program.leave()
            return
        log.warning("not upgraded: %s %s", error.key, error.code or "")
        what = f"{error.what}（代码 {error.code}）" if error.code else error.what
        if error.key != "storage.upgrade_failed":
            what = f"没有升级成，仍用原来的数据。{what}"
        verbs = ("先不升级，退出", UPGRADE_AGAIN)
        self._show_problem(Problem("storage.upgrade_failed", (what, error.safe, error.todo), verbs))
