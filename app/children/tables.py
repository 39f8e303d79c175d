"""The tables of children, the people around them, and the rosters that were read.

What one row means stands above each; the columns are those of the migrations (a test compares them).
"""

from typing import ClassVar

from peewee import BlobField, ForeignKeyField, IntegerField, TextField

from app.school.tables import Period, SchoolClass
from app.storage.base import Row


class Person(Row):
    """A grown-up in a child's life: parent, grandparent, carer; shared by brothers and sisters."""

    name = TextField(null=True)
    sex = TextField(null=True)
    birth_date = TextField(null=True)
    id_number = TextField(null=True)
    education = TextField(null=True)
    health = TextField(null=True)
    occupation = TextField(null=True)
    dialect_only = IntegerField(null=True)
    address = TextField(null=True)
    note = TextField(null=True)


class Child(Row):
    """Any pupil the school knows, on the ledger or not."""

    name = TextField()
    former_name = TextField(null=True)
    name_note = TextField(null=True)
    pinyin = TextField(default="")
    initials = TextField(default="")
    sex = TextField(null=True)
    ethnicity = TextField(null=True)
    birth_date = TextField(null=True)
    birth_source = TextField(null=True)
    birth_note = TextField(null=True)
    id_number = TextField(null=True)
    student_registry_no = TextField(null=True)
    student_no = TextField(null=True)
    native_place = TextField(null=True)
    birth_place = TextField(null=True)
    nationality = TextField(null=True)
    political_status = TextField(null=True)
    only_child = IntegerField(null=True)
    phone = TextField(null=True)
    blood_type = TextField(null=True)
    allergies = TextField(null=True)
    medical_history = TextField(null=True)
    personality = TextField(null=True)
    hobbies = TextField(null=True)
    study = TextField(null=True)
    behaviour = TextField(null=True)
    family_contact = TextField(null=True)
    special_needs = TextField(null=True)
    care_measures = TextField(null=True)
    archive_no = TextField(null=True)
    archive_opened_on = TextField(null=True)
    note = TextField(null=True)


class Fact(Period):
    """A dated fact; no table of its own. ``keys`` are the columns of which only one period may be open."""

    keys: ClassVar[tuple[str, ...]]


class OfPerson(Fact):
    """A dated fact about a grown-up; no table of its own."""

    keys: ClassVar[tuple[str, ...]] = ("person_id",)
    person = ForeignKeyField(Person, backref="+", on_delete="RESTRICT")


class OfChild(Fact):
    """A dated fact about a child; no table of its own."""

    keys: ClassVar[tuple[str, ...]] = ("child_id",)
    child = ForeignKeyField(Child, backref="+", on_delete="RESTRICT")


# ---- about a grown-up ----------------------------------------------------------------------------------------------


class Life(OfPerson):
    """Whether a grown-up is alive and to be found."""

    status = TextField()

    class Meta:
        table_name = "life_status"


class Capacity(OfPerson):
    """Whether a parent is able to look after a child (监护能力), with reason and evidence."""

    capable = IntegerField()
    reason = TextField(null=True)
    evidence = TextField(null=True)


class Away(OfPerson):
    """A grown-up away for work, or known to be at home. No row in force = nobody has asked."""

    state = TextField()
    place = TextField(null=True)
    trade = TextField(null=True)
    employer = TextField(null=True)
    expected_return = TextField(null=True)


class Phone(OfPerson):
    """A number on which a grown-up is reached, and when somebody last tried it."""

    keys = ("person_id", "number")
    number = TextField()
    label = TextField(null=True)
    confirmed_on = TextField(null=True)
    result = TextField(null=True)


class ReachableTime(OfPerson):
    """When a grown-up can be called: on one weekday or on every one; times are HH:MM.

    ``alternate_on`` = only every ``every_weeks``-th week, counted from the week of that day (shifts by turns). A grown-up
    without any row can be called at any time.
    """

    keys: ClassVar[tuple[str, ...]] = ("person_id", "weekday", "starts", "alternate_on")
    weekday = IntegerField(null=True)
    starts = TextField()
    ends = TextField()
    alternate_on = TextField(null=True)
    every_weeks = IntegerField(default=2)


class Marriage(OfPerson):
    """Two grown-ups as a couple, or one whose marriage has ended."""

    spouse = ForeignKeyField(Person, backref="+", null=True, on_delete="RESTRICT")
    status = TextField()


# ---- about a child -------------------------------------------------------------------------------------------------


class Kinship(OfChild):
    """This grown-up is this to that child."""

    keys = ("child_id", "person_id")
    person = ForeignKeyField(Person, backref="+", on_delete="RESTRICT")
    relation = TextField()
    label = TextField(null=True)
    lives_together = IntegerField(null=True)


class ContactOrder(Row):
    """Whom to call for a child, in order: a grown-up, or an office such as the village committee."""

    child = ForeignKeyField(Child, backref="+", on_delete="RESTRICT")
    person = ForeignKeyField(Person, backref="+", null=True, on_delete="RESTRICT")
    office = TextField(null=True)
    office_number = TextField(null=True)
    rank = IntegerField()
    reachable = TextField(null=True)
    language_note = TextField(null=True)


class Care(OfChild):
    """Who really looks after a child, and how well."""

    person = ForeignKeyField(Person, backref="+", null=True, on_delete="RESTRICT")
    kind = TextField()
    grade = TextField(null=True)
    carer_able = IntegerField(null=True)
    assessed_on = TextField(null=True)
    assessor = TextField(null=True)


class CarePaper(OfChild):
    """A paper about the care: written notice, entrustment, four-bar declaration, child heard, consent."""

    keys = ("child_id", "kind")
    person = ForeignKeyField(Person, backref="+", null=True, on_delete="RESTRICT")
    kind = TextField()
    done = IntegerField()
    dated_on = TextField(null=True)
    form = TextField(null=True)
    kept_at = TextField(null=True)


class Registration(OfChild):
    """A child on one of the school's registers from one day to another."""

    keys = ("child_id", "kind")
    kind = TextField()
    end_reason = TextField(null=True)
    end_note = TextField(null=True)


class Enrolment(OfChild):
    """A child in one class."""

    school_class = ForeignKeyField(SchoolClass, backref="+", on_delete="RESTRICT")
    end_reason = TextField(null=True)
    end_note = TextField(null=True)


class Schooling(OfChild):
    """Where a child stands in schooling when no class of ours says it."""

    status = TextField()


class Boarding(OfChild):
    """Whether a child boards at school."""

    boards = IntegerField()


class Health(OfChild):
    """A child's state of health in the words of the school register."""

    status = TextField()
    illness = TextField(null=True)


class Disability(OfChild):
    """One certified disability."""

    keys = ("child_id", "kind")
    kind = TextField()
    grade = IntegerField(null=True)
    certificate_no = TextField(null=True)


class Household(OfChild):
    """Household registration (户籍): registered or not, what kind, where."""

    registered = IntegerField(null=True)
    kind = TextField(null=True)
    place = TextField(null=True)
    village_committee = IntegerField(null=True)


class Residence(OfChild):
    """Where a child lives now, with village and group (村组)."""

    address = TextField(null=True)
    village = TextField(null=True)
    village_group = TextField(null=True)


class CategoryFlag(OfChild):
    """A category a child was found to belong to, on what basis, evidenced when."""

    keys = ("child_id", "category")
    category = TextField()
    basis = TextField(null=True)
    evidence_date = TextField(null=True)
    kept_at = TextField(null=True)


class Ground(OfChild):
    """Why a child counts as de facto unsupported, per parent. Restricted: holds detention."""

    keys = ("child_id", "person_id", "ground")
    person = ForeignKeyField(Person, backref="+", on_delete="RESTRICT")
    ground = TextField()
    evidence = TextField(null=True)

    class Meta:
        table_name = "unsupported_ground"


class Livelihood(OfChild):
    """What a household lives on, or which aid it receives. Kinds only, never sums."""

    keys = ("child_id", "kind", "code")
    kind = TextField()
    code = TextField()
    basis = TextField(null=True)
    evidence_date = TextField(null=True)

    class Meta:
        table_name = "household_fact"


class ReportedStatus(OfChild):
    """What a roster said about the parents in one word, kept as reported beside what the facts give."""

    label = TextField()
    raw_text = TextField(null=True, column_name="raw")


# ---- rosters that were read ----------------------------------------------------------------------------------------


class ImportRun(Row):
    """One roster read into the ledger."""

    file_name = TextField()
    file_sha256 = TextField()
    data_date = TextField()
    row_count = IntegerField()
    new_count = IntegerField()
    updated_count = IntegerField()
    unchanged_count = IntegerField()
    parked_count = IntegerField()
    marked_count = IntegerField()


class ParkedRow(Row):
    """A roster row that could not go in by itself: kept whole, with its reason, until somebody decides."""

    import_run = ForeignKeyField(ImportRun, backref="+", on_delete="RESTRICT")
    sheet = TextField()
    row_number = IntegerField()
    code = TextField()
    reason = TextField()
    raw_json = TextField()
    child = ForeignKeyField(Child, backref="+", null=True, on_delete="RESTRICT")
    resolved_at = TextField(null=True)
    resolution = TextField(null=True)


class Doubt(Row):
    """A cell that went in with a doubt, or stayed out for one. Open until somebody looked at the paper."""

    child = ForeignKeyField(Child, backref="+", on_delete="RESTRICT")
    import_run = ForeignKeyField(ImportRun, backref="+", null=True, on_delete="RESTRICT")
    field = TextField()
    code = TextField()
    reason = TextField()
    raw_text = TextField(null=True, column_name="raw")
    sheet = TextField(null=True)
    row_number = IntegerField(null=True)
    column_name = TextField(null=True)
    resolved_at = TextField(null=True)
    resolution = TextField(null=True)


class ImportTemplate(Row):
    """Which column of a kind of roster means what, as she last corrected it."""

    signature = TextField()
    mapping_json = TextField()


class ImportFile(Row):
    """The file a roster came in, as it was. Named by the run's uuid, so that undoing an import keeps it."""

    import_run_uuid = TextField()
    content = BlobField()


# Facts that ``service_facts`` may write, by the name of their table.
DATED: dict[str, type[Fact]] = {
    model._meta.table_name: model
    for model in (
        Kinship,
        Life,
        Capacity,
        Away,
        Phone,
        ReachableTime,
        Marriage,
        Care,
        CarePaper,
        Registration,
        Enrolment,
        Schooling,
        Boarding,
        Health,
        Disability,
        Household,
        Residence,
        CategoryFlag,
        Ground,
        Livelihood,
        ReportedStatus,
    )
}
