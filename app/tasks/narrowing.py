"""Whose lists are wanted: everybody's, those of a class, or of the children that somebody looks after."""

from datetime import date

from msgspec import Struct

from app.core.messages import refuse
from app.pairing.pair_reading import pairs
from app.pairing.people import supporter, supporters
from app.pairing.roll import read_roll
from app.school.queries import all_classes, find_class
from app.storage.store import Store


class Narrowing(Struct, frozen=True):
    """Whom the lists of a day are narrowed to; ``children`` None = nobody is left out.

    ``words`` stand on the list: 三（1）班，李国平; "" for everybody.
    """

    children: frozenset[str] | None = None
    key: str = ""
    class_uuid: str | None = None
    class_name: str = ""
    words: str = ""
    is_one_child: bool = False

    @property
    def has_figures(self) -> bool:
        """Tell whether figures of classes go with it: they are nobody's alone, neither a supporter's nor a child's."""
        return not self.key and not self.is_one_child

    def takes(self, child_uuid: str) -> bool:
        """Tell whether a child is one of them."""
        return self.children is None or child_uuid in self.children


def narrowing(
    store: Store,
    day: date,
    *,
    class_uuid: str | None = None,
    supporter_uuid: str | None = None,
    child_uuid: str | None = None,
) -> Narrowing:
    """Return who is meant on a day: in the class then, looked after by the supporter then, one child.

    UserError ``pairing.no_such_supporter``, ``row.unknown`` for a class that is not there.
    """
    if class_uuid is None and supporter_uuid is None and child_uuid is None:
        return Narrowing()
    meant: set[str] | None = None if child_uuid is None else {child_uuid}
    class_name = key = ""
    words = []
    if class_uuid is not None:
        found = next((one for one in all_classes(store, day) if one.uuid == class_uuid), None)
        if found is None:
            raise refuse("row.unknown")
        class_name = found.name
        words.append(class_name)
        own = {child.uuid for child in read_roll(store, day).values() if child.class_id == found.id}
        meant = own if meant is None else meant & own
    if supporter_uuid is not None:
        who = supporter(store, supporter_uuid, day)
        key = who.key
        words.append(who.name)
        own = {pair.child_uuid for pair in pairs(store, day) if pair.key == who.key}
        meant = own if meant is None else meant & own
    return Narrowing(
        frozenset(meant or ()), key, class_uuid, class_name, "，".join(words), child_uuid is not None
    )


def class_named(store: Store, name: str, day: date) -> str:
    """Return the uuid of a class by its name or its cohort's. UserError ``school.no_such_class``."""
    return find_class(store, name, day).uuid


def supporter_named(store: Store, name: str, day: date) -> str:
    """Return the uuid of whoever looks after children under a name, those who have left among them.

    UserError ``register.no_such_supporter``, ``register.several_supporters`` for two of one name.
    """
    found = [one for one in supporters(store, day, gone=True) if one.uuid and name.strip() == one.name]
    if not found:
        raise refuse("register.no_such_supporter", name=name)
    if len(found) > 1:
        raise refuse("register.several_supporters", name=name, count=len(found))
    return found[0].uuid
