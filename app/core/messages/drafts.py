"""What is said about what was typed and not yet saved."""

from collections.abc import Mapping

from app.core.messages.fault_text import FaultText

DRAFTS: Mapping[str, FaultText] = {
    "drafts.not_kept": FaultText(
        "正在写的内容没能留底：放草稿的硬盘写不进去。",
        "已经存上的都在，正在写的还在窗口里。",
        "请尽快存上，存上以前不要关电脑。",
    ),
}
