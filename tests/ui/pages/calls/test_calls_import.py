"""She brings the school's own table of calls: looked at, written, taken back; what waits is put right by keyboard."""

from __future__ import annotations

from datetime import date

import pytest
import shiboken6
from openpyxl import Workbook, load_workbook
from PySide6.QtCore import Qt

from app.calls.importing import CALL_RESULTS
from app.diary.importing.model import RowResult
from app.school.handover import handovers
from app.storage.backups import list_backups
from app.storage.data_place import backup_folder_for
from tests.ui.pages.calls.conftest import said
from ui.drafts import Form, page_of
from ui.pages.calls.page import CallsPage
from ui.pages.importing.records_page import CHECK, DONE, CallsImportPage
from ui.theme import Breakpoint
from ui.widgets.cuts import cuts_of

HEADER = ["日期", "时段", "学生姓名", "接听人", "时长(分)", "接通情况", "孩子说"]
DAY = date(2026, 10, 14)
WRITTEN = [("罗诗涵", "connected", 5), ("谭小兰", "connected", 6), ("谭晓东", "connected", 6)]
TAB, DOWN, ENTER = Qt.Key.Key_Tab, Qt.Key.Key_Down, Qt.Key.Key_Return


@pytest.fixture
def table(tmp_path):
    """Calls of one day: one, one of brother and sister, an unknown name, an unclear result, minutes that cannot be."""
    book = Workbook()
    for row in (
        HEADER,
        [DAY.isoformat(), "12:20", "罗诗涵", "父亲", "5分钟", "接通", "想爸爸早点回来"],
        [DAY.isoformat(), "12:30", "谭晓东、谭小兰", "母亲", "6", "接通", ""],
        [DAY.isoformat(), "12:40", "何大壮", "", "3", "接通", ""],
        [DAY.isoformat(), "12:50", "冉小燕", "", "", "再说吧", ""],
        [DAY.isoformat(), "12:50", "张伟", "", "900", "接通", ""],
    ):
        book.active.append(row)
    path = tmp_path / "通话登记.xlsx"
    book.save(path)
    return path


@pytest.fixture
def bring(ledger, shown):
    """The page, shown, no file chosen yet."""
    return shown(CallsImportPage(ledger))


@pytest.fixture
def leave_waiting(table, settled):
    """`leave_waiting(page)` writes the table; three rows of it wait, and are shown."""

    def write(page):
        page.open_file(table)
        settled()
        page.check.write.click()
        settled()
        page.open_with(part="parked")
        settled()
        assert page.header.fact == "3 行等着处理"
        return page.parked

    return write


@pytest.fixture
def waiting(bring, leave_waiting):
    """The three rows that wait."""
    return leave_waiting(bring)


def on_that_day(calls_of):
    return sorted(calls_of(DAY))


def test_from_the_page_of_calls_to_the_log_and_back(page, bring, ledger, table, settled, calls_of, asked):
    page.bring.click()
    assert ledger.navigation.opened[-1] == ("call_import", {})
    ledger.dialogs.files.append(table)
    bring.file.choose.click()
    settled()
    assert bring.step == CHECK
    assert bring.check.kinds.current == RowResult.PARKED.value
    assert "台账里没有「何大壮」" in said(bring.check.side.pane)
    bring.check.kinds.set_current("all")
    bring.check.kinds.changed.emit("all")
    assert [row.written_name for row in bring.check.table.rows] == [
        *("罗诗涵", "谭晓东", "谭小兰"),
        *("何大壮", "冉小燕", "张伟"),
    ]
    assert cuts_of(bring) == []
    assert on_that_day(calls_of) == []
    before = len(list_backups(backup_folder_for(ledger.store.path)))
    assert bring.check.write.text() == "写入 3 条"

    bring.check.write.click()
    settled()
    assert bring.step == DONE
    assert on_that_day(calls_of) == WRITTEN
    assert len(list_backups(backup_folder_for(ledger.store.path))) == before + 1
    assert "有 3 行放着待处理" in said(page)

    bring.done.undo.click()
    settled()
    assert "这次导入已撤销" in said(bring.done)
    assert (on_that_day(calls_of), asked(CALL_RESULTS.rows)) == ([], ())
    assert "放着待处理" not in said(page)


def test_what_follows_from_the_calls_is_said(bring, ledger, settled, tmp_path):
    path = tmp_path / "没打通.csv"
    path.write_text("日期,姓名,接听人,结果\n2026-11-17,罗诗涵,父亲,空号\n", encoding="utf-8")
    bring.open_file(path)
    settled()
    bring.check.write.click()
    settled()
    assert "号码记为号码错，待核实。" in said(bring.done)


def test_a_waiting_row_is_put_right_by_keyboard(waiting, press, settled, calls_of, ledger):
    waiting.table.setFocus()
    press(DOWN, ENTER)
    assert waiting.fields["outcome"].hasFocus(), "what is missing is where the keyboard goes"
    assert not waiting.write.isEnabled()
    press(DOWN, DOWN)
    assert waiting.says.text() == f"写成：冉小燕，{DAY} 无人接"
    for _ in range(12):
        if waiting.write.hasFocus():
            break
        press(TAB)
    press(Qt.Key.Key_Space)
    assert ("冉小燕", "no_answer", None) in on_that_day(calls_of)
    assert [row.fields["name"] for row in waiting.table.rows] == ["何大壮", "张伟"]

    waiting.table.setFocus()
    press(ENTER)
    assert waiting.fields["minutes"].hasFocus(), "the reason names the cell"
    words, undo = ledger.navigation.toasts[-1]
    assert "写入通话记录" in words
    undo()
    settled()
    assert len(waiting.table.rows) == 3
    assert on_that_day(calls_of) == WRITTEN


def test_what_is_typed_about_a_waiting_row_is_kept(
    drafts, leave_waiting, ledger, shown, settled, who, calls_of
):
    page = CallsImportPage(ledger)
    page.show()
    waiting = leave_waiting(page)
    child = next(one for one in waiting._children if one.key == who.children["向阳"])
    waiting.child.setText(child.words)
    waiting.child.leave()
    waiting.fields["minutes"].setText("4")
    waiting.fields["minutes"].leave()
    drafts.flush()
    (draft,) = drafts.box.read().drafts
    assert (draft.form, page_of(draft)) == (Form.WAITING_CALL, "call_import")
    shiboken6.delete(page)  # the power goes

    drafts.set_left((draft,))
    drafts.want(draft)
    again = shown(CallsImportPage(ledger))
    again.open_with(**draft.where)
    settled()
    assert again.parked.fields["minutes"].text() == "4"
    again.parked.write.click()
    settled()
    assert ("向阳", "connected", 4) in on_that_day(calls_of)
    drafts.flush()
    assert (drafts.box.read().drafts, drafts.left) == ((), ())


def test_the_list_goes_out_and_that_is_logged(waiting, bring, ledger, settled, tmp_path, asked):
    target = tmp_path / "待处理.xlsx"
    ledger.dialogs.files.append(target)
    waiting.export.click()
    settled()
    assert load_workbook(target).active.max_row == 4
    assert asked(handovers)[0].content == "待处理的通话记录 3 行"


def test_in_a_narrow_window_nothing_is_cut(waiting, bring, ledger, shown, press):
    bring.resize(847, 376)
    bring.set_breakpoint(Breakpoint.NARROW)
    waiting.table.setFocus()
    press(ENTER)
    assert not waiting.side.left.isVisible()
    assert cuts_of(bring) == []
    bring.hide()
    calls = CallsPage(ledger)
    calls.set_breakpoint(Breakpoint.NARROW)
    shown(calls, 847, 376)
    assert "有 3 行放着待处理" in said(calls)
    assert cuts_of(calls) == []
    calls.parts.changed.emit("log")
    assert "放着待处理" not in said(calls), "the form needs the room"
