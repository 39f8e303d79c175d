"""打印本周纸单: what would be printed is said first, then the pages are shown; the codes are written down as they go out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from app.core.changes import Changes
from app.diary.codes import Activity
from app.paper.printing import PrintResult
from app.tasks.week_forms import forms_wanted, make_week_forms, page_count
from app.todo.forms import PaperFormFacts
from app.todo.rules import Due
from app.todo.service_forms import FormDraft, PlannedForm, form_again, plan_forms, print_forms
from ui.context import Context
from ui.shell.papers import CLOSE, Papers
from ui.widgets import Kind, Verb


class FormPapers(Papers):
    """Pages whose codes the ledger must hold before they go out.

    Whatever happens then (the power fails, the printer takes nothing), no form is out that nobody knows.
    """

    def __init__(self, context: Context, page: QWidget) -> None:
        super().__init__(context, page, title="周纸单", stem="周纸单", whole=True)
        self._fresh: tuple[PlannedForm, ...] = ()
        self._then: Callable[[], None] | None = (
            None  # how they go out, while their codes are being written down
        )
        self._closes_then = False

    def show_forms(self, forms: tuple[PlannedForm, ...]) -> None:
        """Show the pages of these forms; the codes of those that are not out yet are written down when they go."""
        self._fresh = tuple(form for form in forms if not form.is_out)
        child_of = {form.code: form.child_uuid for form in forms}
        self.write_down("周纸单", len(set(child_of.values())), child_of)
        self.show_paper(make_week_forms, forms)

    @override
    def _laid_out(self, file: Path | bytes, printed: PrintResult) -> None:
        super()._laid_out(file, printed)
        if self.panel is not None:
            self.panel.holds = self._while_writing

    def _while_writing(self) -> bool:
        """What is wanted closed meanwhile is closed behind it: the pages must not go before they are out."""
        self._closes_then = self._then is not None
        return self._closes_then

    @override
    def _goes(self, out: Callable[[], None], pages: range) -> None:
        if self._then is not None:
            return
        going = tuple(form for form in self._fresh if self._page_of.get(form.code, 0) - 1 in pages)
        if not going:
            out()
            return
        self._then = out
        self._context.write(
            print_forms, forms=going, on_done=partial(self._written, going), on_error=self._not_written
        )

    def _written(self, going: tuple[PlannedForm, ...], _changes: Changes) -> None:
        self._fresh = tuple(form for form in self._fresh if form not in going)
        if not self._closes_then:
            self._tell("单号已经记下，还没有送出去")  # stays where the printer refuses
        if self._then is not None:
            self._then()
        self._go_on()

    def _not_written(self, error: BaseException) -> None:
        self._tell("单号没有记下：没有打印，也没有存成 PDF")
        self._context.errors.show(error)
        self._go_on()

    def _go_on(self) -> None:
        self._then = None
        if self._closes_then and self.panel is not None:
            self.panel.answer(CLOSE)


class FormPrinting(QObject):
    """`ask(items)` asks for the talks and visits among them and prints them; `again(forms)` prints what is out."""

    def __init__(self, context: Context, page: QWidget) -> None:
        super().__init__(page)
        self._context = context
        self.papers = FormPapers(context, page)

    def ask(self, items: Sequence[Due]) -> None:
        """Say how many forms and pages it would be; nothing is written before she has said so."""
        drafts = forms_wanted(items)
        talks = sum(draft.activity == Activity.TALK.value for draft in drafts)
        if not drafts:
            self._context.dialogs.ask(
                "没有到期的谈心或家访可印",
                ["本周和已过期的谈心、家访才印；换一类或换一位负责人再看。"],
                [Verb("stay", "知道了")],
                _nothing,
            )
            return
        pages = page_count(drafts)
        self._context.dialogs.ask(
            f"印 {len(drafts)} 张周纸单？",
            [
                f"谈心 {talks} 张，家访 {len(drafts) - talks} 张，约 {pages} 页（两张谈心一页）。",
                "每张印有姓名、监护人电话和一个 8 位单号；交回后输入单号就能录入。",
                "打印或存成 PDF 才算印出去：没有交回以前，今日那一行写着「已打印待回收」。",
                "上次印了还没有交回的，单号不变。",
            ],
            [Verb("stay", "先不印"), Verb("print", f"印 {len(drafts)} 张", Kind.FILLED)],
            partial(self._answered, drafts),
        )

    def again(self, forms: Sequence[PaperFormFacts]) -> None:
        """Show forms that are out once more."""
        self.papers.show_forms(tuple(form_again(form) for form in forms))

    def _answered(self, drafts: Sequence[FormDraft], key: str) -> None:
        if key == "print":
            self._context.read(plan_forms, drafts=drafts, on_done=self.papers.show_forms)


def _nothing(_key: str) -> None:
    """After being told that there is nothing to print."""
