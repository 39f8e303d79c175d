"""What is to be written for the demo school, gathered first and then written table by table."""

from collections.abc import Mapping
from typing import Any

from app.children.tables import Child, Person
from app.storage.action import Action
from app.storage.base import Row, RowKey
from app.tasks.demo.invent import Invent

Values = dict[str, Any]


class Plan:
    """Rows to write. Children and persons are named by their place in the lists until they have keys."""

    def __init__(self, invent: Invent) -> None:
        self.invent = invent
        self.persons: list[Values] = []
        self.children: list[Values] = []
        self.names: set[str] = set()
        self.facts: dict[type[Row], list[Values]] = {}

    def person(self, **values: Any) -> int:
        """Plan a grown-up and return their place."""
        self.persons.append({"uuid": self.invent.uuid(), **values})
        return len(self.persons) - 1

    def child(self, **values: Any) -> int:
        """Plan a child and return its place."""
        self.names.add(values["name"])
        self.children.append({"uuid": self.invent.uuid(), **values})
        return len(self.children) - 1

    def fact(self, model: type[Row], **values: Any) -> Values:
        """Plan a row that hangs on a ``child`` and/or a ``person``, both given as places."""
        row = {"uuid": self.invent.uuid(), **values}
        self.facts.setdefault(model, []).append(row)
        return row

    def write(self, action: Action, classes: Mapping[int, int]) -> None:
        """Write everything; ``classes`` gives the key of a ``school_class`` named by its place."""
        persons = action.insert_many(Person, self.persons)
        children = action.insert_many(Child, self.children)
        for model, rows in self.facts.items():
            action.insert_many(model, (_keyed(row, persons, children, classes) for row in rows))


def _keyed(
    row: Values, persons: list[RowKey], children: list[RowKey], classes: Mapping[int, int]
) -> Mapping[str, object]:
    keyed = dict(row)
    for name in ("person", "spouse"):
        if keyed.get(name) is not None:
            keyed[name] = int(persons[keyed[name]])
    if "child" in keyed:
        keyed["child"] = int(children[keyed["child"]])
    if "school_class" in keyed:
        keyed["school_class"] = classes[keyed["school_class"]]
    return keyed
