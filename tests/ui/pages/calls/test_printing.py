"""The papers of a week: looked at, saved or printed, written down; what hangs on the wall is not moved any more."""

from __future__ import annotations

import pypdfium2
import pytest
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QApplication

from app.calls.plan_queries import planned_calls
from app.school.codes import HandoverKind
from app.school.handover import handovers
from tests.ui.pages.calls.conftest import MONDAY
from ui.pages.calls.printing import ALL, EXCEL, FOUR, ONE, PAPER, WEEK, Paper
from ui.widgets import cuts

SUNDAY = MONDAY.replace(day=22)


@pytest.fixture
def panel(page, ledger, settled):
    page.print.click()
    settled()
    return ledger.dialogs.panels[-1]


def test_a_saved_wall_list_is_written_down_and_its_calls_stay(panel, ledger, settled, asked, tmp_path):
    panel.buttons[PAPER].click()
    settled()
    sheet = ledger.dialogs.panels[-1]
    target = tmp_path / "安排.pdf"
    ledger.dialogs.files.append(target)
    sheet.answer("save")
    settled()
    assert target.read_bytes().startswith(b"%PDF")
    (entry,) = asked(handovers)
    assert (entry.kind, entry.content, entry.people) == (HandoverKind.PDF, "通话安排", 6)
    assert {call.printed_on for call in asked(planned_calls, MONDAY, SUNDAY)} == {ledger.clock.today()}
    sheet.answer("close")


def test_looking_alone_writes_nothing_down(panel, ledger, settled, asked):
    panel.papers[Paper.DUTY].setChecked(True)
    panel.buttons[PAPER].click()
    settled()
    assert ledger.dialogs.panels[-1] is not panel
    ledger.dialogs.panels[-1].answer("close")
    settled()
    assert asked(handovers) == []
    assert {call.printed_on for call in asked(planned_calls, MONDAY, SUNDAY)} == {None}


@pytest.mark.parametrize(
    "paper", [Paper.USED, Paper.BLANK, Paper.CHILD, Paper.SLIP, Paper.CARD, Paper.EMERGENCY]
)
def test_every_paper_is_laid_out(panel, ledger, settled, paper):
    panel.papers[paper].setChecked(True)
    assert panel.group.isEnabled() == paper.is_of_children
    panel.buttons[PAPER].click()
    settled()
    sheet = ledger.dialogs.panels[-1]
    assert sheet is not panel
    assert sheet.head.text() == paper.title
    sheet.answer("close")
    settled()


@pytest.mark.parametrize("paper", list(Paper))
def test_the_choice_of_papers_fits_the_lowest_window_uncut(panel, paper):
    """1366 × 768 at 150 % leaves 432 for a window."""
    panel.papers[paper].setChecked(True)
    QApplication.processEvents()
    assert panel.sizeHint().height() <= panel.height() <= 432
    with cuts.recording():
        panel.grab()
        assert cuts.cuts_of(panel) == []


@pytest.mark.parametrize(("size", "wide", "pages"), [(FOUR, 595, 2), (ONE, 298, 6)])
def test_cards_come_four_to_a_page_or_one(panel, ledger, settled, asked, tmp_path, size, wide, pages):
    assert not panel.card_size.isEnabled()
    panel.papers[Paper.EMERGENCY].setChecked(True)
    panel.card_size.set_value(size)
    panel.group.set_value(ALL)
    panel.buttons[PAPER].click()
    settled()
    sheet = ledger.dialogs.panels[-1]
    target = tmp_path / "卡.pdf"
    ledger.dialogs.files.append(target)
    sheet.answer("save")
    assert not target.exists(), "the numbers of the families leave as a file only for a reason"
    ledger.dialogs.gives_reason("班主任放在讲台抽屉里")
    settled()
    assert asked(handovers)[0].reason == "班主任放在讲台抽屉里"
    document = pypdfium2.PdfDocument(target)
    assert (len(document), round(document[0].get_width())) == (pages, wide)
    sheet.answer("close")


def test_a_slip_for_some_leaves_the_others_in_the_plan(panel, ledger, settled, asked, tmp_path):
    panel.papers[Paper.SLIP].setChecked(True)
    classes = [key for key, _, uuids in panel._found.groups if key not in (WEEK, ALL)]
    panel.group.set_value(classes[0])
    chosen = set(panel.chosen_children)
    panel.buttons[PAPER].click()
    settled()
    sheet = ledger.dialogs.panels[-1]
    ledger.dialogs.files.append(tmp_path / "大字条.pdf")
    sheet.answer("save")
    settled()
    printed = {call.child_uuid: call.printed_on for call in asked(planned_calls, MONDAY, SUNDAY)}
    assert {uuid for uuid, on in printed.items() if on is not None} == chosen & printed.keys()
    assert None in printed.values()
    sheet.answer("close")


def test_the_week_as_tables_hides_numbers_unless_a_reason_is_given(panel, ledger, settled, asked, tmp_path):
    folder = tmp_path / "通话"
    folder.mkdir()
    ledger.dialogs.folders.append(folder)
    panel.buttons[EXCEL].click()
    settled()
    assert sorted(path.suffix for path in folder.iterdir()) == [".pdf", ".pdf", ".xlsx"]
    assert {entry.profile.value for entry in asked(handovers)} == {"masked"}
    assert ledger.dialogs.shown_folders == [folder]


@pytest.mark.parametrize(("paper", "first_page"), [(Paper.SLIP, 2), (Paper.WALL, 6), (Paper.DUTY, 6)])
def test_of_a_paper_printed_in_part_only_what_stands_on_those_pages_counts(
    panel, ledger, settled, asked, tmp_path, paper, first_page
):
    """Two slips share a page: the first page alone leaves the calls of the others free to be planned anew."""
    panel.papers[paper].setChecked(True)
    panel.buttons[PAPER].click()
    settled()
    sheet = ledger.dialogs.panels[-1]
    pages = []

    def first_only(count):
        pages.append(count)
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        printer.setOutputFileName(str(tmp_path / "纸.pdf"))
        return printer, 0, 0

    ledger.dialogs.printer = first_only
    sheet.answer("print")
    settled()
    (entry,) = asked(handovers)
    assert (entry.kind, entry.people) == (HandoverKind.PRINT, first_page)
    printed = {call.child_uuid for call in asked(planned_calls, MONDAY, SUNDAY) if call.printed_on}
    assert len(printed) == first_page
    assert paper is not Paper.SLIP or pages == [3]
    sheet.answer("close")
