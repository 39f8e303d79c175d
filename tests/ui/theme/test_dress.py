"""The style sheet is a window's own: what is put together outside of it is styled once, when it comes in."""

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint
from PySide6.QtWidgets import QApplication, QCompleter, QToolTip, QWidget

from ui import theme
from ui.shell.start_window import StartWindow
from ui.shell.window import MainWindow
from ui.theme.sheet import style_sheet
from ui.widgets import Menu, Panel, QuietField, Text, Verb
from ui.widgets.layout import column, holder, row
from ui.widgets.pick import Pick, PickField


class Styled(QObject):
    """Counts how often a widget is told of another style."""

    def __init__(self, watched: QWidget) -> None:
        super().__init__(watched)
        self.times = 0
        watched.installEventFilter(self)

    def eventFilter(self, _watched, event):
        self.times += event.type() == QEvent.Type.StyleChange
        return False


def test_the_innermost_part_of_a_page_is_styled_once(look, qtbot):
    words = Text("最里面")
    seen = Styled(words)
    page = holder(column(holder(row(holder(column(holder(row(words))))))))
    assert seen.times == 0  # with a style sheet on the application it would be four by now
    window = QWidget()
    qtbot.addWidget(window)
    window.setLayout(column(page))
    assert seen.times == 1


def test_the_application_has_no_style_sheet_whatever_the_type_size(qapp, look):
    theme.install(qapp, 1.3)
    assert QApplication.styleSheet(qapp) == ""
    theme.install(qapp, 1.0)
    assert QApplication.styleSheet(qapp) == ""


def _menu() -> QWidget:
    return Menu()


def _panel() -> QWidget:
    return Panel(None, "问一句", [Verb("ok", "知道了")])


@pytest.mark.parametrize("make", [StartWindow, lambda: MainWindow([], "守望"), _menu, _panel])
def test_what_stands_by_itself_carries_it(look, qtbot, make):
    made = make()
    assert made.styleSheet() == style_sheet(theme.metrics())
    qtbot.addWidget(made)


def test_so_does_the_list_of_names_below_a_field(look, qtbot):
    field = PickField([Pick("a", "陈素兰", "陈素兰")], hint="选一位")
    qtbot.addWidget(field)
    offered = field.completer()
    assert isinstance(offered, QCompleter)
    assert offered.popup().styleSheet() == style_sheet(theme.metrics())


def test_what_belongs_to_a_window_takes_it_from_there(look, qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    panel, menu = Panel(window, "问一句", [Verb("ok", "知道了")]), Menu(window)
    assert (panel.styleSheet(), menu.styleSheet()) == ("", "")
    field, alone = QuietField(), QuietField()
    qtbot.addWidget(alone)
    alone.setStyleSheet("")
    panel.box.addWidget(field)
    field.ensurePolished()
    alone.ensurePolished()
    assert (field.minimumHeight(), alone.minimumHeight()) == (theme.metrics().quiet_field, 0)


def test_a_tip_is_little_higher_than_its_line(qtbot, look):
    """Qt takes the padding of the style sheet twice, and its wider side for all four."""
    window = QWidget()
    qtbot.addWidget(window)
    theme.dress(window)
    qtbot.show(window)
    QToolTip.showText(window.mapToGlobal(QPoint()), "现在由谁登记；点一下换人", window)
    tip = next(one for one in QApplication.topLevelWidgets() if one.inherits("QTipLabel") and one.isVisible())
    line = tip.fontMetrics().height()
    high = tip.height()
    QToolTip.hideText()
    tip.close()
    assert line + 8 <= high <= line + 18
