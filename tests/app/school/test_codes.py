"""The codes are those that the tables accept, each with a label."""

import re

import pytest

from app.school import codes
from app.storage.migrations.m0001_ledger import TABLES

CHECKED = [
    (codes.SchoolKind, codes.SCHOOL_KINDS, "school", "kind"),
    (codes.Stage, codes.STAGES, "school_class", "stage"),
    (codes.ClosedReason, codes.CLOSED_REASONS, "school_class", "closed_reason"),
    (codes.DayKind, codes.DAY_KINDS, "calendar_day", "kind"),
    (codes.RuleCode, codes.RULES, "counting_rule", "code"),
    (codes.ParentsOut, codes.PARENTS_OUT, "counting_rule", "parents_out"),
    (codes.HandoverKind, codes.HANDOVER_KINDS, "handover", "kind"),
    (codes.Profile, codes.PROFILES, "handover", "profile"),
]


@pytest.mark.parametrize(("enum", "labels", "table", "column"), CHECKED)
def test_codes_and_checks_agree(enum, labels, table, column):
    accepted = re.search(rf"CHECK \({column} IS NULL OR {column} IN \((.*?)\)\)", TABLES[table])[1]
    assert set(re.findall(r"'([^']+)'", accepted)) == {member.value for member in enum}
    assert set(labels) == set(enum)
