"""Papers that take a while to lay out, or whose leaving is written down: with progress, 停下, and word of what went out."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QWidget
from typing_extensions import override

from app.core.errors import Cancelled
from app.paper.printing import PrintResult
from ui.context import Context
from ui.jobs import Job
from ui.shell.papers import Papers
from ui.widgets import ProgressFooter


class LongPapers(Papers):
    """Like `Papers`; `progress` is the caller's bar. `make(store, …, file, progress=)` writes the PDF."""

    def __init__(
        self,
        context: Context,
        parent: QWidget,
        progress: ProgressFooter,
        *,
        title: str,
        stem: str,
        whole: bool = False,
    ) -> None:
        super().__init__(context, parent, title=title, stem=stem, whole=whole)
        self._bar = progress
        self._job: Job | None = None
        progress.stopped.connect(self._stop)

    @property
    def busy(self) -> bool:
        """True while pages are being laid out."""
        return self._job is not None and not self._job.finished

    @override
    def show_paper(self, make: Callable[..., PrintResult], *args: object) -> None:
        if self.busy:
            return
        file = self._new_file()
        self._bar.begin("正在排版", "停下后不会打印，什么都没有改。")
        self._job = self._context.read(
            make,
            *args,
            file,
            on_done=partial(self._laid_out, file),
            on_error=self._failed,
            on_progress=self._bar.step,
            owner=self,
        )

    def _stop(self) -> None:
        if self._job is not None:
            self._job.cancel()

    @override
    def _laid_out(self, file: Path | bytes, printed: PrintResult) -> None:
        self._bar.end()
        super()._laid_out(file, printed)
        if printed.missing_characters:
            characters = "、".join(printed.missing_characters)
            self._tell(f"有字印不出来，纸上是〓：{characters}。请用笔补上。")

    @override
    def _failed(self, error: BaseException) -> None:
        self._bar.end()
        if isinstance(error, Cancelled):
            self._forget()
        else:
            super()._failed(error)
