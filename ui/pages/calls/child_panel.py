"""Choosing one child: for a call that nobody planned, or to be put into a slot."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget
from typing_extensions import override

from ui.theme import Tone, Type
from ui.widgets import FormRow, Kind, Panel, Text, Verb
from ui.widgets.pick import Pick, PickField

STAY, TAKE = "stay", "take"


class ChildPanel(Panel):
    """`child` is who was chosen; without one the panel stays open."""

    def __init__(
        self, parent: QWidget | None, head: str, verb: str, picks: Sequence[Pick], *, note: str = ""
    ) -> None:
        verbs = [Verb(STAY, "先不动"), Verb(TAKE, verb, Kind.FILLED)]
        super().__init__(parent, head, verbs, focus_content=True)
        self.field = PickField(picks, hint="姓名、拼音首字母或班级，按 ↓ 列出")
        self.field.setAccessibleName("哪名儿童")
        self.box.addWidget(FormRow("儿童", self.field))
        if note:
            self.box.addWidget(Text(note, Type.SMALL, Tone.INK2, wrap=True))

    @property
    def child(self) -> str:
        """The uuid of the child, "" while nobody is chosen."""
        pick = self.field.chosen
        return pick.key if pick is not None else ""

    @override
    def answer(self, key: str) -> None:
        if key == TAKE and not self.child:
            self.field.leave()
            self.field.setFocus()
            return
        super().answer(key)
