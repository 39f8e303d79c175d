"""The demo school: deterministic, believable, and with every edge of the counting rules in it."""

from datetime import date, datetime
from uuid import RFC_4122, UUID

import pytest
from stdnum.cn import ric

from app.children.codes import Category
from app.children.queries import load_facts
from app.core.clock import FixedClock
from app.core.errors import EnvironmentFault, UserError
from app.school.queries import classes, head_counts, school_calendar, school_profile, staff
from app.statistics.queries import stats
from app.statistics.shape import as_plain
from app.storage.store import Store
from app.survey.queries import survey_progress, surveys
from app.tasks.demo import make_demo

TODAY = date(2026, 11, 21)
TABLES = (
    "child", "person", "kinship", "away", "phone", "care", "registration", "enrolment", "category_flag", "contact_order",
    "school", "school_class", "staff", "class_teacher", "head_count", "term", "calendar_day", "counting_rule", "school_year",
)  # fmt: skip


def clock_on(day):
    return FixedClock(datetime(day.year, day.month, day.day, 10, 30))


def make(path, day=TODAY, **wishes):
    return make_demo(path, clock=clock_on(day), **wishes)


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    path = tmp_path_factory.mktemp("demo") / "演示.db"
    make(path)
    with Store.open(path, clock=clock_on(TODAY), read_only=True) as store:
        yield store


def everything(path):
    with Store.open(path, clock=clock_on(TODAY), read_only=True) as store:
        return {table: store.rows(f"SELECT * FROM {table} ORDER BY id") for table in TABLES}


def test_the_same_seed_and_day_give_the_same_school_to_the_last_uuid(tmp_path):
    for name in ("一.db", "二.db"):
        make(tmp_path / name, children=40)
    make(tmp_path / "三.db", children=40, seed=2)
    one, two, three = (everything(tmp_path / name) for name in ("一.db", "二.db", "三.db"))
    assert one == two
    assert one["child"] != three["child"]
    assert not {row[1] for row in one["child"]} & {row[1] for row in three["child"]}


def test_its_uuids_are_of_version_four(demo):
    for (text,) in demo.rows("SELECT uuid FROM child UNION ALL SELECT uuid FROM away"):
        assert (str(UUID(text)), UUID(text).version, UUID(text).variant) == (text, 4, RFC_4122)


def test_as_many_children_as_asked_for_are_on_the_ledger(demo):
    found = as_plain(stats(demo, TODAY))
    assert found["children"]["total"] == 118
    assert found["both_parents_out"] > found["one_parent_out"] > 10
    assert min(found["no_parent_out"], found["parents_not_collected"]) >= 1
    assert all(number >= 1 for number in found["care"].values())
    assert found["pupils_source"] == "head_counts"
    assert all(row["pupils"] > row["total"] for row in found["by_class"] if row["class_key"])


@pytest.mark.parametrize("children", [1, 2, 3, 7, 30])
def test_small_demo_schools_hold_exactly_as_many(tmp_path, children):
    make(tmp_path / "小.db", children=children, years=0)
    with Store.open(tmp_path / "小.db", clock=clock_on(TODAY), read_only=True) as store:
        assert as_plain(stats(store, TODAY))["children"]["total"] == children


@pytest.mark.parametrize("day", [date(2024, 2, 29), date(2026, 9, 1), date(2027, 1, 1), date(2028, 8, 31)])
def test_it_comes_about_on_any_day(tmp_path, day):
    make(tmp_path / "演示.db", day, children=45, years=2)
    with Store.open(tmp_path / "演示.db", clock=clock_on(day), read_only=True) as store:
        assert as_plain(stats(store, day))["children"]["total"] == 45
        future = store.rows("SELECT count(*) FROM away WHERE valid_from > ?", (day.isoformat(),))
        assert future == [(0,)]


def children_of(store):
    return {child.name: child for child in load_facts(store, TODAY)}


def test_every_edge_is_there(demo):
    known = children_of(demo)
    assert known["覃䶮"].id_number
    assert not ric.is_valid(known["覃䶮"].id_number)
    assert known["买买提·阿卜杜热西提"].ethnicity == "05"
    assert known["欧阳慕容雨桐"].student_registry_no is None
    assert known["张𬭎"].id_number is None
    assert known["张𬭎"].doubts
    assert known["黎小军"].birth_date == "2010-11-21"
    assert known["罗一鸣"].birth_date == known["罗一航"].birth_date
    assert known["罗一鸣"].school_class == known["罗一航"].school_class
    assert known["单永强"].father.uuid == known["单晓婷"].father.uuid
    assert known["单永强"].mother.uuid != known["单晓婷"].mother.uuid
    assert known["单永强"].mother.life_status == "out_of_contact"
    assert known["杨桂花"].father.life_status == "dead"
    assert [person.relation for person in known["赵欣悦"].relatives].count("stepmother") == 1
    assert known["石秀英"].household.kind == "resident"
    assert known["石秀英"].household.village_committee is None
    assert known["吴浩然"].id_number is None
    assert known["吴浩然"].birth_date == known["吴浩然"].birth_date[:7]
    assert known["周子轩"].care.kind == "unguarded"
    assert known["周子轩"].care.person is None
    assert known["田小龙"].has(Category.ORPHAN)
    assert known["冉晨阳"].has(Category.DE_FACTO_UNSUPPORTED)
    assert len(known["冉晨阳"].grounds) == 2
    assert known["龙婷"].mother.capable is False
    assert known["仇志强"].school_class is None
    assert known["仇志强"].registration is not None
    assert known["邹星宇"].father.away_state == "home"
    assert known["邹星宇"].registration is not None
    assert known["查晓燕"].reported is not None
    assert known["查晓燕"].father.away is None
    assert known["区嘉豪"].disabilities
    assert known["区嘉豪"].boards
    assert known["解语嫣"].registration is None
    assert known["解语嫣"].school_class is not None


def test_a_child_came_back(demo):
    uuid = children_of(demo)["周可欣"].uuid
    periods = demo.rows(
        "SELECT r.valid_to FROM registration r JOIN child c ON c.id = r.child_id WHERE c.uuid = ? ORDER BY r.valid_from",
        (uuid,),
    )
    assert [row[0] is None for row in periods] == [False, True]


def test_the_past_is_there(demo):
    before = as_plain(stats(demo, date(2026, 5, 20)))
    assert 60 < before["children"]["total"] < 118
    assert before["pupils_source"] == "head_counts"
    assert any(child.exited for child in load_facts(demo, TODAY))
    assert demo.rows("SELECT count(*) FROM away WHERE valid_to IS NOT NULL")[0][0] > 10


def test_names_numbers_and_phones_belong_to_nobody(demo):
    numbers = [
        row[0]
        for row in demo.rows("SELECT id_number FROM child UNION SELECT id_number FROM person")
        if row[0]
    ]
    assert all(number.startswith("500000") for number in numbers)
    wrong = [number for number in numbers if ric.calc_check_digit(number) != number[17]]
    assert len(wrong) == 1
    assert len(numbers) == len(set(numbers))
    phones = [
        row[0] for row in demo.rows("SELECT number FROM phone UNION SELECT office_number FROM contact_order")
    ]
    assert all(phone is None or (len(phone) == 11 and phone.startswith("1230000")) for phone in phones)


def test_the_frame_of_the_school(demo):
    profile = school_profile(demo)
    assert (profile.name, profile.care_teacher) == ("青石坪镇中心小学", "陈素兰")
    assert [cls.name for cls in classes(demo, TODAY)][:3] == ["一（1）班", "一（2）班", "二（1）班"]
    assert [member.name for member in staff(demo, TODAY) if not member.present] == ["段晓燕"]
    calendar = school_calendar(demo)
    assert len(head_counts(demo, calendar.term_in_force(TODAY))) == 12
    assert len(head_counts(demo, calendar.term_in_force(date(2026, 5, 20)))) == 12
    days = {row[0][:10] for row in demo.rows("SELECT at FROM action")}
    assert days == {"2025-09-05", "2026-11-20", "2026-11-21"}


def test_nothing_is_made_over_a_file_and_no_half_one_is_left(tmp_path):
    make(tmp_path / "演示.db", children=3)
    with pytest.raises(EnvironmentFault) as refused:
        make(tmp_path / "演示.db", children=3)
    assert refused.value.key == "storage.exists"

    def stop(done, total, words=""):
        if done == 2:
            raise RuntimeError("stopped")

    with pytest.raises(RuntimeError):
        make(tmp_path / "停.db", children=3, progress=stop)
    names = sorted(path.name for path in tmp_path.iterdir() if not path.name.endswith(".lock"))
    assert names == ["备份", "演示.db"]
    assert len(list((tmp_path / "备份" / "日志").iterdir())) == 1  # the journal of the whole one only
    with pytest.raises(UserError):
        make(tmp_path / "零.db", children=0)


def test_it_shows_an_individual_plan_and_a_copy_for_the_town_still_tells_its_other_steps(demo):
    (plan,) = demo.rows("SELECT child_id, situation, measures FROM individual_plan")
    assert all(plan)
    kinds = demo.rows(
        "SELECT a.id, count(DISTINCT c.table_name) FROM action a JOIN change c ON c.action_id = a.id WHERE a.id IN"
        " (SELECT action_id FROM change WHERE table_name = 'individual_plan') GROUP BY a.id"
    )
    assert [tables for _, tables in kinds] == [1], "what is withheld shares its step with nothing else"


def test_the_round_of_the_term_is_over_with_a_few_left(demo):
    (survey,) = surveys(demo)
    assert (survey.starts_on, survey.closed_on) == ("2026-09-07", "2026-09-28")
    progress = survey_progress(demo, survey.uuid, date.fromisoformat(survey.closed_on))
    assert len(progress.open) == 3
    assert progress.changed
    assert all(
        survey.starts_on <= one.check.checked_on <= survey.closed_on for one in progress.children if one.check
    )


def test_before_the_round_of_the_term_is_over_there_is_none(tmp_path):
    day = date(2026, 9, 20)
    make(tmp_path / "九月.db", day=day, children=20)
    with Store.open(tmp_path / "九月.db", clock=clock_on(day), read_only=True) as store:
        assert surveys(store) == ()
