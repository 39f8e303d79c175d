"""What each dated table holds: its columns, and how one row of it becomes a fact."""

from typing import Any

from app.children.codes import (
    AwayState,
    CarePaperKind,
    Category,
    DisabilityKind,
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
from app.children.day_reader import Head, Shape
from app.children.facts import (
    BoardingFacts,
    CarePaperFacts,
    CategoryFacts,
    DisabilityFacts,
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
    PhoneFacts,
)


def boolean(stored: int | None) -> bool | None:
    """Return a stored 0/1 as a bool; NULL (未采集) stays None."""
    return None if stored is None else stored == 1


def _schooling(head: Head, status: str) -> SchoolingFacts:
    return SchoolingFacts(**head, status=SchoolingStatus(status))


def _boarding(head: Head, boards: int) -> BoardingFacts:
    return BoardingFacts(**head, boards=boards == 1)


def _health(head: Head, status: str, illness: str | None) -> HealthFacts:
    return HealthFacts(**head, status=HealthStatus(status), illness=illness)


def _disability(head: Head, kind: str, grade: int | None, certificate_no: str | None) -> DisabilityFacts:
    return DisabilityFacts(**head, kind=DisabilityKind(kind), grade=grade, certificate_no=certificate_no)


def _household(
    head: Head, registered: int | None, kind: str | None, place: str | None, village_committee: int | None
) -> HouseholdFacts:
    return HouseholdFacts(
        **head,
        registered=boolean(registered),
        kind=HouseholdKind.of(kind),
        place=place,
        village_committee=boolean(village_committee),
    )


def _residence(
    head: Head, address: str | None, village: str | None, village_group: str | None
) -> ResidenceFacts:
    return ResidenceFacts(**head, address=address, village=village, village_group=village_group)


def _category(
    head: Head, category: str, basis: str | None, evidence_date: str | None, kept_at: str | None
) -> CategoryFacts:
    return CategoryFacts(
        **head, category=Category(category), basis=basis, evidence_date=evidence_date, kept_at=kept_at
    )


def _ground(head: Head, person_uuid: str, ground: str, evidence: str | None) -> GroundFacts:
    return GroundFacts(**head, person_uuid=person_uuid, ground=UnsupportedGround(ground), evidence=evidence)


def _livelihood(
    head: Head, kind: str, code: str, basis: str | None, evidence_date: str | None
) -> LivelihoodFacts:
    return LivelihoodFacts(
        **head,
        kind=HouseholdFactKind(kind),
        code=HouseholdFactCode(code),
        basis=basis,
        evidence_date=evidence_date,
    )


def _reported(head: Head, label: str, raw: str | None) -> ReportedFacts:
    return ReportedFacts(**head, label=ReportedLabel(label), raw=raw)


def _paper(
    head: Head,
    kind: str,
    done: int,
    person_uuid: str | None,
    dated_on: str | None,
    form: str | None,
    kept_at: str | None,
) -> CarePaperFacts:
    return CarePaperFacts(
        **head,
        kind=CarePaperKind(kind),
        done=done == 1,
        person_uuid=person_uuid,
        dated_on=dated_on,
        form=form,
        kept_at=kept_at,
    )


def _kinship(
    head: Head, person_id: int, relation: str, label: str | None, lives_together: int | None
) -> tuple[int, KinshipFacts]:
    return person_id, KinshipFacts(
        **head, relation=Relation(relation), label=label, lives_together=boolean(lives_together)
    )


def _registration(head: Head, kind: str, end_reason: str | None, end_note: str | None) -> RegistrationFacts:
    return RegistrationFacts(
        **head, kind=RegistrationKind(kind), end_reason=RegistrationEnd.of(end_reason), end_note=end_note
    )


def _away(
    head: Head,
    state: str,
    place: str | None,
    trade: str | None,
    employer: str | None,
    expected_return: str | None,
    **more: str | None,
) -> AwayFacts:
    return AwayFacts(
        **head,
        state=AwayState(state),
        place=place,
        trade=trade,
        employer=employer,
        expected_return=expected_return,
        since=more.get("since", head["valid_from"]),
    )


def _life(head: Head, status: str) -> LifeFacts:
    return LifeFacts(**head, status=LifeStatus(status))


def _capacity(head: Head, capable: int, reason: str | None, evidence: str | None) -> CapacityFacts:
    return CapacityFacts(**head, capable=capable == 1, reason=reason, evidence=evidence)


def _marriage(head: Head, status: str, spouse_uuid: str | None) -> MarriageFacts:
    return MarriageFacts(**head, status=MarriageStatus(status), spouse_uuid=spouse_uuid)


def _phone(
    head: Head, number: str, label: str | None, confirmed_on: str | None, result: str | None
) -> PhoneFacts:
    return PhoneFacts(
        **head, number=number, label=label, confirmed_on=confirmed_on, result=PhoneResult.of(result)
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


def as_read(table: str, columns: str) -> Shape[tuple[Any, ...]]:
    """Return the shape of a table whose rows need more than themselves to become a fact: head and columns as read."""
    return Shape(table, columns, _as_read)


def _as_read(head: Head, *columns: Any) -> tuple[Any, ...]:
    return (head, *columns)


CARE = as_read("care", "person_id, kind, grade, carer_able, assessed_on, assessor")
ENROLMENT = as_read("enrolment", "school_class_id, end_reason, end_note")
