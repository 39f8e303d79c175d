"""The week page: what stands where, a call written down with few keys, the next contact, drafts, numbers, narrow windows."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from app.calls.codes import Mood, Outcome
from app.calls.log import log_of_child, log_of_day
from app.calls.service_log import change_call
from app.diary.drafts import PromiseDraft
from app.diary.open_items import open_promises
from app.school.codes import HandoverKind
from app.school.handover import handovers
from app.storage.base import new_uuid
from tests.ui.pages.calls.conftest import MONDAY, TODAY, said
from ui import theme
from ui.drafts import Form
from ui.pages.calls.board import CallBoard
from ui.pages.calls.board_model import Board, Booked, Day, Mark, Row, Spot, State, Who
from ui.pages.calls.page import LOG, CallsPage
from ui.theme import Breakpoint
from ui.widgets import Button, Link
from ui.widgets.cuts import cuts_of

RETURN, TAB, ESCAPE = Qt.Key.Key_Return, Qt.Key.Key_Tab, Qt.Key.Key_Escape


def spots(page):
    return {
        (spot.day[8:], row.label): spot
        for row in page.board.cells.board.rows
        for spot in row.spots
        if spot.line
    }


def test_the_week_stands_as_planned_with_what_came_of_it(page):
    board = page.board.cells.board
    heads = [row.label for row in board.rows if row.is_head]
    assert heads == ["活动室座机", "视频电脑"]
    assert [day.is_today for day in board.days] == [False, False, True, False, False]
    assert "值班 王秀芬" in board.days[2].duty
    places = spots(page)
    assert (places["16", "12:20"].first.names, places["16", "12:20"].first.mark) == ("罗诗涵", Mark.DONE)
    assert (places["17", "12:20"].first.mark, places["17", "12:20"].first.tail) == (Mark.FAILED, "无人接")
    assert places["18", "12:30"].first.names == "谭晓东、谭小兰"
    assert places["19", "12:30"].first is None
    assert places["17", "16:20"].state is State.NONE
    assert "本周排了 6 名，已接通 1 名" in said(page.foot)
    assert "本月还没接通：5 名" in said(page.foot)


def test_a_session_needs_one_digit_one_figure_and_enter_per_child(page, press, calls_of, ledger):
    assert page.side.turn.names == "罗诗涵"
    page.side.focus_result()
    press("1", "6", RETURN)
    assert calls_of() == [("罗诗涵", "connected", 6)]
    assert page.side.turn.names == "谭晓东、谭小兰"
    press("1", "8", RETURN)
    found = calls_of()[1:]
    assert found == [("谭晓东", "connected", 8), ("谭小兰", "connected", 8)]
    assert page.side.turn.names == "张伟"
    assert ledger.navigation.toasts
    assert spots(page)["18", "12:30"].first.mark is Mark.DONE


def test_after_a_failure_the_next_contact_of_the_same_family_is_dialled(page, press, calls_of):
    page.recording.open_turn(page.recording.turns[1])
    mother = page.side.chosen_dial()
    assert mother.relation == "母亲"
    press("2")
    assert "再打" in page.side.save.text()
    press(RETURN)
    assert page.side.turn.names == "谭晓东、谭小兰"
    assert page.side.chosen_dial().relation != "母亲"
    press("5", RETURN)
    assert page.side.turn.names == "张伟"
    assert [one[1] for one in calls_of()] == ["no_answer", "no_answer", "language", "language"]


def test_a_note_about_the_parent_leaves_every_row_of_the_form_whole(page, qtbot):
    """On 1366 × 768 below a banner, the list of the day gives way as far as this call and the next."""
    page.resize(1222, 604)
    side = page.side
    side.hint.setText("工厂中午十二点到一点能接，只会说土家话。")
    side.hint.show()
    fields, seen = side.fields, side._scroll.viewport()

    def whole():
        bottom = fields.mapTo(seen, fields.rect().bottomLeft()).y()
        return fields.height() >= fields.sizeHint().height() and 0 < bottom < seen.height()

    qtbot.waitUntil(whole)
    assert side.list.viewport().height() >= 2 * theme.metrics().row


def test_the_head_of_the_day_counts_as_waiting_only_who_its_lines_call_so(page, press):
    def lines():
        return [turn.words for turn in page.side.list.rows]

    assert page.side.list_head.text() == "今天 4 名，待打 4 名"
    page.side.focus_result()
    press("2", RETURN)
    assert lines() == ["无人接", "待打", "待打"]
    assert page.side.list_head.text() == "今天 4 名，待打 3 名"
    page.recording.open_turn(page.recording.turns[1])
    page.side.focus_result()
    press("1", RETURN)
    assert page.side.list_head.text() == "今天 4 名，待打 1 名"
    page.recording.open_turn(page.recording.turns[2])
    page.side.focus_result()
    press("1", RETURN)
    assert page.side.list_head.text() == "今天 4 名，没打通 1 名"


def test_nothing_is_saved_without_a_result(page, press, calls_of):
    page.side.focus_result()
    press(RETURN)
    assert "先选结果" in page.side.reason.text()
    assert calls_of() == []
    press("3")
    assert page.side.reason.text() == "", "it is mended"


def test_minutes_that_are_none_are_held_back(page, press, writes, calls_of):
    page.side.focus_result()
    press("1")
    writes("半个钟")
    press(RETURN)
    assert calls_of() == []
    assert page.side.fields.minutes.finding is not None


def test_digits_belong_to_the_text_while_one_is_typed(page, press, writes, calls_of, asked, who):
    page.side.focus_result()
    press("1", "5")
    page.side.fields.said.setFocus()
    writes("考了")
    press("9", "2")
    press(RETURN)
    entry = asked(log_of_child, who.children["罗诗涵"])[0]
    assert (entry.outcome, entry.minutes, entry.said) == (Outcome.CONNECTED, 5, "考了92")


def test_a_number_is_shown_only_when_asked_and_that_is_recorded(page, settled, asked):
    assert "*" in page.side.number.number.text()
    page.side.number.show_number.click()
    settled()
    assert page.side.number.number.text() == "13600000002"
    assert [one.kind for one in asked(handovers)] == [HandoverKind.REVEAL]
    page.recording.open_turn(page.recording.turns[1])
    page.recording.open_turn(page.recording.turns[0])
    assert "*" in page.side.number.number.text()


def test_the_future_is_not_written_down(page, settled):
    page.board.go_to(spots(page)["19", "12:20"].first.key)
    page._open_spot(page.board.spot())
    settled()
    assert page.side.turn.names == "冉小燕"
    assert not page.side.save.isEnabled()
    assert "还没到" in page.side.hint.text()


def test_a_mistake_is_corrected_and_taken_out(page, settled, press, calls_of, ledger):
    page.board.go_to(spots(page)["16", "12:20"].first.key)
    page._open_spot(page.board.spot())
    settled()
    assert page.side.fields.results.outcome is Outcome.CONNECTED
    page.side.fields.minutes.setText("9")
    page.side.focus_result()
    press(RETURN)
    assert calls_of(MONDAY) == [("罗诗涵", "connected", 9)]
    page.recording.go_to_day(MONDAY, page.recording.turns[0].key)
    settled()
    ledger.dialogs.choices.append("bin")
    page.side.remove.click()
    settled()
    assert calls_of(MONDAY) == []
    ledger.undo_last()
    settled()
    assert len(calls_of(MONDAY)) == 1


def test_what_is_written_of_one_call_is_kept_while_another_is_opened(drafts, ledger, shown, press, writes):
    page = shown(CallsPage(ledger))
    page.side.focus_result()
    press("1")
    page.side.fields.said.setFocus()
    writes("妈妈说过年回来")
    page.recording.open_turn(page.recording.turns[1])
    assert page.side.fields.said.toPlainText() == ""
    assert [one.form for one in drafts.left] == [Form.CALL]
    page.recording.open_turn(page.recording.turns[0])
    assert "没来得及保存" in said(page.side)
    page.recording.draft._resume(drafts.left[0])
    assert page.side.fields.said.toPlainText() == "妈妈说过年回来"
    assert page.side.fields.results.outcome is Outcome.CONNECTED


def test_a_draft_whose_child_is_gone_is_put_into_nobody_elses_call(
    drafts, ledger, shown, press, writes, settled
):
    first = shown(CallsPage(ledger))
    first.side.focus_result()
    press("1")
    first.side.fields.said.setFocus()
    writes("妈妈说过年回来")
    first.recording.put_by()
    first.hide()
    drafts.want(replace(drafts.left[0], record=new_uuid()))
    again = shown(CallsPage(ledger))
    assert again.side.turn is not None
    for turn in again.recording.turns:
        again.recording.open_turn(turn)
        settled()
        assert again.side.fields.said.toPlainText() == ""
        assert again.side.fields.results.outcome is None


def test_a_draft_of_last_time_opens_with_its_call_and_is_saved_once(
    drafts, ledger, shown, press, writes, settled, calls_of
):
    first = shown(CallsPage(ledger))
    first.side.focus_result()
    press("1")
    first.side.fields.said.setFocus()
    writes("妈妈说过年回来")
    first.recording.put_by()
    first.hide()
    left = drafts.left[0]
    drafts.want(left)
    again = CallsPage(ledger)
    again.open_with(**left.where)
    shown(again)
    assert again.side.fields.said.toPlainText() == "妈妈说过年回来"
    again.side.focus_result()
    press(RETURN)
    assert [one[:2] for one in calls_of()] == [("罗诗涵", "connected")]
    drafts.flush()
    assert drafts.box.read().drafts == ()


def test_a_child_that_nobody_planned_is_called_from_the_due_item(page, settled, press, asked, who):
    page.open_with(child=who.children["向阳"])
    settled()
    assert page.side.turn.names == "向阳"
    assert page.side.fields.line.isVisibleTo(page)
    page.side.fields.line.set_value(who.lines["活动室座机"])
    page.side.focus_result()
    press("2", RETURN)
    entry = asked(log_of_child, who.children["向阳"])[0]
    assert (entry.happened_on, entry.line_name) == (TODAY.isoformat(), "活动室座机")
    loose = [row for row in page.board.cells.board.rows if row.spots and row.spots[2].state is State.LOOSE]
    assert [call.names for row in loose for call in row.spots[2].booked] == ["向阳"]


def test_skipping_takes_the_next_and_comes_back_to_it_last(page, press, calls_of):
    page.side.skip.click()
    assert page.side.turn.names == "谭晓东、谭小兰"
    page.side.focus_result()
    press("1", "5", RETURN)
    assert page.side.turn.names == "张伟"
    press("7", RETURN)
    assert page.side.turn.names == "罗诗涵"


def test_brothers_and_sisters_each_have_their_own_words(page, press, settled, asked, ledger):
    page.side.skip.click()
    fields = page.side.fields
    assert page.side.turn.names == "谭晓东、谭小兰"
    page.side.focus_result()
    press("1", "5")
    walked = []
    for _ in range(5):
        press(TAB)
        walked.append(QApplication.focusWidget())
    each = fields.each
    assert walked == [each.moods[0], each.texts[0], each.moods[1], each.texts[1], fields.promise]
    assert not fields.said.isVisibleTo(page)
    assert cuts_of(page) == []
    each.moods[1].set_value("low")
    for text, words in zip(each.texts, ("考了九十分", "想妈妈"), strict=True):
        text.setPlainText(words)
    fields.promise.set_value("过年回来")
    page.side.save.click()
    settled()
    found = {
        one.child_name: (one.mood, one.said, one.minutes) for one in asked(log_of_day, TODAY.isoformat())
    }
    assert found == {"谭晓东": (None, "考了九十分", 5), "谭小兰": (Mood.LOW, "想妈妈", 5)}
    page.recording.open_turn(next(one for one in page.recording.turns if "谭小兰" in one.names))
    settled()
    assert [text.toPlainText() for text in page.side.fields.each.texts] == ["考了九十分", "想妈妈"]
    page.side.fields.each.texts[0].setPlainText("考了九十二分")
    before = {one.child_uuid: one.uuid for one in asked(open_promises)}
    page.side.fields.promise.set_value("清明回来")
    page.side.save.click()
    settled()
    said = {one.child_name: one.said for one in asked(log_of_day, TODAY.isoformat())}
    assert said == {"谭晓东": "考了九十二分", "谭小兰": "想妈妈"}, "a correction of one leaves the other"
    promised = asked(open_promises)
    assert {one.child_name: one.content for one in promised} == {"谭晓东": "清明回来", "谭小兰": "清明回来"}
    assert {one.child_uuid: one.uuid for one in promised} == before, "the promises of each are the same ones"
    (sister,) = (one for one in asked(log_of_day, TODAY.isoformat()) if one.child_name == "谭小兰")
    other = replace(sister.draft, promise=replace(sister.draft.promise, content="买一双鞋"))
    ledger.bus.tell(asked(change_call, draft=other))
    settled()
    page.recording.open_turn(next(one for one in page.recording.turns if "谭小兰" in one.names))
    settled()
    page.side.fields.promise.set_value("五一回来")
    page.side.save.click()
    settled()
    promised = asked(open_promises)
    assert {one.child_name: one.content for one in promised} == {"谭晓东": "五一回来", "谭小兰": "买一双鞋"}

    # The same words, promised to her by herself another time: a correction of the brother's is none of hers.
    own = PromiseDraft(content="五一回来", uuid=new_uuid())
    ledger.bus.tell(asked(change_call, draft=replace(sister.draft, promise=own)))
    settled()
    page.recording.open_turn(next(one for one in page.recording.turns if "谭小兰" in one.names))
    settled()
    page.side.fields.promise.set_value("端午回来")
    page.side.save.click()
    settled()
    promised = asked(open_promises)
    assert {one.child_name: one.content for one in promised} == {"谭晓东": "端午回来", "谭小兰": "五一回来"}


def test_a_week_without_any_line_says_what_to_do(ledger, shown, asked, who):
    from app.calls.service_lines import end_line

    for uuid in who.lines.values():
        asked(end_line, line_uuid=uuid, on=date(2026, 9, 2))
    page = CallsPage(ledger)
    page.open_with(day=(MONDAY + timedelta(days=70)).isoformat())
    shown(page)
    assert page.stack.currentWidget() is page.empty
    words = [button.text() for button in page.empty.findChildren(Button)]
    assert words == ["去登记", "记一次", "成批记"]


def test_another_week_and_back(page, settled):
    page.step(1)
    settled()
    assert page.board.cells.board.days[0].iso == "2026-11-23"
    page.step(-1)
    settled()
    assert page.board.cells.board.days[0].iso == "2026-11-16"


@pytest.mark.parametrize(("width", "height"), [(1222, 656), (847, 400)])
def test_everything_has_its_room(ledger, shown, width, height):
    page = CallsPage(ledger)
    page.set_breakpoint(Breakpoint.NARROW if width < 1000 else Breakpoint.NORMAL)
    shown(page, width, height)
    assert cuts_of(page) == []
    page._show_part(LOG)
    QApplication.processEvents()
    assert cuts_of(page) == []


def test_the_verb_stands_right_below_the_form_where_there_is_room(ledger, shown, settled, qtbot):
    """Rows come and go with the call that is shown; none leaves a gap above the verb."""
    made = shown(CallsPage(ledger))
    made.resize(1756, 968)
    settled()
    form = made.side._scroll
    before = form.height()
    shown_row = made.side.number
    shown_row.hide()
    qtbot.waitUntil(lambda: form.height() < before)
    shown_row.show()
    qtbot.waitUntil(lambda: form.height() == before == form.widget().layout().totalMinimumSize().height())


def test_tab_goes_down_the_form(page, press):
    page.side.focus_result()
    page.side.fields.results.pick(Outcome.CONNECTED)
    walked = [QApplication.focusWidget()]
    for _ in range(4):
        press(TAB)
        walked.append(QApplication.focusWidget())
    fields = page.side.fields
    assert walked == [fields.minutes, fields.mood, fields.said, fields.promise, page.side.save]


def test_a_file_that_is_only_looked_at_takes_nothing(ledger, shown, press):
    ledger.read_only = True
    page = shown(CallsPage(ledger))
    assert not page.side.save.isEnabled()
    assert not page.plan.isEnabled()
    assert not page.board.may_move


def test_what_could_not_be_saved_stays_in_the_form(page, press, writes, monkeypatch, calls_of):
    from app.core.messages import fault

    def full(*_args, **_kwargs):
        raise fault("storage.full", missing=12)

    monkeypatch.setattr("ui.pages.calls.recording.save_calls", full)
    page.side.focus_result()
    press("1", "6", RETURN)
    assert page.side.reason.text()
    assert page.side.fields.minutes.text() == "6"
    assert calls_of() == []
    monkeypatch.undo()
    press(RETURN)
    assert calls_of() == [("罗诗涵", "connected", 6)]


def test_on_a_sunday_the_next_week_is_open_and_the_day_says_what_comes(ledger, shown, settled, asked, who):
    from app.calls.plan_moves import plan_by_hand

    ledger.clock.advance(days=4)
    asked(
        plan_by_hand,
        child_uuids=(who.children["罗诗涵"],),
        line_uuid=who.lines["活动室座机"],
        day=date(2026, 11, 24),
        starts="12:20",
        despite=True,
    )
    page = shown(CallsPage(ledger))
    assert page.board.cells.board.days[0].iso == "2026-11-23"
    assert "今天没有排号" in page.side.hint.text()
    assert not page.side.fields.isVisibleTo(page)
    link = next(one for one in page.side.findChildren(Link) if one.text().startswith("下一次"))
    assert link.text() == "下一次：周二  11-24，1 名"
    link.click()
    settled()
    assert [turn.names for turn in page.recording.turns] == ["罗诗涵"]


def test_when_the_night_has_passed_the_page_is_at_the_new_day(page, press, ledger, settled, calls_of):
    """A school's computer stays on: the keys of the next noon belong to the next day's calls."""
    ledger.clock.advance(days=1)
    page.recording.watch.look()
    settled()
    assert [day.is_today for day in page.board.cells.board.days] == [False, False, False, True, False]
    assert page.side.turn.names == "冉小燕"
    page.side.focus_result()
    press("7", RETURN)
    assert calls_of(TODAY + timedelta(days=1)) == [("冉小燕", "child_absent", None)]
    assert calls_of() == []


def test_what_is_half_written_stays_when_the_night_has_passed(page, press, ledger, settled):
    page.side.focus_result()
    press("1", "6")
    ledger.clock.advance(days=1)
    page.recording.watch.look()
    settled()
    assert (page.side.turn.names, page.side.fields.minutes.text()) == ("罗诗涵", "6")
    assert page.side.list_head.text().startswith("昨天")


def test_in_a_low_window_the_field_with_the_keyboard_is_in_sight(ledger, shown, settled):
    page = CallsPage(ledger)
    page.set_breakpoint(Breakpoint.NARROW)
    shown(page, 847, 400)
    page._show_part(LOG)
    settled()
    page.side.fields.promise.setFocus()
    settled()
    view = page.side._scroll.viewport()
    field = page.side.fields.promise
    assert view.rect().contains(field.rect().translated(field.mapTo(view, field.rect().topLeft())))


@pytest.mark.parametrize("width", [720, 820])
def test_long_names_stand_whole_in_their_cells(look, qtbot, width):
    names = ("买买提·阿卜杜热西提", "欧阳慕容雨桐", "阿依古丽·阿卜杜热西提", "张𬭎", "覃䶮", "欧阳慕容雨晴")
    days = tuple(
        Day(f"2026-11-{16 + n}", f"周{n}  11-{16 + n}", "值班 欧阳晓燕（代班）", n == 2) for n in range(5)
    )
    calls = [
        Booked(f"{n}{m}", tuple(Who(one, one) for one in names[m : m + 1 + n % 2]), mark, tail)
        for n in range(5)
        for m, (mark, tail) in enumerate(
            [
                (Mark.DONE, ""),
                (Mark.PLANNED, ""),
                (Mark.FAILED, "无人接"),
                (Mark.OTHER, "没记结果"),
                (Mark.PLANNED, "从周一"),
            ]
        )
    ]
    rows = [Row("l", "视频电脑", "16:20–17:00，每人 20 分钟")]
    for m in range(5):
        spots = tuple(
            Spot(day.iso, "l", f"12:{m}0", "", booked=(calls[n * 5 + m],)) for n, day in enumerate(days)
        )
        rows.append(Row("l", f"12:{m}0", spots=spots))
    board = CallBoard()
    qtbot.addWidget(board)
    board.resize(width, 320)
    board.set_board(Board(days, tuple(rows)))
    board.set_now("23")
    board.show()
    assert cuts_of(board) == []


def test_a_digit_on_the_calendar_is_the_result_of_that_cell(page, press, calls_of):
    page.board.setFocus()
    page.board.go_to(spots(page)["18", "12:40"].first.key)
    press("7")
    assert page.side.turn.names == "张伟"
    press(RETURN)
    assert calls_of() == [("张伟", "child_absent", None)]
