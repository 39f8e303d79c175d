"""A walk through the program: steps that wait for an answer, on the event loop, without a loop of its own."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

Steps = Generator[Callable[[], bool], None, None]
"""What a walk is written as: it yields what it waits for, and goes on when that is so."""

PATIENCE = 120.0
"""Seconds after which a step counts as stuck: an old disk, a virus scanner that looks at every new file."""
_EVERY = 20


class NotSo(Exception):
    """Something is not as it has to be; the text names the part that is missing or wrong."""


class Walk(QObject):
    """Goes through `steps`; `ended` with None, or with what stopped it."""

    ended = Signal(object)

    def __init__(self, steps: Steps, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._steps = steps
        self._failure: BaseException | None = None

    def begin(self) -> None:
        self._go_on()

    def fail(self, error: BaseException) -> None:
        """Something outside of the steps went wrong: the walk ends with that."""
        self._failure = self._failure or error

    def _go_on(self) -> None:
        try:
            until = next(self._steps)
        except StopIteration:
            self.ended.emit(None)
        except Exception as error:  # noqa: BLE001 - whatever stops the walk is its finding
            self.ended.emit(error)
        else:
            self._wait(until, time.monotonic() + PATIENCE)

    def _wait(self, until: Callable[[], bool], end: float) -> None:
        if self._failure is not None:
            self._steps.close()
            self.ended.emit(self._failure)
        elif until():
            self._go_on()
        elif time.monotonic() > end:
            self._steps.close()
            self.ended.emit(NotSo(f"no answer within {PATIENCE:.0f} s"))
        else:
            QTimer.singleShot(_EVERY, self, partial(self._wait, until, end))
