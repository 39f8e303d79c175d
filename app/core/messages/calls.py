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
    "calls.weeks": FaultText(
        "{weeks} 周轮一次，太密或太疏了。",
        "没有保存，原来的时间还有效。",
        "请填 2 到 8 周；每周都行的不用填。",
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
    "calls.no_lines": FaultText(
        "还没有排号的线路。",
        "没有排，数据没有动。",
        "请先到「线路与时段」登记电话或电脑；只用教师手机、打了就记的，不用排号。",
    ),
    "calls.no_openings": FaultText(
        "线路都还没有开放时间，{first} 至 {last} 没有一个时段。",
        "没有排，数据没有动。",
        "请到「线路与时段」写上星期几、几点到几点。",
    ),
    "calls.nobody_to_call": FaultText(
        "台账上没有要打电话的儿童。",
        "没有排，数据没有动。",
        "请先登记儿童；规则都写成 0 次的，请到设置里改。",
    ),
    "calls.plan_past": FaultText(
        "{last} 已经过了，不能再排。", "没有排，数据没有动。", "请选今天以后的日子。"
    ),
    "calls.plan_order": FaultText("{first} 在 {last} 后面。", "没有排，数据没有动。", "请把两个日期对调。"),
    "calls.plan_too_long": FaultText(
        "{days} 天太长了，一次最多排 {most} 天。", "没有排，数据没有动。", "请分几次排。"
    ),
    "calls.plan_nothing": FaultText("新排的和现在的一样。", "没有保存，现在的安排有效。", "不用处理。"),
    "calls.plan_changed": FaultText(
        "看过以后，时段、儿童或已排的电话又有改动。",
        "没有保存，原来的安排还在。",
        "请按「重新排号」再看一次。",
    ),
    "calls.clock_back": FaultText(
        "电脑日期是 {today}，可是上次保存是 {last}，日期倒退了。",
        "没有保存，原来的安排还在。",
        "请先把电脑的日期调对，再排。",
    ),
    "calls.no_such_call": FaultText("这个电话已经不在安排里了。", "数据没有动。", "请回到「电话」再看一次。"),
    "calls.no_such_slot": FaultText("没有这个时段。", "没有保存，原来的安排还在。", "请换一个时段。"),
    "calls.slot_closed": FaultText("这个时段停用。", "没有保存，原来的安排还在。", "请换一个时段。"),
    "calls.slot_past": FaultText("这个时段已经过了。", "没有保存，原来的安排还在。", "请换一个后面的时段。"),
    "calls.call_done": FaultText("这个电话已经打过了。", "没有保存，记录还在。", "要再打，请另排一个。"),
    "calls.child_gone": FaultText(
        "儿童已经不在台账上。", "没有保存。", "不用再排；回来了的，请先办「回到台账」。"
    ),
    "calls.move_conflict": FaultText(
        "这个时段不合适：{why}。",
        "没有保存，原来的安排还在。",
        "请换一个时段；确实可以的，选「照样移过去」。",
    ),
    # The log, what is read into it and what leaves it.
}
