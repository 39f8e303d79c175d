"""Reading grown-ups with the facts about them on one day."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from app.children.codes import Sex
from app.children.day_reader import DayReader, Period
from app.children.from_rows import AWAY, CAPACITY, LIFE, MARRIAGE, PHONE, boolean
from app.children.person_facts import AwayFacts, KinshipFacts, PersonFacts
from app.storage.store import Store


class People:
    """The grown-ups of some children on one day, read once and shared by brothers and sisters."""

    def __init__(self, store: Store, day: date, ids: Iterable[int] | None) -> None:
        reader = DayReader(store, day, "person_id", ids)
        lives = reader.newest(LIFE)
        capacities = reader.newest(CAPACITY)
        away = _away_with_since(reader)
        marriages = reader.newest(MARRIAGE)
        phones = reader.every(PHONE)
        self._known: dict[int, dict[str, Any]] = {}
        self._alone: dict[int, PersonFacts] = {}
        for row in DayReader(store, day, "id", ids).undated("person", _PERSON, order="id"):
            key = row[0]
            self._known[key] = {
                "uuid": row[1],
                "name": row[2],
                "sex": Sex.of(row[3]),
                "birth_date": row[4],
                "id_number": row[5],
                "education": row[6],
                "health": row[7],
                "occupation": row[8],
                "dialect_only": boolean(row[9]),
                "address": row[10],
                "note": row[11],
                "life": lives.get(key),
                "capacity": capacities.get(key),
                "away": away.get(key),
                "marriage": marriages.get(key),
                "phones": phones.get(key, ()),
            }

    def __contains__(self, person_id: int) -> bool:
        return person_id in self._known

    def kin(self, person_id: int, kinship: KinshipFacts) -> PersonFacts:
        """Return the grown-up as this to one child."""
        return PersonFacts(**self._known[person_id], kinship=kinship)

    def alone(self, person_id: int) -> PersonFacts:
        """Return the grown-up without any kinship."""
        found = self._alone.get(person_id)
        if found is None:
            found = self._alone[person_id] = PersonFacts(**self._known[person_id])
        return found


_PERSON = "uuid, name, sex, birth_date, id_number, education, health, occupation, dialect_only, address, note"


def _away_with_since(reader: DayReader) -> dict[int, AwayFacts]:
    """Return who is away or at home, with the start of the unbroken run: a move from work to work is no break."""
    found: dict[int, AwayFacts] = {}
    last: Period | None = None
    since: str | None = None
    for period in reader.begun(AWAY):
        unbroken = (
            last is not None
            and last.key == period.key
            and last.own[0] == period.own[0]  # the state
            and last.valid_to == period.valid_from
        )
        since = since if unbroken else period.valid_from
        last = period
        if period.holds is not False:
            found[period.key] = AWAY.fact(period.row, certain=period.holds is True, since=since)
    return found
