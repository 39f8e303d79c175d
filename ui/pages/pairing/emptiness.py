"""What the pairing page says before there is anybody to pair."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from ui.context import Context
from ui.pages.pairing.loading import Loaded
from ui.widgets import EmptyState, Way


def say_what_lacks(
    empty: EmptyState, context: Context, loaded: Loaded, add_outsider: Callable[[], object]
) -> bool:
    """Tell whether there is nothing to show yet, and say in ``empty`` what has to come first."""
    open_page = context.navigation.open_page
    if not loaded.summary.children:
        empty.set_words(
            "台账还是空的",
            "先把孩子登记进来，再给他们结对。",
            link="去台账",
            on_link=partial(open_page, "ledger"),
        )
        return True
    if loaded.supporters or loaded.counts.get("all"):
        return False
    staff = partial(open_page, "settings", section="staff")
    words = "在设置里登记教职工，登记以后都能当帮扶人。"
    outside = "村干部、退休教师、志愿者、妇联等代理家长。"
    ways = [
        Way("people", "本校的教师", words, "登记教职工", staff, filled=True),
        Way("person_add", "校外的人", outside, "加一位校外帮扶人", add_outsider),
    ]
    empty.set_words("还没有可以结对的人", "登记了帮扶人，才能排结对。", ways=ways)
    return True
