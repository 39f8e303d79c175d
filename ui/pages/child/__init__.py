"""The file of one child: one calm page in the order of the paper form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ui.context import Context
from ui.shell.page import Page, PageSpec

if TYPE_CHECKING:
    from app.storage.store import Store


def _child(context: Context) -> Page:
    from ui.pages.child.page import ChildPage

    return ChildPage(context)


def _example(store: Store) -> dict[str, Any]:
    """The child with the longest name among those on the ledger, for pictures of the page."""
    from app.children.queries import load_facts

    children = load_facts(store, store.clock.today(), only_registered=True)
    if not children:
        return {}
    longest = max(children, key=lambda child: len(child.name))
    return {"uuid": longest.uuid, "among": tuple(child.uuid for child in children)}


SPECS = (PageSpec("child", "儿童档案", "book_open", _child, parent="ledger", example=_example),)
