"""What may be typed after ``python -m app``."""

import sys
from pathlib import Path
from typing import Any

from app.cli.chinese import ChineseParser, count, day

PROGRAM = "shouwang-cli" if hasattr(sys, "frozen") else "python -m app"


def build_parser() -> ChineseParser:
    """Return the parser of all commands."""
    parser = ChineseParser(prog=PROGRAM, description="守望：农村学校留守儿童台账。数据只在这台电脑上。")
    parser.add_argument(
        "--today", type=day, metavar="日期", help="把今天当作这一天（2026-09-01），写在命令前面"
    )
    commands = parser.add_subparsers(
        dest="command", metavar="COMMAND", required=True, title="命令", parser_class=ChineseParser
    )
    _school(commands)
    _ledger(commands)
    _registers(commands)
    _care(commands)
    _copies(commands)
    _purge(commands)
    support = _command(
        commands,
        "support",
        "支持文件：版本、数据的状态、运行记录，没有姓名和号码，可以交给帮忙的人",
        database="数据文件",
    )
    support.add_argument("out", type=Path, metavar="OUT.zip", help="写到哪个文件")
    _command(commands, "version", "程序、数据格式和数据库的版本")
    return parser


def _school(commands: Any) -> None:
    init = _command(commands, "init", "新建一份台账", database="要新建的数据文件")
    init.add_argument("--school", required=True, metavar="校名", help="学校名称")
    init.add_argument(
        "--kind",
        choices=("primary", "junior", "nine-year"),
        default="primary",
        help="primary 小学（不写就是小学），junior 初中，nine-year 九年一贯制",
    )
    demo = _command(commands, "demo", "生成一所演示学校，人和号码都是编的", database="要新建的数据文件")
    demo.add_argument("--children", type=count, default=118, metavar="N", help="在册儿童数（不写是 118）")
    demo.add_argument("--years", type=count, default=1, metavar="Y", help="往前几年的历史（不写是 1）")
    demo.add_argument("--seed", type=count, default=1, metavar="S", help="种子：同一个数生成同一所学校")
    roster = _command(
        commands, "import-roster", "导入一份花名册（.xlsx .xls .csv），整次可撤销", database="数据文件"
    )
    roster.add_argument("file", type=Path, metavar="FILE", help="花名册文件")
    roster.add_argument("--sheet", metavar="S", help="只读这一张工作表")
    roster.add_argument("--data-date", type=day, metavar="日期", help="名册说的是哪一天（不写是今天）")
    roster.add_argument("--dry-run", action="store_true", help="只预演，不写入")
    roster.add_argument(
        "--without-backup", action="store_true", help="导入前的备份做不成时也照样导入（仍可撤销）"
    )
    roster.add_argument("--rejects", type=Path, metavar="OUT.xlsx", help="把待处理的行导出到这里")
    for name, what in (
        ("import-diary", "以前的谈心、家访等记录表"),
        ("import-calls", "亲情电话的通话记录表"),
    ):
        records = _command(commands, name, f"导入{what}（.xlsx .xls .csv），整次可撤销", database="数据文件")
        records.add_argument("file", type=Path, metavar="FILE", help="记录表文件")
        records.add_argument("--sheet", metavar="S", help="只读这一张工作表")
        records.add_argument("--dry-run", action="store_true", help="只预演，不写入")
        records.add_argument(
            "--without-backup", action="store_true", help="导入前的备份做不成时也照样导入（仍可撤销）"
        )
        records.add_argument("--rejects", type=Path, metavar="OUT.xlsx", help="把待处理的行导出到这里")


def _ledger(commands: Any) -> None:
    children = _command(commands, "children", "列出在册儿童", database="数据文件")
    children.add_argument("--find", metavar="文字", help="按姓名、拼音、证件或电话尾号、村组找，不在册的也找")
    _as_of(children)
    export = _command(commands, "export-ledger", "导出 Excel 台账", database="数据文件")
    export.add_argument("out", type=Path, metavar="OUT.xlsx", help="写到哪个文件")
    _as_of(export)
    export.add_argument(
        "--profile",
        choices=("masked", "full"),
        default="masked",
        help="masked 脱敏（不写就是脱敏），full 完整",
    )
    export.add_argument("--reason", metavar="原因", help="导出完整号码的原因，会登记")
    archive = _command(commands, "archive", "生成一人一档 PDF", database="数据文件")
    archive.add_argument("out", type=Path, metavar="OUT.pdf", help="写到哪个文件")
    whom = archive.add_mutually_exclusive_group()
    whom.add_argument("--child", metavar="UUID", help="一名儿童")
    whom.add_argument("--class", dest="class_name", metavar="班级", help="一个班：三（2）班 或 2024级2班")
    whom.add_argument("--all", action="store_true", help="全校在册儿童（不写就是全校）")
    archive.add_argument("--reason", metavar="原因", help="给谁、做什么用：档案里是完整号码，会登记")
    _as_of(archive)
    collection = _command(
        commands, "export-collection", "摸底核实：每个班一份预先填好的核实表", database="数据文件"
    )
    collection.add_argument("folder", type=Path, metavar="FOLDER", help="写到哪个文件夹")
    collection.add_argument(
        "--class", dest="class_name", metavar="班级", help="一个班：三（2）班 或 2024级2班（不写是每个班）"
    )


def _registers(commands: Any) -> None:
    for name, what in (
        ("export-registers", "一段日期的全部登记册：谈心家访等记录、控辍台账、记录表"),
        ("export-calls", "一段日期的亲情电话：登记册、通话安排、使用记录表"),
    ):
        registers = _command(commands, name, what, database="数据文件")
        registers.add_argument("folder", type=Path, metavar="FOLDER", help="写到哪个文件夹")
        registers.add_argument("--from", dest="since", type=day, required=True, metavar="日期", help="从哪天")
        registers.add_argument(
            "--to", dest="until", type=day, metavar="日期", help="到哪天，那天也算（不写是今天）"
        )
        registers.add_argument(
            "--profile",
            choices=("masked", "full"),
            default="masked",
            help="masked 脱敏（不写就是脱敏），full 完整",
        )
        registers.add_argument("--reason", metavar="原因", help="导出完整号码的原因，会登记")
        if name == "export-registers":
            _narrowed(registers)


def _care(commands: Any) -> None:
    stats = _command(commands, "stats", "某一天的统计，每个口径并列", database="数据文件")
    _as_of(stats)
    pairings = _command(commands, "pairings", "谁带谁，谁没有结对；出结对建议", database="数据文件")
    pairings.add_argument("--suggest", action="store_true", help="给没有结对的儿童出建议并写入，整次可撤销")
    pairings.add_argument("--per-teacher", type=count, metavar="N", help="每人最多带几名（不写按学校的规则）")
    pairings.add_argument("--dry-run", action="store_true", help="只出建议，不写入")
    pairings.add_argument(
        "--kind",
        choices=("mentor", "support-teacher", "proxy-parent"),
        default="support-teacher",
        help="mentor 导师，support-teacher 帮扶教师（不写就是帮扶教师），proxy-parent 代理家长",
    )
    pairings.add_argument("--reason", metavar="原因", help="帮扶人还没有从业查询也要结对的原因，会留在记录里")
    plan = _command(commands, "plan-calls", "排亲情电话：谁哪天几点打，谁排不下、为什么", database="数据文件")
    plan.add_argument("--from", dest="since", type=day, required=True, metavar="日期", help="从哪天")
    plan.add_argument("--to", dest="until", type=day, required=True, metavar="日期", help="到哪天，那天也算")
    plan.add_argument("--write", action="store_true", help="写入，整次可撤销（不写就只看）")
    todo = _command(commands, "todo", "某一天什么到期、为谁、按哪条规则", database="数据文件")
    _as_of(todo)


def _narrowed(registers: ChineseParser) -> None:
    registers.add_argument("--pdf", action="store_true", help="每本登记册另出一份 PDF，横版，可直接打印")
    registers.add_argument(
        "--class", dest="class_name", metavar="班级", help="只要一个班：三（2）班 或 2024级2班"
    )
    registers.add_argument(
        "--supporter", metavar="姓名", help="只要一名教师或帮扶人所带的（会议不属于一个人，不出）"
    )


def _copies(commands: Any) -> None:
    copy = _command(commands, "copy-to", "核对着拷到优盘或文件夹", database="数据文件")
    copy.add_argument("folder", type=Path, metavar="FOLDER", help="优盘或文件夹")
    copy.add_argument(
        "--for",
        dest="audience",
        choices=("town", "self"),
        default="town",
        help="town 报镇（不写就是报镇），self 自己保管",
    )
    how = copy.add_mutually_exclusive_group(required=True)
    how.add_argument("--passphrase-stdin", action="store_true", help="加密，口令从标准输入读一行")
    how.add_argument("--plain", action="store_true", help="不加密，要写 --reason")
    copy.add_argument("--reason", metavar="原因", help="为什么不加密，会登记")
    verify = _command(commands, "verify", "核对一份拷贝")
    verify.add_argument("file", type=Path, metavar="FILE", help="拷贝文件（.db 或 .7z）")
    verify.add_argument("--passphrase-stdin", action="store_true", help="加密的拷贝：口令从标准输入读一行")
    _command(commands, "backup", "现在备份一份，读回核对", database="数据文件")
    restore = _command(commands, "restore", "用一份备份恢复，现在的先留好", database="数据文件")
    restore.add_argument("backup", type=Path, metavar="BACKUP", help="备份或拷贝文件")
    restore.add_argument("--passphrase-stdin", action="store_true", help="加密的拷贝：口令从标准输入读一行")
    restore.add_argument(
        "--with-journal",
        action="store_true",
        help="备份以后的保存从日志补回；BACKUP 写成 DB 自己，就把变旧的数据补到最近一次保存",
    )
    restore.add_argument("--unproved", action="store_true", help="旁边没有校验单的拷贝也用")
    _command(commands, "upgrade", "把旧格式的数据换成新格式：先备份，换好、核对过才启用", database="数据文件")
    drill = _command(
        commands, "drill", "演习：把最新的备份恢复到临时文件夹，逐项核对，登记下来", database="数据文件"
    )
    drill.add_argument("--backup", type=Path, metavar="BACKUP", help="用哪一份备份（不写是最新核对过的）")
    drill.add_argument("--proof", type=Path, metavar="OUT.pdf", help="把演习记录写到这里，一页，可签字")
    _command(commands, "check", "看数据文件处于什么状态，什么都不动", database="数据文件")
    checkup = _command(commands, "checkup", "体检：在副本上逐条核对，列出有问题的", database="数据文件")
    checkup.add_argument("--list", type=Path, metavar="OUT.pdf", help="把清单写成 PDF")
    checkup.add_argument("--repair", action="store_true", help="有修好的副本就换上，原来的留着")


def _purge(commands: Any) -> None:
    purge = _command(
        commands, "purge", "永久删除回收站里的儿童，不能撤销，登记在销毁清单里", database="数据文件"
    )
    purge.add_argument(
        "--child", required=True, action="append", metavar="UUID", help="回收站里的一名儿童，可写多次"
    )
    purge.add_argument("--reason", required=True, metavar="原因", help="为什么删、谁批准的，会登记，不写姓名")
    purge.add_argument("--paper", metavar="文号", help="批准文件的文号或存放处")
    purge.add_argument("--with-people", action="store_true", help="连同不再和别的儿童有关的家人")
    purge.add_argument("--list", type=Path, metavar="OUT.pdf", help="把销毁清单写到这里，可签字盖章")


def _command(commands: Any, name: str, words: str, *, database: str = "") -> ChineseParser:
    parser: ChineseParser = commands.add_parser(name, help=words, description=f"{words}。")
    if database:
        parser.add_argument("db", type=Path, metavar="DB", help=database)
    parser.add_argument("--json", action="store_true", help="只在标准输出上写一个 JSON 值")
    return parser


def _as_of(parser: ChineseParser) -> None:
    parser.add_argument("--as-of", type=day, metavar="日期", help="看哪一天（不写是今天）")
