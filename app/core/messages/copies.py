"""What is said of backups, restoring and copies on a stick."""

from collections.abc import Mapping

from app.core.messages.fault_text import FaultText

COPIES: Mapping[str, FaultText] = {
    # Said of backups as of copies on a stick, so 存, not 拷.
    # {place} is 优盘, 备份文件夹, 目标文件夹 or 电脑硬盘; sizes are words such as 3.1 MB.
    "copy.no_space": FaultText(
        "需要 {needed}，{place}只剩 {free}，放不下，这次没有存成。",
        "原来的数据和以前存的都没有动。",
        "请腾出 {missing}，或换一个地方再存。",
        ("换一个地方",),
        brief="空间不足，还差 {missing}。",
    ),
    "copy.became_full": FaultText(
        "{place}写满了，这次没有存成。",
        "原来的数据和以前存的都没有动，没有留下半个文件。",
        "请腾出空间，或换一个地方再存。",
        ("换一个地方",),
        brief="空间不足，写到一半满了。",
    ),
    "copy.too_large": FaultText(
        "{place}是 FAT32 格式，放不下 4 GB 以上的文件（这份有 {needed}），没有拷成。",
        "原来的数据和以前的拷贝都没有动。",
        "请换一个 exFAT 或 NTFS 格式的优盘。",
        ("换一个地方",),
    ),
    "copy.readback_differs": FaultText(
        "读回的内容和写进去的不一样，这个{place}不可靠，请换一个。这次没有存成。",
        "电脑上的数据没有动，没有留下这次的文件。",
        "换一个再存，这一个不要再用来存数据。",
        ("换一个地方",),
    ),
    "copy.not_writable": FaultText(
        "{place}不让写，这次没有存成。",
        "原来的数据和以前存的都没有动。",
        "请换一个能写的文件夹。",
        ("换一个地方",),
    ),
    "copy.no_folder": FaultText(
        "找不到{place}，这次没有存成。",
        "原来的数据和以前存的都没有动。",
        "请看它是不是被改名或移走了，或另选一个。",
        ("换一个地方",),
    ),
    "copy.io_error": FaultText(
        "{place}读写出错，这次没有存成。",
        "以前存的没有动，没有留下半个文件。",
        "请换一个盘再存；电脑硬盘出错，请找懂电脑的人看硬盘。",
        ("换一个地方",),
    ),
    "copy.changed_meanwhile": FaultText(
        "正在存的时候数据变了，这次没有存成。",
        "数据和以前存的都没有动。",
        "请再试一次。",
        ("再试一次",),
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
    "verify.folder": FaultText(
        "选的是一个文件夹，不是一份拷贝。", "没有动过它。", "请选文件夹里的那份文件（.db 或 .7z）。"
    ),
    "verify.empty": FaultText("这份拷贝是空的（0 字节）。", "文件没有动。", "请用另一份，或重新拷一份。"),
    "verify.not-ours": FaultText("这不是守望的数据。", "没有动过它。", "请另选文件。"),
    "verify.newer-schema": FaultText("这份拷贝是新版守望存的。", "文件没有动。", "请装新版守望再打开。"),
    "verify.older-schema": FaultText("核对过，是好的；它是旧版守望存的，恢复以后会先升级：{content}。"),
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
    "restore.nothing_to_resume": FaultText("没有做到一半的恢复。", "数据没有动。", "不用处理。"),
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
    "place.program": FaultText(
        "这里是守望程序自己的文件夹：程序更新、卸载或被删时，数据会跟着没有。",
        "什么都没有动。",
        "请选程序以外的文件夹，如 D 盘下面。",
        ("另选文件夹",),
    ),
    "place.removable": FaultText(
        "这里是优盘或移动硬盘：会丢、会坏、会没有插上。",
        "什么都没有动。",
        "数据请放在电脑自己的硬盘上，再用「拷到优盘」带走。",
    ),
    "place.cloud": FaultText(
        "这是{cloud}的文件夹：网盘会在背后换文件，也会把孩子的资料传到网上。",
        "什么都没有动。",
        "请放在网盘以外的文件夹。",
    ),
    "place.too_long": FaultText(
        "这个文件夹的路径有 {length} 个字，太长了：备份和日志的名字再接上去，可能打不开。",
        "什么都没有动。",
        "请放在浅一点的文件夹，如 D 盘下面。",
    ),
    # The same said of a ledger that is open: where it lies, why that is no good place, how it gets away from there.
    "place.lies_there": FaultText(
        "数据现在放在「{folder}」。{why}",
        "已经存上的都在。",
        "{todo}挪的时候：关上守望，把这个文件夹整个挪过去，再打开守望，点「找回数据文件」，选挪过去的「守望.db」。",
    ),
    "place.not_writable": FaultText(
        "「{folder}」这个文件夹不让写。", "什么都没有动。", "请另选一个文件夹。", ("另选文件夹",)
    ),
    # The second place of the backups, and what must be backed up before.
    "second.same_place": FaultText(
        "这里已经放着数据或备份，不能再当第二处。",
        "什么都没有动。",
        "请选另一个硬盘或移动硬盘上的文件夹。",
        ("另选文件夹",),
    ),
    "second.network": FaultText(
        "第二处备份不能放在网络位置上：孩子的资料不出这台电脑。",
        "什么都没有动。",
        "请选另一个硬盘或移动硬盘上的文件夹。",
        ("另选文件夹",),
    ),
    "second.cloud": FaultText(
        "第二处备份不能放在网盘文件夹里：网盘会把孩子的资料传到网上。",
        "什么都没有动。",
        "请选另一个硬盘或移动硬盘上的文件夹。",
        ("另选文件夹",),
    ),
    "second.program": FaultText(
        "第二处备份不能放在守望程序自己的文件夹里：程序更新、卸载或被删时，备份会跟着没有。",
        "什么都没有动。",
        "请选程序以外的文件夹，最好在另一个硬盘或移动硬盘上。",
        ("另选文件夹",),
    ),
    # {act} is what she wanted to do, {why} why there is no backup.
    "backup.not_made_before": FaultText(
        "「{act}」以前要先备份，备份没有做成：{why}",
        "数据没有动，以前的备份都在。",
        "请先让备份能做成再来；也可以不备份，照做，做完仍可撤销。",
        ("再备份一次", "不备份，照做"),
    ),
    "drill.no_backup": FaultText(
        "没有核对过的备份可以演习。",
        "数据没有动。",
        "请先点「现在备份」，再演习；指定了一份的，请看它的校验单在不在旁边。",
    ),
    "place.rewinds": FaultText(
        "这台电脑每次开机数据都变回旧的，可能装了还原卡（还原精灵）。",
        "备份文件夹没有变回去，登记过的都在那里。",
        "请把数据放到不还原的盘，或请管电脑的人放开这个盘。",
    ),
    "place.forgotten": FaultText(
        "这台电脑每次开机都忘了数据放在哪里，可能有还原卡（还原精灵）清空系统盘。",
        "数据在 {folder}，没有变，已经打开。",
        "没存上的字在系统盘上留不住，请写完就存；要根治，请管电脑的人放开这个盘。",
    ),
}
