"""The care teacher opens a child's file, corrects it, notes what changed, and goes on to the next child."""

from __future__ import annotations

from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.children.codes import PARENTS, AwayState, LifeStatus, PhoneResult, Relation
from app.core.id_number import inspect_id
from app.pairing.pair_reading import pairs_of_child
from app.school.codes import HandoverKind
from app.school.handover import handovers
from ui.drafts import SAVE
from ui.pages.child.fact_panel import REMOVE, FactPanel
from ui.pages.child.leave_panel import LeavePanel, ReturnPanel
from ui.pages.child.page import ChildPage
from ui.pages.child.person_panel import PersonPanel
from ui.pages.child.phone_panel import PhonePanel
from ui.theme import Breakpoint
from ui.widgets import Link, QuietArea, QuietField, State, cuts


def typed(field, text):
    """Type over what stands in a field, as a person does."""
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, text) if text.isascii() else field.insertPlainText(text) if hasattr(
        field, "insertPlainText"
    ) else field.insert(text)


def left(field):
    """Leave a field by Tab."""
    QTest.keyClick(field, Qt.Key.Key_Tab)


def with_father_out(children):
    return next(c for c in children if c.father and c.father.away_state is AwayState.OUT and c.residence)


# ---- reading --------------------------------------------------------------------------------------------------------


def test_the_page_says_who_it_is_and_the_window_title_never_does(opened, children):
    child = with_father_out(children)
    page = opened(child, among=children)
    assert page.header._title.text() == child.name
    assert child.school_class.name in page.header._fact.text()
    assert child.name not in page.window().windowTitle()
    assert page.personal.field("name").text() == child.name
    assert page.parents.card(child.father.uuid)._name.text() == child.father.name


def test_numbers_are_masked_until_asked_for_and_that_is_written_down(opened, children, asked, settled):
    child = next(c for c in children if c.contacts or any(p.phones for p in c.relatives))
    page = opened(child)
    shown = [line.number for line in page.carers.chain._contacts]
    assert shown
    assert all("****" in number for number in shown if number.isascii())
    page.phones.reveal()
    settled()
    assert not any("*" in line.number for line in page.carers.chain._contacts)
    assert [entry.kind for entry in asked(handovers)] == [HandoverKind.REVEAL]
    assert page.context.undo_last() is False  # the log is never taken back


def test_the_next_child_is_masked_again(opened, children, settled):
    page = opened(children[0], among=children)
    page.phones.reveal()
    settled()
    page.walk(1)
    settled()
    assert page.phones.revealed is False


# ---- one field -------------------------------------------------------------------------------------------------------


def test_a_corrected_address_is_saved_on_leaving_and_taken_back_by_ctrl_z(opened, children, settled, file_of):
    child = with_father_out(children)
    page = opened(child)
    field = page.personal.field("address")
    typed(field, "白水沟村 1 组 17 号（水井坡上，过石桥第二家）")
    left(field)
    settled()
    now = file_of(child.uuid)
    assert now.facts.residence.address == "白水沟村 1 组 17 号（水井坡上，过石桥第二家）"
    assert now.facts.residence.uuid == child.residence.uuid, "a correction, no move"
    assert page.context.navigation.saved == 1
    assert page.context.navigation.toasts == [], "a single field only renews 已保存"
    page.context.undo_last()
    settled()
    assert file_of(child.uuid).facts.residence.address == child.residence.address
    assert field.toPlainText() == child.residence.address


def test_esc_brings_the_stored_value_back_and_saves_nothing(opened, children, settled, file_of):
    child = with_father_out(children)
    page = opened(child)
    field = page.personal.field("name")
    typed(field, "zhangsan")
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert field.text() == child.name
    left(field)
    settled()
    assert file_of(child.uuid).facts.name == child.name
    assert page.context.navigation.saved == 0


def test_a_wrong_last_digit_of_the_id_is_asked_about_kept_and_marked(opened, children, settled, file_of):
    child = next(c for c in children if c.id_number and inspect_id(c.id_number).ok)
    page = opened(child)
    wrong = child.id_number[:17] + ("1" if child.id_number[17] != "1" else "2")
    field = page.personal.field("id_number")
    typed(field, wrong)
    left(field)
    settled()
    assert field.finding.state is State.DOUBTFUL
    assert "最后一位" in field.finding.reason
    assert file_of(child.uuid).facts.id_number == child.id_number, "nothing stored before 照存"
    field.keep_as_is()
    settled()
    assert file_of(child.uuid).facts.id_number == wrong
    assert field.finding.state is State.DOUBTFUL, "the mark stays"
    assert field.text() == wrong


def test_another_childs_id_cannot_be_stored_and_says_whose_it_is(opened, children, settled, file_of):
    first, second = [c for c in children if c.id_number and inspect_id(c.id_number).ok][:2]
    page = opened(first)
    field = page.personal.field("id_number")
    typed(field, second.id_number)
    left(field)
    settled()
    if field.finding and field.finding.state is State.DOUBTFUL:  # the other birth date is asked about first
        field.keep_as_is()
        settled()
    assert field.finding.state is State.INVALID
    assert second.name in field.finding.reason
    assert file_of(first.uuid).facts.id_number == first.id_number
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert field.text() == first.id_number


def test_an_empty_name_is_refused_beside_the_field(opened, children, settled, file_of):
    page = opened(children[0])
    field = page.personal.field("name")
    field.setFocus()
    field.clear()
    left(field)
    settled()
    assert field.finding.state is State.INVALID
    assert file_of(children[0].uuid).facts.name == children[0].name


def test_what_could_not_be_saved_yet_survives_the_saving_of_another_field(opened, children, settled):
    child = next(c for c in children if c.id_number and inspect_id(c.id_number).ok)
    page = opened(child)
    field = page.personal.field("id_number")
    typed(field, "12345")
    left(field)
    hobbies = next(s for s in page.sections if s.key == "character").gap_target("hobbies")
    typed(hobbies, "画画")
    left(hobbies)
    settled()
    assert field.text() == "12345"
    assert field.finding.state is State.DOUBTFUL


def test_a_choice_is_saved_at_once_and_unknown_takes_a_dated_fact_out(opened, children, settled, file_of):
    child = next(c for c in children if c.boarding and c.boards is False)
    page = opened(child)
    boards = page.personal.field("boards")
    boards.set_value(True)
    boards.activated.emit(boards.currentIndex())
    settled()
    assert file_of(child.uuid).facts.boards is True
    assert file_of(child.uuid).facts.boarding.uuid == child.boarding.uuid
    boards.set_value(None)
    boards.activated.emit(boards.currentIndex())
    settled()
    assert file_of(child.uuid).facts.boarding is None
    page.context.undo_last()
    settled()
    assert file_of(child.uuid).facts.boards is True
    assert boards.value is True


def test_pinyin_is_kept_as_the_search_types_it(opened, children, settled, file_of):
    page = opened(children[0])
    field = page.personal.field("pinyin")
    typed(field, "Lǚ xiǎo nǚ")
    left(field)
    settled()
    assert file_of(children[0].uuid).facts.pinyin == "lv xiao nv"


# ---- walking ---------------------------------------------------------------------------------------------------------


def test_walking_to_the_next_child_saves_what_is_being_typed(opened, children, settled, file_of):
    page = opened(children[0], among=children)
    hobbies = next(s for s in page.sections if s.key == "character").gap_target("hobbies")
    typed(hobbies, "下象棋，放牛时吹笛子")
    QTest.keyClick(hobbies, Qt.Key.Key_PageDown, Qt.KeyboardModifier.ControlModifier)
    settled()
    assert page.shown_uuid == children[1].uuid
    assert file_of(children[0].uuid).facts.hobbies == "下象棋，放牛时吹笛子"
    assert file_of(children[1].uuid).facts.hobbies == children[1].hobbies
    assert "第 2 名" in page.pager.findChildren(type(page.header._title))[0].text()


def test_closing_a_window_that_is_not_in_front_saves_what_is_being_typed(opened, children, settled, file_of):
    page = opened(children[0])
    hobbies = next(s for s in page.sections if s.key == "character").gap_target("hobbies")
    hobbies.setPlainText("踢毽子")  # typed, and another program came to the front: no field has the focus
    page.setFocus()
    assert page.may_leave()
    settled()
    assert file_of(children[0].uuid).facts.hobbies == "踢毽子"


def test_walking_waits_for_a_value_that_is_not_settled(opened, children, settled):
    page = opened(children[0], among=children)
    field = page.personal.field("id_number")
    typed(field, "12345")
    page.walk(1)
    settled()
    assert page.shown_uuid == children[0].uuid
    assert field.text() == "12345"
    assert page.context.navigation.toasts[-1][0].startswith("这一格还没有存")
    field.restore()
    page.walk(1)
    settled()
    assert page.shown_uuid == children[1].uuid


def test_the_ends_of_the_list_are_ends(opened, children, settled):
    page = opened(children[-1], among=children)
    page.walk(1)
    settled()
    assert page.shown_uuid == children[-1].uuid


# ---- what changed -----------------------------------------------------------------------------------------------------


def test_the_father_works_elsewhere_since_a_month(opened, children, settled, file_of):
    child = with_father_out(children)
    page = opened(child)
    card = page.parents.card(child.father.uuid)
    card._record("away")
    panel = page.context.dialogs.panels[-1]
    assert isinstance(panel, FactPanel)
    assert panel.head.text().startswith(f"{child.name}："), "whose file it is"
    typed(panel.field("place"), "福建晋江")
    typed(panel._from, "2026.10")
    typed(panel._source, "奶奶口述")
    panel.answer(SAVE)
    settled()
    aways = file_of(child.uuid).periods_of(child.father.uuid).aways
    assert (aways[0].place, aways[0].valid_from, aways[0].source) == ("福建晋江", "2026-10", "奶奶口述")
    assert aways[1].valid_to == "2026-10", "the old place ended there and is still known"
    assert not panel.isVisible()
    shown = [fact.words for fact in card._facts._facts]
    assert shown[0].startswith("福建晋江")
    assert any(row.text.startswith("福建晋江") for row in page.timeline.view.rows)


def test_a_day_without_its_year_is_of_what_was_and_a_coming_home_of_what_comes(
    opened, children, settled, file_of
):
    """In November the nearest 3.1 is next year's: the father was still at home, on the ledger, until then."""
    child = next(
        c
        for c in children
        if c.father and c.father.away_state is AwayState.OUT and (c.father.away.valid_from or "") < "2026-03"
    )
    page = opened(child)
    page.parents.card(child.father.uuid)._record("away")
    panel = page.context.dialogs.panels[-1]
    typed(panel.field("place"), "福建晋江")
    typed(panel._from, "3.1")
    typed(panel.field("expected_return"), "7.1")
    panel.answer(SAVE)
    settled()
    away = file_of(child.uuid).facts.father.away
    assert (away.place, away.valid_from, away.expected_return) == ("福建晋江", "2026-03-01", "2027-07-01")


def test_a_change_before_what_is_known_stays_in_the_dialog_with_its_reason(
    opened, children, settled, file_of
):
    child = next(c for c in children if c.father and c.father.away and c.father.away.valid_from)
    before = child.father.away
    page = opened(child)
    page.parents.card(child.father.uuid)._record("away")
    panel = page.context.dialogs.panels[-1]
    typed(panel.field("place"), "西藏拉萨")
    typed(panel._from, "1999")
    panel.answer(SAVE)
    settled()
    assert panel.isVisible()
    assert before.valid_from in panel._reason.text()
    assert file_of(child.uuid).facts.father.away == before


def test_where_the_father_was_before_is_added_without_touching_the_present(
    opened, children, settled, file_of
):
    child = next(
        c for c in children if c.father and c.father.away and (c.father.away.valid_from or "") > "2020-06-01"
    )
    page = opened(child)
    page.parents.card(child.father.uuid)._record("away")
    panel = page.context.dialogs.panels[-1]
    typed(panel.field("place"), "海南三亚")
    typed(panel._from, "2018")
    typed(panel._to, "2019")
    panel.answer(SAVE)
    settled()
    now = file_of(child.uuid)
    assert now.facts.father.away == child.father.away
    before = [away for away in now.periods_of(child.father.uuid).aways if away.place == "海南三亚"]
    assert [(away.valid_from, away.valid_to) for away in before] == [("2018", "2019")]


def test_a_date_that_is_none_holds_the_dialog(opened, children, settled):
    child = with_father_out(children)
    page = opened(child)
    page.parents.card(child.father.uuid)._record("away")
    panel = page.context.dialogs.panels[-1]
    typed(panel._from, "2026-13-40")
    panel.answer(SAVE)
    settled()
    assert panel.isVisible()
    assert panel._from.finding.state is State.INVALID


def test_a_row_that_never_was_so_is_taken_out(opened, children, settled, file_of):
    child = with_father_out(children)
    page = opened(child)
    card = page.parents.card(child.father.uuid)
    card._facts.activated.emit(child.father.away.uuid)
    page.context.dialogs.panels[-1].answer(REMOVE)
    settled()
    _, lines, verbs = page.context.dialogs.asked[-1]
    assert lines[0].startswith("移走 1 条：外出情况")
    assert verbs == ("先不动", "移到回收站")
    assert file_of(child.uuid).facts.father.away == child.father.away
    page.context.dialogs.choices = [REMOVE]
    page.clerk.remove("away", child.father.away.uuid)
    settled()
    uuids = [away.uuid for away in file_of(child.uuid).periods_of(child.father.uuid).aways]
    assert child.father.away.uuid not in uuids
    page.context.undo_last()
    settled()
    assert file_of(child.uuid).facts.father.away == child.father.away


def test_the_mother_is_dead_and_nothing_more_is_asked_of_her(opened, children, settled, file_of):
    child = next(c for c in children if c.mother and not c.mother.gone)
    page = opened(child)
    page.parents.card(child.mother.uuid)._record("life")
    panel = page.context.dialogs.panels[-1]
    panel.field("status").set_value(LifeStatus.DEAD.value)
    panel.answer(SAVE)
    settled()
    assert file_of(child.uuid).facts.mother.life_status is LifeStatus.DEAD
    assert page.parents.card(child.mother.uuid)._line.text() == "去世"


# ---- numbers ---------------------------------------------------------------------------------------------------------


def with_shared_parent(children, file_of):
    for child in children:
        file = file_of(child.uuid)
        for person in child.relatives:
            if file.siblings and person.phones and person.relation in PARENTS:
                return child, person, file.siblings[0]
    return pytest.fail("the demo school has brothers and sisters")


def test_a_changed_number_is_the_sisters_number_too(opened, children, settled, file_of):
    child, parent, sibling = with_shared_parent(children, file_of)
    page = opened(child)
    phone = parent.phones[0]
    page.phones.open(parent, phone)
    panel = page.context.dialogs.panels[-1]
    assert isinstance(panel, PhonePanel)
    settled()
    assert sibling.name in panel._shared.text()
    typed(panel.number, "13900001111")
    panel.answer(SAVE)
    settled()
    for uuid in (child.uuid, sibling.uuid):
        person = next(p for p in file_of(uuid).facts.relatives if p.uuid == parent.uuid)
        assert "13900001111" in [one.number for one in person.phones]
        assert phone.number not in [one.number for one in person.phones]
    old = [one for one in file_of(child.uuid).periods_of(parent.uuid).phones if one.number == phone.number]
    assert old[0].valid_to == "2026-11-21", "the old number is kept as a past one"


def test_todays_call_is_written_on_the_number(opened, children, settled, file_of):
    child = next(c for c in children if c.mother and c.mother.phones)
    page = opened(child)
    phone = child.mother.phones[0]
    page.phones.open(child.mother, phone)
    panel = page.context.dialogs.panels[-1]
    panel.outcome.set_value(PhoneResult.STOPPED.value)
    panel.answer(SAVE)
    settled()
    now = next(one for one in file_of(child.uuid).facts.mother.phones if one.uuid == phone.uuid)
    assert (now.result, now.confirmed_on) == (PhoneResult.STOPPED, "2026-11-21")


def test_alt_down_changes_the_order_in_which_to_ring(opened, children, settled, file_of):
    child = next(c for c in children if len(c.contacts) > 1)
    page = opened(child)
    before = [line.name for line in page.carers.chain._contacts]
    page.carers.chain.setFocus()
    QTest.keyClick(page.carers.chain, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    settled()
    now = [contact.who for contact in file_of(child.uuid).facts.contacts]
    assert now[:2] == [before[1], before[0]]


# ---- people ----------------------------------------------------------------------------------------------------------


def test_a_relative_the_school_knows_is_shared_not_copied(opened, children, settled, file_of):
    sharing = next(
        c for c in children if any(p.relation is Relation.PATERNAL_GRANDMOTHER for p in c.relatives)
    )
    grandmother = next(p for p in sharing.relatives if p.relation is Relation.PATERNAL_GRANDMOTHER)
    other = next(c for c in children if grandmother.uuid not in {p.uuid for p in c.relatives})
    page = opened(other)
    panel = PersonPanel(page.clerk, Relation.PATERNAL_GRANDMOTHER)
    page.clerk.open_panel(panel)
    tops = [
        field.mapTo(panel, QPoint()).y() for field in (panel.relation, panel.name, panel.number, panel.since)
    ]
    assert len({after - before for before, after in pairwise(tops)}) == 1, "nobody found takes no room"
    typed(panel.name, grandmother.name)
    panel.name.textEdited.emit(panel.name.text())
    settled()
    panel._radios[grandmother.uuid].setChecked(True)
    panel.answer(SAVE)
    settled()
    assert grandmother.uuid in {p.uuid for p in file_of(other.uuid).facts.relatives}


# ---- on and off the ledger -------------------------------------------------------------------------------------------


def test_leaving_needs_a_reason_deletes_nobody_and_can_be_come_back_from(opened, children, settled, file_of):
    child = next(c for c in children if c.school_class and c.registration)
    page = opened(child)
    page.register._ask_leave()
    panel = page.context.dialogs.panels[-1]
    assert isinstance(panel, LeavePanel)
    panel.answer(SAVE)
    assert "原因" in panel._reason.text()
    panel.reason.set_value("both_parents_back")
    panel.answer(SAVE)
    settled()
    gone = file_of(child.uuid)
    assert gone.facts.registration is None
    assert gone.facts.school_class is not None, "still a pupil"
    assert "不在册" in page.header._fact.text()
    page.register._ask_return()
    back = page.context.dialogs.panels[-1]
    assert isinstance(back, ReturnPanel)
    back.answer(SAVE)
    settled()
    registrations = [one for one in file_of(child.uuid).registrations if one.kind.value == "left_behind"]
    assert len(registrations) == 2, "coming back is a new period"


def test_the_bin_counts_first_and_only_then_moves(opened, children, settled, file_of):
    child = children[0]
    page = opened(child)
    page.context.dialogs.choices = ["stay"]
    page.register._ask_bin()
    settled()
    question, lines, verbs = page.context.dialogs.asked[-1]
    assert child.name in question
    assert "条" in lines[0]
    assert verbs[0] == "先不动"
    assert file_of(child.uuid) is not None
    page.context.dialogs.choices = ["bin"]
    page.register._ask_bin()
    settled()
    assert file_of(child.uuid) is None
    assert page.context.navigation.backs == 1


# ---- keys and room ---------------------------------------------------------------------------------------------------


def test_f3_walks_the_gaps_in_the_order_of_the_paper(opened, children, settled):
    page = None
    for child in children:
        page = opened(child)
        if len(page._facts.complete.gaps) > 1:
            break
    seen = []
    for _ in range(len(page._facts.complete.gaps)):
        page.next_gap()
        seen.append(QApplication.focusWidget())
    assert len(set(seen)) > 1
    sections = [next(s.number for s in page.sections if s.isAncestorOf(widget)) for widget in seen]
    order = [s.number for s in page.sections]
    places = [order.index(number) for number in sections[: len(set(seen))]]
    assert places == sorted(places)


def test_f2_puts_the_keyboard_into_the_section(opened, children):
    page = opened(children[0])
    page.focus_first()
    QTest.keyClick(page.index, Qt.Key.Key_F2)
    assert QApplication.focusWidget() is page.personal.field("name")


def test_tab_walks_the_fields_from_above_to_below(opened, children):
    page = opened(with_father_out(children))
    fields = [f for f in page.personal.findChildren(QuietField) if f.isVisible()]
    tops = [f.mapTo(page.form, f.rect().topLeft()).y() for f in fields]
    page.personal.field("name").setFocus()
    walked = []
    for _ in range(12):
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        widget = QApplication.focusWidget()
        walked.append(widget.mapTo(page.form, widget.rect().topLeft()).y())
    assert walked == sorted(walked)
    assert tops == sorted(tops)


@pytest.mark.parametrize(("width", "height"), [(1200, 600), (815, 340), (1730, 900)])
def test_nothing_is_cut_with_long_names_and_addresses(opened, children, settled, asked, width, height):
    child = with_father_out(children)
    page = opened(child)
    typed(page.personal.field("name"), "买买提·阿卜杜热西提·欧阳慕容雨桐")
    left(page.personal.field("name"))
    long = "白水沟村水井坡上过石桥第二家旁边的老粮站后面新修的三层楼房东侧第一户" * 2
    typed(page.personal.field("address"), long)
    left(page.personal.field("address"))
    page.parents.card(child.father.uuid)._record("away")
    panel = page.context.dialogs.panels[-1]
    typed(panel.field("place"), "新疆维吾尔自治区巴音郭楞蒙古自治州库尔勒市经济技术开发区")
    typed(panel.field("employer"), "某某建筑劳务有限责任公司第二项目部")
    panel.answer(SAVE)
    settled()
    page.set_breakpoint(Breakpoint.NARROW if width < 1000 else Breakpoint.NORMAL)
    page.resize(width, height)
    for card in page.findChildren(type(page.parents.card(child.father.uuid))):
        card.open_details()
    settled()
    with cuts.recording():
        page.grab()
        found = [cut for cut in cuts.cuts_of(page) if cut.text != page.header._fact.text()]
    assert found == []


def test_an_unknown_child_is_said_not_shown_empty(page, qtbot, jobs):
    page.open_with(uuid="00000000-0000-4000-8000-000000000000")
    qtbot.waitUntil(lambda: not jobs.busy)
    assert page._gone.isVisible()
    assert not page._body.isVisible()


def test_the_history_names_the_field_who_and_both_values(opened, children, settled):
    child = with_father_out(children)
    page = opened(child)
    hobbies = next(s for s in page.sections if s.key == "character").gap_target("hobbies")
    typed(hobbies, "下象棋")
    left(hobbies)
    settled()
    page.personal.history.click()
    settled()
    line = page.context.dialogs.panels[-1].changes[0]
    assert (line.what, line.after, line.who) == ("兴趣爱好", "下象棋", "陈素兰")


def test_a_doubt_of_the_import_is_settled_after_looking_at_the_paper(opened, children, settled, file_of):
    child = next(c for c in children if c.doubts)
    page = opened(child)
    before = len(page.personal.remarks.findChildren(Link))
    assert before == len(child.doubts)
    page.personal.remarks.findChildren(Link)[0].click()
    settled()
    assert len(file_of(child.uuid).facts.doubts) == before - 1
    assert not page.personal.remarks.isVisible()


def test_a_ledger_that_is_only_looked_at_offers_nothing_to_change(ledger, qtbot, jobs, children):
    ledger.read_only = True
    page = ChildPage(ledger)
    qtbot.addWidget(page)
    page.show()
    page.open_with(uuid=with_father_out(children).uuid)
    qtbot.waitUntil(lambda: bool(page.shown_uuid) and not jobs.busy)
    assert page.sections, "all of the form"
    fields = page.form.findChildren(QuietField) + page.form.findChildren(QuietArea)
    assert fields
    assert not any(field.isEnabled() for field in fields)
    offered = [link.text() for link in page.form.findChildren(Link) if link.isVisible()]
    assert not [words for words in offered if words.endswith("…")]


def test_the_sisters_file_is_one_press_away(opened, children, file_of):
    child, _, sibling = with_shared_parent(children, file_of)
    page = opened(child)
    link = next(one for one in page.findChildren(Link) if one.text() == sibling.name)
    link.click()
    assert page.context.navigation.opened == [("child", {"uuid": sibling.uuid, "among": ()})]


def test_printing_starts_with_this_child(opened, children):
    page = opened(children[0])
    page.print_button.click()
    assert page.context.navigation.opened == [("printing", {"uuids": (children[0].uuid,)})]


def test_the_last_section_is_reached_where_the_index_has_to_scroll(opened, children):
    page = opened(children[0])
    page.set_breakpoint(Breakpoint.NARROW)
    page.resize(815, 300)
    page.index.setFocus()
    for _ in page.sections:
        QTest.keyClick(page.index, Qt.Key.Key_Down)
    assert page.index.current == page.sections[-1].key
    assert page._index_room.verticalScrollBar().value() == page._index_room.verticalScrollBar().maximum() > 0
    assert page.register.visibleRegion().boundingRect().height() > 0


def test_who_looks_after_the_child_or_did_leads_to_them_and_to_the_help_plan(
    children, opened, settled, asked, ledger, monkeypatch
):
    today = ledger.clock.today()
    child = next(one for one in children if asked(pairs_of_child, one.uuid, today))
    section = opened(child).form.by_key("measures")
    settled()
    pair = asked(pairs_of_child, child.uuid, today)[0]
    assert pair.supporter in section.pairs.accessibleDescription()
    went = []
    monkeypatch.setattr(ledger.navigation, "open_page", lambda name, **params: went.append((name, params)))
    section.plan.click()
    section.pairs.activated.emit(pair.uuid)
    assert went == [("help_plan", {"uuid": child.uuid}), ("supporter", {"key": pair.key})]
