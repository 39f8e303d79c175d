"""The one table of what the program says when something does not work.

Every text has the three parts of features.md §5: what happened, what is safe, what to do. One
cause, one word: 找不到, 是空的, 损坏, 读不出, 不是守望的数据, 被占用, 写保护 never stand for
each other. Tests assert keys; one reader can proof all the Chinese here.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from app.core.errors import EnvironmentFault, UserError


@dataclass(frozen=True, slots=True)
class FaultText:
    """The three parts, with ``{names}`` to be filled in, and the verbs on the buttons, the safe one first."""

    what: str
    safe: str = ""
    todo: str = ""
    buttons: tuple[str, ...] = ()


# The start-up states of a data file (decisions.md §3.5). {backups} is a whole sentence about the
# verified backups, or empty: with none, the text must not claim any.
_STATES: dict[str, FaultText] = {
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
        "请装新版守望再打开。",
        ("退出",),
    ),
    "older-schema": FaultText(
        "这份数据是旧版守望存的（数据格式 {found}，现在是 {known}），要换成新格式才能用。",
        "数据没有动；升级时先备份，换好、核对过才启用，旧数据留着。",
        "请在守望窗口里打开它并升级。",
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
        "记录都在，只是目录（索引）坏了。",
        "原文件没有动。{backups}",
        "请从备份恢复，或让守望在副本上重建目录。",
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
}

_STORAGE: dict[str, FaultText] = {
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
        ("再试一次",),
    ),
    "storage.locked": FaultText(
        "数据文件被别的程序占用（可能是杀毒软件或网盘），这一步没有做成。",
        "以前保存的都在。",
        "请等一会儿再试。",
        ("再试一次", "不等了"),
    ),
    "storage.in_use": FaultText(
        "守望已经打开了这份数据。",
        "数据没有动。",
        "请用已经打开的那个窗口，或先把它关掉再来。",
        ("退出",),
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
        "数据库没有按要求的安全方式打开，所以没有打开它。",
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
    "storage.upgrade_failed": FaultText(
        "没有升级成，仍用原来的数据。",
        "原来的数据没有动。",
        "请先用旧版守望，并把这件事告诉帮您装程序的人。",
        ("退出",),
    ),
}

_HISTORY: dict[str, FaultText] = {
    "undo.unknown": FaultText("找不到要撤销的这一步。", "数据没有动。"),
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
        "现在的记录挡住了原来的内容（{what}），不能撤销。",
        "数据没有动。",
        "请先处理现在的那条记录。",
    ),
    "undo.founding": FaultText(
        "新建学校这一步不能撤销。",
        "数据没有动。",
        "学校信息写错了，请在「设置」里改。",
    ),
    "undo.stays": FaultText(
        "这一步是导出、打印或拷贝的登记，登记过的不能撤销。",
        "数据没有动。",
    ),
}

_FILES: dict[str, FaultText] = {
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
    "file.missing": FaultText("找不到「{name}」。", "", "请看它是不是被改名或移走了。"),
}

_COPIES: dict[str, FaultText] = {
    # {place} is 优盘, 备份文件夹, 目标文件夹 or 电脑硬盘; sizes are words such as 3.1 MB.
    "copy.no_space": FaultText(
        "需要 {needed}，{place}只剩 {free}，放不下，没有拷成。",
        "原来的数据和以前的拷贝都没有动。",
        "请腾出 {missing}，或换一个地方再拷。",
        ("换一个地方",),
    ),
    "copy.became_full": FaultText(
        "{place}写满了，这次没有拷成。",
        "原来的数据和以前的拷贝都没有动，没有留下半个文件。",
        "请腾出空间，或换一个地方再拷。",
        ("换一个地方",),
    ),
    "copy.too_large": FaultText(
        "{place}是 FAT32 格式，放不下 4 GB 以上的文件（这份有 {needed}），没有拷成。",
        "原来的数据和以前的拷贝都没有动。",
        "请换一个 exFAT 或 NTFS 格式的优盘。",
        ("换一个地方",),
    ),
    "copy.readback_differs": FaultText(
        "读回的内容和写进去的不一样，这个{place}不可靠，请换一个。这次没有拷成。",
        "电脑上的数据没有动，没有留下这次的文件。",
        "换一个再拷，这一个不要再用来存数据。",
        ("换一个地方",),
    ),
    "copy.not_writable": FaultText(
        "{place}不让写，这次没有拷成。",
        "原来的数据和以前的拷贝都没有动。",
        "请换一个能写的文件夹。",
        ("换一个地方",),
    ),
    "copy.no_folder": FaultText(
        "找不到{place}，这次没有拷成。",
        "原来的数据和以前的拷贝都没有动。",
        "请看它是不是被改名或移走了，或另选一个。",
        ("换一个地方",),
    ),
    "copy.io_error": FaultText(
        "{place}读写出错，这次没有拷成。",
        "以前的拷贝没有动，没有留下半个文件。",
        "请换一个盘再拷；电脑硬盘出错，请找懂电脑的人看硬盘。",
        ("换一个地方",),
    ),
    "copy.changed_meanwhile": FaultText(
        "拷贝的时候数据变了，这次没有拷成。",
        "数据和以前的拷贝都没有动。",
        "请再拷一次。",
        ("再拷一次",),
    ),
    "copy.source_missing": FaultText(
        "找不到要拷的数据文件。", "没有拷，以前的拷贝没有动。", "请看它是不是被改名或移走了。"
    ),
    "copy.source_empty": FaultText(
        "要拷的数据文件是空的（0 字节），没有拷。", "以前的拷贝没有动。", "请从最近的备份恢复。"
    ),
    "copy.source_not_ours": FaultText(
        "要拷的文件不是守望的数据，没有拷。", "没有动过它，以前的拷贝也没有动。", "请另选文件。"
    ),
    "copy.source_newer": FaultText(
        "要拷的数据是新版守望存的，没有拷。", "没有动过它。", "请装新版守望再拷。"
    ),
    "copy.source_corrupt": FaultText(
        "数据文件损坏，有一部分读不出，所以没有拷：坏的数据不能盖过好的备份。",
        "原文件和以前的备份都没有动。",
        "请退出守望再打开，按提示从备份恢复。",
    ),
    "copy.source_unreadable": FaultText(
        "硬盘读不出数据，不是数据坏了，这次没有拷成。",
        "原文件和以前的拷贝都没有动。",
        "请关机等一分钟再开；还不行，请找懂电脑的人看硬盘。",
    ),
    "copy.source_locked": FaultText(
        "要拷的数据文件被别的程序占用（可能是杀毒软件或网盘），没有拷。",
        "数据和以前的拷贝都没有动。",
        "请等一会儿再拷，或先退出那个程序。",
        ("再拷一次",),
    ),
    "copy.restricted_left": FaultText(
        "报镇的拷贝里还留着不该带走的内容，这次没有拷成。",
        "数据没有动，没有留下这次的文件。",
        "请把这件事告诉帮您装程序的人。",
    ),
    "copy.reason_needed": FaultText(
        "不加密的拷贝要写明原因，没有拷。",
        "数据没有动。",
        "请写一句原因，或设一个口令拷成加密的一份。",
    ),
    "copy.passphrase_needed": FaultText(
        "拷到优盘的一份要设口令，没有拷。",
        "数据没有动。",
        "请输入两遍同样的口令；口令用电话告诉对方，不要写在优盘上。",
    ),
    "stick.no_folder": FaultText(
        "找不到优盘或文件夹「{name}」，没有拷。",
        "电脑上的数据没有动。",
        "请看优盘插好没有、文件夹名写对没有，再拷。",
        ("再拷一次", "换一个优盘"),
    ),
    "stick.gone": FaultText(
        "优盘被拔出或坏了，这次没有拷成。",
        "电脑上的数据没有动，以前拷好的还在。",
        "请重新插上，或换一个优盘再拷。",
        ("再拷一次", "换一个优盘"),
    ),
    "stick.write_protected": FaultText(
        "优盘写保护，这次没有拷成。",
        "电脑上的数据没有动，以前拷好的还在。",
        "请看优盘侧面的小开关，拨到能写的一边再拷；没有开关就换一个优盘。",
        ("再拷一次", "换一个优盘"),
    ),
    "container.wrong_passphrase": FaultText(
        "口令不对，打不开这份加密的拷贝。",
        "文件没有动。",
        "请再输一遍，注意大小写和全角半角；口令忘了就没有办法打开。",
        ("再输一遍",),
    ),
    "container.passphrase_needed": FaultText(
        "这是加密的拷贝，要输入口令才能打开。", "文件没有动。", "请输入拷贝时设的口令。", ("输入口令",)
    ),
    "container.damaged": FaultText(
        "这份加密的拷贝损坏，有一部分读不出。", "文件没有动。", "请重新拷一份，或用另一份。"
    ),
    "container.not_ours": FaultText("这个压缩包不是守望拷出来的。", "没有动过它。", "请另选文件。"),
    "verify.ok": FaultText("核对过，是好的：{content}。"),
    "verify.no_manifest": FaultText("旁边没有校验单，所以只核对了文件本身，拷好以后改没改过看不出来。"),
    "verify.missing": FaultText(
        "找不到这个文件（{name}）。", "", "请看它是不是被改名或移走了，优盘有没有插好。"
    ),
    "verify.empty": FaultText("这份拷贝是空的（0 字节）。", "文件没有动。", "请用另一份，或重新拷一份。"),
    "verify.not-ours": FaultText("这不是守望的数据。", "没有动过它。", "请另选文件。"),
    "verify.newer-schema": FaultText("这份拷贝是新版守望存的。", "文件没有动。", "请装新版守望再打开。"),
    "verify.older-schema": FaultText("核对过，是好的；它是旧版守望存的，打开时会先升级：{content}。"),
    "verify.corrupt": FaultText(
        "这份拷贝损坏，有一部分读不出。", "文件没有动。", "请用另一份，或重新拷一份。"
    ),
    "verify.differs": FaultText(
        "这份拷贝与校验单不符：拷好以后内容变了，或没有拷全。", "文件没有动。", "请用另一份，或重新拷一份。"
    ),
    "verify.io-error": FaultText(
        "这份拷贝读不出来，可能是优盘坏了或没有插好。", "文件没有动。", "请拔下重插再试，或用另一份。"
    ),
    "restore.not_sound": FaultText(
        "选的这份备份不能用：{why}", "现在的数据没有动。", "请另选一份备份。", ("另选一份",)
    ),
    "restore.same_file": FaultText(
        "选的就是正在用的这份数据，不用恢复。", "数据没有动。", "请选一份备份。", ("另选一份",)
    ),
    "restore.unfinished": FaultText(
        "上次恢复没有做完，要先做完或换回原来的。",
        "原来的数据和备份都在。",
        "请选继续恢复，或换回原来的。",
        ("继续恢复", "换回原来的"),
    ),
    "restore.nothing_to_resume": FaultText("没有做到一半的恢复。", "数据没有动。"),
    "restore.backup_gone": FaultText(
        "恢复做到一半，但选的那份备份现在找不到了。",
        "原来的数据还在。",
        "请插上放备份的盘再继续，或换回原来的。",
        ("换回原来的", "继续恢复"),
    ),
    "restore.not_swapped": FaultText(
        "没有恢复成，仍是原来的数据。",
        "备份没有动。",
        "请再试一次；还不行，请关掉别的程序再试。",
        ("再试一次",),
    ),
    # Where the data may live (reliability.md §1); {cloud} is the name of a cloud drive.
    "place.network": FaultText(
        "数据不能放在网络位置上：断一下网就可能损坏。", "什么都没有动。", "请放在这台电脑自己的硬盘上。"
    ),
    "place.removable": FaultText(
        "这里是优盘：优盘会丢、会坏。", "什么都没有动。", "数据请放在电脑硬盘上，再用「拷到优盘」带走。"
    ),
    "place.cloud": FaultText(
        "这是{cloud}的文件夹：网盘会在背后换文件，也会把孩子的资料传到网上。",
        "什么都没有动。",
        "请放在网盘以外的文件夹。",
    ),
    "place.not_writable": FaultText(
        "「{folder}」这个文件夹不让写。", "什么都没有动。", "请另选一个文件夹。", ("另选文件夹",)
    ),
    "place.rewinds": FaultText(
        "这台电脑每次开机数据都变回旧的，可能装了还原卡（还原精灵）。",
        "备份文件夹里还有较新的一份。",
        "请把数据放到不还原的盘，或请管电脑的人放开这个盘。",
    ),
}

# Rosters that cannot be read (domain.md §10.1, reliability.md §2); {name} is the file's own name.
_IMPORT: dict[str, FaultText] = {
    "import.empty": FaultText(
        "「{name}」是空的，里面没有内容。",
        "台账没有动。",
        "请确认选对了文件，或请发表的人重新发一份。",
        ("换一个文件",),
    ),
    "import.half": FaultText(
        "「{name}」不完整或已损坏，读不出来，可能没有拷完、没有下载完。",
        "台账没有动。",
        "请重新拷一份；打得开的话，请用 WPS 另存为 .xlsx 再导入。",
        ("换一个文件",),
    ),
    "import.html": FaultText(
        "「{name}」是网页存成的表格，不是真正的 Excel 文件。",
        "台账没有动。",
        "请用 WPS 打开它，另存为 .xlsx 再导入。",
        ("换一个文件",),
    ),
    "import.xml": FaultText(
        "「{name}」是 XML 文本存成的表格，不是真正的 Excel 文件。",
        "台账没有动。",
        "请用 WPS 打开它，另存为 .xlsx 再导入。",
        ("换一个文件",),
    ),
    "import.text": FaultText(
        "「{name}」里是文字（{encoding}），只是改了文件名，不是真正的 Excel 文件。",
        "台账没有动。",
        "请用 WPS 打开它，另存为 .xlsx 再导入。",
        ("换一个文件",),
    ),
    "import.encrypted": FaultText(
        "「{name}」设了打开密码，读不出来。",
        "台账没有动。",
        "请用 WPS 输入密码打开，取消密码后另存为 .xlsx 再导入。",
        ("换一个文件",),
    ),
    "import.not_a_workbook": FaultText(
        "「{name}」是{what}，不是表格文件。",
        "台账没有动。",
        "请选花名册的表格文件；如果它是 WPS 表格，请用 WPS 另存为 .xlsx 再导入。",
        ("换一个文件",),
    ),
    "import.other_format": FaultText(
        "「{name}」是{what}，守望读不了这种表格。",
        "台账没有动。",
        "请用 WPS 打开它，另存为 .xlsx 再导入。",
        ("换一个文件",),
    ),
    "import.too_big": FaultText(
        "「{name}」异常大（{why}），已停止读取。",
        "台账没有动。",
        "请在 WPS 里只留下花名册的内容，另存为 .xlsx 再导入。",
        ("换一个文件",),
    ),
    "import.suspect": FaultText(
        "「{name}」里夹带了表格不该有的内容，已停止读取。",
        "台账没有动。",
        "请用 WPS 打开它，另存为 .xlsx 再导入。",
        ("换一个文件",),
    ),
    "import.unreadable": FaultText(
        "「{name}」读不出来：可能正被别的程序占用，或没有权限。",
        "台账没有动。",
        "请先在 WPS 里关掉它，再导入。",
        ("再试一次", "换一个文件"),
    ),
    "import.no_header": FaultText(
        "「{name}」里没有找到表头：前 15 行里没有一行有三个以上认得的栏目名（如 姓名、性别、身份证号）。",
        "台账没有动。",
        "请看选对了文件和表没有；表头请写明栏目名，用 WPS 另存为 .xlsx 再导入。",
        ("换一个文件",),
    ),
    "import.no_rows": FaultText(
        "「{name}」里只有表头，没有儿童。", "台账没有动。", "请确认选对了文件和表。", ("换一个文件",)
    ),
    "import.no_such_sheet": FaultText(
        "「{name}」里没有叫「{sheet}」的表。", "台账没有动。", "它有这些表：{sheets}。", ("另选一张表",)
    ),
    "import.no_name_column": FaultText(
        "「{sheet}」里没有认出姓名一栏。", "台账没有动。", "请在认列一步指明哪一栏是姓名。", ("去认列",)
    ),
    "import.masked_ledger": FaultText(
        "「{name}」是守望导出的脱敏台账，号码不全，不能读回来。",
        "台账没有动。",
        "请用「完整」方式导出一份再导入。",
        ("换一个文件",),
    ),
    "import.changed_since": FaultText(
        "核对以后台账又有改动，这次没有写入。", "台账没有动。", "请重新核对一遍再写入。", ("重新核对",)
    ),
    "import.parked_gone": FaultText("这一行已经处理过了。", "台账没有动。", "不用处理。"),
    "import.parked_needs": FaultText(
        "还缺{what}，这一行没有写入。", "这一行仍在待处理清单里。", "请补上再写入，或先放着。"
    ),
}

# What leaves the program (decisions.md §4.4).
_EXPORT: dict[str, FaultText] = {
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

FAULTS: Mapping[str, FaultText] = {
    **_STATES,
    **_STORAGE,
    **_HISTORY,
    **_FILES,
    **_COPIES,
    **_IMPORT,
    **_EXPORT,
}


def fault(key: str, *, code: str | None = None, **values: object) -> EnvironmentFault:
    """Return the fault of the machine named ``key``, its text filled in with ``values``."""
    text = FAULTS[key]
    return EnvironmentFault(key, *_filled(text, values), code=code, buttons=text.buttons)


def refuse(key: str, **values: object) -> UserError:
    """Return the refusal named ``key``, its text filled in with ``values``."""
    text = FAULTS[key]
    return UserError(key, *_filled(text, values), buttons=text.buttons)


def _filled(text: FaultText, values: Mapping[str, object]) -> tuple[str, str, str]:
    return text.what.format_map(values), text.safe.format_map(values), text.todo.format_map(values)
