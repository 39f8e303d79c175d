"""What 今日 shows after its first glance (``app.tasks.glance``): what is due, and what the children's files lack.

Two reads more, because the first page is painted before the facts of all children are there: ``work`` asks what is due
and what was done, ``due_children`` reads every child on the ledger once.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.children.codes import CareKind
from app.children.completeness import Completeness, completeness, gap_lists
from app.children.contacts import bad_numbers, contact_chain
from app.children.day_reader import no_collecting
from app.children.facts import CareFacts, ChildFacts
from app.children.queries import in_class_order, ledger_parts
from app.school.calendar import monday_of
from app.school.limits import Limit, limit
from app.school.queries import school_calendar
from app.storage.store import Store
from app.tasks.glance import DueItem, DueKind
from app.todo.coverage import GuidanceCoverage, done_between, guidance_coverage
from app.todo.queries import DueList, due_day, due_items

# More children than these under one heading become one line that opens the list.
SINGLY = 5
WORST_FILES = 3
WORTH_A_LINE = 3  # gaps
_NAMED = 4


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
