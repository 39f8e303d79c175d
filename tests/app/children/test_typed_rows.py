"""The entry grid's rows, read and checked against a real file."""

from app.children.codes import CareKind, ParentsCode, Relation, Sex
from app.children.drafts import ChildDraft
from app.children.ledger import ledger_row
from app.children.queries import load_child
from app.children.service import add_child, add_children
from app.children.typed_rows import read_typed_rows
from tests.app.children.builders import DAY

SOUND = "11010520180304002X"


def read(store, *rows, **common):
    return read_typed_rows(store, list(enumerate(rows)), day=DAY, **common)


def marks(row):
    return {(mark.column, mark.blocks) for mark in row.marks}


def test_a_whole_row_becomes_a_whole_child(store, classes):
    (row,) = read(
        store,
        {
            "name": "曾 小 雨",
            "sex": "女",
            "class": "3.2",
            "birth": "2017.3.4",
            "village": "白水沟村1组",
            "carer": "田秀莲",
            "relation": "奶奶",
            "phone": "13800000001",
            "father": "曾大勇",
            "father_place": "福建晋江",
            "mother": "向桂香",
            "mother_place": "在家",
            "note": "周五才回村里",
        },
        since="2026-09-01",
    )
    assert row.ready
    assert row.marks == ()
    add_children(store, drafts=[row.draft])
    child = load_child(store, row.draft.uuid, DAY)
    shown = ledger_row(child)
    assert (shown.name, shown.sex, shown.birth_date) == ("曾小雨", Sex.FEMALE, "2017-03-04")
    assert shown.class_name == "三（2）班"
    assert shown.situation.parents is ParentsCode.ONE
    assert shown.situation.away_words == "福建晋江 / 在家"
    assert child.care.kind is CareKind.GRANDPARENTS
    assert child.care.person.relation is Relation.PATERNAL_GRANDMOTHER
    assert shown.phones == ("13800000001",)
    assert child.registration.valid_from == "2026-09-01"
    assert child.note == "周五才回村里"


def test_a_number_of_a_carer_unnamed_tells_nobody_who_cares(store, classes):
    (row,) = read(store, {"name": "曾小雨", "sex": "女", "class": "3.2", "phone": "13800000001"})
    assert row.ready
    add_children(store, drafts=[row.draft])
    child = load_child(store, row.draft.uuid, DAY)
    assert child.care is None
    assert ledger_row(child).phones == ("13800000001",)


def test_what_cannot_be_read_blocks_its_row_and_says_where(store, classes):
    (row,) = read(
        store,
        {
            "name": "张三",
            "sex": "公",
            "class": "九（9）班",
            "birth": "2017-13-40",
            "id": "5.11E+17",
            "phone": "138",
            "carer": "奶奶",
        },
    )
    assert not row.ready
    assert {("sex", True), ("class", True), ("birth", True), ("id", True), ("phone", True)} <= marks(row)


def test_a_wrong_check_digit_is_kept_with_its_doubt(store, classes):
    (row,) = read(store, {"name": "张三", "id": "110105201803040021"})
    assert row.ready
    assert ("id", False) in marks(row)
    add_children(store, drafts=[row.draft])
    child = load_child(store, row.draft.uuid, DAY)
    assert child.id_number == "110105201803040021"
    assert [doubt.field for doubt in child.doubts] == ["id_number"]


def test_a_row_without_a_name_is_not_written(store):
    (row,) = read(store, {"sex": "男"})
    assert marks(row) == {("name", True)}


def test_a_class_that_is_not_there_yet_is_named_and_opened(store):
    (row,) = read(store, {"name": "张三", "class": "三（2）班"})
    assert marks(row) == {("class", False)}
    add_children(store, drafts=[row.draft])
    assert load_child(store, row.draft.uuid, DAY).school_class.name == "三（2）班"


def test_a_number_that_is_typed_twice_or_known_already_blocks(store, classes):
    first, second = read(store, {"name": "张三", "id": SOUND}, {"name": "李四", "id": SOUND})
    assert first.ready
    assert ("id", True) in marks(second)
    add_child(store, draft=ChildDraft(name="王五", id_number=SOUND))
    (known,) = read(store, {"name": "张三", "id": SOUND})
    assert not known.ready
    assert any("王五" in mark.reason for mark in known.marks)


def test_a_child_of_the_same_name_is_named_but_does_not_block(store, classes):
    add_child(store, draft=ChildDraft(name="张三", class_uuid=classes["三（2）班"].uuid))
    (row,) = read(store, {"name": "张三", "class": "三（2）班"})
    assert row.ready
    assert ("name", False) in marks(row)
    assert [one.name for one in row.candidates] == ["张三"]


def test_grounds_of_an_unsupported_child_are_not_typed_here(store):
    (row,) = read(store, {"name": "张三", "father": "张大", "father_place": "服刑"})
    assert ("father_place", True) in marks(row)


def test_a_birth_that_does_not_fit_the_class_is_asked_about_and_never_in_the_way(store, classes):
    """A third-grader born this year: a slip of the year, most likely; who knows better saves it as it is."""
    (row,) = read(store, {"name": "曾小雨", "class": "3.2", "birth": "2026.3.4"})
    assert marks(row) == {("birth", False)}
    assert row.ready
    assert row.marks[0].reason == "2026-03-04 出生，这个班 2024 年上小学时还没有出生，出生日期或班级请再看看"
