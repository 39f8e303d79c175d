"""Holding the garbage collector back while very many small objects are made."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Let the block make its objects without the cyclic collector looking through all of them again and again.

    A roster becomes hundreds of thousands of small records without a cycle among them; looking for cycles took
    half of the time of an import. Memory is freed by reference counting as ever.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
