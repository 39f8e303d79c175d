"""A plan in words: the sentence above it, and why somebody is left out."""

from collections.abc import Iterable

from app.calls.cadence import VIDEO_CALL
from app.calls.codes import CallMedium
from app.calls.people import Callee
from app.calls.plan_facts import CallPlan, LineState, RoundSpan
from app.calls.planner import Worked
from app.calls.planner_jobs import Job
from app.calls.slots import Slot

NO_CONTACT = "没有登记可以打给谁"
NO_SLOTS = "这段时间没有开放的时段"
NO_VIDEO = "规则要视频，这段时间没有视频的时段"
ONLY_LESSONS = "开放的时段都在不能叫走的课上"


def plan_words(plan: CallPlan) -> str:
    """Return what a plan does in one sentence: 排了 26 名，新排 20 名，改了 2 处，3 名排不下。"""
    children = {child.uuid for line in plan.lines for child in line.children}
    new = {child.uuid for line in plan.of(LineState.NEW) for child in line.children}
    moved = len(plan.of(LineState.MOVED))
    parts = [f"排了 {len(children)} 名"]
    if new and len(new) < len(children):
        parts.append(f"新排 {len(new)} 名")
    if moved:
        parts.append(f"改了 {moved} 处")
    if plan.dropped:
        parts.append(f"取消 {len(plan.dropped)} 个")
    if plan.later:
        parts.append(f"{len(plan.later)} 名排在 {plan.last:%m-%d} 以后，不超过规定")
    if plan.unserved:
        parts.append(f"{len(plan.unserved)} 名没有排上")
    return "，".join(parts) + "。"


def why_unserved(worked: Worked, job: Job, member: int, span: RoundSpan) -> str:
    """Return why a child has no call in a span of its rule."""
    callee = worked.facts.callees[member]
    first = max(span.first, worked.facts.first)
    slots = [slot for slot in worked.facts.slots if first <= slot.day <= span.last]
    own = _why_nobody(callee) or _why_away(callee, slots)
    if own:
        return own
    if job.options:
        return f"{span.words or '这段时间'}的时段不够"
    return _why_no_hour(callee, slots, video=any(activity == VIDEO_CALL for _, _, activity in job.covers))


def _why_nobody(callee: Callee) -> str:
    if not callee.wish.wants:
        return "孩子自己现在不想打"
    if not callee.contacts:
        return NO_CONTACT
    if not any(one.can_call for one in callee.contacts):
        listed = "，".join(f"{one.who}{one.why_not}" for one in callee.contacts[:3])
        return f"没有能打的号码：{listed}"
    return ""


def _why_away(callee: Callee, slots: Iterable[Slot]) -> str:
    """Return why the child is away on every day with room, "" when it is there on one."""
    reasons = {callee.why_not(slot.day) for slot in slots if not slot.closed}
    if not reasons or "" in reasons:
        return ""
    return "缺席，还没有登记返校" if "缺席" in reasons else "，".join(sorted(reasons))


def _why_no_hour(callee: Callee, slots: list[Slot], *, video: bool) -> str:
    opened = [slot for slot in slots if not slot.closed and not callee.why_not(slot.day)]
    if not opened:
        closed = sorted({slot.closed for slot in slots if slot.closed})
        return f"{NO_SLOTS}：{'、'.join(closed[:2])}" if closed else NO_SLOTS
    if video:
        opened = [slot for slot in opened if slot.medium is CallMedium.VIDEO]
        if not opened:
            return NO_VIDEO
    free = [slot for slot in opened if not slot.lesson_of(callee.class_id)]
    if not free:
        return ONLY_LESSONS
    hours = "；".join(f"{one.who} {one.hours}" for one in callee.contacts if one.can_call and one.windows)
    return f"家长能接的时候没有开放的时段（{hours}）" if hours else NO_SLOTS
