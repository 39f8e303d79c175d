"""What hangs on the wall, what the teacher on duty holds, what goes into a child's file: read back by poppler."""

import subprocess
from datetime import date

import pytest
from openpyxl import load_workbook

from app.calls.codes import CallMedium, Mood, Outcome
from app.calls.log_drafts import LogDraft
from app.calls.service_log import save_calls
from app.calls.tables import PlannedCallRow
from app.children.drafts import ChildDraft
from app.children.service import add_child, change_field
from app.children.service_family import ContactEntry, confirm_phone, order_contacts
from app.diary.drafts import PromiseDraft, draft_uuid
from app.paper.big_slip import LEAST, Slip, render_slips
from app.paper.contact_card import Card, CardRow, render_cards
from app.paper.printing import PrintStamp
from app.tasks.archive import Whom, prepare_archive
from app.tasks.call_cards import make_cards
from app.tasks.calls_export import export_calls
from app.tasks.calls_papers import (
    make_blank_record,
    make_child_calls,
    make_duty_list,
    make_slips,
    make_usage_record,
    make_wall_list,
)
from tests.app.calls.conftest import refused

MONDAY, SUNDAY, FRIDAY = date(2026, 11, 16), date(2026, 11, 22), "2026-11-20"
STAMP = PrintStamp(printed_at="2026-11-21 09:00", commit_no=1, as_of="2026-11-21")
FORBIDDEN = ("留守", "困境")


@pytest.fixture
def read(reader):
    """Return a function that reads a PDF as poppler does, without spaces."""

    def text(path, *options):
        command = [reader("pdftotext"), "-raw", *options, str(path), "-"]
        printed = subprocess.run(
            command, check=True, capture_output=True, timeout=60, encoding="utf-8"
        ).stdout
        return "".join(printed.split())

    return text


@pytest.fixture
def week(store, who):
    """Put three calls on Friday noon, brother and sister together, and log what came of one on Monday."""
    ids = {name: store.rows("SELECT id FROM child WHERE name = ?", (name,))[0][0] for name in who.children}
    line = store.rows("SELECT id FROM call_line WHERE name = '活动室座机'")[0][0]
    mother = store.rows("SELECT id FROM person WHERE name = '田秀莲'")[0][0]
    shared = draft_uuid()
    with store.action("排号", kind="test") as action:
        for name, starts, ends, place, occasion, person in (
            ("谭晓东", "12:20", "12:30", 0, shared, mother),
            ("谭小兰", "12:20", "12:30", 1, shared, mother),
            ("罗诗涵", "12:30", "12:40", 0, draft_uuid(), None),
        ):
            action.insert(
                PlannedCallRow,
                child=ids[name],
                call_line=line,
                person=person,
                day=FRIDAY,
                starts=starts,
                ends=ends,
                place=place,
                occasion=occasion,
                medium="phone",
                origin="planner",
            )
    save_calls(
        store,
        drafts=(
            LogDraft(
                uuid=draft_uuid(),
                child_uuid=who.children["罗诗涵"],
                happened_on="2026-11-16",
                started="12:20",
                minutes=4,
                outcome=Outcome.CONNECTED,
                medium=CallMedium.VIDEO,
                person_uuid=who.people["罗大勇"],
                line_uuid=who.lines["视频电脑"],
                staff_uuid=who.staff["李国平"],
                mood=Mood.HAPPY,
                said="想吃爸爸做的菜",
                promise=PromiseDraft(content="过年回来"),
            ),
            LogDraft(
                uuid=draft_uuid(),
                child_uuid=who.children["张伟"],
                happened_on="2026-11-17",
                outcome=Outcome.RESCHEDULED,
                rescheduled_to="2026-11-24 12:20",
            ),
        ),
    )
    return store


def test_the_wall_says_time_class_and_name_and_nothing_else(week, tmp_path, read):
    out = tmp_path / "墙.pdf"
    made = make_wall_list(week, MONDAY, SUNDAY, out)
    text = read(out)
    assert made.pages == 1
    for words in (
        "通话安排",
        "11月16日至11月22日（第12周）",
        "活动室座机",
        "12:20",
        "谭晓东",
        "谭小兰",
        "三（1）班",
    ):
        assert words in text
    for words in (*FORBIDDEN, "田秀莲", "母亲", "1360000", "0743", "接通"):
        assert words not in text
    document = out.read_bytes()
    assert "留守".encode("utf-16-be") not in document


def test_a_week_without_a_plan_says_so(store, tmp_path, read):
    for make, words in ((make_wall_list, "没有排通话"), (make_duty_list, "没有排通话")):
        make(store, MONDAY, SUNDAY, tmp_path / "空.pdf")
        assert words in read(tmp_path / "空.pdf")
    with refused("call_paper.days"):
        make_wall_list(store, SUNDAY, MONDAY, tmp_path / "空.pdf")


def test_the_duty_list_has_the_numbers_in_the_order_of_dialling(week, tmp_path, read):
    make_duty_list(week, date(2026, 11, 20), date(2026, 11, 20), tmp_path / "值班.pdf")
    text = read(tmp_path / "值班.pdf")
    assert "周五11月20日活动室座机值班" in text
    assert text.index("13600000001") < text.index("0743-1234567")  # the mother before the grandmother
    assert text.count("13600000001") == 1  # brother and sister share a row
    for words in ("13600000002", "只听得懂方言", "同一家的一起打", "不得外传"):
        assert words in text


def test_the_record_of_use_is_that_of_the_log_without_numbers_and_names_of_signers(week, tmp_path, read):
    make_usage_record(week, MONDAY, SUNDAY, tmp_path / "记录.pdf")
    text = read(tmp_path / "记录.pdf")
    for words in ("使用记录表", "罗诗涵", "罗大勇", "父亲", "视频", "4分", "高兴", "想吃爸爸做的菜"):
        assert words in text
    for words in ("家长改期，改到11-2412:20", "共打2次，接通1次"):
        assert words in text
    for words in ("1360000", "李国平"):
        assert words not in text
    assert make_blank_record(week, tmp_path / "空白.pdf").pages == 1
    assert "签名" in read(tmp_path / "空白.pdf")


def test_a_childs_calls_go_into_its_file(week, who, tmp_path, read):
    uuids = [who.children["罗诗涵"], who.children["向阳"]]
    made = make_child_calls(week, uuids, date(2026, 9, 1), SUNDAY, tmp_path / "本人.pdf")
    assert sorted(made.page_of_child.values()) == [1, 2]
    text = read(tmp_path / "本人.pdf")
    for words in ("打了1次，接通1次，共4分钟", "答应：过年回来", "李国平", "本期没有通话"):
        assert words in text
    with refused("call_paper.nobody"):
        make_child_calls(week, [], MONDAY, SUNDAY, tmp_path / "无.pdf")


def test_a_number_told_in_a_call_stands_on_neither_paper(store, who, tmp_path, read):
    number = "13912345678"
    told = LogDraft(
        uuid=draft_uuid(),
        child_uuid=who.children["罗诗涵"],
        happened_on=FRIDAY,
        outcome=Outcome.CONNECTED,
        spoke_with=f"姑姑{number}",
        said=f"爸爸换号了{number}",
        promise=PromiseDraft(content=f"打{number}"),
    )
    save_calls(store, drafts=(told,))
    make_usage_record(store, MONDAY, SUNDAY, tmp_path / "记录.pdf")
    make_child_calls(store, [told.child_uuid], MONDAY, SUNDAY, tmp_path / "本人.pdf")
    (book, *_) = export_calls(store, tmp_path, since=MONDAY, until=SUNDAY)
    printed = read(tmp_path / "记录.pdf"), read(tmp_path / "本人.pdf")
    assert [text.count("139****5678") for text in printed] == [2, 3]
    assert not any(number in text for text in printed)
    rows = [str(cell) for sheet in load_workbook(book.path) for row in sheet.values for cell in row]
    assert sum("139****5678" in cell for cell in rows) == 3
    assert not any(number in cell for cell in rows)


def test_the_archive_sheet_counts_the_calls_and_tells_what_was_said(week, who):
    job = prepare_archive(week, day=date(2026, 11, 21), whom=Whom())
    sheet = next(one for one in job.sheets if one.child_key == who.children["罗诗涵"])
    assert sheet.care_work.counted == "亲情电话 1 次（接通 1 次）"
    (told,) = sheet.care_work.tracking
    assert (told.kind, told.by, told.after) == ("亲情电话", "李国平", "承诺：过年回来")
    assert "想吃爸爸做的菜" in told.content


# ---- cards -----------------------------------------------------------------------------------------------------------


def test_the_card_says_whom_to_call_first_and_never_an_id_number(store, who, tmp_path, read):
    child = who.children["谭晓东"]
    change_field(store, uuid=child, field="id_number", value="440524188001010014")
    change_field(store, uuid=child, field="allergies", value="青霉素")
    phone = store.rows("SELECT uuid FROM phone WHERE number = '0743-1234567'")[0][0]
    confirm_phone(store, phone_uuid=phone, on="2026-08-01")
    for emergency, words in (
        (False, ("联系卡", "班主任", "先打1", "2026学年第一学期有效")),
        (True, ("应急联系卡", "120", "青霉素")),
    ):
        make_cards(store, [child], emergency, True, tmp_path / "卡.pdf")
        text = read(tmp_path / "卡.pdf")
        for word in (*words, "13600000001", "核实于2026-08-01，超过90天"):
            assert word in text
        assert "440524188001010014" not in text
        assert not [word for word in FORBIDDEN if word in text]


def test_a_number_found_stopped_is_doubtful_and_not_the_first(store, who, tmp_path, read):
    chain = [
        ContactEntry(person_uuid=who.people["张母"]),
        ContactEntry(office="村委会", office_number="0743-110"),
    ]
    order_contacts(store, child_uuid=who.children["张伟"], chain=chain)
    make_cards(store, [who.children["张伟"]], True, False, tmp_path / "卡.pdf")
    text = read(tmp_path / "卡.pdf")
    assert text.index("先打1村委会") < text.index("13600000003") < text.index("上次没有打通，请核对")


def test_four_cards_share_a_page_and_one_has_its_own_small_page(store, who, tmp_path, reader):
    uuids = list(who.children.values())
    made = make_cards(store, uuids, False, True, tmp_path / "四张.pdf")
    assert (made.pages, sorted(made.page_of_child.values())) == (2, [1, 1, 1, 1, 2, 2])
    made = make_cards(store, uuids[:2], False, False, tmp_path / "单张.pdf")
    assert made.pages == 2
    told = subprocess.run(
        [reader("pdfinfo"), str(tmp_path / "单张.pdf")],
        check=True,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
    ).stdout
    assert "297.638 x 420.945 pts" in told  # A6
    with refused("call_paper.nobody"):
        make_cards(store, [], False, True, tmp_path / "无.pdf")


def test_a_family_with_much_to_say_still_fits_its_card_whole(tmp_path, read):
    long = "这一格写得很长，要写清楚先走哪条路、过哪座桥、到谁家门口、问谁、再往哪里走。" * 4
    rows = [
        CardRow(label=f"第 {place} 项", text=f"{place}甲{long}乙{place}", doubt="没有核实过")
        for place in range(9)
    ]
    name = "买买提·阿卜杜热西提·欧阳慕容雨桐覃䶮"
    card = Card(
        key="a", school="青石坪镇中心小学", name=name, about="女　三（1）班", rows=rows, foot="本学期有效。"
    )
    render_cards([card] * 4, tmp_path / "长.pdf", title="联系卡", four=True, stamp=STAMP)
    text = read(tmp_path / "长.pdf")
    assert text.count(name) == 4
    assert all(f"乙{place}" in text for place in range(9))


def test_the_slip_is_read_without_glasses_and_never_cut(week, who, tmp_path, read, reader):
    make_slips(week, [who.children["罗诗涵"], who.children["向阳"]], MONDAY, SUNDAY, tmp_path / "字条.pdf")
    text = read(tmp_path / "字条.pdf")
    for words in ("罗诗涵给家里打电话", "11月20日星期五中午12点30分", "0743-7654321", "向阳的学校电话"):
        assert words in text
    long = Slip(
        key="b",
        head="覃䶮 给家里打电话",
        lines=[f"11月{day}日 星期五 中午 12 点 30 分" for day in range(1, 31)],
        foot=("完",),
    )
    made = render_slips([long], tmp_path / "长.pdf", school="小学", stamp=STAMP)
    assert made.pages >= 2
    found = read(tmp_path / "长.pdf")
    assert all(f"11月{day}日" in found for day in range(1, 31))
    boxes = subprocess.run(
        [reader("pdftotext"), "-bbox", str(tmp_path / "长.pdf"), "-"],
        check=True,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
    ).stdout
    heights = [
        float(part.split('yMax="')[1].split('"')[0]) - float(part.split('yMin="')[1].split('"')[0])
        for part in boxes.split("\n")
        if "<word" in part
    ]
    assert min(heights) >= LEAST - 0.001


def test_a_child_without_anything_known_has_a_card_to_write_on(store, tmp_path, read):
    draft = ChildDraft(name="龙婷")
    add_child(store, draft=draft)
    for emergency in (False, True):
        make_cards(store, [draft.uuid], emergency, True, tmp_path / "空.pdf")
        assert "先打1" in read(tmp_path / "空.pdf")
