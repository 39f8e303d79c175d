"""A record whose printed form cannot be given back any more: it may be saved without the code of that form."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from app.core.errors import UserError
from ui.context import Context
from ui.pages.diary.entry_form import EntryForm
from ui.widgets import Kind, Verb

_GONE = frozenset({"todo.code_void", "todo.code_unknown", "diary.paper_returned"})
"""What became of the form since the page was opened, or the draft put by: declared void, or back with another record."""


def offer_without_paper(
    context: Context, form: EntryForm | None, error: UserError, save: Callable[[EntryForm], None]
) -> None:
    """Ask whether the record is saved without its code, when the code is why it was refused."""
    if form is None or error.key not in _GONE:
        return
    lines = [
        "写的内容都还在，没有存。",
        "去掉单号也能存：记录照样算数，只是不算交回这张纸单。",
    ]
    if error.key == "diary.paper_returned":
        lines.append("先核对一下：同一件事不要记两次。")
    verbs = [Verb("stay", "先不存"), Verb("save", "去掉单号，存上", Kind.FILLED)]
    context.dialogs.ask(error.what, lines, verbs, partial(_answered, form, save))


def _answered(form: EntryForm, save: Callable[[EntryForm], None], key: str) -> None:
    if key == "save":
        form.drop_paper()
        save(form)
