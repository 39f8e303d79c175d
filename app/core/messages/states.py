"""What is said at the start: the states a ledger file can be in (decisions.md §3.5)."""

from collections.abc import Mapping

from app.core.messages.fault_text import FaultText

# The start-up states of a data file (decisions.md §3.5). {backups} is a whole sentence about the
# verified backups, or empty: with none, the text must not claim any.
STATES: Mapping[str, FaultText] = {
    "resume": FaultText(
        "上次的恢复或升级没有做完。",
        "原来的数据还在，没有丢。",
        "请继续做完，或换回原来的数据。",
        ("继续恢复", "换回原来的"),
    ),
    "missing": FaultText(
        "找不到数据文件（{name}）。",
        "{backups}",
        "它可能被改名或移走了：请找回数据文件，或从备份恢复。",
        ("找回数据文件", "从备份恢复", "第一次使用"),
    ),
    "empty": FaultText(
        "数据文件是空的（0 字节），多半是断电或硬盘满造成的。",
        "{backups}",
        "请从备份恢复；空文件会原样留着。",
        ("先不动，退出", "从备份恢复"),
    ),
    "not-ours": FaultText(
        "这不是守望的数据。",
        "没有动过它。{backups}",
        "请另选文件，或从备份恢复。",
        ("另选文件", "从备份恢复"),
    ),
    "newer-schema": FaultText(
        "这份数据是新版守望存的（数据格式 {found}，这里只认得 {known}）。",
        "数据没有动。",
        "请装新版守望再打开；要退回这一版，请恢复升级以前的备份，后来登记的尽量从日志补回。",
        ("退出", "从备份恢复"),
    ),
    "older-schema": FaultText(
        "这份数据是旧版守望存的（数据格式 {found}，现在是 {known}），要换成新格式才能用。",
        "数据没有动；升级时先备份，换好、核对过才启用，旧数据留着。",
        "请在守望窗口里选「开始升级」。",
        ("先不升级，退出", "开始升级"),
    ),
    "older-content": FaultText(
        "数据比上次退出时旧（少 {behind} 次保存）。",
        "数据没有动。{backups}",
        "请选用较新的一份；确实要用这份，也可以就用这份。",
        ("用较新的", "就用这份"),
    ),
    "corrupt": FaultText(
        "数据文件损坏，有一部分读不出。",
        "原文件原样留着，没有动。{backups}",
        "请选一份备份恢复。",
        ("退出", "从备份恢复"),
    ),
    "index-damaged": FaultText(
        "记录都能读，只是查找用的目录和记录对不上。",
        "原文件没有动。{backups}",
        "请从备份恢复，或让守望在副本上重做目录。",
        ("退出", "从备份恢复"),
    ),
    "bad-row": FaultText(
        "有 {rows} 条记录里有乱码，其余记录都能读。",
        "数据没有动。",
        "请对照纸质档案核对有乱码的记录，改好保存。",
        ("打开",),
    ),
    "io-error": FaultText(
        "硬盘读不出数据，不是数据坏了。",
        "数据没有动。",
        "先别恢复、别重装：关机等一分钟再开；还不行，请带电脑和最近的优盘找懂电脑的人。",
        ("再试一次", "退出"),
    ),
    "read-only": FaultText(
        "这份数据只能看：文件或文件夹不让写。",
        "能看、能打印、能导出到别处，数据没有动。",
        "要登记，请先去掉只读，或把数据放到能写的文件夹。",
        ("只读查看", "退出"),
    ),
    # Something else was given to the program to open, such as a roster drawn onto its icon: nothing is restored into that.
    "start.strange": FaultText(
        "「{name}」不是守望的数据。",
        "没有动过它。",
        "请打开平时那份；是花名册的话，打开以后在「台账」里点「导入」。",
        ("打开平时那份", "另选文件"),
    ),
    # What a start says of a disk, where nothing was to be saved yet.
    "start.full": FaultText(
        "硬盘满了，数据打不开。",
        "以前保存的都在。",
        "请腾出一些空间，再试一次；也可以先只读查看。",
        ("再试一次", "只读查看"),
    ),
    "start.io_write": FaultText(
        "硬盘写不进去，数据打不开。",
        "数据没有动。",
        "请先只读查看，再找懂电脑的人看硬盘。",
        ("只读查看",),
    ),
    "locked": FaultText(
        "数据文件被别的程序占用（可能是杀毒软件或网盘）。",
        "数据没有动。",
        "请等一会儿再试，或先退出那个程序。",
        ("再试一次", "不等了"),
    ),
    "other-path": FaultText(
        "这是另一份数据，不是平时用的那一份（平时的在 {usual}）。",
        "两份都没有动。",
        "登记前请先确认要用哪一份。",
        ("打开平时那份", "看这一份"),
    ),
    "screen.none": FaultText(
        "守望打不开窗口：这里没有连着屏幕。",
        "您的数据没有动。",
        "请坐到这台电脑前，从桌面打开守望；只有命令行的地方，请用 shouwang-cli。",
    ),
    "screen.part_missing": FaultText(
        "守望打不开窗口：用来显示窗口的部件（{name}）缺少或坏了。",
        "您的数据在另外的文件夹里，没有动。",
        "请重新安装守望。",
    ),
}
