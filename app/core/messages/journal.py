"""What is said of the save log (日志) and of what it adds to a backup."""

from collections.abc import Mapping

from app.core.messages.fault_text import FaultText

JOURNAL: Mapping[str, FaultText] = {
    "journal.not_written": FaultText(
        "日志没有写成：放备份的盘写不进去。",
        "这一步已经存在数据文件里；只是备份以后的内容暂时少了第二份。",
        "请看放备份的盘是不是满了或拔掉了；下次保存时守望会补写。",
        ("再试一次",),
    ),
    "journal.not_removed": FaultText(
        "旧的日志没有删掉，里面可能还有已经永久删除的内容。",
        "数据文件里已经没有了。",
        "请关掉占用备份文件夹的程序，再试一次。",
        ("再试一次",),
    ),
    "restore.no_journal": FaultText(
        "日志读不出来，没法把备份以后的保存补回来，所以没有恢复。",
        "现在的数据、备份和日志都没有动。",
        "请看放备份的盘插好没有；也可以不补日志，只恢复备份。",
        ("再试一次", "只恢复备份"),
    ),
    "restore.unproved": FaultText(
        "这份拷贝旁边没有校验单，没法证明它拷好以后没有变过，所以没有恢复。",
        "现在的数据没有动。",
        "请尽量用带校验单的备份；确实只有这一份，可以确认以后再用。",
        ("另选一份", "仍用这一份"),
    ),
}
