"""What is said when something cannot be taken back, merged or brought back."""

from collections.abc import Mapping

from app.core.messages.fault_text import FaultText

HISTORY: Mapping[str, FaultText] = {
    "undo.unknown": FaultText("找不到要撤销的这一步。", "数据没有动。", "请到「我做了什么」里再看一次。"),
    "undo.already": FaultText("这一步已经撤销过了。", "数据没有动。", "要改回来，请撤销那次撤销。"),
    "undo.changed_since": FaultText(
        "这一步之后又改过其中 {count} 条（{what}），不能整步撤销。",
        "数据没有动。",
        "后来的改动是「{later}」：请先撤销它，或直接改回来。",
    ),
    "undo.used_since": FaultText(
        "后来的记录用到了这一步加的 {count} 条（{what}），不能整步撤销。",
        "数据没有动。",
        "请先撤销后来的记录。",
    ),
    "undo.in_the_way": FaultText(
        "原来的位置上已经有别的记录（{what}{later}），不能撤销。",
        "数据没有动。",
        "请先撤销那一步，或先改那条记录。",
    ),
    "undo.founding": FaultText(
        "新建学校这一步不能撤销。",
        "数据没有动。",
        "学校信息写错了，请在「设置」里改。",
    ),
    "undo.stays": FaultText(
        "这一步是导出、打印或拷贝的登记，登记过的不能撤销。",
        "数据没有动。",
        "不用处理。",
    ),
    "undo.keys": FaultText(
        "心理疏导的口令和恢复单不能撤销。",
        "数据没有动，内容还打得开。",
        "要换口令，请到「心理疏导」里换。",
    ),
    "merge.same": FaultText("两份是同一份档案。", "数据没有动。", "请选两名儿童。"),
    "merge.changed_since": FaultText(
        "看过对照以后，数据又改过了。", "没有合并，数据没有动。", "请再看一次对照，核对后合并。"
    ),
    "merge.couple": FaultText(
        "这两位登记为夫妻，不会是同一个人。", "数据没有动。", "登记错了，请先改婚姻状况。"
    ),
    "bin.merged": FaultText(
        "{name}是合为一份时并到「{into}」去的，记录都在那里。",
        "数据没有动。",
        "要再分开，请撤销那次合并。",
    ),
    "bin.of_binned": FaultText(
        "这条记录属于「{name}」，这名儿童也在回收站里。",
        "数据没有动。",
        "请先取回这名儿童。",
    ),
    "purge.reason": FaultText(
        "永久删除要写明原因。", "数据没有动。", "请写清是谁批准的、为什么删，会印在销毁清单上。"
    ),
    "purge.reason_names": FaultText(
        "原因或批准文件里写了姓名、号码。",
        "数据没有动。",
        "这一条会一直留着，请改成不带姓名、号码的写法，如「家长书面申请」。",
    ),
    "purge.person_needed": FaultText(
        "勾选的家人里，有人还和别的儿童有关。", "数据没有动。", "请去掉那一位，再删一次。"
    ),
    "purge.unknown": FaultText("找不到这一次销毁的登记。", "没有生成文件。", "请回到回收站再看一次。"),
}
