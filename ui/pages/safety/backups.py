"""The backups on this computer: which there are, making one now, going back to one."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from app.core.errors import Cancelled
from app.storage.backups import Backup, Reason, make_backup
from app.storage.data_place import Choice
from app.storage.drives import DriveProbe
from app.storage.recovery import Aside
from app.storage.thinning import BEFORE_RESTORE_KEPT
from app.tasks.safety import Present, Safety, move_backups
from ui.context import Context
from ui.jobs import Job
from ui.pages.safety.aside import TAKE, AsidePanel, aside_words
from ui.pages.safety.checkup import Checkups
from ui.pages.safety.second import SecondStrip
from ui.theme import Tone
from ui.widgets import (
    Banner,
    Button,
    Cell,
    Column,
    DataTable,
    EmptyState,
    FooterBar,
    Kind,
    Link,
    ProgressFooter,
    Verb,
)
from ui.widgets.layout import column
from ui.wording import REASONS, moment_words, size_words, stored_moment_words

COPY_KINDS = "守望的备份和拷贝 (*.db *.7z)"
_DESTROYED = ("注意：这里永久删除过的档案，选的这一份里要是有，会跟着回来。请先打印好销毁清单。",)


def _path_of(backup: Backup) -> str:
    return str(backup.path)


class BackupsPart(QWidget):
    """`show_safety` fills it. `made` after a new backup; `told` hands a sentence about the data file to the page."""

    made = Signal()

    def __init__(self, context: Context, progress: ProgressFooter, probe: DriveProbe | None = None) -> None:
        super().__init__()
        self._context = context
        self._progress = progress
        self._probe = probe
        self._job: Job | None = None
        self._present: Present | None = None
        self.table = DataTable(self._columns(), key=_path_of)
        self.table.opened.connect(self._ask_row)
        self._empty = EmptyState(
            "还没有备份",
            "关闭守望时会自动备份一份；也可以现在就备份。",
        )
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self._empty)
        self.restore = Button("恢复选中的一份…", self.ask_restore, icon="arrow_undo")
        self.make = Button("现在备份", self.back_up, icon="shield_checkmark", kind=Kind.FILLED)
        elsewhere = Link("从别处恢复…", self._restore_from_elsewhere)
        self.checkup = Checkups(context, progress, self)
        check = Link("体检", self.checkup.begin)
        verbs: list[QWidget] = [] if context.read_only else [self.restore, self.make]
        # Offered only where the place of the backups takes or keeps none: else nothing would ever cure it.
        self.other_place = Link("换个地方放备份…", self._ask_other_place)
        self.other_place.hide()
        leads: list[QWidget] = [check] if context.read_only else [self.other_place, elsewhere, check]
        self._foot = FooterBar(*verbs, lead_parts=leads)
        self.second = SecondStrip(context, probe)
        self.second.changed.connect(self.made)
        self._aside: tuple[Aside, ...] = ()
        self.aside = Banner("", icon="info", link="看一看…", on_link=self.show_aside)
        self.aside.hide()
        self.returned = Banner("", icon="info")
        self.returned.hide()
        self.setLayout(column(self.returned, self.aside, self._stack, self.second, self._foot))
        progress.stopped.connect(self._stop)

    def _columns(self) -> list[Column]:
        return [
            Column("made", "备份时间", self._made_cell, "2025年12月30日 16:20", frozen=True),
            Column("children", "儿童", _children_cell, "5000 名"),
            Column("last", "最近一条", self._last_cell, "2025年12月30日 16:20"),
            Column("verified", "核对", _verified_cell, "没有核对过　　"),
            Column("reason", "为什么备份", _reason_cell, "批量改动以前"),
            Column("size", "大小", _size_cell, "1023.9 MB"),
        ]

    def _made_cell(self, backup: Backup) -> Cell:
        return Cell(moment_words(backup.made_at, self._context.clock.today()), bold=True)

    def _last_cell(self, backup: Backup) -> Cell:
        if not backup.verified:
            return Cell("", Tone.INK3)
        return Cell(stored_moment_words(backup.last_entry, self._context.clock.today()))

    # ---- showing

    def show_safety(self, found: Safety) -> None:
        """Show the backups and how far they reach."""
        self._present = found.present
        self._aside = found.aside
        self.aside.setVisible(bool(found.aside))
        if found.aside:
            self.aside.set_words(aside_words(found.aside, self._context))
        self.returned.set_words(found.returned)
        self.returned.setVisible(bool(found.returned))
        self.second.show_second(found.second, can_have_one=found.can_have_second)
        self.other_place.setVisible(found.needs_place)
        self.table.set_rows(found.backups)
        had_focus = self.table.hasFocus()
        self._stack.setCurrentWidget(self.table if found.backups else self._empty)
        if had_focus:
            self.take_focus()  # on an empty page the likeliest verb, not what happens to come next
        self.restore.setEnabled(bool(found.backups))
        verified = sum(backup.verified for backup in found.backups)
        if not verified:
            self._foot.set_words("还没有核对过的备份")
            return
        reach = f"能回到 {found.reach} 天前" if found.reach else "都是今天的"
        self._foot.set_words(f"核对过的 {verified} 份，{reach}", self._before_restore(found.backups))

    def _before_restore(self, backups: Sequence[Backup]) -> str:
        """Say that what was there before the last restore is kept, as long as it is sure to be (reliability R42)."""
        now = self._context.clock.now()
        for backup in backups:
            is_kept = backup.verified and now - backup.made_at < BEFORE_RESTORE_KEPT
            if is_kept and backup.reason is Reason.BEFORE_RESTORE:
                made = moment_words(backup.made_at, now.date())
                return f"恢复前的数据也留着（{made}），可以换回来"
        return ""

    def take_focus(self) -> None:
        """Put the keyboard where work begins."""
        if self._stack.currentWidget() is self.table:
            self.table.setFocus()
        else:
            self.make.setFocus()

    def foot_height(self) -> int:
        """The bar that a toast must not cover."""
        return self._foot.height()

    # ---- making one

    def back_up(self) -> None:
        """Make a verified backup now."""
        self._begin("正在备份", "停下后这一份不算，以前的备份都在。")
        self._job = self._context.jobs.run(
            make_backup,
            self._context.store,
            reason=Reason.BY_HAND,
            folder=self._context.backup_folder,
            on_done=self._backed_up,
            on_error=self._failed,
            on_progress=self._progress.step,
        )

    def _backed_up(self, backup: Backup) -> None:
        self._end()
        self._context.navigation.toast(f"已备份，读回核对一致：{backup.children} 名儿童")
        self.made.emit()

    def _failed(self, error: BaseException) -> None:
        self._end()
        if not isinstance(error, Cancelled):
            self._context.errors.show(error)

    def _begin(self, words: str, leaves: str) -> None:
        self.make.setEnabled(False)
        self.restore.setEnabled(False)
        self._progress.begin(words, leaves)

    def _end(self) -> None:
        self._job = None
        self._progress.end()
        self.make.setEnabled(True)
        self.restore.setEnabled(bool(self.table.rows))

    def _stop(self) -> None:
        if self._job is not None:
            self._job.cancel()

    # ---- another place for them, where the one there is takes none

    def _ask_other_place(self) -> None:
        folder = self._context.dialogs.folder("以后的备份放在哪里")
        if folder is not None:
            self._context.jobs.run(
                move_backups,
                self._context.store.path,
                folder,
                probe=self._probe,
                on_done=self._moved,
                on_error=self._context.errors.show,
            )

    def _moved(self, choice: Choice) -> None:
        context = self._context
        context.settings.reload()
        context.backup_folder = choice.backup_folder
        notes = [f"注意：{warning.what}" for warning in choice.warnings]
        context.dialogs.ask(
            "以后的备份换了地方",
            [
                f"在 {choice.backup_folder}，现在就备份一份。",
                "原来的备份文件夹没有动。日志从下次打开守望起也放到新地方。",
                *notes,
            ],
            [Verb("ok", "知道了")],
            self._place_told,
        )

    def _place_told(self, _key: str) -> None:
        self.back_up()

    # ---- going back to one

    def _ask_row(self, _backup: Backup) -> None:
        self.ask_restore()

    def ask_restore(self) -> None:
        """Say what is there now and what would be, then ask."""
        backup = self.table.current_row()
        if backup is None or self._present is None or self._context.read_only:
            return
        today = self._context.clock.today()
        made = moment_words(backup.made_at, today)
        self._context.dialogs.ask(
            f"用 {made} 的备份换下现在的数据？",
            restore_lines(self._present, backup, self._context),
            [Verb("stay", "先不动"), Verb("restore", "恢复这一份")],
            partial(self._restore_answered, backup.path),
        )

    def _restore_answered(self, path: Path, key: str) -> None:
        if key == "restore":
            self._context.program.restore(path)

    def show_aside(self) -> None:
        """Saves that only a journal holds which was set aside: what they are, and going back to them."""
        if self._present is not None and self._aside:
            window = self._context.dialogs.window
            panel = AsidePanel(window, self._aside, self._present, self._context)
            self._context.dialogs.open_panel(panel, partial(self._aside_answered, panel))

    def _aside_answered(self, panel: AsidePanel, key: str) -> None:
        chosen = panel.chosen_one
        if key == TAKE and chosen.way is not None:
            self._context.program.restore(chosen.way.source, chosen.journal)

    def _restore_from_elsewhere(self) -> None:
        path = self._context.dialogs.open_file("从哪一份恢复", kinds=COPY_KINDS)
        if path is None or self._present is None:
            return
        last = stored_moment_words(self._present.last_entry, self._context.clock.today())
        self._context.dialogs.ask(
            "用选的这一份换下现在的数据？",
            [
                path.name,
                f"现在：{self._present.children} 名儿童，最近一条 {last}。",
                "恢复前先核对选的这一份，不完好就不换。",
                "现在的数据先留一份备份，以后可以再换回来。",
                *_DESTROYED[: bool(self._present.destroyed)],
            ],
            [Verb("stay", "先不动"), Verb("restore", "恢复这一份")],
            partial(self._restore_answered, path),
        )


def restore_lines(present: Present, backup: Backup, context: Context) -> list[str]:
    """Say what is there now, what will be, what goes, and that it can be undone."""
    today = context.clock.today()
    now = f"现在：{present.children} 名儿童，最近一条 {stored_moment_words(present.last_entry, today)}。"
    if not backup.verified:
        return [
            now,
            "这一份没有核对过。恢复前先核对，不完好就不换。",
            "现在的数据先留一份备份，以后可以再换回来。",
        ]
    after = f"恢复后：{backup.children} 名儿童，最近一条 {stored_moment_words(backup.last_entry, today)}。"
    gone = present.changes_after(backup)
    if gone is None:
        lost = "注意：这是另一份台账的备份，不是现在这一份的。"
    elif gone:
        lost = f"这份备份之后保存过 {gone} 次，恢复后不在里面。"
    else:
        lost = "这份备份之后没有再改过。"
    lines = [now, after, lost, "现在的数据先留一份备份，以后可以再换回来。"]
    times, files = present.destroyed_after(backup)
    if times:
        lines.append(
            f"注意：这份备份之后永久删除过 {files} 名儿童的档案，备份里有的会跟着回来；"
            f"销毁登记会少 {times} 条，请先打印好销毁清单。"
        )
    return lines


def _children_cell(backup: Backup) -> Cell:
    return Cell("" if backup.children is None else f"{backup.children} 名")


def _reason_cell(backup: Backup) -> Cell:
    return Cell(REASONS[backup.reason], Tone.INK2)


def _verified_cell(backup: Backup) -> Cell:
    if backup.verified:
        return Cell("核对过", Tone.GREEN, icon="checkmark")
    return Cell("没有核对过", Tone.OCHRE)


def _size_cell(backup: Backup) -> Cell:
    return Cell(size_words(backup.size), Tone.INK2)
