"""The supporters: how many children each has and may have, what each has really done, and a place to drop a child."""

from __future__ import annotations

from datetime import date
from functools import partial

from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import QRect, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent, QPainter
from typing_extensions import override

from app.core.pinyin import readings
from app.pairing.facts import CheckState, SupporterFacts
from app.todo.progress import SupporterProgress, Tally
from ui import theme
from ui.pages.pairing.lines import CARRIED
from ui.pages.pairing.squares import DENSE_FROM, Load, paint_load
from ui.theme import Tone, Type
from ui.widgets import Cell, Column, DataTable, paint
from ui.wording import day_words

NEVER = "从未"
LONGEST = "青石坪镇妇联，儿童工作专干"
"""As long as a name, or what stands below it, usually gets; all columns then fit beside the children at 1366."""


class SupporterLine(Struct, frozen=True):
    """One row. `facts` is None for a pupil who helps; `check` is the state of the 从业查询.

    `done` is what was done this term, None when nothing was; `known` tells that it has been read.
    """

    uuid: str
    facts: SupporterFacts | None
    name: str
    duty: str
    kinds: tuple[str, ...]
    load: Load
    check: CheckState
    excused: str
    find: str
    done: SupporterProgress | None = None
    known: bool = False


_CHECKS = {CheckState.MISSING: "没有", CheckState.EXPIRED: "已过期", CheckState.FOUND: "查到记录"}


def columns(today: date, most: int | None = None) -> list[Column]:
    """The columns of the page; `today` says 今天 and 昨天, `most` is how many the rule allows."""
    load_head = "现带几名" if most is None else f"现带几名（最多 {most}）"
    painted = partial(_paint_load, most is not None and most >= DENSE_FROM)
    return [
        Column("name", "帮扶人", _name, LONGEST, sort=_by_name, frozen=True, tip=_duty),
        Column("kinds", "类别", _kinds, "帮扶教师"),
        Column("load", load_head, _load_words, "方块方块方块 17 + 1，超", sort=_by_load, paint=painted),
        Column(
            "talks", "谈心 实 / 应", partial(_tally, "talks"), "148 / 148", sort=partial(_by_share, "talks")
        ),
        Column("visits", "家访 实 / 应", _visits, "148 / 148", sort=partial(_by_share, "visits")),
        Column("last", "最近一次", partial(_last, today), "11月28日", sort=_by_last),
        Column("check", "从业查询", _check, "查到记录", sort=_by_check, essential=False),
    ]


def _name(line: SupporterLine) -> Cell:
    return Cell(line.name, bold=True, second=line.duty or "—", second_tone=Tone.INK2)


def _duty(line: SupporterLine) -> str:
    return line.duty


def _kinds(line: SupporterLine) -> Cell:
    if not line.kinds:
        return Cell("—", Tone.INK3)
    return Cell(line.kinds[0], Tone.INK2, second="、".join(line.kinds[1:]))


def _by_name(line: SupporterLine) -> object:
    return readings(line.name)


def _paint_load(dense: bool, painter: QPainter, room: QRect, line: SupporterLine) -> None:
    if line.excused and not line.load.has:
        paint.draw_text(painter, room, line.excused, theme.font(Type.SMALL), Tone.INK3, where="load")
        return
    paint_load(painter, room, line.load, dense=dense)


def _load_words(line: SupporterLine) -> str:
    return line.load.words


def _by_load(line: SupporterLine) -> tuple[int, int]:
    return line.load.has, line.load.coming


def _tally_of(key: str, line: SupporterLine) -> Tally:
    tally: Tally = getattr(line.done, key) if line.done is not None else Tally()
    return tally


def _tally(key: str, line: SupporterLine) -> Cell:
    """实 / 应; far behind in ochre, nothing asked and nothing done a dash."""
    tally = _tally_of(key, line)
    if not tally.due and not tally.done:
        return Cell("—" if line.known else "", Tone.INK3)
    low = bool(tally.due) and tally.low
    return Cell(f"{tally.done} / {tally.due}", Tone.OCHRE if low else Tone.INK, bold=low)


def _visits(line: SupporterLine) -> Cell:
    """Home visits, and below them the calls its children had, whoever was on duty: no room for a column of their own."""
    calls = _tally_of("calls", line)
    if not calls.due and not calls.done:
        return _tally("visits", line)
    said = f"通话 {calls.done} / {calls.due}" if calls.due else f"通话 {calls.done} 次"
    tone = Tone.OCHRE if calls.due and calls.low else Tone.INK2
    return replace(_tally("visits", line), second=said, second_tone=tone)


def _by_share(key: str, line: SupporterLine) -> tuple[float, int]:
    """The emptiest first; of whom nothing is asked, last."""
    tally = _tally_of(key, line)
    return (2.0 if tally.share is None else tally.share), tally.done


def _last(today: date, line: SupporterLine) -> Cell:
    last = line.done.last_on if line.done is not None else None
    if last is not None:
        return Cell(day_words(date.fromisoformat(last), today), Tone.INK)
    if not line.known or line.facts is None or not line.load.has:
        return Cell("—" if line.known else "", Tone.INK3)
    # Red only for what was due: a pair of today is no reproach.
    asked = any(_tally_of(key, line).due for key in ("talks", "visits", "calls"))
    return Cell(NEVER, Tone.RED, bold=True) if asked else Cell(NEVER, Tone.INK2)


def _by_last(line: SupporterLine) -> str:
    return (line.done.last_on if line.done is not None else None) or ""


def _by_check(line: SupporterLine) -> str:
    return line.check.value


def _check(line: SupporterLine) -> Cell:
    if line.facts is None:
        return Cell("—", Tone.INK3)
    if line.check is CheckState.VALID:
        return Cell("有效", Tone.INK3)
    return Cell(_CHECKS[line.check], Tone.RED if line.check is CheckState.FOUND else Tone.OCHRE)


class SupporterTable(DataTable):
    """A child dropped on a row is `given(child key, row)`."""

    given = Signal(str, object)

    def __init__(self, today: date) -> None:
        super().__init__(columns(today), two_lines=True)
        self.setAcceptDrops(True)
        self.viewport().setAcceptDrops(True)

    def _row_at(self, event: QDropEvent) -> int:
        return self.rowAt(int(event.position().y()))

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasFormat(CARRIED):
            event.acceptProposedAction()
        else:
            event.ignore()

    @override
    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        place = self._row_at(event)
        self.hover_at(place)
        if place >= 0 and event.mimeData().hasFormat(CARRIED):
            event.acceptProposedAction()
        else:
            event.ignore()

    @override
    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.hover_at(-1)

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        place = self._row_at(event)
        self.hover_at(-1)
        if place < 0 or not event.mimeData().hasFormat(CARRIED):
            event.ignore()
            return
        event.acceptProposedAction()
        key = bytes(event.mimeData().data(CARRIED).data()).decode()
        self.given.emit(key, self.rows[place])
