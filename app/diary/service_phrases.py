"""Keeping her own phrases."""

from app.children.identity import tidy_text
from app.core.changes import Changes
from app.core.messages import refuse
from app.diary.phrases import PhraseFacts, phrases
from app.diary.tables import Phrase
from app.storage.service import service
from app.storage.store import Store

_AREAS = frozenset({"diary"})


@service
def add_phrase(store: Store, *, field: str, content: str, by: str | None = None) -> Changes:
    """Keep a phrase for a field, after those there are; one that is there already is not kept twice."""
    text = tidy_text(content)
    if text is None:
        raise refuse("phrase.blank")
    known = phrases(store, field)
    with store.action("加了一条常用语", kind="phrase.add", by=by) as action:
        if all(one.content != text for one in known):
            action.insert(Phrase, field=field, content=text, position=len(known))
        return action.changes(_AREAS)


@service
def change_phrase(store: Store, *, uuid: str, content: str, by: str | None = None) -> Changes:
    """Write a phrase anew. UserError ``phrase.blank``, ``phrase.unknown``."""
    text = tidy_text(content)
    if text is None:
        raise refuse("phrase.blank")
    one = _find(store, uuid)
    with store.action("改了一条常用语", kind="phrase.change", by=by) as action:
        action.update(Phrase, one.uuid, content=text)
        return action.changes(_AREAS)


@service
def remove_phrase(store: Store, *, uuid: str, by: str | None = None) -> Changes:
    """Take a phrase out."""
    one = _find(store, uuid)
    with store.action("删了一条常用语", kind="phrase.remove", by=by) as action:
        action.soft_delete(Phrase, one.uuid)
        return action.changes(_AREAS)


@service
def move_phrase(store: Store, *, uuid: str, position: int, by: str | None = None) -> Changes:
    """Put a phrase at a place among those of its field, counted from 0."""
    one = _find(store, uuid)
    others = [other for other in phrases(store, one.field) if other.uuid != uuid]
    place = max(0, min(position, len(others)))
    with store.action("常用语换了顺序", kind="phrase.move", by=by) as action:
        for number, other in enumerate([*others[:place], one, *others[place:]]):
            action.update(Phrase, other.uuid, position=number)
        return action.changes(_AREAS)


def _find(store: Store, uuid: str) -> PhraseFacts:
    found = next((one for one in phrases(store) if one.uuid == uuid), None)
    if found is None:
        raise refuse("phrase.unknown")
    return found
