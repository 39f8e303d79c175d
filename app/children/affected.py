"""What a service of the children's room hands back."""

from collections.abc import Iterable

from app.children.finding import children_around
from app.core.changes import Changes
from app.storage.action import Action
from app.storage.store import Store

AREAS = frozenset({"children"})


def changes_of(
    store: Store, action: Action, *, children: Iterable[str] = (), people: Iterable[int] = ()
) -> Changes:
    """Return the changes of ``action``: the rows written, and all children whose files look different now.

    ``people`` are the keys of grown-ups whose facts were written: the children around them are named too.
    """
    changes = action.changes(AREAS)
    if not changes:
        return changes
    around = children_around(store, people)
    return Changes(
        changes.action_uuid, changes.words, changes.areas, changes.uuids | around | frozenset(children)
    )


def name_of_child(store: Store, uuid: str) -> str:
    """Return a child's name for the words of an action; "" when there is no such child."""
    row = store.one("SELECT name FROM child WHERE uuid = ?", (uuid,))
    return "" if row is None else str(row[0])
