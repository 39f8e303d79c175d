"""情况变了, corrections, ends, mistakes: periods on a real file."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.children.codes import AwayState, HealthStatus, Relation
from app.children.drafts import ChildDraft, PersonDraft
from app.children.queries import load_child
from app.children.service import add_child, change_field
from app.children.service_facts import correct_fact, end_fact, record_fact, record_past, remove_fact
from app.core.errors import UserError
from app.school.codes import Stage
from app.school.rules import ClassRef
from app.storage.history import actions, undo
from tests.app.children.builders import DAY


@pytest.fixture
def kid(store):
    draft = ChildDraft(
        name="覃䶮",
        people=(
            PersonDraft(
                relation=Relation.MOTHER,
                name="向桂香",
                away=AwayState.OUT,
                place="浙江温州",
                since="2024-02-18",
            ),
        ),
    )
    add_child(store, draft=draft)
    return draft.uuid


def mother(store, kid, day=DAY):
    return load_child(store, kid, day).mother


def away(store, kid, since, **values):
    return record_fact(
        store,
        table="away",
        subject_uuid=mother(store, kid).uuid,
        values={"state": "out", **values},
        since=since,
        source="奶奶口述",
        by="陈素兰",
    )


def periods(store, table="away"):
    sql = f"SELECT valid_from, valid_to FROM {table} WHERE deleted_at IS NULL ORDER BY valid_from"
    return store.rows(sql)


def refused(key):
    return pytest.raises(UserError, check=lambda error: error.key == key)


def test_a_change_closes_what_was_and_opens_what_is(store, kid):
    changes = away(store, kid, "2025-08-20", place="福建晋江", trade="鞋厂")
    now = mother(store, kid).away
    assert (now.place, now.trade, now.valid_from, now.since) == (
        "福建晋江",
        "鞋厂",
        "2025-08-20",
        "2024-02-18",
    )
    assert (now.source, now.noted_on) == ("奶奶口述", "2026-11-21")
    assert periods(store) == [("2024-02-18", "2025-08-20"), ("2025-08-20", None)]
    assert kid in changes.uuids
    assert actions(store)[0].words == "向桂香：外出情况，情况变了"


def test_the_same_day_is_a_correction(store, kid):
    away(store, kid, "2025-08-20", place="福建晋江")
    away(store, kid, "2025-08-20", place="福建泉州")
    assert mother(store, kid).away_place == "福建泉州"
    assert len(periods(store)) == 2


def test_what_is_known_already_writes_nothing(store, kid):
    assert not away(store, kid, "2026-01-01", place="浙江温州")
    assert len(periods(store)) == 1


def test_nothing_is_written_before_what_is_known(store, kid):
    with refused("fact.later_known"):
        away(store, kid, "2023", place="广东")
    with refused("fact.later_known"):
        away(store, kid, None, place="广东")
    assert periods(store) == [("2024-02-18", None)]


def test_what_was_before_can_be_added_where_there_is_room(store, kid):
    person = mother(store, kid).uuid
    before = {"table": "away", "subject_uuid": person, "values": {"state": "out", "place": "广东东莞"}}
    record_past(store, **before, since="2022", until="2023-05")
    assert mother(store, kid, date(2023, 1, 1)).away_place == "广东东莞"
    assert mother(store, kid).away_place == "浙江温州"
    with refused("storage.overlap"):
        record_past(store, **before, since="2023-01", until="2024-03")
    with refused("fact.end_before_start"):
        record_past(store, **before, since="2021", until="2020")
    with refused("date.bad"):
        record_past(store, **before, since="2021", until="")


def test_a_correction_keeps_the_period_and_a_change_of_its_dates_is_checked(store, kid):
    row = mother(store, kid).away.uuid
    correct_fact(store, table="away", row_uuid=row, values={"place": "浙江瑞安", "valid_from": "2024-02"})
    now = mother(store, kid).away
    assert (now.uuid, now.place, now.valid_from) == (row, "浙江瑞安", "2024-02")
    with refused("date.bad"):
        correct_fact(store, table="away", row_uuid=row, values={"valid_from": "二月"})
    with refused("fact.end_before_start"):
        correct_fact(store, table="away", row_uuid=row, values={"valid_to": "2023"})
    with pytest.raises(TypeError):
        correct_fact(store, table="away", row_uuid=row, values={"uuid": "x"})
    with refused("fact.unknown"):
        correct_fact(store, table="away", row_uuid="nothing", values={})


def test_a_fact_ends_and_nothing_takes_its_place(store, kid):
    row = mother(store, kid).away.uuid
    with refused("fact.end_before_start"):
        end_fact(store, table="away", row_uuid=row, on="2024-02-18")
    end_fact(store, table="away", row_uuid=row, on="2026-02")
    assert mother(store, kid).away is None
    assert mother(store, kid, date(2026, 2, 10)).away.certain is False
    with refused("fact.overlaps"):
        away(store, kid, "2026-01-15", place="福建")
    away(store, kid, "2026-03", place="福建")
    assert mother(store, kid).away_place == "福建"


def test_a_mistake_taken_out_lets_what_was_before_hold_again(store, kid):
    away(store, kid, "2025-08-20", place="福建晋江")
    remove_fact(store, table="away", row_uuid=mother(store, kid).away.uuid)
    assert periods(store) == [("2024-02-18", None)]
    assert mother(store, kid).away_place == "浙江温州"


def test_taking_out_an_old_period_touches_no_other(store, kid):
    away(store, kid, "2025-08-20", place="福建晋江")
    old = mother(store, kid, date(2025, 1, 1)).away.uuid
    remove_fact(store, table="away", row_uuid=old)
    assert periods(store) == [("2025-08-20", None)]


def test_facts_about_the_child_itself(store, kid):
    record_fact(store, table="health", subject_uuid=kid, values={"status": HealthStatus.GOOD}, since=None)
    record_fact(
        store,
        table="health",
        subject_uuid=kid,
        values={"status": "ill", "illness": " 哮喘 "},
        since="2026-10",
    )
    assert load_child(store, kid, date(2026, 9, 30)).health.status is HealthStatus.GOOD
    assert load_child(store, kid, DAY).health.illness == "哮喘"
    record_fact(
        store, table="disability", subject_uuid=kid, values={"kind": "hearing", "grade": 3}, since=None
    )
    record_fact(store, table="disability", subject_uuid=kid, values={"kind": "sight", "grade": 1}, since=None)
    record_fact(
        store, table="disability", subject_uuid=kid, values={"kind": "hearing", "grade": 2}, since="2026-05"
    )
    assert [(d.kind, d.grade) for d in load_child(store, kid, DAY).disabilities] == [
        ("sight", 1),
        ("hearing", 2),
    ]


def test_rows_are_named_by_uuid_and_blank_is_not_collected(store, kid):
    person = mother(store, kid).uuid
    record_fact(
        store,
        table="care",
        subject_uuid=kid,
        values={
            "kind": "one_parent",
            "person_uuid": person,
            "grade": "",
            "carer_able": True,
            "assessed_on": None,
        },
        since="2026-09-01",
    )
    care = load_child(store, kid, DAY).care
    assert (care.person.uuid, care.grade, care.carer_able, care.assessed_on) == (person, None, True, None)
    with refused("row.unknown"):
        record_fact(
            store,
            table="care",
            subject_uuid=kid,
            values={"kind": "other", "person_uuid": "x"},
            since="2026-10",
        )


@pytest.mark.parametrize("bad", [{"place": "x", "nonsense": 1}, {"id": 3}, {"deleted_at": "x"}])
def test_a_column_that_is_none_is_a_mistake_of_the_program(store, kid, bad):
    with pytest.raises(TypeError):
        away(store, kid, "2026-01-01", **bad)


def test_a_change_can_be_undone_as_a_whole(store, kid):
    changes = away(store, kid, "2025-08-20", place="福建晋江")
    undo(store, changes.action_uuid, by="陈素兰")
    assert periods(store) == [("2024-02-18", None)]


DATES = st.sampled_from(["2022", "2023-05", "2024-02-18", "2024-07", "2025", "2025-08-20", "2026-03", None])
STEP = st.tuples(st.sampled_from(["record", "end", "remove", "correct"]), DATES, st.sampled_from("甲乙丙"))


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEP, max_size=8))
def test_whatever_is_done_one_period_is_open_at_most_and_none_overlap(store, kid, steps):
    person = mother(store, kid).uuid
    for (row,) in store.rows("SELECT uuid FROM away WHERE deleted_at IS NULL"):
        remove_fact(store, table="away", row_uuid=row)
    for what, day, place in steps:
        open_row = store.one("SELECT uuid FROM away WHERE valid_to IS NULL AND deleted_at IS NULL")
        try:
            if what == "record":
                record_fact(
                    store,
                    table="away",
                    subject_uuid=person,
                    values={"state": "out", "place": place},
                    since=day,
                )
            elif open_row is None:
                continue
            elif what == "end" and day:
                end_fact(store, table="away", row_uuid=open_row[0], on=day)
            elif what == "remove":
                remove_fact(store, table="away", row_uuid=open_row[0])
            else:
                correct_fact(store, table="away", row_uuid=open_row[0], values={"valid_from": day})
        except UserError:
            continue
        found = periods(store)
        assert sum(end is None for _, end in found) <= 1
        for (_, end), (start, _) in pairwise(found):
            assert end is not None
            assert end <= start


def test_words_tell_namesakes_apart(store, clock):
    ref = ClassRef(Stage.PRIMARY, 2024, 2)
    first = ChildDraft(name="张伟", class_ref=ref, birth_date="2015-03-12")
    add_child(store, draft=first)
    alone = change_field(store, uuid=first.uuid, field="hobbies", value="下棋")
    assert alone.words == "张伟：改兴趣爱好"
    add_child(store, draft=ChildDraft(name="张伟", birth_date="2013"))
    told = change_field(store, uuid=first.uuid, field="hobbies", value="跑步")
    assert told.words == "张伟（三（2）班，2015-03）：改兴趣爱好"
