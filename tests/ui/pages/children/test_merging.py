"""She makes one file out of two: finds the pair, compares, chooses, merges, undoes."""

import pytest
from PySide6.QtCore import Qt

from app.children.queries import load_child
from app.children.service import add_child, change_field
from tests.ui.pages.children.conftest import BOY, child, uuid_of
from ui.pages.children.duplicates_panel import DuplicatesPanel
from ui.pages.children.merge_panel import MergePanel


@pytest.fixture
def asked(context, qtbot):
    def ask(fn, *args, **kwargs):
        answers = []
        context.read(fn, *args, on_done=answers.append, **kwargs)
        qtbot.waitUntil(lambda: bool(answers))
        return answers[0]

    return ask


@pytest.fixture
def twin(page, context, qtbot):
    """A second file of 覃䶮, thinner than the first, with a note and another home."""
    draft = child("覃䶮", 3, 1, BOY, village="大垭口村", people=())
    done = []
    context.write(add_child, draft=draft, on_done=done.append)
    qtbot.waitUntil(lambda: bool(done))
    qtbot.waitUntil(lambda: sum(row.name == "覃䶮" for row in page.table.rows) == 2)
    return draft.uuid


@pytest.fixture
def panel(page, context, twin, qtbot):
    page.table.set_ticked([uuid_of("覃䶮"), twin])
    page.selection.merge.click()
    qtbot.waitUntil(lambda: any(isinstance(one, MergePanel) for one in context.dialogs.panels))
    return context.dialogs.panels[-1]


def test_two_ticked_files_are_put_side_by_side_and_become_one(panel, page, context, twin, asked, qtbot):
    options = panel.versus.options["clash:child:residence"]
    assert "白水沟村" in options["keep"].words.text()
    assert "大垭口村" in options["drop"].words.text()
    options["drop"].radio.click()
    panel.buttons["merge"].click()
    qtbot.waitUntil(lambda: sum(row.name == "覃䶮" for row in page.table.rows) == 1)
    kept = asked(load_child, uuid_of("覃䶮"), context.clock.today())
    assert kept.residence.village == "大垭口村"
    assert not page.table.ticked_keys()
    words, undo = context.navigation.toasts[-1]
    assert words == "两份档案合为一份：覃䶮"
    undo()
    qtbot.waitUntil(lambda: sum(row.name == "覃䶮" for row in page.table.rows) == 2)
    assert asked(load_child, twin, context.clock.today()).residence.village == "大垭口村"


def test_the_other_one_may_stay(panel, page, context, twin, qtbot):
    assert panel.choices.commit_no is not None
    panel.swap.click()
    qtbot.waitUntil(lambda: panel._preview.keep_uuid == twin)
    panel.buttons["merge"].click()
    qtbot.waitUntil(lambda: uuid_of("覃䶮") not in {row.uuid for row in page.table.rows})


def test_everything_is_reached_by_the_keyboard(panel, qtbot):
    qtbot.show(panel)
    first = panel.versus.options["clash:child:residence"]
    first["keep"].radio.setFocus()
    qtbot.keyClick(first["keep"].radio, Qt.Key.Key_Right)
    assert first["drop"].radio.isChecked()
    assert panel.versus.chosen["clash:child:residence"] == "drop"


def test_a_ledger_changed_meanwhile_is_said_in_the_panel(panel, context, qtbot):
    done = []
    context.write(change_field, uuid=uuid_of("曾小雨"), field="note", value="后来", on_done=done.append)
    qtbot.waitUntil(lambda: bool(done))
    panel.buttons["merge"].click()
    qtbot.waitUntil(panel.buttons["merge"].isEnabled)
    assert panel.isVisible()
    assert "后来" not in panel.reason
    assert "数据又改过了" in panel.reason


def test_pairs_that_may_be_one_are_listed(page, context, twin, pick, qtbot):
    pick(page.views.build, "找可能重复的档案")
    qtbot.waitUntil(lambda: any(isinstance(one, DuplicatesPanel) for one in context.dialogs.panels))
    listed = context.dialogs.panels[-1]
    assert [pair.one.name for pair in listed.table.rows] == ["覃䶮"]
    listed.table.setFocus()
    qtbot.keyClick(listed.table, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: isinstance(context.dialogs.panels[-1], MergePanel))
    assert {context.dialogs.panels[-1]._preview.keep_uuid, context.dialogs.panels[-1]._preview.drop_uuid} == {
        uuid_of("覃䶮"),
        twin,
    }


def test_without_pairs_it_says_so(page, context, pick, qtbot):
    pick(page.views.build, "找可能重复的档案")
    qtbot.waitUntil(lambda: any(isinstance(one, DuplicatesPanel) for one in context.dialogs.panels))
    assert "没有" in context.dialogs.panels[-1].head.text()


def test_merging_is_offered_for_two_files_only(page):
    three = [uuid_of(name) for name in ("曾小雨", "邹星宇", "周子轩")]
    page.table.set_ticked(three)
    assert page.selection.merge.isHidden()
    page.table.set_ticked(three[:2])
    assert not page.selection.merge.isHidden()
