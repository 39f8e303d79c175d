"""恢复演习记录: one page that proves that the backups can be brought back, without anybody's name but the staff's."""

from pathlib import Path
from typing import BinaryIO

from app.paper.document import Document, opened
from app.paper.drill_data import DrillProof
from app.paper.form import Column, Field, Form
from app.paper.framing import add_signatures, add_title, write_list
from app.paper.printing import PrintResult, PrintStamp

TITLE_WORDS = "数据恢复演习记录"
_COLUMNS = (Column("序号", 2, centred=True), Column("核对内容", 9), Column("查到的", 10), Column("相符"))


def render_drill_proof(proof: DrillProof, out: Path | BinaryIO, *, stamp: PrintStamp) -> PrintResult:
    """Write the page; ``out`` as a path is written beside, flushed and renamed."""
    with opened(out) as file:
        document = Document(file, title=TITLE_WORDS, author=proof.school, stamp=stamp)
        setter = document.setter
        form = Form(setter)
        add_title(form, setter, TITLE_WORDS, proof.school)
        form.section("演习")
        form.fields(Field("学期", proof.term, 9), Field("演习日期", proof.held_on))
        form.fields(Field("所用备份", proof.backup))
        form.fields(Field("备份里有", proof.holds))
        form.section("逐项核对")
        rows = [
            (str(number), line.what, line.found, "相符" if line.ok else "不符")
            for number, line in enumerate(proof.lines, start=1)
        ]
        form.table(_COLUMNS, rows)
        form.section("结论")
        form.passage(proof.conclusion, lines_to_write=1)
        add_signatures(
            form,
            setter,
            (("演习人：", proof.who), ("学校负责人：", "")),
            (("日期：", proof.held_on), ("学校（盖章）", "")),
        )
        return write_list(document, form, TITLE_WORDS)
