"""The calls of a day, one line each: time, who, how it stands."""

from __future__ import annotations

from PySide6.QtCore import Qt

from app.calls.codes import Outcome
from ui.pages.calls.turns import Turn
from ui.theme import Tone
from ui.widgets import Cell, Column, DataTable

_STATES = {
    None: Tone.INK2,
    Outcome.CONNECTED: Tone.GREEN,
    Outcome.RESCHEDULED: Tone.OCHRE,
    Outcome.CHILD_ABSENT: Tone.OCHRE,
    Outcome.LINE_DOWN: Tone.OCHRE,
}


def turn_name(turn: Turn) -> Cell:
    """The names, bold."""
    return Cell(turn.names, bold=not turn.done, tone=Tone.INK2 if turn.done else Tone.INK)


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
        Column("name", "姓名", turn_name, sample="买买提·阿卜杜热西提"),
        Column("state", "情况", turn_state, sample="语言不通"),
    ]
    table = DataTable(columns, key=_turn_key)
    table.horizontalHeader().hide()
    table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    return table


def _turn_key(turn: Turn) -> str:
    return turn.key
