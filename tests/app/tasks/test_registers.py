"""Registers and sheets of the diary: whole, in order, narrowed as asked, logged, and read back by other programs."""

from __future__ import annotations

import subprocess
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pypdfium2
import pytest

from app.core.clock import FixedClock
from app.core.errors import Cancelled, ShouwangError, UserError
from app.core.text import mask_numbers
from app.diary.codes import Activity
from app.school.codes import HandoverKind, Profile
from app.school.handover import handovers
from app.storage.store import Store
from app.tasks.demo import make_demo
from app.tasks.doings import doings
from app.tasks.registers.all import export_registers
from app.tasks.registers.making import Wanted, export_register, export_sheets, print_sheets
from app.workbook.register_book import lines_of
from tests.app.command_line import run

FIRST, LAST = date(2026, 9, 1), date(2026, 11, 21)
LONG = "很长的一段话，" * 900


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    path = tmp_path_factory.mktemp("demo") / "守望.db"
    make_demo(path, clock=FixedClock(datetime(2026, 11, 21, 10)), children=14)
    with Store.open(path, clock=FixedClock(datetime(2026, 11, 21, 11))) as store:
        talk = store.one(
            "SELECT id, child_id FROM care_record WHERE kind = 'talk' ORDER BY happened_on DESC, id DESC"
        )
        with store.action("改一条", kind="test") as action:
            store.db.execute_sql(
                "UPDATE care_record SET content = ?, happened_on = '2026-11-20' WHERE id = ?",
                ("=cmd|calc 打 138 0000 6217 问，身份证 11010519491231002X", talk[0]),
            )
            store.db.execute_sql("UPDATE child SET name = '覃䶮' WHERE id = ?", (talk[1],))
            visit = store.one("SELECT id FROM care_record WHERE kind = 'home_visit' ORDER BY id DESC")[0]
            store.db.execute_sql("UPDATE care_record SET content = ? WHERE id = ?", (LONG, visit))
            action.note_written(["x"])
    return path


@pytest.fixture
def store(demo, tmp_path):
    path = tmp_path / "守望.db"
    path.write_bytes(Path(demo).read_bytes())
    with Store.open(path, clock=FixedClock(datetime(2026, 11, 21, 12)), verify=False) as opened:
        yield opened


def refused(key):
    return pytest.raises(UserError, check=lambda error: error.key == key)


def text_in(reader, path):
    """Everything a paper or a workbook says."""
    if path.suffix == ".pdf":
        return text_of(reader, path)
    book = openpyxl.load_workbook(path)
    return "".join(str(value) for sheet in book for row in sheet.values for value in row)


def cells(path, sheet):
    rows = openpyxl.load_workbook(path)[sheet].iter_rows(min_row=3, values_only=True)
    head = next(rows)
    return [dict(zip(head, row, strict=True)) for row in rows if row[0] and str(row[0]).isdigit()]


def test_the_workbook_holds_every_record_of_the_period_by_kind(store, tmp_path):
    made = export_register(store, tmp_path / "登记.xlsx", Wanted(FIRST, LAST))
    count = dict(
        store.rows(
            "SELECT kind, count(*) FROM care_record WHERE happened_on BETWEEN ? AND ? GROUP BY kind",
            (FIRST.isoformat(), LAST.isoformat()),
        )
    )
    book = openpyxl.load_workbook(made.path)
    assert book.sheetnames == [f"{kind.label}登记" for kind in Activity if count.get(kind.value)]
    for kind, number in count.items():
        rows = cells(made.path, f"{Activity(kind).label}登记")
        assert [row["序号"] for row in rows if row["姓名"]] == list(range(1, number + 1))
        days = [row["日期"][:10] for row in rows if row["姓名"]]
        assert days == sorted(days)
    assert made.records == sum(count.values())
    late = store.one(
        "SELECT count(*) FROM care_record WHERE happened_on >= ? AND julianday(entered_on) - julianday(happened_on) > 7",
        (FIRST.isoformat(),),
    )[0]
    marks = [row["补录"] for sheet in book.sheetnames for row in cells(made.path, sheet) if row["补录"]]
    assert len(marks) == late > 0
    assert all(mark.startswith("补录（") for mark in marks)


def test_numbers_in_the_text_are_masked_unless_a_reason_is_recorded(store, tmp_path):
    text = cells(export_register(store, tmp_path / "一.xlsx", Wanted(FIRST, LAST)).path, "谈心登记")[-1][
        "内容"
    ]
    assert "138****6217" in text.replace(" ", "")
    assert "11010519491231002X" not in text
    with refused("export.reason"):
        export_register(store, tmp_path / "二.xlsx", Wanted(FIRST, LAST), profile=Profile.FULL)
    whole = export_register(
        store, tmp_path / "三.xlsx", Wanted(FIRST, LAST), profile=Profile.FULL, reason="镇里检查"
    )
    book = openpyxl.load_workbook(whole.path)["谈心登记"]
    found = [cell for row in book.iter_rows() for cell in row if "cmd|calc" in str(cell.value)]
    assert [cell.data_type for cell in found] == ["s"]
    assert "11010519491231002X" in found[0].value
    assert [(one.kind, one.reason) for one in handovers(store)][:2] == [
        (HandoverKind.EXPORT, "镇里检查"),
        (HandoverKind.EXPORT, None),
    ]
    assert "覃䶮" not in "".join(one.content + (one.file_name or "") for one in handovers(store))


def test_a_text_longer_than_a_cell_shows_goes_on_below(store, tmp_path):
    made = export_register(
        store, tmp_path / "长.xlsx", Wanted(FIRST, LAST, kinds=frozenset({Activity.HOME_VISIT}))
    )
    rows = openpyxl.load_workbook(made.path)["家访登记"].iter_rows(min_row=4, values_only=True)
    text = "".join(str(row[8]).removesuffix("…（下一行续）") for row in rows if row[8])
    assert LONG in text


@pytest.mark.parametrize("narrow", ["class", "supporter", "child", "kind"])
def test_it_is_narrowed_to_a_class_a_teacher_a_child_or_a_kind(store, tmp_path, narrow):
    child, supporter, cls, kind = store.one(
        "SELECT c.uuid, s.uuid, k.uuid, r.kind FROM care_record r JOIN child c ON c.id = r.child_id"
        " JOIN supporter s ON s.id = r.supporter_id JOIN enrolment e ON e.child_id = c.id AND e.valid_to IS NULL"
        " JOIN school_class k ON k.id = e.school_class_id WHERE r.happened_on > '2026-10-01'"
    )
    given = {
        "class": {"class_uuid": cls},
        "supporter": {"supporter_uuid": supporter},
        "child": {"child_uuid": child},
        "kind": {"kinds": frozenset({Activity(kind)})},
    }[narrow]
    everything = export_register(store, tmp_path / "全.xlsx", Wanted(FIRST, LAST)).records
    assert (
        0 < export_register(store, tmp_path / "部分.xlsx", Wanted(FIRST, LAST, **given)).records < everything
    )


def test_the_sheets_read_back_with_every_child_and_text(store, tmp_path, reader):
    made, printed = export_sheets(store, tmp_path / "记录表.pdf", Wanted(date(2026, 11, 1), LAST))
    text = subprocess.run(
        [reader("pdftotext"), "-layout", made.path, "-"], capture_output=True, check=True
    ).stdout.decode()
    names = {
        name
        for (name,) in store.rows(
            "SELECT DISTINCT c.name FROM care_record r JOIN child c ON c.id = r.child_id WHERE r.happened_on >= '2026-11-01'"
        )
    }
    assert {name for name in names if name in text} == names
    assert "覃䶮" in names
    assert (
        text.count("谈心（谈话）记录表")
        == store.one("SELECT count(*) FROM care_record WHERE kind = 'talk' AND happened_on >= '2026-11-01'")[
            0
        ]
    )
    assert printed.missing_characters == ()
    assert (
        len(printed.page_of_child)
        == store.one("SELECT count(DISTINCT child_id) FROM care_record WHERE happened_on >= '2026-11-01'")[0]
    )
    assert min(printed.page_of_child.values()) == 1


def test_with_one_child_go_no_figures_of_the_school(store, tmp_path, reader):
    child = store.one("SELECT uuid FROM child WHERE name = '覃䶮'")[0]
    wanted = Wanted(date(2026, 11, 1), LAST, child_uuid=child)
    made = {
        one.path.suffix: one.path
        for one in export_registers(store, tmp_path, wanted, pdf=True)
        if one.words == "控辍保学台账"
    }
    assert not any("统计" in name for name in openpyxl.load_workbook(made[".xlsx"]).sheetnames)
    text = text_of(reader, made[".pdf"])
    assert "覃䶮" in text
    assert "辍学学生情况统计表不分儿童，不附" in text
    assert "本月发生的" not in text


def test_with_one_child_no_other_child_is_named_in_any_file(store, tmp_path, reader):
    """Above all not by the records of meetings, which list everybody who came."""
    child, own = store.one(
        "SELECT c.uuid, c.name FROM attendance a JOIN child c ON c.id = a.child_id ORDER BY a.id LIMIT 1"
    )
    others = {name for (name,) in store.rows("SELECT name FROM child WHERE name <> ?", (own,))}
    made = export_registers(store, tmp_path, Wanted(FIRST, LAST, child_uuid=child), pdf=True)
    told = {one.path.name: text_in(reader, one.path) for one in made}
    assert any(own in text for text in told.values())
    assert [file for file, text in told.items() if any(name in text for name in others)] == []


def test_every_file_of_a_folder_masks_its_numbers_unless_a_reason_is_recorded(store, tmp_path, reader):
    """Also the records of meetings and the sheets of the children, and what was typed as place or as who was there."""
    number = "11010519491231002X"
    with store.action("改一条", kind="test") as action:
        store.db.execute_sql(
            "UPDATE meeting SET topic = ?1, place = ?1, content = ?1, decision = ?1", (f"找 {number}",)
        )
        store.db.execute_sql("UPDATE care_record SET present = ?1, place = ?1, person_id = NULL", (number,))
        action.note_written(["x"])

    def files_in(folder, **how):
        folder.mkdir()
        made = export_registers(store, folder, Wanted(date(2026, 11, 1), LAST), pdf=True, **how)
        return {one.path.name.partition("_")[0] + one.path.suffix: text_in(reader, one.path) for one in made}

    masked = files_in(tmp_path / "遮住")
    assert [name for name, text in masked.items() if number in text] == []
    whole = files_in(tmp_path / "完整", profile=Profile.FULL, reason="镇里检查")
    assert {name for name, text in whole.items() if number in text} >= {
        *("会议记录.pdf", "关爱记录表.pdf", "会议登记册.xlsx", "关爱记录登记册.xlsx")
    }
    with refused("export.reason"):
        export_sheets(store, tmp_path / "三.pdf", Wanted(FIRST, LAST), profile=Profile.FULL)


def test_nothing_to_print_and_days_the_wrong_way_round_are_said(store, tmp_path):
    with refused("register.nothing"):
        print_sheets(store, tmp_path / "x.pdf", Wanted(date(2020, 1, 1), date(2020, 2, 1)))
    with refused("register.days"):
        export_register(store, tmp_path / "x.xlsx", Wanted(LAST, FIRST))
    with refused("register.no_folder"):
        export_registers(store, tmp_path / "没有", Wanted(FIRST, LAST))
    assert [path.name for path in tmp_path.iterdir() if path.suffix in (".pdf", ".xlsx")] == []


def test_what_was_written_before_a_fault_is_named(store, tmp_path):
    """The folder holds what the fault names, whole; the log names the same files."""
    taken = tmp_path / f"会议登记册_{FIRST.isoformat()}_{LAST.isoformat()}.xlsx"
    taken.mkdir()
    with pytest.raises(ShouwangError) as raised:
        export_registers(store, tmp_path, Wanted(FIRST, LAST))
    there = sorted(path.name for path in tmp_path.iterdir() if path.is_file() and path.suffix == ".xlsx")
    assert [name.split("_")[0] for name in there] == ["关爱记录登记册", "结对帮扶花名册"]
    assert "前 2 个已经写好" in raised.value.safe
    assert all(name in raised.value.safe for name in there)
    assert {entry.file_name for entry in handovers(store)} == set(there)


def test_a_folder_of_registers_is_one_thing_done(store, tmp_path):
    written = export_registers(store, tmp_path, Wanted(FIRST, LAST), pdf=True)
    first = doings(store, store.clock.today()).doings[0]
    assert (first.words, first.rows) == (f"导出：结对帮扶花名册等 {len(written)} 份", len(written))
    assert len(handovers(store)) == len(written)


def test_stopping_names_what_was_written(store, tmp_path):
    def stops(_done, _total, words):
        if words == "正在读记录":
            raise Cancelled

    with pytest.raises(Cancelled, match="前 1 个已经写好、记入移交：结对帮扶花名册_"):
        export_registers(store, tmp_path, Wanted(date(2026, 9, 1), LAST), progress=stops)


def test_classes_and_people_go_into_one_folder_without_writing_over_each_other(store, tmp_path):
    """No name of a person stands in the name of a file: a pupil may be who helps."""
    classes = store.rows("SELECT uuid FROM school_class ORDER BY id LIMIT 2")
    people = store.rows("SELECT uuid FROM supporter ORDER BY id LIMIT 2")
    wanted = [Wanted(FIRST, LAST, class_uuid=uuid) for (uuid,) in classes]
    wanted += [Wanted(FIRST, LAST, supporter_uuid=uuid) for (uuid,) in people]
    made = [file.path for one in wanted for file in export_registers(store, tmp_path, one)]
    assert len(made) == len(set(made))
    assert all(path.is_file() for path in made)
    again = [file.path for file in export_registers(store, tmp_path, wanted[0])]
    assert set(again) <= set(made), "the same class takes the place of what it was"


def test_an_empty_period_still_gives_its_registers(store, tmp_path):
    made = export_registers(store, tmp_path, Wanted(date(2020, 1, 1), date(2020, 2, 1)))
    assert [(one.words, one.path.suffix) for one in made] == [
        ("结对帮扶花名册", ".xlsx"),
        ("关爱记录登记册", ".xlsx"),
        ("会议登记册", ".xlsx"),
        ("控辍保学台账", ".xlsx"),
    ]
    sheet = openpyxl.load_workbook(made[1].path)["谈心登记"]
    assert sheet["A4"].value == "本期没有记录"
    assert sheet["A4"].alignment.horizontal == "centerContinuous", "across the table, not in its first column"
    assert sheet["B4"].value is None
    ended = openpyxl.load_workbook(made[0].path)["本学期解除"]
    width = sum(ended.column_dimensions[letter].width for letter in "ABCDEFGHI")
    assert lines_of(ended["A2"].value, width) == 1, "the line under the title is whole on paper"


def text_of(reader, path):
    out = subprocess.run([reader("pdftotext"), "-raw", path, "-"], capture_output=True, check=True).stdout
    return "".join(out.decode().split())


def test_every_workbook_has_its_list_to_print(store, tmp_path, reader):
    """The list holds the same records, meetings, pairs and cases, masked alike, across, and is logged."""
    made = export_registers(store, tmp_path, Wanted(FIRST, LAST), pdf=True)
    lists = {one.words: one for one in made if one.path.suffix == ".pdf"}
    books = {one.words: one for one in made if one.path.suffix == ".xlsx"}
    assert set(lists) == {*books, "会议记录", "关爱记录表"}
    assert all(lists[words].records == books[words].records for words in books)
    records = text_of(reader, lists["关爱记录登记册"].path)
    assert "138****6217" in records
    assert "11010519491231002X" not in records
    for name, content in store.rows(
        "SELECT c.name, r.content FROM care_record r JOIN child c ON c.id = r.child_id WHERE r.kind = 'talk'"
        " AND r.happened_on >= ? AND r.content NOT LIKE '%cmd%'",
        (FIRST.isoformat(),),
    ):
        assert name in records
        assert "".join(content.split())[:12] in records
    topics = [topic for (topic,) in store.rows("SELECT topic FROM meeting WHERE deleted_at IS NULL")]
    met = text_of(reader, lists["会议登记册"].path)
    assert all("".join(topic.split())[:6] in met for topic in topics)
    minutes = text_of(reader, lists["会议记录"].path)
    assert lists["会议记录"].records == len(topics) > 0
    assert all("".join(topic.split())[:6] in minutes for topic in topics)
    assert minutes.count("主持人：") == len(topics)
    gone = text_of(reader, lists["控辍保学台账"].path)
    for title in (
        "适龄儿童台账",
        "缺席学生情况登记表",
        "辍学学生情况报告表",
        "劝返清单",
        "辍学学生情况统计表",
    ):
        assert title in gone
    for one in lists.values():
        sheet = pypdfium2.PdfDocument(one.path)[0]
        assert (sheet.get_width() > sheet.get_height()) is (one.words in books)
    assert {entry.file_name for entry in handovers(store)} == {one.path.name for one in made}


def test_a_class_or_a_supporter_narrows_every_register(store, tmp_path):
    """Nobody else's child stands in any of the files; a meeting is nobody's alone."""
    cls, name = store.one(
        "SELECT k.uuid, c.name FROM enrolment e JOIN school_class k ON k.id = e.school_class_id"
        " JOIN child c ON c.id = e.child_id WHERE e.valid_to IS NULL AND e.deleted_at IS NULL"
    )
    own = {
        child
        for (child,) in store.rows(
            "SELECT c.name FROM enrolment e JOIN school_class k ON k.id = e.school_class_id JOIN child c ON c.id = e.child_id"
            " WHERE k.uuid = ? AND e.deleted_at IS NULL",
            (cls,),
        )
    }
    assert name in own
    others = {child for (child,) in store.rows("SELECT name FROM child")} - own
    folder = tmp_path / "班"
    folder.mkdir()
    made = export_registers(store, folder, Wanted(FIRST, LAST, class_uuid=cls))
    for one in made:
        if one.path.suffix == ".xlsx":
            written = {
                str(cell)
                for sheet in openpyxl.load_workbook(one.path)
                for row in sheet.iter_rows(values_only=True)
                for cell in row
            }
            assert not written & others, one.words
    supporter, who = store.one(
        "SELECT s.uuid, coalesce(s.name, f.name) FROM pairing p JOIN supporter s ON s.id = p.supporter_id"
        " LEFT JOIN staff f ON f.id = s.staff_id WHERE p.valid_to IS NULL AND p.deleted_at IS NULL"
    )
    folder = tmp_path / "人"
    folder.mkdir()
    made = export_registers(store, folder, Wanted(FIRST, LAST, supporter_uuid=supporter))
    assert "会议登记册" not in {one.words for one in made}
    rows = cells(made[0].path, "按儿童")
    assert {row["帮扶人"] for row in rows} == {who}


def test_from_the_command_line(demo, tmp_path, reader):
    folder = tmp_path / "登记 册"
    folder.mkdir()
    done = run("export-registers", demo, folder, "--from", "2026-11-09", "--to", "2026-11-21", "--json")
    assert done.code == 0
    assert [Path(one["path"]).exists() for one in done.value] == [True] * 5
    assert [one["what"] for one in done.value] == [
        "结对帮扶花名册",
        "关爱记录登记册",
        "会议登记册",
        "控辍保学台账",
        "关爱记录表",
    ]
    assert (
        run("export-registers", demo, folder, "--from", "2026-11-09", "--profile", "full", "--json").code == 1
    )
    narrow = ("export-registers", demo, folder, "--from", "2026-11-09", "--to", "2026-11-21")
    refusal = run(*narrow, "--class", "九（9）班")
    assert refusal.code == 1
    assert "没有找到班级" in refusal.err
    refusal = run(*narrow, "--supporter", "查无此人")
    assert refusal.code == 1
    assert "没有叫「查无此人」的教师或帮扶人" in refusal.err
    with Store.open(demo, clock=FixedClock(datetime(2026, 11, 21, 12)), verify=False) as opened:
        teacher = opened.one(
            "SELECT f.name FROM pairing p JOIN supporter s ON s.id = p.supporter_id JOIN staff f ON f.id = s.staff_id"
        )[0]
    done = run(*narrow, "--supporter", teacher, "--pdf", "--json")
    assert done.code == 0
    assert [one["path"].rpartition(".")[2] for one in done.value] == ["xlsx", "pdf"] * 3 + ["pdf"]
    assert "会议登记册" in done.err
    assert "辍学学生情况统计表不分教师" in done.err
    ledgers = next(Path(one["path"]) for one in done.value if one["what"] == "控辍保学台账")
    assert "月报" not in openpyxl.load_workbook(ledgers).sheetnames
    assert "辍学学生情况统计表不分教师，不附" in text_of(reader, ledgers.with_suffix(".pdf"))


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("打 13800006217 没通", "打 138****6217 没通"),
        ("身份证 11010519491231002X", "身份证 110105********002X"),
        ("考了 98 分，2026 年", "考了 98 分，2026 年"),
        ("12345678901234567890", "12345678901234567890"),
    ],
)
def test_numbers_of_people_in_free_text(text, masked):
    assert mask_numbers(text) == masked


def test_every_meeting_of_the_days_with_who_came(store, tmp_path):
    made = export_registers(store, tmp_path, Wanted(FIRST, LAST))[2]
    meetings = store.rows("SELECT topic FROM meeting WHERE deleted_at IS NULL ORDER BY happened_on, uuid")
    assert [row["主题"] for row in cells(made.path, "会议登记")] == [topic for (topic,) in meetings]
    assert made.records == len(meetings) > 0
    listed = cells(made.path, "签到")
    assert len(listed) == store.one("SELECT count(*) FROM attendance WHERE deleted_at IS NULL")[0]
    came = store.one("SELECT count(*) FROM attendance WHERE came = 1 AND deleted_at IS NULL")[0]
    assert sum(row["到会"] == "到会" for row in listed) == came
    assert all(row["到会人"] for row in listed if row["到会"] == "到会")
