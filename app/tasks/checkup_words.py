"""What a checkup found, in words that a teacher can follow to the paper file."""

import json
from collections.abc import Mapping

from app.dossier.words import COLUMNS, TABLES, column_words, value_words
from app.storage.findings import Checkup, Finding, Kind, Severity, TableReading
from app.storage.row_owners import Owner, OwnerChild
from app.storage.table_words import WORDS

CAPTIONS: Mapping[Severity, str] = {
    Severity.LOST: "要从备份恢复",
    Severity.MENDED: "已在副本上修好",
    Severity.OFFERED: "两处不一致，请您定",
    Severity.PAPER: "只能对照纸质档案改",
    Severity.NOTE: "说明，不用处理",
}
"""The heads of the groups, the gravest first."""

IF_LOST: Mapping[Severity, str] = {
    Severity.MENDED: "单看能修，但因为上面的换不上",
    Severity.OFFERED: "两处不一致",
    Severity.PAPER: "恢复以后再对照纸质档案",
}
"""The heads that are other ones when only a backup helps: then nothing mended is put in place."""

ON_PAPER: Mapping[Severity, str] = {
    Severity.LOST: "这些修不好：请选一份备份恢复，恢复以后再对照这张清单。",
    Severity.OFFERED: "对照纸质档案，在「核对结果」里写下哪一处对；再到「体检」里把历史对的勾上，用修好的。",
    Severity.PAPER: "照纸质档案在守望里改，改好一条在「核对结果」里打一个勾。",
}
"""What the printed list asks of the person who holds it."""

THE_FILE = "数据文件"
# Columns that keep a row, with no label of their own.
_KEEPING: Mapping[str, str] = {
    "uuid": "内部编号",
    "id": "内部编号",
    "entered_at": "登记时间",
    "deleted_at": "是否在回收站",
    "child_id": "是哪一名儿童的",
    "name": "名称",
    "phone": "电话",
}
_EMPTY = "（空）"
_SAID_OF_A_ROW = 4

Classes = Mapping[int, str]
"""The names of the classes by their key."""


def whose(finding: Finding, owner: Owner | None, classes: Classes) -> str:
    """Return whose the row is: 单立冬（三（2）班，2015-03-12 生）; a grown-up with the children around."""
    if owner is None or (not owner.children and not owner.name):
        return table_words(finding.table) if finding.table else THE_FILE
    if finding.table == "child" or (owner.children and not owner.name):
        return "、".join(_child_words(child, classes) for child in owner.children)
    if owner.children:
        around = "、".join(child.name for child in owner.children)
        return f"{owner.name}（{around} 的家人）"
    return owner.name


def _child_words(child: OwnerChild, classes: Classes) -> str:
    told = [classes.get(child.class_id or 0, ""), f"{child.birth_date} 生" if child.birth_date else ""]
    told.append(f"档案号 {child.archive_no}" if child.archive_no else "")
    inside = "，".join(part for part in told if part)
    return f"{child.name}（{inside}）" if inside else child.name


def table_words(table: str) -> str:
    """Return the word for a table."""
    return TABLES.get(table) or WORDS.get(table) or THE_FILE


def what(finding: Finding) -> str:
    """Return which record or field it is about: 现住址：村; 姓名; 目录."""
    if finding.kind in (Kind.INDEX, Kind.SCHEMA, Kind.NUMBER, Kind.PAGES):
        return {Kind.INDEX: "目录", Kind.SCHEMA: "内部设置", Kind.NUMBER: "数据序号"}.get(
            finding.kind, "内容"
        )
    if finding.kind is Kind.HISTORY:
        return "改动历史"
    table = table_words(finding.table)
    column = finding.column
    if not column or finding.kind is Kind.BIN:
        return table
    if finding.table in COLUMNS:
        try:
            word = column_words(finding.table, column)
        except KeyError:
            word = _KEEPING.get(column, "一栏")
    else:
        word = _KEEPING.get(column, "一栏")
    return word if finding.table in ("child", "person") or word == table else f"{table}：{word}"


def said(finding: Finding) -> tuple[str, str]:
    """Return what stands in the file and what the history, or the rule, says, as values are shown."""
    if finding.kind is Kind.OVERLAP:
        return _period(str(finding.found)), _period(str(finding.meant))
    if finding.kind is Kind.GONE:
        return "没有这一条", _row_words(finding)
    if finding.kind is Kind.BIN:
        return "不在回收站", "在回收站"
    if finding.kind in (Kind.DIFFERS, Kind.TEXT):
        meant = "" if finding.kind is Kind.TEXT and finding.meant is None else _value(finding, finding.meant)
        return _value(finding, finding.found), meant
    if finding.kind is Kind.DAY:
        return str(finding.found), ""
    return "", ""


def compared_words(finding: Finding) -> str:
    """Return both sides in one sentence: 文件里：张977；历史里：张三. "" where there is nothing to compare."""
    stands, meant = said(finding)
    if finding.kind is Kind.OVERLAP:
        return f"一段 {stands}，一段 {meant}"
    if finding.kind is Kind.DAY:
        return f"写的是 {stands}"
    if finding.kind is Kind.BIN or not stands:
        return ""
    return f"文件里：{stands}；历史里：{meant}" if meant else f"文件里：{stands}"


def _value(finding: Finding, value: object) -> str:
    if value is None or value == "":
        return _EMPTY
    try:
        return value_words(finding.table, finding.column, value)
    except (KeyError, ValueError):
        return str(value)


def _row_words(finding: Finding) -> str:
    image: Mapping[str, object] = json.loads(str(finding.meant))
    values = []
    for column in COLUMNS.get(finding.table, {"name": "名称"}):
        value = image.get(column)
        if value not in (None, "") and not column.endswith("_id"):
            values.append(
                _value(Finding(finding.kind, finding.severity, finding.table, column=column), value)
            )
    return "，".join(values[:_SAID_OF_A_ROW]) or "一条"


def _period(text: str) -> str:
    start, _, end = text.partition("/")
    return f"{start or '起日不详'} 至 {end or '今'}"


_WORDS: Mapping[tuple[Kind, Severity], str] = {
    (Kind.PAGES, Severity.LOST): "有一部分读不出",
    (Kind.INDEX, Severity.MENDED): "目录和记录对不上，已在副本上重做",
    (Kind.TEXT, Severity.MENDED): "有乱码，已照历史改回",
    (Kind.TEXT, Severity.PAPER): "有乱码，历史里也没有，显示成 \ufffd",
    (Kind.DIFFERS, Severity.MENDED): "和历史里的不一样，查明历史是对的，已改回",
    (Kind.DIFFERS, Severity.OFFERED): "和历史里的不一样，看不出哪一处对",
    (Kind.DIFFERS, Severity.NOTE): "和历史里的不一样，查明记录是对的",
    (Kind.DIFFERS, Severity.LOST): "内部编号坏了",
    (Kind.GONE, Severity.MENDED): "历史里有，记录里没有了；别的记录要用到它，已补回",
    (Kind.GONE, Severity.OFFERED): "历史里有，记录里没有了",
    (Kind.UNTOLD, Severity.PAPER): "记录里有，历史里没有，不是在守望里登记的",
    (Kind.HISTORY, Severity.NOTE): "有一条读不通，记录本身没有改",
    (Kind.REFERENCE, Severity.LOST): "它属于的那一条找不到了",
    (Kind.RULE, Severity.LOST): "内容不合规定，历史里也没有对的",
    (Kind.OVERLAP, Severity.PAPER): "两段时间重叠了",
    (Kind.DAY, Severity.PAPER): "日历上没有这一天",
    (Kind.BIN, Severity.OFFERED): "孩子在回收站里，这一条没有跟着去，谁也看不到它",
    (Kind.NUMBER, Severity.MENDED): "序号乱了，已在副本上接好",
    (Kind.NUMBER, Severity.NOTE): "序号不连着",
    (Kind.SCHEMA, Severity.LOST): "一张表和这一版的不一样",
    (Kind.SCHEMA, Severity.MENDED): "少了一处或被改过，已在副本上补好",
    (Kind.SCHEMA, Severity.NOTE): "多出别的程序建的内容，没有动它",
}

_TODO: Mapping[tuple[Kind, Severity], str] = {
    (Kind.TEXT, Severity.PAPER): "照纸质档案改过来",
    (Kind.DIFFERS, Severity.OFFERED): "对照纸质档案：历史里的对，就勾上；记录里的对，不用动",
    (Kind.GONE, Severity.OFFERED): "对照纸质档案：应当有这一条，就勾上补回",
    (Kind.UNTOLD, Severity.PAPER): "对照纸质档案：没有这件事，就移到回收站",
    (Kind.OVERLAP, Severity.PAPER): "照纸质档案改起止日期",
    (Kind.DAY, Severity.PAPER): "照纸质档案改日期",
    (Kind.BIN, Severity.OFFERED): "勾上就跟着孩子去回收站，取回时一起回来",
}


def problem_words(finding: Finding) -> str:
    """Return what is wrong, and what was done about it on the copy."""
    words = _WORDS[finding.kind, finding.severity]
    if finding.kind is Kind.HISTORY and finding.column:
        words = "有乱码，显示成 \ufffd，记录本身没有改"
    return f"{words}（{finding.count} 处）" if finding.count > 1 else words


def todo_words(finding: Finding) -> str:
    """Return what a person is to do; "" where nothing is."""
    return _TODO.get(
        (finding.kind, finding.severity), "从备份恢复" if finding.severity is Severity.LOST else ""
    )


def reading_words(reading: TableReading) -> str:
    """Say how much of a table can be read: 儿童：读得出 87 条，备份里有 118 条."""
    words = f"{table_words(reading.table)}：{'都' if reading.is_whole else '只'}读得出 {reading.readable} 条"
    known = reading.expected is not None and reading.expected != reading.readable
    return f"{words}（最近的备份里有 {reading.expected} 条）" if known else words


def head_words(checkup: Checkup) -> str:
    """Return the one sentence that comes first. Mended is said only of a copy that was looked at again."""
    facts = checkup.facts
    if checkup.is_lost or facts is None:
        return "体检修不好：有记录坏了或读不出，要从备份恢复。"
    who = f"{facts.children} 名儿童"
    if checkup.is_mended:
        back = sum(finding.kind is Kind.GONE for finding in checkup.of(Severity.MENDED))
        rest = f"补回 {back} 条，其余条数一致" if back else "条数一致"
        return f"已在副本上修好并核对：{who}，{rest}。"
    if not checkup.findings:
        return f"没有发现问题：{who}，{checkup.records} 条记录，逐条和改动历史对过。"
    return f"能用：{who}，{checkup.records} 条记录；有 {len(checkup.findings)} 处请您看一看。"
