"""The pairs that are only proposed: what the program suggests, what she dealt by hand, and which of it is ticked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping

from app.pairing.codes import Wish
from app.pairing.rules import TOGETHER
from app.pairing.suggest import Proposal, Suggestion

BY_HAND = "您指定的"
"""Why a proposal stands that she made herself."""
_NAMED = 3


class Draft:
    """One round of dealing. Nothing of it is in the ledger until it is accepted.

    Proposals go by their child: one round deals out pairs of one kind.
    """

    def __init__(self) -> None:
        self._proposals: dict[str, Proposal] = {}
        self._by_hand: set[str] = set()
        self.ticked: set[str] = set()
        self._siblings = Wish.NO
        self.why: tuple[str, ...] = ()
        self.words = ""
        self.unplaced: dict[str, str] = {}

    def __bool__(self) -> bool:
        """Tell whether there is anything to decide on."""
        return bool(self._proposals or self.why)

    def take(self, found: Suggestion) -> None:
        """Take what the program worked out."""
        self._siblings = found.siblings
        unplaced = {one.child_uuid: one.why for one in found.unplaced}
        self.suggest(found.proposals, words=found.words, why=found.why, unplaced=unplaced)

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

    def tick(self, keys: Collection[str]) -> str | None:
        """Tick exactly these, and say what that does to families; None when it concerns none.

        Where the rule is that brothers and sisters go to one supporter, they are ticked and unticked together; whom she
        gave to somebody by hand stands alone.
        """
        before, self.ticked = self.ticked, set(keys) & self._proposals.keys()
        touched = [key for key in before ^ self.ticked if self._proposals[key].family]
        if not touched:
            return None
        along: list[str] = []
        for key in touched if self._siblings is Wish.MUST else ():
            for other in self._with(key):
                if (other in self.ticked) is not (key in self.ticked):
                    self.ticked ^= {other}
                    along.append(other)
        if not along:
            return ""
        names = "、".join(self._proposals[key].child for key in along[:_NAMED])
        named = f"{names}等 {len(along)} 名" if len(along) > _NAMED else names
        if along[0] in self.ticked:
            return f"规则是兄弟姐妹必须由同一人带：{named}也勾上了。"
        return f"规则是兄弟姐妹必须由同一人带：{named}也去掉了勾。只要其中一名，请拖给那一位。"

    def _with(self, key: str) -> list[str]:
        """The brothers and sisters who are proposed to the same supporter, as the program suggested it."""
        one = self._proposals[key]
        if key in self._by_hand:
            return []
        return [
            other
            for other in sorted(one.family & self._proposals.keys() - self._by_hand)
            if self._proposals[other].key == one.key
        ]

    def reason(self, key: str) -> tuple[str, bool]:
        """Why a child is proposed to somebody; and whether that parts it from its brothers and sisters."""
        one = self._proposals[key]
        parted = self._parted(one, is_ticked=key in self.ticked)
        if not parted:
            together = key in self._by_hand and self._is_together(one)
            return f"{TOGETHER}，{one.reason}" if together else one.reason, False
        rest = one.reason.replace(TOGETHER, "", 1).lstrip("，")
        return "；".join(words for words in (parted, rest) if words), True

    def _is_together(self, one: Proposal) -> bool:
        """Tell whether a brother or a sister is with the same supporter, or ticked to go there too."""
        beside = (self._proposals[key] for key in one.family & self.ticked)
        return one.key in one.kin or any(other.key == one.key for other in beside)

    def _parted(self, one: Proposal, *, is_ticked: bool) -> str:
        """Say from which brothers and sisters a child is parted as it is ticked now; "" when it is not."""
        family = [self._proposals[key] for key in sorted(one.family & self._proposals.keys())]
        ticked = [other for other in family if other.child_uuid in self.ticked]
        if not is_ticked:
            names = "、".join(other.child for other in ticked)
            return f"没有勾，会和兄弟姐妹{names}分开" if names else ""
        left = "、".join(other.child for other in family if other.child_uuid not in self.ticked)
        told = [f"兄弟姐妹{left}没有勾，会分开"] if left else []
        told += [
            f"兄弟姐妹{other.child}给{other.supporter}，会分开" for other in ticked if other.key != one.key
        ]
        if one.kin and one.key not in one.kin:
            told.append(f"兄弟姐妹由{'、'.join(one.kin.values())}带，会分开")
        return "；".join(told)

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
