"""个别教育管理方案 (domain.md §5.11): the restricted sister of the help plan; what is not known stays lines to write on."""

from pathlib import Path
from typing import BinaryIO, Final

from msgspec import Struct

from app.paper.document import Document, opened
from app.paper.form import Field
from app.paper.framing import add_signatures, write_list
from app.paper.help_plan_sheet import begun_form
from app.paper.plan_head import PlanHead
from app.paper.printing import PrintResult, PrintStamp

TITLE_WORDS: Final = "个别教育管理方案"
WARNING: Final = "知情范围：负责人、班主任、分管领导。不进名单、档案册和上报材料，单独存放，不得外传。"
_LABEL: Final = 3.6


class IndividualPlanSheet(Struct, frozen=True, kw_only=True):
    """What the sheet says, in Chinese; "" where nothing is known."""

    head: PlanHead
    situation: str = ""
    aims: str = ""
    measures: str = ""
    course: str = ""
    effect: str = ""
    assessed: str = ""


def render_individual_plan(
    sheet: IndividualPlanSheet, out: Path | BinaryIO, *, stamp: PrintStamp
) -> PrintResult:
    """Write the sheet; ``out`` as a path is written beside, flushed and renamed."""
    with opened(out) as file:
        document = Document(file, title=TITLE_WORDS, author=sheet.head.school, stamp=stamp)
        form = begun_form(document, sheet.head, TITLE_WORDS, who="负责人")
        form.section("一、现状与原因")
        form.passage(sheet.situation, lines_to_write=4)
        form.section("二、目标和措施")
        form.fields(Field("目标", sheet.aims, label_units=_LABEL), lines_to_write=3)
        form.fields(Field("措施", sheet.measures, label_units=_LABEL), lines_to_write=5)
        form.section("三、过程和效果")
        form.fields(Field("过程", sheet.course, label_units=_LABEL), lines_to_write=5)
        form.fields(Field("效果", sheet.effect, label_units=_LABEL), lines_to_write=3)
        form.fields(Field("评定", sheet.assessed, label_units=_LABEL), least=23)
        form.section("保管")
        form.passage(WARNING, lines_to_write=0)
        add_signatures(form, document.setter, (("负责人：", ""), ("分管领导：", ""), ("日期：", "")))
        return write_list(document, form, TITLE_WORDS)
