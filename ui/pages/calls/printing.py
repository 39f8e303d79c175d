"""打印: the lists of a week, the record of use, cards and slips; what left the program is written down."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from enum import Enum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from app.calls.people import callees
from app.calls.plan_queries import planned_calls
from app.calls.service_plan import mark_printed
from app.core.errors import Cancelled
from app.core.progress import Progress, no_progress
from app.paper.printing import PrintResult
from app.school.codes import Profile
from app.school.queries import school_calendar
from app.storage.store import Store
from ui import theme
from ui.context import Context
from ui.jobs import Job
from ui.shell.long_papers import LongPapers
from ui.theme import Tone, Type
from ui.widgets import FormRow, Kind, Panel, ProgressFooter, QuietChoice, QuietField, Radio, Text, Verb

if TYPE_CHECKING:
    from app.tasks.registers.all import WrittenFile

STAY, EXCEL, PAPER = "stay", "excel", "paper"
WEEK, ALL = "week", "all"
FOUR, ONE = "four", "one"
_ACROSS = 3
"""So many papers stand beside each other: with two the panel is higher than a window of 432."""
_SIZES = [(FOUR, "一张 A4 四张，沿线剪开"), (ONE, "每张一页 A6")]


class Paper(Enum):
    """Which paper: its title, what stands beside it in the choice."""

    WALL = "通话安排", "上墙用，只有时间、班级、姓名"
    DUTY = "通话值班单", "带完整号码，打印会记进移交记录"
    USED = "亲情电话使用记录表", "这一周已经记下的，签字栏空着"
    BLANK = "空白使用记录表", "没有网、没有电时手写"
    CHILD = "亲情电话记录", "每名儿童一张，本学期的，存档用"
    SLIP = "大字条", "给老人，字号大，一张 A4 两条"
    CARD = "联系卡", "给孩子和家里，带号码"
    EMERGENCY = "应急联系卡", "出事时照着打，带号码"

    def __init__(self, title: str, about: str) -> None:
        self.title = title
        self.about = about

    @property
    def is_of_children(self) -> bool:
        """It is made for children that are chosen."""
        return self in (Paper.CHILD, Paper.SLIP, Paper.CARD, Paper.EMERGENCY)

    @property
    def has_numbers(self) -> bool:
        """The telephone numbers of the families stand on it whole."""
        return self is Paper.DUTY or self.is_card

    @property
    def is_card(self) -> bool:
        """It is a card of A6: one to a page, or four to be cut out of one."""
        return self in (Paper.CARD, Paper.EMERGENCY)

    @property
    def fixes_plan(self) -> bool:
        """It shows the plan to others: planning again leaves what stands on it."""
        return self in (Paper.WALL, Paper.DUTY, Paper.SLIP)


class Printable(Struct, frozen=True):
    """What can be printed: groups of children by key, the week, the term so far."""

    first: date
    last: date
    term_from: date
    groups: tuple[tuple[str, str, tuple[str, ...]], ...]
    planned: tuple[tuple[str, str], ...]
    people: int

    def planned_of(self, children: Sequence[str] | None) -> tuple[str, ...]:
        """The planned calls that stand on a paper: of these children, None = all of the week."""
        return tuple(uuid for uuid, child in self.planned if children is None or child in children)


def read_printable(store: Store, first: date, last: date) -> Printable:
    """Read whose papers can be made."""
    today = store.clock.today()
    planned = planned_calls(store, first, last)
    people = callees(store, today)
    by_class: dict[str, list[str]] = {}
    for one in people:
        by_class.setdefault(one.class_name or "不在班", []).append(one.child_uuid)
    week = tuple(dict.fromkeys(call.child_uuid for call in planned))
    groups = [(WEEK, f"这一周排了号的 {len(week)} 名", week)] if week else []
    groups.append((ALL, f"全部在册 {len(people)} 名", tuple(one.child_uuid for one in people)))
    groups += [(name, f"{name} {len(uuids)} 名", tuple(uuids)) for name, uuids in by_class.items()]
    term = school_calendar(store).term_in_force(today)
    calls = tuple((call.uuid, call.child_uuid) for call in planned)
    return Printable(first, last, term.starts_on, tuple(groups), calls, len(week))


class PrintPanel(Panel):
    """Which paper, and for whom."""

    def __init__(self, parent: QWidget | None, week: str, found: Printable) -> None:
        verbs = [
            Verb(STAY, "先不印"),
            Verb(EXCEL, "整周存成 Excel…"),
            Verb(PAPER, "看一看再打印", Kind.FILLED),
        ]
        super().__init__(parent, f"打印 {week}", verbs, focus_content=True)
        m = theme.metrics()
        self._found = found
        self.papers: dict[Paper, Radio] = {}
        grid = QGridLayout()
        grid.setVerticalSpacing(m.s4)
        for place, paper in enumerate(Paper):
            radio = self.papers[paper] = Radio(paper.title, checked=paper is Paper.WALL)
            radio.setToolTip(paper.about)
            radio.toggled.connect(self._chosen)
            grid.addWidget(radio, *divmod(place, _ACROSS), Qt.AlignmentFlag.AlignLeft)
        self.about = Text("", Type.SMALL, Tone.INK2)
        self.box.addLayout(grid)
        self.box.addWidget(self.about)
        self.group = QuietChoice([(key, words) for key, words, _ in found.groups], quiet=False, unknown=False)
        self.group.setAccessibleName("给谁")
        self.box.addSpacing(m.s4)
        self.group_row = FormRow("给谁", self.group)
        self.box.addWidget(self.group_row)
        self.card_size = QuietChoice(_SIZES, quiet=False, unknown=False)
        self.card_size.setAccessibleName("卡片大小")
        self.box.addWidget(FormRow("卡片大小", self.card_size))
        self.reason = QuietField(quiet=False, hint="空着 = Excel 里电话遮住中间几位")
        self.reason.setAccessibleName("用途")
        self.box.addWidget(FormRow("用途", self.reason))
        words = (
            "上墙、值班和大字条打印以后，重新排号不再挪动上面的人。"
            "整周存成 Excel 是通话安排和已记的通话；要写全号，请写明用途，会记进移交记录。"
        )
        self.box.addWidget(Text(words, Type.SMALL, Tone.INK2, wrap=True))
        self._chosen()

    @property
    def paper(self) -> Paper:
        """The chosen one."""
        return next(paper for paper, radio in self.papers.items() if radio.isChecked())

    @property
    def chosen_children(self) -> tuple[str, ...]:
        """The children of the chosen group."""
        return next((uuids for key, _, uuids in self._found.groups if key == self.group.value), ())

    @property
    def four(self) -> bool:
        """Cards come four to an A4, to be cut."""
        return self.card_size.value == FOUR

    def _chosen(self, _checked: bool = False) -> None:
        if any(radio.isChecked() for radio in self.papers.values()):
            self.group.setEnabled(self.paper.is_of_children)
            self.card_size.setEnabled(self.paper.is_card)
            self.about.setText(f"{self.paper.title}：{self.paper.about}。")


class CallPrinting(QObject):
    """`ask(first, last, week)`, then lays out and shows; what went out is logged, and the plan on it stays."""

    def __init__(self, context: Context, page: QWidget, progress: ProgressFooter) -> None:
        super().__init__(page)
        self._context = context
        self._page = page
        self._progress = progress
        self._papers: dict[Paper, LongPapers] = {}
        self._found: Printable | None = None
        self._children: tuple[str, ...] | None = None
        self._job: Job | None = None
        progress.stopped.connect(self._stop)
        self.panel: PrintPanel | None = None

    def ask(self, first: date, last: date, week: str) -> None:
        """Which paper of this week?"""
        self._context.read(read_printable, first, last, on_done=partial(self._open, week), owner=self)

    def _open(self, week: str, found: Printable) -> None:
        self._found = found
        self.panel = PrintPanel(self._context.dialogs.window, week, found)
        self._context.dialogs.open_panel(self.panel, self._answered)

    def _answered(self, key: str) -> None:
        panel, self.panel = self.panel, None
        if panel is None or key == STAY:
            return
        if key == EXCEL:
            self._export(panel.reason.text().strip())
        else:
            self.show_paper(panel.paper, panel.chosen_children, four=panel.four)

    def show_paper(self, paper: Paper, children: Sequence[str], *, four: bool = True) -> None:
        """Lay a paper out and show it; cards ``four`` to an A4, or one to an A6."""
        found = self._found
        if found is None:
            return
        papers = self._of(paper)
        if paper is not Paper.BLANK:
            people = len(children) if paper.is_of_children else found.people
            papers.write_down(paper.title, people, dict(found.planned))
        self._children = tuple(children) if paper.is_of_children else None
        papers.show_paper(make_paper, paper, found, tuple(children), four)

    def _of(self, paper: Paper) -> LongPapers:
        known = self._papers.get(paper)
        if known is None:
            known = LongPapers(
                self._context,
                self._page,
                self._progress,
                title=paper.title,
                stem=paper.title,
                whole=paper.has_numbers,
            )
            known.went_out.connect(partial(self._fix, paper))
            self._papers[paper] = known
        return known

    def _fix(self, paper: Paper, _kind: object, _target: object) -> None:
        """It hangs on the wall, or somebody has it: what stands on the pages that went out is not moved any more."""
        found, gone = self._found, self._papers[paper].gone
        calls = found.planned_of(self._children) if found is not None and paper.fixes_plan else ()
        if found is not None and gone is not None:
            child_of = dict(found.planned)
            calls = tuple(call for call in calls if call in gone or child_of[call] in gone)
        if calls:
            self._context.write(mark_printed, planned_uuids=calls)

    # ---- as a table

    def _export(self, reason: str) -> None:
        found = self._found
        folder = self._context.dialogs.folder("通话表放在哪个文件夹")
        if found is None or folder is None:
            return
        self._progress.begin("正在写 Excel", "停下后已经写好的文件留着。")
        self._job = self._context.read(
            write_tables,
            folder,
            since=found.first,
            until=found.last,
            profile=Profile.FULL if reason else Profile.MASKED,
            reason=reason or None,
            by=self._context.entering.by,
            on_done=self._exported,
            on_error=self._not_exported,
            on_progress=self._progress.step,
            owner=self,
        )

    def _stop(self) -> None:
        if self._job is not None:
            self._job.cancel()

    def _exported(self, files: Sequence[WrittenFile]) -> None:
        self._progress.end()
        folder = files[0].path.parent
        names = "、".join(file.words for file in files)
        self._context.navigation.toast(f"已写到「{folder.name}」：{names}")
        self._context.dialogs.show_folder(folder)

    def _not_exported(self, error: BaseException) -> None:
        self._progress.end()
        if not isinstance(error, Cancelled):
            self._context.errors.show(error)


def write_tables(store: Store, folder: Path, **how: Any) -> tuple[WrittenFile, ...]:
    """Write the calls of some days as tables; the libraries that write them are brought in now."""
    from app.tasks.calls_export import export_calls

    return export_calls(store, folder, **how)


def make_paper(
    store: Store,
    paper: Paper,
    found: Printable,
    children: tuple[str, ...],
    four: bool,
    file: Path,
    *,
    progress: Progress = no_progress,
) -> PrintResult:
    """Write a paper into a file."""
    from app.tasks import call_cards, calls_papers

    first, last = found.first, found.last
    if paper is Paper.WALL:
        return calls_papers.make_wall_list(store, first, last, file)
    if paper is Paper.DUTY:
        return calls_papers.make_duty_list(store, first, last, file)
    if paper is Paper.USED:
        return calls_papers.make_usage_record(store, first, last, file)
    if paper is Paper.BLANK:
        return calls_papers.make_blank_record(store, file)
    if paper is Paper.CHILD:
        until = min(last, store.clock.today())
        since = min(found.term_from, until)
        return calls_papers.make_child_calls(store, children, since, until, file, progress=progress)
    if paper is Paper.SLIP:
        return calls_papers.make_slips(store, children, first, last, file)
    emergency = paper is Paper.EMERGENCY
    return call_cards.make_cards(store, children, emergency, four, file, progress=progress)
