"""帮扶计划表 (domain.md §5.11): one child, one term; what is not known yet is left as lines to write on."""

from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO, Final

from msgspec import Struct

from app.paper.document import Document, opened
from app.paper.form import Column, Field, Form
from app.paper.framing import add_signatures, add_title, write_list
from app.paper.plan_head import PlanHead
from app.paper.printing import PrintResult, PrintStamp

TITLE_WORDS: Final = "帮扶计划表"
_MEASURES: Final = (
    Column("序号", 1.3, centred=True),
    Column("四导", 2.6),
    Column("措施", 8.6),
    Column("时间", 3.8),
    Column("地点", 3.7),
    Column("参与人"),
)
_STAGES: Final = (
    Column("阶段", 1.3, centred=True),
    Column("日期", 3.2),
    Column("内容", 8),
    Column("学生反应", 6),
    Column("效果"),
)
_CHECKS: Final = (Column("抽查日期", 3.2), Column("抽查人", 4), Column("意见"))
_ROW: Final = 23.0
_BLANK_MEASURES = 1
_STAGES_ASKED = 3


class HelpPlanSheet(Struct, frozen=True, kw_only=True):
    """What the sheet says, in Chinese; "" where nothing is known."""

    head: PlanHead
    situation: str
    aims: Sequence[tuple[str, str]]
    measures: Sequence[tuple[str, str, str, str, str]]
    stages: Sequence[tuple[str, str, str, str]]
    checks: Sequence[tuple[str, str, str]]
    effect: str = ""
    reflection: str = ""
    assessed: str = ""


def render_help_plan(sheet: HelpPlanSheet, out: Path | BinaryIO, *, stamp: PrintStamp) -> PrintResult:
    """Write the sheet; ``out`` as a path is written beside, flushed and renamed."""
    with opened(out) as file:
        document = Document(file, title=TITLE_WORDS, author=sheet.head.school, stamp=stamp)
        form = begun_form(document, sheet.head, TITLE_WORDS, who="帮扶人")
        form.section("计划")
        form.fields(Field("现状与原因", sheet.situation, label_units=3.6), lines_to_write=3)
        for name, aim in sheet.aims:
            form.fields(Field(f"{name}目标", aim, label_units=3.6), least=_ROW)
        form.section("措施")
        measures = [(str(place), *row) for place, row in enumerate(sheet.measures, start=1)]
        form.table(_MEASURES, measures, least=_ROW, blank_rows=_BLANK_MEASURES if len(measures) < 3 else 0)
        form.section("阶段效果")
        stages = [(str(place), *row) for place, row in enumerate(sheet.stages, start=1)]
        form.table(
            _STAGES, stages, least=_ROW, blank_rows=max(0, _STAGES_ASKED - len(stages)), blank_height=28.0
        )
        form.section("期末")
        form.fields(Field("期末效果", sheet.effect, label_units=3.6), lines_to_write=1)
        form.fields(Field("反思", sheet.reflection, label_units=3.6), lines_to_write=1)
        form.fields(Field("评定", sheet.assessed, label_units=3.6), least=_ROW)
        form.section("抽查")
        form.table(_CHECKS, list(sheet.checks), least=_ROW, blank_rows=0 if sheet.checks else 1)
        add_signatures(form, document.setter, (("帮扶教师：", ""), ("分管领导：", ""), ("日期：", "")))
        return write_list(document, form, TITLE_WORDS)


def begun_form(document: Document, head: PlanHead, title: str, *, who: str) -> Form:
    """Return the form of a plan with title and child on it; ``who`` is what the supporter is called there."""
    form = Form(document.setter)
    add_title(form, document.setter, title, head.school, head.term)
    form.section("学生")
    form.fields(Field("姓名", head.child, 9), Field("班级", head.class_name))
    form.fields(Field("类别", head.categories, 9), Field(who, head.supporter))
    return form
