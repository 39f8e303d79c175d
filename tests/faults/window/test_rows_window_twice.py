"""R39 in the real window: a double click, or Enter held down, on every verb that saves. One record each."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrinter

from app.children.codes import Relation
from app.school.handover import handovers
from app.storage.backups import list_backups
from tests.app.tasks.rosters import id_number, write_roster
from tests.faults.window.keys import holds_enter, presses_twice
from tests.ui.pages.importing.conftest import type_chinese
from ui.pages.child import forms
from ui.pages.child.leave_panel import LeavePanel
from ui.pages.child.person_panel import PersonPanel
from ui.pages.child.phone_panel import NewNumberPanel, OfficePanel
from ui.pages.importing.pane import ADDED
from ui.pages.settings.staff import StaffSection

CONTROL = Qt.KeyboardModifier.ControlModifier
HEADER = ["姓名", "性别", "身份证号", "班级"]
WAYS = (lambda panel, button: presses_twice(button), lambda panel, button: holds_enter(panel, CONTROL))


GRADE = 5


def dialogs_of(page):
    """Every dialog of a child's file that saves: its words, how it opens, what is typed, what there must be one more of."""
    clerk = page.clerk
    mother = clerk.facts.relative(Relation.MOTHER)

    def person():
        panel = PersonPanel(clerk, Relation.UNCLE_OR_AUNT)
        panel.name.setText("曾大山")
        return panel

    def number():
        panel = NewNumberPanel(clerk, mother)
        panel.number.setText("13912349999")
        return panel

    def office():
        panel = OfficePanel(clerk, None)
        panel.office.setText("白水沟村委会")
        panel.number.setText("08260001")
        return panel

    def leave():
        panel = LeavePanel(clerk)
        panel.reason.set_value("both_parents_back")
        return panel

    yield "a relative", "person", person
    yield "a number", "phone", number
    yield "an office", "contact_order", office
    yield "leaving the ledger", "", leave


@pytest.mark.parametrize("way", range(len(WAYS)), ids=["double click", "Ctrl+Enter held"])
def test_r39_each_dialog_of_a_file_saves_once(row, desk, way):
    for place, name in enumerate(("曾小雨", "邹星宇", "周子轩", "单永强")):
        page = desk.opens_child(name)
        words, table, opened = list(dialogs_of(page))[place]
        before, rows = desk.actions(), desk.asks(rows_in, table) if table else 0
        with desk.disk_is_slow():
            panel = opened()
            page.clerk.open_panel(panel)
            WAYS[way](panel, panel.buttons["save"])
        row.round(injected=1, acked=1)
        if desk.actions() != before + 1:
            row.broken(f"{words}: {desk.actions() - before} actions")
        if table and desk.asks(rows_in, table) != rows + 1:
            row.broken(f"{words}: {desk.asks(rows_in, table) - rows} rows in {table}")
        if desk.told:
            row.wrong(f"{words}: said {desk.told}")


def test_r39_a_dated_fact_is_written_once(row, desk):
    page = desk.opens_child("曾小雨")
    before, rows = desk.actions(), desk.asks(rows_in, "residence")
    page.personal._record(forms.RESIDENCE, page.clerk.facts.residence)
    village = desk.panel.field("village")
    village.setText("大垭口村") if hasattr(village, "setText") else village.setPlainText("大垭口村")
    with desk.disk_is_slow():
        holds_enter(desk.panel, CONTROL)
    row.round(injected=1, acked=1)
    if (desk.actions() - before, desk.asks(rows_in, "residence") - rows) != (1, 1):
        row.broken(f"{desk.actions() - before} actions: {desk.told}")


def rows_in(store, table):
    return store.one(f"SELECT count(*) FROM {table}")[0]


def test_r39_a_new_child_is_one_child(row, desk):
    page = desk.goes_to("ledger")
    before = desk.actions()
    page.add_child()
    type_chinese(desk.panel.name, "覃晓桐")
    desk.settles()
    with desk.disk_is_slow():
        presses_twice(desk.panel.buttons["save"])
        holds_enter(desk.panel)
    row.round(injected=1, acked=1)
    if desk.names().count("覃晓桐") != 1 or desk.actions() != before + 1:
        row.broken(f"{desk.names().count('覃晓桐')} children, {desk.actions() - before} actions")


@pytest.mark.parametrize("keys", [False, True])
def test_r39_the_grid_is_saved_once(row, desk, keys):
    page = desk.goes_to("entry")
    page.grid.cells.write({(0, 0): "覃晓桐", (1, 0): "覃晓雨"})
    desk.settles()
    before = desk.actions()
    with desk.disk_is_slow():
        if keys:
            desk.gives_keys_to(page.grid)
            holds_enter(page.grid, CONTROL)
        else:
            presses_twice(page.save)
    desk.settles()
    row.round(injected=1, acked=2)
    found = [desk.names().count(name) for name in ("覃晓桐", "覃晓雨")]
    if found != [1, 1] or desk.actions() != before + 1:
        row.broken(f"{found} children, {desk.actions() - before} actions")


def test_r39_between_writing_and_written_the_grid_is_not_written_again(row, desk):
    page = desk.goes_to("entry")
    page.grid.cells.write({(0, 0): "覃晓桐"})
    desk.settles()
    before = desk.actions()
    page._read()
    desk.settles()
    with desk.disk_is_slow():
        page._save_or_ask()
        page.ask_save()
        presses_twice(page.save)
    row.round(injected=1, acked=1)
    if desk.names().count("覃晓桐") != 1 or desk.actions() != before + 1:
        row.broken(f"{desk.names().count('覃晓桐')} children, {desk.actions() - before} actions")


def test_r39_a_field_a_member_of_staff_and_a_bulk_change(row, desk):
    # Enter held down in a field.
    page = desk.opens_child("曾小雨")
    before = desk.actions()
    field = page.personal.field("student_registry_no")
    field.setFocus()
    field.setText("G500000201805060011")
    with desk.disk_is_slow():
        holds_enter(field)
    row.round(injected=1, acked=1)
    if desk.actions() != before + 1:
        row.broken(f"a field: {desk.actions() - before} actions")

    # A member of staff.
    page = desk.goes_to("settings", section="staff")
    section = page.findChild(StaffSection)
    section.add_one()
    type_chinese(desk.panel._texts["name"], "李国平")
    before = desk.actions()
    with desk.disk_is_slow():
        presses_twice(desk.panel.buttons["save"])
    row.round(injected=1, acked=1)
    if desk.actions() != before + 1:
        row.broken(f"a member of staff: {desk.actions() - before} actions")

    # One thing for several children: the preview, then the change.
    page = desk.goes_to("ledger")
    page.table.set_ticked([desk.uuid_of(name) for name in ("曾小雨", "邹星宇")])
    page.change_several()
    panel = desk.panel
    before = desk.actions()
    panel.what.set_value(GRADE)
    panel._choose(GRADE)
    panel.values[GRADE]._to.set_value("poor")
    panel.values[GRADE].edited.emit()
    desk.settles()
    assert panel.buttons["change"].isEnabled(), "the preview says what will be changed"
    with desk.disk_is_slow():
        presses_twice(panel.buttons["change"])
    row.round(injected=1, acked=1)
    if desk.actions() != before + 1:
        row.broken(f"a bulk change: {desk.actions() - before} actions")


def test_r39_an_import_and_a_waiting_row_go_in_once(row, desk, tmp_path):
    rows = [
        ["覃晓桐", "女", id_number("20170911", 41), "三（1）班"],
        ["", "女", id_number("20170911", 42), "三（1）班"],
    ]
    page = desk.goes_to("importing")
    page.open_file(write_roster(tmp_path / "花名册.xlsx", *rows, header=HEADER))
    desk.settles()
    page.file.next.click()
    page.columns.next.click()
    desk.settles()
    before = desk.actions()
    with desk.disk_is_slow():
        presses_twice(page.check.write)
        holds_enter(page.check.write)
    row.round(injected=1, acked=1)
    if desk.names().count("覃晓桐") != 1 or desk.actions() != before + 1:
        row.broken(f"an import: {desk.actions() - before} actions")

    page.show_parked()
    desk.settles()
    type_chinese(page.parked.fields["child.name"], "覃晓雨")
    before = desk.actions()
    with desk.disk_is_slow():
        presses_twice(page.parked.decide.buttons[ADDED])
        holds_enter(page.parked.decide.buttons[ADDED])
    row.round(injected=1, acked=1)
    if desk.names().count("覃晓雨") != 1 or desk.actions() != before + 1:
        row.broken(f"a waiting row: {desk.actions() - before} actions")


def test_r39_what_leaves_leaves_once(row, desk, folders, stick, tmp_path):
    def kept():
        return len(desk.asks(handovers))

    # The workbook.
    page = desk.goes_to("ledger")
    page._export.click()
    desk.program.dialogs.files += [tmp_path / "台账.xlsx", tmp_path / "台账_2.xlsx"]
    before = kept()
    with desk.disk_is_slow():
        presses_twice(desk.panel.buttons["export"])
        holds_enter(desk.panel)
    desk.program.dialogs.files.clear()
    row.round(injected=1, acked=1)
    if kept() != before + 1 or (tmp_path / "台账_2.xlsx").exists():
        row.broken(f"the workbook: {kept() - before} in the log")

    # The PDF: the second press finds the dialog of the first, so it chooses no file.
    desk.window.open_page("printing", uuids=(desk.uuid_of("曾小雨"),))
    desk.settles()
    desk.teacher.waits(lambda: desk.page.preview.shown is not None and desk.page._printed is not None)
    desk.program.dialogs.files.append(tmp_path / "档案.pdf")
    before = kept()
    desk.page._save.click()  # the panel that asks what it is for stands before the page: there is no second press
    desk.panel.reason.setText("交镇民政办核对")
    with desk.disk_is_slow():
        presses_twice(desk.panel.buttons["save"])
    row.round(injected=1, acked=1)
    if kept() != before + 1:
        row.broken(f"the PDF: {kept() - before} in the log")

    # The printer: likewise.
    paper = QPrinter(QPrinter.PrinterMode.HighResolution)
    paper.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    paper.setOutputFileName(str(tmp_path / "纸.pdf"))
    chosen = [(paper, 0, 0)]
    desk.program.dialogs.printer = lambda _pages: chosen.pop() if chosen else None
    before = kept()
    with desk.disk_is_slow():
        presses_twice(desk.page._print)
    desk.settles()
    row.round(injected=1, acked=1)
    if kept() != before + 1 or not (tmp_path / "纸.pdf").exists():
        row.broken(f"the printer: {kept() - before} in the log")

    # The backup and the stick.
    page = desk.goes_to("safety")
    with desk.disk_is_slow():
        presses_twice(page.backups.make)
    row.round(injected=1, acked=1)
    made = len(list_backups(folders[1]))
    if made != 1:
        row.broken(f"{made} backups")
    page.open_with(part="stick")
    page.stick.passphrase.first.setText("青石坪的桂花开了2026")
    page.stick.passphrase.second.setText("青石坪的桂花开了2026")
    desk.teacher.waits(page.stick.begin.isEnabled)
    before = kept()
    with desk.disk_is_slow():
        presses_twice(page.stick.begin)
    desk.teacher.waits(lambda: bool(page.stick.outcome.words) and not desk.program.jobs.busy)
    row.round(injected=1, acked=1)
    if kept() != before + 1 or len(list(stick.path.glob("守望*.7z"))) != 1:
        row.broken(
            f"the stick: {len(list(stick.path.glob('守望*.7z')))} copies, {kept() - before} in the log"
        )
    if desk.told:
        row.wrong(f"said {desk.told}")
