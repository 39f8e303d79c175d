"""The calls of a day, one line each: time, who, how it stands."""

from __future__ import annotations

from PySide6.QtCore import Qt

from app.calls.codes import Outcome
from ui.pages.calls.turns import Turn
from ui.theme import Tone
from ui.widgets import Cell, Column, DataTable

_FIT = 10
"""So many characters have room beside the hour and the state."""
_STATES = {
    None: Tone.INK2,
    Outcome.CONNECTED: Tone.GREEN,
    Outcome.RESCHEDULED: Tone.OCHRE,
    Outcome.CHILD_ABSENT: Tone.OCHRE,
    Outcome.LINE_DOWN: Tone.OCHRE,
}


def turn_name(turn: Turn) -> Cell:
    """The names, bold; of brothers and sisters with long names the first, and how many more."""
    more = len(turn.calls) - 1
    names = turn.names if len(turn.names) <= _FIT else f"{turn.first.child_name}＋{more}"
    return Cell(names, bold=not turn.done, tone=Tone.INK2 if turn.done else Tone.INK)


def turn_tip(turn: Turn) -> str:
    """All names."""
    return turn.names


def turn_state(turn: Turn) -> Cell:
    """How it stands."""
    return Cell("", aside=turn.words, aside_tone=_STATES.get(turn.outcome, Tone.RED))


def turn_time(turn: Turn) -> Cell:
    """Its hour."""
    return Cell(turn.first.starts or "", Tone.INK2)


def day_table() -> DataTable:
    """The calls of a day: time, who, how it stands."""
    columns = [
        Column("time", "时间", turn_time, sample="12:20"),
        Column("name", "姓名", turn_name, sample="阿依古丽·阿卜杜热西提＋1", tip=turn_tip),
        Column("state", "情况", turn_state, sample="语言不通"),
    ]
    table = DataTable(columns, key=_turn_key)
    table.horizontalHeader().hide()
    table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    return table


def _turn_key(turn: Turn) -> str:
    return turn.key
