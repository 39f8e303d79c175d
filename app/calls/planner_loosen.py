"""Which rule to loosen when somebody cannot be served: every one is tried by planning again, and what it gains is said.

Tried on the first round in which somebody is left out. Pure.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date

from msgspec.structs import replace

from app.calls.cadence import CALL, VIDEO_CALL
from app.calls.codes import CallMedium
from app.calls.people import Callee, CallRule
from app.calls.plan_facts import Advice, CallPlan, PlanFacts
from app.calls.planner import prepared
from app.calls.planner_seating import Seating
from app.calls.slots import Slot
from app.core.progress import Progress, no_progress
from app.core.times import minute_of, time_at

_ROUNDS = 1
"""So many rounds are tried: what helps there helps in the others too, and each try costs a flow."""
_LEAST_MINUTES = 3
"""No slot is proposed that is shorter: one report has calls of under three minutes, and calls them too short."""
_MORE_SLOTS = (1, 2, 4)
_SHORTER = (0.8, 0.65, 0.5)
_SELDOMER = {"week": "每两周", "fortnight": "每月", "month": "每学期"}
_DAY_MINUTES = 24 * 60 - 1

Try = tuple[str, str, PlanFacts]


def advised(plan: CallPlan, progress: Progress = no_progress) -> CallPlan:
    """Return a plan with what could be loosened so that more children are served; the most helpful first."""
    if not plan.unserved:
        return plan
    facts = _first_rounds(plan)
    before = left_out(facts)
    if not before:
        return plan
    found: list[Advice] = []
    solved: set[str] = set()
    for number, (code, words, tried) in enumerate(_tries(facts)):
        if code in solved:
            continue
        progress(number, 0, f"正在试：{words}")
        left = left_out(tried)
        if left < before:
            found = [one for one in found if one.code != code]
            found.append(Advice(code=code, words=words, gain=before - left, left=left))
        if left == 0:
            solved.add(code)
    found.sort(key=lambda one: -one.gain)
    return replace(plan, advice=tuple(found))


def left_out(facts: PlanFacts) -> int:
    """Return how many children are left out when as many as possible are served: counted only, nobody gets a slot."""
    made = prepared(facts)
    seating = Seating({cell: len(made.schedule.free(cell)) for cell in made.board.cells})
    for job in sorted(made.jobs, key=lambda job: -len(job.members)):
        seating.add(job)
    return len({member for job in made.jobs for member in job.members if job not in seating})


def _first_rounds(plan: CallPlan) -> PlanFacts:
    """Return the facts of the first rounds in which somebody is left out, without children whom no hour would help."""
    facts = plan.facts
    ends = sorted({one.by for one in plan.unserved})[:_ROUNDS]
    asked = {rule.per for one in facts.callees for rule in one.rules}
    known = [span for per, all_of in facts.spans.items() if per in asked for span in all_of]
    held = [span for span in known if span.last in ends]
    # A month's calls may have taken the week's room: every round that meets one of these is tried with it.
    held += [span for span in known if any(one.first <= span.last and span.first <= one.last for one in held)]
    first, last = max(min(span.first for span in held), facts.first), max(span.last for span in held)
    spans = {
        per: tuple(span for span in all_of if first <= span.last and span.last <= last)
        for per, all_of in facts.spans.items()
    }
    slots = tuple(slot for slot in facts.slots if first <= slot.day <= last)
    able = tuple(one for one in facts.callees if one.wish.wants and any(who.can_call for who in one.contacts))
    return replace(facts, first=first, last=last, spans=spans, slots=slots, callees=able)


def _tries(facts: PlanFacts) -> Iterator[Try]:
    yield from _by_slots(facts)
    yield from _by_lessons(facts)
    yield from _by_hours(facts)
    yield from _by_rules(facts)


def _by_slots(facts: PlanFacts) -> Iterator[Try]:
    """Yield longer hours, shorter slots, one more telephone."""
    runs = _runs(facts.slots)
    if not runs:
        return
    for more in _MORE_SLOTS:
        slots = [slot for run in runs for slot in (*run, *_longer(run, more))]
        yield "longer_hours", f"每条线路每次多开 {more} 个时段", _with_slots(facts, slots)
    for share in _SHORTER:
        slots = [slot for run in runs for slot in _recut(run, share)]
        lengths = sorted({minute_of(slot.ends) - minute_of(slot.starts) for run in runs for slot in run})
        words = "、".join(f"{length} 分钟改成 {_shorter(length, share)} 分钟" for length in lengths)
        if len(slots) > sum(map(len, runs)):
            yield "shorter_slots", f"每人的时间缩短：{words}", _with_slots(facts, slots)
    line = next((run[0].line_id for run in runs if run[0].medium is CallMedium.PHONE), runs[0][0].line_id)
    extra = [
        replace(slot, line_id=-1, line_uuid="one-more", line="")
        for slot in facts.slots
        if slot.line_id == line
    ]
    name = next(slot.line for slot in facts.slots if slot.line_id == line)
    yield "one_more_line", f"多一部电话，时段和{name}一样", _with_slots(facts, [*facts.slots, *extra])


def _by_lessons(facts: PlanFacts) -> Iterator[Try]:
    names = sorted({name for slot in facts.slots for _, name in slot.lessons})
    if names:
        slots = [replace(slot, lessons=()) for slot in facts.slots]
        yield "lessons", f"{'、'.join(names[:2])}不再标「不能叫走」", _with_slots(facts, slots)


def _by_hours(facts: PlanFacts) -> Iterator[Try]:
    """Yield that parents can be reached at other hours too."""
    bound = [one for one in facts.callees if any(who.windows for who in one.contacts)]
    if bound:
        yield "hours", "请家长另外约一个能接的时间", _with_callees(facts, _any_hour)


def _any_hour(callee: Callee) -> Callee:
    return replace(callee, contacts=tuple(replace(one, windows=()) for one in callee.contacts))


def _by_rules(facts: PlanFacts) -> Iterator[Try]:
    """Yield rules that ask for less: of single children, of video, of everybody."""
    rules = {rule for one in facts.callees for rule in one.rules}
    own = [one for one in facts.callees if any(rule.own for rule in one.rules)]
    common = tuple(rule for rule in rules if not rule.own)
    if own and common:
        usual = max(
            {one.rules for one in facts.callees if not any(rule.own for rule in one.rules)},
            key=lambda asked: sum(one.rules == asked for one in facts.callees),
        )
        words = f"{len(own)} 名儿童自己的规则改成和别人一样"
        yield "own_rules", words, _with_callees(facts, lambda one: _asked(one, usual, own=True))
    if any(rule.activity == VIDEO_CALL for rule in rules):
        words = "视频通话的规则改成电话也行"
        yield "medium", words, _with_callees(facts, _any_medium)
    for per, words in _SELDOMER.items():
        if any(rule.per == per for rule in rules):
            yield "seldomer", f"规则改成{words}一次", _with_callees(facts, _every_second(facts, per))


def _asked(callee: Callee, rules: tuple[CallRule, ...], *, own: bool) -> Callee:
    return replace(callee, rules=rules) if any(rule.own is own for rule in callee.rules) else callee


def _any_medium(callee: Callee) -> Callee:
    if all(rule.activity != VIDEO_CALL for rule in callee.rules):
        return callee
    return replace(callee, rules=tuple(replace(rule, activity=CALL) for rule in callee.rules))


def _every_second(facts: PlanFacts, per: str) -> Callable[[Callee], Callee]:
    """Return a change that asks every second family only: what a rule comes to in one round when it asks half as often.

    Whom no hour suits is asked as before: how often is not what keeps them from calling.
    """
    families = {one.child_uuid: min(one.child_uuid, *one.siblings, one.child_uuid) for one in facts.callees}
    jobs = prepared(facts).jobs
    helpless = {
        families[facts.callees[one].child_uuid] for job in jobs if not job.options for one in job.members
    }
    asked = frozenset(sorted(set(families.values()) - helpless)[::2]) | helpless

    def change(callee: Callee) -> Callee:
        if families[callee.child_uuid] in asked:
            return callee
        rules = tuple(rule for rule in callee.rules if rule.per != per)
        return callee if rules == callee.rules else replace(callee, rules=rules)

    return change


def _with_callees(facts: PlanFacts, change: Callable[[Callee], Callee]) -> PlanFacts:
    return replace(facts, callees=tuple(change(one) for one in facts.callees))


def _with_slots(facts: PlanFacts, slots: Iterable[Slot]) -> PlanFacts:
    return replace(facts, slots=tuple(sorted(slots)))


def _runs(slots: Iterable[Slot]) -> list[list[Slot]]:
    """Return the open slots of each line and day that follow one another."""
    found: list[list[Slot]] = []
    last: dict[tuple[date, int], list[Slot]] = {}
    for slot in sorted(slots):
        if slot.closed:
            continue
        run = last.get((slot.day, slot.line_id))
        if run is None or run[-1].ends != slot.starts:
            run = last[slot.day, slot.line_id] = []
            found.append(run)
        run.append(slot)
    return found


def _longer(run: Sequence[Slot], more: int) -> Iterator[Slot]:
    end, minutes = minute_of(run[-1].ends), minute_of(run[-1].ends) - minute_of(run[-1].starts)
    for number in range(more):
        starts = end + number * minutes
        if starts + minutes <= _DAY_MINUTES:
            yield replace(run[-1], starts=time_at(starts), ends=time_at(starts + minutes))


def _shorter(minutes: int, share: float) -> int:
    return min(minutes, max(int(minutes * share), _LEAST_MINUTES))


def _recut(run: Sequence[Slot], share: float) -> Iterator[Slot]:
    begin, end = minute_of(run[0].starts), minute_of(run[-1].ends)
    minutes = _shorter(minute_of(run[0].ends) - begin, share)
    for starts in range(begin, end - minutes + 1, minutes):
        # A shorter slot lies in the lessons of the longer one that it begins in.
        within = next((slot for slot in reversed(run) if minute_of(slot.starts) <= starts), run[0])
        yield replace(within, starts=time_at(starts), ends=time_at(starts + minutes))
