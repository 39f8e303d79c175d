"""What is said when a step could not be saved or the open ledger could not be read."""

from collections.abc import Mapping

from app.core.messages.fault_text import FaultText

STORAGE: Mapping[str, FaultText] = {
    "storage.full": FaultText(
        "硬盘满了，这一步没有存上。",
        "以前保存的都在。",
        "请先腾出一些空间再存，或把数据拷到别的盘。",
        ("再试一次", "拷到别的盘"),
    ),
    "storage.io_write": FaultText(
        "硬盘读写出错，这一步没有存上。",
        "以前保存的都在。",
        "请先停止登记，把数据拷到别的盘，再找懂电脑的人看硬盘。",
        ("拷到别的盘",),
    ),
    "storage.io_read": FaultText(
        "硬盘读不出数据，不是数据坏了。",
        "数据没有动。",
        "请关机等一分钟再开；还不行，请找懂电脑的人看硬盘。",
        ("再试一次", "拷到别的盘"),
    ),
    "storage.locked": FaultText(
        "数据文件被别的程序占用（可能是杀毒软件或网盘），这一步没有做成。",
        "以前保存的都在。",
        "请等一会儿再试。",
        ("再试一次",),
    ),
    "storage.in_use": FaultText(
        "守望已经打开了这份数据。",
        "数据没有动。",
        "请用已经打开的那个窗口，或先把它关掉再来。",
        ("退出", "再试一次"),
    ),
    "storage.read_only": FaultText(
        "这份数据只能看，不能改，这一步没有存上。",
        "数据没有动。",
        "要登记，请打开平时用的那份数据。",
    ),
    "storage.no_workroom": FaultText(
        "守望在这台电脑上做不了自己的工作文件夹，这一步没有做。",
        "数据没有动。",
        "请看系统盘是不是满了、您的用户文件夹让不让写，再试一次。",
        ("再试一次",),
    ),
    "storage.not_copied_out": FaultText(
        "没法在这台电脑上做检查用的副本，所以没有检查。",
        "数据没有动。",
        "请看系统盘是不是满了，腾出空间再试。",
        ("再试一次",),
    ),
    "storage.corrupt": FaultText(
        "数据文件有一部分读不出，这一步没有做成。",
        "原文件原样留着。",
        "请退出守望再打开，按提示从备份恢复。",
        ("退出",),
    ),
    "storage.io_unsure": FaultText(
        "保存时硬盘出错；重新打开后，这一步在数据里，但硬盘没有确认写牢。",
        "以前保存的都在。",
        "不用再存一遍。请先停止登记，把数据拷到别的盘，再找懂电脑的人看硬盘。",
        ("拷到别的盘",),
    ),
    "storage.pragma": FaultText(
        "守望没能按保险的方式打开数据，所以没有打开。",
        "数据没有动。",
        "请重新安装守望。",
        ("退出",),
    ),
    "storage.cannot_open": FaultText(
        "数据文件打不开。",
        "数据没有动。",
        "请看文件是不是还在、文件夹让不让读，再试一次。",
        ("再试一次",),
    ),
    "storage.changed_elsewhere": FaultText(
        "守望打开数据期间，文件被别的程序换掉或改动了，这一步没有存上。",
        "没有覆盖它。",
        "请退出守望再打开。",
        ("退出",),
    ),
    "storage.network_path": FaultText(
        "数据不能放在网络位置上（{folder}）：断一下网就可能损坏。",
        "什么都没有动。",
        "请放在这台电脑自己的硬盘上，再用「拷到优盘」带走。",
        ("另选文件夹",),
    ),
    "storage.exists": FaultText(
        "这里已经有一个同名文件（{name}）。",
        "没有动过它。",
        "请换一个名字或文件夹。",
        ("另选文件夹",),
    ),
    "storage.name_too_long": FaultText(
        "文件名或文件夹的名字太长，放不下这份数据（{name}）。",
        "什么都没有动。",
        "请换一个短一点的文件名，或放到浅一些的文件夹里。",
        ("另选文件夹",),
    ),
    "storage.overlap": FaultText(
        "同一件事在这段时间已经有一条记录，起止日期重叠了，没有存上。",
        "已有的记录没有动。",
        "请核对起止日期。",
    ),
    "service.code": FaultText("「{text}」不是这里认得的一项。", "没有保存。", "请从列出来的里面选一项。"),
    "service.gone": FaultText("要改的这一条已经不在了。", "数据没有动。", "请回到这一页再看一次。"),
    "service.rule": FaultText(
        "{where}存不进数据：不是认得的一项，或超出了范围。",
        "没有保存，原来的都在。",
        "请核对刚填的内容；填得都对还是这样，请把支持文件发给帮忙的人。",
    ),
    # A proved copy stays as it was proved: it is the way back to the version that made it.
    "storage.older_copy": FaultText(
        "这是旧版守望存的一份拷贝（{name}）：它是退回旧版的路，不换成新格式。",
        "没有动过它。",
        "只想看里面的，打开它就行（只读）；要接着用它，请回到平时那份，在「备份」里恢复：现在的数据会先留好。",
        ("退出", "打开平时那份"),
    ),
    "storage.upgrade_failed": FaultText(
        "没有升级成，仍用原来的数据。",
        "原来的数据没有动。",
        "请先用旧版守望，并把这件事告诉帮您装程序的人。",
        ("退出",),
    ),
    # Yellow bars: nothing has failed yet. {place} is 数据 or 备份, sizes and spans are words.
    "disk.nearly_full": FaultText(
        "放{place}的硬盘快满了，只剩 {free}。",
        "已经存上的都在。",
        "请腾出一些空间，不然会存不上，备份也做不成。",
    ),
    "home.closed": FaultText(
        "这台电脑不让守望在「{folder}」里存东西：备份做不成，设置和运行记录也留不下。",
        "登记的内容照常存在数据文件夹里。",
        "请看系统盘是不是满了、您的用户文件夹让不让写；弄不清就找帮您装程序的人。",
    ),
    "clock.early": FaultText(
        "电脑时间可能不对：现在是 {now}，比上次用（{last}）早 {span}。",
        "数据没有动；时间改好以前，旧备份一份也不清理。",
        "请看看电脑的时间，不对就改好；照样可以登记，日期请看清再填。",
    ),
    "clock.before_program": FaultText(
        "电脑时间可能不对：现在是 {now}，这个程序是 {made} 以后才有的。",
        "数据没有动。",
        "请先把电脑的日期和时间改好；照样可以登记，日期请看清再填。",
    ),
    "clock.late": FaultText(
        "电脑时间可能不对：现在是 {now}，比上次用（{last}）晚 {span}。",
        "数据没有动；这次旧备份一份也不清理。",
        "请看看电脑的时间，不对就改好；照样可以登记，日期请看清再填。",
    ),
    "backup.not_made": FaultText(
        "备份没做成：{why}",
        "数据都在，以前的备份一份也没动。",
        "可以接着用，过几分钟会自己再试；一直不成，请到「备份」换个地方放。",
    ),
    "backup.missed": FaultText(
        "{when} 的备份不在 {folder} 里了：可能有还原卡（还原精灵）每次开机清空这个盘，也可能有人清理过。",
        "台账没有动。",
        "请到「备份」点「换个地方放备份…」，选一个不还原的盘或移动硬盘。",
    ),
    "backup.source_broken": FaultText(
        "备份没做成：{why}",
        "以前的备份一份也没动，不会被坏的数据换掉。",
        "请退出守望再打开，按提示从备份恢复。",
    ),
    "rows.garbled": FaultText(
        "有 {rows} 条记录里有乱码（显示成 �）。",
        "其余的记录都好，数据没有动。",
        "请对照纸质档案核对，改好保存。",
    ),
}
