"""记通话: who is on the telephone, the result by its digit, what the child says; Enter saves and takes the next."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial
from itertools import pairwise

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QSizePolicy, QWidget
from typing_extensions import override

from app.calls.codes import CallMedium, Outcome
from app.calls.log_facts import CallEntry, Dial
from ui import theme
from ui.pages.calls.day_list import day_table
from ui.pages.calls.log_fields import CallFields
from ui.pages.calls.number_line import NO_NUMBER, NumberLine, who_words
from ui.pages.calls.turns import Turn, Written, dial_key, said_in
from ui.pages.calls.week import day_words as day_name
from ui.theme import Tone, Type
from ui.widgets import (
    Button,
    DataTable,
    Ground,
    Kind,
    Link,
    Rule,
    Scroll,
    Text,
    column,
    empty_out,
    holder,
    row,
)

ROWS_LEAST = 2
"""So many calls of the day stay in sight below the form, whatever it needs: this one and the next."""
_NO_LIMIT = 16_777_215
"""What Qt calls no limit."""


class LogSide(Ground):
    """`save_asked`, `skip_asked`; `turn_chosen(turn)` from the list; `find_asked` for somebody who is not on it."""

    save_asked = Signal()
    skip_asked = Signal()
    turn_chosen = Signal(object)
    child_asked = Signal(str)
    batch_asked = Signal()
    other_asked = Signal()
    reveal_asked = Signal(str)
    attempt_asked = Signal(str)
    remove_asked = Signal()
    day_asked = Signal(object)

    def __init__(self, fields: CallFields) -> None:
        """What stands around the fields; they go in with `complete`, once this is in its window."""
        super().__init__("paper")
        m = theme.metrics()
        self.turn: Turn | None = None
        self._numbers: dict[str, str] = {}
        self.head = Text("记通话", Type.SECTION)
        self.when = Text("", Type.SMALL, Tone.INK2)
        self.when_low = Text("", Type.SMALL, Tone.INK2)
        self.name = Link("", self._open_child, tone=Tone.INK, bold=True)
        self.of_class = Text("", Type.SMALL, Tone.INK2, elide=True)
        self.fields = fields
        self.number = NumberLine(self.fields.party)
        self.number.reveal_asked.connect(self.reveal_asked)
        self.hint = Text("", Type.SMALL, Tone.INK2, wrap=True)
        self.fields.entered.connect(self.save_asked)
        self.fields.touched.connect(self._mended)
        self.fields.party_chosen.connect(self._party_chosen)
        self.reason = Text("", Type.SMALL, Tone.RED, wrap=True)
        self.reason.hide()
        self.note_box = column()
        self._attempts = row(gap=m.s8)
        self._attempt_line = holder(self._attempts)
        self._attempt_line.hide()
        self.remove = Link("删掉这条", self.remove_asked.emit, tone=Tone.RED)
        self.save = Button("存上，下一名", self.save_asked.emit, kind=Kind.FILLED, note="Enter")
        self.skip = Link("先跳过", self.skip_asked.emit)
        self.list_head = Text("", bold=True)
        self.other = Link("另记一名", self.other_asked.emit, kind=Type.SMALL)
        self.batch = Link("成批记", self.batch_asked.emit, kind=Type.SMALL)
        self._list: DataTable | None = None
        self.form = self._build_form()
        self.day = self._build_day()
        self._rule = Rule()
        self._box = QBoxLayout(QBoxLayout.Direction.TopToBottom, self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(0)
        for part in (self.form, self._rule, self.day):
            self._box.addWidget(part)
        self._box.setStretchFactor(self.day, 1)
        self.fields.entered_field.connect(self._bring_in_sight)

    def complete(self) -> None:
        """Put the fields in: Qt works out the looks of all of them anew whenever what holds them moves, so they come last."""
        self._inner_box.insertWidget(self._inner_box.indexOf(self.reason), self.fields)
        self._order()
        self.show_turn(None)

    def _bring_in_sight(self, field: QWidget) -> None:
        if self._scroll.isAncestorOf(field):
            self._scroll.ensureWidgetVisible(field)

    def _order(self) -> None:
        """Tab goes down the form: whom, the number, the result, what there is to write, the verbs."""
        fields = self.fields
        party, *written = fields.writable()
        stops = [
            self.name,
            party,
            self.number.show_number,
            *fields.results.buttons.values(),
            *written,
            self.save,
            self.remove,
            self.skip,
            self.other,
            self.batch,
        ]
        for before, after in pairwise(stops):
            QWidget.setTabOrder(before, after)

    def _build_form(self) -> QWidget:
        m = theme.metrics()
        margins = (m.s16, 0, m.s16, 0)
        # The name is a verb with room for its ring around it: its letters stand on the line of the others.
        who = row(self.name, m.s4, self.of_class, self.when_low, gap=0, margins=(m.s16 - m.s4, 0, m.s16, 0))
        who.setStretchFactor(self.of_class, 1)
        self._head_line = holder(row(self.head, None, self.when, margins=(m.s16, m.s8, m.s16, 0)))
        below = column(self.number, self.hint, self._attempt_line, gap=m.s2, margins=margins)
        top = column(self._head_line, holder(who), m.s4, below, gap=m.s2)
        self._inner_box = column(m.s8, self.note_box, self.reason, gap=m.s4, margins=margins)
        self._next_day = column(margins=(m.s12, m.s4, m.s12, 0))
        self._upper_rule = Rule()
        self._inner = holder(self._inner_box)
        self._scroll = Scroll(holder(top), holder(self._next_day), m.s8, self._upper_rule, self._inner, None)
        self._scroll.widget().installEventFilter(self)  # rows come and go: it is fitted anew whenever they do
        self._verbs = verbs = holder(
            row(self.save, None, self.remove, self.skip, margins=(m.s16, m.s8, m.s16 - m.s4, m.s12))
        )
        made = QWidget()
        made.setLayout(column(self._scroll, verbs))
        return made

    def _build_day(self) -> QWidget:
        m = theme.metrics()
        head = row(self.list_head, None, self.other, self.batch, margins=(m.s16, m.s8, m.s12, m.s4))
        self._day_heads = holder(head)
        made = QWidget()
        self._day_box = column(self._day_heads)
        made.setLayout(self._day_box)
        return made

    @property
    def list(self) -> DataTable:
        """The calls of the day; made when there are any to show."""
        if self._list is None:
            self._list = day_table()
            self._list.opened.connect(self.turn_chosen)
            self._list.setAccessibleName("当天的通话")
            self._day_box.addWidget(self._list)
        return self._list

    # ---- shown

    def arrange(self, *, narrow: bool) -> None:
        """The form above the list, or beside it where the page is wide and low."""
        ways = QBoxLayout.Direction
        self._box.setDirection(ways.LeftToRight if narrow else ways.TopToBottom)
        self._rule.setVisible(not narrow)
        self._head_line.setVisible(not narrow)
        self.when_low.setVisible(narrow)
        self.number.arrange(narrow=narrow)
        self._box.setStretchFactor(self.form, 1 if narrow else 0)
        policy = QSizePolicy.Policy
        self.day.setMaximumWidth(theme.metrics().side_small if narrow else _NO_LIMIT)
        self.form.setSizePolicy(policy.Preferred, policy.Preferred if narrow else policy.Maximum)
        self._fit()

    def _fit(self) -> None:
        """As high as the form is, but the list below it keeps some rows; where it stands beside, as high as the page."""
        m = theme.metrics()
        layout = self._scroll.widget().layout()
        if layout is None:
            return
        if self._box.direction() == QBoxLayout.Direction.LeftToRight:
            self._scroll.setMinimumHeight(0)
            self._scroll.setMaximumHeight(_NO_LIMIT)
            return
        layout.activate()
        width = max(self.width(), m.side_small)
        high = max(layout.totalHeightForWidth(width), layout.totalMinimumSize().height())
        around = self._verbs.sizeHint().height() + self._day_heads.sizeHint().height() + m.s8
        self._scroll.setFixedHeight(max(min(high, self.height() - around - ROWS_LEAST * m.row), m.side_list))

    def show_turn(self, turn: Turn | None, *, why_not: str = "") -> None:
        """Whose call is written down; `why_not` says why it cannot be now."""
        self.turn = turn
        self.say_why("")
        for widget in (self.number, self.fields, self.save, self.skip, self.name):
            widget.setVisible(turn is not None)
        parts: tuple[QWidget, ...] = (self._upper_rule, self._inner, self._verbs)
        for part in parts:
            part.setVisible(turn is not None)
        empty_out(self._next_day)
        self.remove.hide()
        self._show_attempts(turn)
        self.fields.setEnabled(not why_not)
        self.save.setEnabled(turn is not None and not why_not)
        if turn is None:
            self.when.setText("")
            self.when_low.setText("")
            self.of_class.setText("")
            self.hint.setText(why_not or "从左边选一格，或从下面的名单里选一名。")
            return
        call = turn.first
        self.say_when(call.line_name, call.medium is CallMedium.VIDEO)
        self.name.setText(turn.names if len(turn.calls) <= 2 else turn.short)
        self.name.updateGeometry()
        self.name.setToolTip(turn.names)
        self.of_class.setText(turn.class_words)
        self.fields.offer_days(date.fromisoformat(turn.day))
        self.fields.offer_children([one.child_name for one in turn.calls])
        self.fields.show_for(self.fields.results.outcome)
        dials = [dial for dial in call.dials if dial.person_uuid]
        self.fields.offer_parties([(dial_key(dial), self._party_words(dial)) for dial in dials])
        chosen = call.next or (dials[0] if dials else None)
        if chosen is not None:
            self.fields.party.set_value(dial_key(chosen))
        self._show_dial()
        if self._list is not None:
            self._list.set_current(turn.key)
        if why_not:
            self.hint.setText(why_not)
            self.hint.show()
        self._fit()

    def say_nothing_planned(self, day: str, next_day: date | None, count: int) -> None:
        """No call is planned on this day: the next one is a press away."""
        self.show_turn(None, why_not=f"{day}没有排号。")
        if next_day is not None:
            words = f"下一次：{day_name(next_day)}，{count} 名"
            self._next_day.addWidget(Link(words, partial(self.day_asked.emit, next_day)))
        self._fit()

    def say_when(self, line: str, is_video: bool) -> None:
        """The hour and the telephone."""
        starts = self.turn.first.starts if self.turn is not None else ""
        medium = line or ("视频" if is_video else "电话")
        words = "　".join(part for part in (starts or "", medium) if part)
        self.when.setText(words)
        self.when_low.setText(words)

    def _show_attempts(self, turn: Turn | None) -> None:
        """What was tried on this day already; each can be put right."""
        empty_out(self._attempts)
        entries = turn.first.entries if turn is not None else ()
        if entries:
            self._attempts.addWidget(Text("已记", Type.SMALL, Tone.INK2))
        for entry in entries:
            words = f"{entry.relation or entry.who} {entry.outcome.label}".strip()
            link = Link(words, partial(self.attempt_asked.emit, entry.uuid), kind=Type.SMALL)
            link.setToolTip("改这一条")
            self._attempts.addWidget(link)
        self._attempts.addStretch(1)
        self._attempt_line.setVisible(bool(entries))

    def show_entry(self, entry: CallEntry) -> None:
        """Put an attempt on file into the fields, to be corrected."""
        fields, draft = self.fields, entry.draft
        fields.results.set_outcome(draft.outcome)
        fields.show_for(draft.outcome)
        if draft.person_uuid:
            fields.party.set_value(draft.person_uuid)
        fields.started.set_value(draft.started)
        fields.minutes.set_value(None if draft.minutes is None else str(draft.minutes))
        fields.mood.set_value(draft.mood.value if draft.mood else "")
        fields.said.set_value(draft.said)
        if self.turn is not None:
            fields.each.show_said(said_in(self.turn, entry))
        fields.promise.set_value(draft.promise.content if draft.promise else None)
        day, _, clock = (draft.rescheduled_to or "").partition("T")
        if day:
            fields.offer_days(date.fromisoformat(min(day, entry.happened_on)))
        fields.again.set_value(day)
        fields.again_at.set_value(clock or None)
        self.remove.show()
        self.skip.hide()
        self._show_dial()

    def _party_words(self, dial: Dial) -> str:
        tried = {
            entry.draft.person_uuid: entry.outcome.label
            for entry in (self.turn.first.entries if self.turn else ())
        }
        state = tried.get(dial.person_uuid, "") or ("" if dial.masked and dial.usable else "打不通")
        if not dial.masked:
            state = NO_NUMBER
        return f"{who_words(dial)}（{state}）" if state else who_words(dial)

    def chosen_dial(self) -> Dial | None:
        """Whom the form says is called."""
        dials = self.turn.first.dials if self.turn is not None else ()
        key = str(self.fields.party.value or "")
        return next((dial for dial in dials if dial_key(dial) == key), None)

    def _party_chosen(self, _key: object) -> None:
        self._show_dial()

    def _show_dial(self) -> None:
        dial = self.chosen_dial()
        number = self._numbers.get(dial.phone_uuid or "", "") if dial is not None else ""
        self.number.show_dial(dial, number)
        notes = [dial.reachable or "", dial.language_note or ""] if dial is not None else []
        self.hint.setText(
            "，".join(note.rstrip("。") for note in notes if note) + ("。" if any(notes) else "")
        )
        self.hint.setVisible(bool(self.hint.text()))

    def show_numbers(self, numbers: dict[str, str]) -> None:
        """What she asked to see, until she leaves this call."""
        self._numbers |= numbers
        self._show_dial()

    def forget_numbers(self) -> None:
        """Numbers are hidden again."""
        self._numbers.clear()
        if self.turn is not None:
            self._show_dial()

    def show_day(self, head: str, turns: Sequence[Turn]) -> None:
        """The list below; counted are children, of whom several may share one turn.

        There is room for one count: who waits, and when nobody does any more, whose families were not reached.
        """
        waiting = sum(len(turn.calls) for turn in turns if turn.waits)
        failed = sum(len(turn.calls) for turn in turns if not turn.waits and not turn.done)
        left = f"，待打 {waiting} 名" if waiting else f"，没打通 {failed} 名" if failed else ""
        self.list_head.setText(head + left)
        self.list.set_rows(turns)
        if self.turn is not None:
            self.list.set_current(self.turn.key)

    # ---- answered

    def written(self) -> Written | None:
        """What stands in the form; None and the reason said when it cannot be saved so."""
        fields = self.fields
        outcome = fields.results.outcome
        if outcome is None:
            self.say_why("先选结果：按 1 到 8。")
            self.focus_result()
            return None
        wrong = fields.invalid()
        if wrong is not None:
            wrong.setFocus(Qt.FocusReason.OtherFocusReason)
            return None
        again = ""
        if outcome is Outcome.RESCHEDULED and fields.again.value:
            at = fields.again_at.text().strip() or (self.turn.first.starts if self.turn else "") or "12:00"
            again = f"{fields.again.value}T{at}"
        minutes = fields.minutes.text().strip()
        self.say_why("")
        return Written(
            outcome=outcome,
            party=str(fields.party.value or ""),
            minutes=int(minutes) if minutes else None,
            mood=fields.chosen_mood,
            said=fields.said.toPlainText().strip(),
            promise=fields.promise.text().strip(),
            again=again,
            started=fields.started.text().strip(),
            each=fields.each.said(),
        )

    def say_why(self, words: str) -> None:
        """Why it is not saved; said until something is changed."""
        self.reason.setText(words)
        self.reason.setVisible(bool(words))
        self._fit()

    def _mended(self) -> None:
        if self.reason.text():
            self.say_why("")

    def focus_result(self) -> None:
        """The keyboard on the results: a digit chooses at once."""
        self.fields.results.stop().setFocus(Qt.FocusReason.OtherFocusReason)

    def _open_child(self) -> None:
        if self.turn is not None:
            self.child_asked.emit(self.turn.first.child_uuid)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self._fit()
        return super().eventFilter(watched, event)
