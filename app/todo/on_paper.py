"""A printed form that is out stands in the line of what it was printed for: a visit to be done is one thing, not two.

Only when nothing it could bring back is to be done now (its record was written without it, the event was withdrawn) is
the missing paper something to do by itself.
"""

from collections.abc import Iterable
from operator import attrgetter

from app.todo.rules import PRESENT, Due, DueKind

ASKED_OF_PAPER = frozenset({DueKind.CADENCE, DueKind.EVENT, DueKind.FOLLOW_UP, DueKind.CARER_CHANGED})
"""What a form is printed for."""
SETTLED_BY_NAME = frozenset({DueKind.EVENT, DueKind.FOLLOW_UP})
"""What only a record closes that names it."""


def with_forms(items: Iterable[Due]) -> list[Due]:
    """Return the items in their order, those whose form is out with its code (``Due.form``) and without the form's own.

    A form is of a child and a kind of record: what such a record would settle now waits for it; for the one that is out
    longest, when two are (two files became one). An event or a follow-up is settled by what names it: it waits for the
    form that was printed for it, or for one of which nobody knows what for. Each item needs the forms of its child
    beside it.
    """
    found = list(items)
    out: dict[tuple[str, str], Due] = {}
    of_unknown: dict[tuple[str, str], Due] = {}
    asked: dict[str, Due] = {}
    forms = [item for item in found if item.kind is DueKind.PAPER_FORM]
    for form in sorted(forms, key=attrgetter("due", "form")):
        key = (form.child_uuid, form.activity)
        out.setdefault(key, form)
        if form.asked_uuid:
            asked.setdefault(form.asked_uuid, form)
        else:
            of_unknown.setdefault(key, form)
    if not out:
        return found
    waited_for: set[str] = set()
    for place, item in enumerate(found):
        if item.kind in ASKED_OF_PAPER and item.state in PRESENT:
            key = (item.child_uuid, item.activity)
            own = asked.get(item.subject_uuid) or of_unknown.get(key)
            paper = own if item.kind in SETTLED_BY_NAME else out.get(key)
            if paper is not None:
                found[place] = item._replace(form=paper.form)
                waited_for.add(paper.subject_uuid)
    return [
        item for item in found if item.kind is not DueKind.PAPER_FORM or item.subject_uuid not in waited_for
    ]
