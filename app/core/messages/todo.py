"""Words of what is due: rules, printed forms, the survey."""

from collections.abc import Mapping

from app.core.messages.fault_text import FaultText

TODO: Mapping[str, FaultText] = {
    "todo.rule_times": FaultText(
        "次数要在 0 到 {most} 之间。", "没有保存，原来的规则还有效。", "请改一下；不要求就写 0。"
    ),
    "todo.several_children": FaultText(
        "有几名儿童叫这个名字：{names}。", "没有保存。", "请连班级一起写，像上面那样。"
    ),
    "todo.event_name": FaultText(
        "必访事件要有名称，也不能和别的重名（「{name}」）。", "没有保存，原来的还有效。", "请改一下名称。"
    ),
    "todo.event_days": FaultText(
        "天数要在 0 到 {most} 之间。", "没有保存，原来的规则还有效。", "请改一下天数。"
    ),
    "todo.nothing_to_print": FaultText(
        "没有到期的谈心或家访可印。", "什么都没有动。", "换一位负责人，或下周再看。"
    ),
    "todo.code_wrong": FaultText(
        "单号 {form} 有一位不对：最后一位核对不上。", "什么都没有动。", "请对着纸单再看一遍，重新输入。"
    ),
    "todo.code_unknown": FaultText(
        "这份台账没有印过单号 {form}。", "什么都没有动。", "请看看是不是别的学校、别的电脑印的单。"
    ),
    "todo.code_void": FaultText(
        "单号 {form} 已经作废：{reason}", "什么都没有动。", "要补录，请按「记一条」直接记。"
    ),
    "todo.void_reason": FaultText("作废纸单要写原因。", "没有作废，单子还在。", "请写一句，比如：儿童请假。"),
}
