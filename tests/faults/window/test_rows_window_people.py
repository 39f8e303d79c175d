"""R38 in the real window: namesakes, twins, one number for five children, a changed name. Whoever is meant is hit."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.children.codes import Relation, Sex
from app.children.drafts import ChildDraft, PersonDraft
from app.children.service import add_children
from app.diary.queries import RecordFilters, records
from app.school.codes import Stage
from app.school.rules import ClassRef
from tests.app.tasks.rosters import id_number, write_roster
from tests.faults.window.test_rows_window_text import type_chinese_search
from tests.ui.pages.importing.conftest import type_chinese
from ui.widgets import QuietField

NUMBER = "13987654321"


def child(name, grade, number, born, sex=Sex.MALE, serial=20, **known):
    ref = ClassRef(Stage.PRIMARY, 2027 - grade, number)
    own = id_number(born.replace("-", ""), serial, girl=sex is Sex.FEMALE)
    return ChildDraft(name=name, class_ref=ref, sex=sex, birth_date=born, id_number=own, **known)


def aunt(name):
    return PersonDraft(relation=Relation.OTHER_RELATIVE, label="二婶", name=name, phones=(NUMBER,))


OLDER = child("张伟", 5, 1, "2015-03-12", serial=20, address="白水沟村 1 组")
YOUNGER = child("张伟", 3, 2, "2017-06-01", serial=21, address="大垭口村 2 组")
TWINS = (
    child("覃大双", 2, 1, "2018-05-06", Sex.FEMALE, 22),
    child("覃小双", 2, 1, "2018-05-06", Sex.FEMALE, 23),
)
CROWD = tuple(
    child(f"牟{n}娃", 4, 1, f"2016-0{n}-01", serial=24, people=(aunt(f"向桂{n}"),)) for n in range(1, 6)
)


@pytest.fixture
def people(desk):
    """Children who are easily taken for each other."""
    desk.context.write(add_children, drafts=(OLDER, YOUNGER, *TWINS, *CROWD))
    desk.settles()
    return desk


def addresses(desk):
    return {one.uuid: one.residence.address if one.residence else None for one in desk.children()}


def test_r38_namesakes_are_told_apart_wherever_something_is_done(row, people):
    desk = people
    ledger = desk.goes_to("ledger")
    type_chinese_search(ledger, "张伟")
    assert {one.uuid for one in ledger.table.rows} == {OLDER.uuid, YOUNGER.uuid}
    before = addresses(desk)
    for draft, words in ((OLDER, "五（1）班"), (YOUNGER, "三（2）班")):
        row.round(injected=1, acked=1)
        ledger.table.set_current(draft.uuid)
        QTest.keyClick(ledger.table, Qt.Key.Key_Return)
        desk.settles()
        page = desk.page
        if page.shown_uuid != draft.uuid:
            row.broken("another child was opened than the one in the line")
        if words not in desk.reads(page.header) or draft.birth_date[:7] not in desk.reads(page.header):
            row.wrong("the head does not say which of the two it is")
        type_chinese(page.personal.field("student_no"), "7")
        address = page.personal.field("address")
        address.setFocus()
        address.setPlainText(f"新家{words}")
        address.leave()
        desk.settles()
        done = desk.asks(lambda store: store.one("SELECT words FROM action ORDER BY id DESC LIMIT 1")[0])
        if f"张伟（{words}，{draft.birth_date[:7]}）" not in done:
            row.wrong(f"what was done is told as {done}")
        desk.window.back()
        desk.settles()
        type_chinese_search(ledger, "张伟")
    changed = {uuid for uuid, address in addresses(desk).items() if address != before[uuid]}
    if changed != {OLDER.uuid, YOUNGER.uuid}:
        row.lost("an address of a child nobody touched")
    desk.window._undo_last()
    desk.settles()
    if (
        addresses(desk)[YOUNGER.uuid] != before[YOUNGER.uuid]
        or addresses(desk)[OLDER.uuid] == before[OLDER.uuid]
    ):
        row.broken("undo took back what was done to the other one")
    ledger.add_child()
    type_chinese(desk.panel.name, "张伟")
    desk.teacher.waits(lambda: len(desk.panel._found) == 2)
    desk.teacher.waits(lambda: "可能已经有了：2 名" in desk.reads(desk.panel))
    desk.settles()
    said = desk.reads(desk.panel)
    for words in ("五（1）班", "2015-03-12", "三（2）班", "2017-06-01"):
        if words not in said:
            row.wrong(f"whom the file knows already does not say {words}")


def test_r38_a_visit_stands_with_the_child_it_was_written_for(row, people):
    """The form is opened for one, gone from, opened for the other: each visit is where the head of the form said."""
    desk = people
    for draft in (OLDER, YOUNGER, *TWINS):
        row.round(injected=1, acked=1)
        page = desk.goes_to("record", child=draft.uuid, kind="home_visit")
        if page.form.whom.uuids != (draft.uuid,) or draft.name not in desk.reads(page.header):
            row.wrong("the form does not say whom it is about")
        page.form.fields.first_text().setPlainText(f"看了{draft.address or draft.birth_date}")
        desk.program.dialogs.choices.append("save")
        page.save.click()
        desk.settles()
    lines = desk.asks(records, RecordFilters())
    for draft in (OLDER, YOUNGER, *TWINS):
        mine = [line for line in lines if line.child_uuid == draft.uuid]
        if [line.text for line in mine] != [f"看了{draft.address or draft.birth_date}"]:
            row.lost(f"{len(mine)} visits with one of the namesakes, not its own")
    if desk.told:
        row.wrong(f"said {desk.told}")


def test_r38_a_roster_finds_by_the_number_never_by_the_name(row, people, tmp_path):
    desk = people
    header = ["姓名", "性别", "身份证号", "班级", "备注"]
    rows = (
        ["张伟", "男", YOUNGER.id_number, "三（2）班", "小的那个"],
        ["张伟", "男", "", "", "没有号码的"],
        ["覃大双", "女", TWINS[1].id_number, "二（1）班", "名字写错了的小双"],
    )
    page = desk.goes_to("importing")
    page.open_file(write_roster(tmp_path / "花名册.xlsx", *rows, header=header))
    desk.settles()
    page.file.next.click()
    page.columns.next.click()
    desk.settles()
    row.round(injected=len(rows))
    named, numberless, _ = page.planned.plan.rows
    if named.result.value != "updated":
        row.broken(f"the namesake with the number goes in as {named.result.value}")
    if not any(mark.code == "same_name" and "同名" in mark.reason for mark in numberless.marks):
        row.wrong("that there is a namesake is not said of the row without a number")
    page.check.write.click()
    desk.settles()
    notes = {one.uuid: one.note for one in desk.children()}
    if notes[OLDER.uuid] is not None or notes[YOUNGER.uuid] != "小的那个":
        row.lost("a remark stands with the wrong namesake")
    if notes[TWINS[0].uuid] is not None:
        row.lost("a remark stands with the wrong twin")


def test_r38_one_number_for_five_children_and_a_changed_name(row, people):
    desk = people
    ledger = desk.goes_to("ledger")
    type_chinese_search(ledger, NUMBER[-4:])
    row.round(injected=5)
    found = {one.uuid for one in ledger.table.rows}
    if found != {draft.uuid for draft in CROWD}:
        row.broken(f"the number finds {len(found)} of five")
    ledger.header.search.clear()
    page = desk.opens_child("牟3娃")
    field = page.personal.field("name")
    assert isinstance(field, QuietField)
    type_chinese(field, "牟思远")
    type_chinese_former(page, "牟3娃")
    desk.settles()
    row.round(injected=1, acked=1)
    ledger = desk.goes_to("ledger")
    for name in ("牟思远", "牟3娃"):
        type_chinese_search(ledger, name)
        if [one.uuid for one in ledger.table.rows] != [CROWD[2].uuid]:
            row.broken(f"a child is not found by {name}, one of its names")


def type_chinese_former(page, text):
    area = page.personal.field("former_name")
    area.setFocus()
    area.setPlainText(text)
    area.leave()
