"""What is said when a file could not be written or read, or the computer has no room to work in."""

from collections.abc import Mapping

from app.core.messages.fault_text import FaultText

FILES: Mapping[str, FaultText] = {
    "file.full": FaultText(
        "放文件的盘满了，「{name}」没有写成。", "没有留下半个文件。", "请腾出空间，或换一个盘再试。"
    ),
    "file.in_use": FaultText(
        "「{name}」正被别的程序打开（可能是 WPS 或 Excel），或这里不让写，没有写成。",
        "原来的文件没有动。",
        "请先关掉它，或换一个文件名、文件夹。",
    ),
    "file.no_folder": FaultText(
        "要放「{name}」的文件夹不在了，没有写成。", "没有留下半个文件。", "请另选一个文件夹。"
    ),
    "file.read_only": FaultText(
        "这个盘或文件夹是写保护的，「{name}」没有写成。", "没有留下半个文件。", "请去掉写保护，或换一个地方。"
    ),
    "file.io": FaultText(
        "读写「{name}」时出错，没有写成。", "没有留下半个文件。", "请换一个盘再试；优盘请拔下重插。"
    ),
    "file.is_folder": FaultText(
        "「{name}」是一个文件夹，没有写成。", "里面的东西没有动。", "请在后面写上文件名。"
    ),
    "file.suffix": FaultText(
        "要写的文件名应当以 {suffix} 结尾，不能是「{name}」，没有写。",
        "原来的文件没有动。",
        "请换一个文件名。",
    ),
    "file.is_source": FaultText(
        "「{name}」是要读的那个文件，不能写在它上面，没有写。", "它没有动。", "请换一个文件名。"
    ),
    "file.missing": FaultText("找不到「{name}」。", "数据没有动。", "请看它是不是被改名或移走了。"),
    "file.path_too_long": FaultText(
        "文件夹和文件名合起来太长，「{name}」没有写成。",
        "没有留下半个文件。",
        "请换短一点的文件名，或放到浅一点的文件夹，如 D 盘下面。",
    ),
    "file.not_taken_back": FaultText(
        "{why}「{name}」没有记进移交记录，本该收回，可是删不掉。",
        "台账数据没有动。",
        "请您自己删掉「{name}」，再做一次。",
    ),
    "settings.not_kept": FaultText(
        "这台电脑不让守望在「{folder}」里存东西，设置没有记住。",
        "台账数据没有动。",
        "请看系统盘是不是满了、您的用户文件夹让不让写；弄不清就找帮您装程序的人。",
    ),
    # While somebody puts a newer version over the one that runs, its parts do not fit together.
    "program.changed": FaultText(
        "守望自己的程序文件不全，或者刚换过（多半正在更新），这一步没有做。",
        "数据没有动，已经显示「已保存」的内容都在。",
        "请关掉守望，等更新做完再打开；还不行，请重新安装，数据不受影响。",
    ),
    "program.part_missing": FaultText(
        "守望的程序文件不全，少了或坏了：{names}。多半是安全软件拿走的，或者解压没有解完整。",
        "您的数据在另外的文件夹里，没有动。",
        "请重新安装守望；又被拿走的话，请在安全软件里把守望加为信任。",
    ),
    "files.too_many_open": FaultText(
        "这台电脑同时打开的文件太多了，再也打不开一个，这一步没有做完。",
        "以前保存的都在。",
        "请关掉别的程序再试；还不行，请重新启动电脑。",
        ("再试一次",),
    ),
    # What a command answers goes into a file, or into another program.
    "answer.full": FaultText(
        "这一步做完了，可是放结果的盘满了，结果没有写全。",
        "台账数据都在。",
        "请先腾出空间，再看结果；登记过的不用再登记。",
    ),
    "answer.nowhere": FaultText(
        "这一步做完了，可是结果没有地方可写。",
        "台账数据都在。",
        "请让结果显示出来，或写进一个能写的文件；登记过的不用再登记。",
    ),
    "memory.short": FaultText(
        "电脑的内存不够，这一步没有做完。",
        "以前保存的都在。",
        "请关掉别的程序再试；还不行，请重新启动电脑。",
        ("再试一次",),
    ),
}
