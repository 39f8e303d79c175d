"""The short dialogs, and what is chosen line by line: kept, its window gone, offered, opened again with the same."""

from __future__ import annotations

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from app.children.queries import load_facts
from app.diary.open_items import open_events, open_promises
from app.diary.service_events import report_event
from app.diary.service_promises import keep_promise
from app.pairing.codes import PairingKind
from app.pairing.queries import supporters
from app.survey.queries import open_survey, survey_progress
from app.survey.service import begin_survey
from tests.ui.drafts.hands import PAGES, gone, kept, type_into, write_on
from ui.drafts import SAVE, STAY, Form, page_of
from ui.drafts.fields import value_in
from ui.pages.child.page import ChildPage
from ui.pages.child.timeline_panels import ask_when_kept, ask_why_given_up, ask_why_withdrawn
from ui.pages.children.bulk_panel import BulkPanel
from ui.pages.children.page import LedgerPage
from ui.pages.pairing.handover_page import HandOverPage
from ui.pages.pairing.page import PairingPage
from ui.pages.pairing.supporter_page import SupporterPage
from ui.pages.settings.page import SettingsPage
from ui.pages.survey.page import SurveyPage
from ui.widgets.cuts import cuts_of

VILLAGE = 4
LEAST = (911, 432)
"""The smallest window: 1366 × 768 at 150 %."""


def choose(field, value):
    """As a press on an entry of the list."""
    field.set_value(value)
    field.activated.emit(field.currentIndex())


@pytest.fixture
def busy(ledger, asked):
    """A teacher who has children of several."""
    return max(asked(supporters, ledger.clock.today()), key=lambda one: one.children)


@pytest.fixture
def promise(asked, ledger):
    """A promise that is still open."""
    return asked(open_promises)[0]


@pytest.fixture
def event(asked, child):
    """Something that happened to the child and asks for a visit."""
    asked(report_event, child_uuid=child.uuid, rule_code="unwell", happened_on="2026-11-20")
    return next(one for one in asked(open_events, child_uuid=child.uuid) if one.rule_code == "unwell")


@pytest.fixture
def running(asked, ledger):
    """A round that has begun."""
    asked(begin_survey, name="2026年秋季摸底核实", starts_on=ledger.clock.today(), due_on=None)


def again_with(ledger, asked, shown, settled, qtbot, panel, page, values):
    """Everything that was typed stands in a new dialog, unsaved; giving it up leaves nothing."""
    (draft,) = kept(ledger)
    for name, value in values.items():
        assert draft.entry(name).value == value
    assert all(entry.label and not entry.label.isascii() for entry in draft.entries), "in her words"
    gone_page(page, qtbot)
    if shiboken6.isValid(panel):  # of the window, not of the page
        gone(panel, qtbot)
    saved = ledger.navigation.saved
    new, _ = write_on(ledger, asked, shown, settled)
    again = ledger.dialogs.panels[-1]
    assert again is not panel
    assert {name: value_in(again.keeping.fields[name]) for name in values} == values
    assert again.keeping.key == draft.key
    assert ledger.navigation.saved == saved, "nothing is saved by looking"
    return new, again


def given_up(ledger, panel):
    ledger.dialogs.choices.append("drop")
    panel.answer(STAY)
    return kept(ledger) == ()


# ---- the ledger


def test_a_change_of_several(ledger, children, shown, asked, settled, qtbot):
    page = shown(LedgerPage)
    two = [row.uuid for row in page.table.rows[:2]]
    page.table.set_ticked(two)
    page.change_several()
    panel = ledger.dialogs.panels[-1]
    choose(panel.what, VILLAGE)
    type_into(panel.values[VILLAGE].fields["village"], "岩湾村")
    settled()
    _, again = again_with(
        ledger, asked, shown, settled, qtbot, panel, page, {"what": VILLAGE, "village.village": "岩湾村"}
    )
    settled()
    assert again.stack.currentIndex() == VILLAGE
    assert again.buttons["change"].text() == "改 2 名", "the preview is there too"
    again.answer("change")
    settled()
    facts = {one.uuid: one for one in asked(load_facts, ledger.clock.today())}
    assert [facts[uuid].residence.village for uuid in two] == ["岩湾村"] * 2
    assert kept(ledger) == ()


def test_a_change_of_several_written_on_in_the_smallest_window_shows_its_verbs(
    ledger, children, shown, settled
):
    page = shown(LedgerPage)
    window = QWidget()
    window.resize(*LEAST)
    rows = page.table.rows[:2]
    panel = BulkPanel(ledger, rows, page.reader.loaded.classes, window)
    type_into(panel.values[VILLAGE].fields["village"], "岩湾村")
    (draft,) = kept(ledger)
    panel.resume(draft)
    panel.show()
    settled()
    panel.fit()
    assert panel.draft_note.isVisible()
    assert panel.height() <= LEAST[1]
    assert cuts_of(panel) == []
    panel.answer(STAY)
    window.deleteLater()


# ---- classes


def test_a_new_cohort(ledger, shown, asked, settled, qtbot):
    page = shown(SettingsPage, section="classes")
    page.section._ask_new()
    panel = ledger.dialogs.panels[-1]
    choose(panel._number, 3)
    _, again = again_with(ledger, asked, shown, settled, qtbot, panel, page, {"number": 3})
    assert given_up(ledger, again)


def test_two_classes_into_one(ledger, shown, asked, settled, qtbot):
    page = shown(SettingsPage, section="classes")
    page.section._ask_merge()
    panel = ledger.dialogs.panels[-1]
    (source, target) = [row.uuid for row in page.section.table.rows[:2]]
    choose(panel._source, source)
    choose(panel._target, target)
    type_into(panel._on, "2026-12-01")
    values = {"source": source, "target": target, "on": "2026-12-01"}
    _, again = again_with(ledger, asked, shown, settled, qtbot, panel, page, values)
    assert given_up(ledger, again)


# ---- pairing


def test_the_rule_of_another_kind_with_a_number_that_the_first_kind_has(ledger, shown, asked, settled, qtbot):
    page = shown(PairingPage)
    page.opening.rules()
    settled()
    panel = ledger.dialogs.panels[-1]
    first = panel.most.text()
    choose(panel.kind, PairingKind.PROXY_PARENT)
    assert panel.most.text() != first
    said = panel._origin.text()
    type_into(panel.most, first)
    values = {"kind": PairingKind.PROXY_PARENT.value, "most": first}
    _, again = again_with(ledger, asked, shown, settled, qtbot, panel, page, values)
    assert again._origin.text() == said
    assert given_up(ledger, again)


def open_limit(page):
    page._change_limit()


def open_check(page):
    page._note_check()


def open_data(page):
    page._pressed(page.table.rows[0], "data")


def open_end(page):
    page._pressed(page.table.rows[0], "end")


@pytest.mark.parametrize(
    ("form", "opens", "name", "text"),
    [
        (Form.SUPPORTER_LIMIT, open_limit, "reason", "临近退休，身体不好"),
        (Form.SUPPORTER_CHECK, open_check, "kept_at", "校办公室文件柜"),
        (Form.PAIR_DATA, open_data, "focus", "心理上多陪"),
        (Form.PAIR_END, open_end, "note", "孩子跟父母走了"),
    ],
)
def test_a_panel_about_one_supporter(form, opens, name, text, ledger, busy, shown, asked, settled, qtbot):
    page = shown(SupporterPage, key=busy.key)
    opens(page)
    panel = ledger.dialogs.panels[-1]
    if form is Form.SUPPORTER_LIMIT:
        panel.by_rule.setChecked(False)
    type_into(panel.keeping.fields[name], text)
    assert busy.name in kept(ledger)[0].words
    _, again = again_with(ledger, asked, shown, settled, qtbot, panel, page, {name: text})
    assert again.keeping.fields[name].isEnabled()
    assert given_up(ledger, again)


@pytest.fixture
def handing(ledger, busy, shown, asked):
    """The page on which her children are dealt out; two have somebody already."""
    page = shown(HandOverPage, key=busy.key)
    successor = next(one for one in asked(supporters, ledger.clock.today()) if one.key != busy.key)
    rows = [row for row in page.table.rows if not row.line.stale]
    page.table.set_ticked(row.uuid for row in rows[:2])
    page.successor.choose(successor.key)
    page.give.click()
    page.taker = successor
    return page


def test_who_takes_which_child(ledger, busy, handing, shown, asked, settled, qtbot):
    chosen = {row.uuid: row.to for row in handing.table.rows if row.to}
    assert len(chosen) == 2
    (draft,) = kept(ledger)
    assert {entry.name: entry.value for entry in draft.entries} == chosen
    assert {entry.words for entry in draft.entries} == {handing.taker.name}
    gone_page(handing, qtbot)
    page, _ = write_on(ledger, asked, shown, settled)
    assert {row.uuid: row.to for row in page.table.rows if row.to} == chosen
    assert not page.table.ticked_keys() & set(chosen), "the rest is ticked for the next one"
    assert len(kept(ledger)) == 1
    other = next(one for one in asked(supporters, ledger.clock.today()) if one.key != busy.key)
    page.open_with(key=other.key)
    settled()
    assert [one.record for one in ledger.drafts.left] == [busy.key], "put by, to be offered again"


def gone_page(page, qtbot):
    with qtbot.waitSignal(page.destroyed):
        page.deleteLater()


def test_the_last_question_of_a_hand_over_with_all_that_was_chosen(
    ledger, busy, handing, shown, asked, settled, qtbot
):
    rest = [row.uuid for row in handing.table.rows if not (row.to or row.line.stale)]
    if rest:
        handing.table.set_ticked(rest)
        handing.give.click()
    chosen = {row.uuid: row.to for row in handing.table.rows if row.to}
    handing.hand.click()
    panel = ledger.dialogs.panels[-1]
    type_into(panel.note, "调到县城去了")
    page, again = again_with(ledger, asked, shown, settled, qtbot, panel, handing, {"note": "调到县城去了"})
    assert {row.uuid: row.to for row in page.table.rows if row.to} == chosen
    if again._lacking:
        type_into(again.unchecked, "已申请，结果未回")
    again.answer(SAVE)
    settled()
    assert not again.isVisible()
    assert kept(ledger) == ()


# ---- the survey


def test_a_new_round(ledger, shown, asked, settled, qtbot):
    page = shown(SurveyPage)
    page.ask_begin()
    panel = ledger.dialogs.panels[-1]
    type_into(panel.name, "2026年冬季核实")
    _, again = again_with(ledger, asked, shown, settled, qtbot, panel, page, {"name": "2026年冬季核实"})
    again.answer(SAVE)
    settled()
    assert asked(open_survey).name == "2026年冬季核实"
    assert kept(ledger) == ()


def test_who_was_checked(ledger, running, shown, asked, settled, qtbot):
    page = shown(SurveyPage)
    two = {child.uuid for child in page.table.rows[:2]}
    page.table.set_ticked(two)
    page.ask_checked()
    panel = ledger.dialogs.panels[-1]
    type_into(panel.remark, "电话打通了")
    panel.changed.setChecked(True)
    values = {"remark": "电话打通了", "changed": True}
    _, again = again_with(ledger, asked, shown, settled, qtbot, panel, page, values)
    again.answer(SAVE)
    settled()
    progress = asked(survey_progress, asked(open_survey).uuid)
    checked = {child.uuid for child in progress.children if child.check is not None}
    assert checked == two
    assert kept(ledger) == ()


# ---- beside the file of a child


def test_a_promise_that_is_given_up(ledger, promise, shown, asked, settled, qtbot):
    page = shown(ChildPage, uuid=promise.child_uuid)
    panel = ask_why_given_up(ledger, promise)
    type_into(panel.keeping.fields["note"], "妈妈回来了")
    assert promise.child_name in kept(ledger)[0].words
    _, again = again_with(ledger, asked, shown, settled, qtbot, panel, page, {"note": "妈妈回来了"})
    again.answer(SAVE)
    settled()
    assert promise.uuid not in [one.uuid for one in asked(open_promises)]
    assert kept(ledger) == ()


def test_the_day_a_promise_was_kept_and_nothing_when_it_is_settled_meanwhile(
    ledger, promise, shown, asked, settled, qtbot
):
    page = shown(ChildPage, uuid=promise.child_uuid)
    panel = ask_when_kept(ledger, promise)
    type_into(panel.keeping.fields["day"], "2026-11-18")
    page, again = again_with(ledger, asked, shown, settled, qtbot, panel, page, {"day": "2026-11-18"})
    gone(again, qtbot)
    page.close()
    ledger.write(keep_promise, uuid=promise.uuid, on="2026-11-19")
    settled()
    opened = len(ledger.dialogs.panels)
    write_on(ledger, asked, shown, settled)
    assert len(ledger.dialogs.panels) == opened
    assert "已经了结" in ledger.navigation.toasts[-1][0]
    assert len(kept(ledger)) == 1


def test_what_happened_stays_one_event_though_it_was_stored_already(
    ledger, child, shown, asked, settled, qtbot
):
    page = shown(ChildPage, uuid=child.uuid)
    rule = next(one for one in page.timeline._rules if one.code == "unwell")
    page.timeline.ask_what_happened(rule)
    panel = ledger.dialogs.panels[-1]
    type_into(panel.keeping.fields["note"], "发烧三天没来")
    (draft,) = kept(ledger)
    asked(
        report_event,
        uuid=draft.how["uuid"],
        child_uuid=child.uuid,
        rule_code="unwell",
        happened_on="2026-11-21",
        note="发烧三天没来",
    )  # the power went after the commit and before the draft was gone
    before = len(asked(open_events, child_uuid=child.uuid))
    _, again = again_with(ledger, asked, shown, settled, qtbot, panel, page, {"note": "发烧三天没来"})
    again.answer(SAVE)
    settled()
    assert len(asked(open_events, child_uuid=child.uuid)) == before
    assert kept(ledger) == ()


def test_an_event_that_is_withdrawn(ledger, child, event, shown, asked, settled, qtbot):
    page = shown(ChildPage, uuid=child.uuid)
    panel = ask_why_withdrawn(ledger, event)
    type_into(panel.keeping.fields["note"], "记错了人")
    _, again = again_with(ledger, asked, shown, settled, qtbot, panel, page, {"note": "记错了人"})
    assert given_up(ledger, again)


# ---- put in only when asked for


def test_a_dialog_she_opens_herself_is_empty_and_offers_what_was_left(
    ledger, promise, shown, asked, settled, qtbot
):
    page = shown(ChildPage, uuid=promise.child_uuid)
    panel = ask_why_given_up(ledger, promise)
    type_into(panel.keeping.fields["note"], "妈妈回来了")
    ledger.drafts.set_left(kept(ledger))
    gone(panel, qtbot)
    again = ask_why_given_up(ledger, promise)
    assert again.keeping.fields["note"].text() == ""
    assert again.draft_note.isVisible()
    QTest.keyClick(again, Qt.Key.Key_Escape)
    assert len(kept(ledger)) == 1, "what was left is not given up with it"
    page.close()


@pytest.mark.parametrize("form", list(Form))
def test_every_form_says_its_page(form):
    from ui.pages import all_pages

    class Kept:
        pass

    Kept.form = form
    assert page_of(Kept) in {spec.name for spec in all_pages()}


def test_the_pages_of_these_hands_are_those_of_the_window():
    from ui.pages import all_pages

    assert set(PAGES) <= {spec.name for spec in all_pages()}
