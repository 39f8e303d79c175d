"""One telephone call as it is made and written down: a child, or brothers and sisters together. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from app.calls.codes import CallMedium, Mood, Outcome
from app.calls.log_drafts import LogDraft, for_siblings
from app.calls.log_facts import CallEntry, Dial, TodayCall
from app.diary.drafts import PromiseDraft, draft_uuid, row_uuid


class Turn(Struct, frozen=True):
    """Who is called, when and on what; `calls` are its children, the first one in front."""

    key: str
    day: str
    calls: tuple[TodayCall, ...]

    @property
    def first(self) -> TodayCall:
        """Whose family is dialled."""
        return self.calls[0]

    @property
    def names(self) -> str:
        """曾小雨、曾小满."""
        return "、".join(call.child_name for call in self.calls)

    @property
    def short(self) -> str:
        """The first name, and how many they are."""
        more = len(self.calls) - 1
        return f"{self.first.child_name}等 {more + 1} 名" if more else self.names

    @property
    def class_words(self) -> str:
        """The classes, each once."""
        return "、".join(dict.fromkeys(call.class_name for call in self.calls if call.class_name))

    @property
    def outcome(self) -> Outcome | None:
        """How it ended so far."""
        return self.first.outcome

    @property
    def done(self) -> bool:
        """Nothing more is to be done on this day."""
        return self.first.done

    @property
    def waits(self) -> bool:
        """Nobody has dialled yet: its line says 待打."""
        return self.entry is None

    @property
    def entry(self) -> CallEntry | None:
        """The attempt that says how it ended."""
        found = [one for one in self.first.entries if one.outcome is self.outcome]
        return found[-1] if found else None

    @property
    def words(self) -> str:
        """How it stands: 接通 5 分; 待打; 无人接; 改到 11-20."""
        entry = self.entry
        if self.waits or entry is None:
            return "待打"
        if entry.outcome is Outcome.CONNECTED and entry.minutes is not None:
            return f"接通 {entry.minutes} 分"
        if entry.outcome is Outcome.RESCHEDULED and entry.rescheduled_to:
            return f"改到 {entry.rescheduled_to[5:10]}"
        return entry.outcome.label


def turns_of(day: str, calls: Iterable[TodayCall]) -> tuple[Turn, ...]:
    """Return the calls of a day, brothers and sisters of one occasion as one, in their order."""
    found: dict[str, list[TodayCall]] = {}
    for call in calls:
        found.setdefault(turn_key(call), []).append(call)
    return tuple(
        Turn(key, day, tuple(sorted(group, key=lambda call: call.place))) for key, group in found.items()
    )


def turn_key(call: TodayCall) -> str:
    """What a call is known by on its page: its occasion, else its plan, else its child."""
    if call.planned_uuid is None:
        return f"child:{call.child_uuid}"
    return call.occasion or call.planned_uuid


class Said(Struct, frozen=True):
    """How one child was in a call, and what it chose to have written down."""

    mood: Mood | None = None
    said: str = ""


class Written(Struct, frozen=True):
    """What stands in the fields of the form. ``each`` holds brothers and sisters one by one, () = there is one child."""

    outcome: Outcome
    party: str = ""
    minutes: int | None = None
    mood: Mood | None = None
    said: str = ""
    promise: str = ""
    again: str = ""
    started: str = ""
    staff_uuid: str = ""
    spoke_with: str = ""
    each: tuple[Said, ...] = ()


def dial_key(dial: Dial) -> str:
    """What somebody to dial is known by in the form."""
    return dial.person_uuid or f"?{dial.who}"


def drafts_of(turn: Turn, seed: str, written: Written) -> tuple[LogDraft, ...]:
    """Return what is to be saved: one attempt per child; `seed` makes saving twice one and the same."""
    call = turn.first
    dial = next((one for one in call.dials if dial_key(one) == written.party), None)
    through = written.outcome is Outcome.CONNECTED
    draft = LogDraft(
        uuid=seed,
        child_uuid=call.child_uuid,
        happened_on=turn.day,
        outcome=written.outcome,
        medium=call.medium,
        started=written.started or call.starts,
        minutes=written.minutes if through else None,
        line_uuid=call.line_uuid,
        planned_uuid=call.planned_uuid,
        person_uuid=dial.person_uuid if dial is not None else None,
        phone_uuid=dial.phone_uuid if dial is not None else None,
        spoke_with=written.spoke_with or None,
        mood=written.mood,
        said=(written.said or None) if through else None,
        promise=PromiseDraft(content=written.promise, uuid=row_uuid(seed, "promise", first=False))
        if through and written.promise
        else None,
        rescheduled_to=written.again or None if written.outcome is Outcome.RESCHEDULED else None,
        staff_uuid=written.staff_uuid or None,
        occasion=call.occasion if call.planned_uuid else None,
    )
    others = [(one.child_uuid, one.planned_uuid) for one in turn.calls[1:]]
    if not others:
        return (draft,)
    made = for_siblings(draft, others)
    each = written.each if through else ()
    return tuple(
        replace(one, mood=own.mood, said=own.said or None)
        for one, own in zip(made, (*each, *(Said(),) * (len(made) - len(each))), strict=True)
    )


def following(turns: Sequence[Turn], key: str, skipped: frozenset[str]) -> Turn | None:
    """Return the next one to be called after `key`: of those that are not done, skipped ones last."""
    places = [turn.key for turn in turns]
    at = places.index(key) + 1 if key in places else 0
    ahead = [turn for turn in (*turns[at:], *turns[:at]) if not turn.done and turn.key != key]
    return next((turn for turn in ahead if turn.key not in skipped), ahead[0] if ahead else None)


def single(call: TodayCall, day: str, medium: CallMedium | None = None) -> Turn:
    """Return a call that nobody planned, of one child."""
    if medium is not None:
        call = replace(call, medium=medium)
    return Turn(f"child:{call.child_uuid}", day, (call,))


def new_seed() -> str:
    """The uuid of a form that is being opened."""
    return draft_uuid()


def corrected(made: Sequence[LogDraft], turn: Turn, entry: CallEntry) -> tuple[LogDraft, ...]:
    """Return what is saved when `entry`, and what its brothers and sisters have in common with it, is put right.

    Rows that are there keep their names; what each of them said and felt is its own.
    """
    kept = {
        call.child_uuid: [one for one in call.entries if one.outcome is entry.outcome] for call in turn.calls
    }
    first = next((one for one in made if one.child_uuid == entry.child_uuid), made[0])
    found = [
        replace(
            first,
            uuid=entry.uuid,
            child_uuid=entry.child_uuid,
            occasion=entry.draft.occasion,
            staff_uuid=entry.draft.staff_uuid,
            promise=_same_promise(first, entry.draft.promise),
        )
    ]
    on_file = {entry.child_uuid: entry.draft.promise}
    on_file |= {uuid: own[-1].draft.promise for uuid, own in kept.items() if own and uuid not in on_file}
    found += [
        _shared(
            one, kept[one.child_uuid][-1].draft, same=_one_promise(on_file, entry.child_uuid, one.child_uuid)
        )
        for one in made
        if one.child_uuid != entry.child_uuid and kept.get(one.child_uuid)
    ]
    return tuple(found)


def said_in(turn: Turn, entry: CallEntry) -> tuple[Said, ...]:
    """Return what each child of a call felt and said in it, as it is on file; ``entry`` is one of its attempts."""
    found = []
    for call in turn.calls:
        own = [one for one in call.entries if one.outcome is entry.outcome]
        found.append(Said(own[-1].mood, own[-1].said or "") if own else Said())
    return tuple(found)


def _same_promise(draft: LogDraft, stored: PromiseDraft | None) -> PromiseDraft | None:
    """A promise on file keeps its own name and day when only its words were changed."""
    if draft.promise is None or stored is None:
        return draft.promise
    return replace(stored, content=draft.promise.content)


def _one_promise(on_file: Mapping[str, PromiseDraft | None], child: str, other: str) -> bool:
    """Tell whether two children were promised the same thing at once, as the call was written down, and still are.

    Promises of one call go by names that come from the first child's. The same words alone are not enough: what was
    promised to a brother or sister on another occasion is its own. Nothing promised to either is the same, too.
    """
    one, two = on_file[child], on_file[other]
    if one is None or two is None:
        return one is two
    first = {promise.uuid for promise in on_file.values() if promise is not None}
    together = any(
        {one.uuid, two.uuid} <= {name, row_uuid(name, child, first=False), row_uuid(name, other, first=False)}
        for name in first
    )
    return together and one.content == two.content


def _shared(draft: LogDraft, stored: LogDraft, *, same: bool) -> LogDraft:
    """What brothers and sisters have in common of a corrected call, and what this one said in it.

    Who was promised the `same` is promised what is said now, who was promised something else keeps that.
    """
    return replace(
        stored,
        outcome=draft.outcome,
        minutes=draft.minutes,
        mood=draft.mood,
        said=draft.said,
        person_uuid=draft.person_uuid,
        phone_uuid=draft.phone_uuid,
        started=draft.started,
        rescheduled_to=draft.rescheduled_to,
        promise=_same_promise(draft, stored.promise) if same else stored.promise,
    )
