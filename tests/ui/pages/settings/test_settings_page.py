"""The settings over the demo school: every value saved on leaving its field, every act undoable."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication

from app.children.cohorts import class_members
from app.core.pinyin import readings
from app.school.codes import DayKind, RuleCode, Stage
from app.school.queries import (
    all_classes,
    classes,
    counting_rules,
    head_counts,
    school_calendar,
    school_profile,
    staff,
)
from app.school.service import change_staff
from app.school.service_classes import open_classes
from ui.pages.settings.class_panels import ClassPanel, MergePanel, NewClassesPanel
from ui.pages.settings.page import SettingsPage
from ui.pages.settings.pupil_panels import RepeatPanel, SplitPanel, by_name
from ui.pages.settings.staff import StaffPanel
from ui.theme import Breakpoint
from ui.widgets import Link, Text


@pytest.fixture
def page(ledger, qtbot):
    made = SettingsPage(ledger)
    qtbot.addWidget(made)
    made.resize(1222, 656)
    made.show()
    qtbot.waitUntil(lambda: bool(made.section._fields["name"].value), timeout=10_000)
    return made


def typed(qtbot, field, text):
    field.setFocus()
    field.selectAll()
    qtbot.keyClick(field, Qt.Key.Key_Delete)
    typing = QInputMethodEvent()  # as Chinese reaches a field: from the input method
    typing.setCommitString(text)
    QApplication.sendEvent(field, typing)
    qtbot.keyClick(field, Qt.Key.Key_Return)


def test_a_profile_field_is_saved_on_leaving_it(page, qtbot, asked):
    typed(qtbot, page.section._fields["principal"], "黄明远二世")
    qtbot.waitUntil(lambda: asked(school_profile).principal == "黄明远二世", timeout=10_000)
    assert page.context.navigation.saved == 1


def test_a_school_without_a_name_is_refused_and_the_old_one_comes_back(page, qtbot):
    typed(qtbot, page.section._fields["name"], "")
    qtbot.waitUntil(lambda: bool(page.context.dialogs.faults), timeout=10_000)
    assert "不能空着" in page.context.dialogs.faults[0][1][0]
    qtbot.waitUntil(lambda: page.section._fields["name"].text() == "青石坪镇中心小学", timeout=10_000)


def test_a_teacher_joins_and_leaves_but_is_not_deleted(page, qtbot, asked):
    page.show_section("staff")
    qtbot.waitUntil(lambda: bool(page.section.table.rows), timeout=10_000)
    before = len(page.section.table.rows)
    page.section.add_one()
    panel = page.context.dialogs.panels[-1]
    assert isinstance(panel, StaffPanel)
    assert not panel.buttons["save"].isEnabled(), "a name is needed"
    panel._texts["name"].setText("新来的老师")
    panel.answer("save")
    page.context.bus.changed.connect(lambda _: page.load())
    qtbot.waitUntil(lambda: len(asked(staff, page.context.clock.today())) == before + 1, timeout=10_000)

    newcomer = next(m for m in asked(staff, page.context.clock.today()) if m.name == "新来的老师")
    page.section._change(newcomer)
    panel = page.context.dialogs.panels[-1]
    panel._dates["left_on"].setText("2026-11-01")
    panel.answer("save")
    qtbot.waitUntil(
        lambda: any(
            not m.present and m.name == "新来的老师" for m in asked(staff, page.context.clock.today())
        ),
        timeout=10_000,
    )


def test_head_teacher_and_head_count_of_a_class(page, qtbot, asked):
    page.show_section("classes")
    qtbot.waitUntil(lambda: bool(page.section.table.rows), timeout=10_000)
    chosen = page.section.table.rows[0]
    page.section._change(chosen)
    panel = page.context.dialogs.panels[-1]
    assert isinstance(panel, ClassPanel)
    panel._boys.setText("19")
    panel._girls.setText("21")
    panel.answer("save")

    def counted():
        term = asked(school_calendar).term_in_force(page.context.clock.today())
        entry = asked(head_counts, term).get(chosen.facts.id)
        return entry is not None and (entry.boys, entry.girls) == (19, 21)

    qtbot.waitUntil(counted, timeout=10_000)


def test_a_class_whose_head_teacher_has_left_is_named_with_the_way_to_mend_it(page, qtbot, asked):
    page.show_section("classes")
    qtbot.waitUntil(lambda: bool(page.section.table.rows), timeout=10_000)
    assert not page.section.without_teacher.isVisibleTo(page.section)
    led = next(row for row in page.section.table.rows if row.teacher is not None)
    asked(change_staff, uuid=led.teacher.uuid, left_on="2026-11-01")
    page.load()
    qtbot.waitUntil(lambda: page.section.without_teacher.isVisibleTo(page.section), timeout=10_000)
    words = " ".join(text.text() for text in page.section.without_teacher.findChildren(Text))
    assert f"{led.facts.name}（{led.teacher.name}已离校）" in words
    page.section.without_teacher.findChild(Link).click()
    panel = page.context.dialogs.panels[-1]
    assert isinstance(panel, ClassPanel)
    assert led.facts.name in panel.head.text()


def test_a_new_cohort_is_opened(page, qtbot, asked):
    page.show_section("classes")
    qtbot.waitUntil(lambda: page.section._read is not None, timeout=10_000)
    page.section._ask_new()
    panel = page.context.dialogs.panels[-1]
    assert isinstance(panel, NewClassesPanel)
    panel._year.set_value(2027)
    panel._number.set_value(2)
    panel.answer("open")
    qtbot.waitUntil(
        lambda: {"2027级1班", "2027级2班"} <= {c.key for c in asked(classes, date(2027, 10, 1))},
        timeout=10_000,
    )


def test_only_classes_of_one_grade_can_be_merged(page, qtbot, asked):
    page.show_section("classes")
    cohort = {"stage": Stage.PRIMARY, "entering_year": 2027, "numbers": [1, 2]}
    page.context.write(open_classes, **cohort, on_done=lambda _: page.load())
    qtbot.waitUntil(lambda: any(r.facts.key == "2027级2班" for r in page.section.table.rows), timeout=10_000)
    rows = page.section.table.rows
    page.section._ask_merge()
    panel = page.context.dialogs.panels[-1]
    assert isinstance(panel, MergePanel)
    first, second = next(
        (a, b) for a in rows for b in rows if a is not b and a.facts.entering_year == b.facts.entering_year
    )
    other = next(row for row in rows if row.facts.entering_year != first.facts.entering_year)
    panel._source.set_value(first.uuid)
    panel._target.set_value(other.uuid)
    assert not panel.buttons["merge"].isEnabled()
    assert "同一年级" in panel._why.text()
    panel._target.set_value(second.uuid)
    assert panel.buttons["merge"].isEnabled()
    page.context.dialogs.choices.append("merge")
    panel.answer("merge")
    day = page.context.clock.today()

    def is_closed():
        return any(cls.uuid == first.uuid and cls.closed_on for cls in asked(all_classes, day))

    qtbot.waitUntil(is_closed, timeout=10_000)
    assert first.facts.name in page.context.dialogs.asked[-1][0], "shown before anything is written"


def test_a_holiday_is_added_and_a_term_that_overlaps_is_refused(page, qtbot, asked):
    page.show_section("calendar")
    section = page.section
    qtbot.waitUntil(lambda: section._year == 2026, timeout=10_000)
    section._ask_day()
    panel = page.context.dialogs.panels[-1]
    panel._day.setText("2026.12.24")
    panel._kind.set_value(DayKind.HOLIDAY)
    panel._name.setText("大雪停课")
    panel.answer("save")
    qtbot.waitUntil(lambda: date(2026, 12, 24) in asked(school_calendar).days, timeout=10_000)
    assert not asked(school_calendar).is_school_day(date(2026, 12, 24))


def test_the_local_rule_is_the_schools_own(page, qtbot, asked):
    page.show_section("rule")
    section = page.section
    qtbot.waitUntil(lambda: section._rule is not None, timeout=10_000)
    typed(qtbot, section._numbers["months"], "6")
    qtbot.waitUntil(lambda: asked(counting_rules)[RuleCode.LOCAL].months == 6, timeout=10_000)


def test_the_font_size_is_remembered(page):
    page.show_section("display")
    page.section._save(1.3)
    assert page.context.settings.value.font_scale == 1.3


def test_narrow_puts_the_sections_above(page):
    page.set_breakpoint(Breakpoint.NARROW)
    assert page._segments.isVisible()
    assert not page.index.isVisible()
    page._segments.changed.emit("display")
    assert page._current == "display"


def chosen_class(page, qtbot):
    page.show_section("classes")
    qtbot.waitUntil(lambda: bool(page.section.table.rows), timeout=10_000)
    rows = page.section.table.rows
    lower = {(row.facts.stage, row.facts.entering_year - 1) for row in rows}
    row = next(row for row in rows if (row.facts.stage, row.facts.entering_year) in lower)
    page.section.table.set_current(row.uuid)
    return row


def test_a_class_is_split_after_its_list_was_shown(page, qtbot, asked):
    row = chosen_class(page, qtbot)
    page.section._ask_split()
    qtbot.waitUntil(lambda: bool(page.context.dialogs.panels), timeout=10_000)
    panel = page.context.dialogs.panels[-1]
    assert isinstance(panel, SplitPanel)
    inside = asked(class_members, class_uuid=row.uuid)
    for choice in panel._choices.values():
        choice.set_value(7)
    assert panel.parts == {7: [member.uuid for member in by_name(inside)]}
    assert [readings(one.name) for one in by_name(inside)] == sorted(readings(one.name) for one in inside)
    page.context.dialogs.choices.append("split")
    panel.answer("split")
    assert "7 班" in page.context.dialogs.asked[-1][1][0], "the list is shown before anything is written"
    key = f"{row.facts.entering_year}级7班"
    qtbot.waitUntil(
        lambda: any(cls.key == key for cls in asked(classes, page.context.clock.today())), timeout=10_000
    )


def test_pupils_stay_down_into_the_grade_below(page, qtbot, asked):
    row = chosen_class(page, qtbot)
    page.section._ask_repeat()
    qtbot.waitUntil(lambda: bool(page.context.dialogs.panels), timeout=10_000)
    panel = page.context.dialogs.panels[-1]
    assert isinstance(panel, RepeatPanel)
    assert not panel.buttons["repeat"].isEnabled(), "nobody is ticked yet"
    before = len(asked(class_members, class_uuid=row.uuid))
    next(iter(panel._boxes.values())).setChecked(True)
    target = panel.class_uuid
    there = len(asked(class_members, class_uuid=target))
    panel.answer("repeat")
    qtbot.waitUntil(lambda: len(asked(class_members, class_uuid=row.uuid)) == before - 1, timeout=10_000)
    assert len(asked(class_members, class_uuid=target)) == there + 1


def test_the_lowest_grade_says_at_once_that_nobody_can_stay_down(page, qtbot):
    chosen_class(page, qtbot)
    rows = page.section.table.rows
    youngest = max(row.facts.entering_year for row in rows)
    lowest = next(row for row in rows if row.facts.entering_year == youngest)
    page.section.table.set_current(lowest.uuid)
    page.section._ask_repeat()
    told = page.context.navigation.toasts
    qtbot.waitUntil(lambda: bool(told), timeout=10_000)
    assert "没有低一个年级的班" in str(told[-1])
    assert page.context.dialogs.panels == []


def test_a_class_with_children_is_not_offered_for_removal(page, qtbot, asked):
    row = chosen_class(page, qtbot)
    page.section._ask_remove()
    told = page.context.navigation.toasts
    qtbot.waitUntil(lambda: bool(told), timeout=10_000)
    assert f"{len(asked(class_members, class_uuid=row.uuid))} 名孩子" in str(told[-1])
    assert page.context.dialogs.asked == []


def test_an_empty_class_goes_when_it_was_asked(page, qtbot, asked):
    made = page.context.clock.today().year
    asked_open = {"stage": Stage.PRIMARY, "entering_year": made, "numbers": [9]}
    page.show_section("classes")
    page.context.write(open_classes, **asked_open, on_done=lambda _: page.load())
    key = f"{made}级9班"
    qtbot.waitUntil(lambda: any(row.facts.key == key for row in page.section.table.rows), timeout=10_000)
    page.section.table.set_current(next(r.uuid for r in page.section.table.rows if r.facts.key == key))
    page.context.dialogs.choices.append("bin")
    page.section._ask_remove()
    qtbot.waitUntil(
        lambda: all(cls.key != key for cls in asked(classes, page.context.clock.today())), timeout=10_000
    )
