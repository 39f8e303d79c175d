"""The tables of pairing. What one row means stands above each; the columns are those of the migrations."""

from typing import ClassVar

from peewee import ForeignKeyField, IntegerField, TextField

from app.children.tables import Child, OfChild
from app.school.tables import Period, Staff, TermRow
from app.storage.base import Row


class Supporter(Row):
    """Somebody who may look after a child: a member of staff, or a person from outside with a name of its own."""

    staff = ForeignKeyField(Staff, backref="+", null=True, on_delete="RESTRICT")
    name = TextField(null=True)
    sex = TextField(null=True)
    phone = TextField(null=True)
    identity = TextField()
    organisation = TextField(null=True)
    duty = TextField(null=True)
    left_on = TextField(null=True)
    note = TextField(null=True)


class BackgroundCheck(Row):
    """One 从业查询 (未成年人保护法 62): on which day, with what result, by which office."""

    supporter = ForeignKeyField(Supporter, backref="+", on_delete="RESTRICT")
    checked_on = TextField()
    result = TextField()
    office = TextField(null=True)
    kept_at = TextField(null=True)


class PairingRow(OfChild):
    """This supporter, or this pupil as a study buddy, looks after that child."""

    keys: ClassVar[tuple[str, ...]] = ("child_id", "kind", "supporter_id", "buddy_id")
    kind = TextField()
    supporter = ForeignKeyField(Supporter, backref="+", null=True, on_delete="RESTRICT")
    buddy = ForeignKeyField(Child, backref="+", null=True, on_delete="RESTRICT")
    focus = TextField(null=True)
    agreed_on = TextField(null=True)
    kept_at = TextField(null=True)
    unchecked_reason = TextField(null=True)
    end_reason = TextField(null=True)
    end_note = TextField(null=True)

    class Meta:
        table_name = "pairing"


class PairingRuleRow(Period):
    """How the school pairs, per kind, from a day on. Loads count the children of one supporter."""

    kind = TextField()
    least = IntegerField(default=0)
    most = IntegerField()
    class_teacher = TextField(default="wish")
    siblings = TextField(default="must")
    woman_for_girls = TextField(default="wish")

    class Meta:
        table_name = "pairing_rule"


class SupporterLimit(Period):
    """A limit of one supporter's own: 0 = excused, else at most so many children; why."""

    supporter = ForeignKeyField(Supporter, backref="+", on_delete="RESTRICT")
    most = IntegerField()
    reason = TextField(null=True)


class HelpPlan(Row):
    """A help plan (帮扶计划) of one child for one term."""

    child = ForeignKeyField(Child, backref="+", on_delete="RESTRICT")
    term = ForeignKeyField(TermRow, backref="+", on_delete="RESTRICT")
    supporter = ForeignKeyField(Supporter, backref="+", null=True, on_delete="RESTRICT")
    situation = TextField(null=True)
    aim_mind = TextField(null=True)
    aim_life = TextField(null=True)
    aim_study = TextField(null=True)
    aim_conduct = TextField(null=True)
    effect = TextField(null=True)
    grade = TextField(null=True)
    reflection = TextField(null=True)
    assessed_on = TextField(null=True)
    assessor = TextField(null=True)


class HelpMeasure(Row):
    """One measure of a help plan: what, when, where, with whom."""

    child = ForeignKeyField(Child, backref="+", on_delete="RESTRICT")
    help_plan = ForeignKeyField(HelpPlan, backref="+", on_delete="RESTRICT")
    position = IntegerField()
    guidance = TextField(null=True)
    content = TextField()
    planned_for = TextField(null=True)
    place = TextField(null=True)
    participants = TextField(null=True)


class HelpStage(Row):
    """One stage of a help plan as it went."""

    child = ForeignKeyField(Child, backref="+", on_delete="RESTRICT")
    help_plan = ForeignKeyField(HelpPlan, backref="+", on_delete="RESTRICT")
    happened_on = TextField()
    entered_on = TextField()
    content = TextField()
    reaction = TextField(null=True)
    effect = TextField(null=True)


class HelpCheck(Row):
    """One spot check (抽查) of a help plan."""

    child = ForeignKeyField(Child, backref="+", on_delete="RESTRICT")
    help_plan = ForeignKeyField(HelpPlan, backref="+", on_delete="RESTRICT")
    checked_on = TextField()
    checker = TextField()
    opinion = TextField(null=True)


class IndividualPlan(Row):
    """个别教育管理方案: the restricted sister of the help plan, for the few."""

    child = ForeignKeyField(Child, backref="+", on_delete="RESTRICT")
    term = ForeignKeyField(TermRow, backref="+", on_delete="RESTRICT")
    supporter = ForeignKeyField(Supporter, backref="+", null=True, on_delete="RESTRICT")
    situation = TextField(null=True)
    aims = TextField(null=True)
    measures = TextField(null=True)
    course = TextField(null=True)
    effect = TextField(null=True)
    assessed_on = TextField(null=True)
    assessor = TextField(null=True)
