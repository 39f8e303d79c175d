"""The tables of the diary. What one row means stands above each; the columns are those of the migrations.

``happened_on`` is when it was so, ``entered_on`` when it was written down; the second never changes (补录).
"""

from peewee import BlobField, ForeignKeyField, IntegerField, TextField

from app.children.tables import Child, Person
from app.pairing.tables import Supporter
from app.school.tables import SchoolClass
from app.storage.base import Row


class CareRecord(Row):
    """One thing done with or for one child. ``occasion`` is shared by the rows of one visit to two brothers."""

    child = ForeignKeyField(Child, backref="+", on_delete="RESTRICT")
    kind = TextField()
    happened_on = TextField()
    entered_on = TextField()
    started = TextField(null=True)
    ended = TextField(null=True)
    minutes = IntegerField(null=True)
    medium = TextField(null=True)
    topic = TextField(null=True)
    place = TextField(null=True)
    supporter = ForeignKeyField(Supporter, backref="+", null=True, on_delete="RESTRICT")
    person = ForeignKeyField(Person, backref="+", null=True, on_delete="RESTRICT")
    present = TextField(null=True)
    mind = IntegerField(default=0)
    life = IntegerField(default=0)
    study = IntegerField(default=0)
    conduct = IntegerField(default=0)
    background = TextField(null=True)
    content = TextField(null=True)
    reaction = TextField(null=True)
    plan = TextField(null=True)
    follow_up_on = TextField(null=True)
    follows = ForeignKeyField("self", backref="+", null=True, on_delete="RESTRICT")
    contacted = IntegerField(null=True)
    family = TextField(null=True)
    economy = TextField(null=True)
    attitude = TextField(null=True)
    surroundings = TextField(null=True)
    at_school = TextField(null=True)
    at_home = TextField(null=True)
    needs = TextField(null=True)
    problems = TextField(null=True)
    occasion = TextField(null=True)


class Promise(Row):
    """Something promised to a child or its carers; open until it was kept or, with a reason, given up."""

    child = ForeignKeyField(Child, backref="+", on_delete="RESTRICT")
    care_record = ForeignKeyField(CareRecord, backref="+", null=True, on_delete="RESTRICT")
    supporter = ForeignKeyField(Supporter, backref="+", null=True, on_delete="RESTRICT")
    content = TextField()
    promised_on = TextField()
    due_on = TextField(null=True)
    kept_on = TextField(null=True)
    kept_record = ForeignKeyField(CareRecord, backref="+", null=True, on_delete="RESTRICT")
    given_up_on = TextField(null=True)
    note = TextField(null=True)


class TriggerEvent(Row):
    """Something that happened to a child and opens a visit; closed by the linked record only, or withdrawn."""

    child = ForeignKeyField(Child, backref="+", on_delete="RESTRICT")
    rule_code = TextField()
    happened_on = TextField()
    entered_on = TextField()
    note = TextField(null=True)
    supporter = ForeignKeyField(Supporter, backref="+", null=True, on_delete="RESTRICT")
    closed_by = ForeignKeyField(CareRecord, backref="+", null=True, on_delete="RESTRICT")
    withdrawn_on = TextField(null=True)
    withdrawn_note = TextField(null=True)


class Meeting(Row):
    """A meeting (家长会, 座谈会 …); ``present_count`` when only heads were counted."""

    kind = TextField()
    happened_on = TextField()
    entered_on = TextField()
    started = TextField(null=True)
    ended = TextField(null=True)
    school_class = ForeignKeyField(SchoolClass, backref="+", null=True, on_delete="RESTRICT")
    host = ForeignKeyField(Supporter, backref="+", null=True, on_delete="RESTRICT")
    place = TextField(null=True)
    topic = TextField()
    content = TextField(null=True)
    decision = TextField(null=True)
    present_count = IntegerField(null=True)


class Attendance(Row):
    """Who came to a meeting for which child."""

    child = ForeignKeyField(Child, backref="+", on_delete="RESTRICT")
    meeting = ForeignKeyField(Meeting, backref="+", on_delete="RESTRICT")
    came = IntegerField()
    person = ForeignKeyField(Person, backref="+", null=True, on_delete="RESTRICT")
    attendee = TextField(null=True)
    relation = TextField(null=True)
    note = TextField(null=True)


class Absence(Row):
    """A child that is not at school without leave, until it is back or its case closed (控辍保学)."""

    child = ForeignKeyField(Child, backref="+", on_delete="RESTRICT")
    happened_on = TextField()
    entered_on = TextField()
    reason = TextField(null=True)
    found_by = TextField(null=True)
    suspected_on = TextField(null=True)
    reported_on = TextField(null=True)
    reported_to = TextField(null=True)
    receiver = TextField(null=True)
    dropout_on = TextField(null=True)
    returned_on = TextField(null=True)
    closed_on = TextField(null=True)
    closed_reason = TextField(null=True)
    note = TextField(null=True)


class ReturnPersuasion(Row):
    """The n-th time somebody went to bring a child back to school (劝返)."""

    child = ForeignKeyField(Child, backref="+", on_delete="RESTRICT")
    absence = ForeignKeyField(Absence, backref="+", on_delete="RESTRICT")
    happened_on = TextField()
    entered_on = TextField()
    persons = TextField(null=True)
    medium = TextField(null=True)
    course = TextField(null=True)
    result = TextField(null=True)


class Phrase(Row):
    """A phrase of her own, put into a text by choice."""

    field = TextField()
    content = TextField()
    position = IntegerField()


class Incident(Row):
    """An incident (突发事件) with the times of the emergency steps. Restricted.

    ``carer_untold`` and ``parents_untold`` are why they are better not told; NULL = nothing of the kind was said.
    """

    child = ForeignKeyField(Child, backref="+", on_delete="RESTRICT")
    number = TextField()
    kind = TextField()
    severity = TextField(null=True)
    found_at = TextField()
    entered_on = TextField()
    found_by = TextField(null=True)
    place = TextField(null=True)
    course = TextField(null=True)
    rescued_at = TextField(null=True)
    rescue = TextField(null=True)
    carer_told_at = TextField(null=True)
    parents_told_at = TextField(null=True)
    must_report = IntegerField(null=True)
    outcome = TextField(null=True)
    closed_on = TextField(null=True)
    carer_untold = TextField(null=True)
    parents_untold = TextField(null=True)


class IncidentReport(Row):
    """One report of an incident (强制报告): when, to whom, by whom, with what receipt. Restricted."""

    child = ForeignKeyField(Child, backref="+", on_delete="RESTRICT")
    incident = ForeignKeyField(Incident, backref="+", on_delete="RESTRICT")
    reported_at = TextField()
    body = TextField()
    recipient = TextField(null=True)
    reporter = TextField()
    receipt_no = TextField(null=True)


class Counselling(Row):
    """Psychological counselling (心理疏导). What was said lies in ``sealed`` under a passphrase. Restricted."""

    child = ForeignKeyField(Child, backref="+", on_delete="RESTRICT")
    number = TextField()
    happened_on = TextField()
    entered_on = TextField()
    started = TextField(null=True)
    ended = TextField(null=True)
    supporter = ForeignKeyField(Supporter, backref="+", null=True, on_delete="RESTRICT")
    form = TextField(null=True)
    origin = TextField(null=True)
    key_uuid = TextField()
    sealed = TextField()


class CounsellingKey(Row):
    """The key of the counselling notes, wrapped: by the passphrase, and by the words of the recovery slip."""

    key_uuid = TextField()
    way = TextField()
    salt = TextField()
    cost = IntegerField()
    wrapped = TextField()


class Attachment(Row):
    """A photo or scan with a child or one of its records; never changed. ``size`` in bytes. Restricted."""

    child = ForeignKeyField(Child, backref="+", on_delete="RESTRICT")
    care_record = ForeignKeyField(CareRecord, backref="+", null=True, on_delete="RESTRICT")
    kind = TextField()
    title = TextField(null=True)
    media_type = TextField()
    size = IntegerField()
    sha256 = TextField()
    width = IntegerField(null=True)
    height = IntegerField(null=True)
    taken_on = TextField(null=True)


class AttachmentContent(Row):
    """The bytes of an attachment, named by its uuid, so that undoing the adding keeps them. Restricted."""

    attachment_uuid = TextField()
    content = BlobField()


class DiaryImport(Row):
    """One workbook of past records read into the diary."""

    file_name = TextField()
    file_sha256 = TextField()
    row_count = IntegerField()
    new_count = IntegerField()
    known_count = IntegerField()
    parked_count = IntegerField()


class DiaryParked(Row):
    """A row of such a workbook that could not go in by itself: kept whole, until somebody decides. Restricted."""

    diary_import = ForeignKeyField(DiaryImport, backref="+", on_delete="RESTRICT")
    sheet = TextField()
    row_number = IntegerField()
    code = TextField()
    reason = TextField()
    raw_json = TextField()
    child = ForeignKeyField(Child, backref="+", null=True, on_delete="RESTRICT")
    resolved_at = TextField(null=True)
    resolution = TextField(null=True)
