"""Words of the term's survey (摸底核实)."""

from collections.abc import Mapping

from app.core.messages.fault_text import FaultText

SURVEY: Mapping[str, FaultText] = {
    "survey.unknown": FaultText("找不到这一轮核实。", "数据没有动。", "请回到核实页再看一次。"),
    "survey.no_name": FaultText("还没有给这一轮核实起名。", "没有保存。", "请写名称，例如 2026年秋季摸底。"),
    "survey.due_before": FaultText("截止日期在开始之前。", "没有保存。", "请核对两个日期。"),
    "survey.open_already": FaultText(
        "「{name}」还没有结束，不能同时开始另一轮。", "没有保存。", "请先结束那一轮，再开始新的。"
    ),
    "survey.none_open": FaultText("现在没有正在进行的核实。", "没有保存。", "请先开始一轮摸底核实。"),
    "survey.check_future": FaultText("核实日期 {on} 还没有到。", "没有保存。", "请核对日期。"),
    "survey.check_before": FaultText(
        "核实日期 {on} 在这次摸底开始（{begun}）以前。", "没有保存。", "请核对日期。"
    ),
    "survey.no_checker": FaultText("没有写核实人。", "没有保存。", "请写上是谁核实的。"),
    "survey.nobody": FaultText("{scope}没有登记在册的儿童。", "没有写文件。", "请换一个班级，或先登记儿童。"),
}
