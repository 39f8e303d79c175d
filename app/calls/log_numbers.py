"""What a call says about the number that was dialled: worked out from all calls on file, so that no order of entry matters.

A number keeps the day it was last tried and what came of it (``phone``). Somebody who tries it by hand is not
overwritten by calls of earlier days; when a call is changed or removed, what it had written goes with it.
"""

import json
from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from app.calls.codes import Outcome
from app.children.codes import PhoneResult
from app.children.tables import Phone
from app.storage.action import Action
from app.storage.store import Store

# Whoever answered, the number is right.
RESULTS: Mapping[Outcome, PhoneResult] = {
    Outcome.CONNECTED: PhoneResult.REACHED,
    Outcome.LANGUAGE: PhoneResult.REACHED,
    Outcome.RESCHEDULED: PhoneResult.REACHED,
    Outcome.NO_ANSWER: PhoneResult.NO_ANSWER,
    Outcome.STOPPED: PhoneResult.STOPPED,
    Outcome.WRONG_NUMBER: PhoneResult.WRONG_NUMBER,
}
BAD = (PhoneResult.STOPPED, PhoneResult.WRONG_NUMBER)


class Tried(NamedTuple):
    """When a number was last tried, and what came of it; None = never, not known."""

    day: str | None
    result: PhoneResult | None


def tried_again(state: Tried, day: str, outcome: Outcome) -> Tried:
    """Return what is known of a number after one more call. Pure.

    A later day stays. On one day the best answer stays. That nobody answered says nothing against 停机 or 号码错.
    """
    result = RESULTS.get(outcome)
    if result is None or (state.day or "") > day:
        return state
    if state.day == day and state.result is PhoneResult.REACHED:
        return state
    if result is PhoneResult.NO_ANSWER and state.result in BAD:
        return state
    return Tried(day, result)


def dialled(store: Store, person_id: int, day: str) -> int | None:
    """Return the number of a grown-up that is dialled first on a day; None without one."""
    row = store.one(
        "SELECT id FROM phone WHERE person_id = ?1 AND deleted_at IS NULL AND coalesce(valid_from, '') <= ?2"
        " AND (valid_to IS NULL OR valid_to > ?2)"
        " ORDER BY coalesce(result, '') IN ('stopped', 'wrong_number'), coalesce(confirmed_on, '') DESC, id LIMIT 1",
        (person_id, day),
    )
    return None if row is None else int(row[0])


def marked_by(store: Store, uuid: str) -> set[int]:
    """Return the numbers of whom an attempt on file called that may say what came of it."""
    found = store.one("SELECT person_id, entered_at FROM affection_call WHERE uuid = ?", (uuid,))
    if found is None or found[0] is None:
        return set()
    phones = dict(
        store.rows("SELECT uuid, id FROM phone WHERE person_id = ? AND deleted_at IS NULL", (found[0],))
    )
    if len(phones) < 2:
        return set(phones.values())
    written = store.rows(
        "WITH own AS (SELECT action_id FROM change WHERE row_uuid = ?1 AND op <> 'insert' UNION"
        " SELECT g.action_id FROM action a JOIN change g ON g.action_id = a.id WHERE a.at = ?2 AND g.row_uuid = ?1)"
        " SELECT DISTINCT row_uuid FROM change WHERE action_id IN (SELECT action_id FROM own)"
        " AND table_name = 'phone' AND op = 'update'",
        (uuid, found[1]),
    )
    return {phones[row[0]] for row in written if row[0] in phones}


def settle_numbers(
    store: Store, action: Action, phones: Mapping[int, Collection[str]]
) -> tuple[set[int], list[PhoneResult]]:
    """Write what the calls on file say of these numbers; return whose changed, and what bad was found anew.

    ``phones`` are keys of numbers with the uuids of calls that are being written and dialled them.
    """
    people: set[int] = set()
    bad: list[PhoneResult] = []
    for phone_id, just in phones.items():
        row = store.one(
            "SELECT uuid, person_id, confirmed_on, result FROM phone WHERE id = ? AND deleted_at IS NULL",
            (phone_id,),
        )
        if row is None:
            continue
        present = Tried(row[2], PhoneResult.of(row[3]))
        state = _before_any_call(store, row[0], present)
        for day, outcome in _calls_on(store, row[0], row[1], just):
            state = tried_again(state, day, Outcome(outcome))
        if state != present:
            result = None if state.result is None else state.result.value
            action.update(Phone, phone_id, confirmed_on=state.day, result=result)
            people.add(row[1])
            if state.result in BAD and present.result not in BAD:
                bad.append(state.result)
    return people, bad


def _before_any_call(store: Store, phone_uuid: str, present: Tried) -> Tried:
    """Return how the number stood before calls wrote to it: as somebody last left it by hand, or at the beginning.

    The history knows: changes that came with a call are walked back, the last one that did not is where to begin.
    """
    state = present
    for before, with_call in store.rows(
        "SELECT ch.before_json, EXISTS (SELECT 1 FROM change g WHERE g.action_id = ch.action_id"
        " AND g.table_name = 'affection_call') FROM change ch WHERE ch.row_uuid = ? AND ch.op <> 'insert'"
        " AND ch.table_name = 'phone' ORDER BY ch.seq DESC",
        (phone_uuid,),
    ):
        if not with_call:
            break
        image = json.loads(before)
        state = Tried(image.get("confirmed_on"), PhoneResult.of(image.get("result")))
    return state


def _calls_on(store: Store, phone_uuid: str, person_id: int, just: Iterable[str]) -> list[tuple[str, str]]:
    """Return (day, outcome) of the calls on a number, in order: all of a grown-up with one number, else those known for it."""
    numbers = store.rows(
        "SELECT 1 FROM phone WHERE person_id = ? AND deleted_at IS NULL LIMIT 2", (person_id,)
    )
    only = (
        ""
        if len(numbers) < 2
        else (
            " AND (a.uuid IN (SELECT value FROM json_each(?2)) OR EXISTS (SELECT 1 FROM change p JOIN change g"
            " ON g.action_id = p.action_id WHERE p.row_uuid = ?3 AND p.op <> 'insert' AND g.row_uuid = a.uuid))"
        )
    )
    params = (person_id,) if not only else (person_id, json.dumps(sorted(just)), phone_uuid)
    return store.rows(
        "SELECT a.happened_on, a.outcome FROM affection_call a WHERE a.person_id = ?1 AND a.deleted_at IS NULL"  # noqa: S608  # our own words
        f"{only} ORDER BY a.happened_on, a.id",
        params,
    )
