"""The tables by which the file keeps account of itself; created by the first migration, written by the store only."""

from peewee import AutoField, IntegerField, Model, TextField


class Meta(Model):
    """One fact about the file: db_uuid, commit_no, clean_exit, min_reader_version, created_at."""

    key = TextField(primary_key=True)
    value = TextField()

    class Meta:
        legacy_table_names = False
        without_rowid = True


class Action(Model):
    """One thing the user did, in words, with the number of the commit that holds it.

    ``partial``: taking it back may leave rows that were changed later (a roster import).
    """

    id = AutoField()
    uuid = TextField(unique=True)
    at = TextField()
    who = TextField(null=True)
    kind = TextField()
    words = TextField()
    partial = IntegerField()
    commit_no = IntegerField(null=True, unique=True)
    undoes_id = IntegerField(null=True)
    undone_by_id = IntegerField(null=True)

    class Meta:
        legacy_table_names = False


class Change(Model):
    """One row written by an action: its images before and after as JSON objects; written by triggers only."""

    seq = AutoField()
    action_id = IntegerField(index=True)
    table_name = TextField()
    row_uuid = TextField(index=True)
    op = TextField()
    before_json = TextField(null=True)
    after_json = TextField(null=True)

    class Meta:
        legacy_table_names = False


class CurrentAction(Model):
    """Holds one row while an action is under way, none otherwise; the triggers read it."""

    one = IntegerField(primary_key=True)
    action_id = IntegerField()

    class Meta:
        legacy_table_names = False
