"""Reading grown-ups with the facts about them on one day."""

from collections.abc import Iterable
from datetime import date

from app.children.codes import Sex
from app.children.day_reader import DayReader, Period
from app.children.from_rows import AWAY, CAPACITY, LIFE, MARRIAGE, PHONE, boolean
from app.children.person_facts import AwayFacts, KinshipFacts, PersonFacts
from app.storage.store import Store


class People:
    """The grown-ups of some children on one day, read once and shared by brothers and sisters."""

    def __init__(self, store: Store, day: date, ids: Iterable[int] | None) -> None:
        reader = DayReader(store, day, "person_id", ids)
        self._lives = reader.newest(LIFE)
        self._capacities = reader.newest(CAPACITY)
        self._away = _away_with_since(reader)
        self._marriages = reader.newest(MARRIAGE)
        self._phones = reader.every(PHONE)
        self._alone: dict[int, PersonFacts] = {}
        rows = DayReader(store, day, "id", ids).undated("person", _PERSON, order="id")
        self._known = {row[0]: row for row in rows}

    def __contains__(self, person_id: int) -> bool:
        return person_id in self._known

    def kin(self, person_id: int, kinship: KinshipFacts | None) -> PersonFacts:
        """Return the grown-up as this to one child."""
        key, uuid, name, sex, birth_date, id_number, education, health, occupation, *rest = self._known[
            person_id
        ]
        dialect_only, address, note = rest
        return PersonFacts(
            uuid=uuid,
            name=name,
            sex=None if sex is None else Sex(sex),
            birth_date=birth_date,
            id_number=id_number,
            education=education,
            health=health,
            occupation=occupation,
            dialect_only=boolean(dialect_only),
            address=address,
            note=note,
            life=self._lives.get(key),
            capacity=self._capacities.get(key),
            away=self._away.get(key),
            marriage=self._marriages.get(key),
            phones=self._phones.get(key, ()),
            kinship=kinship,
        )

    def alone(self, person_id: int) -> PersonFacts:
        """Return the grown-up without any kinship."""
        found = self._alone.get(person_id)
        if found is None:
            found = self._alone[person_id] = self.kin(person_id, None)
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
