"""What the record that settles a due item begins with: whom, what, why, by whom, and what it will close."""

from collections.abc import Mapping
from typing import Final

from app.todo.rules import Due, DueKind

_SUBJECTS: Final[Mapping[DueKind, str]] = {
    DueKind.EVENT: "event",
    DueKind.PROMISE: "promise",
    DueKind.FOLLOW_UP: "follows",
}


def begun_with(item: Due) -> dict[str, str]:
    """Return ``child``, ``why`` and, where they are known, ``kind`` (code), ``supporter``, ``event``, ``promise`` or
    ``follows`` (uuids) and ``paper`` (code of the printed form that is out: the record is what it was to bring back).
    """
    known = {
        "child": item.child_uuid,
        "why": item.why,
        "kind": item.activity,
        "supporter": item.supporter_uuid,
        _SUBJECTS.get(item.kind, ""): item.subject_uuid,
        "paper": item.form,
    }
    return {name: value for name, value in known.items() if name and value}
