"""发核实表: asks for a folder, writes a workbook per class and the paper, says where they lie and what comes next."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from app.core.errors import Cancelled
from app.school.codes import HandoverKind
from app.storage.store import Store
from ui.context import Context
from ui.jobs import Job
from ui.shell.long_papers import LongPapers
from ui.widgets import Button, FooterBar, Kind, ProgressFooter, Verb

if TYPE_CHECKING:
    from app.core.changes import Changes
    from app.paper.printing import PrintResult
    from app.tasks.survey import Collection


class Sending(QObject):
    """`ask(class_name)` sends the sheets out, `preview()` shows the paper; `told` when `bar` has something to say."""

    told = Signal()
    closed = Signal()

    def __init__(self, context: Context, page: QObject, progress: ProgressFooter) -> None:
        super().__init__(page)
        self._context = context
        self._progress = progress
        self._job: Job | None = None
        self._folder: Path | None = None
        self._class_name: str | None = None
        progress.stopped.connect(self._stop)
        self.bar = FooterBar(
            Button("打开所在文件夹", self._show_folder, icon="folder_open"),
            Button("去导入", self._to_import, icon="arrow_import"),
            Button("知道了", self.closed.emit),
            icon="checkmark_circle",
        )
        self.papers = LongPapers(context, page, progress, title="摸底核实表", stem="摸底核实表")  # type: ignore[arg-type]
        self.papers.went_out.connect(self._paper_out)

    # ---- the files

    def ask(self, class_name: str | None) -> None:
        """Say what will be written, for one class or for all; then ask for the folder."""
        if self._job is not None and not self._job.finished:
            return
        verbs = [Verb("stay", "先不发"), Verb("all", "选文件夹，发各班", Kind.FILLED)]
        if class_name is not None:
            verbs.insert(1, Verb("one", f"只发{class_name}"))
        self._context.dialogs.ask(
            "发核实表？",
            [
                "每班一份 Excel，已知的都填好；另有一份各班的纸表，用哪种都行。",
                "班主任把错的改过来、空的补上，填核实日期和核实人交回；从「导入」读回来，就记成已核实。",
                "表里是完整号码，发给谁请自己把关；发出会记入移交记录。",
            ],
            verbs,
            partial(self._answered, class_name),
        )

    def _answered(self, class_name: str | None, key: str) -> None:
        if key == "stay":
            return
        folder = self._context.dialogs.folder("核实表放在哪个文件夹")
        if folder is not None:
            self._write(class_name if key == "one" else None, folder)

    def _write(self, class_name: str | None, folder: Path) -> None:
        self._progress.begin("正在写核实表", "停下后，写好的文件留着，台账没有动。")
        self._job = self._context.jobs.run(
            _export_collection,
            self._context.store,
            folder,
            class_name=class_name,
            by=self._context.entering.by,
            on_done=self._written,
            on_error=self._failed,
            on_progress=self._progress.step,
        )

    def _written(self, sent: Collection) -> None:
        self._progress.end()
        self._context.bus.tell(sent.changes)
        self._context.navigation.said_saved()
        self._folder = sent.paper.parent
        where = self._folder.name or str(self._folder)
        self.bar.set_words(
            f"已写好核实表 {len(sent.sheets)} 份（{sent.counted}）、纸表一份（{sent.pages} 页），在「{where}」",
            "填好交回的 Excel 从「导入」读回来；交回纸表的，勾上后按「已核实」。",
        )
        self.told.emit()

    def _failed(self, error: BaseException) -> None:
        self._progress.end()
        if isinstance(error, Cancelled):
            self._context.navigation.toast("停下了；已经写好的文件还在那个文件夹里。")
        else:
            self._context.errors.show(error)

    def _stop(self) -> None:
        if self._job is not None:
            self._job.cancel()

    def _show_folder(self) -> None:
        if self._folder is not None:
            self._context.dialogs.show_folder(self._folder)

    def _to_import(self) -> None:
        self._context.navigation.open_page("importing")

    # ---- the paper

    def preview(self, class_name: str | None) -> None:
        """Show the paper, of one class or of all."""
        self._class_name = class_name
        self.papers.show_paper(_make_paper, class_name)

    def _paper_out(self, kind: HandoverKind, target: Path | None) -> None:
        self.papers.write_log(target, _log_paper, kind=kind, out=target, class_name=self._class_name)


def _make_paper(store: Store, class_name: str | None, file: Path, **how: object) -> PrintResult:
    from app.tasks.survey import print_collection

    return print_collection(store, file, class_name=class_name, **how)  # type: ignore[arg-type]


def _log_paper(
    store: Store, *, kind: HandoverKind, out: Path | None, class_name: str | None, by: str | None
) -> Changes:
    from app.tasks.survey import log_paper

    return log_paper(store, kind=kind, out=out, class_name=class_name, by=by)


def _export_collection(*what: Any, **how: Any) -> Collection:
    """What writes it takes a while to load: that is done where the job runs."""
    from app.tasks.survey import export_collection

    return export_collection(*what, **how)
