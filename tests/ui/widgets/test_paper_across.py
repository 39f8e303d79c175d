"""What is laid out across is printed across, and shown as wide as there is room."""

from __future__ import annotations

import pypdfium2
import pytest
from PySide6.QtGui import QImage
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QWidget
from reportlab.pdfgen.canvas import Canvas

from ui import theme
from ui.shell.papers import PaperPanel
from ui.widgets.pdf import put_on_paper
from ui.widgets.preview import PdfPreview, Zoom

UPRIGHT, ACROSS = (595, 842), (842, 595)


@pytest.fixture
def mixed(tmp_path):
    document = pypdfium2.PdfDocument.new()
    for size in (UPRIGHT, ACROSS, ACROSS, UPRIGHT):
        document.new_page(*size)
    document.save(tmp_path / "mixed.pdf")
    return tmp_path / "mixed.pdf"


def test_each_sheet_lies_as_its_page_does(mixed, tmp_path, look):
    printer = QPrinter()
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "out.pdf"))
    assert put_on_paper(mixed, printer, 0, 3) == 4
    printed = pypdfium2.PdfDocument(tmp_path / "out.pdf")
    assert [page.get_width() > page.get_height() for page in printed] == [False, True, True, False]


def test_what_stands_on_a_sheet_that_lies_otherwise_than_the_first_is_all_there(tmp_path, look):
    drawn = Canvas(str(tmp_path / "in.pdf"))
    for wide, high in (UPRIGHT, ACROSS, UPRIGHT):
        drawn.setPageSize((wide, high))
        drawn.rect(20, high - 120, 100, 100, fill=1)  # upper left
        drawn.rect(wide - 60, 20, 40, 40, fill=1)  # lower right
        drawn.showPage()
    drawn.save()
    printer = QPrinter()
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "out.pdf"))
    put_on_paper(tmp_path / "in.pdf", printer, 0, 2)
    for page, (wide, high) in zip(
        pypdfium2.PdfDocument(tmp_path / "out.pdf"), (UPRIGHT, ACROSS, UPRIGHT), strict=True
    ):
        grey = page.render(scale=1).to_pil().convert("L")
        # The printer keeps margins, so the picture is a little smaller than the page.
        assert grey.getpixel((80, 80)) < 128
        assert grey.getpixel((wide - 45, high - 45)) < 128
        dark = grey.point(lambda shade: 255 * (shade < 128)).getbbox()
        assert dark[2] - dark[0] > wide - 120
        assert dark[3] - dark[1] > high - 120


def test_a_card_on_bigger_paper_keeps_its_own_size(tmp_path, look):
    """An A6 card printed on A4 is a card still, not a poster."""
    drawn = Canvas(str(tmp_path / "card.pdf"), pagesize=(297.6, 420.9))
    drawn.rect(0, 0, 297.6, 420.9, fill=1)
    drawn.save()
    printer = QPrinter()
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "out.pdf"))
    put_on_paper(tmp_path / "card.pdf", printer, 0, 0)
    page = pypdfium2.PdfDocument(tmp_path / "out.pdf")[0]
    dark = page.render(scale=1).to_pil().convert("L").point(lambda shade: 255 * (shade < 128)).getbbox()
    assert abs(dark[2] - dark[0] - 297.6) < 5
    assert abs(dark[3] - dark[1] - 420.9) < 5


def test_a_page_that_lies_across_is_shown_whole_and_wide(mixed, jobs, look, qtbot):
    preview = PdfPreview(jobs)
    qtbot.addWidget(preview)
    preview.resize(1000, 500)
    preview.set_zoom(Zoom.WHOLE)
    preview.show()

    preview.show_file(mixed, 4)
    qtbot.waitUntil(lambda: lies(preview, across=False))
    upright = preview.shown.width()
    preview.next_page()
    qtbot.waitUntil(lambda: lies(preview, across=True) and preview.shown.width() > 1.3 * upright)
    assert preview.shown.height() <= preview.viewport().height()


def lies(preview, *, across):
    """Tell whether the page that is shown lies so."""
    image = preview.shown
    return isinstance(image, QImage) and (image.width() > image.height()) is across


@pytest.mark.parametrize("size", [(1366, 688), (911, 432)])
def test_the_panel_of_a_paper_that_lies_across_takes_the_width_of_the_window(mixed, jobs, look, qtbot, size):
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(*size)
    window.show()
    preview = PdfPreview(jobs)
    panel = PaperPanel(window, "登记册", preview)
    panel.show()
    preview.show_file(mixed, 4)
    qtbot.waitUntil(lambda: lies(preview, across=False))
    upright = panel.width()
    assert upright <= theme.metrics().form_most + 2 * theme.metrics().s24
    preview.next_page()
    room = size[0] - 2 * theme.metrics().s32
    qtbot.waitUntil(lambda: lies(preview, across=True) and panel.width() == room)
    qtbot.waitUntil(lambda: preview.shown.deviceIndependentSize().width() > 0.9 * preview.viewport().width())
    assert panel.height() <= size[1]
    panel.done(0)
