"""One open form of a case (a meeting, an absence …) in the place of its list: rows of the paper, saved whole."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from msgspec.structs import replace
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from app.core.dates import is_partial_date
from app.core.errors import ShouwangError, UserError
from app.storage.base import new_uuid
from app.storage.drafts import Draft
from ui import theme
from ui.context import Context
from ui.drafts import About, Form, Keeping, Objection, quoted_field, refusal_words
from ui.drafts.note import DraftNote, ask_to_give_up
from ui.theme import Tone, Type
from ui.widgets import (
    Button,
    Finding,
    FooterBar,
    FormGrid,
    FormRow,
    Kind,
    QuietArea,
    QuietField,
    Rule,
    Scroll,
    SectionHead,
    Sheet,
    State,
    Text,
    Verb,
    column,
    holder,
    row,
)
from ui.widgets.near_day import NearDay
from ui.widgets.time_field import tidy_time

_MOMENT = re.compile(r"(?:(\d{4})\D+)?(\d{1,2})[-月./]\D*(\d{1,2})日?\D+(\d{1,2}\D?\d{2})")


class CaseForm(QWidget):
    """Base of the forms: title, rows, foot. `closed` when it is done with; `saved` after a commit.

    A form lays its rows into `self.grid`, names its fields in `self.named`, and overrides `draft` and `saver`. What is
    typed is kept as a draft (`kept_as`), except where the text may not lie in the clear.
    """

    closed = Signal()
    kept_as: Form | None = None
    part = ""
    """The part of the diary page the form belongs to: where a draft is opened again."""

    def __init__(self, context: Context, title: str, *, uuid: str | None = None, table: str = "") -> None:
        super().__init__()
        m = theme.metrics()
        self.context = context
        self.uuid = uuid or new_uuid()
        self.is_new = uuid is None
        self._table = table
        self._sent = False
        self.keeping: Keeping | None = None
        self.named: dict[str, QWidget] = {}
        self.title = Text(title, Type.SECTION)
        self.fact = Text("", Type.SMALL, Tone.INK2)
        self.note = DraftNote()
        self.grid = FormGrid(gap=m.s8)
        self._reason = Objection(self)
        self.body = column(self.note, self.grid, gap=m.s12)
        inner = holder(column(self.body, None))
        inner.setMaximumWidth(m.form_most)
        self.paper = Scroll(inner, margins=(m.s24, m.s16, m.s24, m.s16))
        self.back = Button("回到名单", self.ask_close, icon="chevron_left")
        self.save = Button("存上", self.ask_save, kind=Kind.FILLED, note="Ctrl+Enter")
        self.remove = Button("移到回收站…", self.ask_remove, icon="delete")
        self.remove.setVisible(not self.is_new and not context.read_only)
        self.save.setEnabled(not context.read_only)
        self.more = row(gap=m.s8)
        head = holder(
            row(self.back, m.s4, self.title, m.s4, self.fact, None, self.more, self.remove, gap=m.s8,
                margins=(m.s16, m.s8, m.s16, m.s8))
        )  # fmt: skip
        self.foot = FooterBar(self.save)
        self.sheet = Sheet(head, Rule(), self.paper, self._reason, self.foot)
        self.sheet.box.setStretchFactor(self.paper, 1)
        self._reason.setContentsMargins(m.s24, m.s4, m.s24, m.s4)
        self.setLayout(column(self.sheet))

    # ---- what a form says

    def draft(self) -> Any:
        """What is written, for `saver`; None after `object_to`."""
        raise NotImplementedError

    def saver(self) -> Callable[..., Any]:
        """The service that writes it."""
        raise NotImplementedError

    def remover(self) -> Callable[..., Any]:
        """The service that moves it to the bin."""
        raise NotImplementedError

    def removal(self) -> tuple[str, tuple[str, ...]]:
        """The question before it goes to the bin, and what goes along."""
        return "移到回收站？", ("可以从回收站取回，也可以撤销。",)

    def where(self) -> dict[str, str]:
        """The parameters that open this form again on its page."""
        return {"part": self.part} if self.is_new else {"part": self.part, "uuid": self.uuid}

    # ---- rows

    def row(self, name: str, label: str, field: QWidget, *, note: str = "") -> FormRow:
        """One row; its field is kept under `name`."""
        self.named[name] = field
        return FormRow(label, field, note=note, label_width=theme.metrics().number_width)

    def pair(self, left: QWidget, right: QWidget | None = None) -> None:
        self.grid.pair(left, right)

    def full(self, *rows: QWidget) -> None:
        for one in rows:
            self.grid.full(one)

    def section(self, title: str, *verbs: QWidget) -> SectionHead:
        """A head over the rows that follow."""
        head = SectionHead(title, *verbs)
        self.grid.full(head)
        return head

    # ---- drafts

    def begin(self, words: str, *, rows: tuple[tuple[str, str], ...] = ()) -> None:
        """The fields show what they begin with: keep what is typed from now on, offer what was left."""
        kept = self.kept_as
        if kept is None:
            return
        drafts = self.context.drafts
        record = "" if self.is_new else self.uuid
        wanted = drafts.take_wanted(kept.value)
        left = drafts.left_for(kept, record)
        here = ((self._table, self.uuid),) if record and self._table else rows
        about = About(kept, record, words, where=self.where(), how={"uuid": self.uuid}, rows=here)
        self.keeping = self.keep(about)
        if wanted is not None:
            self.resume(wanted)
        elif left is not None:
            self.note.offer(left, self.context.clock.today(), partial(self.resume, left))

    def keep(self, about: About) -> Keeping:
        """How what is typed is kept."""
        return Keeping(self.context.drafts, about, self.named, self)

    def resume(self, draft: Draft) -> None:
        """Fill in what was kept, unsaved; it stays the same record, were it saved already."""
        if self.keeping is not None:
            if self.is_new:
                self.uuid = str(draft.how.get("uuid") or self.uuid)
                self.keeping.about = replace(self.keeping.about, how={"uuid": self.uuid})
            self.note.say_filled(self.keeping.fill(draft))

    def put_by(self) -> None:
        """Something else is opened in this place: what stands here unsaved is offered next time."""
        if self.keeping is not None and self.keeping.changed:
            self.context.drafts.leave(self.keeping)
            self.keeping = None

    # ---- answers

    def object_to(self, reason: str, at: QWidget) -> None:
        """Why it is not stored, until the field that it is about is changed; the keyboard is in it."""
        self._sent = False
        self._reason.say(reason, at)
        at.setFocus(Qt.FocusReason.OtherFocusReason)
        self.paper.ensureWidgetVisible(at)

    def ask_save(self) -> None:
        """存上, Ctrl+Enter. A second press while it is on its way does nothing."""
        if self._sent or self.context.read_only:
            return
        wrong = self._invalid()
        if wrong is not None:
            self.object_to("标红的那一处还不对，改好了再存。", wrong)
            return
        self._reason.say("")
        draft = self.draft()
        if draft is None:
            return
        self._sent = True
        stored = partial(self._stored_as, self._texts())
        self.context.write(
            self.saver(), **self.arguments(draft), on_done=stored, on_error=self._refused, toast=True
        )

    def _texts(self) -> list[str]:
        """What stands in the fields that are typed into."""
        areas = [field.toPlainText() for field in self.named.values() if isinstance(field, QuietArea)]
        return [*areas, *(field.text() for field in self.named.values() if isinstance(field, QuietField))]

    def _stored_as(self, texts: list[str], answer: object) -> None:
        """What was written on while it was being saved stays: under its uuid the next save is the same record."""
        if texts == self._texts():
            self._stored(answer)
            return
        self._sent = False
        self._reason.say("存上了；存的时候又写的还没有存，再存一次就行。")

    def arguments(self, draft: Any) -> Mapping[str, Any]:
        """What `saver` is handed."""
        return {"draft": draft}

    def ask_close(self) -> None:
        """回到名单, Esc: much that is typed is not thrown away by a slip of the hand."""
        if not self._sent:
            ask_to_give_up(self.context.dialogs, self.keeping, self._close)

    def ask_remove(self) -> None:
        question, lines = self.removal()
        verbs = [Verb("stay", "先不动"), Verb("remove", "移到回收站", Kind.DANGER)]
        self.context.dialogs.ask(question, lines, verbs, self._removal_answered)

    def _removal_answered(self, key: str) -> None:
        if key == "remove":
            self.context.write(
                self.remover(), uuid=self.uuid, on_done=self._removed, on_error=self._refused, toast=True
            )

    def _stored(self, _answer: object) -> None:
        self._close()

    def _removed(self, _answer: object) -> None:
        self._close()

    def _refused(self, error: BaseException) -> None:
        self._sent = False
        if self.keeping is not None:
            self.keeping.keep_now()
        if not isinstance(error, ShouwangError):
            self.context.errors.show(error)
            return
        named = self.field_of(error.field) if isinstance(error, UserError) else None
        field = named or quoted_field(self, error.what)
        if field is None:
            self._reason.say(refusal_words(error))
            return
        if isinstance(field, QuietField):
            field.refuse(field.value, error.what)
        self.object_to(refusal_words(error), field)

    def field_of(self, name: str) -> QWidget | None:
        """The field of what a refusal names, None when the form has none of it."""
        return self.named.get(name)

    def _close(self) -> None:
        if self.keeping is not None:
            self.keeping.done()
            self.keeping = None
        self.closed.emit()

    def _invalid(self) -> QWidget | None:
        for field in self.named.values():
            if isinstance(field, QuietField | QuietArea):
                field.leave()
                if field.finding is not None and field.finding.state is State.INVALID:
                    return field
        return None

    def focus_first(self) -> None:
        """Where writing begins."""
        for field in self.named.values():
            if field.isEnabled() and field.isVisible():
                field.setFocus()
                return
        self.back.setFocus()


class MomentField(QuietField):
    """A minute: 8:30 is that of `day`, 11-20 8:30 that of this year, or written whole. Holds YYYY-MM-DD HH:MM."""

    def __init__(self, day: Callable[[], str], *, hint: str = "还没有就空着") -> None:
        self._day = day
        super().__init__(check=check_moment, tidy=self._tidy_moment, quiet=False, hint=hint)
        m = theme.metrics()
        self.setFixedWidth(m.field_date + m.field_small)

    def _tidy_moment(self, text: str) -> str:
        text = text.strip()
        found = _MOMENT.fullmatch(text)
        if found is not None:
            year, month, day, time = found.groups()
            return f"{year or self._day()[:4]}-{int(month):02}-{int(day):02} {tidy_time(time)}"
        time = tidy_time(text)
        return f"{self._day()} {time}" if text and re.fullmatch(r"\d{2}:\d{2}", time) else text

    @property
    def moment(self) -> str | None:
        """What stands in the field, None for nothing."""
        return self.text().strip() or None


def check_moment(text: str) -> Finding | None:
    """INVALID when it is no minute of a day."""
    if re.fullmatch(r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}", text) and is_partial_date(text[:10]):
        return None
    return Finding(State.INVALID, "看不出是哪天几点；可写 8:30，或 11-20 8:30。")


def line_field(hint: str = "") -> QuietField:
    """A field for one line that may stay empty."""
    return QuietField(quiet=False, hint=hint)


def day_field(context: Context, hint: str = "") -> NearDay:
    """A field for a whole day that may stay empty; without its year it is the one nearest to today."""
    return NearDay(context.clock.today, ahead=None, hint=hint)


def text_field(lines: int = 1, hint: str = "") -> QuietArea:
    """A field for a text that may stay empty; Esc does not take back what is typed."""
    area = QuietArea(quiet=False, hint=hint, lines=lines)
    area.may_restore = _never
    return area


def text_in(field: QuietField | QuietArea) -> str | None:
    """What stands in a field, None for nothing."""
    words = field.text() if isinstance(field, QuietField) else field.toPlainText()
    return words.strip() or None


def shown(moment: str | None) -> str:
    """A stored moment as a MomentField shows it."""
    return (moment or "").replace("T", " ")


def _never() -> bool:
    return False
