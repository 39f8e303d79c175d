"""What holds for calls until the school says otherwise (domain.md §6). Data, no rule."""

from app.calls.people import CallRule

SHIPPED_RULE = CallRule("call", 1, "month", "每月亲情电话一次")
"""In force while no cadence of the school's is about calls: a call in every month (RP, BT). A school that has a line and
no rules of its own is asked for it on 今日 too (``todo.cadences.shipped_here``)."""
SLOT_MINUTES = 10
"""How long a slot is to begin with; one school report has under three minutes, the longest seen is thirty."""
