"""What was not saved last time is offered: whose, when, and side by side with what the ledger holds. Never put in unasked.

Whoever starts the program sees this first. So of a restricted record only the kind and the moment are told here; its
words stand in its own form, or here once somebody has asked for them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QGridLayout, QWidget
from typing_extensions import override

from app.storage.drafts import Draft, Offered, RecordState, first_offers, offers
from ui import theme
from ui.context import Context
from ui.dialogs import Dialogs
from ui.drafts import Drafts, closed_words, is_known, page_of
from ui.drafts.note import LONG_TEXT
from ui.theme import Tone, Type
from ui.widgets import (
    Banner,
    Ground,
    Kind,
    Link,
    Panel,
    Scroll,
    SideItem,
    SideList,
    Text,
    Verb,
    column,
    row,
)
from ui.widgets.clipboard import copy_text
from ui.wording import stored_moment_words

LATER, DROP, COPY, ON = "later", "drop", "copy", "on"
COVERED = "写的是谁、写了什么，先不显示：坐在电脑前的不一定是您。"
_ROWS_SEEN = 40
_MOST_ROWS = 6
_LISTED = 5


class SideBySide(QWidget):
    """项目 | 档案里现在 | 您写的; a value that is in the ledger meanwhile stands out."""

    def __init__(self, offered: Offered) -> None:
        super().__init__()
        m = theme.metrics()
        grid = QGridLayout(self)
        grid.setContentsMargins(m.s12, m.s8, m.s12, m.s8)
        grid.setHorizontalSpacing(m.s16)
        grid.setVerticalSpacing(m.s4)
        grid.setColumnMinimumWidth(0, m.value_at)
        entries = offered.draft.entries
        # Of a record that is not in the file yet there is no other side: what she wrote stands beside its name.
        has_now = any(entry.source or entry.was_words or offered.now.get(entry.name) for entry in entries)
        grid.setColumnStretch(1, int(has_now))
        grid.setColumnStretch(2, 1)
        for place, words in enumerate(("", "档案里现在" if has_now else "", "您写的")):
            grid.addWidget(Text(words, Type.SMALL, Tone.INK3), 0, place)
        for line, entry in enumerate(entries[:_ROWS_SEEN], 1):
            now = offered.now.get(entry.name, entry.was_words)
            moved = now != entry.was_words
            parts = (
                Text(entry.label, Type.SMALL, Tone.INK2, wrap=True),
                Text(
                    now or ("（空着）" if has_now else ""),
                    Type.SMALL,
                    Tone.OCHRE if moved else Tone.INK2,
                    wrap=True,
                ),
                Text(entry.words or "（清空了）", Type.SMALL, wrap=True, selectable=True),
            )
            for place, part in enumerate(parts):
                grid.addWidget(part, line, place, Qt.AlignmentFlag.AlignTop)
        more = len(entries) - _ROWS_SEEN
        if more > 0:
            grid.addWidget(Text(f"还有 {more} 项", Type.SMALL, Tone.INK3), _ROWS_SEEN + 1, 0, 1, 3)
        grid.setRowStretch(grid.rowCount(), 1)


class Covered(QWidget):
    """In the place of the words of a restricted record, until they are asked for."""

    def __init__(self, on_show: Callable[[], object]) -> None:
        super().__init__()
        m = theme.metrics()
        self.link = Link("就在这里看", on_show, kind=Type.SMALL)
        line = row(Text(COVERED, Type.SMALL, Tone.INK2), m.s8, self.link, None)
        self.setLayout(column(line, None, margins=(m.s12, m.s8, m.s12, m.s8)))


class OffersPanel(Panel):
    """One draft as a question, several as a list. Answers `later` or `on` (`current` is the draft)."""

    def __init__(
        self,
        parent: QWidget | None,
        offered: Sequence[Offered],
        unreadable: int,
        drafts: Drafts,
        dialogs: Dialogs,
        today: date,
    ) -> None:
        m = theme.metrics()
        verbs = [
            Verb(LATER, "以后再说"),
            Verb(DROP, "不要了"),
            Verb(COPY, "复制文字"),
            Verb(ON, "接着写", Kind.FILLED),
        ]
        super().__init__(parent, "", verbs, width=m.start_column)
        self._today = today
        self._drafts = drafts
        self._dialogs = dialogs
        self._offered = list(offered)
        self._shown: set[tuple[str, str, str]] = set()
        self.list = SideList()
        self.list.chosen.connect(self._choose)
        self._listed = Scroll(self.list, None)
        self._why = Text("", Type.SMALL, Tone.OCHRE, wrap=True)
        self._compared = Scroll()
        ground = Ground("note")
        ground.setLayout(column(self._compared, margins=(1, 1, 1, 1)))
        # One height for all of them: nothing moves while she looks from one to the next.
        most = max(len(one.draft.entries) for one in offered)
        ground.setFixedHeight(m.row * min(most + 2, _MOST_ROWS))
        self.box.addWidget(self._listed)
        self.box.addSpacing(m.s8)
        self.box.addWidget(ground)
        self.box.addWidget(self._why)
        if unreadable:
            words = f"另有 {unreadable} 份草稿读不出来，没有动它。"
            self.box.addWidget(Text(words, Type.SMALL, Tone.OCHRE, wrap=True))
        self._show()

    @property
    def current(self) -> Offered:
        """The draft that is looked at."""
        place = int(self.list.current or 0)
        return self._offered[min(place, len(self._offered) - 1)]

    @override
    def answer(self, key: str) -> None:
        if key == COPY:
            self._why.setText(copy_text(as_text(self.current.draft)))
        elif key == DROP:
            self._ask_drop()
        else:
            super().answer(key)

    def _ask_drop(self) -> None:
        """A long text is not thrown away by a slip of the hand."""
        one = self.current
        typed = sum(len(entry.words) for entry in one.draft.entries)
        if typed < LONG_TEXT and not self._is_covered(one):
            self._drop(one)
            return
        self._dialogs.ask(
            f"{self._words(one)}：这些都不要了？",
            ["不要了就找不回来；档案里原来的没有动。"],
            [Verb("stay", "先留着"), Verb("drop", "不要了", Kind.DANGER)],
            partial(self._drop_answered, one),
        )

    def _drop_answered(self, one: Offered, key: str) -> None:
        if key == "drop":
            self._drop(one)

    def _drop(self, one: Offered) -> None:
        self._offered.remove(one)
        self._drafts.drop(one.draft.key)
        if self._offered:
            self._show()
        else:
            super().answer(LATER)

    def _show(self) -> None:
        m = theme.metrics()
        several = len(self._offered) > 1
        items = [
            SideItem(str(place), self._words(one), fact=self._moment(one), fact_tone=Tone.INK2)
            for place, one in enumerate(self._offered)
        ]
        self.list.set_items(items)
        self._listed.setVisible(several)
        self._listed.setFixedHeight(min(len(items), _LISTED) * m.button)
        if several:
            self.head.setText(f"上次有 {len(items)} 处没来得及保存，要接着写吗？")
        else:
            one = self._offered[0]
            self.head.setText(f"上次没来得及保存：{self._words(one)} {self._moment(one)}，要接着写吗？")
        self._choose(self.list.current)

    def _choose(self, _key: str) -> None:
        one = self.current
        old = self._compared.takeWidget()
        if old is not None:
            old.deleteLater()
        is_covered = self._is_covered(one)
        compared = Covered(self._uncover) if is_covered else SideBySide(one)
        compared.setObjectName("scrolled")
        self._compared.setWidget(compared)
        why = _why_not(one)
        self._why.setText(why)
        self.buttons[ON].setVisible(not why)
        self.buttons[COPY].setVisible(bool(why) and not is_covered)

    def _is_covered(self, one: Offered) -> bool:
        return closed_words(one.draft) is not None and one.draft.key not in self._shown

    def _words(self, one: Offered) -> str:
        """Whose and which; of a restricted record only which."""
        return (closed_words(one.draft) if self._is_covered(one) else None) or one.draft.words

    def _uncover(self) -> None:
        """就在这里看: she asked for the words of this one."""
        self._shown.add(self.current.draft.key)
        self._show()

    def _moment(self, one: Offered) -> str:
        return stored_moment_words(one.draft.at, self._today)


def _why_not(offered: Offered) -> str:
    """Why a draft can only be read and copied; empty when its form can be opened."""
    if offered.state is RecordState.GONE:
        return "这条记录已经不在了：只能看、复制文字。"
    if not is_known(offered.draft):
        return "这一版的守望没有这张表了：只能看、复制文字。"
    return ""


def as_text(draft: Draft) -> str:
    """The words of a draft for the clipboard, a line per field."""
    return "\n".join(f"{entry.label}：{entry.words}" for entry in draft.entries)


class Offers(QObject):
    """Asks at the start, and again from the banner that stays until every draft is decided on."""

    def __init__(
        self, context: Context, set_banner: Callable[[str, Callable[[], Banner] | None], object]
    ) -> None:
        super().__init__()
        self._context = context
        self._set_banner = set_banner
        self._panel_is_open = False
        context.drafts.left_changed.connect(self._show_banner)
        context.drafts.troubled.connect(self.show_trouble)

    def begin(self) -> None:
        """Look for drafts of this ledger and ask, without holding anything up."""
        box = self._context.drafts.box
        if box is not None:
            self._context.read(first_offers, box, on_done=self._found)

    def look(self) -> None:
        """看一看: ask again about those that are left."""
        box = self._context.drafts.box
        if box is not None:
            self._context.read(offers, box, on_done=self._ask)

    def _found(self, answer: tuple[tuple[Offered, ...], int]) -> None:
        self._context.drafts.set_left(tuple(one.draft for one in answer[0]))
        self._ask(answer)

    def _ask(self, answer: tuple[tuple[Offered, ...], int]) -> None:
        offered, unreadable = answer
        left = {draft.key for draft in self._context.drafts.left}
        offered = tuple(one for one in offered if one.draft.key in left)
        if not offered or self._panel_is_open:
            return
        context = self._context
        panel = OffersPanel(
            context.dialogs.window,
            offered,
            unreadable,
            context.drafts,
            context.dialogs,
            context.clock.today(),
        )
        self._panel_is_open = True
        context.dialogs.open_panel(panel, partial(self._answered, panel))

    def _answered(self, panel: OffersPanel, key: str) -> None:
        self._panel_is_open = False
        if key == ON:
            draft = panel.current.draft
            self._context.drafts.want(draft)
            self._context.navigation.open_page(page_of(draft), **draft.where)

    def _show_banner(self) -> None:
        count = len(self._context.drafts.left)
        words = f"有 {count} 处上次没来得及保存的内容，还留着。"
        make = partial(Banner, words, icon="info", ground="select", link="看一看", on_link=self.look)
        self._set_banner("drafts", make if count else None)

    def show_trouble(self, error: object) -> None:
        """Say as long as it lasts that what is being written is not kept on the disk; None when it is again."""
        words = "正在写的内容没能留底：放草稿的硬盘写不进去。请尽快存上，存上以前不要关电脑。"
        self._set_banner("drafts-trouble", partial(Banner, words, icon="warning") if error else None)


__all__ = ["COPY", "DROP", "LATER", "ON", "Offers", "OffersPanel", "as_text"]
