"""The window around demo pages: moving about, keys, breakpoints, staleness, status, toasts."""

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget

from app.core.changes import Changes
from ui.shell.page import Page, PageSpec
from ui.shell.status import StatusFacts
from ui.shell.window import MainWindow
from ui.theme import Breakpoint
from ui.widgets import Banner, Button, Kind, Link, QuietField, SearchField, Text
from ui.widgets.cuts import cuts_of


class Demo(Page):
    areas = frozenset({"children"})

    def __init__(self, context, title="台账", back=""):
        super().__init__(context, title, back=back)
        self.loads = 0
        self.params = []
        self.points = []
        self.stay = False
        self.then = None
        self.list = QLineEdit()
        self.content.addWidget(self.list)
        self.header.add_search("搜姓名")
        self.header.add(Button("导入", icon="arrow_import"))
        self.header.add(Button("选择列"))
        self.header.add(Button("加一名儿童", kind=Kind.FILLED))

    def load(self):
        self.loads += 1

    def open_with(self, **params):
        self.params.append(params)

    def breakpoint_changed(self, breakpoint_):
        self.points.append(breakpoint_)

    def may_leave(self):
        stay, self.stay = self.stay, self.stay and self.then is None
        if stay and self.then is not None:
            self.then()
        return not stay

    def focus_first(self):
        self.list.setFocus()

    def side_stops(self):
        return (self.list,)


class Child(Demo):
    def __init__(self, context):
        super().__init__(context, "儿童", back="台账")


SPECS = [
    PageSpec("today", "今日", "weather_sunny", Demo),
    PageSpec("children", "台账", "book_open", Demo),
    PageSpec("child", "儿童", "book_open", Child, parent="children"),
    PageSpec("settings", "设置", "settings", Demo, at_foot=True),
]


@pytest.fixture
def window(context, qtbot):
    made = MainWindow(SPECS, "守望")
    qtbot.addWidget(made)
    context.navigation = made
    made.attach(context)
    made.resize(1366, 688)
    with qtbot.waitActive(made):
        made.show()
    made.open_page("today")
    return made


def press(qtbot, window, key, *modifiers):
    held = Qt.KeyboardModifier.NoModifier
    for one in modifiers:
        held |= one
    qtbot.keyClick(window.focusWidget() or window, key, held)


CTRL = Qt.KeyboardModifier.ControlModifier


def test_pages_are_made_when_first_shown_and_load_once(window):
    assert set(window._pages) == {"today"}
    window.open_page("children")
    window.open_page("today")
    window.open_page("children")
    assert window.page("children").loads == 1


def test_a_page_is_painted_in_a_turn_of_its_own(window, qtbot):
    painted = []

    class Watched(Demo):
        def paintEvent(self, event):
            painted.append(event.region().boundingRect().size())
            super().paintEvent(event)

    window._specs["children"] = replace(window._specs["children"], factory=Watched)
    window.open_page("children")
    QApplication.sendPostedEvents()
    assert window.current_page().isVisible()
    assert not painted  # it is laid out, and the page before is still on the screen
    qtbot.waitUntil(lambda: window.stack.size() in painted)
    window.open_page("today")
    window.open_page("children")
    painted.clear()
    qtbot.waitUntil(lambda: window.stack.size() in painted)


def test_ctrl_digits_walk_the_rail(window, qtbot):
    press(qtbot, window, Qt.Key.Key_2, CTRL)
    assert window.current_page() is window.page("children")
    assert window.rail.items["children"].isChecked()
    press(qtbot, window, Qt.Key.Key_3, CTRL)
    assert window.current_page() is window.page("settings")


def test_sub_page_keeps_its_parent_in_the_rail_and_goes_back(window, qtbot):
    window.open_page("children")
    window.open_child("u1", among=("u1", "u2"))
    assert window.page("child").params == [{"uuid": "u1", "among": ("u1", "u2")}]
    assert window.rail.items["children"].isChecked()
    press(qtbot, window, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert window.current_page() is window.page("children")
    window.open_child("u2")
    press(qtbot, window, Qt.Key.Key_Escape)
    assert window.current_page() is window.page("children")
    assert window.page("children").params == []


def test_the_way_back_names_the_page_it_leads_to(window):
    back = window.page("child").header.back
    window.open_child("u1")
    assert back.text() == window._specs["today"].caption
    window.back()
    assert window.current_page() is window.page("today")
    window.open_page("children")
    window.open_child("u1")
    assert back.text() == window._specs["children"].caption
    window.open_child("u2")
    assert back.text() == window._specs["child"].caption
    window.back()
    assert back.text() == window._specs["children"].caption


def test_a_page_that_may_not_be_left_stays(window):
    window.current_page().stay = True
    window.open_page("children")
    assert window.current_page() is window.page("today")
    assert window.rail.items["today"].isChecked()
    assert not window.close()


def test_who_was_held_goes_where_she_wanted_once_the_page_lets_her(window, qtbot):
    window.open_page("children")
    here = window.current_page()
    for at_once in (False, True):
        # A page asks her, and is answered before or after it has held her.
        here.stay, here.then = True, window.go_on if at_once else None
        window.open_page("today", day="2026-11-20")
        if not at_once:
            here.stay = False
            window.go_on()
        assert window.current_page() is window.page("today")
        assert window.page("today").params[-1] == {"day": "2026-11-20"}
        window.open_page("children")
    here.stay, here.then = True, None
    window.close()
    here.stay = False
    with qtbot.waitSignal(window.closing):
        window.go_on()


def test_where_she_wanted_is_forgotten_when_she_went_elsewhere(window):
    window.open_page("children")
    window.open_child("u1")
    here = window.current_page()
    here.stay = True
    window.open_page("today")
    here.stay = False
    window.back()
    assert window.current_page() is window.page("children")
    window.open_child("u1")
    window.go_on()
    assert window.current_page() is window.page("children"), "where she came from"


def test_changes_reload_the_visible_page_and_mark_the_hidden_one(window):
    window.open_page("children")
    window.open_page("today")
    before = window.page("today").loads, window.page("children").loads
    bus = window.context.bus
    bus.tell(Changes("a1", "改了住址", frozenset({"children"})))
    bus.tell(Changes("a2", "改了课表", frozenset({"calendar"})))
    bus.tell(Changes("", "", frozenset({"children"})))
    assert window.page("today").loads == before[0] + 1
    assert window.page("children").loads == before[1]
    assert window.page("children").is_stale
    window.open_page("children")
    assert window.page("children").loads == before[1] + 1


def test_ctrl_f_goes_to_the_search_and_f6_round_the_regions(window, qtbot):
    press(qtbot, window, Qt.Key.Key_F, CTRL)
    page = window.current_page()
    assert page.header.search.hasFocus()
    press(qtbot, window, Qt.Key.Key_F6)
    assert window.rail.items["today"].hasFocus()
    press(qtbot, window, Qt.Key.Key_F6)
    assert page.list.hasFocus()


def test_f6_goes_to_a_banner_that_can_be_answered_before_the_page(window, qtbot):
    answered = []
    window.set_banner("told", lambda: Banner("只是说一声"))
    window.set_banner(
        "foreign", lambda: Banner("这是另一份数据", link="打开平时那份", on_link=lambda: answered.append(1))
    )
    page = window.current_page()
    window.rail.items["today"].setFocus()
    press(qtbot, window, Qt.Key.Key_F6)
    press(qtbot, window, Qt.Key.Key_Return)
    assert answered == [1]
    press(qtbot, window, Qt.Key.Key_F6)
    assert page.list.hasFocus()


def test_f6_finds_a_place_that_shows_the_focus_even_when_nothing_had_it(window, qtbot, monkeypatch):
    page = window.current_page()
    box = QWidget(page)
    box.setLayout(QVBoxLayout())
    inside = Button("记一条")
    box.layout().addWidget(inside)
    page.content.addWidget(box)
    box.show()
    page.list.setEnabled(False)
    monkeypatch.setattr(page, "side_stops", lambda: (page.list, box))
    monkeypatch.setattr(window, "focusWidget", lambda: None)
    window._next_region()
    assert window.rail.items["today"].hasFocus()
    monkeypatch.undo()
    monkeypatch.setattr(page, "side_stops", lambda: (page.list, box))
    press(qtbot, window, Qt.Key.Key_F6)
    assert inside.hasFocus(), "what cannot take the keyboard is passed over, a box hands it on"
    press(qtbot, window, Qt.Key.Key_F6)
    assert window.rail.items["today"].hasFocus()


def test_the_rail_is_one_stop_on_the_way_round(window, qtbot):
    for name in ("today", "children"):
        window.open_page(name)
        stops = [
            key for key, item in window.rail.items.items() if item.focusPolicy() & Qt.FocusPolicy.TabFocus
        ]
        assert stops == [name]


def test_rail_is_walked_with_arrows_and_enter(window, qtbot):
    window.rail.items["today"].setFocus()
    press(qtbot, window, Qt.Key.Key_Down)
    assert window.rail.items["children"].hasFocus()
    press(qtbot, window, Qt.Key.Key_Return)
    assert window.current_page() is window.page("children")


def test_narrow_folds_buttons_into_more(window, qtbot):
    window.open_page("children")
    page = window.page("children")
    window.resize(911, 432)
    assert page.points[-1] is Breakpoint.NARROW
    shown = [b.text() for b in page.header.findChildren(Button) if b.isVisible()]
    assert sorted(shown) == ["加一名儿童", "更多"]
    menu = page.header._more.menu()
    menu.aboutToShow.emit()
    assert [a.text() for a in menu.actions()] == ["导入", "选择列"]
    qtbot.waitUntil(window.stack.updatesEnabled)
    assert cuts_of(window) == []
    window.resize(1366, 688)
    assert page.points[-1] is Breakpoint.NORMAL
    assert "导入" in [b.text() for b in page.header.findChildren(Button) if b.isVisible()]


def test_no_window_flashes_up_beside_the_main_one(window):
    window.open_page("children")
    window.open_child("u1")
    assert [w for w in QApplication.topLevelWidgets() if w.isVisible()] == [window]


def test_status_line_says_saved_only_when_told(window):
    assert not window.status._saved.isVisible()
    assert not window.status._backup.isVisible(), "nobody has looked at the backups yet"
    window.said_saved()
    assert window.status._saved.words.text() == "10:42 已保存"
    facts = StatusFacts("今天 09:58，118 名儿童", "今天 09:58", "D:\\守望", "2026学年第一学期", "第 12 周")
    window.set_status(facts)
    assert window.status._backup.isVisible()
    assert window.status._backup.words.text() == "上次核对成功的备份：今天 09:58，118 名儿童"
    window.set_status(replace(facts, backup="", backup_short=""))
    assert window.status._backup.words.text() == "还没有核对过的备份"
    window.set_status(StatusFacts(not_backed_up=62))
    assert window.status._backup.words.text() == "台账刚有 62 名儿童，还没有备份"


def test_who_is_entering_is_chosen_in_one_press(window, qtbot):
    qtbot.mouseClick(window.status._who, Qt.MouseButton.LeftButton)
    menu = QApplication.activePopupWidget()
    entry = next(a for a in menu.actions() if a.text() == "李国平")
    entry.trigger()
    menu.close()
    assert window.context.entering.by == "李国平"
    assert window.status._who.text() == "李国平"


def test_a_file_that_was_written_is_said_with_its_folder_and_the_way_there(
    window, qtbot, monkeypatch, tmp_path
):
    shown = []
    monkeypatch.setattr(window.context.dialogs, "show_folder", shown.append)
    window.toast_file("已导出 118 名：台账.xlsx", tmp_path / "导出" / "台账.xlsx")
    words = [part.text() for part in window._toast.findChildren(Text)]
    assert "已导出 118 名：台账.xlsx，在「导出」" in words
    assert window._toast.link.text() == "打开文件夹"
    assert "Ctrl+Z" not in words
    qtbot.keyClick(window._toast.link, Qt.Key.Key_Return)
    assert shown == [tmp_path / "导出"]


def test_a_new_toast_replaces_the_old_one_and_ctrl_z_without_actions_says_so(window, qtbot):
    window.rail.items["today"].setFocus()
    window.toast("已保存：谈心")
    first = window._toast
    press(qtbot, window, Qt.Key.Key_Z, CTRL)
    assert first.isHidden()
    assert window._toast is not None


def test_banners_stand_on_pages_made_before_and_after(window):
    window.set_banner("demo", lambda: Banner("这是演示学校。", ground="select"))
    window.open_page("children")
    for name in ("today", "children"):
        assert len(window.page(name).findChildren(Banner)) == 1
    window.set_banner("demo", None)
    window.open_page("settings")
    assert window.page("settings").findChildren(Banner) == []


@pytest.mark.parametrize("made", [QuietField, lambda: SearchField("姓名")])
def test_ctrl_z_in_a_field_with_nothing_typed_is_the_windows_undo(window, qtbot, monkeypatch, made):
    asked = []
    monkeypatch.setattr(type(window.context), "undo_last", lambda _context: asked.append(1) or True)
    field = made()
    window.current_page().content.addWidget(field)
    qtbot.waitUntil(field.isVisible)
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    press(qtbot, window, Qt.Key.Key_Z, CTRL)
    assert asked == [1]
    qtbot.keyClicks(field, "ab")
    press(qtbot, window, Qt.Key.Key_Z, CTRL)
    assert asked == [1]
    assert field.text() != "ab"


def _help_shown(window):
    from ui.shell.help.panel import HelpPanel

    return [panel for panel in window.context.dialogs.panels if isinstance(panel, HelpPanel)]


def test_f1_says_what_the_page_is_for_and_which_keys_work(window, qtbot):
    window.open_page("today")
    press(qtbot, window, Qt.Key.Key_F1)
    (panel,) = _help_shown(window)
    said = [label.text() for label in panel.findChildren(Text)]
    assert said[0] == "帮助：今日"
    assert "撤销上一步" in said
    assert cuts_of(panel) == []
    panel.answer("close")


def test_f1_in_a_panel_is_about_the_panel(window, qtbot):
    from ui.widgets.day_panel import DayPanel

    over = DayPanel(window, window.context.clock)
    over.show()
    qtbot.waitUntil(over.isActiveWindow)
    press(qtbot, over, Qt.Key.Key_F1)
    (panel,) = _help_shown(window)
    assert panel.topic.title == "看哪一天"
    assert panel.parentWidget() is over
    panel.answer("close")
    over.reject()


def test_the_status_line_leads_to_help_too(window):
    window.open_page("today")
    window.status.help.click()
    assert [panel.topic.title for panel in _help_shown(window)] == ["今日"]


def test_ctrl_s_leaves_the_field(window, qtbot):
    field = QuietField()
    saved = []
    field.saved.connect(lambda text, _: saved.append(text))
    window.current_page().content.addWidget(field)
    qtbot.waitUntil(field.isVisible)
    field.setFocus()
    qtbot.keyClicks(field, "ab")
    press(qtbot, window, Qt.Key.Key_S, CTRL)
    assert saved == ["ab"]
    assert field.hasFocus()


def shown_banners(page):
    found = [b for b in page.findChildren(Banner) if not b.isHidden()]
    return [" ".join(text.text() for text in b.findChildren(Text)) for b in found]


def test_many_banners_leave_the_page_its_room(window, qtbot):
    page = window.current_page()
    for place in range(5):
        page.set_banner(f"k{place}", Banner(f"第 {place} 条"))
    qtbot.waitUntil(lambda: len(shown_banners(page)) == 3)
    said = " ".join(shown_banners(page))
    assert "还有 3 条提醒" in said
    assert "第 3 条" in said
    assert "第 4 条" in said
    fold = next(b for b in page.findChildren(Banner) if b.findChildren(Link))
    fold.findChild(Link).click()
    qtbot.waitUntil(lambda: len(shown_banners(page)) == 5)
    for place in range(3):
        page.set_banner(f"k{place}", None)
    qtbot.waitUntil(lambda: len(shown_banners(page)) == 2)
    for place in range(3):
        page.set_banner(f"k{place}", Banner(f"第 {place} 条"))
    qtbot.waitUntil(lambda: "还有 3 条提醒" in " ".join(shown_banners(page)))


def test_which_data_these_are_is_never_folded(window, qtbot):
    page = window.current_page()
    page.set_banner("foreign", Banner("这是另一份数据。", folds=False))
    for place in range(4):
        page.set_banner(f"k{place}", Banner(f"第 {place} 条"))
    qtbot.waitUntil(lambda: "还有 3 条提醒" in " ".join(shown_banners(page)))
    said = " ".join(shown_banners(page))
    assert "这是另一份数据" in said
    assert "第 3 条" in said
