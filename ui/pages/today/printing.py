"""打印本周纸单: what would be printed is said first; then the codes are written down and the pages shown."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from app.diary.codes import Activity
from app.tasks.week_forms import WrittenForms, forms_wanted, make_week_forms, page_count, write_week_forms
from app.todo.forms import PaperFormFacts
from app.todo.rules import Due
from app.todo.service_forms import FormDraft
from ui.context import Context
from ui.shell.papers import Papers
from ui.widgets import Kind, Verb


class FormPrinting(QObject):
    """`ask(items)` asks for the talks and visits among them and prints them; `again(forms)` prints what is out."""

    def __init__(self, context: Context, page: QWidget) -> None:
        super().__init__(page)
        self._context = context
        self.papers = Papers(context, page, title="周纸单", stem="周纸单", whole=True)

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
                "每张印有姓名、监护人电话和一个 8 位单号；交回后输入单号就能补记，没有交回以前今日那一行写着「已打印待回收」。",
                "上次印了还没有交回的，单号不变。",
            ],
            [Verb("stay", "先不印"), Verb("print", f"印 {len(drafts)} 张", Kind.FILLED)],
            partial(self._answered, drafts),
        )

    def again(self, forms: Sequence[PaperFormFacts]) -> None:
        """Show forms that are out once more."""
        self._show(tuple(form.code for form in forms), len({form.child_uuid for form in forms}))

    def _answered(self, drafts: Sequence[FormDraft], key: str) -> None:
        if key == "print":
            self._context.write(write_week_forms, drafts=drafts, on_done=self._written)

    def _written(self, written: WrittenForms) -> None:
        self._show(written.codes, written.people)

    def _show(self, codes: tuple[str, ...], people: int) -> None:
        self.papers.write_down("周纸单", people)
        self.papers.show_paper(make_week_forms, codes)


def _nothing(_key: str) -> None:
    """After being told that there is nothing to print."""
