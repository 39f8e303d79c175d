"""The school's own rules: shipped until the first edit, then rows with a history."""

from datetime import date

import pytest

from app.core.errors import UserError
from app.school.event_rules import event_rules
from app.school.queries import school_calendar
from app.school.tables import EventRule
from app.storage.history import undo
from app.todo.cadences import cadence_history, cadences
from app.todo.codes import Audience, Per
from app.todo.presets import STYLES, activity_words
from app.todo.queries import due_items
from app.todo.rules import DueKind
from app.todo.service import end_cadence, set_cadence, use_style
from app.todo.service_events import end_event_rule, set_event_rule

SINCE = date(2026, 11, 23)
BEFORE = date(2026, 11, 20)


def words(store, on):
    return [rule.words for rule in cadences(store, on)]


SHIPPED = ["每周谈心一次", "每月家访一次", "全校每学期家长会 2 次"]


def test_the_first_edit_writes_the_shipped_rules_and_changes_one_from_a_day_on(store):
    assert words(store, SINCE) == SHIPPED
    assert all(rule.shipped for rule in cadences(store, SINCE))
    set_cadence(store, activity="talk", times=2, per=Per.WEEK, since=SINCE)
    assert words(store, BEFORE) == SHIPPED
    assert set(words(store, SINCE)) == {"每周谈心 2 次", *SHIPPED[1:]}
    assert not any(rule.shipped for rule in cadences(store, BEFORE))
    assert len(cadence_history(store)) == 4


def test_one_undo_brings_the_shipped_rules_back(store):
    changes = set_cadence(store, activity="talk", times=2, per=Per.WEEK, since=SINCE)
    undo(store, changes.action_uuid, by=None)
    assert cadence_history(store) == ()
    assert words(store, SINCE) == SHIPPED


def test_the_same_day_again_is_a_correction_and_the_same_rule_writes_nothing(store):
    for times in (3, 2):
        set_cadence(store, activity="talk", times=times, per=Per.MONTH, since=SINCE)
    assert "每月谈心 2 次" in words(store, SINCE)
    assert len(cadence_history(store)) == 4
    assert not set_cadence(store, activity="talk", times=2, per=Per.MONTH, since=date(2026, 12, 1))


def test_what_makes_no_sense_is_refused(store):
    with pytest.raises(UserError) as refused:
        set_cadence(store, activity="talk", times=40, per=Per.WEEK, since=SINCE)
    assert refused.value.key == "todo.rule_times"
    set_cadence(store, activity="talk", times=2, per=Per.WEEK, since=SINCE)
    with pytest.raises(UserError) as refused:
        set_cadence(store, activity="talk", times=3, per=Per.WEEK, since=BEFORE)
    assert refused.value.key == "dated.later_known"


@pytest.mark.parametrize("style", STYLES)
def test_every_style_can_be_used_and_replaces_what_was_asked_before(store, style):
    use_style(store, style=style, since=SINCE)
    assert words(store, BEFORE) == SHIPPED
    asked = {rule.activity: rule for rule in cadences(store, SINCE)}
    assert {rule.activity for rule in STYLES[style].cadences} == set(asked)
    assert all(activity_words(activity) != activity for activity in asked)


def test_a_rule_for_one_child_stands_beside_and_ends(store):
    uuid, name = store.one("SELECT uuid, name FROM child WHERE name = '龙婷'")
    set_cadence(store, activity="talk", times=2, per=Per.WEEK, since=SINCE, child_uuid=uuid)
    use_style(store, style="four_ones", since=date(2026, 12, 1))
    (own,) = [rule for rule in cadences(store, date(2026, 12, 1)) if rule.child_uuid]
    assert (own.child_name, own.words) == (name, "每周谈心 2 次")
    end_cadence(store, uuid=own.uuid, since=date(2026, 12, 7))
    assert not [rule for rule in cadences(store, date(2026, 12, 7)) if rule.child_uuid]
    assert [rule for rule in cadences(store, date(2026, 12, 6)) if rule.child_uuid]


def test_what_each_teacher_owes_says_so(store):
    set_cadence(
        store, activity="home_visit", times=5, per=Per.MONTH, since=SINCE, audience=Audience.SUPPORTER
    )
    assert "每位教师每月家访 5 次" in words(store, SINCE)


def test_events_are_data_too(store):
    assert [rule.name for rule in event_rules(store)] == [
        "身体不佳",
        "情绪不好",
        "成绩下降",
        "与同学争吵",
        "迟到早退",
        "亲情电话连续没打通",
    ]
    own = {"family": "本校", "activity": "talk", "days": 3, "since": SINCE}
    set_event_rule(store, code=None, name="夜不归宿", **own)
    assert len(event_rules(store, BEFORE)) == 6
    added = event_rules(store, SINCE)[-1]
    assert (added.name, added.activity, added.days, added.shipped) == ("夜不归宿", "talk", 3, False)
    with pytest.raises(UserError) as refused:
        set_event_rule(store, code=None, name="情绪不好", **own)
    assert refused.value.key == "todo.event_name"
    with pytest.raises(UserError) as refused:
        set_event_rule(store, code=added.code, name="夜不归宿", **{**own, "days": 999})
    assert refused.value.key == "todo.event_days"
    end_event_rule(store, code="unwell", since=date(2026, 12, 1))
    assert "身体不佳" in [rule.name for rule in event_rules(store, SINCE)]
    assert "身体不佳" not in [rule.name for rule in event_rules(store, date(2026, 12, 1))]


def test_a_rule_shipped_later_joins_those_that_a_school_wrote_before(store):
    """A school that wrote its rules when five were shipped: the sixth holds until the school ends it, and stays ended."""
    set_event_rule(
        store, code="unwell", name="身体不佳", family="五必访", activity="home_visit", days=3, since=SINCE
    )
    with store.action("上一版写的规则里还没有它", kind="test"):
        EventRule.delete().where(EventRule.code == "calls_failed").execute(store.db)
    assert [rule.code for rule in event_rules(store, SINCE)][-1] == "calls_failed"
    end_event_rule(store, code="calls_failed", since=date(2026, 12, 1))
    assert "calls_failed" in {rule.code for rule in event_rules(store, SINCE)}
    assert "calls_failed" not in {rule.code for rule in event_rules(store, date(2026, 12, 1))}


def test_what_was_in_force_for_days_is_never_taken_out_by_an_earlier_day(store):
    """A rule that begins later than the day asked for is refused, not removed with the days it was in force."""
    set_cadence(store, activity="tutoring", times=1, per=Per.WEEK, since=SINCE)
    (own,) = [rule for rule in cadences(store, SINCE) if rule.activity == "tutoring"]
    set_event_rule(store, code=None, name="没交作业", family="", activity="home_visit", days=3, since=SINCE)
    code = next(rule.code for rule in event_rules(store, SINCE) if rule.name == "没交作业")
    before = cadence_history(store), event_rules(store, SINCE)
    for change in (
        lambda: end_cadence(store, uuid=own.uuid, since=BEFORE),
        lambda: use_style(store, style="usual", since=BEFORE),
        lambda: end_event_rule(store, code=code, since=BEFORE),
    ):
        with pytest.raises(UserError, check=lambda error: error.key == "dated.later_known"):
            change()
    assert (cadence_history(store), event_rules(store, SINCE)) == before


def test_a_duty_of_the_year_taken_up_in_spring_is_owed_by_its_end(store):
    """Rules taken up in the middle of the second term: the year's meeting is still to be held."""
    use_style(store, style="town_primary", since=date(2027, 3, 22))
    end = school_calendar(store).terms_of(2026)[1].ends_on
    owed = [item.activity for item in due_items(store, end).items if item.kind is DueKind.SCHOOL_DUTY]
    assert "meeting:village" in owed
