"""What a form says of its draft: that there is one from before, that it was filled in; and whether to give it up."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.storage.drafts import Draft
from ui import theme
from ui.dialogs import Dialogs
from ui.drafts.keeping import Keeping
from ui.theme import Tone, Type
from ui.widgets import Ground, Kind, Link, Text, Verb, column, empty_out, holder, row
from ui.wording import stored_moment_words

LONG_TEXT = 20
"""From so many typed characters on it is asked before they are thrown away."""
MUCH_WORK = 8
"""From so many changed fields too: a class dealt out child by child."""


class DraftNote(QWidget):
    """Above the rows of a form; takes no room while there is nothing to say."""

    def __init__(self) -> None:
        super().__init__()
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self.hide()

    def offer(self, left: Draft, today: date, on_fill: Callable[[], object]) -> None:
        """An undecided draft of this form is there: it is put in only when she says so."""
        words = f"{stored_moment_words(left.at, today)} 写过，没来得及保存："
        line = row(Text(words, Type.SMALL, Tone.INK2), Link("填进来", on_fill, kind=Type.SMALL), None)
        self._show(holder(line))

    def say_filled(self, remarks: Sequence[str]) -> None:
        """What was kept is in the fields again; `remarks` are what is different now."""
        m = theme.metrics()
        ground = Ground("ochre" if remarks else "note")
        lines = ["上次没来得及保存的已经填好，还没有存。", *remarks]
        tone = Tone.OCHRE if remarks else Tone.INK2
        texts = [Text(words, Type.SMALL, tone, wrap=True) for words in lines]
        ground.setLayout(column(*texts, gap=m.s2, margins=(m.s12, m.s8, m.s12, m.s8)))
        self._show(ground)

    def _show(self, widget: QWidget) -> None:
        empty_out(self._box)
        self._box.addWidget(widget)
        self.show()


def ask_to_give_up(dialogs: Dialogs | None, keeping: Keeping | None, then: Callable[[], object]) -> None:
    """`then()` at once when little was typed; much is not thrown away by a slip of the hand."""
    changed = len(keeping.changed) if keeping is not None else 0
    if dialogs is None or keeping is None or (keeping.typed < LONG_TEXT and changed < MUCH_WORK):
        then()
        return

    what = f"写了 {keeping.typed} 个字" if keeping.typed >= LONG_TEXT else f"填了 {changed} 处"
    ask_about(dialogs, what, then)


def ask_about(dialogs: Dialogs, what: str, then: Callable[[], object]) -> None:
    """接着写, or 不要了 and `then()`; `what` is at stake."""

    def answered(key: str) -> None:
        if key == "drop":
            then()

    dialogs.ask(
        f"{what}，还没有存",
        ["不要了就找不回来；已经存上的没有动。"],
        [Verb("on", "接着写"), Verb("drop", "不要了", Kind.DANGER)],
        answered,
    )
