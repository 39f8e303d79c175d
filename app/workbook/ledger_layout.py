"""What our own ledger workbook looks like: the names by which the export writes it and the import knows it again.

One sheet ``台账`` holds everybody; one sheet per category repeats some of them (分类建账, domain.md §5.3). The printed
part of a sheet puts a parent's name, numbers and place of work into one two-line cell. With the full profile the same
row goes on to the right of the printed area with one plain column per fact: those are what reads back.
"""

MAIN_SHEET = "台账"
APPENDIX_SHEET = "附页"
SUB_LEDGER_MARK = "分类台账"
"""The first cell of every sub-ledger sheet ends with this; such a sheet repeats rows of the main one."""

HEADER_ROW = 3
FIRST_DATA_ROW = 4

DOCUMENT_SUBJECT = {"full": "shouwang-ledger-full", "masked": "shouwang-ledger-masked"}
"""The subject in the document properties of a ledger workbook of ours, per export profile. A masked one holds no
whole numbers and is not read back."""

NOT_APPLICABLE = "—"
ALSO_IN_APPENDIX = "…（全文见附页）"

# What is printed for the eye, composed from several facts or derived for one day. With the full profile the plain
# columns of the same row hold the same facts one by one, and only those are read back.
FATHER_CELL = "父亲\n姓名、电话／务工地"
MOTHER_CELL = "母亲\n姓名、电话／务工地"
CARER_CELL = "监护人\n关系、姓名／电话"
PRINT_ONLY_HEADERS = (
    "班级",
    "村组",
    "留守类型",
    FATHER_CELL,
    MOTHER_CELL,
    CARER_CELL,
    "监护评估",
    "其他类别",
    "认定依据",
    "认定日期",
    "帮扶人",
    "说明",
)
PLAIN_HEADERS = ("序号", "姓名", "性别", "民族", "出生日期", "公民身份号码")
"""Printed, and read back as they stand."""

# The plain columns to the right of the printed area, in their order.
DETAIL_HEADERS = (
    "是否留守",
    "曾用名",
    "学籍号",
    "班内学号",
    "入学年级班",
    "籍贯",
    "出生地",
    "户籍地",
    "户口性质",
    "户籍属村委会",
    "现住址",
    "村",
    "组",
    "就学情况",
    "是否寄宿",
    "健康状况",
    "患病类型",
    "残疾类别",
    "残疾等级",
    "父亲姓名",
    "父亲身份证号",
    "父亲状态",
    "父亲外出情况",
    "父亲务工地",
    "父亲工种",
    "父亲务工单位",
    "父亲外出时间",
    "父亲连续外出自",
    "父亲监护能力",
    "父亲电话",
    "母亲姓名",
    "母亲身份证号",
    "母亲状态",
    "母亲外出情况",
    "母亲务工地",
    "母亲工种",
    "母亲务工单位",
    "母亲外出时间",
    "母亲连续外出自",
    "母亲监护能力",
    "母亲电话",
    "监护人类别",
    "监护人姓名",
    "与儿童关系",
    "监护人身份证号",
    "监护人电话",
    "监护人住址",
    "监护情况评估",
    "其他亲属",
    "上报的留守类型",
    "类别",
    "类别认定依据",
    "家庭经济来源",
    "救助帮扶",
    "性格特征",
    "兴趣爱好",
    "血型",
    "过敏",
    "病史",
    "备注",
    "台账编号",
)
"""``类别`` lists the category words separated by 、; ``类别认定依据`` one line per category, ``孤儿：孤儿证（2025-03）``;
``其他亲属`` one line per further person, ``舅舅 张三 13800000000``; a phone list is ``13800000000、13900000000（厂里）``;
``入学年级班`` is the class that never changes its name (2024级2班); ``台账编号`` is the child's uuid, by which a child
without any number is known again."""
