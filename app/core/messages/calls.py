"""Words of affection calls: lines, hours, duty, who is called, the plan, the log."""

from collections.abc import Mapping

from app.core.messages.fault_text import FaultText

CALLS: Mapping[str, FaultText] = {
    # Lines, hours, duty, who is called.
    "calls.no_such_line": FaultText("这条线路已经不在了。", "数据没有动。", "请回到「线路与时段」再看一次。"),
    "calls.line_known": FaultText(
        "「{name}」已经有了。", "没有再存一次，原来的还在。", "请换个名称，或直接改原来的那条。"
    ),
    "calls.whose_mobile": FaultText(
        "没有选是哪位教师的手机。", "没有保存。", "请选教师；学校公用的手机，请选「学校手机」。"
    ),
    "calls.time_bad": FaultText("「{text}」不是一个时间。", "没有保存。", "请写成 12:20 的样子。"),
    "calls.span": FaultText(
        "从 {starts} 到 {ends} 不成一段时间。", "没有保存。", "请核对两个时间，先早后晚，同一天里。"
    ),
    "calls.slot_minutes": FaultText("每人的分钟数要在 1 到 {most} 之间。", "没有保存。", "请改一下。"),
    "calls.slot_too_long": FaultText(
        "{starts}–{ends} 只有 {length} 分钟，排不下一个 {minutes} 分钟的时段。",
        "没有保存。",
        "请改短每人的分钟数，或改长开放时间。",
    ),
    "calls.hours_meet": FaultText(
        "{day}的 {one} 和 {other} 有重叠。", "没有保存，原来的时间还有效。", "请改一下，让两段错开。"
    ),
    "calls.windows_meet": FaultText(
        "{one} 和 {other} 有重叠。", "没有保存，原来的时间还有效。", "请并成一段，或改一下。"
    ),
    "calls.closure_reason": FaultText(
        "没有写为什么停用。", "没有保存。", "请写原因，例如：机房检修。排班表上会写出来。"
    ),
    "calls.closure_days": FaultText("从 {first} 到 {last} 不成一段日子。", "没有保存。", "请核对日期。"),
    "duty.weekday": FaultText("没有选星期几。", "没有保存。", "请选一天。"),
    "duty.same": FaultText("代班的和被代的是同一位教师。", "没有保存。", "请另选一位。"),
    "duty.swap_twice": FaultText(
        "{day} 已由{name}代{instead}值班。", "没有再存一次，原来的还在。", "要换人，请先取消原来的代班。"
    ),
    "calls.slot_taken": FaultText(
        "这条线路的这个时段已经排了别的儿童。", "没有保存，原来的安排还在。", "请换一个空的时段。"
    ),
    "calls.child_twice": FaultText(
        "这名儿童在同一时间已经排了另一个电话。", "没有保存，原来的安排还在。", "请换一个时段。"
    ),
    # The plan.
    # The log, what is read into it and what leaves it.
}
