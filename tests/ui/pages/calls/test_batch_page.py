"""成批记: a session in a grid, with a spreadsheet's keys; read as typed, saved as one action, kept as a draft."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from app.calls.codes import Mood, Outcome
from app.calls.log import log_of_day
from app.calls.service_lines import end_line
from app.storage.history import actions
from tests.ui.pages.calls.conftest import MONDAY, TODAY, said
from ui.drafts import Form
from ui.pages.calls.batch_page import BatchPage
from ui.pages.calls.batch_rows import read_mood, read_outcome
from ui.pages.calls.loading import ALL
from ui.theme import Breakpoint
from ui.widgets import Link
from ui.widgets.cuts import cuts_of

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def batch(ledger, shown):
    return shown(BatchPage(ledger))


def fill(page, row, *texts):
    page.grid.cells.write({(row, column): text for column, text in enumerate(texts)})


def test_the_list_of_the_day_is_a_line_per_child(batch):
    assert batch.grid.cells.names == ("罗诗涵", "谭晓东", "谭小兰", "张伟")
    assert batch.grid.cells.marks[0] == "12:20"
    assert "4 名，已记 0 名" in said(batch.foot)


def test_a_session_is_typed_with_keys_alone_and_is_one_action(batch, press, asked):
    press("1", Qt.Key.Key_Tab, Qt.Key.Key_Tab, "6", Qt.Key.Key_Return)
    assert batch.grid.place() == (1, 0)
    for digit in "112":
        press(digit, Qt.Key.Key_Return)
    before = len(asked(actions))
    press(Qt.Key.Key_Return, modifier=CTRL)
    found = {one.child_name: one for one in asked(log_of_day, TODAY.isoformat())}
    assert {name: one.outcome.label for name, one in found.items()} == {
        "罗诗涵": "接通",
        "谭晓东": "接通",
        "谭小兰": "接通",
        "张伟": "无人接",
    }
    assert found["罗诗涵"].minutes == 6
    assert found["谭晓东"].draft.occasion == found["谭小兰"].draft.occasion
    assert found["罗诗涵"].started == "12:20"
    assert len(asked(actions)) == before + 1
    assert batch.grid.cells.filled == []
    assert "已记 4 名" in said(batch.foot)


def test_a_line_without_a_result_is_not_saved_and_shows_where(batch, settled, asked):
    fill(batch, 0, "1", "", "5")
    fill(batch, 1, "", "", "5")
    batch.ask_save()
    settled()
    assert batch.grid.place() == (1, 0)
    assert "写结果" in said(batch.foot)
    assert asked(log_of_day, TODAY.isoformat()) == ()


def test_what_the_child_said_belongs_to_a_call_that_got_through(batch, settled, asked):
    fill(batch, 0, "2", "", "", "", "", "想妈妈")
    batch.ask_save()
    settled()
    assert "没有接通" in said(batch.foot)
    assert asked(log_of_day, TODAY.isoformat()) == ()


def test_a_block_from_a_spreadsheet_finds_its_children(batch, press, settled, asked):
    QGuiApplication.clipboard().setText("姓名\t结果\t分钟\n张伟\t缺席\t\n罗诗涵\t打通\t7")
    batch.grid.go(0, 0)
    batch.grid.setFocus()
    press(Qt.Key.Key_V, modifier=CTRL)
    batch.ask_save()
    settled()
    found = [(one.child_name, one.outcome, one.minutes) for one in asked(log_of_day, TODAY.isoformat())]
    assert set(found) == {("张伟", Outcome.CHILD_ABSENT, None), ("罗诗涵", Outcome.CONNECTED, 7)}


def test_somebody_who_is_no_contact_is_written_down_in_words(batch, settled, asked):
    fill(batch, 0, "1", "隔壁王婶")
    batch._look()
    assert "照写" in batch.grid.cells.finding(0, 1).reason
    batch.ask_save()
    settled()
    (entry,) = asked(log_of_day, TODAY.isoformat())
    assert (entry.who, entry.draft.person_uuid) == ("隔壁王婶", None)


def test_without_a_plan_the_whole_ledger_is_listed(batch, settled, asked, who):
    batch._choose_list(ALL)
    settled()
    assert len(batch.grid.cells.names) == 6
    assert batch.bar.line.isVisibleTo(batch)
    place = batch.grid.cells.names.index("向阳")
    batch.bar.line.set_value(who.lines["活动室座机"])
    fill(batch, place, "3")
    batch.ask_save()
    settled()
    (entry,) = asked(log_of_day, TODAY.isoformat())
    assert (entry.child_name, entry.outcome, entry.line_name) == ("向阳", Outcome.STOPPED, "活动室座机")


def test_where_no_telephone_is_planned_the_whole_ledger_is_listed_at_once(ledger, shown, settled, asked, who):
    """Called on a teacher's mobile, written down afterwards: nobody has to choose a list first."""
    for uuid in who.lines.values():
        asked(end_line, line_uuid=uuid, on=date(2026, 11, 2))
    page = BatchPage(ledger)
    page.open_with(day="2026-11-13")
    shown(page)
    assert len(page.grid.cells.names) == 6
    assert "全部在册" in page.bar.whose.text()
    fill(page, page.grid.cells.names.index("罗诗涵"), "1", "", "4")
    page.ask_save()
    settled()
    assert [one.child_name for one in asked(log_of_day, "2026-11-13")] == ["罗诗涵"]


def test_an_earlier_day_is_written_down_afterwards(batch, settled, asked, ledger):
    batch._step(-1)
    settled()
    assert batch.grid.cells.names == ("向阳",)
    fill(batch, 0, "1", "", "4")
    batch.ask_save()
    settled()
    found = asked(log_of_day, MONDAY.replace(day=17).isoformat())
    assert [one.outcome for one in found] == [Outcome.NO_ANSWER, Outcome.CONNECTED]
    batch._step(2)
    assert batch._day == TODAY.replace(day=17), "not into the future"


def test_rows_that_are_not_saved_are_asked_about_and_kept(drafts, ledger, shown, settled):
    page = shown(BatchPage(ledger))
    fill(page, 0, "1", "", "9")
    ledger.dialogs.choices.append("keep")
    page._step(-1)
    settled()
    assert "1 名还没有存" in ledger.dialogs.asked[-1][0]
    assert page.grid.cells.filled == []
    left = drafts.left[0]
    assert left.form == Form.CALL_BATCH
    drafts.want(left)
    page.hide()
    again = shown(BatchPage(ledger))
    assert [row[:3] for _, row in again.grid.cells.filled] == [["1", "", "9"]]
    again.ask_save()
    settled()
    drafts.flush()
    assert drafts.box.read().drafts == ()


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("1", "接通"),
        ("8", "线路不通"),
        ("没人接", "无人接"),
        ("家长改期", "家长改期"),
        ("9", None),
        ("不知道", None),
    ],
)
def test_results_are_read_as_they_are_typed(text, outcome):
    found = read_outcome(text)
    assert (found.label if found else None) == outcome


def test_moods_are_read_by_their_beginning():
    assert read_mood("高") is Mood.HAPPY
    assert read_mood("") is None


def test_the_grid_has_its_room(ledger, shown, settled):
    page = BatchPage(ledger)
    page.set_breakpoint(Breakpoint.NARROW)
    shown(page, 847, 400)
    fill(page, 0, "1", "父亲 罗大勇", "12", "高兴", "12:20", "期中考了", "买书包")
    settled()
    assert cuts_of(page) == []


def test_who_is_written_down_already_is_left_out_until_asked_for(batch, settled):
    fill(batch, 0, "1", "", "6")
    batch.ask_save()
    settled()
    assert batch.grid.cells.names == ("谭晓东", "谭小兰", "张伟")
    assert batch.bar.done.text() == "已记 1 名，也列出来"
    batch.bar.done.click()
    settled()
    assert batch.grid.cells.names[0] == "罗诗涵"
    assert "已记 接通" in batch.grid.cells.marks[0]


def test_an_empty_day_leads_to_the_session_that_was_not_written_down(ledger, shown, settled):
    ledger.clock.advance(days=4)
    page = shown(BatchPage(ledger))
    link = next(one for one in page.empty.findChildren(Link))
    assert link.text() == "11-19 还有 1 名没记，去记"
    link.click()
    settled()
    assert page.grid.cells.names == ("冉小燕",)


def test_what_is_typed_over_midnight_counts_for_the_day_it_was_typed_for(batch, ledger, settled, asked):
    fill(batch, 0, "1", "", "5")
    ledger.clock.advance(days=1)
    batch._watch.look()
    settled()
    assert "昨天" in said(batch.bar)
    batch.ask_save()
    settled()
    assert [one.child_name for one in asked(log_of_day, TODAY.isoformat())] == ["罗诗涵"]


def test_an_empty_list_goes_on_to_the_new_day(batch, ledger, settled):
    ledger.clock.advance(days=1)
    batch._watch.look()
    settled()
    assert "今天" in said(batch.bar)
    assert batch.grid.cells.names == ("冉小燕",)
