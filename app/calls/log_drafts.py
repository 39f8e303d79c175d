"""What a form of the log hands over to be saved."""

from collections.abc import Iterable

from msgspec import Struct
from msgspec.structs import replace

from app.calls.codes import CallMedium, Mood, Outcome
from app.diary.drafts import PromiseDraft, row_uuid


class LogDraft(Struct, frozen=True, kw_only=True):
    """One attempt to call for one child, as a form holds it: the whole truth of it, saved twice it is one row.

    ``uuid`` is made when the form (or the line of the grid) opens. ``happened_on`` is an ISO day, ``started`` HH:MM,
    ``rescheduled_to`` YYYY-MM-DDTHH:MM and only with 家长改期. ``phone_uuid`` is the number that was dialled (None =
    the best one of the person). A correction changes it only together with the person. ``said`` is what the
    child chose to have written down, ``promise`` what was promised in the call. Brothers and sisters of one call share
    ``occasion``.
    """

    uuid: str
    child_uuid: str
    happened_on: str
    outcome: Outcome
    medium: CallMedium = CallMedium.PHONE
    started: str | None = None
    minutes: int | None = None
    line_uuid: str | None = None
    planned_uuid: str | None = None
    person_uuid: str | None = None
    phone_uuid: str | None = None
    spoke_with: str | None = None
    mood: Mood | None = None
    said: str | None = None
    promise: PromiseDraft | None = None
    rescheduled_to: str | None = None
    staff_uuid: str | None = None
    occasion: str | None = None
    note: str | None = None


def for_siblings(draft: LogDraft, others: Iterable[tuple[str, str | None]]) -> tuple[LogDraft, ...]:
    """Return the drafts of one call of several children: ``draft`` first, then one for each of ``others``.

    ``others`` are (child uuid, its planned call or None). What a child feels and says is its own and stays with the
    first; the rest is the same call. What was promised was promised to each of them: each has its own promise, to be
    kept or given up for itself, as after a visit to several children.
    """
    occasion = draft.occasion or draft.uuid
    return (
        replace(draft, occasion=occasion),
        *(
            replace(
                draft,
                uuid=row_uuid(draft.uuid, child_uuid, first=False),
                child_uuid=child_uuid,
                planned_uuid=planned_uuid,
                mood=None,
                said=None,
                promise=_promise_to(child_uuid, draft.promise),
                occasion=occasion,
            )
            for child_uuid, planned_uuid in others
        ),
    )


def _promise_to(child_uuid: str, promise: PromiseDraft | None) -> PromiseDraft | None:
    return None if promise is None else replace(promise, uuid=row_uuid(promise.uuid, child_uuid, first=False))
