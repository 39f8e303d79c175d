"""The papers of pairing, read back by an independent reader; the workbook cell by cell; each export is logged."""

import subprocess
from datetime import date

import openpyxl
import pytest

from app.children.codes import Category
from app.children.tables import CategoryFlag
from app.core.messages import FAULTS
from app.diary.service_promises import add_promise
from app.pairing.codes import Guidance, PairingEnd, PairingKind
from app.pairing.pair_reading import ended_between, pairs
from app.pairing.people import supporter
from app.pairing.plans import MeasureFacts
from app.pairing.service_pairs import end_pairing, pair
from app.pairing.service_plans import HelpPlanDraft, IndividualPlanDraft, save_individual_plan, save_plan
from app.pairing.service_supporters import record_check
from app.school.codes import Profile
from app.school.handover import handovers
from app.school.queries import school_calendar
from app.school.service import change_staff
from app.tasks.narrowing import class_named, narrowing, supporter_named
from app.tasks.pairing_hand_over import hand_over_preview
from app.tasks.pairing_papers import make_hand_over_sheet
from app.tasks.pairing_roster import export_roster, make_roster
from app.tasks.plan_papers import make_help_plan_sheet, make_individual_plan_sheet
from tests.app.pairing.conftest import refused
from tests.app.pairing.test_service_pairs import DAY, TEACHER, WHY


@pytest.fixture
def paired(store, who):
    """Two children with 李国平, one of them also with a pupil, one pair that ended."""
    change_staff(store, uuid=who.staff["李国平"], phone="13800001234")
    record_check(store, key=who.staff["李国平"], checked_on="2026-09-02")
    for name in ("谭晓东", "向阳"):
        pair(
            store,
            child_uuid=who.children[name],
            kind=TEACHER,
            key=who.staff["李国平"],
            since="2026-09-10",
            focus="心理",
        )
    pair(
        store,
        child_uuid=who.children["向阳"],
        kind=PairingKind.STUDY_BUDDY,
        buddy_uuid=who.children["张伟"],
        since="2026-10-01",
    )
    pair(
        store,
        child_uuid=who.children["石头"],
        kind=TEACHER,
        key=who.staff["王秀芬"],
        since="2026-09-10",
        unchecked_reason=WHY,
    )
    gone = next(one for one in pairs(store, DAY) if one.child == "石头")
    end_pairing(store, pair_uuid=gone.uuid, on="2026-11-01", reason=PairingEnd.UNSUITED)
    return supporter(store, who.staff["李国平"], DAY).key


def read(reader, path):
    text = subprocess.run([reader("pdftotext"), "-layout", path, "-"], capture_output=True, check=True).stdout
    return text.decode().replace(" ", "")


def test_the_roster_both_ways(store, paired, tmp_path, reader):
    """By child and by supporter: who, with whom, since when, done of asked, and who has nobody with the reason."""
    out = tmp_path / "花名册.pdf"
    assert make_roster(store, DAY, False, out).pages == 2
    text = read(reader, out)
    for words in (
        "李国平帮扶教师",
        "张伟学习帮手",
        "通话",
        "本学期解除的结对（1对）",
        "解除日期原因说明",
        "13800001234",
        "2026-09-10",
        "没有结对的儿童（6名）",
        "共3对",
    ):
        assert words in text
    assert "原来的结对2026-11-01已解除" in text
    make_roster(store, DAY, True, out)
    text = read(reader, out)
    assert all(words in text for words in ("李国平带2名", "从业查询2026-09-02"))
    assert "张伟（学习帮手）" in text
    make_roster(store, date(2026, 9, 2), False, out)
    text = read(reader, out)
    assert all(words in text for words in ("还没有结对。", "本学期没有解除的结对。")), "said, not left out"


def test_the_hand_over_sheet_names_what_is_open_and_who_signs(store, who, paired, tmp_path, reader):
    """Each child with its successor, the promise, and a line for everybody who signs."""
    add_promise(store, child_uuid=who.children["谭晓东"], content="带一双手套", supporter_uuid=paired)
    over = hand_over_preview(store, key=paired, on=DAY)
    to = {line.child_uuid: who.staff["王秀芬"] for line in over.lines}
    out = tmp_path / "交接单.pdf"
    make_hand_over_sheet(store, over, to, True, out)
    text = read(reader, out)
    for words in ("移交的儿童（2名）", "承诺：带一双手套", "接手人（王秀芬）：", "重点：心理", "分管领导："):
        assert words in text
    assert "离开学校或不再帮扶" in text
    make_hand_over_sheet(store, over, to, None, out)
    text = read(reader, out)
    assert "原因" in text
    assert not any(words in text for words in ("离开学校", "调整结对")), (
        "before it is done nobody has said why"
    )


def test_the_help_plan_is_one_page(store, who, paired, tmp_path, reader):
    """Aims of the four guidances, measures with time, place and persons; none is said to be none."""
    term = school_calendar(store).term_in_force(DAY)
    with refused("plan.no_such_plan"):
        make_help_plan_sheet(store, who.children["向阳"], term.uuid, tmp_path / "x.pdf")
    draft = HelpPlanDraft(
        child_uuid=who.children["向阳"], term_uuid=term.uuid, key=paired, situation="跟奶奶住",
        aims={Guidance.CONDUCT: "不迟到"}, measures=[MeasureFacts("每周谈心", Guidance.MIND, "周三", "办公室", "班主任")],
    )  # fmt: skip
    save_plan(store, draft=draft)
    out = tmp_path / "计划.pdf"
    assert make_help_plan_sheet(store, who.children["向阳"], term.uuid, out).pages == 1
    text = read(reader, out)
    for words in ("行为引导目标不迟到", "心理疏导每周谈心", "办公室", "李国平", term.words):
        assert words in text


def test_the_sheets_name_the_categories_in_force(store, who, paired, tmp_path, reader):
    """Neither one that has ended in the meantime or begins later; one that ends later is in force still."""
    term, child = school_calendar(store).term_in_force(DAY), who.children["向阳"]
    key = store.one("SELECT id FROM child WHERE uuid = ?", (child,))[0]
    with store.action("类别", kind="test") as action:
        for category, since, until in (
            ("priority", "2026-09-01", "2027-07-01"),
            ("orphan", "2027-01-01", None),
            ("disability", "2025-09-01", "2026-03-01"),
        ):
            action.insert(CategoryFlag, child_id=key, category=category, valid_from=since, valid_to=until)
    save_plan(store, draft=HelpPlanDraft(child_uuid=child, term_uuid=term.uuid, key=paired))
    out = tmp_path / "计划.pdf"
    make_help_plan_sheet(store, child, term.uuid, out)
    text = read(reader, out)
    assert Category("priority").label in text
    assert Category("orphan").label not in text
    assert Category("disability").label not in text


def test_the_individual_plan_says_who_may_know_it(store, who, paired, tmp_path, reader):
    """Everything the form holds, and on the paper itself that it is kept apart; none is said to be none."""
    term = school_calendar(store).term_in_force(DAY)
    with refused("plan.no_such_plan"):
        make_individual_plan_sheet(store, who.children["向阳"], term.uuid, tmp_path / "x.pdf")
    texts = {
        "situation": "常一个人待着", "aims": "愿意和同桌说话", "measures": "每天放学前聊五分钟",
        "course": "第三周主动来过", "effect": "比开学好", "assessor": "李国平",
    }  # fmt: skip
    draft = IndividualPlanDraft(child_uuid=who.children["向阳"], term_uuid=term.uuid, key=paired, **texts)
    save_individual_plan(store, draft=draft)
    out = tmp_path / "方案.pdf"
    assert make_individual_plan_sheet(store, who.children["向阳"], term.uuid, out).pages == 1
    text = read(reader, out)
    for words in ("个别教育管理方案", "向阳", "知情范围：", "不得外传", term.words, *texts.values()):
        assert words in text


def test_the_roster_is_narrowed_and_masked(store, who, paired, tmp_path, reader):
    """One supporter's children, one class's; a masked number has no middle."""
    out = tmp_path / "花名册.pdf"
    only = narrowing(store, DAY, supporter_uuid=paired)
    make_roster(store, DAY, False, out, masked=True, only=only)
    text = read(reader, out)
    assert "138****1234" in text
    assert "谭晓东" in text
    assert all(words not in text for words in ("13800001234", "张伟", "没有结对的儿童", "石头"))
    name = next(one.class_name for one in pairs(store, DAY) if one.child == "谭晓东")
    only = narrowing(store, DAY, class_uuid=class_named(store, name, DAY))
    assert export_roster(store, tmp_path / "班.xlsx", day=DAY, only=only).pairs == sum(
        one.class_name == name for one in pairs(store, DAY)
    )
    with refused("register.no_such_supporter"):
        supporter_named(store, "没有这个人", DAY)
    assert supporter_named(store, "李国平", DAY) == paired


def test_the_workbook_masks_numbers_unless_a_reason_is_given(store, paired, tmp_path):
    """Three sheets of text cells, the ended pair with its reason; whole numbers need a reason, which is logged."""
    out = tmp_path / "花名册.xlsx"
    assert export_roster(store, out, day=DAY).pairs == 3
    book = openpyxl.load_workbook(out)
    assert book.sheetnames == ["按儿童", "按帮扶人", "本学期解除"]
    rows = [[cell.value for cell in row] for row in book["按儿童"].iter_rows(min_row=3)]
    head, first = rows[0], rows[1]
    told = dict(zip(head, first, strict=True))
    assert (told["帮扶人"], told["电话"], told["重点（四导）"]) == ("李国平", "138****1234", "心理")
    counts = [told[name] for name in ("应谈", "实谈", "应访", "实访", "应通话", "实通话")]
    assert all(count == "—" or isinstance(count, int) for count in counts), (
        "counts are numbers, to be added up"
    )
    assert isinstance(told["实谈"], int)
    ended = [cell.value for cell in book["本学期解除"][4]]
    assert ended[1:8] == ["石头", ended[2], "王秀芬", "帮扶教师", "2026-09-10", "2026-11-01", "不合适"]
    out.unlink()
    with refused("export.reason"):
        export_roster(store, out, day=DAY, profile=Profile.FULL)
    export_roster(store, out, day=DAY, profile=Profile.FULL, reason="镇教育办检查")
    assert "13800001234" in {
        cell.value for row in openpyxl.load_workbook(out)["按儿童"].iter_rows() for cell in row
    }
    assert [(one.content, one.profile, one.people) for one in handovers(store)] == [
        ("结对帮扶花名册", Profile.FULL, 2),
        ("结对帮扶花名册", Profile.MASKED, 2),
    ]


def test_every_refusal_of_pairing_has_its_three_parts():
    """What happened, what is safe, what to do: none is left out."""
    keys = [key for key in FAULTS if key.startswith(("pairing.", "hand_over.", "plan."))]
    assert len(keys) > 25
    assert all(FAULTS[key].what and FAULTS[key].safe and FAULTS[key].todo for key in keys)


def test_a_pair_that_ended_in_a_month_without_a_day_is_among_the_ended(store, paired):
    """2026-11 may be any day of it: the pair that ended then is no longer in force, so it stands in the other list."""
    one = pairs(store, DAY)[0]
    end_pairing(store, pair_uuid=one.uuid, on="2026-11", reason=PairingEnd.ASKED)
    for first, last, listed in (
        (date(2026, 9, 1), date(2026, 11, 30), True),
        (date(2026, 11, 1), date(2026, 12, 31), True),
        (date(2026, 9, 1), date(2026, 11, 20), False),
        (date(2026, 12, 1), date(2026, 12, 31), False),
    ):
        assert (one.uuid in {found.uuid for found in ended_between(store, first, last)}) is listed
