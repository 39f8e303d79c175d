"""What a service of the children's room hands back."""

from collections.abc import Iterable

from app.children.finding import children_around
from app.core.changes import Changes
from app.school.queries import all_classes
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
    """Return a child's name for the words of an action; "" when there is no such child.

    When another child on file has the same name it is told apart: what was done to one must not be taken back, or
    looked for, on the other (reliability.md R38).
    """
    row = store.one("SELECT id, name FROM child WHERE uuid = ?", (uuid,))
    if row is None:
        return ""
    shared = store.one(
        "SELECT 1 FROM child WHERE name = ? AND id <> ? AND deleted_at IS NULL LIMIT 1", (row[1], row[0])
    )
    return str(row[1]) if shared is None else named_apart(store, row[0])


def named_apart(store: Store, child_id: int) -> str:
    """Return a child as it is named where its name alone may not do: 张伟（三（2）班，2015-03）."""
    row = store.one(
        "SELECT c.name, c.birth_date, e.school_class_id FROM child c LEFT JOIN enrolment e"
        " ON e.child_id = c.id AND e.valid_to IS NULL AND e.deleted_at IS NULL WHERE c.id = ?",
        (child_id,),
    )
    if row is None:
        return ""
    name, birth, class_id = row
    classes = {cls.id: cls.name for cls in all_classes(store, store.clock.today())}
    known = [words for words in (classes.get(class_id), (birth or "")[:7]) if words]
    return f"{name}（{'，'.join(known)}）" if known else str(name)
