"""While a school has written no rules of its own, calls are asked for from the day of its first line on."""

from datetime import date

from app.calls.codes import LineKind
from app.calls.service_lines import LineDraft, save_line
from app.calls.tables import AffectionCallRow
from app.storage.history import undo
from app.todo.cadences import cadences
from app.todo.codes import Per
from app.todo.queries import due_items
from app.todo.service import set_cadence
from tests.app.todo.conftest import child_id


def add_line(store, since="2026-11-02"):
    draft = LineDraft(name="活动室座机", kind=LineKind.ROOM_PHONE)
    return save_line(store, draft=draft, since=date.fromisoformat(since))


def asked(store):
    return [(rule.times, rule.per, rule.valid_from) for rule in cadences(store) if rule.activity == "call"]


def due(store, day):
    items = due_items(store, date.fromisoformat(day)).items
    return {item.child_name: item.due for item in items if item.activity == "call"}


def test_a_school_without_a_line_is_not_asked(store):
    assert asked(store) == []
    assert due(store, "2026-12-01") == {}


def test_the_first_line_asks_for_a_call_a_month_and_nothing_for_the_months_before(store):
    added = add_line(store)
    assert asked(store) == [(1, Per.MONTH, "2026-11-02")]
    found = due(store, "2026-11-30")
    assert set(found.values()) == {date(2026, 11, 30)}, found
    with store.action("打电话", kind="call") as action:
        action.insert(
            AffectionCallRow, child=child_id(store, "覃龑"), happened_on="2026-11-17", entered_on="2026-11-18",
            medium="phone", outcome="connected",
        )  # fmt: skip
    assert due(store, "2026-11-30").get("覃龑") != date(2026, 11, 30)
    undo(store, action.uuid, by=None)
    undo(store, added.action_uuid, by=None)
    assert due(store, "2026-11-30") == {}


def test_the_first_rule_of_her_own_keeps_it_and_she_can_ask_for_none(store):
    add_line(store)
    set_cadence(store, activity="talk", times=1, per=Per.MONTH, since=date(2026, 11, 16))
    assert asked(store) == [(1, Per.MONTH, "2026-11-02")]
    set_cadence(store, activity="call", times=0, per=Per.MONTH, since=date(2026, 11, 16))
    assert asked(store) == [(0, Per.MONTH, "2026-11-16")]
    assert due(store, "2026-11-30") == {}
