"""体检: looks through the open ledger beside the work, shows what was found, prints it, puts the mended copy in place."""

from __future__ import annotations

from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QStandardPaths, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLayout, QSizePolicy, QWidget
from typing_extensions import override

from app.core.errors import Cancelled, ShouwangError
from app.core.paths import private_folder
from app.paper.printing import PrintResult
from app.school.codes import HandoverKind
from app.storage.workroom import workroom
from app.tasks.checkup import (
    CheckupLine,
    CheckupReport,
    checkup,
    copy_aside,
    log_checkup_list,
    save_checkup_list,
    write_checkup_list,
)
from ui import theme
from ui.context import Context
from ui.jobs import Job
from ui.theme import Tone, Type
from ui.widgets import CheckBox, Kind, Link, Panel, ProgressFooter, Rule, Scroll, Text, Verb
from ui.widgets.layout import column, holder, row
from ui.widgets.pdf import put_on_paper

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrinter

STAY, USE, OPEN = "stay", "use", "open:"
PDF_KINDS = "PDF (*.pdf)"
LIST_NAME = "数据体检清单"
_SHOWN = 40
"""Findings shown per group; the rest stands in the printed list."""


class Checkups(QObject):
    """`begin()` examines the ledger that is open; the work on it goes on meanwhile."""

    def __init__(self, context: Context, progress: ProgressFooter, owner: QObject) -> None:
        super().__init__(owner)
        self._context = context
        self._progress = progress
        self._job: Job | None = None
        self._report: CheckupReport | None = None
        self._panel: CheckupPanel | None = None
        # Copy and list hold the whole register: they lie in the private folder and go as soon as they were used.
        self._room = ExitStack()
        self._list = Path()
        progress.stopped.connect(self._stop)

    # ---- looking

    def begin(self) -> None:
        """Examine: the pages are copied on the storage thread, the copy is looked at beside it."""
        if self._job is not None:
            return
        self._room = ExitStack()
        self.destroyed.connect(self._room.close)
        try:
            room = self._room.enter_context(workroom(private_folder()))
        except ShouwangError as error:
            self._context.errors.show(error)
            return
        self._list = room / "list.pdf"
        self._progress.begin("正在体检", "停下不改任何东西。")
        self._job = self._context.jobs.run(
            copy_aside,
            self._context.store,
            room / "open.db",
            on_done=self._copied,
            on_error=self._failed,
            owner=self,
        )

    def _copied(self, copy: Path) -> None:
        if self._job is not None and self._job.stop_asked:
            self._end()
            self._forget()
            return
        self._job = self._context.jobs.work(
            checkup,
            copy,
            of=self._context.store.path,
            clock=self._context.clock,
            backup_folder=self._context.backup_folder,
            on_done=self._examined,
            on_error=self._failed,
            on_progress=self._progress.step,
            owner=self,
        )

    def _examined(self, report: CheckupReport) -> None:
        self._end()
        self._report = report
        if report.is_clean:
            self._forget()
            self._context.dialogs.ask(
                "数据文件完好", [report.head, "不用处理。"], [Verb("ok", "知道了")], _nothing_more
            )
            return
        self._panel = CheckupPanel(self._context.dialogs.window, report, can_use=not self._context.read_only)
        self._panel.print_link.clicked.connect(self.print_list)
        self._panel.save_link.clicked.connect(self.save_list)
        self._context.dialogs.open_panel(self._panel, self._answered)

    def _failed(self, error: BaseException) -> None:
        self._end()
        if self._panel is None:
            self._forget()
        if not isinstance(error, Cancelled):
            self._context.errors.show(error)

    def _stop(self) -> None:
        if self._job is not None:
            self._job.cancel()

    def _end(self) -> None:
        self._job = None
        self._progress.end()

    def _forget(self) -> None:
        self._room.close()

    # ---- what she decides

    def _answered(self, key: str) -> None:
        panel, report = self._panel, self._report
        self._panel = None
        self._forget()
        if key == USE and panel is not None and report is not None:
            self._context.program.use_repaired(report, panel.taken_up())
        elif key.startswith(OPEN):
            self._context.navigation.open_child(key.removeprefix(OPEN))

    # ---- the list

    def save_list(self, *_: object) -> None:
        """Ask where the PDF shall stand, write and log it."""
        report = self._report
        if report is None:
            return
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        start = Path(folder or Path.home()) / f"{LIST_NAME}_{self._context.clock.today():%Y%m%d}.pdf"
        out = self._context.dialogs.save_file("清单存到哪里", kinds=PDF_KINDS, start=start)
        if out is not None:
            self._context.write(save_checkup_list, report, out, on_done=partial(self._saved, out))

    def _saved(self, out: Path, _changes: object) -> None:
        self._tell(f"已存成 PDF：{out.name}，在「{out.parent.name or out.parent}」")

    def print_list(self, *_: object) -> None:
        """Lay the list out, then ask for a printer."""
        if self._report is None or self._job is not None:
            return
        self._job = self._context.jobs.work(
            write_checkup_list,
            self._report,
            self._list,
            on_done=self._laid_out,
            on_error=self._failed,
            owner=self,
        )

    def _laid_out(self, made: PrintResult) -> None:
        self._job = None
        try:
            chosen = self._context.dialogs.printer(made.pages)
        except ShouwangError as error:
            self._context.errors.show(error)
            return
        if chosen is None:
            return
        printer, first, last = chosen
        self._job = self._context.jobs.draw(
            put_on_paper,
            self._list,
            printer,
            first,
            last,
            on_done=partial(self._on_paper, printer),
            on_error=self._failed,
            owner=self,
        )

    def _on_paper(self, _printer: QPrinter, pages: int) -> None:
        self._end()
        outcome = f"已送到打印机：{pages} 页，请看看印全了没有"
        self._context.write(
            log_checkup_list,
            self._report,
            kind=HandoverKind.PRINT,
            on_done=partial(self._logged, outcome),
            on_error=partial(self._not_logged, outcome),
        )

    def _logged(self, outcome: str, _changes: object) -> None:
        self._tell(outcome)

    def _not_logged(self, outcome: str, error: BaseException) -> None:
        self._tell(f"{outcome}；没有记进移交记录")
        self._context.errors.show(error)

    def _tell(self, words: str) -> None:
        """Say it in the panel while that is open (it covers the page's own toasts)."""
        if self._panel is not None:
            self._panel.tell(words)
        else:
            self._context.navigation.toast(words)


class CheckupPanel(Panel):
    """What was found, in groups; offers can be ticked. `taken_up()` are the keys of the ticked ones."""

    def __init__(self, parent: QWidget | None, report: CheckupReport, *, can_use: bool) -> None:
        m = theme.metrics()
        verbs = [Verb(STAY, "先不动")]
        self._has_mended = report.can_use_repaired
        has_offers = not report.is_lost and any(line.can_accept for line in report.lines)
        if can_use and (self._has_mended or has_offers):
            verbs.append(Verb(USE, "用修好的", Kind.FILLED))
        super().__init__(parent, _head_of(report), verbs, width=m.form_most + m.s24 * 2)
        self._boxes: dict[str, CheckBox] = {}
        self.print_link = Link("打印清单…")
        self.save_link = Link("存成 PDF…")
        self._told = Text("", Type.SMALL, Tone.INK2, elide=True)
        tone = Tone.RED if report.is_lost else Tone.INK
        self.box.addWidget(Text(report.head, tone=tone, wrap=True, selectable=True))
        for note in report.notes[:_SHOWN]:
            self.box.addWidget(Text(note, Type.SMALL, Tone.INK2, wrap=True))
        if USE in self.buttons:
            words = "修好的换上以前，现在的数据先留好；原来的文件不删。"
            self.box.addWidget(Text(words, Type.SMALL, Tone.INK2, wrap=True))
        self.box.addSpacing(m.s8)
        self._scroll = _Listing(*self._groups(report))
        self.box.addWidget(self._scroll)
        self.box.addSpacing(m.s8)
        self.box.addLayout(row(-m.s4, self.print_link, m.s16, self.save_link, m.s16, self._told, None))
        room = (parent.height() if parent is not None else m.dialog) - m.dialog // 2
        wanted = self._scroll.height_of_content(m.form_most)
        self._scroll.setFixedHeight(min(wanted, max(room, m.row * 4)))
        self._enable()

    def taken_up(self) -> frozenset[str]:
        """The keys of the offers she ticked."""
        return frozenset(key for key, box in self._boxes.items() if box.isChecked())

    def tell(self, words: str) -> None:
        """Say at the foot what came of printing or saving."""
        self._told.setText(words)

    def _groups(self, report: CheckupReport) -> list[QWidget]:
        m = theme.metrics()
        parts: list[QWidget] = []
        for caption, lines in report.groups():
            head = row(Text(caption, bold=True), m.s8, Text(f"{len(lines)} 处", Type.SMALL, Tone.INK2), None)
            head.setContentsMargins(0, m.s12 if parts else 0, 0, m.s4)
            parts.append(holder(head))
            for line in lines[:_SHOWN]:
                parts += [Rule(Tone.HAIR), self._line(line)]
            if len(lines) > _SHOWN:
                more = Text(f"还有 {len(lines) - _SHOWN} 处，都在清单里。", Type.SMALL, Tone.INK3)
                parts.append(more)
        return parts

    def _line(self, line: CheckupLine) -> QWidget:
        m = theme.metrics()
        words = f"{line.problem}。{line.compared}" if line.compared else line.problem
        texts: list[QWidget | QLayout] = [
            Text(f"{line.whose}　{line.what}", bold=True, wrap=True),
            Text(words, Type.SMALL, Tone.INK2, wrap=True),
        ]
        if line.todo:
            texts.append(Text(line.todo, Type.SMALL, Tone.OCHRE, wrap=True))
        told = column(*texts, gap=m.s2, margins=(0, m.s4, 0, m.s4))
        verbs: list[QWidget] = []
        if line.child_uuid and line.todo:
            verbs.append(Link("打开档案", partial(self.answer, f"{OPEN}{line.child_uuid}"), kind=Type.SMALL))
        if line.can_accept and USE in self.buttons:
            box = CheckBox("照历史")
            box.setAccessibleName(f"照历史：{line.whose} {line.what}")
            box.toggled.connect(self._enable)
            self._boxes[line.key] = box
            verbs.append(box)
        both = row(told, *verbs, gap=m.s12)
        both.setStretch(0, 1)
        for verb in verbs:
            both.setAlignment(verb, Qt.AlignmentFlag.AlignVCenter)
        return holder(both)

    def _enable(self, *_: object) -> None:
        if USE in self.buttons:
            self.buttons[USE].setEnabled(self._has_mended or bool(self.taken_up()))


class _Listing(Scroll):
    """The findings; the keyboard walks it by lines and pages."""

    def __init__(self, *parts: QWidget) -> None:
        m = theme.metrics()
        super().__init__(*parts, None, margins=(0, 0, m.s12, 0))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName("查出来的各处")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.verticalScrollBar().setSingleStep(m.row)

    def height_of_content(self, width: int) -> int:
        """How high everything is at a width."""
        return (
            self.box.totalHeightForWidth(width)
            if self.box.hasHeightForWidth()
            else self.box.sizeHint().height()
        )

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and right belong to the dialog's verbs."""
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            event.ignore()
        else:
            super().keyPressEvent(event)


def _head_of(report: CheckupReport) -> str:
    if report.is_lost:
        return "体检：要从备份恢复"
    return "体检：已在副本上修好" if report.can_use_repaired else "体检：有几处请您看一看"


def _nothing_more(_key: str) -> None:
    """After being told there is nothing to choose."""
