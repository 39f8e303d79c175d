"""Everything that is due on a day, what the children's files lack among it: for the command line and for papers."""

from datetime import date

from app.children.day_reader import no_collecting
from app.children.queries import ledger_parts
from app.school.limits import Limit, limit
from app.storage.store import Store
from app.todo.file_due import file_items
from app.todo.queries import DueList, due_day, due_items
from app.todo.roll import read_roll
from app.todo.rules import Due


def everything_due(store: Store, as_of: date | None = None) -> DueList:
    """Return ``due_items`` and what the files of the children ask for, oldest first. Reads every child's facts."""
    day = as_of or due_day(store)
    found = due_items(store, day)
    roll = {child.uuid: child for child in read_roll(store, day).children.values()}
    phone_days = limit(store, Limit.PHONE_CONFIRM_DAYS, day)
    more: list[Due] = []
    with no_collecting():
        for part in ledger_parts(store, day, only_registered=True):
            for facts in part:
                if facts.uuid in roll:
                    more.extend(file_items(facts, roll[facts.uuid], phone_days))
    more.sort(key=_place)
    return DueList(found.as_of, tuple(sorted((*found.items, *more), key=_day)))


def as_plain(item: Due) -> dict[str, object]:
    """Return one item as it goes out in JSON."""
    return {
        "child": item.child_uuid or None,
        "name": item.child_name or None,
        "class": item.class_words or None,
        "kind": item.kind.value,
        "activity": item.activity or None,
        "rule": item.rule,
        "fact": item.fact,
        "due": item.due.isoformat(),
        "state": item.state.value,
        "responsible": item.supporter or None,
        "form": item.form or None,
    }


def _place(item: Due) -> tuple[str, str, str]:
    return (item.class_words, item.child_name, item.kind)


def _day(item: Due) -> date:
    return item.due
