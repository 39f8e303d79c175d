"""十 附件: photos, scans and papers kept with the child itself; those of its records stand in the timeline."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from PySide6.QtWidgets import QWidget

from app.children.child_file import ChildFile
from app.core.changes import Changes
from app.diary.attachments import attachments
from app.diary.codes import AttachmentKind
from app.diary.drafts import PictureDraft
from app.diary.facts import AttachmentFacts
from app.diary.service_attachments import add_attachments, remove_attachment
from app.storage.pictures import Picture
from ui import theme
from ui.drafts import EntryPanel
from ui.pages.child.clerk import Clerk
from ui.pages.child.section import Section
from ui.shell.attachments import HOW_KEPT, PDF, AttachmentViewer
from ui.shell.picture_intake import PictureIntake
from ui.theme import Tone, Type
from ui.widgets import (
    Finding,
    FormRow,
    Link,
    NearDay,
    QuietChoice,
    QuietField,
    State,
    Text,
    column,
    empty_out,
    holder,
    row,
)
from ui.wording import size_words

_AREAS = frozenset({"diary"})
_LOOKED_AT = 6
"""So many of those that are put in together can be looked at first."""


class Attachments(Section):
    """What is kept is never changed: taken out it lies in the recycle bin, and undoing brings it back."""

    key = "attachments"
    words = "附件"

    def __init__(self, clerk: Clerk, number: str) -> None:
        self._add = Link("加照片或扫描件…", self._choose, kind=Type.SMALL)
        super().__init__(clerk, number, self._add)
        m = theme.metrics()
        self._reading = clerk.context.jobs.latest(self)
        self._viewer = AttachmentViewer(clerk.context, self)
        self._intake = PictureIntake(clerk.context, self, self._add)
        self._intake.taken.connect(self._take)
        self._intake.finished.connect(self._ask)
        self._chosen: tuple[Picture, ...] = ()
        self._chosen_for = self._uuid = ""
        self._name = self._chosen_name = ""
        self._lines = column(gap=m.s4)
        self._note = Text(f"{HOW_KEPT}附件不进报镇里的一份。", Type.SMALL, Tone.INK2, wrap=True)
        self.box.addLayout(self._lines)
        self.box.addSpacing(m.s4)
        self.box.addWidget(self._note)

    def make(self) -> Iterator[None]:
        self.clerk.context.bus.changed.connect(self._changed)
        yield

    def fill(self, file: ChildFile, *, fresh: bool) -> None:
        if fresh:
            empty_out(self._lines)
        self._uuid, self._name = file.facts.uuid, file.facts.name
        self._add.setVisible(self.clerk.editable)
        self._read()

    def first_field(self) -> QWidget:
        return self._add

    # ---- shown

    def _read(self) -> None:
        if self._uuid:
            self._reading.run(
                attachments, self.clerk.context.store, child_uuid=self._uuid, on_done=self._show
            )

    def _changed(self, changes: Changes) -> None:
        if changes.touches(_AREAS):
            self._read()

    def _show(self, found: Sequence[AttachmentFacts]) -> None:
        if any(one.child_uuid != self._uuid for one in found):
            return  # another child is shown by now
        empty_out(self._lines)
        own = [one for one in found if one.record_uuid is None]
        for one in own:
            self._lines.addWidget(self._line(one))
        others = len(found) - len(own)
        words = [] if own else ["还没有附件。"]
        if others:
            words.append(f"{'另' if own else ''}有 {others} 个附在记录里，在跟踪记录里打开那一条看。")
        if words:
            self._lines.addWidget(Text("".join(words), tone=Tone.INK3, wrap=True))
        self.head.set_fact(f"{len(own)} 个" if own else "", Tone.INK2)

    def _line(self, one: AttachmentFacts) -> QWidget:
        m = theme.metrics()
        parts = (
            one.kind.label if one.title else "",
            size_words(one.size),
            f"拍于 {one.taken_on}" if one.taken_on else "",
            f"{one.entered_at[:10]} 放进来",
        )
        said = column(
            Text(one.title or one.kind.label, wrap=True),
            Text("，".join(part for part in parts if part), Type.SMALL, Tone.INK2, wrap=True),
        )
        see = Link("看", partial(self._viewer.see, one.uuid, one.media_type), kind=Type.SMALL)
        see.setAccessibleName(f"看 {one.title or one.kind.label}")
        away = Link("拿掉", partial(self._remove, one.uuid), kind=Type.SMALL)
        away.setVisible(self.clerk.editable)
        line = row(said, m.s12, see, m.s4, away)
        line.setStretchFactor(said, 1)
        return holder(line)

    # ---- put in, taken out

    def _choose(self) -> None:
        self._chosen, self._chosen_for, self._chosen_name = (), self._uuid, self._name
        self._intake.choose()

    def _take(self, picture: Picture) -> None:
        self._chosen = (*self._chosen, picture)

    def _ask(self) -> None:
        """Made small; what they are is asked once for all of them."""
        chosen, self._chosen = self._chosen, ()
        if chosen:
            panel = AttachmentPanel(self.clerk, self._chosen_for, self._chosen_name, chosen)
            self.clerk.context.dialogs.open_panel(panel, _nothing_more)

    def _remove(self, uuid: str) -> None:
        self.clerk.context.write(remove_attachment, uuid=uuid, toast=True)


class AttachmentPanel(EntryPanel):
    """What the chosen files are: asked once, for a kept picture is never changed. Several go in as one action.

    It says whose they are: she may have gone on to another child while they were made small.
    """

    def __init__(self, clerk: Clerk, child: str, name: str, pictures: Sequence[Picture]) -> None:
        context = clerk.context
        several = len(pictures) > 1
        head = f"放进 {len(pictures)} 个附件" if several else "放进附件"
        super().__init__(context.dialogs.window, head, self._asked, verb="放进去")
        self._context = context
        self._child = child
        self._pictures = tuple(pictures)
        self._today = context.clock.today().isoformat()
        self._viewer = AttachmentViewer(context, self)
        self.add(Text(f"放进{name}的档案", tone=Tone.INK2, wrap=True))
        for number, picture in enumerate(self._pictures[:_LOOKED_AT], start=1):
            show = partial(self._viewer.show_content, picture.media_type, picture.content)
            size = size_words(len(picture.content))
            said = f"缩小以后 {size}"
            if several:
                taken = f"，拍于 {picture.taken_on}" if picture.taken_on else ""
                said = f"第 {number} 个，{said}{taken}"
            self.add(holder(row(Text(said, tone=Tone.INK2), None, Link("看", show, kind=Type.SMALL))))
        only_pdf = all(picture.media_type == PDF for picture in self._pictures)
        kinds = [AttachmentKind.DOCUMENT] if only_pdf else [AttachmentKind.SCAN, AttachmentKind.PHOTO]
        self.kind = QuietChoice([(one, one.label) for one in kinds], quiet=False, unknown=False)
        self.kind.set_value(kinds[-1])
        hint = "如 户口本；按选的顺序编号" if several else "如 户口本首页、委托照护书"
        self.title = QuietField(quiet=False, hint=hint)
        self.taken = NearDay(context.clock.today, ahead=False, hint="可空着", check=self._check_day)
        fields = [("是什么", self.title), ("种类", self.kind)]
        if not several:
            self.taken.set_value(self._pictures[0].taken_on or "")
            fields.append(("拍摄日期", self.taken))
        for label, field in fields:
            self.add(FormRow(label, field))

    def _check_day(self, text: str) -> Finding | None:
        return Finding(State.INVALID, "这一天还没有到。") if text > self._today else None

    def _asked(self, _key: str) -> None:
        title = self.title.text().strip()
        several = len(self._pictures) > 1
        drafts = [
            PictureDraft(
                picture=picture,
                kind=AttachmentKind.DOCUMENT
                if picture.media_type == PDF
                else AttachmentKind(str(self.kind.value)),
                title=(f"{title} {number}" if several else title) if title else None,
                taken_on=picture.taken_on if several else self.taken.value or None,
            )
            for number, picture in enumerate(self._pictures, start=1)
        ]
        self._context.write(
            add_attachments,
            child_uuid=self._child,
            pictures=drafts,
            on_done=self._stored,
            on_error=self.refused,
            toast=True,
        )

    def _stored(self, _changes: object) -> None:
        self.finish()


def _nothing_more(_key: str) -> None:
    """The panel has written by itself."""
