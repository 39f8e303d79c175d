"""What a service of the diary hands back."""

from collections.abc import Iterable

from app.core.changes import Changes
from app.storage.action import Action

AREAS = frozenset({"diary", "todo"})


def diary_changes(action: Action, children: Iterable[str]) -> Changes:
    """Return the changes of ``action``: the rows written, and the children whose diary it is."""
    changes = action.changes(AREAS)
    if not changes:
        return changes
    return Changes(changes.action_uuid, changes.words, changes.areas, changes.uuids | frozenset(children))
