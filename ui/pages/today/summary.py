"""The column beside what is to be done: the four guidances, what was done today and this week, how safe the data are."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QBoxLayout, QWidget

from app.storage.history import ActionRow
from app.tasks.doings import STAYING, UNDONE_BY
from app.tasks.glance import STICK_DAYS, Glance, stick_age
from ui import theme
from ui.theme import Tone, Type
from ui.widgets import Bar, Button, Link, Rule, Scroll, Text
from ui.widgets.layout import column, empty_out, holder, row
from ui.wording import day_words, moment_words, stored_moment_words

if TYPE_CHECKING:
    from app.pairing.codes import Guidance
    from app.tasks.today import Work
    from app.todo.coverage import GuidanceCoverage

LOW = 0.5
"""A guidance that fewer than this part of the children got is shown in ochre."""
SHOWN = 5
"""So many of today's actions stand there; all of them, and those of earlier days, on their own page."""
_UNDOING = "undo"


class Summary(Scroll):
    """`show_glance` and `show_work` fill it. The signals ask the page to go somewhere or undo."""

    children_asked = Signal(str, object)
    undo_asked = Signal(str)
    doings_asked = Signal()
    stick_asked = Signal()
    backups_asked = Signal()

    def __init__(self, *, read_only: bool) -> None:
        m = theme.metrics()
        self._guidances = column(gap=m.s4)
        self._doings = column(gap=m.s2)
        self._safety = column(gap=m.s4)
        super().__init__(
            self._guidances,
            m.s12,
            row(
                Rule(), m.s4
            ),  # as far as the letters of the verbs below and above, which keep room for their ring
            m.s12,
            self._doings,
            m.s12,
            row(
                Rule(), m.s4
            ),  # as far as the letters of the verbs below and above, which keep room for their ring
            m.s12,
            self._safety,
            None,
            margins=(m.s4, m.s8, m.s8, m.s12),
        )
        self._read_only = read_only
        self._glance: Glance | None = None
        self._coverage: GuidanceCoverage | None = None
        self._done: Mapping[str, int] = {}
        self._undos: dict[str, Link] = {}

    def show_glance(self, glance: Glance) -> None:
        """Show what was read first."""
        self._glance = glance
        self._fill_guidances()
        self._fill_doings(glance)
        self._fill_safety(glance)

    def show_work(self, work: Work) -> None:
        """Add what was done, once it has been read."""
        self._coverage = work.coverage
        self._done = work.done
        if self._glance is not None:
            self._fill_guidances()
            self._fill_doings(self._glance)

    # ---- 四导覆盖

    def _fill_guidances(self) -> None:
        empty_out(self._guidances)
        if self._glance is None:
            return
        total = self._glance.count.total
        every = Link(f"在册 {total} 名", partial(self.children_asked.emit, "在册留守儿童", None))
        self._guidances.addWidget(holder(row(Text("四导覆盖", Type.SECTION), None, every)))
        found = self._coverage
        if found is None:
            return
        words = f"本学期得到过的儿童，共 {found.children} 名"
        self._guidances.addWidget(Text(words, Type.SMALL, Tone.INK2, wrap=True))
        for guidance in _four_guidances():
            self._guidances.addWidget(self._guidance_line(guidance, found))
        neither = found.neither_mind_nor_conduct
        if neither:
            said = Text(f"心理、行为一次都没有：{len(neither)} 名", Type.SMALL, Tone.OCHRE, wrap=True)
            line = row(said, gap=theme.metrics().s8)
            line.setStretch(0, 1)
            ask = partial(self.children_asked.emit, "心理、行为一次都没有", neither)
            line.addWidget(Link("看名单", ask))
            self._guidances.addWidget(holder(line))

    def _guidance_line(self, guidance: Guidance, found: GuidanceCoverage) -> QWidget:
        m = theme.metrics()
        words = Text(guidance.label)
        words.setFixedWidth(m.value_at)
        covered = found.covered(guidance)
        part = covered / found.children if found.children else 0.0
        low = part < LOW
        number: QWidget = Text(str(covered), tone=Tone.OCHRE if low else Tone.INK, bold=True)
        number.setContentsMargins(0, 0, m.s4, 0)
        if found.without[guidance]:
            ask = partial(self.children_asked.emit, f"没有{guidance.label}", found.without[guidance])
            number = Link(str(covered), ask)
            number.setAccessibleName(f"{guidance.label} {covered} 名，看没有的名单")
            number.setToolTip(f"还没有的 {len(found.without[guidance])} 名")
        place = holder(row(None, number))
        place.setMinimumWidth(m.relation_width)
        line = row(words, Bar(part, Tone.OCHRE if low else Tone.ACCENT), place, gap=m.s8)
        line.setStretch(1, 1)
        return holder(line)

    # ---- 我刚才做了什么

    def _fill_doings(self, glance: Glance) -> None:
        had_ring = next((uuid for uuid, link in self._undos.items() if link.hasFocus()), "")
        if had_ring:
            # Hidden with it, the keyboard would go to whatever stands below.
            self._undos[had_ring].clearFocus()
        empty_out(self._doings)
        self._undos = {}
        doings = glance.actions
        words = f"今天 {len(doings)} 件" if doings else "看以前的"
        every = Link(words, self.doings_asked.emit)
        every.setAccessibleName(f"我做了什么：{words}")
        self._doings.addWidget(holder(row(Text("我刚才做了什么", Type.SECTION), None, every)))
        if not doings:
            self._doings.addWidget(Text("今天还没有改过什么。", tone=Tone.INK2))
        for doing in doings[:SHOWN]:
            self._doings.addWidget(self._doing_line(doing))
        if self._done:
            counted = "、".join(f"{_words_of(kind)} {number}" for kind, number in self._done.items())
            self._doings.addWidget(
                Text(f"本周已做（后来离开的孩子也算）：{counted}", Type.SMALL, Tone.INK2, wrap=True)
            )
        if had_ring:
            self._give_ring(self._undos.get(had_ring) or next(iter(self._undos.values()), every))

    def _give_ring(self, link: Link) -> None:
        """To the line itself; of one taken back to the newest, which says so and takes it back in turn."""
        shown: QWidget | None = link
        while shown is not None and shown is not self and not shown.isVisible():
            shown.show()  # Qt shows it one turn later, and what is not shown takes no keyboard
            shown = shown.parentWidget()
        link.setFocus(Qt.FocusReason.OtherFocusReason)

    def _doing_line(self, doing: ActionRow) -> QWidget:
        m = theme.metrics()
        done_at = Text(doing.at[11:16], tone=Tone.INK2)
        words = Text(doing.words, tone=Tone.INK3 if doing.is_undone else Tone.INK, wrap=True)
        if doing.who:
            words.setToolTip(f"{doing.who} 登记")
        line = row(gap=m.s8)
        line.addWidget(done_at, 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(words, 1)
        if doing.is_undone:
            undone = Text("已撤销", tone=Tone.INK3)
            undone.setContentsMargins(0, 0, m.s4, 0)
            line.addWidget(undone, 0, Qt.AlignmentFlag.AlignTop)
        elif doing.kind not in STAYING and not self._read_only:
            verb = "取消撤销" if doing.kind == _UNDOING and doing.words.startswith(UNDONE_BY) else "撤销"
            link = Link(verb, partial(self.undo_asked.emit, doing.uuid))
            link.setAccessibleName(f"{verb} {doing.words}")
            self._undos[doing.uuid] = link
            line.addWidget(link, 0, Qt.AlignmentFlag.AlignTop)
        return holder(line)

    # ---- 数据安全

    def _fill_safety(self, glance: Glance) -> None:
        empty_out(self._safety)
        self._safety.addWidget(Text("数据安全", Type.SECTION))
        self._add_backup(glance)
        if not glance.is_demo:
            self._add_stick(glance)
        self._add_pair(
            "folder_open", Tone.INK2, Text(f"数据在 {glance.place}", tone=Tone.INK2, wrap=True), None
        )

    def _add_backup(self, glance: Glance) -> None:
        backup = glance.backup
        link = Link("看备份", self.backups_asked.emit)
        if backup is None and glance.is_demo:
            told = Text("演示数据是编的，不用备份", tone=Tone.INK2, wrap=True)
            self._add_pair("info", Tone.INK2, told, link)
            return
        if backup is None:
            self._add_pair("shield_error", Tone.OCHRE, Text("还没有核对过的备份", tone=Tone.OCHRE), link)
            return
        when = moment_words(backup.made_at, glance.day)
        last = stored_moment_words(backup.last_entry, glance.day)
        words = column(
            Text(f"上次核对成功的备份：{when}", wrap=True),
            Text(f"{backup.children} 名儿童，最近一条 {last}", Type.SMALL, Tone.INK2, wrap=True),
        )
        self._add_pair("shield_checkmark", Tone.GREEN, words, link)

    def _add_stick(self, glance: Glance) -> None:
        days = stick_age(glance.stick, glance.day)
        late = days is None or days > STICK_DAYS
        if days is None or glance.stick is None:
            words = column(Text("还没有拷到优盘", tone=Tone.OCHRE))
        else:
            copied_on = datetime.fromisoformat(glance.stick.happened_at).date()
            words = column(Text(f"上次拷到优盘：{_days_ago(copied_on, glance.day)}", wrap=True))
        if days is not None and late:
            words.addWidget(Text(f"超过 {STICK_DAYS} 天没有拷了", Type.SMALL, Tone.OCHRE))
        verb = None if self._read_only else Button("现在拷", self.stick_asked.emit)
        self._add_pair("usb_stick", Tone.OCHRE if late else Tone.GREEN, words, verb)

    def _add_pair(self, icon: str, tone: Tone, words: QWidget | QBoxLayout, verb: QWidget | None) -> None:
        m = theme.metrics()
        mark = Text()
        size = m.icon_small if icon == "folder_open" else m.icon
        mark.setPixmap(theme.pixmap(icon, tone, size=size))
        mark.setFixedWidth(m.icon)
        line = row(mark, gap=m.s8)
        if isinstance(words, QBoxLayout):
            line.addLayout(words, 1)
        else:
            line.addWidget(words, 1)
        if verb is not None:
            line.addWidget(verb)
        if isinstance(verb, Button):
            line.addSpacing(m.s4)
        self._safety.addWidget(holder(line))
        self._safety.addSpacing(m.s4)


def _days_ago(day: date, today: date) -> str:
    days = (today - day).days
    words = day_words(day, today)
    return words if days < 2 else f"{words}，{days} 天前"


def _four_guidances() -> tuple[Guidance, ...]:
    """Return 四导; what they were counted with has brought them in."""
    from app.pairing.codes import Guidance

    return Guidance.STUDY, Guidance.LIFE, Guidance.MIND, Guidance.CONDUCT


def _words_of(activity: str) -> str:
    from app.todo.presets import activity_words

    return activity_words(activity)
