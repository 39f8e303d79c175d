"""She destroys a file that lies in the bin: counted, with a reason, with the words typed; its list saved."""

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication

from app.children.finding import siblings
from app.children.queries import load_facts
from app.dossier.service_bin import binned_children, move_to_bin
from app.tasks.purge import destructions
from tests.ui.pages.safety.sticks import FakeProbe
from ui.pages.safety.destructions import RegisterPanel
from ui.pages.safety.page import SafetyPage
from ui.pages.safety.purge_panel import TYPED, PurgePanel
from ui.shell.papers import CLOSE, SAVE

WAIT = 30_000
WHY = "家长书面申请，校长批准"


def type_in(field, text):
    """What an input method hands over."""
    event = QInputMethodEvent()
    event.setCommitString(text)
    QApplication.sendEvent(field, event)


@pytest.fixture
def page(ledger, qtbot):
    made = SafetyPage(ledger, probe=FakeProbe())
    qtbot.addWidget(made)
    made.resize(1222, 632)
    made.show()
    yield made
    for panel in ledger.dialogs.panels:
        if shiboken6.isValid(panel):
            panel.setModal(False)
            panel.hide()
            panel.deleteLater()


@pytest.fixture
def child(ledger, asked, page, qtbot):
    """A child with a parent nobody else has, in the bin and ticked there."""
    children = asked(load_facts, ledger.clock.today(), only_registered=True)
    found = next(one for one in children if one.father and not asked(siblings, one.uuid))
    asked(move_to_bin, uuids=[found.uuid])
    page.open_with(part="bin")
    page.load()
    qtbot.waitUntil(lambda: found.uuid in {row.uuid for row in page.bin.table.rows}, timeout=WAIT)
    page.bin.table.set_ticked([found.uuid])
    return found


@pytest.fixture
def panel(page, child, ledger, qtbot):
    page.bin.purge.click()
    qtbot.waitUntil(lambda: any(isinstance(one, PurgePanel) for one in ledger.dialogs.panels), timeout=WAIT)
    return ledger.dialogs.panels[-1]


def test_only_with_a_reason_and_the_words_typed(panel, child, asked):
    button = panel.buttons["purge"]
    assert not button.isEnabled()
    type_in(panel.reason, WHY)
    assert not button.isEnabled()
    type_in(panel.typed, "删除")
    assert not button.isEnabled()
    panel.typed.clear()
    type_in(panel.typed, TYPED)
    assert button.isEnabled()
    panel.answer("stay")
    assert child.uuid in {one.uuid for one in asked(binned_children)}


def test_the_file_is_gone_and_its_list_saved(panel, page, child, ledger, asked, tmp_path, qtbot, monkeypatch):
    told = []
    monkeypatch.setattr(panel._told, "setText", told.append)
    ledger.done.append("something")
    out = tmp_path / "清单.pdf"
    ledger.dialogs.choices, ledger.dialogs.files = ["list"], [out]
    papers = page.bin.destructions.papers
    type_in(panel.reason, WHY)
    type_in(panel.typed, TYPED)
    qtbot.mouseClick(panel.buttons["purge"], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: papers.panel is not None, timeout=WAIT)
    papers.panel.answer(SAVE)
    qtbot.waitUntil(out.exists, timeout=WAIT)
    papers.panel.answer(CLOSE)
    question, lines, verbs = ledger.dialogs.asked[-1]
    assert "永久删除" in question
    assert any("没有了" in line for line in lines)
    assert told[0] == "正在删除，请不要关机…"
    assert "正在清草稿、备份和日志，请不要关机…" in told, "what takes long says what it is"
    assert verbs[1].startswith("看销毁清单")
    assert asked(load_facts, ledger.clock.today(), uuids=[child.uuid]) == []
    assert asked(binned_children) == []
    (entry,) = asked(destructions)
    assert (entry.reason, entry.who) == (WHY, "陈素兰")
    assert ledger.done == []
    qtbot.waitUntil(lambda: child.uuid not in {row.uuid for row in page.bin.table.rows}, timeout=WAIT)
    page.bin.register.click()
    qtbot.waitUntil(lambda: isinstance(ledger.dialogs.panels[-1], RegisterPanel), timeout=WAIT)
    assert ledger.dialogs.panels[-1].chosen_uuid == entry.uuid


def test_a_reason_with_the_name_is_refused_and_what_was_written_stays(panel, child, asked, qtbot):
    type_in(panel.reason, f"{child.name}的家长申请")
    type_in(panel.typed, TYPED)
    panel.buttons["purge"].click()
    qtbot.waitUntil(lambda: "姓名" in panel._told.text() and panel.buttons["purge"].isEnabled(), timeout=WAIT)
    assert panel.reason.text() == f"{child.name}的家长申请"
    assert asked(binned_children)


def test_grown_ups_nobody_else_needs_are_ticked_and_counted(panel, child, qtbot):
    assert panel.people
    before = panel._counts.text()
    box = next(iter(panel.people.values()))
    box.click()
    qtbot.waitUntil(lambda: panel._counts.text() not in ("", before), timeout=WAIT)
    assert len(panel._ticked()) == len(panel.people) - 1


def test_single_records_cannot_be_destroyed(page, child):
    page.bin.table.set_ticked([])
    assert not page.bin.purge.isEnabled()


def test_without_any_the_register_says_so(page, ledger, qtbot):
    page.bin.register.click()
    qtbot.waitUntil(
        lambda: any(isinstance(one, RegisterPanel) for one in ledger.dialogs.panels), timeout=WAIT
    )
    assert "list" not in ledger.dialogs.panels[-1].buttons
