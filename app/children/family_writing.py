"""Writing grown-ups around a child inside an action."""

from app.children.codes import AwayState, CareKind, LifeStatus, Relation
from app.children.drafts import PersonDraft
from app.children.finding import find_person
from app.children.identity import tidy_date, tidy_number, tidy_text
from app.children.periods import key_of, open_now, open_period
from app.children.rules import care_kind_of
from app.children.tables import Away, Care, Kinship, Life, Person, Phone
from app.core.id_number import tidy_id
from app.core.text import normalise_name
from app.storage.action import Action
from app.storage.store import Store


def write_person(store: Store, action: Action, draft: PersonDraft) -> int:
    """Write a grown-up, or find them when the file has them for certain, and return their key.

    Of somebody known already only what is still 未采集 is filled in: what brothers and sisters share is never changed
    by adding one more child.
    """
    numbers = tuple(dict.fromkeys(filter(None, (tidy_number(phone) for phone in draft.phones))))
    values = {
        "name": normalise_name(draft.name or "") or None,
        "id_number": tidy_id(draft.id_number or "") or None,
        "birth_date": tidy_date(draft.birth_date),
    }
    uuid = draft.person_uuid or find_person(
        store, name=values["name"], id_number=values["id_number"], numbers=numbers
    )
    if uuid is None:
        key: int = action.insert(Person, **values)
    else:
        key = key_of(store, Person, uuid)
        fill_person(store, action, key, values)
    for number in numbers:
        add_number(store, action, key, number)
    if draft.life is not None and open_now(store, Life, {"person_id": key}) is None:
        write_life(store, action, key, draft.life, None)
    if draft.away is not None and open_now(store, Away, {"person_id": key}) is None:
        _write_away(store, action, key, draft, draft.away)
    return key


def fill_person(store: Store, action: Action, key: int, values: dict[str, str | None]) -> None:
    """Write the values of which nothing is known yet."""
    names = list(values)
    row = store.one(f"SELECT {', '.join(names)} FROM person WHERE id = ?", (key,))  # noqa: S608  # our own columns
    known = dict(zip(names, row or (), strict=False))
    added = {name: value for name, value in values.items() if value is not None and known.get(name) is None}
    if added:
        action.update(Person, key, **added)


def add_number(
    store: Store, action: Action, person_id: int, number: str, label: str | None = None
) -> str | None:
    """Write a number the person is reached on; None when it is known."""
    return open_period(
        store,
        action,
        Phone,
        values={"person_id": person_id, "number": number} | ({"label": label} if label else {}),
        since=None,
    )


def write_life(
    store: Store, action: Action, person_id: int, status: LifeStatus, since: str | None
) -> str | None:
    """Write whether a grown-up is alive from ``since`` on."""
    return open_period(
        store, action, Life, values={"person_id": person_id, "status": status.value}, since=since
    )


def write_kinship(
    store: Store, action: Action, child_id: int, person_id: int, draft: PersonDraft, since: str | None = None
) -> str | None:
    """Write what the grown-up is to the child; None when that is known."""
    values: dict[str, object] = {
        "child_id": child_id,
        "person_id": person_id,
        "relation": draft.relation.value,
    }
    if draft.label:
        values["label"] = tidy_text(draft.label)
    return open_period(store, action, Kinship, values=values, since=since)


def write_family(
    store: Store, action: Action, child_id: int, people: tuple[PersonDraft, ...], carer: PersonDraft | None
) -> tuple[list[int], int | None]:
    """Write the grown-ups of a new child; return their keys, and the carer's.

    A carer of the same relation as one of the people is the same person.
    """
    keys: dict[Relation, int] = {}
    everyone: list[int] = []
    for draft in people if carer is None else (*people, carer):
        if draft is carer and draft.relation in keys:
            _same_person(store, action, keys[draft.relation], draft)
        elif draft.says_anything:
            key = write_person(store, action, draft)
            write_kinship(store, action, child_id, key, draft)
            keys[draft.relation] = key
            everyone.append(key)
    return everyone, (keys.get(carer.relation) if carer else None)


def write_care(
    store: Store,
    action: Action,
    child_id: int,
    person_id: int | None,
    kind: CareKind | None,
    *,
    draft: PersonDraft | None,
    grade: str | None = None,
) -> None:
    """Write who looks after a new child, when anything is known about it."""
    if kind is None and person_id is None:
        return
    meant = kind or (care_kind_of(draft.relation) if draft else CareKind.OTHER)
    values = {"child_id": child_id, "person_id": person_id, "kind": meant.value, "grade": grade}
    open_period(store, action, Care, values=values, since=None)


def _same_person(store: Store, action: Action, key: int, draft: PersonDraft) -> None:
    fill_person(
        store,
        action,
        key,
        {
            "name": normalise_name(draft.name or "") or None,
            "id_number": tidy_id(draft.id_number or "") or None,
        },
    )
    for phone in draft.phones:
        number = tidy_number(phone)
        if number:
            add_number(store, action, key, number)


def _write_away(store: Store, action: Action, person_id: int, draft: PersonDraft, state: AwayState) -> None:
    values = {
        "person_id": person_id,
        "state": state.value,
        "place": tidy_text(draft.place),
        "trade": tidy_text(draft.trade),
        "employer": tidy_text(draft.employer),
    }
    open_period(store, action, Away, values=values, since=tidy_date(draft.since))
