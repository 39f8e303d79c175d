"""A key that was derived once is known: 7-Zip makes half a million rounds for each, a quarter of a second every time."""

from __future__ import annotations

from functools import cache

from py7zr import compressor


def remember_keys() -> None:
    """Let py7zr derive each key once in this process and its forks; the cost for who guesses is not what tests try."""
    if not hasattr(compressor.calculate_key, "cache_info"):
        compressor.calculate_key = cache(compressor.calculate_key)
