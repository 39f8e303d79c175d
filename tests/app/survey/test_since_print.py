"""An old class sheet comes back after the ledger was put right: what stands on it as printed undoes nothing."""

from __future__ import annotations

import random
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.children.queries import load_child, load_facts
from app.children.roster.cells import place_of, with_fixes
from app.children.roster.draft import RawCell
from app.children.roster.model import Decision, ParkedCode, Resolution, RosterOptions, RowResult
from app.children.roster.parked import resolve_parked, waiting_rows
from app.children.roster.printed import PRINTED_SHEET, PrintedRow, read_printed
from app.children.roster.since_print import BOTH_CHANGED, since_print
from app.children.service import add_children, change_field
from app.children.service_facts import end_fact, record_fact
from app.tasks.import_roster import import_roster, open_roster, write_import
from app.tasks.survey_back import plan_roster
from app.workbook.collection_book import CHECKED_BY, CHECKED_ON, HEADER_ROW, SHEET, sheet_texts
from app.workbook.ledger_cells import CellTexts
from tests.app.survey.class_sheet import DAY, ClassSheet, known_child, said

SIGNED = {CHECKED_ON: "2026-11-18", CHECKED_BY: "李国平"}
OLD, NEW, OTHER = "13800000000", "13911112222", "13733334444"


@pytest.fixture
def later(store, third, tmp_path):
    """`later()` prints the same class once more: what is brought back by it is newer than the first sheet."""

    def printed():
        folder = tmp_path / f"再印{len(list(tmp_path.iterdir()))}"
        folder.mkdir()
        return ClassSheet(store, folder, third.name)

    return printed


def texts(store, uuid):
    return sheet_texts(CellTexts(masked=False), load_child(store, uuid, DAY))


def another_phone(store, uuid, number):
    """Put the father's number right by hand."""
    father = load_child(store, uuid, DAY).father
    for phone in father.phones:
        end_fact(store, table="phone", row_uuid=phone.uuid, on="2026-11-20")
    values = {"number": number}
    record_fact(store, table="phone", subject_uuid=father.uuid, values=values, since="2026-11-20")


def questions(row):
    return [mark for mark in row.marks if mark.code == BOTH_CHANGED]


# ---- one cell, three ways ------------------------------------------------------------------------------------------


def test_a_cell_as_printed_brings_nothing_back(store, sheet, child):
    another_phone(store, child, NEW)
    sheet.fill(兴趣爱好="打篮球", **SIGNED)
    plan = sheet.back()
    (row,) = plan.rows
    assert said(row) == {"兴趣爱好": ("画画", "打篮球")}
    assert (row.marks, row.checked) == ((), ("2026-11-18", "李国平"))
    assert row.kept == "印表以后台账改过：父亲电话 138****0000 → 139****2222，没有动"
    assert f"龙婷零，{row.kept}" in plan.told()
    assert texts(store, child)["父亲电话"] == NEW


def test_a_sheet_that_nobody_filled_in_writes_nothing(store, sheet, child):
    change_field(store, uuid=child, field="hobbies", value="跳绳")
    before = store.commit_no
    plan = sheet.back(dry_run=True)
    (row,) = plan.rows
    assert (row.result, row.reason, plan.writes) == (RowResult.UNCHANGED, "表上没有改", ())
    assert row.id_number == texts(store, child)["公民身份号码"]
    assert (texts(store, child)["兴趣爱好"], store.commit_no) == ("跳绳", before)


def test_what_the_ledger_has_taken_away_does_not_come_back(store, sheet, child):
    father = load_child(store, child, DAY).father
    end_fact(store, table="phone", row_uuid=father.phones[0].uuid, on="2026-11-20")
    sheet.fill(父亲务工地="广东东莞", **SIGNED)
    (row,) = sheet.back().rows
    assert row.kept == "印表以后台账改过：父亲电话 138****0000 →（空），没有动"
    after = texts(store, child)
    assert (after["父亲电话"], after["父亲务工地"]) == ("", "广东东莞")


def test_what_was_put_right_where_the_ledger_is_as_printed_is_a_change(store, sheet, child):
    change_field(store, uuid=child, field="note", value="奶奶腿好了")
    sheet.fill(父亲电话=NEW, **SIGNED)
    (row,) = sheet.back().rows
    assert said(row) == {"父亲电话": ("138****0000", "139****2222")}
    after = texts(store, child)
    assert (after["父亲电话"], after["备注"]) == (NEW, "奶奶腿好了")


def test_both_changed_is_a_question_with_both_and_their_days(store, sheet, child):
    another_phone(store, child, NEW)
    sheet.fill(父亲电话=OTHER, **SIGNED)
    (row,) = sheet.back().rows
    (mark,) = questions(row)
    assert mark.reason.startswith(
        "两边都改过父亲电话：台账 2026-11-21 改成了139****2222，表上 2026-11-18 写的是137****4444（印的是138****0000）"
    )
    assert (row.result, row.kept, said(row)) == (RowResult.UNCHANGED, "", {})
    assert texts(store, child)["父亲电话"] == NEW
    assert [doubt.code for doubt in load_child(store, child, DAY).doubts] == [BOTH_CHANGED]


@pytest.mark.parametrize(
    ("answer", "after"), [("", NEW), (OTHER, OTHER), ("13655556666", "13655556666"), (OLD, OLD)]
)
def test_the_question_is_answered_in_the_preview(store, sheet, child, answer, after):
    another_phone(store, child, NEW)
    sheet.fill(父亲电话=OTHER, **SIGNED)
    sheet.back(dry_run=True)
    opened = open_roster(store, sheet.path)
    options = RosterOptions(DAY)
    (mark,) = plan_roster(store, opened.roster, opened.mappings, options).rows[0].marks
    (mapping,) = opened.mappings
    fixed = with_fixes(mapping, {place_of(mark.address): answer})
    plan = plan_roster(store, opened.roster, [fixed], options)
    assert plan.rows[0].marks == ()
    write_import(store, opened.roster, plan)
    assert texts(store, child)["父亲电话"] == after


def test_both_changed_alike_says_nothing(store, sheet, child):
    another_phone(store, child, NEW)
    sheet.fill(父亲电话=int(NEW), **SIGNED)
    (row,) = sheet.back().rows
    assert (row.result, row.kept, row.marks) == (RowResult.UNCHANGED, "", ())


def test_no_more_on_the_sheet_and_another_in_the_ledger_is_a_question(store, sheet, child):
    another_phone(store, child, NEW)
    sheet.fill(父亲电话="无", **SIGNED)
    (row,) = sheet.back().rows
    assert len(questions(row)) == 1
    assert texts(store, child)["父亲电话"] == NEW


def test_another_carer_in_the_ledger_keeps_the_place_beside_what_the_sheet_puts_right(
    store, sheet, child, later
):
    newer = later()
    newer.fill(监护人姓名="龙德全", 与儿童关系="爷爷", 监护人电话=NEW, **SIGNED)
    newer.back()
    sheet.fill(监护情况评估="一般", **SIGNED)
    (row,) = sheet.back().rows
    after = texts(store, child)
    assert (after["监护人姓名"], after["监护人电话"], after["监护情况评估"]) == ("龙德全", NEW, "一般")
    assert "监护人姓名 田秀莲零 → 龙德全" in row.kept


def test_a_mother_who_is_the_carer_keeps_the_number_that_still_stands_on_the_sheet(store, child, later):
    first = later()
    first.fill(监护人姓名="覃美华零", 与儿童关系="母亲", 监护人电话="13811110000")
    first.back()
    again = later()
    again.fill(监护人电话=NEW, **SIGNED)
    again.back()
    assert texts(store, child)["母亲电话"] == f"13811110000、{NEW}"


def test_brothers_who_share_a_father_one_line_put_right_the_other_as_printed(store, third, later):
    drafts = [known_child(place, third.uuid) for place in range(2)]
    add_children(store, drafts=drafts)
    first = later()
    for place in range(2):
        first.fill(place, 父亲姓名="龙有福", 父亲电话=OLD, 父亲务工地="福建晋江")
    first.back()
    fathers = {load_child(store, draft.uuid, DAY).father.uuid for draft in drafts}
    again = later()
    again.fill(0, 父亲电话="无", 父亲务工地="无", **SIGNED)
    again.fill(1, 监护人电话=NEW, 兴趣爱好="跳绳", **SIGNED)
    again.back()
    numbers = [texts(store, draft.uuid)["父亲电话"] for draft in drafts]
    assert sorted(numbers) == ([""] if len(fathers) == 1 else ["", OLD]) * (2 // len(fathers))


def test_a_number_that_was_put_right_in_the_ledger_is_still_the_childs_line(store, sheet, child):
    right = "110105201703080021"
    change_field(store, uuid=child, field="id_number", value=right)
    sheet.fill(兴趣爱好="打篮球", **SIGNED)
    (row,) = sheet.back().rows
    assert (row.child_uuid, row.id_number, row.marks) == (child, right, ())
    assert load_child(store, child, DAY).id_number == right


def test_the_class_as_printed_is_the_ledgers_affair(store, classes, sheet, child):
    fourth = classes["四（2）班"]
    values = {"school_class_uuid": fourth.uuid}
    record_fact(store, table="enrolment", subject_uuid=child, values=values, since="2026-11-21")
    sheet.fill(兴趣爱好="打篮球", **SIGNED)
    (row,) = sheet.back().rows
    assert said(row) == {"兴趣爱好": ("画画", "打篮球")}
    assert load_child(store, child, DAY).school_class.name == "四（2）班"


# ---- without what was kept of the print ----------------------------------------------------------------------------


def test_without_the_hidden_sheet_it_goes_as_any_roster(store, sheet, child):
    another_phone(store, child, NEW)
    del sheet._book[PRINTED_SHEET]
    (row,) = sheet.back(dry_run=True).rows
    assert said(row)["父亲电话"][1] == "138****0000"


def test_a_print_that_this_ledger_never_reached_is_not_compared(store, sheet, child):
    sheet._book[PRINTED_SHEET].cell(1, 3).value = str(store.commit_no + 50)
    another_phone(store, child, NEW)
    plan = sheet.back(dry_run=True)
    assert said(plan.rows[0])["父亲电话"][1] == "138****0000"
    assert any("旧备份" in note for note in plan.notes)


def test_what_is_kept_of_the_print_is_hidden_and_shows_no_more_than_the_sheet(store, sheet):
    kept = sheet._book[PRINTED_SHEET]
    assert kept.sheet_state == "veryHidden"
    shown = {cell.value for line in sheet.cells.iter_rows() for cell in line if cell.value}
    rows = [cell.value for line in kept.iter_rows(min_row=2) for cell in line if cell.value]
    assert rows
    assert set(rows) <= shown
    opened = open_roster(store, sheet.path)
    assert [mapping.sheet.name for mapping in opened.mappings] == [SHEET]
    assert sheet.back(dry_run=True).notes == ()


def test_what_is_kept_survives_another_program(store, sheet, child, reader, tmp_path):
    """If it did not, the sheet would bring the old number back."""
    soffice = reader("soffice")
    sheet.fill(兴趣爱好="打篮球", **SIGNED)
    sheet._book.save(sheet.path)
    saved = tmp_path / "另存"
    command = [soffice, f"-env:UserInstallation=file://{tmp_path / 'profile'}", "--headless", "--convert-to"]
    subprocess.run([*command, "xlsx", "--outdir", saved, sheet.path], check=True, capture_output=True)
    (path,) = saved.iterdir()
    another_phone(store, child, NEW)
    (row,) = import_roster(store, path).plan.rows
    assert (set(said(row)), "父亲电话" in row.kept) == ({"兴趣爱好"}, True)
    assert texts(store, child)["父亲电话"] == NEW


def test_damaged_or_doubled_keeping_is_no_keeping(store, sheet):
    kept = open_roster(store, sheet.path).roster.sheets[1]
    assert read_printed([kept]).rows
    assert read_printed([kept, kept]).rows
    line = [*kept.rows[2]]
    line[1] = "别人"
    assert read_printed([kept, _with_rows(kept, [*kept.rows[:2], line])]) is None
    for top in (
        [kept.rows[0][0], "昨天", "7"],
        [kept.rows[0][0], "2026-11-21 09:00", "七"],
        kept.rows[0][:1],
    ):
        assert read_printed([_with_rows(kept, [top, *kept.rows[1:]])]) is None


def _with_rows(sheet, rows):
    from msgspec.structs import replace

    return replace(sheet, rows=rows)


# ---- copied rows ---------------------------------------------------------------------------------------------------


def copied_above(sheet, **texts):
    """Copy the first row and insert it above itself, key and all, then write over it."""
    values = [cell.value for cell in sheet.cells[HEADER_ROW + 1]]
    sheet.cells.insert_rows(HEADER_ROW + 1)
    for column, value in enumerate(values, start=1):
        sheet.cells.cell(HEADER_ROW + 1, column).value = value
    sheet.fill(0, **texts)


NEWCOMER = {"姓名": "向阳", "公民身份号码": "", "学籍号": "", "出生日期": ""}


@pytest.mark.parametrize("kept", [True, False])
def test_a_row_copied_above_its_original_does_not_take_its_key(store, sheet, child, kept):
    copied_above(sheet, **NEWCOMER)
    if not kept:
        del sheet._book[PRINTED_SHEET]
    rows = sheet.back().rows
    assert (rows[0].name, rows[0].result, rows[0].child_uuid) == ("向阳", RowResult.NEW, None)
    assert rows[1].child_uuid == child
    assert load_child(store, child, DAY).name == "龙婷零"
    assert sorted(one.name for one in load_facts(store, DAY)) == ["向阳", "龙婷零"]


def test_a_copy_that_still_has_the_number_waits(store, sheet, child):
    copied_above(sheet, 姓名="向阳")
    rows = sheet.back().rows
    assert (rows[0].result, rows[0].code) == (RowResult.PARKED, ParkedCode.DUPLICATE_NUMBER)
    assert rows[1].child_uuid == child
    assert load_child(store, child, DAY).name == "龙婷零"


def test_a_row_without_its_name_waits_and_its_child_is_not_missing(sheet, child):
    sheet.fill(姓名="")
    plan = sheet.back(dry_run=True)
    assert ([row.code for row in plan.rows], plan.missing) == ([ParkedCode.NO_NAME], ())


def test_a_misspelt_name_put_right_beside_the_number_is_no_question(store, sheet, child):
    sheet.fill(姓名="龙亭零", **SIGNED)
    (row,) = sheet.back().rows
    assert said(row) == {"姓名": ("龙婷零", "龙亭零")}
    assert load_child(store, child, DAY).name == "龙亭零"


def test_two_rows_of_one_key_and_neither_name_are_both_a_question(store, sheet, child):
    copied_above(sheet, **NEWCOMER)
    sheet.fill(1, 姓名="覃龚", 公民身份号码="", 学籍号="")
    plan = sheet.back()
    assert [row.code for row in plan.rows] == [ParkedCode.MAYBE_SAME_PERSON] * 2
    assert [candidate.uuid for row in plan.rows for candidate in row.candidates] == [child, child]
    assert load_child(store, child, DAY).name == "龙婷零"
    assert plan.missing == ()
    first, second = waiting_rows(store)
    resolve_parked(store, first.uuid, resolution=Resolution.ADDED)
    resolve_parked(store, second.uuid, resolution=Resolution.SAME_PERSON, child_uuid=child)
    assert sorted(one.name for one in load_facts(store, DAY)) == ["向阳", "覃龚"]
    assert load_child(store, child, DAY).name == "覃龚"


@pytest.mark.parametrize(
    ("resolution", "names"),
    [
        (Resolution.SAME_PERSON, ["向阳"]),
        (Resolution.ADDED, ["向阳", "龙婷零"]),
        (None, ["龙婷零"]),
    ],
)
@pytest.mark.parametrize("number", ["110105201703080048", ""])
def test_another_child_written_over_a_row_is_asked_about(store, sheet, child, resolution, names, number):
    sheet.fill(姓名="向阳", 公民身份号码=number, 学籍号="", 出生日期="")
    sheet.back(dry_run=True)
    opened = open_roster(store, sheet.path)
    decisions = {(SHEET, HEADER_ROW + 1): Decision(resolution, child)} if resolution else {}
    plan = plan_roster(store, opened.roster, opened.mappings, RosterOptions(DAY, decisions=decisions))
    assert (plan.rows[0].code is None) is (resolution is not None)
    write_import(store, opened.roster, plan)
    assert sorted(one.name for one in load_facts(store, DAY)) == names


# ---- any edits on both sides ---------------------------------------------------------------------------------------

WORDS = st.sampled_from(["", "甲", "乙", "丙", "无", "不详", " 甲 "])
TARGETS = ("child.hobbies", "child.note", "residence.address", "father.phone", "carer.name")


@given(st.tuples(*[st.tuples(WORDS, WORDS, WORDS) for _ in TARGETS]), st.booleans())
def test_what_is_read_is_the_ledger_with_what_was_put_right(cells, checked):
    """Of printed, sheet and ledger: as printed → the ledger's; the ledger as printed → the sheet's; else it is asked."""
    columns = {"child.name": (1, "姓名")} | {t: (at, t) for at, t in enumerate(TARGETS, start=2)}
    printed, sheet, ledger = (
        {"child.name": "龙婷"} | dict(zip(TARGETS, side, strict=True)) for side in zip(*cells, strict=True)
    )
    ledger = {target: "" if text in ("无", "不详") else text.strip() for target, text in ledger.items()}
    row = {
        target: [RawCell(text, text.strip(), 5, columns[target][0], target)]
        for target, text in sheet.items()
        if text
    }
    found = since_print(
        PrintedRow("2026-11-18 09:00", 7, printed), row, ledger, columns=columns, checked=checked
    )
    for target in TARGETS:
        was, says, is_now = (side[target].strip() for side in (printed, sheet, ledger))
        silent = says in ("", "不详", was) or (says == "无" and not checked)
        read = [cell.text for cell in found.cells.get(target, ())]
        assert (target in found.edited) == (not silent and was == is_now)
        assert (target in {one.target for one in found.kept}) == (silent and was != is_now)
        asked = not silent and is_now not in (was, says) and not (says == "无" and not is_now)
        assert (target in {one.target for one in found.asked}) == asked
        assert read == [says] if target in found.edited else read in ([], [is_now])


LINES = 10
COLUMNS = {
    "民族": ("土家族", "苗族", "侗族"),
    "现住址": ("白水沟村 9 组 1 号", "石桥村 2 组 7 号", "石桥村 4 组"),
    "是否寄宿": ("否",),
    "健康状况": ("一般或较弱",),
    "父亲姓名": ("龙小勇", "龙中勇"),
    "父亲电话": ("13900000001", "13900000002", "13900000003"),
    "父亲务工地": ("广东东莞", "浙江义乌"),
    "母亲外出情况": ("在家",),
    "监护人电话": ("13700000001", "13700000002"),
    "监护情况评估": ("一般", "差"),
    "性格特征": ("外向", "开朗"),
    "兴趣爱好": ("打篮球", "跳绳"),
    "备注": ("常在外婆家", "住得远"),
}


@pytest.mark.parametrize("seed", range(2))
def test_any_edits_on_both_sides(store, third, later, tmp_path, seed):
    """An old sheet comes back after a newer one: for every cell exactly one of the three holds."""
    dice = random.Random(seed)
    drafts = [known_child(place, third.uuid) for place in range(LINES)]
    add_children(store, drafts=drafts)
    old, newer = later(), later()
    by_name = {draft.name: draft.uuid for draft in drafts}
    names = [old.cells.cell(HEADER_ROW + 1 + place, old.heads["姓名"]).value for place in range(LINES)]

    def edit(sheet):
        for place in range(LINES):
            picked = dice.sample(sorted(COLUMNS), dice.randint(0, 4))
            sheet.fill(place, **{header: dice.choice(COLUMNS[header]) for header in picked}, **SIGNED)

    def read(sheet):
        lines = range(HEADER_ROW + 1, HEADER_ROW + 1 + LINES)
        return [
            {header: sheet.cells.cell(line, sheet.heads[header]).value or "" for header in COLUMNS}
            for line in lines
        ]

    printed = read(old)
    edit(newer)
    newer.back()
    edit(old)
    ledger = [texts(store, by_name[name]) for name in names]
    sheet = read(old)
    rows = old.back().rows
    for place, name in enumerate(names):
        after = texts(store, by_name[name])
        asked = {mark.column for mark in questions(rows[place])}
        for header in COLUMNS:
            was, says, now = printed[place][header], sheet[place][header], ledger[place][header]
            wanted = says if says != was and now == was else now
            # Who came home has left the place of work.
            gone = header == "母亲务工地" or (header == "母亲外出情况" and wanted == "在家")
            assert gone or (name, header, after[header]) == (name, header, wanted)
            assert (header in asked) == (says not in (was, now) and now != was)
            assert (header in rows[place].kept) == (says == was and now != was)
