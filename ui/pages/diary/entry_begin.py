"""What the form of a record is opened with, and whom she goes on with after it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct, field

from app.diary.codes import Activity
from app.todo.rules import Due
from app.todo.settling import begun_with


class Begin(Struct, frozen=True):
    """What the form is opened with; `RecordPage.open_with` says what each means."""

    children: tuple[str, ...] = ()
    kind: Activity = Activity.TALK
    record: str = ""
    happened_on: str = ""
    supporter: str = ""
    why: str = ""
    events: tuple[str, ...] = ()
    promises: tuple[str, ...] = ()
    follows: str = ""
    paper: str = ""
    among: tuple[str, ...] = ()
    items: Mapping[str, Due] = field(default_factory=dict)

    @property
    def following(self) -> str:
        """The child after this one in the list she came from; "" when this is the last one, or none."""
        if self.record or len(self.children) != 1 or self.children[0] not in self.among:
            return ""
        place = self.among.index(self.children[0]) + 1
        return self.among[place] if place < len(self.among) else ""

    def of_following(self) -> dict[str, Any]:
        """What the form of the child after this one is opened with: its own due item where she came from such a list."""
        item = self.items.get(self.following)
        usual = {"child": self.following, "kind": self.kind.value, "supporter": self.supporter}
        return {**(begun_with(item) if item else usual), "among": self.items or self.among}

    @classmethod
    def of(cls, params: Mapping[str, Any]) -> Begin:
        """Read what another page, or a draft, hands over."""
        among = params.get("among") or ()
        return cls(
            children=_listed(params.get("children")) or _listed(params.get("child")),
            kind=Activity(params["kind"]) if params.get("kind") else Activity.TALK,
            record=params.get("uuid") or "",
            happened_on=params.get("happened_on") or "",
            supporter=params.get("supporter") or "",
            why=params.get("why") or "",
            events=_listed(params.get("event")),
            promises=_listed(params.get("promise")),
            follows=params.get("follows") or "",
            paper=params.get("paper") or "",
            among=_listed(among),
            items=among if isinstance(among, Mapping) else {},
        )


def _listed(value: Any) -> tuple[str, ...]:
    """A uuid, several, or several in one text (as a draft keeps them)."""
    if not value:
        return ()
    return tuple(part for part in value.split(",") if part) if isinstance(value, str) else tuple(value)
