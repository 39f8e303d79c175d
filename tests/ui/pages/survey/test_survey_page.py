"""摸底核实: begun by name and day, checked by the keyboard, counted per class and village, sent out, ended, taken back."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from app.school.codes import HandoverKind
from app.school.handover import handovers
from app.survey.codes import Way
from app.survey.queries import open_survey, survey_progress, surveys
from app.survey.service import Checked, begin_survey, note_checks
from app.survey.tables import Survey
from ui.pages.survey.page import SurveyPage
from ui.theme import Breakpoint
from ui.widgets import Button

WAIT = 20_000
BEGUN = {"name": "2026年秋季摸底核实", "starts_on": date(2026, 11, 16)}


@pytest.fixture
def settled(ledger, qtbot):
    def wait():
        qtbot.waitUntil(lambda: not ledger.jobs.busy, timeout=WAIT)
        QApplication.sendPostedEvents()

    return wait


@pytest.fixture
def page(ledger, qtbot, settled):
    made = SurveyPage(ledger)
    qtbot.addWidget(made)
    made.resize(1222, 656)
    made.show()
    settled()
    return made


def facts(page):
    return {item.words: item.fact for item in page.side.list._items}


@pytest.fixture
def no_round_yet(ledger, asked):
    """The demo school has had its round of the term; a new school has had none."""

    def without(store):
        with store.action("没有做过摸底核实", kind="test") as action:
            for one in surveys(store):
                action.soft_delete(Survey, one.uuid)

    asked(without)


def test_a_round_is_begun_from_the_empty_page_and_children_are_checked_by_keyboard(
    no_round_yet, page, ledger, asked, settled, qtbot
):
    assert page.empty.isVisible()
    way = page.empty.findChild(Button)
    qtbot.waitUntil(lambda: page.focusWidget() is way)
    qtbot.keyClick(way, Qt.Key.Key_Space)
    panel = ledger.dialogs.panels[-1]
    assert (panel.name.text(), panel.due_on.text()) == ("2026年秋季摸底核实", "2026-12-05")
    qtbot.keyClick(panel, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    settled()
    survey = asked(open_survey)
    assert (survey.name, survey.starts_on, survey.due_on) == (
        "2026年秋季摸底核实",
        "2026-11-21",
        "2026-12-05",
    )
    total = len(page.table.rows)
    assert page.header.fact == f"已核实 0 名，共 {total} 名"

    # Two ticked, one key, the panel says who and how; the counts follow.
    qtbot.bring(page)
    page.table.setFocus()
    first, second = page.table.rows[:2]
    qtbot.keyClick(page.table, Qt.Key.Key_Space)
    qtbot.keyClick(page.table, Qt.Key.Key_Down)
    qtbot.keyClick(page.table, Qt.Key.Key_Space)
    qtbot.keyClick(page.table, Qt.Key.Key_F2)
    panel = ledger.dialogs.panels[-1]
    assert panel.who.text() == "陈素兰"
    panel.day.setText("2026-11-22")
    panel.buttons["save"].click()
    assert panel.day.finding.state.name == "INVALID", "a day that has not come yet is not taken"
    panel.day.setText("2026-11-20")
    panel.buttons["save"].click()
    assert panel.day.finding.reason == "这次摸底 2026-11-21 才开始。", (
        "nobody was checked before the round began"
    )
    panel.day.setText("2026-11-21")
    panel.changed.setChecked(True)
    panel.buttons["save"].click()
    settled()
    checks = {
        child.uuid: child.check for child in asked(survey_progress, survey.uuid).children if child.check
    }
    assert set(checks) == {first.uuid, second.uuid}
    assert {(c.checked_on, c.checked_by, c.way, c.changed) for c in checks.values()} == {
        ("2026-11-21", "陈素兰", Way.PAPER, True)
    }
    assert facts(page)["全部"] == f"2 / {total}"
    assert page.table.rows[0].uuid not in checks, "who is checked leaves the list of those who are not"
    ledger.undo_last()
    settled()
    assert facts(page)["全部"] == f"0 / {total}"


def test_lists_and_groups_narrow_each_other_and_enter_opens_the_child(page, ledger, asked, settled, qtbot):
    asked(begin_survey, **BEGUN)
    children = asked(survey_progress, asked(open_survey).uuid).children
    own = [child for child in children if child.class_name == children[0].class_name]
    done = [Checked(c.uuid, "2026-11-18", "李国平", Way.VISIT, c is own[0]) for c in own]
    asked(note_checks, checks=done)
    page.reload()
    settled()
    name, rest = own[0].class_name, len(children) - len(own)
    assert facts(page)[name] == f"{len(own)} / {len(own)}"
    assert len(page.table.rows) == rest
    page.side.list.setFocus()
    qtbot.keyClick(page.side.list, Qt.Key.Key_Down)
    assert page.stack.currentWidget() is page.nobody
    page.lists._choose("changed", tell=True)
    assert [child.uuid for child in page.table.rows] == [own[0].uuid]
    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    assert ledger.navigation.opened[-1] == ("child", {"uuid": own[0].uuid, "among": (own[0].uuid,)})
    page.side.by._choose("village", tell=True)
    counts = [fact.split(" / ") for words, fact in facts(page).items() if words != "全部"]
    assert sum(int(total) for _, total in counts) == len(children)
    page.set_breakpoint(Breakpoint.NARROW)
    assert page.table.isVisible()
    assert not page.side.isVisible()
    page.parts._choose("groups", tell=True)
    assert page.side.isVisible()
    assert not page.table.isVisible()


def test_sheets_go_out_with_what_to_do_next_and_the_round_is_ended_and_taken_back(
    page, ledger, asked, settled, tmp_path
):
    asked(begin_survey, **BEGUN)
    before = len(asked(surveys))
    page.reload()
    settled()
    folder = tmp_path / "核实表"
    folder.mkdir()
    page.side.list._choose(1)
    chosen = page.side.group
    ledger.dialogs.folders.append(folder)
    ledger.dialogs.choices = ["one"]
    page.send.click()
    settled()
    assert sorted(path.suffix for path in folder.iterdir()) == [".pdf", ".xlsx"]
    assert page.sending.bar.isVisible()
    assert chosen in ledger.dialogs.asked[-1][2][1]
    kinds = [entry.kind for entry in asked(handovers)]
    assert sorted(kinds) == [HandoverKind.EXPORT, HandoverKind.PDF]
    next(b for b in page.sending.bar.findChildren(Button) if b.text() == "打开所在文件夹").click()
    assert ledger.dialogs.shown_folders == [folder]

    page.paper.click()
    settled()
    panel = page.sending.papers.panel
    ledger.dialogs.files.append(tmp_path / "纸表.pdf")
    panel.answer("save")
    settled()
    assert (tmp_path / "纸表.pdf").read_bytes().startswith(b"%PDF")
    entry = asked(handovers)[0]
    assert (entry.kind, entry.file_name) == (HandoverKind.PDF, "纸表.pdf")
    panel.answer("close")

    ledger.dialogs.choices = ["close"]
    page.close_button.click()
    settled()
    assert asked(open_survey) is None
    assert not page.send.isVisible()
    assert page.begin.isVisible()
    assert page.table.rows, "the round that is over can still be looked at"
    ledger.undo_last()
    settled()
    assert page.send.isVisible()
    assert len(asked(surveys)) == before
