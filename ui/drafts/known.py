"""Which forms there are, on which page each is, and which version of its fields this program knows."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from app.storage.drafts import Draft


class Form(StrEnum):
    """The name of a form in a draft; never renamed, a changed meaning gets a higher version below."""

    CHILD_FIELDS = "child.fields"
    CHANGE = "child.change"
    CORRECT = "child.correct"
    PAPER = "child.paper"
    LEAVE = "child.leave"
    RETURN = "child.return"
    REGISTER = "child.register"
    PERSON = "child.person"
    PHONE = "child.phone"
    NEW_NUMBER = "child.new_number"
    OFFICE = "child.office"
    ADD_CHILD = "children.add"
    GRID = "children.grid"
    BULK = "children.bulk"
    STAFF = "settings.staff"
    STAFF_LIST = "settings.staff_list"
    CLASS = "settings.class"
    COHORT = "settings.cohort"
    JOIN = "settings.join"
    DAY = "settings.day"
    SPLIT = "settings.split"
    REPEAT = "settings.repeat"
    SETTING = "settings.fields"
    CADENCE = "settings.cadence"
    EVENT_RULE = "settings.event_rule"
    LIMIT = "settings.limit"
    RECORD = "record.fields"
    WEEK = "diary.week"
    MEETING = "diary.meeting"
    ABSENCE = "diary.absence"
    PERSUASION = "diary.persuasion"
    INCIDENT = "diary.incident"
    COUNSELLING = "diary.counselling"
    CALL = "calls.call"
    CALL_BATCH = "call_batch.grid"
    LINE = "call_lines.line"
    HOURS = "call_lines.hours"
    CLOSURE = "call_lines.closure"
    LESSON = "call_lines.lesson"
    DUTY_TURN = "call_lines.turn"
    DUTY_SWAP = "call_lines.swap"
    REACHABLE = "child.reachable"
    WISH = "child.wish"
    PAIR = "pairing.pair"
    SUPPORTER = "pairing.supporter"
    PAIRING_RULE = "pairing.rule"
    PAIR_MOVE = "pairing.move"
    SUPPORTER_LIMIT = "supporter.limit"
    SUPPORTER_CHECK = "supporter.check"
    PAIR_DATA = "supporter.data"
    PAIR_END = "supporter.end"
    HAND_OVER = "supporter_handover.last"
    HAND_OVER_TO = "supporter_handover.to"
    HELP_PLAN = "help_plan.fields"
    HELP_STAGE = "help_plan.stage"
    INDIVIDUAL_PLAN = "help_plan.individual"
    WAITING_ROW = "importing.waiting"
    WAITING_RECORD = "importing_records.waiting"
    WAITING_CALL = "call_import.waiting"
    SURVEY = "survey.begin"
    SURVEY_CHECK = "survey.check"
    PROMISE_KEPT = "timeline.kept"
    PROMISE_DROPPED = "timeline.dropped"
    HAPPENED = "timeline.happened"
    WITHDRAWN = "timeline.withdrawn"


_VERSION: dict[Form, int] = {}
"""1 unless it is said otherwise here."""
_PAGES = {Form.ADD_CHILD: "ledger", Form.BULK: "ledger", Form.GRID: "entry"}
"""Where they are not on the page that the first half of their name says."""
_PARTS = {"timeline": "child"}
"""Parts that stand on a page of another name."""


_CLOSED: Mapping[str, str] = {
    Form.INCIDENT: "一次突发事件",
    Form.COUNSELLING: "一次心理疏导",
    Form.INDIVIDUAL_PLAN: "一份个别方案",
}
"""Forms about restricted records (decisions.md §1.10), and all that is said of their drafts before one is opened."""


def closed_words(draft: Draft) -> str | None:
    """What kind of restricted record a draft is about: nothing else of it is shown unasked. None of any other draft."""
    return _CLOSED.get(draft.form)


def version_of(form: Form) -> int:
    """The version of its fields."""
    return _VERSION.get(form, 1)


def is_known(draft: Draft) -> bool:
    """Tell whether this program can fill the form of a draft in again."""
    return draft.form in set(Form) and draft.version == version_of(Form(draft.form))


def page_of(draft: Draft) -> str:
    """The page that has the form."""
    form = Form(draft.form)
    first = form.value.partition(".")[0]
    return _PAGES.get(form) or _PARTS.get(first, first)
