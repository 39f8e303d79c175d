"""Saves that stand only in a journal which was set aside: what they are, and going back to them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from PySide6.QtWidgets import QWidget
from typing_extensions import override

from app.storage.journal import ASIDE_KEPT
from app.storage.recovery import Aside, Saved
from app.tasks.safety import Present
from ui import theme
from ui.context import Context
from ui.theme import Tone, Type
from ui.widgets import Cell, Column, DataTable, FormRow, Ground, Panel, QuietChoice, Text, Verb, column
from ui.widgets.clipboard import copy_text
from ui.wording import day_words, stored_moment_words

STAY, COPY, TAKE = "stay", "copy", "take"
_SHOWN = 7
_LEAST = 3


def aside_words(found: Sequence[Aside], context: Context) -> str:
    """What the page says of them: how many saves, from when to when."""
    today = context.clock.today()
    saves = [one for aside in found for one in aside.saves]
    first, last = min(one.at for one in saves), max(one.at for one in saves)
    period = f"{stored_moment_words(first, today)} 到 {stored_moment_words(last, today)}"
    when = stored_moment_words(first, today) if len(saves) == 1 else period
    return f"有 {len(saves)} 次保存（{when}）不在现在这份数据里，只在换下的日志里。"


class AsidePanel(Panel):
    """One journal that was set aside, of several the one she picks. Answers `take` for `chosen_one`."""

    def __init__(
        self, parent: QWidget | None, found: Sequence[Aside], present: Present, context: Context
    ) -> None:
        m = theme.metrics()
        verbs = [Verb(STAY, "先不动"), Verb(COPY, "复制文字")]
        if not context.read_only and any(one.way is not None for one in found):
            verbs.append(Verb(TAKE, "换回这些保存"))
        super().__init__(parent, "", verbs, width=m.start_column)
        self._found = tuple(found)
        self._present = present
        self._today = context.clock.today()
        self.which = QuietChoice(
            [
                (place, f"{self._moment(one.at)} 换下的，{len(one.saves)} 次")
                for place, one in enumerate(found)
            ],
            quiet=False,
            unknown=False,
        )
        self.which.saved.connect(self._show)
        self.table = DataTable(
            [
                Column("at", "保存时间", self._at, "2025年11月17日 16:31"),
                Column("who", "谁", _who, "买买提·阿卜杜热西提"),
                Column("words", "做了什么", _words, ""),
            ]
        )
        self._why = Text("", wrap=True)
        self._way = Text("", wrap=True)
        self._lost = Text("", wrap=True)
        self._kept = Text("", Type.SMALL, Tone.INK2, wrap=True)
        ground = Ground("note")
        ground.setLayout(column(self.table, margins=(1, 1, 1, 1)))
        which = FormRow("哪一份", self.which)
        which.setVisible(len(found) > 1)
        most = max(len(one.saves) for one in found)
        low = parent is not None and parent.height() < m.start_column * 3 // 4
        self.table.setFixedHeight(m.table_head + min(most, _LEAST if low else _SHOWN) * m.row + m.s4)
        for part in (which, self._why, ground, self._way, self._lost, self._kept):
            self.box.addWidget(part)
        self._show()

    @property
    def chosen_one(self) -> Aside:
        """The one that is looked at."""
        return self._found[int(str(self.which.value))]

    @override
    def answer(self, key: str) -> None:
        if key == COPY:
            lines = [
                f"{self._moment(one.at)} {one.who or ''} {one.words} {'、'.join(one.names)}".rstrip()
                for one in self.chosen_one.saves
            ]
            self._kept.setText(copy_text("\n".join(lines)))
        else:
            super().answer(key)

    def _show(self, _place: object = None) -> None:
        one = self.chosen_one
        self.head.setText(f"有 {len(one.saves)} 次保存不在现在这份数据里")
        self.table.set_rows(one.saves)
        self._why.setText(
            f"{self._moment(one.at)} 换用了较旧的数据。这 {len(one.saves)} 次保存没有丢，留在换下的日志里："
        )
        way = one.way
        if way is None:
            self._way.setText("能接上它的备份已经没有了，换不回去；要用的，请照上面补登记。")
            self._lost.setText("")
        else:
            self._way.setText(f"换回去：{way.words.partition('（换下的日志')[0]}。")
            self._lost.setText(self._lost_words(one))
        if TAKE in self.buttons:
            self.buttons[TAKE].setEnabled(way is not None)
        self._kept.setText(self._kept_words(one))

    def _lost_words(self, one: Aside) -> str:
        """What she has saved since would not be among it: said before, in figures."""
        way = one.way
        gone = self._present.changes_after(way.backup) if way is not None and way.backup is not None else None
        shared = way.journal_commits - len(one.saves) if way is not None else 0
        since = max(gone - shared, 0) if gone is not None else None
        if since == 0:
            return "现在这份数据后来没有再存过。换以前先留一份备份，以后可以再换回来。"
        count = f"后来存的 {since} 次" if since is not None else "后来存的"
        return (
            f"现在这份数据{count}不在里面，两边合不到一起；换以前先留一份备份，以后可以再换回来。"
            "只缺几条的，照上面补登记更省事。"
        )

    def _kept_words(self, one: Aside) -> str:
        if not one.at:
            return ""
        until = (datetime.fromisoformat(one.at) + ASIDE_KEPT + timedelta(days=1)).date()
        return f"换下的日志留到 {day_words(until, self._today)}，过后打开守望时自动删掉。"

    def _moment(self, at: str) -> str:
        return stored_moment_words(at, self._today) if at else "有一次"

    def _at(self, one: Saved) -> Cell:
        return Cell(self._moment(one.at), Tone.INK2)


def _who(one: Saved) -> Cell:
    return Cell(one.who or "", Tone.INK2)


def _words(one: Saved) -> Cell:
    return Cell(one.words, bold=True, aside="、".join(one.names))
