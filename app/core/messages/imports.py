"""What is said when a roster cannot be taken in."""

from collections.abc import Mapping

from app.core.messages.fault_text import FaultText

# Rosters that cannot be read (domain.md §10.1, reliability.md §2); {name} is the file's own name.
IMPORT: Mapping[str, FaultText] = {
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
        "请选表格文件（.xlsx、.xls、.csv）；如果它是 WPS 表格，请用 WPS 另存为 .xlsx 再导入。",
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
        "请在 WPS 里只留下要导入的内容，另存为 .xlsx 再导入。",
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
    "import.grown_ups": FaultText(
        "「{name}」里的人按身份证号、出生日期或年龄多半是大人，不像儿童。",
        "台账没有动。",
        "请看选对了文件没有；真是儿童，请在选文件这一步把表勾上（命令行写明 --sheet 表名）。",
        ("换一个文件",),
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
    # A yellow bar after a start: the import was cut off, what it had begun is not in the ledger.
    "import.cut_off": FaultText(
        "上次导入没有完成，已全部退回。", "台账和导入以前一样，以前保存的都在。", "要导入，请再导入一次。"
    ),
}
