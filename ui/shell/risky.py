"""A write that changes much at once, from the window: a backup first, and a question when there can be none."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from app.core.errors import Cancelled, ShouwangError
from app.tasks.risky import after_backup
from ui.context import Context
from ui.jobs import Job, OnError
from ui.widgets.dialog import Verb

NOT_BACKED_UP = "backup.not_made_before"
STAY, AGAIN, ANYWAY = "stay", "again", "anyway"


def write_after_backup(
    context: Context,
    doing: str,
    act: Callable[..., Any],
    *,
    on_error: OnError | None = None,
    anyway: bool = False,
    **values: Any,
) -> Job:
    """`context.write(act, …)` after a verified backup; `doing` says what it is (确认毕业).

    When the backup cannot be made she is asked: leave it, back up once more, or go on without. Leaving it ends in
    `on_error` as what was cancelled does: nothing is said twice.
    """
    tell = on_error or context.errors.show
    again = partial(write_after_backup, context, doing, act, on_error=on_error, **values)

    def failed(error: BaseException) -> None:
        if isinstance(error, ShouwangError) and error.key == NOT_BACKED_UP:
            ask_without_backup(context, error, again, partial(tell, Cancelled()))
        else:
            tell(error)

    return context.write(
        after_backup,
        act=act,
        doing=doing,
        folder=context.backup_folder,
        anyway=anyway,
        on_error=failed,
        **values,
    )


def ask_without_backup(
    context: Context,
    error: ShouwangError,
    again: Callable[..., Any],
    let_be: Callable[[], object] | None = None,
) -> None:
    """Say why there is no backup and ask what to do; `again(anyway=…)` is the same act once more, `let_be()` none."""

    def answered(key: str) -> None:
        if key != STAY:
            again(anyway=key == ANYWAY)
        elif let_be is not None:
            let_be()

    context.dialogs.ask(
        error.what,
        [error.safe, error.todo],
        [Verb(STAY, "先不做"), Verb(AGAIN, "再备份一次"), Verb(ANYWAY, "不备份，照做")],
        answered,
    )
