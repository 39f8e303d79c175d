"""Events, promises and what was agreed to follow up: due until a live record settles them, whoever leaves meanwhile."""

from datetime import date

import pytest

from app.diary.tables import CareRecord, Promise, TriggerEvent
from app.pairing.tables import PairingRow, Supporter
from app.school.service import add_staff
from app.school.tables import ClassTeacher, Staff
from app.tasks.pairing_hand_over import hand_over, hand_over_preview
from app.tasks.todo import as_plain, everything_due
from app.todo.queries import due_items
from app.todo.rules import DueKind, State
from app.todo.tables import PaperForm
from tests.app.todo.conftest import child_id, items, record, supporter_id, talk, write


def test_an_event_asks_for_a_visit_until_a_live_record_closes_it(store):
    event = write(
        store,
        TriggerEvent,
        child=child_id(store, "龙婷"),
        rule_code="low_spirits",
        happened_on="2026-11-12",
        entered_on="2026-11-12",
    )
    (found,) = items(store, DueKind.EVENT)
    assert (found.due, found.state, found.activity) == (date(2026, 11, 17), State.OVERDUE, "home_visit")
    assert found.why == "五必访，5 天内家访：11月12日「情绪不好」"
    visit = record(store, "龙婷", "2026-11-17", "home_visit")
    assert items(store, DueKind.EVENT), "a visit that is not linked closes nothing"
    with store.action("关联", kind="link") as action:
        action.update(TriggerEvent, event.uuid, closed_by=visit)
    assert not items(store, DueKind.EVENT)
    assert items(store, DueKind.EVENT, day="2026-11-16")
    with store.action("移到回收站", kind="bin") as action:
        action.soft_delete(CareRecord, visit.uuid)
    assert items(store, DueKind.EVENT)


@pytest.mark.parametrize(
    ("note", "shown"),
    [
        (
            "连续 3 次没打通：2026-10-22 无人接听、2026-10-29 无人接听、2026-11-05 无人接听",
            "连续 3 次没打通：2026-10-22 无人接听、2026-10-29 无人接听、2026-11-05 无人接听",
        ),
        (
            "连续 4 次没打通：2026-10-15 无人接听、2026-10-22 无人接听、2026-10-29 无人接听、2026-11-05 无人接听",
            "连续 4 次没打通：2026-10-15 无人接听、2026-10-22 无人接听、2026-10-29 无人接听…",
        ),
        ("哭" * 70, "哭" * 60 + "…"),
    ],
)
def test_what_was_noted_is_never_cut_inside_a_date(store, note, shown):
    write(
        store,
        TriggerEvent,
        child=child_id(store, "龙婷"),
        rule_code="low_spirits",
        happened_on="2026-11-12",
        entered_on="2026-11-12",
        note=note,
    )
    (found,) = items(store, DueKind.EVENT)
    assert found.fact == f"11月12日「情绪不好」（{shown}）"


def test_a_withdrawn_event_asks_for_nothing(store):
    write(
        store,
        TriggerEvent,
        child=child_id(store, "龙婷"),
        rule_code="unwell",
        happened_on="2026-11-12",
        entered_on="2026-11-12",
        withdrawn_on="2026-11-13",
        withdrawn_note="看错了",
    )
    assert not items(store, DueKind.EVENT)


def test_promises_and_follow_ups_stay_until_kept(store):
    first = record(store, "覃龑", "2026-11-05", follow_up_on="2026-11-16", plan="看看棉鞋买了没有")
    kept = {"child": child_id(store, "覃龑"), "care_record": first, "promised_on": "2026-11-05"}
    promise = write(store, Promise, content="下次带一双棉手套", due_on="2026-11-20", **kept)
    (found,) = items(store, DueKind.PROMISE)
    assert found.why == "承诺：「下次带一双棉手套」，11月5日谈心时答应"
    assert found.state is State.THIS_WEEK
    (follow,) = items(store, DueKind.FOLLOW_UP)
    assert (follow.state, follow.subject_uuid) == (State.OVERDUE, first.uuid)
    second = record(store, "覃龑", "2026-11-18", follows=first)
    assert not items(store, DueKind.FOLLOW_UP)
    with store.action("兑现", kind="keep") as action:
        action.update(Promise, promise.uuid, kept_on="2026-11-18", kept_record=second)
    assert not items(store, DueKind.PROMISE)
    with store.action("移到回收站", kind="bin") as action:
        action.soft_delete(CareRecord, second.uuid)
    assert items(store, DueKind.PROMISE)
    assert items(store, DueKind.FOLLOW_UP)


@pytest.mark.parametrize("leaves", [True, False])
def test_what_was_agreed_to_follow_up_goes_on_with_the_successor(store, leaves):
    """A record stays whose it is; who has handed the child over, or left, does not answer for it any more."""
    record(store, "覃龑", "2026-11-05", follow_up_on="2026-11-19", plan="看看棉鞋买了没有")
    given = {"child": child_id(store, "覃龑"), "supporter": supporter_id(store), "printed_on": "2026-11-16"}
    record(
        store, "覃龑", "2026-11-12", "home_visit"
    )  # nothing asks for a visit: the paper is due back by itself
    write(store, PaperForm, activity="home_visit", code="ABCD2345", batch="b", **given)
    kinds = (DueKind.FOLLOW_UP, DueKind.PAPER_FORM)
    assert [items(store, kind)[0].supporter for kind in kinds] == ["李国平"] * 2
    (leaver,) = store.rows("SELECT uuid FROM supporter")[0]
    add_staff(store, name="周晓燕")
    (to,) = store.rows("SELECT uuid FROM staff WHERE name = '周晓燕'")[0]
    children = [
        row[0] for row in store.rows("SELECT c.uuid FROM pairing p JOIN child c ON c.id = p.child_id")
    ]
    told = {
        line.child: [item.kind for item in line.due]
        for line in hand_over_preview(store, key=leaver, on=store.clock.today()).lines
    }
    assert DueKind.FOLLOW_UP in told["覃龑"]
    hand_over(
        store,
        key=leaver,
        on="2026-11-18",
        successors=dict.fromkeys(children, to),
        leaves=leaves,
        unchecked_reason="新来",
    )
    assert [items(store, kind)[0].supporter for kind in kinds] == ["周晓燕"] * 2
    assert not [item for item in due_items(store).items if item.supporter == "李国平"]


def test_an_event_of_somebody_who_left_without_a_hand_over_is_the_class_teachers(store):
    """Who has left and looks after nobody is asked for nothing: the child's own people are."""
    other = write(store, Supporter, name="外来帮手", identity="volunteer")
    child = child_id(store, "单永强")
    write(store, TriggerEvent, child=child, rule_code="unwell", happened_on="2026-11-12", entered_on="2026-11-12",
          supporter=other)  # fmt: skip
    assert items(store, DueKind.EVENT)[0].supporter == "外来帮手"
    with store.action("离开", kind="test") as action:
        action.update(Supporter, other.uuid, left_on="2026-11-18")
    assert items(store, DueKind.EVENT)[0].supporter == ""


def test_who_left_with_an_open_pair_is_named_no_more_and_the_sheet_of_the_hand_over_still_tells_it(store):
    """Due, promise, follow-up, event and paper name the present supporter, else the head teacher; one list for all."""
    record(store, "覃龑", "2026-11-05", follow_up_on="2026-11-19", plan="看看棉鞋")
    own = {"child": child_id(store, "覃龑"), "supporter": supporter_id(store)}
    write(store, Promise, content="带一双手套", promised_on="2026-11-05", due_on="2026-11-19", **own)
    write(store, TriggerEvent, rule_code="unwell", happened_on="2026-11-12", entered_on="2026-11-12", **own)
    write(store, PaperForm, activity="tutoring", code="ABCD2345", batch="b", printed_on="2026-11-16", **own)
    leaver = items(store, DueKind.PROMISE)[0].supporter_uuid
    (staff,) = store.one("SELECT id FROM staff")
    head = write(store, Staff, name="周晓燕")
    cls = store.one("SELECT id FROM school_class LIMIT 1")[0]
    write(store, ClassTeacher, school_class=cls, staff=head, valid_from="2026-09-01")
    before = hand_over_preview(store, key=leaver, on=store.clock.today())
    with store.action("离开", kind="test") as action:
        action.update(Staff, staff, left_on="2026-11-16")
    of_child = [item for item in due_items(store).items if item.child_name == "覃龑"]
    assert {item.kind for item in of_child} >= {
        DueKind.PROMISE,
        DueKind.FOLLOW_UP,
        DueKind.EVENT,
        DueKind.CADENCE,
    }
    assert {(item.supporter, item.supporter_uuid) for item in of_child} == {("周晓燕", "")}
    told = [as_plain(item) for item in everything_due(store).items]
    assert {one["responsible"] for one in told if one["name"] == "覃龑"} == {"周晓燕"}
    (left,) = items(store, DueKind.SUPPORTER_LEFT)
    assert left.supporter == "李国平"
    after = hand_over_preview(store, key=leaver, on=store.clock.today())
    told = [[(item.kind, item.fact) for item in line.due] for line in after.lines]
    assert told == [[(item.kind, item.fact) for item in line.due] for line in before.lines]
    assert all(told)
    other = write(store, Supporter, staff=head, identity="staff")
    write(
        store,
        PairingRow,
        child=own["child"],
        kind="support_teacher",
        supporter=other,
        valid_from="2026-11-16",
    )
    of_child = [item for item in due_items(store).items if item.child_name == "覃龑"]
    assert {(item.supporter, item.supporter_uuid) for item in of_child} == {("周晓燕", other.uuid)}
    lines = {line.child: line for line in hand_over_preview(store, key=leaver, on=store.clock.today()).lines}
    assert not lines["覃龑"].due, "somebody looks after the child already"


def test_a_head_teacher_who_has_left_is_asked_for_nothing(store):
    """The child has nobody but its class's head teacher, and then nobody at all."""
    staff, cls = (store.one(f"SELECT id FROM {table} LIMIT 1")[0] for table in ("staff", "school_class"))
    write(store, ClassTeacher, school_class=cls, staff=staff, valid_from="2026-09-01")
    assert talk(store, "单永强").supporter == "李国平"
    with store.action("离开", kind="test") as action:
        action.update(Staff, staff, left_on="2026-11-18")
    assert talk(store, "单永强").supporter == ""
