"""The tables of affection calls. What one row means stands above each; the columns are those of the migrations.

A planned call and a call that was made are rows of one child each; brothers and sisters who share one telephone share
``occasion``. Times of day are HH:MM; a slot is half-open [starts, ends).
"""

from typing import ClassVar

from peewee import ForeignKeyField, IntegerField, TextField

from app.children.tables import Child, Person, Phone
from app.diary.tables import Promise, TriggerEvent
from app.school.tables import Period, Staff
from app.storage.base import Row


class CallLine(Period):
    """A telephone or computer on which children talk with their parents; ``planned`` 0 = no slots, called and logged."""

    keys: ClassVar[tuple[str, ...]] = ("name",)
    name = TextField()
    kind = TextField()
    medium = TextField()
    staff = ForeignKeyField(Staff, backref="+", null=True, on_delete="RESTRICT")
    planned = IntegerField(default=1)
    number = TextField(null=True)
    place = TextField(null=True)
    note = TextField(null=True)


class CallOpening(Period):
    """When a line is open on a weekday, cut into slots; what is left over at the end is no slot."""

    keys: ClassVar[tuple[str, ...]] = ("call_line_id", "weekday", "starts")
    call_line = ForeignKeyField(CallLine, backref="+", on_delete="RESTRICT")
    weekday = IntegerField()
    starts = TextField()
    ends = TextField()
    slot_minutes = IntegerField()


class CallClosure(Row):
    """When a line, or every line (None), cannot be used, and why: first and last day, or a part of each."""

    call_line = ForeignKeyField(CallLine, backref="+", null=True, on_delete="RESTRICT")
    first_on = TextField()
    last_on = TextField()
    starts = TextField(null=True)
    ends = TextField(null=True)
    reason = TextField()


class CallWish(Period):
    """What the child itself wishes: to call at all, whom, by what, in its own words."""

    keys: ClassVar[tuple[str, ...]] = ("child_id",)
    child = ForeignKeyField(Child, backref="+", on_delete="RESTRICT")
    wants = IntegerField(default=1)
    person = ForeignKeyField(Person, backref="+", null=True, on_delete="RESTRICT")
    medium = TextField(null=True)
    note = TextField(null=True)


class PlannedCallRow(Row):
    """One child's call in one slot. ``place`` 0 = the slot's first child, 1 … its brothers and sisters.

    ``fixed`` = planning again leaves it, as it leaves what was printed; ``moved_from`` = the minute it stood at before.
    """

    child = ForeignKeyField(Child, backref="+", on_delete="RESTRICT")
    call_line = ForeignKeyField(CallLine, backref="+", on_delete="RESTRICT")
    day = TextField()
    starts = TextField()
    ends = TextField()
    place = IntegerField(default=0)
    occasion = TextField()
    medium = TextField()
    person = ForeignKeyField(Person, backref="+", null=True, on_delete="RESTRICT")
    origin = TextField()
    fixed = IntegerField(default=0)
    printed_on = TextField(null=True)
    moved_from = TextField(null=True)
    cancelled_on = TextField(null=True)
    cancelled_reason = TextField(null=True)
    note = TextField(null=True)

    class Meta:
        table_name = "planned_call"


class AffectionCallRow(Row):
    """One attempt to call for one child, through or not.

    ``spoke_with`` when it was nobody on file; ``promise`` was made in it, ``trigger_event`` fell due because of it.
    ``phone`` is which of the grown-up's numbers was dialled; the number itself stands there alone.
    """

    child = ForeignKeyField(Child, backref="+", on_delete="RESTRICT")
    planned_call = ForeignKeyField(PlannedCallRow, backref="+", null=True, on_delete="RESTRICT")
    happened_on = TextField()
    entered_on = TextField()
    started = TextField(null=True)
    minutes = IntegerField(null=True)
    call_line = ForeignKeyField(CallLine, backref="+", null=True, on_delete="RESTRICT")
    medium = TextField()
    outcome = TextField()
    person = ForeignKeyField(Person, backref="+", null=True, on_delete="RESTRICT")
    phone = ForeignKeyField(Phone, backref="+", null=True, on_delete="RESTRICT")
    spoke_with = TextField(null=True)
    mood = TextField(null=True)
    said = TextField(null=True)
    rescheduled_to = TextField(null=True)
    staff = ForeignKeyField(Staff, backref="+", null=True, on_delete="RESTRICT")
    promise = ForeignKeyField(Promise, backref="+", null=True, on_delete="RESTRICT")
    trigger_event = ForeignKeyField(TriggerEvent, backref="+", null=True, on_delete="RESTRICT")
    occasion = TextField(null=True)
    note = TextField(null=True)

    class Meta:
        table_name = "affection_call"


class CallImport(Row):
    """One workbook or text table of call results read into the log."""

    file_name = TextField()
    file_sha256 = TextField()
    row_count = IntegerField()
    new_count = IntegerField()
    known_count = IntegerField()
    parked_count = IntegerField()


class CallParked(Row):
    """A row of it that could not go in by itself: kept whole, until somebody decides."""

    call_import = ForeignKeyField(CallImport, backref="+", on_delete="RESTRICT")
    sheet = TextField()
    row_number = IntegerField()
    code = TextField()
    reason = TextField()
    raw_json = TextField()
    child = ForeignKeyField(Child, backref="+", null=True, on_delete="RESTRICT")
    resolved_at = TextField(null=True)
    resolution = TextField(null=True)
