"""The coloured bars over every page: what this ledger is, what did not work, what to look at; each stays while true."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.core.changes import Changes
from app.core.errors import EnvironmentFault, ShouwangError
from app.core.messages import FAULTS
from app.storage.data_place import same_place
from app.tasks.starting import Notice, garbled_rows, second_notice, start_notices
from ui.context import Context
from ui.shell.ledger import Opened
from ui.shell.window import MainWindow
from ui.widgets.surface import Banner

if TYPE_CHECKING:
    from pathlib import Path

Make = Callable[[], Banner]

BACKUP, JOURNAL, GARBLED, SECOND, MISSED = "backup", "journal", "garbled", "second", "backup.missed"
BACK = "打开平时那份"
_CAN_BE_RIGHT = frozenset({"clock.early", "clock.late", "clock.before_program"})


class Bars(QObject):
    """`dress(window)` puts them on a window; `set(key, …)` changes one. Another window wears the same."""

    def __init__(self, opened: Opened, context: Context, usual: Path | None) -> None:
        super().__init__(context.bus)
        self._opened = opened
        self._context = context
        self._usual = usual
        self._window: MainWindow | None = None
        self._bars: dict[str, Make] = dict(self._about_the_ledger())
        self._said = self._read = ""
        self._counted = False
        self._missed_in: Path | None = None
        context.bus.changed.connect(self._look_at_journal)
        context.jobs.busy_changed.connect(self._met_garbled)

    @property
    def keys(self) -> tuple[str, ...]:
        """Which bars are there now."""
        return tuple(self._bars)

    def dress(self, window: MainWindow) -> None:
        """Put the bars on a window."""
        self._window = window
        for key, make in self._bars.items():
            window.set_banner(key, make)

    def set(self, key: str, make: Make | None) -> None:
        """Show a bar, or take it away."""
        if make is None:
            if self._bars.pop(key, None) is None:
                return
        else:
            self._bars[key] = make
        if self._window is not None:
            self._window.set_banner(key, make)

    # ---- what the ledger is

    def _about_the_ledger(self) -> list[tuple[str, Make]]:
        opened = self._opened
        found: list[tuple[str, Make]] = []
        if opened.is_demo:
            found.append(("demo", self._demo_banner))
        if opened.from_stick:
            words = f"正在看优盘上的拷贝（只读）：能看、能打印，不能登记。{self._older_words()}"
            found.append(("stick", partial(self._other_banner, words)))
        elif opened.is_copy:
            words = f"正在看一份备份（只读）：能看、能打印，不能登记。{self._older_words()}"
            found.append(("copy", partial(self._other_banner, words)))
        elif opened.store.read_only:
            words = f"只读查看：能看、能打印、能导出到别处，不能登记。{self._older_words()}"
            found.append(("read-only", partial(self._other_banner, words)))
        elif self._is_foreign():
            words = f"这是另一份数据，不是平时用的那一份（平时的在 {self._usual}）。"
            found.append(("foreign", partial(self._other_banner, words, icon="info")))
        if opened.warning:
            found.append(("rewinds", partial(Banner, opened.warning, icon="warning")))
        if not opened.was_clean:
            words = "上次没有正常退出，正在检查数据。查完以前登记的内容会排队等着。"
            found.append(("checking", partial(Banner, words, icon="info", ground="select")))
        return found

    def _older_words(self) -> str:
        """Of an older format is seen what came over; what is new in today's stands empty."""
        if not self._opened.store.is_older:
            return ""
        return "它是旧版守望存的：这里看的是换成新格式的一份，它自己没有动。"

    def _other_banner(self, words: str, *, icon: str = "lock_closed") -> Banner:
        """What is open is not the ledger she works on: said on every page, with the way back to that one."""
        back = self._context.program.open_usual if self._is_foreign() else None
        return Banner(words, icon=icon, folds=False, link=BACK if back is not None else "", on_link=back)

    def _demo_banner(self) -> Banner:
        words = "这是演示学校：里面的孩子和老师都是编的，随便试，不会碰到您自己的数据。"
        out = "回到我的学校" if self._usual is not None else "开始用自己的"
        leave = self._context.program.open_usual
        return Banner(words, icon="info", ground="select", folds=False, link=out, on_link=leave)

    def _is_foreign(self) -> bool:
        demo = self._opened.is_demo
        usual = self._usual
        return not demo and usual is not None and not same_place(usual, self._context.store.path)

    # ---- what to look at, some moments after the start

    def look(self) -> None:
        """Ask for room, place and clock; nothing is held up by it. Every record is read only when the file is sound."""
        context = self._context
        if not self._opened.is_demo and not self._opened.store.read_only:
            context.jobs.run(
                start_notices,
                context.store,
                context.backup_folder,
                on_done=self._noticed,
                on_error=self._not_noticed,
            )
        self._look_at_journal(None)
        self._look_at_second()

    def _look_at_second(self) -> None:
        """Whether the second place of the backups has what the first has."""
        context = self._context
        if not self._opened.store.read_only:
            context.jobs.run(
                second_notice,
                context.store,
                context.backup_folder,
                on_done=self._second_found,
                on_error=self._not_noticed,
            )

    def _second_found(self, notice: Notice | None) -> None:
        if notice is None or notice.words == self._read:
            self.set(SECOND, None)
            return
        read = partial(self._second_read, notice.words)
        self.set(SECOND, partial(Banner, notice.words, icon="warning", link="知道了", on_link=read))

    def _second_read(self, words: str) -> None:
        """Once read it is not said again until it stands differently: a drive may be away for a good reason."""
        self._read = words
        self.set(SECOND, None)

    def _noticed(self, notices: list[Notice]) -> None:
        see = partial(self._context.navigation.open_page, "safety")
        for notice in notices:
            if notice.key == MISSED:
                self.set(MISSED, partial(Banner, notice.words, icon="warning", link="去备份", on_link=see))
                self._missed_in = self._context.backup_folder
                continue
            is_doubt = notice.key in _CAN_BE_RIGHT
            hide = partial(self.set, notice.key, None)
            make = partial(
                Banner,
                notice.words,
                icon="warning",
                link="时间没有错" if is_doubt else "知道了",
                on_link=hide,
            )
            self.set(notice.key, make)

    def _not_noticed(self, error: BaseException) -> None:
        """The file is looked through beside it, and tells what is wrong with it."""
        if not isinstance(error, ShouwangError):
            self._context.errors.show(error)

    def look_for_garbled(self) -> None:
        """Count the records with damaged text."""
        context = self._context
        context.jobs.run(garbled_rows, context.store, on_done=self._found_garbled, on_error=self._not_noticed)

    def _met_garbled(self, busy: bool) -> None:
        """Count them once more when some reading has met one: in a large school the first count comes later."""
        if not busy and not self._counted and self._context.store.db.has_bad_text:
            self._counted = True
            self.look_for_garbled()

    def _found_garbled(self, notice: Notice | None) -> None:
        if notice is not None:
            see = partial(self._context.navigation.open_page, "safety")
            self.set(GARBLED, partial(Banner, notice.words, icon="warning", link="去体检", on_link=see))

    # ---- what did not work

    def backup_failed(self, error: ShouwangError, again: Callable[[], object]) -> None:
        """The automatic backup was not made: say what is missing, go on."""
        key = "backup.source_broken" if error.key.startswith("copy.source_") else "backup.not_made"
        text = FAULTS[key]
        words = f"{text.what.format(why=error.brief or error.what)}{text.safe}{text.todo}"
        ground = "red" if key == "backup.source_broken" else "ochre"
        self.set(
            BACKUP, partial(Banner, words, icon="warning", ground=ground, link="现在再试", on_link=again)
        )

    def backup_made(self) -> None:
        """There is a verified backup again."""
        self.set(BACKUP, None)
        if self._missed_in != self._context.backup_folder:
            self.set(MISSED, None)
        self._look_at_second()

    def _look_at_journal(self, _changes: Changes | None) -> None:
        """After each save: whether its line in the journal was written, too."""
        found: EnvironmentFault | None = getattr(self._context.store, "journal_fault", None)
        words = "" if found is None else f"{found.what}{found.safe}{found.todo}"
        if words != self._said:
            self._said = words
            self.set(JOURNAL, partial(Banner, words, icon="warning") if words else None)
