"""Words of the log of affection calls and of reading results from a table."""

from collections.abc import Mapping

from app.core.messages.fault_text import FaultText

_KEPT = "没有保存，写的还在。"

CALL_LOG: Mapping[str, FaultText] = {
    "call_log.nothing": FaultText("没有要记的通话。", "没有改动。", "请至少记一名儿童的接通情况。"),
    "call_log.unknown": FaultText(
        "这次通话已经不在记录里。", "别的记录没有动。", "请看看回收站，或者撤销刚才那一步。"
    ),
    "call_log.other_child": FaultText(
        "这次通话记的是另一名儿童。", _KEPT, "记错了人，请删掉那一条，再给这名儿童记一条。"
    ),
    "call_log.future": FaultText("{day} 还没有到，通话不能先记。", _KEPT, "请核对日期。"),
    "call_log.before_birth": FaultText(
        "{day} 在{child}的出生日期（{born}）以前。", _KEPT, "请核对日期；出生日期写错了，就先改档案。"
    ),
    "call_log.clock": FaultText("时间「{text}」不对。", _KEPT, "请写成 16:30 的样子。"),
    "call_log.moment": FaultText("改到的时间「{text}」不对。", _KEPT, "请写成 2026-11-27 16:30 的样子。"),
    "call_log.moment_early": FaultText("改到的时间（{moment}）早于通话当天。", _KEPT, "请核对改到哪一天。"),
    "call_log.minutes": FaultText("通话 {minutes} 分钟不对。", _KEPT, "请填 0 到 {most} 之间的整数。"),
    "call_log.person": FaultText("接电话的人已经不在档案里。", _KEPT, "请重新选，或者直接写接听人。"),
    "call_log.phone": FaultText("拨的号码不是这个人的。", _KEPT, "请重新选号码。"),
    "call_log.line": FaultText("这条线路已经不在了。", _KEPT, "请重新选线路，或者不选。"),
    "call_log.planned": FaultText(
        "这次通话的安排已经改了。", _KEPT, "请刷新今日名单再记，或者不选安排，直接记。"
    ),
    "call_log.planned_day": FaultText(
        "这次安排在 {day}，不是通话的这一天。", _KEPT, "请核对日期，或者不选安排，直接记。"
    ),
    "call_log.staff": FaultText("这位值班教师不在教师名单里。", _KEPT, "请重新选。"),
    "call_paper.nobody": FaultText("没有选儿童，没有可印的。", "什么都没有动。", "请至少选一名儿童。"),
    "call_paper.days": FaultText(
        "日期的先后不对，或者超过 {most} 天。", "什么都没有动。", "请核对开始和结束的日期。"
    ),
    "call_log.promise_child": FaultText("这件承诺属于另一名儿童。", _KEPT, "请重新写这件承诺。"),
    "call_import.no_header": FaultText(
        "「{name}」里没有找到通话记录表：前 15 行里要有一行写着姓名、日期和至少一个别的栏目名（如 接通情况、时长）。",
        "通话记录没有动。",
        "请看选对了文件没有；表头请写明栏目名，用 WPS 另存为 .xlsx 再导入。",
        ("换一个文件",),
    ),
    "call_import.no_rows": FaultText(
        "「{name}」里只有表头，没有通话记录。", "通话记录没有动。", "请确认选对了文件和表。", ("换一个文件",)
    ),
}
