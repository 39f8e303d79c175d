"""亲情电话 in a child's file: whom it calls first and when they can be reached, and what the child itself wishes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial
from typing import cast

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.calls.codes import CallMedium
from app.calls.people import CallContact, Callee, callee_of
from app.calls.reach import CallWishFacts, Window
from app.calls.service_people import WindowDraft, clear_wish, set_windows, set_wish
from app.school.calendar import monday_of
from app.school.lessons import WEEKDAYS
from app.storage.drafts import Draft
from ui import theme
from ui.drafts import EntryPanel, Form
from ui.pages.child.clerk import Clerk
from ui.pages.child.section import sub_head
from ui.theme import Tone
from ui.widgets import Fact, FactList, FormRow, Link, NearDay, QuietChoice, QuietField, Text, Verb
from ui.widgets.layout import row
from ui.widgets.near_day import NOT_A_DAY
from ui.widgets.time_field import TimeField

_WISH = "wish"
_CLEAR = "clear"
_EVERY_DAY = 0
_EVERY_WEEK = ""
_SECOND = 2
_TURNS = (_SECOND, 3, 4)  # shifts come round in two weeks, in three, or with four crews in four
_DAYS = [(_EVERY_DAY, "每天"), *((place + 1, words) for place, words in enumerate(WEEKDAYS))]
_WANTS = [(True, "愿意打"), (False, "现在不想打")]
_MEDIA = [("", "都行"), *((one.value, one.label) for one in CallMedium)]


class Calling(QWidget):
    """One line per grown-up who may be called, in that order, and the child's wish; Enter on a line changes it."""

    def __init__(self, clerk: Clerk) -> None:
        super().__init__()
        self._clerk = clerk
        self._callee: Callee | None = None
        self._reading = clerk.context.jobs.latest(self)
        self.lines = FactList(threaded=False)
        self.lines.setAccessibleName("亲情电话")
        self.lines.setToolTip("点一下或按回车：改什么时候能接，记孩子的意愿")
        self.lines.activated.connect(self._open)
        self._change = Link("改…", self._open_current)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, theme.metrics().s8, 0, 0)
        box.setSpacing(0)
        box.addWidget(sub_head("亲情电话：什么时候能接，孩子的意愿", self._change))
        box.addWidget(self.lines)
        self.hide()

    def show_child(self, uuid: str) -> None:
        """Read whom this child calls, and show it; a child off the ledger has no such lines."""
        if self._callee is not None and self._callee.child_uuid != uuid:
            self.hide()
        context = self._clerk.context
        self._reading.run(callee_of, context.store, uuid, context.clock.today(), on_done=self._show)

    def _show(self, callee: Callee | None) -> None:
        self._callee = callee
        if callee is None:
            self.hide()
            return
        today = self._clerk.context.clock.today()
        facts = [_line(one, today) for one in callee.contacts]
        self.lines.set_facts([*facts, _wish_line(callee)])
        self._change.setVisible(self._clerk.editable)
        self.show()

    def _open_current(self) -> None:
        self._open(self.lines.current_key)

    def _open(self, key: str) -> None:
        callee = self._callee
        if callee is None or not self._clerk.editable:
            return
        if key == _WISH:
            self._clerk.open_panel(WishPanel(self._clerk, callee))
            return
        contact = callee.contact(key)
        if contact is not None:
            self._clerk.open_panel(WindowsPanel(self._clerk, contact))

    def open_again(self, draft: Draft) -> None:
        """接着写: read the child's lines, then open the dialog that was left; it fills itself in."""
        context = self._clerk.context
        opener = partial(self._read_and_open, _WISH if draft.form == Form.WISH else draft.record)
        context.drafts.open_again(draft, opener)

    def _read_and_open(self, key: str, _draft: Draft) -> None:
        context = self._clerk.context
        uuid = self._clerk.facts.uuid
        context.read(callee_of, uuid, context.clock.today(), on_done=partial(self._show_and_open, key))

    def _show_and_open(self, key: str, callee: Callee | None) -> None:
        self._show(callee)
        self._open(key)


def _line(one: CallContact, today: date) -> Fact:
    held = [window for window in one.windows if window.in_force(today)]
    when = "；".join((*(window.words for window in held), *filter(None, (one.reachable_note,)))) or "随时能接"
    late = f"（放在后面：{one.later}）" if one.later and one.order > 1 else ""
    return Fact(
        one.person_uuid,
        f"{one.order}  {one.relation or '家人'}",
        f"{one.name or '姓名未采集'}：" + (f"{one.why_not}，先补电话" if one.why_not else f"{when}{late}"),
        one.place if one.away else "",
        in_force=one.can_call and not late,
        tone=Tone.OCHRE if one.why_not else Tone.INK,
    )


def _wish_line(callee: Callee) -> Fact:
    wish = callee.wish
    if not wish.uuid:
        return Fact(_WISH, "孩子的意愿", "还没有问过", in_force=False, tone=Tone.INK2)
    return Fact(_WISH, "孩子的意愿", _wish_words(wish, callee), f"{wish.valid_from or ''} 起".strip())


def _wish_words(wish: CallWishFacts, callee: Callee) -> str:
    if not wish.wants:
        words = "现在不想打"
    else:
        contact = callee.contact(wish.person_uuid)
        whom = f"想打给{contact.who}" if contact else "愿意打"
        words = f"{whom}，用{wish.medium.label}" if wish.medium else whom
    return f"{words}：{wish.note}" if wish.note else words


class _WindowRow(QWidget):
    """One span in which somebody can be reached; left empty it is none."""

    def __init__(self, number: int, window: Window | None, monday: date) -> None:
        super().__init__()
        m = theme.metrics()
        self.weekday = QuietChoice(_DAYS, quiet=False, unknown=False)
        self.starts, self.ends = TimeField(hint="12:00"), TimeField(hint="13:30")
        self.weeks = QuietChoice(_weeks(window, monday), quiet=False, unknown=False)
        if window is not None:
            self.weekday.set_value(window.weekday or _EVERY_DAY)
            self.starts.set_value(window.starts)
            self.ends.set_value(window.ends)
            if window.alternate_on is not None:
                self.weeks.set_value(_turn_key(window.alternate_on, window.every_weeks))
        for field, words in (
            (self.weekday, "星期"),
            (self.starts, "从"),
            (self.ends, "到"),
            (self.weeks, "哪些周"),
        ):
            field.setAccessibleName(f"第 {number + 1} 段 {words}")
        parts = (self.weekday, self.starts, Text("到", tone=Tone.INK2), self.ends, self.weeks, None)
        self.setLayout(row(*parts, gap=m.s8))

    @property
    def is_empty(self) -> bool:
        """Tell whether no time was written."""
        return not self.starts.text().strip() and not self.ends.text().strip()

    def draft(self) -> WindowDraft:
        """The span as typed."""
        first, _, every = str(self.weeks.value or _EVERY_WEEK).partition("/")
        return WindowDraft(
            weekday=cast("int", self.weekday.value) or None,
            starts=self.starts.text(),
            ends=self.ends.text(),
            alternate_on=date.fromisoformat(first) if first else None,
            every_weeks=int(every or _SECOND),
        )

    def fields(self, number: int) -> dict[str, QWidget]:
        """The fields by name, for the draft."""
        return {
            f"weekday{number}": self.weekday,
            f"starts{number}": self.starts,
            f"ends{number}": self.ends,
            f"weeks{number}": self.weeks,
        }


def _weeks(window: Window | None, monday: date) -> list[tuple[str, str]]:
    """Every week, or every second, third, fourth; the week that was written down stays itself: nothing seems changed."""
    written = window.alternate_on if window else None
    held = window.every_weeks if window and written else _SECOND
    found = [(_EVERY_WEEK, "每周都行")]
    for every in sorted({*_TURNS, held}):
        for ahead in range(every):
            first = monday + timedelta(weeks=ahead)
            if written and held == every and (first - monday_of(written)).days // 7 % every == 0:
                first = written
            often = "隔周" if every == _SECOND else f"每 {every} 周"
            when = ("本周", "下周")[ahead] if ahead < _SECOND else f"{ahead} 周后"
            found.append((_turn_key(first, every), f"{often}，{when}有"))
    return found


def _turn_key(first: date, every: int) -> str:
    return first.isoformat() if every == _SECOND else f"{first.isoformat()}/{every}"


class WindowsPanel(EntryPanel):
    """什么时候能接: the spans of one grown-up; brothers and sisters have the same at once."""

    def __init__(self, clerk: Clerk, contact: CallContact) -> None:
        head = f"{contact.who}什么时候能接"
        super().__init__(clerk.window(), head, self._asked, verb="记下")
        self._clerk = clerk
        self._contact = contact
        today = clerk.context.clock.today()
        held: list[Window | None] = [one for one in contact.windows if one.in_force(today)]
        self.rows = [
            _WindowRow(number, window, monday_of(today))
            for number, window in enumerate([*held, None] if held else [None, None])
        ]
        if contact.reachable_note:
            self.say(f"联系顺序里写着：{contact.reachable_note}。排号只看下面写的。")
        self.say("一段都不写，就是随时能接。倒班的选隔周，或每几周一次。")
        for one in self.rows:
            self.form.addWidget(one)
        self.since = _since(today)
        self.add(FormRow("从哪天起", self.since))
        fields: dict[str, QWidget] = {"since": self.since}
        for number, one in enumerate(self.rows):
            fields |= one.fields(number)
        rows = (("person", contact.person_uuid),)
        clerk.keep(self, Form.REACHABLE, head, fields, record=contact.person_uuid, rows=rows)

    def _asked(self, _key: str) -> None:
        since = self.since.day
        if since is None:
            self.object_to(NOT_A_DAY, self.since)
            return
        self._clerk.context.write(
            set_windows,
            person_uuid=self._contact.person_uuid,
            windows=[one.draft() for one in self.rows if not one.is_empty],
            since=since,
            toast=True,
            on_done=self._stored,
            on_error=self.refused,
        )

    def _stored(self, _changes: object) -> None:
        self.finish()


class WishPanel(EntryPanel):
    """孩子的意愿: whether it wants to call, whom, by what, in its own words."""

    def __init__(self, clerk: Clerk, callee: Callee) -> None:
        wish = callee.wish
        more: Sequence[Verb] = [Verb(_CLEAR, "没有特别的意愿")] if wish.uuid else ()
        super().__init__(clerk.window(), "孩子的通话意愿", self._asked, verb="记下", more=more)
        self._clerk = clerk
        self._child = callee.child_uuid
        people = [(one.person_uuid, one.who) for one in callee.contacts]
        self.wants = QuietChoice(_WANTS, quiet=False, unknown=False)
        self.whom = QuietChoice([("", "都行"), *people], quiet=False, unknown=False)
        self.medium = QuietChoice(_MEDIA, quiet=False, unknown=False)
        self.note = QuietField(quiet=False, hint="孩子自己的话，可不填")
        self.since = _since(clerk.context.clock.today())
        self.wants.set_value(wish.wants)
        self.whom.set_value(wish.person_uuid)
        self.medium.set_value(wish.medium.value if wish.medium else "")
        self.note.set_value(wish.note or None)
        self.add(FormRow("愿不愿意", self.wants))
        self.add(FormRow("想打给", self.whom))
        self.add(FormRow("用什么", self.medium))
        self.add(FormRow("孩子的话", self.note))
        self.add(FormRow("从哪天起", self.since))
        self.say("不想打的，排号不排，也不算没打。孩子的话只记愿意记下的。")
        fields: dict[str, QWidget] = {
            "wants": self.wants, "whom": self.whom, "medium": self.medium, "note": self.note, "since": self.since,
        }  # fmt: skip
        clerk.keep(self, Form.WISH, "的通话意愿", fields)

    def _asked(self, key: str) -> None:
        since = self.since.day
        if since is None:
            self.object_to(NOT_A_DAY, self.since)
            return
        write = partial(
            self._clerk.context.write,
            child_uuid=self._child,
            since=since,
            toast=True,
            on_done=self._stored,
            on_error=self.refused,
        )
        if key == _CLEAR:
            write(clear_wish)
            return
        write(
            set_wish,
            wants=bool(self.wants.value),
            person_uuid=str(self.whom.value or ""),
            medium=CallMedium.of(str(self.medium.value or "") or None),
            note=self.note.text(),
        )

    def _stored(self, _changes: object) -> None:
        self.finish()


def _since(today: date) -> NearDay:
    field = NearDay(today, ahead=False)
    field.show_day(today)
    return field
