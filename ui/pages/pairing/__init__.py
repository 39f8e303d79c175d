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


def _hand_over(context: Context) -> Page:
    from ui.pages.pairing.handover_page import HandOverPage

    return HandOverPage(context)


def _help_plan(context: Context) -> Page:
    from ui.pages.pairing.plan_page import HelpPlanPage

    return HelpPlanPage(context)


def _example(store: Store) -> dict[str, Any]:
    """The supporter with the most children, for pictures of the pages about one."""
    from app.pairing.queries import supporters

    people = supporters(store, store.clock.today())
    return {"key": max(people, key=lambda one: one.children).key} if people else {}


def _planned(store: Store) -> dict[str, Any]:
    """A child with a help plan, else any on the ledger."""
    from app.pairing.plans import plan_progress
    from app.school.queries import school_calendar

    today = store.clock.today()
    having = plan_progress(store, school_calendar(store).term_in_force(today).uuid, today)
    return {"uuid": max(having, key=lambda uuid: having[uuid])} if having else {}


SPECS = (
    PageSpec("pairing", "结对", "handshake", _pairing),
    PageSpec("supporter", "帮扶人", "handshake", _supporter, parent="pairing", example=_example),
    PageSpec("supporter_handover", "办交接", "handshake", _hand_over, parent="pairing", example=_example),
    PageSpec("help_plan", "帮扶计划", "handshake", _help_plan, parent="pairing", example=_planned),
)
