"""What each dated table holds: its columns, and how one row of it becomes a fact."""

from typing import Any

from app.children.codes import (
    AwayState,
    CareGrade,
    CareKind,
    CarePaperKind,
    Category,
    DisabilityKind,
    EnrolmentEnd,
    HealthStatus,
    HouseholdFactCode,
    HouseholdFactKind,
    HouseholdKind,
    LifeStatus,
    MarriageStatus,
    PhoneResult,
    RegistrationEnd,
    RegistrationKind,
    Relation,
    ReportedLabel,
    SchoolingStatus,
    UnsupportedGround,
)
from app.children.day_reader import RawRow, Shape
from app.children.facts import (
    BoardingFacts,
    CareFacts,
    CarePaperFacts,
    CategoryFacts,
    DisabilityFacts,
    EnrolmentFacts,
    GroundFacts,
    HealthFacts,
    HouseholdFacts,
    LivelihoodFacts,
    RegistrationFacts,
    ReportedFacts,
    ResidenceFacts,
    SchoolingFacts,
)
from app.children.person_facts import (
    AwayFacts,
    CapacityFacts,
    KinshipFacts,
    LifeFacts,
    MarriageFacts,
    PersonFacts,
    PhoneFacts,
)
from app.core.code import Code
from app.school.rules import ClassFacts


def boolean(stored: int | None) -> bool | None:
    """Return a stored 0/1 as a bool; NULL (未采集) stays None."""
    return None if stored is None else stored == 1


class _Members(dict[Any, Any]):
    """The members of a kind of code by what the file holds: asking the enum itself takes ten times as long.

    NULL (未采集) is None where the column allows it; ValueError for what is no member, as the enum says it.
    """

    def __init__(self, kind: type[Code], *, nullable: bool = False) -> None:
        super().__init__((member.value, member) for member in kind)
        self._kind = kind
        if nullable:
            self[None] = None

    def __missing__(self, stored: Any) -> Any:
        return self._kind(stored)


SCHOOLINGS = _Members(SchoolingStatus)
HEALTHS = _Members(HealthStatus)
_DISABILITIES = _Members(DisabilityKind)
HOUSEHOLDS = _Members(HouseholdKind, nullable=True)
CATEGORIES = _Members(Category)
GROUNDS = _Members(UnsupportedGround)
_LIVELIHOOD_KINDS = _Members(HouseholdFactKind)
_LIVELIHOOD_CODES = _Members(HouseholdFactCode)
LABELS = _Members(ReportedLabel)
_PAPERS = _Members(CarePaperKind)
RELATIONS = _Members(Relation)
REGISTERS = _Members(RegistrationKind)
_REGISTRATION_ENDS = _Members(RegistrationEnd, nullable=True)
_ENROLMENT_ENDS = _Members(EnrolmentEnd, nullable=True)
CARE_KINDS = _Members(CareKind)
GRADES = _Members(CareGrade, nullable=True)
AWAY_STATES = _Members(AwayState)
LIVES = _Members(LifeStatus)
_MARRIAGES = _Members(MarriageStatus)
RESULTS = _Members(PhoneResult, nullable=True)

# Each takes a row as ``day_reader`` reads it and whether it surely holds. The head stands written out in each of them:
# as a mapping handed on, it would make a fact three times as dear, and a school of thousands has a hundred thousand.


def _schooling(row: RawRow, certain: bool) -> SchoolingFacts:
    _, uuid, start, end, source, noted, status = row
    return SchoolingFacts(uuid, start, end, source, noted, certain, status=SCHOOLINGS[status])


def _boarding(row: RawRow, certain: bool) -> BoardingFacts:
    _, uuid, start, end, source, noted, boards = row
    return BoardingFacts(uuid, start, end, source, noted, certain, boards=boards == 1)


def _health(row: RawRow, certain: bool) -> HealthFacts:
    _, uuid, start, end, source, noted, status, illness = row
    return HealthFacts(uuid, start, end, source, noted, certain, status=HEALTHS[status], illness=illness)


def _disability(row: RawRow, certain: bool) -> DisabilityFacts:
    _, uuid, start, end, source, noted, kind, grade, certificate_no = row
    return DisabilityFacts(
        uuid,
        start,
        end,
        source,
        noted,
        certain,
        kind=_DISABILITIES[kind],
        grade=grade,
        certificate_no=certificate_no,
    )


def _household(row: RawRow, certain: bool) -> HouseholdFacts:
    _, uuid, start, end, source, noted, registered, kind, place, village_committee = row
    return HouseholdFacts(
        uuid,
        start,
        end,
        source,
        noted,
        certain,
        registered=boolean(registered),
        kind=HOUSEHOLDS[kind],
        place=place,
        village_committee=boolean(village_committee),
    )


def _residence(row: RawRow, certain: bool) -> ResidenceFacts:
    _, uuid, start, end, source, noted, address, village, village_group = row
    return ResidenceFacts(
        uuid,
        start,
        end,
        source,
        noted,
        certain,
        address=address,
        village=village,
        village_group=village_group,
    )


def _category(row: RawRow, certain: bool) -> CategoryFacts:
    _, uuid, start, end, source, noted, category, basis, evidence_date, kept_at = row
    return CategoryFacts(
        uuid,
        start,
        end,
        source,
        noted,
        certain,
        category=CATEGORIES[category],
        basis=basis,
        evidence_date=evidence_date,
        kept_at=kept_at,
    )


def _ground(row: RawRow, certain: bool) -> GroundFacts:
    _, uuid, start, end, source, noted, person_uuid, ground, evidence = row
    return GroundFacts(
        uuid,
        start,
        end,
        source,
        noted,
        certain,
        person_uuid=person_uuid,
        ground=GROUNDS[ground],
        evidence=evidence,
    )


def _livelihood(row: RawRow, certain: bool) -> LivelihoodFacts:
    _, uuid, start, end, source, noted, kind, code, basis, evidence_date = row
    return LivelihoodFacts(
        uuid,
        start,
        end,
        source,
        noted,
        certain,
        kind=_LIVELIHOOD_KINDS[kind],
        code=_LIVELIHOOD_CODES[code],
        basis=basis,
        evidence_date=evidence_date,
    )


def _reported(row: RawRow, certain: bool) -> ReportedFacts:
    _, uuid, start, end, source, noted, label, raw = row
    return ReportedFacts(uuid, start, end, source, noted, certain, label=LABELS[label], raw=raw)


def _paper(row: RawRow, certain: bool) -> CarePaperFacts:
    _, uuid, start, end, source, noted, kind, done, person_uuid, dated_on, form, kept_at = row
    return CarePaperFacts(
        uuid,
        start,
        end,
        source,
        noted,
        certain,
        kind=_PAPERS[kind],
        done=done == 1,
        person_uuid=person_uuid,
        dated_on=dated_on,
        form=form,
        kept_at=kept_at,
    )


def _kinship(row: RawRow, certain: bool) -> tuple[int, KinshipFacts]:
    _, uuid, start, end, source, noted, person_id, relation, label, lives_together = row
    return person_id, KinshipFacts(
        uuid,
        start,
        end,
        source,
        noted,
        certain,
        relation=RELATIONS[relation],
        label=label,
        lives_together=boolean(lives_together),
    )


def _registration(row: RawRow, certain: bool) -> RegistrationFacts:
    _, uuid, start, end, source, noted, kind, end_reason, end_note = row
    return RegistrationFacts(
        uuid,
        start,
        end,
        source,
        noted,
        certain,
        kind=REGISTERS[kind],
        end_reason=_REGISTRATION_ENDS[end_reason],
        end_note=end_note,
    )


def _enrolment(row: RawRow, certain: bool, school_class: ClassFacts) -> EnrolmentFacts:
    """Return the fact; the class itself is read elsewhere, the row names it first of its own."""
    _, uuid, start, end, source, noted, _, end_reason, end_note = row
    return EnrolmentFacts(
        uuid,
        start,
        end,
        source,
        noted,
        certain,
        school_class=school_class,
        end_reason=_ENROLMENT_ENDS[end_reason],
        end_note=end_note,
    )


def _care(row: RawRow, certain: bool, person: PersonFacts | None) -> CareFacts:
    """Return the fact; the carer is read elsewhere, the row names the person first of its own."""
    _, uuid, start, end, source, noted, _, kind, grade, carer_able, assessed_on, assessor = row
    return CareFacts(
        uuid,
        start,
        end,
        source,
        noted,
        certain,
        kind=CARE_KINDS[kind],
        person=person,
        grade=GRADES[grade],
        carer_able=boolean(carer_able),
        assessed_on=assessed_on,
        assessor=assessor,
    )


_AS_IT_BEGAN = object()


def _away(row: RawRow, certain: bool, since: Any = _AS_IT_BEGAN) -> AwayFacts:
    _, uuid, start, end, source, noted, state, place, trade, employer, expected_return = row
    return AwayFacts(
        uuid,
        start,
        end,
        source,
        noted,
        certain,
        state=AWAY_STATES[state],
        place=place,
        trade=trade,
        employer=employer,
        expected_return=expected_return,
        since=start if since is _AS_IT_BEGAN else since,
    )


def _life(row: RawRow, certain: bool) -> LifeFacts:
    _, uuid, start, end, source, noted, status = row
    return LifeFacts(uuid, start, end, source, noted, certain, status=LIVES[status])


def _capacity(row: RawRow, certain: bool) -> CapacityFacts:
    _, uuid, start, end, source, noted, capable, reason, evidence = row
    return CapacityFacts(
        uuid, start, end, source, noted, certain, capable=capable == 1, reason=reason, evidence=evidence
    )


def _marriage(row: RawRow, certain: bool) -> MarriageFacts:
    _, uuid, start, end, source, noted, status, spouse_uuid = row
    return MarriageFacts(
        uuid, start, end, source, noted, certain, status=_MARRIAGES[status], spouse_uuid=spouse_uuid
    )


def _phone(row: RawRow, certain: bool) -> PhoneFacts:
    _, uuid, start, end, source, noted, number, label, confirmed_on, result = row
    return PhoneFacts(
        uuid,
        start,
        end,
        source,
        noted,
        certain,
        number=number,
        label=label,
        confirmed_on=confirmed_on,
        result=RESULTS[result],
    )


SCHOOLING = Shape("schooling", "status", _schooling)
BOARDING = Shape("boarding", "boards", _boarding)
HEALTH = Shape("health", "status, illness", _health)
DISABILITY = Shape("disability", "kind, grade, certificate_no", _disability)
HOUSEHOLD = Shape("household", "registered, kind, place, village_committee", _household)
RESIDENCE = Shape("residence", "address, village, village_group", _residence)
CATEGORY = Shape("category_flag", "category, basis, evidence_date, kept_at", _category)
GROUND = Shape(
    "unsupported_ground",
    "(SELECT uuid FROM person WHERE person.id = unsupported_ground.person_id), ground, evidence",
    _ground,
)
LIVELIHOOD = Shape("household_fact", "kind, code, basis, evidence_date", _livelihood)
REPORTED = Shape("reported_status", "label, raw", _reported)
CARE_PAPER = Shape(
    "care_paper",
    "kind, done, (SELECT uuid FROM person WHERE person.id = care_paper.person_id), dated_on, form, kept_at",
    _paper,
)
KINSHIP = Shape("kinship", "person_id, relation, label, lives_together", _kinship)
REGISTRATION = Shape("registration", "kind, end_reason, end_note", _registration)
LIFE = Shape("life_status", "status", _life)
CAPACITY = Shape("capacity", "capable, reason, evidence", _capacity)
AWAY = Shape("away", "state, place, trade, employer, expected_return", _away)
MARRIAGE = Shape(
    "marriage", "status, (SELECT uuid FROM person WHERE person.id = marriage.spouse_id)", _marriage
)
PHONE = Shape("phone", "number, label, confirmed_on, result", _phone)

CARE = Shape("care", "person_id, kind, grade, carer_able, assessed_on, assessor", _care)
ENROLMENT = Shape("enrolment", "school_class_id, end_reason, end_note", _enrolment)
