"""加一名儿童: looks for the child while it is typed, so that nobody is entered twice."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget
from typing_extensions import override

from app.children.checks import id_problem_words
from app.children.codes import BirthSource, Sex
from app.children.drafts import ChildDraft
from app.children.finding import Candidate, Likeness, candidates
from app.children.service import add_child
from app.core.changes import Changes
from app.core.dates import is_partial_date
from app.core.id_number import inspect_id, tidy_id
from app.core.text import mask_id, normalise_name
from app.storage.drafts import Draft
from ui import theme
from ui.context import Context
from ui.drafts import About, Form, Keeping
from ui.drafts.note import DraftNote, ask_to_give_up
from ui.pages.children.class_field import ClassField
from ui.pages.children.loading import Loaded
from ui.theme import Tone, Type
from ui.widgets import (
    Button,
    CheckBox,
    DateField,
    Finding,
    FormRow,
    Ground,
    Kind,
    Link,
    NearDate,
    Panel,
    QuietChoice,
    QuietField,
    Scroll,
    State,
    Text,
    Verb,
    column,
    empty_out,
    holder,
    row,
)
from ui.widgets.date_field import tidy_date
from ui.widgets.field import is_saving_key

LOOKS_AFTER = 150
"""Milliseconds after the last key before the file is searched for the child."""


class CandidateCard(Ground):
    """A child the file knows that may be the one being typed: who it is, why we think so, its verb."""

    open_asked = Signal(str)

    def __init__(self, candidate: Candidate) -> None:
        super().__init__("note")
        m = theme.metrics()
        self.candidate = candidate
        sex = candidate.sex.label if candidate.sex else ""
        who = "，".join(part for part in (sex, candidate.class_name) if part)
        born = f"{candidate.birth_date} 出生" if candidate.birth_date else "出生日期未采集"
        number = mask_id(candidate.id_number) if candidate.id_number else "身份证号未采集"
        lines: list[QWidget | int] = [
            holder(row(Text(candidate.name, bold=True), m.s8, Text(who, tone=Tone.INK2), None)),
            Text(f"{born}，{number}", Type.SMALL, Tone.INK2, wrap=True),
        ]
        why = Text(candidate.why, Type.SMALL, Tone.OCHRE)
        if candidate.in_bin:
            lines += [m.s4, holder(row(why, m.s12, Text("在回收站里", Type.SMALL, Tone.INK2), None))]
        else:
            self.open = Button("打开这一名", partial(self.open_asked.emit, candidate.uuid), small=True)
            lines += [m.s4, holder(row(why, None, self.open))]
        self.setLayout(column(*lines, margins=(m.s12, m.s8, m.s12, m.s8)))


class AddPanel(Panel):
    """A form at the left, whom the file already knows at the right.

    Answers `save` once the child is written (`draft` holds its uuid, `changes` the action), `open` with `opened`, `grid` for the
    entry grid. What was typed stays when the child could not be written.
    """

    def __init__(self, context: Context, loaded: Loaded, parent: QWidget | None = None) -> None:
        verbs = [Verb("stay", "先不加"), Verb("save", "存下，打开档案", Kind.FILLED)]
        m = theme.metrics()
        super().__init__(parent, "加一名儿童", verbs, width=m.start_column, focus_content=True)
        self._context = context
        self._finding = context.jobs.latest(self)
        self._found: list[Candidate] = []
        self.draft: ChildDraft | None = None
        self.changes: Changes | None = None
        self.opened = ""
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(LOOKS_AFTER)
        self._pause.timeout.connect(self._look)
        self._build_fields(loaded)
        self._known = QVBoxLayout()
        self._known.setSpacing(m.s8)
        side = Scroll(self._known, None)
        side.setFixedWidth(m.side_small - m.s24)
        left = holder(column(*self._rows, None, self._several, gap=m.s4))
        content = holder(row(left, m.s24, side))
        content.setFixedHeight(m.field * 8 + m.s16)
        self.draft_note = DraftNote()
        self.box.addWidget(self.draft_note)
        self.box.addWidget(content)
        self.buttons["save"].setToolTip("Ctrl+Enter")
        self._show_known()
        self._keep()

    def _keep(self) -> None:
        """Keep what is typed; one that was left undecided is offered."""
        fields = {
            "name": self.name,
            "sex": self.sex,
            "class": self.school_class,
            "id_number": self.id_number,
            "birth": self.birth,
            "registered": self.registered,
            "since": self.since,
        }
        self.registered.setAccessibleName("登记为留守儿童")
        self.since.setAccessibleName("从哪天起")
        drafts = self._context.drafts
        left = drafts.left_for(Form.ADD_CHILD, "")
        self._keeping = Keeping(drafts, About(Form.ADD_CHILD, "", "加一名儿童"), fields, self)
        if left is not None:
            self.draft_note.offer(left, self._context.clock.today(), partial(self.resume, left))

    def resume(self, draft: Draft) -> None:
        """Fill in what was kept, unsaved."""
        self.draft_note.say_filled(self._keeping.fill(draft))

    def _build_fields(self, loaded: Loaded) -> None:
        m = theme.metrics()
        today = self._context.clock.today()
        self.name = QuietField(quiet=False, hint="必填", tidy=normalise_name)
        self.sex = QuietChoice([(sex, sex.label) for sex in Sex], quiet=False)
        self.school_class = ClassField(loaded.classes, today, loaded.calendar.years, loaded.shape)
        self.id_number = QuietField(quiet=False, hint="没有就空着", check=self._check_id, tidy=tidy_id)
        self.birth = DateField(quiet=False)
        self.registered = CheckBox("登记为留守儿童", checked=True)
        self.since = NearDate(self._context.clock.today, hint="早就在了")
        self.since.setText(today.isoformat())
        registered = row(self.registered, m.s8, Text("从"), m.s8, self.since, m.s8, Text("起"), None)
        for field in (self.sex, self.school_class):
            field.setFixedWidth(m.field_medium)
        self._class_row = FormRow("班级", self.school_class)
        self._rows = (
            FormRow("姓名", self.name),
            FormRow("性别", self.sex),
            self._class_row,
            FormRow("身份证号", self.id_number),
            FormRow("出生日期", self.birth),
            holder(registered),
        )
        self._several = Link("一次登记几名（表格录入）", partial(self.answer, "grid"), kind=Type.SMALL)
        self.sex.saved.connect(self._changed)
        self.school_class.textChanged.connect(self._class_typed)
        self.name.textChanged.connect(self._changed)
        self.id_number.textChanged.connect(self._read_id)
        self.birth.textChanged.connect(self._changed)
        self.registered.toggled.connect(self.since.setEnabled)

    # ---- what is typed

    def _check_id(self, text: str) -> Finding | None:
        found = inspect_id(text)
        if not text or found.problem is None:
            return None
        reason, *_ = id_problem_words(found.problem).split("；")
        return Finding(State.DOUBTFUL, reason)

    def _read_id(self, text: str) -> None:
        """A sound number fills in what is still open."""
        found = inspect_id(text)
        if found.ok and found.birth_date and not self.birth.text():
            self.birth.setText(found.birth_date)
        if found.ok and found.sex and self.sex.value is None:
            self.sex.set_value(Sex(found.sex))
        self._changed()

    def _class_typed(self, _text: str) -> None:
        self._class_row.set_note("新开这个班" if self.school_class.new_class else "")
        self._changed()

    def _changed(self, _value: object = None) -> None:
        self._pause.start()
        self._show_verb()

    def _typed(self) -> ChildDraft:
        """What stands in the form; a date that is none yet is left out."""
        number = tidy_id(self.id_number.text())
        birth = tidy_date(self.birth.text())
        from_id = inspect_id(number).birth_date == birth if number else False
        sex = self.sex.value
        known = self.school_class.school_class
        since = self.since.iso
        return ChildDraft(
            name=normalise_name(self.name.text()),
            sex=sex if isinstance(sex, Sex) else None,
            class_uuid=known.uuid if known else None,
            class_ref=self.school_class.new_class,
            id_number=number or None,
            birth_date=birth if is_partial_date(birth) else None,
            birth_source=BirthSource.ID_NUMBER if birth and from_id else None,
            registered=self.registered.isChecked(),
            since=since if is_partial_date(since) else None,
        )

    # ---- whom the file knows

    def _look(self) -> None:
        draft = self._typed()
        if not draft.name and not draft.id_number:
            self._finding.drop()
            self._found = []
            self._show_known()
            return
        self._finding.run(
            candidates,
            self._context.store,
            name=draft.name,
            day=self._context.clock.today(),
            sex=draft.sex,
            class_uuid=draft.class_uuid,
            birth_date=draft.birth_date,
            id_number=draft.id_number,
            on_done=self._show_found,
        )

    def _show_found(self, found: list[Candidate]) -> None:
        self._found = found
        self._show_known()

    def _show_known(self) -> None:
        empty_out(self._known)
        if not self._found:
            typed = bool(self.name.text().strip() or self.id_number.text().strip())
            words = (
                "没有同名或同号的儿童。"
                if typed
                else "填了姓名或身份证号，这里列出已经有的、可能是同一名的儿童。"
            )
            self._known.addWidget(Text(words, tone=Tone.INK2, wrap=True))
        else:
            self._known.addWidget(Text(f"可能已经有了：{len(self._found)} 名", bold=True))
        for candidate in self._found:
            card = CandidateCard(candidate)
            card.open_asked.connect(self._open)
            self._known.addWidget(card)
        self._show_verb()

    def _show_verb(self) -> None:
        """Who may be the same child is not nudged; an equal number is the same child and is not written twice."""
        save = self.buttons["save"]
        save.set_text("确实是新的，存下" if self._found else "存下，打开档案")
        save.set_kind(Kind.PLAIN if self._found else Kind.FILLED)
        taken = any(one.likeness is Likeness.SAME_NUMBER and not one.in_bin for one in self._found)
        save.setEnabled(bool(self.name.text().strip()) and not taken)

    def _open(self, uuid: str) -> None:
        self.opened = uuid
        self.answer("open")

    # ---- writing

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not is_saving_key(event):
            super().keyPressEvent(event)
        elif self.buttons["save"].is_filled():
            self.buttons["save"].click()
        else:  # the file may know the child already: she looks before she says that it is another one
            self.buttons["save"].setFocus()

    @override
    def answer(self, key: str) -> None:
        if key == "open":
            self._let_go(key)  # the child is there already: nothing of it is lost
            return
        if key != "save":
            ask_to_give_up(self._context.dialogs, self._keeping, partial(self._let_go, key))
            return
        self._pause.stop()
        for field in (self.name, self.id_number, self.school_class, self.birth, self.since):
            field.leave()
            field.keep_as_is()
            if field.finding is not None and field.finding.state is State.INVALID:
                field.setFocus()
                return
        self.buttons["save"].setEnabled(False)
        self.draft = self._typed()
        again = self._context.errors.catching(self._not_written)
        self._context.write(add_child, draft=self.draft, on_done=self._written, on_error=again)

    def _not_written(self) -> None:
        """Everything typed stays, here and in its draft."""
        self._keeping.keep_now()
        self._show_verb()
        self.buttons["save"].setFocus()  # it was asleep while it was written: the keyboard stood on 先不加

    def _written(self, changes: Changes) -> None:
        self.changes = changes
        self._let_go("save")

    def _let_go(self, key: str) -> None:
        self._pause.stop()
        self._finding.drop()
        self._keeping.done()
        super().answer(key)
