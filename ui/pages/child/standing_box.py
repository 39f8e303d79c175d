"""留守认定: what every 口径 makes of the facts, and why."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QWidget

from app.children.child_file import ChildFile
from app.children.codes import XuejiCode
from app.children.derive import Standing, standing, summary_words
from app.children.rules import Derived
from app.school.counting_rules import CountingRule
from app.survey.queries import CheckFacts
from ui import theme
from ui.pages.child.clerk import Clerk
from ui.theme import Tone, Type
from ui.widgets import Ground, Kind, Link, Panel, Text, Verb, column, holder, row, within_room


class StandingBox(Ground):
    """The grey note under 个人. `set_rules` hands it the school's own rule and setting."""

    def __init__(self, clerk: Clerk) -> None:
        super().__init__("note")
        m = theme.metrics()
        self._clerk = clerk
        self._local: CountingRule | None = None
        self._resident_is_rural: bool | None = None
        self._standing: Standing | None = None
        self._registered = ""
        self._line = Text("", bold=True, wrap=True)
        self._summary = Text("", tone=Tone.INK2, wrap=True)
        self.why = Link("为什么", self._explain, kind=Type.SMALL)
        head = row(Text("留守认定", tone=Tone.INK2), self._line, self.why, gap=m.s8)
        head.setStretchFactor(self._line, 1)
        self.checked = Text("", Type.SMALL, Tone.INK2, wrap=True)
        self.checked.hide()
        self.setLayout(
            column(head, self._summary, self.checked, gap=m.s2, margins=(m.s12, m.s8, m.s12, m.s8))
        )

    def set_rules(self, local: CountingRule | None, *, resident_is_rural: bool | None) -> None:
        """The school's own 口径, and what it takes 居民户口 for."""
        self._local = local
        self._resident_is_rural = resident_is_rural

    def set_check(self, last: tuple[str, CheckFacts] | None) -> None:
        """When and by whom the facts were last checked: 已核实 2026-11-18 李国平; nothing where nobody ever did."""
        if last is not None:
            survey, check = last
            changed = "，有变化" if check.changed else ""
            self.checked.setText(
                f"已核实 {check.checked_on} {check.checked_by}（{survey}，{check.way.label}{changed}）"
            )
        self.checked.setVisible(last is not None)

    def show_standing(self, file: ChildFile) -> None:
        """Show what follows from the facts."""
        found = standing(file.facts, resident_is_rural=self._resident_is_rural, local=self._local)
        self._standing = found
        self._registered = "在册" if file.facts.on_ledger else "不在册"
        xueji = found.xueji.value
        words = [
            f"学籍系统 {f'{xueji.value} {xueji.label}' if xueji is not None else '待定'}{_mark(found.xueji)}",
            f"国发〔2016〕13号 {_yes(found.mz2016)}",
            f"本校台账 {self._registered}",
        ]
        self._line.setText("　".join(words))
        self._summary.setText(f"{summary_words(file.facts)}。{other_than_here(found.xueji)}")

    def _explain(self) -> None:
        found = self._standing
        if found is None:
            return
        panel = WhyPanel(self._clerk.window(), self._clerk.facts.name, found, self._registered)
        self._clerk.context.dialogs.open_panel(panel, _closed)


class WhyPanel(Panel):
    """Every 口径 with its answer and the facts it rests on."""

    def __init__(self, parent: QWidget | None, name: str, found: Standing, registered: str) -> None:
        super().__init__(parent, f"{name}的留守认定", [Verb("close", "知道了", Kind.PLAIN)])
        m = theme.metrics()
        xueji = found.xueji.value
        answers: list[tuple[str, str, Derived[Any]]] = [
            ("学籍系统", f"{xueji.value} {xueji.label}" if xueji else "待定", found.xueji),
            ("国发〔2016〕13号", _yes(found.mz2016), found.mz2016),
            ("教育事业统计", _yes(found.edu_stat), found.edu_stat),
        ]
        if found.local is not None:
            answers.append(("本校口径", _yes(found.local), found.local))
        said = column(gap=m.s4)
        for rule, answer, derived in answers:
            said.addWidget(row_of(f"{rule}　{answer}{_mark(derived)}"))
            said.addWidget(Text(f"{derived.why}。", Type.SMALL, Tone.INK2, wrap=True))
            said.addSpacing(m.s8)
        said.addWidget(row_of(f"本校台账　{registered}"))
        words = "登记和退出由老师决定，见「类别与登记」；上面几种算法只作对照。"
        said.addWidget(Text(words, Type.SMALL, Tone.INK2, wrap=True))
        room = max(parent.height() - m.list_row * 4, m.list_row * 3) if parent is not None else m.dialog
        self.box.addWidget(within_room(holder(said), self.head.text(), width=m.dialog - 2 * m.s24, room=room))


def row_of(words: str) -> Text:
    """The bold line of one 口径."""
    return Text(words, bold=True, wrap=True)


def _yes(derived: Derived[bool]) -> str:
    if derived.value is None:
        return "待定"
    return ("是" if derived.value else "否") + _mark(derived)


def other_than_here(xueji: Derived[XuejiCode]) -> str:
    """Why 学籍系统 may answer otherwise than the fields of this page: what it counts, in one line; empty where it is sure."""
    if xueji.value is None or not xueji.pending:
        return ""
    return f"学籍系统的口径另算：{xueji.why}。"


def _mark(derived: Derived[Any]) -> str:
    return "（待确认）" if derived.pending and derived.value is not None else ""


def _closed(_key: str) -> None:
    """Nothing more to do."""
