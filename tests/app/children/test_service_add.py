"""Adding children by hand, and changing what stands on them, on a real file."""

import pytest

from app.children.codes import (
    AwayState,
    BirthSource,
    CareGrade,
    CareKind,
    Category,
    HealthStatus,
    HouseholdKind,
    ParentsCode,
    Relation,
    Sex,
)
from app.children.drafts import ChildDraft, DoubtDraft, PersonDraft
from app.children.finding import Likeness, candidates, children_of, sibling_suggestions, siblings
from app.children.queries import load_child, load_facts
from app.children.rules import parents_status
from app.children.service import add_child, add_children, change_field, resolve_doubt
from app.core.errors import UserError
from app.school.codes import Stage
from app.school.queries import all_classes
from app.school.rules import ClassRef
from app.storage.history import actions, undo
from tests.app.children.builders import DAY

SOUND = "11010519491231002X"
OTHER = "440524188001010014"


def add(store, name, **known):
    draft = ChildDraft(name=name, **known)
    add_child(store, draft=draft, by="陈素兰")
    return draft.uuid


def read(store, uuid):
    return load_child(store, uuid, DAY)


def refused(key):
    return pytest.raises(UserError, check=lambda error: error.key == key)


def test_a_name_is_enough(store):
    child = read(store, add(store, " 覃　䶮 "))
    assert (child.name, child.pinyin) == ("覃䶮", "qin yan")
    assert child.registration.valid_from is None
    assert child.archive_opened_on == "2026-11-21"
    assert child.relatives == ()


def test_everything_she_may_type_at_once(store, classes):
    uuid = add(
        store,
        "曾小雨",
        sex=Sex.FEMALE,
        birth_date="2017-03",
        birth_source=BirthSource.TOLD,
        ethnicity="15",
        student_registry_no=" g4331 2320170308012x ",
        class_uuid=classes["三（2）班"].uuid,
        since="2024-09-01",
        boards=False,
        village="白水沟村",
        village_group="1 组",
        household_kind=HouseholdKind.AGRICULTURAL,
        health=HealthStatus.GOOD,
        categories=(Category.FAMILY_HARDSHIP,),
        people=(
            PersonDraft(
                relation=Relation.FATHER, name="曾大勇", away=AwayState.OUT, place="福建晋江", since="2025-08"
            ),
            PersonDraft(
                relation=Relation.MOTHER, name="向桂香", away=AwayState.OUT, phones=("159 0000 0380",)
            ),
            PersonDraft(relation=Relation.STEPFATHER),
        ),
        carer=PersonDraft(relation=Relation.PATERNAL_GRANDMOTHER, name="田秀莲", label="奶奶"),
        care_grade=CareGrade.GOOD,
    )
    child = read(store, uuid)
    assert (child.sex, child.birth_date, child.birth_source) == (Sex.FEMALE, "2017-03", BirthSource.TOLD)
    assert child.student_registry_no == "G43312320170308012X"
    assert (child.school_class.name, child.enrolment.valid_from) == ("三（2）班", "2024-09-01")
    assert (child.boards, child.residence.village, child.household.kind) == (
        False,
        "白水沟村",
        "agricultural",
    )
    assert parents_status(child).code is ParentsCode.BOTH
    assert (child.father.away.place, child.father.away.since) == ("福建晋江", "2025-08")
    assert child.mother.phones[0].number == "15900000380"
    assert [person.relation for person in child.relatives] == ["father", "mother", "paternal_grandmother"]
    assert (child.care.kind, child.care.grade, child.care.person.relation_words) == (
        "grandparents",
        "good",
        "奶奶",
    )
    assert child.has(Category.FAMILY_HARDSHIP)


def test_a_sound_id_number_fills_in_birth_date_and_sex_and_a_typed_one_is_kept(store):
    child = read(store, add(store, "甲", id_number=" 11010519491231002x "))
    assert (child.id_number, child.birth_date, child.sex) == (SOUND, "1949-12-31", Sex.FEMALE)
    assert (child.birth_source, child.doubts) == (BirthSource.ID_NUMBER, ())
    typed = read(store, add(store, "乙", id_number=OTHER, birth_date="1880-01-02", sex=Sex.FEMALE))
    assert (typed.birth_date, typed.sex, typed.birth_source) == ("1880-01-02", Sex.FEMALE, None)


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("110105194912310021", "id_check_digit"),
        ("110105491231002", "id_fifteen"),
        ("1101051949123100", "id_length"),
        ("11010519491331002X", "id_birth_date"),
    ],
)
def test_a_number_that_cannot_be_right_is_kept_and_marked_and_nothing_is_guessed(store, number, code):
    child = read(store, add(store, "甲", id_number=number))
    (doubt,) = child.doubts
    assert (child.id_number, child.birth_date, child.sex) == (number, None, None)
    assert (doubt.field, doubt.code, doubt.raw) == ("id_number", code, number)
    resolve_doubt(store, doubt_uuid=doubt.uuid, by="陈素兰")
    assert read(store, child.uuid).doubts == ()


def test_a_number_somebody_has_is_refused_with_the_name_of_who_has_it(store, classes):
    add(store, "张伟", id_number=SOUND, class_uuid=classes["三（2）班"].uuid)
    with refused("id.taken") as caught:
        add(store, "张伟", id_number=SOUND)
    assert caught.value.what == f"身份证号 {SOUND} 已经登记在 张伟（三（2）班，1949-12） 名下。"
    add(store, "李娜", student_registry_no="G1")
    with refused("registry.taken") as caught:
        add(store, "王强", student_registry_no="g1")
    assert "学籍号" in caught.value.what
    assert len(load_facts(store, DAY)) == 2


@pytest.mark.parametrize(
    ("known", "key"),
    [
        ({"name": "　"}, "child.no_name"),
        ({"name": "甲", "birth_date": "2017-13"}, "date.bad"),
        ({"name": "甲", "ethnicity": "77"}, "child.ethnicity"),
        ({"name": "甲", "class_uuid": "nothing"}, "row.unknown"),
    ],
)
def test_what_cannot_be_written_is_refused_and_leaves_nothing(store, known, key):
    with refused(key):
        add(store, **known)
    assert load_facts(store, DAY) == []


def test_several_children_are_one_action_and_one_bad_row_keeps_all_out(store):
    drafts = [ChildDraft(name=name) for name in ("甲", "乙", "丙")]
    changes = add_children(store, drafts=drafts, by="陈素兰")
    assert {draft.uuid for draft in drafts} <= changes.uuids
    assert (changes.words, changes.areas) == ("加 3 名儿童", {"children"})
    with refused("child.no_name"):
        add_children(store, drafts=[ChildDraft(name="丁"), ChildDraft(name="")])
    with refused("id.taken"):
        add_children(
            store, drafts=[ChildDraft(name="丁", id_number=SOUND), ChildDraft(name="戊", id_number=SOUND)]
        )
    assert len(load_facts(store, DAY)) == 3
    undo(store, changes.action_uuid, by="陈素兰")
    assert load_facts(store, DAY) == []


MOTHER = PersonDraft(relation=Relation.MOTHER, name="向桂香", phones=("15900000380",), away=AwayState.OUT)


def test_twins_get_the_same_mother_by_her_name_and_number(store):
    one = add(store, "覃大龙", people=(MOTHER,))
    two = add(store, "覃小龙", people=(MOTHER,))
    assert read(store, one).mother.uuid == read(store, two).mother.uuid
    assert [ref.name for ref in siblings(store, one)] == ["覃小龙"]
    assert len(read(store, two).mother.phones) == 1


def test_what_is_known_of_a_shared_mother_is_not_changed_by_a_new_child(store):
    one = add(store, "覃大龙", people=(MOTHER,))
    later = PersonDraft(
        relation=Relation.MOTHER, name="向桂香", phones=("15900000380",), away=AwayState.HOME, id_number=SOUND
    )
    add(store, "覃小龙", people=(later,))
    mother = read(store, one).mother
    assert (mother.away_state, mother.id_number) == (AwayState.OUT, SOUND)


def test_a_namesake_with_another_number_is_another_mother(store):
    one = add(store, "覃大龙", people=(MOTHER,))
    two = add(store, "田小花", people=(PersonDraft(relation=Relation.MOTHER, name="向桂香", phones=("1",)),))
    assert read(store, one).mother.uuid != read(store, two).mother.uuid
    assert siblings(store, one) == []


def test_half_siblings_share_one_parent_only(store):
    father = PersonDraft(relation=Relation.FATHER, name="覃大勇", id_number=SOUND)
    one = add(store, "覃大龙", people=(father, MOTHER))
    other_father = PersonDraft(relation=Relation.FATHER, name="田小明", id_number=OTHER)
    two = add(store, "田小龙", people=(other_father, MOTHER))
    three = add(store, "覃三", people=(father,))
    assert [ref.name for ref in siblings(store, one)] == ["田小龙", "覃三"]
    assert [ref.name for ref in siblings(store, two)] == ["覃大龙"]
    assert [ref.why for ref in siblings(store, three)] == ["同一家长：覃大勇"]


def test_a_parent_who_cares_is_one_person(store):
    carer = PersonDraft(relation=Relation.MOTHER, phones=("13900000000",))
    child = read(
        store, add(store, "甲", people=(PersonDraft(relation=Relation.MOTHER, name="向桂香"),), carer=carer)
    )
    assert child.care.person is child.mother
    assert (child.care.kind, child.mother.phones[0].number) == (CareKind.ONE_PARENT, "13900000000")


def test_the_same_carer_only_suggests(store):
    gran = PersonDraft(relation=Relation.PATERNAL_GRANDMOTHER, name="田秀莲", phones=("13800006217",))
    one, two = add(store, "甲", carer=gran), add(store, "乙", carer=gran)
    assert siblings(store, one) == []
    assert [(ref.uuid, ref.why) for ref in sibling_suggestions(store, one)] == [(two, "由同一人照护")]


# ---- search before create ------------------------------------------------------------------------------------------


@pytest.fixture
def zhang(store, classes):
    return add(
        store,
        "张伟",
        sex=Sex.MALE,
        birth_date="2017-03-08",
        id_number=OTHER,
        class_uuid=classes["三（2）班"].uuid,
    )


def found(store, **asked):
    return [(one.uuid, one.likeness, one.why) for one in candidates(store, day=DAY, **asked)]


def test_an_equal_number_is_the_same_child_whatever_the_name(store, zhang):
    assert found(store, name="章维", id_number="440524 18800101 0014", sex=Sex.FEMALE) == [
        (zhang, Likeness.SAME_NUMBER, "身份证号相同")
    ]


def test_an_equal_name_is_asked_about_unless_something_speaks_against_it(store, zhang, classes):
    cls = classes["三（2）班"].uuid
    assert found(store, name="张伟") == [(zhang, Likeness.SAME_NAME, "姓名相同")]
    assert found(store, name="张 伟", class_uuid=cls) == [(zhang, Likeness.SAME_NAME, "姓名相同，同班")]
    assert found(store, name="张伟", birth_date="2017-03") == found(store, name="张伟")
    assert found(store, name="张伟", birth_date="2017-04") == []
    assert found(store, name="张伟", sex=Sex.FEMALE) == []


def test_a_name_that_reads_alike_is_asked_about_in_the_same_class(store, zhang, classes):
    assert found(store, name="章玮", class_uuid=classes["三（2）班"].uuid) == [
        (zhang, Likeness.SAME_SOUND, "姓名同音，同班")
    ]
    assert found(store, name="章玮") == []
    assert found(store, name="") == []


def test_a_former_name_and_the_recycle_bin_are_looked_through_too(store, zhang):
    from app.dossier.service_bin import move_to_bin

    change_field(store, uuid=zhang, field="former_name", value="张小伟")
    move_to_bin(store, uuids=[zhang])
    (one,) = candidates(store, name="张小伟", day=DAY)
    assert (one.uuid, one.in_bin, one.why) == (zhang, True, "曾用名相同")


# ---- one field -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "value", "stored"),
    [
        ("hobbies", " 画画、踢球 ", "画画、踢球"),
        ("hobbies", "  ", None),
        ("sex", Sex.MALE, Sex.MALE),
        ("sex", None, None),
        ("ethnicity", "15", "15"),
        ("birth_date", "2017", "2017"),
        ("birth_date", "", None),
        ("birth_source", "told", BirthSource.TOLD),
        ("only_child", True, True),
        ("only_child", False, False),
        ("only_child", None, None),
        ("phone", "139 0743 0380", "13907430380"),
        ("student_no", "０７", "07"),
        ("archive_opened_on", "2026-09-01", "2026-09-01"),
        ("student_registry_no", "g43312320170308012x", "G43312320170308012X"),
    ],
)
def test_one_field_is_changed_and_blank_is_not_collected(store, field, value, stored):
    uuid = add(store, "甲", sex=Sex.FEMALE, birth_date="2016-01-01", hobbies="唱歌")
    change_field(store, uuid=uuid, field=field, value=value, by="陈素兰")
    assert getattr(read(store, uuid), field) == stored


def test_a_new_name_brings_its_pinyin_and_a_typed_pinyin_is_kept_until_then(store):
    uuid = add(store, "乐乐")
    change_field(store, uuid=uuid, field="pinyin", value="Yue Le")
    assert read(store, uuid).pinyin == "yue le"
    change_field(store, uuid=uuid, field="name", value="曾 乐")
    child = read(store, uuid)
    assert (child.name, child.pinyin) == ("曾乐", "zeng le")


def test_correcting_the_number_settles_its_doubt_and_a_wrong_one_makes_another(store):
    uuid = add(store, "甲", id_number="110105194912310021")
    change_field(store, uuid=uuid, field="id_number", value=SOUND)
    child = read(store, uuid)
    assert (child.doubts, child.birth_date) == ((), "1949-12-31")
    change_field(store, uuid=uuid, field="id_number", value="440524188001010015")
    (doubt,) = read(store, uuid).doubts
    assert doubt.code == "id_check_digit"
    change_field(store, uuid=uuid, field="id_number", value=None)
    assert (read(store, uuid).id_number, read(store, uuid).doubts) == (None, ())


def test_the_number_of_another_child_is_refused_and_ones_own_is_not(store):
    one, two = add(store, "甲", id_number=SOUND), add(store, "乙")
    with refused("id.taken"):
        change_field(store, uuid=two, field="id_number", value=SOUND)
    assert not change_field(store, uuid=one, field="id_number", value=SOUND)


@pytest.mark.parametrize(
    ("field", "value", "key"),
    [
        ("name", " ", "child.no_name"),
        ("birth_date", "2017-02-30", "date.bad"),
        ("birth_date", "去年", "date.bad"),
        ("archive_opened_on", "2026-09", "date.no_day"),
        ("ethnicity", "99", "child.ethnicity"),
    ],
)
def test_what_a_field_cannot_hold_is_refused(store, field, value, key):
    uuid = add(store, "甲")
    with refused(key):
        change_field(store, uuid=uuid, field=field, value=value)


def test_a_field_that_is_none_is_a_mistake_of_the_program(store):
    uuid = add(store, "甲")
    with pytest.raises(TypeError):
        change_field(store, uuid=uuid, field="initials", value="x")
    with refused("child.unknown"):
        change_field(store, uuid="nobody", field="note", value="x")


def test_what_was_done_says_who_and_what_and_can_be_undone(store):
    uuid = add(store, "甲")
    changes = change_field(store, uuid=uuid, field="hobbies", value="画画", by="周晓燕")
    (last, *_) = actions(store)
    assert (last.words, last.who) == ("甲：改兴趣爱好", "周晓燕")
    undo(store, changes.action_uuid, by="周晓燕")
    assert read(store, uuid).hobbies is None


def test_any_row_leads_to_its_children(store):
    one = add(
        store,
        "覃大龙",
        people=(MOTHER,),
        carer=PersonDraft(relation=Relation.PATERNAL_GRANDMOTHER, name="奶"),
    )
    two = add(store, "覃小龙", people=(MOTHER,))
    child = read(store, one)
    assert children_of(store, [one]) == {one}
    assert children_of(store, [child.mother.uuid]) == {one, two}
    assert children_of(store, [child.mother.away.uuid]) == {one, two}
    assert children_of(store, [child.mother.phones[0].uuid]) == {one, two}
    assert children_of(store, [child.care.person.uuid]) == {one}
    assert children_of(store, [child.registration.uuid, child.mother.kinship.uuid]) == {one}
    assert children_of(store, ["nothing"]) == set()


def test_a_class_that_is_not_there_yet_is_opened_with_its_first_child(store):
    ref = ClassRef(Stage.PRIMARY, 2024, 2)
    changes = add_children(
        store,
        drafts=[ChildDraft(name="张三", class_ref=ref), ChildDraft(name="李四", class_ref=ref)],
        by="陈素兰",
    )
    found = load_facts(store, store.clock.today(), uuids=changes.uuids)
    assert {child.school_class.key for child in found} == {"2024级2班"}
    assert {"children", "school"} <= changes.areas
    undo(store, changes.action_uuid, by=None)
    assert load_facts(store, store.clock.today()) == []
    assert not any(cls.ref == ref for cls in all_classes(store, store.clock.today()))


def test_what_was_typed_doubtfully_is_kept_with_its_doubt(store):
    doubt = DoubtDraft(field="phone", code="phone_short", reason="号码只有 10 位", raw="1380000000")
    draft = ChildDraft(name="张三", doubts=(doubt,))
    add_child(store, draft=draft)
    (child,) = load_facts(store, store.clock.today(), uuids=[draft.uuid])
    assert [(one.field, one.code, one.reason, one.raw) for one in child.doubts] == [
        ("phone", "phone_short", "号码只有 10 位", "1380000000")
    ]
