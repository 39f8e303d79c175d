"""What is said when the printed guide or the file for whoever helps could not be made."""

from collections.abc import Mapping

from app.core.messages.fault_text import FaultText

SUPPORT: Mapping[str, FaultText] = {
    "support.unreadable": FaultText(
        "支持文件「{name}」写下去以后读不回来，没有写成。",
        "数据没有动。",
        "请换一个优盘，或先存到桌面上再试。",
    ),
    "guide.no_pictures": FaultText(
        "指南的图片找不到，或读不出来。",
        "数据没有动，别的都照常用。",
        "请重新安装守望；按键卡和 F1 的说明照样能看。",
    ),
}
