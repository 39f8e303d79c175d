"""拷到别的盘: bringing what is saved onto another disk when the ledger's own is full or fails."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from app.core.errors import ShouwangError
from app.storage.drives import DriveProbe
from app.tasks.rescue import Refuge, Rescue, refuges, rescue
from ui.context import Context
from ui.theme import Tone, Type
from ui.widgets import Kind, ProgressFooter, Radio, Text, Verb
from ui.widgets.dialog import Panel

GO, FOLDER, STAY = "go", "folder", "stay"


class RescuePanel(Panel):
    """The disks there are, the one of most room ticked; `refuge` is the one chosen."""

    def __init__(self, parent: QWidget | None, found: list[Refuge], held: str) -> None:
        verbs = [Verb(STAY, "先不拷"), Verb(FOLDER, "另选文件夹…", Kind.PLAIN if found else Kind.FILLED)]
        if found:
            verbs.append(Verb(GO, "拷过去", Kind.FILLED))
        super().__init__(parent, "把已经存上的拷到哪里？", verbs)
        self.box.addWidget(Text(held, wrap=True))
        self._found = found
        self._radios = [Radio(refuge.words, checked=place == 0) for place, refuge in enumerate(found)]
        for radio in self._radios:
            self.box.addWidget(radio)
        if not found:
            self.box.addWidget(
                Text("没有找到别的盘。插上优盘再来，或另选一个文件夹。", tone=Tone.INK2, wrap=True)
            )
        if any(refuge.removable for refuge in found):
            words = "这一份不加密，谁捡到优盘都能打开，请收好；硬盘修好以后用「拷到优盘」拷加密的。"
            self.box.addWidget(Text(words, Type.SMALL, Tone.OCHRE, wrap=True))

    @property
    def refuge(self) -> Refuge | None:
        """The disk that is ticked."""
        ticked = (one for one, radio in zip(self._found, self._radios, strict=True) if radio.isChecked())
        return next(ticked, None)


class Rescuing(QObject):
    """`begin()` asks where to, copies, proves it, and says what lies there."""

    def __init__(self, context: Context, progress: ProgressFooter, probe: DriveProbe | None = None) -> None:
        super().__init__(context.bus)
        self._context = context
        self._progress = progress
        self._probe = probe

    def begin(self) -> None:
        """Look which disks there are; the answer opens the panel."""
        self._context.jobs.work(
            refuges, self._context.store.path, self._probe, on_done=self._ask, on_error=self._no_disks
        )

    def _no_disks(self, error: BaseException) -> None:
        """No disk is offered: she names a folder herself. Only what nobody foresaw is told besides."""
        self._ask([])
        if not isinstance(error, ShouwangError):
            self._context.errors.show(error)

    def _ask(self, found: list[Refuge]) -> None:
        dialogs = self._context.dialogs
        held = "以前保存的都会拷过去，读回核对；电脑上的数据不动。"
        panel = RescuePanel(dialogs.top, found, held)
        dialogs.open_panel(panel, partial(self._chosen, panel))

    def _chosen(self, panel: RescuePanel, verb: str) -> None:
        refuge = panel.refuge
        if verb == GO and refuge is not None:
            self._copy(refuge.folder)
        elif verb == FOLDER:
            folder = self._context.dialogs.folder("拷到哪个文件夹")
            if folder is not None:
                self._copy(folder)

    def _copy(self, folder: Path) -> None:
        self._progress.begin("正在拷到别的盘", "停下后那边不留半个文件", can_stop=False)
        self._context.jobs.run(
            rescue,
            self._context.store,
            folder,
            by=self._context.entering.by,
            probe=self._probe,
            on_done=self._copied,
            on_error=self._not_copied,
            on_progress=self._progress.step,
        )

    def _copied(self, made: Rescue) -> None:
        self._progress.end()
        head, *rest = made.words
        self._context.dialogs.ask(head, rest, [Verb("ok", "知道了")], _read)

    def _not_copied(self, error: BaseException) -> None:
        self._progress.end()
        self._context.errors.show(error)


def _read(_key: str) -> None:
    """After reading there is nothing to choose."""
