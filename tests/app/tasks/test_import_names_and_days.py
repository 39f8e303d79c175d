"""What a roster says beside a name and around its table: kept and told, never part of the name, never taken silently."""

from datetime import date, datetime

import pytest
from openpyxl import Workbook

from app.children.codes import Category
from app.children.drafts import ChildDraft
from app.children.queries import load_facts
from app.children.roster.model import Decision, ParkedCode, Resolution, RosterOptions, RowResult
from app.children.roster.parked import preview_parked, resolve_parked, waiting_rows
from app.children.roster.plan import plan_import
from app.children.roster.rows import SkippedRow
from app.children.roster.waiting import waiting_count
from app.children.service import add_child
from app.children.tables import Doubt
from app.core.clock import FixedClock
from app.core.errors import UserError
from app.storage.store import Store
from app.tasks.create import create_school
from app.tasks.import_roster import import_roster, open_roster
from tests.app.tasks.rosters import id_number

DAY = date(2026, 11, 21)
HEADER = ["姓名", "性别", "身份证号", "班级", "备注"]
NUMBERS = [id_number(serial=serial) for serial in range(8)]


@pytest.fixture
def store(tmp_path):
    path = tmp_path / "守望.db"
    clock = FixedClock(datetime(2026, 11, 21, 9))
    create_school(path, clock=clock, name="青石坪镇中心小学")
    with Store.open(path, clock=clock) as opened:
        yield opened


@pytest.fixture
def bring(store, tmp_path):
    """Return a function that writes a roster with these names and lines around them, and imports it."""

    def run(*names, title="留守儿童花名册", foot=(), remarks=(), **options):
        book = Workbook()
        book.active.title = "花名册"
        book.active.append([title])
        book.active.append(HEADER)
        for place, name in enumerate(names):
            remark = remarks[place] if place < len(remarks) else None
            book.active.append([name, "女", NUMBERS[place], "三（1）班", remark])
        for line in foot:
            book.active.append([line])
        book.save(tmp_path / "名册.xlsx")
        return import_roster(store, tmp_path / "名册.xlsx", **options)

    return run


def children(store):
    return {child.name: child for child in load_facts(store, DAY)}


def marks(result):
    return {row.name: [mark.code for mark in row.marks] for row in result.plan.rows}


def test_a_remark_beside_a_name_is_marked_kept_and_not_part_of_it(store, bring):
    result = bring("李四(休学)", "王五", "赵六（小六）")
    found = children(store)
    assert set(found) == {"李四", "王五", "赵六"}
    assert (found["李四"].note, found["王五"].note) == ("姓名栏写着：休学", None)
    assert found["赵六"].name_note == "小六"
    assert found["李四"].name_note is None
    assert marks(result) == {"李四": ["name_remark"], "王五": [], "赵六": []}


@pytest.mark.parametrize(
    ("name", "remark", "asked"),
    [
        ("张三（转走）", None, "姓名后面写着「转走」：还在校吗？"),
        ("张三 已退学", None, "姓名后面写着「已退学」：还在校吗？"),
        ("张三", "2026年9月转到县城小学", "「备注」一栏写着「2026年9月转到县城小学」：还在校吗？"),
    ],
)
def test_whoever_may_have_left_waits_until_it_is_said_that_the_child_is_here(
    store, bring, name, remark, asked
):
    first = bring(name, "王五", remarks=[remark])
    assert set(children(store)) == {"王五"}
    assert [(row.code, row.reason) for row in first.plan.rows if row.code] == [(ParkedCode.MAYBE_GONE, asked)]
    assert (waiting_count(store).by_code, first.as_json()["parked"][0]["code"]) == (
        {"maybe_gone": 1},
        "maybe_gone",
    )
    (row,) = waiting_rows(store)
    assert row.code is ParkedCode.MAYBE_GONE
    assert preview_parked(store, row.uuid, resolution=Resolution.DROPPED).code is ParkedCode.MAYBE_GONE
    resolve_parked(store, row.uuid, resolution=Resolution.ADDED)
    assert set(children(store)) == {"张三", "王五"}
    assert waiting_rows(store) == []
    again = bring(name, "王五", remarks=[remark])
    assert [row.result for row in again.plan.rows] == [RowResult.UNCHANGED] * 2


def test_a_child_of_the_ledger_marked_as_gone_is_asked_about_and_not_missing(store, bring):
    bring("张三", "王五")
    plan = bring("张三（转学）", "王五").plan
    (asked,) = [row for row in plan.rows if row.code]
    assert [candidate.name for candidate in asked.candidates] == ["张三"]
    assert plan.missing == ()
    (row,) = waiting_rows(store)
    resolve_parked(store, row.uuid, resolution=Resolution.SAME_PERSON, child_uuid=row.child_uuid)
    assert children(store)["张三"].note == "姓名栏写着：转学"
    assert waiting_rows(store) == []


def test_who_the_child_is_does_not_answer_whether_it_is_still_here(store, bring):
    """Of a row that leaves both open the first is asked; the other one stays with the child, to be looked at."""
    add_child(store, draft=ChildDraft(name="张三", since="2025-09-01"))
    bring("张三（转走）")
    (row,) = waiting_rows(store)
    assert row.code is ParkedCode.MAYBE_SAME_PERSON
    resolve_parked(store, row.uuid, resolution=Resolution.SAME_PERSON, child_uuid=row.child_uuid)
    assert [doubt.code for doubt in children(store)["张三"].doubts] == ["name_gone"]
    assert [row.result for row in bring("张三（转走）").plan.rows] == [RowResult.UNCHANGED]


def test_whose_remark_was_looked_at_before_is_not_asked_about_again(store, bring):
    """Earlier versions let such a row in with a mark; the mark is the question then."""
    bring("张三")
    child = store.one("SELECT id FROM child")[0]
    with store.action("花名册", kind="import") as action:
        action.insert(
            Doubt, child=child, field="name", code="name_gone", reason="姓名后面写着", raw_text="张三（转走）"
        )
    assert [row.result for row in bring("张三（转走）").plan.rows] == [RowResult.UPDATED]


def test_a_decision_in_the_preview_is_enough(store, bring, tmp_path):
    bring("张三（转走）", "王五")
    opened = open_roster(store, tmp_path / "名册.xlsx")
    options = RosterOptions(DAY, decisions={("花名册", 3): Decision(Resolution.ADDED)})
    plan = plan_import(store, opened.roster, opened.mappings, options)
    assert [row.result for row in plan.rows] == [RowResult.NEW, RowResult.UNCHANGED]
    assert plan.rows[0].marks == ()


@pytest.mark.parametrize(
    "remark",
    ["未转走", "从外校转到我校", "2025年9月转学来", "转学生", "毕业班", "转出低保", "父亲去世，随母生活"],
)
def test_a_remark_about_who_came_or_who_stays_asks_nothing(store, bring, remark):
    bring("张三", remarks=[remark])
    assert set(children(store)) == {"张三"}


def test_the_remark_stands_beside_the_one_of_its_column_and_a_second_time_adds_nothing(store, bring):
    names, remarks = ["张三（休学）", "李四*"], ["外婆带大"]
    bring(*names, remarks=remarks)
    again = bring(*names, remarks=remarks)
    assert again.plan.count(again.plan.rows[0].result.__class__.UNCHANGED) == 2
    assert children(store)["张三"].note == "外婆带大；姓名栏写着：休学"


def test_a_category_beside_a_name_is_one(store, bring):
    bring("张三（孤儿）")
    assert [flag.category for flag in children(store)["张三"].categories] == [Category.ORPHAN]


def test_a_sign_is_told_with_the_line_that_explains_it(store, bring):
    result = bring("王五*", "李娜△", foot=["注：带*的是单亲家庭"])
    found = children(store)
    assert found["王五"].note == "姓名旁有记号 *（注：带*的是单亲家庭）"
    assert found["李娜"].note == "姓名旁有记号 △"
    reasons = [mark.reason for row in result.plan.rows for mark in row.marks]
    assert "表上写着：注：带*的是单亲家庭" in reasons[0]
    assert "表上没有找到它的意思" in reasons[1]


def test_a_masked_name_is_kept_as_it_is_written_and_marked(store, bring):
    assert marks(bring("张**")) == {"张**": ["name_masked"]}


def test_a_row_that_names_nobody_but_says_that_someone_left_waits(store, bring):
    result = bring("（转走）", "王五")
    assert [row.code for row in result.plan.rows if row.code] == ["no_name"]


def test_without_a_data_date_today_is_taken_and_the_sheets_own_day_is_told(bring):
    result = bring("王五", title="留守儿童花名册（2026年9月）")
    assert result.plan.options.data_date == DAY
    told = "「花名册」的标题写着「2026年9月」；没有写 --data-date，按今天 2026-11-21 起算变化"
    assert told in result.plan.told()


@pytest.mark.parametrize("title", ["留守儿童花名册（2026年11月）", "留守儿童花名册 2026.11.21", "花名册"])
def test_nothing_is_told_of_a_day_that_today_may_be(bring, title):
    assert not any("--data-date" in line for line in bring("王五", title=title).plan.told())


def test_a_data_date_that_is_given_rules_and_nothing_is_told(bring):
    result = bring("王五", title="花名册（2026年9月）", data_date=date(2026, 9, 1))
    assert result.plan.options.data_date == date(2026, 9, 1)
    assert not any("data-date" in line for line in result.plan.told())


def test_the_line_that_explains_a_sign_is_no_child(bring):
    result = bring("王五*", foot=["注：带*的是单亲家庭"])
    assert SkippedRow("花名册", 4, "表尾", "注：带*的是单亲家庭") in result.plan.skipped


def test_both_tables_of_a_sheet_go_in_and_its_name_chooses_both(store, tmp_path):
    book = Workbook()
    book.active.title = "三年级"
    book.active.append([*HEADER, None, *HEADER])
    book.active.append(
        ["王强", "男", None, "三（1）班", None, None, "李娜", "女", NUMBERS[0], "三（2）班", None]
    )
    book.create_sheet("别的").append(HEADER)
    book.save(tmp_path / "并排.xlsx")
    result = import_roster(store, tmp_path / "并排.xlsx", sheet="三年级")
    assert [(row.sheet, row.row, row.name) for row in result.plan.rows] == [
        ("三年级（第 1 栏）", 2, "王强"),
        ("三年级（第 2 栏）", 2, "李娜"),
    ]
    assert set(children(store)) == {"王强", "李娜"}


def test_children_of_whom_nobody_can_tell_the_class_are_said_to_have_none(store, tmp_path):
    book = Workbook()
    book.active.title = "二班"
    book.active.append(["姓名", "性别", "身份证号"])
    book.active.append(["王五", "女", NUMBERS[0]])
    book.save(tmp_path / "二班.xlsx")
    told = import_roster(store, tmp_path / "二班.xlsx").plan.told()
    assert any(line.startswith("「二班」有 1 名看不出是哪个年级哪个班，先不编班") for line in told)


def test_parents_and_carer_told_in_one_cell_each(store, tmp_path):
    book = Workbook()
    book.active.append(["姓名", "性别", "班级", "父母情况", "监护人及电话"])
    book.active.append(["王五", "女", "三（1）班", "父亲在广东打工，母亲在家", "爷爷王老汉13800000703"])
    book.save(tmp_path / "混写.xlsx")
    import_roster(store, tmp_path / "混写.xlsx")
    people = store.rows(
        "SELECT p.name, f.number FROM care c JOIN person p ON p.id = c.person_id JOIN phone f ON f.person_id = p.id"
    )
    assert people == [("王老汉", "13800000703")]
    assert store.one("SELECT label FROM reported_status") is not None


def test_a_list_of_grown_ups_alone_is_refused_in_words_and_read_when_it_is_named(store, tmp_path):
    book = Workbook()
    book.active.title = "家长"
    book.active.append(["姓名", "性别", "身份证号"])
    for serial in range(3):
        book.active.append([f"王大{'一二三'[serial]}", "男", id_number("19850520", serial, girl=False)])
    book.save(tmp_path / "家长.xlsx")
    with pytest.raises(UserError) as caught:
        import_roster(store, tmp_path / "家长.xlsx")
    assert caught.value.key == "import.grown_ups"
    assert import_roster(store, tmp_path / "家长.xlsx", sheet="家长").plan.count(RowResult.NEW) == 3
