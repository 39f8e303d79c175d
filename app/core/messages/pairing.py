"""Words of pairing: supporters, pairs, the school's rule, hand-over, help plans."""

from collections.abc import Mapping

from app.core.messages.fault_text import FaultText

PAIRING: Mapping[str, FaultText] = {
    "pairing.no_such_supporter": FaultText("找不到这名帮扶人。", "数据没有动。", "请回到「结对」再看一次。"),
    "pairing.no_such_pair": FaultText("这一对已经不在了。", "数据没有动。", "请回到「结对」再看一次。"),
    "pairing.nobody": FaultText("没有选帮扶人。", "没有保存。", "请先选一名。"),
    "pairing.nothing": FaultText("没有选要接受的结对。", "没有保存。", "请先勾选。"),
    "pairing.exists": FaultText(
        "{child}和{supporter}从 {since} 起已经是{kind}结对。", "没有再存一次，原来的还在。", "不用处理。"
    ),
    "pairing.ended": FaultText(
        "{child}的这一对到 {on} 已经解除。", "没有保存，以前的留着。", "要再结对，请用「结一对」。"
    ),
    "pairing.before_birth": FaultText("{child} {born} 才出生。", "没有保存。", "请核对「从哪天起」的年份。"),
    "pairing.supporter_gone": FaultText(
        "{supporter}已于 {on} 离开，不能再结对。", "没有保存。", "请选别的帮扶人；离开日期写错了，请先改正。"
    ),
    "pairing.child_gone": FaultText(
        "{child}已经退出台账，不能再结对。", "没有保存，以前的结对都还在。", "回来了的，请先办「回到台账」。"
    ),
    "pairing.unchecked": FaultText(
        "{supporter}没有有效的从业查询（{state}）。",
        "没有保存。",
        "请先登记查询结果；要先结对的，请写明原因，原因会留在记录里。",
        buttons=("先登记查询", "写明原因再结对"),
    ),
    "pairing.record_found": FaultText(
        "{supporter}的从业查询查到违法犯罪记录，不能结对。",
        "没有保存。",
        "按未成年人保护法第六十二条，不得接触儿童。查询结果登记错了的，请先更正。",
    ),
    "pairing.buddy_self": FaultText("学习帮手不能是儿童自己。", "没有保存。", "请选另一名学生。"),
    "pairing.buddy_gone": FaultText("{buddy}已经不在校。", "没有保存。", "请选另一名学生。"),
    "pairing.far_ahead": FaultText("日期 {on} 还很远。", "没有保存。", "请核对年份。"),
    "pairing.staff_in_settings": FaultText(
        "教师的姓名和离校日期在「设置」的教职工里改。", "数据没有动。", "请到「设置」里改。"
    ),
    "pairing.supporter_known": FaultText(
        "{name}已经登记过，身份和电话都一样。", "没有再存一次。", "请直接用原来登记的那一位。"
    ),
    "pairing.still_pairs": FaultText(
        "{supporter}还带着 {count} 名儿童。",
        "没有保存。",
        "请先「办交接」，把儿童交给接手的人。",
        buttons=("办交接",),
    ),
    "pairing.check_future": FaultText("查询日期 {on} 还没有到。", "没有保存。", "请核对日期。"),
    "pairing.no_such_check": FaultText(
        "这条从业查询已经不在了。", "数据没有动。", "请回到「结对」再看一次。"
    ),
    "pairing.per_teacher": FaultText(
        "每人最多带几名，要在 1 到 99 之间（写的是 {number}）。",
        "数据没有动。",
        "请改一下再来；不写 --per-teacher 就按学校的规则。",
    ),
    "pairing.rule_numbers": FaultText(
        "每人最少 {least} 名、最多 {most} 名，两个数对不上。", "没有保存，原来的规则还有效。", "请改一下。"
    ),
    "pairing.limit_number": FaultText("名数要在 0 到 99 之间，0 是不参加结对。", "没有保存。", "请改一下。"),
    "pairing.no_suggestion": FaultText(
        "学习帮手要靠老师了解学生来配，程序不出建议。", "数据没有动。", "请用「结一对」逐个登记。"
    ),
    "pairing.needs_suggest": FaultText(
        "--per-teacher 和 --dry-run 要和 --suggest 一起写。", "数据没有动。", "请加上 --suggest 再来。"
    ),
    "pairing.changed_since": FaultText(
        "出建议以后，{child}的结对已经变了。",
        "一对都没有存。",
        "请重新出一份建议。",
        buttons=("重新出建议",),
    ),
    "hand_over.no_pairs": FaultText(
        "{supporter}没有要交接的儿童、承诺和计划。", "数据没有动。", "不用处理。"
    ),
    "hand_over.no_such": FaultText(
        "这次交接已经撤销，没有交接单了。", "数据没有动。", "请再办一次交接，或回到帮扶人这一页。"
    ),
    "hand_over.unplaced": FaultText(
        "还有 {count} 名儿童没有写明交给谁。", "没有保存，原来的结对还在。", "请给每名儿童选接手的人。"
    ),
    "hand_over.before_pair": FaultText(
        "{supporter}从 {since} 才开始带{child}，交接不能早于那天。",
        "没有保存。",
        "请核对日期；那一对登记错了的，请先改正。",
    ),
    "hand_over.to_self": FaultText("{child}不能交给原来的帮扶人。", "没有保存。", "请选别的人。"),
    "plan.no_such_plan": FaultText("这份帮扶计划已经不在了。", "数据没有动。", "请回到这名儿童再看一次。"),
    "plan.no_term": FaultText("还没有这个学期。", "没有保存。", "请先在「设置」里写上学期的日期。"),
    "plan.empty_measure": FaultText(
        "第 {number} 条措施是空的。", "没有保存，文字还在。", "请填上或删去这一条。"
    ),
    "plan.empty": FaultText("内容不能空着。", "没有保存，文字还在。", "请填上。"),
    "plan.future": FaultText("日期 {on} 还没有到。", "没有保存，文字还在。", "请核对日期。"),
    "plan.no_checker": FaultText("没有写抽查人。", "没有保存，文字还在。", "请填上。"),
}
