"""What is said of a checkup (体检) and of putting a mended copy in place."""

from collections.abc import Mapping

from app.core.messages.fault_text import FaultText

CHECKUP: Mapping[str, FaultText] = {
    "checkup.changed": FaultText(
        "再看一遍，和体检时列出的不一样了，这次没有换上修好的。",
        "数据没有动，保存的都在。",
        "请再体检一次，再用修好的。",
        ("再体检一次",),
    ),
    "checkup.nothing_mended": FaultText(
        "这份数据没有能换上的修好的副本。",
        "数据没有动。",
        "有一部分读不出的，请从备份恢复；要对照纸质档案的，请打开档案直接改。",
        ("从备份恢复",),
    ),
}
