"""R01, R02, R03, R06, R11: the power goes, or the disk fails, while something is being saved."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.faults.conftest import DEEP
from tests.faults.kit.actor import CUTS, Inject, every
from tests.faults.kit.invariants import look_again

# Of the hundreds of page writes of one commit so many; every sync, rename and unlink comes in any case.
PAGES = None if DEEP else 24


def operations(outcome) -> dict[str, int]:
    """Count the calls of a run that was only watched."""
    assert not outcome.bug, outcome.bug
    assert outcome.fault is None, outcome.message
    return dict(Counter(one.call for one in outcome.traced))


@pytest.mark.slow
def test_r01_power_cut_during_a_save(row, worlds):
    world = worlds()
    before = [uuid for uuid, _, _ in world.run("look").result["actions"]]
    counts = operations(worlds().run("sitting", saves=1, leave=False, trace=CUTS))
    for call, n in every(counts, most=PAGES):
        where = f"killed at {call} {n}"
        world = worlds()
        done = world.run("sitting", saves=1, leave=False, inject=Inject(call, n))
        row.round(injected=done.injected, acked=len(done.acked), seconds=done.seconds)
        if done.killed != (n <= counts[call]) or done.bug or done.fault:
            row.broken(f"{where}: killed {done.killed}, {done.fault or done.bug}")
        look_again(row, world, where, acked=[*before, *done.acked])
