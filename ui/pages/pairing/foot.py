"""The bar at the foot of the pairing page: how to begin, what the draft would do, whom she is carrying."""

from __future__ import annotations

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from ui import theme
from ui.pages.pairing.draft import Draft
from ui.theme import Tone, Type
from ui.widgets import Button, Ground, Kind, Text, column, row


class DraftFoot(Ground):
    """`suggest`, `drop` and `accept` are its buttons; the page connects them."""

    def __init__(self) -> None:
        super().__init__("foot-select")
        self._narrow = False
        self._tone = Tone.INK2
        m = theme.metrics()
        self.suggest = Button("排一份建议", kind=Kind.FILLED)
        self.drop = Button("不用这份建议")
        self.accept = Button("接受", kind=Kind.FILLED)
        self.lead = Text("", wrap=True)
        self.detail = Text("", Type.SMALL, Tone.INK2, wrap=True)
        icon = Text()
        icon.setPixmap(theme.pixmap("info", Tone.ACCENT))
        words = column(self.lead, self.detail)
        box = row(
            icon, m.s8, words, m.s12, self.drop, self.suggest, self.accept,
            gap=m.s8, margins=(m.s16, m.s8, m.s16, m.s8),
        )  # fmt: skip
        box.setStretchFactor(words, 1)
        self.setLayout(box)
        self.setMinimumHeight(m.footer)

    def _say(self, lead: str, detail: str = "", tone: Tone = Tone.INK2) -> None:
        self._tone = tone
        self.lead.setText(lead)
        self.detail.setText(detail)
        self.detail.set_tone(tone)
        # In a low window the lines of the list say it, each for its child.
        self.detail.setVisible(bool(detail) and not self._narrow)
        self.setToolTip(detail if self._narrow else "")

    def _offer(self, *buttons: QWidget) -> None:
        for button in (self.suggest, self.drop, self.accept):
            button.setVisible(button in buttons)

    def set_narrow(self, narrow: bool) -> None:
        """One sentence only, where the list needs the room."""
        self._narrow = narrow
        self._say(self.lead.text(), self.detail.text(), self._tone)

    def say_carrying(self, name: str) -> None:
        """She has lifted a child."""
        self._offer()
        self._say(f"把 {name} 交给谁？用 ↑↓ 选一位，Enter 交给他，Esc 放下。")
        self.show()

    def show_draft(self, draft: Draft, waiting: int, *, can_suggest: bool) -> None:
        """What is proposed, or how to begin; nothing while everybody has somebody."""
        accepted = len(draft.accepted)
        if draft:
            self._offer(self.drop, self.accept)
            self.accept.set_text(f"接受勾选的 {accepted} 名" if accepted else "接受勾选的")
            self.accept.setEnabled(bool(accepted))
            why = "；".join(words.rstrip("。；") for words in draft.why)
            self._say(self._lead(draft), f"{why}。" if why else "", Tone.OCHRE)
        elif waiting and can_suggest:
            self._offer(self.suggest)
            self._say(
                f"{waiting} 名还没有人。",
                "让程序按结对规则排一份建议，看过再接受；也可以把孩子拖给右边的人，或按 Enter 拿起来再交给他。",
            )
        self.setVisible(bool(draft) or bool(waiting and can_suggest))

    @staticmethod
    def _lead(draft: Draft) -> str:
        by_hand = f"其中 {draft.by_hand} 名是您指定的。" if draft.by_hand else ""
        if draft.words:
            return f"{draft.words}{by_hand}"
        if not draft.proposals:
            return "一名也排不出来。"
        if draft.by_hand < len(draft.proposals):
            return f"草稿里还有 {len(draft.proposals)} 名没有接受。{by_hand}"
        return f"草稿：您指定了 {draft.by_hand} 名，接受以后才存上。"

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # Wrapped words know their height only for a width.
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()
