"""Who left in a month of which nobody knows the day is there until it is over, whoever asks; so with rules and numbers."""

from contextlib import closing
from datetime import date

import pytest
from sqlcipher3 import dbapi2

from app.children.codes import RegistrationEnd
from app.children.drafts import ChildDraft
from app.children.service import add_child
from app.children.tables import Enrolment, Registration
from app.dossier.at_hand import children_to_choose
from app.pairing.codes import PairingKind
from app.pairing.school_rules import pairing_rules
from app.pairing.tables import PairingRuleRow
from app.school.event_rules import event_rules
from app.school.limits import SHIPPED, Limit, limit
from app.school.tables import EventRule, Threshold
from app.storage.head_count import children_on
from app.survey.queries import has_children_to_check, survey_progress
from app.survey.service import begin_survey

DURING, OVER = date(2026, 11, 18), date(2026, 11, 30)


@pytest.fixture
def leaver(store, classes):
    """A child in a class and on the ledger until some day of November."""
    draft = ChildDraft(name="覃晓雨", class_uuid=classes["三（1）班"].uuid, since="2025-09-01")
    add_child(store, draft=draft)
    with store.action("离开", kind="test") as action:
        for model in (Registration, Enrolment):
            (key,) = store.one(f"SELECT id FROM {model._meta.table_name}")
            action.update(model, key, valid_to="2026-11", end_reason=RegistrationEnd.TRANSFERRED_OUT.value)
    return draft.uuid


def write(store, model, **values):
    with store.action("写", kind="test") as action:
        action.insert(model, **values)


def test_a_round_has_the_child_and_its_class_until_the_month_is_over(store, leaver):
    begin_survey(store, name="秋季", starts_on=date(2026, 9, 1), due_on=None)
    (uuid,) = store.one("SELECT uuid FROM survey")
    (child,) = survey_progress(store, uuid, DURING).children
    assert (child.uuid, child.class_name) == (leaver, "三（1）班")
    assert has_children_to_check(store, DURING)
    assert survey_progress(store, uuid, OVER).children == ()
    assert not has_children_to_check(store, OVER)


def test_of_two_classes_that_may_hold_the_later_one_counts_once(store, classes, leaver):
    (child,) = store.one("SELECT id FROM child")
    later = store.one("SELECT id FROM school_class WHERE uuid = ?", (classes["四（1）班"].uuid,))[0]
    write(store, Enrolment, child=child, school_class=later, valid_from="2026-11-30")
    begin_survey(store, name="秋季", starts_on=date(2026, 9, 1), due_on=None)
    (uuid,) = store.one("SELECT uuid FROM survey")
    assert [one.class_name for one in survey_progress(store, uuid, DURING).children] == ["三（1）班"]


def test_the_search_of_a_record_and_the_count_of_a_backup_know_it_too(store, leaver):
    (found,) = children_to_choose(store, DURING)
    assert (found.class_name, bool(found.registered)) == ("三（1）班", True)
    (found,) = children_to_choose(store, OVER)
    assert (found.class_name, bool(found.registered)) == ("", False)
    with closing(dbapi2.connect(store.path)) as connection:
        assert [children_on(connection, day.isoformat()) for day in (DURING, OVER)] == [1, 0]


def test_numbers_and_rules_hold_until_their_month_is_over(store):
    period = {"valid_from": "2026-09", "valid_to": "2026-11"}
    write(store, Threshold, code=Limit.PERSUASION_DAYS.value, number=9, **period)
    assert [limit(store, Limit.PERSUASION_DAYS, day) for day in (DURING, OVER)] == [
        9,
        SHIPPED[Limit.PERSUASION_DAYS].shipped,
    ]
    write(store, EventRule, code="quarrel", name="与同学争执", activity="talk", days=3, **period)
    held = [{rule.code: rule.days for rule in event_rules(store, day)} for day in (DURING, OVER)]
    assert held[0]["quarrel"] == 3
    assert held[1].get("quarrel") != 3
    kind = PairingKind.PROXY_PARENT
    write(store, PairingRuleRow, kind=kind.value, least=0, most=5, class_teacher="no", **period)
    assert [pairing_rules(store, day)[kind].most for day in (DURING, OVER)] == [5, 3]
