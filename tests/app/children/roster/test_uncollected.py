"""Making very many records without the collector: it is as it was afterwards, and what was made is not looked through."""

import gc

import pytest

from app.children.roster.uncollected import uncollected


@pytest.fixture
def collector():
    """Let the collector be on, with nothing laid aside, whatever the run has made of it."""
    was_on, frozen = gc.isenabled(), gc.get_freeze_count()
    gc.unfreeze()
    gc.enable()
    yield
    gc.unfreeze()
    if frozen:
        gc.freeze()
    if not was_on:
        gc.disable()


def test_what_was_made_counts_as_old(collector):
    with uncollected():
        assert not gc.isenabled()
        made = [[number] for number in range(50_000)]
    assert gc.isenabled()
    assert gc.get_freeze_count() == 0
    # Nothing of it waits to be looked through with what comes next; it is among the old ones.
    young = gc.get_objects(generation=0) + gc.get_objects(generation=1)
    assert not {id(one) for one in made} & {id(one) for one in young}
    assert gc.is_tracked(made)


def test_what_was_laid_aside_before_stays_so(collector):
    kept = [[1]]
    gc.freeze()
    before = gc.get_freeze_count()
    with uncollected():
        pass
    assert gc.isenabled()
    assert kept
    assert gc.get_freeze_count() >= before - 100


def test_a_collector_that_was_off_stays_off(collector):
    gc.disable()
    with uncollected():
        pass
    assert not gc.isenabled()
