"""What is said when something about a child or a family cannot be so."""

from collections.abc import Mapping

from app.core.messages.fault_text import FaultText

CHILDREN: Mapping[str, FaultText] = {
    "child.unknown": FaultText("找不到这名儿童，可能已在回收站里。", "数据没有动。", "请回到台账再看一次。"),
    "child.nobody": FaultText("没有选儿童。", "数据没有动。", "请先选儿童。"),
    "child.not_binned": FaultText("这名儿童不在回收站里。", "数据没有动。", "请回到回收站再看一次。"),
    "child.no_name": FaultText("姓名不能空着。", "没有保存。", "请填姓名。"),
    "child.ethnicity": FaultText("没有编号为 {number} 的民族。", "没有保存。", "请从民族表里选。"),
    "cohort.not_same": FaultText("只有同一年级的两个班能并班。", "没有保存。", "请选同一年级的班。"),
    "cohort.not_inside": FaultText("分班名单里有人不在{name}，或写了两次。", "没有保存。", "请核对名单。"),
    "cohort.bad_number": FaultText(
        "班号要在 1 到 99 之间，并且不是现在的班。", "没有保存。", "请改一下班号。"
    ),
    "cohort.later": FaultText(
        "{name}的登记从 {since} 才开始，不能在 {on} 结束。", "没有保存。", "请先在这名儿童的档案里核对日期。"
    ),
    "cohort.not_next": FaultText(
        "{name}不是低一个年级的班，不能留级到那里。", "没有保存。", "请选低一个年级的班；换班请用「换班级」。"
    ),
    "cohort.not_finished": FaultText(
        "{name}还没有读完最高年级，不能确认毕业。", "没有保存。", "请看看学年和班级。"
    ),
    "date.bad": FaultText(
        "日期「{text}」不对。", "没有保存。", "请写成 2026-09-01；只知道年月写 2026-09，只知道年份写 2026。"
    ),
    "date.no_day": FaultText("日期「{text}」没有写到日。", "没有保存。", "请写到哪一天，如 2026-09-01。"),
    "fact.later_known": FaultText(
        "已有一条从 {since} 开始的记录，新的不能早于它。",
        "没有保存。",
        "要补录以前的情况，请把「到哪天止」也填上；写错了，请直接更正那一条。",
    ),
    "fact.overlaps": FaultText(
        "以前的记录到 {until} 为止，新的要从那天或以后开始。", "没有保存。", "请写明从哪天起。"
    ),
    "fact.unknown": FaultText("这条记录已经不在了。", "数据没有动。", "请回到档案再看一次。"),
    "doubt.unknown": FaultText("这条存疑已经不在了。", "数据没有动。", "请回到档案再看一次。"),
    "care.unguarded_person": FaultText(
        "无人监护就不写监护人。", "没有保存。", "请去掉监护人，或改照护类型。"
    ),
    "care.nobody": FaultText("还没有登记由谁照护，不能评估。", "没有保存。", "请先登记监护人。"),
    "kinship.unknown": FaultText("这名家人已经不在档案里了。", "数据没有动。", "请回到档案再看一次。"),
    "phone.unknown": FaultText("这个电话已经不在档案里了。", "数据没有动。", "请回到档案再看一次。"),
    "phone.empty": FaultText("电话号码不能空着。", "没有保存。", "请填号码。"),
    "contact.nobody": FaultText("联系人要写是谁，或是哪个单位。", "没有保存。", "请填一个。"),
    "registration.none": FaultText(
        "这名儿童现在不在册，不能退出。", "数据没有动。", "请看看「已退出」里有没有。"
    ),
    "enrolment.none": FaultText("这名儿童现在不在班里，不能休学。", "数据没有动。", "请先登记班级。"),
    "archive.nobody": FaultText("{scope}在 {day} 没有在册儿童。", "没有生成文件。", "请换一个班级或日期。"),
    "archive.laid_out_anew": FaultText(
        "您写用途、选打印机的时候，档案改了，正按新的重新排版。",
        "没有存出去，也没有打印。",
        "请等新的一份排好，看过再存或打印。",
    ),
    "archive.no_such_child": FaultText(
        "找不到这名儿童。", "没有生成文件。", "编号可用 children --json 查看。"
    ),
    "demo.size": FaultText(
        "演示学校要有 1 到 {children} 名儿童、0 到 {years} 年历史。", "没有生成。", "请换一个人数或年数。"
    ),
    "id.taken": FaultText(
        "{what} {number} 已经登记在 {who} 名下。",
        "没有保存。",
        "请对照两人的户口本；是同一名儿童，请打开那份档案；不是，请改{what}。",
    ),
    "registry.taken": FaultText(
        "{what} {number} 已经登记在 {who} 名下。",
        "没有保存。",
        "请对照两人的户口本；是同一名儿童，请打开那份档案；不是，请改{what}。",
    ),
    "row.unknown": FaultText(
        "要改的内容已经不在了，可能刚被移到回收站。", "没有保存。", "请回到台账再看一次。"
    ),
    "fact.end_before_start": FaultText(
        "从 {since} 到 {until} 不成一段时间。", "没有保存。", "请核对日期；记错了的，请删去那一条。"
    ),
    "family.no_parent": FaultText(
        "这几名儿童都还没有登记父亲或母亲。",
        "没有保存。",
        "请先在其中一名的档案「家庭」里添上家长，再来回答。",
    ),
    "family.parents_differ": FaultText(
        "两边登记的家长对不上：姓名、证件或外出情况不一样。",
        "没有保存。",
        "是同一位家长，请在档案「家庭」里用「和另一份登记是同一个人…」对照着合；不是亲兄弟姐妹，请选「不是，不再问」。",
    ),
    "family.parent_exists": FaultText(
        "已经登记了{word}（{name}）。",
        "没有保存。",
        "要改姓名或证件，请直接改那一位；换了人，请先取消原来的{word}。",
    ),
}
