"""Photos and scans of a record: chosen, made small off the window's thread, looked at, taken out again."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.core.changes import Changes
from app.diary.codes import AttachmentKind
from app.diary.drafts import PictureDraft
from app.diary.facts import AttachmentFacts
from app.diary.service_attachments import remove_attachment
from app.storage.pictures import Picture
from ui import theme
from ui.context import Context
from ui.shell.attachments import HOW_KEPT, PDF, AttachmentViewer
from ui.shell.picture_intake import PictureIntake
from ui.theme import Tone, Type
from ui.widgets import Button, Text, column, empty_out, holder, row
from ui.wording import size_words


class Pictures(QWidget):
    """`added` are the new ones, to be saved with the record; those on file are removed by an action of their own."""

    changed = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__()
        m = theme.metrics()
        self._context = context
        self.added: tuple[PictureDraft, ...] = ()
        self._stored: tuple[AttachmentFacts, ...] = ()
        self._lines = column(gap=m.s2)
        self.add = Button("加照片或扫描件…", self._choose, icon="image", small=True)
        self._intake = PictureIntake(context, self, self.add)
        self._intake.taken.connect(self._taken)
        self._viewer = AttachmentViewer(context, self)
        foot = row(self.add, m.s8, Text(HOW_KEPT, Type.SMALL, Tone.INK3, wrap=True))
        foot.setStretch(2, 1)
        self.setLayout(column(self._lines, foot, gap=m.s4))

    def show_stored(self, stored: Sequence[AttachmentFacts]) -> None:
        """Those on file."""
        self._stored = tuple(stored)
        self._show()

    # ---- adding

    @property
    def is_busy(self) -> bool:
        """Photos that she chose are still made small: the record would be saved without them."""
        return self._intake.is_busy

    def _choose(self) -> None:
        self._intake.choose()

    def _taken(self, picture: Picture) -> None:
        kind = AttachmentKind.DOCUMENT if picture.media_type == PDF else AttachmentKind.PHOTO
        self.added = (*self.added, PictureDraft(picture=picture, kind=kind, taken_on=picture.taken_on))
        self._show()
        self.changed.emit()

    # ---- shown

    def _show(self) -> None:
        m = theme.metrics()
        empty_out(self._lines)
        for place, stored in enumerate(self._stored, start=1):
            words = f"{stored.title or stored.kind.label} {place}，{size_words(stored.size)}"
            see = Button("看", partial(self._viewer.see, stored.uuid, stored.media_type), small=True)
            away = Button("拿掉", partial(self._remove, stored.uuid), small=True)
            away.setEnabled(not self._context.read_only)
            self._lines.addWidget(holder(row(Text(words), m.s12, see, m.s4, away, None)))
        for place, new in enumerate(self.added, start=len(self._stored) + 1):
            words = f"{new.kind.label} {place}，{size_words(len(new.picture.content))}，存上时一起存"
            show = partial(self._viewer.show_content, new.picture.media_type, new.picture.content)
            see = Button("看", show, small=True)
            away = Button("拿掉", partial(self._drop, new.uuid), small=True)
            self._lines.addWidget(holder(row(Text(words), m.s12, see, m.s4, away, None)))

    def _drop(self, uuid: str) -> None:
        self.added = tuple(one for one in self.added if one.uuid != uuid)
        self._show()
        self.changed.emit()

    def _remove(self, uuid: str) -> None:
        self._context.write(remove_attachment, uuid=uuid, toast=True, on_done=partial(self._removed, uuid))

    def _removed(self, uuid: str, _changes: Changes) -> None:
        self.show_stored([one for one in self._stored if one.uuid != uuid])
