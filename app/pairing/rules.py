"""What a suggestion of pairs is made of: what is asked, and what comes out. Pure values, no file behind them."""

from collections.abc import Mapping

from msgspec import Struct, field

from app.pairing.codes import PairingKind, Wish
from app.pairing.facts import PairingRule

TOGETHER = "兄弟姐妹放在一起"
"""The word in the reason of a proposal that keeps a family with one supporter."""


class Helper(Struct, frozen=True, kw_only=True):
    """A supporter as a suggestion sees them: ``load`` children of the kind stay with them, ``most`` is their limit.

    ``room`` is how many different children beside those who are theirs already their own limit leaves (None = no
    limit of their own). ``theirs`` are the children they look after in whatever kind. ``leads`` is the class they lead.
    """

    key: str
    name: str
    load: int
    most: int
    room: int | None = None
    own_limit: int | None = None
    woman: bool = False
    sex_unknown: bool = False
    leads: frozenset[int] = frozenset()
    theirs: frozenset[str] = frozenset()
    unchecked: bool = False
    subject: str = ""


class Waiting(Struct, frozen=True, kw_only=True):
    """A child to be placed. ``family`` are its brothers and sisters among the waiting, ``kin`` the helpers of the others.

    ``now`` is the helper it has when the pair ``replaces`` may be moved; "" when it has none to keep.
    """

    uuid: str
    name: str
    class_name: str = ""
    class_id: int | None = None
    girl: bool = False
    family: frozenset[str] = frozenset()
    kin: frozenset[str] = frozenset()
    now: str = ""
    replaces: str = ""


class Situation(Struct, frozen=True):
    """Everything a suggestion is worked out from: a snapshot that may be taken to another thread."""

    rule: PairingRule
    helpers: tuple[Helper, ...]
    waiting: tuple[Waiting, ...]
    kept: int = 0

    @property
    def kind(self) -> PairingKind:
        """Return the kind that is to be filled."""
        return self.rule.kind


class Proposal(Struct, frozen=True, kw_only=True):
    """One line of a suggestion. ``replaces`` is the pair that ends with it, "" when the child had nobody.

    Where the rule asks for brothers and sisters together: ``family`` are the child's among those to be placed (uuid),
    ``kin`` who looks after the others (key → name).
    """

    child_uuid: str
    child: str
    class_name: str
    kind: PairingKind
    key: str
    supporter: str
    reason: str = ""
    unchecked: bool = False
    replaces: str = ""
    family: frozenset[str] = frozenset()
    kin: Mapping[str, str] = field(default_factory=dict)


class Unplaced(Struct, frozen=True):
    """A child for whom there is nobody under the rules, and why."""

    child_uuid: str
    child: str
    class_name: str
    why: str


class LoadAfter(Struct, frozen=True):
    """How many children somebody has before and after, and may have at most."""

    name: str
    before: int
    added: int
    most: int

    @property
    def after(self) -> int:
        """Return the load when every line is accepted."""
        return self.before + self.added


class Suggestion(Struct, frozen=True):
    """A draft: nothing of it is written. ``why`` names the rules that make it impossible to place everybody.

    ``siblings`` is how strongly the rule asks for brothers and sisters together.
    ``proved`` tells whether no fairer assignment exists under the rules (decisions.md §5.3); else it is the fairest found.
    """

    kind: PairingKind
    proposals: tuple[Proposal, ...] = ()
    unplaced: tuple[Unplaced, ...] = ()
    why: tuple[str, ...] = ()
    loads: Mapping[str, LoadAfter] = field(default_factory=dict)
    words: str = ""
    proved: bool = True
    siblings: Wish = Wish.NO
