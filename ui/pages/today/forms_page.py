"""周纸单: the printed forms that have not come back. A code typed here, or Enter on a line, opens child and form."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import ClassVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QStackedWidget, QWidget
from typing_extensions import override

from app.tasks.week_forms import CameBack, form_came_back, forms_with_who
from app.todo.codes_on_paper import LENGTH, fits, looks_like_code, spaced, tidy
from app.todo.forms import FormState, PaperFormFacts
from app.todo.presets import activity_words
from app.todo.service_forms import void_forms
from ui import theme
from ui.context import Context
from ui.pages.today.opening import open_paper
from ui.pages.today.printing import FormPrinting
from ui.shell.page import Page
from ui.theme import Tone, Type
from ui.widgets import (
    Button,
    Cell,
    Column,
    DataTable,
    EmptyState,
    Finding,
    Kind,
    Panel,
    QuietField,
    Rule,
    Sheet,
    State,
    Text,
    Verb,
)
from ui.widgets.layout import column, holder, row
from ui.widgets.neighbour import WayBack, neighbour
from ui.wording import day_words


class FormsPage(Page):
    """The code stands first: eight characters that check out open the form by themselves."""

    areas: ClassVar[frozenset[str]] = frozenset({"todo", "diary", "children"})

    def __init__(self, context: Context) -> None:
        super().__init__(context, "周纸单", back="今日")
        self._reading = context.jobs.latest(self)
        self._finding = context.jobs.latest(self)
        self._forms: tuple[PaperFormFacts, ...] = ()
        self._from_list = False
        self._way_back = WayBack()
        self.printing = FormPrinting(context, self)
        self._build()

    def _build(self) -> None:
        m = theme.metrics()
        self.code = QuietField(quiet=False, hint="纸单右上角的 8 位单号", check=_code_check)
        self.code.setFixedWidth(m.field_date * 2)
        self.code.setAccessibleName("单号")
        self.code.textEdited.connect(self._typed)
        self.code.saved.connect(self._entered)
        self.code.finding_changed.connect(self._say)
        self.said = Text("", Type.SMALL, wrap=True)
        self._say(None)
        entry = row(Text("单号"), self.code, self.said, gap=m.s8)
        entry.setStretch(2, 1)
        entry.setContentsMargins(m.s16, m.s8, m.s16, m.s8)
        self.table = DataTable(
            [
                Column("name", "姓名", _name, "欧阳慕容雨桐", frozen=True),
                Column("class", "班级", _class, "三（12）班"),
                Column("what", "做什么", _what, "作业辅导"),
                Column("who", "谁", _who, "买买提·阿卜杜热西提"),
                Column("printed", "印于", self._printed, "2025年12月30日"),
                Column("code", "单号", _code, "MMMM MMMM"),
                Column("record", "", self._verb, "去记录"),
            ],
            tickable=not self.context.read_only,
        )
        self.table.opened.connect(self._open)
        self.table.link_pressed.connect(self._pressed)
        self.table.ticks_changed.connect(self._ticked)
        self._empty = EmptyState(
            "没有在外面的纸单", "在今日页按「打印本周纸单」印出来的，没有交回以前列在这里。"
        )
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self._empty)
        self.again = Button("再印一次", self._print_again, icon="print")
        self.void = Button("作废…", self._ask_void)
        self._chosen = Text("", Type.SMALL, Tone.INK2)
        foot = row(self._chosen, None, self.void, self.again, gap=m.s8)
        foot.setContentsMargins(m.s16, m.s8, m.s16, m.s8)
        self._foot = holder(column(Rule(), foot))
        sheet = Sheet(holder(entry), Rule(), self._stack, self._foot)
        sheet.box.setStretchFactor(self._stack, 1)
        self.content.addWidget(sheet, 1)

    # ---- reading

    @override
    def load(self) -> None:
        self._reading.run(forms_with_who, self.context.store, on_done=self._show)

    def _show(self, forms: tuple[PaperFormFacts, ...]) -> None:
        before, current = [form.uuid for form in self.table.rows], self.table.current_row()
        self._forms = forms
        self.header.set_fact(f"没有交回 {len(forms)} 张" if forms else "")
        self.table.set_rows(list(forms))
        now = {form.uuid for form in forms}
        if current is not None and current.uuid not in now:
            beside = neighbour(before, current.uuid, now)
            self.table.set_current(beside)
            self._way_back.went(current.uuid, beside)
        elif current is not None:
            self.table.set_current(self._way_back.back(current.uuid, now))
        self._stack.setCurrentWidget(self.table if forms else self._empty)
        self._ticked()

    def _printed(self, form: PaperFormFacts) -> Cell:
        today = self.context.clock.today()
        printed = date.fromisoformat(form.printed_on)
        late = (today - printed).days >= _LATE
        return Cell(day_words(printed, today), Tone.RED if late else Tone.INK)

    def _verb(self, _form: PaperFormFacts) -> Cell:
        return Cell("" if self.context.read_only else "去记录", link=not self.context.read_only)

    # ---- a code comes back

    def _typed(self, _text: str) -> None:
        self._from_list = False
        code = tidy(self.code.text())
        if len(code) == LENGTH and fits(code):
            self._find(code)
        elif len(code) >= LENGTH:
            self.code.leave()  # told at once, not only when she has gone on to the next sheet of paper

    def _entered(self, text: str, _as_is: bool) -> None:
        if text:
            self._find(text)

    def _say(self, finding: Finding | None) -> None:
        self.said.setText(finding.reason if finding else _HINT)
        self.said.set_tone(Tone.RED if finding else Tone.INK2)

    def _empty_field(self) -> None:
        """Also while the keyboard is in it: the next code begins at its first letter."""
        self.code.set_value("")
        self.code.restore()

    def _find(self, code: str) -> None:
        self._finding.run(
            form_came_back, self.context.store, code, on_done=self._found, on_error=self._refused
        )

    def _found(self, back: CameBack) -> None:
        self._empty_field()
        if not self.context.read_only or back.form.state is FormState.RETURNED:
            open_paper(self.context, back)

    def _refused(self, error: BaseException) -> None:
        self.context.errors.show(error)
        self.code.setFocus()
        self.code.selectAll()

    def _open(self, form: PaperFormFacts) -> None:
        self._from_list = True
        self._find(form.code)

    def _pressed(self, form: PaperFormFacts, _key: str) -> None:
        self._open(form)

    # ---- several at once

    def _checked(self) -> Sequence[PaperFormFacts]:
        return self.table.ticked_rows()

    def _ticked(self, *_: object) -> None:
        count = len(self._checked())
        self._foot.setVisible(bool(self._forms) and not self.context.read_only)
        self._chosen.setText(f"已选 {count} 张" if count else "勾选要作废或再印的")
        self.void.setEnabled(count > 0)
        self.again.setEnabled(count > 0)

    def _print_again(self) -> None:
        self.printing.again(self._checked())

    def _ask_void(self) -> None:
        panel = VoidPanel(self.context.dialogs.window, len(self._checked()))
        uuids = tuple(form.uuid for form in self._checked())
        self.context.dialogs.open_panel(panel, partial(self._void, panel, uuids))

    def _void(self, panel: VoidPanel, uuids: tuple[str, ...], key: str) -> None:
        if key == "void":
            self.context.write(void_forms, uuids=uuids, reason=panel.reason.text(), toast=True)

    # ---- keys

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not event.spontaneous():  # she came back to the page; the window was not only put away
            self._empty_field()

    @override
    def focus_first(self) -> None:
        back, self._from_list = self._from_list, False
        if back and self._stack.currentWidget() is self.table:
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)  # on down the list she came from
            return
        self.code.setFocus(Qt.FocusReason.OtherFocusReason)
        self.code.selectAll()  # Ctrl+K once more: the next code takes the place of what stands there

    @override
    def side_stops(self) -> tuple[QWidget, ...]:
        return (self.code, self.table)


class VoidPanel(Panel):
    """Asks why forms will not come back."""

    def __init__(self, parent: QWidget | None, count: int) -> None:
        verbs = [Verb("stay", "先不作废"), Verb("void", f"作废 {count} 张", Kind.DANGER)]
        super().__init__(parent, f"作废 {count} 张周纸单", verbs, focus_content=True)
        self.reason = QuietField(quiet=False, hint="比如：儿童请假一周")
        self.reason.setAccessibleName("原因")
        self.box.addWidget(
            Text("单号以后不能再用，这几项仍列在今日。可以撤销。", Type.SMALL, Tone.INK2, wrap=True)
        )
        self.box.addWidget(self.reason)


_LATE = 7  # days
_HINT = "输满 8 位就打开那名儿童的记录；大小写、空格都不要紧。"


def _code_check(text: str) -> Finding | None:
    code = tidy(text)
    if not fits(code):
        words = "有一位不对，请对着纸单再看一遍" if looks_like_code(code) else "单号是 8 位字母和数字"
        return Finding(State.INVALID, words)
    return None


def _name(form: PaperFormFacts) -> Cell:
    return Cell(form.child_name, bold=True)


def _class(form: PaperFormFacts) -> Cell:
    return Cell(form.class_words)


def _what(form: PaperFormFacts) -> Cell:
    return Cell(activity_words(form.activity))


def _who(form: PaperFormFacts) -> Cell:
    return Cell(form.supporter or "没有负责人", Tone.INK if form.supporter else Tone.INK3)


def _code(form: PaperFormFacts) -> Cell:
    return Cell(spaced(form.code))
