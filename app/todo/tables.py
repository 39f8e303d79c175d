"""The tables of what is due. What one row means stands above each; the columns are those of the migrations."""

from typing import ClassVar

from peewee import ForeignKeyField, IntegerField, TextField

from app.children.tables import Child
from app.diary.tables import CareRecord
from app.pairing.tables import Supporter
from app.school.tables import Period
from app.storage.base import Row


class CadenceRule(Period):
    """How often something is to be done: for all children, for those set apart as 重点, or for one child.

    ``times`` 0 = not asked of. ``audience`` says who owes it: each child's supporter, each teacher, the school.
    """

    keys: ClassVar[tuple[str, ...]] = ("activity", "audience", "scope", "child_id")
    activity = TextField()
    audience = TextField()
    scope = TextField(default="all")
    child = ForeignKeyField(Child, backref="+", null=True, on_delete="RESTRICT")
    times = IntegerField()
    per = TextField()
    note = TextField(null=True)


class PaperForm(Row):
    """A blank form that was printed for a child (周纸单). ``code`` brings it back to child and form.

    ``asked_uuid`` is the event, or the record with a follow-up, it was printed for; NULL = a cadence, or not known.
    """

    child = ForeignKeyField(Child, backref="+", on_delete="RESTRICT")
    code = TextField()
    activity = TextField()
    supporter = ForeignKeyField(Supporter, backref="+", null=True, on_delete="RESTRICT")
    due_on = TextField(null=True)
    why = TextField(null=True)
    printed_on = TextField()
    batch = TextField()
    care_record = ForeignKeyField(CareRecord, backref="+", null=True, on_delete="RESTRICT")
    void_on = TextField(null=True)
    void_reason = TextField(null=True)
    asked_uuid = TextField(null=True)
