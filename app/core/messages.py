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
        "有 {rows} 条记录里有乱码（{tables}），其余记录都能读。",
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
        "数据文件被别的程序占用（可能是杀毒软件或网盘），这一步没有存上。",
        "以前保存的都在。",
        "请等一会儿再存。",
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
    "storage.corrupt": FaultText(
        "数据文件有一部分读不出，这一步没有存上。",
        "原文件原样留着。",
        "请退出守望再打开，按提示从备份恢复。",
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
        "请先撤销后来的改动，或直接改回来。",
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
    "file.missing": FaultText("找不到「{name}」。", "", "请看它是不是被改名或移走了。"),
}

FAULTS: Mapping[str, FaultText] = {**_STATES, **_STORAGE, **_HISTORY, **_FILES}


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
