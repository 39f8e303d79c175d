"""Which records go into a register or onto sheets: the days, whom, what kinds, with whole numbers or masked ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from msgspec import Struct
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QWidget

from app.diary.codes import Activity
from app.diary.queries import RecordFilters, count_records
from app.pairing.people import supporters
from app.school.codes import Profile
from app.school.queries import classes, school_calendar
from app.storage.store import Store
from app.tasks.registers.making import Wanted
from ui import theme
from ui.theme import Tone, Type
from ui.widgets import (
    CheckBox,
    FormGrid,
    FormRow,
    Link,
    NearDay,
    QuietChoice,
    QuietField,
    Radio,
    SectionHead,
    Segments,
    Text,
    column,
    holder,
    row,
)

WEEK, MONTH, TERM, OWN = "week", "month", "term", "own"
_SPANS = [(WEEK, "本周"), (MONTH, "本月"), (TERM, "本学期"), (OWN, "自己定")]
_ANY = ""
_KINDS_PER_LINE = 5


class Offer(Struct, frozen=True):
    """What there is to choose from: classes and supporters as (uuid, words), the days of the spans."""

    classes: tuple[tuple[str, str], ...]
    supporters: tuple[tuple[str, str], ...]
    spans: Mapping[str, tuple[date, date]]


def read_offer(store: Store, today: date) -> Offer:
    """Read the choices; who has left may still have written records, and is offered too."""
    monday = today - timedelta(days=today.weekday())
    spans = {WEEK: (monday, monday + timedelta(days=6)), MONTH: (today.replace(day=1), today)}
    term = school_calendar(store).term_of(today)
    if term is not None:
        spans[TERM] = (term.starts_on, min(term.ends_on, today))
    return Offer(
        tuple((cls.uuid, cls.name) for cls in classes(store, today)),
        tuple((one.uuid, one.name) for one in supporters(store, today, gone=True) if one.uuid),
        spans,
    )


def count_kinds(store: Store, wanted: Wanted) -> dict[Activity, int]:
    """Return how many records there are of each kind, whichever kinds are ticked."""
    found = {}
    for kind in Activity:
        narrowed = Wanted(
            wanted.since,
            wanted.until,
            frozenset({kind}),
            wanted.class_uuid,
            wanted.supporter_uuid,
            wanted.child_uuid,
        )
        found[kind] = count_records(store, narrowed.filters)
    return found


def filters_in_words(filters: RecordFilters, child_name: str) -> dict[str, Any]:
    """Return the parameters of the page "registers" that ask for what a list shows."""
    return {
        "since": filters.since,
        "until": filters.until,
        "kinds": filters.kinds,
        "school_class": filters.class_uuid,
        "supporter": filters.supporter_uuid,
        "child": filters.child_uuid,
        "child_name": child_name,
    }


class RegisterPanel(QWidget):
    """`changed()` whenever something else is wanted; `wanted` is None while the days are none."""

    changed = Signal()

    def __init__(self, today: Callable[[], date]) -> None:
        super().__init__()
        self._today = today
        self._offer = Offer((), (), {})
        self._child: str | None = None
        self._make_days()
        self._make_whom()
        self._make_kinds()
        self._make_numbers()
        self._lay_out()

    def _make_days(self) -> None:
        self.span = Segments(_SPANS, bordered=True)
        self.span.setAccessibleName("哪段时间")
        self.span.changed.connect(self._span_chosen)
        self.since, self.until = (NearDay(self._today, ahead=False) for _ in range(2))
        self.since.setAccessibleName("从哪天")
        self.until.setAccessibleName("到哪天")
        for field in (self.since, self.until):
            field.saved.connect(self._day_typed)
            field.finding_changed.connect(self._told)

    def _make_whom(self) -> None:
        self.group = QuietChoice([(_ANY, "全校")], quiet=False, unknown=False)
        self.who = QuietChoice([(_ANY, "所有教师和帮扶人")], quiet=False, unknown=False)
        for choice in (self.group, self.who):
            choice.saved.connect(self._told)
        self.child = Text("", bold=True, elide=True)
        self.all_children = Link("改为所有儿童", self.drop_child)
        self._child_row = FormRow(
            "儿童", holder(row(self.child, theme.metrics().s12, self.all_children, None))
        )
        self._child_row.hide()

    def _make_kinds(self) -> None:
        self.kinds = {kind: CheckBox(kind.label, checked=False) for kind in Activity}
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        for place, box in enumerate(self.kinds.values()):
            box.toggled.connect(self._told)
            line, across = divmod(place, _KINDS_PER_LINE)
            grid.addWidget(box, line, across, Qt.AlignmentFlag.AlignLeft)
        self._kinds_room = holder(grid)

    def _make_numbers(self) -> None:
        self.masked = Radio("遮住：文字里的证件号和电话只留头尾", checked=True)
        self.full = Radio("完整，要写原因，记入移交记录")
        self._numbers = QButtonGroup(self)
        for radio in (self.masked, self.full):
            self._numbers.addButton(radio)
            radio.toggled.connect(self._numbers_chosen)
        self.reason = QuietField(quiet=False, hint="交给谁、做什么用；打印不用写，把印全号的存成 PDF 要写")
        self.reason.textChanged.connect(self._told)
        self._reason_row = FormRow("原因", self.reason)
        self.paper_masked = CheckBox("打印的记录表和登记册也遮住", checked=False)
        self.paper_masked.toggled.connect(self._numbers_chosen)
        self.lists_too = CheckBox("一次全出时，每本登记册另出一份 PDF，横版，可直接打印", checked=False)

    def _lay_out(self) -> None:
        m = theme.metrics()
        grid = FormGrid(gap=m.s8)
        days = row(self.span, m.s8, self.since, Text("到", tone=Tone.INK2), self.until, None, gap=m.s8)
        grid.full(FormRow("时间", holder(days)))
        grid.pair(FormRow("班级", self.group), FormRow("教师", self.who))
        grid.full(self._child_row)
        grid.full(FormRow("类别", self._kinds_room))
        rest = "一类也不勾，就是全部。类别只管关爱记录；别的登记册看班级、教师和儿童，"
        rest += "会议和辍学学生情况统计表不分教师，统计表也不分儿童。"
        grid.full(FormRow("", Text(rest, Type.SMALL, Tone.INK2, wrap=True)))
        numbers = SectionHead("号码")
        words = "登记册每类一张表，存成 Excel 常要交出去，也能横着打印；记录表一名儿童一份，学校自己存，通常印全号。"
        self.setLayout(
            column(
                grid,
                numbers,
                Text(words, Type.SMALL, Tone.INK2, wrap=True),
                m.s4,
                self.masked,
                self.full,
                self.paper_masked,
                m.s4,
                self._reason_row,
                m.s8,
                self.lists_too,
                None,
            )
        )

    # ---- what is wanted

    @property
    def wanted(self) -> Wanted | None:
        """What is to be in the register; None while the days cannot be read."""
        since, until = self.since.day, self.until.day
        if since is None or until is None or until < since:
            return None
        return Wanted(
            since,
            until,
            frozenset(kind for kind, box in self.kinds.items() if box.isChecked()),
            str(self.group.value or "") or None,
            str(self.who.value or "") or None,
            self._child,
        )

    @property
    def why_not(self) -> str:
        """What is wrong with the days; "" when they can be read."""
        for field in (self.since, self.until):
            if field.finding is not None:
                return field.finding.reason
        return "" if self.wanted is not None else "最后一天比第一天还早，或有一天没有写。"

    @property
    def profile(self) -> Profile:
        """Whole or masked numbers in the workbook."""
        return Profile.FULL if self.full.isChecked() else Profile.MASKED

    @property
    def paper_profile(self) -> Profile:
        """Whole or masked numbers on the sheets."""
        return Profile.MASKED if self.paper_masked.isChecked() else Profile.FULL

    @property
    def with_lists(self) -> bool:
        """Whether each workbook is to have its list to print beside it."""
        return self.lists_too.isChecked()

    @property
    def whom_words(self) -> str:
        """Whom it is narrowed to: 全校; 三（1）班，李国平."""
        chosen = [choice.currentText() for choice in (self.group, self.who) if choice.value]
        return "，".join([*chosen, *([self.child.text()] if self._child else [])]) or "全校"

    @property
    def reason_words(self) -> str | None:
        """Why whole numbers leave; None for masked ones."""
        return self.reason.text().strip() if self.full.isChecked() else None

    @property
    def paper_reason(self) -> str | None:
        """Why sheets and lists with whole numbers leave as files; None when she wrote nothing."""
        return self.reason.text().strip() or None

    @property
    def may_export(self) -> bool:
        """Whole numbers need a reason."""
        return self.masked.isChecked() or bool(self.reason.text().strip())

    def take_offer(self, offer: Offer) -> None:
        """Offer what there is now; what is chosen stays while it is there."""
        self._offer = offer
        self.group.set_options([(_ANY, "全校"), *offer.classes])
        self.who.set_options([(_ANY, "所有教师和帮扶人"), *offer.supporters])
        for choice in (self.group, self.who):
            if choice.currentIndex() < 0:
                choice.set_value(_ANY)
        if self.span.current != OWN or not self.since.text():
            self._span_chosen(self.span.current)

    def take_params(self, params: Mapping[str, Any]) -> None:
        """Begin with what another page asks for; what it does not name is everything."""
        self._child = params.get("child") or None
        self.child.setText(str(params.get("child_name") or "只这一名"))
        self._child_row.setVisible(self._child is not None)
        self.group.set_value(params.get("school_class") or _ANY)
        self.who.set_value(params.get("supporter") or _ANY)
        kinds = params.get("kinds") or frozenset()
        for kind, box in self.kinds.items():
            box.setChecked(kind in kinds)
        since, until = params.get("since"), params.get("until")
        if since and until:
            named = [key for key, days in self._offer.spans.items() if (since, until) == _iso(days)]
            self.span.set_current(named[0] if named else OWN)
            self.since.set_value(since)
            self.until.set_value(until)
        else:
            default = TERM if TERM in self._offer.spans else MONTH
            self.span.set_current(default)
            self._span_chosen(default)
        self.changed.emit()

    def show_counts(self, counts: Mapping[Activity, int]) -> None:
        """Say beside each kind how many there are."""
        for kind, box in self.kinds.items():
            box.setText(f"{kind.label} {counts[kind]}" if counts.get(kind) else kind.label)

    def drop_child(self) -> None:
        """Everybody again."""
        self._child = None
        self._child_row.hide()
        self.changed.emit()

    # ---- inside

    def _told(self, *_: object) -> None:
        self.changed.emit()

    def _span_chosen(self, key: str) -> None:
        days = self._offer.spans.get(key)
        if days is not None:
            since, until = _iso(days)
            self.since.set_value(since)
            self.until.set_value(until)
        elif key == OWN:
            self.since.setFocus()
        self.changed.emit()

    def _day_typed(self, *_: object) -> None:
        self.span.set_current(OWN)
        self.changed.emit()

    def _numbers_chosen(self, _on: bool) -> None:
        self._reason_row.setEnabled(self.full.isChecked() or not self.paper_masked.isChecked())
        self.changed.emit()


def _iso(days: tuple[date, date]) -> tuple[str, str]:
    return days[0].isoformat(), days[1].isoformat()
