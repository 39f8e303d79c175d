"""What is to be done today: each line with its reason, gone as soon as its cause is gone."""

from datetime import date, datetime, timedelta

import pytest

from app.children.codes import CareKind, Relation, Sex
from app.children.contacts import bad_numbers, contact_chain
from app.children.drafts import ChildDraft, PersonDraft
from app.children.queries import load_facts
from app.children.roster.model import ParkedCode
from app.children.service import add_child
from app.children.service_care import set_care
from app.children.service_family import confirm_phone, link_person
from app.children.situation import situation
from app.core.clock import FixedClock
from app.dossier.service_bin import move_to_bin
from app.school.codes import HandoverKind, Stage
from app.school.handover import log_handover
from app.school.rules import ClassRef
from app.school.service import init_school
from app.school.service_classes import ensure_classes
from app.storage.backups import Reason, make_backup
from app.storage.store import Store
from app.tasks.demo import make_demo
from app.tasks.glance import PARKED_WORDS, DueKind, glance, in_order
from app.tasks.today import due_children, situations_at_hand


@pytest.fixture
def clock():
    return FixedClock(datetime(2026, 11, 21, 9))


@pytest.fixture
def store(tmp_path, clock):
    with Store.create(tmp_path / "守望.db", clock=clock) as made:
        init_school(made, name="青石坪镇中心小学")
        yield made


@pytest.fixture
def backups(tmp_path):
    return tmp_path / "backups"


def add(store, name="张伟", **more):
    cls = ClassRef(Stage.PRIMARY, 2024, 2)
    draft = ChildDraft(name=name, sex=Sex.MALE, since="2026-09-01", class_ref=cls, **more)
    add_child(store, draft=draft)
    return next(child for child in load_facts(store, store.clock.today()) if child.name == name)


def kinds(items):
    return [item.kind for item in items]


def find(items, kind):
    return next((item for item in items if item.kind is kind), None)


def test_an_empty_school_has_nothing_to_do(store, backups):
    found = glance(store, backups)
    assert found.items == () == due_children(store).items
    assert (found.count.total, found.count.known) == (0, 0)
    assert found.week == "第 12 周"


def test_a_child_nobody_looks_after_stands_first_until_somebody_does(store, backups):
    child = add(store)
    assert find(due_children(store).items, DueKind.CARER).reason == "监护人未采集：还没有登记由谁照护"
    assert not find(due_children(store).items, DueKind.CARER).urgent, "not asked yet is no emergency"

    set_care(store, child_uuid=child.uuid, kind=CareKind.UNGUARDED, since="2026-11-20")
    item = due_children(store).items[0]
    assert (item.kind, item.head, item.aside, item.urgent) == (DueKind.UNGUARDED, "张伟", "三（2）班", True)
    assert "村（居）委会" in item.reason
    assert item.children == (child.uuid,)

    set_care(store, child_uuid=child.uuid, kind=CareKind.GRANDPARENTS, since="2026-11-21")
    assert not {DueKind.UNGUARDED, DueKind.CARER} & set(kinds(due_children(store).items))


def test_more_than_a_few_become_one_line_with_all_behind_it(store, backups):
    everybody = {add(store, f"{name}一").uuid for name in "张李王赵周吴郑"}
    item = find(due_children(store).items, DueKind.CARER)
    assert item.head == "7 名监护人未采集"
    assert set(item.children) == everybody
    assert item.reason.endswith(" 等")


def test_files_that_lack_something_are_counted(store):
    child = add(store)
    item = find(due_children(store).items, DueKind.GAPS)
    assert item.head == "张伟"
    assert item.reason.startswith("缺 ")
    whole = [one for one in due_children(store).items if one.kind is DueKind.GAPS][-1]
    assert (whole.head, whole.children) == ("1 名的资料", (child.uuid,))


def test_a_class_without_its_head_count_is_named(store, backups):
    add(store)
    item = find(glance(store, backups).items, DueKind.HEAD_COUNT)
    assert item.head == "1 个班的人数"
    assert "三（2）班" in item.reason


def test_a_cohort_past_its_last_grade_waits_for_confirmation(store, backups):
    with store.action("开设班级", kind="class.open") as action:
        ensure_classes(store, action, [ClassRef(Stage.PRIMARY, 2020, 1)], store.clock.today())
    item = find(glance(store, backups).items, DueKind.GRADUATION)
    assert item.urgent
    assert "2020级1班" in item.reason


def test_a_backup_settles_the_line_and_a_later_change_brings_it_back_tomorrow(store, backups, clock):
    child = add(store)
    assert find(glance(store, backups).items, DueKind.BACKUP).head == "还没有核对过的备份"

    make_backup(store, reason=Reason.BY_HAND, folder=backups)
    found = glance(store, backups)
    assert find(found.items, DueKind.BACKUP) is None
    assert found.backup.children == 1

    clock.advance(days=1)
    assert find(glance(store, backups).items, DueKind.BACKUP) is None, "nothing changed since"
    move_to_bin(store, uuids=[child.uuid])
    item = find(glance(store, backups).items, DueKind.BACKUP)
    assert "1 天前" in item.reason


def test_a_stick_is_asked_for_after_a_week(store, backups, clock):
    add(store)
    assert find(glance(store, backups).items, DueKind.STICK).head == "还没有拷到优盘"

    log_handover(store, kind=HandoverKind.STICK, content="整份数据", people=1)
    log_handover(store, kind=HandoverKind.PRINT, content="一人一档", people=1)
    assert find(glance(store, backups).items, DueKind.STICK) is None
    clock.advance(days=7)
    assert find(glance(store, backups).items, DueKind.STICK) is None
    clock.advance(days=1)
    assert find(glance(store, backups).items, DueKind.STICK).reason == "上次是 8 天前"


def test_todays_actions_only(store, backups, clock):
    add(store)
    clock.advance(days=1)
    add(store, "李娜")
    assert [action.words for action in glance(store, backups).actions] == ["加一名儿童：李娜"]


def test_a_read_only_file_asks_for_no_copies(store, backups, tmp_path, clock):
    add(store)
    path = store.path
    store.close()
    with Store.open(path, clock=clock, read_only=True) as looked_at:
        assert not {DueKind.BACKUP, DueKind.STICK} & set(kinds(glance(looked_at, backups).items))


def test_numbers_not_tried_for_ninety_days(tmp_path, clock):
    """The demo school has one such number, some that were never tried, and one that was found stopped in a call."""
    make_demo(tmp_path / "demo.db", clock=clock, children=40)
    with Store.open(tmp_path / "demo.db", clock=clock) as demo:
        item = find(due_children(demo).items, DueKind.NUMBER)
        expected = set()
        for child in load_facts(demo, clock.today(), only_registered=True):
            first = next((one for one in contact_chain(child) if one.number), None)
            if first is not None:
                tried = first.confirmed_on and date.fromisoformat(first.confirmed_on)
                if not tried or bad_numbers(child) or clock.today() - tried > timedelta(days=90):
                    expected.add(child.uuid)
    assert expected
    assert set(item.children) == expected


def test_what_was_looked_at_is_at_hand_until_something_is_saved_or_the_day_changes(store, clock):
    child = add(store)
    day = clock.today()
    assert situations_at_hand(store, day) == {}
    due_children(store)
    assert situations_at_hand(store, day) == {child.uuid: situation(child)}
    assert situations_at_hand(store, day + timedelta(days=1)) == {}
    set_care(store, child_uuid=child.uuid, kind=CareKind.UNGUARDED, since="2026-11-20")
    assert situations_at_hand(store, day) == {}
    due_children(store)
    assert situations_at_hand(store, day)[child.uuid].care_kind is CareKind.UNGUARDED


def test_order_is_by_kind_whichever_list_it_came_from(store, backups):
    child = add(store)
    set_care(store, child_uuid=child.uuid, kind=CareKind.UNGUARDED, since="2026-11-20")
    items = in_order(glance(store, backups).items, due_children(store).items)
    order = list(DueKind)
    assert [order.index(kind) for kind in kinds(items)] == sorted(order.index(kind) for kind in kinds(items))
    assert items[0].kind is DueKind.UNGUARDED


def test_every_reason_to_park_a_row_has_its_words():
    assert set(PARKED_WORDS) == set(ParkedCode)


def test_days_that_are_still_to_come_are_not_all_well(store, backups, clock):
    child = add(store, people=())
    add_aunt(store, child, confirmed_on="2026-11-21")
    make_backup(store, reason=Reason.BY_HAND, folder=backups)
    log_handover(store, kind=HandoverKind.STICK, content="整份数据", people=1, file_name="守望.7z")
    assert find(due_children(store).items, DueKind.NUMBER) is None
    clock.advance(days=-2)
    add(store, "牟小二")
    items = glance(store, backups).items
    assert "今天以后" in find(due_children(store).items, DueKind.NUMBER).reason
    assert "2026-11-21，电脑时间可能不对" in find(items, DueKind.BACKUP).reason
    assert "今天以后" in find(items, DueKind.STICK).reason


def add_aunt(store, child, **known):
    draft = PersonDraft(relation=Relation.UNCLE_OR_AUNT, name="向桂香", phones=("13911112222",))
    link_person(store, child_uuid=child.uuid, draft=draft)
    (aunt,) = next(one for one in load_facts(store, store.clock.today()) if one.uuid == child.uuid).relatives
    confirm_phone(store, phone_uuid=aunt.phones[0].uuid, on=known["confirmed_on"])
