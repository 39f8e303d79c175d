"""What the page asks the store for, in one go."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from msgspec import Struct

from app.children.checks import Notice, cross_checks, id_notes
from app.children.child_file import ChildFile, child_file
from app.children.completeness import Completeness, completeness
from app.core.pinyin import readings, with_tones
from app.school.codes import RuleCode
from app.school.counting_rules import CountingRule
from app.school.queries import classes, counting_rules, school_profile
from app.school.rules import ClassFacts
from app.storage.store import Store
from app.survey.queries import CheckFacts, last_check
from ui.pages.child.events import Event, events_of

# These stand beside the value they are about, not at the head of the section.
_BESIDE_THE_FIELD = ("id_number", "birth_date", "sex", "student_registry_no")


class PageFacts(Struct, frozen=True):
    """Everything one showing of the page needs. `notices` are those without a field of their own.

    `pinyin` is how the name is read, with its tones where the stored reading is the likely one. `last_check` is the
    survey's name and when and by whom the facts were last checked in it.
    """

    file: ChildFile
    pinyin: str
    complete: Completeness
    notices: tuple[Notice, ...]
    events: Sequence[Event]
    classes: Sequence[ClassFacts]
    local: CountingRule | None
    resident_is_rural: bool | None
    last_check: tuple[str, CheckFacts] | None = None


def read_page(store: Store, uuid: str, day: date) -> PageFacts | None:
    """Read one child; None when it is not there (any more)."""
    file = child_file(store, uuid, day)
    if file is None:
        return None
    profile = school_profile(store)
    notes = (*cross_checks(file.facts), *id_notes(file.facts))
    return PageFacts(
        file=file,
        pinyin=_read(file.facts.name, file.facts.pinyin),
        complete=completeness(file.facts),
        notices=tuple(note for note in notes if note.field not in _BESIDE_THE_FIELD),
        events=events_of(file),
        classes=_offered(classes(store, day), file),
        local=counting_rules(store).get(RuleCode.LOCAL),
        resident_is_rural=profile.resident_is_rural if profile else None,
        last_check=last_check(store, uuid),
    )


def _read(name: str, stored: str) -> str:
    """Return the stored reading of a name as it is shown; the dictionary it is looked up in takes a while to load."""
    return with_tones(name) if stored and readings(name) == stored else stored


def _offered(current: Sequence[ClassFacts], file: ChildFile) -> Sequence[ClassFacts]:
    """Return the classes to choose from; the child's own is among them even when it is closed."""
    own = file.facts.school_class
    if own is None or any(cls.uuid == own.uuid for cls in current):
        return current
    return [*current, own]
