"""What is asked about a call before it is saved: each is a question, never a block.

The diary's own questions about the words of the log, and what only a call can have wrong: a day long ago, somebody who
is no kin of the child, more minutes than its slot has.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

from msgspec import Struct
from msgspec.structs import replace

from app.calls.log_drafts import LogDraft
from app.children.codes import Relation
from app.core.dates import is_partial_date
from app.core.text import normalise_name
from app.core.times import minute_of
from app.diary.codes import Activity
from app.diary.drafts import RecordDraft
from app.diary.guards import GuardFacts, Question, guard_facts, guard_questions
from app.diary.lines import in_json
from app.storage.store import Store

# Table and column names below are our own.
# ruff: noqa: S608

LONG_AGO = timedelta(days=60)
"""A call is written down on its day, or when a paper list is typed in; what is older than this is asked about."""
RUN_OVER = 2
"""So many minutes more than the slot are no question: the next child was called in late."""
_KINSHIP = re.compile("[爸妈爷奶公婆姑姨叔伯舅婶嫂哥姐弟妹父母]")
"""Somebody named by what they are to the child: 姑姑, 二舅."""
_FIELDS = {"content": "said", "plan": "promise", "problems": "note", "": ""}
# Children say the same every week, and may; whoever 他 or 她 is in their words, it is seldom themselves.
_NOT_OURS = frozenset({"same_text", "pronoun"})


class CallFacts(Struct, frozen=True):
    """Everything the questions about calls need, read once for all drafts of a form or a session.

    ``names`` child → its name; ``kin`` child → uuids and ``kin_names`` child → names of its family and whoever stands in
    its order of contacts; ``others`` grown-up (uuid, or name as typed) → whose family they are (谭晓东的母亲); ``slots``
    planned call → minutes; ``on_file`` attempt → the day it has in the log.
    """

    today: date
    names: Mapping[str, str]
    kin: Mapping[str, frozenset[str]]
    kin_names: Mapping[str, frozenset[str]]
    others: Mapping[str, str]
    slots: Mapping[str, int]
    on_file: Mapping[str, str]


def questions_about(store: Store, drafts: Sequence[LogDraft]) -> tuple[tuple[str, Question], ...]:
    """Return what to ask about calls before they are saved: whose (the child's name) and the question, line by line."""
    facts = call_facts(store, drafts)
    found: list[tuple[str, Question]] = []
    for draft in drafts:
        asked = list(call_questions(facts, draft))
        if draft.said or draft.promise or draft.note:
            asked += text_questions(guard_facts(store, (draft.child_uuid,)), draft)
        found += [(facts.names.get(draft.child_uuid, ""), one) for one in asked]
    return tuple(found)


def call_questions(facts: CallFacts, draft: LogDraft) -> Iterator[Question]:
    """Yield what to ask about the call itself: its day, whom it was with, how long it was. Pure."""
    yield from _about_day(facts, draft)
    yield from _about_party(facts, draft)
    length = facts.slots.get(draft.planned_uuid or "")
    if length is not None and draft.minutes is not None and draft.minutes > length + RUN_OVER:
        words = f"打了 {draft.minutes} 分钟，这个时段只有 {length} 分钟，分钟数对吗？"
        yield Question("beyond_slot", words, "minutes")


def text_questions(facts: GuardFacts, draft: LogDraft) -> tuple[Question, ...]:
    """Return what to ask about its words: other pupils' names, numbers, and its day as the diary asks. Pure.

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


def _about_day(facts: CallFacts, draft: LogDraft) -> Iterator[Question]:
    text = draft.happened_on
    if len(text) != 10 or not is_partial_date(text) or facts.on_file.get(draft.uuid) == text:
        return
    ago = facts.today - date.fromisoformat(text)
    if ago > LONG_AGO:
        yield Question("long_ago", f"{text} 是 {ago.days} 天以前，日期对吗？", "happened_on")


def _about_party(facts: CallFacts, draft: LogDraft) -> Iterator[Question]:
    child = draft.child_uuid
    typed = normalise_name(draft.spoke_with or "")
    if draft.person_uuid:
        known = draft.person_uuid in facts.kin.get(child, frozenset())
        whose = facts.others.get(draft.person_uuid, "")
    else:
        known = not typed or any(name in typed for name in facts.kin_names.get(child, frozenset()))
        whose = facts.others.get(typed, "")
    if known:
        return
    if whose:
        yield Question("not_kin", f"接电话的是{whose}，没有选错人吗？", "party")
    elif draft.person_uuid:
        yield Question("not_kin", "接电话的人不在这名儿童的联系人里，没有选错人吗？", "party")
    elif _KINSHIP.search(typed) is None:
        words = f"「{(draft.spoke_with or '').strip()}」不在这名儿童的联系人里，没有写错吗？"
        yield Question("not_kin", words, "party")


# ---- reading --------------------------------------------------------------------------------------------------------


def call_facts(store: Store, drafts: Sequence[LogDraft]) -> CallFacts:
    """Read what ``call_questions`` needs to know for these drafts."""
    children = in_json("c.uuid", "?1")
    among = _json({draft.child_uuid for draft in drafts})
    kin: dict[str, set[str]] = {}
    names: dict[str, set[str]] = {}
    for child, uuid, name in store.rows(
        "SELECT c.uuid, p.uuid, p.name FROM child c JOIN ("
        " SELECT child_id, person_id FROM kinship WHERE deleted_at IS NULL"
        " UNION SELECT child_id, person_id FROM care WHERE deleted_at IS NULL"
        " UNION SELECT child_id, person_id FROM contact_order WHERE deleted_at IS NULL AND person_id IS NOT NULL"
        f") k ON k.child_id = c.id JOIN person p ON p.id = k.person_id WHERE {children}",
        (among,),
    ):
        kin.setdefault(child, set()).add(uuid)
        if name:
            names.setdefault(child, set()).add(normalise_name(name))
    return CallFacts(
        today=store.clock.today(),
        names=dict(store.rows(f"SELECT c.uuid, c.name FROM child c WHERE {children}", (among,))),
        kin={child: frozenset(found) for child, found in kin.items()},
        kin_names={child: frozenset(found) for child, found in names.items()},
        others=_others(store, drafts),
        slots={
            uuid: minute_of(ends) - minute_of(starts)
            for uuid, starts, ends in store.rows(
                f"SELECT uuid, starts, ends FROM planned_call WHERE {in_json('uuid', '?1')}",
                (_json({draft.planned_uuid for draft in drafts if draft.planned_uuid}),),
            )
        },
        on_file=dict(
            store.rows(
                f"SELECT uuid, happened_on FROM affection_call WHERE {in_json('uuid', '?1')}",
                (_json({draft.uuid for draft in drafts}),),
            )
        ),
    )


def _others(store: Store, drafts: Sequence[LogDraft]) -> dict[str, str]:
    """Return whose family the people are who were spoken with, by uuid and, where somebody was typed, by name."""
    typed = {(draft.spoke_with or "").strip() for draft in drafts} - {""}
    uuids = {draft.person_uuid for draft in drafts if draft.person_uuid}
    if not typed and not uuids:
        return {}
    found: dict[str, str] = {}
    for uuid, name, child, relation in store.rows(
        "SELECT p.uuid, p.name, c.name, k.relation FROM person p JOIN kinship k ON k.person_id = p.id"
        " JOIN child c ON c.id = k.child_id WHERE p.deleted_at IS NULL AND k.deleted_at IS NULL"
        f" AND c.deleted_at IS NULL AND ({in_json('p.uuid', '?1')} OR {in_json('p.name', '?2')}) ORDER BY c.id",
        (_json(uuids), _json(typed)),
    ):
        code = Relation.of(relation)
        whose = f"{child}的{code.label if code else '家人'} {name or ''}".strip()
        found.setdefault(uuid, whose)
        if name:
            found.setdefault(normalise_name(name), whose)
    return found


def _json(values: set[str]) -> str:
    return json.dumps(sorted(values))
