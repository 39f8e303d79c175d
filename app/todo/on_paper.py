"""A printed form that is out stands in the line of what it was printed for: a visit to be done is one thing, not two.

Only when nothing it could bring back is to be done now (its record was written without it, the event was withdrawn) is
the missing paper something to do by itself.
"""

from collections.abc import Iterable
from operator import attrgetter

from app.todo.rules import PRESENT, Due, DueKind

ASKED_OF_PAPER = frozenset({DueKind.CADENCE, DueKind.EVENT, DueKind.FOLLOW_UP, DueKind.CARER_CHANGED})
"""What a form is printed for."""


def with_forms(items: Iterable[Due]) -> list[Due]:
    """Return the items in their order, those whose form is out with its code (``Due.form``) and without the form's own.

    A form is of a child and a kind of record: everything that such a record would settle now waits for it; for the one
    that is out longest, when two are (two files became one). Each item needs the forms of its child beside it.
    """
    found = list(items)
    out: dict[tuple[str, str], Due] = {}
    forms = [item for item in found if item.kind is DueKind.PAPER_FORM]
    for item in sorted(forms, key=attrgetter("due", "form")):
        out.setdefault((item.child_uuid, item.activity), item)
    if not out:
        return found
    waited_for: set[str] = set()
    for place, item in enumerate(found):
        if item.kind in ASKED_OF_PAPER and item.state in PRESENT:
            form = out.get((item.child_uuid, item.activity))
            if form is not None:
                found[place] = item._replace(form=form.form)
                waited_for.add(form.subject_uuid)
    return [
        item for item in found if item.kind is not DueKind.PAPER_FORM or item.subject_uuid not in waited_for
    ]
