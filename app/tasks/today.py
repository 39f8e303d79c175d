"""What 今日 shows after its first glance (``app.tasks.glance``): what is due, and what the children's files lack.

Two reads more, because the first page is painted before the facts of all children are there: ``work`` asks what is due
and what was done, ``due_children`` reads every child on the ledger once.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import partial

from msgspec import Struct

from app.children.codes import CareKind
from app.children.completeness import Completeness, gap_lists
from app.children.day_reader import no_collecting
from app.children.facts import ChildFacts
from app.children.outlines import ledger_outlines, outlines
from app.children.queries import in_class_order
from app.children.rules import BAD_NUMBER
from app.children.same_phone import SharedPhone, shared_phones, shared_phones_renewed
from app.children.situation import Situation, situation
from app.core.moments import day_words
from app.diary.unreported import unfinished, unreported
from app.school.calendar import monday_of
from app.school.limits import Limit, limit
from app.school.queries import school_calendar
from app.storage.store import Store
from app.tasks.glance import DueItem, DueKind
from app.todo.board import Board, board_of
from app.todo.coverage import GuidanceCoverage, done_between, guidance_coverage
from app.todo.forms import forms_out
from app.todo.kept import kept, remembered
from app.todo.queries import DueList, due_day, due_items

# More children than these under one heading become one line that opens the list.
SINGLY = 5
WORST_FILES = 3
WORTH_A_LINE = 3  # gaps
_NAMED = 4


class Work(Struct, frozen=True):
    """What is due by the rules, and the same as it is shown (``board``); what was ``done`` in the week of ``due.as_of``
    by activity, and the four guidances. ``forms`` are how many printed forms are out, as their own page lists them:
    also those of children who are on the ledger no more. ``reports`` are the 强制报告 that are owed and the
    incidents with a step overdue: they name no child.
    """

    due: DueList
    board: Board
    done: Mapping[str, int]
    coverage: GuidanceCoverage
    forms: int = 0
    reports: tuple[DueItem, ...] = ()


class DueChildren(Struct, frozen=True):
    """What is to be done about the children's files."""

    items: tuple[DueItem, ...]


def work(store: Store) -> Work:
    """Return what is due and what was done, by a day that a clock set back does not turn back."""
    day = due_day(store)
    monday = monday_of(day)
    term = school_calendar(store).term_in_force(day)
    due = due_items(store, day)
    owed = tuple(_reports(store, day))
    return Work(
        due=due,
        board=kept(store, ("board", day), partial(board_of, due.items)),
        done=done_between(store, monday, monday + timedelta(days=6)),
        coverage=guidance_coverage(store, term, day),
        forms=forms_out(store),
        reports=(*owed, *_unfinished(store, day, {item.subject for item in owed})),
    )


def _reports(store: Store, day: date) -> Iterator[DueItem]:
    for owed in unreported(store):
        found = day_words(date.fromisoformat(owed.found_at[:10]), day)
        reason = f"{found} {owed.found_at[11:]} 发现，还没有报告公安、民政或教育部门：强制报告要立即做"
        yield DueItem(DueKind.REPORT, f"突发事件 {owed.number}", reason, subject=owed.uuid)


def _unfinished(store: Store, day: date, said: Collection[str]) -> Iterator[DueItem]:
    """Yield the incidents with a step overdue that nothing was ``said`` of yet; without a name, until they are closed."""
    for one in unfinished(store):
        if one.uuid not in said:
            found = day_words(date.fromisoformat(one.found_at[:10]), day)
            reason = f"{found} {one.found_at[11:]} 发现，没有了结：{'、'.join(one.overdue)}超时还没有"
            yield DueItem(DueKind.INCIDENT, f"突发事件 {one.number}", reason, subject=one.uuid)


def due_children(store: Store) -> DueChildren:
    """Return what is to be done about the children on the ledger.

    They are read a part at a time, to spare memory, and after a save only those it touched.
    """
    today = store.clock.today()
    read = partial(_files, store, today)
    ledger = sorted(kept(store, ("files", today), read, partial(_files_renewed, store, today)), key=_place)
    days = limit(store, Limit.PHONE_CONFIRM_DAYS)
    return DueChildren(
        (
            *_guardians(ledger),
            *_doubts(ledger),
            *_one_phone(store),
            *_numbers(ledger, days),
            *_gaps(ledger),
        )
    )


def situations_at_hand(store: Store, day: date) -> Mapping[str, Situation]:
    """Return, by uuid, the situations of ``day`` that ``due_children`` has looked at and that nothing was saved after."""
    known: tuple[_Child, ...] = remembered(store, ("files", day)) or ()
    return {child.uuid: child.situation for child in known}


def _files(store: Store, day: date) -> tuple["_Child", ...]:
    with no_collecting():
        return tuple([_look(child) for child in ledger_outlines(store, day)])


def _files_renewed(
    store: Store, day: date, known: tuple["_Child", ...], touched: frozenset[int]
) -> tuple["_Child", ...]:
    among = "SELECT uuid FROM child WHERE id IN (SELECT value FROM json_each(?))"
    uuids = {row[0] for row in store.rows(among, (json.dumps(sorted(touched)),))}
    anew = outlines(store, day, touched, only_registered=True)
    return (*(child for child in known if child.uuid not in uuids), *map(_look, anew))


# ---- the children ---------------------------------------------------------------------------------------------------


class _Child(Struct, frozen=True, gc=False):
    """What is kept of a child once its facts were looked at."""

    place: tuple[int, str, str, str]
    uuid: str
    name: str
    class_words: str
    situation: Situation


def _look(child: ChildFacts) -> _Child:
    return _Child(
        place=in_class_order(child),
        uuid=child.uuid,
        name=child.name,
        class_words=child.school_class.name if child.school_class else "不在班",
        situation=situation(child),
    )


def _place(child: _Child) -> tuple[int, str, str, str]:
    return child.place


def _guardians(ledger: Iterable[_Child]) -> Iterator[DueItem]:
    alone = [(child, _ALONE_REASON) for child in ledger if child.situation.care_kind is CareKind.UNGUARDED]
    without = [(child, reason) for child in ledger if (reason := _carer_reason(child.situation))]
    yield from _each_or_all(DueKind.UNGUARDED, alone, "无人监护")
    yield from _each_or_all(DueKind.CARER, without, "监护人未采集")


_ALONE_REASON = "无人监护：请当天报告学校负责人和村（居）委会，落实临时照护人"


def _carer_reason(child: Situation) -> str:
    """Return why a carer is to be named: none is, or the one named is gone. "" when nothing is missing."""
    if child.care_kind is None:
        return "监护人未采集：还没有登记由谁照护"
    return f"监护人{child.carer_gone}，没有登记现在由谁照护" if child.carer_gone else ""


def _doubts(ledger: Iterable[_Child]) -> Iterator[DueItem]:
    doubted = [child for child in ledger if child.situation.doubted]
    ids = [(child, reason) for child in doubted if (reason := _id_reason(child.situation))]
    others = [(child, reason) for child in doubted if (reason := _doubt_reason(child.situation))]
    yield from _each_or_all(DueKind.ID_NUMBER, ids, "身份证号待补")
    yield from _each_or_all(DueKind.DOUBT, others, "有存疑的内容")


def _id_reason(child: Situation) -> str:
    return next((reason.rstrip("。") for field, reason in child.doubted if field == "id_number"), "")


def _doubt_reason(child: Situation) -> str:
    """Return what is in doubt, unless it is said of the ID number already."""
    if _id_reason(child):
        return ""
    (_, first), *more = child.doubted
    words = first.rstrip("。")
    return f"{words}；另有 {len(more)} 处存疑" if more else words


def _one_phone(store: Store) -> Iterator[DueItem]:
    """Yield the question whether children who share a number are brothers and sisters, all numbers in one line."""
    shared: list[SharedPhone] = []
    if not store.read_only:
        shared = kept(
            store, "shared phones", partial(shared_phones, store), partial(shared_phones_renewed, store)
        )
    if shared:
        names = list({child.uuid: child.name for one in shared for child in one.children}.values())
        named = "、".join(names[:_NAMED]) + (" 等" if len(names) > _NAMED else "")
        words = "是一家的兄弟姐妹吗？由您来定，程序不猜"
        same = "留的是同一个电话" if len(shared) == 1 else "和别的儿童留的是同一个电话"
        yield DueItem(DueKind.FAMILY, f"{len(names)} 名{same}", f"{named}：{words}")


def _numbers(ledger: Iterable[_Child], days: int) -> Iterator[DueItem]:
    """Yield whose number was found bad, or the first of whose chain was not found right for so many days, all in one line."""
    bad = [child.uuid for child in ledger if child.situation.bad_number]
    numbers = [
        (child.uuid, child.situation.phone_days)
        for child in ledger
        if child.situation.has_number and not child.situation.bad_number
    ]
    never = [uuid for uuid, untried in numbers if untried is None]
    stale = [uuid for uuid, untried in numbers if untried is not None and untried > days]
    # A day that is still to come says nothing: the clock is wrong now, or was then (reliability.md R30).
    ahead = [uuid for uuid, untried in numbers if untried is not None and untried < 0]
    if bad or stale or never or ahead:
        parts = [f"{BAD_NUMBER} {len(bad)} 名"] if bad else []
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
    lacking = [child for child in ledger if child.situation.gaps]
    worst = sorted(lacking, key=lambda child: (child.situation.percent, -len(child.situation.gaps)))
    for child in worst[:WORST_FILES]:
        if len(child.situation.gaps) >= WORTH_A_LINE:
            reason = _gap_reason(child.situation.complete)
            yield DueItem(DueKind.GAPS, child.name, reason, child.class_words, children=(child.uuid,))
    if lacking:
        lists = gap_lists((child.uuid, child.situation.complete) for child in lacking)
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
