"""The first start on one screen: four ways in, and below them where the data will live."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial
from pathlib import Path

from msgspec import Struct
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLayout, QWidget

from app.school.codes import SchoolKind
from app.storage.data_place import Proposal
from app.storage.found_place import FoundPlace
from ui import theme
from ui.shell.place import Here, Proposed
from ui.shell.start import StartScreen
from ui.theme import Tone, Type
from ui.widgets import (
    Button,
    FormRow,
    Kind,
    Panel,
    QuietChoice,
    QuietField,
    Rule,
    Sheet,
    Text,
    Verb,
    Way,
    column,
    empty_out,
    row,
)
from ui.widgets.surface import Banner
from ui.wording import moment_words

KINDS = (
    (SchoolKind.PRIMARY, "小学"),
    (SchoolKind.JUNIOR, "初中"),
    (SchoolKind.NINE_YEAR, "九年一贯制学校"),
)
ROSTER, NEW, DEMO, RESTORE = "roster", "new", "demo", "restore"
OPEN_FOUND = "打开这份数据"
NOT_LOOKED = "这台电脑的硬盘没有看成，什么都没有动。请点「换个地方…」，自己选一个放数据的文件夹；以前的数据也从那里找。"
LOOKING = "正在看这台电脑的硬盘：数据放在哪里合适，有没有以前的数据…"


class NewSchool(Struct, frozen=True):
    """What is asked before a ledger is made: the rest can be filled in later."""

    name: str
    kind: SchoolKind
    who: str


class NewSchoolPanel(Panel):
    """Asks for the school's name, its kind and who is entering; `school()` is None while the name is missing."""

    def __init__(self, parent: QWidget | None, verb: str) -> None:
        super().__init__(
            parent, "新建学校", [Verb("stay", "先不建"), Verb("make", verb, Kind.FILLED)], focus_content=True
        )
        m = theme.metrics()
        self.name = QuietField(quiet=False, hint="如 青石坪镇中心小学")
        self.kind = QuietChoice([(kind.value, words) for kind, words in KINDS], quiet=False, unknown=False)
        self.who = QuietField(quiet=False, hint="您的姓名，每条记录会写上谁登记的")
        for label, field in (("学校名称", self.name), ("学校类别", self.kind), ("登记人", self.who)):
            self.box.addWidget(FormRow(label, field))
            self.box.addSpacing(m.s4)
        self.box.addWidget(Text("其他资料以后在「设置」里填。", Type.SMALL, Tone.INK3))
        self.name.textChanged.connect(self._typed)
        self._typed("")

    def school(self) -> NewSchool | None:
        """What was filled in."""
        name = self.name.text().strip()
        if not name:
            return None
        return NewSchool(name, SchoolKind(str(self.kind.value)), self.who.text().strip())

    def _typed(self, _text: str) -> None:
        self.buttons["make"].setEnabled(bool(self.name.text().strip()))


class _WayLine(QWidget):
    """One way in: icon, head and detail, its verb at the right."""

    def __init__(self, way: Way) -> None:
        super().__init__()
        m = theme.metrics()
        mark = Text()
        mark.setPixmap(theme.pixmap(way.icon, Tone.ACCENT, size=m.icon))
        self.button = Button(way.verb, way.act, kind=Kind.FILLED if way.filled else Kind.PLAIN)
        detail = [Text(way.detail, Type.SMALL, Tone.INK2, wrap=True)] if way.detail else []
        said = column(Text(way.head, bold=True), *detail)
        line = row(mark, m.s12, said, m.s16, self.button, margins=(m.s16, m.s4, m.s16, m.s4))
        line.setStretch(2, 1)
        self.setLayout(line)
        self.setMinimumHeight(m.list_row)


def _place_line(label: str, folder: Path, reason: str) -> QLayout:
    m = theme.metrics()
    head = Text(label, tone=Tone.INK2)
    head.setFixedWidth(m.s32 + m.s12)
    # An invisible break after each separator: a long path wraps instead of being cut.
    words = column(
        Text(_breakable(folder), bold=True, wrap=True, selectable=True),
        *([Text(reason, Type.SMALL, Tone.INK2, wrap=True)] if reason else []),
    )
    line = row(head, words)
    line.setAlignment(head, Qt.AlignmentFlag.AlignTop)
    line.setStretch(1, 1)
    return line


def _breakable(folder: Path) -> str:
    text = str(folder)
    for separator in ("/", "\\"):
        text = text.replace(separator, f"{separator}\u200b")
    return text


class FirstRun(StartScreen):
    """The first of the at most five screens of a first day.

    `way_chosen(key)` with one of ROSTER, NEW, DEMO, RESTORE; `place_change_asked()`; `found_chosen(FoundPlace)` when a
    ledger that lies here already is to be opened, `open_asked()` when it lies in the proposed folder itself. Without a
    proposed place the ways in come with `looked` or `propose`, all at once, so that nothing moves under her hand.
    """

    place_change_asked = Signal()
    way_chosen = Signal(str)
    found_chosen = Signal(object)
    open_asked = Signal()

    def __init__(
        self,
        proposed: Proposed | None,
        today: date,
        *,
        found: Sequence[FoundPlace] = (),
        warning: str = "",
    ) -> None:
        super().__init__("守望")
        m = theme.metrics()
        self.buttons: dict[str, Button] = {}
        self.opens: list[Button] = []
        purpose = Text("留守儿童台账、档案和关爱记录，都在这台电脑上，不上网。", tone=Tone.INK2, wrap=True)
        self.help = self.help_link("帮助、四页指南 F1")
        told = row(purpose, m.s16, self.help)
        told.setStretch(0, 1)
        self.body.addLayout(told)
        self.body.addSpacing(m.s8)
        if warning:
            self.body.addWidget(Banner(warning, icon="warning"))
            self.body.addSpacing(m.s12)
        self._today = today
        self._proposal: Proposal | None = None
        self._found = column()
        self._ways = column()
        self._place = column()
        for part in (self._found, self._ways, self._place):
            self.body.addLayout(part)
        self.body.addStretch(1)
        if proposed is None:
            self._show_place([Text(LOOKING, tone=Tone.INK2, wrap=True)]).setFocus()
        else:
            self.looked(Here(proposed, tuple(found)))

    @property
    def is_looking(self) -> bool:
        """True until a place is proposed, by this computer or by her."""
        return self._proposal is None

    @property
    def proposal(self) -> Proposal:
        """Where the data would live; LookupError while nothing is proposed yet."""
        if self._proposal is None:
            raise LookupError("no place is proposed yet")
        return self._proposal

    def looked(self, here: Here) -> None:
        """Show what this computer proposes and has; nothing, once she has named a folder herself."""
        if not self.is_looking:
            return
        elsewhere = [one for one in here.found if one.data_folder != here.proposed.proposal.data_folder]
        if elsewhere:
            self._offer_found(elsewhere)
        self.propose(here.proposed)

    def not_looked(self) -> None:
        """The look did not come to an end: only naming a folder is left."""
        if self.is_looking:
            self._show_place([Text(NOT_LOOKED, tone=Tone.OCHRE, wrap=True)]).setFocus()

    def _offer_found(self, found: Sequence[FoundPlace]) -> None:
        """After a re-installed Windows: the ledgers this computer still has, the one written last first."""
        m = theme.metrics()
        parts: list[QWidget | QLayout | int] = [Text("这台电脑上已经有守望的数据", bold=True)]
        for one in found:
            kind = Kind.PLAIN if self.opens else Kind.FILLED
            opens = Button(OPEN_FOUND, partial(self.found_chosen.emit, one), kind=kind)
            self.opens.append(opens)
            words = f"{_breakable(one.data_folder)}，最近写过：{moment_words(one.written_at, self._today)}"
            said = Text(words, wrap=True)
            line = row(said, m.s16, opens)
            line.setStretch(0, 1)
            parts += [m.s8, line]
        self._found.addWidget(Sheet(*parts, padding=m.s12))
        self._found.addSpacing(m.s12)

    # ---- where the data will live

    def propose(self, proposed: Proposed) -> None:
        """Show a place and the ways in; a refused place has only 换个地方…, one with a ledger only opening it."""
        m = theme.metrics()
        proposal, warning = proposed.proposal, proposed.warning
        self._proposal = proposal
        empty_out(self._ways)
        self.buttons.clear()
        is_refused = warning is not None and warning.refused
        if not is_refused:
            self._show_ways(has_ledger=proposed.has_ledger, nudge=warning is None and not self.opens)
        lines: list[QWidget | QLayout | int] = [
            _place_line("数据", proposal.data_folder, proposal.data_reason),
            m.s4,
            _place_line("备份", proposal.backup_folder, proposal.backup_reason),
        ]
        if warning is not None:
            tone = Tone.RED if warning.refused else Tone.OCHRE
            lines += [m.s8, Text(warning.words, tone=tone, wrap=True)]
        change = self._show_place(lines)
        first = next(iter((*self.opens, *self.buttons.values())), change)
        first.setFocus()

    def _show_place(self, lines: Sequence[QWidget | QLayout | int]) -> Button:
        """Show these lines as the place, with the way to another one; return that."""
        m = theme.metrics()
        empty_out(self._place)
        change = Button("换个地方…", self.place_change_asked.emit, small=True)
        told = row(column(*lines), m.s16, change, margins=(m.s8, 0, m.s8, 0))
        told.setStretch(0, 1)
        told.setAlignment(change, Qt.AlignmentFlag.AlignTop)
        self._place.addWidget(Sheet(told, padding=m.s8))
        QWidget.setTabOrder(change, self.help)  # it stands above, but the ways in come first
        return change

    def _show_ways(self, *, has_ledger: bool, nudge: bool) -> None:
        m = theme.metrics()
        if has_ledger:
            there = Way(
                "book_open", "这个文件夹里已经有一份守望的数据", "", OPEN_FOUND, self.open_asked.emit, nudge
            )
            lines = [("open", _WayLine(there))]
        else:
            lines = [(key, _WayLine(way)) for key, way in self._four_ways(nudge=nudge)]
        self.buttons |= {key: line.button for key, line in lines}
        widest = max(line.button.sizeHint().width() for _, line in lines)
        for _, line in lines:
            line.button.setMinimumWidth(widest)
        parts = [
            part
            for place, (_key, line) in enumerate(lines)
            for part in ((Rule(), line) if place else (line,))
        ]
        self._ways.addWidget(Sheet(*parts))
        self._ways.addSpacing(m.s8)

    def _four_ways(self, *, nudge: bool) -> list[tuple[str, Way]]:
        def way(key: str, icon: str, head: str, detail: str, verb: str) -> tuple[str, Way]:
            return key, Way(
                icon, head, detail, verb, partial(self.way_chosen.emit, key), nudge and key == ROSTER
            )

        return [
            way(
                ROSTER,
                "arrow_import",
                "有现成的花名册",
                "Excel、WPS 表都可以，先预览，再写入。",
                "导入花名册",
            ),
            way(NEW, "person_add", "没有表，从头登记", "建好学校，一名一名地加。", "新建学校"),
            way(
                DEMO, "people_community", "先看看样子", "编出来的学校和孩子，和您的数据分开放。", "看演示学校"
            ),
            way(
                RESTORE,
                "history",
                "换了电脑，或重装过",
                "从备份或优盘上的拷贝恢复，恢复后能换回来。",
                "从备份恢复",
            ),
        ]
