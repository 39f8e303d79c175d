"""The pages of a PDF as pictures, and onto paper. PDFium is not thread-safe: everything here runs on the draw thread."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, QRectF
from PySide6.QtGui import QImage, QPageLayout, QPainter, QTransform

from app.core.messages import fault
from app.core.progress import Progress, no_progress

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrinter

POINTS_PER_INCH = 72
PAPER_DPI = 300  # 600 dpi takes ten times the memory for print nobody can tell apart
_MUCH_SMALLER = 0.8  # margins that a printer keeps take less


def page_image(path: Path | bytes, page: int, width: int) -> QImage:
    """Return page ``page`` (from 0) of a file, or of a PDF in memory, as a picture ``width`` device pixels wide."""
    import pypdfium2

    document = pypdfium2.PdfDocument(path)
    try:
        sheet = document[page]
        return _picture(sheet, width / sheet.get_width())
    finally:
        document.close()


def page_count(path: Path | bytes) -> int:
    """Return how many pages a file, or a PDF in memory, has."""
    import pypdfium2

    document = pypdfium2.PdfDocument(path)
    try:
        return len(document)
    finally:
        document.close()


def put_on_paper(
    path: Path | bytes, printer: QPrinter, first: int, last: int, *, progress: Progress = no_progress
) -> int:
    """Print the pages ``first`` … ``last`` (from 0, both included) and return how many went to the printer.

    EnvironmentFault ``print.not_started`` when the printer does not take the job. Stopping ends the job after the
    page under way; what is printed stays printed.
    """
    import pypdfium2

    document = pypdfium2.PdfDocument(path)
    painter = QPainter()
    try:
        printer.setResolution(PAPER_DPI)
        _turn(printer, document[first])
        if not painter.begin(printer):
            raise fault("print.not_started")
        for page in range(first, last + 1):
            progress(page - first, last - first + 1, "正在送往打印机")
            sheet = document[page]
            _turn(printer, sheet)
            if page > first and not printer.newPage():
                raise fault("print.not_started")
            image = _picture(sheet, PAPER_DPI / POINTS_PER_INCH)
            # The painter goes on with the room of the first sheet.
            room = QRect(QPoint(), printer.pageLayout().paintRectPixels(printer.resolution()).size())
            if (room.width() > room.height()) is not (image.width() > image.height()):
                # A printer that cannot turn the paper: the picture is turned, the sheet comes out the same.
                image = image.transformed(QTransform().rotate(90))
            painter.drawImage(_place(room, image), image, QRectF(image.rect()))
        return last - first + 1
    finally:
        if painter.isActive():
            painter.end()
        document.close()


def _place(room: QRect, image: QImage) -> QRectF:
    """A sheet fills the paper; a card of A6 on bigger paper keeps its own size, in the corner."""
    if image.width() < _MUCH_SMALLER * room.width():
        return QRectF(room.x(), room.y(), image.width(), image.height())
    return QRectF(room)


def _turn(printer: QPrinter, sheet: object) -> None:
    """Let the next sheet lie as the page does: wide lists are printed across."""
    width, height = sheet.get_size()  # type: ignore[attr-defined]  # pypdfium2 ships no types
    turned = QPageLayout.Orientation.Landscape if width > height else QPageLayout.Orientation.Portrait
    if printer.pageLayout().orientation() is not turned:
        printer.setPageOrientation(turned)


def _picture(sheet: object, scale: float) -> QImage:
    bitmap = sheet.render(scale=scale)  # type: ignore[attr-defined]  # pypdfium2 ships no types
    image = QImage(bitmap.buffer, bitmap.width, bitmap.height, bitmap.stride, QImage.Format.Format_BGR888)
    return image.copy()  # the picture must outlive PDFium's buffer
