"""Founding a school, its staff, its 口径."""

from datetime import date

import pytest

from app.core.errors import UserError
from app.school.codes import ParentsOut, RuleCode, SchoolKind
from app.school.counting_rules import DEFAULT_RULES, CountingRule
from app.school.queries import counting_rules, school_calendar, school_profile, school_shape, staff
from app.school.service import add_staff, change_profile, change_rule, change_staff, init_school
from app.storage.history import actions, undo


def test_a_new_school_has_profile_rules_and_three_school_years(store):
    profile = school_profile(store)
    assert (profile.name, profile.kind, profile.town) == ("青石坪镇中心小学", SchoolKind.PRIMARY, "青石坪镇")
    assert counting_rules(store).keys() == DEFAULT_RULES.keys()
    calendar = school_calendar(store)
    assert sorted(calendar.years.starts) == [2025, 2026, 2027]
    assert [term.school_year for term in calendar.terms] == [2025, 2025, 2026, 2026, 2027, 2027]
    assert all(term.id and term.uuid for term in calendar.terms)
    assert not calendar.is_school_day(date(2026, 10, 1))
    assert store.commit_no == 1
    assert store.rows("SELECT words FROM action") == [("新建学校",)]


def test_a_file_has_one_school(store):
    with pytest.raises(UserError) as refused:
        init_school(store, name="另一所")
    assert refused.value.key == "school.exists"
    assert store.rows("SELECT count(*) FROM school") == [(1,)]


def test_a_school_needs_a_name(empty_store):
    with pytest.raises(UserError) as refused:
        init_school(empty_store, name=" \u3000 ")
    assert refused.value.key == "school.no_name"
    assert school_profile(empty_store) is None
    assert empty_store.commit_no == 0


def test_a_misspelled_field_is_a_bug_not_a_silence(empty_store):
    with pytest.raises(TypeError, match="tovn"):
        init_school(empty_store, name="学校", tovn="镇")


def test_the_profile_is_changed_and_says_who_is_care_teacher(store):
    added = add_staff(store, name="陈 素兰", sex="2", duty="留守儿童工作专干", by="陈素兰")
    uuid = next(iter(added.uuids))
    changed = change_profile(store, kind="nine-year", care_teacher_uuid=uuid, resident_is_rural=1)
    assert changed.areas == {"school"}
    profile = school_profile(store)
    assert (profile.care_teacher, profile.care_teacher_uuid) == ("陈素兰", uuid)
    assert profile.resident_is_rural is True
    assert school_shape(store).kind is SchoolKind.NINE_YEAR
    assert not change_profile(store, town="青石坪镇")  # nothing differs, nothing is written
    change_profile(store, care_teacher_uuid=None)
    assert school_profile(store).care_teacher is None


def test_staff_who_left_stand_last_and_are_not_gone(store):
    for name in ("李国平", "王秀芬"):
        add_staff(store, name=name, joined_on="2019-09")
    leaving = next(member for member in staff(store, date(2026, 11, 21)) if member.name == "李国平")
    change_staff(store, uuid=leaving.uuid, left_on="2026-07-05")
    found = staff(store, date(2026, 11, 21))
    assert [(member.name, member.present) for member in found] == [("王秀芬", True), ("李国平", False)]
    assert [member.present for member in staff(store, date(2026, 6, 1))] == [True, True]


def test_bad_dates_and_unknown_staff_are_refused_in_words(store):
    with pytest.raises(UserError) as refused:
        add_staff(store, name="李国平", joined_on="2019/9/1")
    assert "2019/9/1" in str(refused.value)
    with pytest.raises(UserError) as refused:
        change_staff(store, uuid="nobody", phone="1")
    assert refused.value.key == "school.no_such_staff"


def test_the_local_rule_is_the_schools_own(store):
    rule = CountingRule(RuleCode.LOCAL, ParentsOut.ONE, months=6, under_age=18, from_age=6, orphans_in=True)
    changes = change_rule(store, rule=rule, by="陈素兰")
    assert "children" in changes.areas
    stored = counting_rules(store)[RuleCode.LOCAL]
    assert (stored.parents_out, stored.months, stored.from_age, stored.orphans_in) == (
        ParentsOut.ONE,
        6,
        6,
        True,
    )
    with pytest.raises(UserError):
        change_rule(store, rule=CountingRule(RuleCode.LOCAL, ParentsOut.ONE, months=61))
    with pytest.raises(UserError) as refused:
        change_rule(store, rule=CountingRule(RuleCode.XUEJI, ParentsOut.ONE, months=6))
    assert refused.value.key == "school.rule_fixed"
    with pytest.raises(UserError):
        change_rule(store, rule=CountingRule(RuleCode.LOCAL, ParentsOut.ONE, months=6, under_age=19))


def test_founding_the_school_cannot_be_taken_back(store):
    founding = next(action for action in actions(store) if action.kind == "school.init")
    with pytest.raises(UserError) as refused:
        undo(store, founding.uuid, by=None)
    assert refused.value.key == "undo.founding"
    assert school_profile(store) is not None


def test_nobody_leaves_before_joining(store):
    """As far as both days are known; also where only one of them is changed."""
    for joined, left in (("2026-09-01", "2026-08-31"), ("2026-09", "2025"), ("2026-09", "2026-08-01")):
        with pytest.raises(UserError, check=lambda error: error.key == "school.left_before"):
            add_staff(store, name="田小禾", joined_on=joined, left_on=left)
    add_staff(store, name="田小禾", joined_on="2026-09-01")
    member = next(one for one in staff(store, date(2026, 11, 21)) if one.name == "田小禾")
    with pytest.raises(UserError, check=lambda error: error.key == "school.left_before"):
        change_staff(store, uuid=member.uuid, left_on="2026-02-01")
    change_staff(store, uuid=member.uuid, left_on="2026")
