"""可能重复的档案: pairs of children who may be one, with the reason. A pair is opened side by side."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from app.children.duplicates import Pair
from ui import theme
from ui.theme import Tone, Type
from ui.widgets import Cell, Column, DataTable, EmptyState, Panel, Text, Verb

LOOK = "look"
_LINES = 6


class DuplicatesPanel(Panel):
    """Answers `look` with `chosen_pair`."""

    def __init__(self, pairs: Sequence[Pair], parent: QWidget | None = None) -> None:
        m = theme.metrics()
        head = f"{len(pairs)} 对档案可能是同一名儿童" if pairs else "没有看着像重复的档案"
        super().__init__(
            parent, head, [Verb("stay", "知道了")], width=m.start_column + m.s32 * 2, focus_content=True
        )
        self.chosen_pair: Pair | None = None
        if not pairs:
            words = "姓名、读音、出生日期、身份证号都比过了。还有要合的，在台账里勾选两名，再按「合为一份」。"
            self.box.addWidget(EmptyState("", words))
            return
        self.table = DataTable(
            [
                Column("one", "一份", _one, "欧阳慕容雨桐（五（2）班，2015-05）"),
                Column("other", "另一份", _other, "欧阳慕容雨桐（五（2）班，2015-05）"),
                Column("why", "为什么", _why, "没有能区分的出生日期"),
                Column("look", "", _verb, "对照", link=True),
            ],
            two_lines=True,
        )
        low = parent is not None and parent.height() < m.start_column * 3 // 4
        lines = min(len(pairs), _LINES // 3 if low else _LINES)
        self.table.setFixedHeight(m.table_head + lines * m.row_two + m.s4)
        self.table.set_rows(list(pairs))
        self.table.opened.connect(self._look)
        self.table.link_pressed.connect(self._pressed)
        self.box.addWidget(self.table)
        words = "同名同姓的很多，只有您能认定。是两名儿童就不用管。"
        self.box.addWidget(Text(words, Type.SMALL, Tone.INK2, wrap=True))

    def _pressed(self, pair: Pair, _key: str) -> None:
        self._look(pair)

    def _look(self, pair: Pair) -> None:
        self.chosen_pair = pair
        self.answer(LOOK)


def _one(pair: Pair) -> Cell:
    return Cell(pair.one.words, bold=True, second=f"名下 {pair.one.records} 条记录")


def _other(pair: Pair) -> Cell:
    return Cell(pair.other.words, bold=True, second=f"名下 {pair.other.records} 条记录")


def _why(pair: Pair) -> Cell:
    first, _, rest = pair.why.partition("，")
    return Cell(first, Tone.INK2, second=rest)


def _verb(_pair: Pair) -> Cell:
    return Cell("对照")
