"""Children who may be in the ledger twice. A pair is a question, never an answer: namesakes are common in a village."""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import combinations

from msgspec import Struct

from app.school.queries import all_classes
from app.storage.store import Store

_OLD_LENGTH, _NEW_LENGTH = 15, 18


class Twin(Struct, frozen=True):
    """One child of a pair, as it is told apart from the other."""

    uuid: str
    name: str
    sex: str | None
    birth_date: str | None
    id_number: str | None
    class_name: str
    records: int

    @property
    def words(self) -> str:
        """Return 张伟（三（2）班，2015-03）."""
        facts = "，".join(part for part in (self.class_name, (self.birth_date or "")[:7]) if part)
        return f"{self.name}（{facts}）" if facts else self.name


class Pair(Struct, frozen=True):
    """Two children who may be one, the fuller file first, and why."""

    one: Twin
    other: Twin
    why: str
    sure: bool

    @property
    def uuid(self) -> str:
        """Return by what the pair is told from others in a list."""
        return f"{self.one.uuid}:{self.other.uuid}"


def duplicate_pairs(store: Store, day: date) -> list[Pair]:
    """Return the pairs of children on file who may be one child, the surest first; ``day`` names their classes.

    The same person has the same number (an old one of 15 digits is the new one shortened), or the same name, spelt or
    sounding alike, when neither sex nor date of birth speaks against it.
    """
    twins = list(_twins(store, day))
    found: dict[frozenset[str], Pair] = {}
    for group in (*_groups(twins, "name"), *_groups(twins, "sound"), *_groups(twins, "number")):
        for one, other in combinations(group, 2):
            place = frozenset((one[0].uuid, other[0].uuid))
            pair = found.get(place) or _pair(one, other)
            if pair is not None:
                found[place] = pair
    return sorted(found.values(), key=lambda pair: (not pair.sure, pair.one.name, pair.one.uuid))


_Known = tuple[Twin, dict[str, str]]


def _twins(store: Store, day: date) -> Iterator[_Known]:
    classes = {cls.id: cls.name for cls in all_classes(store, day)}
    rows = store.rows(
        "SELECT c.uuid, c.name, c.sex, c.birth_date, c.id_number, c.pinyin, (SELECT e.school_class_id FROM enrolment e"
        "  WHERE e.child_id = c.id AND e.deleted_at IS NULL ORDER BY e.valid_to IS NULL DESC, e.valid_from DESC LIMIT 1),"
        " (SELECT count(*) FROM kinship k WHERE k.child_id = c.id AND k.deleted_at IS NULL)"
        " + (SELECT count(*) FROM care k WHERE k.child_id = c.id AND k.deleted_at IS NULL)"
        " + (SELECT count(*) FROM registration k WHERE k.child_id = c.id AND k.deleted_at IS NULL)"
        " FROM child c WHERE c.deleted_at IS NULL ORDER BY c.id"
    )
    for uuid, name, sex, birth, number, pinyin, class_id, records in rows:
        twin = Twin(uuid, name, sex, birth, number, classes.get(class_id, ""), records)
        yield twin, {"name": name, "sound": pinyin, "number": _short(number)}


def _groups(twins: Iterable[_Known], by: str) -> Iterator[list[_Known]]:
    found: dict[str, list[_Known]] = {}
    for known in twins:
        if known[1][by]:
            found.setdefault(known[1][by], []).append(known)
    return (group for group in found.values() if len(group) > 1)


def _pair(one: _Known, other: _Known) -> Pair | None:
    """Return the pair with its reason, None when something speaks against it."""
    (mine, my_keys), (theirs, their_keys) = sorted((one, other), key=lambda known: -known[0].records)
    same_number = my_keys["number"] == their_keys["number"] != ""
    same_name = my_keys["name"] == their_keys["name"]
    same_birth = mine.birth_date is not None and mine.birth_date == theirs.birth_date
    if same_number:
        return Pair(
            mine,
            theirs,
            "身份证号相同（15 位和 18 位）" if mine.id_number != theirs.id_number else "身份证号相同",
            True,
        )
    if _differ(mine.sex, theirs.sex) or _other_birth(mine.birth_date, theirs.birth_date):
        return None
    two_numbers = "，身份证号不同" if mine.id_number and theirs.id_number else ""
    if same_name:
        why = "姓名、出生日期相同" if same_birth else "姓名相同，没有能区分的出生日期"
        return Pair(mine, theirs, why + two_numbers, same_birth and not two_numbers)
    if same_birth and len(mine.birth_date or "") == len("2015-03-12"):
        return Pair(mine, theirs, f"姓名同音，出生日期相同{two_numbers}", False)
    return None


def _short(number: str | None) -> str:
    """Return an ID number as the old one of 15 digits would be; "" when there is none."""
    if number is None:
        return ""
    return (
        number[:6] + number[8:17]
        if len(number) == _NEW_LENGTH
        else number
        if len(number) == _OLD_LENGTH
        else ""
    )


def _differ(one: str | None, other: str | None) -> bool:
    return one is not None and other is not None and one != other


def _other_birth(one: str | None, other: str | None) -> bool:
    return one is not None and other is not None and not (one.startswith(other) or other.startswith(one))
