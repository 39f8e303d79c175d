"""Beside the form: why it is due, what was promised and is open, which event it answers, what was written last time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from app.diary.codes import Activity
from app.diary.facts import EventFacts, PromiseFacts, RecordLine
from app.dossier.at_hand import AtHand
from app.todo.codes_on_paper import spaced
from ui import theme
from ui.pages.diary.words import guidance_words, parts_of
from ui.theme import Tone, Type
from ui.widgets import CheckBox, Ground, Link, Scroll, Text, column, empty_out, holder, row
from ui.wording import day_words

LONGEST_LAST = 300
"""Characters shown of the text of last time; the rest is on its own page."""


class EntrySide(Scroll):
    """`kept` and `closes` are the ticked uuids."""

    ticked = Signal()
    record_asked = Signal(str)

    def __init__(self, today: date) -> None:
        m = theme.metrics()
        super().__init__(gap=m.s12)
        self._today = today
        self._promises: dict[str, CheckBox] = {}
        self._events: dict[str, CheckBox] = {}

    @property
    def kept(self) -> tuple[str, ...]:
        """The promises this record kept."""
        return tuple(uuid for uuid, box in self._promises.items() if box.isChecked())

    @property
    def closes(self) -> tuple[str, ...]:
        """The events this record answers."""
        return tuple(uuid for uuid, box in self._events.items() if box.isChecked())

    @property
    def count(self) -> int:
        """How many open things there are to be ticked."""
        return len(self._promises) + len(self._events)

    def boxes(self) -> dict[str, CheckBox]:
        """The tick boxes by the name they have in a draft."""
        return {
            **{f"kept.{uuid}": box for uuid, box in self._promises.items()},
            **{f"closes.{uuid}": box for uuid, box in self._events.items()},
        }

    def show_hand(
        self,
        hand: AtHand,
        kind: Activity,
        why: str,
        kept: Sequence[str],
        closes: Sequence[str],
        paper: str = "",
    ) -> None:
        """Show what lies at hand; `kept` and `closes` are ticked to begin with, later what she has ticked.

        `paper` is the code of the printed form that is given back with the record.
        """
        ticked_kept, ticked_closes = {*kept, *self.kept}, {*closes, *self.closes}
        self._promises, self._events = {}, {}
        empty_out(self.box)
        several = len(hand.children) > 1
        begun: list[QWidget | int] = [Text(why, wrap=True)] if why else []
        if paper:
            told = f"存上后，单号 {spaced(paper)} 的纸单算交回。"
            begun.append(Text(told, Type.SMALL, Tone.INK2, wrap=True))
        if begun:
            self.box.addWidget(_Card("为什么记这条", begun, ground="select"))
        events = {one.uuid: one for one in (*hand.events, *(hand.record.events if hand.record else ()))}
        if events:
            parts = [self._event(one, one.uuid in ticked_closes, several) for one in events.values()]
            self.box.addWidget(_Card("要上门的事", parts))
        promises = {one.uuid: one for one in (*hand.promises, *(hand.record.kept if hand.record else ()))}
        own = {one.uuid for one in hand.record.promises} if hand.record else set()
        shown = [one for uuid, one in promises.items() if uuid not in own]
        if shown:
            parts = [self._promise(one, one.uuid in ticked_kept, several) for one in shown]
            self.box.addWidget(_Card("答应过，还没兑现", parts))
        if hand.follows is not None:
            self.box.addWidget(self._last("跟进的是", hand.follows))
        last = hand.last.get(kind)
        is_itself = last is not None and hand.record is not None and last.uuid == hand.record.line.uuid
        if last is not None and not is_itself and (hand.follows is None or hand.follows.uuid != last.uuid):
            self.box.addWidget(self._last(f"上次{kind.label}", last))
        if not self.box.count():
            words = "这里会列出答应过还没兑现的、要上门的事和上次写的。"
            self.box.addWidget(Text(words, Type.SMALL, Tone.INK3, wrap=True))
        self.box.addStretch(1)

    def _promise(self, one: PromiseFacts, is_ticked: bool, several: bool) -> QWidget:
        who = f"{one.child_name}：" if several else ""
        due = f"，{day_words(date.fromisoformat(one.due_on), self._today)}以前" if one.due_on else ""
        said = f"{day_words(date.fromisoformat(one.promised_on), self._today)}答应{due}"
        box = self._box("这次兑现了", is_ticked, f"兑现：{one.content}")
        self._promises[one.uuid] = box
        return _item(f"{who}「{one.content}」", said, box)

    def _event(self, one: EventFacts, is_ticked: bool, several: bool) -> QWidget:
        who = f"{one.child_name}：" if several else ""
        day = day_words(date.fromisoformat(one.happened_on), self._today)
        note = f"，{one.note}" if one.note else ""
        box = self._box("这次就是为它去的", is_ticked, f"了结：{one.name}")
        self._events[one.uuid] = box
        return _item(f"{who}{one.name}{note}", f"{day}，{one.days} 天内{one.activity.label}", box)

    def _box(self, words: str, is_ticked: bool, name: str) -> CheckBox:
        box = CheckBox(words, checked=is_ticked)
        box.setAccessibleName(name)
        box.toggled.connect(self.ticked)
        return box

    def _last(self, head: str, line: RecordLine) -> QWidget:
        m = theme.metrics()
        day = day_words(date.fromisoformat(line.happened_on), self._today)
        about = "　".join(part for part in (day, line.supporter_name, guidance_words(line.guidances)) if part)
        text = "\n".join(parts_of(line.text))
        text = text if len(text) <= LONGEST_LAST else text[: LONGEST_LAST - 1] + "…"
        see = Link("打开", partial(self.record_asked.emit, line.uuid), kind=Type.SMALL)
        top = holder(row(Text(about, Type.SMALL, Tone.INK2, wrap=True), see))
        layout = top.layout()
        if layout is not None:
            layout.setAlignment(see, Qt.AlignmentFlag.AlignTop)
        return _Card(head, [top, m.s2, Text(text or "没有写内容", wrap=True)])


class _Card(Ground):
    """A small head and what stands below it."""

    def __init__(self, head: str, parts: Sequence[QWidget | int], *, ground: str = "sheet") -> None:
        super().__init__(ground)
        m = theme.metrics()
        title = Text(head, Type.SMALL, Tone.INK2, bold=True)
        self.setLayout(column(title, m.s4, *parts, gap=m.s4, margins=(m.s12, m.s8, m.s12, m.s8)))


def _item(words: str, second: str, box: CheckBox) -> QWidget:
    return holder(column(Text(words, wrap=True), Text(second, Type.SMALL, Tone.INK2, wrap=True), box))
