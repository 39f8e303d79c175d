"""The papers of the cases as independent readers see them: every fact there, numbers masked where others look on, zero too."""

from __future__ import annotations

import json
import subprocess
from datetime import date
from io import BytesIO

import pytest
from openpyxl import load_workbook

from app.core.errors import UserError
from app.diary import counselling as c
from app.diary import service_absences as writing
from app.diary.absences import absences, month_lines
from app.diary.codes import AbsenceEnd, MeetingKind
from app.diary.meetings import attendance
from app.diary.slip_words import WORDS
from app.dossier.service_bin import move_to_bin
from app.school.codes import Profile
from app.storage.history import undo
from app.tasks import case_papers as p
from app.tasks.dropout import DropoutPaper, make_absence_list
from app.tasks.dropout_book import export_dropout_book
from tests.app.diary.cases import paper_trail as trail
from tests.app.diary.cases.conftest import CHILD, OTHER


@pytest.fixture
def text_of(reader):
    def read(content: BytesIO) -> str:
        done = subprocess.run(
            [reader("pdftotext"), "-layout", "-", "-"],
            input=content.getvalue(),
            capture_output=True,
            check=True,
        )
        return "".join(done.stdout.decode().split())

    return read


def made(make, *args) -> BytesIO:
    out = BytesIO()
    result = make(*args, out)
    assert result.missing_characters == ()
    return out


def test_a_meeting_with_its_list(store, text_of):
    text = text_of(made(p.make_meeting_sheet, store, trail.write_meeting(store)))
    for words in (
        "家长会记录",
        "2026-11-2014:00—16:00",
        "到会1家，应到2家",
        "冬季取暖和防溺水",
        "罗桂英",
        "138****0001",
        "未到，家里没人",
    ):
        assert words in text
    assert "13800000001" not in text


def test_a_blank_sheet_to_sign_for_a_day_to_come(store, text_of):
    text = text_of(made(p.make_sign_in_sheet, store, MeetingKind.CARERS, "2026-12-05", None, ""))
    for words in ("监护人会签到表", "2026-12-05", "覃小禾", "韦大山", "蓝芷若", "罗桂英", "138****0001"):
        assert words in text
    assert "未到" not in text


def test_an_incident_with_its_times_and_receipts(store, text_of):
    text = text_of(made(p.make_incident_sheet, store, trail.write_incident(store)))
    for words in (
        "编号2026-001", "走失", "2026-11-2007:30", "20分钟（限30分钟）", "90分钟（限60分钟），超时", "公安", "韦警官",
        "接〔2026〕118号", "须报告", "校长：",
    ):  # fmt: skip
        assert words in text


def test_a_note_by_name_or_by_code_and_only_with_the_key(store, text_of):
    key = c.set_up(store, passphrase="石榴树下的秘密").key
    uuid = trail.write_note(store, key)
    text = text_of(made(p.make_counselling_sheet, store, key, uuid, False))
    for words in (
        "覃小禾",
        "三（2）班",
        "9岁",
        "谈心室",
        "16:10—16:50",
        "主诉",
        "睡不好",
        trail.SAID,
        "领悟",
    ):
        assert words in text
    coded = text_of(made(p.make_counselling_sheet, store, key, uuid, True))
    assert "代号2026-001" in coded
    assert "覃小禾" not in coded
    key.lock()
    with pytest.raises(UserError):
        p.make_counselling_sheet(store, key, uuid, False, BytesIO())


def test_the_slip_holds_the_words_in_their_order(store, text_of):
    text = text_of(made(p.make_recovery_slip, store, WORDS[:12]))
    for place, word in enumerate(WORDS[:12], start=1):
        assert f"{place}{word}" in text


def listed(store, which) -> BytesIO:
    return made(make_absence_list, store, which, "2026-11-01", "2026-11-20")


def test_lists_without_anybody_are_a_report_too(store, text_of):
    words = {
        DropoutPaper.REGISTER: "没有缺席的学生",
        DropoutPaper.REPORT: "2026-11-01至2026-11-20没有疑似辍学和辍学的学生",
        DropoutPaper.PERSUASIONS: "没有劝返",
        DropoutPaper.MONTH: "2026-11没有缺席、疑似辍学、辍学和劝返",
    }
    for which, said in words.items():
        text = text_of(listed(store, which))
        assert "零报告" in text
        assert said in text


def test_lists_with_cases(store, text_of):
    trail.write_absences(store)
    register = text_of(listed(store, DropoutPaper.REGISTER))
    for words in (
        "覃小禾",
        "韦大山",
        "2026-11-02",
        "厌学",
        "罗桂英（祖母）",
        "13800000001",
        "黄主任",
        "返校",
        "补录（19天）",
    ):
        assert words in register
    report = text_of(listed(store, DropoutPaper.REPORT))
    assert "辍学学生情况报告表" in report
    assert "韦大山" not in report
    tried = text_of(listed(store, DropoutPaper.PERSUASIONS))
    for words in ("第1次", "第2次", "不愿返校", "答应返校", "班主任", "上门", "村支书：", "包片领导："):
        assert words in tried
    month = text_of(listed(store, DropoutPaper.MONTH))
    assert "零报告" not in month
    assert "合计321121001" in month


def test_a_list_as_of_a_day_says_nothing_that_came_later(store, text_of, tmp_path):
    trail.write_absences(store)
    text = text_of(made(make_absence_list, store, DropoutPaper.REGISTER, "2026-11-01", "2026-11-17"))
    assert "2026-11-02" in text
    for words in ("2026-11-18", "2026-11-20", "劝返2次"):
        assert words not in text
    out = tmp_path / "控辍.xlsx"
    export_dropout_book(store, out, since=date(2026, 11, 1), until=date(2026, 11, 17))
    cells = [
        str(cell) for sheet in load_workbook(out) for row in sheet.iter_rows(values_only=True) for cell in row
    ]
    assert not [cell for cell in cells if "2026-11-18" in cell or "2026-11-19" in cell]


def test_the_workbook_has_three_ledgers_and_masks_numbers(store, tmp_path):
    trail.write_absences(store)
    out = tmp_path / "控辍.xlsx"
    done = export_dropout_book(store, out, since=date(2026, 10, 1), until=date(2026, 11, 20))
    book = load_workbook(out)
    assert book.sheetnames == ["适龄儿童", "疑似辍学", "辍学", "劝返清单", "月报"]
    rows = {
        sheet.title: [[cell or "" for cell in row] for row in sheet.iter_rows(values_only=True)]
        for sheet in book
    }
    assert [row[1] for row in rows["适龄儿童"][3:6]] == ["覃小禾", "韦大山", "蓝芷若"]
    assert rows["适龄儿童"][3][9] == "138****0001"
    suspected = next(row for row in rows["疑似辍学"] if row[1] == "覃小禾")
    assert (suspected[12], suspected[15], suspected[18]) == ("2026-11-05", "2026-11-16", "辍学")
    (gone,) = (row for row in rows["辍学"] if row[1] == "覃小禾")
    assert (gone[10], gone[11], gone[16], gone[17]) == ("2026-11-02", "厌学", 2, "2026-11-18 答应返校")
    assert sum(row[1] == "覃小禾" for row in rows["劝返清单"]) == 2
    totals = [row for row in rows["月报"] if row[1] == "合计"]
    assert [row[0] for row in totals] == ["2026-10", "2026-11"]
    assert all(isinstance(figure, int) for row in totals for figure in row[2:11] if figure != "")
    assert [totals[1][column] for column in (3, 6)] == [2, 2], "new absences; times fetched"
    entry = store.one("SELECT content, profile, people FROM handover")
    assert entry == ("控辍保学台账", "masked", 3)
    assert done.changes
    with pytest.raises(UserError) as found:
        export_dropout_book(
            store, out, since=date(2026, 10, 1), until=date(2026, 11, 20), profile=Profile.FULL
        )
    assert found.value.key == "export.reason"
    full = tmp_path / "全.xlsx"
    export_dropout_book(
        store,
        full,
        since=date(2026, 10, 1),
        until=date(2026, 11, 20),
        profile=Profile.FULL,
        reason="教育办核对",
    )
    assert "13800000001" in json.dumps(
        list(load_workbook(full)["辍学"].iter_rows(values_only=True)), ensure_ascii=False
    )


def test_who_was_suspected_in_the_period_is_listed_also_when_back_before_its_end(store, text_of, tmp_path):
    """What the month counts, the ledger names: a period with one newly suspected is no 零报告."""
    case = writing.AbsenceDraft(
        child_uuid=OTHER,
        happened_on="2026-11-02",
        suspected_on="2026-11-05",
        returned_on="2026-11-12",
        closed_on="2026-11-13",
        closed_reason=AbsenceEnd.RETURNED,
    )
    writing.save_absence(store, draft=case)
    out = tmp_path / "控辍.xlsx"
    export_dropout_book(store, out, since=date(2026, 11, 1), until=date(2026, 11, 20))
    book = load_workbook(out)
    listed = [row for row in book["疑似辍学"].iter_rows(values_only=True) if row[1] == "韦大山"]
    assert [(row[12], row[18]) for row in listed] == [("2026-11-05", "已销号 2026-11-13")]
    assert "零报告" not in book["疑似辍学"]["A2"].value
    heads = [cell.value for cell in book["月报"][3]]
    total = next(row for row in book["月报"].iter_rows(values_only=True) if row[1] == "合计")
    assert (total[heads.index("新列疑似")], total[heads.index("在校生")]) == (1, 3)
    assert "在校生：登记在本软件里的在校儿童" in book["月报"]["A2"].value

    report = text_of(made(make_absence_list, store, DropoutPaper.REPORT, "2026-11-01", "2026-11-20"))
    for words in ("韦大山", "疑似2026-11-05", "返校2026-11-12"):
        assert words in report
    later = text_of(made(make_absence_list, store, DropoutPaper.REPORT, "2026-11-14", "2026-11-20"))
    assert "零报告" in later


def test_a_child_in_the_recycle_bin_is_on_no_list_and_comes_back_with_everything(store):
    key = c.set_up(store, passphrase="石榴树下的秘密").key
    note = trail.write_note(store, key)
    trail.write_absences(store)
    uuid = trail.write_meeting(store)
    before = read_all(store, uuid)
    binned = move_to_bin(store, uuids=(CHILD,))
    shown = read_all(store, uuid)
    assert (shown[0], shown[1], shown[3]) == ((), ("韦大山",), ("韦大山",))
    undo(store, binned.action_uuid, by=None)
    assert read_all(store, uuid) == before
    assert c.open_note(store, key=key, uuid=note).texts["complaint"] == "睡不好"


def read_all(store, meeting_uuid):
    return (
        tuple(head.number for head in c.note_heads(store)),
        tuple(case.child_name for case in absences(store)),
        month_lines(store, "2026-11"),
        tuple(line.child_name for line in attendance(store, meeting_uuid)),
    )
