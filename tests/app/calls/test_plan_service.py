"""The plan in a real file: looked at, written as one action, undone, made again; moved, swapped, cancelled by hand."""

from datetime import date

import pytest

from app.calls.codes import CancelReason, Origin, Outcome
from app.calls.log_drafts import LogDraft
from app.calls.plan_facts import LineState
from app.calls.plan_moves import conflicts, conflicts_within, move_call, plan_by_hand, swap_calls
from app.calls.plan_queries import planned_calls
from app.calls.service_lines import ClosureDraft, close_line, end_line
from app.calls.service_log import save_calls
from app.calls.service_people import WindowDraft, set_windows
from app.calls.service_plan import cancel_call, fix_calls, mark_printed
from app.calls.tables import PlannedCallRow
from app.children.codes import PhoneResult
from app.children.service_family import confirm_phone
from app.core.errors import UserError
from app.core.progress import no_progress
from app.dossier.change_history import change_history
from app.dossier.service_bin import move_to_bin, restore_from_bin
from app.storage.base import new_uuid
from app.storage.undo import undo
from app.tasks.calls_plan import preview, read_facts, write
from app.tasks.doings import in_the_way
from tests.app.calls.conftest import refused

FIRST, LAST = date(2026, 11, 23), date(2026, 11, 27)
TUESDAY = date(2026, 11, 24)


def shown(store, first=FIRST, last=LAST):
    return preview(store, first=first, last=last)


def rows(store):
    return planned_calls(store, FIRST, LAST)


def where(store):
    return {row.child: (row.day, row.starts, row.line, row.place, row.contact) for row in rows(store)}


@pytest.fixture
def planned(store):
    """The week planned and written: by the name of the child."""
    write(store, plan=shown(store))
    return {row.child: row for row in rows(store)}


def test_what_was_shown_is_written_as_one_action_and_undone(store):
    """Brothers and sisters share a slot and the mother, whom both can talk with; the rest has its reason."""
    plan = shown(store)
    assert rows(store) == ()
    assert {one.child: one.why for one in plan.unserved} == {
        "冉小燕": "没有登记可以打给谁",
        "向阳": "没有能打的号码：母亲 向母没有号码",
        "张伟": "没有能打的号码：母亲 张母号码停机或错了",
    }
    assert plan.advice == ()  # no rule would help them
    changes = write(store, plan=plan)
    assert changes.areas == {"calls", "todo"}
    mother = "母亲 田秀莲"
    assert where(store) == {
        "罗诗涵": (FIRST, "12:20", "活动室座机", 0, "父亲 罗大勇"),
        "谭晓东": (FIRST, "12:30", "活动室座机", 0, mother),
        "谭小兰": (FIRST, "12:30", "活动室座机", 1, mother),
    }
    assert plan.longest_wait_days == 83  # since they are on the ledger
    again = shown(store)
    assert not again.changes_anything
    assert {line.state for line in again.lines} == {LineState.KEPT}
    with refused("calls.plan_nothing"):
        write(store, plan=again)
    assert undo(store, changes.action_uuid, by=None).changes.areas >= changes.areas
    assert rows(store) == ()


def test_who_had_moved_away_from_a_brothers_call_is_not_cancelled_with_it(store, planned):
    """Files of earlier versions: one occasion in two slots; cancelling the one call leaves the other."""
    elder, younger = planned["谭晓东"], planned["谭小兰"]
    with store.action("改到周二", kind="call.plan", by=None) as action:
        action.update(PlannedCallRow, younger.uuid, day=TUESDAY.isoformat())
        action.changes(frozenset())
    assert len({row.occasion for row in rows(store) if row.child in (elder.child, younger.child)}) == 1
    cancel_call(store, planned_uuid=elder.uuid, reason=CancelReason.OTHER)
    assert {row.child: row.day for row in rows(store)} == {"罗诗涵": FIRST, "谭小兰": TUESDAY}


def test_the_history_of_a_child_tells_no_bare_number_of_a_planned_call(store, planned):
    """The order among brothers and sisters is no place, and what is not fixed is not worth a word."""
    told = change_history(store, planned["谭小兰"].child_uuid)
    (line,) = [one for one in told if one.table == "planned_call"]
    parts = line.after.split("，")
    assert "开始 12:30" in parts
    assert "田秀莲" in line.after
    assert not [part for part in parts if part.isdecimal() or "固定" in part]


def test_a_broken_line_moves_what_stood_there_and_nothing_else(store, who, planned):
    """Only the closed quarter of an hour is emptied; who moved keeps its row and the minute at which it stood."""
    draft = ClosureDraft(
        line_uuid=who.lines["活动室座机"],
        first=FIRST,
        last=FIRST,
        starts="12:20",
        ends="12:30",
        reason="修电话",
    )
    close_line(store, draft=draft)
    plan = shown(store)
    (moved,) = plan.of(LineState.MOVED)
    assert [child.name for child in moved.children] == ["罗诗涵"]
    assert (moved.moved_from, moved.why) == ("2026-11-23T12:20", "活动室座机：修电话")
    before = where(store)
    changes = write(store, plan=plan)
    after = where(store)
    assert {name for name in before if before[name] != after[name]} == {"罗诗涵"}
    (row,) = [row for row in rows(store) if row.child == "罗诗涵"]
    assert (row.uuid, row.moved_from) == (planned["罗诗涵"].uuid, "2026-11-23T12:20")
    undo(store, changes.action_uuid, by=None)
    assert where(store) == before


def test_a_failed_call_goes_back_to_the_front_and_a_connected_one_is_done(store, who, clock):
    """The attempt stays in the log with its plan; the child gets the next free slot of the month."""
    write(store, plan=shown(store))
    clock.advance(days=2, hours=12)
    by_name = {row.child: row for row in rows(store)}
    common = {"happened_on": FIRST.isoformat(), "medium": by_name["罗诗涵"].medium}
    save_calls(
        store,
        drafts=[
            LogDraft(
                uuid=new_uuid(),
                child_uuid=row.child_uuid,
                planned_uuid=row.uuid,
                outcome=outcome,
                person_uuid=row.person_uuid,
                **common,
            )
            for row, outcome in (
                (by_name["罗诗涵"], Outcome.NO_ANSWER),
                (by_name["谭晓东"], Outcome.CONNECTED),
                (by_name["谭小兰"], Outcome.CONNECTED),
            )
        ],
    )
    plan = shown(store)
    (line,) = plan.of(LineState.NEW)
    assert [child.name for child in line.children] == ["罗诗涵"]
    assert line.day == TUESDAY
    assert not plan.of(LineState.MOVED)


@pytest.mark.parametrize("outcome", [Outcome.CONNECTED, Outcome.NO_ANSWER])
def test_a_call_made_a_little_early_keeps_its_slot(store, planned, clock, outcome):
    """The call of 12:20 is in the log at 12:15: nobody else is put there, through or not."""
    clock.advance(
        days=(FIRST - clock.today()).days, hours=12 - clock.now().hour, minutes=15 - clock.now().minute
    )
    row = planned["罗诗涵"]
    draft = LogDraft(
        uuid=new_uuid(),
        child_uuid=row.child_uuid,
        planned_uuid=row.uuid,
        happened_on=FIRST.isoformat(),
        outcome=outcome,
        person_uuid=row.person_uuid,
    )
    cancel_call(store, planned_uuid=planned["谭晓东"].uuid, reason=CancelReason.OTHER)
    save_calls(store, drafts=[draft])
    plan = shown(store)
    assert {(line.day, line.starts) for line in plan.of(LineState.NEW)}.isdisjoint({(row.day, row.starts)})
    write(store, plan=plan)
    assert len({(one.day, one.starts, one.place) for one in rows(store)}) == len(rows(store))


def test_a_child_comes_back_from_the_bin_whatever_stands_in_its_slot(store, who, planned):
    """Its planned call goes with it and comes back with it; cancelled when somebody else has the slot by then."""
    child, row = who.children["罗诗涵"], planned["罗诗涵"]
    move_to_bin(store, uuids=[child])
    assert "罗诗涵" not in where(store)
    assert not shown(store).changes_anything
    restore_from_bin(store, uuids=[child])
    assert where(store)["罗诗涵"][1] == "12:20"
    move_to_bin(store, uuids=[child])
    move_call(store, planned_uuid=planned["谭晓东"].uuid, line_uuid=row.line_uuid, day=FIRST, starts="12:20")
    restore_from_bin(store, uuids=[child])
    assert {one.child for one in rows(store)} == {"谭晓东", "谭小兰"}
    (back,) = [one for one in planned_calls(store, FIRST, LAST, cancelled=True) if one.uuid == row.uuid]
    assert (back.cancelled_reason, back.note) == (CancelReason.OTHER, "从回收站取回时，这个时段已经排了别人")
    (line,) = shown(store).of(LineState.NEW)
    assert [one.name for one in line.children] == ["罗诗涵"]


def test_a_sister_comes_back_beside_her_brother(store, who, planned):
    """The brother called alone meanwhile, in the first place of the slot: she takes the second."""
    move_to_bin(store, uuids=[who.children["谭晓东"]])
    restored = restore_from_bin(store, uuids=[who.children["谭晓东"]])
    assert restored
    assert {name: one[3] for name, one in where(store).items() if name.startswith("谭")} == {
        "谭晓东": 0,
        "谭小兰": 1,
    }
    move_to_bin(store, uuids=[who.children["谭晓东"]])
    line = planned["谭晓东"].line_uuid
    move_call(store, planned_uuid=planned["谭小兰"].uuid, line_uuid=line, day=TUESDAY, starts="12:20")
    move_call(store, planned_uuid=planned["谭小兰"].uuid, line_uuid=line, day=FIRST, starts="12:30")
    restore_from_bin(store, uuids=[who.children["谭晓东"]])
    assert {name: one[3] for name, one in where(store).items() if name.startswith("谭")} == {
        "谭晓东": 1,
        "谭小兰": 0,
    }


def test_undoing_what_freed_a_slot_says_who_stands_there_now(store, planned):
    """A cancelled call cannot come back by undo into a slot that was given away: a sentence, and nothing changes."""
    changes = cancel_call(store, planned_uuid=planned["罗诗涵"].uuid, reason=CancelReason.PARENT)
    line = planned["罗诗涵"].line_uuid
    move_call(store, planned_uuid=planned["谭晓东"].uuid, line_uuid=line, day=FIRST, starts="12:20")
    before = where(store)
    with pytest.raises(UserError) as told:
        undo(store, changes.action_uuid, by=None)
    assert told.value.key == "undo.in_the_way"
    assert "谭晓东" in told.value.what, "who stands there now is named"
    assert where(store) == before
    assert "谭晓东" in in_the_way(store, changes.action_uuid).words


def test_a_call_that_the_parent_put_off_is_planned_for_then(store, planned, clock):
    """At the very minute when that is a free slot, and at the next one after it when it is none."""
    clock.advance(days=2, hours=4)
    row = planned["罗诗涵"]
    for minute, expected in (("2026-11-26T12:45", "12:40"), ("2026-11-26T09:00", "12:20")):
        draft = LogDraft(
            uuid=new_uuid(),
            child_uuid=row.child_uuid,
            planned_uuid=row.uuid,
            happened_on=FIRST.isoformat(),
            outcome=Outcome.RESCHEDULED,
            person_uuid=row.person_uuid,
            rescheduled_to=minute,
        )
        changes = save_calls(store, drafts=[draft])
        (line,) = shown(store).of(LineState.NEW)
        assert (line.day, line.starts) == (date(2026, 11, 26), expected)
        undo(store, changes.action_uuid, by=None)


def test_a_number_found_wrong_lets_the_next_contact_be_called(store, who, planned):
    """The slot stays; only whom to call changes. Without anybody left the call falls away with its reason."""
    number = store.one("SELECT uuid FROM phone WHERE number = '13600000001'")[0]
    confirm_phone(store, phone_uuid=number, result=PhoneResult.WRONG_NUMBER)
    plan = shown(store)
    (line,) = [line for line in plan.lines if line.rewrites]
    assert (line.state, line.contact, line.contact_note) == (LineState.KEPT, "祖母 向妹", "只听得懂方言")
    write(store, plan=plan)
    assert where(store)["谭小兰"][-1] == "祖母 向妹"
    number = store.one("SELECT uuid FROM phone WHERE number = '13600000002'")[0]
    confirm_phone(store, phone_uuid=number, result=PhoneResult.STOPPED)
    plan = shown(store)
    assert [one.child for one in plan.dropped] == ["罗诗涵"]
    write(store, plan=plan)
    assert "罗诗涵" not in where(store)
    (row,) = [row for row in planned_calls(store, FIRST, LAST, cancelled=True) if row.child == "罗诗涵"]
    assert row.cancelled_reason is CancelReason.OTHER


def test_what_is_fixed_printed_or_put_by_hand_stays(store, who, planned):
    """A parent's new hours move who is free to move; what stands on paper stays, and is let go again by a wish."""
    person = who.people["罗大勇"]
    mark_printed(store, planned_uuids=[planned["罗诗涵"].uuid])
    hours = [WindowDraft(starts="12:30", ends="13:00", weekday=3)]
    set_windows(store, person_uuid=person, windows=hours, since=date(2026, 11, 21))
    plan = shown(store)
    assert not plan.changes_anything
    assert [line.state for line in plan.lines] == [LineState.PINNED, LineState.KEPT]
    fix_calls(store, planned_uuids=[planned["罗诗涵"].uuid], fixed=False)
    (line,) = shown(store).of(LineState.MOVED)
    assert (line.day, line.starts) == (date(2026, 11, 25), "12:30")
    fix_calls(store, planned_uuids=[planned["罗诗涵"].uuid], fixed=True)
    assert not shown(store).changes_anything
    # What cannot take place is no longer kept to: the paper is wrong then anyhow.
    draft = ClosureDraft(line_uuid=who.lines["活动室座机"], first=FIRST, last=FIRST, reason="停电")
    close_line(store, draft=draft)
    write(store, plan=shown(store))
    (row,) = [row for row in rows(store) if row.child == "罗诗涵"]
    assert (row.day, row.fixed, row.printed_on) == (date(2026, 11, 25), False, None)


def test_nothing_is_written_over_what_changed_since_it_was_shown(store, who, planned):
    """A slot taken, a line closed, a number lost between looking and accepting: refused, and all stays as it is."""
    line = who.lines["活动室座机"]
    cancel_call(store, planned_uuid=planned["罗诗涵"].uuid, reason=CancelReason.PARENT)
    plan = shown(store)
    (new,) = plan.of(LineState.NEW)
    move_call(store, planned_uuid=planned["谭晓东"].uuid, line_uuid=line, day=new.day, starts=new.starts)
    before = where(store)
    with refused("calls.slot_taken"):
        write(store, plan=plan)
    close = ClosureDraft(line_uuid=line, first=FIRST, last=LAST, starts="12:20", ends="13:00", reason="停电")
    plan = shown(store)
    closed = close_line(store, draft=close)
    with refused("calls.plan_changed"):
        write(store, plan=plan)
    undo(store, closed.action_uuid, by=None)
    number = store.one("SELECT uuid FROM phone WHERE number = '13600000002'")[0]
    confirm_phone(store, phone_uuid=number, result=PhoneResult.STOPPED)
    with refused("calls.plan_changed"):
        write(store, plan=plan)
    assert where(store) == before


def test_a_clock_set_back_plans_nothing(store, planned, clock):
    """What lies ahead is not known then: shown with a warning, never written."""
    cancel_call(store, planned_uuid=planned["罗诗涵"].uuid, reason=CancelReason.PARENT)
    clock.advance(days=-3)
    plan = shown(store)
    assert plan.notes[0].startswith("电脑日期是 2026-11-18，上次保存是 2026-11-21")
    with refused("calls.clock_back"):
        write(store, plan=plan)
    cancel_call(store, planned_uuid=planned["谭晓东"].uuid, reason=CancelReason.LINE_DOWN)
    days = store.rows("SELECT DISTINCT cancelled_on FROM planned_call WHERE cancelled_on IS NOT NULL")
    assert days == [("2026-11-21",)], "calling off is never back-dated"


@pytest.mark.parametrize(
    ("first", "last", "key"),
    [
        (date(2026, 11, 2), date(2026, 11, 20), "calls.plan_past"),
        (LAST, FIRST, "calls.plan_order"),
        (FIRST, date(2028, 11, 27), "calls.plan_too_long"),
    ],
)
def test_periods_that_cannot_be_planned(store, first, last, key):
    """Past, turned round, too long: a sentence each."""
    with refused(key):
        shown(store, first, last)


def test_days_gone_by_are_left_out(store):
    """A period that began before today begins today, and says so."""
    plan = shown(store, date(2026, 11, 16), LAST)
    assert plan.first == date(2026, 11, 21)
    assert any("从 2026-11-21 起排" in note for note in plan.notes)
    assert all(line.day >= FIRST for line in plan.lines)


def test_what_stands_outside_the_period_is_left_alone(store, planned):
    """A later month, or one week inside a planned month: nothing that stands elsewhere falls away or moves."""
    write(store, plan=shown(store, date(2026, 12, 1), date(2026, 12, 31)))
    for first, last in (
        (date(2027, 1, 4), date(2027, 1, 8)),
        (date(2026, 12, 7), date(2026, 12, 11)),
        (date(2026, 11, 26), date(2026, 12, 31)),
    ):
        plan = shown(store, first, last)
        assert plan.dropped == plan.of(LineState.MOVED) == ()
        assert all(first <= line.day <= last for line in plan.lines)


def test_without_lines_hours_or_children(store, who, tmp_path, clock):
    """Each has its own sentence; a school whose hours are all closed gets the closing reason for each child."""
    closed = ClosureDraft(line_uuid="", first=date(2026, 11, 21), last=date(2027, 2, 1), reason="停电")
    changes = close_line(store, draft=closed)
    plan = shown(store)
    assert plan.lines == ()
    assert {one.why for one in plan.unserved if one.child == "罗诗涵"} == {"这段时间没有开放的时段：停电"}
    undo(store, changes.action_uuid, by=None)
    for line in who.lines.values():
        end_line(store, line_uuid=line, on=date(2026, 11, 21))
    with refused("calls.no_lines"):
        shown(store)


def test_conflicts_are_said_before_a_call_is_dropped(store, who, planned):
    """Every slot of the week has its verdict; an occupied one offers to change places."""
    line, video = who.lines["活动室座机"], who.lines["视频电脑"]
    uuid = planned["罗诗涵"].uuid
    known = conflicts_within(store, planned_uuid=uuid, first=FIRST, last=LAST)
    assert len(known) == 4 * 5 + 2
    assert known[FIRST, line, "12:20"] == known[TUESDAY, line, "12:40"] == ()
    (taken,) = known[FIRST, line, "12:30"]
    assert (taken.words, taken.hard, taken.swap) == ("和 谭晓东 对换", False, planned["谭晓东"].uuid)
    assert known[date(2026, 11, 25), video, "16:20"] == ()
    (alone,) = conflicts(
        store, line_uuid=line, day=FIRST, starts="12:30", child_uuids=[who.children["向阳"]]
    )[:1]
    assert (alone.words, alone.hard) == ("已有 谭晓东", True)
    (missing,) = conflicts(store, line_uuid=line, day=FIRST, starts="09:00", planned_uuid=uuid)
    assert (missing.key, missing.hard) == ("calls.no_such_slot", True)


def test_moved_swapped_and_put_by_hand(store, who, planned):
    """A family moves as one and keeps its minute; two calls change places; a child without a number asks why first."""
    line = who.lines["活动室座机"]
    move_call(store, planned_uuid=planned["谭小兰"].uuid, line_uuid=line, day=TUESDAY, starts="12:50")
    found = {row.child: row for row in rows(store)}
    assert {(found[name].day, found[name].starts) for name in ("谭晓东", "谭小兰")} == {(TUESDAY, "12:50")}
    assert found["谭晓东"].moved_from == "2026-11-23T12:30"
    assert found["谭晓东"].origin is Origin.HAND
    swap_calls(store, planned_uuid=planned["谭晓东"].uuid, other_uuid=planned["罗诗涵"].uuid)
    assert where(store)["罗诗涵"][:2] == (TUESDAY, "12:50")
    assert where(store)["谭小兰"][:2] == (FIRST, "12:20")
    assert not shown(store).changes_anything  # by hand: it stays
    with refused("calls.slot_taken"):
        move_call(store, planned_uuid=planned["谭晓东"].uuid, line_uuid=line, day=TUESDAY, starts="12:50")
    child = [who.children["张伟"]]
    with refused("calls.move_conflict"):
        plan_by_hand(store, child_uuids=child, line_uuid=line, day=TUESDAY, starts="12:20")
    changes = plan_by_hand(
        store, child_uuids=child, line_uuid=line, day=TUESDAY, starts="12:20", despite=True
    )
    assert "张伟" in where(store)
    undo(store, changes.action_uuid, by=None)
    assert "张伟" not in where(store)
    with refused("calls.slot_past"):
        plan_by_hand(
            store, child_uuids=child, line_uuid=line, day=date(2026, 11, 20), starts="12:20", despite=True
        )


def test_stopping_leaves_nothing(store):
    """Progress is told, and whoever stops the work there finds nothing changed."""

    class StoppedError(Exception):
        pass

    seen = []

    def stop(done, total, words=""):
        no_progress(done, total, words)
        seen.append(words)
        if words == "正在排号":
            raise StoppedError

    with pytest.raises(StoppedError):
        preview(store, first=FIRST, last=LAST, progress=stop)
    assert seen == ["正在读时段和儿童", "正在排号"]
    assert rows(store) == ()


def test_the_facts_hold_no_number(store):
    """What is handed to the window carries nobody's telephone number."""
    assert "1360000000" not in repr(read_facts(store, first=FIRST, last=LAST))


def test_cancelled_for_one_child_or_for_the_family(store, planned):
    """The reason is kept; a brother still calls when only the sister is away."""
    cancel_call(store, planned_uuid=planned["谭小兰"].uuid, reason=CancelReason.CHILD_ABSENT, only_child=True)
    assert set(where(store)) == {"罗诗涵", "谭晓东"}
    cancel_call(store, planned_uuid=planned["谭晓东"].uuid, reason=CancelReason.PARENT, note="改到下周")
    assert set(where(store)) == {"罗诗涵"}
    with pytest.raises(UserError, check=lambda error: error.key == "calls.no_such_call"):
        cancel_call(store, planned_uuid=planned["谭晓东"].uuid, reason=CancelReason.PARENT)


@pytest.mark.parametrize("reason", [CancelReason.LINE_DOWN, CancelReason.PARENT, CancelReason.DUTY])
def test_a_slot_that_was_called_off_is_not_given_to_the_same_child_again(store, planned, reason):
    """Somebody said that this call does not take place; another child may have the slot."""
    row = planned["罗诗涵"]
    changes = cancel_call(store, planned_uuid=row.uuid, reason=reason)
    (line,) = shown(store).of(LineState.NEW)
    assert (line.day, line.starts) != (row.day, row.starts)
    undo(store, changes.action_uuid, by=None)
    assert not shown(store).changes_anything


def test_a_child_called_off_as_absent_comes_on_another_day(store, planned):
    """Its brother, who is there, keeps the slot that both had."""
    row = planned["谭小兰"]
    cancel_call(store, planned_uuid=row.uuid, reason=CancelReason.CHILD_ABSENT, only_child=True)
    write(store, plan=shown(store))
    assert where(store)["谭晓东"][:2] == (row.day, row.starts)
    assert where(store)["谭小兰"][0] != row.day
