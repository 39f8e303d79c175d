"""The fields of a record: one widget per column, arranged for each kind in the order of its paper form (§5.12–5.14)."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from datetime import date
from itertools import pairwise

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from app.diary.codes import Activity, Medium, Topic
from app.diary.drafts import TEXTS, PromiseDraft
from app.diary.labels import COLUMNS
from app.diary.rules import form_fields, media_of, topics_of
from app.pairing.codes import Guidance
from ui import theme
from ui.pages.diary.words import WITH_GROWN_UPS, who_words
from ui.theme import Tone
from ui.widgets import (
    CheckBox,
    FormGrid,
    FormRow,
    QuietArea,
    QuietChoice,
    QuietField,
    State,
    Text,
    column,
    holder,
    row,
)
from ui.widgets.choice import CHOOSE
from ui.widgets.near_day import NearDay
from ui.widgets.time_field import TimeField

OPEN = ""
PHRASES_HINT = "可按 Alt+↓ 或点右键选常用语"
"""Said in the empty text where writing begins: the one place that tells of them, gone with the first word."""
FIRST_TEXT = "content"
"""Where writing begins when the kind has it: what it was about."""
YES_NO = ((True, "联系过"), (False, "没有联系"))
LINES = {FIRST_TEXT: 3}
"""How high a text is while it is empty, where it is more than a line."""
PROMISES = 3
"""Lines for promises: more at one time are no promises."""
LABEL_FITS = 9
"""So many characters of a label stand on one line."""


class OptionalChoice(QuietChoice):
    """A choice that may be left open, without being a gap."""

    def __init__(self, options: Sequence[tuple[Hashable, str]] = ()) -> None:
        super().__init__((), quiet=False, unknown=False)
        self.set_options(options)

    @override
    def set_options(self, options: Sequence[tuple[Hashable, str]]) -> None:
        super().set_options([(OPEN, "不写"), *options])

    @override
    def set_value(self, code: Hashable) -> None:
        """Show a code; None, or one that is not offered, is left open."""
        super().set_value(OPEN if code is None else code)
        if self.currentIndex() < 0:
            self.setCurrentIndex(0)


class EntryFields(QWidget):
    """All fields of the form. `arrange(kind)` shows those of a kind; what is written in another kind's field stays in sight.

    It is made by `steps`, a little at a time. `touched` tells of every change, `day_changed` of the day.
    """

    touched = Signal()
    day_changed = Signal()

    def __init__(self, today: Callable[[], date]) -> None:
        super().__init__()
        self.kind_of = Activity.TALK
        self._today = today
        self._rows: dict[str, FormRow] = {}
        self.texts: dict[str, QuietArea] = {}
        self.promises: list[tuple[QuietField, NearDay]] = []
        self._texts_box = column(gap=theme.metrics().s8)
        self._promises_box = column(gap=theme.metrics().s8)

    def steps(self) -> Iterator[None]:
        """Make everything; between two steps the window may do something else."""
        today = self._today
        self.kind = QuietChoice([(kind, kind.label) for kind in Activity], quiet=False, unknown=False)
        self.day = NearDay(today, ahead=False)
        self.started, self.ended = TimeField(), TimeField()
        self.medium = OptionalChoice()
        self.topic = OptionalChoice()
        self.place = QuietField(quiet=False, hint="")
        self.supporter = QuietChoice([], quiet=False, unset=CHOOSE)
        self.person = OptionalChoice()
        self.present = QuietField(quiet=False, hint="")
        self.contacted = OptionalChoice(YES_NO)
        self.guidances = {guidance: CheckBox(guidance.label) for guidance in Guidance}
        yield
        for name in TEXTS:
            self.texts[name] = QuietArea(quiet=False, hint="", lines=LINES.get(name, 1))
            self._row(name, COLUMNS["care_record"][name], self.texts[name])
            yield
        self.follow_up = NearDay(today, ahead=True, hint="不用跟进")
        for _ in range(PROMISES):
            self._add_promise()
            yield
        yield from self._lay_out()
        self._listen()
        yield
        self.arrange(Activity.TALK)

    def offer_promises(self, number: int) -> None:
        """Have so many lines for promises at least."""
        while len(self.promises) < number:
            self._add_promise()
        self._show_promises()

    # ---- made once

    def _add_promise(self) -> None:
        what = QuietField(quiet=False, hint="写下来，直到兑现以前都会提醒")
        due = NearDay(self._today, ahead=True, hint="哪天以前")
        place = len(self.promises)
        self.promises.append((what, due))
        made = self._row(
            f"promise{place}", "" if place else "答应的事", holder(row(what, theme.metrics().s8, due))
        )
        made.say_of(what, due)
        self._promises_box.addWidget(made)
        what.setAccessibleName(f"答应的事 {place + 1}")
        due.setAccessibleName(f"答应的事 {place + 1} 哪天以前")
        what.textChanged.connect(self._promise_typed)
        due.textChanged.connect(self._touch)

    def _row(self, key: str, label: str, field: QWidget, *, second: bool = False) -> FormRow:
        """A row; `second` stands beside another one, with a shorter label."""
        m = theme.metrics()
        made = FormRow(label, field, label_width=m.value_at if second else m.number_width)
        self._rows[key] = made
        return made

    def _lay_out(self) -> Iterator[None]:
        m = theme.metrics()
        times = row(self.started, m.s8, Text("到"), m.s8, self.ended, None)
        ticks = row(*self.guidances.values(), None, gap=m.s8)
        top = FormGrid(gap=m.s8)
        top.pair(
            self._row("kind", "类别", self.kind),
            self._row("supporter", "记录人", self.supporter, second=True),
        )
        top.pair(
            self._row("day", "日期", self.day), self._row("times", "起止时间", holder(times), second=True)
        )
        self._rows["times"].say_of(self.started, self.ended)
        # What is below them may be written in, or be under the pointer, when a day or a time turns out to be none.
        for key in ("day", "times"):
            self._rows[key].keep_room()
        yield
        top.pair(
            self._row("medium", "方式", self.medium), self._row("topic", "类型", self.topic, second=True)
        )
        top.pair(
            self._row("place", "地点", self.place),
            self._row("person", "家长", self.person, second=True),
        )
        yield
        top.full(self._row("present", "在场的人", self.present))
        top.full(self._row("contacted", "父母本周和孩子", self.contacted))
        top.full(self._row("guidances", "四导", holder(ticks)))
        self.started.setAccessibleName("开始时间")
        self.ended.setAccessibleName("结束时间")
        yield
        follow_up = self._row("follow_up", "跟进日期", self.follow_up)
        # The promises are last: their lines come as they are wanted, and push no other field.
        self.setLayout(column(top, self._texts_box, follow_up, self._promises_box, gap=m.s8))

    def _listen(self) -> None:
        for choice in (self.medium, self.topic, self.supporter, self.person, self.contacted):
            choice.currentIndexChanged.connect(self._touch)
        self.kind.currentIndexChanged.connect(self._kind_chosen)
        for field in (self.place, self.present, self.started, self.ended, self.follow_up):
            field.textChanged.connect(self._touch)
        self.day.textChanged.connect(self._day_typed)
        for area in self.texts.values():
            area.textChanged.connect(self._touch)
        for tick in self.guidances.values():
            tick.toggled.connect(self._touch)

    def say_late(self, words: str) -> None:
        """补录（12 天）behind the day, when it is that long ago."""
        self._rows["day"].set_note(words, Tone.OCHRE)

    # ---- arranged

    def arrange(self, kind: Activity) -> None:
        """Show the fields of a kind, in its paper's order; a text written under another kind stays, below them."""
        self.kind_of = kind
        if self.kind.value != kind:
            self.kind.set_value(kind)
        while self._texts_box.takeAt(0) is not None:
            pass
        wanted = {field.column: field.label for field in form_fields(kind)}
        kept = [name for name in TEXTS if name not in wanted and self.texts[name].toPlainText().strip()]
        for name in (*wanted, *kept):
            label = self._rows[name].label
            label.setText(wanted.get(name) or COLUMNS["care_record"][name])
            label.setWordWrap(len(label.text()) > LABEL_FITS)
            self.texts[name].setAccessibleName(self._rows[name].label.text())
            self._texts_box.addWidget(self._rows[name])
        for name in TEXTS:
            self._rows[name].setVisible(name in wanted or name in kept)
        first = self.first_text()
        for area in self.texts.values():
            area.setPlaceholderText(PHRASES_HINT if area is first else "")
        media, topics = media_of(kind), topics_of(kind)
        self.medium.set_options([(one, one.label) for one in media])
        self.topic.set_options([(one, one.label) for one in topics])
        self._rows["medium"].setVisible(bool(media))
        self._rows["topic"].setVisible(bool(topics))
        self._rows["place"].setVisible(kind is not Activity.LETTER)
        self._rows["supporter"].label.setText(who_words(kind))
        self._rows["person"].setVisible(kind in WITH_GROWN_UPS)
        self._rows["person"].label.setText(_MET.get(kind, "家长"))
        self._rows["present"].setVisible(kind in _WITH_OTHERS)
        self._rows["contacted"].setVisible(kind is Activity.CONTACT)
        self._rows["guidances"].setVisible(kind is not Activity.LETTER)
        self._show_promises()
        self._order(*wanted, *kept)

    def _order(self, *texts: str) -> None:
        """Tab walks the paper's order."""
        walked: list[QWidget] = [
            self.kind,
            self.supporter,
            self.day,
            self.started,
            self.ended,
            self.medium,
            self.topic,
        ]
        walked += [self.place, self.person, self.present, self.contacted, *self.guidances.values()]
        walked += [self.texts[name] for name in texts]
        walked += [self.follow_up, *(field for pair in self.promises for field in pair)]
        for before, after in pairwise(walked):
            QWidget.setTabOrder(before, after)

    def first_text(self) -> QuietArea:
        """Where writing begins."""
        fields = [field.column for field in form_fields(self.kind_of)]
        return self.texts[FIRST_TEXT if FIRST_TEXT in fields[:2] else fields[0]]

    def _show_promises(self) -> None:
        """One empty line for a promise below those that are written."""
        last = max(
            (place + 1 for place, (what, _) in enumerate(self.promises) if what.text().strip()), default=0
        )
        for place in range(len(self.promises)):
            self._rows[f"promise{place}"].setVisible(place <= last)

    # ---- what was entered

    def named(self) -> Iterator[tuple[str, QWidget]]:
        """Every field by the name it has in a draft."""
        yield "kind", self.kind
        yield "day", self.day
        yield from (("started", self.started), ("ended", self.ended))
        yield from (("medium", self.medium), ("topic", self.topic), ("place", self.place))
        yield from (("supporter", self.supporter), ("person", self.person), ("present", self.present))
        yield "contacted", self.contacted
        for guidance, tick in self.guidances.items():
            yield f"guidance.{guidance.value}", tick
        yield from self.texts.items()
        for place, (what, due) in enumerate(self.promises):
            yield f"promise{place}", what
            yield f"promise{place}.due", due
        yield "follow_up", self.follow_up

    def text_of(self, name: str) -> str | None:
        """What is written in a text, None for nothing."""
        return self.texts[name].toPlainText().strip() or None

    def promise_drafts(self, known: tuple[str, ...]) -> tuple[PromiseDraft, ...]:
        """The promises that are written; the first ones are those on file, in their order."""
        made = []
        for place, (what, due) in enumerate(self.promises):
            content = what.text().strip()
            if content:
                uuid = {"uuid": known[place]} if place < len(known) else {}
                made.append(PromiseDraft(content=content, due_on=due.iso or None, **uuid))
        return tuple(made)

    def chosen_medium(self) -> Medium | None:
        """How they met; Qt hands codes back as text."""
        value = self.medium.value
        return Medium(str(value)) if value and media_of(self.kind_of) else None

    def chosen_topic(self) -> Topic | None:
        """What it was about."""
        value = self.topic.value
        return Topic(str(value)) if value and topics_of(self.kind_of) else None

    def invalid(self) -> QuietField | QuietArea | None:
        """The first field whose text cannot be stored."""
        fields = [self.day, self.started, self.ended, self.follow_up, self.place, self.present]
        fields += [field for pair in self.promises for field in pair]
        for field in fields:
            field.leave()
            if field.finding is not None and field.finding.state is State.INVALID:
                return field
        for name in TEXTS:
            area = self.texts[name]
            area.leave()
            if area.finding is not None and area.finding.state is State.INVALID:
                return area
        return None

    # ---- told

    def _touch(self, _value: object = None) -> None:
        self.touched.emit()

    def _kind_chosen(self, _place: int) -> None:
        kind = Activity(str(self.kind.value)) if self.kind.value else self.kind_of
        if kind is not self.kind_of:
            self.arrange(kind)
            self.touched.emit()

    def _day_typed(self, _text: str) -> None:
        self.day_changed.emit()
        self.touched.emit()

    def _promise_typed(self, _text: str) -> None:
        self._show_promises()
        self.touched.emit()


_MET = {Activity.HOME_VISIT: "见到的人", Activity.CONTACT: "联系的人"}
_WITH_OTHERS = frozenset({Activity.HOME_VISIT, Activity.PARENT_VISIT, Activity.VILLAGE})
