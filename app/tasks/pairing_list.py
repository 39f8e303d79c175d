"""Who looks after whom as one list, and a suggestion for those who have nobody, accepted at once when it is wanted."""

from dataclasses import dataclass
from datetime import date

from app.core.changes import Changes
from app.core.progress import Progress, no_progress
from app.pairing.codes import PairingKind
from app.pairing.facts import PairFacts
from app.pairing.queries import pairs, unpaired
from app.pairing.service_pairs import accept
from app.pairing.suggest import Proposal, Suggestion, read_situation, suggest
from app.storage.store import Store

UNTOLD_REASON = "按建议结对时还没有登记从业查询"
"""What is kept with a pair accepted on the command line without a reason of her own."""


@dataclass(frozen=True, slots=True)
class PairLine:
    """One pair of the list. ``uuid`` is "" for a suggested one that is not written."""

    uuid: str
    child_uuid: str
    child: str
    class_name: str
    key: str
    supporter: str
    kind: PairingKind
    since: str | None
    existing: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PairList:
    """All pairs of a day, who has nobody (uuid, name, why), the rules in the way, and pairs per supporter."""

    lines: tuple[PairLine, ...]
    unpaired: tuple[tuple[str, str, str], ...]
    why: tuple[str, ...]
    load: dict[str, int]
    words: str
    unchecked: int = 0
    changes: Changes | None = None


def pair_list(store: Store, on: date) -> PairList:
    """Return every pair in force of children on the ledger, of all kinds; nothing is suggested."""
    lines = tuple(_existing(pair) for pair in pairs(store, on) if pair.on_ledger)
    waiting = tuple((child.uuid, child.name, child.why) for child in unpaired(store, on))
    words = f"{len(lines)} 对，{len(waiting)} 名儿童没有帮扶人。"
    return PairList(lines, waiting, (), _loads(lines), words)


def suggested_list(
    store: Store,
    on: date,
    *,
    kind: PairingKind = PairingKind.SUPPORT_TEACHER,
    per_teacher: int | None = None,
    write: bool = False,
    unchecked_reason: str | None = None,
    by: str | None = None,
    progress: Progress = no_progress,
) -> PairList:
    """Return the pairs of one kind together with those suggested for everybody who has none of it.

    ``write`` accepts the whole suggestion as one action with one undo; ``unchecked_reason`` is kept with pairs made
    without a valid 从业查询. Existing pairs are never moved; one whose supporter has left is replaced.
    """
    made = suggest(read_situation(store, on, kind, per_teacher=per_teacher), progress=progress)
    replaced = {line.replaces for line in made.proposals if line.replaces}
    before = [pair for pair in pairs(store, on, (kind,)) if pair.on_ledger and pair.uuid not in replaced]
    changes = None
    if write and made.proposals:
        reason = unchecked_reason or UNTOLD_REASON
        changes = accept(
            store, proposals=made.proposals, since=on.isoformat(), unchecked_reason=reason, by=by
        )
    return _with_suggestion(store, on, before, made, changes)


def _with_suggestion(
    store: Store, on: date, before: list[PairFacts], made: Suggestion, changes: Changes | None
) -> PairList:
    written: dict[str, PairFacts] = {}
    if changes is not None:
        known = {pair.uuid for pair in before}
        written = {pair.child_uuid: pair for pair in pairs(store, on, (made.kind,)) if pair.uuid not in known}
    lines = [_existing(pair) for pair in before]
    lines += [_proposed(line, written.get(line.child_uuid), on) for line in made.proposals]
    # Everybody who can be paired stands in the list of loads, also with none; a new supporter by the key of today.
    load = dict.fromkeys(made.loads, 0)
    for one in made.proposals:
        pair = written.get(one.child_uuid)
        if pair is not None and pair.key != one.key:
            load.pop(one.key, None)
    for key, number in _loads(lines).items():
        load[key] = number
    return PairList(
        tuple(lines),
        tuple((one.child_uuid, one.child, one.why) for one in made.unplaced),
        made.why,
        load,
        made.words,
        sum(one.unchecked for one in made.proposals),
        changes,
    )


def _existing(pair: PairFacts) -> PairLine:
    return PairLine(
        pair.uuid,
        pair.child_uuid,
        pair.child,
        pair.class_name,
        pair.key or pair.buddy_uuid,
        pair.supporter,
        pair.kind,
        pair.valid_from,
        existing=True,
    )


def _proposed(line: Proposal, written: PairFacts | None, on: date) -> PairLine:
    return PairLine(
        written.uuid if written else "",
        line.child_uuid,
        line.child,
        line.class_name,
        written.key if written else line.key,
        line.supporter,
        line.kind,
        on.isoformat(),
        existing=False,
        reason=line.reason,
    )


def _loads(lines: tuple[PairLine, ...] | list[PairLine]) -> dict[str, int]:
    found: dict[str, int] = {}
    for line in lines:
        found[line.key] = found.get(line.key, 0) + 1
    return found
