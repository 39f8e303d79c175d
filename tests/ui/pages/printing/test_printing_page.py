"""The printing page: real sheets, looked at, saved and sent to a printer that writes a PDF."""

from __future__ import annotations

import pypdfium2
import pytest
from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrinter

from app.core.messages import fault
from app.school.codes import HandoverKind
from app.school.handover import handovers
from ui import theme
from ui.pages.printing.page import PrintingPage
from ui.theme import Breakpoint
from ui.widgets import Text
from ui.widgets.preview import Zoom


@pytest.fixture
def page(ledger, qtbot):
    made = PrintingPage(ledger)
    qtbot.addWidget(made)
    made.resize(1222, 656)
    made.show()
    qtbot.waitUntil(lambda: made.preview.shown is not None, timeout=20_000)
    return made


def text_of(path):
    document = pypdfium2.PdfDocument(path)
    return [page.get_textpage().get_text_range() for page in document]


def wait_for_pages(page, qtbot):
    qtbot.waitUntil(lambda: page._printed is not None, timeout=20_000)


def test_shows_the_very_pages_of_everybody(page):
    assert page.preview.pages >= 80
    assert "40 名" in page.header.fact
    assert len(page._side.list._items) == 40


def test_in_a_narrow_window_the_children_have_the_whole_sheet(page, qtbot):
    page.resize(1222, 520)
    page.set_breakpoint(Breakpoint.NARROW)
    qtbot.waitUntil(lambda: page._side.isVisible() and not page._right.isVisible())
    qtbot.waitUntil(lambda: page._side.width() >= page._sheet.width() - 2 * theme.metrics().s4)
    assert page._side.x() <= theme.metrics().s4
    assert page._side.height() >= page._sheet.height() - 2 * theme.metrics().s4


def test_one_child_from_the_ledger_bound_makes_no_difference(page, qtbot):
    key = page._wanted.sheets[3].child_key
    page.open_with(uuids=(key,))
    qtbot.waitUntil(
        lambda: page._printed is not None and page._printed.page_of_child.keys() == {key}, timeout=20_000
    )
    assert page.preview.pages <= 4
    assert not page._side.offers_binding, "one sheet has no cover to bind"


def test_nothing_leaves_that_was_laid_out_for_somebody_else(page, qtbot, tmp_path):
    first, other = (sheet.child_key for sheet in page._wanted.sheets[:2])
    page.open_with(uuids=(first,))
    wait_for_pages(page, qtbot)
    page.open_with(uuids=(other,))
    page.context.dialogs.files.append(tmp_path / "早了.pdf")
    page._save.click()
    page._save_as()
    assert not (tmp_path / "早了.pdf").exists()
    wait_for_pages(page, qtbot)
    assert page._printed.page_of_child.keys() == {other}
    assert page._save.isEnabled()


def test_bound_into_a_book_with_cover_and_contents(page, qtbot):
    loose = page.preview.pages
    page._side.set_bound(True)
    qtbot.waitUntil(lambda: page._printed is not None and page._printed.pages > loose, timeout=20_000)
    texts = text_of(page._file)
    assert "目录" in "".join(texts[1:3]).replace(" ", "")


def test_no_layout_is_written_over_while_it_may_be_drawn_or_printed_from(page, qtbot):
    files = [page._file]
    key = page._wanted.sheets[0].child_key
    for bound in (True, False):
        content = files[-1].read_bytes()
        page.open_with(uuids=() if bound else (key,))
        wait_for_pages(page, qtbot)
        assert page._file != files[-1]
        assert files[-1].read_bytes() == content
        files.append(page._file)
    qtbot.waitUntil(lambda: not files[0].exists(), timeout=20_000)
    assert sorted(files[-1].parent.iterdir()) == sorted(files[1:])


def test_how_many_pages_a_child_has_is_counted_in_the_layout(page, qtbot):
    """Also in a book: its cover and contents belong to nobody."""

    def said():
        return next(
            words for one in page._side.findChildren(Text) if (words := one.text()).endswith("电话印全号。")
        )

    loose = said()
    counted = {len(pages) for pages in _pages_by_child(page).values()}
    assert loose == f"每人 {min(counted)} 至 {max(counted)} 页，A4 竖放。身份证号、电话印全号。"
    pages = page._printed.pages
    page._side.set_bound(True)
    qtbot.waitUntil(lambda: page._printed is not None and page._printed.pages > pages, timeout=20_000)
    assert said() == loose
    key = page._wanted.sheets[0].child_key
    page.open_with(uuids=(key,))
    qtbot.waitUntil(lambda: page._printed is not None and len(page._wanted.sheets) == 1, timeout=20_000)
    assert said() == f"{page._printed.pages} 页，A4 竖放。身份证号、电话印全号。"


def _pages_by_child(page):
    """The pages of each child, from its first to the next one's."""
    starts = sorted((start, key) for key, start in dict(page._printed.page_of_child).items())
    ends = [start for start, _ in starts[1:]] + [len(text_of(page._file)) + 1]
    return {key: range(start, end) for (start, key), end in zip(starts, ends, strict=True)}


def test_leafing_by_keys_and_by_child(page, qtbot):
    page.preview.setFocus()
    qtbot.keyClick(page.preview, Qt.Key.Key_PageDown)
    assert page.preview.page == 1
    key = page._wanted.sheets[2].child_key
    page._show_child(key)
    assert page.preview.page == page._printed.page_of_child[key] - 1
    page.preview.set_zoom(Zoom.WHOLE)
    qtbot.waitUntil(
        lambda: page.preview.shown.deviceIndependentSize().height() <= page.preview.viewport().height(),
        timeout=10_000,
    )


def test_saving_a_pdf_is_logged_with_its_hash(page, qtbot, asked, tmp_path):
    target = tmp_path / "档案.pdf"
    page.context.dialogs.files.append(target)
    page._save_as()
    panel = page.context.dialogs.panels[-1]
    panel.answer("save")
    assert page.context.dialogs.files == [target], "no file is asked for before there is a reason"
    qtbot.waitUntil(lambda: panel.focusWidget() is panel.reason)
    page.context.dialogs.gives_reason()
    qtbot.waitUntil(lambda: bool(page.context.navigation.toasts), timeout=10_000)

    entry = asked(handovers)[0]
    assert (entry.kind, entry.people, entry.file_name) == (HandoverKind.PDF, 40, "档案.pdf")
    assert entry.reason == "交镇民政办核对"
    assert len(text_of(target)) == page.preview.pages
    assert len(entry.sha256) == 64


def test_a_pdf_that_could_not_be_logged_does_not_stay(page, qtbot, asked, tmp_path, monkeypatch):
    target = tmp_path / "档案.pdf"

    def full(*_what, **_how):
        assert target.exists()
        raise fault("storage.full")

    monkeypatch.setattr("app.tasks.archive.log_archive", full)
    told = []
    page.context.errors.shown.connect(told.append)
    page.context.dialogs.files.append(target)
    page._save_as()
    page.context.dialogs.gives_reason()
    qtbot.waitUntil(lambda: bool(told))
    assert told[0].key == "storage.full"
    assert not target.exists()
    assert page.context.navigation.toasts == []


def test_printing_sends_the_chosen_pages_and_is_logged(page, qtbot, asked, tmp_path, monkeypatch):
    paper = tmp_path / "paper.pdf"
    printer = QPrinter()
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(paper))
    monkeypatch.setattr(page.context.dialogs, "printer", lambda pages: (printer, 1, 3), raising=False)

    page._ask_printer()
    qtbot.waitUntil(lambda: bool(page.context.navigation.toasts), timeout=20_000)

    assert len(pypdfium2.PdfDocument(paper)) == 3
    qtbot.waitUntil(lambda: asked(handovers)[0].kind is HandoverKind.PRINT, timeout=10_000)


def test_printing_that_could_not_be_logged_says_so(page, qtbot, tmp_path, monkeypatch):
    def full(*_what, **_how):
        raise fault("storage.full")

    printer = QPrinter()
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "paper.pdf"))
    monkeypatch.setattr(page.context.dialogs, "printer", lambda pages: (printer, 0, 0), raising=False)
    monkeypatch.setattr("app.tasks.archive.log_archive", full)
    page._ask_printer()
    qtbot.waitUntil(lambda: bool(page.context.dialogs.faults), timeout=20_000)
    assert [words for words, _ in page.context.navigation.toasts] == [
        "已送到打印机：1 页，请看看印全了没有；没有记进移交记录"
    ]


def test_what_was_laid_out_anew_behind_a_question_does_not_leave(page, qtbot, tmp_path, monkeypatch):
    """The pages she had looked at are gone: the file to copy was missing, and what was printed was not written yet."""
    told = []
    page.context.errors.shown.connect(lambda error: told.append(error.key))
    target = tmp_path / "档案.pdf"
    page.context.dialogs.files.append(target)
    page._save_as()
    page.reload()
    page.context.dialogs.gives_reason()
    qtbot.waitUntil(lambda: told == ["archive.laid_out_anew"])
    assert page.context.dialogs.files == [target], "she is not asked where it should go"
    wait_for_pages(page, qtbot)

    def answered_late(_pages):
        page.reload()
        return QPrinter(), 0, 0

    monkeypatch.setattr(page.context.dialogs, "printer", answered_late, raising=False)
    page._ask_printer()
    qtbot.waitUntil(lambda: len(told) == 2)
    assert told == ["archive.laid_out_anew"] * 2
    wait_for_pages(page, qtbot)
    assert page.context.navigation.toasts == []


def test_no_printer_is_said_in_words(page, qtbot, monkeypatch):
    from PySide6.QtPrintSupport import QPrinterInfo

    from ui.dialogs import Dialogs

    monkeypatch.setattr(QPrinterInfo, "availablePrinters", staticmethod(list))
    monkeypatch.setattr(
        page.context.dialogs, "printer", lambda pages: Dialogs().printer(pages), raising=False
    )
    page._ask_printer()

    qtbot.waitUntil(lambda: bool(page.context.dialogs.faults), timeout=5_000)
    assert "没有打印机" in page.context.dialogs.faults[0][1][0]
