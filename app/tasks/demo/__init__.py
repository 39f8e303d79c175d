"""``demo``: a believable school of invented people that holds every edge of the counting rules.

The same seed on the same day gives the same school, to the last UUID of a row. Later rooms enrich it here.
"""

from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from itertools import count
from pathlib import Path

from msgspec import Struct

from app.children.tables import Child, Phone
from app.core.clock import Clock, FixedClock
from app.core.messages import refuse
from app.core.progress import Progress, no_progress
from app.school.codes import SchoolKind
from app.school.queries import school_calendar
from app.school.rules import ClassRef, SchoolYears
from app.school.service import write_school
from app.school.tables import School
from app.storage.store import Store
from app.tasks.demo import edges
from app.tasks.demo.calls import CallsWork
from app.tasks.demo.care import CareWork
from app.tasks.demo.care_extras import write_individual_plan
from app.tasks.demo.checks import round_of, write_survey
from app.tasks.demo.families import Kid, Times
from app.tasks.demo.frame import classes_for, write_classes, write_head_counts, write_staff
from app.tasks.demo.invent import Invent, words
from app.tasks.demo.places import Place, Places
from app.tasks.demo.plan import Plan
from app.tasks.demo.typical import Ending, typical_family

DEFAULT_CHILDREN = 118
MOST_CHILDREN = 20_000
MOST_YEARS = 6
_STEPS = 5


class DemoResult(Struct, frozen=True):
    """What was made: how many children are on the ledger today, how many are known, in how many classes."""

    path: Path
    on_ledger: int
    known: int
    classes: int


def make_demo(
    path: Path,
    *,
    clock: Clock,
    children: int = DEFAULT_CHILDREN,
    years: int = 1,
    seed: int = 1,
    progress: Progress = no_progress,
) -> DemoResult:
    """Make the demo school at ``path`` with ``children`` on the ledger and ``years`` of past behind it.

    EnvironmentFault ``storage.exists`` when there is a file already. Nothing is left there when
    it does not come about.
    """
    if not 1 <= children <= MOST_CHILDREN or not 0 <= years <= MOST_YEARS:
        raise refuse("demo.size", children=MOST_CHILDREN, years=MOST_YEARS)
    today = clock.today()
    school_year = SchoolYears().year_of(today)
    times = Times(today, school_year, date(school_year - years, 9, 5))
    standing = FixedClock(datetime.combine(min(times.began, today), time(9, 20)))
    with Store.create(path, clock=standing) as store:
        try:
            return _fill(store, standing, times, children, years, Invent(seed, today), progress)
        except BaseException:
            if store.journal is not None:
                store.journal.remove()
            store.close()
            _take_away(path)
            raise


def _fill(
    store: Store,
    standing: FixedClock,
    times: Times,
    children: int,
    years: int,
    invent: Invent,
    progress: Progress,
) -> DemoResult:
    refs = classes_for(children, times, years)
    progress(0, _STEPS, "正在编排儿童和家庭")
    plan = Plan(invent)
    kids = _children(plan, times, refs, children, years)
    progress(1, _STEPS, "正在写入学校和班级")
    profile = {name: value for name, value in words()["school"].items() if name not in ("name", "county")}
    with store.action("新建演示学校", kind="demo") as action:
        write_school(
            store,
            action,
            name=words()["school"]["name"],
            kind=SchoolKind.PRIMARY,
            years=range(times.school_year - years - 1, times.school_year + 2),
            uuids=invent.uuid,
            profile=profile,
        )
        classes = write_classes(action, refs, times, invent)
        staff = write_staff(action, refs, classes, times, invent)
        action.update(School, 1, care_teacher=staff["陈素兰"])
        terms = {
            (row[0], row[1]): row[2]
            for row in store.rows(
                "SELECT y.start_year, t.ordinal, t.id FROM term t JOIN school_year y ON y.id = t.school_year_id"
            )
        }
        write_head_counts(action, refs, classes, _boys_and_girls(kids), terms, times, invent)
    progress(2, _STEPS, f"正在写入 {len(plan.children)} 名儿童")
    _move_to(standing, datetime.combine(times.today - timedelta(days=1), time(16, 20)))
    with store.action(f"登记 {len(plan.children)} 名儿童", kind="demo", by="陈素兰") as action:
        plan.write(action, classes)
    progress(3, _STEPS, "正在写入结对和记录")
    standing.advance(minutes=15)
    with store.action("录入结对和本学期的记录", kind="demo", by="陈素兰") as action:
        CareWork(store, action, times, invent).write()
    standing.advance(minutes=5)
    with store.action("录入线路、值班和本学期的亲情电话", kind="demo", by="陈素兰") as action:
        CallsWork(store, action, times, invent).write()
    _individual_plan(store, standing, times, invent)
    _survey(store, standing, times, invent)
    progress(4, _STEPS, "正在登记今天的改动")
    _this_morning(store, standing, plan, times)
    progress(_STEPS, _STEPS)
    return DemoResult(store.path, children, len(plan.children), len(refs))


def _individual_plan(store: Store, standing: FixedClock, times: Times, invent: Invent) -> None:
    """Write one where a child has stayed away; a school of a handful has none."""
    if store.one("SELECT 1 FROM absence") is not None:
        standing.advance(minutes=5)
        with store.action("写了一份个别教育管理方案", kind="demo", by="陈素兰") as action:
            write_individual_plan(store, action, invent, school_calendar(store).term_in_force(times.today))


def _survey(store: Store, standing: FixedClock, times: Times, invent: Invent) -> None:
    """Write the round of this term, once it has come to its end."""
    term = school_calendar(store).term_in_force(times.today)
    if round_of(term)[1] <= times.today <= term.ends_on:
        standing.advance(minutes=5)
        with store.action("录入这学期的摸底核实", kind="demo", by="陈素兰") as action:
            write_survey(store, action, invent, term)


def _children(plan: Plan, times: Times, refs: Sequence[ClassRef], wanted: int, years: int) -> list[Kid]:
    """Plan everybody: the edges first, then ordinary families up to ``wanted`` on the ledger, then those who left."""
    invent = plan.invent
    places = Places(refs, times.school_year, invent)
    kids: list[Kid] = []
    for edge in edges.REGISTERED:
        if len(kids) + edges.SIZES.get(edge, 1) <= wanted:
            kids.extend(edge(plan, times, places))
    while len(kids) < wanted:
        size = min(invent.weighted({1: 72, 2: 24, 3: 4}), wanted - len(kids))
        kids.extend(typical_family(plan, times, _family_places(places, size, invent)))
    for edge in edges.NOT_REGISTERED:
        edge(plan, times, places)
    _those_who_left(plan, times, refs, places, wanted, years)
    _number(plan, kids, times)
    return kids


def _family_places(places: Places, size: int, invent: Invent) -> list[Place]:
    taken = [places.any()]
    if size == 2 and invent.chance(5):
        return [*taken, places.again(taken[0])]
    while len(taken) < size:
        taken.append(places.other(*taken))
    return taken


def _those_who_left(
    plan: Plan, times: Times, refs: Sequence[ClassRef], places: Places, wanted: int, years: int
) -> None:
    """Plan children who were on the ledger in the years before: graduated, transferred, gone with their parents."""
    invent = plan.invent
    for place, ref in enumerate(refs):
        leaves = date(ref.entering_year + 6, 9, 1)
        if leaves <= date(times.school_year, 9, 1):
            for _ in range(invent.number(4, 8)):
                typical_family(plan, times, [(ref, place)], ending=Ending("graduated", leaves))
    reasons = ("both_parents_back", "transferred_out", "joined_parents")
    for number in range(min(years, 1) * max(wanted // 30, 1)):
        ending = Ending(reasons[number % 3], invent.days_ago(25, 330))
        typical_family(plan, times, [places.grade(invent.number(3, 6))], ending=ending)


def _number(plan: Plan, kids: Sequence[Kid], times: Times) -> None:
    """Give the children of the ledger their file number and the day on which the file was opened."""
    numbers = count(1)
    for kid in kids:
        opened = max(kid.since or times.began, times.began)
        plan.children[kid.place].update(
            archive_no=f"{times.school_year}-{next(numbers):04d}",
            archive_opened_on=min(opened, times.today).isoformat(),
            student_no=f"{(kid.ref.entering_year if kid.ref else times.school_year) % 100:02d}{kid.place + 1:05d}",
        )


def _boys_and_girls(kids: Sequence[Kid]) -> dict[int, tuple[int, int]]:
    found: dict[int, tuple[int, int]] = {}
    for kid in kids:
        if kid.class_place is not None:
            boys, girls = found.get(kid.class_place, (0, 0))
            found[kid.class_place] = (boys + (kid.sex == "1"), girls + (kid.sex == "2"))
    return found


def _this_morning(store: Store, standing: FixedClock, plan: Plan, times: Times) -> None:
    """Do what was done today: three numbers tried, one wish noted."""
    _move_to(standing, datetime.combine(times.today, time(8, 12)))
    for row, by in zip(plan.facts[Phone][:3], ("李国平", "周晓燕", "王秀芬"), strict=False):
        standing.advance(minutes=14)
        with store.action("核实一个电话号码", kind="phone.confirm", by=by) as action:
            action.update(Phone, row["uuid"], confirmed_on=times.today.isoformat(), result="reached")
    standing.advance(minutes=25)
    with store.action("修改特殊需求", kind="child.change", by="陈素兰") as action:
        action.update(Child, plan.children[0]["uuid"], special_needs="希望期末前奶奶的腿能去县医院看一次")


def _move_to(standing: FixedClock, moment: datetime) -> None:
    standing.advance(seconds=(moment - standing.now()).total_seconds())


def _take_away(path: Path) -> None:
    """Remove what a demo that did not come about has left."""
    with suppress(FileNotFoundError):
        path.unlink()
