"""Everything known about one child on one day: the one shape that every page, paper, count and comparison reads.

Values are as recorded. NULL in the file is None here and means 未采集. What follows from the facts stands in
``rules``, ``derive``, ``completeness`` and ``checks``; how they are read from the file in ``queries``.
"""

from datetime import date

from msgspec import Struct

from app.children.codes import (
    FATHERS,
    MOTHERS,
    BirthSource,
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
    RegistrationEnd,
    RegistrationKind,
    Relation,
    ReportedLabel,
    SchoolingStatus,
    Sex,
    UnsupportedGround,
)
from app.children.dated_fact import DatedFact
from app.children.person_facts import PersonFacts
from app.core.untold import Untold
from app.school.rules import ClassFacts, ClassState

# ---- about the care ------------------------------------------------------------------------------------------------


class CareFacts(DatedFact, frozen=True, kw_only=True):
    """Who really looks after the child, and how well. ``person`` None: nobody named (or, unguarded, nobody at all)."""

    kind: CareKind
    person: PersonFacts | None = None
    grade: CareGrade | None = None
    carer_able: bool | None = None
    assessed_on: str | None = None
    assessor: str | None = None


class CarePaperFacts(DatedFact, frozen=True, kw_only=True):
    """A paper about the care; ``done`` False = asked for and not given."""

    kind: CarePaperKind
    done: bool
    person_uuid: str | None = None
    dated_on: str | None = None
    form: str | None = None
    kept_at: str | None = None


class Contact(Struct, frozen=True, kw_only=True):
    """One link of the chain whom to call, best number first. ``person`` or ``office`` is set, never both.

    A contact without a chosen number shows the person's best: tried last, not stopped or wrong. ``confirmed_on`` is the
    day on which somebody found it right: a call that nobody answered confirms nothing.
    """

    uuid: str
    rank: int
    person: PersonFacts | None = None
    office: str | None = None
    number: str | None = None
    phone_uuid: str | None = None
    confirmed_on: str | None = None
    reachable: str | None = None
    language_note: str | None = None

    @property
    def who(self) -> str:
        """Return the name of the person or office; "" when the person's name is 未采集."""
        return (self.person.name or "") if self.person else (self.office or "")

    @property
    def relation_words(self) -> str:
        """Return what the contact is to the child."""
        return self.person.relation_words if self.person else ""


# ---- about the child -----------------------------------------------------------------------------------------------


class RegistrationFacts(DatedFact, frozen=True, kw_only=True):
    """The child on one of the school's registers."""

    kind: RegistrationKind
    end_reason: RegistrationEnd | None = None
    end_note: str | None = None


class EnrolmentFacts(DatedFact, frozen=True, kw_only=True):
    """The child in one class."""

    school_class: ClassFacts
    end_reason: EnrolmentEnd | None = None
    end_note: str | None = None


class SchoolingFacts(DatedFact, frozen=True, kw_only=True):
    """就学状态 when no class of ours says it."""

    status: SchoolingStatus


class BoardingFacts(DatedFact, frozen=True, kw_only=True):
    """Whether the child boards at school."""

    boards: bool


class HealthFacts(DatedFact, frozen=True, kw_only=True):
    """健康状况."""

    status: HealthStatus
    illness: str | None = None


class DisabilityFacts(DatedFact, frozen=True, kw_only=True):
    """One certified disability; ``grade`` 1 is the severest of four."""

    kind: DisabilityKind
    grade: int | None = None
    certificate_no: str | None = None


class HouseholdFacts(DatedFact, frozen=True, kw_only=True):
    """Household registration (户籍); ``village_committee`` = registered under a 村委会."""

    registered: bool | None = None
    kind: HouseholdKind | None = None
    place: str | None = None
    village_committee: bool | None = None


class ResidenceFacts(DatedFact, frozen=True, kw_only=True):
    """Where the child lives now (现住址, 村组)."""

    address: str | None = None
    village: str | None = None
    village_group: str | None = None


class CategoryFacts(DatedFact, frozen=True, kw_only=True):
    """A category the child was found to belong to, with its basis (认定依据)."""

    category: Category
    basis: str | None = None
    evidence_date: str | None = None
    kept_at: str | None = None


class GroundFacts(DatedFact, frozen=True, kw_only=True):
    """Why one parent counts for 事实无人抚养. Restricted: leaves the program only where that category is proved."""

    person_uuid: str
    ground: UnsupportedGround
    evidence: str | None = None


class LivelihoodFacts(DatedFact, frozen=True, kw_only=True):
    """What the household lives on (income) or which aid it receives (aid)."""

    kind: HouseholdFactKind
    code: HouseholdFactCode
    basis: str | None = None
    evidence_date: str | None = None


class ReportedFacts(DatedFact, frozen=True, kw_only=True):
    """What a roster said about the parents in one word; ``raw`` is the word itself."""

    label: ReportedLabel
    raw: str | None = None


class DoubtFacts(Struct, frozen=True, kw_only=True):
    """A cell that went in with a doubt, or stayed out for one, and that nobody has looked at yet."""

    uuid: str
    field: str
    code: str
    reason: str
    raw: str | None = None
    sheet: str | None = None
    row_number: int | None = None
    column_name: str | None = None


class ChildFacts(Untold, frozen=True, kw_only=True):
    """One child as known for ``day``. The first block is the row of ``child``, the rest are the facts in force."""

    day: date
    uuid: str
    name: str
    former_name: str | None = None
    name_note: str | None = None
    pinyin: str = ""
    initials: str = ""
    sex: Sex | None = None
    ethnicity: str | None = None
    birth_date: str | None = None
    birth_source: BirthSource | None = None
    birth_note: str | None = None
    id_number: str | None = None
    student_registry_no: str | None = None
    student_no: str | None = None
    native_place: str | None = None
    birth_place: str | None = None
    nationality: str | None = None
    political_status: str | None = None
    only_child: bool | None = None
    phone: str | None = None
    blood_type: str | None = None
    allergies: str | None = None
    medical_history: str | None = None
    personality: str | None = None
    hobbies: str | None = None
    study: str | None = None
    behaviour: str | None = None
    family_contact: str | None = None
    special_needs: str | None = None
    care_measures: str | None = None
    archive_no: str | None = None
    archive_opened_on: str | None = None
    note: str | None = None
    entered_at: str = ""

    registrations: tuple[RegistrationFacts, ...] = ()
    exited: RegistrationFacts | None = None  # the last left_behind registration that has ended, if none holds
    enrolment: EnrolmentFacts | None = None
    left_class: EnrolmentFacts | None = None  # the last class the child was in, if it is in none
    schooling: SchoolingFacts | None = None
    boarding: BoardingFacts | None = None
    health: HealthFacts | None = None
    disabilities: tuple[DisabilityFacts, ...] = ()
    household: HouseholdFacts | None = None
    residence: ResidenceFacts | None = None
    relatives: tuple[PersonFacts, ...] = ()
    care: CareFacts | None = None
    care_papers: tuple[CarePaperFacts, ...] = ()
    contacts: tuple[Contact, ...] = ()
    categories: tuple[CategoryFacts, ...] = ()
    grounds: tuple[GroundFacts, ...] = ()
    livelihood: tuple[LivelihoodFacts, ...] = ()
    reported: ReportedFacts | None = None
    doubts: tuple[DoubtFacts, ...] = ()
    answered: tuple[DoubtFacts, ...] = ()  # what stood in doubt and is known by now

    @property
    def registration(self) -> RegistrationFacts | None:
        """Return the left_behind registration in force: the child is on the ledger that day."""
        for registration in self.registrations:
            if registration.kind is RegistrationKind.LEFT_BEHIND:
                return registration
        return None

    @property
    def on_ledger(self) -> bool:
        """Tell whether the child is counted on the ledger that day.

        Registered, and not in a cohort past its last grade: from the new school year on that one waits for 确认毕业
        and is not counted (decisions.md §1.5).
        """
        waiting = self.school_class is not None and self.school_class.state is ClassState.AWAITING
        return self.registration is not None and not waiting

    @property
    def school_class(self) -> ClassFacts | None:
        """Return the class the child is in that day."""
        return self.enrolment.school_class if self.enrolment else None

    @property
    def father(self) -> PersonFacts | None:
        """Return the adoptive father, else the biological one; a stepfather is in ``relatives``."""
        return self._first(FATHERS)

    @property
    def mother(self) -> PersonFacts | None:
        """Return the adoptive mother, else the biological one; a stepmother is in ``relatives``."""
        return self._first(MOTHERS)

    @property
    def boards(self) -> bool | None:
        """Return whether the child boards; None = 未采集."""
        return self.boarding.boards if self.boarding else None

    def relative(self, relation: Relation) -> PersonFacts | None:
        """Return the first relative of this relation."""
        return self._first((relation,))

    def has(self, category: Category) -> bool:
        """Tell whether the child belongs to the category that day."""
        return any(flag.category is category for flag in self.categories)

    def _first(self, relations: tuple[Relation, ...]) -> PersonFacts | None:
        for relation in relations:
            for person in self.relatives:
                kinship = person.kinship
                if kinship is not None and kinship.relation is relation:
                    return person
        return None
