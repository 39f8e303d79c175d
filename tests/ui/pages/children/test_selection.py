"""She does something with several children: print, export, change, bin, undo."""

from datetime import date
from functools import partial
from threading import Event

import pytest
from PySide6.QtCore import Qt
from python_calamine import CalamineWorkbook

from app.school.handover import handovers
from tests.ui.pages.children.conftest import SOUND_ID, uuid_of
from ui.pages.children.export import ExportOrder
from ui.theme import Breakpoint

CHOSEN = ("曾小雨", "查文静", "单永强")


@pytest.fixture
def tick(page):
    return lambda *names: page.table.set_ticked([uuid_of(name) for name in names])


@pytest.fixture
def settled(qtbot, context):
    """Return a function that waits until no job is under way."""
    return lambda: qtbot.waitUntil(lambda: not context.jobs.busy, timeout=10_000)


def sheet(path, name="台账"):
    return CalamineWorkbook.from_path(str(path)).get_sheet_by_name(name).to_python()


def text_of(rows):
    return "\n".join(str(cell) for row in rows for cell in row)


def test_the_bar_counts_the_ticked_and_those_out_of_sight(page, tick, condition, qtbot):
    assert not page.foot.isVisible()
    tick(*CHOSEN)
    assert page.selection._lead.text() == "已选 3 名"
    condition("parents", "单亲")
    assert page.selection._lead.text() == "已选 3 名，2 名不在眼前"
    qtbot.keyClick(page.bar.view, Qt.Key.Key_Escape)
    assert page.table.ticked_keys() == set()
    assert not page.selection.isVisible()


def test_archives_of_the_ticked_are_printed_on_the_printing_page(page, context, tick, qtbot):
    tick(*CHOSEN)
    page.selection.print.click()
    name, params = context.navigation.opened.pop()
    assert name == "printing"
    assert set(params["uuids"]) == {uuid_of(name) for name in CHOSEN}
    page.untick()
    qtbot.keyClick(page.table, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    assert len(context.navigation.opened.pop()[1]["uuids"]) == 12, "without ticks: everybody shown"


def test_gaps_of_the_ticked_are_walked(page, context, tick):
    tick(*CHOSEN)
    assert page.selection.gaps.text().startswith("补缺项 ")
    page.selection.gaps.click()
    name, params = context.navigation.opened.pop()
    assert (name, len(params["among"])) == ("child", 3)


# ---- export


def test_the_question_counts_the_ticked_once():
    day = date(2026, 11, 20)
    assert ExportOrder(("a", "b"), "选出的 2 名", day).head == "导出台账：选出的 2 名"
    assert ExportOrder(("a", "b"), "三（2）班", day).head == "导出台账：三（2）班，2 名"
    assert ExportOrder(("a", "b"), "", day).head == "导出台账，2 名"


def test_a_filtered_view_is_exported_with_its_words_masked(page, context, condition, settled, tmp_path):
    out = tmp_path / "台账.xlsx"
    context.dialogs.files = [out]
    condition("sex", "女")
    page._export.click()
    panel = context.dialogs.panels.pop()
    assert panel.head.text() == "导出台账：性别：女，4 名"
    panel.buttons["export"].click()
    settled()
    rows = sheet(out)
    assert rows[0][0] == "青石坪镇中心小学留守儿童台账（性别：女）"
    text = text_of(rows)
    assert "区嘉欣" in text
    assert SOUND_ID not in text
    assert "110105********002X" in text
    assert page.export.bar.isVisible()
    assert "已导出 4 名：台账.xlsx" in page.export.bar._lead.text()
    page.export.bar.folder_asked.emit()
    assert context.dialogs.shown_folders == [tmp_path]
    page.export.bar.closed.emit()
    assert not page.foot.isVisible()


def test_whole_numbers_leave_only_with_a_reason(page, context, tick, settled, tmp_path, qtbot):
    out = tmp_path / "交镇上"
    context.dialogs.files = [out]
    tick("区嘉欣")
    page.selection.export.click()
    panel = context.dialogs.panels.pop()
    panel.full.setChecked(True)
    assert not panel.buttons["export"].isEnabled()
    panel.reason.setText("报镇民政办")
    panel.a3.setChecked(True)
    panel.buttons["export"].click()
    settled()
    assert SOUND_ID in text_of(sheet(out.with_name("交镇上.xlsx")))
    logged = []
    context.read(handovers, on_done=logged.append)
    qtbot.waitUntil(lambda: bool(logged))
    (entry,) = logged[0]
    assert (entry.people, entry.reason, entry.profile) == (1, "报镇民政办", "full")
    assert "选出的 1 名" in entry.content


def test_a_stopped_export_leaves_no_file(page, context, settled, tmp_path, told):
    out = tmp_path / "台账.xlsx"
    context.dialogs.files = [out]
    busy = Event()
    context.jobs.run(busy.wait)  # the export waits behind other work until 停下 was pressed
    page._export.click()
    context.dialogs.panels.pop().buttons["export"].click()
    page.export.progress.stopped.emit()
    busy.set()
    settled()
    assert list(tmp_path.glob("*.xlsx*")) == []
    assert told == []
    assert not page.foot.isVisible()


def test_without_a_place_nothing_is_written(page, context, settled):
    page._export.click()
    context.dialogs.panels.pop().buttons["export"].click()
    assert not page.export.busy


# ---- one thing for several


def test_a_change_for_several_is_shown_first_and_undone_as_one(page, context, tick, settled, qtbot):
    tick(*CHOSEN)
    page.selection.change.click()
    panel = context.dialogs.panels.pop()
    panel.what.set_value(5)
    panel._choose(5)
    assert not panel.buttons["change"].isEnabled()
    panel.values[5]._to.set_value("fair")
    panel.values[5].edited.emit()
    settled()
    seen = {
        shown.line.name: (shown.line.old, shown.line.new, shown.line.refused) for shown in panel.lines.rows
    }
    assert seen["曾小雨"][:2] == ("较好", "一般")
    assert panel.buttons["change"].text() == f"改 {panel._changed} 名"
    panel.buttons["change"].click()
    settled()
    grades = {
        row.name: row.situation.care_grade and row.situation.care_grade.label for row in page.table.rows
    }
    assert grades["曾小雨"] == "一般"
    assert grades["单永强"] == "一般"
    words, undo = context.navigation.toasts[-1]
    assert words == f"监护评估：改了 {panel._changed} 名"
    undo()
    settled()
    assert next(row for row in page.table.rows if row.name == "曾小雨").situation.care_grade.label == "较好"


@pytest.mark.parametrize(
    ("place", "fill", "shown"),
    [
        (0, lambda value: value._to.setCurrentIndex(0), lambda row: row.class_name == "一（2）班"),
        (1, lambda value: value._to.set_value("yes"), lambda row: row.situation.boards is True),
        (2, lambda value: value._to.set_value("orphan"), lambda row: "orphan" in row.situation.categories),
        (4, lambda value: value._village.setText("岩湾村"), lambda row: row.village == "岩湾村"),
    ],
)
def test_every_kind_of_change(page, context, tick, settled, place, fill, shown):
    tick("曾小雨", "覃䶮")
    page.change_several()
    panel = context.dialogs.panels.pop()
    panel.what.set_value(place)
    panel._choose(place)
    fill(panel.values[place])
    panel.values[place].edited.emit()
    settled()
    panel.buttons["change"].click()
    settled()
    changed = [row for row in page.table.rows if row.name in ("曾小雨", "覃䶮")]
    assert all(shown(row) for row in changed)


def test_whom_a_change_leaves_as_they_are_stand_below(page, context, tick, settled):
    """Eight of forty change: she looks at the eight, not at thirty-two lines of 不变 above them."""
    tick(*[row.name for row in page.table.rows])
    page.selection.change.click()
    panel = context.dialogs.panels.pop()
    panel.what.set_value(1)
    panel._choose(1)
    panel.values[1]._to.set_value("yes")
    panel.values[1].edited.emit()
    settled()
    left = [not (shown.line.changes or shown.line.refused) for shown in panel.lines.rows]
    assert set(left) == {True, False}
    assert left == sorted(left)


def test_a_category_is_taken_off_from_a_day_on(page, context, tick, settled, qtbot):
    tick("查文静")
    page.change_several()
    panel = context.dialogs.panels.pop()
    panel._choose(3)
    panel.values[3]._to.setCurrentIndex(0)
    panel.since.setText("2026")
    panel.values[3].edited.emit()
    assert not panel.buttons["change"].isEnabled(), "a whole day is needed"
    panel.since.setText("2026-11-01")
    settled()
    panel.buttons["change"].click()
    settled()
    assert next(row for row in page.table.rows if row.name == "查文静").situation.categories == ()
    page.as_of.look_at(date(2026, 10, 31))
    settled()
    assert next(row for row in page.table.rows if row.name == "查文静").situation.categories != ()


# ---- the bin


def test_what_goes_to_the_bin_is_counted_first_and_comes_back(page, context, tick, settled, names):
    tick("曾小雨")
    page.selection.bin.click()
    settled()
    question, lines, verbs = context.dialogs.asked.pop()
    assert question == "把 曾小雨（四（2）班，2016-05）移到回收站？"
    assert "亲属关系" in lines[0]
    assert verbs == ("先不动", "移到回收站")
    assert "曾小雨" in names()
    context.dialogs.choices = ["bin"]
    page.table.set_current(uuid_of("曾小雨"))
    neighbour = names()[names().index("曾小雨") + 1]
    page.selection.bin.click()
    settled()
    assert "曾小雨" not in names()
    assert page.table.ticked_keys() == set(), "nobody who is gone stays ticked"
    assert page.table.current_row().name == neighbour
    context.navigation.toasts[-1][1]()
    settled()
    assert "曾小雨" in names()


def test_narrow_verbs_fold_into_more(page, tick):
    page.set_breakpoint(Breakpoint.NARROW)
    page.resize(815, 330)
    tick(*CHOSEN)
    assert not page.selection.change.isVisible()
    assert [action.text() for action in page.selection.more.menu().actions()] == ["改一批…", "移到回收站…"]


# ---- what others write


def test_one_changed_child_is_read_again_alone(page, context, settled, monkeypatch, names):
    from app.children.service import change_field
    from ui.pages.children import reader

    monkeypatch.setattr(reader, "load_ledger", partial(pytest.fail, "everything was read again"))
    context.write(change_field, uuid=uuid_of("覃䶮"), field="name", value="覃龑")
    settled()
    settled()
    assert "覃龑" in names()
    assert "覃䶮" not in names()
    assert len(names()) == 12


def test_a_hidden_page_reads_when_it_is_shown_again(page, context, settled, names):
    from app.children.service import change_field

    page.hide()
    context.write(change_field, uuid=uuid_of("覃䶮"), field="name", value="覃龑")
    settled()
    assert "覃龑" not in names()
    page.show()
    settled()
    assert "覃龑" in names()
