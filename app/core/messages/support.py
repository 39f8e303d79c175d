"""What is said when the file for whoever helps could not be made."""

from collections.abc import Mapping

from app.core.messages.fault_text import FaultText

SUPPORT: Mapping[str, FaultText] = {
    "support.unreadable": FaultText(
        "支持文件「{name}」写下去以后读不回来，没有写成。",
        "数据没有动。",
        "请换一个优盘，或先存到桌面上再试。",
    ),
}
