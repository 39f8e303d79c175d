"""The tables of the term's survey. What one row means stands above each; the columns are those of the migrations."""

from peewee import ForeignKeyField, IntegerField, TextField

from app.children.tables import Child
from app.school.tables import TermRow
from app.storage.base import Row


class Survey(Row):
    """One round of 摸底核实."""

    name = TextField()
    term = ForeignKeyField(TermRow, backref="+", null=True, on_delete="RESTRICT")
    starts_on = TextField()
    due_on = TextField(null=True)
    closed_on = TextField(null=True)


class SurveyCheck(Row):
    """A child's facts were checked in a survey: when, by whom, how, and whether anything had changed."""

    child = ForeignKeyField(Child, backref="+", on_delete="RESTRICT")
    survey = ForeignKeyField(Survey, backref="+", on_delete="RESTRICT")
    checked_on = TextField()
    checked_by = TextField()
    way = TextField()
    changed = IntegerField()
    note = TextField(null=True)
