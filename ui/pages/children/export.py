"""导出 Excel: what goes out (masked or whole), where to, how far it is, where it lies."""

from __future__ import annotations

from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from msgspec import Struct
from PySide6.QtCore import QObject, QStandardPaths, Signal
from PySide6.QtWidgets import QButtonGroup, QWidget

from app.school.codes import Profile
from ui import theme
from ui.context import Context
from ui.jobs import Job
from ui.shell.other_name import Write, not_written
from ui.theme import Tone, Type
from ui.widgets import (
    Button,
    FooterBar,
    FormRow,
    Kind,
    Panel,
    ProgressFooter,
    QuietField,
    Radio,
    Text,
    Verb,
    row,
)

if TYPE_CHECKING:
    from app.tasks.export_ledger import ExportedLedger

Paper = Literal["A4", "A3"]


class ExportOrder(Struct, frozen=True):
    """Which children leave the program, and how that is said on the sheet: `scope` is "" for the whole ledger."""

    uuids: tuple[str, ...]
    scope: str
    day: date

    @property
    def head(self) -> str:
        """The question of the panel."""
        count = f"{len(self.uuids)} 名"
        if self.scope.endswith(f" {count}"):  # 选出的 2 名
            return f"导出台账：{self.scope}"
        return f"导出台账：{self.scope}，{count}" if self.scope else f"导出台账，{count}"


class ExportPanel(Panel):
    """Masked unless a reason is given; A4 unless A3 is wanted."""

    def __init__(self, parent: QWidget | None, order: ExportOrder) -> None:
        verbs = [Verb("stay", "先不导"), Verb("export", "选地方导出…", Kind.FILLED)]
        super().__init__(parent, order.head, verbs, focus_content=True)
        m = theme.metrics()
        self.masked = Radio("脱敏：身份证号和电话只留头尾", checked=True)
        self.full = Radio("完整号码，要写原因，记入移交记录")
        self.reason = QuietField(quiet=False, hint="交给谁、做什么用")
        self._reason_row = FormRow("原因", self.reason)
        self.a4 = Radio("A4 横排", checked=True)
        self.a3 = Radio("A3 横排")
        self._groups = (self._group(self.masked, self.full), self._group(self.a4, self.a3))
        self.box.addWidget(self.masked)
        self.box.addWidget(self.full)
        self.box.addWidget(self._reason_row)
        self.box.addSpacing(m.s8)
        self.box.addLayout(row(self.a4, self.a3, None, gap=m.s16))
        self.box.addSpacing(m.s4)
        words = "一张总表，另按类别各一张；打印时每页有表头。"
        self.box.addWidget(Text(words, Type.SMALL, Tone.INK2, wrap=True))
        self.full.toggled.connect(self._arrange)
        self.reason.textChanged.connect(self._arrange)
        self._arrange()

    def _group(self, *radios: Radio) -> QButtonGroup:
        group = QButtonGroup(self)
        for radio in radios:
            group.addButton(radio)
        return group

    def _arrange(self) -> None:
        self._reason_row.setEnabled(self.full.isChecked())
        ready = self.masked.isChecked() or bool(self.reason.text().strip())
        self.buttons["export"].setEnabled(ready)

    @property
    def profile(self) -> Profile:
        return Profile.FULL if self.full.isChecked() else Profile.MASKED

    @property
    def reason_words(self) -> str | None:
        """The reason, None with a masked export."""
        return self.reason.text().strip() if self.full.isChecked() else None

    @property
    def paper(self) -> Paper:
        return "A3" if self.a3.isChecked() else "A4"


class ExportedBar(FooterBar):
    """Where the file lies."""

    folder_asked = Signal()
    closed = Signal()

    def __init__(self) -> None:
        super().__init__(
            Button("打开所在文件夹", self.folder_asked.emit, icon="folder_open"),
            Button("知道了", self.closed.emit),
            icon="checkmark_circle",
        )


class ExportFlow(QObject):
    """Asks, writes, tells; `told` when there is something to show at the foot, `closed` when it was read."""

    told = Signal()
    closed = Signal()

    def __init__(self, context: Context, school: str = "") -> None:
        super().__init__()
        self._context = context
        self._job: Job | None = None
        self._folder: Path | None = None
        self.school = school
        self.progress = ProgressFooter()
        self.progress.stopped.connect(self._stop)
        self.bar = ExportedBar()
        self.bar.folder_asked.connect(self._show_folder)
        self.bar.closed.connect(self.closed)

    @property
    def busy(self) -> bool:
        """True while a file is being written."""
        return self._job is not None and not self._job.finished

    def ask(self, order: ExportOrder) -> None:
        """Open the panel for these children."""
        panel = ExportPanel(self._context.dialogs.window, order)
        self._context.dialogs.open_panel(panel, partial(self._answered, panel, order))

    def _answered(self, panel: ExportPanel, order: ExportOrder, key: str) -> None:
        if key != "export":
            return
        kind = "完整" if panel.profile is Profile.FULL else "脱敏"
        name = f"{self.school}留守儿童台账-{kind}-{order.day.isoformat()}.xlsx"
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        out = self._context.dialogs.save_file(
            "台账存到哪里", kinds="Excel 工作簿 (*.xlsx)", start=Path(folder) / name
        )
        if out is None:
            return
        if out.suffix.lower() != ".xlsx":
            out = out.with_name(f"{out.name}.xlsx")
        self._write(order, panel.profile, panel.reason_words, panel.paper, out)

    def _write(
        self, order: ExportOrder, profile: Profile, reason: str | None, paper: Paper, out: Path
    ) -> None:
        self.progress.begin("正在读台账", "停下不会留下文件，台账没有动")
        self._job = self._context.jobs.run(
            _export_ledger,
            self._context.store,
            out,
            day=order.day,
            profile=profile,
            reason=reason,
            uuids=order.uuids,
            scope=order.scope,
            paper=paper,
            by=self._context.entering.by,
            on_done=self._done,
            on_error=partial(self._failed, out, partial(self._write, order, profile, reason, paper)),
            on_progress=self._step,
        )

    def _step(self, done: int, total: int, words: str) -> None:
        self.progress.step(done, total, f"{words}：{done} / {total} 名" if total else words)

    def _stop(self) -> None:
        if self._job is not None:
            self._job.cancel()

    def _done(self, exported: ExportedLedger) -> None:
        self.progress.end()
        self._context.bus.tell(exported.changes)
        self._context.navigation.said_saved()
        path = exported.book.path
        self._folder = path.parent
        self.bar.set_words(
            f"已导出 {exported.book.children} 名：{path.name}",
            f"在「{path.parent.name or path.parent}」；{len(exported.book.sheets)} 张表，已记入移交记录",
        )
        self.told.emit()

    def _failed(self, out: Path, again: Write, error: BaseException) -> None:
        self.progress.end()
        not_written(self._context, out, again, error)

    def _show_folder(self) -> None:
        if self._folder is not None:
            self._context.dialogs.show_folder(self._folder)


def _export_ledger(*what: Any, **how: Any) -> ExportedLedger:
    """What writes it takes a while to load: that is done where the job runs."""
    from app.tasks.export_ledger import export_ledger

    return export_ledger(*what, **how)
