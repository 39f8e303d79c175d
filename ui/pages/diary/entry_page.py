"""记一条: the page on which one record is written, read again and changed. It is saved whole, by Ctrl+Enter or its button."""

from __future__ import annotations

from functools import partial
from typing import Any

import shiboken6
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QWidget
from typing_extensions import override

from app.core.changes import Changes
from app.core.errors import UserError
from app.diary.drafts import RecordDraft
from app.dossier.at_hand import AtHand, at_hand, children_to_choose
from app.tasks.diary import change_record, save_record
from ui import theme
from ui.context import Context
from ui.drafts import Form, refusal_words
from ui.pages.diary.entry_before_saving import in_the_way, is_as_sent, to_look_at
from ui.pages.diary.entry_begin import Begin
from ui.pages.diary.entry_fields import EntryFields
from ui.pages.diary.entry_form import EntryForm
from ui.pages.diary.entry_paper import offer_without_paper
from ui.pages.diary.entry_questions import Questions
from ui.pages.diary.removing import Removing
from ui.shell.page import Page
from ui.theme import Breakpoint
from ui.widgets import Button, EmptyState, FooterBar, Kind, Scroll, Segments, Sheet, Verb, column, holder, row
from ui.widgets.slices import Slices

_FORM, _SIDE = "form", "side"
NEW, CHANGE = "记一条", "改一条"


class RecordPage(Page):
    """One form at a time. Another one is opened only when nothing unsaved stands in this one, or it was put by."""

    areas = frozenset({"children", "pairing"})
    begins_anew = True

    def __init__(self, context: Context) -> None:
        super().__init__(context, NEW, back="回去")
        m = theme.metrics()
        self.form: EntryForm | None = None
        self._begin = Begin()
        self._sent = False
        self._go_on = False
        self._fields: EntryFields | None = None
        self._making = Slices(self)
        self._reading = context.jobs.latest(self)
        self._removing = Removing(context, self)
        self._removing.removed.connect(self._removed)
        self.remove = Button("移到回收站…", self._ask_remove, icon="delete")
        self.header.add(self.remove)
        self.save = Button("存上", partial(self.ask_save, go_on=False), kind=Kind.FILLED, note="Ctrl+Enter")
        self.save_next = Button("存上，下一名", partial(self.ask_save, go_on=True))
        self.foot = FooterBar(self.save_next, self.save)
        self.questions = Questions()
        self.questions.go_asked.connect(self._go_to_field)
        self.parts = Segments([(_FORM, "记录"), (_SIDE, "相关")])
        self.parts.changed.connect(self._arrange)
        self.parts.hide()
        self.paper = Scroll(margins=(m.s24, m.s16, m.s24, m.s16))
        self._gone = EmptyState(
            "这条记录不在了", "可能刚移到回收站。", link="回去", on_link=context.navigation.back
        )
        self._gone.hide()
        self.sheet = Sheet(self.paper, self.questions, self.foot)
        self.sheet.box.setStretchFactor(self.paper, 1)
        self._side = holder(column())
        self._side.setFixedWidth(m.side)
        body = row(self.sheet, self._side, gap=m.s16)
        body.setStretch(0, 1)
        self._body = holder(body)
        self.content.addWidget(self.parts)
        self.content.addWidget(self._body, 1)
        self.content.addWidget(self._gone, 1)
        self._bind_keys()
        self._say()

    def _bind_keys(self) -> None:
        self.key("Ctrl+Return", partial(self.ask_save, go_on=False))
        self.key("Ctrl+Enter", partial(self.ask_save, go_on=False))
        self.key("Ctrl+Shift+Return", partial(self.ask_save, go_on=True))
        self.key("F4", self._to_side)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._keep_in_sight)

    # ---- opened

    @override
    def open_with(self, **params: Any) -> None:
        """Begin a record, or open one.

        `uuid`: a record on file. Else `child` or `children`, `kind` (code), `happened_on`, `supporter` (key), `why` (words),
        `event`, `promise`, `follows` (uuids), `paper` (code of the printed form), `among` (whom 存上，下一名 goes on with:
        children, or the due item of each).
        """
        self._put_by()
        self._begin = Begin.of(params)
        self._read(self._begin.children)

    @override
    def load(self) -> None:
        if self.form is None:
            self._read(self._begin.children)
        else:
            self._read(self.form.whom.uuids)

    def _read(self, children: tuple[str, ...]) -> None:
        begin = self._begin
        self._begin_fields()
        self._reading.run(
            at_hand,
            self.context.store,
            self.context.clock.today(),
            children=children,
            record_uuid=begin.record,
            follows_uuid=begin.follows,
            who=self.context.entering.name,
            kind=(begin.kind if self.form is None else self.form.fields.kind_of).value,
            on_done=self._show,
        )

    def _begin_fields(self) -> None:
        """Make the fields while what lies at hand is still read: both take time, and neither needs the other."""
        if self.form is None and self._fields is None:
            self._fields = EntryFields(self.context.clock.today)
            self._making.begin(self._fields.steps())

    def _made_fields(self) -> EntryFields:
        """Return the fields, made whole now."""
        self._begin_fields()
        self._making.finish()
        fields, self._fields = self._fields, None
        if fields is None:
            raise RuntimeError("a form is open already")
        return fields

    def _show(self, hand: AtHand | None) -> None:
        self._body.setVisible(hand is not None)
        self._gone.setVisible(hand is None)
        if hand is None:
            self._close_form()
            self._say()
            return
        if self.form is not None:
            self.form.take(hand)
            self._say()
            self._to_first_text()
            return
        if self._fields is not None and self._making.go_on():
            # By way of the storage thread: the window has its turn, and who waits for the page waits for its form.
            self._reading.run(lambda _store: hand, self.context.store, on_done=self._show)
            return
        form = EntryForm(self.context, self._begin, hand, self._made_fields())
        form.children_changed.connect(self._read)
        form.children_asked.connect(self._want_children)
        form.record_asked.connect(self._open_record)
        form.questions_changed.connect(self._show_questions)
        form.side_changed.connect(self._say)
        form.fields.touched.connect(self._say)  # why it could not be saved is said of what stood there then
        self.form = form
        form.setMaximumWidth(theme.metrics().form_most)
        form.setEnabled(not self.context.read_only)
        self.paper.box.addWidget(form)
        # After the last field comes what she is about to do, not the rail.
        QWidget.setTabOrder(form.pictures.add, self.save_next)
        QWidget.setTabOrder(self.save_next, self.save)
        self.paper.verticalScrollBar().setValue(0)
        side = self._side.layout()
        if side is not None:
            side.addWidget(form.side)
        self.parts.set_current(_FORM)
        self._arrange()
        self._say()
        draft = self.context.drafts.take_wanted(Form.RECORD)
        if draft is not None:
            form.resume(draft)
        self.focus_first()

    def _want_children(self) -> None:
        if self.form is not None:
            self.context.read(children_to_choose, self.context.clock.today(), on_done=self.form.whom.set_rows)

    # ---- said

    def _say(self) -> None:
        form, begin = self.form, self._begin
        self.header.set_title(CHANGE if begin.record else NEW)
        self.remove.setVisible(bool(begin.record) and form is not None and not self.context.read_only)
        self.save_next.setVisible(self._begin.following != "")
        self.save.setEnabled(form is not None and not self.context.read_only)
        if form is None:
            self.header.set_fact("")
            return
        names = "、".join(child.name for child in form.hand.children)
        cls = form.hand.children[0].class_name if len(form.hand.children) == 1 else ""
        self.header.set_fact("　".join(part for part in (names, cls, form.fields.kind_of.label) if part))
        narrow = self.breakpoint is Breakpoint.NARROW
        kept = "" if begin.record or narrow else "存上以前每隔一两秒留一次底，停电也还在。"
        self.foot.set_words(form.stored_words, kept)
        count = form.side.count
        self.parts.set_words(_SIDE, f"相关 {count}" if count else "相关")

    def _show_questions(self) -> None:
        if self.form is not None:
            self.questions.show_questions(self.form.questions)
            focused = QApplication.focusWidget()
            if focused is not None:  # the lines took room: what she writes in stays in sight
                QTimer.singleShot(0, partial(self._ensure_seen, focused))

    # ---- saving

    def ask_save(self, *, go_on: bool) -> None:
        """Save, or say what is in the way; a question is asked once and never blocks."""
        form = self.form
        if form is None or self._sent or not self.save.isEnabled():
            return
        self._go_on = go_on and self._begin.following != ""
        stops = in_the_way(form)
        if stops is not None:
            self.foot.set_words(stops.words, stops.detail)
            self._focus(stops.widget)
            return
        if form.begin.record and not form.is_touched:
            self.context.navigation.back()
            return
        lines = to_look_at(form)
        self._show_questions()
        if lines:
            verbs = [Verb("back", "回去看看"), Verb("save", "就这样存", Kind.FILLED)]
            self.context.dialogs.ask("存之前再看一眼", lines, verbs, self._asked)
        else:
            self._write(form)

    def _asked(self, key: str) -> None:
        form = self.form
        if form is None:
            return
        if key == "save":
            self._write(form)
        elif form.questions and form.questions[0].field:
            self._go_to_field(form.questions[0].field)

    def _write(self, form: EntryForm) -> None:
        self._sent = True
        self.save.setEnabled(False)
        draft = form.draft()
        if form.begin.record:
            work = partial(self.context.write, change_record, uuid=form.begin.record, draft=draft)
        else:
            work = partial(self.context.write, save_record, draft=draft)
        work(on_done=partial(self._written, draft), on_error=self._not_written)

    def _not_written(self, error: BaseException) -> None:
        """What was written stays, here and in its draft; a refusal is said at the foot, a fault in its own window."""
        self._sent = False
        self.save.setEnabled(True)
        if self.form is not None and self.form.keeping is not None:
            self.form.keeping.keep_now()
        if isinstance(error, UserError):
            self.foot.set_words(refusal_words(error))
            offer_without_paper(self.context, self.form, error, self._write)
        else:
            self.context.errors.show(error)

    def _written(self, draft: RecordDraft, changes: Changes) -> None:
        self._sent = False
        if self.form is not None and not is_as_sent(self.form, draft):
            # Written on while it was being saved: under its uuid the next save makes the same record of it.
            self.save.setEnabled(True)
            self.foot.set_words("存上了；存的时候又写的、又选的还没有存。", "都还在，再存一次就行。")
            self._toast(changes)
            return
        self._close_form()
        if self._go_on and self._begin.following:
            self.open_with(**self._begin.of_following())
        else:
            self.context.navigation.back()
        self._toast(changes)

    def _ask_remove(self) -> None:
        if self.form is not None and self.form.hand.record is not None:
            self._removing.ask(self.form.hand.record.line)

    def _removed(self, changes: Changes) -> None:
        self._close_form()
        self.context.navigation.back()
        self._toast(changes)

    def _toast(self, changes: Changes) -> None:
        """Only when the page it is said on is shown."""
        if changes:
            self.context.navigation.toast(changes.words, partial(self.context.undo, changes.action_uuid))

    # ---- leaving

    @override
    def may_leave(self) -> bool:
        form = self.form
        if form is None or self._sent or not form.is_touched:
            return True
        lasts = "关掉守望也还在，下次打开会问您" if self.context.drafts.flush() else "下次打开这张表时会问您"
        self.context.dialogs.ask(
            "这一条还没有存",
            [f"先放着：写的内容留底，{lasts}。", "已经存下的记录没有动。"],
            [Verb("stay", "接着写"), Verb("keep", "先放着，离开"), Verb("drop", "不要了", Kind.DANGER)],
            self._left,
        )
        return False

    def _left(self, key: str) -> None:
        if key == "stay":
            return
        if key == "drop":
            self._close_form()
        else:
            self._put_by()
        self._stale = True  # come back to, the page has a form again
        self.context.navigation.go_on()

    def _put_by(self) -> None:
        """Another form is opened: what stands in this one unsaved is kept, to be offered."""
        form = self.form
        if form is not None and form.keeping is not None and form.keeping.changed:
            self.context.drafts.leave(form.keeping)
            form.keeping = None
        self._close_form()

    def _close_form(self) -> None:
        form = self.form
        self.form = None
        if form is None:
            return
        form.go_away()
        self.questions.show_questions(())

    def _open_record(self, uuid: str) -> None:
        self.context.navigation.open_page("record", uuid=uuid)

    # ---- keyboard

    @override
    def focus_first(self) -> None:
        if self.form is not None:
            self._focus(self.form.first_field())

    def _to_first_text(self) -> None:
        """A child was chosen: on to the text, unless she is elsewhere in the form already."""
        if self.form is not None and self.form.whom.field.hasFocus() and self.form.hand.children:
            self._focus(self.form.first_field())

    def _focus(self, widget: QWidget) -> None:
        if self.parts.current != _FORM:
            self.parts.set_current(_FORM)
            self._arrange()
        widget.setFocus(Qt.FocusReason.OtherFocusReason)
        QTimer.singleShot(0, partial(self._ensure_seen, widget))

    def _ensure_seen(self, widget: QWidget) -> None:
        if shiboken6.isValid(widget) and self.form is not None and self.form.isAncestorOf(widget):
            self.paper.ensureWidgetVisible(widget, 0, theme.metrics().s24)

    def _go_to_field(self, name: str) -> None:
        form = self.form
        field = dict(form.fields.named()).get(name) if form is not None else None
        if field is not None:
            self._focus(field)

    def _keep_in_sight(self, _old: QWidget | None, new: QWidget | None) -> None:
        if new is not None:
            self._ensure_seen(new)

    @override
    def side_stops(self) -> tuple[QWidget, ...]:
        return (self.form, self.form.side) if self.form is not None else ()

    def _to_side(self) -> None:
        form = self.form
        if form is None:
            return
        focused = QApplication.focusWidget()
        if focused is not None and form.side.isAncestorOf(focused):
            self._focus(form.first_field())
            return
        if self.breakpoint is Breakpoint.NARROW:
            self.parts.set_current(_SIDE)
            self._arrange()
        boxes = list(form.side.boxes().values())
        if boxes:
            boxes[0].setFocus(Qt.FocusReason.ShortcutFocusReason)

    # ---- arranged

    @override
    def breakpoint_changed(self, breakpoint_: Breakpoint) -> None:
        self.questions.set_narrow(breakpoint_ is Breakpoint.NARROW)
        self._arrange()
        self._say()

    def _arrange(self, _key: str = "") -> None:
        m = theme.metrics()
        narrow = self.breakpoint is Breakpoint.NARROW
        side = narrow and self.parts.current == _SIDE
        self.parts.setVisible(narrow)
        self.sheet.setVisible(not side)
        self._side.setVisible(side or not narrow)
        self._side.setMinimumWidth(0 if narrow else m.side)
        self._side.setMaximumWidth(m.form_most * 4 if narrow else m.side)

    @override
    def foot_height(self) -> int:
        return self.foot.height()
