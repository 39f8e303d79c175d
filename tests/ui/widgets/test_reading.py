"""Lines of a panel that are higher than the screen: they scroll, shorter ones stand as they are."""

import pytest

from ui.widgets import Reading, Text, column, holder, within_room

LINE = "一行要折起来才放得下的话，"


@pytest.fixture
def lines(look):
    return holder(column(*(Text(LINE * 4, wrap=True) for _ in range(8))))


def test_lines_that_have_room_stand_as_they_are(qtbot, lines):
    qtbot.addWidget(lines)
    assert within_room(lines, "帮助", width=400, room=2_000) is lines


def test_lines_that_have_no_room_scroll_and_keep_their_width(qtbot, lines):
    high = lines.layout().totalHeightForWidth(400)
    found = within_room(lines, "帮助", width=400, room=high - 1)
    qtbot.addWidget(found)
    assert isinstance(found, Reading)
    assert (found.height(), found.accessibleName()) == (high - 1, "帮助")
    found.setFixedWidth(400)
    found.show()
    qtbot.waitUntil(lambda: found.verticalScrollBar().maximum() > 0)
