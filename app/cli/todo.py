"""The command that says what is due, for whom and why."""

from argparse import Namespace
from typing import Final

from app.cli.answers import Answer
from app.core.clock import Clock

_WORDS: Final = {"overdue": "已过期", "this_week": "本周", "next_week": "下周", "this_month": "本月返乡"}


def todo(args: Namespace, clock: Clock) -> Answer:
    """List what is due on a day: overdue, this week, next week, and who is due home later this month."""
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
    notes = [] if args.json else [f"{found.as_of.isoformat()}：{counted}。"]
    if args.as_of is None and found.as_of != clock.today():
        notes.append(
            f"电脑今天是 {clock.today().isoformat()}，比台账最后一次保存的 {found.as_of.isoformat()} 早，"
            f"到期按 {found.as_of.isoformat()} 算。请核对电脑的日期。"
        )
    return Answer(plain, lines=lines, notes=notes)
