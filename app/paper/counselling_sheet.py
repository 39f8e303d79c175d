"""心理辅导记录表 (domain.md §5.20) and the recovery slip of the counsellor. Neither ID number nor address stands on them."""

from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO, Final

from msgspec import Struct, field

from app.paper.document import Document, opened
from app.paper.form import Column, Field, Form
from app.paper.framing import add_signatures, add_title, write_list
from app.paper.page import SMALL
from app.paper.printing import PrintResult, PrintStamp

TITLE: Final = "心理辅导记录表"
SLIP_TITLE: Final = "心理疏导恢复单"
_WARNING: Final = "由辅导教师本人保管，不入一人一档"
_WORDS: Final = (
    Column("序号", 2, centred=True),
    Column("词", 6),
    Column("序号", 2, centred=True),
    Column("词"),
)
_SLIP_NOTES: Final = (
    "忘了口令，用这 12 个词（顺序不变）可以重设，原来的记录一份不少。",
    "词只在这张纸上，电脑里没有存。请封好放进学校保险柜，写上日期。",
    "谁拿到这张纸和这台电脑，谁就能打开全部记录。不要拍照，不要复印。",
    "口令和这张单都丢了，以前的记录谁也打不开，包括做这个软件的人。",
)


class CounsellingSheet(Struct, frozen=True, kw_only=True):
    """What the sheet says; ``texts`` are (label, text), lines to write where a text is ""."""

    school: str
    number: str
    child: str
    class_name: str
    sex: str = ""
    age: str = ""
    when: str = ""
    place: str = ""
    counsellor: str = ""
    form: str = ""
    origin: str = ""
    texts: Sequence[tuple[str, str]] = field(default=())


def render_counselling(sheet: CounsellingSheet, out: Path | BinaryIO, *, stamp: PrintStamp) -> PrintResult:
    """Write the sheet. Whoever calls it with a path leaves the text readable there: the window gives it memory only."""
    with opened(out) as file:
        document = Document(file, title=TITLE, author=sheet.school, stamp=stamp)
        paper = Form(document.setter)
        number = f"编号 {sheet.number}\n" if sheet.number else ""
        add_title(paper, document.setter, TITLE, sheet.school, number + _WARNING, right_style=SMALL)
        paper.section("对象和时间")
        paper.fields(Field("姓名或代号", sheet.child, 8, 4), Field("班级", sheet.class_name, label_units=4))
        paper.fields(Field("性别", sheet.sex, 8, 4), Field("年龄", sheet.age, label_units=4))
        paper.fields(Field("日期·起止", sheet.when, 8, 4), Field("地点", sheet.place, label_units=4))
        paper.fields(Field("形式", sheet.form, 8, 4), Field("来源", sheet.origin, label_units=4))
        paper.section("内容")
        for label, text in sheet.texts:
            paper.fields(Field(label, text, label_units=4), lines_to_write=3)
        add_signatures(paper, document.setter, (("辅导教师：", sheet.counsellor), ("日期：", "")))
        return write_list(document, paper, TITLE)


def render_slip(words: Sequence[str], *, school: str, out: Path | BinaryIO, stamp: PrintStamp) -> PrintResult:
    """Write the words of a recovery slip, two columns, with what they are for."""
    with opened(out) as file:
        document = Document(file, title=SLIP_TITLE, author=school, stamp=stamp)
        paper = Form(document.setter)
        add_title(paper, document.setter, SLIP_TITLE, school)
        paper.section("恢复用的词")
        half = (len(words) + 1) // 2
        rows = [
            (str(place + 1), words[place], str(place + half + 1), words[place + half])
            for place in range(len(words) - half)
        ]
        paper.table(_WORDS, rows)
        paper.section("怎么用")
        for note in _SLIP_NOTES:
            paper.passage(note, lines_to_write=0)
        add_signatures(paper, document.setter, (("保管人：", ""), ("封存日期：", "")))
        return write_list(document, paper, SLIP_TITLE)
