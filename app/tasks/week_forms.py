"""周纸单: choosing what is printed of what is due, and putting what is known on the paper."""

import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import BinaryIO

from msgspec import Struct
from msgspec.structs import replace

from app.children.queries import load_facts
from app.diary.codes import Activity
from app.diary.register import duties_of_supporters
from app.paper.printing import PrintResult, PrintStamp
from app.school.calendar import SchoolCalendar
from app.school.queries import class_teachers, school_calendar, school_profile
from app.storage.store import Store
from app.tasks.visited import about, address, carer
from app.todo.codes_on_paper import spaced
from app.todo.forms import FormState, PaperFormFacts, open_form, paper_forms
from app.todo.on_paper import ASKED_OF_PAPER, SETTLED_BY_NAME
from app.todo.open_due import event_items, follow_up_items, form_items
from app.todo.present import present_roll
from app.todo.queries import due_day, due_items
from app.todo.roll import read_roll
from app.todo.rules import PRESENT, Due
from app.todo.service_forms import FormDraft, PlannedForm
from app.todo.spans import SchoolSpans

PRINTED = frozenset({Activity.TALK.value, Activity.HOME_VISIT.value})
"""What there is a form of: 5.12 and 5.13."""
_PROMISES = 2  # those that are due first
_WEEKDAYS = "一二三四五六日"
_NEXT_SCHOOL_DAY = 120  # days: longer than any holidays
_SPOKEN_DAY = re.compile("^([^：]*：(?:上次 )?|.*：监护人换成.*（(?=..起）$))(今天|昨天)")
"""Where what is due (``app.todo``) names a day near that of printing: never in words that she wrote herself."""


class CameBack(Struct, frozen=True):
    """A printed form whose code was typed, and what it was printed for and is still open: its record settles that."""

    form: PaperFormFacts
    asked: tuple[Due, ...] = ()


def form_came_back(store: Store, text: str) -> CameBack:
    """Return the form a typed code brings back. UserError as ``open_form``."""
    form = open_form(store, text)
    if form.state is FormState.RETURNED:
        return CameBack(form)
    asked = [
        item
        for item in due_items(store).items
        if item.kind in SETTLED_BY_NAME
        and (item.child_uuid, item.activity) == (form.child_uuid, form.activity)
    ]
    if form.asked_uuid:
        return CameBack(form, tuple(item for item in asked if item.subject_uuid == form.asked_uuid))
    # Printed for a cadence, or before forms knew what for.
    named = _named_on(store, form) if asked else frozenset()
    # The words it was printed with are those of one thing; its due day may be that of others too, and moves with a holiday.
    own = [item for item in asked if item.subject_uuid in named]
    return CameBack(form, tuple(own or [item for item in asked if item.due.isoformat() == form.due_on]))


def _named_on(store: Store, form: PaperFormFacts) -> frozenset[str]:
    """Return the event or the follow-up whose words, as they were on the day of printing, stand on a form."""
    row = store.one("SELECT id FROM child WHERE uuid = ?", (form.child_uuid,))
    if row is None:
        return frozenset()
    day = date.fromisoformat(form.printed_on)
    roll = read_roll(store, day, only=frozenset({row[0]}))
    items = (
        *event_items(store, roll, SchoolSpans(school_calendar(store), day)),
        *follow_up_items(store, roll),
    )
    return frozenset(
        item.subject_uuid for item in items if (item.why, item.activity) == (form.why, form.activity)
    )


def forms_with_who(store: Store) -> tuple[PaperFormFacts, ...]:
    """Return ``paper_forms`` that are out with who brings each back now, as the list of what is due names them.

    The present supporter of the child, else the head teacher of its class ("" as ``supporter_uuid``); of a child that is
    on the ledger no more, who was named when the form was printed.
    """
    roll = present_roll(store, due_day(store))
    who = {item.subject_uuid: (item.supporter_uuid, item.supporter) for item in form_items(store, roll)}
    found = []
    for form in paper_forms(store):
        uuid, name = who.get(form.uuid, (form.supporter_uuid, form.supporter))
        found.append(replace(form, supporter_uuid=uuid, supporter=name))
    return tuple(found)


def forms_wanted(items: Iterable[Due]) -> tuple[FormDraft, ...]:
    """Return one form per child and kind for the talks and visits that are overdue or due this week, oldest first."""
    found: dict[tuple[str, str], FormDraft] = {}
    for item in items:
        key = (item.child_uuid, item.activity)
        if (
            item.kind in ASKED_OF_PAPER
            and item.activity in PRINTED
            and item.state in PRESENT
            and key not in found
        ):
            found[key] = FormDraft(
                child_uuid=item.child_uuid,
                activity=item.activity,
                supporter_uuid=item.supporter_uuid,
                supporter=item.supporter,
                due_on=item.due,
                why=item.why,
                asked_uuid=item.subject_uuid if item.kind in SETTLED_BY_NAME else "",
            )
    return tuple(found.values())


def page_count(drafts: Sequence[FormDraft]) -> int:
    """Return how many pages forms take: one a home visit, one for two talks."""
    talks = sum(draft.activity == Activity.TALK.value for draft in drafts)
    return len(drafts) - talks + -(-talks // 2)


def make_week_forms(store: Store, forms: Sequence[PlannedForm], out: Path | BinaryIO) -> PrintResult:
    """Write planned forms as PDF, in their order; of those that are out, what came back or was declared void meanwhile is
    left out.

    Their codes are written down when the pages go out (``print_forms``), and what went out is logged then (``paper_out``).
    """
    from app.paper.week_forms import WeekForm, render_week_forms

    today = store.clock.today()
    still_out = {form.code for form in paper_forms(store)}
    wanted = [form for form in forms if not form.is_out or form.code in still_out]
    facts = {
        child.uuid: child for child in load_facts(store, today, uuids={form.child_uuid for form in wanted})
    }
    promised = _promises(store, today)
    duties = duties_of_supporters(store)
    heads = class_teachers(store, today)
    calendar = school_calendar(store)
    profile = school_profile(store)

    def paper(form: PlannedForm) -> WeekForm:
        child = facts[form.child_uuid]
        named, phone = carer(child)
        head = heads.get(child.school_class.id) if child.school_class else None
        duty = (head.duty or "") if head is not None and not form.supporter_uuid else ""
        return WeekForm(
            visit=form.activity == Activity.HOME_VISIT.value,
            code=spaced(form.code),
            child=child.name,
            about=about(child),
            school_class=child.school_class.name if child.school_class else "不在班",
            carer=named,
            phone=phone,
            address=address(child),
            supporter=form.supporter,
            duty=duties.get(form.supporter_uuid, duty),
            back_by=_back_by(calendar, form.printed_on),
            why=_dated(form.why, form.printed_on),
            promises=promised.get(form.child_uuid, ()),
        )

    stamp = PrintStamp(
        printed_at=f"{store.clock.now():%Y-%m-%d %H:%M}", commit_no=store.commit_no, as_of=today.isoformat()
    )
    papers = [paper(form) for form in wanted if form.child_uuid in facts]
    return render_week_forms(papers, profile.name if profile else "", out, stamp=stamp)


def _back_by(calendar: SchoolCalendar, printed_on: date) -> str:
    """Return the last school day of the week a form was printed in, or the next one after it: 11月20日（周五）放学."""
    week = (printed_on + timedelta(days=ahead) for ahead in range(7 - printed_on.weekday()))
    left = [day for day in week if calendar.is_school_day(day)]
    later = (printed_on + timedelta(days=ahead) for ahead in range(1, _NEXT_SCHOOL_DAY))
    day = left[-1] if left else next(filter(calendar.is_school_day, later), None)
    return f"{_day(day)}（周{_WEEKDAYS[day.weekday()]}）放学" if day is not None else ""


def _dated(why: str, printed_on: date) -> str:
    """Return the words a form is printed for with the day itself: 今天 is another one when the paper is filled in."""
    return _SPOKEN_DAY.sub(partial(_day_spoken_of, printed_on), why, count=1)


def _day_spoken_of(printed_on: date, found: re.Match[str]) -> str:
    day = printed_on if found[2] == "今天" else printed_on - timedelta(days=1)
    year = f"{day.year}年" if day.year != printed_on.year else ""
    return f"{found[1]}{year}{_day(day)}"


def _promises(store: Store, day: date) -> dict[str, tuple[str, ...]]:
    """Return what was promised to whom and is open on a day, what is due first first, with the number of what is left out."""
    from app.diary.open_items import open_promises

    found: dict[str, list[str]] = {}
    for promise in open_promises(store):
        told = date.fromisoformat(promise.promised_on)
        if told <= day:
            due = f"{_day(date.fromisoformat(promise.due_on))}以前" if promise.due_on else f"{_day(told)}答应"
            found.setdefault(promise.child_uuid, []).append(f"□ 已兑现　「{promise.content}」（{due}）")
    return {
        child: (
            *words[:_PROMISES],
            *([f"另有 {len(words) - _PROMISES} 件"] if len(words) > _PROMISES else []),
        )
        for child, words in found.items()
    }


def _day(day: date) -> str:
    return f"{day.month}月{day.day}日"
