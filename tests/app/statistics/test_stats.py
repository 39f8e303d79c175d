"""Statistics of small schools with known answers, on a real file."""

from datetime import date, datetime

import pytest

from app.children.tables import Away, Child, Enrolment, Household, Kinship, Person, Registration
from app.core.clock import FixedClock
from app.school.codes import Stage
from app.school.queries import school_calendar
from app.school.rules import ClassRef
from app.school.service import init_school
from app.school.service_classes import HeadCountEntry, ensure_classes, set_head_counts
from app.statistics.queries import stats
from app.statistics.rules import NO_CLASS, share
from app.statistics.shape import as_plain
from app.storage.store import Store

TODAY = date(2026, 11, 21)
ONE, SIX = ClassRef(Stage.PRIMARY, 2026, 1), ClassRef(Stage.PRIMARY, 2021, 0)


@pytest.fixture
def store(tmp_path):
    with Store.create(tmp_path / "守望.db", clock=FixedClock(datetime(2026, 11, 21, 9, 0))) as store:
        init_school(store, name="青石坪镇中心小学")
        yield store


def add(action, name, *, cls=None, registered="2026-09-01", out=(), sex="1", birth="2019-05-01"):
    child = action.insert(Child, name=name, sex=sex, birth_date=birth)
    action.insert(Household, child=child, registered=1, kind="agricultural")
    if cls is not None:
        action.insert(Enrolment, child=child, school_class=cls, valid_from="2021-09-01")
    if registered:
        action.insert(Registration, child=child, kind="left_behind", valid_from=registered)
    for relation, since in zip(("father", "mother"), out, strict=False):
        person = action.insert(Person, name="某人")
        action.insert(Kinship, child=child, person=person, relation=relation)
        state = "home" if since is None else "out"
        action.insert(Away, person=person, state=state, valid_from=since)
    return child


@pytest.fixture
def small(store):
    with store.action("几名儿童", kind="test") as action:
        known = ensure_classes(store, action, [ONE, SIX], TODAY)
        add(action, "双亲", cls=known[ONE].id, out=("2026-01-05", "2026-03-01"), sex="2")
        add(action, "才走", cls=known[ONE].id, out=("2026-10-20", None))
        add(action, "单亲", cls=known[SIX].id, out=("2025-01-05", None), sex=None)
        add(action, "没有班", out=("2026-01-05", "2026-01-05"))
        add(action, "不在册", cls=known[ONE].id, registered=None, out=("2026-01-05", "2026-01-05"))
    return known


def test_both_and_one_count_the_facts_of_the_day_and_the_rules_their_months(store, small):
    found = as_plain(stats(store, TODAY))
    assert (found["children"]["total"], found["both_parents_out"], found["one_parent_out"]) == (4, 2, 2)
    xueji = found["counting_rules"]["xueji"]
    assert {answer: xueji[answer] for answer in ("2", "1", "0", "pending")} == {
        "2": 2,
        "1": 1,
        "0": 1,
        "pending": 0,
    }
    uuids = dict(store.rows("SELECT name, uuid FROM child"))
    assert xueji["registered_not_derived"] == [uuids["才走"]]
    assert xueji["derived_not_registered"] == [uuids["不在册"]]


def test_a_class_row_for_those_in_no_class_keeps_the_table_footing(store, small):
    rows = as_plain(stats(store, TODAY))["by_class"]
    assert [(row["class_key"], row["name"], row["total"]) for row in rows] == [
        ("2026级1班", "一（1）班", 2),
        ("2021级", "六年级", 1),
        (None, NO_CLASS, 1),
    ]
    assert rows[1]["sex_not_collected"] == 1


def test_a_day_before_is_another_count(store, small):
    assert as_plain(stats(store, date(2026, 2, 1)))["children"]["total"] == 0
    september = as_plain(stats(store, date(2026, 9, 15)))
    assert (september["both_parents_out"], september["one_parent_out"]) == (2, 1)
    assert september["parents_not_collected"] == 1  # whoever left in October: nothing is known of before


def test_pupils_come_from_head_counts_when_there_are_some(store, small):
    found = as_plain(stats(store, TODAY))
    assert (found["pupils"]["total"], found["pupils_source"]) == (4, "known")
    term = school_calendar(store).term_in_force(TODAY)
    set_head_counts(store, term=term, entries=[HeadCountEntry(small[ONE].uuid, 21, 17)])
    found = as_plain(stats(store, TODAY))
    assert (found["pupils"]["total"], found["pupils_source"]) == (39, "mixed")
    set_head_counts(store, term=term, entries=[HeadCountEntry(small[SIX].uuid, 10, 10)])
    found = as_plain(stats(store, TODAY))
    assert found["pupils"] == {"total": 58, "boys": 31, "girls": 27, "sex_not_collected": 0}
    assert found["pupils_source"] == "head_counts"
    assert found["term"] == "2026—2027学年第一学期（秋季）"


def test_a_cohort_past_its_last_grade_is_not_counted(store, small):
    before, after = as_plain(stats(store, date(2027, 8, 31))), as_plain(stats(store, date(2027, 9, 1)))
    assert (before["children"]["total"], before["awaiting_graduation"]) == (4, 0)
    assert (after["children"]["total"], after["awaiting_graduation"]) == (3, 1)
    assert [row["class_key"] for row in after["by_class"]] == ["2026级1班", None]


def test_an_empty_school_counts_nothing(store):
    found = as_plain(stats(store, TODAY))
    assert found["children"]["total"] == found["pupils"]["total"] == 0
    assert found["by_class"] == []


@pytest.mark.parametrize(
    ("part", "whole", "places", "words"),
    [(14, 21, 1, "66.7%"), (820, 4897, 1, "16.7%"), (1, 8, 2, "12.50%"), (1, 8, 1, "12.5%"), (1, 8, 0, "13%"), (0, 0, 1, "—"),
     (1, 400, 1, "0.3%"), (5, 5, 1, "100.0%")],
)  # fmt: skip
def test_shares_round_half_up(part, whole, places, words):
    assert share(part, whole, places) == words
