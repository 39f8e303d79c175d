"""What 今日 shows: the state of the ledger at a glance, and what is to be done, each with its reason.

Three reads, because the first page is painted before the facts of all children are there: ``glance`` is cheap at any
size of the school, ``work`` asks what is due and what was done, ``due_children`` reads every child on the ledger once.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from pathlib import Path

from app.children.codes import CareKind
from app.children.completeness import Completeness, completeness, gap_lists
from app.children.contacts import bad_numbers, contact_chain
from app.children.day_reader import no_collecting
from app.children.facts import CareFacts, ChildFacts
from app.children.ledger_count import LedgerCount, ledger_count
from app.children.queries import in_class_order, ledger_parts
from app.children.roster.waiting import WaitingCount, waiting_count
from app.school.calendar import SchoolCalendar, monday_of
from app.school.codes import HandoverKind
from app.school.drills import term_without_drill
from app.school.handover import HandoverEntry, handovers
from app.school.limits import Limit, limit
from app.school.queries import classes, graduation_candidates, head_counts, school_calendar
from app.storage.backups import Backup, is_changed, list_backups, newest_verified
from app.storage.history import ActionRow, actions
from app.storage.store import Store
from app.todo.coverage import GuidanceCoverage, done_between, guidance_coverage
from app.todo.queries import DueList, due_day, due_items

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
    DRILL = "drill"
    HEAD_COUNT = "head_count"
    GAPS = "gaps"


_URGENT = frozenset({DueKind.UNGUARDED, DueKind.PARKED, DueKind.GRADUATION, DueKind.BACKUP})


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
class Work:
    """What is due by the rules, what was ``done`` in the week of ``due.as_of`` by activity, and the four guidances."""

    due: DueList
    done: Mapping[str, int]
    coverage: GuidanceCoverage


@dataclass(frozen=True, slots=True)
class DueChildren:
    """What is to be done about the children's files."""

    items: tuple[DueItem, ...]


def glance(store: Store, backup_folder: Path) -> Glance:
    """Return counts, today's actions, how safe the data are, and what is to be done about school and data."""
    today = store.clock.today()
    calendar = school_calendar(store)
    week = calendar.week_of(today)
    count = ledger_count(store, today)
    stick = next(iter(handovers(store, kind=HandoverKind.STICK, limit=1)), None)
    backup = newest_verified(list_backups(backup_folder, db_uuid=store.db_uuid, now=store.clock.now()))
    items = [
        *_parked(waiting_count(store)),
        *_graduations(store, today),
        *_head_counts(store, calendar, today),
    ]
    # An empty school has nothing yet that could be lost.
    if not store.read_only and (count.known or backup):
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
        actions=tuple(actions(store, day=today)),
        backup=backup,
        stick=stick,
        place=store.path.parent,
    )


def work(store: Store) -> Work:
    """Return what is due and what was done, by a day that a clock set back does not turn back."""
    day = due_day(store)
    monday = monday_of(day)
    term = school_calendar(store).term_in_force(day)
    return Work(
        due=due_items(store, day),
        done=done_between(store, monday, monday + timedelta(days=6)),
        coverage=guidance_coverage(store, term, day),
    )


def due_children(store: Store) -> DueChildren:
    """Return what is to be done about the children on the ledger. They are read a part at a time, to spare memory."""
    with no_collecting():
        parts = ledger_parts(store, store.clock.today(), only_registered=True)
        ledger = [_look(child) for part in parts for child in part]
    ledger.sort(key=_place)
    days = limit(store, Limit.PHONE_CONFIRM_DAYS)
    return DueChildren((*_guardians(ledger), *_doubts(ledger), *_numbers(ledger, days), *_gaps(ledger)))


def in_order(*lists: Iterable[DueItem]) -> list[DueItem]:
    """Return the items of several lists as they are shown: by kind."""
    order = {kind: place for place, kind in enumerate(DueKind)}
    return sorted((item for items in lists for item in items), key=lambda item: order[item.kind])


# ---- the children ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Child:
    """What is kept of a child once its facts were looked at; an empty reason: nothing to be done.

    ``untried`` are the days since the first number of the chain was tried: None = never, or no number (``has_number``).
    ``bad_number`` = somebody around it has no number that works.
    """

    place: tuple[int, str, str, str]
    uuid: str
    name: str
    class_words: str
    alone: bool
    carer_reason: str
    id_reason: str
    doubt_reason: str
    has_number: bool
    untried: int | None
    bad_number: bool
    complete: Completeness


def _look(child: ChildFacts) -> _Child:
    number = next((contact for contact in contact_chain(child) if contact.number), None)
    return _Child(
        place=in_class_order(child),
        uuid=child.uuid,
        name=child.name,
        class_words=child.school_class.name if child.school_class else "不在班",
        alone=child.care is not None and child.care.kind is CareKind.UNGUARDED,
        carer_reason=_carer_reason(child.care),
        id_reason=_id_reason(child),
        doubt_reason=_doubt_reason(child),
        has_number=number is not None,
        untried=None if number is None else _days_since(number.confirmed_on, child.day),
        bad_number=bool(bad_numbers(child)),
        complete=completeness(child),
    )


def _place(child: _Child) -> tuple[int, str, str, str]:
    return child.place


def _days_since(tried: str | None, day: date) -> int | None:
    return None if tried is None else (day - date.fromisoformat(tried)).days


def _guardians(ledger: Iterable[_Child]) -> Iterator[DueItem]:
    alone = [(child, _ALONE_REASON) for child in ledger if child.alone]
    without = [(child, child.carer_reason) for child in ledger if child.carer_reason]
    yield from _each_or_all(DueKind.UNGUARDED, alone, "无人监护")
    yield from _each_or_all(DueKind.CARER, without, "监护人未采集")


_ALONE_REASON = "无人监护：请当天报告学校负责人和村（居）委会，落实临时照护人"


def _carer_reason(care: CareFacts | None) -> str:
    """Return why a carer is to be named: none is, or the one named is gone. "" when nothing is missing."""
    if care is None:
        return "监护人未采集：还没有登记由谁照护"
    person = care.person
    if care.kind is CareKind.UNGUARDED or person is None or not person.gone:
        return ""
    fate = person.life.status.label if person.life else "不在了"
    return f"监护人{person.relation_words or ''}记为{fate}，没有登记现在由谁照护"


def _doubts(ledger: Iterable[_Child]) -> Iterator[DueItem]:
    ids = [(child, child.id_reason) for child in ledger if child.id_reason]
    others = [(child, child.doubt_reason) for child in ledger if child.doubt_reason]
    yield from _each_or_all(DueKind.ID_NUMBER, ids, "身份证号待补")
    yield from _each_or_all(DueKind.DOUBT, others, "有存疑的内容")


def _id_reason(child: ChildFacts) -> str:
    return next((doubt.reason.rstrip("。") for doubt in child.doubts if doubt.field == "id_number"), "")


def _doubt_reason(child: ChildFacts) -> str:
    """Return what is in doubt, unless it is said of the ID number already."""
    if not child.doubts or _id_reason(child):
        return ""
    first, *more = child.doubts
    words = first.reason.rstrip("。")
    return f"{words}；另有 {len(more)} 处存疑" if more else words


def _numbers(ledger: Iterable[_Child], days: int) -> Iterator[DueItem]:
    """Yield whose number was found bad, or the first of whose chain was not tried for so many days, all in one line."""
    bad = [child.uuid for child in ledger if child.bad_number]
    numbers = [child for child in ledger if child.has_number and not child.bad_number]
    never = [child.uuid for child in numbers if child.untried is None]
    stale = [child.uuid for child in numbers if child.untried is not None and child.untried > days]
    # A day that is still to come says nothing: the clock is wrong now, or was then (reliability.md R30).
    ahead = [child.uuid for child in numbers if child.untried is not None and child.untried < 0]
    if bad or stale or never or ahead:
        parts = [f"停机或号码错 {len(bad)} 名"] if bad else []
        parts += [f"超过 {days} 天没有核实 {len(stale)} 名"] if stale else []
        parts += [f"登记后从未核实 {len(never)} 名"] if never else []
        parts += [f"核实的日期在今天以后 {len(ahead)} 名"] if ahead else []
        yield DueItem(
            DueKind.NUMBER,
            f"{len(bad) + len(stale) + len(never) + len(ahead)} 名的联系电话",
            "，".join(parts),
            children=(*bad, *stale, *never, *ahead),
        )


def _gaps(ledger: Iterable[_Child]) -> Iterator[DueItem]:
    """Yield the files that lack most, and one line for all that lack something."""
    lacking = [child for child in ledger if child.complete.gaps]
    worst = sorted(lacking, key=lambda child: (child.complete.percent, -len(child.complete.gaps)))
    for child in worst[:WORST_FILES]:
        if len(child.complete.gaps) >= WORTH_A_LINE:
            reason = _gap_reason(child.complete)
            yield DueItem(DueKind.GAPS, child.name, reason, child.class_words, children=(child.uuid,))
    if lacking:
        lists = gap_lists((child.uuid, child.complete) for child in lacking)
        most = "、".join(f"{one.words} {len(one.child_uuids)} 名" for one in lists[:_NAMED])
        yield DueItem(
            DueKind.GAPS,
            f"{len(lacking)} 名的资料",
            f"缺得最多的：{most}",
            children=tuple(child.uuid for child in lacking),
        )


def _gap_reason(found: Completeness) -> str:
    named = "、".join(gap.words for gap in found.gaps[:_NAMED])
    return f"缺 {len(found.gaps)} 项：{named}{' 等' if len(found.gaps) > _NAMED else ''}"


def _each_or_all(kind: DueKind, found: Sequence[tuple[_Child, str]], words: str) -> Iterator[DueItem]:
    """Yield a line per child with its reason while they are few, else one for all."""
    if len(found) <= SINGLY:
        for child, reason in found:
            yield DueItem(kind, child.name, reason, child.class_words, children=(child.uuid,))
        return
    names = "、".join(child.name for child, _ in found[:_NAMED])
    uuids = tuple(child.uuid for child, _ in found)
    yield DueItem(kind, f"{len(found)} 名{words}", f"{names} 等", children=uuids)


# ---- the school and the data ----------------------------------------------------------------------------------------

# By the value of ParkedCode: its module brings everything with it that reads a roster, and this page is the first.
PARKED_WORDS = {
    "no_name": "没有姓名",
    "duplicate_number": "号码重复",
    "maybe_same_person": "可能是同一人",
}


def _parked(waiting: WaitingCount) -> Iterator[DueItem]:
    if waiting.total:
        counted = "，".join(f"{PARKED_WORDS[code]} {count} 行" for code, count in waiting.by_code.items())
        reason = f"{'、'.join(waiting.files)}：{counted}"
        yield DueItem(DueKind.PARKED, f"{waiting.total} 行名册等着您定", reason)


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
