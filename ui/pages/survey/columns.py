"""The columns of the list: who, where, and what was found when the facts were checked."""

from __future__ import annotations

from datetime import date
from functools import partial

from app.survey.queries import SurveyedChild
from ui.theme import Tone
from ui.widgets import Cell, Column
from ui.wording import day_words


def who_columns(longest: str = "买买提·阿卜杜热西提·艾合买提江") -> list[Column]:
    """Return the columns of those whom nobody has checked yet; so few have room for the longest names."""
    return [
        Column("name", "姓名", _name, sample=longest, frozen=True),
        Column("class", "班级", _class, sample="三（12）班"),
        Column("village", "村", _village, sample="青石坪村", essential=False),
    ]


def check_columns(today: date) -> list[Column]:
    """Return those and what was found, with days in words as of ``today``."""
    return [
        *who_columns("买买提·阿卜杜热西提"),
        Column("day", "核实", partial(_day, today), sample="2025年9月30日"),
        Column("who", "核实人", _who, sample="欧阳慕容，电子表"),
        Column("changed", "变化", _changed, sample="没有变化"),
        Column("note", "备注", _note, sample="父母换了打工的地方", essential=False),
    ]


def _name(child: SurveyedChild) -> Cell:
    return Cell(child.name, bold=True)


def _class(child: SurveyedChild) -> Cell:
    return Cell(child.class_name or "没有班级", Tone.INK if child.class_name else Tone.OCHRE)


def _village(child: SurveyedChild) -> Cell:
    return Cell(child.village or "未采集", Tone.INK2 if child.village else Tone.OCHRE)


def _day(today: date, child: SurveyedChild) -> Cell:
    if child.check is None:
        return Cell("还没核实", Tone.INK3)
    return Cell(day_words(date.fromisoformat(child.check.checked_on), today))


def _who(child: SurveyedChild) -> Cell:
    return Cell(
        "" if child.check is None else f"{child.check.checked_by}，{child.check.way.label}", Tone.INK2
    )


def _changed(child: SurveyedChild) -> Cell:
    if child.check is None:
        return Cell("")
    return Cell("有变化", Tone.OCHRE, tag=True) if child.check.changed else Cell("没有变化", Tone.INK2)


def _note(child: SurveyedChild) -> Cell:
    return Cell((child.check.note if child.check else None) or "", Tone.INK2)
