"""What 今日 shows first: the state of the ledger at a glance, and what is to be done about the school and the data.

Cheap at any size of the school, and importing it brings in little: the first page of the day waits for it. What is
due by the rules and what the children's files lack is read after it, by ``app.tasks.today``.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path

from msgspec import Struct

from app.children.ledger_count import LedgerCount, ledger_count
from app.children.roster.waiting import WaitingCount, waiting_count
from app.school.calendar import SchoolCalendar
from app.school.codes import HandoverKind
from app.school.drills import term_without_drill
from app.school.handover import HandoverEntry, handovers
from app.school.queries import all_classes, head_counts, is_demo, school_calendar
from app.school.rules import ClassFacts, ClassState
from app.storage.backups import Backup, is_changed, list_backups, newest_verified
from app.storage.history import ActionRow, actions
from app.storage.store import Store
from app.tasks.doings import acts

STICK_DAYS = 7
_NAMED = 4


class DueKind(StrEnum):
    """What is to be done, in the order it is shown; the window knows for each where it is done."""

    REPORT = "report"
    INCIDENT = "incident"
    UNGUARDED = "unguarded"
    CARER = "carer"
    PARKED = "parked"
    GRADUATION = "graduation"
    BACKUP = "backup"
    ID_NUMBER = "id_number"
    DOUBT = "doubt"
    FAMILY = "family"
    NUMBER = "number"
    STICK = "stick"
    DRILL = "drill"
    HEAD_COUNT = "head_count"
    GAPS = "gaps"


_URGENT = frozenset(
    {DueKind.REPORT, DueKind.INCIDENT, DueKind.UNGUARDED, DueKind.PARKED, DueKind.GRADUATION, DueKind.BACKUP}
)


class DueItem(Struct, frozen=True):
    """One line: ``head`` (with ``aside``, the class of a single child) and the ``reason`` it is due.

    ``children`` are whom it is about, ``subject`` is the row that asks for it. It goes by what is
    recorded, never by being ticked.
    """

    kind: DueKind
    head: str
    reason: str
    aside: str = ""
    children: tuple[str, ...] = ()
    subject: str = ""

    @property
    def urgent(self) -> bool:
        """Tell whether it stands among 要紧的."""
        return self.kind in _URGENT


class Glance(Struct, frozen=True):
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
    is_demo: bool = False


def glance(store: Store, backup_folder: Path) -> Glance:
    """Return counts, today's actions, how safe the data are, and what is to be done about school and data."""
    today = store.clock.today()
    calendar = school_calendar(store)
    week = calendar.week_of(today)
    known = all_classes(store, today)
    count = ledger_count(store, today, known)
    stick = next(iter(handovers(store, kind=HandoverKind.STICK, limit=1)), None)
    backup = newest_verified(list_backups(backup_folder, db_uuid=store.db_uuid, now=store.clock.now()))
    items = [
        *_parked(waiting_count(store)),
        *_graduations(known),
        *_head_counts(store, known, calendar, today),
    ]
    demo = is_demo(store)
    # An empty school has nothing yet that could be lost, and what is invented can be invented again.
    if not store.read_only and not demo and (count.known or backup):
        if is_changed(store, backup_folder):
            items += _backup(backup, today)
        items += _stick(stick, today)
        if backup is not None:
            items += _drill(store)
    return Glance(
        day=today,
        count=count,
        items=tuple(items),
        week="" if week is None else week.words,
        actions=tuple(acts(actions(store, day=today))),
        backup=backup,
        stick=stick,
        place=store.path.parent,
        is_demo=demo,
    )


def in_order(*lists: Iterable[DueItem]) -> list[DueItem]:
    """Return the items of several lists as they are shown: by kind."""
    order = {kind: place for place, kind in enumerate(DueKind)}
    return sorted((item for items in lists for item in items), key=lambda item: order[item.kind])


# By the value of ParkedCode: its module brings everything with it that reads a roster, and this page is the first.
PARKED_WORDS = {
    "no_name": "没有姓名",
    "duplicate_number": "号码重复",
    "maybe_same_person": "可能是同一人",
    "maybe_gone": "可能已不在校",
}


def _parked(waiting: WaitingCount) -> Iterator[DueItem]:
    if waiting.total:
        counted = "，".join(f"{PARKED_WORDS[code]} {count} 行" for code, count in waiting.by_code.items())
        reason = f"{'、'.join(waiting.files)}：{counted}"
        yield DueItem(DueKind.PARKED, f"{waiting.total} 行名册等着您定", reason)


def _graduations(known: Iterable[ClassFacts]) -> Iterator[DueItem]:
    found = [cls for cls in known if cls.state is ClassState.AWAITING]
    if found:
        names = "、".join(cls.key for cls in found)
        yield DueItem(
            DueKind.GRADUATION,
            f"{len(found)} 个班待确认毕业",
            f"{names} 已读完最后一年，新学年起不计入在册",
        )


def _head_counts(
    store: Store, known: Iterable[ClassFacts], calendar: SchoolCalendar, today: date
) -> Iterator[DueItem]:
    term = calendar.term_in_force(today)
    counted = head_counts(store, term)
    without = [cls.name for cls in known if cls.state is ClassState.CURRENT and cls.id not in counted]
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
    elif newest.made_at.date() > today:
        made = newest.made_at.date().isoformat()
        yield DueItem(DueKind.BACKUP, "后来的改动还没有备份", f"上次备份记在 {made}，电脑时间可能不对")


def _stick(last: HandoverEntry | None, today: date) -> Iterator[DueItem]:
    days = stick_age(last, today)
    if days is None:
        yield DueItem(DueKind.STICK, "还没有拷到优盘", "数据和备份都只在这台电脑上")
    elif days > STICK_DAYS:
        yield DueItem(DueKind.STICK, f"超过 {STICK_DAYS} 天没有拷到优盘", f"上次是 {days} 天前")
    elif days < 0:
        yield DueItem(DueKind.STICK, "说不准多久没有拷到优盘", "上次记在今天以后，电脑时间可能不对")


def _drill(store: Store) -> Iterator[DueItem]:
    """Yield a line in a term in which no backup was brought back for trial yet (reliability S16)."""
    term = term_without_drill(store)
    if term is not None:
        reason = "备份有没有用，恢复一次才知道；在临时文件夹里做，不动现在的数据"
        yield DueItem(DueKind.DRILL, f"{term.short_words}还没有做过恢复演习", reason)


def stick_age(last: HandoverEntry | None, today: date) -> int | None:
    """Return how many days ago the last copy to a stick was made; None when there was none."""
    return None if last is None else (today - datetime.fromisoformat(last.happened_at).date()).days
