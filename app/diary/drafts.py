"""What a form of the diary hands over to be saved."""

from hashlib import sha256

from msgspec import Struct, field

from app.diary.codes import Activity, AttachmentKind, Medium, Topic
from app.diary.rules import is_blank
from app.pairing.codes import Guidance
from app.storage.base import new_uuid
from app.storage.pictures import Picture

TEXTS = (
    "background",
    "content",
    "reaction",
    "plan",
    "family",
    "economy",
    "attitude",
    "surroundings",
    "at_school",
    "at_home",
    "needs",
    "problems",
)
"""The columns of a record that hold free text, in the order of the table."""


class PromiseDraft(Struct, frozen=True, kw_only=True):
    """Something promised in a record. ``uuid`` is the form's own name for it, or that of a promise on file."""

    content: str
    due_on: str | None = None
    uuid: str = field(default_factory=new_uuid)


class PictureDraft(Struct, frozen=True, kw_only=True):
    """A picture to be kept with a record or a child; ``uuid`` makes keeping it twice one picture."""

    picture: Picture
    kind: AttachmentKind = AttachmentKind.PHOTO
    title: str | None = None
    taken_on: str | None = None
    uuid: str = field(default_factory=new_uuid)


class RecordDraft(Struct, frozen=True, kw_only=True):
    """One record as a form holds it: the whole truth of it, so that saving it twice is one record.

    ``children`` are the uuids of those it was done with, each gets a row of its own. ``uuid`` is made when the form
    opens. Days are ISO, times HH:MM. ``kept`` names promises that were kept by it, ``closes`` events it answers,
    ``paper_code`` the code of the printed form that came back.
    """

    uuid: str
    children: tuple[str, ...]
    kind: Activity
    happened_on: str
    started: str | None = None
    ended: str | None = None
    minutes: int | None = None
    medium: Medium | None = None
    topic: Topic | None = None
    place: str | None = None
    supporter_uuid: str | None = None
    person_uuid: str | None = None
    present: str | None = None
    guidances: frozenset[Guidance] = frozenset()
    background: str | None = None
    content: str | None = None
    reaction: str | None = None
    plan: str | None = None
    family: str | None = None
    economy: str | None = None
    attitude: str | None = None
    surroundings: str | None = None
    at_school: str | None = None
    at_home: str | None = None
    needs: str | None = None
    problems: str | None = None
    follow_up_on: str | None = None
    follows_uuid: str | None = None
    contacted: bool | None = None
    promises: tuple[PromiseDraft, ...] = ()
    kept: tuple[str, ...] = ()
    closes: tuple[str, ...] = ()
    paper_code: str | None = None
    attachments: tuple[PictureDraft, ...] = ()

    @property
    def is_blank(self) -> bool:
        """Tell whether nothing stands in it beside when, how and with whom: what it answers is no content."""
        more = (self.promises, self.kept, self.attachments, self.follow_up_on)
        return is_blank(self.kind, self.texts(), self.guidances, self.contacted is not None, *more)

    def texts(self) -> dict[str, str]:
        """Return the texts that are there, by column."""
        return {name: text for name in TEXTS if (text := getattr(self, name)) and text.strip()}


def draft_uuid() -> str:
    """Return the uuid for a form that is opened for a new record."""
    return new_uuid()


def row_uuid(draft_uuid: str, child_uuid: str, *, first: bool) -> str:
    """Return the uuid of the row of one child of a draft: the same whenever the draft is saved again."""
    if first:
        return draft_uuid
    digits = sha256(f"{draft_uuid}:{child_uuid}".encode()).hexdigest()
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-{'89ab'[int(digits[16], 16) & 3]}{digits[17:20]}-{digits[20:32]}"
