"""What is asked about a call before it is saved: the diary's own questions, about the words of the log."""

from dataclasses import replace

from app.calls.log_drafts import LogDraft
from app.diary.codes import Activity
from app.diary.drafts import RecordDraft
from app.diary.guards import GuardFacts, Question, guard_questions

_FIELDS = {"content": "said", "plan": "promise", "problems": "note", "": ""}
# Children say the same every week, and may; whoever 他 or 她 is in their words, it is seldom themselves.
_NOT_OURS = frozenset({"same_text", "pronoun"})


def call_questions(facts: GuardFacts, draft: LogDraft) -> tuple[Question, ...]:
    """Return what to ask about a call: its day, other pupils' names, numbers in the words. Pure.

    ``facts`` are ``diary.guards.guard_facts`` of the child; ``Question.field`` is ``said``, ``promise`` or ``note``.
    """
    record = RecordDraft(
        uuid=draft.uuid,
        children=(draft.child_uuid,),
        kind=Activity.CONTACT,
        happened_on=draft.happened_on,
        supporter_uuid=draft.staff_uuid,
        content=draft.said,
        plan=draft.promise.content if draft.promise else None,
        problems=draft.note,
    )
    return tuple(
        replace(asked, field=_FIELDS[asked.field])
        for asked in guard_questions(facts, record)
        if asked.key not in _NOT_OURS
    )
