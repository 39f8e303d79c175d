"""What somebody types about a child who is not in the file yet."""

from msgspec import Struct, field

from app.children.codes import (
    AwayState,
    BirthSource,
    CareGrade,
    CareKind,
    Category,
    HealthStatus,
    HouseholdKind,
    LifeStatus,
    Relation,
    ReportedLabel,
    Sex,
)
from app.school.rules import ClassRef
from app.storage.base import new_uuid


class PersonDraft(Struct, frozen=True, kw_only=True):
    """A grown-up around a new child. ``since`` is since when they are out or at home, None = nobody knows."""

    relation: Relation
    name: str | None = None
    label: str | None = None
    person_uuid: str | None = None  # somebody the file knows already: a sister's mother
    id_number: str | None = None
    birth_date: str | None = None
    phones: tuple[str, ...] = ()
    life: LifeStatus | None = None
    away: AwayState | None = None
    place: str | None = None
    trade: str | None = None
    employer: str | None = None
    since: str | None = None

    @property
    def says_anything(self) -> bool:
        """Tell whether there is anything to write down about the person."""
        texts = (self.name, self.person_uuid, self.id_number, self.birth_date, *self.phones)
        return any(texts) or self.life is not None or self.away is not None


class DoubtDraft(Struct, frozen=True, kw_only=True):
    """Something typed that was kept although it looks wrong; ``field`` as in ``doubt``."""

    field: str
    code: str
    reason: str
    raw: str | None = None


class ChildDraft(Struct, frozen=True, kw_only=True):
    """A new child. Whatever is None or empty stays 未采集; only the name must be there.

    ``uuid`` is the child's from the start, so that whoever adds it can open its file. ``since`` is from when the
    child is in the class and on the ledger; None = since before anybody wrote it down. ``class_ref`` means a class
    that may not exist yet: it is opened together with the child. The carer may be one of the parents (same relation):
    then it is the same person. ``doubts`` are written beside what the ID number itself gives.
    """

    name: str
    uuid: str = field(default_factory=new_uuid)
    former_name: str | None = None
    name_note: str | None = None
    sex: Sex | None = None
    ethnicity: str | None = None
    birth_date: str | None = None
    birth_source: BirthSource | None = None
    id_number: str | None = None
    student_registry_no: str | None = None
    student_no: str | None = None
    native_place: str | None = None
    phone: str | None = None
    personality: str | None = None
    hobbies: str | None = None
    note: str | None = None
    class_uuid: str | None = None
    class_ref: ClassRef | None = None
    registered: bool = True
    since: str | None = None
    boards: bool | None = None
    village: str | None = None
    village_group: str | None = None
    address: str | None = None
    household_kind: HouseholdKind | None = None
    household_place: str | None = None
    health: HealthStatus | None = None
    categories: tuple[Category, ...] = ()
    reported: ReportedLabel | None = None
    people: tuple[PersonDraft, ...] = ()
    carer: PersonDraft | None = None
    care_kind: CareKind | None = None
    care_grade: CareGrade | None = None
    doubts: tuple[DoubtDraft, ...] = ()
