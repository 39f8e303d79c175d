"""What the buttons of a fault do while a ledger is open: try again with the same values, bring it elsewhere, leave."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import shiboken6
from PySide6.QtCore import QObject

from app.core.errors import ShouwangError
from ui.dialogs import Dialogs
from ui.errors import AGAIN, Acts
from ui.jobs import Job, Jobs
from ui.widgets.dialog import Panel, Verb
from ui.widgets.text import Text

ELSEWHERE = "拷到别的盘"
LEAVE = "退出"
STOP = "stop"
REPEATS = (AGAIN, "再拷一次")
"""Buttons that mean: the same once more."""

# After these nothing can be copied from the open file any more: leaving must not try to back it up.
_WITHOUT_BACKUP = frozenset({"storage.corrupt", "storage.changed_elsewhere"})


class TryingPanel(Panel):
    """Stands before everything while a step is tried again, so that it cannot be done twice meanwhile."""

    def __init__(self, dialogs: Dialogs) -> None:
        super().__init__(dialogs.top, "正在再试一次…", [Verb(STOP, "不等了")])
        self.box.addWidget(Text("填的内容都在。存上了会显示「已保存」，没存上会再告诉您。", wrap=True))


class Mending(QObject):
    """`acts(error)` for the error router. `rescue`, `leave` and `give_up` are the program's."""

    def __init__(
        self,
        jobs: Jobs,
        dialogs: Dialogs,
        parent: QObject,
        *,
        is_open: Callable[[], bool],
        rescue: Callable[[], Callable[[], object] | None],
        leave: Callable[..., object],
        give_up: Callable[[], object],
    ) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._dialogs = dialogs
        self._is_open = is_open
        self._rescue = rescue
        self._leave = leave
        self._give_up = give_up

    def acts(self, error: ShouwangError) -> Acts:
        """What can be done about it just now, by the words on the button."""
        acts: dict[str, Callable[[], object]] = {}
        job = self._jobs.failed_job(error)
        # Without an open ledger the start screens say what can be done; repeating their step would cross it.
        if job is not None and self._is_open():
            acts |= dict.fromkeys(REPEATS, partial(self.again, job))
        rescue = self._rescue()
        if rescue is not None:
            acts[ELSEWHERE] = rescue
        acts[LEAVE] = partial(self._leave, keep_backup=error.key not in _WITHOUT_BACKUP)
        return acts

    def again(self, job: Job) -> None:
        """The same step with the same values; until it has ended nothing else can be pressed."""
        panel = TryingPanel(self._dialogs)
        self._dialogs.open_panel(panel, self._answered)
        self._jobs.again(job, after=partial(_close, panel))

    def _answered(self, verb: str) -> None:
        if verb == STOP:
            self._give_up()


def _close(panel: TryingPanel) -> None:
    # It belongs to the panel whose step it was, and that closes itself when it was stored.
    if shiboken6.isValid(panel):
        panel.answer("done")
