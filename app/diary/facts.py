"""What the queries of the diary answer with."""

from typing import NamedTuple

from msgspec import Struct

from app.diary.codes import Activity, AttachmentKind, Medium
from app.diary.drafts import RecordDraft
from app.pairing.codes import Guidance


class RecordLine(NamedTuple):
    """A record as a list shows it.

    ``class_name`` is the child's class on that day. ``late_days`` is how many days after it was so it was written down,
    0 when within the school's limit. ``text`` is its texts on one line; ``occasion`` is shared by what was one visit to
    several children. A tuple, because a register makes thousands.
    """

    id: int
    uuid: str
    child_uuid: str
    child_name: str
    class_name: str
    kind: Activity
    happened_on: str
    entered_on: str
    late_days: int
    started: str | None
    medium: Medium | None
    guidances: frozenset[Guidance]
    supporter_uuid: str | None
    supporter_name: str
    contacted: bool | None
    text: str
    pictures: int
    open_promises: int
    occasion: str | None
    follow_up_on: str | None

    @property
    def late_words(self) -> str:
        """Return 补录（12 天）; "" for a record that was written down in time."""
        return f"补录（{self.late_days} 天）" if self.late_days else ""


class PromiseFacts(Struct, frozen=True, kw_only=True):
    """Something promised. ``is_open`` until a live record, or a day, says it was kept, or it was given up."""

    uuid: str
    child_uuid: str
    child_name: str
    supporter_uuid: str | None
    supporter_name: str
    content: str
    promised_on: str
    due_on: str | None
    record_uuid: str | None
    kept_on: str | None
    given_up_on: str | None
    note: str | None
    is_open: bool


class EventFacts(Struct, frozen=True, kw_only=True):
    """Something that happened and asks for a visit: ``activity`` within ``days`` of it, by the rule then in force."""

    uuid: str
    child_uuid: str
    child_name: str
    rule_code: str
    name: str
    activity: Activity
    days: int
    happened_on: str
    entered_on: str
    note: str | None
    supporter_uuid: str | None
    supporter_name: str
    record_uuid: str | None
    withdrawn_on: str | None
    withdrawn_note: str | None
    is_open: bool


class AttachmentFacts(Struct, frozen=True, kw_only=True):
    """A kept picture or paper, without its bytes; ``size`` in bytes, ``width`` and ``height`` in pixels."""

    uuid: str
    child_uuid: str
    record_uuid: str | None
    kind: AttachmentKind
    title: str | None
    media_type: str
    size: int
    width: int | None
    height: int | None
    taken_on: str | None
    entered_at: str


class RecordFacts(Struct, frozen=True, kw_only=True):
    """Everything about one record; ``draft`` is what a form needs to change it."""

    line: RecordLine
    draft: RecordDraft
    person_name: str
    promises: tuple[PromiseFacts, ...]
    kept: tuple[PromiseFacts, ...]
    events: tuple[EventFacts, ...]
    attachments: tuple[AttachmentFacts, ...]
    followed_by: str | None
    others: tuple[tuple[str, str], ...]


class Coverage(Struct, frozen=True):
    """How many records of a child carry each of the four guidances; ``records`` all of them, tagged or not."""

    mind: int = 0
    life: int = 0
    study: int = 0
    conduct: int = 0
    records: int = 0
