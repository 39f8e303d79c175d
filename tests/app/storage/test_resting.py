"""What is given back while nothing is wanted of the ledger."""

from __future__ import annotations

import sys

import pytest

from app.storage.resting import _trim, rest


def test_the_ledger_reads_on_after_a_rest(store):
    before = store.rows("SELECT * FROM meta ORDER BY key")
    rest(store)
    rest(store)
    assert store.rows("SELECT * FROM meta ORDER BY key") == before


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only glibc keeps what was freed")
def test_the_c_library_is_asked_where_it_keeps_what_was_freed():
    assert _trim() is not None
