"""Short ways to say what is known about an invented child."""

from datetime import date
from itertools import count

from app.children.codes import (
    AwayState,
    CareKind,
    Category,
    HouseholdKind,
    LifeStatus,
    RegistrationKind,
    Relation,
    ReportedLabel,
    UnsupportedGround,
)
from app.children.facts import (
    CareFacts,
    CategoryFacts,
    ChildFacts,
    GroundFacts,
    HouseholdFacts,
    RegistrationFacts,
    ReportedFacts,
)
from app.children.person_facts import (
    AwayFacts,
    CapacityFacts,
    KinshipFacts,
    LifeFacts,
    PersonFacts,
    PhoneFacts,
)

DAY = date(2026, 11, 21)
_numbers = count(1)


def uuid():
    return f"u{next(_numbers)}"


def person(
    relation=None,
    *,
    name="某某",
    life=None,
    out=None,
    since="2024-02-18",
    certain=True,
    life_certain=True,
    capable=None,
    **more,
):
    """A grown-up: ``out`` True/False/None, ``life`` a LifeStatus, ``capable`` True/False/None."""
    return PersonFacts(
        uuid=more.pop("uuid", None) or uuid(),
        name=name,
        life=LifeFacts(uuid=uuid(), status=LifeStatus(life), certain=life_certain) if life else None,
        away=None
        if out is None
        else AwayFacts(
            uuid=uuid(),
            state=AwayState.OUT if out else AwayState.HOME,
            valid_from=since,
            since=since,
            certain=certain,
            place=more.pop("place", None),
        ),
        capacity=None if capable is None else CapacityFacts(uuid=uuid(), capable=capable),
        kinship=KinshipFacts(uuid=uuid(), relation=Relation(relation)) if relation else None,
        phones=tuple(PhoneFacts(uuid=uuid(), number=number) for number in more.pop("phones", ())),
        **more,
    )


def father(**known):
    return person(Relation.FATHER, **known)


def mother(**known):
    return person(Relation.MOTHER, **known)


def child(*relatives, household=None, care=None, categories=(), grounds=(), label=None, **known):
    """A child with these relatives; ``household`` a HouseholdKind, ``care`` a CareKind, ``label`` a roster's word."""
    if household is not None and not isinstance(household, HouseholdFacts):
        household = HouseholdFacts(uuid=uuid(), kind=HouseholdKind(household))
    if care is not None and not isinstance(care, CareFacts):
        care = CareFacts(uuid=uuid(), kind=CareKind(care))
    return ChildFacts(
        day=known.pop("day", DAY),
        uuid=uuid(),
        name=known.pop("name", "某童"),
        relatives=relatives,
        household=household,
        care=care,
        categories=tuple(CategoryFacts(uuid=uuid(), category=Category(code)) for code in categories),
        grounds=tuple(
            GroundFacts(uuid=uuid(), person_uuid=who.uuid, ground=UnsupportedGround(ground))
            for who, ground in grounds
        ),
        reported=ReportedFacts(uuid=uuid(), label=ReportedLabel(label)) if label else None,
        registrations=known.pop(
            "registrations", (RegistrationFacts(uuid=uuid(), kind=RegistrationKind.LEFT_BEHIND),)
        ),
        **known,
    )
