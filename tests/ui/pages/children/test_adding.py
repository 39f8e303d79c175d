"""She enters children: the first one, one who may be there already, several at once."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from app.dossier.service_bin import move_to_bin
from tests.ui.pages.children.conftest import SOUND_ID, uuid_of
from ui.pages.children.entry_page import EntryPage
from ui.pages.children.page import LedgerPage
from ui.widgets import Button, Kind
from ui.widgets.cuts import cuts_of


@pytest.fixture
def settled(qtbot, context):
    return lambda: qtbot.waitUntil(lambda: not context.jobs.busy, timeout=10_000)


@pytest.fixture
def panel(page, context):
    page.add_child()
    return context.dialogs.panels[-1]


def fill(panel, settled, qtbot, **fields):
    """Type into the panel and wait for what the file knows."""
    for name, text in fields.items():
        getattr(panel, name).setText(text)
    qtbot.waitUntil(lambda: not panel._pause.isActive())
    settled()


def shown(page, name):
    return [row for row in page.reader.loaded.rows if row.name == name]


# ---- the first child


def test_an_empty_ledger_offers_three_ways(context, opened, empty_file, qtbot):
    opened(empty_file)
    page = LedgerPage(context)
    qtbot.addWidget(page)
    page.resize(1174, 580)
    page.show()
    qtbot.waitUntil(lambda: page.reader.loaded is not None)
    assert page.blank.isVisible()
    assert not page.sheet.isVisible()
    buttons = {button.text(): button for button in page.blank.findChildren(Button)}
    filled = [b for b in page.findChildren(Button) if b.is_filled() and b.isVisible()]
    assert [b.text() for b in filled] == ["导入花名册"]
    assert filled[0].hasFocus()
    buttons["导入花名册"].click()
    buttons["看演示学校"].click()
    assert context.navigation.opened == [("importing", {})]
    assert context.program.asked == [("demo", None)]
    assert cuts_of(page) == []
    buttons["登记第一名"].click()
    first = context.dialogs.panels[-1]
    first.name.setText("张三")
    first.school_class.setText("三2")
    assert first._class_row._note.text() == "新开这个班"
    first.buttons["save"].click()
    qtbot.waitUntil(page.sheet.isVisible)
    (row,) = page.table.rows
    assert (row.name, row.class_name) == ("张三", "三（2）班")


def test_a_ledger_that_is_only_looked_at_offers_no_entry(context, opened, ledger_file, qtbot):
    opened(ledger_file, read_only=True)
    context.read_only = True
    page = LedgerPage(context)
    qtbot.addWidget(page)
    page.show()
    qtbot.waitUntil(lambda: page.reader.loaded is not None)
    assert [button.text() for button in page.header.findChildren(Button) if button.isVisible()] == []
    page.table.set_ticked([uuid_of("曾小雨")])
    assert page.selection.print.isVisible()
    assert not page.selection.change.isVisible()
    assert not page.selection.export.isVisible()
    page.add_child()
    assert context.dialogs.panels == []
    assert not page._add.isVisible()


def test_adding_may_be_asked_for_before_the_ledger_is_read(context, opened, ledger_file, qtbot):
    opened(ledger_file)
    page = LedgerPage(context)
    qtbot.addWidget(page)
    page.open_with(add=True)
    page.show()
    qtbot.waitUntil(lambda: bool(context.dialogs.panels))
    assert context.dialogs.panels[0].head.text() == "加一名儿童"
    page.reload()
    qtbot.waitUntil(lambda: not context.jobs.busy)
    assert len(context.dialogs.panels) == 1


# ---- search before create


def test_who_may_be_there_already_is_shown_beside(panel, context, settled, qtbot):
    fill(panel, settled, qtbot, name="曾小雨")
    (known,) = panel._found
    assert (known.name, known.class_name, known.why) == ("曾小雨", "四（2）班", "姓名相同")
    save = panel.buttons["save"]
    assert save.text() == "确实是新的，存下"
    assert not save.is_filled(), "a doubtful choice is not nudged"
    card = next(b for b in panel.findChildren(Button) if b.text() == "打开这一名")
    card.click()
    assert context.navigation.opened == [("child", {"uuid": uuid_of("曾小雨"), "among": ()})]


def test_sex_or_birth_that_speak_against_it_take_the_question_back(panel, settled, qtbot):
    fill(panel, settled, qtbot, name="曾小雨")
    assert panel._found
    fill(panel, settled, qtbot, birth="2012-01-01")
    assert panel._found == []
    assert panel.buttons["save"].is_filled()


def test_an_equal_number_is_the_same_child_and_is_not_written_twice(panel, settled, qtbot):
    fill(panel, settled, qtbot, name="某某", id_number=SOUND_ID)
    assert [known.name for known in panel._found] == ["区嘉欣"]
    assert not panel.buttons["save"].isEnabled()


def test_the_saving_key_stores_and_never_gives_up(panel, page, settled, qtbot):
    """Ctrl+Enter saves from wherever the keyboard stands, as in every form; who may be there already is looked at first."""
    fill(panel, settled, qtbot, name="曾小雨")
    qtbot.keyClick(panel.name, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert panel.draft is None
    assert panel.focusWidget() is panel.buttons["save"]
    fill(panel, settled, qtbot, name="王新来")
    qtbot.keyClick(panel.buttons["stay"], Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    settled()
    settled()
    assert [row.name for row in shown(page, "王新来")] == ["王新来"]


def test_a_child_in_the_bin_is_named_as_such(page, context, settled, qtbot):
    context.write(move_to_bin, uuids=[uuid_of("覃䶮")])
    settled()
    settled()
    page.add_child()
    panel = context.dialogs.panels[-1]
    fill(panel, settled, qtbot, name="覃䶮")
    (known,) = panel._found
    assert known.in_bin
    assert not [b for b in panel.findChildren(Button) if b.text() == "打开这一名"]


def test_a_sound_number_fills_in_birth_and_sex(panel, page, context, settled, qtbot):
    fill(panel, settled, qtbot, name="王新来", id_number="110105201703040038", school_class="3.1")
    assert panel.birth.text() == "2017-03-04"
    assert panel.sex.value == "1"
    panel.since.setText("2026-11-20")
    panel.buttons["save"].click()
    settled()
    settled()
    (row,) = shown(page, "王新来")
    assert (row.sex, row.birth_date, row.class_name, row.registered_from) == (
        "1",
        "2017-03-04",
        "三（1）班",
        "2026-11-20",
    )
    assert context.navigation.opened[-1] == ("child", {"uuid": row.uuid, "among": ()})
    words, undo = context.navigation.toasts[-1]
    assert words == "加一名儿童：王新来"
    undo()
    settled()
    settled()
    assert shown(page, "王新来") == []


def test_a_wrong_digit_is_told_and_kept_with_a_mark(panel, page, settled, qtbot):
    fill(panel, settled, qtbot, name="王新来", id_number="110105201703040039")
    panel.id_number.leave()
    assert "最后一位对不上" in panel.id_number.finding.reason
    panel.buttons["save"].click()
    settled()
    settled()
    (row,) = shown(page, "王新来")
    assert row.situation.doubts == 1


def test_what_cannot_be_written_stays_in_the_panel(panel, page, context, settled, told, qtbot):
    fill(panel, settled, qtbot, name="王新来", school_class="没有的班")
    panel.buttons["save"].click()
    settled()
    assert panel.isVisible()
    assert "看不出是哪个班" in panel.school_class.finding.reason
    panel.school_class.setText("")
    panel.buttons["save"].click()
    settled()
    settled()
    assert shown(page, "王新来")
    assert told == []


def test_without_a_name_there_is_nothing_to_save(panel, page, context, settled):
    assert not panel.buttons["save"].isEnabled()
    panel.reject()
    settled()
    assert len(page.table.rows) == 12


def test_down_lists_the_classes(panel, qtbot):
    panel.school_class.setFocus()
    qtbot.keyClick(panel.school_class, Qt.Key.Key_Down)
    popup = panel.school_class.completer().popup()
    assert popup.isVisible()
    popup.hide()


# ---- several at once


@pytest.fixture
def entry(context, opened, ledger_file, qtbot):
    opened(ledger_file)
    page = EntryPage(context)
    qtbot.addWidget(page)
    page.resize(1174, 580)
    with qtbot.waitExposed(page):
        page.show()
    qtbot.waitUntil(lambda: not context.jobs.busy)
    return page


def names_in(context, qtbot):
    from app.children.ledger_reading import read_ledger

    found = []
    context.read(read_ledger, context.clock.today(), on_done=found.append)
    qtbot.waitUntil(lambda: bool(found))
    return {row.name for row in found[0]}


def paste(entry, text, settled, qtbot):
    QGuiApplication.clipboard().setText(text)
    entry.grid.paste()
    qtbot.waitUntil(lambda: not entry._pause.isActive())
    settled()


def test_a_block_from_excel_becomes_children_in_one_action(entry, context, settled, qtbot):
    paste(
        entry,
        "姓名\t性别\t班级\t监护人\t关系\n甲小一\t女\t3.2\t田秀莲\t奶奶\n乙小二\t男\t七班\t\t\n",
        settled,
        qtbot,
    )
    assert entry.save.text() == "存下 2 名"
    assert entry.foot._lead.text() == "2 名，1 行要改好才能存"
    entry.save.click()
    settled()
    assert entry.grid.place() == (1, 2), "the cell that is in the way"
    assert names_in(context, qtbot).isdisjoint({"甲小一", "乙小二"})
    entry.grid.cells.write({(1, 2): "三（1）班"})
    entry.save.click()
    settled()
    assert {"甲小一", "乙小二"} <= names_in(context, qtbot)
    assert entry.grid.cells.filled == []
    assert context.navigation.backs == 1
    words, undo = context.navigation.toasts[-1]
    assert words == "加 2 名儿童"
    undo()
    settled()
    assert names_in(context, qtbot).isdisjoint({"甲小一", "乙小二"})


def test_rows_that_may_be_known_children_are_asked_about_once(entry, context, settled, qtbot):
    paste(entry, "姓名\t性别\n曾小雨\t女\n", settled, qtbot)
    entry.grid.go(0, 0)
    assert "可能已经有了：曾小雨（四（2）班，2016-05）" in entry.foot._detail.text()
    assert entry.open.isVisible()
    entry.save.click()
    settled()
    _question, _lines, verbs = context.dialogs.asked.pop()
    assert verbs == ("先看看", "确实是新的，1 名都存")
    assert context.navigation.backs == 0
    context.dialogs.choices = ["new"]
    entry.save.click()
    settled()
    assert context.navigation.backs == 1


def test_a_half_filled_grid_is_not_lost_on_leaving(entry, context, settled, qtbot):
    assert entry.may_leave()
    paste(entry, "甲小一\n", settled, qtbot)
    assert not entry.may_leave()
    assert context.dialogs.asked.pop()[2] == ("接着填", "先放着，离开", "都不要了")
    assert context.navigation.backs == 0
    context.dialogs.choices = ["keep"]
    assert not entry.may_leave()
    assert context.navigation.let_go == 1
    assert entry.grid.cells.filled[0][1][0] == "甲小一"
    context.dialogs.choices = ["drop"]
    entry.may_leave()
    assert entry.grid.cells.filled == []


def test_the_known_child_is_opened_without_losing_the_grid(entry, context, settled, qtbot):
    paste(entry, "曾小雨\n", settled, qtbot)
    entry.grid.go(0, 0)
    entry.open.click()
    assert context.navigation.opened == [("child", {"uuid": uuid_of("曾小雨"), "among": ()})]
    assert entry.grid.cells.filled


def test_classes_are_offered_in_their_column(entry, qtbot):
    entry.grid.go(0, 2)
    entry.grid.offer_choices()
    from ui.widgets import Menu

    menu = entry.grid.findChild(Menu)
    assert [action.text() for action in menu.actions()][:2] == ["一（2）班", "二（1）班"]
    menu.actions()[0].trigger()
    assert entry.grid.cells.text(0, 2) == "一（2）班"
    menu.close()


def test_the_one_filled_button_is_saving(entry):
    assert [b.text() for b in entry.findChildren(Button) if b.is_filled()] == ["存下"]
    assert entry.give_up._kind is not Kind.FILLED
