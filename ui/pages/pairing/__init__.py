"""Who looks after whom: whoever has nobody, what each supporter carries and has really done, hand-over, help plans."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ui.context import Context
from ui.shell.page import Page, PageSpec

if TYPE_CHECKING:
    from app.storage.store import Store


def _pairing(context: Context) -> Page:
    from ui.pages.pairing.page import PairingPage

    return PairingPage(context)


def _supporter(context: Context) -> Page:
    from ui.pages.pairing.supporter_page import SupporterPage

    return SupporterPage(context)


def _example(store: Store) -> dict[str, Any]:
    """The supporter with the most children, for pictures of the pages about one."""
    from app.pairing.queries import supporters

    people = supporters(store, store.clock.today())
    return {"key": max(people, key=lambda one: one.children).key} if people else {}


SPECS = (
    PageSpec("pairing", "结对", "handshake", _pairing),
    PageSpec("supporter", "帮扶人", "handshake", _supporter, parent="pairing", example=_example),
)
