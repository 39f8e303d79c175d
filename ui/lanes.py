"""A piece of work on its way, and the thread that works off such pieces one after the other; ``ui.jobs`` hands them out."""

from __future__ import annotations

import queue
from collections import deque
from collections.abc import Callable
from typing import Any

import shiboken6
from msgspec import Struct
from PySide6.QtCore import QObject, QThread, Signal

from app.core.errors import Cancelled
from app.core.told import as_told
from app.storage.store import Store

OnDone = Callable[[Any], object]
OnError = Callable[[BaseException], object]
OnProgress = Callable[[int, int, str], object]


class Job(Struct, eq=False):
    """A piece of work on its way; `cancel()` asks it to stop and drops its answer."""

    work: Callable[[], Any]
    on_done: OnDone | None
    on_error: OnError | None
    on_progress: OnProgress | None
    owner: QObject | None
    lane: Lane | None = None
    after: Callable[[], object] | None = None
    reads: Store | None = None
    """The ledger it only looks at."""
    stop_asked: bool = False
    dropped: bool = False
    finished: bool = False

    def cancel(self) -> None:
        """Ask it to stop at its next step; it then ends with Cancelled."""
        self.stop_asked = True

    def drop(self) -> None:
        """Nobody wants the answer any more; work that has not begun never begins."""
        self.dropped = True
        self.stop_asked = True

    @property
    def is_too_late(self) -> bool:
        """True when the ledger it was to look at is put away: there is no answer, and nobody waits for one."""
        return self.reads is not None and self.reads.db.is_closed()

    @property
    def wanted(self) -> bool:
        """True while somebody is there for the answer."""
        return not self.dropped and (self.owner is None or shiboken6.isValid(self.owner))


class Lane(QThread):
    """One thread that works off its jobs one after the other."""

    done = Signal(object, object)
    failed = Signal(object, object)
    stepped = Signal(object, object, object, str)
    """The job, how much is done, of how much, in words. Counted in bytes for a copy, which 32 bits of a Qt int do not hold."""
    let_go = Signal()
    """The thread knows nothing any more of the job it has told of last."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._told: deque[Job] = deque()

    def put(self, job: Job) -> None:
        self._jobs.put(job)
        if not self.isRunning():
            self.start()

    def finish(self) -> None:
        """Work off what is queued, then end."""
        if self.isRunning():
            self._jobs.put(None)
            self.wait()

    def run(self) -> None:
        while (job := self._jobs.get()) is not None:
            self._told.append(job)
            self._do(job)
            del job
            self.let_go.emit()

    def _do(self, job: Job) -> None:
        if job.dropped:
            self.failed.emit(job, Cancelled())
            return
        try:
            answer = job.work()
        except BaseException as error:  # noqa: BLE001 - it is handed to the window's thread, whole
            # Without its traceback, which would hold on to what there was no room for.
            told = as_told(error)
            self.failed.emit(job, Cancelled() if job.is_too_late else told)
        else:
            self.done.emit(job, answer)

    def forget(self) -> None:
        """Drop the oldest job that was told of, on the window's thread.

        A job holds the slots that wait for it, and may be the last to hold what they belong to: parts of a window, which
        may not end on this thread.
        """
        self._told.popleft()
