"""The whole ledger as rows: the lines themselves at once, each child's situation a part at a time.

A school of thousands never lies in memory with all its facts, and what reads a part lets others read in between.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from sys import intern
from typing import Any

from msgspec.structs import replace

from app.children.codes import RegistrationEnd, RegistrationKind, Sex
from app.children.day_reader import DayReader, no_collecting
from app.children.ethnicity import ethnic_name
from app.children.ledger import LedgerRow, LedgerStatus, exit_words, ledger_status, village_group_words
from app.children.outlines import PART, outlines
from app.children.queries import ids_of
from app.children.situation import Situation, situation
from app.school.queries import all_classes
from app.school.rules import ClassFacts, ClassState
from app.storage.store import Store

_CHILD = (
    "uuid, name, former_name, pinyin, initials, sex, birth_date, id_number, student_registry_no, student_no,"
    " ethnicity, coalesce(note, '')"
)
_Standing = tuple[LedgerStatus, bool, str | None, str | None, str]
"""The last fields of a row: where it stands, whether that is certain, since when, until when, how it left."""

_NEVER: _Standing = (LedgerStatus.NEVER, True, None, None, "")
_NO_HOME = ("", "")


def read_ledger(
    store: Store, day: date, supporters: Mapping[str, tuple[str, ...]] | None = None
) -> list[LedgerRow]:
    """Return the rows of every child the file knows, as of ``day``, in the order of the ledger, whole.

    ``supporters`` names, by child uuid, who looks after it.
    """
    rows = list_ledger(store, day, supporters)
    while not all(row.is_whole for row in rows):
        rows = read_on(store, day, rows)
    return rows


def list_ledger(
    store: Store, day: date, supporters: Mapping[str, tuple[str, ...]] | None = None
) -> list[LedgerRow]:
    """Return what ``read_ledger`` returns, with nobody's situation yet; ``read_on`` brings those."""
    named = supporters or {}
    reader = DayReader(store, day, "child_id", None)
    with no_collecting():
        class_of, waiting = _classes(store, reader, day)
        standings, homes = _standings(reader, waiting), _homes(reader)
        sexes: dict[str | None, Sex | None] = {None: None, **{sex.value: sex for sex in Sex}}
        groups = _Groups()
        children = DayReader(store, day, "id", None).undated("child", _CHILD, order="id")
        rows = []
        for (
            key,
            uuid,
            name,
            former,
            letters,
            initials,
            sex,
            born,
            number,
            registry,
            own,
            group,
            note,
        ) in children:
            village, address = homes.get(key, _NO_HOME)
            status, certain, since, until, words = standings.get(key, _NEVER)
            rows.append(
                LedgerRow(
                    day,
                    uuid,
                    name,
                    former,
                    letters,
                    initials,
                    sexes[sex],
                    born and intern(born),  # what many share lies in memory once
                    number,
                    registry,
                    own,
                    groups[group],
                    note,
                    class_of.get(key),
                    village,
                    address,
                    status,
                    certain,
                    since,
                    until,
                    words,
                    supporters=named.get(uuid, ()),
                )
            )
        rows.sort(key=in_ledger_order)
    return rows


def read_on(store: Store, day: date, rows: Sequence[LedgerRow]) -> list[LedgerRow]:
    """Return these rows with the situations of ``PART`` more children; who is not in the file any more is left out."""
    entered = [row[0] for row in store.rows("SELECT uuid FROM child WHERE deleted_at IS NULL ORDER BY id")]
    known = set(entered)
    kept = [row for row in rows if row.is_whole or row.uuid in known]
    unread = {row.uuid for row in kept if not row.is_whole}
    # What was entered together lies together in the file.
    return with_situations(store, day, kept, [uuid for uuid in entered if uuid in unread][:PART])


def with_situations(
    store: Store, day: date, rows: Sequence[LedgerRow], uuids: Sequence[str]
) -> list[LedgerRow]:
    """Return these rows with the situations of some of the children."""
    with no_collecting():
        found = {one.uuid: situation(one) for one in outlines(store, day, ids_of(store, uuids))}
    return with_known(rows, found)


def with_known(rows: Sequence[LedgerRow], known: Mapping[str, Situation]) -> list[LedgerRow]:
    """Return these rows with the situations that are known already, by uuid."""
    return [replace(row, situation=known[row.uuid]) if row.uuid in known else row for row in rows]


def in_ledger_order(row: LedgerRow) -> tuple[int, str, str, str]:
    """Return the place of a row: by class (without one last), then by pinyin and name."""
    return (row.class_sort, row.pinyin, row.name, row.uuid)


class _Groups(dict[str | None, str]):
    """The names of 民族 by what the file holds."""

    def __missing__(self, code: str | None) -> str:
        found = self[code] = ethnic_name(code)
        return found


def _classes(store: Store, reader: DayReader, day: date) -> tuple[dict[int, ClassFacts], set[int]]:
    """Return the class of each child, of who is in none the last one, and whose class only waits for 确认毕业."""
    known = {cls.id: cls for cls in all_classes(store, day)}
    (keys, class_ids), others = reader.plain_and_others("enrolment", ("school_class_id",), ended=True)
    present = {
        key: known[class_id] for key, class_id in zip(keys, class_ids, strict=True) if class_id in known
    }
    ended: dict[int, ClassFacts] = {}
    for key, holds, _, _, class_id in others:
        if class_id in known:  # else the class lies in the recycle bin
            (ended if holds is False else present)[key] = known[class_id]
    waiting = {key for key, cls in present.items() if cls.state is ClassState.AWAITING}
    return ended | present, waiting


def _standings(reader: DayReader, waiting: set[int]) -> dict[int, _Standing]:
    """Return where each child stands that is or was registered."""
    ended: dict[int, _Standing] = {}
    # What thousands share is worked out once: by whether it surely holds, and whether the class waits.
    standing = {
        (certain, waits): ledger_status(certain, waits=waits, exit_words=None)
        for certain in (True, False)
        for waits in (True, False)
    }
    only = f"kind = '{RegistrationKind.LEFT_BEHIND}'"
    (keys, starts, _reasons), others = reader.plain_and_others(
        "registration", ("valid_from", "end_reason"), only=only, ended=True
    )
    surely = {
        (start, waits): (*standing[True, waits][:2], start and intern(start), None, standing[True, waits][2])
        for start in set(starts)
        for waits in (True, False)
    }
    present = {key: surely[start, key in waiting] for key, start in zip(keys, starts, strict=True)}
    for key, holds, start, end, _start, reason in others:
        if holds is False:
            words = exit_words(end, RegistrationEnd.of(reason))
            status, certain, said = ledger_status(None, waits=False, exit_words=words)
            ended[key] = (status, certain, None, end, said)
        elif key not in present:
            status, certain, said = standing[holds is not None, key in waiting]
            present[key] = (status, certain, start and intern(start), None, said)
    return ended | present


def _homes(reader: DayReader) -> dict[int, tuple[str, str]]:
    """Return 村组 and address of where each child lives."""
    words = _Villages()
    (keys, villages, groups, addresses), others = reader.plain_and_others(
        "residence", ("village", "village_group", "address")
    )
    found = {
        key: (words[place], intern(address or ""))
        for key, place, address in zip(keys, zip(villages, groups, strict=True), addresses, strict=True)
    }
    for key, holds, _, _, village, group, address in others:
        if holds is not False:
            found[key] = (words[village, group], intern(address or ""))
    return found


class _Villages(dict[tuple[Any, Any], str]):
    """村组 in words by village and group."""

    def __missing__(self, place: tuple[Any, Any]) -> str:
        found = self[place] = village_group_words(*place)
        return found
