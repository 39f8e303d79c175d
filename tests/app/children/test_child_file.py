"""A child's whole file and its history of changes, on a real file."""

from datetime import date

import pytest

from app.children.child_file import child_file
from app.children.codes import AwayState, CareKind, Category, HealthStatus, Relation
from app.children.drafts import ChildDraft, PersonDraft
from app.children.queries import load_child
from app.children.service import add_child, change_field
from app.children.service_bulk import SetClass, bulk_change
from app.children.service_care import flag_category, set_care
from app.children.service_facts import record_fact, remove_fact
from app.children.service_family import ContactEntry as Link
from app.children.service_family import add_phone, change_person_field, order_contacts, unlink_person
from app.dossier.change_history import change_history
from app.storage.history import undo
from tests.app.children.builders import DAY

MUM = PersonDraft(
    relation=Relation.MOTHER, name="向桂香", away=AwayState.OUT, place="浙江温州", since="2024-02-18"
)
GRAN = PersonDraft(relation=Relation.PATERNAL_GRANDMOTHER, name="田秀莲", label="奶奶")


@pytest.fixture
def kid(store, classes):
    draft = ChildDraft(
        name="覃䶮", class_uuid=classes["三（1）班"].uuid, people=(MUM,), carer=GRAN, health=HealthStatus.GOOD
    )
    add_child(store, draft=draft, by="陈素兰")
    return draft.uuid


def test_the_file_holds_the_facts_of_the_day_and_every_period_newest_first(store, kid, classes):
    mother = load_child(store, kid, DAY).mother.uuid
    for place, since in (("福建晋江", "2025-08-20"), ("广东东莞", "2027-03-01")):
        record_fact(
            store, table="away", subject_uuid=mother, values={"state": "out", "place": place}, since=since
        )
    set_care(store, child_uuid=kid, kind=CareKind.ONE_PARENT, person_uuid=mother, since="2026-10-01")
    bulk_change(store, uuids=[kid], change=SetClass(classes["三（2）班"].uuid), since=date(2026, 9, 1))
    flag_category(store, child_uuid=kid, category=Category.ORPHAN, since="2026-03")
    order_contacts(
        store, child_uuid=kid, chain=[Link(office="村委会", office_number="0743"), Link(person_uuid=mother)]
    )
    file = child_file(store, kid, DAY)
    assert file.facts == load_child(store, kid, DAY)
    assert [away.place for away in file.periods_of(mother).aways] == ["广东东莞", "福建晋江", "浙江温州"]
    assert [(one.school_class.name, one.end_reason) for one in file.enrolments] == [
        ("三（2）班", None),
        ("三（1）班", "changed_class"),
    ]
    assert [(care.kind, care.person.name) for care in file.care] == [
        (CareKind.ONE_PARENT, "向桂香"),
        (CareKind.GRANDPARENTS, "田秀莲"),
    ]
    assert [periods.person.name for periods in file.people] == ["向桂香", "田秀莲"]
    assert file.care[0].person is file.people[0].person
    assert (len(file.registrations), len(file.health), file.boarding) == (1, 1, ())
    with pytest.raises(KeyError):
        file.periods_of("nobody")


def test_a_former_relative_is_still_in_the_file(store, kid):
    kin = load_child(store, kid, DAY).mother.kinship.uuid
    unlink_person(store, kinship_uuid=kin, on="2026-01-01")
    file = child_file(store, kid, DAY)
    assert [person.name for person in file.facts.relatives] == ["田秀莲"]
    assert [(periods.person.name, len(periods.kinships)) for periods in file.people] == [
        ("田秀莲", 1),
        ("向桂香", 1),
    ]


def test_brothers_and_sisters_and_those_who_may_be(store, kid):
    mother = load_child(store, kid, DAY).mother.uuid
    twin = ChildDraft(name="覃小妹", people=(PersonDraft(relation=Relation.MOTHER, person_uuid=mother),))
    add_child(store, draft=twin)
    gran = load_child(store, kid, DAY).care.person.uuid
    cousin = ChildDraft(
        name="田小虎", carer=PersonDraft(relation=Relation.MATERNAL_GRANDMOTHER, person_uuid=gran)
    )
    add_child(store, draft=cousin)
    file = child_file(store, kid, DAY)
    assert [(ref.name, ref.why) for ref in file.siblings] == [("覃小妹", "同一家长：向桂香")]
    assert [(ref.name, ref.why) for ref in file.maybe_siblings] == [("田小虎", "由同一人照护")]


def test_there_is_no_file_of_nobody(store):
    assert child_file(store, "nobody", DAY) is None
    assert change_history(store, "nobody") == []


# ---- 看改动历史 ------------------------------------------------------------------------------------------------------


def told(store, kid):
    return [(line.subject, line.what, line.before, line.after) for line in change_history(store, kid)]


def test_the_history_tells_in_words_what_was_written_first(store, kid):
    lines = told(store, kid)
    assert set(lines) == {
        ("本人", "儿童", "", "覃䶮"),
        ("本人", "班级", "", "三（1）班"),
        ("本人", "在册登记", "", "留守儿童"),
        ("本人", "健康状况", "", "健康或良好"),
        ("本人", "亲属关系", "", "向桂香，母亲"),
        ("本人", "亲属关系", "", "田秀莲，祖母，奶奶"),
        ("本人", "监护照护", "", "田秀莲，祖辈"),
        ("母亲 向桂香", "家人", "", "向桂香"),
        ("母亲 向桂香", "外出情况", "", "外出，浙江温州，2024-02-18 起"),
        ("奶奶 田秀莲", "家人", "", "田秀莲"),
    }
    assert {line.who for line in change_history(store, kid)} == {"陈素兰"}


def test_every_change_says_when_who_which_field_before_and_after(store, kid, clock):
    mother = load_child(store, kid, DAY).mother.uuid
    clock.advance(minutes=5)
    change_field(store, uuid=kid, field="hobbies", value="画画", by="周晓燕")
    change_field(store, uuid=kid, field="name", value="覃龙", by="周晓燕")
    change_person_field(store, person_uuid=mother, field="dialect_only", value=True, by="周晓燕")
    record_fact(
        store,
        table="away",
        subject_uuid=mother,
        values={"state": "out", "place": "福建晋江"},
        since="2025-08-20",
        by="周晓燕",
    )
    newest = change_history(store, kid)[:5]
    assert [(line.subject, line.what, line.before, line.after) for line in newest] == [
        ("母亲 向桂香", "外出情况：到", "至今", "2025-08-20"),
        ("母亲 向桂香", "外出情况", "", "外出，福建晋江，2025-08-20 起"),
        ("母亲 向桂香", "只听得懂方言", "未采集", "是"),
        ("本人", "姓名", "覃䶮", "覃龙"),
        ("本人", "兴趣爱好", "未采集", "画画"),
    ]
    assert {(line.at, line.who) for line in newest} == {("2026-11-21T09:05:00", "周晓燕")}
    assert newest[4].action_words == "覃䶮：改兴趣爱好"


def test_codes_are_told_by_their_words_and_doubts_by_their_reason(store, kid):
    values = {"kind": "aid", "code": "housing", "evidence_date": "2026-03"}
    record_fact(store, table="household_fact", subject_uuid=kid, values=values, since=None)
    assert told(store, kid)[0] == ("本人", "经济来源与救助", "", "救助帮扶，住房救助，日期 2026-03")
    change_field(store, uuid=kid, field="id_number", value="110105194912310021")
    what = {line[1]: line[3] for line in told(store, kid)[:2]}
    assert what["身份证号"] == "110105194912310021"
    assert what["存疑"].startswith("身份证号最后一位对不上")


def test_what_was_taken_out_and_what_was_undone_is_told(store, kid):
    mother = load_child(store, kid, DAY).mother.uuid
    add_phone(store, person_uuid=mother, number="15900000380")
    phone = load_child(store, kid, DAY).mother.phones[0].uuid
    changes = remove_fact(store, table="phone", row_uuid=phone)
    assert told(store, kid)[0] == ("母亲 向桂香", "电话", "15900000380", "移到回收站")
    undo(store, changes.action_uuid, by=None)
    assert told(store, kid)[0] == ("母亲 向桂香", "电话", "移到回收站", "15900000380")


def test_a_child_in_the_bin_keeps_its_history(store, kid):
    from app.dossier.service_bin import move_to_bin

    move_to_bin(store, uuids=[kid])
    assert ("本人", "儿童", "覃䶮", "移到回收站") in told(store, kid)
