"""The start screen: why the ledger did not open, what is safe, what to do now."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial

from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSpacerItem, QWidget
from typing_extensions import override

from app.core.errors import ShouwangError
from app.core.messages import fault
from ui import theme
from ui.shell.candidates import Candidate, candidate_columns, path_of
from ui.theme import Tone, Type, tokens
from ui.widgets import (
    Button,
    DataTable,
    Kind,
    Link,
    ProgressFooter,
    Scroll,
    Sheet,
    Text,
    column,
    row,
)
from ui.widgets.dialog import THREE_HEADS, HelpGiver
from ui.widgets.surface import Ground

HEADS = {
    "resume": "上次的恢复没有做完",
    "missing": "找不到数据文件",
    "empty": "数据文件是空的",
    "not-ours": "这不是守望的数据",
    "newer-schema": "这份数据要用新版守望打开",
    "older-schema": "这份数据是旧版守望存的",
    "older-content": "数据比上次退出时旧",
    "corrupt": "数据文件损坏，打不开",
    "index-damaged": "查找用的目录和记录对不上",
    "io-error": "硬盘读不出数据",
    "read-only": "这份数据只能看",
    "locked": "数据文件被别的程序占用",
    "other-path": "这是另一份数据",
    "storage.in_use": "守望已经打开了这份数据",
    "storage.upgrade_failed": "没有升级成，仍用原来的数据",
    "storage.older_copy": "这份拷贝是旧版守望存的",
}
"""The head of each state; any other fault is 数据打不开."""

LEAVE = frozenset({"退出", "先不动，退出", "先不升级，退出", "不等了"})
NEWER = "用较新的"
FROM_BACKUP = frozenset({"从备份恢复", NEWER})
RESTORE_THIS = "恢复这一份"
USE_MENDED = "用修好的"
PRINT_LIST = "打印修复清单"
LOOK_CLOSER = "看看能不能修好"
UPGRADE = "开始升级"
UPGRADE_AGAIN = "再升级一次"
OTHER_FOLDER = "换一个文件夹找备份"


class Problem(Struct, frozen=True):
    """A fault at the start, with the verified backups that can be offered for it, and what the journal adds to each."""

    key: str
    parts: tuple[str, str, str]
    verbs: tuple[str, ...]
    backups: tuple[Candidate, ...] = ()

    @classmethod
    def of(cls, error: ShouwangError, backups: Sequence[Candidate] = ()) -> Problem:
        """Take the words from the fault; backups are offered only where the fault offers restoring."""
        own = AT_THE_START.get(error.key)
        told = fault(own) if own else error
        what = f"{told.what}（代码 {error.code}）" if error.code else told.what
        verbs = told.buttons or ("退出",)
        offered = tuple(b for b in backups if b.is_verified) if FROM_BACKUP & set(verbs) else ()
        if error.key in MENDABLE:
            verbs = (*verbs, LOOK_CLOSER)
        best = next((one for one in offered if one.journal_commits), None)
        more = f"日志里还有之后的 {best.journal_commits} 次保存，恢复时可以补回。" if best is not None else ""
        problem = cls(error.key, (what, f"{told.safe}{more}", told.todo), verbs, offered)
        return problem if LEAVE & set(verbs) else replace(problem, verbs=(*verbs, "先不动，退出"))


class NumberedPart(QWidget):
    """① head and words, as on the sheet a helper would read aloud."""

    def __init__(self, number: int, head: str, words: str) -> None:
        super().__init__()
        m = theme.metrics()
        badge = Text(str(number), Type.SMALL, Tone.INK2, bold=True)
        badge.setAlignment(Qt.AlignmentFlag.AlignCenter)
        badge.setFixedSize(m.step, m.step)
        badge.setProperty("ground", "badge")
        badge.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        text = column(Text(head, bold=True), Text(words, wrap=True, selectable=True), gap=m.s4)
        box = QHBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(m.s12)
        box.addWidget(badge, 0, Qt.AlignmentFlag.AlignTop)
        box.addLayout(text, 1)


class StartScreen(Ground):
    """A centred column on the desk: head with an icon, then whatever `body` holds, all scrollable."""

    def __init__(self, head: str, *, icon: str = "", tone: Tone = Tone.OCHRE) -> None:
        super().__init__("desk")
        m = theme.metrics()
        line: list[QWidget | int] = []
        if icon:
            mark = Text()
            mark.setPixmap(theme.pixmap(icon, tone, size=m.icon_large))
            line += [mark, m.s12]
        self.head = Text(head, Type.START, wrap=True)
        title = row(*line, self.head)
        title.setStretch(len(line), 1)
        title.setContentsMargins(0, m.s8, 0, 0)
        self.body = column()
        middle = QWidget()
        middle.setLayout(column(title, m.s16, self.body))
        middle.setFixedWidth(m.start_column)
        self.progress = ProgressFooter()
        self._scroll = Scroll(row(None, middle, None), None, margins=(m.s24, m.s16, m.s24, m.s16))
        self._air = QSpacerItem(0, 0)
        self._scroll.box.insertItem(0, self._air)
        self._middle = middle
        self.setLayout(column(self._scroll, self.progress))

    def _lower(self) -> None:
        """In a high window the column stands lower: by the window's height alone, so that nothing moves as words come."""
        m = theme.metrics()
        spare = self.height() - round(tokens.WINDOW_LEAST[1] * m.scale)
        left = self.height() - self._high - 2 * m.s16
        self._air.changeSize(0, max(min(spare // LOWER, left), 0))
        self._scroll.box.invalidate()

    @property
    def _high(self) -> int:
        """How high the column is in its width."""
        return self._middle.heightForWidth(self._middle.width())

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lower()

    def help_link(self, words: str) -> Link:
        """Return the link to what F1 opens, for a screen to place: somebody new does not know F1."""
        return Link(words, self._ask_help, kind=Type.SMALL)

    def _ask_help(self) -> None:
        window = self.window()
        if isinstance(window, HelpGiver):
            window.open_help()


class ProblemScreen(StartScreen):
    """Says one Problem. `chosen(words)` tells the verb; with backups 恢复这一份 hands `restore_chosen(candidate)`."""

    chosen = Signal(str)
    restore_chosen = Signal(object)

    def __init__(self, problem: Problem, today: date) -> None:
        super().__init__(
            HEADS.get(problem.key, "数据打不开"),
            icon="warning",
            tone=Tone.INK2 if problem.key in QUIET else Tone.OCHRE,
        )
        m = theme.metrics()
        self.problem = problem
        self.table: DataTable | None = None
        self._gaps = [QSpacerItem(0, m.s16) for _ in range(4)]
        said = [(h, w) for h, w in zip(THREE_HEADS, problem.parts, strict=True) if w]
        for number, (head, words) in enumerate(said, start=1):
            self.body.addWidget(NumberedPart(number, head, words))
            self.body.addItem(self._gaps[number - 1])
        if problem.backups:
            self._add_backups(problem.backups, today)
        self.note = Text("", tone=Tone.INK2, wrap=True)
        self.note.hide()
        self.body.addLayout(row(m.step + m.s12, self.note))
        self._note_gap = Text("")
        self._note_gap.setFixedHeight(m.s12)
        self._note_gap.hide()
        self.body.addWidget(self._note_gap)
        self.body.addLayout(self._verbs())
        self.body.addSpacing(m.s12)
        leave = next(v for v in problem.verbs if v in LEAVE)
        advice = f"拿不准就点「{leave}」，什么都不会变，下次打开还是这一页。"
        self.help = self.help_link(HELP)
        self.body.addLayout(row(m.step + m.s12, Text(advice, Type.SMALL, Tone.INK3), None, self.help))
        self.body.addStretch(1)

    def _add_backups(self, backups: tuple[Candidate, ...], today: date) -> None:
        m = theme.metrics()
        self.table = DataTable(candidate_columns(today), key=path_of, tint_current=True)
        self.table.set_rows(backups)
        self._show_rows(BACKUPS_SHOWN)
        self.table.opened.connect(self.restore_chosen)
        sheet = Sheet(self.table)
        self.body.addLayout(row(m.step + m.s12, sheet))
        self.body.addItem(self._gaps[-1])

    def say_more(self, words: str) -> None:
        """A line over the verbs that changes while the screen stands: 正在重试…"""
        self.note.setText(words)
        self.note.setVisible(bool(words))
        self._note_gap.setVisible(bool(words))

    def _verbs(self) -> QHBoxLayout:
        m = theme.metrics()
        buttons: list[Button] = []
        for words in self.problem.verbs:
            act: Callable[[], object] = partial(self.chosen.emit, words)
            if words in FROM_BACKUP and self.table is not None:
                exact = words if words == NEWER else RESTORE_THIS
                words, act = exact, self._restore_current  # noqa: PLW2901 - the same verb, made exact
            buttons.append(Button(words, act))
        likely = [b for b in buttons if b.text() not in LEAVE | {LOOK_CLOSER, PRINT_LIST}]
        if likely and self.problem.key not in DOUBTFUL:
            likely[0].set_kind(Kind.FILLED)
        buttons.sort(key=lambda b: b.text() in LEAVE)
        self.first = next(b for b in buttons if b.text() in LEAVE)
        parts: list[QWidget | int | None] = [m.step + m.s12, *buttons, None]
        if FROM_BACKUP & set(self.problem.verbs):
            parts.append(Link(OTHER_FOLDER, partial(self.chosen.emit, OTHER_FOLDER), icon="folder_open"))
        return row(*parts, gap=m.s8)

    def _show_rows(self, most: int) -> None:
        m = theme.metrics()
        if self.table is not None:
            shown = min(len(self.problem.backups), most)
            self.table.setFixedHeight(m.table_head + shown * m.row + m.s4)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a low window fewer backups are shown at once and all stands closer, so that the last line is in sight."""
        super().resizeEvent(event)
        if self.table is None:
            return
        m = theme.metrics()
        is_low = self.height() < tokens.WINDOW_USUAL[1] * m.scale
        for gap in self._gaps:
            gap.changeSize(0, m.s8 if is_low else m.s16)
        self.body.invalidate()
        around = self._high - self.table.height() + m.s32
        room = (self.height() - around - m.table_head) // m.row
        self._show_rows(min(max(room, 2), BACKUPS_SHOWN))
        self._lower()

    def _restore_current(self) -> None:
        if self.table is not None and self.table.current_row() is not None:
            self.restore_chosen.emit(self.table.current_row())

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.first.click()
        else:
            super().keyPressEvent(event)


AT_THE_START = {
    "storage.full": "start.full",
    "storage.io_read": "io-error",
    "storage.io_write": "start.io_write",
}
"""What is said and offered before a ledger is open, where a fault's own words and buttons are meant for an open one."""
BACKUPS_SHOWN = 5
LOWER = 5
"""Which part of the height above the least one stands over a start screen."""
HELP = "帮助、支持文件 F1"
MENDABLE = frozenset({"corrupt"})
"""Where a checkup may find that a copy can be mended after all; damaged indexes are looked at without being asked."""
QUIET = frozenset({"read-only", "other-path", "older-schema", "newer-schema", "storage.older_copy"})
"""Where nothing is wrong."""
DOUBTFUL = frozenset({"older-content", "newer-schema", "other-path", "resume"})
"""Where no choice is nudged."""
