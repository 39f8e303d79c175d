"""The foot of the week: how many were planned and got through, who waits longest, who was not reached this month."""

from __future__ import annotations

from PySide6.QtCore import Signal

from app.calls.seen import Seen
from ui.pages.calls.loading import WeekFacts
from ui.theme import Tone, Type
from ui.widgets import FooterBar, Link, Text


class WeekFoot(FooterBar):
    """`list_asked` for the names behind the figures."""

    list_asked = Signal()

    def __init__(self) -> None:
        self._figures = Text("", bold=True)
        self._longest = Text("", Type.SMALL, Tone.INK2)
        self._missing = Text("", Type.SMALL, Tone.OCHRE)
        self._names = Link("看名单", kind=Type.SMALL)
        super().__init__(lead_parts=[self._figures, self._longest, self._missing, self._names], worded=False)
        self._narrow = False
        self._names.clicked.connect(self.list_asked)

    def set_narrow(self, narrow: bool) -> None:
        """Who waits longest is on the list, where there is little room."""
        self._narrow = narrow
        self._longest.setVisible(not narrow)

    def show_week(self, facts: WeekFacts, *, is_now: bool) -> None:
        """Say the figures of a week."""
        head = "本周" if is_now else "这一周"
        words = f"{head}排了 {facts.planned} 名，已接通 {facts.through} 名" if facts.planned else ""
        if not words:
            words = f"{head}接通 {facts.through} 名" if facts.through else f"{head}还没有排号"
        self._figures.setText(words)

    def show_seen(self, seen: Seen) -> None:
        """Say who waits, as of today whatever week is looked at."""
        longest = seen.longest
        words = ""
        if longest is not None:
            waited = f"{longest.days} 天" if longest.last_on else "还没有打通过"
            words = f"等得最久：{longest.child_name} {waited}"
        self._longest.setText(words)
        count = len(seen.not_yet_this_month)
        self._missing.setText(f"本月还没接通：{count} 名" if count else "本月都接通过")
        self._missing.set_tone(Tone.OCHRE if count else Tone.INK2)
        self._longest.setVisible(not self._narrow and bool(words))
