"""What 今日 shows: the state of the ledger at a glance, and what is to be done, each with its reason.

Two reads, because the first page is painted before the facts of all children are there: ``glance`` is cheap at any
size of the school, ``due_children`` reads every child on the ledger once.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path

from app.children.codes import CareKind, ParentsCode
from app.children.completeness import Completeness, completeness, gap_lists
from app.children.contacts import contact_chain
from app.children.facts import ChildFacts
from app.children.ledger_count import LedgerCount, ledger_count
from app.children.queries import load_facts
from app.children.roster.model import ParkedCode
from app.children.roster.parked import WaitingRow, waiting_rows
from app.children.rules import parents_status
from app.school.calendar import SchoolCalendar
from app.school.codes import HandoverKind
from app.school.handover import HandoverEntry, handovers
from app.school.queries import classes, graduation_candidates, head_counts, school_calendar
from app.storage.backups import Backup, is_changed, list_backups, newest_verified
from app.storage.history import ActionRow, actions
from app.storage.store import Store

STALE_NUMBER_DAYS = 90  # look.md §4: a number not tried for longer is shown in ochre
STICK_DAYS = 7
# More children than these under one heading become one line that opens the list.
SINGLY = 5
WORST_FILES = 3
WORTH_A_LINE = 3  # gaps
_NAMED = 4


class DueKind(StrEnum):
    """What is to be done, in the order it is shown; the window knows for each where it is done."""

    UNGUARDED = "unguarded"
    CARER = "carer"
    PARKED = "parked"
    GRADUATION = "graduation"
    BACKUP = "backup"
    ID_NUMBER = "id_number"
    DOUBT = "doubt"
    NUMBER = "number"
    STICK = "stick"
    HEAD_COUNT = "head_count"
    GAPS = "gaps"


_URGENT = frozenset({DueKind.UNGUARDED, DueKind.CARER, DueKind.PARKED, DueKind.GRADUATION, DueKind.BACKUP})


@dataclass(frozen=True, slots=True)
class DueItem:
    """One line: ``head`` (with ``aside``, the class of a single child) and the ``reason`` it is due.

    ``children`` are whom it is about. It goes by what is recorded, never by being ticked.
    """

    kind: DueKind
    head: str
    reason: str
    aside: str = ""
    children: tuple[str, ...] = ()

    @property
    def urgent(self) -> bool:
        """Tell whether it stands among 要紧的."""
        return self.kind in _URGENT


@dataclass(frozen=True, slots=True)
class Glance:
    """The state of ``day`` that is read in a moment. ``stick`` is the last copy to a stick.

    ``items`` are what is to be done about the school and the data; what only an entry can settle is left out of a
    read-only file.
    """

    day: date
    count: LedgerCount
    items: tuple[DueItem, ...]
    week: str
    actions: tuple[ActionRow, ...]
    backup: Backup | None
    stick: HandoverEntry | None
    place: Path


@dataclass(frozen=True, slots=True)
class DueChildren:
    """What is to be done about the children, and who stands behind 双亲, 单亲 … on the ledger."""

    items: tuple[DueItem, ...]
    parents: Mapping[ParentsCode, tuple[str, ...]]


def glance(store: Store, backup_folder: Path) -> Glance:
    """Return counts, today's actions, how safe the data are, and what is to be done about school and data."""
    today = store.clock.today()
    calendar = school_calendar(store)
    week = calendar.week_of(today)
    count = ledger_count(store, today)
    stick = next(iter(handovers(store, kind=HandoverKind.STICK, limit=1)), None)
    backup = newest_verified(list_backups(backup_folder, db_uuid=store.db_uuid))
    items = [
        *_parked(waiting_rows(store)),
        *_graduations(store, today),
        *_head_counts(store, calendar, today),
    ]
    # An empty school has nothing yet that could be lost.
    if not store.read_only and (count.known or backup):
        if is_changed(store, backup_folder):
            items += _backup(backup, today)
        items += _stick(stick, today)
    return Glance(
        day=today,
        count=count,
        items=tuple(items),
        week="" if week is None else week.words,
        actions=tuple(actions(store, day=today)),
        backup=backup,
        stick=stick,
        place=store.path.parent,
    )


def due_children(store: Store) -> DueChildren:
    """Return what is to be done about the children on the ledger."""
    ledger = load_facts(store, store.clock.today(), only_registered=True)
    parents: dict[ParentsCode, list[str]] = {code: [] for code in ParentsCode}
    for child in ledger:
        parents[parents_status(child).code].append(child.uuid)
    found = (*_guardians(ledger), *_doubts(ledger), *_numbers(ledger), *_gaps(ledger))
    return DueChildren(found, {code: tuple(uuids) for code, uuids in parents.items()})


def in_order(*lists: Iterable[DueItem]) -> list[DueItem]:
    """Return the items of several lists as they are shown: by kind."""
    order = {kind: place for place, kind in enumerate(DueKind)}
    return sorted((item for items in lists for item in items), key=lambda item: order[item.kind])


# ---- the children ---------------------------------------------------------------------------------------------------


def _guardians(ledger: Iterable[ChildFacts]) -> Iterator[DueItem]:
    alone: list[ChildFacts] = []
    without: list[ChildFacts] = []
    for child in ledger:
        if child.care is not None and child.care.kind is CareKind.UNGUARDED:
            alone.append(child)
        elif child.care is None or (child.care.person is not None and child.care.person.gone):
            without.append(child)
    yield from _each_or_all(DueKind.UNGUARDED, alone, "无人监护", _alone_reason)
    yield from _each_or_all(DueKind.CARER, without, "没有监护人", _carer_reason)


def _alone_reason(_child: ChildFacts) -> str:
    return "无人监护：请当天报告学校负责人和村（居）委会，落实临时照护人"


def _carer_reason(child: ChildFacts) -> str:
    person = child.care.person if child.care else None
    if person is None:
        return "没有登记由谁照护"
    fate = person.life.status.label if person.life else "不在了"
    return f"监护人{person.relation_words or ''}记为{fate}，没有登记现在由谁照护"


def _doubts(ledger: Iterable[ChildFacts]) -> Iterator[DueItem]:
    ids: list[ChildFacts] = []
    others: list[ChildFacts] = []
    for child in ledger:
        if any(doubt.field == "id_number" for doubt in child.doubts):
            ids.append(child)
        elif child.doubts:
            others.append(child)
    yield from _each_or_all(DueKind.ID_NUMBER, ids, "身份证号待补", _id_reason)
    yield from _each_or_all(DueKind.DOUBT, others, "有存疑的内容", _doubt_reason)


def _id_reason(child: ChildFacts) -> str:
    return next(doubt.reason for doubt in child.doubts if doubt.field == "id_number").rstrip("。")


def _doubt_reason(child: ChildFacts) -> str:
    first, *more = child.doubts
    words = first.reason.rstrip("。")
    return f"{words}；另有 {len(more)} 处存疑" if more else words


def _numbers(ledger: Iterable[ChildFacts]) -> Iterator[DueItem]:
    """Yield the first number of each chain that was not tried for ninety days, all in one line."""
    stale: list[str] = []
    never: list[str] = []
    for child in ledger:
        first = next((contact for contact in contact_chain(child) if contact.number), None)
        if first is None:
            continue
        if first.confirmed_on is None:
            never.append(child.uuid)
        elif (child.day - date.fromisoformat(first.confirmed_on)).days > STALE_NUMBER_DAYS:
            stale.append(child.uuid)
    if stale or never:
        parts = [f"超过 {STALE_NUMBER_DAYS} 天没有核实 {len(stale)} 名"] if stale else []
        parts += [f"登记后从未核实 {len(never)} 名"] if never else []
        yield DueItem(
            DueKind.NUMBER,
            f"{len(stale) + len(never)} 名的联系电话",
            "，".join(parts),
            children=(*stale, *never),
        )


def _gaps(ledger: Iterable[ChildFacts]) -> Iterator[DueItem]:
    """Yield the files that lack most, and one line for all that lack something."""
    lacking = [(child, found) for child in ledger if (found := completeness(child)).gaps]
    worst = sorted(lacking, key=lambda pair: (pair[1].percent, -len(pair[1].gaps)))[:WORST_FILES]
    for child, found in worst:
        if len(found.gaps) >= WORTH_A_LINE:
            yield DueItem(
                DueKind.GAPS, child.name, _gap_reason(found), _class_words(child), children=(child.uuid,)
            )
    if lacking:
        lists = gap_lists((child.uuid, found) for child, found in lacking)
        most = "、".join(f"{one.words} {len(one.child_uuids)} 名" for one in lists[:_NAMED])
        yield DueItem(
            DueKind.GAPS,
            f"{len(lacking)} 名的资料",
            f"缺得最多的：{most}",
            children=tuple(child.uuid for child, _ in lacking),
        )


def _gap_reason(found: Completeness) -> str:
    named = "、".join(gap.words for gap in found.gaps[:_NAMED])
    return f"缺 {len(found.gaps)} 项：{named}{' 等' if len(found.gaps) > _NAMED else ''}"


def _each_or_all(
    kind: DueKind, children: Sequence[ChildFacts], words: str, reason: Callable[[ChildFacts], str]
) -> Iterator[DueItem]:
    """Yield a line per child while they are few, else one for all."""
    if len(children) <= SINGLY:
        for child in children:
            yield DueItem(kind, child.name, reason(child), _class_words(child), children=(child.uuid,))
        return
    names = "、".join(child.name for child in children[:_NAMED])
    uuids = tuple(child.uuid for child in children)
    yield DueItem(kind, f"{len(children)} 名{words}", f"{names} 等", children=uuids)


def _class_words(child: ChildFacts) -> str:
    return child.school_class.name if child.school_class else "不在班"


# ---- the school and the data ----------------------------------------------------------------------------------------

_PARKED_WORDS = {
    ParkedCode.NO_NAME: "没有姓名",
    ParkedCode.DUPLICATE_NUMBER: "号码重复",
    ParkedCode.MAYBE_SAME_PERSON: "可能是同一人",
}


def _parked(rows: Sequence[WaitingRow]) -> Iterator[DueItem]:
    if rows:
        files = "、".join(dict.fromkeys(row.file_name for row in rows))
        codes = Counter(row.code for row in rows)
        counted = "，".join(f"{_PARKED_WORDS[code]} {count} 行" for code, count in codes.items())
        yield DueItem(DueKind.PARKED, f"{len(rows)} 行名册等着您定", f"{files}：{counted}")


def _graduations(store: Store, today: date) -> Iterator[DueItem]:
    found = graduation_candidates(store, today)
    if found:
        names = "、".join(cls.key for cls in found)
        yield DueItem(
            DueKind.GRADUATION,
            f"{len(found)} 个班待确认毕业",
            f"{names} 已读完最后一年，新学年起不计入在册",
        )


def _head_counts(store: Store, calendar: SchoolCalendar, today: date) -> Iterator[DueItem]:
    term = calendar.term_in_force(today)
    counted = head_counts(store, term)
    without = [cls.name for cls in classes(store, today) if cls.id not in counted]
    if without:
        named = "、".join(without[:_NAMED]) + (" 等" if len(without) > _NAMED else "")
        yield DueItem(
            DueKind.HEAD_COUNT,
            f"{len(without)} 个班的人数",
            f"{named}没有填{term.short_words}的学生人数，占比只能按已知学生算",
        )


def _backup(newest: Backup | None, today: date) -> Iterator[DueItem]:
    """Yield a line when today's work is on no backup; called only when something was changed since the newest."""
    if newest is None:
        yield DueItem(DueKind.BACKUP, "还没有核对过的备份", "现在的数据只有这一份")
    elif newest.made_at.date() < today:
        days = (today - newest.made_at.date()).days
        yield DueItem(DueKind.BACKUP, "后来的改动还没有备份", f"上次核对成功的备份是 {days} 天前")


def _stick(last: HandoverEntry | None, today: date) -> Iterator[DueItem]:
    days = stick_age(last, today)
    if days is None:
        yield DueItem(DueKind.STICK, "还没有拷到优盘", "数据和备份都只在这台电脑上")
    elif days > STICK_DAYS:
        yield DueItem(DueKind.STICK, f"超过 {STICK_DAYS} 天没有拷到优盘", f"上次是 {days} 天前")


def stick_age(last: HandoverEntry | None, today: date) -> int | None:
    """Return how many days ago the last copy to a stick was made; None when there was none."""
    return None if last is None else (today - datetime.fromisoformat(last.happened_at).date()).days
