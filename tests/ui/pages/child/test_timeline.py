"""跟踪记录 beside the file: in order, narrowed, opened by key; promises above it with their verbs."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from app.diary.codes import Activity
from app.diary.drafts import PromiseDraft, RecordDraft, draft_uuid
from app.diary.open_items import open_events, open_promises
from app.pairing.codes import Guidance
from app.tasks.diary import save_records
from ui.pages.child.timeline_panels import ask_what_happened, ask_why_given_up, ask_why_withdrawn
from ui.theme import Breakpoint
from ui.widgets import QuietField

RAIL = 144


def talk(child, day, text, **known):
    return RecordDraft(
        uuid=draft_uuid(),
        children=(child,),
        kind=known.pop("kind", Activity.TALK),
        happened_on=day,
        content=text,
        **known,
    )


@pytest.fixture
def child(children, asked):
    """Somebody with records of this autumn and two open promises."""
    uuid = children[0].uuid
    drafts = [
        talk(uuid, "2026-11-20", "昨天说的", guidances=frozenset({Guidance.MIND})),
        talk(uuid, "2026-11-19", "家里看过了", kind=Activity.HOME_VISIT),
        talk(
            uuid,
            "2026-10-09",
            "国庆后说的",
            promises=(
                PromiseDraft(content="带一双手套", due_on="2026-11-01"),
                PromiseDraft(content="陪她打电话"),
            ),
        ),
    ]
    asked(save_records, drafts=drafts)
    return children[0]


def test_what_was_done_and_what_changed_stand_in_one_order(opened, child, asked, ledger, qtbot):
    page = opened(child)
    view = page.timeline.view
    days = [row.day for row in view.rows]
    assert days == sorted(days, reverse=True)
    texts = [row.text for row in view.rows]
    assert {"昨天说的", "家里看过了", "国庆后说的"} <= set(texts)
    assert any("facts" in row.keys for row in view.rows), "changes of the file stand among them"
    late = next(row for row in view.rows if row.text == "国庆后说的")
    assert late.late == "补录（43 天）"
    view.setFocus()
    place = texts.index("家里看过了")
    for _ in range(place + 1):
        qtbot.keyClick(view, Qt.Key.Key_Down)
    qtbot.keyClick(view, Qt.Key.Key_Return)
    opened_page, params = ledger.navigation.opened[-1]
    assert opened_page == "record"
    assert params["uuid"]


def test_it_is_narrowed_to_a_kind_and_to_a_tag(opened, child):
    page = opened(child)
    line = page.timeline
    everything = len(line.view.rows)
    line._narrow("activity:home_visit", "家访")
    assert {row.head for row in line.view.rows} == {"家访"}
    assert line.filter.choice == "家访"
    line._narrow("tag:mind", "心理疏导")
    assert "昨天说的" in [row.text for row in line.view.rows]
    assert all("tag:mind" in row.keys for row in line.view.rows)
    line.filter.cleared.emit()
    assert len(line.view.rows) == everything


def test_a_promise_is_kept_given_up_or_answered_by_a_record(opened, child, asked, ledger, settled):
    page = opened(child)
    gloves, call = asked(open_promises, child_uuid=child.uuid)
    things = page.timeline.open_things
    assert not things.isHidden()
    things.record(call.child_uuid, promise=call.uuid)
    assert ledger.navigation.opened[-1] == ("record", {"child": child.uuid, "promise": call.uuid})
    things.keep(gloves.uuid, ledger.clock.today())
    settled()
    assert [one.uuid for one in asked(open_promises, child_uuid=child.uuid)] == [call.uuid]
    assert "兑现了" in [row.head for row in page.timeline.view.rows], "it reads again by itself"
    panel = ask_why_given_up(ledger, call)
    panel.answer("save")
    settled()
    assert panel.isVisible(), "without a reason it is not given up"
    panel.findChild(QuietField).setText("妈妈回来了")
    panel.answer("save")
    settled()
    assert not panel.isVisible()
    assert things.isHidden()
    ledger.undo(ledger.done[-1])
    settled()
    assert not things.isHidden()


def test_what_happened_asks_for_a_visit_until_the_record_or_a_reason_ends_it(
    opened, child, asked, ledger, settled
):
    page = opened(child)
    before = len(asked(open_events, child_uuid=child.uuid))
    rule = next(one for one in page.timeline._rules if one.code == "unwell")
    panel = ask_what_happened(ledger, (child.uuid, child.name), rule)
    panel.answer("save")
    panel.answer("save")
    settled()
    events = asked(open_events, child_uuid=child.uuid)
    assert len(events) == before + 1, "pressed twice it is one event"
    event = next(one for one in events if one.rule_code == "unwell" and one.happened_on == "2026-11-21")
    assert "身体不佳" in [row.head for row in page.timeline.view.rows]
    panel = ask_why_withdrawn(ledger, event)
    panel.findChild(QuietField).setText("记错了人")
    panel.answer("save")
    settled()
    assert event.uuid not in [one.uuid for one in asked(open_events, child_uuid=child.uuid)]
    assert any("记错了人" in row.text for row in page.timeline.view.rows)


def test_the_next_record_is_about_the_child_in_front(opened, child, ledger):
    page = opened(child)
    page.record_button.click()
    assert ledger.navigation.opened[-1] == ("record", {"child": child.uuid})
    assert page.entry_params() == {"child": child.uuid}


def test_years_of_records_are_painted_as_quickly_as_few(opened, child, asked, settled):
    asked(
        save_records,
        drafts=[talk(child.uuid, f"2026-{n % 10 + 1:02}-{n % 28 + 1:02}", f"第 {n} 次") for n in range(400)],
    )
    page = opened(child)
    settled()
    view = page.timeline.view
    view.resize(380, 500)
    assert len(view.rows) > 400
    view.setFocus()
    view._go(len(view.rows) - 1)
    assert view.verticalScrollBar().value() == view.verticalScrollBar().maximum()
    assert not view.grab().isNull()


def test_in_a_small_window_it_is_the_second_part(page, opened, child):
    page.set_breakpoint(Breakpoint.NARROW)
    opened(child)
    assert page.segments.isVisible()
    page._go_to_side()
    assert page.timeline.isVisible()


@pytest.mark.parametrize("window", [1110, 1240, 1330, 1366])
def test_the_form_keeps_its_width_and_the_timeline_gives_way(page, opened, child, settled, window):
    """The right-hand fields of the form are in sight in every window; from a page of 1186 the timeline stands beside."""
    page.resize(window - RAIL, 656)
    opened(child)
    settled()
    room = page.paper.viewport().width()
    assert page.form.mapTo(page.paper.viewport(), page.form.rect().topRight()).x() < room
    beside = window >= 1330
    assert page.timeline.isVisible() is beside
    assert page.segments.isVisible() is not beside
    page._go_to_side()
    assert page.timeline.stop.isVisible()
