"""The first ledger as a workbook, right after the roster went in: masked, where she says."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from ui.context import Context
from ui.pages.importing.places import documents
from ui.shell.other_name import not_written
from ui.widgets import ProgressFooter

if TYPE_CHECKING:
    from app.tasks.export_ledger import ExportedLedger


class FirstLedger(QObject):
    """Asks where to, writes with `progress` shown, and says what was written."""

    def __init__(self, context: Context, progress: ProgressFooter, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._progress = progress

    def ask(self) -> None:
        """Ask for the file; nothing is written when she leaves it."""
        context = self._context
        name = f"留守儿童台账-脱敏-{context.clock.today().isoformat()}.xlsx"
        target = context.dialogs.save_file(
            "台账存到哪里", kinds="Excel 工作簿 (*.xlsx)", start=documents() / name
        )
        if target is not None:
            is_named = target.suffix.lower() == ".xlsx"
            self._write(target if is_named else target.with_name(f"{target.name}.xlsx"))

    def _write(self, target: Path) -> None:
        self._progress.begin("正在写台账", "写好、核对过才算数。", can_stop=False)
        context = self._context
        context.jobs.run(
            _export_ledger,
            context.store,
            target,
            day=context.clock.today(),
            by=context.entering.by,
            on_done=self._written,
            on_error=partial(self._not_written, target),
            on_progress=self._progress.step,
            owner=self,
        )

    def _written(self, exported: ExportedLedger) -> None:
        self._progress.end()
        self._context.bus.tell(exported.changes)
        self._context.navigation.said_saved()
        book = exported.book
        self._context.navigation.toast_file(f"已导出 {book.children} 名：{book.path.name}", book.path)

    def _not_written(self, target: Path, error: BaseException) -> None:
        self._progress.end()
        not_written(self._context, target, self._write, error)


def _export_ledger(*what: Any, **how: Any) -> ExportedLedger:
    """What writes it takes a while to load: that is done where the job runs."""
    from app.tasks.export_ledger import export_ledger

    return export_ledger(*what, **how)
