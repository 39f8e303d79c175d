"""The command that says what is due, for whom and why."""

from argparse import Namespace
from typing import Final

from app.cli.answers import Answer
from app.core.clock import Clock

_WORDS: Final = {"overdue": "已过期", "this_week": "本周", "next_week": "下周"}


def todo(args: Namespace, clock: Clock) -> Answer:
    """List what is due on a day: overdue, this week, next week."""
    from app.storage.store import Store
    from app.tasks.todo import as_plain, everything_due

    with Store.open(args.db, clock=clock, read_only=True) as store:
        found = everything_due(store, args.as_of)
    lines = [
        "\t".join(
            part
            for part in (
                _WORDS[item.state.value],
                item.due.isoformat(),
                item.child_name,
                item.class_words,
                item.supporter,
                item.why,
            )
            if part
        )
        for item in found.items
    ]
    plain = [as_plain(item) for item in found.items]
    counted = "，".join(
        f"{words} {sum(item.state.value == state for item in found.items)} 项"
        for state, words in _WORDS.items()
    )
    return Answer(plain, lines=lines, notes=() if args.json else (f"{found.as_of.isoformat()}：{counted}。",))
