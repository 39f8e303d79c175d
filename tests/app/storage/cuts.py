"""A power cut in the middle of a work that tells its steps: another process does it, and is killed at one of them."""

from __future__ import annotations

import os
import signal
import traceback
from collections.abc import Callable

Progress = Callable[..., None]


def cut_off_at(step: int, work: Callable[[Progress], object]) -> bool:
    """Do ``work(progress)`` in a fork that is killed at the ``step``-th call of ``progress``; tell whether it was.

    A fork, because a Python that loads the program anew takes longer than the work. RuntimeError when it ended otherwise.
    """
    child = os.fork()
    if child == 0:
        left = step

        def progress(*_said: object, **_more: object) -> None:
            nonlocal left
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

        try:
            work(progress)
            os._exit(0)
        except BaseException:  # noqa: BLE001 - told, and the test falls by the code
            traceback.print_exc()
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    if status not in (0, signal.SIGKILL):
        raise RuntimeError(f"the work ended by itself with status {status}")
    return status == signal.SIGKILL
