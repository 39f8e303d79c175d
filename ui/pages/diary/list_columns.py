"""The columns of the list of records."""

from __future__ import annotations

from datetime import date
from functools import partial

from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter

from app.diary.facts import RecordLine
from ui.pages.diary.words import ASKS_FOR_TAGS, ICONS, apart, guidance_words, parts_of
from ui.theme import Tone
from ui.widgets import Cell, Column
from ui.widgets.two_lines import LONGEST, paint_two_lines
from ui.wording import day_words


def record_columns(today: date) -> list[Column]:
    """Day, kind, child, text, by whom: two lines each."""
    return [
        Column("day", "日期", partial(_day, today), sample="2025年11月13日"),
        Column("kind", "类别", _kind, sample="家校联系学习、生活、"),
        Column("child", "儿童", _child, sample="买买提·阿卜杜热西提", frozen=True),
        Column("by", "记录人", _by, sample="欧阳慕容", essential=False),
        Column("marks", "标记", _marks, sample="未兑现 2 件，照片 12"),
        Column(
            "text", "内容", _text, sample="说夜里想妈妈，睡不着。约好下周一", paint=_paint_text, tip=_whole
        ),
    ]


def _day(today: date, line: RecordLine) -> Cell:
    words = day_words(date.fromisoformat(line.happened_on), today)
    return Cell(words, second=line.started or "")


def _kind(line: RecordLine) -> Cell:
    tags = guidance_words(line.guidances) or ("没有勾四导" if line.kind in ASKS_FOR_TAGS else "")
    tone = Tone.INK2 if line.guidances else Tone.INK3
    return Cell(line.kind.label, icon=ICONS[line.kind], second=tags, second_tone=tone)


def _child(line: RecordLine) -> Cell:
    return Cell(line.child_name, bold=True, second=line.class_name)


def _marks(line: RecordLine) -> Cell:
    parts = []
    if line.open_promises:
        parts.append(f"未兑现 {line.open_promises} 件")
    if line.pictures:
        parts.append(f"照片 {line.pictures}")
    others = "，".join(parts)
    if line.late_days:
        return Cell(line.late_words, Tone.OCHRE, tag=True, second=others)
    return Cell(others, Tone.INK2)


def _by(line: RecordLine) -> Cell:
    medium = line.medium.label if line.medium is not None else ""
    return Cell(line.supporter_name or "—", second=medium)


def _text(line: RecordLine) -> Cell:
    return Cell(apart(line.text)[:LONGEST] or "没有写内容", Tone.INK if line.text else Tone.INK3)


def _paint_text(painter: QPainter, room: QRect, line: RecordLine) -> None:
    """Two lines of a text; it is read whole on its own page, and in the tool tip."""
    tone = Tone.INK if line.text else Tone.INK3
    paint_two_lines(painter, room, apart(line.text) or "没有写内容", tone)


def _whole(line: RecordLine) -> str:
    return "\n".join(parts_of(line.text))
