"""Both sides of a waiting row, and the three equal choices about it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QSizePolicy, QWidget

from app.children.roster.compare import ComparedField
from app.children.roster.model import Candidate, ParkedCode, Resolution
from ui import theme
from ui.theme import Tone, Type
from ui.widgets import Button, Ground, QuietChoice, Rule, Text, column, empty_out, row

SAME, ADDED, LATER, DROP = "same", "added", "later", "drop"
_VERBS = {
    SAME: "是同一人，更新台账",
    ADDED: "不是，加为新的一名",
    LATER: "先放着，以后再定",
}


_LONG_NUMBER = re.compile(r"(?<![0-9])([0-9]{6})([0-9]{8})(?=[0-9]{3}[0-9X])")
_MAY_BREAK = " "


def _breakable(words: str) -> str:
    """An ID number may go on in the next line after its area code and after the date."""
    return _LONG_NUMBER.sub(rf"\1{_MAY_BREAK}\2{_MAY_BREAK}", words)


def asks_about(code: ParkedCode | None) -> bool:
    """Tell whether a row waits for a word about the child, rather than for something to be put right."""
    return code in (ParkedCode.MAYBE_SAME_PERSON, ParkedCode.MAYBE_GONE)


def verbs_of(code: ParkedCode | None, candidates: Sequence[Candidate]) -> dict[str, str]:
    """What can be decided about a row that asks, each in words; "" = the usual ones."""
    if code is ParkedCode.MAYBE_GONE:
        here = {SAME: "还在校，更新台账"} if candidates else {ADDED: "还在校，照样登记"}
        return {**here, LATER: ""}
    if candidates:
        return {SAME: "", ADDED: "", LATER: ""}
    return {ADDED: "是另一人，加为新的一名", LATER: ""}


class Comparison(QWidget):
    """Both sides of every fact, line by line; what differs stands on a tint."""

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(0)

    def show_fields(self, fields: Sequence[ComparedField]) -> None:
        """Show these."""
        empty_out(self._grid)
        m = theme.metrics()
        lines = [self._line("", "表里的", "台账里的", bold=True), Rule()]
        lines += [
            self._line(field.label, field.in_row, field.in_ledger, differs=field.differs) for field in fields
        ]
        for place, line in enumerate(lines):
            self._grid.addWidget(line, place, 0)
        self._grid.setRowStretch(len(lines), 1)
        self._grid.setVerticalSpacing(m.s2)

    def _line(
        self, label: str, one: str, other: str, *, bold: bool = False, differs: bool = False
    ) -> QWidget:
        m = theme.metrics()
        line = Ground("ochre") if differs else QWidget()
        head = Text(label, Type.SMALL, Tone.INK2, wrap=True)
        head.setFixedWidth(m.label)
        parts = [
            Text(
                _breakable(words) or "（空）",
                Type.BODY,
                Tone.INK if words else Tone.INK3,
                bold=bold or differs,
                wrap=True,
            )
            for words in (one, other)
        ]
        for part in parts:
            # Both sides keep half the room, whatever stands in them: the columns stay in line.
            policy = part.sizePolicy()
            policy.setHorizontalPolicy(QSizePolicy.Policy.Ignored)
            part.setSizePolicy(policy)
        box = row(head, *parts, gap=m.s8, margins=(m.s16, m.s2, m.s12, m.s2))
        for part in parts:
            box.setStretchFactor(part, 1)
        line.setLayout(box)
        return line


class Decide(QWidget):
    """Three equal choices; none is filled, so none is nudged. `decided(SAME | ADDED | LATER, child_uuid)`.

    `extra` stands after them.
    """

    decided = Signal(str, str)
    candidate_chosen = Signal(str)

    def __init__(self, extra: Button | None = None) -> None:
        super().__init__()
        m = theme.metrics()
        self.who = QuietChoice([], quiet=False, unknown=False)
        self.who.saved.connect(self._candidate_saved)
        self.buttons: dict[str, Button] = {}
        for key, words in _VERBS.items():
            button = Button(words, partial(self._pressed, key))
            policy = button.sizePolicy()
            policy.setHorizontalPolicy(policy.Policy.Expanding)
            button.setSizePolicy(policy)
            self.buttons[key] = button
        self.note = Text("", Type.SMALL, Tone.INK2, wrap=True)
        self._verbs = column(*self.buttons.values(), gap=m.s8)
        if extra is not None:
            self._verbs.addWidget(extra, 0, Qt.AlignmentFlag.AlignLeft)
        self.setLayout(
            column(self.who, self._verbs, self.note, gap=m.s8, margins=(m.s16, m.s12, m.s16, m.s12))
        )

    def set_narrow(self, narrow: bool) -> None:
        """Side by side where there is width and no height."""
        way = QBoxLayout.Direction
        self._verbs.setDirection(way.LeftToRight if narrow else way.TopToBottom)

    def offer(self, candidates: Sequence[Candidate], *, note: str, verbs: dict[str, str]) -> None:
        """Offer these verbs (key → words, None = the usual ones) about one or several children."""
        self.who.set_options([(child.uuid, candidate_words(child)) for child in candidates])
        if candidates and self.who.value is None:
            self.who.set_value(candidates[0].uuid)
        self.who.setVisible(len(candidates) > 1)
        for key, button in self.buttons.items():
            button.setVisible(key in verbs)
            button.set_text(verbs.get(key) or _VERBS[key])
        self.note.setText(note)
        self.note.setVisible(bool(note))

    @property
    def child_uuid(self) -> str:
        """Who is meant."""
        return str(self.who.value or "")

    def _candidate_saved(self, uuid: object) -> None:
        self.candidate_chosen.emit(str(uuid or ""))

    def _pressed(self, key: str) -> None:
        self.decided.emit(key, self.child_uuid if key == SAME else "")


def candidate_words(child: Candidate) -> str:
    """曾小雨，四（2）班，2016-05-20."""
    state = "在回收站" if child.in_bin else "已退出" if child.exited else ""
    parts = (child.name, child.class_name, child.birth_date or "", state)
    return "，".join(part for part in parts if part)


RESOLUTION_OF = {SAME: Resolution.SAME_PERSON, ADDED: Resolution.ADDED, DROP: Resolution.DROPPED}
