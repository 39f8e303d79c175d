"""A round of 摸底核实: the sheets go out per class, come back through the import, and every child is confirmed."""

import subprocess
from datetime import date, datetime

import openpyxl
import pytest

from app.children.codes import AwayState, RegistrationEnd, Relation
from app.children.drafts import ChildDraft, PersonDraft
from app.children.ledger_count import ledger_count
from app.children.queries import load_child
from app.children.service import add_child
from app.children.service_status import leave
from app.core.errors import UserError
from app.dossier.service_bin import move_to_bin
from app.school.calendar import SchoolCalendar
from app.school.codes import HandoverKind
from app.school.handover import handovers
from app.storage.history import undo
from app.survey.codes import Way
from app.survey.queries import last_check, open_survey, survey_progress, surveys
from app.survey.service import Checked, begin_survey, close_survey, note_checks, usual_name
from app.survey.tables import Survey
from app.tasks.import_roster import import_roster
from app.tasks.survey import export_collection, log_paper, print_collection
from app.workbook.collection_book import CHECKED_BY, CHECKED_ON, HEADER_ROW, SHEET

DAY = date(2026, 11, 21)


def refused(key):
    return pytest.raises(UserError, check=lambda error: error.key == key)


def add(store, name, class_uuid=None, village=None, **more):
    father = PersonDraft(relation=Relation.FATHER, name="覃大勇", phones=("13800006217",), away=AwayState.OUT)
    draft = ChildDraft(
        name=name, class_uuid=class_uuid, village=village, people=(father,), since="2025-09-01", **more
    )
    add_child(store, draft=draft)
    return draft.uuid


@pytest.fixture
def three(store, classes):
    """Return three children of two classes and two villages."""
    third, fourth = classes["三（1）班"].uuid, classes["四（2）班"].uuid
    return (
        add(store, "覃龚", third, "白水沟村", id_number="110105201703080021"),
        add(store, "向阳", third, "石桥村"),
        add(store, "龙婷", fourth, "白水沟村"),
    )


def fill(path, **by_name):
    """Write into the rows of the named children: header → text."""
    book = openpyxl.load_workbook(path)
    sheet = book[SHEET]
    heads = {cell.value: cell.column for cell in sheet[HEADER_ROW]}
    for row in range(HEADER_ROW + 1, sheet.max_row + 1):
        for header, text in by_name.get(sheet.cell(row, heads["姓名"]).value, {}).items():
            sheet.cell(row, heads[header]).value = text
    book.save(path)


def test_a_further_round_of_a_season_has_a_name_of_its_own():
    term = SchoolCalendar().term_nearest(DAY)
    first = usual_name(term)
    second = usual_name(term, [first])
    assert (first, second) == ("2026年秋季摸底核实", "2026年秋季摸底核实（第 2 次）")
    assert usual_name(term, [first, second]) == "2026年秋季摸底核实（第 3 次）"


@pytest.mark.parametrize(
    ("day", "season"),
    [
        ("2026-09-01", "2026年秋季"),
        ("2027-01-05", "2026年秋季"),  # the term ends on 22 January
        ("2027-01-29", "2026年秋季"),
        ("2027-02-18", "2027年春季"),  # three days before it begins
        ("2027-03-01", "2027年春季"),
        ("2027-07-10", "2027年春季"),
        ("2027-08-25", "2027年秋季"),
    ],
)
def test_the_season_of_a_round_follows_the_terms(day, season):
    assert SchoolCalendar().term_nearest(date.fromisoformat(day)).season == season


@pytest.fixture
def words_of(reader):
    """Return a function that reads a PDF as another program does."""
    read = reader("pdftotext")

    def words(path):
        return subprocess.run([read, "-layout", path, "-"], capture_output=True, check=True).stdout.decode()

    return words


def test_the_sheets_say_of_which_round_of_a_season_they_are(store, three, tmp_path, words_of):
    """Also on paper, and before the round is begun."""
    export_collection(store, tmp_path)
    close_survey(store, uuid=open_survey(store).uuid)
    paper = tmp_path / "预览.pdf"
    print_collection(store, paper)
    assert "2026年秋季摸底核实（第 2 次）" in words_of(paper)
    log_paper(store, kind=HandoverKind.PRINT)
    assert handovers(store)[0].reason == "2026年秋季摸底核实（第 2 次）"
    second = export_collection(store, tmp_path)
    assert "2026年秋季摸底核实（第 2 次）" in words_of(second.paper)
    assert all("第 2 次" in sheet.path.name for sheet in second.sheets), "the first ones are not written over"


def test_two_rounds_of_one_name_are_told_apart(store, three):
    """A further round says which it is; so do two of one name in a ledger of before."""
    for _ in range(2):
        begin_survey(store, name=" 秋季摸底 ", starts_on=date(2026, 9, 7))
        close_survey(store, uuid=open_survey(store).uuid)
    with store.action("开始摸底核实", kind="survey.begin") as action:
        action.insert(Survey, name="秋季摸底", starts_on="2026-11-16")
    assert [one.name for one in surveys(store)] == ["秋季摸底（第 3 次）", "秋季摸底（第 2 次）", "秋季摸底"]
    note_checks(store, checks=[Checked(three[0], DAY.isoformat(), "李国平", Way.PHONE, changed=False)])
    assert last_check(store, three[0])[0] == "秋季摸底（第 3 次）"


def test_sheets_go_out_per_class_and_come_back_as_checks(store, three, tmp_path):
    begin_survey(store, name="2026年秋季摸底", starts_on=date(2026, 11, 16), due_on=date(2026, 11, 30))
    for sheet in export_collection(store, tmp_path).sheets:
        import_roster(store, sheet.path)  # the first one adds whom to call
    sheets = export_collection(store, tmp_path).sheets
    assert [(one.class_name, one.children) for one in sheets] == [("三（1）班", 2), ("四（2）班", 1)]
    assert {entry.reason for entry in handovers(store)} == {"2026年秋季摸底"}
    signed = {CHECKED_ON: "2026-11-18", CHECKED_BY: "李国平"}
    fill(sheets[0].path, 覃龚=signed | {"父亲务工地": "福建晋江"}, 向阳=signed)
    result = import_roster(store, sheets[0].path)
    assert [(row.result.value, row.name) for row in result.plan.rows if row.result.value == "parked"] == []
    progress = survey_progress(store, open_survey(store).uuid)
    assert {child.name: child.check and (child.check.checked_on, child.check.changed) for child in progress.children} == {
        "覃龚": ("2026-11-18", True),
        "向阳": ("2026-11-18", False),
        "龙婷": None,
    }  # fmt: skip
    assert [(one.name, one.done, one.total) for one in progress.by_class()] == [
        ("三（1）班", 2, 2),
        ("四（2）班", 0, 1),
    ]
    assert [(one.name, one.done, one.total) for one in progress.by_village()] == [
        ("白水沟村", 1, 2),
        ("石桥村", 1, 1),
    ]
    assert [child.name for child in progress.open] == ["龙婷"]
    assert [child.name for child in progress.changed] == ["覃龚"]
    father = load_child(store, three[0], DAY).father
    assert (father.away.place, [phone.number for phone in father.phones]) == ("福建晋江", ["13800006217"])
    name, check = last_check(store, three[0])
    assert (name, check.checked_by, check.way) == ("2026年秋季摸底", "李国平", Way.WORKBOOK)


@pytest.mark.parametrize("day", [DAY, date(2026, 12, 1), date(2029, 9, 3), date(2030, 9, 3)])
def test_a_round_lists_exactly_the_ledger(store, three, day):
    """Also where somebody left in a month of which nobody knows the day, and where a class waits for 确认毕业."""
    begin_survey(store, name="2026年秋季摸底", starts_on=date(2026, 11, 16))
    leave(store, child_uuid=three[1], reason=RegistrationEnd.TRANSFERRED_OUT, on="2026-11")
    progress = survey_progress(store, open_survey(store).uuid, day)
    assert len(progress.children) == ledger_count(store, day).total


def test_what_was_exported_comes_back_without_a_change(store, three, tmp_path):
    for sheet in export_collection(store, tmp_path).sheets:
        import_roster(store, sheet.path)  # the first one adds whom to call
    for sheet in export_collection(store, tmp_path).sheets:
        result = import_roster(store, sheet.path)
        assert {row.result.value for row in result.plan.rows} == {"unchanged"}
        assert result.plan.marked == 0
    assert survey_progress(store, open_survey(store).uuid).done == 0


@pytest.mark.parametrize("signed", [True, False])
def test_a_number_that_is_no_more_ends_where_the_row_was_checked(store, three, tmp_path, signed):
    """The head of the sheet says so: 不再有的写「无」. In any other roster 无 is a blank, and a blank clears nothing."""
    (sheet,) = export_collection(store, tmp_path, class_name="四（2）班").sheets
    fill(sheet.path, 龙婷={"父亲电话": "无"} | ({CHECKED_ON: "2026-11-18"} if signed else {}))
    (row,) = import_roster(store, sheet.path).plan.rows
    father = load_child(store, three[2], DAY).father
    said = [(change.label, change.before, change.after) for change in row.changes if "电话" in change.label]
    assert said == ([("父亲电话", "138****6217", "无")] if signed else [])
    assert [phone.number for phone in father.phones] == ([] if signed else ["13800006217"])


def test_a_number_that_was_corrected_is_shown_beside_the_old_one(store, three, tmp_path):
    (sheet,) = export_collection(store, tmp_path, class_name="四（2）班").sheets
    fill(sheet.path, 龙婷={"父亲电话": "13900001111", CHECKED_ON: "2026-11-18"})
    (row,) = import_roster(store, sheet.path, dry_run=True).plan.rows
    assert ("父亲电话", "138****6217", "139****1111") in [
        (change.label, change.before, change.after) for change in row.changes
    ]


def test_undoing_the_import_takes_the_checks_back_too(store, three, tmp_path):
    (sheet,) = export_collection(store, tmp_path, class_name="四（2）班").sheets
    fill(sheet.path, 龙婷={CHECKED_BY: "龙美华"})
    result = import_roster(store, sheet.path)
    survey = open_survey(store)
    assert survey_progress(store, survey.uuid).children[2].check.checked_on == DAY.isoformat()
    undo(store, result.changes.action_uuid, by=None)
    assert survey_progress(store, survey.uuid).done == 0


@pytest.mark.parametrize(("by", "who"), [("陈素兰", "陈素兰"), (None, "未署名")])
def test_a_day_without_a_name_is_signed_by_who_imports_or_by_nobody(store, three, tmp_path, by, who):
    begin_survey(store, name="2026年秋季摸底", starts_on=date(2026, 11, 16))
    (sheet,) = export_collection(store, tmp_path, class_name="四（2）班").sheets
    fill(sheet.path, 龙婷={CHECKED_ON: "2026-11-18"})
    import_roster(store, sheet.path, by=by)
    check = survey_progress(store, open_survey(store).uuid).children[2].check
    assert (check.checked_on, check.checked_by) == ("2026-11-18", who)


def test_a_dry_run_checks_nobody(store, three, tmp_path):
    (sheet,) = export_collection(store, tmp_path, class_name="四（2）班").sheets
    fill(sheet.path, 龙婷={CHECKED_BY: "龙美华"})
    import_roster(store, sheet.path, dry_run=True)
    assert survey_progress(store, open_survey(store).uuid).done == 0


def test_a_round_is_begun_by_itself_and_only_one_at_a_time(store, three, tmp_path, clock):
    export_collection(store, tmp_path)
    survey = open_survey(store)
    assert survey.name == "2026年秋季摸底核实"
    with refused("survey.open_already"):
        begin_survey(store, name="又一轮", starts_on=DAY)
    close_survey(store, uuid=survey.uuid)
    assert open_survey(store) is None
    with refused("survey.none_open"):
        note_checks(store, checks=[Checked(three[0], DAY.isoformat(), "李国平", Way.PHONE, changed=False)])


@pytest.mark.parametrize(
    ("on", "key"),
    [
        ("2026-11", "date.no_day"),
        ("昨天", "date.bad"),
        ("", "date.bad"),
        ("2026-11-22", "survey.check_future"),
        ("2026-11-20", "survey.check_before"),
    ],
)
def test_a_check_is_of_a_day_that_has_come(store, three, on, key):
    begin_survey(store, name="摸底", starts_on=DAY)
    with refused(key):
        note_checks(store, checks=[Checked(three[0], on, "李国平", Way.PHONE, changed=False)])
    assert survey_progress(store, open_survey(store).uuid).done == 0


def test_checked_twice_the_later_check_stands_and_who_left_is_not_asked_for(store, three):
    begin_survey(store, name="摸底", starts_on=DAY)
    survey = open_survey(store)
    for way, changed in ((Way.PHONE, True), (Way.VISIT, False)):
        note_checks(store, checks=[Checked(three[0], DAY.isoformat(), "李国平", way, changed=changed)])
    assert last_check(store, three[0])[1].way is Way.VISIT
    move_to_bin(store, uuids=[three[2]])
    progress = survey_progress(store, survey.uuid)
    assert (progress.done, len(progress.children)) == (1, 2)


@pytest.mark.parametrize(
    ("given", "key"),
    [
        ({"name": " "}, "survey.no_name"),
        ({"name": "摸底", "due_on": date(2026, 11, 1)}, "survey.due_before"),
        ({"name": "摸底", "starts_on": date(9999, 11, 1)}, "school.year_range"),
        ({"name": "摸底", "starts_on": date(1, 1, 1)}, "school.year_range"),
    ],
)
def test_what_makes_no_round_is_refused(store, given, key):
    with refused(key):
        begin_survey(store, **{"starts_on": DAY, **given})


def test_a_folder_that_is_not_there_begins_nothing(store, three, tmp_path):
    with refused("register.no_folder"):
        export_collection(store, tmp_path / "没有建")
    assert open_survey(store) is None
    assert handovers(store) == []


def test_children_without_a_class_are_not_counted_as_one(store, three, tmp_path):
    add_child(store, draft=ChildDraft(name="蓝天", since="2026-09-01"))
    made = export_collection(store, tmp_path)
    assert len(made.sheets) == 3
    assert made.counted == "2 个班和没有编班的儿童"


def test_a_class_without_anybody_gets_no_sheet(store, classes, tmp_path):
    with refused("survey.nobody"):
        export_collection(store, tmp_path, class_name="五（1）班")
    assert list(tmp_path.glob("*.xlsx")) == []
    assert open_survey(store) is None


def test_the_sheet_opens_with_its_lists_and_text_numbers(store, three, tmp_path, clock):
    assert clock.now() > datetime(2026, 1, 1)
    sheet = openpyxl.load_workbook(export_collection(store, tmp_path).sheets[0].path)[SHEET]
    heads = {cell.value: cell.column for cell in sheet[HEADER_ROW]}
    number = sheet.cell(HEADER_ROW + 1, heads["公民身份号码"])
    assert (number.value, number.data_type, number.number_format) == ("110105201703080021", "s", "@")
    assert {one.formula1 for one in sheet.data_validations.dataValidation} >= {'"是,否"', '"外出,在家"'}
    assert sheet.column_dimensions["AG"].hidden


def test_the_paper_holds_everybody_class_after_class(store, three, tmp_path, words_of):
    made = export_collection(store, tmp_path)
    text = words_of(made.paper)
    places = [
        text.index(words) for words in ("三（1）班摸底核实表", "覃龚", "向阳", "四（2）班摸底核实表", "龙婷")
    ]
    assert places == sorted(places)
    assert "13800006217" in text
    assert text.count("改正") >= 3
    assert made.pages == 2
