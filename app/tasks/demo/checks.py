"""The term's survey of the demo school: a round of this term that has come to its end, three children left over."""

from datetime import date, timedelta

from app.children.codes import RegistrationKind
from app.school.calendar import Term
from app.storage.action import Action
from app.storage.store import Store
from app.survey.codes import Way
from app.survey.service import usual_name
from app.survey.tables import Survey, SurveyCheck
from app.tasks.demo.invent import Invent

_LEFT_OVER = 3
_NOTES = ("换了电话", "父母换了打工的地方", "搬到镇上租住", "现在由外婆照看")


def round_of(term: Term) -> tuple[date, date]:
    """Return the days on which the round of a term begins and ends: from its second Monday, three weeks."""
    first = term.starts_on + timedelta(days=7 - term.starts_on.weekday())
    return first, first + timedelta(days=21)


def write_survey(store: Store, action: Action, invent: Invent, term: Term) -> None:
    """Write the round of this term: nearly every child checked by the teacher of its class, one in eight changed."""
    begins, ends = round_of(term)
    rows = store.rows(
        "SELECT c.id, coalesce(max(s.name), '陈素兰'), coalesce(max(r.valid_from), '') FROM child c"
        " JOIN registration r ON r.child_id = c.id AND r.kind = ?1 AND coalesce(r.valid_from, '') <= ?2"
        "  AND coalesce(r.valid_to, '9') > ?2"
        " LEFT JOIN enrolment e ON e.child_id = c.id AND e.valid_to IS NULL"
        " LEFT JOIN class_teacher t ON t.school_class_id = e.school_class_id AND t.valid_to IS NULL"
        " LEFT JOIN staff s ON s.id = t.staff_id GROUP BY c.id ORDER BY c.id",
        (RegistrationKind.LEFT_BEHIND.value, ends.isoformat()),
    )
    survey = action.insert(
        Survey,
        uuid=invent.uuid(),
        name=usual_name(term),
        term_id=term.id or None,
        starts_on=begins.isoformat(),
        due_on=ends.isoformat(),
        closed_on=ends.isoformat(),
    )
    checks = []
    for child, teacher, since in rows[: max(len(rows) - _LEFT_OVER, 1)]:
        changed = invent.chance(12)
        checks.append(
            {
                "uuid": invent.uuid(),
                "child_id": child,
                "survey_id": int(survey),
                "checked_on": max(invent.day(begins, ends).isoformat(), since),
                "checked_by": teacher,
                "way": Way.WORKBOOK.value if invent.chance(70) else Way.PAPER.value,
                "changed": int(changed),
                "note": invent.pick(_NOTES) if changed else None,
            }
        )
    action.insert_many(SurveyCheck, checks)
