"""What a call says about the number that was dialled: worked out from all calls on file, so that no order of entry matters.

A number keeps the day it was last tried and what came of it (``phone``). Somebody who tries it by hand is not
overwritten by calls of earlier days; when a call is changed or removed, what it had written goes with it.
"""

import json
from collections.abc import Iterable, Mapping
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

    A later day stays. On one day the best answer stays. That nobody answered says nothing against what was found: a
    number that is right stays so since the day it was found right, 停机 or 号码错 stays too.
    """
    result = RESULTS.get(outcome)
    if result is None or (state.day or "") > day:
        return state
    if state.day == day and state.result is PhoneResult.REACHED:
        return state
    if (
        result is PhoneResult.NO_ANSWER
        and state.day is not None
        and state.result is not PhoneResult.NO_ANSWER
    ):
        return state
    return Tried(day, result)


def dialled(store: Store, person_id: int, day: str) -> int | None:
    """Return the number of a grown-up that is dialled first on a day; None without one."""
    row = store.one(
        "SELECT id FROM phone WHERE person_id = ?1 AND deleted_at IS NULL AND coalesce(valid_from, '') <= ?2"
        " AND (valid_to IS NULL OR valid_to > ?2)"
        " ORDER BY coalesce(result, '') IN ('stopped', 'wrong_number'),"
        " iif(coalesce(result, 'reached') = 'reached', coalesce(confirmed_on, ''), '') DESC, id LIMIT 1",
        (person_id, day),
    )
    return None if row is None else int(row[0])


def settle_numbers(store: Store, action: Action, phones: Iterable[int]) -> tuple[set[int], list[PhoneResult]]:
    """Write what the calls on file say of these numbers (keys); return whose changed, and what bad was found anew."""
    people: set[int] = set()
    bad: list[PhoneResult] = []
    for phone_id in phones:
        # A number that is on file twice became one when its two owners did: the other row lies in the recycle bin.
        row = store.one(
            "SELECT f.id, f.uuid, f.person_id, f.number, f.confirmed_on, f.result FROM phone g JOIN phone f"
            " ON f.person_id = g.person_id AND f.number = g.number WHERE g.id = ? AND f.deleted_at IS NULL"
            " ORDER BY f.id <> g.id, f.valid_to IS NOT NULL, f.id LIMIT 1",
            (phone_id,),
        )
        if row is None:
            continue
        key, uuid, person_id, number, confirmed_on, result = row
        present = Tried(confirmed_on, PhoneResult.of(result))
        state = _before_any_call(store, uuid, present)
        for day, outcome in _calls_on(store, person_id, number):
            state = tried_again(state, day, Outcome(outcome))
        if state != present:
            code = None if state.result is None else state.result.value
            action.update(Phone, key, confirmed_on=state.day, result=code)
            people.add(person_id)
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


def _calls_on(store: Store, person_id: int, number: str) -> list[tuple[str, str]]:
    """Return (day, outcome) of the calls on a number of a grown-up, in order."""
    return store.rows(
        "SELECT happened_on, outcome FROM affection_call WHERE deleted_at IS NULL AND phone_id IN (SELECT id FROM phone"
        " WHERE person_id = ? AND number = ?) ORDER BY happened_on, id",
        (person_id, number),
    )
