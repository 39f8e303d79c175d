"""The codes of the survey's tables, each with the Chinese word that screens and papers show."""

from app.core.code import Code


class Way(Code):
    """How a child's facts were checked."""

    PAPER = "paper", "纸表"
    WORKBOOK = "workbook", "电子表"
    VISIT = "visit", "上门"
    PHONE = "phone", "电话"
