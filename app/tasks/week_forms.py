"""周纸单: choosing what is printed of what is due, writing the codes down, and putting what is known on the paper."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import BinaryIO

from msgspec import Struct
from msgspec.structs import replace

from app.children.queries import load_facts
from app.core.changes import Changes
from app.diary.codes import Activity
from app.diary.register import duties_of_supporters
from app.paper.printing import PrintResult, PrintStamp
from app.school.calendar import monday_of
from app.school.queries import class_teachers, school_calendar, school_profile
from app.storage.store import Store
from app.tasks.visited import about, address, carer
from app.todo.codes_on_paper import spaced
from app.todo.forms import FormState, PaperFormFacts, open_form, paper_forms
from app.todo.on_paper import ASKED_OF_PAPER
from app.todo.open_due import event_items, follow_up_items, form_items
from app.todo.present import present_roll
from app.todo.queries import due_day, due_items
from app.todo.roll import read_roll
from app.todo.rules import PRESENT, Due, DueKind
from app.todo.service_forms import FormDraft, print_forms
from app.todo.spans import SchoolSpans

PRINTED = frozenset({Activity.TALK.value, Activity.HOME_VISIT.value})
"""What there is a form of: 5.12 and 5.13."""
_SETTLED = frozenset({DueKind.EVENT, DueKind.FOLLOW_UP})
"""What only a record closes that names it."""
_PROMISES = 2  # the last ones that are open


class WrittenForms(Struct, frozen=True):
    """The forms to print now, about ``people`` children; ``again`` of them were out already and keep their code."""

    changes: Changes
    codes: tuple[str, ...]
    again: int
    people: int


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
        if item.kind in _SETTLED and (item.child_uuid, item.activity) == (form.child_uuid, form.activity)
    ]
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
                due_on=item.due,
                why=item.why,
            )
    return tuple(found.values())


def page_count(drafts: Sequence[FormDraft]) -> int:
    """Return how many pages forms take: one a home visit, one for two talks."""
    talks = sum(draft.activity == Activity.TALK.value for draft in drafts)
    return len(drafts) - talks + -(-talks // 2)


def write_week_forms(store: Store, *, drafts: Sequence[FormDraft], by: str | None = None) -> WrittenForms:
    """Write the forms and their codes down. UserError ``todo.nothing_to_print``.

    That they went out is logged when the pages are printed or saved (``paper_out``).
    """
    made = print_forms(store, drafts=drafts, by=by)
    people = len({form.child_uuid for form in made.forms})
    codes = tuple(form.code for form in made.forms)
    return WrittenForms(made.changes, codes, made.again, people)


def make_week_forms(store: Store, codes: Sequence[str], out: Path | BinaryIO) -> PrintResult:
    """Write the forms of these codes as PDF, in their order; what was returned or declared void meanwhile is left out."""
    from app.paper.week_forms import WeekForm, render_week_forms

    today = store.clock.today()
    wanted = {form.code: form for form in forms_with_who(store)}
    forms = [wanted[code] for code in codes if code in wanted]
    facts = {
        child.uuid: child for child in load_facts(store, today, uuids={form.child_uuid for form in forms})
    }
    promised = _promises(store, today)
    duties = duties_of_supporters(store)
    heads = class_teachers(store, today)
    profile = school_profile(store)

    def paper(form: PaperFormFacts) -> WeekForm:
        child = facts[form.child_uuid]
        named, phone = carer(child)
        head = heads.get(child.school_class.id) if child.school_class else None
        duty = (head.duty or "") if head is not None and not form.supporter_uuid else ""
        return WeekForm(
            visit=form.activity == Activity.HOME_VISIT.value,
            code=spaced(form.code),
            child=child.name,
            about=about(child),
            school_class=form.class_words,
            carer=named,
            phone=phone,
            address=address(child),
            supporter=form.supporter,
            duty=duties.get(form.supporter_uuid, duty),
            back_by=_back_by(form.printed_on),
            why=form.why,
            promises=tuple(promised.get(form.child_uuid, ())[-_PROMISES:]),
        )

    stamp = PrintStamp(
        printed_at=f"{store.clock.now():%Y-%m-%d %H:%M}", commit_no=store.commit_no, as_of=today.isoformat()
    )
    papers = [paper(form) for form in forms if form.child_uuid in facts]
    return render_week_forms(papers, profile.name if profile else "", out, stamp=stamp)


def _back_by(printed_on: str) -> str:
    """Return the Sunday of the week a form was printed in: 11月22日."""
    sunday = monday_of(date.fromisoformat(printed_on)) + timedelta(days=6)
    return f"{sunday.month}月{sunday.day}日"


def _promises(store: Store, day: date) -> dict[str, list[str]]:
    from app.diary.open_items import open_promises

    found: dict[str, list[str]] = {}
    for promise in open_promises(store):
        told = date.fromisoformat(promise.promised_on)
        if told <= day:
            words = f"「{promise.content}」（{told.month}月{told.day}日）"
            found.setdefault(promise.child_uuid, []).append(words)
    return found
