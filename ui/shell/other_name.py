"""A file that WPS or Excel holds open is not written: close it, or take the next free name."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from app.core.errors import ShouwangError
from app.core.files import free_name
from ui.context import Context
from ui.widgets.button import Kind
from ui.widgets.dialog import Verb

Write = Callable[[Path], object]


def not_written(context: Context, target: Path, write: Write, error: BaseException) -> None:
    """Say why `target` was not written; when another program holds it, offer to `write` it again or under another name."""
    if not isinstance(error, ShouwangError) or error.key != "file.in_use":
        context.errors.show(error)
        return
    other = free_name(target)
    verbs = [
        Verb("stay", "先不存"),
        Verb("again", "关掉了，再存一次"),
        Verb("other", f"存成「{other.name}」", Kind.FILLED),
    ]
    answered = partial(_answered, {"again": target, "other": other}, write)
    context.dialogs.ask(f"「{target.name}」没有写成", [error.what, error.safe, error.todo], verbs, answered)


def _answered(targets: dict[str, Path], write: Write, verb: str) -> None:
    if verb in targets:
        write(targets[verb])
