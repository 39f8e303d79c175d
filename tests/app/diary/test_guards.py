"""Each guard asks about what it is for, and keeps quiet about what may stand there."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from app.children.codes import EnrolmentEnd, RegistrationEnd, RegistrationKind
from app.children.drafts import ChildDraft
from app.children.service import add_child
from app.diary.codes import Activity
from app.diary.drafts import RecordDraft, draft_uuid
from app.diary.guard_texts import likeness, names_by_head, numbers_in, other_names
from app.diary.guards import guard_facts, guard_questions
from app.school.codes import DayKind
from app.school.service import change_staff
from app.school.service_calendar import set_day


@pytest.fixture
def ask(store, who):
    """Return a function that asks about a talk with 张小雨 on Friday, or what it is told."""

    def asked(content="", **known):
        usual = {
            "uuid": draft_uuid(),
            "children": (who.rain,),
            "kind": Activity.TALK,
            "happened_on": "2026-11-20",
        }
        draft = RecordDraft(**(usual | {"content": content} | known))
        return guard_questions(guard_facts(store, draft.children, record_uuid=draft.uuid), draft)

    return asked


def keys(questions):
    return [question.key for question in questions]


def test_another_pupil_is_asked_about_with_its_class_and_place(ask):
    (question,) = ask("下课和陈思远吵了一架，陈思远先动手")
    assert question.words == "文中有「陈思远」，是另一名学生（三（1）班）的名字。要写在这里吗？"
    assert (question.field, question.start, question.end) == ("content", 3, 6)


@pytest.mark.parametrize(
    "text",
    [
        "张小雨今天很高兴",  # herself
        "弟弟张小雷也在",  # her brother
        "刘桂香说张建国下月回来",  # her parents
        "和王丽华老师谈了",  # a teacher
        "安静了许多",  # words of every day
        "她说想妈妈，他们都劝她",
        "其他同学都走了",
        "2026年11月20日下午3点30分，得了98分",
    ],
)
def test_what_may_stand_there_is_not_asked_about(ask, text):
    assert ask(text) == ()


def test_a_longer_name_that_may_stand_there_hides_a_shorter_one(store, ask):
    add_child(store, draft=ChildDraft(name="张小"))
    add_child(store, draft=ChildDraft(name="高兴"))
    assert ask("张小雨和张小雷都高兴") == ()
    assert keys(ask("张小来过")) == ["other_child"]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("她的号码 11010519491231002X 记错了", "id_number"),
        ("１１０１０５１９４９１２３１００２ｘ", "id_number"),
        ("旧证110105491231002。", "id_number"),
        ("妈妈电话13812345678", "phone"),
        ("138 1234 5678", "phone"),
        ("打 0851-8765432 找村委", "phone"),
        ("电话：8765432", "phone"),
    ],
)
def test_numbers_are_asked_about(ask, text, key):
    (question,) = ask(text)
    assert question.key == key
    assert text[question.start : question.end].strip()


@pytest.mark.parametrize(
    "text", ["得了 8765432 分", "第 20261120 号", "编号 1234567890123456789012", "2026-11-20"]
)
def test_other_numbers_are_not(text):
    assert list(numbers_in(text)) == []


def test_the_wrong_pronoun(ask, who):
    assert keys(ask("他今天情绪很好")) == ["pronoun"]
    assert keys(ask("她今天情绪很好", children=(who.chen,))) == ["pronoun"]
    assert ask("爸爸说他下月回来") == ()
    assert ask("他今天情绪很好", children=(who.chen,)) == ()
    assert ask("他今天情绪很好", children=(who.rain, who.thunder)) == ()


def test_a_text_copied_from_last_time(ask, write):
    text = "孩子本周表现良好，能够按时完成作业，和同学相处融洽，希望继续保持下去。"
    old = write(happened_on="2026-10-20", content=text)
    (question,) = ask(text.replace("本周", "这周"))
    assert question.key == "same_text"
    assert question.words == "和 2026-10-20 那次谈心几乎一样（97%），是不是忘了改？"
    assert "一模一样" in ask(text)[0].words
    assert ask(text, kind=Activity.TUTORING) == ()
    assert ask("这次谈了别的事，和上次完全没有关系，一句也不一样，写得还挺长的。") == ()
    assert ask(text, uuid=old.uuid) == (), "a record is not like itself"


@pytest.mark.parametrize(
    ("day", "key"),
    [
        ("2026-11-22", "future"),
        ("2026-08-10", "holiday"),
        ("2026-11-21", None),
        ("2026-11-20", None),
        ("2026", None),
    ],
)
def test_days(ask, day, key):
    found = [question.key for question in ask(happened_on=day) if question.key != "not_here"]
    assert found == ([key] if key else [])


def test_a_public_holiday_is_named(store, ask):
    set_day(store, day=date(2026, 11, 20), kind=DayKind.HOLIDAY, name="校庆")
    assert ask()[0].words == "2026-11-20 放假（校庆），日期对吗？"


def test_a_child_that_was_not_there_yet_or_has_left(store, ask, who):
    (early,) = (question for question in ask(happened_on="2026-06-01") if question.key == "not_here")
    assert early.words == "张小雨 2026-09-01 才到本校，日期对吗？"
    with store.action("退出", kind="test"):
        store.db.execute_sql(
            "UPDATE registration SET valid_to = '2026-10-15', end_reason = ? WHERE kind = ? AND child_id ="
            " (SELECT id FROM child WHERE uuid = ?)",
            (RegistrationEnd.BOTH_PARENTS_BACK.value, RegistrationKind.LEFT_BEHIND.value, who.rain),
        )
    assert [q.words for q in ask()] == ["张小雨 2026-10-15 已退出在册（父母双方返乡），日期对吗？"]
    with store.action("转出", kind="test"):
        store.db.execute_sql(
            "UPDATE enrolment SET valid_to = '2026-10-31', end_reason = ? WHERE child_id ="
            " (SELECT id FROM child WHERE uuid = ?)",
            (EnrolmentEnd.TRANSFERRED_OUT.value, who.rain),
        )
    assert [q.words for q in ask()] == ["张小雨 2026-10-31 已离校（转出），日期对吗？"]


def test_a_child_of_the_ledger_that_dropped_out_is_visited_without_a_question(store, ask, who):
    with store.action("离校", kind="test"):
        store.db.execute_sql(
            "UPDATE enrolment SET valid_to = '2026-10-31', end_reason = ? WHERE child_id ="
            " (SELECT id FROM child WHERE uuid = ?)",
            (EnrolmentEnd.DROPPED_OUT.value, who.rain),
        )
    for kind in (Activity.HOME_VISIT, Activity.CONTACT):
        assert ask(kind=kind) == ()
    assert keys(ask(kind=Activity.TALK)) == ["not_here"]
    with store.action("退出", kind="test"):
        store.db.execute_sql(
            "UPDATE registration SET valid_to = '2026-11-01' WHERE child_id ="
            " (SELECT id FROM child WHERE uuid = ?)",
            (who.rain,),
        )
    assert keys(ask(kind=Activity.HOME_VISIT)) == ["not_here"]


def test_a_teacher_who_had_left(store, ask, who):
    change_staff(store, uuid=who.li, left_on="2026-10-31")
    assert keys(ask(supporter_uuid=who.li)) == ["supporter_left"]
    assert ask(supporter_uuid=who.li, happened_on="2026-10-30") == ()
    assert ask(supporter_uuid=who.wang) == ()


def test_no_question_keeps_a_record_from_being_saved(store, ask, write):
    text = "他和陈思远 13812345678 11010519491231002X"
    assert len(ask(text, happened_on="2026-12-25")) == 5
    draft = write(content=text, happened_on="2026-12-25")
    assert store.one("SELECT content FROM care_record WHERE uuid = ?", (draft.uuid,)) == (text,)
    assert replace(draft, content=None).texts() == {}


# What may be written is never looked at twice, and every name that stands alone is found.
_NAMES = st.lists(st.text("甲乙丙丁戊", min_size=2, max_size=3), min_size=1, max_size=6, unique=True)


@given(_NAMES, st.text("甲乙丙丁戊，", max_size=12))
def test_the_one_pass_finds_what_looking_for_each_name_finds(names, text):
    found = {one.text for one, _ in other_names(text, names_by_head((name, "") for name in names), {})}
    assert found <= {name for name in names if name in text}
    if not found:
        assert not any(name in text for name in names)
    for one, _ in other_names(text, names_by_head((name, "") for name in names), {}):
        assert text[one.start : one.end] == one.text


@given(st.text(max_size=40), st.text(max_size=40))
def test_likeness_is_a_share(text, other):
    assert 0 <= likeness(text, other) <= 1
    assert likeness(text, text) in (0, 1)
