"""Copies that exist already: checking one, and opening one only to look at it."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject

from app.core.errors import ShouwangError
from app.storage.copy import VerifyResult, verify_file
from app.storage.drives import DriveProbe
from ui.context import Context
from ui.pages.safety.backups import COPY_KINDS
from ui.pages.safety.outcome import Outcome
from ui.pages.safety.passphrase import CHECK, PassphrasePanel
from ui.pages.safety.places import Places
from ui.widgets import ProgressFooter, Verb

PLAIN_KINDS = "没有加密的拷贝 (*.db)"
_CONTAINER = ".7z"


class CopyChecks(QObject):
    """Asks which copy, works on it beside the storage thread, says what was found in `outcome`."""

    def __init__(
        self,
        context: Context,
        progress: ProgressFooter,
        outcome: Outcome,
        places: Places,
        probe: DriveProbe | None,
    ) -> None:
        super().__init__(outcome)
        self._context = context
        self._progress = progress
        self._outcome = outcome
        self._places = places
        self._probe = probe
        self._jobs = context.jobs.latest(self)

    # ---- checking

    def ask_which(self) -> None:
        """Ask for a copy, and for its passphrase when it has one; then read it through."""
        path = self._context.dialogs.open_file("核对哪一份拷贝", kinds=COPY_KINDS, start=self._places.folder)
        if path is None or self._is_live(path):
            return
        if path.suffix.lower() != _CONTAINER:
            self._check(path, None)
            return
        panel = PassphrasePanel(self._context.dialogs.window)
        self._context.dialogs.open_panel(panel, partial(self._passphrase_typed, panel, path))

    def _passphrase_typed(self, panel: PassphrasePanel, path: Path, key: str) -> None:
        if key == CHECK:
            self._check(path, panel.field.text() or None)

    def _check(self, path: Path, passphrase: str | None) -> None:
        self._outcome.clear()
        self._progress.begin("正在核对", "只看不改。", can_stop=False)
        self._jobs.work(
            verify_file,
            path,
            passphrase=passphrase,
            on_done=self._checked,
            on_error=self._not_checked,
            on_progress=self._progress.step,
        )

    def _checked(self, found: VerifyResult) -> None:
        self._progress.end()
        if found.ok:
            self._outcome.tell("green", [found.message, f"文件名：{found.path.name}"])
        else:
            self._outcome.tell("red", ["这份拷贝靠不住", found.message, f"文件名：{found.path.name}"])

    def _not_checked(self, error: BaseException) -> None:
        self._progress.end()
        if isinstance(error, ShouwangError):
            self._outcome.tell("red", [error.what, error.safe, error.todo])
        else:
            self._context.errors.show(error)

    def _is_live(self, path: Path) -> bool:
        """Tell whether it is the ledger that is open, and say where that one is checked."""
        if os.path.realpath(path) != os.path.realpath(self._context.store.path):
            return False
        self._outcome.tell("ochre", ["这是正在用的数据，不是拷贝。", "要检查它，请用「备份」里的「体检」。"])
        return True

    # ---- looking into one

    def ask_which_to_open(self) -> None:
        """Ask for an unencrypted copy and show it read-only in the place of this ledger."""
        path = self._context.dialogs.open_file("打开哪一份来看", kinds=PLAIN_KINDS, start=self._places.folder)
        if path is None or self._is_live(path):
            return
        self._context.dialogs.ask(
            "打开这一份来看？",
            [
                f"{path.name}，只能看、能打印，不能改。",
                "现在的数据先放好，有改动会先备份。",
                "看完关上守望、再打开，就回到平时那一份。",
            ],
            [Verb("stay", "先不打开"), Verb("open", "打开来看")],
            partial(self._open_answered, path),
        )

    def _open_answered(self, path: Path, key: str) -> None:
        if key == "open":
            self._context.program.open_ledger(path, read_only=True)
