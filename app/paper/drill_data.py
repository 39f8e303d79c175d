"""What the record of a drill (恢复演习) says; no reportlab here, so that looking at a drill does not wait for it."""

from collections.abc import Sequence

from msgspec import Struct


class ProofLine(Struct, frozen=True, kw_only=True):
    """One thing that was checked, what was found, and whether it is as it must be."""

    what: str
    found: str
    ok: bool


class DrillProof(Struct, frozen=True, kw_only=True):
    """What the page says; every text is ready in Chinese, "" where nothing is known."""

    school: str
    term: str
    held_on: str
    who: str
    backup: str
    holds: str
    lines: Sequence[ProofLine]
    conclusion: str
