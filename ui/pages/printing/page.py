"""The printing page: for whom, how, and the very pages that will come out."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from app.core.errors import ShouwangError
from app.core.messages import refuse
from app.school.queries import classes
from ui import theme
from ui.context import Context
from ui.jobs import Job
from ui.pages.printing.layouts import Layouts
from ui.pages.printing.side import WhomSide
from ui.pages.printing.work import Saved, log_print, pages_of_each, prepare, render, save_pdf
from ui.shell.other_name import not_written
from ui.shell.page import Page
from ui.shell.whole_numbers import ask_why
from ui.theme import Breakpoint, Tone, Type
from ui.widgets import (
    Banner,
    Button,
    EmptyState,
    FilterBar,
    Kind,
    Menu,
    Pager,
    ProgressFooter,
    Segments,
    Sheet,
    Text,
)
from ui.widgets.layout import NO_LIMIT, column, holder, row
from ui.widgets.pdf import put_on_paper
from ui.widgets.preview import PdfPreview, Zoom

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrinter

    from app.paper.printing import PrintResult
    from app.tasks.archive import ArchiveJob

PDF_KINDS = "PDF (*.pdf)"
_ZOOMS = [(Zoom.WHOLE.value, "整页"), (Zoom.WIDTH.value, "页宽"), (Zoom.LARGER.value, "放大看")]


class PrintingPage(Page):
    """Archive sheets of one child, a selection, a class or the whole ledger; loose, or bound into a book."""

    areas = frozenset({"children", "school", "classes"})

    def __init__(self, context: Context) -> None:
        super().__init__(context, "打印")
        self._uuids: tuple[str, ...] = ()
        self._class_key: str | None = None
        self._class_uuid: str | None = None
        self._wanted: ArchiveJob | None = None
        self._printed: PrintResult | None = None
        self._job: Job | None = None
        self._file = Path()
        self._layouts = Layouts(context.jobs)
        self.destroyed.connect(self._layouts.close)
        self._latest = context.jobs.latest(self)
        self._layout = context.jobs.latest(self)
        self._save = Button("另存为 PDF", self._save_as, icon="save")
        self._print = Button("打印…", self._ask_printer, icon="print", kind=Kind.FILLED)
        self.header.add(Button("记录表、登记册…", self._to_registers))
        self.header.add(Button("核实表…", partial(context.navigation.open_page, "survey")))
        self.header.add(self._save)
        self.header.add(self._print)
        self.key("Ctrl+P", self._ask_printer)
        self._build_side()
        self._build_preview()
        self._segments = Segments([("whom", "给谁"), ("pages", "页面")])
        self._segments.changed.connect(self._arrange)
        self._segments.hide()
        self.content.addWidget(self._segments)
        self._empty = EmptyState(
            "台账还是空的", "先把孩子登记进来，再打印一人一档。", link="去台账", on_link=self._to_ledger
        )
        self._empty.hide()
        m = theme.metrics()
        self._sheet = Sheet(row(self._side, self._right))
        self._side.setFixedWidth(m.side_small)
        self.content.addWidget(self._empty, 1)
        self.content.addWidget(self._sheet, 1)
        self._enable()

    def _build_side(self) -> None:
        self._side = WhomSide()
        self._side.change_pressed.connect(self._choose_whom)
        self._side.bound_toggled.connect(self._lay_out)
        self._side.child_chosen.connect(self._show_child)

    def _build_preview(self) -> None:
        self._where = Text("", Type.BODY, Tone.INK, bold=True, elide=True)
        self._of_book = Text("", Type.SMALL, Tone.INK2)
        self._pager = Pager()
        self.preview = PdfPreview(self.context.jobs)
        self._pager.previous.connect(self.preview.previous_page)
        self._pager.next.connect(self.preview.next_page)
        self.preview.page_changed.connect(self._page_shown)
        self._zooms = Segments(_ZOOMS, bordered=True)
        self._zooms.set_current(Zoom.WIDTH.value)
        self._zooms.changed.connect(self._zoomed)
        self._progress = ProgressFooter()
        self._progress.stopped.connect(self._stop)
        bar = FilterBar(self._where, self._of_book, None, self._pager, self._zooms)
        self._right = holder(column(bar, self.preview, self._progress))

    # ---- for whom

    @override
    def open_with(self, **params: Any) -> None:
        uuids = params.get("uuids")
        if uuids is not None:
            self._uuids, self._class_key = tuple(uuids), None
            self.reload()

    def _choose_whom(self, *_: object) -> None:
        self.context.read(classes, self.context.clock.today(), on_done=self._offer)

    def _offer(self, known: list[Any]) -> None:
        menu = Menu(self._side)
        menu.add(
            "全部在册儿童", partial(self._take, None), ticked=not self._uuids and self._class_key is None
        )
        menu.line()
        for school_class in known:
            menu.add(
                school_class.name,
                partial(self._take, school_class.key, school_class.uuid),
                ticked=self._class_key == school_class.key,
            )
        menu.line()
        menu.add("在台账里勾选…", self._to_ledger)
        menu.popup(self._side.menu_place())

    def _take(self, class_key: str | None, class_uuid: str | None = None) -> None:
        self._uuids, self._class_key, self._class_uuid = (), class_key, class_uuid
        self.reload()

    def _to_registers(self) -> None:
        """The records of the child in front of her, or of everybody."""
        params: dict[str, Any] = {}
        if self._wanted is not None and len(self._uuids) == 1:
            params = {"child": self._uuids[0], "child_name": self._wanted.sheets[0].personal.name}
        elif self._class_key is not None:
            params = {"school_class": self._class_uuid}
        self.context.navigation.open_page("registers", **params)

    def _to_ledger(self, *_: object) -> None:
        self.context.navigation.open_page("ledger")

    # ---- reading and laying out

    @override
    def load(self) -> None:
        # From now on nothing may leave that was laid out for somebody else.
        self._wanted = self._printed = None
        self._enable()
        self._latest.run(
            prepare,
            self.context.store,
            self.context.clock.today(),
            self._uuids,
            self._class_key,
            on_done=self._take_wanted,
            on_error=self._nobody,
        )

    def _nobody(self, error: BaseException) -> None:
        """Say who is missing instead of pages; any other failure is told as usual."""
        if not (isinstance(error, ShouwangError) and error.key.startswith("archive.no")):
            self.context.errors.show(error)
            return
        self._wanted = self._printed = None
        everybody = not self._uuids and self._class_key is None
        self._empty.set_words(
            "台账还是空的" if everybody else "没有要印的儿童",
            "先把孩子登记进来，再打印一人一档。" if everybody else error.what,
            link="去台账",
            on_link=self._to_ledger,
        )
        self._empty.show()
        self._sheet.hide()
        self.header.set_fact("")
        self._enable()

    def _take_wanted(self, wanted: ArchiveJob) -> None:
        self._wanted = wanted
        self._empty.hide()
        self._sheet.show()
        words = f"{wanted.scope}，{len(wanted.sheets)} 名"
        self._side.set_scope(words, can_bind=wanted.cover is not None)
        self._printed = None
        self._show_list()
        self._lay_out()

    def _show_list(self) -> None:
        if self._wanted is not None:
            self._side.set_sheets(self._wanted.sheets, self._printed.page_of_child if self._printed else {})
            self._side.set_pages(pages_of_each(self._printed) if self._printed else ())

    def _lay_out(self, *_: object) -> None:
        if self._wanted is None:
            return
        self._printed = None
        self._enable()
        self._progress.begin("正在排版", "停下后不会打印，什么都没有改。")
        self._file = self._layouts.next()
        self._job = self._layout.work(
            render,
            self._wanted.sheets,
            self._file,
            stamp=self._wanted.stamp,
            cover=self._wanted.cover if self._side.is_bound else None,
            on_done=self._laid_out,
            on_error=self._not_laid_out,
            on_progress=self._progress.step,
        )

    def _laid_out(self, printed: PrintResult) -> None:
        self._progress.end()
        self._printed = printed
        self._show_list()
        people = len(self._wanted.sheets) if self._wanted else 0
        self.header.set_fact(f"一人一档，{people} 名，{printed.pages} 页")
        self.preview.show_file(self._file, printed.pages)
        self._layouts.keep(self._file)
        self._warn_of_missing(printed.missing_characters)
        self._enable()

    def _not_laid_out(self, error: BaseException) -> None:
        self._progress.end()
        if not (isinstance(error, ShouwangError) and error.key == "cancelled"):
            self.context.errors.show(error)

    def _stop(self) -> None:
        if self._job is not None:
            self._job.cancel()

    def _warn_of_missing(self, missing: Any) -> None:
        characters = "、".join(sorted(missing))
        words = f"有字印不出来，纸上是〓：{characters}。请用笔补上。"
        self.set_banner("missing", Banner(words, icon="warning") if characters else None)

    # ---- leafing through

    def _show_child(self, key: str) -> None:
        if self._printed is None:
            return
        start = dict(self._printed.page_of_child).get(key)
        if start is not None:
            self.preview.go_to(start - 1)
            self._segments.set_current("pages")
            self._arrange()

    def _page_shown(self, page: int) -> None:
        if self._printed is None or self._wanted is None:
            return
        starts = sorted((start, key) for key, start in dict(self._printed.page_of_child).items())
        names = {sheet.child_key: sheet.personal.name for sheet in self._wanted.sheets}
        here = [(start, key) for start, key in starts if start <= page + 1]
        if here:
            start, key = here[-1]
            self._where.setText(f"{names[key]}，第 {page + 2 - start} 页")
            self._side.list.set_current(key)
        else:
            self._where.setText("封面和目录")
        pages = self._printed.pages
        self._of_book.setText("")
        self._pager.set_words(f"第 {page + 1} 页，共 {pages} 页", first=page == 0, last=page == pages - 1)

    def _zoomed(self, zoom: str) -> None:
        self.preview.set_zoom(Zoom(zoom))

    # ---- out of the program

    def _save_as(self, *_: object) -> None:
        if self._wanted is not None and self._printed is not None:
            ask_why(self.context, partial(self._save_because, self._wanted, self._file, self._printed.pages))

    def _is_still_shown(self, made: Path) -> bool:
        """False, and said, when it was laid out anew behind a question: nothing leaves that she has not looked at."""
        if made == self._file and self._printed is not None:
            return True
        self.context.errors.show(refuse("archive.laid_out_anew"))
        return False

    def _save_because(self, wanted: ArchiveJob, made: Path, pages: int, reason: str) -> None:
        if not self._is_still_shown(made):
            return
        name = f"一人一档_{self.context.clock.today():%Y%m%d}.pdf"
        target = self.context.dialogs.save_file("另存为 PDF", kinds=PDF_KINDS, start=_documents() / name)
        if target is not None:
            self._save_to(wanted, made, pages, reason, target)

    def _save_to(self, wanted: ArchiveJob, made: Path, pages: int, reason: str, target: Path) -> None:
        if not self._is_still_shown(made):
            return
        again = partial(self._save_to, wanted, made, pages, reason)
        self.context.write(
            save_pdf,
            wanted,
            made,
            target,
            pages,
            reason,
            on_done=self._saved,
            on_error=partial(not_written, self.context, target, again),
        )

    def _saved(self, saved: Saved) -> None:
        words = f"已存成 PDF：{saved.target.name}，{saved.pages} 页"
        self.context.navigation.toast_file(words, saved.target)

    def _ask_printer(self, *_: object) -> None:
        wanted, printed, made = self._wanted, self._printed, self._file
        if wanted is None or printed is None or not self._print.isEnabled():
            return
        try:
            chosen = self.context.dialogs.printer(printed.pages)
        except ShouwangError as error:
            self.context.errors.show(error)
            return
        if chosen is None or not self._is_still_shown(made):
            return
        printer, first, last = chosen
        self._progress.begin("正在送往打印机", "停下后，已送出的页照样印完。")
        self._job = self.context.jobs.draw(
            put_on_paper,
            made,
            printer,
            first,
            last,
            on_done=partial(self._on_paper, printer, wanted),
            on_error=self._not_laid_out,
            on_progress=self._progress.step,
            owner=self,
        )

    def _on_paper(self, _printer: QPrinter, wanted: ArchiveJob, pages: int) -> None:
        self._progress.end()
        outcome = f"已送到打印机：{pages} 页，请看看印全了没有"
        self.context.write(
            log_print,
            wanted,
            on_done=partial(self._print_logged, outcome),
            on_error=partial(self._print_not_logged, outcome),
        )

    def _print_logged(self, outcome: str, _changes: object) -> None:
        self.context.navigation.toast(outcome, None)

    def _print_not_logged(self, outcome: str, error: BaseException) -> None:
        self.context.navigation.toast(f"{outcome}；没有记进移交记录", None)
        self.context.errors.show(error)

    def _enable(self) -> None:
        ready = self._printed is not None
        for button in (self._save, self._print):
            button.setEnabled(ready)

    # ---- narrow

    @override
    def breakpoint_changed(self, breakpoint_: Breakpoint) -> None:
        self._segments.setVisible(breakpoint_ is Breakpoint.NARROW)
        self._side.set_narrow(breakpoint_ is Breakpoint.NARROW)
        self._arrange()

    def _arrange(self, *_: object) -> None:
        m = theme.metrics()
        narrow = self.breakpoint is Breakpoint.NARROW
        # Narrow, it stands alone and has the whole sheet.
        self._side.setMinimumWidth(0 if narrow else m.side_small)
        self._side.setMaximumWidth(NO_LIMIT if narrow else m.side_small)
        self._side.setVisible(not narrow or self._segments.current == "whom")
        self._right.setVisible(not narrow or self._segments.current == "pages")

    @override
    def focus_first(self) -> None:
        self._side.list.setFocus()

    @override
    def side_stops(self) -> tuple[QWidget, ...]:
        return (self._side.list, self.preview)


def _documents() -> Path:
    return Path(
        QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation) or Path.home()
    )
