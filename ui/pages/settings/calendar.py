"""Terms and special days: generated, then as the school says."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

from PySide6.QtWidgets import QWidget

from app.school.calendar import CalendarDay, SchoolCalendar, Term
from app.school.codes import DAY_KINDS, DayKind
from app.school.queries import school_calendar
from app.school.service_calendar import clear_day, set_day, set_term, set_year_start
from app.storage.drafts import Draft
from ui import theme
from ui.context import Context
from ui.drafts import SAVE, EntryPanel, Form
from ui.pages.settings.section import Section
from ui.theme import Tone, Type
from ui.widgets import (
    Button,
    FormRow,
    Link,
    NearDay,
    QuietChoice,
    QuietField,
    Rule,
    Text,
)
from ui.widgets.layout import column, empty_out, holder, row

_HALF_A_YEAR = timedelta(days=182)
"""A day without its year is meant in the school year that is shown: it is the one nearest to that year's middle."""
_WEEKDAYS = "一二三四五六日"


class DayPanel(EntryPanel):
    """Asks for a holiday or a day worked instead, in the school year around `middle`; stays open until it is stored."""

    def __init__(self, section: Section, middle: date) -> None:
        head = "加一天假期或调休上学日"
        super().__init__(section, head, self._save, verb="存上", safe="先不存")
        self._context = section.context
        self._day = NearDay(middle, hint="10-1")
        self._kind = QuietChoice([(kind, DAY_KINDS[kind]) for kind in DayKind], quiet=False, unknown=False)
        self._name = QuietField(quiet=False, hint="国庆节")
        for label, field in (("日期", self._day), ("是什么", self._kind), ("名称", self._name)):
            self.add(FormRow(label, field))
        self._kind.currentIndexChanged.connect(self._hint)
        self._day.textChanged.connect(self._enable)
        self._enable()
        self._day.setFocus()
        section.keep(self, Form.DAY, head, {"day": self._day, "kind": self._kind, "name": self._name})

    def _hint(self, *_: object) -> None:
        """A day worked instead says whose hours it has: the calls and the duty of that day follow it."""
        worked = self._kind.value is DayKind.SCHOOL_DAY
        self._name.setPlaceholderText("补周三" if worked else "国庆节")

    def _save(self, _key: str) -> None:
        self._context.write(
            set_day,
            day=date.fromisoformat(self._day.iso),
            kind=DayKind(str(self._kind.value)),
            name=self._name.text().strip(),
            toast=True,
            on_done=self._stored,
            on_error=self.refused,
        )

    def _stored(self, _changes: object) -> None:
        self.finish()

    def _enable(self, *_: object) -> None:
        self.buttons[SAVE].setEnabled(self._day.day is not None)


class CalendarSection(Section):
    """The school year under way: its start, both terms, and its special days."""

    key = "calendar"

    def __init__(self, context: Context) -> None:
        super().__init__(
            context, "学期与假期", "先按国家节假日排好，请照校历改。年级在学年第一天自动升，不用升级操作。"
        )
        m = theme.metrics()
        self._year = 0
        self._middle = context.clock.today()
        self._terms = holder(column(gap=m.s4))
        self._days = holder(column(gap=0))
        add = Link("加一天…", self._ask_day)
        self.box.addWidget(self._terms)
        self.box.addSpacing(m.s12)
        self.box.addWidget(Rule())
        self.box.addSpacing(m.s8)
        self.box.addLayout(row(Text("假期和调休", Type.SECTION), None, add))
        self.box.addWidget(self._days)
        self.box.addStretch(1)

    def load(self) -> None:
        self.context.read(school_calendar, on_done=self._show)

    def _show(self, calendar: SchoolCalendar) -> None:
        today = self.context.clock.today()
        year = self._year or calendar.years.year_of(today)
        self._year = year
        box = self._terms.layout()
        assert box is not None  # noqa: S101 - made in the constructor
        empty_out(box)
        m = theme.metrics()
        back = Button("上一学年", partial(self._turn, -1), icon="chevron_left", small=True)
        forth = Button("下一学年", partial(self._turn, 1), icon="chevron_right", small=True, icon_after=True)
        box.addWidget(holder(row(Text(f"{year}—{year + 1}学年", Type.SECTION), None, back, forth, gap=m.s8)))
        self._middle = calendar.years.start_of(year) + _HALF_A_YEAR
        start = NearDay(self._middle)
        start.show_day(calendar.years.start_of(year))
        start.saved.connect(self._save_start)
        box.addWidget(FormRow("学年第一天", start, note="这一天起升一个年级", label_width=m.value_at + m.s24))
        for term in calendar.terms_of(year):
            box.addWidget(self._term_row(term))
        self._show_days(calendar)

    def _term_row(self, term: Term) -> QWidget:
        m = theme.metrics()
        first, last = NearDay(self._middle), NearDay(self._middle)
        first.show_day(term.starts_on)
        last.show_day(term.ends_on)
        first.saved.connect(partial(self._save_term, term, first, last))
        last.saved.connect(partial(self._save_term, term, first, last))
        last.setAccessibleName("最后一天")
        between = row(
            first,
            Text("至", tone=Tone.INK2),
            last,
            Text(f"{term.weeks} 周", Type.SMALL, Tone.INK3),
            None,
            gap=m.s8,
        )
        words = "第一学期" if term.ordinal == 1 else "第二学期"
        return FormRow(words, holder(between), label_width=m.value_at + m.s24)

    def _show_days(self, calendar: SchoolCalendar) -> None:
        box = self._days.layout()
        assert box is not None  # noqa: S101 - made in the constructor
        empty_out(box)
        first, last = calendar.years.start_of(self._year), calendar.years.start_of(self._year + 1)
        listed = [day for day in calendar.days.values() if first <= day.day < last]
        for entry in sorted(listed, key=lambda entry: entry.day):
            box.addWidget(self._day_row(entry))
        if not listed:
            box.addWidget(Text("这一学年还没有登记假期。", Type.BODY, Tone.INK3))

    def _day_row(self, entry: CalendarDay) -> QWidget:
        m = theme.metrics()
        is_school = entry.kind is DayKind.SCHOOL_DAY
        line = row(
            Text(f"{entry.day.isoformat()}　星期{_WEEKDAYS[entry.day.weekday()]}"),
            Text(DAY_KINDS[entry.kind], tone=Tone.ACCENT if is_school else Tone.INK2),
            Text(entry.name, tone=Tone.INK2, elide=True),
            None,
            Link("去掉", partial(self._clear, entry.day)),
            gap=m.s16,
        )
        widget = holder(line)
        widget.setMinimumHeight(m.row)
        return widget

    # ---- saving

    def _turn(self, step: int, *_: object) -> None:
        self._year += step
        self.load()

    def _save_start(self, text: str, _as_is: bool) -> None:
        if text:
            self.context.write(
                set_year_start,
                school_year=self._year,
                starts_on=date.fromisoformat(text),
                on_error=self._not_saved,
            )

    def _save_term(self, term: Term, first: NearDay, last: NearDay, *_: object) -> None:
        if first.value and last.value:
            self.context.write(
                set_term,
                school_year=term.school_year,
                ordinal=term.ordinal,
                starts_on=date.fromisoformat(first.value),
                ends_on=date.fromisoformat(last.value),
                on_error=self._not_saved,
            )

    def _not_saved(self, error: BaseException) -> None:
        self.context.errors.show(error)
        self.load()

    def _clear(self, day: date, *_: object) -> None:
        self.context.write(clear_day, day=day, toast=True)

    def _ask_day(self, *_: object) -> None:
        self.open_panel(DayPanel(self, self._middle))

    def resume(self, draft: Draft) -> None:
        self.open_panel(DayPanel(self, self._middle), draft)
