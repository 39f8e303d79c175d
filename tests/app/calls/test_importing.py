"""Results of calls out of a table: new, known, waiting with a reason, undone as a whole; and out into a folder again."""

from datetime import date, datetime, time

import pytest
from openpyxl import Workbook, load_workbook

from app.calls.codes import CallMedium, Mood, Outcome
from app.calls.importing import CALL_RESULTS
from app.calls.importing_model import ParkedCode
from app.calls.importing_reading import outcome_in
from app.calls.log import log_of_child, log_of_period
from app.calls.log_drafts import LogDraft
from app.calls.service_log import remove_call, save_calls
from app.calls.service_people import set_wish
from app.calls.tables import PlannedCallRow
from app.children.codes import RegistrationEnd
from app.children.service import change_field
from app.children.service_status import leave
from app.diary.drafts import draft_uuid
from app.diary.open_items import open_events, open_promises
from app.school.codes import Profile
from app.school.handover import handovers
from app.storage.history import undo
from app.tasks.calls_export import export_calls
from app.tasks.calls_import import CALLS
from tests.app.calls.conftest import refused
from tests.app.command_line import run

HEAD = [
    "序号",
    "日期",
    "时段",
    "姓名",
    "班级",
    "接听人",
    "关系",
    "方式",
    "时长(分)",
    "接通情况",
    "情绪",
    "内容（自愿）",
    "答应的事",
    "值班教师",
    "电话",
]
FIRST, LAST = "2026-09-01", "2026-11-21"


@pytest.fixture
def table(tmp_path):
    """Return a function that writes rows below the usual head, under a title as schools have it."""

    def write(*rows, head=HEAD, name="通话.xlsx", title="亲情电话使用记录表"):
        book = Workbook()
        sheet = book.active
        sheet.title = "11月"
        sheet.append([title])
        sheet.append(head)
        for row in rows:
            sheet.append(list(row))
        path = tmp_path / name
        book.save(path)
        return path

    return write


def line(name, day="2026-11-20", outcome="接通", **known):
    found = {"日期": day, "姓名": name, "接通情况": outcome, **known}
    return [found.get(column, "") for column in HEAD]


def test_a_filled_sheet_goes_in_with_everything_it_says(store, who, table):
    path = table(
        line(
            "罗诗涵",
            时段="12:20",
            接听人="罗大勇",
            关系="父亲",
            方式="视频",
            **{"时长(分)": "5分钟"},
            情绪="开心",
        ),
        line("谭晓东", "2026.11.19", "没人接", 接听人="妈妈", 值班教师="李国平老师", 电话="13812345678"),
        line("向阳", "11月18日", "通"),
        ["合计", "", "", "3 人次"],
    )
    done = CALLS.bring_in(store, path)
    assert (done.as_json()["new"], done.as_json()["known"]) == (2, 0)
    luo, tan = sorted(log_of_period(store, FIRST, LAST), key=lambda one: one.happened_on, reverse=True)
    assert (luo.outcome, luo.medium, luo.minutes, luo.mood) == (
        Outcome.CONNECTED,
        CallMedium.VIDEO,
        5,
        Mood.HAPPY,
    )
    assert (luo.started, luo.who, luo.draft.person_uuid) == ("12:20", "罗大勇", who.people["罗大勇"])
    assert (tan.outcome, tan.who, tan.staff_name) == (Outcome.NO_ANSWER, "田秀莲", "李国平")
    assert "13812345678" not in repr(log_of_period(store, FIRST, LAST))
    # A day without its year is no day, and the total is no row.
    assert [row["code"] for row in done.as_json()["parked"]] == [ParkedCode.BAD_DATE]


def test_a_second_time_everything_is_known_also_what_was_removed(store, table):
    path = table(line("罗诗涵", 时段="12:20"), line("罗诗涵", 时段="12:20"), line("谭晓东"))
    first = CALLS.bring_in(store, path).as_json()
    assert (first["new"], first["known"]) == (2, 1)
    remove_call(store, uuid=log_of_period(store, FIRST, LAST)[0].uuid)
    again = CALLS.bring_in(store, path)
    assert (again.as_json()["new"], again.as_json()["known"]) == (0, 3)
    assert not again.changes


def test_rows_that_cannot_go_in_wait_with_their_reason_and_are_put_right(store, who, table, tmp_path):
    path = table(
        line("罗诗寒"),
        line("张伟", outcome="打了一会儿没有接通"),
        line("向阳", "2027-01-01"),
        line("冉小燕", **{"时长(分)": 500}, outcome="接通"),
    )
    done = CALLS.bring_in(store, path, rejects=tmp_path / "待处理.xlsx")
    waiting = CALL_RESULTS.rows(store)
    # 「没有接通」 is an answer; who was called on a day to come is not.
    assert [one.code for one in waiting] == [ParkedCode.NO_CHILD, ParkedCode.BAD_DATE, ParkedCode.CANNOT_BE]
    assert done.as_json()["new"] == 1
    assert load_workbook(tmp_path / "待处理.xlsx").active.max_row >= 4
    with refused("import.parked_needs"):
        CALL_RESULTS.resolve(store, uuid=waiting[0].uuid)
    CALL_RESULTS.resolve(store, uuid=waiting[0].uuid, child_uuid=who.children["罗诗涵"])
    CALL_RESULTS.resolve(store, uuid=waiting[1].uuid, fixes={"day": "2026-11-01"})
    CALL_RESULTS.drop(store, uuid=waiting[2].uuid)
    assert CALL_RESULTS.rows(store) == ()
    with refused("import.parked_gone"):
        CALL_RESULTS.drop(store, uuid=waiting[2].uuid)
    assert [one.happened_on for one in log_of_child(store, who.children["向阳"])] == ["2026-11-01"]
    assert (
        CALLS.bring_in(store, path).as_json()["new"] == 0
    )  # what was put right is known, what is wrong waits anew


def test_a_row_waits_once_and_is_written_out_for_the_school_to_mend(store, table, tmp_path):
    path = table(line("罗诗寒"), line("罗诗涵"))
    CALLS.bring_in(store, path)
    again = CALLS.bring_in(store, path).as_json()
    assert [row["reason"] for row in again["parked"]] == ["台账里没有「罗诗寒」（已在待处理里）"]
    assert len(CALL_RESULTS.rows(store)) == 1
    made = CALLS.export_waiting(store, tmp_path / "等.xlsx")
    assert made.rows == 1
    assert handovers(store)[0].content == "待处理的通话记录 1 行"


def test_the_whole_import_is_undone_at_once_with_what_followed(store, table):
    path = table(
        line("罗诗涵", "2026-11-13", "停机", 接听人="罗大勇"),
        line("罗诗涵", "2026-11-20", "停机", 接听人="罗大勇", 答应的事="换了号就打来"),
        line("没有这人"),
    )
    done = CALLS.bring_in(store, path)
    assert len(open_events(store)) == 1
    assert len(open_promises(store)) == 1
    assert store.rows("SELECT result FROM phone WHERE number = '13600000002'") == [("stopped",)]
    undo(store, done.changes.action_uuid, by=None)
    assert log_of_period(store, FIRST, LAST) == ()
    assert (open_events(store), open_promises(store), CALL_RESULTS.rows(store)) == ((), (), ())
    assert store.rows("SELECT result FROM phone WHERE number = '13600000002'") == [(None,)]


def test_brothers_and_sisters_in_one_line_are_a_call_each(store, who, table):
    path = table(line("谭晓东、谭小兰", 班级="三（1）班、三（2）班"), line("谭小兰、没有这人", "2026-11-19"))
    done = CALLS.bring_in(store, path).as_json()
    assert (done["new"], len(done["parked"])) == (3, 1)
    entries = log_of_period(store, FIRST, LAST)
    assert len({one.child_uuid for one in entries}) == 2
    shared = {
        one.happened_on: {two.draft.occasion for two in entries if two.happened_on == one.happened_on}
        for one in entries
    }
    assert [len(found) for found in shared.values()] == [1, 1], "one call, however many children"
    assert None not in set().union(*shared.values())
    (waiting,) = CALL_RESULTS.rows(store)
    CALL_RESULTS.resolve(store, uuid=waiting.uuid, child_uuid=who.children["谭晓东"])
    late = [one for one in log_of_period(store, FIRST, LAST) if one.happened_on == "2026-11-19"]
    assert [one.draft.occasion for one in late] == [*shared["2026-11-19"]] * 2, "who waited joins in again"


def test_a_dry_run_writes_nothing(store, table):
    before = store.commit_no
    done = CALLS.bring_in(store, table(line("罗诗涵")), dry_run=True)
    assert done.as_json()["new"] == 1
    assert store.commit_no == before
    assert log_of_period(store, FIRST, LAST) == ()


def test_a_paper_without_the_column_keeps_only_what_got_through(store, table):
    head = ["日期", "姓名", "时长"]
    path = table(["2026-11-20", "罗诗涵", 4], ["2026-11-20", "向阳", ""], head=head)
    done = CALLS.bring_in(store, path).as_json()
    assert done["new"] == 1
    assert [row["code"] for row in done["parked"]] == [ParkedCode.NO_OUTCOME]


def test_an_empty_cell_of_the_column_says_nothing_whatever_the_minutes(store, who, table):
    done = CALLS.bring_in(store, table(line("罗诗涵", outcome="", **{"时长(分)": 4}))).as_json()
    assert [row["code"] for row in done["parked"]] == [ParkedCode.NO_OUTCOME]
    (waiting,) = CALL_RESULTS.rows(store)
    with refused("import.parked_needs"):
        CALL_RESULTS.resolve(store, uuid=waiting.uuid, child_uuid=who.children["罗诗涵"])
    CALL_RESULTS.resolve(store, uuid=waiting.uuid, fixes={"outcome": "没接"})
    (entry,) = log_of_period(store, FIRST, LAST)
    assert entry.outcome is Outcome.NO_ANSWER


def test_a_call_before_the_child_was_born_waits(store, who, table):
    change_field(store, uuid=who.children["罗诗涵"], field="birth_date", value="2016-03")
    done = CALLS.bring_in(store, table(line("罗诗涵", "2014-01-01"))).as_json()
    ((code, reason),) = [(row["code"], row["reason"]) for row in done["parked"]]
    assert (code, "2016-03" in reason) == (ParkedCode.CANNOT_BE, True)


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("接通", Outcome.CONNECTED),
        ("通了", Outcome.CONNECTED),
        ("√", Outcome.CONNECTED),
        ("接通，说了 5 分钟", Outcome.CONNECTED),
        ("没有接通", Outcome.NO_ANSWER),
        ("一直没人接", Outcome.NO_ANSWER),
        ("打过去是空号", Outcome.WRONG_NUMBER),
        ("奶奶听不懂普通话", Outcome.LANGUAGE),
        ("学生请假没来", Outcome.CHILD_ABSENT),
        ("网断了", Outcome.LINE_DOWN),
        ("没接通过", Outcome.NO_ANSWER),
        ("并未真正接通", None),
        ("再说吧", None),
        ("", None),
    ],
)
def test_what_came_of_it_is_read_and_never_guessed(text, outcome):
    assert outcome_in(text) is outcome


@pytest.mark.parametrize(
    ("key", "head", "rows"),
    [("call_import.no_header", ["甲", "乙"], [["1", "2"]]), ("call_import.no_rows", HEAD, [])],
)
def test_a_file_that_is_no_log_is_refused_in_words(store, table, key, head, rows):
    with refused(key):
        CALLS.bring_in(store, table(*rows, head=head))


def test_a_csv_in_gbk_is_read_too(store, tmp_path):
    path = tmp_path / "通话.csv"
    path.write_bytes("日期,姓名,接通情况\n2026-11-20,罗诗涵,接通\n".encode("gbk"))
    assert CALLS.bring_in(store, path).as_json()["new"] == 1


# ---- out again -------------------------------------------------------------------------------------------------------


@pytest.fixture
def logged(store, who):
    draft = LogDraft(
        uuid=draft_uuid(),
        child_uuid=who.children["罗诗涵"],
        happened_on="2026-11-20",
        started="12:20",
        minutes=4,
        outcome=Outcome.CONNECTED,
        person_uuid=who.people["罗大勇"],
        line_uuid=who.lines["活动室座机"],
        staff_uuid=who.staff["李国平"],
        said="爸爸的新号码 13900001111",
    )
    other = LogDraft(
        uuid=draft_uuid(),
        child_uuid=who.children["张伟"],
        happened_on="2026-11-19",
        outcome=Outcome.RESCHEDULED,
        rescheduled_to="2026-11-26 12:20",
        spoke_with="邻居",
    )
    save_calls(store, drafts=(draft, other))
    row = "SELECT c.id, l.id, p.id FROM child c, call_line l, person p WHERE c.name = '罗诗涵'"
    child, line_id, father = store.rows(f"{row} AND l.name = '活动室座机' AND p.name = '罗大勇'")[0]
    with store.action("排号", kind="test") as action:
        action.insert(
            PlannedCallRow,
            child=child,
            call_line=line_id,
            person=father,
            day="2026-11-20",
            starts="12:20",
            ends="12:30",
            occasion=draft.uuid,
            medium="phone",
            origin="planner",
        )
    return store


def texts_of(path):
    return "\n".join(
        str(cell) for sheet in load_workbook(path) for row in sheet.values for cell in row if cell
    )


def test_what_is_exported_is_read_back_as_known(logged, who, tmp_path):
    told = LogDraft(
        uuid=draft_uuid(),
        child_uuid=who.children["向阳"],
        happened_on="2026-11-20",
        outcome=Outcome.CONNECTED,
        spoke_with="姑姑 13912345678",
    )
    save_calls(logged, drafts=(told,))
    made = export_calls(logged, tmp_path, since=date(2026, 9, 1), until=date(2026, 11, 21))
    assert [one.path.suffix for one in made] == [".xlsx", ".pdf", ".pdf"]
    assert all(one.path.stat().st_size and one.changes for one in made)
    again = CALLS.bring_in(logged, made[0].path).as_json()
    assert (again["rows"], again["new"], again["known"], again["parked"]) == (3, 0, 3, [])


def test_numbers_are_masked_unless_there_is_a_reason(logged, tmp_path):
    span = {"since": date(2026, 11, 16), "until": date(2026, 11, 22)}
    masked = export_calls(logged, tmp_path, **span)
    hidden = texts_of(masked[0].path)
    assert "13900001111" not in hidden
    assert "13600000002" not in hidden
    assert "136****0002" in hidden
    with refused("export.reason"):
        export_calls(logged, tmp_path, **span, profile=Profile.FULL)
    full = export_calls(logged, tmp_path, **span, profile=Profile.FULL, reason="检查")
    assert "13900001111" in texts_of(full[0].path)
    assert "13600000002" in texts_of(full[0].path)
    assert "通话值班单" in full[-1].path.name
    assert {entry.profile for entry in handovers(logged)} == {Profile.MASKED, Profile.FULL}
    with refused("register.no_folder"):
        export_calls(logged, tmp_path / "没有", **span)
    with refused("register.days"):
        export_calls(logged, tmp_path, since=date(2026, 11, 22), until=date(2026, 11, 16))


def test_whoever_does_not_wish_to_call_is_among_the_children_of_the_workbook(logged, who, tmp_path):
    set_wish(logged, child_uuid=who.children["冉小燕"], wants=False, since=date(2026, 11, 1))
    (book, *_) = export_calls(logged, tmp_path, since=date(2026, 11, 16), until=date(2026, 11, 22))
    whom = {row[2]: row[3:7] for row in load_workbook(book.path)["联系方式"].values}
    assert whom["罗诗涵"] == (1, "父亲 罗大勇", "136****0002", "广东省东莞市")
    rows = list(load_workbook(book.path)["接通情况"].values)
    told = {row[2]: row[-1] for row in rows if row[2] in who.children}
    assert told.keys() == who.children.keys()
    assert told["冉小燕"] == "孩子现在不想打"


def test_each_sheet_says_whom_it_counts(logged, who, tmp_path):
    book, *_ = export_calls(logged, tmp_path, since=date(2026, 9, 1), until=date(2026, 11, 21))
    before = {sheet.title: len(list(sheet.values)) for sheet in load_workbook(book.path)}
    leave(logged, child_uuid=who.children["罗诗涵"], reason=RegistrationEnd.TRANSFERRED_OUT, on="2026-11-21")
    (tmp_path / "后来").mkdir()
    book, *_ = export_calls(logged, tmp_path / "后来", since=date(2026, 9, 1), until=date(2026, 11, 21))
    sheets = {sheet.title: list(sheet.values) for sheet in load_workbook(book.path)}
    fewer = {title: before[title] - len(rows) for title, rows in sheets.items()}
    assert (fewer["通话记录"], fewer["接通情况"]) == (0, 1)
    assert "后来退出台账的儿童也在" in sheets["通话记录"][1][0]
    assert sheets["接通情况"][1][0].endswith("口径：登记在册的留守儿童，接通才算")


def test_both_commands_answer_as_the_others_do(store, table, tmp_path):
    path = store.path
    rows = table(line("罗诗涵"), line("没有这人"))
    store.close()
    done = run("--today", "2026-11-21", "import-calls", path, rows, "--json")
    assert done.code == 0
    assert (done.value["rows"], done.value["new"], len(done.value["parked"])) == (2, 1, 1)
    assert "待处理 1" in done.err
    out = tmp_path / "出"
    out.mkdir()
    made = run("--today", "2026-11-21", "export-calls", path, out, "--from", "2026-11-01", "--json")
    assert made.code == 0
    assert [one["records"] for one in made.value] == [1, 0, 1]
    assert run("export-calls", path, out, "--from", "2026-11-01", "--profile", "full").code == 1
    assert run("export-calls", path, out).code == 2
    assert run("import-calls", path, tmp_path / "没有.xlsx").code == 1


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"时段": "25:99"}, "时间「25:99」不对，要像 12:20"),
        ({"时长(分)": "-5"}, "时长「-5」不对，要是 0 到 240 的分钟数"),
        ({"时长(分)": 99999}, "时长「99999」不对，要是 0 到 240 的分钟数"),
        ({"时长(分)": "三五分"}, "时长「三五分」不对，要是 0 到 240 的分钟数"),
    ],
)
def test_a_cell_that_cannot_be_is_shown_and_never_left_out_in_silence(store, table, cells, reason):
    done = CALLS.bring_in(store, table(line("罗诗涵", **cells))).as_json()
    assert (done["new"], [row["reason"] for row in done["parked"]]) == (0, [reason])


@pytest.mark.parametrize(
    ("head", "cells", "started", "reason"),
    [
        (("日期", "时间"), ("2026-11-20", "25:99"), None, "时间「25:99」不对，要像 12:20"),
        (("时间", "日期"), ("25:99", "2026-11-20"), None, "时间「25:99」不对，要像 12:20"),
        (("时间",), ("2026-11-20 25:99",), None, "时间「2026-11-20 25:99」不对，要像 12:20"),
        (("日期", "时间"), ("2026-11-20", "12:20"), "12:20", ""),
        (("时间", "日期"), (time(12, 20), date(2026, 11, 20)), "12:20", ""),
        (("日期", "时间"), (datetime(2026, 11, 20), time(12, 20)), "12:20", ""),
        (("时间",), (datetime(2026, 11, 20, 12, 20),), "12:20", ""),
        (("时间",), (datetime(2026, 11, 20),), None, ""),
        (("日期", "时间"), ("2026-11-20", "午间"), None, ""),
    ],
)
def test_a_column_named_time_is_the_hour_beside_a_day(store, table, head, cells, started, reason):
    path = table([*cells, "罗诗涵", "接通"], head=[*head, "姓名", "接通情况"])
    done = CALLS.bring_in(store, path).as_json()
    assert [row["reason"] for row in done["parked"]] == ([reason] if reason else [])
    assert [one.started for one in log_of_period(store, FIRST, LAST)] == ([] if reason else [started])


def test_words_for_a_time_and_about_so_long_are_understood_or_kept(store, table):
    head = ["日期", "姓名", "时段", "时长", "接通情况", "心情", "与谁通话"]
    path = table(["2026-11-20", "罗诗涵", "午间", "大约 5 分", "接通", "开心", "爸爸"], head=head)
    assert CALLS.bring_in(store, path).as_json()["new"] == 1
    (entry,) = log_of_period(store, FIRST, LAST)
    assert (entry.minutes, entry.started, entry.draft.note) == (5, None, "时段：午间")
    assert (entry.mood, entry.who) == (Mood.HAPPY, "罗大勇")


def test_the_same_bad_row_twice_in_one_file_waits_once_though_each_is_told(store, tmp_path):
    path = tmp_path / "两遍.csv"
    # Two tables of one class pasted below each other: Excel numbers differ, what is said does not.
    path.write_text(
        "日期,姓名,接通情况\n2026-11-20,罗诗寒,接通\n2026-11-20,罗诗寒,接通\n", encoding="utf-8-sig"
    )
    done = CALLS.bring_in(store, path)
    assert len(done.as_json()["parked"]) == 2
    assert CALLS.bring_in(store, path).as_json()["new"] == 0
    assert len(CALL_RESULTS.rows(store)) == 2  # rows of their own numbers, both kept
