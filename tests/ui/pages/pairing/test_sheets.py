"""The papers of pairing as they will be printed, saved as PDF or Excel, and written down as having left."""

from __future__ import annotations

import subprocess

import pytest
from openpyxl import load_workbook

from app.core.messages import fault
from app.pairing.codes import PairingKind
from app.pairing.facts import CheckState
from app.pairing.queries import supporters, unpaired
from app.pairing.service_pairs import pair
from app.school.codes import HandoverKind
from app.school.handover import handovers
from tests.ui.pages.pairing.conftest import WAIT, type_in
from ui.pages.pairing.handover_page import HandOverPage
from ui.pages.pairing.page import PairingPage
from ui.pages.pairing.supporter_page import SupporterPage
from ui.shell.papers import CLOSE, SAVE
from ui.widgets import Link


@pytest.fixture
def paired(school, asked):
    """A teacher with two children."""
    today = school.clock.today()
    person = next(one for one in asked(supporters, today) if one.check is CheckState.VALID)
    for child in asked(unpaired, today)[:2]:
        asked(
            pair,
            child_uuid=child.uuid,
            kind=PairingKind.SUPPORT_TEACHER,
            key=person.key,
            since="2026-09-01",
        )
    return person


def read(reader, path):
    text = subprocess.run([reader("pdftotext"), "-layout", path, "-"], capture_output=True, check=True).stdout
    return text.decode().replace(" ", "")


def shown(qtbot, papers):
    qtbot.waitUntil(lambda: papers.panel is not None, timeout=WAIT)
    qtbot.waitUntil(lambda: papers.preview.shown is not None, timeout=WAIT)


def test_the_roster_is_looked_at_saved_and_logged(paired, school, asked, qtbot, settles, tmp_path):
    page = PairingPage(school)
    qtbot.addWidget(page)
    page.show()
    settles()
    page.opening.roster()
    panel = school.dialogs.panels[-1]
    panel.by_supporter.setChecked(True)
    panel.buttons["paper"].click()
    papers = page.opening.printing.papers
    shown(qtbot, papers)
    target = tmp_path / "花名册.pdf"
    school.dialogs.files.append(target)
    papers.panel.answer(SAVE)
    school.dialogs.gives_reason()
    qtbot.waitUntil(target.exists, timeout=WAIT)
    settles()
    papers.panel.answer(CLOSE)
    (entry,) = asked(handovers)
    assert (entry.kind, entry.content, entry.people) == (HandoverKind.PDF, "结对帮扶花名册", 2)
    assert entry.reason == "交镇民政办核对"


def test_a_roster_with_whole_numbers_that_cannot_be_logged_is_taken_back(
    paired, school, asked, qtbot, settles, tmp_path, monkeypatch
):
    page = PairingPage(school)
    qtbot.addWidget(page)
    page.show()
    settles()
    page.opening.roster()
    school.dialogs.panels[-1].buttons["paper"].click()
    papers = page.opening.printing.papers
    shown(qtbot, papers)
    target = tmp_path / "花名册.pdf"
    there = []

    def full(*_what, **_how):
        there.append(target.exists())
        raise fault("storage.full")

    monkeypatch.setattr("ui.pages.pairing.sheets.log_paper", full)
    told = []
    school.errors.shown.connect(told.append)
    school.dialogs.files.append(target)
    papers.panel.answer(SAVE)
    school.dialogs.gives_reason()
    qtbot.waitUntil(lambda: bool(told), timeout=WAIT)
    assert (there, told[0].key, target.exists()) == ([True], "storage.full", False)
    assert papers.panel.told.text() == "没有记进移交记录，「花名册.pdf」收回了"
    papers.panel.answer(CLOSE)
    assert asked(handovers) == []


def test_excel_hides_the_numbers_unless_there_is_a_purpose(paired, school, asked, qtbot, settles, tmp_path):
    page = PairingPage(school)
    qtbot.addWidget(page)
    page.show()
    settles()
    for name, purpose in (("masked", ""), ("full", "镇教育办要")):
        target = tmp_path / f"{name}.xlsx"
        school.dialogs.files.append(target)
        page.opening.roster()
        panel = school.dialogs.panels[-1]
        type_in(panel.reason, purpose)
        panel.buttons["excel"].click()
        settles()
        cells = {
            str(cell.value) for sheet in load_workbook(target) for line in sheet.iter_rows() for cell in line
        }
        assert paired.name in cells
        assert (paired.phone in cells) == bool(purpose)
    assert {entry.reason for entry in asked(handovers)} == {None, "镇教育办要"}


def test_the_hand_over_sheet_is_there_before_it_is_done(paired, school, asked, qtbot, settles, tmp_path):
    page = HandOverPage(school)
    qtbot.addWidget(page)
    page.open_with(key=paired.key)
    page.show()
    qtbot.waitUntil(lambda: len(page.table.rows) == 2, timeout=WAIT)
    page._show_paper()
    shown(qtbot, page.papers)
    assert page.papers.preview.pages >= 1
    page.papers.panel.answer(CLOSE)
    assert asked(handovers) == [], "looking at it is no leaving"


def test_the_sheet_to_sign_is_there_after_it_is_done(paired, school, asked, qtbot, settles, tmp_path, reader):
    other = next(
        one
        for one in asked(supporters, school.clock.today())
        if one.check is CheckState.VALID and one.key != paired.key
    )
    page = HandOverPage(school)
    qtbot.addWidget(page)
    page.open_with(key=paired.key)
    page.show()
    qtbot.waitUntil(lambda: len(page.table.rows) == 2, timeout=WAIT)
    children = [row.line.child for row in page.table.rows]
    page.successor.choose(other.key)
    page.give.click()
    page.hand.click()
    school.dialogs.panels[-1].buttons["save"].click()
    settles()
    assert not page.table.rows
    page._show_paper()
    shown(qtbot, page.papers)
    target = tmp_path / "交接单.pdf"
    school.dialogs.files.append(target)
    page.papers.panel.answer(SAVE)
    qtbot.waitUntil(target.exists, timeout=WAIT)
    settles()
    page.papers.panel.answer(CLOSE)
    text = read(reader, target)
    assert "移交的儿童（2名）" in text
    assert f"接手人（{other.name}）" in text
    assert all(child in text for child in children)
    (entry,) = asked(handovers)
    assert (entry.content, entry.people) == ("结对交接单", 2)

    one = SupporterPage(school)
    qtbot.addWidget(one)
    one.open_with(key=paired.key)
    one.show()
    settles()
    next(link for link in one.findChildren(Link) if link.text() == "交接单").click()
    shown(qtbot, one.papers)
    assert one.papers.preview.pages == 1
    one.papers.panel.answer(CLOSE)

    page.open_with(key=other.key)
    settles()
    page.open_with(key=paired.key)
    settles()
    assert not page._sheet_button.isEnabled(), "an empty sheet is nobody's to sign"
