"""Coming, leaving, coming back: stories of children on a real file. Nobody is deleted by leaving."""

from datetime import date

import pytest

from app.children.codes import (
    CareGrade,
    Category,
    EnrolmentEnd,
    RegistrationEnd,
    RegistrationKind,
    Relation,
    SchoolingStatus,
)
from app.children.drafts import ChildDraft, PersonDraft
from app.children.queries import load_child, load_facts
from app.children.service import add_child, add_children, change_field
from app.children.service_bulk import (
    AddCategory,
    EndCategory,
    SetBoarding,
    SetCareGrade,
    SetClass,
    SetVillage,
    bulk_change,
)
from app.children.service_status import (
    drop_out,
    graduate,
    leave,
    register,
    return_to_ledger,
    suspend,
    transfer_out,
)
from app.core.errors import UserError
from app.dossier.service_bin import bin_preview, binned_children, move_to_bin, restore_from_bin
from app.storage.history import undo
from tests.app.children.builders import DAY

SOUND = "11010519491231002X"
GRAN = PersonDraft(relation=Relation.PATERNAL_GRANDMOTHER, name="田秀莲", phones=("13800006217",))


@pytest.fixture
def kid(store, classes):
    draft = ChildDraft(
        name="覃䶮", class_uuid=classes["三（2）班"].uuid, since="2024-09-01", carer=GRAN, id_number=SOUND
    )
    add_child(store, draft=draft)
    return draft.uuid


def read(store, uuid, day=DAY):
    return load_child(store, uuid, day)


def refused(key):
    return pytest.raises(UserError, check=lambda error: error.key == key)


# ---- on the ledger and off it -------------------------------------------------------------------------------------------


def test_a_parent_back_home_ends_the_registration_and_nothing_else(store, kid):
    leave(store, child_uuid=kid, reason=RegistrationEnd.ONE_PARENT_BACK, on="2026-11-01", note="母亲返乡务农")
    child = read(store, kid)
    assert child.registration is None
    assert (child.exited.valid_to, child.exited.end_reason, child.exited.end_note) == (
        "2026-11-01",
        RegistrationEnd.ONE_PARENT_BACK,
        "母亲返乡务农",
    )
    assert child.school_class.name == "三（2）班"
    assert read(store, kid, date(2026, 10, 31)).registration is not None
    with refused("registration.none"):
        leave(store, child_uuid=kid, reason=RegistrationEnd.ONE_PARENT_BACK, on="2026-11-02")


@pytest.mark.parametrize(
    ("act", "registration_end", "enrolment_end"),
    [
        (transfer_out, RegistrationEnd.TRANSFERRED_OUT, EnrolmentEnd.TRANSFERRED_OUT),
        (graduate, RegistrationEnd.GRADUATED, EnrolmentEnd.GRADUATED),
        (drop_out, RegistrationEnd.DROPPED_OUT, EnrolmentEnd.DROPPED_OUT),
    ],
)
def test_leaving_the_school_ends_class_and_every_register(store, kid, act, registration_end, enrolment_end):
    register(store, child_uuid=kid, since="2026-09-01", kind=RegistrationKind.IN_DIFFICULTY)
    act(store, child_uuid=kid, on="2026-11-01", note="某校")
    child = read(store, kid)
    assert (child.registrations, child.school_class) == ((), None)
    assert child.exited.end_reason is registration_end
    assert (child.left_class.end_reason, child.left_class.end_note) == (enrolment_end, "某校")
    assert load_facts(store, DAY, only_registered=True) == []
    assert len(load_facts(store, DAY)) == 1


def test_a_dropout_stays_on_the_list_of_dropouts_until_it_is_back(store, kid, classes):
    drop_out(store, child_uuid=kid, on="2026-10-08")
    child = read(store, kid)
    assert child.has(Category.DROPOUT)
    assert child.schooling.status is SchoolingStatus.DROPOUT
    return_to_ledger(store, child_uuid=kid, since="2026-11-10", class_uuid=classes["三（1）班"].uuid)
    back = read(store, kid)
    assert (back.registration.valid_from, back.school_class.name) == ("2026-11-10", "三（1）班")
    assert not back.has(Category.DROPOUT)
    assert (back.schooling, back.exited) == (None, None)
    assert read(store, kid, date(2026, 11, 1)).has(Category.DROPOUT)


def test_a_child_cannot_be_back_before_it_left(store, kid):
    leave(store, child_uuid=kid, reason=RegistrationEnd.BOTH_PARENTS_BACK, on="2026-06-01")
    with refused("fact.overlaps"):
        return_to_ledger(store, child_uuid=kid, since="2026-05-01")
    return_to_ledger(store, child_uuid=kid, since="2026-06-01")
    rows = store.rows("SELECT valid_from, valid_to FROM registration ORDER BY id")
    assert rows == [("2024-09-01", "2026-06-01"), ("2026-06-01", None)]


def test_leaving_before_coming_is_refused_as_a_whole(store, kid):
    with refused("fact.end_before_start"):
        transfer_out(store, child_uuid=kid, on="2024-09-01")
    with refused("date.bad"):
        transfer_out(store, child_uuid=kid, on="")
    assert read(store, kid).registration is not None


def test_a_suspended_child_is_in_no_class_and_stays_on_the_ledger(store, kid, classes):
    suspend(store, child_uuid=kid, on="2026-10-08", note="腿伤")
    child = read(store, kid)
    assert (child.school_class, child.left_class.end_reason) == (None, EnrolmentEnd.SUSPENDED)
    assert child.registration is not None
    with refused("enrolment.none"):
        suspend(store, child_uuid=kid, on="2026-10-09")
    return_to_ledger(store, child_uuid=kid, since="2026-11-02", class_uuid=classes["三（2）班"].uuid)
    assert read(store, kid).enrolment.valid_from == "2026-11-02"
    assert read(store, kid).registration.valid_from == "2024-09-01"


def test_registering_twice_is_nothing_new(store, kid):
    assert not register(store, child_uuid=kid, since="2026-01-01")
    assert register(store, child_uuid=kid, since=None, kind=RegistrationKind.MIGRANT)


def test_leaving_can_be_undone(store, kid):
    before = read(store, kid)
    changes = drop_out(store, child_uuid=kid, on="2026-11-01")
    assert kid in changes.uuids
    undo(store, changes.action_uuid, by=None)
    assert read(store, kid) == before


# ---- the recycle bin --------------------------------------------------------------------------------------------------


def test_what_goes_to_the_bin_is_counted_first_and_comes_back_whole(store, kid):
    before = read(store, kid)
    preview = bin_preview(store, [kid])
    assert preview.names == ("覃䶮",)
    assert preview.words == (
        "将移到回收站：覃䶮，和名下的 4 条记录（亲属关系 1 条、监护照护 1 条、在册登记 1 条、班级 1 条）。"
    )
    move_to_bin(store, uuids=[kid])
    assert read(store, kid) is None
    (binned,) = binned_children(store)
    assert (binned.uuid, binned.name) == (kid, "覃䶮")
    changes = restore_from_bin(store, uuids=[kid])
    assert read(store, kid) == before
    assert kid in changes.uuids
    assert binned_children(store) == []


def test_a_fact_taken_out_before_does_not_come_back_with_the_child(store, kid, clock):
    from app.children.service_facts import remove_fact

    remove_fact(store, table="care", row_uuid=read(store, kid).care.uuid)
    clock.advance(minutes=1)
    move_to_bin(store, uuids=[kid])
    restore_from_bin(store, uuids=[kid])
    assert read(store, kid).care is None


def test_a_shared_grown_up_stays_when_one_child_goes(store, kid):
    other = ChildDraft(name="覃小妹", carer=GRAN)
    add_child(store, draft=other)
    move_to_bin(store, uuids=[kid])
    assert read(store, other.uuid).care.person.name == "田秀莲"


def test_a_number_given_away_meanwhile_keeps_the_child_in_the_bin(store, kid):
    move_to_bin(store, uuids=[kid])
    other = ChildDraft(name="甲", id_number=SOUND)
    add_child(store, draft=other)
    with refused("id.taken"):
        restore_from_bin(store, uuids=[kid])
    change_field(store, uuid=other.uuid, field="id_number", value=None)
    restore_from_bin(store, uuids=[kid])
    assert read(store, kid).id_number == SOUND


def test_who_is_not_there_cannot_go_or_come_back(store, kid):
    with refused("child.unknown"):
        move_to_bin(store, uuids=["nobody"])
    with refused("child.nobody"):
        bin_preview(store, [])
    with refused("child.not_binned"):
        restore_from_bin(store, uuids=[kid])


# ---- many at once -------------------------------------------------------------------------------------------------------


@pytest.fixture
def three(store, classes):
    drafts = [
        ChildDraft(
            name="甲", class_uuid=classes["三（1）班"].uuid, carer=GRAN, village="青石坪村", address="17号"
        ),
        ChildDraft(name="乙", class_uuid=classes["三（2）班"].uuid, boards=True),
        ChildDraft(name="丙"),
    ]
    add_children(store, drafts=drafts)
    return [draft.uuid for draft in drafts]


def bulk(store, uuids, change, **how):
    return bulk_change(store, uuids=uuids, change=change, since=date(2026, 11, 1), **how)


def lines(result):
    return [(line.name, line.old, line.new, line.changes) for line in result.lines]


def test_a_preview_shows_old_and_new_and_writes_nothing(store, three, classes):
    change = SetClass(classes["三（2）班"].uuid)
    preview = bulk(store, three, change, dry_run=True)
    assert lines(preview) == [
        ("甲", "三（1）班", "三（2）班", True),
        ("乙", "三（2）班", "三（2）班", False),
        ("丙", "没有班级", "三（2）班", True),
    ]
    assert (preview.changed, bool(preview.changes)) == (2, False)
    assert [child.school_class.name for child in load_facts(store, DAY, uuids=three[:1])] == ["三（1）班"]
    done = bulk(store, three, change, by="陈素兰")
    assert lines(done) == lines(preview)
    assert {three[0], three[2]} <= done.changes.uuids
    assert three[1] not in done.changes.uuids
    moved = read(store, three[0])
    assert (moved.school_class.name, moved.enrolment.valid_from) == ("三（2）班", "2026-11-01")
    assert read(store, three[0], date(2026, 10, 31)).school_class.name == "三（1）班"
    undo(store, done.changes.action_uuid, by="陈素兰")
    assert [read(store, uuid).school_class.name for uuid in three[:2]] == ["三（1）班", "三（2）班"]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (SetBoarding(boards=True), [("未采集", "寄宿"), ("寄宿", "寄宿"), ("未采集", "寄宿")]),
        (
            SetVillage("白水沟村", "4 组"),
            [("青石坪村", "白水沟村 4 组"), ("未采集", "白水沟村 4 组"), ("未采集", "白水沟村 4 组")],
        ),
        (AddCategory(Category.ORPHAN, "孤儿证", "2026-03"), [("无", "孤儿")] * 3),
        (EndCategory(Category.ORPHAN), [("无", "无")] * 3),
    ],
)
def test_each_kind_of_bulk_change(store, three, change, expected):
    assert [(line.old, line.new) for line in bulk(store, three, change).lines] == expected


def test_the_address_of_the_house_stays_when_the_village_is_set(store, three):
    bulk(store, three, SetVillage("白水沟村"))
    home = read(store, three[0]).residence
    assert (home.village, home.village_group, home.address) == ("白水沟村", None, "17号")


def test_categories_are_added_once_and_ended(store, three):
    bulk(store, three[:1], AddCategory(Category.ORPHAN))
    again = bulk(store, three[:2], AddCategory(Category.ORPHAN))
    assert [line.changes for line in again.lines] == [False, True]
    bulk_change(store, uuids=three, change=EndCategory(Category.ORPHAN), since=DAY)
    assert not read(store, three[0]).has(Category.ORPHAN)


def test_the_action_counts_whom_it_changed_not_whom_she_chose(store, three):
    bulk(store, three[:1], AddCategory(Category.ORPHAN))
    again = bulk(store, three, AddCategory(Category.ORPHAN))
    assert again.changes.words == "类别加孤儿：2 名"
    assert store.rows("SELECT words FROM action ORDER BY id DESC LIMIT 1") == [("类别加孤儿：2 名",)]


def test_who_cannot_be_changed_is_named_with_the_reason_and_left_alone(store, three):
    result = bulk(store, three, SetCareGrade(CareGrade.POOR, "李国平"))
    assert [(line.name, line.refused) for line in result.lines] == [
        ("甲", ""),
        ("乙", "还没有登记由谁照护，不能评估。"),
        ("丙", "还没有登记由谁照护，不能评估。"),
    ]
    assert result.changed == 1
    assert read(store, three[0]).care.grade is CareGrade.POOR


def test_a_change_before_what_is_known_is_refused_for_that_child_only(store, three):
    bulk_change(store, uuids=three[1:2], change=SetBoarding(boards=False), since=DAY)
    result = bulk(store, three, SetBoarding(boards=True))
    assert [bool(line.refused) for line in result.lines] == [False, True, False]
    assert read(store, three[1]).boards is False
