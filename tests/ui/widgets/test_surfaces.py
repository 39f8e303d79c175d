"""Bars, toasts, empty pages, questions."""

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QEnterEvent
from PySide6.QtWidgets import QApplication, QWidget

from ui import theme
from ui.theme import Tone
from ui.widgets import (
    AskDialog,
    Banner,
    Button,
    CheckBox,
    EmptyState,
    FooterBar,
    Kind,
    ProgressFooter,
    Reading,
    Scroll,
    Toast,
    Verb,
    Way,
    column,
)
from ui.widgets.cuts import measured
from ui.widgets.dialog import THREE_HEADS, Panel, ThreePartDialog
from ui.widgets.field import QuietField
from ui.widgets.text import Link, Text


def words(widget):
    return [label.text() for label in widget.findChildren(Text) if label.text()]


class Painted(QObject):
    """Counts how often a widget is painted by itself: not by a test that takes its picture."""

    def __init__(self, widget):
        super().__init__(widget)
        self.times = 0
        self.counts = True
        widget.installEventFilter(self)

    def eventFilter(self, watched, event):
        self.times += self.counts and event.type() is QEvent.Type.Paint
        return False

    def picture(self, of):
        self.counts = False
        image = of.grab().toImage()
        self.counts = True
        return image


@pytest.fixture
def host(look, qtbot):
    page = QWidget()
    qtbot.addWidget(page)
    page.resize(900, 500)
    with qtbot.waitActive(page):
        page.show()
    return page


def test_what_is_read_wears_a_ring_while_it_has_the_keyboard(host, qtbot):
    """It is painted anew when the keyboard comes and goes: without being asked to, as Qt does for every widget."""
    above = Button("上一个", lambda: None)
    reading = Reading("说明", Text("一段话"))
    host.setLayout(column(above, reading))
    ring = theme.colour(Tone.ACCENT)
    painted = Painted(reading.viewport())

    def is_ringed():
        """At the far side: at the near one a letter may stand on the ring, which depends on the fonts loaded so far."""
        side = reading.mapTo(host, QPoint(reading.width() - 1, reading.height() // 2))
        return painted.picture(host).pixelColor(side) == ring

    above.setFocus()
    qtbot.waitUntil(lambda: above.hasFocus() and painted.times > 0)
    assert not is_ringed()
    for widget, ringed in ((reading, True), (above, False)):
        painted.times = 0
        widget.setFocus()
        qtbot.waitUntil(lambda ringed=ringed: reading.hasFocus() is ringed and painted.times > 0)
        assert is_ringed() is ringed


def test_toast_goes_by_itself(host, qtbot):
    toast = Toast(host, "已保存：谈心", lasts=30)
    with qtbot.waitSignal(toast.gone):
        pass


def test_toast_waits_while_hovered_and_while_focused(host, qtbot):
    toast = Toast(host, "已保存：谈心", on_undo=lambda: None, lasts=30)
    here = QPointF(5, 5)
    QApplication.sendEvent(toast, QEnterEvent(here, here, here))
    with qtbot.assertNotEmitted(toast.gone, wait=90):
        pass
    QApplication.sendEvent(toast, QEvent(QEvent.Type.Leave))
    toast.link.setFocus()
    with qtbot.assertNotEmitted(toast.gone, wait=90):
        pass
    with qtbot.waitSignal(toast.gone):
        toast.link.clearFocus()


def test_toast_undoes_once_and_leaves(host, qtbot):
    undone = []
    toast = Toast(host, "已保存：谈心", on_undo=lambda: undone.append(1))
    with qtbot.waitSignal(toast.gone):
        qtbot.keyClick(toast.link, Qt.Key.Key_Return)
    assert undone == [1]


def test_only_what_can_be_taken_back_has_the_tick(host):
    """Why something cannot be is told in the same place, and must not look done."""
    marks = [
        toast.findChildren(Text)[0].pixmap().toImage()
        for toast in (Toast(host, "移到了回收站", on_undo=lambda: None), Toast(host, "不是空班级，不能删除"))
    ]
    assert marks == [theme.pixmap(icon, Tone.PAPER).toImage() for icon in ("checkmark", "info")]
    assert marks[0] != marks[1]


def test_toast_stays_at_the_foot(host):
    toast = Toast(host, "已保存：谈心")
    host.resize(700, 400)
    assert host.rect().contains(toast.geometry())
    assert toast.geometry().bottom() > 370


def test_question_starts_on_the_safe_verb_and_escape_means_it(host, qtbot):
    dialog = AskDialog(
        host, "把 李挈（二（2）班，2018-04）移到回收站？", ["一起移走：60 条谈心和家访。"],
        [Verb("stay", "先不动"), Verb("bin", "移到回收站", Kind.DANGER)],
    )  # fmt: skip
    with qtbot.waitActive(dialog):
        dialog.open()
    assert dialog.focusWidget() is dialog.buttons["stay"]
    assert measured(dialog) == []
    with qtbot.waitSignal(dialog.chosen) as told:
        qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert told.args == ["stay"]


def test_question_answers_once_with_the_verb_pressed(host, qtbot):
    dialog = AskDialog(
        host, "移到回收站？", [], [Verb("stay", "先不动"), Verb("bin", "移到回收站", Kind.DANGER)]
    )
    heard = []
    dialog.chosen.connect(heard.append)
    with qtbot.waitActive(dialog):
        dialog.open()
    qtbot.keyClick(dialog.buttons["stay"], Qt.Key.Key_Right)
    assert dialog.focusWidget() is dialog.buttons["bin"]
    qtbot.keyClick(dialog.buttons["bin"], Qt.Key.Key_Return)
    dialog.close()
    assert heard == ["bin"]


def test_a_question_is_as_high_as_what_stands_in_it_now(host, qtbot):
    panel = AskDialog(host, "写入这份排号？", ["两行。"], [Verb("no", "先不动"), Verb("yes", "写入")])
    more = Text("", wrap=True)
    panel.box.addWidget(more)
    more.hide()
    panel.open()
    before = panel.height()

    more.setText("后来才知道的话，很长，要占好几行。" * 8)
    more.show()
    qtbot.waitUntil(lambda: panel.height() >= before + 3 * more.fontMetrics().height())
    assert more.height() >= more.heightForWidth(more.width()), "nothing of it is cut"

    more.hide()
    qtbot.waitUntil(lambda: panel.height() == before)


def test_fault_shows_three_heads_and_leaves_out_an_empty_part(host):
    full = ThreePartDialog(host, "没有做成", ("硬盘满了。", "已经存上的都在。", "请清出 12 MB。"))
    assert [w for w in words(full) if w in THREE_HEADS] == list(THREE_HEADS)
    short = ThreePartDialog(host, "没有做成", ("硬盘满了。", "", ""))
    assert THREE_HEADS[1] not in words(short)


def test_empty_state_offers_its_ways(host, qtbot):
    pressed = []
    state = EmptyState(
        "台账还是空的",
        "先把孩子登记进来。",
        ways=[
            Way(
                "arrow_import",
                "有现成的花名册",
                "Excel、WPS 表都可以。",
                "导入花名册",
                lambda: pressed.append(1),
                filled=True,
            )
        ],
    )
    qtbot.addWidget(state)
    state.findChild(Button).click()
    assert pressed == [1]
    state.set_words(
        "", "没有符合「留守：双亲」的儿童。", link="去掉这个条件", on_link=lambda: pressed.append(2)
    )
    state.findChildren(Link)[-1].click()
    assert pressed == [1, 2]
    assert "台账还是空的" not in [t.text() for t in state.findChildren(Text) if not t.isHidden()]


def test_progress_shows_after_its_second_counts_and_stops(host, qtbot, monkeypatch):
    monkeypatch.setattr("ui.widgets.progress.APPEARS_AFTER", 20)
    footer = ProgressFooter()
    footer.setParent(host)
    footer.begin("正在排版：0 / 13 页", "停下后已排好的页还能看")
    assert footer.isHidden()
    qtbot.waitUntil(footer.isVisible)
    footer.step(11, 13, "正在排版：11 / 13 页")
    assert "正在排版：11 / 13 页" in words(footer)
    with qtbot.waitSignal(footer.stopped):
        footer.findChild(Link).click()
    footer.end()
    assert footer.isHidden()


def test_quick_work_shows_no_progress(host, qtbot, monkeypatch):
    monkeypatch.setattr("ui.widgets.progress.APPEARS_AFTER", 20)
    footer = ProgressFooter()
    footer.setParent(host)
    footer.begin("正在核对")
    footer.end()
    qtbot.wait(60)
    assert footer.isHidden()


def test_footer_and_banner_say_their_words(host):
    bar = FooterBar(Link("取消选择"), lead="已选 4 名", tinted=True)
    bar.set_words("已选 5 名", "其中 1 名不在册")
    assert {"已选 5 名", "其中 1 名不在册"} <= set(words(bar))
    banner = Banner("只读查看：这个文件夹不让写。", link="另存一份", on_link=lambda: None)
    banner.set_words("只读查看。")
    assert "只读查看。" in words(banner)


def test_the_keyboard_begins_in_the_first_field_and_not_on_a_link_above_it(look, qtbot):
    panel = Panel(None, "放进附件", [Verb("stay", "先不动"), Verb("save", "放进去")], focus_content=True)
    field = QuietField(quiet=False, hint="如 户口本首页")
    panel.box.addWidget(Link("看", panel.fit))
    panel.box.addWidget(field)
    qtbot.addWidget(panel)
    qtbot.show(panel)
    qtbot.waitUntil(field.hasFocus)


def test_what_scrolls_is_as_high_as_its_words_in_its_width(host, qtbot):
    lines = [
        Text("先别恢复、别重装：关机等一分钟再开；还不行，请带电脑找懂电脑的人。", wrap=True)
        for _ in range(8)
    ]
    scroll = Scroll(*lines)
    host.setLayout(column(scroll, None))
    scroll.setFixedHeight(len(lines) * lines[0].heightForWidth(800))
    qtbot.waitUntil(lambda: scroll.viewport().width() > 800)
    assert not scroll.verticalScrollBar().isVisible()


def test_ways_of_an_empty_page_keep_their_height_where_room_is_low(host, qtbot):
    ways = [Way("arrow_import", "有现成的花名册", "Excel、WPS 表都可以。", "导入花名册", host.update)]
    state = EmptyState("台账还是空的", "先把孩子登记进来。", ways=ways)
    host.setLayout(column(state))
    button = state.findChild(Button)
    head = next(text for text in state.findChildren(Text) if text.text() == "有现成的花名册")
    qtbot.waitUntil(lambda: head.y() > theme.metrics().icon_large)
    high = state.minimumSizeHint().height()
    state.setFixedHeight(high)
    qtbot.waitUntil(lambda: state.height() == high)
    over = head.y()
    state.setFixedHeight(high - theme.metrics().s24)
    qtbot.waitUntil(lambda: head.y() < over)
    assert button.height() == theme.metrics().button
    state.setFixedHeight(high)
    qtbot.waitUntil(lambda: head.y() == over)


def test_a_question_begins_where_it_says(look, qtbot):
    panel = Panel(None, "永久删除？", [Verb("stay", "先不动"), Verb("go", "删")], focus_content=True)
    box, field = CheckBox("马云清", checked=True), QuietField(quiet=False, hint="原因")
    panel.box.addWidget(box)
    panel.box.addWidget(field)
    panel.begins_in = field
    qtbot.addWidget(panel)
    qtbot.show(panel)
    qtbot.waitUntil(field.hasFocus)
