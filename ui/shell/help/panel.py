"""F1: what this is for, how its commonest things are done, the keys that work here."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from app.core.help_topics import Topic, help_topics
from ui import theme
from ui.theme import Tone, Type
from ui.widgets import Link, Panel, Reading, Text, Verb, column, holder, row

CLOSE, GUIDE, CARD, ABOUT, SUPPORT, DEMO = "close", "guide", "card", "about", "support", "demo"
MORE = (
    (GUIDE, "四页指南"),
    (CARD, "按键卡"),
    (ABOUT, "关于守望"),
    (SUPPORT, "支持文件…"),
    (DEMO, "看演示学校"),
)


class HelpPanel(Panel):
    """One topic. Answers `close`, or what was asked for besides: `guide`, `card`, `about`, `support`, `demo`."""

    def __init__(
        self, parent: QWidget | None, topic: Topic, *, with_keys: bool = True, with_demo: bool = False
    ) -> None:
        m = theme.metrics()
        self.topic = topic
        wide = m.start_column if with_keys else m.dialog
        super().__init__(parent, f"帮助：{topic.title}", [Verb(CLOSE, "知道了")], width=wide)
        offered = [(key, words) for key, words in MORE if key != DEMO or with_demo]
        self.more = {key: Link(words, partial(self.answer, key)) for key, words in offered}
        self.words = row(_said(topic), margins=(0, 0, m.s12, 0))
        self.words.setStretch(0, 1)
        if with_keys:
            self.words.addSpacing(m.s24)
            self.words.addWidget(_keys_of(topic))
        self.reading = Reading(self.head.text(), self.words)
        self.box.addWidget(self.reading)
        self._verbs.insertLayout(0, row(-m.s4, *self.more.values(), gap=m.s12))
        room = parent.height() - m.list_row * 4 if parent is not None else m.dialog
        high = self.words.totalHeightForWidth(wide - 2 * m.s24)
        self.reading.setFixedHeight(min(high, max(room, m.list_row * 3)))


def _said(topic: Topic) -> QWidget:
    m = theme.metrics()
    told = column(gap=m.s2)
    if topic.purpose:
        told.addWidget(Text(topic.purpose, wrap=True))
        told.addSpacing(m.s12)
    for what, how in topic.steps:
        if what:
            told.addWidget(Text(what, bold=True, wrap=True))
        told.addWidget(Text(how, tone=Tone.INK2, wrap=True))
        told.addSpacing(m.s8)
    told.addStretch(1)
    return holder(told)


def _keys_of(topic: Topic) -> QWidget:
    m = theme.metrics()
    topics = help_topics()
    here = (Topic("这里的按键", keys=topic.keys),) if topic.keys and topic is not topics.everywhere else ()
    groups = column()
    for group in (*here, topics.everywhere, topics.lists):
        groups.addWidget(Text(group.title, Type.SMALL, Tone.INK3))
        groups.addLayout(_keys(group))
    groups.addStretch(1)
    side = holder(groups)
    side.setFixedWidth(m.side_small)
    return side


def _keys(group: Topic) -> QGridLayout:
    m = theme.metrics()
    grid = QGridLayout()
    grid.setContentsMargins(0, 0, 0, m.s8)
    grid.setHorizontalSpacing(m.s12)
    grid.setVerticalSpacing(m.s2)
    grid.setColumnMinimumWidth(0, m.field_date)
    grid.setColumnStretch(1, 1)
    for line, (pressed, words) in enumerate(group.keys):
        grid.addWidget(Text(pressed, Type.SMALL, bold=True), line, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(Text(words, Type.SMALL, Tone.INK2, wrap=True), line, 1)
    return grid
