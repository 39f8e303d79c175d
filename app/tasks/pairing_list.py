"""Who looks after whom as one list, and a suggestion for those who have nobody, accepted at once when it is wanted."""

from collections.abc import Mapping
from datetime import date

from msgspec import Struct

from app.core.changes import Changes
from app.core.progress import Progress, no_progress
from app.pairing.codes import PairingKind
from app.pairing.facts import PairFacts
from app.pairing.labels import counted_words
from app.pairing.queries import pairs, supporters, unpaired
from app.pairing.service_pairs import accept
from app.pairing.suggest import Proposal, Suggestion, read_situation, suggest
from app.storage.store import Store

UNTOLD_REASON = "按建议结对时还没有登记从业查询"
"""What is kept with a pair accepted on the command line without a reason of her own."""


class PairLine(Struct, frozen=True):
    """One pair of the list. ``uuid`` is "" for a suggested one that is not written.

    ``key`` names a member of staff by the staff member's uuid, whether they are a supporter already or will be by this
    pair: the draft and what is written name the same.
    """

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


class PairList(Struct, frozen=True):
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
    names = _names(store, on)
    lines = tuple(_existing(pair, names) for pair in pairs(store, on) if pair.on_ledger)
    waiting = tuple((child.uuid, child.name, child.why) for child in unpaired(store, on))
    children = len({line.child_uuid for line in lines})
    words = f"{counted_words(len(lines), children)}；另有 {len(waiting)} 名儿童没有帮扶人。"
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
    names = _names(store, on)
    lines = [_existing(pair, names) for pair in before]
    lines += [_proposed(line, written.get(line.child_uuid), names, on) for line in made.proposals]
    # Everybody who can be paired stands in the list of loads, also with none.
    load = {names.get(key, key): 0 for key in made.loads} | _loads(lines)
    return PairList(
        tuple(lines),
        tuple((one.child_uuid, one.child, one.why) for one in made.unplaced),
        made.why,
        load,
        made.words,
        sum(one.unchecked for one in made.proposals),
        changes,
    )


def _existing(pair: PairFacts, names: Mapping[str, str]) -> PairLine:
    return PairLine(
        pair.uuid,
        pair.child_uuid,
        pair.child,
        pair.class_name,
        names.get(pair.key, pair.buddy_uuid),
        pair.supporter,
        pair.kind,
        pair.valid_from,
        existing=True,
    )


def _proposed(line: Proposal, written: PairFacts | None, names: Mapping[str, str], on: date) -> PairLine:
    return PairLine(
        written.uuid if written else "",
        line.child_uuid,
        line.child,
        line.class_name,
        names.get(line.key, line.key),
        line.supporter,
        line.kind,
        on.isoformat(),
        existing=False,
        reason=line.reason,
    )


def _names(store: Store, on: date) -> Mapping[str, str]:
    """Return key → the uuid that names somebody before and after they are a supporter."""
    found: dict[str, str] = {}
    for one in supporters(store, on, gone=True):
        found[one.key] = one.staff_uuid or one.uuid
        if one.staff_uuid:
            found[one.staff_uuid] = one.staff_uuid
    return found


def _loads(lines: tuple[PairLine, ...] | list[PairLine]) -> dict[str, int]:
    found: dict[str, int] = {}
    for line in lines:
        found[line.key] = found.get(line.key, 0) + 1
    return found
