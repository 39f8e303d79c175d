"""A suggestion who could look after the children who have nobody: read the situation, work it out, say it in words."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import date

from msgspec.structs import replace

from app.children.codes import Sex
from app.core.messages import refuse
from app.core.progress import Progress, no_progress
from app.pairing.codes import PairingKind
from app.pairing.explain import (
    lines_of,
    loads_of,
    summary_words,
    unplaced_of,
    why_impossible,
    why_not_to_women,
)
from app.pairing.facts import ADULT_KINDS, STAFF_KINDS, CheckState, PairFacts, PairingRule, SupporterFacts
from app.pairing.fair_search import search
from app.pairing.options import board_of
from app.pairing.pair_reading import pairs_on
from app.pairing.people import supporters_of
from app.pairing.roll import OnRoll, read_roll, sibling_sets
from app.pairing.rules import Helper, LoadAfter, Proposal, Situation, Suggestion, Unplaced, Waiting
from app.pairing.school_rules import pairing_rules
from app.school.queries import class_teachers
from app.storage.store import Store

__all__ = ["LoadAfter", "Proposal", "Situation", "Suggestion", "Unplaced", "read_situation", "suggest"]


def read_situation(
    store: Store,
    on: date,
    kind: PairingKind = PairingKind.SUPPORT_TEACHER,
    *,
    per_teacher: int | None = None,
    move_existing: Collection[str] = (),
) -> Situation:
    """Read what a suggestion for ``kind`` rests on.

    Waiting are the children on the ledger without a pair of the kind; ``move_existing`` are the pairs (uuid) of the
    kind that may be moved too: no other is, and none of a child that several look after. ``per_teacher`` takes the
    place of the rule's number (UserError ``pairing.per_teacher`` below 1). UserError ``pairing.no_suggestion`` for
    学习帮手.
    """
    if kind is PairingKind.STUDY_BUDDY:
        raise refuse("pairing.no_suggestion")
    rule = pairing_rules(store, on)[kind]
    if per_teacher is not None:
        if not 1 <= per_teacher <= 99:
            raise refuse("pairing.per_teacher", number=per_teacher)
        rule = replace(rule, most=per_teacher, least=min(rule.least, per_teacher))
    roll = read_roll(store, on)
    known = pairs_on(store, on, roll)
    asked = frozenset(move_existing)
    several = Counter(pair.child_uuid for pair in known if pair.kind is kind and pair.covers)
    movable = {
        pair.uuid
        for pair in known
        if pair.kind is kind and pair.uuid in asked and pair.covers and several[pair.child_uuid] == 1
    }
    staying = [pair for pair in known if pair.on_ledger and pair.uuid not in movable]
    of_kind = [pair for pair in staying if pair.kind is kind and pair.covers]
    people = [
        one
        for one in supporters_of(store, on, known, gone=False)
        if one.check is not CheckState.FOUND and _may(one, kind)
    ]
    leads = _leads(store, on)
    mine: dict[str, list[PairFacts]] = {}
    for pair in staying:
        if pair.key and pair.kind in ADULT_KINDS:
            mine.setdefault(pair.key, []).append(pair)
    helpers = tuple(_helper(one, kind, rule, mine.get(one.uuid, ()), leads) for one in people)
    covered = {pair.child_uuid: pair.key for pair in of_kind}
    waiting = _waiting(store, roll, known, covered, movable, kind)
    return Situation(rule, helpers, waiting, len(of_kind))


def suggest(situation: Situation, *, progress: Progress = no_progress) -> Suggestion:
    """Work out the draft: nobody is moved who need not be, the rule is kept, and no assignment is fairer.

    Pure; for any thread. Most children are placed that can be under the hard rules, then the loads sorted from the
    highest are lexicographically smallest, then most wishes of the rule are fulfilled. ``Cancelled`` passes through.
    """
    progress(0, 0, "正在分配")
    board = board_of(situation)
    found = search(board, progress)
    proposals = lines_of(board, found.assignment)
    unplaced = unplaced_of(board, found.assignment)
    loads = loads_of(board, found.assignment)
    return Suggestion(
        situation.kind,
        proposals,
        unplaced,
        (*why_impossible(board, found, progress), *why_not_to_women(situation)),
        loads,
        summary_words(situation, proposals, unplaced, loads),
        found.proved,
        situation.rule.siblings,
    )


def _may(one: SupporterFacts, kind: PairingKind) -> bool:
    """Tell whether somebody is offered for a kind: teachers for the teachers' kinds, and whoever does it already."""
    return bool(one.staff_uuid) or kind not in STAFF_KINDS or one.loads.get(kind, 0) > 0


def _leads(store: Store, on: date) -> Mapping[str, frozenset[int]]:
    found: dict[str, set[int]] = {}
    for class_id, teacher in class_teachers(store, on).items():
        found.setdefault(teacher.uuid, set()).add(class_id)
    return {uuid: frozenset(classes) for uuid, classes in found.items()}


def _helper(
    one: SupporterFacts,
    kind: PairingKind,
    rule: PairingRule,
    mine: Collection[PairFacts],
    leads: Mapping[str, frozenset[int]],
) -> Helper:
    theirs = frozenset(pair.child_uuid for pair in mine)
    return Helper(
        key=one.key,
        name=one.name,
        load=len({pair.child_uuid for pair in mine if pair.kind is kind}),
        most=rule.most if one.own_limit is None else one.own_limit,
        room=None if one.own_limit is None else max(0, one.own_limit - len(theirs)),
        own_limit=one.own_limit,
        woman=one.sex is Sex.FEMALE,
        sex_unknown=one.sex is None,
        leads=leads.get(one.staff_uuid, frozenset()),
        theirs=theirs,
        unchecked=one.needs_reason,
        subject=one.words,
    )


def _waiting(
    store: Store,
    roll: Mapping[int, OnRoll],
    known: Iterable[PairFacts],
    covered: Mapping[str, str],
    movable: Collection[str],
    kind: PairingKind,
) -> tuple[Waiting, ...]:
    """Return the children to be placed, in the ledger's order."""
    of_kind = sorted((pair for pair in known if pair.kind is kind), key=lambda pair: pair.covers)
    open_pairs = {pair.child_uuid: pair for pair in of_kind if pair.open}
    siblings = sibling_sets(store)
    places = {child.uuid for child in roll.values() if child.on_ledger and child.uuid not in covered}
    found: list[Waiting] = []
    for child in sorted(roll.values(), key=lambda child: child.order):
        if child.uuid not in places:
            continue
        others = [roll[id].uuid for id in siblings.get(child.id, ()) if id in roll]
        pair = open_pairs.get(child.uuid)
        found.append(
            Waiting(
                uuid=child.uuid,
                name=child.name,
                class_name=child.class_name,
                class_id=child.class_id,
                girl=child.sex is Sex.FEMALE,
                family=frozenset(other for other in others if other in places),
                kin=frozenset(covered[other] for other in others if other in covered),
                now=pair.key if pair is not None and pair.uuid in movable and pair.covers else "",
                replaces=pair.uuid if pair is not None else "",
            )
        )
    return tuple(found)
