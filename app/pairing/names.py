"""Who looks after each child, by name only: what a list or a workbook shows beside it. No pair is made of it."""

from collections.abc import Mapping
from datetime import date

from app.core.dates import in_force
from app.pairing.codes import PairingKind
from app.pairing.facts import ADULT_KINDS
from app.storage.store import Store

_PLACE = {kind.value: place for place, kind in enumerate(PairingKind)}
_OPEN = (
    "SELECT c.uuid, p.kind, coalesce(t.name, s.name), p.valid_from, p.valid_to,"
    " CASE WHEN s.staff_id IS NULL THEN s.left_on ELSE t.left_on END"
    " FROM pairing p JOIN child c ON c.id = p.child_id AND c.deleted_at IS NULL"
    " JOIN supporter s ON s.id = p.supporter_id LEFT JOIN staff t ON t.id = s.staff_id"
    " WHERE p.deleted_at IS NULL AND (p.valid_from IS NULL OR p.valid_from <= ?1)"
    " AND (p.valid_to IS NULL OR p.valid_to > ?1 OR length(p.valid_to) < 10)"
)


def supporter_names(store: Store, on: date) -> Mapping[str, tuple[str, ...]]:
    """Return the names of the grown-ups who look after each child on a day, by child uuid.

    By kind, then by name, each once; study buddies and supporters who have left are not among them, a child with
    nobody is not in it.
    """
    wanted = {kind.value for kind in ADULT_KINDS}
    day = on.isoformat()
    found: dict[str, list[tuple[int, str]]] = {}
    for child, kind, name, start, end, left_on in store.rows(_OPEN, (day,)):
        if kind not in wanted or not (_holds(start, end, on, day) and _holds(None, left_on, on, day)):
            continue
        found.setdefault(child, []).append((_PLACE[kind], name))
    return {child: tuple(dict.fromkeys(name for _, name in sorted(names))) for child, names in found.items()}


def _holds(start: str | None, end: str | None, on: date, day: str) -> bool:
    """Tell whether a period is, or may be, in force; whole days compare as text, thousands of them at once."""
    if (start is None or len(start) == len(day)) and (end is None or len(end) == len(day)):
        return (start is None or start <= day) and (end is None or end > day)
    return in_force(start, end, on) is not False
