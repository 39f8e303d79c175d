"""Looking at a photo, a scan or a PDF that is kept with a child or a record."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QByteArray, QObject, QSize, Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QWidget

from app.diary.attachments import attachment_bytes
from ui import theme
from ui.context import Context
from ui.theme import Tone, Type
from ui.widgets import Panel, Text, Verb
from ui.widgets.pdf import page_count
from ui.widgets.preview import PdfPreview, Zoom

KINDS = "照片、扫描件 (*.jpg *.jpeg *.png *.bmp *.tif *.tiff *.webp *.heic *.pdf)"
"""What can be kept, as a file dialog says it."""
HOW_KEPT = "会缩小到 200 KB 以内，去掉拍摄地点；原来的文件不动。"
PDF = "application/pdf"
_DONE = Verb("done", "看好了")


class AttachmentViewer(QObject):
    """`see` shows one on file, `show_content` one that is only chosen so far."""

    def __init__(self, context: Context, parent: QWidget) -> None:
        super().__init__(parent)
        self._context = context

    def see(self, uuid: str, media_type: str) -> None:
        """Read and show one."""
        self._context.read(attachment_bytes, uuid, on_done=partial(self.show_content, media_type), owner=self)

    def show_content(self, media_type: str, content: bytes | None) -> None:
        """Show a picture as large as the window lets it be, or the pages of a PDF."""
        if content is None:
            return
        if media_type == PDF:
            self._context.jobs.draw(page_count, content, on_done=partial(self._show_pages, content))
        else:
            self._context.dialogs.open_panel(PicturePanel(self._context, content), _nothing_more)

    def _show_pages(self, content: bytes, pages: int) -> None:
        panel = PagesPanel(self._context, pages)
        self._context.dialogs.open_panel(panel, _nothing_more)
        panel.preview.show_file(content, pages)


class PicturePanel(Panel):
    """One picture as large as the window lets it be."""

    def __init__(self, context: Context, content: bytes) -> None:
        m = theme.metrics()
        room = _room(context)
        picture = QPixmap()
        shown = picture.loadFromData(QByteArray(content))
        if shown and (picture.width() > room.width() or picture.height() > room.height()):
            picture = picture.scaled(
                room, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
            )
        super().__init__(context.dialogs.top, "", [_DONE], width=max(picture.width() + 2 * m.s24, m.side))
        self.head.hide()
        label = Text("" if shown else "这张图读不出来。")
        if shown:
            label.setPixmap(picture)
        label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.box.addWidget(label)


class PagesPanel(Panel):
    """The pages of a PDF, to leaf through."""

    def __init__(self, context: Context, pages: int) -> None:
        m = theme.metrics()
        super().__init__(context.dialogs.top, "", [_DONE], width=m.form_most + 2 * m.s24, focus_content=True)
        self.head.hide()
        self.preview = PdfPreview(context.jobs)
        self.preview.set_zoom(Zoom.WIDTH)
        self.preview.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.preview.setAccessibleName("文件的页面，PgUp、PgDn 翻页")
        self.preview.setFixedHeight(_room(context).height())
        self.box.addWidget(self.preview)
        self.box.addSpacing(m.s4)
        words = f"共 {pages} 页，PgUp、PgDn 翻页。" if pages > 1 else "共 1 页。"
        self.box.addWidget(Text(words, Type.SMALL, Tone.INK2, wrap=True))


def _room(context: Context) -> QSize:
    m = theme.metrics()
    window = context.dialogs.window
    if window is None:
        return QSize(m.form_most, m.dialog)
    return QSize(window.width() - 4 * m.s32, window.height() - 5 * m.s32)


def _nothing_more(_key: str) -> None:
    """After looking there is nothing to choose."""
