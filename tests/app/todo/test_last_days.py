"""The short way to what is due says what the long way says: child by child, rule by rule, sorted at the end."""

import random
from datetime import date, timedelta

import pytest

from app.calls.tables import AffectionCallRow, CallWish
from app.children.tables import CategoryFlag, Child, Enrolment, Registration
from app.diary.tables import CareRecord
from app.pairing.tables import PairingRow, Supporter
from app.storage.store import Store
from app.todo import kept as kept_module
from app.todo import last_days as last_days_module
from app.todo.cadences import cadences
from app.todo.care_due import ChildRules, Starts, _fact, _outside, priority_children, unwilling_children
from app.todo.codes import Per, Scope
from app.todo.last_days import last_days
from app.todo.present import present_spans
from app.todo.queries import _place, due_items
from app.todo.roll import read_roll
from app.todo.rules import Due, DueKind, next_due, state_of
from app.todo.service import set_cadence
from tests.app.todo.conftest import child_id, supporter_id

DAY = date(2026, 11, 18)
KINDS = ("talk", "home_visit", "contact")
FAR = 10**6
# How far it is looked along the days: not at all, one look, as many as there are, as it sees fit.
LOOKS = {"child by child": (FAR, 12), "one look": (0, 0), "all looks": (0, FAR), "as it is": (4, 12)}


def a_day(chance):
    """A day of the last two years, most often of the last weeks or where a look ends; a few are still to come."""
    back = chance.choice(
        [chance.randint(-6, 9), chance.randint(0, 30), chance.choice([14, 42]), chance.randint(0, 700)]
    )
    return (DAY - timedelta(days=back)).isoformat()


def fill(store, seed):
    """Twenty children: some of one name in one class, some with a proxy parent, 重点, unwilling, without a class."""
    chance = random.Random(seed)
    class_id = store.one("SELECT id FROM school_class")[0]
    with store.action("很多", kind="test") as action:
        outside = action.insert(Supporter, name="周大爷", identity="volunteer")
        for number in range(20):
            name = chance.choice(["龙婷", "覃龑", '引"号\\和\n换行', f"𬭎{number}", "Z"])
            child = action.insert(Child, name=name, birth_date=chance.choice([None, "2017-11-24"]))
            since = chance.choice([None, "2026-03-02", "2026-09", "2026-10-07", "2026-11-16"])
            action.insert(Registration, child=child, kind="left_behind", valid_from=since)
            if chance.random() < 0.8:
                action.insert(Enrolment, child=child, school_class=class_id, valid_from="2025-09-01")
            kind = chance.choice([None, "mentor", "proxy_parent", "support_teacher"])
            if kind:
                who = chance.choice([outside, supporter_id(store)])
                action.insert(PairingRow, child=child, kind=kind, supporter=who, valid_from="2026-09-01")
            if chance.random() < 0.3:
                action.insert(CategoryFlag, child=child, category="priority", valid_from="2026-09-01")
            if chance.random() < 0.3:
                action.insert(CallWish, child=child, wants=chance.randint(0, 1), valid_from="2026-09-01")
            records(action, chance, child)


def records(action, chance, child):
    for kind in KINDS:
        for _ in range(chance.choice([0, 1, 2, 8])):
            row = action.insert(
                CareRecord, child=child, kind=kind, happened_on=a_day(chance), entered_on="2026-11-18"
            )
            if chance.random() < 0.2:
                action.soft_delete(CareRecord, row.uuid)
    for _ in range(chance.choice([0, 0, 3])):
        action.insert(
            AffectionCallRow,
            child=child,
            happened_on=a_day(chance),
            entered_on="2026-11-18",
            medium=chance.choice(["phone", "video"]),
            outcome=chance.choice(["connected", "no_answer"]),
        )


@pytest.fixture(params=[1, 2, 3])
def seed(request, store):
    fill(store, request.param)
    ours = {"since": date(2026, 9, 1)}
    set_cadence(store, activity="talk", times=1, per=Per.WEEK, **ours)
    set_cadence(store, activity="talk", times=2, per=Per.FORTNIGHT, scope=Scope.PRIORITY, **ours)
    set_cadence(store, activity="home_visit", times=3, per=Per.MONTH, **ours)
    set_cadence(store, activity="contact", times=1, per=Per.FORTNIGHT, since=date(2026, 10, 12))
    set_cadence(store, activity="call", times=1, per=Per.MONTH, **ours)
    set_cadence(store, activity="video_call", times=1, per=Per.WEEK, **ours)
    chosen = store.one("SELECT uuid FROM child WHERE id = ?", (child_id(store, "单永强"),))[0]
    set_cadence(store, activity="talk", times=4, per=Per.MONTH, child_uuid=chosen, **ours)
    return request.param


def plainly(store, activity, number, child):
    """The last days of one child, out of all rows there are."""
    sql = "SELECT happened_on FROM care_record WHERE child_id = ? AND deleted_at IS NULL AND kind = ?"
    params = (child, activity)
    if activity.endswith("call"):
        sql = "SELECT happened_on FROM affection_call WHERE child_id = ? AND deleted_at IS NULL AND outcome = 'connected'"
        sql, params = sql + (" AND medium = 'video'" if activity == "video_call" else ""), (child,)
    days = sorted((day for (day,) in store.rows(sql, params) if day <= DAY.isoformat()), reverse=True)
    return days[:number]


def the_long_way(store):
    """What the cadences make due, child by child and rule by rule."""
    rules, school = ChildRules.of(cadences(store, DAY)), present_spans(store, DAY)
    priority, unwilling = priority_children(store, DAY), unwilling_children(store, DAY)
    for activity in rules.activities:
        for child in read_roll(store, DAY).children.values():
            in_class = child.school_class is not None
            rule = rules.of_child(activity, child.uuid, priority=child.id in priority, in_class=in_class)
            if rule is None or not rule.times or (activity.endswith("call") and child.id in unwilling):
                continue
            days = plainly(store, activity, rule.times, child.id)
            first = Starts(school).first(rule.per, child.since, rule.valid_from)
            verdict = next_due(school.of(rule.per), first, rule.times, days)
            state = verdict and state_of(verdict.due, DAY)
            if state:
                fact = _fact(rule, days, child.since, verdict.done, DAY)
                fact += "" if in_class else _outside(rule)
                about = child.named(activity)
                yield Due(DueKind.CADENCE, rule.words, fact, verdict.due, DAY, state, activity, **about)


def looking(monkeypatch, how):
    few, entries = LOOKS[how]
    monkeypatch.setattr(last_days_module, "_FEW", few)
    monkeypatch.setattr(last_days_module, "_ENTRIES_PER_CHILD", entries)


def test_the_short_way_says_what_the_long_way_says(store, seed, monkeypatch):
    expected = sorted(the_long_way(store), key=_place)
    assert len({item.activity for item in expected}) == 5, "every rule has something to say"
    for how in LOOKS:
        looking(monkeypatch, how)
        kept_module._KEPT.clear()
        items = due_items(store, DAY).items
        assert [item for item in items if item.kind is DueKind.CADENCE] == expected, how
        assert list(items) == sorted(items, key=_place)


def test_the_last_days_are_the_last_whichever_way_they_are_read(store, monkeypatch):
    fill(store, 4)
    children = [row[0] for row in store.rows("SELECT id FROM child")]
    for activity in (*KINDS, "letter", "call", "video_call"):
        for number in (1, 3):
            plain = {child: ",".join(plainly(store, activity, number, child)) for child in children}
            for how in LOOKS:
                looking(monkeypatch, how)
                found = last_days(store, activity, number, DAY, children)
                assert found == {child: days for child, days in plain.items() if days}, how


def test_along_the_days_no_record_itself_is_read(store, monkeypatch):
    """The indexes of the file hold all that is asked: nothing is looked up in the tables, however long the texts."""
    asked = []
    rows = Store.rows
    monkeypatch.setattr(
        Store, "rows", lambda self, sql, params=(): asked.append((sql, params)) or rows(self, sql, params)
    )
    for activity in ("talk", "call", "video_call"):
        last_days(store, activity, 1, DAY, range(1, 100))
    monkeypatch.undo()
    plans = [
        store.rows(f"EXPLAIN QUERY PLAN {sql}", params)[0][3] for sql, params in asked if "GROUP BY" in sql
    ]
    assert len(plans) >= 3
    for plan in plans:
        assert (
            "care_record_by_kind (kind=? AND happened_on>?" in plan
            or "affection_call_through (happened_on>?" in plan
        )
