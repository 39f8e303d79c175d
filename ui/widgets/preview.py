"""The page of a PDF as it will be printed, to leaf through: whole page, page width, or larger."""

from __future__ import annotations

from enum import Enum
from pathlib import Path

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QImage, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget
from typing_extensions import override

from ui import theme
from ui.jobs import Jobs
from ui.theme import Tone
from ui.widgets import paint
from ui.widgets.pdf import page_image

_A4 = 297 / 210  # height of a page by its width, until the first one has come
_SAME = 0.02
_LARGER = 1.6


class Zoom(Enum):
    """How large the page is shown."""

    WHOLE = "whole"
    WIDTH = "width"
    LARGER = "larger"


class _PageView(QWidget):
    """Paints the picture of one page on the ground behind it."""

    def __init__(self) -> None:
        super().__init__()
        self.image: QImage | None = None

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), theme.colour(Tone.SUNK))
            if self.image is None:
                return
            size = self.image.deviceIndependentSize().toSize()
            place = QRect(
                (self.width() - size.width()) // 2, theme.metrics().s16, size.width(), size.height()
            )
            paint.draw_box(
                painter, place.adjusted(-1, -1, 1, 1), ground=Tone.PAPER, border=Tone.LINE, radius=0
            )
            painter.drawImage(place.topLeft(), self.image)


class _Ring(QWidget):
    """The ring of the preview, over the page: it neither moves nor scrolls with it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        width = theme.metrics().ring
        with QPainter(self) as painter:
            paint.draw_box(painter, self.rect(), ground=None, border=Tone.ACCENT, radius=0, width=width)


class PdfPreview(QScrollArea):
    """Shows one page at a time. `page_changed(page)` tells which, from 0; `broad_seen()` that one lies across."""

    page_changed = Signal(int)
    broad_seen = Signal()

    def __init__(self, jobs: Jobs) -> None:
        super().__init__()
        self._latest = jobs.latest(self)
        self._path: Path | bytes | None = None
        self._pages = 0
        self._page = 0
        self._zoom = Zoom.WIDTH
        self._shape = _A4
        self._view = _PageView()
        self.setWidget(self._view)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("打印预览")
        self._ring = _Ring(self)

    @property
    def page(self) -> int:
        """The page that is shown, from 0."""
        return self._page

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return self._pages

    @property
    def shown(self) -> QImage | None:
        """The picture that is on the screen."""
        return self._view.image

    def show_file(self, path: Path | bytes | None, pages: int) -> None:
        """Show a PDF (a file, or one in memory) from its first page, or nothing."""
        self._path, self._pages = path, pages
        if path is None:
            self._latest.drop()
            self._view.image = None
            self._view.update()
            return
        self.go_to(0)

    def go_to(self, page: int) -> None:
        """Show a page."""
        if self._path is None:
            return
        self._page = max(0, min(page, self._pages - 1))
        self.page_changed.emit(self._page)
        self.verticalScrollBar().setValue(0)
        self._draw()

    def next_page(self, *_: object) -> None:
        self.go_to(self._page + 1)

    def previous_page(self, *_: object) -> None:
        self.go_to(self._page - 1)

    def set_zoom(self, zoom: Zoom) -> None:
        """Show the page whole, as wide as there is room, or larger."""
        self._zoom = zoom
        self._draw()

    def _width(self) -> int:
        m = theme.metrics()
        room = QSize(self.viewport().width() - 2 * m.s24, self.viewport().height() - 2 * m.s16)
        if self._zoom is Zoom.WHOLE:
            return max(1, min(room.width(), round(room.height() / self._shape)))
        # What is printed across is read across too: as wide as there is room.
        wide = min(room.width(), m.form_most) if self._shape > 1 else room.width()
        return max(1, wide if self._zoom is Zoom.WIDTH else round(wide * _LARGER))

    def _draw(self) -> None:
        if self._path is None or not self._pages:
            return
        pixels = round(self._width() * self.devicePixelRatioF())
        self._latest.draw(page_image, self._path, self._page, pixels, on_done=self._show)

    def _show(self, image: QImage) -> None:
        shape = image.height() / max(1, image.width())
        if abs(shape - self._shape) > _SAME:
            self._shape = shape
            if shape < 1:
                self.broad_seen.emit()
            self._draw()
        image.setDevicePixelRatio(self.devicePixelRatioF())
        self._view.image = image
        m = theme.metrics()
        size = image.deviceIndependentSize().toSize()
        self._view.resize(
            max(self.viewport().width(), size.width() + 2 * m.s16),
            max(self.viewport().height(), size.height() + 2 * m.s16),
        )
        self._view.update()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._ring.setGeometry(self.viewport().geometry())
        self._draw()

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._ring.raise_()
        self._ring.show()

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._ring.hide()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_PageDown:
            self.next_page()
        elif event.key() == Qt.Key.Key_PageUp:
            self.previous_page()
        elif event.key() == Qt.Key.Key_Home:
            self.go_to(0)
        elif event.key() == Qt.Key.Key_End:
            self.go_to(self._pages - 1)
        else:
            super().keyPressEvent(event)
