"""The list, its filters and its search; the week's grid, from typing to one action, its draft and its undo."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from app.core.messages import fault
from app.diary.codes import Activity
from app.diary.drafts import RecordDraft, draft_uuid
from app.diary.queries import RecordFilters, records
from app.pairing.codes import Guidance
from app.tasks.diary import save_records
from ui.drafts import Form
from ui.pages.diary.week_rows import WeekChild, read_day, read_tags, read_week, week_columns
from ui.theme import Breakpoint
from ui.widgets import State

WAIT = 10_000
CTRL = Qt.KeyboardModifier.ControlModifier
MONDAY = date(2026, 11, 16)


def shown(diary):
    return diary.segment.table.rows


def total(asked, **filters):
    return len(asked(records, RecordFilters(**filters), limit=None))


def test_the_newest_stand_first_and_more_come_as_it_is_scrolled(diary, asked, settled):
    everything = total(asked)
    days = [line.happened_on for line in shown(diary)]
    assert days == sorted(days, reverse=True)
    assert len(days) == 200 < everything
    while len(shown(diary)) < everything:
        bar = diary.segment.table.verticalScrollBar()
        before = len(shown(diary))
        bar.setValue(bar.maximum())
        settled()
        assert len(shown(diary)) > before
    assert diary.segment.bar.count.text() == f"{everything} 条"
    assert len({line.uuid for line in shown(diary)}) == everything


def test_chips_narrow_and_what_is_empty_names_the_filter_to_drop(diary, asked, kids, settled):
    bar = diary.segment.bar
    diary.open_with(kind="home_visit", since="2026-11-19", until="2026-11-19")
    settled()
    assert {line.kind for line in shown(diary)} == {Activity.HOME_VISIT}
    assert bar.kind.choice == "家访"
    assert len(shown(diary)) == total(
        asked, kinds=frozenset({Activity.HOME_VISIT}), since="2026-11-19", until="2026-11-19"
    )
    diary.open_with(kind="letter", since="2026-11-19", until="2026-11-19")
    settled()
    assert diary.segment.stack.currentWidget() is diary.segment.empty
    bar.drop_all()
    settled()
    assert shown(diary)
    assert not bar.is_on


def test_enter_opens_a_record_and_a_child_narrowed_to_is_whom_the_next_one_is_about(
    diary, ledger, kids, settled, qtbot
):
    diary.open_with(child=kids[0].uuid, name=kids[0].name)
    settled()
    diary.focus_first()
    qtbot.keyClick(diary.segment.table, Qt.Key.Key_Return)
    assert ledger.navigation.opened[-1] == ("record", {"uuid": shown(diary)[0].uuid})
    assert diary.entry_params() == {"child": kids[0].uuid}


# ---- the week


def of_the_week(asked, week):
    mine = {row.child_uuid for row in week._rows}
    found = asked(records, RecordFilters(since="2026-11-16", until="2026-11-22"), limit=None)
    return [line for line in found if line.child_uuid in mine]


def test_the_week_is_typed_down_the_class_and_is_one_action(
    week, diary, ledger, asked, types, qtbot, settled
):
    before = len(of_the_week(asked, week))
    week.grid.step(0, 2)
    for text in ("奶奶来接过", "会背七的口诀"):
        qtbot.keyClick(week.grid, Qt.Key.Key_F2)
        types(QApplication.focusWidget(), text)
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
        week.grid.setFocus()
    assert week.grid.place() == (2, 2)
    first_column = week.grid.verticalHeader().width()
    week.grid.cells.write({(0, 0): "周三", (1, 0): "19", (0, 1): "学习 生", (1, 1): "1"})
    ledger.dialogs.choices.append("save")
    qtbot.keyClick(week.grid, Qt.Key.Key_Return, CTRL)
    settled()
    lines = {line.text: line for line in of_the_week(asked, week)}
    assert len(of_the_week(asked, week)) == before + 2
    assert lines["奶奶来接过"].happened_on == "2026-11-18"
    assert lines["奶奶来接过"].guidances == {Guidance.STUDY, Guidance.LIFE}
    assert lines["会背七的口诀"].happened_on == "2026-11-19"
    assert week.grid.cells.filled == []
    assert "已记" in week.grid.cells.marks[0]
    assert week.grid.place() == (2, 2), "the keyboard is where it was, for the next child"
    assert week.grid.verticalHeader().width() == first_column, "a mark moves no column"
    ledger.undo(ledger.done[-1])
    settled()
    assert len(of_the_week(asked, week)) == before, "the whole grid is one step back"


def test_who_is_put_down_is_said_for_the_row_the_keyboard_is_in(week):
    week.grid.go(1, 2)
    row = week._rows[1]
    assert week.foot._detail.text() == f"{row.child_name}：谈话人 {row.supporter_name}"


def test_several_in_one_week_take_no_more_room_than_one(week, asked, settled):
    width, child = week.grid.verticalHeader().width(), week._rows[0].child_uuid
    days = ("2026-11-17", "2026-11-18")
    drafts = [
        RecordDraft(uuid=draft_uuid(), children=(child,), kind=Activity.TALK, happened_on=day, content="又谈")
        for day in days
    ]
    asked(save_records, drafts=drafts)
    week.load()
    settled()
    assert week.grid.cells.marks[0].startswith("已记 ")
    assert week.grid.cells.marks[0].endswith(" 次")
    assert week.grid.verticalHeader().width() == width


def test_a_block_from_a_spreadsheet_finds_its_children(week, settled):
    names = [row.child_name for row in week._rows]
    QGuiApplication.clipboard().setText(f"姓名\t核心内容\n{names[2]}\t写字端正了\n{names[0]}\t迟到两次\n")
    week.grid.paste()
    texts = {names[place]: cells[2] for place, cells in week.grid.cells.filled}
    assert texts == {names[0]: "迟到两次", names[2]: "写字端正了"}


def test_one_child_with_heads_finds_its_row_and_a_second_line_of_it_is_named(week, settled):
    names = [row.child_name for row in week._rows]
    QGuiApplication.clipboard().setText(f"姓名\t核心内容\n{names[2]}\t写字端正了\n")
    week.grid.paste()
    assert [(place, cells[2]) for place, cells in week.grid.cells.filled] == [(2, "写字端正了")]
    lines = [f"{names[2]}\t周一谈的", f"{names[2]}\t周五又谈的", "别班的\t不在这里", f"{names[0]}\t迟到两次"]
    QGuiApplication.clipboard().setText("\n".join(["姓名\t核心内容", *lines]))
    week.grid.paste()
    texts = {names[place]: cells[2] for place, cells in week.grid.cells.filled}
    assert texts == {names[0]: "迟到两次", names[2]: "周一谈的"}
    told = week.foot._detail.text()
    assert f"只粘贴了第一行：{names[2]}" in told
    assert "对不上姓名的没有粘贴：别班的" in told


def test_a_cell_that_means_nothing_holds_the_save_and_says_why(week, asked, settled):
    before = len(of_the_week(asked, week))
    week.grid.cells.write({(1, 0): "上回", (1, 2): "写了"})
    week.ask_save()
    settled()
    assert week.grid.place() == (1, 0)
    assert "看不出是哪一天" in week.foot._detail.text()
    assert len(of_the_week(asked, week)) == before


def test_what_means_nothing_is_red_at_once_and_a_row_just_begun_is_not(week):
    week.grid.go(1, 0)
    week.grid.cells.write({(1, 0): "上回"})
    assert week.grid.cells.finding(1, 0).state is State.INVALID
    week.grid.cells.write({(1, 0): "周三"})
    assert week._read_rows.findings == {}, "the day comes first; the rest is still to be written"
    week.grid.go(2, 0)
    assert "只有日期" in week.grid.cells.finding(1, 1).reason


def test_nothing_is_typed_into_what_is_being_saved(week, ledger, types, settled, qtbot):
    """It would be emptied out with the rows that were saved, unsaved and without a draft."""
    week.grid.cells.write({(0, 2): "先写的"})
    week.grid.go(1, 2)
    ledger.dialogs.choices.append("save")
    week.ask_save()
    qtbot.keyClick(week.grid, Qt.Key.Key_F2)
    qtbot.keyClick(week.grid, Qt.Key.Key_7)
    types(week.grid, "接着写的")
    QGuiApplication.clipboard().setText("贴进来的")
    week.grid.paste()
    assert week.grid.being_typed() is None
    assert [cells[2] for _, cells in week.grid.cells.filled] == ["先写的"]
    settled()
    assert week.grid.cells.filled == []
    week.grid.setFocus()
    qtbot.keyClick(week.grid, Qt.Key.Key_F2)
    assert week.grid.being_typed() is not None, "and afterwards it is hers again"


def test_a_row_with_a_day_only_holds_the_save_and_says_why(week, asked, settled):
    """What stops it is said, also when something else was said before: what a paste left out."""
    before = len(of_the_week(asked, week))
    week.grid.cells.write({(1, 0): "1118"})
    week.grid.noticed.emit("表里只有 3 行，下面多出来的 1 行没有粘贴")
    week.ask_save()
    settled()
    assert week.grid.place() == (1, 1)
    assert "只有日期" in week.foot._detail.text()
    assert len(of_the_week(asked, week)) == before


def test_rows_survive_a_crash_and_come_back_to_their_children(
    week, diary, ledger, asked, settled, tmp_path, qtbot
):
    week.grid.cells.write({(0, 2): "停电前写的", (3, 2): "也是停电前写的"})
    kept = week.kept.draft()
    assert kept.form == Form.WEEK
    assert [entry.label for entry in kept.entries] == [week._rows[0].child_name, week._rows[3].child_name]
    week._empty()
    week._read(week.bar.chosen)
    settled()
    ledger.drafts.want(kept)
    diary._show("list")
    diary.focus_first()
    settled()
    assert [cells[2] for _, cells in diary.segment.grid.cells.filled] == ["停电前写的", "也是停电前写的"]
    drafts = diary.segment._as_read().drafts
    assert week._seed == kept.how["seed"], "saved twice it stays one record"
    ledger.dialogs.choices.append("save")
    before = len(of_the_week(asked, week))
    diary.segment.ask_save()
    settled()
    asked(save_records, drafts=tuple(drafts.values()))
    assert len(of_the_week(asked, week)) == before + 2


def test_what_could_not_be_stored_stays_in_the_grid(week, ledger, settled, monkeypatch):
    def full(*_args, **_kwargs):
        raise fault("memory.short")

    monkeypatch.setattr("ui.pages.diary.week_segment.save_records", full)
    week.grid.cells.write({(0, 2): "写在满硬盘前"})
    ledger.dialogs.choices.append("save")
    week.ask_save()
    settled()
    assert ledger.dialogs.faults
    assert [cells[2] for _, cells in week.grid.cells.filled] == ["写在满硬盘前"]
    assert week.save.isEnabled()


def test_another_grid_asks_first_and_what_is_put_by_is_offered(week, ledger, settled):
    week.grid.cells.write({(0, 2): "还没有存"})
    week.bar.pager.previous.emit()
    settled()
    assert ledger.dialogs.asked[-1][2][0] == "接着填"
    assert week.bar.chosen.monday == MONDAY
    ledger.dialogs.choices.append("drop")
    week.bar.pager.previous.emit()
    settled()
    assert week.bar.chosen.monday == date(2026, 11, 9)
    assert week.grid.cells.filled == []


def test_days_and_tags_are_read_as_they_are_written():
    for text in (
        "周三",
        "三",
        "18",
        "1118",
        "11-18",
        "11.18",
        "11月18日",
        "18日",
        "2026-11-18",
        "周三 11-18",
    ):
        assert read_day(text, MONDAY) == date(2026, 11, 18), text
    assert read_day("周日", MONDAY) == read_day("星期天", MONDAY) == date(2026, 11, 22)
    for text in ("2026-11-18 星期三", "11.18周三", "三 11-18", "周三（11-18）", "周三11-18"):
        assert read_day(text, MONDAY) == date(2026, 11, 18), text
    assert read_day("2026-11-11 星期三", MONDAY) == date(2026, 11, 11), "the day counts, of whatever week"
    assert read_day("1331", MONDAY) is None
    for text in ("上回", "上周三", "周三 11-19", "周三 11-11", "2026-11-19 星期三", "星期三下午"):
        assert read_day(text, MONDAY) is None, f"{text} is asked about, not guessed"
    for text in ("2026-02-30", "2026年13月1日", "20261131", "0230", "32"):
        assert read_day(text, MONDAY) is None, f"{text} is no day"
    assert (
        read_tags("学习、心理")
        == read_tags("心 学")
        == read_tags("学习辅导，1")
        == {
            Guidance.STUDY,
            Guidance.MIND,
        }
    )
    assert read_tags("") == frozenset()
    assert read_tags("数学") is None


def test_each_kind_of_grid_reads_its_own_columns():
    columns = [column.key for column in week_columns(Activity.CONTACT, MONDAY)]
    cells = {
        "day": "二",
        "contacted": "是",
        "tags": "",
        "content": "爸爸说过年回来",
        "promise": "把成绩发给他",
    }
    row = [cells.get(key, "") for key in columns]
    found = read_week(Activity.CONTACT, MONDAY, "2026-11-20", "seed", [WeekChild("c", "甲", "s")], [(0, row)])
    draft = found.drafts[0]
    assert (draft.happened_on, draft.contacted, draft.supporter_uuid) == ("2026-11-17", True, "s")
    assert draft.promises[0].content == "把成绩发给他"
    again = read_week(Activity.CONTACT, MONDAY, "2026-11-20", "seed", [WeekChild("c", "甲", "s")], [(0, row)])
    assert again.drafts[0] == draft, "the same grid is the same record"


def test_in_a_small_window_the_chips_that_matter_stay(diary):
    diary.set_breakpoint(Breakpoint.NARROW)
    bar = diary.segment.bar
    assert bar.kind.isVisible()
    assert not bar.tags.isVisible()


def test_in_a_narrow_window_more_holds_the_verbs_of_the_part_in_front(diary, settled):
    """What belongs to another part is neither in 更多 nor unfolded beside it."""

    def verbs():
        diary.header._fill_more()
        return [action.text() for action in diary.header._more.menu().actions()]

    for key in ("week", "meetings", "list"):
        diary.parts.changed.emit(key)
        settled()
    diary.set_breakpoint(Breakpoint.NARROW)
    assert verbs() == ["导入…", "打印、导出…"]
    assert diary.header._more.isVisible()
    diary.parts.changed.emit("week")
    settled()
    assert "导入…" not in verbs()
    diary.parts.changed.emit("list")
    settled()
    assert not diary.segment.out.isVisible()
