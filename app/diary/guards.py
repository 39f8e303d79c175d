"""日记提醒: what looks wrong in a record while it is written. Each is a question, never a block (features.md idea 10)."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from msgspec import Struct

from app.children.codes import EnrolmentEnd, RegistrationEnd, RegistrationKind, Sex
from app.children.finding import siblings
from app.core.dates import in_force, is_partial_date
from app.diary.codes import Activity
from app.diary.drafts import TEXTS, RecordDraft
from app.diary.guard_texts import (
    SAME,
    Found,
    Named,
    likeness,
    names_by_head,
    numbers_in,
    other_names,
    wrong_pronoun,
)
from app.diary.lines import SUPPORTER_NAME, ClassNames, in_json, newest_first
from app.school.calendar import SchoolCalendar
from app.school.codes import DayKind
from app.school.queries import school_calendar
from app.storage.store import Store

# Table and column names below are our own.
# ruff: noqa: S608


_AT_HOME = (Activity.HOME_VISIT, Activity.CONTACT)
"""Done with the family: of a child of the ledger they go on when it is in no class any more."""


class Question(Struct, frozen=True):
    """One thing to ask. ``field`` is the column whose text from ``start`` to ``end`` is meant, "" for none (a date)."""

    key: str
    words: str
    field: str = ""
    start: int = 0
    end: int = 0


class LastText(Struct, frozen=True):
    """What the last record of a kind said."""

    day: str
    text: str


class Span(Struct, frozen=True):
    """From when to when somebody was there, and why it ended; dates in their own precision."""

    since: str | None
    until: str | None
    why: str


class GuardedChild(Struct, frozen=True):
    """What is asked about one child of the record."""

    name: str
    sex: Sex | None
    registered: tuple[Span, ...]
    enrolled: tuple[Span, ...]
    last: Mapping[Activity, LastText]


class GuardFacts(Struct, frozen=True):
    """Everything the questions need, read once when a form opens; then they are asked without the file.

    ``names`` holds the other pupils by the first two characters of their names, the longest first, with their class;
    ``known`` are names that may stand in the text: the child's own, its family's, its study buddies', the staff's.
    """

    today: str
    calendar: SchoolCalendar
    children: tuple[GuardedChild, ...]
    names: Mapping[str, Named]
    known: Mapping[str, Named]
    gone: Mapping[str, tuple[str, str]]  # supporter's or staff member's uuid → name, day of leaving


def guard_facts(store: Store, child_uuids: Sequence[str], *, record_uuid: str | None = None) -> GuardFacts:
    """Read what the questions about a record with these children need; ``record_uuid`` is the one being changed."""
    family = {sibling.name for uuid in child_uuids for sibling in siblings(store, uuid)}
    around, gone = _grown_ups(store, child_uuids)
    classes = ClassNames(store)
    today = store.clock.today().isoformat()
    own = set(child_uuids)
    pupils = store.rows(
        "SELECT c.uuid, c.name, c.former_name, e.school_class_id FROM child c LEFT JOIN enrolment e"
        " ON e.child_id = c.id AND e.valid_to IS NULL AND e.deleted_at IS NULL WHERE c.deleted_at IS NULL"
    )
    own_names = {name for uuid, *names, _ in pupils if uuid in own for name in names if name}
    return GuardFacts(
        today=today,
        calendar=school_calendar(store),
        children=tuple(_child(store, uuid, record_uuid) for uuid in child_uuids),
        names=names_by_head(
            (name, classes.name(class_id, today)) for uuid, name, _, class_id in pupils if uuid not in own
        ),
        known=names_by_head(((name, "") for name in around | family | own_names), words_too=True),
        gone=gone,
    )


def guard_questions(facts: GuardFacts, draft: RecordDraft) -> tuple[Question, ...]:
    """Return what to ask about a draft, the dates first, then the texts in the order of the form. Pure; any thread."""
    asked = [*_about_day(facts, draft), *_about_people(facts, draft)]
    for field in TEXTS:
        text = getattr(draft, field)
        if text:
            asked.extend(_about_text(facts, field, text))
    asked.extend(_about_sameness(facts, draft))
    return tuple(asked)


# ---- asking ---------------------------------------------------------------------------------------------------------


def _about_day(facts: GuardFacts, draft: RecordDraft) -> Iterator[Question]:
    text = draft.happened_on
    if len(text) != 10 or not is_partial_date(text):
        return
    if text > facts.today:
        yield Question("future", f"{text} 还没有到，日期对吗？")
        return
    day = date.fromisoformat(text)
    special = facts.calendar.days.get(day)
    if special is not None and special.kind is DayKind.HOLIDAY:
        yield Question("holiday", f"{text} 放假（{special.name}），日期对吗？")
    elif facts.calendar.term_of(day) is None:
        yield Question("holiday", f"{text} 在假期里，日期对吗？")


def _about_people(facts: GuardFacts, draft: RecordDraft) -> Iterator[Question]:
    text = draft.happened_on
    if len(text) != 10 or not is_partial_date(text):
        return
    day = date.fromisoformat(text)
    for child in facts.children:
        words = _absence_words(child.registered, day, "才登记在册", "已退出在册")
        # A child of the ledger that left its class is still visited at home (劝返): then the day is not in doubt.
        if words or not child.registered or draft.kind not in _AT_HOME:
            words = _absence_words(child.enrolled, day, "才到本校", "已离校") or words
        if words:
            yield Question("not_here", f"{child.name} {words}，日期对吗？")
    name, left_on = facts.gone.get(draft.supporter_uuid or "", ("", ""))
    if left_on and in_force(left_on, None, day):
        yield Question("supporter_left", f"{name} {left_on} 已离开，{text} 这次是他或她做的吗？")


def _absence_words(spans: Sequence[Span], day: date, before: str, after: str) -> str:
    """Return 2026-09-01 才登记在册, or 2026-06-30 已离校（转出）; "" when the child was there, or nobody knows."""
    if not spans or any(in_force(span.since, span.until, day) is not False for span in spans):
        return ""
    ended = [span for span in spans if span.until is not None and in_force(span.until, None, day)]
    if ended:
        last = max(ended, key=lambda span: span.until or "")
        return f"{last.until} {after}" + (f"（{last.why}）" if last.why else "")
    first = min(spans, key=lambda span: span.since or "")
    return f"{first.since} {before}"


def _about_text(facts: GuardFacts, field: str, text: str) -> Iterator[Question]:
    for found, class_name in other_names(text, facts.names, facts.known):
        where = f"（{class_name}）" if class_name else ""
        yield _question(
            "other_child", f"文中有「{found.text}」，是另一名学生{where}的名字。要写在这里吗？", field, found
        )
    for found, is_id in numbers_in(text):
        what = "身份证号" if is_id else "电话号码"
        key = "id_number" if is_id else "phone"
        yield _question(key, f"文中像有{what}（尾号 {found.text[-4:]}）。要留在这里吗？", field, found)
    sexes = {child.sex for child in facts.children}
    if len(sexes) == 1 and (sex := sexes.pop()) is not None:
        wrong = wrong_pronoun(text, girl=sex is Sex.FEMALE)
        if wrong is not None:
            who = "女孩" if sex is Sex.FEMALE else "男孩"
            yield _question("pronoun", f"这是{who}，文中写的是「{wrong.text}」，写对了吗？", field, wrong)


def _about_sameness(facts: GuardFacts, draft: RecordDraft) -> Iterator[Question]:
    whole = "\n".join(draft.texts().values())
    for child in facts.children:
        last = child.last.get(draft.kind)
        if last is None:
            continue
        share = likeness(whole, last.text)
        if share >= SAME:
            how = "一模一样" if share == 1 else f"几乎一样（{int(share * 100)}%）"
            yield Question("same_text", f"和 {last.day} 那次{draft.kind.label}{how}，是不是忘了改？")


def _question(key: str, words: str, field: str, found: Found) -> Question:
    return Question(key, words, field, found.start, found.end)


# ---- reading --------------------------------------------------------------------------------------------------------


def _grown_ups(store: Store, child_uuids: Sequence[str]) -> tuple[set[str], dict[str, tuple[str, str]]]:
    """Return the names of family, study buddies, staff and supporters, and who of the last two has left, when."""
    among = json.dumps(list(child_uuids))
    known = {
        name
        for (name,) in store.rows(
            "SELECT p.name FROM kinship k JOIN person p ON p.id = k.person_id JOIN child c ON c.id = k.child_id"
            f" WHERE k.deleted_at IS NULL AND {in_json('c.uuid', '?1')}"
            " UNION SELECT p.name FROM care k JOIN person p ON p.id = k.person_id JOIN child c ON c.id = k.child_id"
            f" WHERE k.deleted_at IS NULL AND {in_json('c.uuid', '?1')}"
            " UNION SELECT b.name FROM pairing q JOIN child b ON b.id = q.buddy_id JOIN child c ON c.id = q.child_id"
            f" WHERE q.deleted_at IS NULL AND {in_json('c.uuid', '?1')}",
            (among,),
        )
        if name
    }
    gone: dict[str, tuple[str, str]] = {}
    for uuid, name, left_on in store.rows(
        "SELECT uuid, name, left_on FROM staff WHERE deleted_at IS NULL UNION ALL"
        f" SELECT s.uuid, {SUPPORTER_NAME}, coalesce(s.left_on, sf.left_on) FROM supporter s"
        " LEFT JOIN staff sf ON sf.id = s.staff_id WHERE s.deleted_at IS NULL"
    ):
        known.add(name)
        if left_on is not None:
            gone[uuid] = (name, left_on)
    return known, gone


def _child(store: Store, uuid: str, record_uuid: str | None) -> GuardedChild:
    found = store.one("SELECT id, name, sex FROM child WHERE uuid = ?", (uuid,))
    if found is None:
        return GuardedChild("", None, (), (), {})
    child_id, name, sex = found
    period = "valid_from, valid_to, end_reason"
    registered = store.rows(
        f"SELECT {period} FROM registration WHERE child_id = ? AND kind = ? AND deleted_at IS NULL",
        (child_id, RegistrationKind.LEFT_BEHIND.value),
    )
    enrolled = store.rows(
        f"SELECT {period} FROM enrolment WHERE child_id = ? AND deleted_at IS NULL", (child_id,)
    )
    return GuardedChild(
        name,
        Sex.of(sex),
        tuple(_span(row, RegistrationEnd) for row in registered),
        tuple(_span(row, EnrolmentEnd) for row in enrolled),
        dict(_last_texts(store, child_id, record_uuid)),
    )


def _span(row: tuple[Any, ...], reasons: type[RegistrationEnd] | type[EnrolmentEnd]) -> Span:
    why = reasons.of(row[2])
    return Span(row[0], row[1], why.label if why else "")


def _last_texts(store: Store, child_id: int, record_uuid: str | None) -> Iterable[tuple[Activity, LastText]]:
    columns = ", ".join(f"r.{name}" for name in TEXTS)
    for kind in Activity:
        row = store.one(
            f"SELECT r.happened_on, {columns} FROM care_record r WHERE r.child_id = ? AND r.kind = ?"
            f" AND r.deleted_at IS NULL AND r.uuid IS NOT ? {newest_first()} LIMIT 1",
            (child_id, kind.value, record_uuid),
        )
        if row is not None:
            yield kind, LastText(row[0], "\n".join(text for text in row[1:] if text))
