"""A paper (a list, a proof, a roster) as it will be printed; from here onto paper or into a PDF."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QStandardPaths, Qt, Signal
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from app.core.changes import Changes
from app.core.clock import Clock
from app.core.errors import ShouwangError
from app.core.files import atomic_write
from app.core.paths import private_folder
from app.paper.printing import PrintResult
from app.school.codes import HandoverKind, Profile
from app.storage.workroom import workroom
from app.tasks.paper_out import log_paper
from ui import theme
from ui.context import Context
from ui.dialogs import Dialogs
from ui.errors import ErrorRouter
from ui.jobs import Jobs
from ui.shell.whole_numbers import ask_why
from ui.theme import Tone, Type
from ui.widgets import Kind, Pager, Panel, Text, Verb, holder, row
from ui.widgets.pdf import put_on_paper
from ui.widgets.preview import PdfPreview, Zoom

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrinter

PDF_KINDS = "PDF (*.pdf)"
CLOSE, SAVE, PRINT = "close", "save", "print"


class PaperPanel(Panel):
    """The page, and what can be done with it without closing: `wanted(key)` for saving and printing."""

    wanted = Signal(str)

    def __init__(self, parent: QWidget | None, title: str, preview: PdfPreview) -> None:
        m = theme.metrics()
        verbs = [Verb(CLOSE, "关上"), Verb(SAVE, "另存为 PDF"), Verb(PRINT, "打印…", Kind.FILLED)]
        super().__init__(parent, title, verbs, width=m.form_most + m.s24 * 2)
        room = parent.height() - m.dialog // 3 - m.s32 if parent is not None else m.dialog
        # Shown as wide as there is room: the bar would only come from the room that the upright one takes.
        preview.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        preview.setFixedHeight(max(room, m.dialog // 2))
        self.holds: Callable[[], bool] | None = None
        """Asked when it is to be closed, also by Esc; True keeps it open."""
        self.told = Text("", Type.SMALL, Tone.INK2, elide=True)
        self.pager = Pager("上一页（PgUp）", "下一页（PgDn）")
        self.pager.previous.connect(preview.previous_page)
        self.pager.next.connect(preview.next_page)
        preview.page_changed.connect(partial(self._say_page, preview))
        preview.broad_seen.connect(self._widen)
        self.box.addWidget(preview)
        self.box.addSpacing(m.s4)
        self.box.addWidget(holder(row(self.told, None, self.pager)))

    def _widen(self) -> None:
        """Lines that lie across are small in the width of an upright page: take what the window has."""
        window = self.parentWidget()
        if window is None:
            return
        m = theme.metrics()
        most = min(window.width() - 2 * m.s32, 2 * m.form_most)
        if most > self.width():
            middle = self.x() + self.width() // 2
            self.setFixedWidth(most)
            self.move(middle - most // 2, self.y())

    def _say_page(self, preview: PdfPreview, page: int) -> None:
        """Which page it is; a single one need not be leafed through."""
        self.pager.setVisible(preview.pages > 1)
        words = f"第 {page + 1} 页，共 {preview.pages} 页"
        self.pager.set_words(words, first=page == 0, last=page == preview.pages - 1)

    @override
    def answer(self, key: str) -> None:
        if key in (SAVE, PRINT):
            self.wanted.emit(key)
        elif self.holds is None or not self.holds():
            super().answer(key)


class PaperShow(QObject):
    """Lays pages out, shows them, and lets them go onto paper or into a PDF; the private file goes with the panel.

    `title` heads the panel, `stem` begins the name of a saved file; neither holds a child's name. `went_out(kind, target)`
    after the pages were printed or saved; `target` is None for what went to the printer. She is told when whoever heard of
    it is done: at once, or when it is written down.
    """

    went_out = Signal(object, object)

    def __init__(
        self,
        jobs: Jobs,
        dialogs: Dialogs,
        errors: ErrorRouter,
        clock: Clock,
        parent: QObject,
        *,
        title: str,
        stem: str,
    ) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._dialogs = dialogs
        self._errors = errors
        self._clock = clock
        self._title = title
        self._stem = stem
        self._room = ExitStack()
        self._made: Path | bytes | None = None
        self._pages = 0
        # On which page, from 1, what the paper is about begins, by key; empty where nobody asks.
        self._page_of: dict[str, int] = {}
        self._gone_pages = range(0)
        # What she is told of the paper that is going out; whoever writes it down first takes it over.
        self._outcome = ""
        # Asked before a file is offered; whatever refuses raises, and is told.
        self.before_saving: Callable[[], None] = lambda: None
        self.panel: PaperPanel | None = None
        self.preview: PdfPreview | None = None

    def show_made(self, make: Callable[..., PrintResult], *args: object) -> None:
        """Write the pages with `make(file, …)` into the private folder, beside the ledger's work, then show them."""
        file = self._new_file()
        self._jobs.work(
            make, file, *args, on_done=partial(self._laid_out, file), on_error=self._failed, owner=self
        )

    def _new_file(self) -> Path:
        self._forget()
        return self._room.enter_context(workroom(private_folder())) / "paper.pdf"

    def _laid_out(self, file: Path | bytes, printed: PrintResult) -> None:
        self._made, self._pages, self._page_of = file, printed.pages, printed.page_of_child
        self.preview = PdfPreview(self._jobs)
        self.preview.set_zoom(Zoom.WIDTH)
        self.panel = PaperPanel(self._dialogs.window, self._title, self.preview)
        self.panel.wanted.connect(self._do)
        self._dialogs.open_panel(self.panel, self._closed)
        if self.preview is not None:  # who answers at once has closed it already
            self.preview.show_file(file, printed.pages)

    def _failed(self, error: BaseException) -> None:
        self._forget()
        self._errors.show(error)

    def _closed(self, _key: str) -> None:
        if self.preview is not None:
            # What has not been drawn yet is not wanted any more.
            self.preview.show_file(None, 0)
        self.panel = self.preview = None
        self._forget()

    def _forget(self) -> None:
        """Let the file go, behind what is still drawn, copied or printed from it: Windows removes none that is open."""
        self._made = None
        self._jobs.after_drawing(self._room.pop_all().close)

    # ---- out of the program

    def _do(self, key: str) -> None:
        if key == SAVE:
            self._save()
        else:
            self._print()

    def _save(self) -> None:
        if not isinstance(self._made, Path):
            return
        try:
            self.before_saving()
        except ShouwangError as error:
            self._errors.show(error)
            return
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        start = Path(folder or Path.home()) / f"{self._stem}_{self._clock.today():%Y%m%d}.pdf"
        target = self._dialogs.save_file("另存为 PDF", kinds=PDF_KINDS, start=start)
        if target is not None:
            self._goes(partial(self._copy, self._made, target), range(self._pages))

    def _copy(self, made: Path, target: Path) -> None:
        # In line with what is drawn, so that the file stays until it is copied.
        self._jobs.draw(_copy_whole, made, target, on_done=partial(self._saved, target), owner=self)

    def _saved(self, target: Path, _answer: object) -> None:
        words = f"已存成 PDF：{target.name}，在「{target.parent.name or target.parent}」"
        self._went(HandoverKind.PDF, target, words, range(self._pages))

    def _print(self) -> None:
        if self._made is None:
            return
        try:
            chosen = self._dialogs.printer(self._pages)
        except ShouwangError as error:
            self._errors.show(error)
            return
        if chosen is not None:
            _printer, first, last = chosen
            self._goes(partial(self._put_on_paper, self._made, *chosen), range(first, last + 1))

    def _put_on_paper(self, made: Path | bytes, printer: QPrinter, first: int, last: int) -> None:
        # Which pages goes along: others may have been chosen by the time these are out.
        on_done = partial(self._on_paper, printer, range(first, last + 1))
        self._jobs.draw(put_on_paper, made, printer, first, last, on_done=on_done, owner=self)

    def _goes(self, out: Callable[[], None], _pages: range) -> None:
        """Let pages (from 0) go onto paper or into a file by `out`: now, where nothing is to be done before."""
        out()

    @property
    def gone(self) -> frozenset[str] | None:
        """While `went_out` is told: the keys of what stands on the pages that did; None = all of it, or nobody knows.

        What begins on a page goes on until the next begins: of a child with two pages the second is the child's as well.
        """
        if not self._page_of or len(self._gone_pages) >= self._pages:
            return None
        first, last = self._gone_pages.start + 1, self._gone_pages.stop
        starts = sorted(set(self._page_of.values()))
        ends = dict(zip(starts, [*(start - 1 for start in starts[1:]), self._pages], strict=True))
        return frozenset(
            key for key, start in self._page_of.items() if start <= last and ends[start] >= first
        )

    def _on_paper(self, _printer: QPrinter, going: range, pages: int) -> None:
        self._went(HandoverKind.PRINT, None, f"已送到打印机：{pages} 页，请看看印全了没有", going)

    def _went(self, kind: HandoverKind, target: Path | None, words: str, going: range) -> None:
        self._outcome, self._gone_pages = words, going
        self._out(kind, target)
        if self._outcome:
            self._tell(self._outcome)

    def _out(self, kind: HandoverKind, target: Path | None) -> None:
        self.went_out.emit(kind, target)

    def _tell(self, words: str) -> None:
        if self.panel is not None:
            self.panel.told.setText(words)


class Papers(PaperShow):
    """Papers about the ledger: `show_paper(make, …)`, where `make(store, …, file)` writes the PDF on the storage thread.

    After `write_down` what went out is put into the hand-over log. Pages that are `whole` (ID or telephone numbers of
    people stand on them uncovered) are saved as a file only with a reason; while it goes out `why` is that reason.
    """

    def __init__(
        self, context: Context, parent: QWidget, *, title: str, stem: str, whole: bool = False
    ) -> None:
        super().__init__(
            context.jobs, context.dialogs, context.errors, context.clock, parent, title=title, stem=stem
        )
        self._context = context
        self.whole = whole
        self._reason = ""
        self._log: tuple[str, int] | None = None
        self._child_of: Mapping[str, str] = {}
        self._shown_once: tuple[str, Sequence[str]] | None = None
        self._may_go = True

    def shown_once(self, question: str, lines: Sequence[str]) -> None:
        """What is secret here is never seen again: closing it unprinted is asked about in these words."""
        self._shown_once = (question, lines)

    def write_down(self, content: str, people: int, child_of: Mapping[str, str] | None = None) -> None:
        """What is printed or saved from now on is logged as `content`, about so many children.

        Of some pages only those children are counted that stand on them: by their own keys, or by those in `child_of`.
        """
        self._log = (content, people)
        self._child_of = child_of or {}

    def show_secret(self, make: Callable[..., PrintResult], *args: object) -> None:
        """Write the pages into memory only, then show them; they go onto paper, and into no file."""
        self._forget()
        memory = BytesIO()
        self._context.read(
            make,
            *args,
            memory,
            on_done=partial(self._secret_laid_out, memory),
            on_error=self._failed,
            owner=self,
        )

    def show_paper(self, make: Callable[..., PrintResult], *args: object) -> None:
        """Write the pages into the private folder, then show them."""
        file = self._new_file()
        self._context.read(
            make, *args, file, on_done=partial(self._laid_out, file), on_error=self._failed, owner=self
        )

    def _secret_laid_out(self, memory: BytesIO, printed: PrintResult) -> None:
        self._laid_out(memory.getvalue(), printed)
        if self.panel is not None:
            self.panel.buttons[SAVE].hide()
            self._may_go = self._shown_once is None
            self.panel.holds = self._ask_unprinted

    def _ask_unprinted(self) -> bool:
        """Ask before the panel closes, unless she has printed it or was asked."""
        if self._may_go or self._shown_once is None:
            return False
        question, lines = self._shown_once
        verbs = [Verb("stay", "回去打印"), Verb("leave", "已经抄好，关上", Kind.DANGER)]
        self._context.dialogs.ask(question, lines, verbs, self._asked_unprinted)
        return True

    def _asked_unprinted(self, key: str) -> None:
        if key == "leave" and self.panel is not None:
            self._may_go = True
            self.panel.answer(CLOSE)

    @override
    def _save(self) -> None:
        if self.whole and isinstance(self._made, Path):
            ask_why(self._context, self._save_because)
        else:
            super()._save()

    def _save_because(self, reason: str) -> None:
        self._reason = reason
        super()._save()

    def why(self, kind: HandoverKind) -> str | None:
        """The reason that the hand-over log keeps of what goes out in this way; None where none was asked for."""
        return self._reason if kind is HandoverKind.PDF and self.whole else None

    @override
    def _out(self, kind: HandoverKind, target: Path | None) -> None:
        super()._out(kind, target)
        self._may_go = True
        if self._log is not None:
            content, people = self._log
            if self.gone is not None:
                people = len({self._child_of.get(key, key) for key in self.gone})
            self.write_log(
                target if self.whole else None,
                log_paper,
                kind=kind,
                content=content,
                people=people,
                profile=Profile.FULL if self.whole else None,
                reason=self.why(kind),
                target=target,
            )

    def write_log(
        self, stays: Path | None, log: Callable[..., Changes], *args: object, **values: Any
    ) -> None:
        """Put what went out into the hand-over log by `log(store, *args, **values)`, and tell of it only then.

        `stays` is a file that stays only when that is done: one with whole numbers leaves with a reason that is kept, or
        not at all (decisions.md §4.4).
        """
        outcome, self._outcome = self._outcome, ""
        self._context.write(
            log,
            *args,
            on_done=partial(self._logged, outcome),
            on_error=partial(self._not_logged, outcome, stays),
            **values,
        )

    def _logged(self, outcome: str, _changes: object) -> None:
        self._tell(outcome)

    def _not_logged(self, outcome: str, stays: Path | None, error: BaseException) -> None:
        if stays is None:
            self._tell(f"{outcome}；没有记进移交记录")
        else:
            try:
                stays.unlink(missing_ok=True)
                self._tell(f"没有记进移交记录，「{stays.name}」收回了")
            except OSError:
                self._tell(f"没有记进移交记录，「{stays.name}」请您自己删掉")
        self._context.errors.show(error)

    @override
    def _tell(self, words: str) -> None:
        if self.panel is not None:
            super()._tell(words)
        else:
            self._context.navigation.toast(words)


def _copy_whole(made: Path, target: Path) -> None:
    """Put the page that was looked at where she wants it, whole or not at all."""
    with atomic_write(target) as file:
        file.write(made.read_bytes())
