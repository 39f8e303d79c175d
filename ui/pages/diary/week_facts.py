"""What 按周登记 reads before it shows a grid, and what it asks before it saves one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from app.diary.codes import Activity
from app.diary.drafts import RecordDraft
from app.diary.guards import guard_facts, guard_questions
from app.diary.week import WeekRow, week_grid
from app.pairing.people import supporters_of
from app.school.queries import school_calendar
from app.storage.store import Store
from ui.pages.diary.list_filters import Choices, read_choices
from ui.pages.diary.week_bar import Chosen, Group, WeekBar

NOBODY = "在上面「谁做的」里选一位"
"""Said where nobody is known to have done it."""
_NAMED = 3
"""So many children of nobody are named; more are counted: a grid of a class has as many as the window is high."""
_DID = {Activity.TALK: "谈", Activity.HOME_VISIT: "访", Activity.TUTORING: "辅导"}


class WeekFacts(Struct, frozen=True):
    """One showing: which grid, its lines, the words of the week, what can be chosen; ``people`` are who may have done it."""

    chosen: Chosen
    rows: tuple[WeekRow, ...]
    week: str
    choices: Choices
    people: tuple[tuple[str, str], ...]


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
    people = tuple((one.key, one.name) for one in supporters_of(store, today, (), gone=False))
    return WeekFacts(chosen, rows, f"第 {week.number} 周" if week is not None else "假期", choices, people)


def week_questions(store: Store, drafts: Sequence[RecordDraft]) -> list[str]:
    """What should be looked at again, with whose row it is; of whom nobody has done it, in one line."""
    lines, by_nobody = [], []
    for draft in drafts:
        facts = guard_facts(store, draft.children)
        name = facts.children[0].name
        if draft.supporter_uuid is None:
            by_nobody.append(name)
        lines += [f"{name}：{question.words}" for question in guard_questions(facts, draft)]
    if not by_nobody:
        return lines
    whose = "、".join(by_nobody[:_NAMED]) + (f"等 {len(by_nobody)} 名" if len(by_nobody) > _NAMED else "")
    did = _DID.get(drafts[0].kind, "做")
    return [f"{whose}：没有写是谁{did}的；{NOBODY}，登记册和结对才算得上。", *lines]


def who_did(row: WeekRow, bar: WeekBar, entering: str) -> tuple[str, str]:
    """Who is put down for a row, by key and in words: whom she chose for all, else the supporter whose children these are,
    else who looks after the child (the head teacher for nobody), else who is ``entering``; ("", why) when nobody is known.
    """
    group = bar.chosen.group
    if bar.done_by:
        return bar.done_by, bar.done_words
    if group is not None and group.supporter_uuid:
        return group.supporter_uuid, group.words
    if row.supporter_uuid:
        return row.supporter_uuid, row.supporter_name
    named = [key for key, name in bar.people if name == entering]
    return (named[0], f"{entering}（没有结对，算登记的人）") if len(named) == 1 else ("", f"还没有，{NOBODY}")
