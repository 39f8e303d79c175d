"""What the log shows, figure by figure, and that it feeds what is due, the supporters' progress and the timeline."""

from datetime import date

import pytest
from msgspec.structs import replace

from app.calls.codes import CallMedium, Outcome
from app.calls.log import log_of_child
from app.calls.log_drafts import LogDraft
from app.calls.log_guards import questions_about
from app.calls.log_today import call_for_child
from app.calls.seen import seen
from app.calls.service_log import remove_call, save_calls
from app.calls.service_people import set_wish
from app.calls.tables import PlannedCallRow
from app.diary.drafts import PromiseDraft, draft_uuid
from app.school.queries import school_calendar
from app.statistics.queries import stats
from app.statistics.shape import as_lines, as_plain
from app.storage.base import new_uuid
from app.tasks.glance import DueKind as TodayKind
from app.tasks.today import due_children
from app.tasks.todo import everything_due
from app.todo.codes import Per
from app.todo.coverage import done_between
from app.todo.progress import child_progress
from app.todo.queries import due_items
from app.todo.rules import DueKind
from app.todo.service import set_cadence

SATURDAY = date(2026, 11, 21)
FRIDAY = "2026-11-20"
CONNECTED, NO_ANSWER, STOPPED = Outcome.CONNECTED, Outcome.NO_ANSWER, Outcome.STOPPED


@pytest.fixture
def call(store, who):
    """Return a function that saves one call of a child and returns its uuid."""

    def save(name, day=FRIDAY, outcome=CONNECTED, person=None, **known) -> str:
        draft = LogDraft(
            uuid=draft_uuid(),
            child_uuid=who.children[name],
            happened_on=day,
            outcome=outcome,
            person_uuid=who.people[person] if person else None,
            **known,
        )
        save_calls(store, drafts=(draft,))
        return draft.uuid

    return save


def names(store, uuids):
    return {store.rows("SELECT name FROM child WHERE uuid = ?", (uuid,))[0][0] for uuid in uuids}


def test_every_figure_is_the_number_of_the_children_it_opens(store, who, call):
    call("谭晓东", minutes=3)
    call("谭小兰", "2026-11-18", minutes=2)
    call("罗诗涵", "2026-11-05", minutes=5)
    call("向阳", "2026-10-28")
    call("张伟", outcome=STOPPED, person="张母")
    call("罗诗涵", "2026-11-19", outcome=NO_ANSWER)
    found = seen(store, SATURDAY)
    assert names(store, found.week.reached) == {"谭晓东", "谭小兰"}
    assert names(store, found.week.not_reached) == {"罗诗涵", "向阳", "冉小燕", "张伟"}
    assert names(store, found.month.reached) == {"谭晓东", "谭小兰", "罗诗涵"}
    assert (found.week.attempts, found.week.connected, found.week.failed, found.week.minutes) == (4, 2, 2, 5)
    assert (found.month.first, found.month.last) == (date(2026, 11, 1), date(2026, 11, 30))
    assert [one.child_name for one in found.not_yet_this_month] == ["冉小燕", "张伟", "向阳"]
    assert sum(len(one.children) for one in found.classes) == len(found.waits) == 6
    (first, second) = found.classes
    assert (first.class_name, len(first.week), second.class_name, len(second.week)) == (
        "三（1）班",
        1,
        "三（2）班",
        1,
    )


def test_who_was_never_reached_waits_longest_then_by_days(store, call):
    call("谭晓东", "2026-11-18")
    call("谭小兰", "2026-09-18")
    call("罗诗涵", "2026-10-18")
    call("向阳", FRIDAY)
    call("张伟", FRIDAY)
    found = seen(store, SATURDAY)
    assert [one.child_name for one in found.waits] == ["冉小燕", "谭小兰", "罗诗涵", "谭晓东", "向阳", "张伟"]
    assert (found.longest.child_name, found.longest.last_on, found.longest.days) == ("冉小燕", None, 81)
    assert found.longest.words == "还没有打通过，还没有打过"
    assert found.waits[1].words == "上次 09-18，已隔 64 天"


def test_failed_tries_are_counted_since_the_last_time_and_named(store, call):
    call("罗诗涵", "2026-10-26", outcome=NO_ANSWER)
    call("罗诗涵", "2026-11-02")
    call("罗诗涵", "2026-11-09", outcome=NO_ANSWER)
    call("罗诗涵", "2026-11-16", outcome=STOPPED)
    call("罗诗涵", "2026-11-17", outcome=Outcome.CHILD_ABSENT)
    (wait,) = [one for one in seen(store, SATURDAY).waits if one.child_name == "罗诗涵"]
    assert (wait.tries, wait.last_on, wait.last_try) == (2, "2026-11-02", Outcome.CHILD_ABSENT)


def test_a_parent_never_reached_is_named_with_the_tries_of_all_children(store, who, call):
    for day in ("2026-11-06", "2026-11-13"):
        call("谭晓东", day, outcome=NO_ANSWER, person="田秀莲")
        call("谭小兰", day, outcome=NO_ANSWER, person="田秀莲")
    call("张伟", outcome=STOPPED, person="张母")
    call("罗诗涵", outcome=NO_ANSWER, person="罗大勇")
    call("罗诗涵", "2026-11-21", person="罗大勇")
    tian, zhang = seen(store, SATURDAY).never
    assert (tian.who, tian.relation, tian.names, tian.tries) == ("田秀莲", "母亲", ("谭晓东", "谭小兰"), 2)
    assert (zhang.who, zhang.tries, zhang.last_try) == ("张母", 1, STOPPED)


def test_a_day_shows_what_was_so_by_then_and_the_weeks_of_the_term(store, call):
    call("谭晓东", "2026-11-18")
    assert seen(store, date(2026, 11, 17)).week.connected == 0
    weeks = seen(store, SATURDAY).weeks
    assert weeks[-1].first == date(2026, 11, 16)
    assert sum(week.connected for week in weeks) == 1


def test_a_school_without_children_has_nothing_to_show(tmp_path, clock):
    from app.school.service import init_school
    from app.storage.store import Store

    with Store.create(tmp_path / "空.db", clock=clock) as store:
        init_school(store, name="新学校")
        found = seen(store, SATURDAY)
    assert (found.longest, found.waits, found.classes, found.never) == (None, (), (), ())
    assert found.week.attempts == 0


# ---- what it feeds --------------------------------------------------------------------------------------------------


def due_calls(store, activity="call"):
    return {one.child_name: one.why for one in due_items(store, SATURDAY).items if one.activity == activity}


def test_a_call_that_got_through_and_nothing_else_settles_what_is_due(store, call):
    set_cadence(store, activity="call", times=1, per=Per.WEEK, since=date(2026, 9, 1))
    assert len(due_calls(store)) == 6
    assert due_calls(store)["谭晓东"] == "每周亲情电话一次：还没有亲情电话记录"
    call("谭晓东", "2026-11-18")
    call("罗诗涵", outcome=NO_ANSWER)
    found = due_calls(store)
    assert found["罗诗涵"] == "每周亲情电话一次：还没有亲情电话记录"
    (own,) = [
        one
        for one in due_items(store, SATURDAY).items
        if (one.activity, one.child_name) == ("call", "谭晓东")
    ]
    assert own.due == date(2026, 11, 29)  # this week is done


def test_only_a_picture_settles_a_video_call(store, call):
    set_cadence(store, activity="video_call", times=1, per=Per.MONTH, since=date(2026, 9, 1))
    # November is due within the list's two weeks only for who was not seen in it.
    late = {
        one.child_name
        for one in due_items(store, SATURDAY).items
        if one.activity == "video_call" and one.days_over
    }
    assert "谭晓东" in late
    call("谭晓东", FRIDAY)
    assert "谭晓东" in due_calls(store, "video_call")
    uuid = call("谭晓东", FRIDAY, medium=CallMedium.VIDEO)
    assert "谭晓东" not in due_calls(store, "video_call")
    remove_call(store, uuid=uuid)
    assert "谭晓东" in due_calls(store, "video_call")


def test_calls_are_counted_with_what_was_done(store, who, call):
    set_cadence(store, activity="call", times=1, per=Per.MONTH, since=date(2026, 9, 1))
    call("谭晓东", "2026-11-18", medium=CallMedium.VIDEO)
    call("谭晓东", "2026-11-19", outcome=NO_ANSWER)
    assert done_between(store, date(2026, 11, 16), date(2026, 11, 22)) == {"call": 1}
    term = school_calendar(store).term_in_force(SATURDAY)
    found = child_progress(store, term, SATURDAY)[who.children["谭晓东"]]
    assert (found["call"].done, found["video_call"].done) == (1, 1)
    assert found["call"].due >= 2


def test_what_is_asked_before_a_call_is_saved(store, who):
    draft = LogDraft(
        uuid=draft_uuid(),
        child_uuid=who.children["谭晓东"],
        happened_on="2026-11-21",
        outcome=CONNECTED,
        said="罗诗涵的号码是 13812345678，她很高兴",
        promise=PromiseDraft(content="给张伟也带一个书包"),
    )
    asked = [one for _, one in questions_about(store, [draft])]
    assert [(one.key, one.field) for one in asked] == [
        ("other_child", "said"),
        ("phone", "said"),
        ("other_child", "promise"),
    ]


def test_a_call_that_looks_wrong_is_asked_about_and_never_refused(store, who, call):
    """Long ago, somebody else's mother, a name nobody knows, more minutes than the slot: asked, and saved all the same."""
    with store.action("排一个电话", kind="test") as action:
        ids = store.one(
            "SELECT c.id, l.id FROM child c, call_line l WHERE c.name = '罗诗涵' AND l.kind = 'room_phone'"
        )
        planned = new_uuid()
        action.insert(
            PlannedCallRow, uuid=planned, child=ids[0], call_line=ids[1], day="2026-11-20", starts="12:20",
            ends="12:30", occasion=planned, medium="phone", origin="hand",
        )  # fmt: skip
    right = LogDraft(
        uuid=draft_uuid(),
        child_uuid=who.children["罗诗涵"],
        happened_on="2026-11-20",
        outcome=CONNECTED,
        person_uuid=who.people["罗大勇"],
        planned_uuid=planned,
        minutes=12,
    )
    assert questions_about(store, [right]) == ()
    assert questions_about(store, [replace(right, person_uuid=None, spoke_with="罗大勇（新号）")]) == ()
    assert questions_about(store, [replace(right, person_uuid=None, spoke_with="姑姑")]) == ()
    wrong = [
        replace(right, uuid="a", happened_on="2019-03-04", planned_uuid=None),
        replace(right, uuid="b", person_uuid=who.people["田秀莲"]),
        replace(right, uuid="c", person_uuid=None, spoke_with="田秀莲"),
        replace(right, uuid="d", person_uuid=None, spoke_with="刘小花"),
        replace(right, uuid="e", minutes=25),
    ]
    asked = questions_about(store, wrong)
    assert [(name, one.key, one.field) for name, one in asked] == [
        ("罗诗涵", "long_ago", "happened_on"),
        ("罗诗涵", "not_kin", "party"),
        ("罗诗涵", "not_kin", "party"),
        ("罗诗涵", "not_kin", "party"),
        ("罗诗涵", "beyond_slot", "minutes"),
    ]
    assert [one.words for _, one in asked][1:3] == ["接电话的是谭晓东的母亲 田秀莲，没有选错人吗？"] * 2
    assert "2819 天以前" in asked[0][1].words
    assert "只有 10 分钟" in asked[-1][1].words
    save_calls(store, drafts=wrong)
    assert len(log_of_child(store, who.children["罗诗涵"])) == 5
    assert "long_ago" not in [one.key for _, one in questions_about(store, wrong)], (
        "it stands in the log already"
    )


def test_a_child_without_a_plan_can_be_called_all_the_same(store, who, call):
    found = call_for_child(store, child_uuid=who.children["罗诗涵"], day=SATURDAY)
    assert (found.planned_uuid, found.starts, found.next.who) == (None, None, "罗大勇")
    call("罗诗涵", "2026-11-21", person="罗大勇")
    assert call_for_child(store, child_uuid=who.children["罗诗涵"], day=SATURDAY).done
    assert call_for_child(store, child_uuid="nobody", day=SATURDAY) is None


def test_a_number_found_wrong_in_a_call_is_to_be_asked_for(store, who, call):
    def asked():
        found = [one for one in everything_due(store, SATURDAY).items if one.child_name == "罗诗涵"]
        return [(one.rule, one.fact) for one in found if one.kind is DueKind.PHONE]

    uuid = call("罗诗涵", outcome=Outcome.WRONG_NUMBER, person="罗大勇")
    assert asked() == [("打不通的号码要核实", "父亲的号码 昨天 号码错")]
    (line,) = [one for one in due_children(store).items if one.kind is TodayKind.NUMBER]
    # 张母's number was found stopped before.
    assert line.reason.startswith("停机或号码错 2 名")
    assert who.children["罗诗涵"] in line.children
    remove_call(store, uuid=uuid)
    assert asked() == [("联系电话每 90 天核实一次", "登记后从未核实")]  # as it was before


def test_a_call_that_nobody_answered_confirms_no_number(store, who, call):
    def unconfirmed():
        (line,) = [one for one in due_children(store).items if one.kind is TodayKind.NUMBER]
        return who.children["罗诗涵"] in line.children, line.reason

    before = unconfirmed()
    assert before[0]
    call("罗诗涵", outcome=Outcome.NO_ANSWER, person="罗大勇")
    assert unconfirmed() == before
    call("罗诗涵", outcome=Outcome.CONNECTED, person="罗大勇")
    assert not unconfirmed()[0]


def test_the_statistics_count_the_calls_of_the_term_and_every_figure_foots(store, call):
    assert "亲情电话" not in "".join(as_lines(stats(store, SATURDAY)))
    call("谭晓东", "2026-09-10", minutes=3)
    call("谭小兰", minutes=2)
    call("罗诗涵", "2026-11-05", outcome=NO_ANSWER)
    found = as_plain(stats(store, SATURDAY))["calls"]
    assert (found["attempts"], found["connected"], found["minutes"]) == (3, 2, 5)
    assert (found["children_reached"], found["children_not_reached"]) == (2, 4)
    assert (found["reached_this_month"], found["reached_this_week"]) == (1, 1)
    assert "亲情电话：本学期打 3 次，接通 2 次；接到过的 2 名，还没有的 4 名；本月 1 名" in as_lines(
        stats(store, SATURDAY)
    )
    assert as_plain(stats(store, date(2026, 9, 9)))["calls"]["attempts"] == 0


def test_a_child_that_does_not_wish_to_call_waits_for_nothing_and_nothing_is_due(store, who, call):
    set_cadence(store, activity="call", times=1, per=Per.WEEK, since=date(2026, 9, 1))
    assert "冉小燕" in due_calls(store)
    set_wish(store, child_uuid=who.children["冉小燕"], wants=False, since=date(2026, 11, 1))
    found = seen(store, SATURDAY)
    assert [one.child_name for one in found.apart] == ["冉小燕"]
    assert "冉小燕" not in {one.child_name for one in (*found.waits, *found.not_yet_this_month)}
    assert who.children["冉小燕"] in found.month.not_reached  # it is still one of the children counted
    left = {uuid for one in found.classes for uuid in one.left}
    assert left == {one.child_uuid for one in found.not_yet_this_month}, "the classes agree with the whole"
    assert [one.child_name for one in found.apart_this_month] == ["冉小燕"]
    assert len(left) + len(found.apart_this_month) == len(found.month.not_reached)
    assert "冉小燕" not in due_calls(store)
    term = school_calendar(store).term_in_force(SATURDAY)
    assert "call" not in child_progress(store, term, SATURDAY)[who.children["冉小燕"]]
    call("冉小燕")
    assert who.children["冉小燕"] in seen(store, SATURDAY).week.reached
