"""The first start: where the data shall live, then one of four ways in."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLayout, QWidget

from app.school.codes import SchoolKind
from ui import theme
from ui.shell.place import Proposed
from ui.shell.start import StartScreen
from ui.theme import Tone, Type
from ui.widgets import (
    Button,
    FormRow,
    Kind,
    Panel,
    QuietChoice,
    QuietField,
    Sheet,
    Text,
    Verb,
    Way,
    column,
    empty_out,
    row,
)
from ui.widgets.surface import WaySheet

KINDS = (
    (SchoolKind.PRIMARY, "小学"),
    (SchoolKind.JUNIOR, "初中"),
    (SchoolKind.NINE_YEAR, "九年一贯制学校"),
)


@dataclass(frozen=True, slots=True)
class NewSchool:
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


def _place_line(label: str, folder: Path, reason: str) -> QLayout:
    m = theme.metrics()
    head = Text(label, tone=Tone.INK2)
    head.setFixedWidth(m.value_at)
    words = column(
        Text(str(folder), bold=True, wrap=True, selectable=True),
        *([Text(reason, Type.SMALL, Tone.INK2, wrap=True)] if reason else []),
    )
    line = row(head, words)
    line.setAlignment(head, Qt.AlignmentFlag.AlignTop)
    line.setStretch(1, 1)
    return line


class FirstRun(StartScreen):
    """Proposes a data place; after [放在这里] the four ways open. The program does what the signals ask.

    `place_chosen(proposal)`, `place_change_asked()`, `way_chosen(key)` with new, roster, demo, restore, and
    `open_asked()` when the chosen folder already holds a ledger.
    """

    place_chosen = Signal(object)
    place_change_asked = Signal()
    way_chosen = Signal(str)
    open_asked = Signal()

    def __init__(self, proposed: Proposed) -> None:
        super().__init__("守望")
        m = theme.metrics()
        self.body.addWidget(
            Text("留守儿童台账、档案和关爱记录，都在这台电脑上，不上网。", tone=Tone.INK2, wrap=True)
        )
        self.body.addSpacing(m.s16)
        self._place = column()
        self.body.addLayout(self._place)
        self.body.addSpacing(m.s16)
        self._ways = column()
        self.body.addLayout(self._ways)
        self.body.addStretch(1)
        self.proposal = proposed.proposal
        self.propose(proposed)

    def propose(self, proposed: Proposed) -> None:
        """Show a place to be agreed to; a refused one has only 换个地方…."""
        m = theme.metrics()
        self.proposal, warning = proposed.proposal, proposed.warning
        empty_out(self._place)
        empty_out(self._ways)
        change = Button("换个地方…", self.place_change_asked.emit)
        verbs: list[QWidget] = []
        if warning is None or not warning.refused:
            here = Button("放在这里", partial(self.place_chosen.emit, self.proposal))
            here.set_kind(Kind.FILLED if warning is None else Kind.PLAIN)
            verbs.append(here)
        lines: list[QWidget | QLayout | int] = [
            Text("数据放在哪里", Type.SECTION),
            m.s12,
            _place_line("数据", self.proposal.data_folder, self.proposal.data_reason),
            m.s8,
            _place_line("备份", self.proposal.backup_folder, self.proposal.backup_reason),
            m.s12,
        ]
        if warning is not None:
            tone = Tone.RED if warning.refused else Tone.OCHRE
            lines += [Text(warning.words, tone=tone, wrap=True), m.s12]
        self._place.addWidget(Sheet(*lines, row(*verbs, change, None, gap=m.s8), padding=m.s16))

    def place_taken(self, folder: Path, *, has_ledger: bool) -> None:
        """The place is settled: show the ways, or that a ledger is there already."""
        m = theme.metrics()
        empty_out(self._place)
        empty_out(self._ways)
        change = Button("换个地方…", self.place_change_asked.emit, small=True)
        words = Text(f"数据放在 {folder}", tone=Tone.INK2, elide=True)
        self._place.addLayout(row(words, m.s12, change, None))
        if has_ledger:
            self._ways.addWidget(Text("这个文件夹里已经有一份守望的数据。", wrap=True))
            self._ways.addSpacing(m.s12)
            there = Button("打开这份数据", self.open_asked.emit, kind=Kind.FILLED)
            self._ways.addLayout(row(there, None))
            there.setFocus()
            return
        self._ways.addWidget(Text("从哪里开始", Type.SECTION))
        self._ways.addSpacing(m.s12)
        ways = self._four_ways()
        sheets = [WaySheet(way, width=(m.start_column - m.s16) // 2) for way in ways]
        for pair in (sheets[:2], sheets[2:]):
            self._ways.addLayout(row(*pair, None, gap=m.s16))
            self._ways.addSpacing(m.s16)
        sheets[0].button.setFocus()

    def _four_ways(self) -> list[Way]:
        def way(icon: str, head: str, detail: str, verb: str, key: str, *, filled: bool = False) -> Way:
            return Way(icon, head, detail, verb, partial(self.way_chosen.emit, key), filled)

        return [
            way(
                "arrow_import",
                "有现成的花名册",
                "Excel、WPS 表都可以，先预览，再写入。",
                "导入花名册",
                "roster",
                filled=True,
            ),
            way("person_add", "没有表，从头登记", "建好学校，一名一名地加。", "新建学校", "new"),
            way(
                "people_community",
                "先看看样子",
                "编出来的学校和孩子，和您的数据分开放。",
                "看演示学校",
                "demo",
            ),
            way(
                "history",
                "换了电脑，或重装过",
                "从备份或优盘上的拷贝恢复，恢复后能换回来。",
                "从备份恢复",
                "restore",
            ),
        ]
