"""周纸单: the week's talks and home visits as forms to fill in by hand, with what is known already and a code.

Order and heads are those of 5.12 and 5.13 (domain.md); what is typed in afterwards stands in the same order. Two talks
stand on a page, a home visit has one of its own.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO, Final

from msgspec import Struct

from app.paper.document import Document, FinishedPage, finished, opened
from app.paper.flow import PagePlan, arrange, draw
from app.paper.fonts import HEI
from app.paper.form import BASELINE, Field, Form
from app.paper.framing import add_signatures
from app.paper.page import LEFT, NOTE, RIGHT, SMALL, Page
from app.paper.printing import PrintResult, PrintStamp
from app.paper.typesetting import Style, Typesetter

HEAD: Final = Style(HEI, 15, 22)
_BESIDE_TITLE: Final = 10.0
TITLE_WORDS: Final = "周纸单"
_TALKS_ON_A_PAGE: Final = 2
_TALK_LINES: Final = (4, 3)
"""Lines to write the talk on; fewer where that lets two stand on a page."""
_GUIDANCES: Final = "□ 学习辅导　□ 生活指导　□ 心理疏导　□ 行为引导"


class WeekForm(Struct, frozen=True, kw_only=True):
    """One form. ``visit`` is a home visit, else a talk. ``code`` as it is printed: ABCD 2345; "" = not known.

    ``duty`` is the 职务 of the supporter, ``back_by`` until when it is asked back: 11月20日（周五）放学; "" = not said.
    """

    visit: bool
    code: str
    child: str
    about: str
    school_class: str
    carer: str
    phone: str
    address: str
    supporter: str
    duty: str
    back_by: str
    why: str
    promises: tuple[str, ...]


def render_week_forms(
    forms: Sequence[WeekForm], school: str, out: Path | BinaryIO, *, stamp: PrintStamp
) -> PrintResult:
    """Write the forms in the order given, the talks of one page together; ``out`` as a path is written whole or not.

    ``page_of_child`` of the result goes by the codes of the forms, without gaps.
    """
    with opened(out) as file:
        document = Document(file, title=TITLE_WORDS, author=school, stamp=stamp)
        form = Form(document.setter)
        pages: list[FinishedPage] = []
        page_of: dict[str, int] = {}
        for together in _pages_of(forms):
            for group, plans in _laid_out(together, school, form, document.setter):
                page_of |= {one.code.replace(" ", ""): len(pages) + 1 for one in group}
                for plan in plans:
                    page = Page()
                    draw(plan, page)
                    pages.append(finished(page))
        document.write(pages)
        missing = tuple(sorted(document.setter.missing))
        return PrintResult(pages=len(pages), missing_characters=missing, page_of_child=page_of)


def _laid_out(
    together: Sequence[WeekForm], school: str, form: Form, setter: Typesetter
) -> list[tuple[Sequence[WeekForm], list[PagePlan]]]:
    """Return the forms that share a page with their pages; long reasons and promises take lines to write on, or part them."""
    for lines in _TALK_LINES:
        plans = _arranged(together, school, form, setter, lines)
        if len(plans) == 1:
            return [(together, plans)]
    # Rather a page for each than a form that goes on overleaf.
    return [([one], _arranged([one], school, form, setter, _TALK_LINES[0])) for one in together]


def _arranged(
    together: Sequence[WeekForm], school: str, form: Form, setter: Typesetter, talk_lines: int
) -> list[PagePlan]:
    for place, one in enumerate(together):
        if place:
            form.block(26, _cut_line)
        _add(one, school, form, setter, talk_lines)
    return arrange(form.take())


def _pages_of(forms: Sequence[WeekForm]) -> list[list[WeekForm]]:
    """Put two talks on a page; the visits follow, so that the talks can be cut apart in one go."""
    talks = [one for one in forms if not one.visit]
    pages = [talks[at : at + _TALKS_ON_A_PAGE] for at in range(0, len(talks), _TALKS_ON_A_PAGE)]
    return pages + [[one] for one in forms if one.visit]


def _add(one: WeekForm, school: str, form: Form, setter: Typesetter, talk_lines: int) -> None:
    _add_head(one, school, form, setter)
    form.fields(Field("姓名", one.child, 6), Field("班级", one.school_class, 5), Field("性别年龄", one.about))
    form.fields(Field("监护人", one.carer, 9), Field("电话", one.phone))
    if one.visit:
        form.fields(Field("住址", one.address))
    form.fields(Field("为什么", one.why))
    if one.promises:
        form.fields(Field("答应过", "\n".join(one.promises)))
    if one.visit:
        _add_visit(form)
        add_signatures(
            form,
            setter,
            ((_to_sign("教师", one.supporter), ""), ("监护人（手印）：", ""), ("日期：", "")),
        )
    else:
        _add_talk(form, talk_lines)
        add_signatures(form, setter, ((_to_sign("谈话人", one.supporter, one.duty), ""), ("日期：", "")))


def _add_head(one: WeekForm, school: str, form: Form, setter: Typesetter) -> None:
    title = setter.line("家访记录表" if one.visit else "谈心记录表", HEAD.font)
    code = setter.line(one.code, HEAD.font)
    told = setter.line("单号（交回后照它录入）", NOTE.font)
    left = setter.line(school, SMALL.font)
    room = (RIGHT - LEFT - title.width * HEAD.size / 1000) / 2 - _BESIDE_TITLE
    left_size = min(SMALL.size, room * 1000 / max(left.width, 1))  # a long name of a school is not cut
    due = setter.line(f"{one.back_by}前交回" if one.back_by else "", NOTE.font)

    def draw_head(page: Page, top: float) -> None:
        baseline = top - HEAD.leading * BASELINE
        page.text_centred((LEFT + RIGHT) / 2, baseline, title, HEAD.size)
        page.text_right(RIGHT, baseline, code, HEAD.size)
        page.text(LEFT, baseline, left, left_size)
        page.text_right(RIGHT, baseline - NOTE.leading - 2, told, NOTE.size)
        page.text(LEFT, baseline - NOTE.leading - 2, due, NOTE.size)

    form.block(HEAD.leading + NOTE.leading + 4, draw_head)


def _add_talk(form: Form, lines: int) -> None:
    form.fields(
        Field("日期时间", "　　　年　　月　　日　　时　　分", 14, 3), Field("地点", "", label_units=2)
    )
    form.fields(Field("方式", "□ 面谈　□ 电话　□ 视频　□ 书面"))
    form.fields(Field("类型", "□ 日常　□ 学业预警　□ 心理疏导　□ 行为纠正　□ 家校"))
    form.fields(Field("四导", _GUIDANCES))
    form.fields(Field("核心内容", ""), lines_to_write=lines)
    form.fields(Field("学生反应", ""), lines_to_write=1)
    form.fields(Field("行动计划", "", 12), Field("跟进日期", "　　月　　日"), least=21)


def _add_visit(form: Form) -> None:
    form.fields(Field("日期时间", "　　　年　　月　　日　　时　　分 至　　时　　分"))
    form.fields(Field("形式", "□ 上门　□ 电话　□ 视频", 9), Field("在场的人", ""))
    form.fields(Field("四导", _GUIDANCES))
    for label, lines in (
        ("家庭成员与父母外出", 2),
        ("家庭经济", 1),
        ("教育观念与氛围", 2),
        ("居住与学习环境", 2),
        ("在校表现", 2),
        ("在家表现", 2),
        ("教育需求", 1),
        ("家长反馈", 3),
        ("问题与建议", 3),
    ):
        form.fields(Field(label, "", label_units=4), lines_to_write=lines)
    form.fields(Field("后续计划", "", 12, 4), Field("跟进日期", "　　月　　日"), least=21)
    form.fields(Field("新的承诺", "", label_units=4), lines_to_write=1)


def _to_sign(label: str, name: str, duty: str = "") -> str:
    """Name who is to sign, with the 职务 where the form asks for it (without what it says in brackets: the line to sign
    on needs the room); the line stays empty.
    """
    said = "，".join(part for part in (name, duty.partition("（")[0] if name else "") if part)
    return f"{label}（{said}）：" if said else f"{label}："


def _cut_line(page: Page, top: float) -> None:
    """Draw where two talks are cut apart."""
    page.rule(LEFT, top - 13, RIGHT)
