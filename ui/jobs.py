"""Background work: one storage thread that owns the only connection, and threads for pure work.

    self.context.jobs.run(load_facts, store, day, on_done=self.show_rows)          # storage thread
    self.context.jobs.work(render, data, out, on_done=…, on_progress=footer.step)  # pure work
    self._search = self.context.jobs.latest(self)                                  # latest wins
    self._search.run(find, store, text, on_done=self.show_hits)

Answers come back on the window's thread. They belong to an owner (by default the object whose method
`on_done` is): when the owner is gone, the answer is dropped. Errors go to `on_error` when it is given,
else to the error router.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from typing import Any
from weakref import WeakKeyDictionary

import shiboken6
from PySide6.QtCore import QObject, QTimer, Signal

from app.core.errors import Cancelled, EnvironmentFault
from app.storage.store import Store
from ui.lanes import Job, Lane, OnDone, OnError, OnProgress
from ui.whose import owner_of, says_by_whom

__all__ = ["TURN", "Job", "Jobs", "Latest", "OnDone", "OnError", "OnProgress"]

TURN = 0.001 if sys.platform == "win32" else 0.0001
"""Seconds after which a thread at work lets the others run. The window's thread waits for its turn each time it comes back
from Qt, hundreds of times in one paint: with Python's own five milliseconds a paint beside a job took several times as long
as by itself, with one millisecond nearly twice, with a tenth of one a fifth longer. A thread that works alone is as fast
as before; two at work beside each other lose some hundredths. Windows waits in whole milliseconds: less would be a wait
without rest."""

QUIET, QUIET_AT_MOST = 250, 5_000
"""Milliseconds without a storage job after which what waits for quiet begins, and after which it begins all the same."""


class Jobs(QObject):
    """The one way to do anything that takes time."""

    busy_changed = Signal(bool)
    unhandled = Signal(object)
    faulted = Signal(object)
    """A fault of the machine ended a job whose answer was wanted; after its `on_error`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        sys.setswitchinterval(TURN)
        self._open: set[Job] = set()
        self._held: list[Job] | None = None
        self._waiting: list[Job] = []
        self._quiet = self._timer(QUIET, self._if_quiet)
        self._at_most = self._timer(QUIET_AT_MOST, self.end_quiet)
        self._failed: WeakKeyDictionary[BaseException, Job] = WeakKeyDictionary()
        self._storage = self._lane("storage")
        self._work = self._lane("work")
        self._pages = self._lane("pages")

    def _timer(self, milliseconds: int, then: Callable[[], object]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(milliseconds)
        timer.timeout.connect(then)
        return timer

    def _lane(self, name: str) -> Lane:
        lane = Lane(name)
        lane.done.connect(self._deliver)
        lane.failed.connect(self._fail)
        lane.stepped.connect(self._step)
        lane.let_go.connect(lane.forget)
        return lane

    def run(
        self,
        fn: Callable[..., Any],
        *args: Any,
        on_done: OnDone | None = None,
        on_error: OnError | None = None,
        on_progress: OnProgress | None = None,
        owner: QObject | None = None,
        **kwargs: Any,
    ) -> Job:
        """Run `fn(*args, **kwargs)` on the storage thread: everything that touches the store.

        With `on_progress` the function is also handed `progress=` (app.core.progress.Progress).
        """
        return self._put(self._storage, fn, args, kwargs, on_done, on_error, on_progress, owner)

    def run_when_quiet(
        self,
        fn: Callable[..., Any],
        *args: Any,
        on_done: OnDone | None = None,
        on_error: OnError | None = None,
        owner: QObject | None = None,
    ) -> Job:
        """Like `run`, but what the first page reads goes before it: seconds of looking through a large file.

        Never later than the first job that may write, nor than `QUIET_AT_MOST` milliseconds from now.
        """
        self._at_most.start()
        self._quiet.start()
        return self._put(
            self._storage, fn, args, {}, on_done, on_error, None, owner, start=self._wait_for_quiet
        )

    def _wait_for_quiet(self, job: Job, _lane: Lane) -> None:
        self._open_up(job)
        self._waiting.append(job)

    def _if_quiet(self) -> None:
        if not any(job.lane is self._storage for job in self._open.difference(self._waiting)):
            self.end_quiet()

    def end_quiet(self) -> None:
        """Begin now what waits for quiet; before the ledger is put away, for instance."""
        self._quiet.stop()
        self._at_most.stop()
        waiting, self._waiting = self._waiting, []
        for job in waiting:
            self._hand_over(job, self._storage)

    def work(
        self,
        fn: Callable[..., Any],
        *args: Any,
        on_done: OnDone | None = None,
        on_error: OnError | None = None,
        on_progress: OnProgress | None = None,
        owner: QObject | None = None,
        **kwargs: Any,
    ) -> Job:
        """Run pure work (laying out a book, reading a roster's bytes) beside the storage thread."""
        return self._put(self._work, fn, args, kwargs, on_done, on_error, on_progress, owner)

    def draw(
        self,
        fn: Callable[..., Any],
        *args: Any,
        on_done: OnDone | None = None,
        on_error: OnError | None = None,
        on_progress: OnProgress | None = None,
        owner: QObject | None = None,
        **kwargs: Any,
    ) -> Job:
        """Run page rendering on its one thread (PDFium is not thread-safe)."""
        return self._put(self._pages, fn, args, kwargs, on_done, on_error, on_progress, owner)

    def after_drawing(self, fn: Callable[[], object]) -> None:
        """Call `fn` when everything drawn so far is done, on the thread that draws; at once when there is no such thread.

        There is none before the first drawing, and none any more when the program ends: Qt takes what is left apart in
        no order, and a page may go after the threads.
        """
        if shiboken6.isValid(self._pages) and self._pages.isRunning():
            self.draw(fn)
        else:
            fn()

    def latest(self, owner: QObject) -> Latest:
        """A place where only the newest job's answer counts."""
        return Latest(self, owner)

    def hold_storage(self) -> None:
        """Keep back storage jobs from now on: the job that closes the ledger is on its way."""
        self._held = []

    def end_hold(self, *, drop: bool) -> None:
        """The ledger is closed (drop what was kept back, it has nothing to read) or stays open after all."""
        held, self._held = self._held or [], None
        for job in held:
            if drop:
                job.drop()
            self._storage.put(job)

    def stop_looking(self) -> None:
        """Ask what is only read or laid out to stop; what writes, or is on its way to a printer, is waited for."""
        for job in [one for one in self._open if one.lane is self._work or one.reads is not None]:
            job.cancel()

    @property
    def busy(self) -> bool:
        """True while anything is under way."""
        return bool(self._open)

    def shut(self) -> None:
        """Let every thread finish its queue and end; for closing the window."""
        self.end_quiet()
        for lane in (self._pages, self._work, self._storage):
            lane.finish()

    def _put(
        self,
        lane: Lane,
        fn: Callable[..., Any],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        on_done: OnDone | None,
        on_error: OnError | None,
        on_progress: OnProgress | None,
        owner: QObject | None,
        *,
        start: Callable[[Job, Lane], None] | None = None,
    ) -> Job:
        owner = owner or owner_of(on_done, on_error, on_progress)
        job = Job(partial(fn, *args), on_done, on_error, on_progress, owner)
        if args and isinstance(args[0], Store) and not says_by_whom(fn, args, kwargs):
            job.reads = args[0]  # what is written says by whom: that it was not is never passed over
        if on_progress is not None:

            def step(done: int, total: int, words: str = "") -> None:
                if job.stop_asked:
                    raise Cancelled
                lane.stepped.emit(job, done, total, words)

            kwargs["progress"] = step
        job.work = partial(fn, *args, **kwargs)
        job.lane = lane
        (start or self._start)(job, lane)
        return job

    def _start(self, job: Job, lane: Lane) -> None:
        self._open_up(job)
        if lane is self._storage and job.reads is None:
            self.end_quiet()  # it may write: what was to be looked at first is
        self._hand_over(job, lane)

    def _open_up(self, job: Job) -> None:
        self._open.add(job)
        if len(self._open) == 1:
            self.busy_changed.emit(True)

    def _hand_over(self, job: Job, lane: Lane) -> None:
        if lane is self._storage and self._held is not None:
            self._held.append(job)
        else:
            lane.put(job)

    def failed_job(self, error: BaseException) -> Job | None:
        """The job that a fault of the machine ended, while somebody still wants its answer."""
        job = self._failed.get(error)
        return job if job is not None and job.wanted else None

    def again(self, job: Job, *, after: Callable[[], object] | None = None) -> None:
        """Do a failed job once more, with the same values and the same answers; `after` when it has ended."""
        if not job.finished or job.lane is None:
            raise RuntimeError("only a job that has ended can be done again")
        job.finished = job.stop_asked = False
        job.after = after
        self._start(job, job.lane)

    def _close(self, job: Job) -> None:
        """Idle only when the answer was taken in, too."""
        self._open.discard(job)
        if self._waiting:
            self._quiet.start()
        after, job.after = job.after, None
        if not self._open:
            self.busy_changed.emit(False)
        if after is not None:
            after()

    def _deliver(self, job: Job, answer: Any) -> None:
        job.finished = True
        try:
            if job.on_done is not None and job.wanted:
                job.on_done(answer)
        finally:
            self._close(job)

    def _fail(self, job: Job, error: BaseException) -> None:
        job.finished = True
        if isinstance(error, EnvironmentFault):
            self._failed[error] = job
        try:
            if job.on_error is not None:
                if job.wanted:
                    job.on_error(error)
            elif not job.dropped and not isinstance(error, Cancelled):
                self.unhandled.emit(error)
        finally:
            self._close(job)
        if isinstance(error, EnvironmentFault) and job.wanted:
            self.faulted.emit(error)

    def _step(self, job: Job, done: int, total: int, words: str) -> None:
        if job.on_progress is not None and job.wanted and not job.finished:
            job.on_progress(done, total, words)


class Latest:
    """Latest wins: starting a new job drops the one before it (search as you type, reload)."""

    def __init__(self, jobs: Jobs, owner: QObject) -> None:
        self._jobs = jobs
        self._owner = owner
        self._job: Job | None = None

    def run(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Job:
        """Like `Jobs.run`."""
        return self._start(self._jobs.run, fn, *args, **kwargs)

    def work(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Job:
        """Like `Jobs.work`."""
        return self._start(self._jobs.work, fn, *args, **kwargs)

    def draw(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Job:
        """Like `Jobs.draw`."""
        return self._start(self._jobs.draw, fn, *args, **kwargs)

    def drop(self) -> None:
        """Want no answer any more."""
        if self._job is not None:
            self._job.drop()

    def _start(self, how: Callable[..., Job], fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Job:
        self.drop()
        self._job = how(fn, *args, owner=self._owner, **kwargs)
        return self._job
