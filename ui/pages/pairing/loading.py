"""What the page shows, read in one go and put into lines; nothing of it is asked on the window's thread."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache

from msgspec import Struct

from app.children.day_reader import no_collecting
from app.core.pinyin import search_key
from app.pairing.codes import Identity, PairingKind, Wish
from app.pairing.facts import (
    STAFF_KINDS,
    Buddy,
    CheckState,
    PairFacts,
    PairingRule,
    PairingSummary,
    SupporterFacts,
    UnpairedChild,
)
from app.pairing.queries import overview
from app.pairing.roll import siblings_of_all
from app.pairing.rules import Proposal
from app.pairing.school_rules import pairing_rules
from app.storage.store import Store
from ui.pages.pairing.squares import Load
from ui.pages.pairing.supporters import SupporterLine

ADULTS = (PairingKind.SUPPORT_TEACHER, PairingKind.MENTOR, PairingKind.PROXY_PARENT)
"""The kinds a supporter is paired as; the usual one first."""
SEVERAL = "多帮一"
"""The word for several of one kind; typed into the search it finds them."""
EVERYBODY = "all"
"""No kind in particular."""


class Waiting(Struct, frozen=True):
    """A child without a pair of the kind in question."""

    facts: UnpairedChild
    find: str


class Paired(Struct, frozen=True):
    """One pair in force. `several`: this child has another one of the same kind (多帮一)."""

    facts: PairFacts
    several: bool
    find: str


class Loaded(Struct, frozen=True):
    """The whole page on one day. `kind` is the one that is dealt out, `shown` what the switch at the top says."""

    day: date
    shown: str
    kind: PairingKind
    rule: PairingRule
    summary: PairingSummary
    waiting: tuple[Waiting, ...]
    pairs: tuple[Paired, ...]
    supporters: tuple[SupporterLine, ...]
    counts: Mapping[str, int]
    siblings: Mapping[str, frozenset[str]] = {}
    """The brothers and sisters of each child, by uuid; empty where the rule of ``kind`` does not ask for them together."""

    def proposal(self, child: UnpairedChild) -> Proposal:
        """The line of a child that she deals out herself, for nobody yet; with its family, as in a suggestion."""
        return Proposal(
            child_uuid=child.uuid,
            child=child.name,
            class_name=child.class_name,
            kind=self.kind,
            key="",
            supporter="",
            family=self.siblings.get(child.uuid, frozenset()) & {one.facts.uuid for one in self.waiting},
            kin=self._kin(child.uuid),
        )

    def parted(self, pair: PairFacts, to: str) -> str:
        """Say from whom a child is parted that goes from its supporter to another (key); "" when it is from nobody."""
        kin = self._kin(pair.child_uuid) if pair.kind is self.kind else {}
        return f"兄弟姐妹由{'、'.join(kin.values())}带，会分开" if kin and to not in kin else ""

    def _kin(self, child: str) -> dict[str, str]:
        """Who looks after the brothers and sisters of a child: key → name."""
        others = self.siblings.get(child, frozenset())
        return {
            one.facts.key: one.facts.supporter
            for one in self.pairs
            if one.facts.child_uuid in others and one.facts.kind is self.kind and one.facts.covers
        }

    @property
    def movable(self) -> tuple[str, ...]:
        """The pairs (uuid) of the kind that is dealt out."""
        return tuple(one.facts.uuid for one in self.pairs if one.facts.kind is self.kind)

    @property
    def keys_of_pairs(self) -> Mapping[str, str]:
        """Who has the child of each pair, by the pair's uuid."""
        return {one.facts.uuid: one.facts.key for one in self.pairs}


def _usual_kind(open_pairs: Iterable[PairFacts]) -> PairingKind:
    """The kind the school pairs by: the one most pairs are of."""
    counted = Counter(pair.kind for pair in open_pairs if pair.kind in ADULTS)
    return max(ADULTS, key=lambda kind: counted[kind])


def load_pairing(store: Store, day: date, shown: str) -> Loaded:
    """Read the page: ``shown`` is EVERYBODY or the code of a kind."""
    with no_collecting():  # thousands of small rows that all stay: nothing to be tidied up in between
        return _load(store, day, shown)


def _load(store: Store, day: date, shown: str) -> Loaded:
    found = overview(store, day, None if shown == EVERYBODY else PairingKind(shown))
    open_pairs = found.pairs
    kind = _usual_kind(open_pairs) if shown == EVERYBODY else PairingKind(shown)
    rules = pairing_rules(store, day)
    people = tuple(one for one in found.supporters if one.present)
    pupils = _pupils(found.buddies)
    of_kind = [pair for pair in open_pairs if shown == EVERYBODY or pair.kind is kind]
    twice = Counter((pair.child_uuid, pair.kind) for pair in open_pairs)
    return Loaded(
        day=day,
        shown=shown,
        kind=kind,
        rule=rules[kind],
        summary=found.summary,
        waiting=tuple(Waiting(one, _find(one.name, one.class_name)) for one in found.unpaired),
        pairs=tuple(
            Paired(
                one,
                twice[one.child_uuid, one.kind] > 1,
                _find(
                    one.child,
                    one.class_name,
                    one.supporter,
                    SEVERAL if twice[one.child_uuid, one.kind] > 1 else "",
                ),
            )
            for one in of_kind
        ),
        supporters=(
            tuple(_line(one, shown, kind, rules) for one in people if _is_shown(one, shown))
            + (pupils if shown in (EVERYBODY, PairingKind.STUDY_BUDDY.value) else ())
        ),
        counts=_counts(people, len(pupils)),
        siblings={} if rules[kind].siblings is Wish.NO else siblings_of_all(store),
    )


_read_as = lru_cache(maxsize=20_000)(search_key)  # the names stay the same from one look to the next


def _find(name: str, *more: str | None) -> str:
    """What the search looks through: the name, how it is read, and what stands beside it."""
    return " ".join([name, _read_as(name), *(part for part in more if part)]).lower()


def _is_shown(person: SupporterFacts, shown: str) -> bool:
    """Of a kind: who has one already, and who may be given one; 全部 shows everybody."""
    if shown == EVERYBODY:
        return True
    kind = PairingKind(shown)
    may = person.identity is Identity.STAFF if kind in STAFF_KINDS else person.identity is not Identity.STAFF
    return kind is not PairingKind.STUDY_BUDDY and (may or bool(person.loads.get(kind)))


def _counts(people: Iterable[SupporterFacts], pupils: int) -> dict[str, int]:
    """How many supporters the switch says beside each kind."""
    people = tuple(people)
    counted = {kind.value: sum(1 for one in people if one.loads.get(kind, 0)) for kind in ADULTS}
    return {**counted, PairingKind.STUDY_BUDDY.value: pupils, EVERYBODY: len(people) + pupils}


def _line(
    person: SupporterFacts,
    shown: str,
    kind: PairingKind,
    rules: Mapping[PairingKind, PairingRule],
) -> SupporterLine:
    kinds = [one for one in PairingKind if person.loads.get(one)]
    has = person.children if shown == EVERYBODY else person.loads.get(kind, 0)
    most: int | None = rules[kind].most if set(kinds) <= {kind} or shown != EVERYBODY else None
    if person.own_limit is not None:
        most = person.own_limit
    return SupporterLine(
        uuid=person.key,
        facts=person,
        name=person.name,
        duty=person.words,
        kinds=tuple(one.label for one in kinds),
        load=Load(has, 0, most),
        excused=f"不安排：{person.limit_reason or '本人上限 0'}" if person.own_limit == 0 else "",
        check=person.check,
        find=_find(person.name, person.words),
    )


def _pupils(found: Iterable[Buddy]) -> tuple[SupporterLine, ...]:
    """The study buddies: pupils, of whom nothing is asked but their help."""
    return tuple(
        SupporterLine(
            uuid=one.uuid,
            facts=None,
            name=one.name,
            duty=one.class_name or "",
            kinds=(PairingKind.STUDY_BUDDY.label,),
            load=Load(one.children),
            excused="",
            check=CheckState.VALID,
            find=_find(one.name, one.class_name),
        )
        for one in found
    )


__all__ = ["ADULTS", "EVERYBODY", "SEVERAL", "Loaded", "Paired", "Waiting", "load_pairing"]
