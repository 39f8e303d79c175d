"""The roster a school really brings: titles above, a header of two rows, a destroyed number, one child twice."""

from __future__ import annotations

from pathlib import Path

from openpyxl import Workbook

from tests.app.tasks.rosters import id_number

SCHOOL = "青石坪镇中心小学"
DESTROYED = 5.11325201803010e17
HEADER = (
    ("序号", "姓名", "性别", "身份证号", "班级", "父亲", "", "", "母亲", "", "", "留守类型", "备注"),
    ("", "", "", "", "", "姓名", "务工地点", "联系电话", "姓名", "务工地点", "联系电话", "", ""),
)
MERGED = ("A1:M1", "A2:M2", "F3:H3", "I3:K3", *(f"{letter}3:{letter}4" for letter in "ABCDELM"))

CHILDREN = (
    ("曾小雨", "女", id_number("20180412", 1), "三（1）班", "曾国强", "广东东莞", "13912340001", "李秀英"),
    (
        "邹星宇",
        "男",
        id_number("20180305", 3, girl=False),
        "三（1）班",
        "邹建军",
        "浙江义乌",
        "13912340002",
        "王桂兰",
    ),
    ("周子轩", "男", DESTROYED, "三（1）班", "周大勇", "福建晋江", "13912340003", "张翠花"),
    ("买买提·阿卜杜热合曼", "男", "", "三（2）班", "阿卜杜热合曼", "", "", ""),
    (
        "欧阳慕容雨桐",
        "女",
        id_number("20170911", 6),
        "三（2）班",
        "欧阳大山",
        "江苏昆山",
        "13912340005",
        "刘芳",
    ),
    ("覃䶮", "女", id_number("20170520", 7), "四（1）班", "覃大", "广东深圳", "13912340006", "韦小妹"),
    # Written twice, word for word, without a number: is it one child?
    ("买买提·阿卜杜热合曼", "男", "", "三（2）班", "阿卜杜热合曼", "", "", ""),
)


def write_messy(path: Path) -> Path:
    """Write the workbook."""
    book = Workbook()
    sheet = book.active
    sheet.title = "2026秋"
    sheet.append(["青石坪镇中心小学2026年秋季留守儿童花名册"])
    sheet.append(["填表人：陈素兰        填表时间：2026年9月10日"])
    for line in HEADER:
        sheet.append(line)
    for number, (name, sex, id_no, klass, father, place, phone, mother) in enumerate(CHILDREN, start=1):
        both = "双亲留守" if mother else "单亲留守"
        sheet.append(
            [number, name, sex, id_no, klass, father, place or "外地", phone, mother, place, "", both, ""]
        )
    sheet.append(["合计", f"{len(CHILDREN)}人"])
    for area in MERGED:
        sheet.merge_cells(area)
    book.save(path)
    return path
