"""The tables of the school. What one row means stands above each; the columns are those of the migrations."""

from typing import ClassVar

from peewee import ForeignKeyField, IntegerField, TextField

from app.storage.base import Row


class Period(Row):
    """A dated fact: in force on [valid_from, valid_to), partial ISO dates; no table of its own."""

    valid_from = TextField(null=True)
    valid_to = TextField(null=True)
    source = TextField(null=True)
    noted_on = TextField(null=True)


class Staff(Row):
    """A member of staff, present or past."""

    name = TextField()
    sex = TextField(null=True)
    phone = TextField(null=True)
    duty = TextField(null=True)
    subject = TextField(null=True)
    joined_on = TextField(null=True)
    left_on = TextField(null=True)
    note = TextField(null=True)


class School(Row):
    """The school this file belongs to: one live row."""

    name = TextField()
    code = TextField(null=True)
    kind = TextField()
    province = TextField(null=True)
    town = TextField(null=True)
    area_code = TextField(null=True)
    address = TextField(null=True)
    phone = TextField(null=True)
    principal = TextField(null=True)
    care_teacher = ForeignKeyField(Staff, backref="+", null=True, on_delete="RESTRICT")
    primary_grades = IntegerField(default=6)
    junior_grades = IntegerField(default=3)
    resident_is_rural = IntegerField(null=True)


class SchoolYear(Row):
    """The day a school year begins; grades move on that day."""

    start_year = IntegerField()
    starts_on = TextField()


class TermRow(Row):
    """One term of a school year: first and last school day."""

    school_year = ForeignKeyField(SchoolYear, backref="+", on_delete="RESTRICT")
    ordinal = IntegerField()
    starts_on = TextField()
    ends_on = TextField()

    class Meta:
        table_name = "term"


class CalendarDayRow(Row):
    """A day that is not what its weekday says: a holiday, or a weekend day worked instead (调休)."""

    day = TextField()
    kind = TextField()
    name = TextField()

    class Meta:
        table_name = "calendar_day"


class SchoolClass(Row):
    """A class as the cohort that entered in one year; number 0 = its grade's only one."""

    stage = TextField()
    entering_year = IntegerField()
    number = IntegerField(default=0)
    closed_on = TextField(null=True)
    closed_reason = TextField(null=True)


class ClassTeacher(Period):
    """Who leads a class as its head teacher (班主任)."""

    school_class = ForeignKeyField(SchoolClass, backref="+", on_delete="RESTRICT")
    staff = ForeignKeyField(Staff, backref="+", on_delete="RESTRICT")


class HeadCount(Row):
    """How many boys and girls a class has in one term, all pupils, as the school counts them."""

    school_class = ForeignKeyField(SchoolClass, backref="+", on_delete="RESTRICT")
    term = ForeignKeyField(TermRow, backref="+", on_delete="RESTRICT")
    boys = IntegerField()
    girls = IntegerField()
    counted_on = TextField(null=True)


class CountingRuleRow(Row):
    """One 口径: how an office wants left-behind children counted."""

    code = TextField()
    parents_out = TextField()
    months = IntegerField()
    under_age = IntegerField(null=True)
    from_age = IntegerField(null=True)
    orphans_in = IntegerField(default=0)
    note = TextField(null=True)

    class Meta:
        table_name = "counting_rule"


class Handover(Row):
    """What left the program: an export, a print, a PDF, a stick copy, a revealed number. Never changed."""

    happened_at = TextField()
    kind = TextField()
    content = TextField()
    people = IntegerField()
    profile = TextField(null=True)
    reason = TextField(null=True)
    recipient = TextField(null=True)
    file_name = TextField(null=True)
    sha256 = TextField(null=True)
    as_of = TextField(null=True)
    data_commit_no = IntegerField()
    who = TextField(null=True)


class Drill(Row):
    """One rehearsal of a restore (演习): which backup, what was found in it. Never changed; NULL = not got so far."""

    happened_on = TextField()
    backup_made_at = TextField()
    children = IntegerField(null=True)
    records = IntegerField(null=True)
    commit_no = IntegerField(null=True)
    journal_commits = IntegerField(default=0)
    result = TextField()
    note = TextField(null=True)
    who = TextField(null=True)


class Destruction(Row):
    """One permanent deletion (永久删除): what went, without names, how much, why. Never changed."""

    happened_on = TextField()
    content = TextField()
    records = IntegerField()
    counts = TextField()
    reason = TextField()
    copies_until = TextField(null=True)
    paper_ref = TextField(null=True)
    who = TextField(null=True)


class EventRule(Period):
    """An event that opens a visit: 五必访 and the school's own. ``days`` from the event to the due date."""

    code = TextField()
    name = TextField()
    family = TextField(null=True)
    activity = TextField(default="home_visit")
    days = IntegerField()


class Threshold(Period):
    """A number the school sets: after how many days, within how many minutes."""

    code = TextField()
    number = IntegerField()


class LessonTime(Period):
    """A span of the school day (作息): of every class or of one, on one weekday or on every one; times are HH:MM.

    ``kept_free`` = no child of these classes is called out of it.
    """

    keys: ClassVar[tuple[str, ...]] = ("school_class_id", "weekday", "name", "starts")
    name = TextField()
    school_class = ForeignKeyField(SchoolClass, backref="+", null=True, on_delete="RESTRICT")
    weekday = IntegerField(null=True)
    starts = TextField()
    ends = TextField()
    kept_free = IntegerField(default=0)


class DutyTurn(Period):
    """Who is on duty (值班) on a weekday: in every week of the term, or in those of odd or even number."""

    keys: ClassVar[tuple[str, ...]] = ("weekday", "weeks", "starts", "staff_id")
    staff = ForeignKeyField(Staff, backref="+", on_delete="RESTRICT")
    weekday = IntegerField()
    weeks = TextField(default="every")
    starts = TextField(null=True)
    ends = TextField(null=True)
    leader = ForeignKeyField(Staff, backref="+", null=True, on_delete="RESTRICT")


class DutyDay(Row):
    """One day on which somebody else is on duty (代班): who, instead of whom."""

    day = TextField()
    staff = ForeignKeyField(Staff, backref="+", on_delete="RESTRICT")
    instead_of = ForeignKeyField(Staff, backref="+", null=True, on_delete="RESTRICT")
    starts = TextField(null=True)
    ends = TextField(null=True)
    reason = TextField(null=True)
