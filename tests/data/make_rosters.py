"""Writes the sample rosters beside this file: as messy as real ones, every person invented.

Run by hand when a sample changes. The .xls is made from the .xlsx by LibreOffice, so it is a real one of that format.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment
from stdnum.iso7064 import mod_11_2

FOLDER = Path(__file__).resolve().parent / "rosters"


def id_number(birth: str, serial: int, *, girl: bool) -> str:
    body = f"500000{birth}{serial * 2 + (0 if girl else 1):03d}"
    return body + str(mod_11_2.calc_check_digit(body))


def two_row_header() -> Workbook:
    """Titles, a two-row header, merged parents of two sisters, subtotals, a destroyed number, foot lines."""
    book = Workbook()
    sheet = book.active
    sheet.title = "三年级"
    sheet["A1"] = "青石坪镇中心小学2026年秋季学期农村留守儿童花名册"
    sheet.merge_cells("A1:R1")
    sheet["A1"].alignment = Alignment(horizontal="center")
    sheet["A2"] = "填报单位（盖章）：青石坪镇中心小学"
    sheet["N2"] = "填报日期：2026年9月10日"
    sheet["A3"] = "填表说明：1.姓名须与户口簿一致；2.留守类型填双亲或单亲。"
    sheet.merge_cells("A3:R3")
    top = ["序号", "姓名★", "性别", "民 族", "出生年月", "公民身份证号码\n（必填）", "班级", "留守类型"]
    top += ["父亲", None, None, "母亲", None, None, "监护人", None, None, "备注"]
    low = [None] * 8 + ["姓名", "务工地点", "联系电话"] * 2 + ["姓名", "与儿童关系", "联系电话", None]
    sheet.append(top)
    sheet.append(low)
    for column in "ABCDEFGHR":
        sheet.merge_cells(f"{column}4:{column}5")
    for area in ("I4:K4", "L4:N4", "O4:Q4"):
        sheet.merge_cells(area)
    one, two = id_number("20170520", 11, girl=True), id_number("20190302", 12, girl=True)
    guangdong = ["曾德林", "广东省东莞市", "13800000001", "王芳", "广东省东莞市", "13900000001"]
    old_people = ["曾有福、刘玉珍", "祖父母", "父138 0000 0001 奶13700000001"]
    zhejiang = ["王大勇", "浙江温州", 13800000002, "李秀英", "在家", "", "李秀英", "母亲", 13900000002]
    alone = ["覃  军", "", "0", "", "", "—", "外婆", "", "1370000000", "孤儿"]
    boy, other = id_number("20161012", 15, girl=False).lower(), "'" + id_number("20161024", 16, girl=False)
    third = id_number("20160914", 17, girl=False)
    rows: list[list[object]] = [
        ["三年级一班（班主任：某某）"],
        [1, "曾小雨", "女", "汉", 2017.5, one, "三（1）班", "双亲", *guangdong, *old_people],
        [2, "曾小雪", "女", "汉", "2019.03.02", two, "一（1）班", "双亲", *[None] * 9, "低保户"],
        [3, "王　强", "男", "汉族", "2016-11-3", 500000201611030011, "三（1）班", "父亲外出", *zhejiang],
        ["小计", "", "", "", "", "", "", 3],
        ["三年级二班"],
        [4, "覃䶮", "男", "土家族", "20161012", boy, "三（2）班", "单亲", *alone],
        [
            5,
            "买买提•阿卜杜热西提",
            "男",
            "维吾尔",
            42667,
            other,
            "3.2",
            "父母均外出",
            *[""] * 6,
            "老师",
            "",
            "",
            "学习认真",
        ],
        [6, "区嘉豪（豪豪）", "", "汉", "农历八月十五", third, "三（2）班", "非留守"],
        ["合计", "", "", "", "", "", "", 6],
        ["填表人：某某", "", "", "", "审核：", "", "", "负责人："],
    ]
    for row in rows:
        sheet.append(row)
    for column in "IJKLMNOPQ":
        sheet.merge_cells(f"{column}7:{column}8")
    sheet.row_dimensions[9].hidden = True
    sheet.column_dimensions["D"].hidden = True
    return book


def one_sheet_per_class() -> Workbook:
    """A sheet per class without a class column, a summary, an old hidden copy."""
    header = ["序号", "姓名", "性别", "身份证号", "家庭住址", "联系电话", "监护人", "关系", "电话", "备注"]
    book = Workbook()
    book.remove(book.active)
    names = ["单永强", "查思源", "解小兰", "仇大海", "盖文静", "任心怡", "华子轩", "尉迟明", "乐天佑"]
    everybody: list[list[object]] = []
    for number, (name, title) in enumerate(
        (("四（1）", "四年级一班"), ("四（2）", "四年级二班"), ("五年级", "五年级"))
    ):
        sheet = book.create_sheet(name)
        sheet.append([f"{title}留守儿童登记表"])
        sheet.append(header)
        for place in range(1, 4):
            girl = place % 2 == 0
            number_of_child = id_number(f"2016{number + 1:02d}{place:02d}", place, girl=girl)
            row = [place, names[number * 3 + place - 1], "女" if girl else "男", number_of_child]
            row += [f"白水沟村{place}组", "", "奶奶", "", f"1370000{number}{place:03d}", ""]
            sheet.append(row)
            everybody.append(row)
    summary = book.create_sheet("汇总")
    summary.append(header)
    for row in everybody:
        summary.append(row)
    old = book.create_sheet("去年")
    old.append(header)
    old.append([1, "旧某某", "男", id_number("20130101", 1, girl=False)])
    old.sheet_state = "hidden"
    return book


def boxes() -> Workbook:
    """The census form's boxes: one column per answer, ticks of all kinds, two ticks in one group."""
    book = Workbook()
    sheet = book.active
    sheet.title = "排查表"
    sheet.append(
        [
            "姓名",
            "性别",
            "公民身份证号码",
            "年级",
            "班",
            "父母双方同时外出",
            "一方外出另一方无监护能力",
            "监护类型",
            None,
            None,
            None,
            "健康状况",
            None,
            None,
            "是否孤儿",
            "低保户",
        ]
    )
    sheet.append([None] * 7 + ["祖父母", "亲戚朋友", "教师", "无人监护", "健康", "残疾", "患病", None, None])
    for area in ("H1:K1", "L1:N1"):
        sheet.merge_cells(area)
    ids = [id_number(f"2018{month:02d}15", month, girl=bool(month % 2)) for month in range(1, 6)]
    sheet.append(["盖文静", "女", ids[0], "二年级", 1, "√", "", "√", "", "", "", "√", "", "", "", "是"])
    sheet.append(["任心怡", "男", ids[1], "二年级", "1班", "是", "否", "", "1", "", "", 1, "", "", "否", ""])
    sheet.append(["华子轩", "女", ids[2], "二年级", 2, "", "√", "", "", "✓", "", "", "√", "", "", ""])
    sheet.append(["仇大海", "男", ids[3], "二", 2, "√", "", "√", "√", "", "", "√", "√", "", "", ""])
    sheet.append(["尉迟明", "女", ids[4], "二", "（2）", "", "", "", "", "", "Y", "", "", "√", "√", ""])
    sheet["A8"], sheet["B8"] = "解小兰", date(2018, 1, 1)
    return book


def text_rows() -> list[list[str]]:
    """What Excel writes as CSV: destroyed numbers, quoted line breaks, a blank line."""
    return [
        ["留守儿童台帐", "", "", "", "", "", ""],
        [
            "学生姓名",
            "性别",
            "身份证件号码",
            "年级班级",
            "父母外出情况",
            "父母务工地",
            "监护人与被监护人关系",
        ],
        [
            "张小满",
            "女",
            id_number("20180315", 31, girl=True),
            "二年级（1）班",
            "双方外出",
            "父：广东深圳，母：广东佛山",
            "爷爷奶奶",
        ],
        ["李谷雨", "男", "5.11E+17", "二年级（1）班", "一方外出", "福建", "妈妈"],
        [],
        [
            "周立秋",
            "女",
            id_number("20180808", 32, girl=True),
            "二年级（1）班",
            "母亲外出",
            "上海",
            "父亲\n(陈述)",
        ],
    ]


def write_all() -> None:
    FOLDER.mkdir(exist_ok=True)
    two_row_header().save(FOLDER / "two_row_header.xlsx")
    one_sheet_per_class().save(FOLDER / "one_sheet_per_class.xlsx")
    boxes().save(FOLDER / "boxes.xlsx")
    lines = [
        ",".join(f'"{cell}"' if "\n" in cell or "，" in cell else cell for cell in row) for row in text_rows()
    ]
    text = "\r\n".join(lines) + "\r\n"
    (FOLDER / "gbk.csv").write_bytes(text.encode("gb18030"))
    (FOLDER / "utf8.csv").write_bytes(text.encode("utf-8-sig"))
    office = shutil.which("soffice")
    if office is None:
        sys.exit("LibreOffice is needed for the .xls")
    command = [
        office,
        "--headless",
        "--convert-to",
        "xls",
        "--outdir",
        str(FOLDER),
        str(FOLDER / "two_row_header.xlsx"),
    ]
    subprocess.run(command, check=True, capture_output=True)


if __name__ == "__main__":
    write_all()
