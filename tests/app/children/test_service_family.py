"""The people around a child, their numbers, whom to call: shared by brothers and sisters."""

import pytest

from app.children.codes import AwayState, CareGrade, CareKind, CarePaperKind, Category, PhoneResult, Relation
from app.children.contacts import contact_chain
from app.children.drafts import ChildDraft, PersonDraft
from app.children.finding import phone_shared_with, same_number_elsewhere, sibling_suggestions, siblings
from app.children.queries import load_child
from app.children.service import add_child
from app.children.service_care import assess_care, end_category, flag_category, record_care_paper, set_care
from app.children.service_family import (
    ContactEntry,
    add_phone,
    change_kinship,
    change_person_field,
    change_phone,
    confirm_phone,
    link_person,
    order_contacts,
    retire_phone,
    unlink_person,
)
from app.core.errors import UserError
from app.dossier.service_merge import merge_people
from app.storage.history import undo
from tests.app.children.builders import DAY

GRAN = PersonDraft(relation=Relation.PATERNAL_GRANDMOTHER, name="田秀莲", phones=("13800006217",))
MUM = PersonDraft(relation=Relation.MOTHER, name="向桂香", phones=("15900000380",), away=AwayState.OUT)


def add(store, name, *people, carer=None):
    draft = ChildDraft(name=name, people=people, carer=carer)
    add_child(store, draft=draft)
    return draft.uuid


def read(store, uuid):
    return load_child(store, uuid, DAY)


def refused(key):
    return pytest.raises(UserError, check=lambda error: error.key == key)


def test_a_parent_is_added_and_a_second_one_refused(store):
    kid = add(store, "甲", MUM)
    link_person(store, child_uuid=kid, draft=PersonDraft(relation=Relation.FATHER, name="覃大勇"))
    assert read(store, kid).father.name == "覃大勇"
    with refused("family.parent_exists") as caught:
        link_person(store, child_uuid=kid, draft=PersonDraft(relation=Relation.FATHER, name="别人"))
    assert "覃大勇" in caught.value.what
    link_person(store, child_uuid=kid, draft=PersonDraft(relation=Relation.STEPFATHER, name="继父"))
    link_person(
        store, child_uuid=kid, draft=PersonDraft(relation=Relation.UNCLE_OR_AUNT, name="二叔", label="二叔")
    )
    link_person(
        store, child_uuid=kid, draft=PersonDraft(relation=Relation.UNCLE_OR_AUNT, name="三叔", label="三叔")
    )
    assert [person.name for person in read(store, kid).relatives] == [
        "覃大勇",
        "向桂香",
        "继父",
        "二叔",
        "三叔",
    ]


def test_a_known_grown_up_is_linked_and_makes_siblings(store):
    one, two = add(store, "甲", MUM), add(store, "乙")
    mother = read(store, one).mother.uuid
    changes = link_person(
        store, child_uuid=two, draft=PersonDraft(relation=Relation.MOTHER, person_uuid=mother)
    )
    assert {one, two} <= changes.uuids
    assert [ref.uuid for ref in siblings(store, one)] == [two]


def test_what_is_changed_on_a_grown_up_is_seen_by_all_brothers_and_sisters(store):
    one, two = add(store, "甲", MUM), add(store, "乙", MUM)
    mother = read(store, one).mother.uuid
    for field, value, stored in (
        ("name", "向 桂花", "向桂花"),
        ("id_number", "11010519491231002x", "11010519491231002X"),
        ("education", "初中", "初中"),
        ("dialect_only", True, True),
        ("birth_date", "1988-05", "1988-05"),
        ("sex", "2", "2"),
        ("note", " ", None),
    ):
        changes = change_person_field(store, person_uuid=mother, field=field, value=value)
        assert getattr(read(store, two).mother, field) == stored
        if stored is not None:
            assert {one, two} <= changes.uuids
    with refused("date.bad"):
        change_person_field(store, person_uuid=mother, field="birth_date", value="八十年代")
    with pytest.raises(TypeError):
        change_person_field(store, person_uuid=mother, field="uuid", value="x")


def test_what_a_grown_up_is_to_the_child_is_corrected_or_ended(store):
    kid = add(store, "甲", GRAN)
    kin = read(store, kid).relatives[0].kinship.uuid
    change_kinship(
        store, kinship_uuid=kin, relation=Relation.MATERNAL_GRANDMOTHER, label="外婆", lives_together=True
    )
    person = read(store, kid).relatives[0]
    assert (person.relation, person.relation_words, person.kinship.lives_together) == (
        Relation.MATERNAL_GRANDMOTHER,
        "外婆",
        True,
    )
    unlink_person(store, kinship_uuid=kin, on="2026-10-01")
    assert read(store, kid).relatives == ()
    with refused("kinship.unknown"):
        unlink_person(store, kinship_uuid="nothing")


def test_two_rows_of_the_same_mother_become_one(store):
    one = add(store, "覃大龙", MUM)
    other = PersonDraft(
        relation=Relation.MOTHER, name="向桂香", phones=("13900000000", "15900000380"), id_number="1", place="福建",
        away=AwayState.OUT,
    )  # fmt: skip
    two = add(store, "覃小龙")
    link_person(
        store,
        child_uuid=two,
        draft=PersonDraft(relation=Relation.MOTHER, name="向桂香", phones=("13900000000",)),
    )
    keep, drop = read(store, one).mother.uuid, read(store, two).mother.uuid
    assert keep != drop
    change_person_field(store, person_uuid=drop, field="id_number", value=other.id_number)
    add_phone(store, person_uuid=drop, number="15900000380")
    assert [ref.why for ref in sibling_suggestions(store, one)] == ["家长同名同号：向桂香"]
    set_care(store, child_uuid=two, kind=CareKind.ONE_PARENT, person_uuid=drop, since=None)
    order_contacts(store, child_uuid=two, chain=[ContactEntry(person_uuid=drop)])
    changes = merge_people(store, keep_uuid=keep, drop_uuid=drop)
    brother = read(store, two)
    assert brother.mother.uuid == brother.care.person.uuid == brother.contacts[0].person.uuid == keep
    assert (brother.mother.id_number, brother.mother.away_state) == ("1", AwayState.OUT)
    assert sorted(phone.number for phone in brother.mother.phones) == ["13900000000", "15900000380"]
    assert [ref.uuid for ref in siblings(store, one)] == [two]
    assert {one, two} <= changes.uuids
    undo(store, changes.action_uuid, by=None)
    assert read(store, two).mother.uuid == drop


def test_merging_a_grown_up_with_itself_or_nobody(store):
    kid = add(store, "甲", MUM)
    mother = read(store, kid).mother.uuid
    assert not merge_people(store, keep_uuid=mother, drop_uuid=mother)
    with refused("row.unknown"):
        merge_people(store, keep_uuid=mother, drop_uuid="nobody")


# ---- numbers --------------------------------------------------------------------------------------------------------


def numbers(store, kid):
    return [
        (phone.number, phone.label, phone.confirmed_on, phone.result)
        for phone in read(store, kid).mother.phones
    ]


def test_a_new_number_reaches_every_sibling_and_other_files_with_the_old_one_are_named(store):
    one, two = add(store, "甲", MUM), add(store, "乙", MUM)
    three = add(
        store, "丙", PersonDraft(relation=Relation.UNCLE_OR_AUNT, name="向小刚", phones=("15900000380",))
    )
    mother = read(store, one).mother
    assert [(ref.name, ref.why) for ref in phone_shared_with(store, mother.uuid)] == [
        ("乙", "母亲"),
        ("甲", "母亲"),
    ]
    assert [(ref.uuid, ref.why) for ref in same_number_elsewhere(store, "15900000380", mother.uuid)] == [
        (three, "向小刚也用这个号码")
    ]
    changes = change_phone(
        store, phone_uuid=mother.phones[0].uuid, number="139 1111 2222", since="2026-11-01"
    )
    assert {one, two} <= changes.uuids
    assert numbers(store, two) == [("13911112222", None, None, None)]
    assert read(store, three).relatives[0].phones[0].number == "15900000380"


def test_a_number_mistyped_today_leaves_no_trace_in_the_chain(store):
    kid = add(store, "甲", MUM)
    phone = read(store, kid).mother.phones[0].uuid
    change_phone(store, phone_uuid=phone, number="1")
    change_phone(store, phone_uuid=read(store, kid).mother.phones[0].uuid, number="2")
    live = store.rows("SELECT number, valid_from, valid_to FROM phone WHERE deleted_at IS NULL ORDER BY id")
    assert live == [("15900000380", None, "2026-11-21"), ("2", "2026-11-21", None)]
    assert not change_phone(store, phone_uuid=read(store, kid).mother.phones[0].uuid, number="2")


def test_numbers_are_added_confirmed_and_retired(store):
    kid = add(store, "甲", MUM)
    mother = read(store, kid).mother
    add_phone(store, person_uuid=mother.uuid, number="0743-8220000", label="厂里", confirmed_on="2026-11-01")
    confirm_phone(store, phone_uuid=mother.phones[0].uuid, result=PhoneResult.STOPPED)
    assert numbers(store, kid) == [
        ("15900000380", None, "2026-11-21", PhoneResult.STOPPED),
        ("0743-8220000", "厂里", "2026-11-01", PhoneResult.REACHED),
    ]
    assert read(store, kid).mother.best_phone.number == "0743-8220000"
    retire_phone(store, phone_uuid=mother.phones[0].uuid, on="2026-11-20")
    assert [phone[0] for phone in numbers(store, kid)] == ["0743-8220000"]
    with refused("phone.empty"):
        add_phone(store, person_uuid=mother.uuid, number=" ")
    with refused("date.no_day"):
        confirm_phone(store, phone_uuid=read(store, kid).mother.phones[0].uuid, on="2026-11")
    with refused("phone.unknown"):
        retire_phone(store, phone_uuid="nothing")


def test_the_chain_is_put_in_order_and_changed(store):
    kid = add(store, "甲", MUM, carer=GRAN)
    child = read(store, kid)
    mother, gran = child.mother.uuid, child.care.person.uuid
    assert [contact.who for contact in contact_chain(child)] == ["田秀莲", "向桂香"]
    office = ContactEntry(office="白水沟村委会", office_number="0743 000")
    order_contacts(
        store, child_uuid=kid, chain=[ContactEntry(person_uuid=mother, reachable="白班，19 点后"), office]
    )
    assert [(c.who, c.rank, c.number, c.reachable) for c in read(store, kid).contacts] == [
        ("向桂香", 1, "15900000380", "白班，19 点后"),
        ("白水沟村委会", 2, "0743000", None),
    ]
    order_contacts(
        store, child_uuid=kid, chain=[office, ContactEntry(person_uuid=gran, language_note="只听得懂方言")]
    )
    assert [(c.who, c.rank) for c in read(store, kid).contacts] == [("白水沟村委会", 1), ("田秀莲", 2)]
    with refused("contact.nobody"):
        order_contacts(store, child_uuid=kid, chain=[ContactEntry()])
    assert len(read(store, kid).contacts) == 2


# ---- care and categories ----------------------------------------------------------------------------------------------


def test_who_looks_after_the_child_changes_and_is_assessed(store):
    kid = add(store, "甲", MUM, carer=GRAN)
    gran = read(store, kid).care.person.uuid
    assess_care(store, child_uuid=kid, grade=CareGrade.FAIR, assessed_on="2025-09-10", assessor="李国平")
    care = read(store, kid).care
    assert (care.grade, care.assessed_on, care.assessor, care.valid_from) == (
        "fair",
        "2025-09-10",
        "李国平",
        None,
    )
    assess_care(store, child_uuid=kid, grade=CareGrade.POOR, assessed_on="2026-09-10", assessor="李国平")
    care = read(store, kid).care
    assert (care.grade, care.valid_from, care.person.uuid) == ("poor", "2026-09-10", gran)
    assess_care(store, child_uuid=kid, grade=CareGrade.POOR, assessed_on="2026-11-10")
    assert (read(store, kid).care.valid_from, read(store, kid).care.assessed_on) == (
        "2026-09-10",
        "2026-11-10",
    )
    set_care(store, child_uuid=kid, kind=CareKind.UNGUARDED, since="2026-11-15")
    assert (read(store, kid).care.kind, read(store, kid).care.person) == (CareKind.UNGUARDED, None)
    with refused("care.unguarded_person"):
        set_care(store, child_uuid=kid, kind=CareKind.UNGUARDED, person_uuid=gran, since="2026-11-16")


def test_an_assessment_needs_somebody_to_assess(store):
    with refused("care.nobody"):
        assess_care(store, child_uuid=add(store, "甲"), grade=CareGrade.GOOD, assessed_on="2026-11-01")


def test_papers_about_the_care(store):
    kid = add(store, "甲", MUM, carer=GRAN)
    record_care_paper(store, child_uuid=kid, kind=CarePaperKind.ENTRUSTMENT, done=False)
    record_care_paper(
        store,
        child_uuid=kid,
        kind=CarePaperKind.ENTRUSTMENT,
        done=True,
        dated_on="2026-09-01",
        kept_at="档案盒④",
    )
    record_care_paper(store, child_uuid=kid, kind=CarePaperKind.FOUR_BAR, done=True, dated_on="2026-09-01")
    record_care_paper(
        store, child_uuid=kid, kind=CarePaperKind.FOUR_BAR, done=True, dated_on="2026-09-01", form="书面"
    )
    papers = {paper.kind: paper for paper in read(store, kid).care_papers}
    assert (papers["entrustment"].done, papers["entrustment"].kept_at) == (True, "档案盒④")
    assert papers["four_bar"].form == "书面"


def test_categories_with_basis_come_and_go(store):
    kid = add(store, "甲")
    flag_category(store, child_uuid=kid, category=Category.ORPHAN, since="2026-03", basis="孤儿证")
    flag_category(
        store, child_uuid=kid, category=Category.ORPHAN, since="2026-05", evidence_date="2026-03-01"
    )
    (flag,) = read(store, kid).categories
    assert (flag.valid_from, flag.basis, flag.evidence_date) == ("2026-03", "孤儿证", "2026-03-01")
    end_category(store, child_uuid=kid, category=Category.ORPHAN, on="2026-11-01")
    assert read(store, kid).categories == ()
    assert not end_category(store, child_uuid=kid, category=Category.ORPHAN, on="2026-11-02")
