"""永久删除 reaches what the diary keeps: records that were undone, other children's records that name it, kept rosters."""

from datetime import date

import pytest
from msgspec.structs import replace

from app.children.codes import Relation
from app.children.drafts import ChildDraft, PersonDraft
from app.children.service import add_child
from app.children.service_family import link_person
from app.diary.codes import Activity, IncidentKind, MeetingKind
from app.diary.drafts import PictureDraft, RecordDraft
from app.diary.incidents import IncidentDraft, save_incident
from app.diary.meetings import MeetingDraft, save_meeting
from app.diary.queries import record
from app.diary.service import save_record
from app.diary.service_attachments import add_attachments
from app.dossier.purge_names import Secrets
from app.dossier.service_bin import move_to_bin
from app.school.service import init_school
from app.storage.base import new_uuid
from app.storage.history import undo
from app.storage.pictures import Picture
from app.storage.store import Store
from app.tasks.import_roster import import_roster
from app.tasks.purge import purge_children
from app.tasks.purge_files import files_holding
from tests.app.tasks.test_purge import found

DAY = date(2026, 11, 20)
NAME = "覃龑飞"
WHY = "家长书面申请，校长批准"


@pytest.fixture
def path(tmp_path, clock):
    made = tmp_path / "守望.db"
    with Store.create(made, clock=clock) as store:
        init_school(store, name="青石坪镇中心小学")
    return made


@pytest.fixture
def store(path, clock):
    with Store.open(path, clock=clock) as opened:
        yield opened


@pytest.fixture
def child(store):
    draft = ChildDraft(name=NAME)
    add_child(store, draft=draft)
    return draft.uuid


def talk(child, **known):
    return RecordDraft(
        children=(child,), kind=Activity.TALK, happened_on=DAY.isoformat(), uuid=new_uuid(), **known
    )


def purged(store, child):
    move_to_bin(store, uuids=[child])
    done = purge_children(store, uuids=[child], reason=WHY)
    assert (done.unfinished, done.traces) == (None, ())
    return done


def test_what_was_written_about_it_and_undone_goes_too(store, path, child):
    picture = Picture(b"\xff\xd8 bytes of a picture of the door \xff\xd9", "image/jpeg", 1, 1)
    uncle = PersonDraft(relation=Relation.FATHER, name="覃国柱", phones=("15900380038",))
    written = (
        save_record(store, draft=talk(child, content="夜里怕黑不敢睡")),
        save_incident(
            store,
            draft=IncidentDraft(
                child_uuid=child,
                kind=IncidentKind.INJURY,
                found_at=f"{DAY}T08:00",
                course="从楼梯上滚下来",
            ),
        ),
        add_attachments(
            store, child_uuid=child, pictures=(PictureDraft(picture=picture, title="门口的照片"),)
        ),
        link_person(store, child_uuid=child, draft=uncle),
    )
    for one in written:
        undo(store, one.action_uuid, by=None)
    telling = (
        NAME,
        "夜里怕黑不敢睡",
        "从楼梯上滚下来",
        "bytes of a picture",
        "门口的照片",
        "覃国柱",
        "15900380038",
    )
    assert {word for _, word in found(path, telling)} == set(telling)
    done = purged(store, child)
    assert done.records == sum(count for _, count in done.counts)
    assert store.rows("SELECT count(*) FROM attachment_content") == [(0,)]
    assert found(path, telling) == set()
    store.close()
    assert found(path, telling) == set()


def test_the_number_of_an_incident_is_no_secret(store, child):
    draft = IncidentDraft(child_uuid=child, kind=IncidentKind.INJURY, found_at=f"{DAY}T08:00")
    save_incident(store, draft=draft)
    purged(store, child)
    assert store.rows("SELECT words FROM action WHERE kind = 'incident.save'") == [("记下突发事件 2026-001",)]


def test_what_was_undone_of_others_stays(store, child):
    other = ChildDraft(name="单永强")
    add_child(store, draft=other)
    back = undo(store, save_record(store, draft=talk(other.uuid, content="长高了")).action_uuid, by=None)
    purged(store, child)
    undo(store, back.changes.action_uuid, by=None)
    assert store.rows("SELECT content FROM care_record") == [("长高了",)]


def test_other_childrens_records_keep_everything_but_the_name(store, path, child):
    other, longer = ChildDraft(name="单永强"), ChildDraft(name=f"{NAME}儿")
    for one in (other, longer):
        add_child(store, draft=one)
    first = talk(other.uuid, content=f"说{NAME}打了他", present=f"{NAME}、覃龑飞儿", promises=())
    save_record(store, draft=first)
    second = talk(other.uuid, content=f"又和{NAME}吵架")
    save_record(store, draft=second)
    save_record(store, draft=replace(second, content="又和同学吵架"))
    save_meeting(
        store,
        draft=MeetingDraft(
            kind=MeetingKind.PARENTS, happened_on=DAY.isoformat(), topic="期中", content=f"{NAME}家长发言"
        ),
    )
    move_to_bin(store, uuids=[child])
    purge_children(store, uuids=[child], reason=WHY)
    kept = record(store, first.uuid).draft
    assert (kept.content, kept.present) == ("说（已销毁）打了他", "（已销毁）、覃龑飞儿")
    assert record(store, second.uuid).draft.content == "又和同学吵架"
    assert store.rows("SELECT content FROM meeting") == [("（已销毁）家长发言",)]
    assert store.rows(
        "SELECT count(*) FROM change WHERE replace(after_json, '覃龑飞儿', '') LIKE '%覃龑飞%'"
    ) == [(0,)]


def test_a_word_that_is_also_a_short_name_is_left_where_it_may_be_the_word(store):
    glad, other = ChildDraft(name="高兴"), ChildDraft(name="单永强")
    for one in (glad, other):
        add_child(store, draft=one)
    draft = talk(other.uuid, content="今天很高兴", present="高兴，单永强")
    save_record(store, draft=draft)
    move_to_bin(store, uuids=[glad.uuid])
    purge_children(store, uuids=[glad.uuid], reason=WHY)
    kept = record(store, draft.uuid).draft
    assert (kept.content, kept.present) == ("今天很高兴", "（已销毁），单永强")


def test_a_kept_roster_that_names_it_goes_though_nothing_was_taken_from_it(store, tmp_path, child):
    roster = tmp_path / "花名册.csv"
    roster.write_text("姓名,性别,班级\n单永强,男,三（1）班\n", encoding="utf-8")
    import_roster(store, roster, data_date=DAY)
    beside = tmp_path / "另一份.csv"
    beside.write_text(f"姓名,性别,班级,备注\n单永,男,三（1）班,{NAME}的同桌\n", encoding="utf-8")
    import_roster(store, beside, data_date=DAY)
    assert store.rows("SELECT count(*) FROM import_file") == [(2,)]
    (uuid,) = store.rows("SELECT uuid FROM import_file ORDER BY id DESC LIMIT 1")[0]
    assert files_holding(store, Secrets(frozenset({NAME}), frozenset(), frozenset())) == [uuid]
    purged(store, child)
    assert store.rows("SELECT count(*) FROM import_file WHERE uuid = ?", (uuid,)) == [(0,)]
