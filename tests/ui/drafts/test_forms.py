"""Every form of the program: typed → kept → its window gone → offered → opened again with the same → stored → gone."""

from __future__ import annotations

import pytest
import shiboken6
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.children.child_file import child_file
from app.children.codes import CarePaperKind, Relation
from app.children.contacts import contact_chain
from app.children.queries import load_facts
from app.core.errors import EnvironmentFault, UserError
from app.school.queries import school_profile, staff
from app.storage.drafts import first_offers
from app.storage.store import Store
from tests.ui.drafts.hands import gone, kept, type_into, write_on
from ui.drafts import STAY, Form
from ui.drafts.fields import new_characters
from ui.pages.child import forms
from ui.pages.child.leave_panel import LeavePanel, RegisterPanel, ReturnPanel
from ui.pages.child.page import ChildPage
from ui.pages.child.person_panel import PersonPanel
from ui.pages.children.entry_page import EntryPage
from ui.pages.children.page import LedgerPage
from ui.pages.settings.page import SettingsPage

PATIENCE = 10_000


# ---- the dialogs of a child's file


def open_change(page, child):
    page.clerk.change(forms.AWAY, child.father.uuid, "父亲的", now=child.father.away)


def open_correct(page, child):
    page.clerk.correct(forms.CARE, "", page.clerk.file.care[0])


def open_phone(page, child):
    person = next(one for one in child.relatives if one.phones)
    contact = next(
        (one for one in contact_chain(child) if one.person and one.person.uuid == person.uuid), None
    )
    page.phones.open(person, person.phones[0], contact)


FORMS = {
    Form.CHANGE: (open_change, "place", "广东东莞市长安镇"),
    Form.CORRECT: (open_correct, "source", "奶奶口述，邻居也这样说"),
    Form.PAPER: (lambda page, child: page.carers.ask_paper(CarePaperKind.ENTRUSTMENT), "kept_at", "办公室铁柜二层"),
    Form.LEAVE: (lambda page, child: page.clerk.open_panel(LeavePanel(page.clerk)), "note", "转到县城第二小学"),
    Form.RETURN: (lambda page, child: page.clerk.open_panel(ReturnPanel(page.clerk)), "since", "2026-11-02"),
    Form.REGISTER: (lambda page, child: page.clerk.open_panel(RegisterPanel(page.clerk)), "since", "2026-11-03"),
    Form.PERSON: (
        lambda page, child: page.clerk.open_panel(PersonPanel(page.clerk, Relation.PATERNAL_GRANDMOTHER)),
        "name",
        "田秀莲二世",
    ),
    Form.PHONE: (open_phone, "label", "厂里的，晚上八点后"),
    Form.NEW_NUMBER: (lambda page, child: page.phones.add_number(child.father), "number", "13800001234"),
    Form.OFFICE: (lambda page, child: page.phones.add_office(), "office", "白水沟村委会"),
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_a_dialog_of_a_childs_file(form, ledger, child, shown, asked, settled, qtbot):
    opened, name, text = FORMS[form]
    page = shown(ChildPage, uuid=child.uuid)
    opened(page, child)
    panel = ledger.dialogs.panels[-1]
    type_into(panel.keeping.fields[name], text)
    (draft,) = kept(ledger)
    assert (draft.form, draft.entry(name).value, draft.where) == (form, text, {"uuid": child.uuid})
    assert child.name in draft.words
    gone(panel, qtbot)
    page.close()

    page, one = write_on(ledger, asked, shown, settled)
    again = ledger.dialogs.panels[-1]
    assert again is not panel
    assert again.keeping.fields[name].text() == text
    assert again.keeping.key == one.draft.key
    assert set(again.keeping.fields) >= {entry.name for entry in one.draft.entries}
    assert ledger.navigation.saved == 0, "nothing is saved by looking"
    ledger.dialogs.choices.append("drop")
    again.answer(STAY)
    assert kept(ledger) == ()


def test_a_change_is_stored_and_its_draft_gone_only_then(ledger, child, shown, asked, settled, qtbot):
    page = shown(ChildPage, uuid=child.uuid)
    open_change(page, child)
    panel = ledger.dialogs.panels[-1]
    type_into(panel.field("place"), "广东东莞市长安镇")
    kept(ledger)
    gone(panel, qtbot)
    page.close()
    page, _ = write_on(ledger, asked, shown, settled)
    again = ledger.dialogs.panels[-1]
    again.answer("save")
    settled()
    assert not again.isVisible()
    assert asked(child_file, child.uuid, ledger.clock.today()).facts.father.away.place == "广东东莞市长安镇"
    assert kept(ledger) == ()


def test_a_full_disk_leaves_the_words_in_the_dialog_and_in_the_draft(
    ledger, child, shown, settled, qtbot, monkeypatch
):
    page = shown(ChildPage, uuid=child.uuid)
    open_change(page, child)
    panel = ledger.dialogs.panels[-1]
    type_into(panel.field("place"), "广东东莞市长安镇")
    monkeypatch.setattr(Store, "_commit", full_disk)
    panel.answer("save")
    qtbot.waitUntil(lambda: "硬盘满了" in panel._reason.text(), timeout=PATIENCE)
    assert panel.isVisible()
    assert panel.field("place").text() == "广东东莞市长安镇"
    assert kept(ledger)[0].entry("place").value == "广东东莞市长安镇"
    monkeypatch.undo()
    panel.answer("save")
    settled()
    assert kept(ledger) == ()


def full_disk(*_args):
    raise EnvironmentFault(
        "storage.full", "硬盘满了，这一步没有存上。", "以前保存的都在。", "请先腾出一些空间再存。"
    )


# ---- single fields of a child's file


def test_a_half_typed_field_is_kept_and_put_back_unsaved(ledger, child, shown, asked, settled, qtbot):
    page = shown(ChildPage, uuid=child.uuid)
    address, study = page.personal.field("address"), page.sections[5].first_field()
    type_into(address, "白水沟村一组，过石桥第二家")
    (draft,) = kept(ledger)
    assert draft.form == Form.CHILD_FIELDS
    assert draft.words == f"{child.name} 现住址"
    assert draft.entry("residence:address").was == (child.residence.address or "")
    assert not study.is_pending
    gone_page(page, qtbot)

    page, one = write_on(ledger, asked, shown, settled)
    assert page.personal.field("address").toPlainText() == "白水沟村一组，过石桥第二家"
    assert page.personal.field("address").textCursor().atEnd(), "she writes on behind it"
    assert one.now == {"residence:address": child.residence.address or ""}
    assert ledger.navigation.saved == 0
    assert "离开那一格才存上" in ledger.navigation.toasts[-1][0]
    assert page.may_leave()
    settled()
    assert asked(child_file, child.uuid, ledger.clock.today()).facts.residence.address.endswith("第二家")
    assert kept(ledger) == ()


def gone_page(page, qtbot):
    with qtbot.waitSignal(page.destroyed):
        page.deleteLater()


def test_a_grown_ups_field_is_put_back_and_the_details_opened(ledger, child, shown, asked, settled, qtbot):
    page = shown(ChildPage, uuid=child.uuid)
    type_into(page.parents.card(child.father.uuid).field("occupation"), "瓦工，跟着同村的包工头")
    kept(ledger)
    gone_page(page, qtbot)
    page, _ = write_on(ledger, asked, shown, settled)
    card = page.parents.card(child.father.uuid)
    field = card.field("occupation")
    assert field.toPlainText() == "瓦工，跟着同村的包工头"
    assert field.isVisible()


@pytest.mark.parametrize("column", ["address", "name"])
def test_what_the_disk_did_not_take_stays_in_the_field_with_the_reason(
    column, ledger, child, shown, asked, settled, qtbot, monkeypatch
):
    page = shown(ChildPage, uuid=child.uuid)
    field = page.personal.field(column)
    type_into(field, "写了很久的新内容")
    monkeypatch.setattr(Store, "_commit", full_disk)
    QTest.keyClick(field, Qt.Key.Key_Tab)
    qtbot.waitUntil(lambda: bool(ledger.dialogs.faults), timeout=PATIENCE)
    assert text_of(field) == "写了很久的新内容"
    assert "硬盘满了" in field.finding.reason
    assert field.is_pending
    assert kept(ledger)[0].entries[0].value == "写了很久的新内容"
    monkeypatch.undo()
    assert page.may_leave()
    settled()
    assert text_of(field) == "写了很久的新内容"
    assert field.finding is None
    assert kept(ledger) == ()


def text_of(field):
    return field.text() if hasattr(field, "text") else field.toPlainText()


def test_on_its_way_to_the_disk_it_is_still_kept(ledger, child, shown, settled, qtbot):
    """A program killed while the file is held by another one loses nothing."""
    page = shown(ChildPage, uuid=child.uuid)
    field = page.personal.field("address")
    type_into(field, "白水沟村一组")
    ledger.jobs.hold_storage()
    QTest.keyClick(field, Qt.Key.Key_Tab)
    assert not field.is_pending
    assert kept(ledger)[0].entries[0].value == "白水沟村一组"
    ledger.jobs.end_hold(drop=False)
    settled()
    assert kept(ledger) == ()


def test_what_failed_after_she_went_on_is_left_to_be_offered(
    ledger, children, child, shown, asked, settled, qtbot, monkeypatch
):
    among = tuple(one.uuid for one in children)
    page = shown(ChildPage, uuid=child.uuid, among=among)
    type_into(page.personal.field("address"), "白水沟村一组")
    monkeypatch.setattr(Store, "_commit", full_disk)
    step = 1 if child.uuid != among[-1] else -1
    page.walk(step)
    qtbot.waitUntil(lambda: bool(ledger.drafts.left), timeout=PATIENCE)
    settled()
    assert page.shown_uuid != child.uuid
    assert [one.record for one in ledger.drafts.left] == [child.uuid]
    assert [one.record for one in kept(ledger)] == [child.uuid]
    there = asked(child_file, page.shown_uuid, ledger.clock.today()).facts.residence
    assert page.personal.field("address").toPlainText() == (there.address or "" if there else "")


def test_a_refusal_keeps_words_of_several_lines_too(ledger, child, shown, settled, qtbot, monkeypatch):
    def refused(*_args):
        raise UserError("child.x", "这样不行。", todo="请改一改。")

    page = shown(ChildPage, uuid=child.uuid)
    field = page.personal.field("address")
    type_into(field, "白水沟村一组")
    monkeypatch.setattr(Store, "_commit", refused)
    QTest.keyClick(field, Qt.Key.Key_Tab)
    qtbot.waitUntil(lambda: field.finding is not None, timeout=PATIENCE)
    assert (field.toPlainText(), field.finding.reason) == ("白水沟村一组", "这样不行。请改一改。")
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert field.finding is None


def test_a_draft_that_has_no_place_any_more_is_said_and_kept(ledger, child, shown, asked, settled, qtbot):
    page = shown(ChildPage, uuid=child.uuid)
    open_correct(page, child)
    type_into(ledger.dialogs.panels[-1].keeping.fields["source"], "奶奶口述")
    kept(ledger)
    gone(ledger.dialogs.panels[-1], qtbot)
    page.close()
    (one,), _ = asked(first_offers, ledger.drafts.box)
    ledger.drafts.set_left((one.draft,))
    one.draft.how["fact"] = "no-such-fact"
    ledger.drafts.want(one.draft)
    shown(ChildPage, uuid=child.uuid)
    assert "草稿还留着" in ledger.navigation.toasts[-1][0]
    assert ledger.drafts.left == (one.draft,)


# ---- new children


def test_a_new_child(ledger, shown, asked, settled, qtbot):
    page = shown(LedgerPage)
    page.add_child()
    panel = ledger.dialogs.panels[-1]
    type_into(panel.name, "覃龑")
    panel.registered.setChecked(False)
    (draft,) = kept(ledger)
    assert {entry.name for entry in draft.entries} == {"name", "registered"}
    gone(panel, qtbot)
    page.close()
    page, _ = write_on(ledger, asked, shown, settled)
    again = ledger.dialogs.panels[-1]
    assert (again.name.text(), again.registered.isChecked()) == ("覃龑", False)
    again.answer("save")
    settled()
    assert kept(ledger) == ()
    assert "覃龑" in [one.name for one in asked(load_facts, ledger.clock.today())]


def test_a_new_child_the_disk_did_not_take(ledger, shown, qtbot, monkeypatch):
    page = shown(LedgerPage)
    page.add_child()
    panel = ledger.dialogs.panels[-1]
    type_into(panel.name, "覃龑")
    monkeypatch.setattr(Store, "_commit", full_disk)
    panel.answer("save")
    qtbot.waitUntil(lambda: bool(ledger.dialogs.faults), timeout=PATIENCE)
    assert (panel.isVisible(), panel.name.text()) == (True, "覃龑")
    assert panel.buttons["save"].isEnabled()
    assert kept(ledger)[0].entry("name").value == "覃龑"
    panel.answer("stay")


def test_the_entry_grid_with_the_cell_that_is_being_typed_in(ledger, shown, asked, settled, qtbot):
    page = shown(EntryPage)
    page.grid.cells.write({(0, 0): "覃龑", (0, 1): "女", (1, 0): "张三"})
    page.grid.go(2, 0)
    page.grid.setFocus()
    QTest.keyClick(page.grid, Qt.Key.Key_L)
    (draft,) = kept(ledger)
    assert [entry.words for entry in draft.entries] == ["覃龑，女", "张三", "l"]
    assert draft.words == "表格录入 3 名"
    gone_page(page, qtbot)

    page, _ = write_on(ledger, asked, shown, settled)
    assert [texts[0] for _, texts in page.grid.cells.filled] == ["覃龑", "张三", "l"]
    assert ledger.drafts.left == ()
    ledger.dialogs.choices.append("keep")
    assert page.may_leave() is False
    assert "关掉守望也还在" in ledger.dialogs.asked[-1][1][0]
    ledger.dialogs.choices.append("drop")
    page._ask_give_up()
    assert kept(ledger) == ()


def test_kept_rows_go_below_those_that_stand_there(ledger, shown, asked, settled, qtbot):
    page = shown(EntryPage)
    page.grid.cells.write({(0, 0): "覃龑"})
    kept(ledger)
    gone_page(page, qtbot)
    (one,), _ = asked(first_offers, ledger.drafts.box)
    ledger.drafts.set_left((one.draft,))
    page = shown(EntryPage)
    page.grid.cells.write({(0, 0): "张三"})
    ledger.drafts.want(one.draft)
    page.focus_first()
    assert [texts[0] for _, texts in page.grid.cells.filled] == ["张三", "覃龑"]
    assert len(kept(ledger)) == 1
    assert ledger.drafts.left == ()


def test_rows_the_disk_did_not_take_stay(ledger, shown, qtbot, monkeypatch):
    page = shown(EntryPage)
    page.grid.cells.write({(0, 0): "覃龑"})
    monkeypatch.setattr(Store, "_commit", full_disk)
    page.ask_save()
    qtbot.waitUntil(lambda: bool(ledger.dialogs.faults), timeout=PATIENCE)
    assert [texts[0] for _, texts in page.grid.cells.filled] == ["覃龑"]
    assert len(kept(ledger)) == 1


# ---- settings


def test_a_teacher(ledger, shown, asked, settled, qtbot):
    page = shown(SettingsPage, section="staff")
    member = page.section.table.rows[0]
    page.section._change(member)
    panel = ledger.dialogs.panels[-1]
    type_into(panel._texts["duty"], "教务主任、关爱教师")
    kept(ledger)
    gone(panel, qtbot)
    page.close()
    page, one = write_on(ledger, asked, shown, settled)
    assert one.now["duty"] == (member.duty or "")
    again = ledger.dialogs.panels[-1]
    assert again._texts["duty"].text() == "教务主任、关爱教师"
    again.answer("save")
    settled()
    assert kept(ledger) == ()
    assert "教务主任、关爱教师" in [m.duty for m in asked(staff, ledger.clock.today())]


@pytest.mark.parametrize("what", ["class", "split", "repeat"])
def test_a_class(what, ledger, shown, asked, settled, qtbot):
    page = shown(SettingsPage, section="classes")
    rows = page.section.table.rows
    lower = {(row.facts.stage, row.facts.entering_year - 1) for row in rows}
    row = next(row for row in rows if (row.facts.stage, row.facts.entering_year) in lower)
    page.section.table.set_current(row.uuid)
    opens = {
        "class": lambda: page.section._change(row),
        "split": page.section._ask_split,
        "repeat": page.section._ask_repeat,
    }
    opens[what]()
    settled()
    panel = ledger.dialogs.panels[-1]
    if what == "class":
        type_into(panel._boys, "19")
    elif what == "split":
        next(iter(panel._choices.values())).set_value(7)
    else:
        next(iter(panel._boxes.values())).setChecked(True)
    (draft,) = kept(ledger)
    gone(panel, qtbot)
    page.close()
    page, _ = write_on(ledger, asked, shown, settled)
    again = ledger.dialogs.panels[-1]
    assert again is not panel
    assert set(again.keeping.changed) == {entry.name for entry in draft.entries}
    again.answer(STAY)
    assert kept(ledger) == ()


def test_a_holiday(ledger, shown, asked, settled, qtbot):
    page = shown(SettingsPage, section="calendar")
    page.section._ask_day()
    panel = ledger.dialogs.panels[-1]
    type_into(panel._name, "大雪停课")
    kept(ledger)
    gone(panel, qtbot)
    page.close()
    write_on(ledger, asked, shown, settled)
    assert ledger.dialogs.panels[-1]._name.text() == "大雪停课"


@pytest.mark.parametrize("section", ["school", "rule"])
def test_a_half_typed_setting(section, ledger, shown, asked, settled, qtbot):
    page = shown(SettingsPage, section=section)
    field = page.section._fields["address"] if section == "school" else page.section._note
    type_into(field, "青石坪镇大河村 12 号")
    kept(ledger)
    gone_page(page, qtbot)
    page, _ = write_on(ledger, asked, shown, settled)
    field = page.section._fields["address"] if section == "school" else page.section._note
    assert field.text() == "青石坪镇大河村 12 号"
    assert field.is_pending
    QTest.keyClick(field, Qt.Key.Key_Return)
    settled()
    assert kept(ledger) == ()


def test_a_setting_the_disk_did_not_take_stays(ledger, shown, asked, settled, qtbot, monkeypatch):
    page = shown(SettingsPage, section="school")
    field = page.section._fields["principal"]
    before = field.text()
    type_into(field, "黄明远二世")
    monkeypatch.setattr(Store, "_commit", full_disk)
    QTest.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(ledger.dialogs.faults), timeout=PATIENCE)
    assert field.text() == "黄明远二世"
    assert "硬盘满了" in field.finding.reason
    assert len(kept(ledger)) == 1
    monkeypatch.undo()
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert field.text() == before
    assert kept(ledger) == ()
    assert asked(school_profile).principal == before


# ---- all of them


def test_every_form_is_tried_here():
    tried = set(FORMS) | {
        Form.CHILD_FIELDS,
        Form.ADD_CHILD,
        Form.GRID,
        Form.STAFF,
        Form.CLASS,
        Form.SPLIT,
        Form.REPEAT,
        Form.DAY,
        Form.SETTING,
        *(Form.RECORD, Form.WEEK),  # tests/ui/pages/diary
        *(
            Form.MEETING,
            Form.ABSENCE,
            Form.PERSUASION,
            Form.INCIDENT,
            Form.COUNSELLING,
        ),  # tests/ui/pages/diary
        *(Form.STAFF_LIST, Form.CADENCE, Form.EVENT_RULE, Form.LIMIT),  # tests/ui/pages/settings
        *(Form.CALL, Form.CALL_BATCH),  # tests/ui/pages/calls
        # In test_call_forms:
        *(Form.LINE, Form.HOURS, Form.CLOSURE, Form.LESSON, Form.DUTY_TURN, Form.DUTY_SWAP),
        *(Form.REACHABLE, Form.WISH),
        # In test_short_forms:
        *(Form.BULK, Form.COHORT, Form.JOIN, Form.SURVEY, Form.SURVEY_CHECK),
        *(Form.PAIRING_RULE, Form.SUPPORTER_LIMIT, Form.SUPPORTER_CHECK, Form.PAIR_DATA, Form.PAIR_END),
        *(Form.HAND_OVER, Form.HAND_OVER_TO),
        *(Form.WAITING_ROW, Form.WAITING_RECORD, Form.WAITING_CALL),  # tests/ui/pages/importing
        *(Form.PROMISE_KEPT, Form.PROMISE_DROPPED, Form.HAPPENED, Form.WITHDRAWN),
        *(
            Form.PAIR,
            Form.PAIR_MOVE,
            Form.SUPPORTER,
            Form.HELP_PLAN,
            Form.HELP_STAGE,
            Form.INDIVIDUAL_PLAN,
        ),  # tests/ui/pages/pairing
    }
    assert set(Form) == tried


def test_qt_objects_of_gone_pages_are_let_go(ledger, child, shown, qtbot):
    page = shown(ChildPage, uuid=child.uuid)
    clerk = page.clerk
    gone_page(page, qtbot)
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert not shiboken6.isValid(clerk)
    assert ledger.drafts.flush() is False


def test_tried_again_after_it_failed_the_draft_goes(ledger, child, shown, settled, qtbot, monkeypatch):
    """再试一次 repeats the same write: what was kept for its failure is not offered any more."""
    page = shown(ChildPage, uuid=child.uuid)
    field = page.personal.field("address")
    type_into(field, "白水沟村一组")
    sent = []
    monkeypatch.setattr(Store, "_commit", full_disk)
    monkeypatch.setattr(ledger.errors, "show", sent.append)
    QTest.keyClick(field, Qt.Key.Key_Tab)
    qtbot.waitUntil(lambda: bool(sent), timeout=PATIENCE)
    assert len(kept(ledger)) == 1
    monkeypatch.undo()
    ledger.jobs.again(ledger.jobs.failed_job(sent[0]))
    settled()
    assert field.finding is None
    assert not field.is_pending
    assert kept(ledger) == ()


def test_of_several_changes_to_a_number_none_is_written_twice(
    ledger, child, shown, asked, settled, qtbot, monkeypatch
):
    page = shown(ChildPage, uuid=child.uuid)
    open_phone(page, child)
    panel = ledger.dialogs.panels[-1]
    type_into(panel.label, "厂里的")
    type_into(panel.number, "13800001234")
    real, calls = Store._commit, []

    def second_fails(store, action):
        calls.append(action.words)
        if len(calls) == 2:
            full_disk()
        real(store, action)

    monkeypatch.setattr(Store, "_commit", second_fails)
    panel.answer("save")
    qtbot.waitUntil(lambda: "硬盘满了" in panel._reason.text(), timeout=PATIENCE)
    panel.answer("save")
    settled()
    assert len(calls) == 3, "the label once, the number twice"
    assert not panel.isVisible()
    assert kept(ledger) == ()


def test_esc_in_a_field_asks_about_a_long_text_only(ledger, child, shown, qtbot):
    page = shown(ChildPage, uuid=child.uuid)
    field = page.sections[7].gap_target("care_measures")
    before = field.toPlainText()
    type_into(field, "周三家访")
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert (field.toPlainText(), ledger.dialogs.asked) == (before, [])
    long = "每周三下午家访，带作业；奶奶腿脚不便，村里的李医生每月上门一次"
    type_into(field, long)
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert field.toPlainText() == long
    assert ledger.dialogs.asked[0][2] == ("接着写", "不要了")
    ledger.dialogs.choices.append("drop")
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert field.toPlainText() == before
    name = page.personal.field("name")
    type_into(name, child.name + "二")
    QTest.keyClick(name, Qt.Key.Key_Escape)
    assert len(ledger.dialogs.asked) == 2, "one character more is not a long text"


@pytest.mark.parametrize(
    ("before", "now", "typed"),
    [("", "", 0), ("", "三字经", 3), ("张三", "张三丰", 1), ("张三", "张", 0), ("aa", "aaa", 1), ("张三", "李四五", 3)],
)  # fmt: skip
def test_what_was_typed_is_counted_without_what_stood_there(before, now, typed):
    assert new_characters(before, now) == typed
