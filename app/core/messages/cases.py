"""Words of counselling, incidents, absences and meetings."""

from collections.abc import Mapping

from app.core.messages.fault_text import FaultText

CASES: Mapping[str, FaultText] = {
    "case.future": FaultText("{day} 还没有到。", "没有保存，写的还在。", "请核对日期和时间。"),
    "case.moment": FaultText(
        "时间「{text}」不对。", "没有保存，写的还在。", "请写成 2026-11-21 08:30 的样子。"
    ),
    "case.clock": FaultText("时间「{text}」不对。", "没有保存，写的还在。", "请写成 08:30 的样子。"),
    "case.times": FaultText(
        "结束（{ended}）比开始（{started}）早。", "没有保存，写的还在。", "请核对两个时间。"
    ),
    "case.order": FaultText(
        "{later}（{later_on}）比{earlier}（{earlier_on}）早。", "没有保存，写的还在。", "请核对两个日期。"
    ),
    "case.missing": FaultText("{what}还没有填。", "没有保存，写的还在。", "请填上再存。"),
    "counsel.locked": FaultText(
        "心理疏导已经锁上。", "存过的内容都在，是加密的。", "请输口令打开，再接着做。"
    ),
    "counsel.wrong_passphrase": FaultText(
        "口令不对。", "内容没有动。", "请再输一次；想不起来，可以用恢复单上的 12 个词重设。"
    ),
    "counsel.wrong_slip": FaultText(
        "这张恢复单打不开现在的内容。", "内容没有动。", "请核对 12 个词和顺序；换过恢复单的，要用最新的一张。"
    ),
    "counsel.slip_word": FaultText(
        "第 {place} 个词「{word}」不在词表里。", "内容没有动。", "请照恢复单核对，每个词两个字。"
    ),
    "counsel.slip_length": FaultText(
        "恢复单有 {wanted} 个词，现在是 {count} 个。", "内容没有动。", "请照恢复单补齐，顺序不变。"
    ),
    "counsel.passphrase_short": FaultText(
        "口令太短：至少 {least} 个字，只用数字要 {digits} 位以上。",
        "没有改动。",
        "建议用一句只有自己知道的话。",
    ),
    "counsel.not_set_up": FaultText("心理疏导还没有设口令。", "数据没有动。", "请先设口令，并打印恢复单。"),
    "counsel.set_up_already": FaultText(
        "心理疏导已经设过口令。", "数据没有动。", "请输口令打开；要换，请用「换口令」。"
    ),
    "counsel.old_key": FaultText(
        "这一份是用以前的口令封存的，现在的口令打不开。",
        "内容还在，没有动。",
        "请用当时的恢复单重设口令，就能打开。",
    ),
    "counsel.damaged": FaultText(
        "这一份的内容读不出：和存上时不一样了。",
        "其他的没有动。",
        "请到「备份」里体检，或从以前的备份恢复。",
    ),
    "counsel.empty": FaultText("还没有写内容。", "没有保存。", "请至少写一项再存。"),
    "incident.report_early": FaultText(
        "上报时间（{at}）比发现时间（{found}）早。", "没有保存，写的还在。", "请核对两个时间。"
    ),
    "incident.step_early": FaultText(
        "{step}的时间（{at}）比发现时间（{found}）早。", "没有保存，写的还在。", "请核对两个时间。"
    ),
    "absence.open_already": FaultText(
        "这名儿童 {since} 起的缺席还没有了结。",
        "没有保存。",
        "请接着写那一条；已经返校的，请先销号。",
    ),
    "absence.closed": FaultText(
        "这一条已经销号（{on}）。", "没有保存。", "又缺席了，请另记一条；销错了，请改掉销号日期。"
    ),
    "absence.reason_needed": FaultText("销号要写日期和原因。", "没有保存，写的还在。", "请两样都填。"),
    "absence.persuasions": FaultText(
        "这条缺席下面还有 {count} 次劝返记录。", "没有删除。", "确实记错了，请先删劝返记录。"
    ),
    "meeting.attendance_twice": FaultText(
        "签到表里有一名儿童写了两次。", "没有保存，写的还在。", "请去掉一行。"
    ),
}
