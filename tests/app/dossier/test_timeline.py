"""The timeline: whatever was done with a child, in one order, from whichever room; nothing of what is restricted."""

from __future__ import annotations

import pytest

from app.calls.codes import Mood, Outcome
from app.calls.log_drafts import LogDraft
from app.calls.service_log import save_calls
from app.diary.codes import AbsenceReason, Activity, IncidentKind, MeetingKind, PersuasionResult
from app.diary.drafts import PromiseDraft, RecordDraft, draft_uuid
from app.diary.incidents import IncidentDraft, save_incident
from app.diary.meetings import AttendanceDraft, MeetingDraft, save_meeting
from app.diary.service import remove_record, save_record
from app.diary.service_absences import AbsenceDraft, PersuasionDraft, save_absence, save_persuasion
from app.diary.service_events import report_event, withdraw_event
from app.diary.service_promises import give_up_promise
from app.dossier.service_bin import move_to_bin
from app.dossier.timeline import Sort, timeline
from app.pairing.codes import Guidance, PairingEnd, PairingKind
from app.pairing.service_pairs import end_pairing, pair
from tests.app.diary.conftest import *  # noqa: F403

SECRET = "在仓库后面摔断了胳膊"


def record(child, day, text, **known):
    return RecordDraft(
        uuid=draft_uuid(),
        children=(child,),
        kind=known.pop("kind", Activity.TALK),
        happened_on=day,
        content=text,
        **known,
    )


@pytest.fixture
def busy(store, who):
    """A child with something of every sort; today is the clock's."""
    rain, day = who.rain, "2026-09-02"
    today = store.clock.today().isoformat()
    promised = record(
        rain,
        "2026-09-07",
        "说夜里想妈妈",
        guidances=frozenset({Guidance.MIND}),
        promises=(PromiseDraft(content="带一双手套"), PromiseDraft(content="陪她打电话", due_on=today)),
    )
    save_record(store, draft=promised)
    gloves = promised.promises[0].uuid
    save_record(store, draft=record(rain, "2026-09-09", "手套带到了", kept=(gloves,)))
    pair(
        store,
        child_uuid=rain,
        kind=PairingKind.SUPPORT_TEACHER,
        key=who.wang,
        since=day,
        unchecked_reason="材料在路上",
    )
    (pairing,) = store.one("SELECT uuid FROM pairing WHERE valid_to IS NULL")
    end_pairing(store, pair_uuid=pairing, on="2026-09-08", reason=PairingEnd.ASKED)
    report_event(store, child_uuid=rain, rule_code="unwell", happened_on="2026-09-03", note="发烧")
    list_ = (AttendanceDraft(child_uuid=rain, came=True, attendee="刘桂香", relation="妈妈"),)
    save_meeting(
        store,
        draft=MeetingDraft(
            kind=MeetingKind.PARENTS, happened_on="2026-09-04", topic="开学安全", attendance=list_
        ),
    )
    case = AbsenceDraft(child_uuid=rain, happened_on="2026-09-05", reason=AbsenceReason.ILLNESS)
    save_absence(store, draft=case)
    save_persuasion(
        store,
        draft=PersuasionDraft(
            absence_uuid=case.uuid,
            happened_on="2026-09-06",
            persons="王丽华",
            course="到家里看了",
            result=PersuasionResult.RETURNED,
        ),
    )
    call = LogDraft(
        uuid=draft_uuid(),
        child_uuid=rain,
        happened_on="2026-09-10",
        outcome=Outcome.CONNECTED,
        person_uuid=who.mother,
        minutes=3,
        mood=Mood.HAPPY,
        said="妈妈说中秋回来",
    )
    save_calls(store, drafts=(call,))
    save_incident(
        store,
        draft=IncidentDraft(
            child_uuid=rain,
            kind=IncidentKind.INJURY,
            found_at="2026-09-02T10:10",
            course=SECRET,
            place="仓库",
        ),
    )
    return store


def heads(store, child):
    return [(entry.day, entry.head) for entry in timeline(store, child).entries]


def test_everything_stands_in_one_order_the_newest_first(busy, who):
    found = timeline(busy, who.rain)
    days = [entry.day for entry in found.entries]
    assert days == sorted(days, reverse=True)
    assert {entry.sort for entry in found.entries} == set(Sort) - {Sort.PLAN, Sort.SURVEY}
    assert found.entries[0].text == "接通，母亲刘桂香，电话，3 分钟，高兴。孩子说：妈妈说中秋回来"
    assert {
        ("2026-09-10", "亲情电话"),
        ("2026-09-09", "谈心"),
        ("2026-09-09", "兑现了"),
        ("2026-09-08", "结对结束"),
        ("2026-09-06", "第 1 次劝返"),
        ("2026-09-06", "返校"),
        ("2026-09-05", "没有到校"),
        ("2026-09-04", "家长会"),
        ("2026-09-03", "身体不佳"),
        ("2026-09-02", "结对"),
        ("2026-09-02", "突发事件"),
    } <= set(heads(busy, who.rain))
    assert [one.content for one in found.promises] == ["陪她打电话"]
    meeting = next(entry for entry in found.entries if entry.sort is Sort.MEETING)
    assert meeting.text == "开学安全。到会：妈妈 刘桂香"
    assert timeline(busy, who.moon).entries == ()


def test_of_an_incident_only_that_there_was_one(busy, who):
    entry = next(one for one in timeline(busy, who.rain).entries if one.sort is Sort.INCIDENT)
    assert SECRET not in entry.text
    assert "仓库" not in entry.text


def test_a_promise_whose_record_is_gone_is_open_again_and_one_given_up_says_why(busy, who):
    kept = next(
        entry for entry in timeline(busy, who.rain).entries if entry.day == "2026-09-09" and entry.activity
    )
    remove_record(busy, uuid=kept.uuid)
    found = timeline(busy, who.rain)
    assert {one.content for one in found.promises} == {"带一双手套", "陪她打电话"}
    assert "兑现了" not in [entry.head for entry in found.entries]
    phone = next(one for one in found.promises if one.content == "陪她打电话")
    give_up_promise(busy, uuid=phone.uuid, note="妈妈回来了")
    given_up = next(entry for entry in timeline(busy, who.rain).entries if entry.head == "不再办")
    assert given_up.text == "陪她打电话（妈妈回来了）"


def test_an_event_says_what_came_of_it(busy, who):
    (event,) = busy.one("SELECT uuid FROM trigger_event")

    def words():
        return next(one.text for one in timeline(busy, who.rain).entries if one.sort is Sort.EVENT)

    assert words() == "发烧，还没有家访"
    visit = record(who.rain, "2026-09-08", "看过了，退烧了", kind=Activity.HOME_VISIT, closes=(event,))
    save_record(busy, draft=visit)
    assert words() == "发烧，已家访"
    remove_record(busy, uuid=visit.uuid)
    assert words() == "发烧，还没有家访"
    withdraw_event(busy, uuid=event, note="记错了人")
    assert words() == "发烧，已撤回：记错了人"


def test_what_was_written_down_late_says_so(busy, who):
    late, fresh = record(who.rain, "2026-09-02", "当时没来得及"), record(who.rain, "2026-11-20", "昨天的")
    for draft in (late, fresh):
        save_record(busy, draft=draft)
    said = {entry.uuid: entry.late_words for entry in timeline(busy, who.rain).entries}
    assert said[late.uuid] == "补录（80 天）"
    assert said[fresh.uuid] == ""


def test_a_child_in_the_bin_has_none(busy, who):
    move_to_bin(busy, uuids=[who.rain])
    found = timeline(busy, who.rain)
    assert (found.entries, found.promises) == ((), ())
