"""打印本周纸单: asked for, looked at, printed or saved; a code is written down before its page goes out, and never without."""

from __future__ import annotations

from functools import partial
from hashlib import sha256

import pytest
from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrinter

from app.core.messages import fault
from app.school.codes import HandoverKind
from app.school.handover import handovers
from app.todo.codes_on_paper import spaced
from app.todo.forms import paper_forms
from ui.pages.today.page import TodayPage
from ui.theme import Breakpoint

WAIT = 10_000


@pytest.fixture
def page(ledger, qtbot):
    made = TodayPage(ledger)
    qtbot.addWidget(made)
    made.resize(1222, 656)
    made.show()
    qtbot.waitUntil(lambda: made._children is not None and bool(made.listed.due.keys), timeout=WAIT)
    return made


@pytest.fixture
def shown(page, qtbot, ledger):
    """The panel with the pages of this week's forms."""
    ledger.dialogs.choices.append("print")
    page.listed.filters.printing.click()
    qtbot.waitUntil(lambda: bool(ledger.dialogs.panels), timeout=WAIT)
    return ledger.dialogs.panels[-1]


@pytest.fixture
def settled(qtbot, ledger):
    return lambda: qtbot.waitUntil(lambda: not ledger.jobs.busy, timeout=WAIT)


def onto(file, pages):
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(file))
    return printer, 0, pages - 1


def reasons(page):
    return [row.reason for group in page.listed.lines.groups for row in group.rows]


def test_nothing_is_laid_out_before_she_has_said_how_many(page, asked, ledger):
    page.listed.filters.printing.click()
    question, told, verbs = ledger.dialogs.asked[-1]
    assert question.startswith("印 ")
    assert verbs[0] == "先不印"
    assert any("打印或存成 PDF 才算印出去" in line for line in told)
    assert asked(paper_forms) == ()
    assert ledger.dialogs.panels == []


def test_forms_that_were_only_looked_at_are_not_out(page, shown, asked, ledger, settled):
    before = len(ledger.done)
    shown.answer("close")
    settled()
    assert asked(paper_forms) == ()
    assert (page._work.forms, len(ledger.done)) == (0, before)
    assert not any("已打印待回收" in words for words in reasons(page))


def test_what_was_saved_as_pdf_is_out_and_says_so(page, shown, qtbot, asked, ledger, tmp_path):
    number, keys = page._work.board.number, page.listed.due.keys
    assert not page.listed.forms.isVisible()
    target = tmp_path / "周纸单.pdf"
    ledger.dialogs.files.append(target)
    shown.answer("save")
    ledger.dialogs.gives_reason()
    qtbot.waitUntil(lambda: shown.told.text().startswith("已存成 PDF"), timeout=WAIT)
    forms = asked(paper_forms)
    assert f"印 {len(forms)} 张周纸单？" == ledger.dialogs.asked[-1][0]
    assert {form.activity for form in forms} <= {"talk", "home_visit"}
    (logged,) = [one for one in asked(handovers) if one.content == "周纸单"]
    assert (logged.kind, logged.file_name) == (HandoverKind.PDF, target.name)
    assert logged.people == len({form.child_uuid for form in forms})
    assert logged.sha256 == sha256(target.read_bytes()).hexdigest()

    qtbot.waitUntil(lambda: page._work.forms == len(forms) and page.listed.forms.isVisible(), timeout=WAIT)
    # What was printed is not one thing more to do: its line says that the paper is out.
    assert (page._work.board.number, page.listed.due.keys) == (number, keys)
    assert page.listed.forms.text() == f"待回收的周纸单 {len(forms)} 张"
    for form in forms:
        assert any(f"已打印待回收，单号 {spaced(form.code)}" in words for words in reasons(page))
    page.listed.forms.click()
    assert ledger.navigation.opened[-1] == ("paper_forms", {})
    page.set_breakpoint(Breakpoint.NARROW)
    beside = (page.forms_beside.isVisible(), page.listed.forms.isVisible())
    assert beside == (True, False), "a low window has no foot"
    page.set_breakpoint(Breakpoint.NORMAL)
    line = next(target for target in page.listed.lines.targets.values() if target.params.get("paper"))
    assert line.params["paper"] in {form.code for form in forms}


def test_what_went_to_the_printer_is_out_once_however_often_it_is_printed(
    shown, qtbot, asked, ledger, tmp_path, settled
):
    ledger.dialogs.printer = partial(onto, tmp_path / "纸.pdf")
    for count in (1, 2):
        shown.told.setText("")
        shown.answer("print")
        qtbot.waitUntil(lambda: shown.told.text().startswith("已送到打印机"), timeout=WAIT)
        forms = asked(paper_forms)
        assert len(forms) == len({(form.child_uuid, form.activity) for form in forms}) > 0
        assert len([one for one in asked(handovers) if one.content == "周纸单"]) == count


@pytest.mark.qt_log_ignore("QPainter::begin", extend=True)
def test_a_code_is_in_the_ledger_before_the_printer_has_its_page(shown, qtbot, asked, ledger):
    """The printer takes nothing, or the power fails right then: a code on paper that nobody knows is worse than one more."""
    ledger.dialogs.printer = partial(onto, "/nowhere/at/all.pdf")
    shown.answer("print")
    qtbot.waitUntil(lambda: bool(ledger.dialogs.faults), timeout=WAIT)
    assert ledger.dialogs.faults[-1][1][0] == "打印机没有接收。"
    assert asked(paper_forms)
    assert shown.told.text() == "单号已经记下，还没有送出去"
    assert not [one for one in asked(handovers) if one.content == "周纸单"]


def test_of_some_pages_only_their_forms_are_out(shown, qtbot, asked, ledger, tmp_path):
    """The rest may follow, from the same panel, or never."""
    pages = []

    def some(count):
        printer, _first, _last = onto(tmp_path / "纸.pdf", count)
        pages.append(count)
        return printer, len(pages) - 1, len(pages) - 1

    ledger.dialogs.printer = some
    outs = []
    for _ in range(2):
        shown.told.setText("")
        shown.answer("print")
        qtbot.waitUntil(lambda: shown.told.text().startswith("已送到打印机：1 页"), timeout=WAIT)
        outs.append({form.code for form in asked(paper_forms)})
    first, second = outs
    assert len(first) == 2, "two talks stand on a page"
    assert first < second
    assert len(second) == 4
    assert pages[0] > 2


def test_closed_while_its_codes_are_written_down_it_goes_out_all_the_same(
    shown, asked, ledger, tmp_path, settled
):
    ledger.dialogs.printer = partial(onto, tmp_path / "纸.pdf")
    shown.answer("print")
    shown.answer("close")
    settled()
    assert not shown.isVisible()
    assert (tmp_path / "纸.pdf").stat().st_size > 1000
    assert asked(paper_forms)
    assert ledger.navigation.toasts[-1][0].startswith("已送到打印机")


def test_what_the_ledger_cannot_take_does_not_go_out(shown, qtbot, asked, ledger, tmp_path, monkeypatch):
    def full(*_args, **_values):
        raise fault("storage.full")

    monkeypatch.setattr("ui.pages.today.printing.print_forms", full)
    ledger.dialogs.printer = partial(onto, tmp_path / "纸.pdf")
    shown.answer("print")
    qtbot.waitUntil(lambda: bool(ledger.dialogs.faults), timeout=WAIT)
    assert shown.told.text() == "单号没有记下：没有打印，也没有存成 PDF"
    assert not (tmp_path / "纸.pdf").exists()
    assert asked(paper_forms) == ()
    qtbot.keyClick(shown, Qt.Key.Key_Escape)
    assert not shown.isVisible()
