"""Restoring from the start screen: choosing the copy, its passphrase, progress, and what is there now."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Protocol

from msgspec import Struct
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from app.core.clock import Clock
from app.core.errors import ShouwangError
from app.storage.beside import read_marker
from app.storage.copy import VerifyResult, verify_file
from app.storage.repair import RepairDone
from app.storage.restore import RestoreResult, restore, resume
from app.tasks.checkup import CheckupReport, use_repaired
from ui.dialogs import Dialogs
from ui.errors import ErrorRouter
from ui.jobs import Jobs
from ui.shell.candidates import Candidate, chosen_copy
from ui.shell.restore_panel import GO, RestorePanel
from ui.shell.start import StartScreen
from ui.widgets import Kind, Verb
from ui.widgets.secret import AskPassphrase

COPY_KINDS = "守望的备份和拷贝 (*.db *.7z)"
_CONTAINER = ".7z"
_PASSPHRASE = ("container.wrong_passphrase", "container.passphrase_needed")

Go = Callable[[Path, "str | None"], object]


class _Ways(Struct, frozen=True):
    """Where a chosen copy leads: `back` when she leaves it, `go(copy, passphrase)` when she takes it."""

    back: Callable[[], object]
    go: Go


class Host(Protocol):
    """What restoring asks of the program around it."""

    dialogs: Dialogs
    errors: ErrorRouter
    jobs: Jobs
    path: Path

    @property
    def clock(self) -> Clock: ...

    def backups_of(self, path: Path) -> Path: ...

    def open(self, path: Path, *, read_only: bool = False, as_it_is: bool = False) -> None: ...

    def leave(self) -> None: ...


class PassphrasePanel(AskPassphrase):
    """Asks for the passphrase of an encrypted copy; `wrong` says what was amiss with the one before."""

    def __init__(self, parent: QWidget | None, wrong: str = "") -> None:
        verbs = [Verb("stay", "先不恢复"), Verb("go", "用这个口令打开", Kind.FILLED)]
        words = "口令没有存在任何地方，忘了就打不开这一份。"
        super().__init__(parent, "这份拷贝有口令", verbs, words, wrong=wrong)


def _passphrase_typed(panel: PassphrasePanel, go: Callable[[str | None], object], verb: str) -> None:
    if verb == "go":
        go(panel.field.text())


class Restoring(QObject):
    """Works on `program.path` with no ledger open; ends by opening it."""

    def __init__(self, program: Host, show: Callable[[StartScreen], None], parent: QObject) -> None:
        super().__init__(parent)
        self._program = program
        self._show = show
        self._screen: StartScreen | None = None
        self._otherwise: Callable[[], object] | None = None

    def choose_file(
        self, now: str, back: Callable[[], object], go: Go | None = None, *, folder: Path | None = None
    ) -> None:
        """Ask which copy, look what it holds, then ask as for a listed one; `back` when she leaves it.

        `go(copy, passphrase)` restores it, by itself when none is given. `folder` is where looking begins.
        """
        dialogs = self._program.dialogs
        folder = folder or self._program.backups_of(self._program.path)
        found = dialogs.open_file("从哪一份恢复", kinds=COPY_KINDS, start=folder)
        if found is not None:
            self.with_passphrase(found, partial(self._look, found, now, _Ways(back, go or self.restore)))

    def _look(self, copy: Path, now: str, ways: _Ways, passphrase: str | None) -> None:
        screen = StartScreen("正在核对选的这一份")
        self._show(screen)
        screen.progress.begin("正在核对", "只看不改", can_stop=False)
        self._program.jobs.run(
            verify_file,
            copy,
            passphrase=passphrase,
            on_done=partial(self._looked, now, ways, passphrase),
            on_error=partial(self._not_looked, copy, now, ways),
            on_progress=screen.progress.step,
        )

    def _looked(self, now: str, ways: _Ways, passphrase: str | None, found: VerifyResult) -> None:
        dialogs = self._program.dialogs
        if not found.ok:
            lines = ["现在的数据没有动。", "请另选一份。"]
            dialogs.ask(found.message, lines, [Verb("ok", "知道了")], partial(_go_back, ways.back))
            return
        chosen = chosen_copy(found, self._program.clock)
        panel = self._question(chosen, now)
        dialogs.open_panel(panel, partial(self._copy_answered, chosen.path, passphrase, ways))

    def _not_looked(self, copy: Path, now: str, ways: _Ways, error: BaseException) -> None:
        """A wrong passphrase is asked for again in the same place: she need not look for the file once more."""
        ways.back()
        if isinstance(error, ShouwangError) and error.key in _PASSPHRASE:
            self._ask_passphrase(partial(self._look, copy, now, ways), f"{error.what}{error.todo}")
        else:
            self._program.errors.show(error)

    def _copy_answered(self, copy: Path, passphrase: str | None, ways: _Ways, verb: str) -> None:
        if verb == GO:
            ways.go(copy, passphrase)
        else:
            ways.back()

    def with_passphrase(self, backup: Path, go: Callable[[str | None], object]) -> None:
        """Ask for the passphrase of an encrypted copy, then `go(passphrase)`; a plain one goes at once.

        One that was renamed says itself that it needs one, and it is asked for then.
        """
        if backup.suffix.lower() == _CONTAINER:
            self._ask_passphrase(go)
        else:
            go(None)

    def _ask_passphrase(self, go: Callable[[str | None], object], wrong: str = "") -> None:
        panel = PassphrasePanel(self._program.dialogs.top, wrong)
        self._program.dialogs.open_panel(panel, partial(_passphrase_typed, panel, go))

    def ask(self, chosen: Candidate, now: str) -> None:
        """Say what is there now and what will be; restore it when she says so."""
        dialogs = self._program.dialogs
        panel = self._question(chosen, now)
        dialogs.open_panel(panel, partial(self._asked, panel, chosen))

    def _question(self, chosen: Candidate, now: str) -> RestorePanel:
        program = self._program
        return RestorePanel(
            program.dialogs.top, chosen, now, program.clock.today(), is_there=program.path.exists()
        )

    def _asked(self, panel: RestorePanel, chosen: Candidate, verb: str) -> None:
        if verb == GO:
            self.restore(chosen.path, None, with_journal=panel.with_journal, branch=chosen.branch)

    def restore(
        self,
        backup: Path,
        passphrase: str | None,
        *,
        with_journal: bool = False,
        branch: Path | None = None,
        unproved: bool = False,
        otherwise: Callable[[], object] | None = None,
    ) -> None:
        """Put this copy in the ledger's place, with what the journal adds, or the one set aside that is the `branch`.

        `unproved` when she takes it as it is; `otherwise` where it leads when nothing was restored, to the ledger as it
        stands when not given.
        """
        program = self._program
        self._otherwise = otherwise
        once_more = partial(
            self.restore, backup, with_journal=with_journal, branch=branch, otherwise=otherwise
        )
        self._begin()
        program.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        program.jobs.run(
            restore,
            program.path,
            backup,
            backup_folder=program.backups_of(program.path),
            clock=program.clock,
            passphrase=passphrase,
            with_journal=with_journal,
            branch=branch,
            unproved=unproved,
            on_done=self._restored,
            on_error=partial(self._not_restored, passphrase, partial(once_more, unproved=unproved)),
            on_progress=self._step,
        )

    def _not_restored(
        self, passphrase: str | None, once_more: Callable[..., object], error: BaseException
    ) -> None:
        """A wrong passphrase is asked for again; a copy that nothing proves is taken only when she says so.

        (It may be all there is.)
        """
        key = error.key if isinstance(error, ShouwangError) else ""
        if not isinstance(error, ShouwangError) or key not in (*_PASSPHRASE, "restore.unproved"):
            self._failed(error)
            return
        if self._screen is not None:
            self._screen.progress.end()
        if key in _PASSPHRASE:
            panel = PassphrasePanel(self._program.dialogs.top, f"{error.what}{error.todo}")
            self._program.dialogs.open_panel(panel, partial(self._typed_again, panel, once_more))
            return
        verbs = [Verb("stay", "先不动"), Verb("take", "仍用这一份", Kind.DANGER)]
        again = partial(once_more, passphrase, unproved=True)
        self._program.dialogs.ask(
            error.what, [error.safe, error.todo], verbs, partial(self._unproved_answered, again)
        )

    def _typed_again(self, panel: PassphrasePanel, once_more: Callable[..., object], verb: str) -> None:
        if verb == "go":
            once_more(panel.field.text())
        else:
            self._leave_it()

    def _unproved_answered(self, again: Callable[[], object], verb: str) -> None:
        if verb == "take":
            again()
        else:
            self._leave_it()

    def resume(self, *, forward: bool) -> None:
        """Go on with what a power cut interrupted, or back to what was there; an encrypted copy asks its passphrase."""
        marker = read_marker(self._program.path)
        source = Path(marker.source) if forward and marker is not None else Path()
        self.with_passphrase(source, partial(self._resume, forward))

    def _resume(self, forward: bool, passphrase: str | None) -> None:
        program = self._program
        self._begin()
        program.jobs.run(
            resume,
            program.path,
            forward=forward,
            clock=program.clock,
            backup_folder=program.backups_of(program.path),
            passphrase=passphrase,
            on_done=self._restored,
            on_error=self._failed,
            on_progress=self._step,
        )

    def use_repaired(self, report: CheckupReport, accept: frozenset[str], by: str | None) -> None:
        """Put the copy that the checkup mended in the ledger's place; what was there is laid aside."""
        program = self._program
        self._begin()
        program.jobs.run(
            use_repaired,
            program.path,
            report,
            clock=program.clock,
            backup_folder=program.backups_of(program.path),
            accept=accept,
            by=by,
            on_done=self._restored,
            on_error=self._failed,
            on_progress=self._step,
        )

    def _begin(self) -> None:
        self._screen = StartScreen("正在恢复")
        self._show(self._screen)
        self._screen.progress.begin(
            "正在恢复…", "断电也不怕：不是新的就是原来的，下次打开接着做", can_stop=False
        )

    def _step(self, done: int, total: int, words: str) -> None:
        if self._screen is not None:
            self._screen.progress.step(done, total, words)

    def _restored(self, result: RestoreResult | RepairDone | None) -> None:
        program = self._program
        if result is None:
            program.open(program.path, as_it_is=True)
            return
        if self._screen is not None:
            self._screen.head.setText("已恢复")
            self._screen.progress.end()
        head, *rest = result.words
        program.dialogs.ask(head, rest, [Verb("open", "打开看看")], self._open)

    def _open(self, _key: str) -> None:
        self._program.open(self._program.path, as_it_is=True)

    def _failed(self, error: BaseException) -> None:
        """Say why, then show how the ledger stands now."""
        self._program.errors.show(error)
        if isinstance(error, ShouwangError):
            self._leave_it()
        else:
            self._program.leave()

    def _leave_it(self) -> None:
        otherwise, self._otherwise = self._otherwise, None
        if otherwise is not None:
            otherwise()
        else:
            self._program.open(self._program.path)


def _go_back(back: Callable[[], object], _key: str) -> None:
    back()
