"""按周登记: who is put down as having done it. Never nobody, unless she was asked."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from app.children.drafts import ChildDraft
from app.children.service import add_child
from app.diary.queries import RecordFilters, records
from ui.pages.diary.week_bar import Group
from ui.theme import Breakpoint

WAIT = 10_000


def written(asked):
    return asked(records, RecordFilters(since="2026-11-16", until="2026-11-22"), limit=None)


@pytest.fixture
def unpaired(week, asked, settled):
    """A child on the ledger that nobody looks after, in a class without a head teacher: the usual first week."""
    draft = ChildDraft(name="陈俊熙")
    asked(add_child, draft=draft)
    week.bar._choose(Group())
    settled()
    return next(place for place, row in enumerate(week._rows) if row.child_uuid == draft.uuid)


def test_a_child_whom_nobody_looks_after_was_talked_to_by_who_enters(week, unpaired, ledger, asked, settled):
    """Never by nobody: the register's column 教师 was empty, and nobody was counted for it."""
    assert week._rows[unpaired].supporter_uuid is None
    ledger.entering.choose("陈素兰")
    week.grid.go(unpaired, 2)
    assert week.foot._detail.text() == "陈俊熙：谈话人 陈素兰（没有结对，算登记的人）"
    week.grid.cells.write({(unpaired, 2): "说想妈妈"})
    ledger.dialogs.choices.append("save")
    week.ask_save()
    settled()
    (line,) = [one for one in written(asked) if one.text == "说想妈妈"]
    assert line.supporter_name == "陈素兰"


def test_who_did_all_of_it_is_chosen_once_for_the_grid(week, unpaired, ledger, asked, settled):
    assert week.bar.who.text() == "谁做的：各自的帮扶人"
    names = [words for _, words in week.bar.people]
    other = next(name for name in names if name != week._rows[0].supporter_name)
    week.bar._name_who({words: key for key, words in week.bar.people}[other], other)
    week.grid.cells.write({(0, 2): "背书", (unpaired, 2): "写字"})
    week.grid.go(0, 2)
    assert week.foot._detail.text() == f"{week._rows[0].child_name}：谈话人 {other}"
    kept = week.kept.draft()
    assert kept.how["who_words"] == other, "the draft keeps who it was"
    ledger.dialogs.choices.append("save")
    week.ask_save()
    settled()
    found = {one.text: one.supporter_name for one in written(asked)}
    assert (found["背书"], found["写字"]) == (other, other)
    week.bar._choose(Group(week.bar._choices.classes[0][0], words="一个班"))
    settled()
    assert week.bar.who.choice == "", "for other children it is asked anew"


def test_the_bar_has_room_in_the_smallest_window_with_the_longest_names(week, diary, qtbot):
    name = "买买提·阿卜杜热西提"
    diary.set_breakpoint(Breakpoint.NARROW)
    week.bar.show_chosen(replace(week.bar.chosen, group=Group("", "x", name)), week.bar._choices, "第 12 周")
    week.bar.show_who("x", name)
    qtbot.waitUntil(lambda: week.bar.minimumSizeHint().width() <= 911 - 64 - 2 * 24, timeout=WAIT)
    assert week.bar.who.toolTip() == name


def test_a_row_of_nobody_is_asked_about_before_it_is_saved(week, unpaired, ledger, asked, settled):
    ledger.entering.choose("")
    week.grid.go(unpaired, 2)
    assert week.foot._detail.text() == "陈俊熙：谈话人 还没有，在上面「谁做的」里选一位"
    week.grid.cells.write({(unpaired, 2): "不知是谁谈的"})
    ledger.dialogs.choices.append("back")
    week.ask_save()
    settled()
    assert (
        ledger.dialogs.asked[-1][1][0]
        == "陈俊熙：没有写是谁谈的；在上面「谁做的」里选一位，登记册和结对才算得上。"
    )
    assert "不知是谁谈的" not in [one.text for one in written(asked)]


def test_a_whole_class_of_nobody_is_asked_about_in_one_line(week, ledger, asked, settled):
    for name in ("陈俊熙", "石小满", "杨秀", "龙飞", "吴小丽"):
        asked(add_child, draft=ChildDraft(name=name))
    week.bar._choose(Group())
    settled()
    ledger.entering.choose("")
    rows = [place for place, row in enumerate(week._rows) if row.supporter_uuid is None]
    assert len(rows) >= 5
    week.grid.cells.write({(row, 2): "说想妈妈" for row in rows})
    ledger.dialogs.choices.append("back")
    week.ask_save()
    settled()
    said = [line for line in ledger.dialogs.asked[-1][1] if "没有写是谁谈的" in line]
    assert len(said) == 1
    assert f"等 {len(rows)} 名：" in said[0]
