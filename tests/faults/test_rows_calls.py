"""R01 in affection calls: the power goes while a plan of some weeks is written, and while a session is logged."""

from __future__ import annotations

import pytest

from tests.faults.kit.invariants import look_again
from tests.faults.test_rows_saving import FEW, cut_everywhere


@pytest.mark.slow
def test_r01_power_cut_while_calls_are_planned_and_logged(row, worlds):
    """The plan is there whole or not at all, so is the session; done again, each call is there once."""
    before = [uuid for uuid, _, _ in worlds().run("look").result["actions"]]
    untouched = worlds()
    untouched.run("plan_calls")
    whole = untouched.run("look_at_calls").result
    if not whole["planned"] or whole["planned"] != whole["slots"] or whole["changes"]:
        row.broken(f"the plan that nothing disturbs is none: {whole}")

    def after(world, done, where):
        look_again(row, world, where, acked=[*before, *done.acked])
        cut = world.run("look_at_calls").result
        again = world.run("plan_calls")
        if again.fault or again.bug:
            row.wrong(f"{where}: the work could not be done again: {again.fault or again.bug}")
        if cut["planned"] not in (0, whole["planned"]) or cut["logged"] not in (0, whole["logged"]):
            row.broken(f"{where}: half a plan or half a session is there: {cut}")
        found = world.run("look_at_calls").result
        if found != whole:
            row.lost(f"{where}: done again it is not each call once: {found}")

    cut_everywhere(row, worlds, "plan_calls", most=FEW and FEW // 2, after=after)
