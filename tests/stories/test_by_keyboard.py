"""The whole of pairing and of the diary without a mouse, with children whose names are hard on programs."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from openpyxl import Workbook
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from app.children.codes import Sex
from app.children.drafts import ChildDraft
from app.children.service import add_children
from app.core.clock import FixedClock
from app.diary.absences import absences
from app.diary.incidents import incidents
from app.diary.meetings import meetings
from app.diary.queries import RecordFilters, records
from app.pairing.codes import PairingEnd
from app.pairing.plans import help_plan, individual_plan
from app.pairing.queries import pairs, pairs_of_child, supporters
from app.pairing.service_supporters import record_check
from app.school.codes import Stage
from app.school.queries import school_calendar
from app.school.rules import ClassRef
from app.school.service import add_staff, init_school
from app.storage.store import Store
from tests.ledgers import copy_ledger
from tests.stories.hands import ALT, CTRL, Hands
from ui.pages import all_pages
from ui.widgets.cuts import cuts_of

NAMES = ("欧阳慕容雨桐", "覃䶮", "张𬭎", "买买提·阿卜杜热西提")
TEACHERS = ("王秀芬", "欧阳建国", "阿依古丽·买买提")
TODAY = date(2026, 11, 21)


@pytest.fixture(scope="session")
def small_school(tmp_path_factory):
    """Four children and three teachers, nobody paired."""
    path = tmp_path_factory.mktemp("keys") / "守望.db"
    with Store.create(path, clock=FixedClock(datetime(2026, 11, 21, 10, 42))) as store:
        init_school(store, name="青石坪镇中心小学")
        for name in TEACHERS:
            add_staff(store, name=name, sex="2", subject="语文")
        for one in supporters(store, TODAY):
            record_check(store, key=one.key, checked_on="2026-09-01", office="县公安局")
        refs = [ClassRef(Stage.PRIMARY, 2024, number) for number in (1, 2)]
        drafts = tuple(
            ChildDraft(name=name, sex=Sex.FEMALE if place == 0 else Sex.MALE, class_ref=refs[place % 2])
            for place, name in enumerate(NAMES)
        )
        add_children(store, drafts=drafts)
    return path


@pytest.fixture
def hands(small_school, programs, teacher, tmp_path):
    path = copy_ledger(small_school, tmp_path / "守望.db")
    program = programs(all_pages(), path)
    teacher.sits(program)
    made = Hands(teacher, program)
    made.back_in_window()
    return made


@pytest.fixture
def asked(hands):
    def ask(fn, *args, **kwargs):
        answers = []
        hands.program.sitting.context.read(fn, *args, on_done=answers.append, **kwargs)
        hands.teacher.waits(lambda: bool(answers))
        return answers[0]

    return ask


def test_pairing_from_the_first_pair_to_its_end(hands, asked):
    # 结对: a child is lifted, given, and the draft accepted
    hands.press(Qt.Key.Key_3, CTRL)
    page = hands.page
    assert hands.here in (page.children_list, page.children_list.inner)
    first = page.children_list.lines[0].name
    hands.press(Qt.Key.Key_Return)
    assert "交给谁" in page.foot.lead.text()
    hands.press(Qt.Key.Key_Down)
    hands.press(Qt.Key.Key_Return)
    assert asked(pairs, TODAY) == ()
    hands.answers("接受勾选的 1 名")
    (pair,) = asked(pairs, TODAY)
    assert pair.child == first
    hands.press(Qt.Key.Key_Z, CTRL)
    assert asked(pairs, TODAY) == ()

    # the rest by suggestion
    hands.answers("排一份建议")
    hands.teacher.waits(lambda: bool(page.draft))
    hands.settles()
    hands.answers("接受勾选的 4 名")
    assert {one.child for one in asked(pairs, TODAY)} == set(NAMES)
    assert page.header.fact == "4 名儿童，4 名有帮扶人"

    # a supporter: what the pair is about
    hands.tabs_to(page.table)
    hands.press(Qt.Key.Key_Return)
    page = hands.page
    assert hands.here is page.table
    hands.press(Qt.Key.Key_E, CTRL)
    panel = hands.in_panel()
    hands.tabs_to(panel.focus)
    hands.writes("心理、学习")
    hands.press(Qt.Key.Key_Return, CTRL)
    assert not panel.isVisible(), (panel._reason.text(), panel._sent, hands.here)
    hands.back_in_window()
    child = page.table.current_row().child_uuid
    (pair,) = asked(pairs_of_child, child, TODAY)
    assert pair.focus == "心理、学习"

    # 帮扶计划 and 个别方案
    hands.press(Qt.Key.Key_F2)
    plan = hands.page
    assert hands.here is plan.fields["situation"]
    hands.writes("夜里想妈妈，睡不着")
    hands.press(Qt.Key.Key_Tab)
    hands.tabs_to(plan.tabs, back=True)
    hands.press(Qt.Key.Key_Right)
    assert plan.tabs.current == "individual"
    hands.tabs_to(plan.fields["aims"])
    hands.writes("按时到校")
    hands.press(Qt.Key.Key_Tab)
    term = asked(school_calendar).term_in_force(TODAY).uuid
    assert asked(help_plan, child, term).situation == "夜里想妈妈，睡不着"
    assert asked(individual_plan, child, term).aims == "按时到校"
    hands.press(Qt.Key.Key_Left, ALT)
    assert hands.page is page

    # a pair that never was is taken back
    hands.tabs_to(page.table)
    hands.press(Qt.Key.Key_Delete)
    panel = hands.in_panel()
    hands.tabs_to(panel.reason)
    for _ in PairingEnd:
        if panel.reason.value != PairingEnd.MISTAKEN:
            hands.press(Qt.Key.Key_Down)
    assert panel.reason.value == PairingEnd.MISTAKEN
    hands.press(Qt.Key.Key_Return, CTRL)
    assert not panel.isVisible(), (panel._reason.text(), panel._sent, hands.here)
    hands.back_in_window()
    assert asked(pairs_of_child, child, TODAY) == ()


def test_somebody_leaves_and_everything_is_handed_over(hands, asked):
    hands.press(Qt.Key.Key_3, CTRL)
    hands.answers("排一份建议")
    hands.teacher.waits(lambda: bool(hands.page.draft))
    hands.settles()
    hands.answers("接受勾选的 4 名")
    hands.tabs_to(hands.page.table)
    leaving = hands.page.table.current_row()
    hands.press(Qt.Key.Key_Return)
    hands.answers("办交接…")
    page = hands.page
    other = next(name for name in TEACHERS if name != leaving.name)
    hands.tabs_to("交给谁")
    hands.writes(other)
    hands.answers("交给这一位")
    hands.answers("办交接…")
    panel = hands.in_panel()
    hands.press(Qt.Key.Key_Return, CTRL)
    assert not panel.isVisible(), panel._reason.text()
    assert {one.supporter for one in asked(pairs, TODAY)} <= set(TEACHERS) - {leaving.name}
    assert len(asked(pairs, TODAY)) == 4
    del page


def test_the_diary_from_a_record_to_an_incident(hands, asked):
    # a record: Ctrl+N, whose, what, stored
    hands.press(Qt.Key.Key_4, CTRL)
    hands.press(Qt.Key.Key_N, CTRL)
    page = hands.page
    hands.tabs_to("记的是谁")
    hands.writes("欧阳")
    hands.press(Qt.Key.Key_Return)
    assert page.form.whom.uuids
    hands.tabs_to(page.form.fields.first_text())
    hands.writes("说夜里想妈妈，睡不着")
    hands.program.dialogs.choices.append("save")  # 就这样存, should a question be asked
    hands.press(Qt.Key.Key_Return, CTRL)
    (line,) = asked(records, RecordFilters())
    assert (line.child_name, line.text) == ("欧阳慕容雨桐", "说夜里想妈妈，睡不着")

    # 按周登记: a cell of the grid
    diary = hands.page
    hands.tabs_to(diary.parts, back=True)
    hands.press(Qt.Key.Key_Right)
    week = diary.segment
    hands.teacher.waits(lambda: week.grid is not None)
    hands.tabs_to(week.grid)
    hands.press(Qt.Key.Key_Right, times=2)
    hands.press(Qt.Key.Key_F2)
    hands.writes("背到第七段")
    hands.press(Qt.Key.Key_Return)
    hands.program.dialogs.choices.append("save")
    hands.press(Qt.Key.Key_Return, CTRL)
    assert {line.text for line in asked(records, RecordFilters())} == {"说夜里想妈妈，睡不着", "背到第七段"}

    # 会议, 缺席, 突发事件, 心理疏导: each is begun, filled in and stored
    for _ in range(2):
        hands.tabs_to(diary.parts, back=True)
        hands.press(Qt.Key.Key_Right)
        if type(diary.segment).__name__ == "MeetingSegment":
            break
    hands.answers("记一次会议")
    form = diary.segment.form
    hands.tabs_to(form.named["topic"])
    hands.writes("冬季安全")
    hands.press(Qt.Key.Key_Return, CTRL)
    assert [one.topic for one in asked(meetings)] == ["冬季安全"]

    hands.tabs_to(diary.parts, back=True)
    hands.press(Qt.Key.Key_Right)
    hands.answers("记一条缺席")
    hands.writes("覃")
    hands.press(Qt.Key.Key_Return)
    hands.press(Qt.Key.Key_Return, CTRL)
    assert [one.child_name for one in asked(absences)] == ["覃䶮"]

    hands.tabs_to(diary.parts, back=True)
    hands.press(Qt.Key.Key_Right)
    hands.answers("记一次突发事件")
    hands.writes("买买提")
    hands.press(Qt.Key.Key_Return)
    hands.types("7.30")
    hands.press(Qt.Key.Key_Return, CTRL)
    assert [one.child_name for one in asked(incidents)] == ["买买提·阿卜杜热西提"]

    # 心理疏导: a passphrase is set by keyboard, and a note sealed
    hands.tabs_to(diary.parts, back=True)
    hands.press(Qt.Key.Key_Right)
    hands.tabs_to("新口令")
    hands.types("a long phrase of my own")
    hands.tabs_to("再输一遍")
    hands.types("a long phrase of my own")
    hands.answers("设口令，打印恢复单")
    hands.teacher.waits(lambda: diary.segment.key is not None)
    hands.in_panel()
    hands.press(Qt.Key.Key_Escape)
    hands.back_in_window()
    hands.answers("记一份")
    hands.writes("张𬭎")
    hands.press(Qt.Key.Key_Return)
    hands.tabs_to(diary.segment.form.named["course"])
    hands.writes("怕黑，不敢一个人睡")
    hands.press(Qt.Key.Key_Return, CTRL)
    assert [row.child.name for row in diary.segment.table.rows] == ["张𬭎"]


def test_a_workbook_of_the_past_by_keyboard(hands, asked, tmp_path):
    book = Workbook()
    book.active.append(["姓名", "日期", "类别", "内容"])
    for name in NAMES:
        book.active.append([name, "2026-10-08", "谈心", f"和{name}谈了作业"])
    book.active.append(["何大壮", "2026-10-08", "谈心", "想家"])
    path = tmp_path / "以前的谈心.xlsx"
    book.save(path)
    hands.press(Qt.Key.Key_4, CTRL)
    hands.answers("导入…")
    hands.program.dialogs.files.append(path)
    assert hands.here.text() == "选文件"
    hands.press(Qt.Key.Key_Space)
    hands.answers("写入 4 条")
    assert {line.child_name for line in asked(records, RecordFilters())} == set(NAMES)
    hands.answers("看待处理清单")
    page = hands.page
    assert hands.here is page.parked.table
    hands.press(Qt.Key.Key_Return)
    hands.tabs_to(page.parked.child)
    hands.writes("张𬭎")
    hands.press(Qt.Key.Key_Return)
    hands.answers("写入日记")
    assert len(asked(records, RecordFilters())) == len(NAMES) + 1


def test_without_any_child_each_page_says_what_comes_first(programs, teacher, tmp_path):
    path = tmp_path / "守望.db"
    with Store.create(path, clock=FixedClock(datetime(2026, 11, 21, 10, 42))) as store:
        init_school(store, name="青石坪镇中心小学")
    program = programs(all_pages(), path)
    teacher.sits(program)
    hands = Hands(teacher, program)
    hands.back_in_window()
    told = {
        "pairing": "台账还是空的",
        "diary": "还没有记录",
        "importing_records": "把以前的记录表拖到这里",
        "record": "",
    }
    for page, words in told.items():
        shown = teacher.goes_to(program, page)
        QApplication.processEvents()
        assert words in teacher.reads(shown)
        assert cuts_of(program.sitting.window) == []
    for part in ("week", "meetings", "absences", "incidents", "counselling"):
        teacher.goes_to(program, "diary", part=part)
        QApplication.processEvents()
        assert cuts_of(program.sitting.window) == []
    assert not program.dialogs.faults
