"""Everything known about one grown-up in a child's life on one day; values are as recorded, None = 未采集."""

from app.children.codes import AwayState, LifeStatus, MarriageStatus, PhoneResult, Relation, Sex
from app.children.dated_fact import DatedFact
from app.core.untold import Untold


class LifeFacts(DatedFact, frozen=True, kw_only=True):
    """Whether a grown-up is alive and to be found."""

    status: LifeStatus


class CapacityFacts(DatedFact, frozen=True, kw_only=True):
    """Whether a parent is able to look after a child (监护能力)."""

    capable: bool
    reason: str | None = None
    evidence: str | None = None


class AwayFacts(DatedFact, frozen=True, kw_only=True):
    """A grown-up away for work, or known to be at home.

    ``since`` is the start of the unbroken run of this state: whoever moves from one work place to the next has been
    out since the first. None = since before anybody wrote it down.
    """

    state: AwayState
    place: str | None = None
    trade: str | None = None
    employer: str | None = None
    expected_return: str | None = None
    since: str | None = None


class PhoneFacts(DatedFact, frozen=True, kw_only=True):
    """A number on which a grown-up is reached; ``confirmed_on`` is the day somebody last tried it, whatever came of it."""

    number: str
    label: str | None = None
    confirmed_on: str | None = None
    result: PhoneResult | None = None

    @property
    def usable(self) -> bool:
        """Tell whether the number is worth dialling: nobody found it stopped or wrong."""
        return self.result not in (PhoneResult.STOPPED, PhoneResult.WRONG_NUMBER)

    @property
    def found_right_on(self) -> str | None:
        """Return the day the number was confirmed; None = never, or the last try reached nobody.

        A day without a result is one on which somebody wrote that it is right.
        """
        return self.confirmed_on if self.result in (None, PhoneResult.REACHED) else None


class MarriageFacts(DatedFact, frozen=True, kw_only=True):
    """How a grown-up's couple stands."""

    status: MarriageStatus
    spouse_uuid: str | None = None


class KinshipFacts(DatedFact, frozen=True, kw_only=True):
    """This grown-up is this to the child. ``label`` is the word the family uses (二叔)."""

    relation: Relation
    label: str | None = None
    lives_together: bool | None = None


class PersonFacts(Untold, frozen=True, kw_only=True):
    """A grown-up in the life of one child; brothers and sisters see the same person with their own kinship."""

    uuid: str
    name: str | None = None
    sex: Sex | None = None
    birth_date: str | None = None
    id_number: str | None = None
    education: str | None = None
    health: str | None = None
    occupation: str | None = None
    dialect_only: bool | None = None
    address: str | None = None
    note: str | None = None
    life: LifeFacts | None = None
    capacity: CapacityFacts | None = None
    away: AwayFacts | None = None
    marriage: MarriageFacts | None = None
    phones: tuple[PhoneFacts, ...] = ()
    kinship: KinshipFacts | None = None

    @property
    def relation(self) -> Relation | None:
        """Return what the person is to the child; None for a carer without recorded kinship."""
        return self.kinship.relation if self.kinship else None

    @property
    def relation_words(self) -> str:
        """Return the word to show for the relation: the family's own, else the code's, else ""."""
        if self.kinship is None:
            return ""
        return self.kinship.label or self.kinship.relation.label

    @property
    def life_status(self) -> LifeStatus | None:
        """Return whether the person lives and is to be found; None = nobody wrote it down."""
        return self.life.status if self.life else None

    @property
    def gone(self) -> bool:
        """Tell whether the person is recorded as dead or missing (declared)."""
        return self.life_status in (LifeStatus.DEAD, LifeStatus.MISSING)

    @property
    def capable(self) -> bool | None:
        """Return whether the person has 监护能力; None = not recorded, which nobody doubts."""
        return self.capacity.capable if self.capacity else None

    @property
    def best_phone(self) -> PhoneFacts | None:
        """Return the number to dial first: usable ones before others, then the one found right last."""
        if len(self.phones) < 2:
            return self.phones[0] if self.phones else None
        return max(self.phones, key=lambda phone: (phone.usable, phone.found_right_on or ""))

    @property
    def away_state(self) -> AwayState | None:
        """Return whether the person is out for work; None = nobody has asked."""
        return self.away.state if self.away else None

    @property
    def away_place(self) -> str | None:
        """Return where the person works away from home."""
        return self.away.place if self.away else None
