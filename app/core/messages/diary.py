"""Words of the diary: records, promises, events, attachments, workbooks of past records."""

from collections.abc import Mapping

from app.core.messages.fault_text import FaultText

DIARY: Mapping[str, FaultText] = {
    "diary.unknown": FaultText(
        "找不到这条记录，可能已在回收站里。", "没有保存。", "请回到日记再看一次；要用它，请先从回收站取回。"
    ),
    "diary.nobody": FaultText("没有选儿童。", "没有保存，写的内容都还在。", "请先选这条记录是谁的。"),
    "diary.twice": FaultText("同一名儿童选了两次。", "没有保存，写的内容都还在。", "请去掉一个。"),
    "diary.day": FaultText(
        "日期「{text}」不对。", "没有保存，写的内容都还在。", "请写成 2026-09-01 这样的一天。"
    ),
    "diary.before_birth": FaultText(
        "{day} 在{child}的出生日期（{born}）以前。",
        "没有保存，写的内容都还在。",
        "请核对日期；出生日期写错了，就先改档案。",
    ),
    "diary.blank": FaultText(
        "{who}的{what}里什么也没有写。", "没有保存。", "请写一句内容，或勾上四导、写上答应的事。"
    ),
    "diary.time": FaultText("时间「{text}」不对。", "没有保存，写的内容都还在。", "请写成 15:30 这样。"),
    "diary.times": FaultText(
        "结束时间（{ended}）早于开始时间（{started}）。", "没有保存，写的内容都还在。", "请核对时间。"
    ),
    "diary.minutes": FaultText(
        "分钟数「{text}」不对。", "没有保存，写的内容都还在。", "请写 0 到 1440 之间的数。"
    ),
    "diary.follow_up": FaultText(
        "跟进日期（{on}）早于这一次的日期（{day}）。", "没有保存，写的内容都还在。", "请核对日期。"
    ),
    "diary.follows_other": FaultText(
        "要跟进的那条记录不是这名儿童的，或已在回收站里。",
        "没有保存，写的内容都还在。",
        "请重新选要跟进的记录。",
    ),
    "diary.other_child": FaultText(
        "这条记录已经存在别的儿童名下。",
        "没有保存，写的内容都还在，已存的那条没有动。",
        "请另记一条，再到日记里删去记错的那条。",
    ),
    "diary.person": FaultText(
        "选的家长或监护人找不到，可能刚被合并或删去。", "没有保存，写的内容都还在。", "请重新选一次。"
    ),
    "diary.paper_child": FaultText(
        "单号 {form} 的纸单是{name}的，不是这条记录的儿童的。",
        "没有保存，写的内容都还在。",
        "请核对纸单上的单号。",
    ),
    "diary.paper_returned": FaultText(
        "单号 {form} 的纸单已经交回，另有一条记录。",
        "没有保存，写的内容都还在。",
        "请核对纸单；同一件事不要记两次。",
    ),
    "promise.unknown": FaultText(
        "找不到这件承诺，可能已在回收站里。", "没有保存。", "请回到这名儿童再看一次。"
    ),
    "promise.blank": FaultText("没有写答应了什么。", "没有保存。", "请写上，或不记这件承诺。"),
    "promise.not_open": FaultText(
        "这件承诺已经了结：{how}。", "没有保存。", "不用处理；要改，请先重新打开它。"
    ),
    "promise.other_child": FaultText(
        "这件承诺不是这名儿童的。", "没有保存，写的内容都还在。", "请重新选一次。"
    ),
    "promise.note": FaultText("没有写为什么不再办。", "没有保存。", "请写上原因。"),
    "promise.due_early": FaultText(
        "约定的日期（{on}）早于答应的日期（{day}）。", "没有保存，写的内容都还在。", "请核对日期。"
    ),
    "promise.kept_early": FaultText(
        "兑现的日期（{on}）早于答应的日期（{day}）。", "没有保存。", "请核对日期。"
    ),
    "event.unknown": FaultText("找不到这件事，可能已在回收站里。", "没有保存。", "请回到这名儿童再看一次。"),
    "event.no_rule": FaultText(
        "学校现在没有这一条必访规则。", "没有保存，写的内容都还在。", "请另选一条，或先在设置里加上。"
    ),
    "event.closed": FaultText(
        "这件事已有记录了结：{day} {kind}。", "没有保存。", "不用处理；要换，请先取消原来的关联。"
    ),
    "event.withdrawn": FaultText("这件事已于 {day} 撤回：{note}。", "没有保存。", "请重新选一次。"),
    "event.other_child": FaultText("这件事不是这名儿童的。", "没有保存，写的内容都还在。", "请重新选一次。"),
    "event.needs": FaultText(
        "「{name}」要用一次{kind}来了结，这条记录不是{kind}。",
        "没有保存，写的内容都还在。",
        "请记一次{kind}，或不关联这件事。",
    ),
    "event.note": FaultText("没有写为什么撤回。", "没有保存。", "请写上原因。"),
    "event.record_early": FaultText(
        "那条记录（{on}）早于这件事（{day}），不能了结它。",
        "没有保存，写的内容都还在。",
        "请核对日期，或另选记录。",
    ),
    "phrase.blank": FaultText("常用语不能空着。", "没有保存。", "请写上内容。"),
    "phrase.unknown": FaultText("找不到这条常用语。", "没有保存。", "请重新打开常用语再看一次。"),
    "picture.empty": FaultText(
        "「{name}」是空的，里面没有内容。", "没有放进来，其他内容没有动。", "请重新拷一份，或另选一张。"
    ),
    "picture.gone": FaultText(
        "找不到「{name}」。",
        "没有放进来，其他内容没有动。",
        "请看它是不是被移走、改名；相机或优盘请插好再选。",
    ),
    "picture.unreadable": FaultText(
        "「{name}」没有读完，相机或优盘可能被拔下，或没有权限。",
        "没有放进来，其他内容没有动。",
        "请插好再选一次，或先拷到这台电脑上。",
    ),
    "picture.not_a_picture": FaultText(
        "「{name}」不是照片，也不是 PDF，只是文件名像。", "没有放进来，其他内容没有动。", "请另选一张照片。"
    ),
    "picture.heic": FaultText(
        "「{name}」是手机的 HEIC 照片，这里读不了。",
        "没有放进来，其他内容没有动。",
        "请在手机上改存为 JPG（相机设置里选「兼容性最佳」）再拷过来。",
    ),
    "picture.broken": FaultText(
        "「{name}」不完整或已损坏，读不出来，可能没有拷完。",
        "没有放进来，其他内容没有动。",
        "请重新拷一份再选。",
    ),
    "picture.too_big": FaultText(
        "「{name}」太大，缩不到能放进来的大小（文件最大 {most} MB）。",
        "没有放进来，其他内容没有动。",
        "请用手机或看图软件改小再选。",
    ),
    "picture.pdf_too_big": FaultText(
        "「{name}」超过 {most} KB，PDF 不能再缩小。",
        "没有放进来，其他内容没有动。",
        "请把要紧的一页拍成照片或存成图片再选。",
    ),
    "attachment.unknown": FaultText(
        "找不到这个附件，可能已在回收站里。", "没有保存。", "请回到这条记录再看一次。"
    ),
    "attachment.taken": FaultText(
        "拍摄日期「{text}」不对。", "没有保存，写的内容都还在。", "请写成 2026-09-01 这样的一天。"
    ),
    "diary_import.no_header": FaultText(
        "「{name}」里没有找到记录表：前 15 行里要有一行写着姓名、日期和至少一个别的栏目名（如 内容、类别）。",
        "日记没有动。",
        "请看选对了文件没有；表头请写明栏目名，用 WPS 另存为 .xlsx 再导入。",
        ("换一个文件",),
    ),
    "diary_import.sealed": FaultText(
        "「{name}」里是心理辅导的记录，没有读：它的内容要加密保存。",
        "日记没有动。",
        "请由心理老师在「心理疏导」里记；谈心、家访的记录请放在另一张表里导入。",
        ("换一个文件",),
    ),
    "diary_import.no_rows": FaultText(
        "「{name}」里只有表头，没有记录。", "日记没有动。", "请确认选对了文件和表。", ("换一个文件",)
    ),
}
