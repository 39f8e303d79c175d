"""Columns for father and mother together, as a village school's roster has them."""

from datetime import date

import pytest

from app.children.queries import load_facts
from app.storage.history import actions, undo
from app.tasks.import_roster import import_roster
from app.workbook.ledger_cells import CellTexts
from tests.app.tasks.rosters import id_number, write_roster

DAY = date(2026, 11, 21)
HEADER = ["姓名", "身份证号", "班级", "父母务工地", "父母外出时间", "父母电话"]


@pytest.fixture
def bring(store, tmp_path):
    """Return a function that imports a roster: one row per text in 父母务工地."""

    def run(*rows, header=HEADER):
        cells = [
            [f"{'甲乙丙丁戊'[at]}", id_number(serial=at + 1), "三年级", *row] for at, row in enumerate(rows)
        ]
        path = write_roster(tmp_path / "花名册.xlsx", *cells, header=header)
        run.result = import_roster(store, path)
        return {child.name: child for child in load_facts(store, DAY)}

    return run


def away(person):
    return None if person is None else (person.away_state, person.away_place)


def test_both_parents_at_one_place(bring):
    known = bring(
        ["父母均在广东东莞", "2025-03", "13800000001"],
        ["父母均在外务工", "", ""],
        ["都在深圳", "", ""],
        ["父亲在广东", "", ""],
        ["父母都在家", "", ""],
    )
    one = known["甲"]
    assert [away(p) for p in (one.father, one.mother)] == [("out", "广东东莞")] * 2
    assert [[p.number for p in who.phones] for who in (one.father, one.mother)] == [["13800000001"]] * 2
    assert [away(p) for p in (known["乙"].father, known["乙"].mother)] == [("out", None)] * 2
    assert [away(p) for p in (known["丙"].father, known["丙"].mother)] == [("out", "深圳")] * 2
    assert away(known["丁"].father) == ("out", "广东")
    assert away(known["丁"].mother) is None, "nobody said anything of her"
    assert [away(p) for p in (known["戊"].father, known["戊"].mother)] == [("home", None)] * 2
    assert run_marks(bring) == []
    assert not any(child.note for child in known.values())


def run_marks(bring):
    return [entry["code"] for entry in bring.result.as_json()["marked"]]


def test_a_doubt_ends_by_itself_when_it_is_answered(store, bring):
    unclear = bring(["广东东莞", "", "138 0000 0001"])["甲"]
    assert [doubt.code for doubt in unclear.doubts] == ["which_parent"] * 2
    assert CellTexts(masked=False).details(unclear)["备注"] == "父母务工地：广东东莞"
    header = ["姓名", "身份证号", "班级", "父亲务工地", "母亲务工地", "父亲电话"]
    known = bring(["广东东莞", "广东东莞", "13800000001"], header=header)["甲"]
    assert known.doubts == ()
    assert CellTexts(masked=False).details(known)["备注"] == "", "a class teacher need not read it again"
    undo(store, actions(store)[0].uuid, by=None)
    again = {child.name: child for child in load_facts(store, DAY)}["甲"]
    assert len(again.doubts) == 2, "an answer taken back opens its doubt again"


def test_half_an_answer_leaves_the_doubt(bring):
    bring(["广东东莞", "", ""])
    known = bring(["广东东莞"], header=["姓名", "身份证号", "班级", "父亲务工地"])["甲"]
    assert [doubt.code for doubt in known.doubts] == ["which_parent"]


def test_what_could_not_be_read_is_settled_by_a_row_that_can(bring):
    header = ["姓名", "身份证号", "班级", "民族"]
    assert [doubt.field for doubt in bring(["某某某族？"], header=header)["甲"].doubts] == ["ethnicity"]
    assert bring(["苗族"], header=header)["甲"].doubts == ()


def test_a_column_that_says_it_of_nobody_is_asked_about_as_a_whole(bring):
    bring(["广东东莞", "", ""], ["浙江", "", ""], ["福建", "", ""])
    assert run_marks(bring) == ["which_parent"] * 3
    assert bring.result.plan.notes[0] == (
        "「父母务工地」有 3 行没写是父亲还是母亲。这一栏要是说的都是父母两人，"
        "请回到「认列」，把它改成「父母都外出的务工地」"
    )


def test_the_whole_column_answered_once(bring):
    header = [*HEADER[:3], "父母都外出的务工地", *HEADER[4:]]
    known = bring(["广东东莞", "", ""], ["浙江", "", ""], header=header)
    assert [away(p) for p in (known["甲"].father, known["甲"].mother)] == [("out", "广东东莞")] * 2
    assert [away(p) for p in (known["乙"].father, known["乙"].mother)] == [("out", "浙江")] * 2
    assert run_marks(bring) == []


def test_both_in_a_word_but_one_at_home_elsewhere_is_asked(bring):
    header = ["姓名", "身份证号", "班级", "母亲是否外出", "父母务工地"]
    known = bring(["否", "父母均在广东"], header=header)
    assert away(known["甲"].father) == ("out", "广东")
    assert away(known["甲"].mother) == ("home", None)
    assert run_marks(bring) == ["status_conflict"]


def test_the_place_in_the_column_of_the_kind(bring):
    header = ["姓名", "身份证号", "班级", "父母外出情况"]
    known = bring(["父母均在广东东莞"], header=header)
    assert [away(p) for p in (known["甲"].father, known["甲"].mother)] == [("out", "广东东莞")] * 2
    assert run_marks(bring) == []


def test_a_number_that_lacks_a_digit_never_takes_the_place_of_a_good_one(bring):
    header = ["姓名", "身份证号", "班级", "父亲姓名", "父亲电话"]
    bring(["何国强", "13800000001"], header=header)
    known = bring(["何国强", "1380000002"], header=header)["甲"]
    assert [phone.number for phone in known.father.phones] == ["13800000001"]
    assert run_marks(bring) == ["phone_length"]
    (doubt,) = known.doubts
    assert doubt.reason == "电话 10 位，位数不对；没有存，台账里原来的号码还留着，请问清楚"


def test_a_number_that_lacks_a_digit_is_kept_where_nothing_better_is_known(bring):
    known = bring(["何国强", "1380000002"], header=["姓名", "身份证号", "班级", "父亲姓名", "父亲电话"])["甲"]
    assert [phone.number for phone in known.father.phones] == ["1380000002"]


def test_a_class_named_at_its_first_child_is_that_of_those_below_and_moves_nobody(store, tmp_path):
    def bring_classes(*classes):
        cells = [["甲乙丙丁"[at], id_number(serial=at + 1), text] for at, text in enumerate(classes)]
        path = write_roster(tmp_path / "花名册.xlsx", *cells, header=["姓名", "身份证号", "班级"])
        plan = import_roster(store, path).plan
        return plan, {child.name: child.school_class.name for child in load_facts(store, DAY)}

    plan, classes = bring_classes("三年级", "", "〃", "")
    assert set(classes.values()) == {"三年级"}
    assert plan.notes[0] == (
        "有 2 行的班级空着，照上面一行的登记（第 3 行 乙 起），是这样吗？"
        "不是的话，请在表里写上班级，再选一次文件"
    )
    assert plan.rows[1].reason.startswith("班级空着，照上面的三年级登记")
    _, classes = bring_classes("四年级", "", "", "")
    assert classes == {"甲": "四年级", "乙": "三年级", "丙": "三年级", "丁": "三年级"}
