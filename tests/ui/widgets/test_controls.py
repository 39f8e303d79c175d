"""Search, chips, segments, buttons, lists at the side, facts and contacts: what keys and presses do."""

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QVBoxLayout, QWidget

from ui import theme
from ui.widgets import (
    Button,
    CheckBox,
    ContactChain,
    ContactLine,
    Fact,
    FactList,
    FilterChip,
    Kind,
    Link,
    Menu,
    Pager,
    Radio,
    Scroll,
    SearchField,
    Segments,
    SideItem,
    SideList,
    StepHeader,
    Text,
    holder,
    row,
)
from ui.widgets.cuts import cuts_of, measured, recording


@pytest.fixture
def show(look, qtbot):
    """Put widgets on a page and give the first one the keyboard."""

    def put(*widgets):
        page = QWidget()
        qtbot.addWidget(page)
        box = QVBoxLayout(page)
        for widget in widgets:
            box.addWidget(widget)
        with qtbot.waitActive(page):
            page.show()
        widgets[0].setFocus()
        put.page = page
        return widgets[0]

    return put


def test_search_filters_while_typing_and_escape_empties_then_leaves(show, qtbot):
    search = show(SearchField("搜姓名"))
    heard = []
    search.changed.connect(heard.append)
    qtbot.keyClicks(search, "zx")
    assert heard == ["z", "zx"]
    with qtbot.assertNotEmitted(search.left):
        qtbot.keyClick(search, Qt.Key.Key_Escape)
    assert heard[-1] == ""
    with qtbot.waitSignal(search.left):
        qtbot.keyClick(search, Qt.Key.Key_Escape)
    assert not search.hasFocus()


def test_search_hands_the_keyboard_to_the_list(show, qtbot):
    search = show(SearchField("搜姓名", wait=5_000))
    qtbot.keyClicks(search, "zx")
    with qtbot.waitSignals([search.changed, search.entered]):
        qtbot.keyClick(search, Qt.Key.Key_Down)


def test_chip_opens_its_menu_and_clears(show, qtbot):
    chosen = []

    def build(menu):
        menu.add("双亲", lambda: chosen.append("双亲"))

    chip = show(FilterChip("留守", build))
    qtbot.keyClick(chip, Qt.Key.Key_Space)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, Menu)
    menu.actions()[0].trigger()
    menu.close()
    assert chosen == ["双亲"]
    chip.set_choice("双亲")
    assert chip.text() == "留守：双亲"
    with qtbot.waitSignal(chip.cleared):
        qtbot.keyClick(chip, Qt.Key.Key_Delete)
    assert (chip.choice, chip.text()) == ("", "留守")


def test_chip_cross_clears_with_the_mouse(show, qtbot):
    chip = show(FilterChip("留守", lambda menu: None))
    chip.set_choice("双亲")
    chip.resize(chip.sizeHint())
    with qtbot.waitSignal(chip.cleared):
        qtbot.mouseClick(chip, Qt.MouseButton.LeftButton, pos=QPoint(chip.width() - 14, 10))
    assert QApplication.activePopupWidget() is None


def test_each_segment_tells_when_it_is_pressed_to_the_left_as_to_the_right(show, qtbot):
    segments = show(Segments([("all", "全部 120"), ("todo", "待处理 6"), ("done", "已办 3")]))
    told: list[str] = []
    segments.changed.connect(told.append)
    buttons = segments.findChildren(QAbstractButton)
    for place in (2, 1, 0, 2, 0, 0):
        qtbot.mouseClick(buttons[place], Qt.MouseButton.LeftButton)
        assert [button.isChecked() for button in buttons] == [place == other for other in range(3)]
    assert told == ["done", "todo", "all", "done", "all"]


def test_segments_of_which_none_is_chosen_begin_at_the_first(show, qtbot):
    segments = show(Segments([("all", "全部 120"), ("todo", "待处理 6")]))
    segments.set_current("")
    assert segments.current == ""
    qtbot.keyClick(segments, Qt.Key.Key_Left)
    assert segments.current == ""
    with qtbot.waitSignal(segments.changed) as told:
        qtbot.keyClick(segments, Qt.Key.Key_Right)
    assert told.args == ["all"]


def test_segments_move_with_arrows(show, qtbot):
    segments = show(Segments([("all", "全部 120"), ("todo", "待处理 6")]))
    assert segments.current == "all"
    with qtbot.waitSignal(segments.changed) as told:
        qtbot.keyClick(segments, Qt.Key.Key_Right)
    assert told.args == ["todo"]
    with qtbot.assertNotEmitted(segments.changed):
        qtbot.keyClick(segments, Qt.Key.Key_Right)
        segments.set_current("all")
    segments.set_words("todo", "待处理 5")
    assert segments.current == "all"


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Space])
def test_buttons_and_links_answer_enter_and_space(show, qtbot, key):
    pressed = []
    button, link = (
        Button("打印档案", lambda: pressed.append("b"), icon="print"),
        Link("照存", lambda: pressed.append("l")),
    )
    show(button, link)
    qtbot.keyClick(button, key)
    qtbot.keyClick(link, key)
    assert pressed == ["b", "l"]


def test_a_ring_moves_nothing(show):
    button, filled = Button("打印档案"), Button("打印档案", kind=Kind.FILLED)
    show(button, filled)
    before = button.geometry(), filled.geometry()
    filled.setFocus()
    assert (button.geometry(), filled.geometry()) == before


def test_focus_is_seen_on_every_control(show):
    """The picture of a control changes when it gets the keyboard."""
    controls = [
        Button("打印档案"),
        Button("打印档案", kind=Kind.FILLED),
        Button("移到回收站", kind=Kind.DANGER),
        Link("照存"),
        FilterChip("留守", lambda menu: None),
        Segments([("a", "全部"), ("b", "新增")]),
        CheckBox("装订成册"),
        SideList([SideItem("a", "个人"), SideItem("b", "父母")]),
        FactList([Fact("a", "2025-08-20 起", "福建晋江")]),
        ContactChain([ContactLine("a", "奶奶", "田秀莲", "138****6217")]),
    ]
    rest = Button("别处")
    show(rest, *controls)
    for control in controls:
        rest.setFocus()
        without = control.grab().toImage()
        control.setFocus()
        assert control.grab().toImage() != without, type(control).__name__


@pytest.mark.parametrize("mark", [CheckBox, Radio])
def test_a_mark_stands_flush_with_what_is_above_it_and_its_ring_goes_round_the_words(mark, show):
    """4 px to the right of the fields and heads it looked like a slip."""
    rest = Button("别处")
    made = mark("装订成册")
    show(rest, made)

    def first_dots(image):
        ground = image.pixel(0, 0)
        return [
            x for x in range(image.width()) if any(image.pixel(x, y) != ground for y in range(image.height()))
        ]

    without = made.grab().toImage()
    assert first_dots(without)[0] <= 1
    made.setFocus()
    ringed = made.grab().toImage()
    beside = theme.metrics().tick_box * ringed.devicePixelRatio()
    same = ringed.copy(0, 0, round(beside), ringed.height()) == without.copy(
        0, 0, round(beside), without.height()
    )
    assert same
    assert ringed != without


def test_an_arrow_onwards_stands_behind_the_words(show):
    before, after = (Button("下一学年", icon="chevron_right", icon_after=way) for way in (False, True))
    plain = Button("下一学年")
    show(before, after, plain)
    assert before.sizeHint() == after.sizeHint()

    def middle(button):
        """Where the words lie: as far from the left as in a button without an icon."""
        high = button.height()
        words = QRect(
            theme.metrics().button_pad, 0, plain.sizeHint().width() - 2 * theme.metrics().button_pad, high
        )
        return button.grab(words).toImage()

    assert middle(after) == middle(plain) != middle(before)


def test_side_list_moves_and_tells(show, qtbot):
    side = show(SideList([SideItem("a", "个人", "一", "缺 1"), SideItem("b", "父母", "二", complete=True)]))
    with qtbot.waitSignal(side.chosen) as told:
        qtbot.keyClick(side, Qt.Key.Key_Down)
    assert told.args == ["b"]
    with qtbot.assertNotEmitted(side.chosen):
        side.set_current("a")
    assert side.current == "a"
    side.set_items([SideItem("b", "父母"), SideItem("a", "个人")])
    assert side.current == "a"


def test_contacts_move_with_alt_arrows_and_by_the_grip(show, qtbot):
    chain = show(
        ContactChain(
            [
                ContactLine("a", "奶奶", "田秀莲", "138****6217"),
                ContactLine("b", "母亲", "向桂香", "159****0380"),
            ]
        )
    )
    with qtbot.waitSignal(chain.moved) as told:
        qtbot.keyClick(chain, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert told.args == ["a", 1]
    high = theme.metrics().contact_row
    with qtbot.waitSignal(chain.moved) as told:
        qtbot.mousePress(chain, Qt.MouseButton.LeftButton, pos=QPoint(5, high + 5))
        qtbot.mouseRelease(chain, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    assert told.args == ["a", 0]


def test_a_fact_is_opened_by_enter(show, qtbot):
    facts = show(
        FactList([Fact("a", "2025-08-20 起", "福建晋江"), Fact("b", "2024", "温州", in_force=False)])
    )
    qtbot.keyClick(facts, Qt.Key.Key_Down)
    with qtbot.waitSignal(facts.activated) as told:
        qtbot.keyClick(facts, Qt.Key.Key_Return)
    assert told.args == ["b"]


def test_pager_ends_at_both_ends(show, qtbot):
    pager = show(Pager())
    pager.set_words("第 1 名，共 1 名", first=True, last=True)
    with qtbot.assertNotEmitted(pager.next), qtbot.assertNotEmitted(pager.previous):
        for button in pager.findChildren(Button):
            button.click()


def test_step_header_is_wide_enough_at_every_step(look, qtbot):
    steps = StepHeader(["选文件", "认列", "核对", "写入"])
    qtbot.addWidget(steps)
    steps.resize(steps.sizeHint())
    for place in range(5):
        steps.set_current(place)
        with recording() as cuts:
            steps.grab()
        assert cuts == []
    steps.set_current(4)
    assert steps.accessibleName() == "4 步都做完了"


def test_cut_check_names_labels_hints_and_buttons(show):
    label, search = Text("关爱教师和帮扶教师"), SearchField("搜姓名、拼音首字母、证件或电话尾号、村组")
    button = Button("打印本周纸单")
    show(label, search, button)
    assert cuts_of(show.page) == []
    label.setFixedWidth(40)
    search.setFixedWidth(120)
    button.setFixedWidth(60)
    show.page.layout().activate()
    found = {cut.where.split()[0] for cut in cuts_of(show.page)}
    assert found == {"label", "hint", "button"}


def test_cut_check_looks_at_new_words_where_they_will_stand(show):
    pager = Pager()
    line = holder(row(pager, None))
    line.setFixedWidth(600)
    show(line)
    for words in ("第 1 名，共 1 名", "第 1234 名，共 5678 名"):
        pager.set_words(words)
        assert cuts_of(show.page) == []


def test_cut_check_sees_a_button_too_low_for_its_words(show):
    button = show(Button("开始一轮…"))
    assert measured(show.page) == []
    button.setFixedHeight(theme.metrics().button - 9)
    assert [(cut.where, cut.text) for cut in measured(show.page)] == [("squeezed button", "开始一轮…")]


def test_cut_check_sees_what_sticks_out(show):
    label = Text("一行字")
    show(label)
    show.page.setFixedWidth(200)
    label.setFixedWidth(900)
    show.page.layout().activate()
    assert any(cut.where == "outside" for cut in measured(show.page))


def test_enter_on_a_choice_takes_it_and_goes_on(show, qtbot):
    """As in a field: Enter never stands still. The other choices of the group are not in between."""
    first, second, tick, button = (
        Radio("报镇", checked=True),
        Radio("自己保管"),
        CheckBox("加密"),
        Button("开始拷"),
    )
    show(first, second, tick, button)
    first.setFocus()
    qtbot.keyClick(first, Qt.Key.Key_Down)
    assert second.hasFocus()
    qtbot.keyClick(second, Qt.Key.Key_Return)
    assert second.isChecked()
    assert tick.hasFocus()
    qtbot.keyClick(tick, Qt.Key.Key_Enter)
    assert button.hasFocus()
    assert not tick.isChecked(), "Space ticks"


def test_what_a_scroll_area_cuts_at_its_side_is_found(show, look):
    wide = Text("很长很长的一行字，一直到旁边去，滚不到那里")
    wide.setFixedWidth(500)
    area = Scroll(wide, Text("短的"))
    area.setFixedSize(300, 200)
    show(area)
    (cut,) = [one for one in measured(show.page) if one.where == "beside a scroll area"]
    assert (cut.text, cut.has) == (wide.text(), area.viewport().width())
    wide.setFixedWidth(200)
    area.box.activate()
    assert [one for one in measured(show.page) if one.where == "beside a scroll area"] == []
