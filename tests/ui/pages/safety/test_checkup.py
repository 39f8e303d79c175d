"""体检 on the backup page: begun there, the work goes on meanwhile; what was found, printed, ticked, put in place."""

from __future__ import annotations

import shutil

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from app.core.messages import fault
from app.core.paths import private_folder
from app.school.codes import HandoverKind
from app.school.handover import handovers
from app.storage.store import Store
from app.tasks.checkup import checkup
from tests.app.storage import damage
from tests.ui.pages.safety.sticks import FakeProbe, wait_for
from ui.pages.safety.checkup import OPEN, STAY, USE, CheckupPanel
from ui.pages.safety.page import SafetyPage
from ui.widgets import Link
from ui.widgets.cuts import cuts_of


def spoil(path):
    """Leave one thing to mend, one to decide and one for the paper."""
    damage.put_bad_bytes(path, "child", "name", 3)
    damage.silently(
        path,
        "UPDATE child SET note = 'x' WHERE id = 5",
        "INSERT INTO residence (uuid, entered_at, child_id, address, valid_from, valid_to) SELECT"
        " '00000000-0000-4000-8000-000000000000', entered_at, child_id, '另一处', NULL, '2100' FROM residence WHERE id = 2",
    )


@pytest.fixture
def spoilt_file(demo_file, tmp_path_factory):
    path = tmp_path_factory.mktemp("spoilt") / "demo.db"
    shutil.copyfile(demo_file, path)
    spoil(path)
    return path


@pytest.fixture
def spoilt(context, jobs, qtbot, spoilt_file, tmp_path):
    """The context over a ledger with damage that nobody has seen yet."""
    path = shutil.copyfile(spoilt_file, tmp_path / "守望.db")
    opened = []
    jobs.run(Store.open, path, clock=context.clock, verify=False, on_done=opened.append)
    wait_for(qtbot, lambda: bool(opened))
    context.store = opened[0]
    yield context
    closed = []
    jobs.run(opened[0].close, on_done=lambda _: closed.append(True))
    wait_for(qtbot, lambda: bool(closed))


def page_over(context, qtbot):
    made = SafetyPage(context, probe=FakeProbe())
    qtbot.addWidget(made)
    made.resize(1222, 656)
    made.show()
    wait_for(qtbot, lambda: "名儿童" in made.header.fact)
    return made


def begin(page):
    next(link for link in page.backups.findChildren(Link) if link.text() == "体检").click()


@pytest.fixture
def examined(spoilt, qtbot):
    """The page with the panel open on what was found."""
    page = page_over(spoilt, qtbot)
    begin(page)
    wait_for(qtbot, lambda: bool(spoilt.dialogs.panels))
    return page


def panel_of(page):
    return page.context.dialogs.panels[-1]


def words_of(widget):
    from ui.widgets import Text

    return "\n".join(text.text() for text in widget.findChildren(Text))


def test_a_sound_file_is_told_with_what_was_looked_at(ledger, qtbot):
    page = page_over(ledger, qtbot)
    begin(page)
    wait_for(qtbot, lambda: bool(ledger.dialogs.asked))
    question, lines, _ = ledger.dialogs.asked[-1]
    assert question == "数据文件完好"
    assert lines[0].startswith("没有发现问题：40 名儿童")
    assert ledger.dialogs.panels == []
    assert not list(private_folder().glob("work_*/open.db"))


def test_what_was_found_stands_in_groups(examined):
    panel = panel_of(examined)
    words = words_of(panel)
    assert panel.head.text() == "体检：已在副本上修好"
    for expected in (
        "已在副本上修好并核对：40 名儿童，条数一致。",
        "两处不一致，请您定",
        "只能对照纸质档案改",
    ):
        assert expected in words
    assert len(panel._boxes) == 1
    assert panel.safe == STAY
    assert panel.buttons[STAY].hasFocus()
    assert panel.buttons[USE].isEnabled()


def test_let_be_changes_nothing_and_leaves_nothing(examined):
    QTest.keyClick(panel_of(examined), Qt.Key.Key_Escape)
    assert examined.context.program.asked == []
    assert not list(private_folder().glob("work_*/open.db"))


def test_the_mended_one_is_used_with_the_offers_she_ticked(examined):
    panel = panel_of(examined)
    (box,) = panel._boxes.values()
    assert panel.taken_up() == frozenset()
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Space)
    panel.buttons[USE].click()
    ((what, accepted),) = examined.context.program.asked
    assert what == "repaired"
    assert accepted == frozenset(panel._boxes)


def test_only_offers_are_nothing_to_use_until_one_is_ticked(
    spoilt_file, demo_file, look, clock, qtbot, tmp_path
):
    path = shutil.copyfile(demo_file, tmp_path / "one.db")
    damage.silently(path, "UPDATE child SET note = 'x' WHERE id = 5")
    panel = CheckupPanel(None, checkup(path, clock=clock), can_use=True)
    qtbot.addWidget(panel)
    assert not panel.buttons[USE].isEnabled()
    (box,) = panel._boxes.values()
    box.click()
    assert panel.buttons[USE].isEnabled()


def test_a_copy_that_is_only_looked_at_offers_no_mending(spoilt_file, look, clock, qtbot):
    panel = CheckupPanel(None, checkup(spoilt_file, clock=clock), can_use=False)
    qtbot.addWidget(panel)
    assert list(panel.buttons) == [STAY]
    assert panel._boxes == {}


def test_lost_pages_offer_only_the_backup(demo_file, look, clock, qtbot, tmp_path):
    path = shutil.copyfile(demo_file, tmp_path / "one.db")
    damage.zero_page(path, damage.leaf_page(path, "child", 0))
    panel = CheckupPanel(None, checkup(path, clock=clock), can_use=True)
    qtbot.addWidget(panel)
    assert list(panel.buttons) == [STAY]
    assert panel.head.text() == "体检：要从备份恢复"
    assert "儿童：只读得出" in words_of(panel)


def test_from_a_finding_to_the_childs_file(examined):
    panel = panel_of(examined)
    link = next(link for link in panel.findChildren(Link) if link.text() == "打开档案")
    link.click()
    ((name, params),) = examined.context.navigation.opened
    assert name == "child"
    assert params["uuid"]
    assert OPEN not in params["uuid"]
    assert examined.context.program.asked == []


def test_the_list_is_saved_and_logged(examined, qtbot, tmp_path):
    out = tmp_path / "清单.pdf"
    examined.context.dialogs.files.append(out)
    panel_of(examined).save_link.click()
    wait_for(qtbot, lambda: "已存成 PDF：清单.pdf" in words_of(panel_of(examined)))
    assert out.read_bytes().startswith(b"%PDF")
    found = []
    examined.context.read(handovers, on_done=found.append)
    wait_for(qtbot, lambda: bool(found))
    entry = found[0][0]
    assert (entry.kind, entry.content, entry.file_name) == (HandoverKind.PDF, "数据体检清单", "清单.pdf")
    assert entry.people >= 2


def test_without_a_printer_the_panel_stays(examined, qtbot):
    def none(pages):
        raise fault("print.no_printer")

    examined.context.dialogs.printer = none
    panel_of(examined).print_link.click()
    wait_for(qtbot, lambda: bool(examined.context.dialogs.faults))
    assert panel_of(examined).isVisible()


def test_the_list_goes_onto_paper_and_is_logged(examined, qtbot, tmp_path):
    from PySide6.QtPrintSupport import QPrinter

    def to_file(pages):
        printer = QPrinter()
        printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        printer.setOutputFileName(str(tmp_path / "paper.pdf"))
        return printer, 0, pages - 1

    examined.context.dialogs.printer = to_file
    panel_of(examined).print_link.click()
    wait_for(qtbot, lambda: "已送到打印机" in words_of(panel_of(examined)))
    assert (tmp_path / "paper.pdf").stat().st_size > 1000
    found = []
    examined.context.read(handovers, on_done=found.append)
    wait_for(qtbot, lambda: bool(found))
    assert found[0][0].kind is HandoverKind.PRINT


@pytest.mark.parametrize(("width", "height"), [(1366, 688), (1093, 534), (911, 432)])
def test_everything_fits_and_the_keyboard_reaches_it(spoilt_file, look, clock, qtbot, width, height):
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(width, height)
    window.show()
    panel = CheckupPanel(window, checkup(spoilt_file, clock=clock), can_use=True)
    panel.show()
    assert panel.height() <= height
    assert panel.width() <= width
    assert cuts_of(panel) == []
    reached = set()
    for _ in range(40):
        reached.add(panel.focusWidget())
        QTest.keyClick(panel.focusWidget(), Qt.Key.Key_Tab)
    wanted = {
        panel.print_link,
        panel.save_link,
        *panel._boxes.values(),
        *panel.buttons.values(),
        panel._scroll,
    }
    assert wanted <= reached


def test_stopping_leaves_the_page_as_it_was(spoilt, qtbot, monkeypatch):
    page = page_over(spoilt, qtbot)
    begin(page)
    page.progress.stopped.emit()
    wait_for(qtbot, lambda: page.backups.checkup._job is None)
    assert spoilt.dialogs.faults == []
    assert not list(private_folder().glob("work_*/open.db"))
