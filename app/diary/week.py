"""The week as a grid: one line per child, one column per kind of record."""

import json
from collections.abc import Iterable
from datetime import date, timedelta

from msgspec import Struct

from app.children.codes import RegistrationKind
from app.diary.codes import Activity
from app.diary.facts import RecordLine
from app.diary.lines import SUPPORTER_NAME, ClassNames, LineReader, in_json
from app.pairing.pair_reading import BY_KIND
from app.school.queries import class_teachers
from app.storage.store import Store

# Table and column names below are our own.
# ruff: noqa: S608


class WeekRow(Struct, frozen=True, kw_only=True):
    """A child in the grid of one week, with who answers for it (the head teacher when nobody looks after it) and what
    was done. ``supporter_uuid`` names them as records do: a supporter, or a member of staff.
    """

    child_uuid: str
    child_name: str
    class_name: str
    supporter_uuid: str | None
    supporter_name: str
    cells: dict[Activity, tuple[RecordLine, ...]]


def week_grid(
    store: Store,
    *,
    monday: date,
    kinds: Iterable[Activity],
    class_uuid: str | None = None,
    supporter_uuid: str | None = None,
) -> tuple[WeekRow, ...]:
    """Return the children on the ledger in that week, of a class or of a supporter, with their records of the week.

    A child that was paired, or on the ledger, for a part of the week is there. Without class and supporter: all. Of
    several who look after it the one who answers for it is told (a teacher before a proxy parent), who had left before
    that week never.
    """
    first, last = monday.isoformat(), (monday + timedelta(days=6)).isoformat()
    of_class = "" if class_uuid is None else _OF_CLASS
    of_supporter = "" if supporter_uuid is None else _OF_SUPPORTER
    rows = store.rows(
        _CHILDREN.format(narrowed=of_class + of_supporter),
        {
            "first": first,
            "last": last,
            "kind": RegistrationKind.LEFT_BEHIND.value,
            "class": class_uuid,
            "supporter": supporter_uuid,
        },
    )
    lines = LineReader(store).read(
        f"r.happened_on BETWEEN ? AND ? AND {in_json('r.kind')} AND {in_json('r.child_id')}",
        (first, last, json.dumps(sorted(kinds)), json.dumps([row[0] for row in rows])),
        rest="ORDER BY r.happened_on, r.id",
    )
    cells: dict[str, dict[Activity, list[RecordLine]]] = {}
    for line in lines:
        cells.setdefault(line.child_uuid, {}).setdefault(line.kind, []).append(line)
    names = ClassNames(store)
    teachers = class_teachers(store, monday + timedelta(days=6))

    def who(class_id: int | None, supporter: str | None, name: str) -> tuple[str | None, str]:
        teacher = None if supporter or class_id is None else teachers.get(class_id)
        return (teacher.uuid, teacher.name) if teacher is not None else (supporter, name)

    answers = [who(class_id, supporter, name) for *_, class_id, supporter, name in rows]
    return tuple(
        WeekRow(
            child_uuid=uuid,
            child_name=name,
            class_name=names.name(class_id, last),
            supporter_uuid=supporter,
            supporter_name=supporter_name,
            cells={kind: tuple(found) for kind, found in cells.get(uuid, {}).items()},
        )
        for (_, uuid, name, class_id, *_), (supporter, supporter_name) in zip(rows, answers, strict=True)
    )


_IN_WEEK = "{0}.deleted_at IS NULL AND coalesce({0}.valid_from, '') <= :last AND ({0}.valid_to IS NULL OR {0}.valid_to > :first)"
# Who was ever in the class, or with the supporter, is looked up first: the rest need not be asked child by child.
_OF_CLASS = """
    AND k.uuid = :class AND c.id IN (SELECT m.child_id FROM enrolment m
        WHERE m.school_class_id = (SELECT id FROM school_class WHERE uuid = :class))"""
_OF_SUPPORTER = """
    AND s.id IS NOT NULL AND c.id IN (SELECT m.child_id FROM pairing m WHERE m.supporter_id IN
        (SELECT t.id FROM supporter t LEFT JOIN staff u ON u.id = t.staff_id WHERE :supporter IN (t.uuid, u.uuid)))"""
# Who had left before the week began did nothing in it, whether the child was handed over or not.
_STAYS = "coalesce(s.left_on, sf.left_on, '9999') > :first"
_CHILDREN = f"""
SELECT c.id, c.uuid, c.name, e.school_class_id,
    CASE WHEN {_STAYS} THEN s.uuid END, CASE WHEN {_STAYS} THEN {SUPPORTER_NAME} ELSE '' END
FROM child c
LEFT JOIN enrolment e ON e.id = (
    SELECT e.id FROM enrolment e WHERE e.child_id = c.id AND {_IN_WEEK.format("e")} ORDER BY e.valid_from DESC LIMIT 1)
LEFT JOIN school_class k ON k.id = e.school_class_id
LEFT JOIN pairing q ON q.id = (
    SELECT q.id FROM pairing q JOIN supporter t ON t.id = q.supporter_id
    LEFT JOIN staff u ON u.id = t.staff_id WHERE q.child_id = c.id AND {_IN_WEEK.format("q")}
    AND (:supporter IS NULL OR :supporter IN (t.uuid, u.uuid))
    ORDER BY q.valid_to IS NOT NULL, coalesce(t.left_on, u.left_on, '9999') <= :first, {BY_KIND}, q.id DESC LIMIT 1)
LEFT JOIN supporter s ON s.id = q.supporter_id
LEFT JOIN staff sf ON sf.id = s.staff_id
WHERE c.deleted_at IS NULL
    AND EXISTS (SELECT 1 FROM registration g WHERE g.child_id = c.id AND g.kind = :kind AND {_IN_WEEK.format("g")})
    {{narrowed}}
ORDER BY k.entering_year DESC, k.number, c.pinyin, c.name, c.id
"""
