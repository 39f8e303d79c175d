"""大字条: what is told to those who look after a child, in words that are read aloud (features.md idea 18)."""

from collections.abc import Mapping, Sequence
from datetime import date

from app.calls.plan_facts import PlannedCall
from app.children.facts import ChildFacts
from app.paper.big_slip import Slip
from app.school.queries import StaffMember

_WEEKDAYS = "一二三四五六日"


def slip_of(
    child: ChildFacts,
    planned: Sequence[PlannedCall],
    numbers: Mapping[str, str],
    school: tuple[str, str],
    teachers: Mapping[int, StaffMember],
) -> Slip:
    """Return the slip of one child: its planned calls, the number they come from, the head teacher, a line to write on."""
    lines = [f"{_day_words(one.day)}{_hour_words(one.starts)}" for one in planned]
    lines += [f"打给 {who}" for who in dict.fromkeys(one.contact for one in planned) if who]
    own = list(dict.fromkeys(numbers[one.line_uuid] for one in planned if one.line_uuid in numbers))
    if own:
        lines.append("学校打来的号码，请接：")
    cls = child.school_class
    teacher = teachers.get(cls.id) if cls else None
    asked = f"有事打学校电话 {school[1]}" if planned and school[1] else ""
    return Slip(
        key=child.uuid,
        head=f"{child.name} 给家里打电话" if planned else f"{child.name} 的学校电话",
        lines=tuple(lines),
        number="　".join(own) if planned else school[1] or "号码：",
        foot=(
            f"{school[0]}{'　' + cls.name if cls else ''}",
            f"班主任 {teacher.name}　{teacher.phone or ''}".rstrip("　") if teacher else "",
            asked,
            "请带：",
        ),
    )


def _day_words(day: date) -> str:
    return f"{day.month}月{day.day}日 星期{_WEEKDAYS[day.weekday()]} "


def _hour_words(starts: str) -> str:
    hour, minute = int(starts[:2]), int(starts[3:])
    part = (
        "早上"
        if hour < 9
        else "上午"
        if hour < 12
        else "中午"
        if hour < 14
        else "下午"
        if hour < 18
        else "晚上"
    )
    shown = hour if hour <= 12 else hour - 12
    return f"{part} {shown} 点" + (f" {minute:02} 分" if minute else "")
