"""What is said when something is not to leave the program (decisions.md §4.4)."""

from collections.abc import Mapping

from app.core.messages.fault_text import FaultText

# What leaves the program (decisions.md §4.4).
EXPORT: Mapping[str, FaultText] = {
    "register.days": FaultText("结束日期在开始日期之前。", "没有写文件。", "请核对两个日期。"),
    "register.not_yet": FaultText(
        "开始日期 {day} 还没有到。", "没有写文件。", "请核对日期：登记册只写到今天为止的事。"
    ),
    "register.no_folder": FaultText("找不到文件夹「{name}」。", "没有写文件。", "请先建好文件夹，或换一个。"),
    "register.nothing": FaultText(
        "{span} 没有记录。", "没有写文件。", "请换一段日期，或换一名儿童、一个班。"
    ),
    "register.no_such_supporter": FaultText(
        "没有叫「{name}」的教师或帮扶人。", "没有写文件。", "请核对名字，写全名；离开了的也可以写。"
    ),
    "register.several_supporters": FaultText(
        "叫「{name}」的有 {count} 人，分不清是哪一位。", "没有写文件。", "请在窗口的「登记册和记录表」里选。"
    ),
    "print.no_printer": FaultText(
        "这台电脑上没有打印机。",
        "档案没有动，页面已经排好。",
        "请另存为 PDF，拷到有打印机的电脑上打印。",
        ("另存为 PDF",),
    ),
    "print.not_started": FaultText(
        "打印机没有接收。",
        "档案没有动，页面已经排好。",
        "请看打印机是否开着、有没有纸，再打印一次。",
        ("再打印一次", "另存为 PDF"),
    ),
    "export.reason": FaultText(
        "导出完整的身份证号和电话要写明用途。",
        "还没有写出任何文件。",
        "请写一句用途，或改用脱敏方式导出。",
        ("写用途", "脱敏导出"),
    ),
    "export.reason_not_kept": FaultText(
        "这份数据只能看，导出完整号码的用途没有地方登记，没有导出。",
        "还没有写出任何文件。",
        "请改用脱敏方式导出，或打开平时用的那份数据。",
        ("脱敏导出",),
    ),
}
