"""Workbooks of past records: every row goes in, is known already, or waits with its reason; the whole is undone at once."""

import random
from datetime import date, datetime
from io import BytesIO

import pytest
from msgspec.structs import replace
from openpyxl import Workbook, load_workbook

from app.children.codes import Sex
from app.children.drafts import ChildDraft
from app.children.service import add_child, change_field
from app.core.errors import UserError
from app.diary.codes import Activity, Medium, Topic
from app.diary.importing.model import ParkedCode, RowResult
from app.diary.importing.parked import RECORDS
from app.diary.importing.sheets import SEALED_WORDS
from app.diary.open_items import open_promises
from app.diary.queries import RecordFilters, record, records
from app.diary.service import change_record, remove_record
from app.pairing.codes import Guidance
from app.school.codes import ClosedReason, HandoverKind, Profile
from app.school.handover import handovers
from app.school.queries import all_classes
from app.school.service_classes import close_class
from app.storage.history import actions, undo
from app.tasks.import_diary import PAST_RECORDS
from tests.app.command_line import run

HEADER = (
    "序号",
    "姓名",
    "班级",
    "谈心时间",
    "谈话人",
    "方式",
    "谈话类型",
    "四导",
    "内容",
    "学生反应",
    "跟进日期",
    "承诺",
)


@pytest.fixture
def book(tmp_path):
    """Return a function that writes sheets (name → rows) into a workbook."""

    def made(name="记录.xlsx", merged=(), **sheets):
        workbook = Workbook()
        workbook.remove(workbook.active)
        for title, rows in sheets.items():
            sheet = workbook.create_sheet(title)
            for row in rows:
                sheet.append(row)
            for area in merged:
                sheet.merge_cells(area)
        path = tmp_path / name
        workbook.save(path)
        return path

    return made


def talk(name="张小雨", day="2026.10.8", **known):
    usual = {
        "班级": "三（1）班",
        "谈话人": "王丽华老师",
        "方式": "面谈",
        "四导": "心理、行为",
        "内容": "想妈妈",
    }
    row = {"姓名": name, "谈心时间": day, **usual, **known}
    return tuple(row.get(header, "") for header in HEADER)


def reasons(plan):
    return [(row.code, row.reason) for row in plan.rows if row.result is RowResult.PARKED]


def everything(store):
    return records(store, RecordFilters(), limit=None)


def test_a_sheet_of_talks_goes_in_with_all_it_says(store, who, book):
    path = book(
        谈心记录表=[
            ("青石坪小学谈心记录表",),
            ("填表单位：青石坪小学", "", "2026年"),
            HEADER,
            talk(谈话类型="学业预警", 跟进日期="2026-10-15", 承诺="带课外书", 学生反应="点头"),
            talk("张小雷", datetime(2026, 10, 9, 15, 30), 班级="四(2)班", 四导="", 内容="和同学吵架"),
            talk("陈思远", "2026年10月10日下午", 谈话人="外聘志愿者", 方式="骑车去的"),
            ("合计", 3),
            ("填表人：王丽华",),
        ]
    )
    result = PAST_RECORDS.bring_in(store, path, by="陈素兰")
    assert result.as_json() == {"rows": 3, "new": 3, "known": 0, "parked": []}
    chen, thunder, rain = everything(store)
    assert (rain.child_uuid, rain.kind, rain.happened_on) == (who.rain, Activity.TALK, "2026-10-08")
    draft = record(store, rain.uuid).draft
    assert (draft.medium, draft.topic) == (Medium.IN_PERSON, Topic.ACADEMIC_WARNING)
    assert draft.guidances == {Guidance.MIND, Guidance.CONDUCT}
    assert (draft.content, draft.reaction, draft.follow_up_on) == ("想妈妈", "点头", "2026-10-15")
    assert (rain.supporter_name, rain.late_words) == ("王丽华", "补录（44 天）")
    assert [one.content for one in open_promises(store, child_uuid=who.rain)] == ["带课外书"]
    assert (thunder.child_uuid, thunder.started, thunder.guidances) == (who.thunder, "15:30", frozenset())
    other = record(store, chen.uuid).draft
    assert (other.content, other.present, other.supporter_uuid) == (
        "想妈妈\n方式：骑车去的",
        "外聘志愿者",
        None,
    )


def test_another_child_of_the_same_name_does_not_get_the_record(store, who, book):
    """A whole number that is not the child's own waits for a person; one with a fault says nothing, as in the roster."""
    change_field(store, uuid=who.rain, field="id_number", value="110105201703080021")
    header = (*HEADER, "身份证号")
    rows = [
        (*talk(内容=f"第 {place} 次"), number)
        for place, number in enumerate(
            ("44052420170908002X", "4.40524E+17", "44052420170908002", "", "110105201703080021")
        )
    ]
    result = PAST_RECORDS.bring_in(store, book(谈心=[header, *rows]))
    assert result.as_json()["new"] == 4
    (waiting,) = result.as_json()["parked"]
    assert (waiting["row"], waiting["code"]) == (2, ParkedCode.NO_CHILD)
    assert "可能是同名的另一人" in waiting["reason"]
    assert RECORDS.rows(store)[0].child_uuid == who.rain, "proposed, not taken"


def test_a_class_the_school_has_not_is_asked_about_by_its_name(store, who, book):
    rows = [
        talk(班级="三（3）班", 内容="一"),
        talk(班级="留守儿童", 内容="二"),
        talk(班级="三年级", 内容="三"),
        talk(班级="火箭班", 内容="四"),
        talk(班级="九（1）班", 内容="五"),
        talk(班级="六年级", 内容="六"),
        talk(班级="—", 内容="七"),
    ]
    result = PAST_RECORDS.bring_in(store, book(谈心=[HEADER, *rows]))
    assert result.as_json()["new"] == 3, "what is no class says nothing, a grade means its only class"
    assert [row["reason"] for row in result.as_json()["parked"]] == [
        f"学校没有「{name}」，台账里的「张小雨」在三（1）班，是不是同一人请确认"
        for name in ("三（3）班", "火箭班", "九（1）班", "六年级")
    ]
    assert {one.child_uuid for one in RECORDS.rows(store)} == {who.rain}, "proposed, not taken"


def test_a_class_closed_since_is_still_the_class_of_that_day(store, who, book):
    (cls,) = (one for one in all_classes(store, date(2026, 11, 20)) if one.uuid == who.third)
    with store.action("并班", kind="class.merge") as action:
        close_class(action, cls, date(2026, 11, 20), ClosedReason.MERGED)
    rows = [talk(班级="三（1）班", 内容="一"), talk(班级="2024级1班", 内容="二")]
    assert PAST_RECORDS.bring_in(store, book(谈心=[HEADER, *rows])).as_json()["new"] == 2


def test_the_same_workbook_again_changes_nothing_and_undoing_takes_all_back(store, book):
    path = book(谈心=[HEADER, talk(), talk("陈思远"), talk("何大壮"), talk()])
    first = PAST_RECORDS.bring_in(store, path)
    assert (first.as_json()["new"], len(first.as_json()["parked"])) == (2, 1)
    assert first.as_json()["known"] == 1, "a row that stands twice in the workbook is one record"
    before = store.commit_no
    again = PAST_RECORDS.bring_in(store, path)
    assert (again.as_json()["new"], again.as_json()["known"]) == (0, 3)
    assert [one["reason"].endswith("（已在待处理里）") for one in again.as_json()["parked"]] == [True]
    assert (bool(again.changes), store.commit_no) == (False, before)
    undo(store, first.changes.action_uuid, by=None)
    assert (everything(store), RECORDS.rows(store)) == ((), ())
    assert PAST_RECORDS.bring_in(store, path).as_json()["new"] == 2


def test_what_was_removed_by_hand_does_not_come_back(store, book):
    path = book(谈心=[HEADER, talk()])
    PAST_RECORDS.bring_in(store, path)
    remove_record(store, uuid=everything(store)[0].uuid)
    assert PAST_RECORDS.bring_in(store, path).as_json()["known"] == 1
    assert everything(store) == ()


def test_undoing_keeps_what_was_worked_on_since(store, book):
    done = PAST_RECORDS.bring_in(store, book(谈心=[HEADER, talk(), talk("陈思远")]))
    kept = everything(store)[0]
    draft = record(store, kept.uuid).draft
    change_record(store, uuid=kept.uuid, draft=replace(draft, plan="再谈一次"))
    result = undo(store, done.changes.action_uuid, by=None)
    assert [line.uuid for line in everything(store)] == [kept.uuid]
    assert result.kept


def test_a_dry_run_says_the_same_and_writes_nothing(store, book):
    path = book(谈心=[HEADER, talk(), talk("何大壮")])
    before = store.commit_no
    dry = PAST_RECORDS.bring_in(store, path, dry_run=True)
    assert (store.commit_no, everything(store), RECORDS.rows(store)) == (before, (), ())
    assert dry.as_json() == PAST_RECORDS.bring_in(store, path).as_json()


def test_rows_that_cannot_go_in_wait_with_their_reason(store, who, book):
    change_field(store, uuid=who.rain, field="birth_date", value="2019-05")
    add_child(store, draft=ChildDraft(name="陈思远", sex=Sex.MALE))
    path = book(
        记录=[
            ("姓名", "班级", "日期", "类别", "内容"),
            ("何大壮", "三（1）班", "2026-10-08", "谈心", "一"),
            ("陈思远", "", "2026-10-08", "谈心", "二"),
            ("张小雨", "四（2）班", "2026-10-08", "谈心", "三"),
            ("张小雨", "", "10月8日", "谈心", "四"),
            ("张小雨", "", "2027-10-08", "谈心", "五"),
            ("张小雨", "", "2026-02-30", "谈心", "六"),
            ("张小雨", "", "2026-10-08", "跑步", "七"),
            ("张小雨", "", "2026-10-08", "谈心", ""),
            ("", "", "2026-10-08", "谈心", "九"),
            ("陈思远", "三（1）班", "2026-10-08", "家访", "只有一名在三（1）班"),
            ("张小雨", "", "2018-10-08", "谈心", "出生以前"),
            ("张小雨", "", "2019-05-08", "谈心", "出生的那个月"),
        ]
    )
    plan = PAST_RECORDS.plan(store, path)
    assert reasons(plan) == [
        (ParkedCode.NO_CHILD, "台账里没有「何大壮」"),
        (ParkedCode.SEVERAL_CHILDREN, "有 2 名「陈思远」，没有写清是哪个班"),
        (ParkedCode.NO_CHILD, "四（2）班没有「张小雨」，别的班有同名的"),
        (ParkedCode.BAD_DATE, "日期「10月8日」看不出是哪一天，要有年、月、日"),
        (ParkedCode.BAD_DATE, "日期 2027-10-08 还没有到"),
        (ParkedCode.BAD_DATE, "日期「2026-02-30」看不出是哪一天，要有年、月、日"),
        (ParkedCode.UNKNOWN_KIND, "看不出「跑步」是哪一类记录"),
        (ParkedCode.EMPTY, "除了日期和姓名，没有写内容"),
        (ParkedCode.NO_CHILD, "没有写姓名，号码也不在册里"),
        (ParkedCode.BAD_DATE, "日期 2018-10-08 在出生日期 2019-05 以前"),
    ]
    assert plan.count(RowResult.NEW) == 2


def test_a_waiting_row_is_put_right_or_left_out(store, who, book):
    path = book(
        记录=[
            ("姓名", "日期", "类别", "内容"),
            ("何大壮", "2026-10-08", "谈心", "一"),
            ("张小雨", "10.8", "家访", "二"),
        ]
    )
    PAST_RECORDS.bring_in(store, path)
    first, second = RECORDS.rows(store)
    assert first.cells == (("姓名", "何大壮"), ("日期", "2026-10-08"), ("类别", "谈心"), ("内容", "一"))
    assert RECORDS.preview(store, second.uuid).code is ParkedCode.BAD_DATE
    with pytest.raises(UserError, check=lambda error: error.key == "import.parked_needs"):
        RECORDS.resolve(store, uuid=second.uuid, child_uuid=who.rain)
    RECORDS.resolve(store, uuid=first.uuid, child_uuid=who.chen)
    done = RECORDS.resolve(store, uuid=second.uuid, fixes={"day": "2026-10-09"})
    assert {(line.child_name, line.kind) for line in everything(store)} == {
        ("陈思远", Activity.TALK),
        ("张小雨", Activity.HOME_VISIT),
    }
    assert RECORDS.rows(store) == ()
    undo(store, done.action_uuid, by=None)
    RECORDS.drop(store, uuid=second.uuid)
    with pytest.raises(UserError, check=lambda error: error.key == "import.parked_gone"):
        RECORDS.drop(store, uuid=second.uuid)


def test_the_number_decides_and_one_that_belongs_to_somebody_else_waits(store, who, book):
    number = "110105201503120011"
    with store.action("号码", kind="test"):
        store.db.execute_sql("UPDATE child SET id_number = ? WHERE uuid = ?", (number, who.chen))
    path = book(
        记录=[
            ("姓名", "身份证号", "日期", "类别", "内容"),
            ("陈思远", number, "2026-10-08", "谈心", "一"),
            ("", number, "2026-10-09", "谈心", "二"),
            ("张小雨", number, "2026-10-10", "谈心", "三"),
        ]
    )
    plan = PAST_RECORDS.plan(store, path)
    assert [row.child_uuid for row in plan.rows] == [who.chen, who.chen, None]
    assert reasons(plan) == [(ParkedCode.SEVERAL_CHILDREN, "号码是陈思远的，姓名写的是「张小雨」")]


def test_several_sheets_merged_names_ticks_and_columns_nobody_knows(store, book):
    path = book(
        merged=("A2:A3",),
        成长日记=[
            ("姓名", "日期", "学习", "生活", "情绪与行为", "心理疏导", "天气"),
            ("张小雨", "2026-10-08", "进步", "自己洗衣服", "开朗", "√", "晴"),
            ("", "2026-10-09", "退步", "无", "", "谈了作业", ""),
        ],
        说明=[("本表由班主任填写",)],
    )
    plan = PAST_RECORDS.plan(store, path)
    assert "「说明」没有读：没有找到表头（要有姓名、日期这样的栏目名）" in plan.told
    assert "「成长日记」有 1 栏没有认出（天气），原样记在内容后面" in plan.told
    first, second = plan.rows
    assert (first.kind, first.child_name, second.child_name) == (Activity.GROWTH_JOURNAL, "张小雨", "张小雨")
    assert (first.values["at_school"], first.values["at_home"]) == ("进步", "自己洗衣服")
    assert (first.values["mind"], first.values["content"]) == (1, "天气：晴")
    assert (second.values["mind"], second.values["at_home"], second.values["content"]) == (
        1,
        None,
        "心理疏导：谈了作业",
    )


@pytest.mark.parametrize(
    ("rows", "key"),
    [
        ([("没有", "表头"), ("张小雨", "2026-10-08")], "diary_import.no_header"),
        ([("姓名", "日期", "内容")], "diary_import.no_rows"),
    ],
)
def test_a_workbook_without_records_is_refused_in_words(store, book, rows, key):
    with pytest.raises(UserError, check=lambda error: error.key == key):
        PAST_RECORDS.plan(store, book(表=rows))


def test_a_plan_made_on_an_older_state_is_refused(store, write, book):
    plan = PAST_RECORDS.plan(store, book(谈心=[HEADER, talk()]))
    write()
    with pytest.raises(UserError, check=lambda error: error.key == "import.changed_since"):
        PAST_RECORDS.write(store, plan)


def test_any_cells_at_all_are_sorted_into_the_three(store, book):
    rng = random.Random(12)
    junk = (
        "",
        3.5,
        True,
        "=1+1",
        "无",
        "√",
        "三（1）班",
        datetime(2026, 9, 30, 8, 5),
        "１２",
        "张小雨\n陈思远",
    )
    usual = (
        ("张小雨", "陈思远", "何大壮"),
        ("2026-10-08", 46300, date(2026, 9, 30)),
        ("谈心", "家访", "走访"),
        ("一", "二", ""),
        ("电话",),
        ("备",),
    )
    rows = [tuple(rng.choice(junk if rng.random() < 0.2 else cells) for cells in usual) for _ in range(300)]
    plan = PAST_RECORDS.plan(store, book(乱=[("姓名", "日期", "类别", "内容", "方式", "备忘"), *rows]))
    assert {row.result for row in plan.rows} == set(RowResult) - {RowResult.WAITING}
    assert all(row.reason for row in plan.parked())
    written = PAST_RECORDS.write(store, plan)
    assert len(everything(store)) == written.plan.count(RowResult.NEW)
    assert len(RECORDS.rows(store)) == len(plan.parked())


def test_on_the_command_line(store, book, tmp_path):
    path, out = book(谈心=[HEADER, talk(), talk("何大壮")]), tmp_path / "待处理.xlsx"
    db = store.path
    store.close()
    dry = run("import-diary", db, path, "--dry-run", "--json").value
    done = run("import-diary", db, path, "--rejects", out, "--json")
    assert (done.code, done.value) == (0, dry)
    assert "读了 2 行，新增 1，已有 0，待处理 1。" in done.err
    assert dry["parked"] == [
        {"sheet": "谈心", "row": 3, "code": "no_child", "reason": "台账里没有「何大壮」"}
    ]
    rejected = load_workbook(BytesIO(out.read_bytes())).active
    assert [cell.value for cell in rejected[2]][-3:] == ["台账里没有「何大壮」", "谈心", "3"]


def test_the_import_is_one_line_of_the_history(store, book):
    PAST_RECORDS.bring_in(store, book(谈心=[HEADER, talk(), talk("何大壮")]), by="陈素兰")
    last = actions(store)[0]
    assert (last.words, last.kind, last.who) == ("导入以前的记录 1 条，待处理 1 行", "import", "陈素兰")


@pytest.mark.parametrize("title", ["心理辅导记录表", "2026年秋心理咨询"])
def test_what_was_said_in_counselling_is_never_read_into_the_open(store, book, title):
    header = ("姓名", "日期", "类别", "内容")
    said, usual = ("张小雨", "2026-10-08", "心理辅导", "不能说的话"), ("张小雨", "2026-10-08", "谈心", "一")
    rows = [header, said, usual]
    assert PAST_RECORDS.plan(store, book(谈心=rows)).told == ("有 1 行没有读：" + SEALED_WORDS,)
    path = book(表=[(title,), *rows], 谈心=rows)
    done = PAST_RECORDS.bring_in(store, path)
    assert (done.as_json()["rows"], [line.text for line in everything(store)]) == (1, ["一"])
    assert f"「表」没有读：{SEALED_WORDS}" in done.plan.told
    store.close()
    assert "不能说的话".encode() not in store.path.read_bytes()


def test_the_kind_is_known_from_the_title_the_sheet_or_the_names_of_the_columns(store, book):
    row = ("张小雨", "2026-10-08", "一")
    plan = PAST_RECORDS.plan(
        store,
        book(
            甲=[("白水沟村家访记录",), ("姓名", "日期", "内容"), row],
            谈话=[("姓名", "日期", "内容"), row],
            乙=[("姓名", "辅导时间", "辅导内容"), row],
            基本信息=[("姓名", "日期", "内容"), row],
        ),
    )
    kinds = [one.kind for one in plan.rows]
    assert kinds == [Activity.HOME_VISIT, Activity.TALK, Activity.TUTORING, None]


def test_our_own_register_is_read_back_into_the_same_record(store, who, book):
    header = ("序号", "日期", "姓名", "班级", "方式", "四导", "教师", "监护人", "内容", "跟进日期", "补录")
    said = "家访目的：情绪不好\n家访情况：屋后是水塘，\n已提醒老人\n后续计划：下周再去\n承诺：带书（约定 2026-11-27）"
    usual = ("1", "2026-10-08 09:30 30 分钟", "张小雨", "三（1）班", "上门，其他", "生活指导", "王丽华")
    sheet = [("青石坪小学家访登记册",), header, (*usual, "母亲 刘桂香", said, "", "补录（9 天）")]
    path = book(家访登记=sheet)
    PAST_RECORDS.bring_in(store, path)
    (line,) = everything(store)
    draft = record(store, line.uuid).draft
    assert (draft.kind, draft.medium, draft.topic) == (Activity.HOME_VISIT, Medium.DOOR, Topic.OTHER)
    assert (draft.started, draft.minutes, draft.person_uuid) == ("09:30", 30, who.mother)
    assert (draft.background, draft.content, draft.plan) == (
        "情绪不好",
        "屋后是水塘，\n已提醒老人",
        "下周再去",
    )
    assert [(one.content, one.due_on) for one in open_promises(store)] == [("带书", "2026-11-27")]
    assert PAST_RECORDS.bring_in(store, path).as_json()["known"] == 1
    other = book(name="二.xlsx", 家访登记=[header, (*usual, "邻居老李", "见到了人", "", "")])
    PAST_RECORDS.bring_in(store, other)
    assert everything(store)[0].text == "见到了人 监护人：邻居老李"


def test_a_header_in_two_rows_is_read(store, who, book):
    """姓名 and 班级 stand over both rows, 谈心情况 over three columns, the names of those below."""
    path = book(
        merged=("A2:A3", "B2:B3", "C2:E2", "F2:F3"),
        谈心记录=[
            ("谈心记录表",),
            ("姓名", "班级", "谈心", "", "", "记录人"),
            ("", "", "时间", "方式", "内容", ""),
            ("张小雨", "三（1）班", "2026.10.8", "面谈", "想妈妈", "王丽华"),
            ("张小雷", "四(2)班", "2026.10.9", "电话", "说要转学", "王丽华"),
        ],
    )
    result = PAST_RECORDS.bring_in(store, path)
    assert (result.as_json()["rows"], result.as_json()["new"], result.as_json()["parked"]) == (2, 2, [])
    thunder, rain = everything(store)
    draft = record(store, rain.uuid).draft
    assert (rain.child_uuid, rain.kind, rain.happened_on) == (who.rain, Activity.TALK, "2026-10-08")
    assert (draft.medium, draft.content, rain.supporter_name) == (Medium.IN_PERSON, "想妈妈", "王丽华")
    assert record(store, thunder.uuid).draft.medium is Medium.PHONE


def test_a_header_in_two_rows_without_a_day_is_said(store, book):
    path = book(
        谈心=[
            ("姓名", "班级", "谈心", ""),
            ("", "", "方式", "内容"),
            ("张小雨", "三（1）班", "面谈", "想妈妈"),
        ]
    )
    with pytest.raises(UserError, check=lambda error: error.key == "diary_import.no_header"):
        PAST_RECORDS.plan(store, path)


def test_a_ledger_is_no_workbook(store, tmp_path):
    """The data file of the program, or a file only named .db: plain words, and nothing of it is touched."""
    for name, content in (("守望.db", store.path.read_bytes()), ("通知.db", b"\x00\x01 no table")):
        path = tmp_path / "别处" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
        with pytest.raises(UserError, check=lambda error: error.key == "import.not_a_workbook") as caught:
            PAST_RECORDS.plan(store, path)
        assert "花名册" not in caught.value.todo
        assert path.read_bytes() == content


def test_what_waits_goes_out_as_a_workbook_and_is_logged(store, book, tmp_path):
    """The rows with their reasons; put right there they come in again, and the list says who waits no more."""
    PAST_RECORDS.bring_in(store, book(谈心=[HEADER, talk("何大壮"), talk(day="某日")]), by="陈素兰")
    assert RECORDS.count(store) == 2
    out = tmp_path / "出" / "待处理.xlsx"
    out.parent.mkdir()
    made = PAST_RECORDS.export_waiting(store, out, by="陈素兰")
    sheet = load_workbook(out).active
    lines = [[cell.value or "" for cell in row] for row in sheet.iter_rows()]
    assert made.rows == 2
    assert lines[0][-3:] == ["待处理原因", "原表", "原行"]
    assert ["何大壮" in line for line in lines[1:]] == [True, False]
    logged = handovers(store)[0]
    assert (logged.kind, logged.content, logged.file_name, logged.profile) == (
        HandoverKind.EXPORT, "待处理的记录 2 行", "待处理.xlsx", Profile.FULL,
    )  # fmt: skip


def test_the_list_of_what_waits_comes_back_as_it_went_out(store, who, book, tmp_path):
    """Unchanged, every row waits already; put right it goes in with the kind of its first sheet and without the notes."""
    header = ("姓名", "班级", "日期", "内容")
    rows = [("家访记录表",), header, ("何大壮", "", "2026-10-08", "家里没人"), ("张小雨", "", "", "想妈妈")]
    first = PAST_RECORDS.bring_in(store, book(登记=rows))
    assert first.as_json()["new"] == 0
    out = tmp_path / "待处理.xlsx"
    PAST_RECORDS.export_waiting(store, out)
    again = PAST_RECORDS.plan(store, out)
    assert [row.result for row in again.rows] == [RowResult.WAITING, RowResult.WAITING]

    workbook = load_workbook(out)
    workbook.active["A2"] = "张小雨"
    workbook.save(out)
    result = PAST_RECORDS.bring_in(store, out)
    assert (result.as_json()["new"], result.plan.count(RowResult.WAITING)) == (1, 1)
    (line,) = everything(store)
    draft = record(store, line.uuid).draft
    assert (line.kind, line.child_uuid, draft.content) == (Activity.HOME_VISIT, who.rain, "家里没人")


def test_a_word_for_a_kind_that_nobody_knows_is_not_the_kind_of_the_sheet(store, book):
    """家访 in the title says nothing about a row that says 跳舞; a row that says nothing is what the title says."""
    header = ("姓名", "类别", "日期", "内容")
    rows = [
        ("家访记录表",),
        header,
        ("陈思远", "跳舞", "2026-10-08", "排练"),
        ("陈思远", "", "2026-10-09", "家里没人"),
    ]
    plan = PAST_RECORDS.plan(store, book(登记=rows))
    assert [(row.result, row.code) for row in plan.rows] == [
        (RowResult.PARKED, ParkedCode.UNKNOWN_KIND),
        (RowResult.NEW, None),
    ]
    assert "跳舞" in plan.rows[0].reason
