"""What 按周登记 reads before it shows a grid, and what it asks before it saves one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from app.diary.drafts import RecordDraft
from app.diary.guards import guard_facts, guard_questions
from app.diary.week import WeekRow, week_grid
from app.school.queries import school_calendar
from app.storage.store import Store
from ui.pages.diary.list_filters import Choices, read_choices
from ui.pages.diary.week_bar import Chosen, Group


class WeekFacts(Struct, frozen=True):
    """One showing: which grid, its lines, the words of the week, what can be chosen."""

    chosen: Chosen
    rows: tuple[WeekRow, ...]
    week: str
    choices: Choices


def read_week_facts(store: Store, today: date, chosen: Chosen) -> WeekFacts:
    """Read one showing; where nobody is chosen yet, of the first class."""
    choices = read_choices(store, today)
    if chosen.group is None:
        first = choices.classes[:1]
        group = Group(class_uuid=first[0][0], words=first[0][1]) if first else Group()
        chosen = replace(chosen, group=group)
    of = chosen.group or Group()
    rows = week_grid(
        store,
        monday=chosen.monday,
        kinds=(chosen.kind,),
        class_uuid=of.class_uuid or None,
        supporter_uuid=of.supporter_uuid or None,
    )
    week = school_calendar(store).week_of(chosen.monday)
    return WeekFacts(chosen, rows, f"第 {week.number} 周" if week is not None else "假期", choices)


def week_questions(store: Store, drafts: Sequence[RecordDraft]) -> list[str]:
    """What should be looked at again, with whose row it is."""
    lines = []
    for draft in drafts:
        facts = guard_facts(store, draft.children)
        name = facts.children[0].name
        lines += [f"{name}：{question.words}" for question in guard_questions(facts, draft)]
    return lines
