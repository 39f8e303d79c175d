"""Every window that asks something, in one replaceable object (tests put a fake in its place)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from app.core.messages import fault
from ui.widgets.dialog import AskDialog, Panel, ThreePartDialog, Verb
from ui.widgets.second_press import SecondPress

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrinter


def _there(start: Path | None) -> Path:
    """Where to begin: Qt would begin in the program's own folder where `start` is not there (no folder for documents)."""
    return start if start is not None and start.exists() else Path.home()


class Dialogs:
    """Files, folders, questions, faults. `window` is what they belong to."""

    def __init__(self, window: QWidget | None = None) -> None:
        self.window = window

    @property
    def top(self) -> QWidget | None:
        """What a dialog stands before: the panel that is open, else the window."""
        return QApplication.activeModalWidget() or self.window

    def open_file(self, title: str, *, kinds: str, start: Path | None = None) -> Path | None:
        """Ask for an existing file; `kinds` like 「花名册 (*.xls *.xlsx *.csv)」."""
        from ui.widgets.file_choice import choose

        return choose(self.window, title, _there(start), kinds=kinds)

    def open_files(self, title: str, *, kinds: str) -> tuple[Path, ...]:
        """Ask for one or several existing files; none when she let it be."""
        from ui.widgets.file_choice import choose_several

        return choose_several(self.window, title, _there(None), kinds=kinds)

    def save_file(self, title: str, *, kinds: str, start: Path) -> Path | None:
        """Ask where to write; `start` proposes folder and name. The system asks before it replaces."""
        from ui.widgets.file_choice import Wanted, choose

        return choose(self.window, title, _there(start.parent) / start.name, kinds=kinds, wanted=Wanted.NEW)

    def folder(self, title: str, *, start: Path | None = None) -> Path | None:
        """Ask for a folder."""
        from ui.widgets.file_choice import Wanted, choose

        return choose(self.window, title, _there(start), wanted=Wanted.FOLDER)

    def ask(
        self,
        question: str,
        lines: Sequence[str],
        verbs: Sequence[Verb],
        on_choice: Callable[[str], object],
    ) -> None:
        """A question; the first verb is the safe one. `on_choice(key)` is called once."""
        self.open_panel(AskDialog(self.window, question, lines, verbs), on_choice)

    def fault(
        self,
        head: str,
        parts: tuple[str, str, str],
        verbs: Sequence[Verb],
        on_choice: Callable[[str], object],
    ) -> None:
        """What happened, what is safe, what to do now; the first verb changes nothing."""
        self.open_panel(ThreePartDialog(self.top, head, parts, verbs), on_choice)

    def open_panel(self, panel: Panel, on_choice: Callable[[str], object]) -> None:
        """Open a page's own panel; `on_choice(key)` after a verb."""
        panel.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        panel.chosen.connect(on_choice)
        SecondPress(panel)
        panel.open()

    def printer(self, pages: int) -> tuple[QPrinter, int, int] | None:
        """Ask for a printer and which of the pages; None when she let it be.

        Pages count from 0, both ends included. EnvironmentFault ``print.no_printer`` when the computer has none.
        """
        from PySide6.QtCore import QMarginsF
        from PySide6.QtGui import QPageSize
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrinterInfo

        if not QPrinterInfo.availablePrinters():
            raise fault("print.no_printer")
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
        printer.setFullPage(True)
        printer.setPageMargins(QMarginsF(0, 0, 0, 0))
        dialog = QPrintDialog(printer, self.window)
        dialog.setMinMax(1, pages)
        dialog.setOption(QPrintDialog.PrintDialogOption.PrintPageRange)
        if not dialog.exec():
            return None
        first, last = dialog.fromPage() or 1, dialog.toPage() or pages
        return printer, first - 1, min(last, pages) - 1

    def show_folder(self, path: Path) -> None:
        """Open the system's file manager at a folder."""
        from PySide6.QtCore import QUrl
        from PySide6.QtGui import QDesktopServices

        QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
