"""The second place of the backups, in one line: where it is, how it stands, naming it, taking it away."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal

from app.storage.backups import backup_if_due
from app.storage.drives import DriveProbe
from app.storage.second_place import (
    SecondChoice,
    SecondPlace,
    SecondState,
    forget_second,
    name_second,
)
from ui import theme
from ui.context import Context
from ui.theme import Tone, Type
from ui.widgets import Ground, Link, Text, Verb
from ui.widgets.layout import column, row

# What is well is quiet; what is not stands on a tinted ground.
_LOOKS = {
    SecondState.CURRENT: ("foot", Tone.INK2),
    SecondState.BEHIND: ("ochre", Tone.INK),
    SecondState.FULL: ("red", Tone.INK),
    SecondState.AWAY: ("ochre", Tone.INK),
}


class SecondStrip(Ground):
    """`show_second` fills it. `changed` after a place was named or taken away."""

    changed = Signal()

    def __init__(self, context: Context, probe: DriveProbe | None = None) -> None:
        super().__init__("foot")
        m = theme.metrics()
        self._context = context
        self._probe = probe
        self._place: SecondPlace | None = None
        self._words = Text("", wrap=True)
        self._where = Text("", Type.SMALL, Tone.INK2, elide=True)
        self.choose = Link("选一个文件夹…", self._choose)
        self.leave = Link("不用了", self._ask_leave)
        told = column(self._words, self._where, gap=m.s2)
        box = row(told, m.s16, self.choose, m.s8, self.leave)
        box.setContentsMargins(m.s16, m.s8, m.s16, m.s8)
        box.setStretch(0, 1)
        self.setLayout(box)

    @property
    def words(self) -> str:
        """What is said of it now."""
        return self._words.text()

    def show_second(self, place: SecondPlace | None, *, can_have_one: bool) -> None:
        """Say how it stands; hidden for a ledger that is not the usual one of this computer."""
        self._place = place
        self.setVisible(can_have_one and not self._context.read_only)
        self.leave.setVisible(place is not None)
        self._where.setVisible(place is not None)
        if place is None:
            words = "只有一处备份：这个硬盘坏了就都没有了。可以在另一个硬盘或移动硬盘上再放一份。"
            self._words.setText(words)
            self.set_ground("foot")
            self._words.set_tone(Tone.INK2)
            self.choose.setText("选一个文件夹…")
            return
        self._words.setText(place.words)
        ground, tone = _LOOKS[place.state]
        self.set_ground(ground)
        self._words.set_tone(tone)
        self._where.setText(str(place.folder))
        self.choose.setText("换一个…")

    # ---- naming it

    def _choose(self) -> None:
        start = self._place.folder.parent if self._place is not None else None
        folder = self._context.dialogs.folder("第二处备份放在哪里", start=start)
        if folder is not None:
            self._name(folder)

    def _name(self, folder: Path) -> None:
        self._context.jobs.work(
            name_second,
            folder,
            ledger=self._context.store.path,
            backup_folder=self._context.backup_folder,
            probe=self._probe,
            on_done=self._named,
        )

    def _named(self, choice: SecondChoice) -> None:
        self._context.settings.reload()
        self._context.dialogs.ask(
            "第二处备份记下了",
            [f"在 {choice.folder}。以后每做一份备份，都拷一份过去，读回核对。", *choice.notes],
            [Verb("ok", "知道了")],
            self._told,
        )

    def _told(self, _key: str) -> None:
        """Bring the newest backup there at once: a place that is only named protects nothing."""
        context = self._context
        context.jobs.run(backup_if_due, context.store, folder=context.backup_folder, on_done=self._brought)

    def _brought(self, _answer: object) -> None:
        self.changed.emit()

    # ---- taking it away

    def _ask_leave(self) -> None:
        self._context.dialogs.ask(
            "不再往第二处拷备份？",
            ["那里已有的备份都留着，不会删除。", "电脑上的备份照常做。"],
            [Verb("stay", "先不动"), Verb("leave", "不再拷")],
            self._leave_answered,
        )

    def _leave_answered(self, key: str) -> None:
        if key == "leave":
            self._context.jobs.work(forget_second, on_done=self._left)

    def _left(self, _answer: object) -> None:
        self._context.settings.reload()
        self.changed.emit()
