"""The rows of the timeline: what was done, and what changed in the file, in one order; and what they can be narrowed to."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from app.diary.codes import Activity
from app.dossier.timeline import Sort, Timeline, TimelineEntry
from app.pairing.codes import Guidance
from ui.pages.child.events import Event

FACTS = "facts"
"""The key under which changes of the file itself are shown alone."""
PHOTOS = "photos"
"""The key under which records with photographs or scans are shown alone."""
_ACTIVITY_ICONS = {
    Activity.TALK: "chat",
    Activity.HOME_VISIT: "home_person",
    Activity.TUTORING: "book_open",
    Activity.GROWTH_JOURNAL: "edit",
    Activity.CONTACT: "call",
    Activity.ABNORMAL_NOTICE: "warning",
    Activity.GOOD_NEWS: "star",
    Activity.PARENT_VISIT: "people",
    Activity.VILLAGE: "people_community",
    Activity.LETTER: "mail",
}
_SORT_ICONS = {
    Sort.CALL: "call",
    Sort.PROMISE: "heart",
    Sort.EVENT: "info",
    Sort.MEETING: "people_community",
    Sort.PAIRING: "people",
    Sort.PLAN: "document",
    Sort.ABSENCE: "warning",
    Sort.INCIDENT: "shield_error",
    Sort.SURVEY: "checkmark_circle",
}
_SHORT = {Guidance.MIND: "心理", Guidance.LIFE: "生活", Guidance.STUDY: "学习", Guidance.CONDUCT: "行为"}
_PAGES = {
    Sort.CALL: ("calls", {}),
    Sort.MEETING: ("diary", {"part": "meetings"}),
    Sort.ABSENCE: ("diary", {"part": "absences"}),
    Sort.INCIDENT: ("diary", {"part": "incidents"}),
}


class Row(Struct, frozen=True):
    """One line of the timeline. `keys` are what it can be narrowed to; `opens` the page and parameters behind it."""

    day: str
    icon: str
    head: str
    aside: str
    text: str
    late: str = ""
    keys: frozenset[str] = frozenset()
    opens: tuple[str, dict[str, str]] | None = None


def rows_of(found: Timeline, events: Sequence[Event]) -> list[Row]:
    """Everything, the newest first; on one day what was done stands above what changed in the file."""
    rows = [_of_entry(entry) for entry in found.entries] + [_of_event(event) for event in events]
    return sorted(rows, key=lambda row: row.day, reverse=True)


def choices_of(rows: Sequence[Row]) -> list[tuple[str, str, int]]:
    """What there is to narrow to, as (key, words, count): kinds of records, the tags, the rest."""
    named = [(f"activity:{one.value}", one.label) for one in Activity]
    named += [(f"tag:{one.value}", one.label) for one in Guidance]
    named += [(f"sort:{one.value}", one.label) for one in Sort if one is not Sort.RECORD]
    named += [("late", "补录"), (PHOTOS, "有照片的"), (FACTS, "登记与变化")]
    counted = [(key, words, sum(key in row.keys for row in rows)) for key, words in named]
    return [choice for choice in counted if choice[2]]


def _of_entry(entry: TimelineEntry) -> Row:
    tags = "、".join(words for one, words in _SHORT.items() if one in entry.guidances)
    keys = {f"sort:{entry.sort.value}", *(f"tag:{one.value}" for one in entry.guidances)}
    if entry.activity is not None:
        keys.add(f"activity:{entry.activity.value}")
    if entry.late_days:
        keys.add("late")
    if entry.pictures:
        keys.add(PHOTOS)
    icon = _ACTIVITY_ICONS[entry.activity] if entry.activity is not None else _SORT_ICONS[entry.sort]
    opens = ("record", {"uuid": entry.uuid}) if entry.sort is Sort.RECORD else _PAGES.get(entry.sort)
    photos = f"照片 {entry.pictures}" if entry.pictures else ""
    aside = "　".join(part for part in (entry.by, tags, photos) if part)
    text = entry.text.replace("  ", "\n") if entry.sort is Sort.RECORD else entry.text
    return Row(entry.day, icon, entry.head, aside, text, entry.late_words, frozenset(keys), opens)


def _of_event(event: Event) -> Row:
    return Row(event.day, event.icon, event.head, event.source, event.text, keys=frozenset({FACTS}))
