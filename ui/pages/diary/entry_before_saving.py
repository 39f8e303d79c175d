"""What stands between a record and its being saved: what cannot be stored, and what should be looked at once more."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtWidgets import QWidget

from app.diary.drafts import RecordDraft
from ui.pages.diary.entry_form import EntryForm

# What she can change while a save is under way; the rest of a form is filled anew by the save itself.
_HERS = (
    "kind",
    "happened_on",
    "started",
    "ended",
    "place",
    "present",
    "guidances",
    "follow_up_on",
    "attachments",
)


class InTheWay(NamedTuple):
    """Why a form cannot be saved: where to go, and what is said at the foot."""

    widget: QWidget
    words: str
    detail: str = ""


def in_the_way(form: EntryForm) -> InTheWay | None:
    """The first thing for which the form cannot be saved; None when it can."""
    wrong = form.fields.invalid()
    if wrong is not None:
        why = wrong.finding.reason if wrong.finding is not None else ""
        return InTheWay(wrong, f"还没有存：标红的那一处不对。{why}", "写的内容都还在。")
    if not form.whom.uuids:
        return InTheWay(form.whom.field, "还没有选是谁的。", "写的内容都还在。")
    if form.pictures.is_busy:  # the form goes once it is saved, and those not ready with it
        return InTheWay(form.fields.first_text(), "选的照片还在缩小。", "好了会列在上面，那时再存。")
    if form.draft().is_blank and (form.is_touched or not form.begin.record):
        told = "写一句，或勾上四导、写上答应的事，再存。"
        return InTheWay(form.fields.first_text(), "还没有写内容。", told)
    return None


def is_as_sent(form: EntryForm, sent: RecordDraft) -> bool:
    """Tell whether nothing was written, changed or chosen since ``sent`` went off to be saved."""
    now = form.draft()
    if form.pictures.is_busy or now.texts() != sent.texts():
        return False
    return all(getattr(now, name) == getattr(sent, name) for name in _HERS)


def to_look_at(form: EntryForm) -> list[str]:
    """What is asked once before it is saved, all in one question."""
    lines = [question.words for question in form.ask_now()]
    return [*lines, "还没有写内容。"] if not form.draft().texts() and not form.begin.record else lines
