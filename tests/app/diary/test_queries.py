"""Lists, filters, paging, searching, the week, coverage and the mark of late entry, each against what was written."""

from datetime import date, timedelta
from itertools import chain
from unittest.mock import Mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.children.codes import RegistrationEnd
from app.children.service_status import leave
from app.children.tables import Enrolment
from app.core.errors import EnvironmentFault, UserError
from app.core.messages import fault
from app.diary.codes import Activity
from app.diary.drafts import PromiseDraft, RecordDraft, draft_uuid
from app.diary.late import LateRule, late_rule, late_words
from app.diary.phrases import phrases
from app.diary.queries import (
    RecordFilters,
    count_records,
    guidance_coverage,
    last_days,
    last_of_each,
    lines_of,
    record,
    records,
)
from app.diary.register import full_records
from app.diary.rules import form_fields, media_of, topics_of
from app.diary.service import remove_record, save_records
from app.diary.service_phrases import add_phrase, change_phrase, move_phrase, remove_phrase
from app.diary.text_search import TextSearch
from app.diary.week import week_grid
from app.dossier.at_hand import at_hand
from app.pairing.codes import Guidance, PairingKind
from app.pairing.service_pairs import pair
from app.school.limits import Limit, set_limit
from app.school.service_classes import set_class_teacher
from app.school.tables import Staff
from app.storage.store import Store

TALK, VISIT, TUTORING = Activity.TALK, Activity.HOME_VISIT, Activity.TUTORING


@pytest.fixture
def term(store, who):
    """Write thirty records: ten days, three children, three kinds."""
    made = []
    for number in range(30):
        day = date(2026, 10, 12) + timedelta(days=number // 3)
        child = (who.rain, who.chen, who.moon)[number % 3]
        kind = (TALK, VISIT, TUTORING)[number // 3 % 3]
        tags = frozenset({list(Guidance)[number % 4]}) if number % 5 else frozenset()
        supporter = who.wang if number % 2 else who.li
        made.append(
            RecordDraft(
                uuid=draft_uuid(),
                children=(child,),
                kind=kind,
                happened_on=day.isoformat(),
                guidances=tags,
                supporter_uuid=supporter,
                content=f"第 {number} 条",
            )
        )
    save_records(store, drafts=made)
    return made


def shown(store, **known):
    return {line.uuid for line in records(store, RecordFilters(**known), limit=None)}


@pytest.mark.parametrize(
    ("known", "fits"),
    [
        ({}, lambda _d, _w: True),
        ({"kinds": frozenset({TALK, VISIT})}, lambda d, _w: d.kind in {TALK, VISIT}),
        (
            {"guidances": frozenset({Guidance.MIND, Guidance.LIFE})},
            lambda d, _w: d.guidances & {Guidance.MIND, Guidance.LIFE},
        ),
        ({"untagged": True}, lambda d, _w: not d.guidances),
        (
            {"since": "2026-10-14", "until": "2026-10-16"},
            lambda d, _w: "2026-10-14" <= d.happened_on <= "2026-10-16",
        ),
        ({"late": True}, lambda _d, _w: True),
        ({"late": True, "kinds": frozenset({TALK})}, lambda d, _w: d.kind is TALK),
    ],
)
def test_filters_show_what_fits(store, who, term, known, fits):
    assert shown(store, **known) == {draft.uuid for draft in term if fits(draft, who)}
    assert count_records(store, RecordFilters(**known)) == len(shown(store, **known))


def test_by_child_class_and_supporter(store, who, term):
    assert shown(store, child_uuid=who.rain) == {d.uuid for d in term if d.children == (who.rain,)}
    assert shown(store, class_uuid=who.third) == {d.uuid for d in term if d.children != (who.moon,)}
    by_staff = shown(store, supporter_uuid=who.wang)
    assert by_staff == {d.uuid for d in term if d.supporter_uuid == who.wang}
    (row,) = store.rows(
        "SELECT s.uuid FROM supporter s JOIN staff f ON f.id = s.staff_id WHERE f.uuid = ?", (who.wang,)
    )
    assert shown(store, supporter_uuid=row[0]) == by_staff


def test_pages_follow_on_one_another_without_gap_or_repetition(store, term):
    whole = records(store, RecordFilters(), limit=None)
    assert [line.happened_on for line in whole] == sorted((d.happened_on for d in term), reverse=True)
    paged, last = [], None
    while page := records(store, RecordFilters(), limit=7, before=last):
        paged.extend(page)
        last = page[-1]
    assert tuple(paged) == whole


def test_the_last_of_each_kind(store, who, term):
    last = last_of_each(store, who.rain)
    for kind in (TALK, VISIT, TUTORING):
        days = [d.happened_on for d in term if d.children == (who.rain,) and d.kind is kind]
        assert last[kind].happened_on == max(days)
    assert set(last) == {TALK, VISIT, TUTORING}
    of_visits = last_days(store, (VISIT,))
    assert of_visits[who.rain] == last[VISIT].happened_on
    assert who.thunder not in of_visits


def test_coverage_of_the_four_guidances(store, who, term):
    found = guidance_coverage(store, "2026-10-12", "2026-10-18")
    of_rain = [d for d in term if d.children == (who.rain,) and d.happened_on <= "2026-10-18"]
    assert found[who.rain].records == len(of_rain)
    for guidance in Guidance:
        assert getattr(found[who.rain], guidance.value) == sum(guidance in d.guidances for d in of_rain)
    assert who.thunder not in found


# ---- searching ------------------------------------------------------------------------------------------------------


def found(store, words, **known):
    hits = chain.from_iterable(TextSearch(store, words, RecordFilters(**known)))
    return [line.text for line in lines_of(store, [key for _day, key in hits])]


def test_searching_is_literal_in_every_text_and_all_words_must_be_there(store, write):
    write(content="100%_完成 A'B\"C; --", plan="下周家访", place="白水沟")
    write(content="百分之百完成")
    assert (
        found(store, "100%")
        == found(store, "_完")
        == found(store, "a'b\"c; --")
        == ["100%_完成 A'B\"C; --  下周家访"]
    )
    assert len(found(store, "完成")) == 2
    assert len(found(store, "下周 白水沟")) == 1
    assert found(store, "完成下周") == found(store, "没有") == found(store, "  ") == []
    assert found(store, "%") == ["100%_完成 A'B\"C; --  下周家访"]
    assert found(store, "完成", kinds=frozenset({VISIT})) == []


def days(piece):
    return [day for day, _key in piece]


def test_searching_hands_out_hits_as_they_come_and_lets_go_between(store, write, monkeypatch):
    monkeypatch.setattr("app.diary.text_search._PIECE", 2)
    for number in (1, 2, 0, 3, 4):
        write(content="找", happened_on=f"2026-11-1{number}")
    pieces = TextSearch(store, "找")
    assert days(next(pieces)) == ["2026-11-14", "2026-11-13"]
    write(content="找：中间可以写")
    assert [days(piece) for piece in pieces] == [["2026-11-12", "2026-11-10"], ["2026-11-11"]]
    assert next(pieces, None) is None


def test_a_piece_that_could_not_be_read_is_looked_through_again(store, write, monkeypatch):
    monkeypatch.setattr("app.diary.text_search._PIECE", 2)
    for number in range(5):
        write(content="找", happened_on=f"2026-11-1{number}")
    pieces = TextSearch(store, "找")
    found = [*next(pieces)]
    with monkeypatch.context() as broken:
        broken.setattr(Store, "rows", Mock(side_effect=fault("io-error")))
        with pytest.raises(EnvironmentFault):
            next(pieces)
    found += chain.from_iterable(pieces)
    assert days(found) == [f"2026-11-1{number}" for number in (4, 3, 2, 1, 0)]


@pytest.mark.parametrize(
    "filters",
    [
        RecordFilters(),
        RecordFilters(kinds=frozenset({TALK})),
        RecordFilters(kinds=frozenset({TALK, VISIT}), guidances=frozenset({Guidance.MIND})),
        RecordFilters(late=True),
    ],
)
@pytest.mark.usefixtures("term")
def test_the_first_page_of_a_list_reads_no_more_than_it_shows(store, filters, monkeypatch):
    """Along the days, newest first, nothing sorted; a piece of a search reads its own records."""
    asked = []
    rows = Store.rows
    monkeypatch.setattr(
        Store, "rows", lambda self, sql, params=(): asked.append((sql, params)) or rows(self, sql, params)
    )
    records(store, filters, limit=200)
    next(TextSearch(store, "书", filters))
    monkeypatch.undo()
    plans = {
        "LIKE" in sql: [step for _, at, _, step in store.rows(f"EXPLAIN QUERY PLAN {sql}", params) if not at]
        for sql, params in asked
        if "FROM care_record r" in sql
    }
    assert plans.keys() == {False, True}
    assert any("r USING INDEX care_record_by_happened_on" in step for step in plans[False])
    assert "USE TEMP B-TREE FOR ORDER BY" not in plans[False]
    assert any("r USING INTEGER PRIMARY KEY" in step for step in plans[True])


def test_lines_come_in_the_order_of_their_keys_without_those_in_the_bin(store, write):
    made = [write(content=f"第 {number}").uuid for number in range(3)]
    ids = {line.text: line.id for line in records(store, RecordFilters())}
    asked = [ids["第 1"], ids["第 2"], ids["第 0"]]
    assert [line.text for line in lines_of(store, asked)] == ["第 1", "第 2", "第 0"]
    remove_record(store, uuid=made[2])
    assert [line.text for line in lines_of(store, asked)] == ["第 1", "第 0"]


def test_a_line_names_the_class_of_its_day_and_counts_the_promises_that_are_open(store, who, write):
    two = (PromiseDraft(content="带手套"), PromiseDraft(content="带本子"))
    made = write(content="答应", happened_on="2026-10-14", promises=two)
    write(content="做到", kept=(made.promises[0].uuid,))
    with store.action("转班", kind="edit") as action:
        enrolment, child = store.rows(
            "SELECT e.id, c.id FROM enrolment e JOIN child c ON c.id = e.child_id WHERE c.uuid = ?",
            (who.rain,),
        )[0]
        other = store.rows("SELECT id FROM school_class WHERE uuid = ?", (who.fourth,))[0][0]
        action.update(Enrolment, enrolment, valid_to="2026-10-15")
        action.insert(Enrolment, child=child, school_class=other, valid_from="2026-10-15")
    said = {line.text: (line.class_name, line.open_promises) for line in records(store, RecordFilters())}
    assert said == {"答应": ("三（1）班", 1), "做到": ("四（2）班", 0)}


# ---- the week -------------------------------------------------------------------------------------------------------


def test_the_week_of_a_class_and_of_a_supporter(store, who, write):
    pair(
        store,
        child_uuid=who.chen,
        kind=PairingKind.MENTOR,
        key=who.li,
        since="2026-09-01",
        unchecked_reason="新学期",
    )
    write(children=(who.rain,), happened_on="2026-11-16", content="周一")
    write(children=(who.rain,), happened_on="2026-11-22", content="周日")
    write(children=(who.rain,), happened_on="2026-11-15", content="上周日")
    write(children=(who.rain,), kind=VISIT, happened_on="2026-11-17")
    monday = date(2026, 11, 16)
    chen, rain = week_grid(store, monday=monday, kinds=(TALK,), class_uuid=who.third)
    assert (chen.child_name, chen.class_name, chen.supporter_name) == ("陈思远", "三（1）班", "李国庆")
    assert [line.text for line in rain.cells[TALK]] == ["周一", "周日"]
    assert (VISIT in rain.cells, rain.supporter_uuid, chen.cells) == (False, None, {})
    assert [
        row.child_name for row in week_grid(store, monday=monday, kinds=(TALK,), supporter_uuid=who.li)
    ] == ["陈思远"]
    assert len(week_grid(store, monday=monday, kinds=(TALK,))) == 4
    assert week_grid(store, monday=date(2026, 8, 17), kinds=(TALK,)) == ()


def test_of_several_who_look_after_a_child_the_one_who_answers_for_it_is_put_down(store, who):
    """A proxy parent paired first does not get the teacher's talks, neither in the week nor in a record of its own."""
    whom = {"child_uuid": who.chen, "since": "2026-09-01", "unchecked_reason": "新学期"}
    pair(store, kind=PairingKind.PROXY_PARENT, key=who.wang, **whom)
    pair(store, kind=PairingKind.MENTOR, key=who.li, **whom)
    chen, _ = week_grid(store, monday=date(2026, 11, 16), kinds=(TALK,), class_uuid=who.third)
    assert chen.supporter_name == "李国庆"
    hand = at_hand(store, date(2026, 11, 21), children=[who.chen])
    assert hand.supporter == chen.supporter_uuid
    with store.action("离开", kind="test") as action:
        action.update(Staff, who.li, left_on="2026-11-10")
    chen, _ = week_grid(store, monday=date(2026, 11, 16), kinds=(TALK,), class_uuid=who.third)
    hand = at_hand(store, date(2026, 11, 21), children=[who.chen])
    assert (chen.supporter_name, hand.supporter) == ("王丽华", chen.supporter_uuid)


def test_a_proxy_parent_is_not_put_down_for_what_the_head_teacher_answers_for(store, who):
    """As in the list of what is due, and on the paper; where nobody leads the class, the proxy parent is the next best."""
    whom = {"child_uuid": who.chen, "since": "2026-09-01", "unchecked_reason": "新学期"}
    pair(store, kind=PairingKind.PROXY_PARENT, key=who.li, **whom)
    day = date(2026, 11, 21)
    li = at_hand(store, day, children=[who.chen], kind="home_visit").supporter
    assert at_hand(store, day, children=[who.chen], kind="talk").supporter == li != ""
    set_class_teacher(store, class_uuid=who.third, staff_uuid=who.wang, since=date(2026, 9, 1))
    assert at_hand(store, day, children=[who.chen], kind="talk").supporter == who.wang
    assert at_hand(store, day, children=[who.chen], kind="home_visit").supporter == li


def test_for_a_child_that_nobody_looks_after_its_head_teacher_is_put_down(store, who):
    """In a record of its own and in the week; who is entering comes first, who has left the school never."""
    day = date(2026, 11, 21)
    assert at_hand(store, day, children=[who.chen]).supporter == ""
    set_class_teacher(store, class_uuid=who.third, staff_uuid=who.wang, since=date(2026, 9, 1))
    assert at_hand(store, day, children=[who.chen]).supporter == who.wang
    assert at_hand(store, day, children=[who.chen], who="李国庆").supporter == who.li
    rows = week_grid(store, monday=date(2026, 11, 16), kinds=(TALK,), class_uuid=who.third)
    assert {(row.supporter_uuid, row.supporter_name) for row in rows} == {(who.wang, "王丽华")}
    with store.action("离开", kind="test") as action:
        action.update(Staff, who.wang, left_on="2026-11-10")
    assert at_hand(store, day, children=[who.chen]).supporter == ""


def test_where_the_only_one_has_left_the_week_puts_the_head_teacher_down(store, who):
    """The pair is not handed over yet; in the week of leaving it may still have been them."""
    set_class_teacher(store, class_uuid=who.third, staff_uuid=who.wang, since=date(2026, 9, 1))
    pair(
        store,
        kind=PairingKind.MENTOR,
        key=who.li,
        child_uuid=who.chen,
        since="2026-09-01",
        unchecked_reason="新",
    )
    with store.action("离开", kind="test") as action:
        action.update(Staff, who.li, left_on="2026-11-12")
    put_down = {
        monday: week_grid(store, monday=date(2026, 11, monday), kinds=(TALK,), class_uuid=who.third)[0]
        for monday in (9, 16)
    }
    assert [put_down[9].supporter_name, put_down[16].supporter_name] == ["李国庆", "王丽华"]
    assert at_hand(store, date(2026, 11, 21), children=[who.chen]).supporter == put_down[16].supporter_uuid
    with store.action("离开", kind="test") as action:
        action.update(Staff, who.wang, left_on="2026-11-12")
    (nobody, *_) = week_grid(store, monday=date(2026, 11, 16), kinds=(TALK,), class_uuid=who.third)
    assert (nobody.supporter_uuid, nobody.supporter_name) == (None, "")


# ---- late entry -----------------------------------------------------------------------------------------------------


def test_the_limit_in_force_on_the_day_of_entry_decides_for_ever(store, write, clock):
    before = write(happened_on="2026-11-12")
    set_limit(store, code=Limit.LATE_ENTRY_DAYS, number=3, since=date(2026, 11, 25))
    clock.advance(days=4)
    after = write(happened_on="2026-11-16")
    in_time = write(happened_on="2026-11-22")
    late = {uuid: record(store, uuid).line.late_words for uuid in (before.uuid, after.uuid, in_time.uuid)}
    assert late == {before.uuid: "补录（9 天）", after.uuid: "补录（9 天）", in_time.uuid: ""}
    set_limit(store, code=Limit.LATE_ENTRY_DAYS, number=30, since=date(2026, 11, 26))
    assert shown(store, late=True) == {before.uuid, after.uuid}
    assert late_rule(store).limit("2026-12-01") == 30


_DAYS = st.dates(date(2025, 1, 1), date(2027, 12, 31))


@given(_DAYS, _DAYS, st.integers(1, 60))
def test_late_is_more_than_the_limit_and_never_before_it_happened(happened, entered, limit):
    days = LateRule(("",), (limit,)).days(happened.isoformat(), entered.isoformat())
    distance = (entered - happened).days
    assert days == (distance if distance > limit else 0)
    assert late_words(days) == (f"补录（{distance} 天）" if distance > limit else "")


# ---- forms and phrases ----------------------------------------------------------------------------------------------


def test_every_kind_has_its_form():
    for kind in Activity:
        columns = [field.column for field in form_fields(kind)]
        assert columns
        assert len(set(columns)) == len(columns)
        assert len(set(media_of(kind))) == len(media_of(kind))
        assert len(set(topics_of(kind))) == len(topics_of(kind))


def test_her_own_phrases(store):
    for text in ("按时完成作业", " 情绪稳定 ", "按时完成作业"):
        add_phrase(store, field="content", content=text)
    add_phrase(store, field="plan", content="下周再谈")
    with pytest.raises(UserError, check=lambda error: error.key == "phrase.blank"):
        add_phrase(store, field="plan", content=" ")
    first, second = phrases(store, "content")
    assert (first.content, second.content) == ("按时完成作业", "情绪稳定")
    move_phrase(store, uuid=second.uuid, position=0)
    change_phrase(store, uuid=first.uuid, content="认真完成作业")
    assert [one.content for one in phrases(store, "content")] == ["情绪稳定", "认真完成作业"]
    remove_phrase(store, uuid=second.uuid)
    assert [one.content for one in phrases(store)] == ["认真完成作业", "下周再谈"]


def test_a_child_off_the_ledger_is_in_no_later_week_but_its_records_stay(store, who, write):
    write(content="在册时")
    leave(store, child_uuid=who.rain, reason=RegistrationEnd.BOTH_PARENTS_BACK, on="2026-11-21")
    names = [row.child_name for row in week_grid(store, monday=date(2026, 11, 23), kinds=(TALK,))]
    assert (len(names), "张小雨" in names) == (3, False)
    assert [line.text for line in records(store, RecordFilters(child_uuid=who.rain))] == ["在册时"]


def test_a_promise_whose_record_lies_in_the_bin_is_not_printed_as_kept(store, write):
    promise = PromiseDraft(content="带一副手套")
    made = write(promises=(promise,))
    kept = write(kept=(promise.uuid,))
    (line,) = (one for one in full_records(store, RecordFilters()) if one.line.uuid == made.uuid)
    assert line.promises == ("带一副手套（2026-11-20 已兑现）",)
    remove_record(store, uuid=kept.uuid)
    (line,) = full_records(store, RecordFilters())
    assert line.promises == ("带一副手套",)
