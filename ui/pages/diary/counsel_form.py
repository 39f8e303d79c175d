"""One counselling note in the order of its paper (§5.20). It is sealed on saving; its draft is sealed too."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from typing_extensions import override

from app.core.untold import Untold
from app.diary.case_parts import ChildHead
from app.diary.codes import CounsellingForm, CounsellingOrigin
from app.diary.counselling import NOTE_TEXTS, Note, NoteDraft, remove_note, save_note
from app.diary.sealing import OpenKey
from app.pairing.facts import SupporterFacts
from app.tasks.case_papers import make_counselling_sheet
from ui import theme
from ui.context import Context
from ui.drafts import About, Form, Keeping
from ui.pages.diary.case_child import ChildForm
from ui.pages.diary.case_form import day_field, line_field, text_field, text_in
from ui.pages.diary.counsel_keeping import SealedKeeping
from ui.shell.papers import Papers
from ui.widgets import Button, FormRow, Menu, QuietChoice, Text, holder, row
from ui.widgets.time_field import TimeField

NOT_WRITTEN = ""
_LINES = {"course": 4, "observation": 2}


class NoteHand(Untold, frozen=True):
    """What the form needs: the opened note (None for a new one), who may have counselled, the child of a new one."""

    note: Note | None
    people: tuple[SupporterFacts, ...]
    child: ChildHead | None = None


class NoteForm(ChildForm):
    """One note."""

    kept_as = Form.COUNSELLING
    part = "counselling"

    def __init__(self, context: Context, hand: NoteHand, key: OpenKey) -> None:
        head = hand.note.head if hand.note else None
        title = "记一份" if head is None else f"{head.number}　{head.child.name}　{head.child.class_name}"
        super().__init__(
            context,
            title,
            uuid=head.uuid if head else None,
            table="counselling",
            child=head.child.uuid if head else "",
        )
        self._key = key
        self._number = head.number if head else ""
        self.papers = Papers(context, self, title="心理辅导记录表", stem="心理辅导记录表")
        self.papers.write_down("心理辅导记录表", 1)
        if head is not None:
            menu = Menu(self)
            menu.add("写姓名", partial(self._print, False))
            menu.add("写代号", partial(self._print, True))
            self.more.addWidget(Button("打印", menu=menu, icon="print"))
        self._make_fields(hand)
        self._lay_out()
        self._fill(hand)
        self.foot.set_words("内容加密保存", "姓名、日期、形式没有加密；不进名册，也不进报镇的拷贝。")
        self.start(hand.child)

    def _make_fields(self, hand: NoteHand) -> None:
        self.day = day_field(self.context)
        self.started, self.ended = TimeField(), TimeField()
        people = [(one.key, one.name) for one in hand.people]
        self.who = QuietChoice([(NOT_WRITTEN, "不写"), *people], quiet=False, unknown=False)
        forms = [(one, one.label) for one in CounsellingForm]
        self.form_of = QuietChoice([(NOT_WRITTEN, "不写"), *forms], quiet=False, unknown=False)
        origins = [(one, one.label) for one in CounsellingOrigin]
        self.origin = QuietChoice([(NOT_WRITTEN, "不写"), *origins], quiet=False, unknown=False)
        self.place = line_field()
        self.texts = {name: text_field(_LINES.get(name, 1)) for name in NOTE_TEXTS if name != "place"}

    def _lay_out(self) -> None:
        m = theme.metrics()
        self.add_child_row()
        times = holder(row(self.started, m.s8, Text("到"), m.s8, self.ended, None))
        self.started.setAccessibleName("开始时间")
        self.ended.setAccessibleName("结束时间")
        day = self.row("day", "日期", self.day)
        self.named |= {"started": self.started, "ended": self.ended}
        self.pair(day, FormRow("起止时间", times, label_width=m.number_width))
        self.pair(self.row("who", "辅导教师", self.who), self.row("place", "地点", self.place))
        self.pair(self.row("form", "形式", self.form_of), self.row("origin", "来源", self.origin))
        self.full(*(self.row(name, NOTE_TEXTS[name], area) for name, area in self.texts.items()))

    def _fill(self, hand: NoteHand) -> None:
        note = hand.note
        if note is None:
            self.day.set_value(self.context.clock.today().isoformat())
            mine = next(
                (one.key for one in hand.people if one.name == self.context.entering.name), NOT_WRITTEN
            )
            self.who.set_value(mine)
            return
        head = note.head
        self.day.set_value(head.happened_on)
        self.started.setText(head.started or "")
        self.ended.setText(head.ended or "")
        self.who.set_value(head.supporter_uuid or NOT_WRITTEN)
        self.form_of.set_value(head.form or NOT_WRITTEN)
        self.origin.set_value(head.origin or NOT_WRITTEN)
        self.place.setText(note.texts.get("place", ""))
        for name, area in self.texts.items():
            area.set_value(note.texts.get(name))

    @override
    def about(self) -> str:
        return "心理疏导（加密）"

    @override
    def keep(self, about: About) -> Keeping:
        return SealedKeeping(self.context.drafts, about, self.named, self, self._key)

    # ---- answers

    @override
    def draft(self) -> NoteDraft | None:
        child = self.child_uuid
        if child is None:
            self.object_to("还没有选儿童。", self.child)
            return None
        texts = {name: words for name, area in self.texts.items() if (words := text_in(area)) is not None}
        place = text_in(self.place)
        form, origin = self.form_of.value, self.origin.value
        return NoteDraft(
            uuid=self.uuid,
            child_uuid=child,
            happened_on=self.day.text(),
            started=text_in(self.started),
            ended=text_in(self.ended),
            supporter_uuid=str(self.who.value) or None,
            form=CounsellingForm(str(form)) if form else None,
            origin=CounsellingOrigin(str(origin)) if origin else None,
            texts=texts | ({"place": place} if place and texts else {}),
        )

    @override
    def saver(self) -> Callable[..., Any]:
        return save_note

    @override
    def arguments(self, draft: NoteDraft) -> Mapping[str, Any]:
        return {"draft": draft, "key": self._key}

    @override
    def remover(self) -> Callable[..., Any]:
        return remove_note

    @override
    def removal(self) -> tuple[str, tuple[str, ...]]:
        return f"把记录 {self._number} 移到回收站？", ("内容还是加密的；可以撤销。",)

    def _print(self, by_code: bool) -> None:
        """The sheet from memory onto paper: it is never a file."""
        self.papers.show_secret(make_counselling_sheet, self._key, self.uuid, by_code)
