"""What is said when something about the school, its classes or its calendar cannot be so."""

from collections.abc import Mapping

from app.core.messages.fault_text import FaultText

SCHOOL: Mapping[str, FaultText] = {
    "school.exists": FaultText(
        "这份数据里已经有学校了。", "数据没有动。", "要改学校资料，请到「设置」里改。"
    ),
    "school.none": FaultText("这份数据里还没有学校。", "数据没有动。", "请先新建学校。"),
    "school.rule_fixed": FaultText("{rule}口径由文件规定，不能改。", "没有保存。", "请改本地口径。"),
    "school.rule_months": FaultText("外出月数要在 0 到 60 之间。", "没有保存。", "请改一下月数。"),
    "school.rule_age": FaultText("年龄要在 0 到 18 岁之间。", "没有保存。", "请改一下年龄。"),
    "school.no_such_staff": FaultText("找不到这名教职工。", "数据没有动。", "请回到「设置」再看一次。"),
    "school.left_before": FaultText(
        "离校日期 {left} 在到校日期 {joined} 之前。", "没有保存。", "请核对两个日期。"
    ),
    "school.no_staff": FaultText("还没有写一名教职工。", "没有保存。", "请写上姓名。"),
    "school.bad_date": FaultText("日期「{text}」不对。", "没有保存。", "请写成 2026-09-01 的样子。"),
    "school.no_name": FaultText("{what}不能空着。", "没有保存。", "请填上。"),
    "school.no_such_class": FaultText(
        "没有找到班级「{text}」（按 {day} 的班级）。",
        "数据没有动。",
        "请从这些里选：{names}；也可以写成 2024级2班 的样子。",
    ),
    "school.year_range": FaultText(
        "没有「{year}」学年第 {term} 学期。", "没有保存。", "学年请写 1990 到 2200 之间的。"
    ),
    "school.year_start": FaultText("{year}学年的第一天要在 {year} 年里。", "没有保存。", "请核对年份。"),
    "school.term_dates": FaultText("学期的最后一天要在第一天之后。", "没有保存。", "请核对两个日期。"),
    "school.term_overlap": FaultText(
        "和{term}（{starts_on} 至 {ends_on}）重叠了。", "没有保存。", "请核对日期。"
    ),
    "school.term_long": FaultText("一个学期不会超过 40 周。", "没有保存。", "请核对年份。"),
    "dated.later_known": FaultText(
        "从 {since} 起已经另有一条，新的不能早于那天。",
        "没有保存，现在的照旧。",
        "请选 {since} 或以后的日子；从那天起的那条写错了，就按那天改。",
    ),
    "class.only_and_numbered": FaultText(
        "一个年级只有一个班时不编号，不能和编号的班一起开。", "没有保存。", "请给班级编号，或只开一个班。"
    ),
    "class.exists": FaultText("{name} 已经有了。", "没有保存。", "请看看班号。"),
    "class.unknown": FaultText("找不到这个班级。", "数据没有动。", "请回到班级表再看一次。"),
    "class.in_use": FaultText("这个班级有过 {count} 名儿童，不能删除。", "数据没有动。", "请用并班或毕业。"),
    "class.teacher_later": FaultText(
        "现在的班主任从 {since} 开始，新的不能更早。", "没有保存。", "请核对日期。"
    ),
    "class.head_count": FaultText("人数不能小于 0。", "没有保存。", "请改一下人数。"),
    "class.bad_ref": FaultText(
        "入学年份要在 1990 年以后，班号要在 1 到 99 之间。", "没有保存。", "请核对年份和班号。"
    ),
    "limit.out_of_range": FaultText(
        "这个数要在 {least} 到 {most} {unit}之间。", "没有保存，原来的还有效。", "请改一下。"
    ),
}
