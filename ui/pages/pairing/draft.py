"""The pairs that are only proposed: what the program suggests, what she dealt by hand, and which of it is ticked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping

from app.pairing.suggest import Proposal

BY_HAND = "您指定的"
"""Why a proposal stands that she made herself."""


class Draft:
    """One round of dealing. Nothing of it is in the ledger until it is accepted.

    Proposals go by their child: one round deals out pairs of one kind.
    """

    def __init__(self) -> None:
        self._proposals: dict[str, Proposal] = {}
        self._by_hand: set[str] = set()
        self.ticked: set[str] = set()
        self.why: tuple[str, ...] = ()
        self.words = ""
        self.unplaced: dict[str, str] = {}

    def __bool__(self) -> bool:
        """Tell whether there is anything to decide on."""
        return bool(self._proposals or self.why)

    def suggest(
        self,
        proposals: Iterable[Proposal],
        *,
        words: str = "",
        why: tuple[str, ...] = (),
        unplaced: Mapping[str, str] | None = None,
    ) -> None:
        """Take a suggestion, all of it ticked; what she gave by hand stays as she gave it."""
        mine = {key: self._proposals[key] for key in self._by_hand}
        kept = self.ticked & self._by_hand
        self._proposals = {one.child_uuid: one for one in proposals} | mine
        self.ticked = set(self._proposals) - self._by_hand | kept
        self.words, self.why, self.unplaced = words, why, dict(unplaced or {})

    def give(self, proposal: Proposal) -> None:
        """She wants this child with that supporter."""
        self._proposals[proposal.child_uuid] = proposal
        self._by_hand.add(proposal.child_uuid)
        self.ticked.add(proposal.child_uuid)
        self.unplaced.pop(proposal.child_uuid, None)

    def clear(self) -> None:
        """Let all of it go."""
        self._proposals, self.unplaced = {}, {}
        self._by_hand, self.ticked = set(), set()
        self.why, self.words = (), ""

    def keep_only(
        self, children: Collection[str], supporters: Collection[str], pairs: Collection[str] = ()
    ) -> None:
        """Drop what no longer stands: children who are paired now or left, supporters who left, ended pairs."""
        self._proposals = {
            key: one
            for key, one in self._proposals.items()
            if (one.replaces in pairs if one.replaces else key in children) and one.key in supporters
        }
        self._by_hand &= self._proposals.keys()
        self.ticked &= self._proposals.keys()
        if not self._proposals:
            self.settle()

    def settle(self) -> None:
        """Some of it is in the ledger now: what was said of the whole, and of whom it left without anybody, is past."""
        self.why, self.words, self.unplaced = (), "", {}

    @property
    def proposals(self) -> Mapping[str, Proposal]:
        """Every proposal by its child."""
        return self._proposals

    @property
    def moves(self) -> tuple[Proposal, ...]:
        """Those that give a child to somebody else than who has it now."""
        return tuple(one for one in self._proposals.values() if one.replaces)

    @property
    def by_hand(self) -> int:
        """How many of them she made herself."""
        return len(self._by_hand)

    @property
    def accepted(self) -> tuple[Proposal, ...]:
        """The ticked ones, which 接受 writes."""
        return tuple(one for key, one in self._proposals.items() if key in self.ticked)

    def going(self, keys: Mapping[str, str]) -> Counter[str]:
        """How many ticked children each supporter would give away; `keys` says who has the child of a pair."""
        return Counter(keys[one.replaces] for one in self.accepted if one.replaces in keys)

    def coming(self) -> Counter[str]:
        """How many ticked children each supporter would get, by the supporter's key."""
        return Counter(one.key for one in self.accepted)
