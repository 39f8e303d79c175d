"""Words of affection calls: lines, hours, duty, who is called, the plan, the log."""

from collections.abc import Mapping

from app.core.messages.fault_text import FaultText

CALLS: Mapping[str, FaultText] = {
    # Lines, hours, duty, who is called.
    "calls.slot_taken": FaultText(
        "这条线路的这个时段已经排了别的儿童。", "没有保存，原来的安排还在。", "请换一个空的时段。"
    ),
    "calls.child_twice": FaultText(
        "这名儿童在同一时间已经排了另一个电话。", "没有保存，原来的安排还在。", "请换一个时段。"
    ),
    # The plan.
    # The log, what is read into it and what leaves it.
}
