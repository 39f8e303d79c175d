"""登记册和记录表: the records of any days, class or teacher as a workbook, on sheets of paper, or all registers at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from app.core.errors import Cancelled
from app.diary.codes import Activity
from app.school.codes import HandoverKind, Profile
from app.school.handover import require_reason
from app.storage.store import Store
from app.tasks.registers.lists import NOT_BY_SUPPORTER, Which, log_list, print_list
from app.tasks.registers.making import Wanted, log_sheets
from ui import theme
from ui.context import Context
from ui.jobs import Job
from ui.pages.diary.register_panel import Offer, RegisterPanel, count_kinds, read_offer
from ui.shell.long_papers import LongPapers
from ui.shell.other_name import Write, not_written
from ui.shell.page import Page
from ui.widgets import Button, FooterBar, Kind, Menu, ProgressFooter, Scroll, Sheet, Verb

if TYPE_CHECKING:
    from app.paper.printing import PrintResult
    from app.tasks.registers.all import WrittenFile
    from app.tasks.registers.making import RegisterMade

XLSX = "Excel 工作簿 (*.xlsx)"


class RegisterPage(Page):
    """The form says what is wanted and counts it; the foot lets it out."""

    areas: ClassVar[frozenset[str]] = frozenset({"diary", "children", "school", "pairing"})

    def __init__(self, context: Context) -> None:
        super().__init__(context, "登记册和记录表", back="日记")
        self._params: Mapping[str, Any] = {}
        self._is_asked = True
        self._total = 0
        self._job: Job | None = None
        self._folder: Path | None = None
        self._printed: tuple[Wanted, Profile] | None = None
        self._reading = context.jobs.latest(self)
        self._counting = context.jobs.latest(self)
        m = theme.metrics()
        self.panel = RegisterPanel(context.clock.today)
        self.panel.setMaximumWidth(m.form_most)
        self.panel.changed.connect(self._count)
        self.all = Button("各类台账一次全出…", self._ask_all)
        menu = Menu(self)
        for which in Which:
            menu.add(which.value, partial(self._print_list, which))
        self.lists = Button("看登记册、打印", menu=menu, icon="print")
        self.print = Button("看记录表、打印", self._print, icon="print", tool_tip="Ctrl+P")
        self.export = Button("导出登记册…", self._export, icon="arrow_export_ltr", kind=Kind.FILLED)
        self.key("Ctrl+P", self._print)
        self.foot = FooterBar(self.all, self.lists, self.print, self.export)
        self.told = FooterBar(
            Button("打开所在文件夹", self._show_folder, icon="folder_open"),
            Button("知道了", self._told_read),
            icon="checkmark_circle",
        )
        self.told.hide()
        self.progress = ProgressFooter()
        self.progress.stopped.connect(self._stop)
        self.papers = LongPapers(context, self, self.progress, title="关爱记录表", stem="关爱记录表")
        self.papers.went_out.connect(self._paper_out)
        self.papers.before_saving = partial(self._may_save, lambda: self._printed and self._printed[1])
        self._list: tuple[Which, Wanted, Profile] | None = None
        self.list_papers = {
            which: LongPapers(context, self, self.progress, title=which.value, stem=which.value)
            for which in Which
        }
        for papers in self.list_papers.values():
            papers.went_out.connect(self._list_out)
            papers.before_saving = partial(self._may_save, lambda: self._list and self._list[2])
        paper = Scroll(self.panel, margins=(m.s24, m.s16, m.s24, m.s16))
        self.sheet = Sheet(paper, self.foot, self.told, self.progress)
        self.sheet.box.setStretchFactor(paper, 1)
        self.content.addWidget(self.sheet, 1)
        self._enable()

    # ---- read

    @override
    def open_with(self, **params: Any) -> None:
        """Take `since`, `until`, `kinds`, `school_class`, `supporter`, `child` with `child_name`; a term if nothing is said."""
        self._params, self._is_asked = params, True
        self._told_read()
        self.reload()

    @override
    def load(self) -> None:
        self._reading.run(read_offer, self.context.store, self.context.clock.today(), on_done=self._take)

    def _take(self, offer: Offer) -> None:
        self.panel.take_offer(offer)
        if self._is_asked:
            self._is_asked = False
            self.panel.take_params(self._params)

    def _count(self) -> None:
        wanted = self.panel.wanted
        self._enable()
        if wanted is None:
            self.foot.set_words("时间还没有写好", self.panel.why_not)
            return
        self._counting.run(count_kinds, self.context.store, wanted, on_done=self._show_counts)

    def _show_counts(self, counts: Mapping[Activity, int]) -> None:
        self.panel.show_counts(counts)
        wanted = self.panel.wanted
        kinds = (wanted.kinds if wanted else None) or frozenset(Activity)
        self._total = sum(counts[kind] for kind in kinds)
        self._say()
        self._enable()

    def _say(self) -> None:
        detail = "" if self.panel.may_export else "导出完整号码，要先写原因"
        self.foot.set_words(f"符合 {self._total} 条" if self._total else "没有符合的记录", detail)

    @property
    def _busy(self) -> bool:
        papers = (self.papers, *self.list_papers.values())
        return (self._job is not None and not self._job.finished) or any(one.busy for one in papers)

    def _enable(self) -> None:
        is_ready = self.panel.wanted is not None
        may_log = not self.context.read_only and self.panel.may_export
        self.export.setEnabled(is_ready and may_log)
        self.all.setEnabled(is_ready and may_log)
        self.print.setEnabled(is_ready and self._total > 0)
        self.lists.setEnabled(is_ready)

    # ---- the workbook

    def _export(self) -> None:
        wanted = self.panel.wanted
        if wanted is None or self._busy:
            return
        name = f"关爱记录登记册_{wanted.since.isoformat()}_{wanted.until.isoformat()}.xlsx"
        out = self.context.dialogs.save_file("登记册存到哪里", kinds=XLSX, start=_documents() / name)
        if out is not None:
            out = out if out.suffix.lower() == ".xlsx" else out.with_name(f"{out.name}.xlsx")
            self._write(wanted, self.panel.profile, self.panel.reason_words, out)

    def _write(self, wanted: Wanted, profile: Profile, reason: str | None, out: Path) -> None:
        self._begin("正在读记录", "停下不会留下文件，台账没有动。")
        self._job = self.context.jobs.run(
            _export_register,
            self.context.store,
            out,
            wanted,
            profile=profile,
            reason=reason,
            by=self.context.entering.by,
            on_done=self._written,
            on_error=partial(self._failed, out, partial(self._write, wanted, profile, reason)),
            on_progress=self.progress.step,
        )

    def _written(self, made: RegisterMade) -> None:
        self.progress.end()
        self.context.bus.tell(made.changes)
        self.context.navigation.said_saved()
        where = made.path.parent
        self._tell(
            where,
            f"已导出 {made.records} 条：{made.path.name}",
            f"在「{where.name or where}」；已记入移交记录",
        )

    # ---- everything at once

    def _ask_all(self) -> None:
        wanted = self.panel.wanted
        if wanted is None or self._busy:
            return
        whole = "完整" if self.panel.profile is Profile.FULL else "遮住"
        also = "，各另出一份可打印的 PDF，另有每次会议的记录" if self.panel.with_lists else ""
        books = f"结对帮扶花名册、关爱记录登记册、会议登记册、控辍保学台账（Excel{also}）"
        self.context.dialogs.ask(
            f"{wanted.span} 的各类台账一次全出？",
            [
                f"放进一个文件夹：{books}，每名儿童的关爱记录表（PDF）。",
                f"{self._whom}号码{whole}。",
            ],
            [Verb("stay", "先不出"), Verb("all", "选文件夹", Kind.FILLED)],
            partial(self._all_answered, wanted),
        )

    @property
    def _whom(self) -> str:
        """Whom the registers are narrowed to, in a sentence."""
        left_out = f"；{NOT_BY_SUPPORTER}" if self.panel.who.value else ""
        return f"范围：{self.panel.whom_words}{left_out}。"

    def _all_answered(self, wanted: Wanted, key: str) -> None:
        folder = self.context.dialogs.folder("各类台账放在哪个文件夹") if key == "all" else None
        if folder is None:
            return
        self._begin("正在读记录", "停下后，写好的文件留着，台账没有动。")
        self._job = self.context.jobs.run(
            _export_registers,
            self.context.store,
            folder,
            wanted,
            pdf=self.panel.with_lists,
            profile=self.panel.profile,
            reason=self.panel.reason_words,
            by=self.context.entering.by,
            on_done=self._all_written,
            on_error=self._all_failed,
            on_progress=self.progress.step,
        )

    def _all_written(self, files: tuple[WrittenFile, ...]) -> None:
        self.progress.end()
        self.context.bus.tell(files[-1].changes)
        self.context.navigation.said_saved()
        where = files[0].path.parent
        counts = dict.fromkeys(f"{one.words} {one.records} 条" for one in files)  # once for Excel and PDF
        told = "、".join(counts)
        self._tell(where, f"已写好 {len(files)} 个文件，在「{where.name or where}」", told)

    # ---- paper

    def _print(self) -> None:
        wanted = self.panel.wanted
        if wanted is None or self._busy or not self.print.isEnabled():
            return
        self._printed = wanted, self.panel.paper_profile
        self.papers.show_paper(_make_sheets, wanted, self.panel.paper_profile)

    def _paper_out(self, kind: HandoverKind, target: Path | None) -> None:
        if self._printed is not None:
            wanted, profile = self._printed
            reason = self._why_whole(kind, profile)
            stays = target if profile is Profile.FULL else None
            log = self.papers.write_log
            log(stays, log_sheets, wanted, kind=kind, profile=profile, reason=reason, out=target)

    def _print_list(self, which: Which) -> None:
        wanted = self.panel.wanted
        if wanted is None or self._busy:
            return
        self._list = which, wanted, self.panel.paper_profile
        self.list_papers[which].show_paper(_make_list, which, wanted, self.panel.paper_profile)

    def _list_out(self, kind: HandoverKind, target: Path | None) -> None:
        if self._list is not None:
            which, wanted, profile = self._list
            reason = self._why_whole(kind, profile)
            stays = target if profile is Profile.FULL else None
            log = self.list_papers[which].write_log
            log(stays, log_list, which, wanted, kind=kind, profile=profile, reason=reason, out=target)

    def _why_whole(self, kind: HandoverKind, profile: Profile) -> str | None:
        """What the hand-over log keeps of a file with whole numbers."""
        return self.panel.paper_reason if kind is HandoverKind.PDF and profile is Profile.FULL else None

    def _may_save(self, profile_of: Callable[[], Profile | None]) -> None:
        """A file with whole numbers leaves with a reason that is kept, as an export does (decisions.md §4.4)."""
        profile = profile_of()
        if profile is not None:
            require_reason(self.context.store, profile, self.panel.paper_reason)

    # ---- told

    def _begin(self, words: str, leaves: str) -> None:
        self._told_read()
        self.progress.begin(words, leaves)

    def _failed(self, out: Path, again: Write, error: BaseException) -> None:
        self.progress.end()
        not_written(self.context, out, again, error)

    def _all_failed(self, error: BaseException) -> None:
        self.progress.end()
        if isinstance(error, Cancelled):
            self.context.navigation.toast(error.what)
        else:
            self.context.errors.show(error)

    def _stop(self) -> None:
        if self._job is not None:
            self._job.cancel()

    def _tell(self, folder: Path, lead: str, detail: str) -> None:
        self._folder = folder
        self.told.set_words(lead, detail)
        self.told.show()
        self.foot.hide()

    def _told_read(self) -> None:
        self.told.hide()
        self.foot.show()

    def _show_folder(self) -> None:
        if self._folder is not None:
            self.context.dialogs.show_folder(self._folder)

    # ---- keys

    @override
    def foot_height(self) -> int:
        return self.foot.height() if self.foot.isVisible() else self.told.height()

    @override
    def focus_first(self) -> None:
        self.panel.span.setFocus(Qt.FocusReason.OtherFocusReason)

    @override
    def side_stops(self) -> tuple[QWidget, ...]:
        return (self.panel.span, self.export)


def _make_sheets(store: Store, wanted: Wanted, profile: Profile, file: Path, **how: Any) -> PrintResult:
    """Lay the sheets out; the library that writes them takes a while to load, so that is done here too."""
    from app.tasks.registers.making import print_sheets

    return print_sheets(store, file, wanted, profile=profile, **how)


def _make_list(
    store: Store, which: Which, wanted: Wanted, profile: Profile, file: Path, **how: Any
) -> PrintResult:
    """Lay a register out as a list."""
    return print_list(store, which, wanted, file, profile=profile, **how)


def _documents() -> Path:
    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    return Path(folder or Path.home())


def _export_register(*what: Any, **how: Any) -> RegisterMade:
    """What writes it takes a while to load: that is done where the job runs."""
    from app.tasks.registers.making import export_register

    return export_register(*what, **how)


def _export_registers(*what: Any, **how: Any) -> tuple[WrittenFile, ...]:
    """What writes it takes a while to load: that is done where the job runs."""
    from app.tasks.registers.all import export_registers

    return export_registers(*what, **how)
