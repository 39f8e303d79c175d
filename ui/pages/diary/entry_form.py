"""One open form of a record: its fields, what lies beside it, its draft, and the record that comes out of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from msgspec.structs import replace
from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QWidget

from app.core.dates import is_partial_date
from app.diary.codes import Activity
from app.diary.drafts import TEXTS, RecordDraft, draft_uuid
from app.diary.guards import Question, guard_questions
from app.diary.rules import media_of
from app.dossier.at_hand import AtHand
from app.pairing.codes import Guidance
from app.storage.drafts import Draft
from ui import theme
from ui.context import Context
from ui.drafts import About, Form, Keeping
from ui.drafts.note import DraftNote
from ui.pages.diary.entry_begin import Begin
from ui.pages.diary.entry_children import ChildrenField
from ui.pages.diary.entry_fields import EntryFields
from ui.pages.diary.entry_phrases import PhraseDesk
from ui.pages.diary.entry_pictures import Pictures
from ui.pages.diary.entry_side import EntrySide
from ui.pages.diary.words import who_words
from ui.widgets import FormRow, QuietArea, column

LOOKS_AFTER = 400
"""Milliseconds after the last key before the text is looked through."""
DAY_LENGTH = 10


class EntryForm(QWidget):
    """`children_changed(uuids)` asks the page to read anew; `questions_changed` tells of what to look at again."""

    children_changed = Signal(tuple)
    children_asked = Signal()
    record_asked = Signal(str)
    questions_changed = Signal()
    side_changed = Signal()

    def __init__(self, context: Context, begin: Begin, hand: AtHand, fields: EntryFields) -> None:
        super().__init__()
        m = theme.metrics()
        self.context = context
        self.begin = begin
        self.hand = hand
        self.uuid = begin.record or draft_uuid()
        self.questions: tuple[Question, ...] = ()
        self.keeping: Keeping | None = None
        self._looking = context.jobs.latest(self)
        self.fields = fields
        fields.offer_promises(1 + (len(hand.record.promises) if hand.record else 0))
        for area in fields.texts.values():
            area.may_restore = self._never
        self.whom = ChildrenField()
        self.pictures = Pictures(context)
        self.side = EntrySide(context.clock.today())
        self.note = DraftNote()
        self.phrases = PhraseDesk(context, self)
        for name, area in fields.texts.items():
            self.phrases.watch(area, name)
        who = FormRow("记的是谁", self.whom, label_width=m.number_width)
        shots = FormRow("照片、扫描件", self.pictures, label_width=m.number_width)
        self.setLayout(column(self.note, who, self.fields, shots, None, gap=m.s8))
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(LOOKS_AFTER)
        self._pause.timeout.connect(self._look)
        self.whom.changed.connect(self.children_changed)
        self.whom.asked.connect(self.children_asked)
        self.side.record_asked.connect(self.record_asked)
        QWidget.setTabOrder(self.whom.field, self.fields.kind)
        QWidget.setTabOrder(self.fields.promises[-1][1], self.pictures.add)
        self._fill_first()
        self.fields.touched.connect(self._touched)
        self.fields.day_changed.connect(self._say_late)
        self.side.ticked.connect(self._side_ticked)
        self.fields.kind.currentIndexChanged.connect(self._show_side)
        self._bind_keys()
        self._keep()
        self._say_late()
        self._look()

    # ---- filled

    def _fill_first(self) -> None:
        begin, hand, fields = self.begin, self.hand, self.fields
        record = hand.record
        self._offer(hand)
        kind = record.line.kind if record is not None else begin.kind
        fields.arrange(kind)
        if record is not None:
            self._fill_record(record.draft)
            self.pictures.show_stored(record.attachments)
        else:
            fields.day.set_value(begin.happened_on or self.context.clock.today().isoformat())
            # Whom the line or the paper names may have left the school by now.
            offered = {one.key for one in hand.supporters}
            fields.supporter.set_value(
                begin.supporter if begin.supporter in offered else hand.supporter or None
            )
            self._usual_way(kind)
        self.side.show_hand(
            hand,
            kind,
            begin.why,
            (*begin.promises, *(record.draft.kept if record else ())),
            (*begin.events, *(record.draft.closes if record else ())),
            begin.paper,
        )

    def _fill_record(self, draft: RecordDraft) -> None:
        fields = self.fields
        fields.day.set_value(draft.happened_on)
        for name, field in (
            ("started", fields.started),
            ("ended", fields.ended),
            ("follow_up_on", fields.follow_up),
        ):
            field.set_value(getattr(draft, name))
        for name, choice in (
            ("medium", fields.medium),
            ("topic", fields.topic),
            ("contacted", fields.contacted),
        ):
            choice.set_value(getattr(draft, name))
        fields.supporter.set_value(draft.supporter_uuid)
        fields.person.set_value(draft.person_uuid)
        fields.place.set_value(draft.place)
        fields.present.set_value(draft.present)
        for guidance, tick in fields.guidances.items():
            tick.setChecked(guidance in draft.guidances)
        for name in TEXTS:
            fields.texts[name].set_value(getattr(draft, name))
        for promise, (what, due) in zip(draft.promises, fields.promises, strict=False):
            what.set_value(promise.content)
            due.set_value(promise.due_on)
        fields.arrange(draft.kind)

    def _offer(self, hand: AtHand) -> None:
        """The choices that depend on who it is about."""
        self.whom.show_children(hand.children, fixed=bool(self.begin.record))
        self.fields.supporter.set_options([(one.key, one.name) for one in hand.supporters])
        several = len(hand.children) > 1
        people = {
            person.uuid: f"{person.words}（{child.name}）" if several else person.words
            for child in hand.children
            for person in child.people
        }
        self.fields.person.set_options(list(people.items()))
        self.phrases.set_known(hand.phrases)

    def take(self, hand: AtHand) -> None:
        """Other children: what lies at hand is different, what was written stays."""
        before = self.hand
        self.hand = hand
        self._offer(hand)
        if self.fields.supporter.value is None or self.fields.supporter.value == before.supporter:
            self.fields.supporter.set_value(hand.supporter or None)
            if self.keeping is not None and not self.begin.record:
                self.keeping.begins_anew("supporter")  # proposed, not typed: nothing to be kept for her
        self._show_side()
        if self.keeping is not None:
            self.keeping.about = replace(self.keeping.about, **self._about_now())
        self._look()

    def _usual_way(self, kind: Activity) -> None:
        media = media_of(kind)
        if media and not self.fields.medium.value:
            self.fields.medium.set_value(media[0])

    def _show_side(self, _place: object = None) -> None:
        if not self.begin.record:
            self._usual_way(self.fields.kind_of)
        self.side.show_hand(self.hand, self.fields.kind_of, self.begin.why, (), (), self._paper())
        self.side_changed.emit()

    # ---- its draft

    def _about_now(self) -> dict[str, Any]:
        names = "、".join(child.name for child in self.hand.children)
        return {
            "words": f"{names} {self.fields.kind_of.label}" if names else "记一条",
            "where": {key: value for key, value in self._where().items() if value},
        }

    def _where(self) -> Mapping[str, str]:
        begin = self.begin
        return {
            "uuid": begin.record,
            "children": "" if begin.record else ",".join(child.uuid for child in self.hand.children),
            "kind": "" if begin.record else begin.kind.value,
            "paper": begin.paper,
            "follows": begin.follows,
            "why": begin.why,
            "event": ",".join(self.side.closes),
            "promise": ",".join(self.side.kept),
        }

    def _keep(self) -> None:
        first = self.hand.children[0].uuid if self.hand.children else ""
        record = self.begin.record
        about = About(
            Form.RECORD,
            record or first,
            how={"uuid": self.uuid},
            rows=(("care_record", record),) if record else (("child", first),) if first else (),
            **self._about_now(),
        )
        left = self.context.drafts.left_for(Form.RECORD, record or first)
        fields = dict(self.fields.named())
        self.keeping = Keeping(self.context.drafts, about, fields, self)
        if left is not None:
            self.note.offer(left, self.context.clock.today(), partial(self.resume, left))

    def resume(self, draft: Draft) -> None:
        """Fill in what was kept, unsaved; it stays the same record, were it saved already."""
        if self.keeping is None:
            return
        if not self.begin.record:
            self.uuid = str(draft.how.get("uuid") or self.uuid)
            self.keeping.about = replace(self.keeping.about, how={"uuid": self.uuid})
        self.note.say_filled(self.keeping.fill(draft))

    @property
    def is_touched(self) -> bool:
        """Something stands in it that is not saved."""
        written = self.keeping is not None and bool(self.keeping.changed)
        ticked = self.hand.record is not None and (
            set(self.side.kept) != set(self.hand.record.draft.kept)
            or set(self.side.closes) != set(self.hand.record.draft.closes)
        )
        return written or bool(self.pictures.added) or self.pictures.is_busy or ticked

    # ---- the record

    def draft(self) -> RecordDraft:
        """The record as it stands in the form."""
        fields = self.fields
        record = self.hand.record
        texts: dict[str, Any] = {name: fields.text_of(name) for name in TEXTS}
        supporter, person = fields.supporter.value, fields.person.value
        contacted = fields.contacted.value
        return RecordDraft(
            uuid=self.uuid,
            children=self.whom.uuids,
            kind=fields.kind_of,
            happened_on=fields.day.iso,
            started=fields.started.text().strip() or None,
            ended=fields.ended.text().strip() or None,
            minutes=record.draft.minutes if record is not None else None,
            medium=fields.chosen_medium(),
            topic=fields.chosen_topic(),
            place=fields.place.text().strip() or None,
            supporter_uuid=str(supporter) if supporter else None,
            person_uuid=str(person) if person else None,
            present=fields.present.text().strip() or None,
            guidances=frozenset(one for one, tick in fields.guidances.items() if tick.isChecked()),
            follow_up_on=fields.follow_up.iso or None,
            follows_uuid=self._follows(),
            contacted=contacted
            if isinstance(contacted, bool) and fields.kind_of is Activity.CONTACT
            else None,
            promises=fields.promise_drafts(self._known_promises()),
            kept=self.side.kept,
            closes=self.side.closes,
            paper_code=self._paper() or (record.draft.paper_code if record is not None else None),
            attachments=self.pictures.added,
            **texts,
        )

    @property
    def stored_words(self) -> str:
        """Who did it, before it is saved; of a record on file when it was written down, and with whom it was one occasion."""
        record = self.hand.record
        if record is None:
            who = self.fields.supporter.currentText() if self.fields.supporter.value else "还没有选"
            return f"还没有存，{who_words(self.fields.kind_of)}：{who}"
        others = "、".join(name for _, name in record.others)
        return f"{record.line.entered_on} 录入" + (f"，同一次还有{others}" if others else "")

    def _paper(self) -> str:
        """The printed form that is given back; "" once it is about others, or something else, than the form names."""
        is_its_own = self.fields.kind_of is self.begin.kind and {*self.begin.children} <= {*self.whom.uuids}
        return self.begin.paper if is_its_own else ""

    def drop_paper(self) -> None:
        """The record goes on without the code of a printed form."""
        self.begin = replace(self.begin, paper="")
        self._show_side()
        self._side_ticked()  # nor does its draft name the form any more

    def _follows(self) -> str | None:
        record = self.hand.record
        return record.draft.follows_uuid if record is not None else (self.begin.follows or None)

    def _known_promises(self) -> tuple[str, ...]:
        record = self.hand.record
        return tuple(one.uuid for one in record.draft.promises) if record is not None else ()

    # ---- looked at again

    def _touched(self) -> None:
        self._pause.start()

    def _side_ticked(self) -> None:
        if self.keeping is not None:
            self.keeping.about = replace(self.keeping.about, **self._about_now())
        self._touched()

    def _look(self) -> None:
        """Ask, off the window's thread, what should be looked at again."""
        self._looking.work(guard_questions, self.hand.guards, self.draft(), on_done=self._show_questions)

    def ask_now(self) -> tuple[Question, ...]:
        """The questions to what stands there at this moment, when it is about to be saved."""
        self._pause.stop()
        self.questions = tuple(guard_questions(self.hand.guards, self.draft()))
        return self.questions

    def _show_questions(self, questions: Sequence[Question]) -> None:
        self.questions = tuple(questions)
        self.questions_changed.emit()

    def _say_late(self) -> None:
        day = self.fields.day.iso
        words = self.hand.record.line.late_words if self.hand.record is not None else ""
        if len(day) == DAY_LENGTH and is_partial_date(day) and not self.begin.record:
            days = self.hand.late.days(day, self.context.clock.today().isoformat())
            words = f"补录（{days} 天）" if days else ""
        self.fields.say_late(words)

    # ---- keys

    def _never(self) -> bool:
        """Esc in a text takes nothing away."""
        return False

    def _bind_keys(self) -> None:
        self._key("Alt+Down", self._offer_phrases)
        self._key("F8", self._to_promise)
        for place, guidance in enumerate(Guidance, start=1):
            tick = self.fields.guidances[guidance]
            tick.setToolTip(f"Alt+{place}")
            self._key(f"Alt+{place}", tick.toggle)

    def _key(self, keys: str, slot: Any) -> None:
        shortcut = QShortcut(QKeySequence(keys), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(slot)

    def _to_promise(self) -> None:
        """F8: to what was promised, wherever she is; the next empty line of it."""
        lines = [what for what, _ in self.fields.promises if what.isVisible()]
        if lines:
            lines[-1].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _offer_phrases(self) -> None:
        focused = QApplication.focusWidget()
        for name, area in self.fields.texts.items():
            if area is focused and isinstance(area, QuietArea):
                self.phrases.offer(area, name)

    def go_away(self) -> None:
        """The form is not wanted any more, nor its draft."""
        if self.keeping is not None:
            self.keeping.done()
        for widget in (self, self.side):
            widget.hide()
            widget.deleteLater()

    def first_field(self) -> QWidget:
        """Where the keyboard begins: whom it is about, when nobody is known yet, else the text."""
        return self.fields.first_text() if self.hand.children else self.whom.field
