"""Holding the garbage collector back while very many small objects are made."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Let the block make its objects without the cyclic collector looking through all of them again and again.

    A roster becomes hundreds of thousands of small records without a cycle among them; looking for cycles took
    half of the time of an import. Memory is freed by reference counting as ever.

    What the block has made counts as old when it ends, as what has been looked through does: else the next record
    made would have all of them looked through at once. Where somebody has laid objects aside himself, they stay so.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            if not gc.get_freeze_count():
                gc.freeze()
                gc.unfreeze()
            gc.enable()
