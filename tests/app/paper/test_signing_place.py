"""Lines to sign never stand alone on a page, however many rows the list has, and no label runs into the next one."""

from __future__ import annotations

import io

import pytest

from app.paper.document import Document
from app.paper.flow import arrange
from app.paper.form import Block, Column, Form, Row
from app.paper.framing import add_signatures, add_title
from app.paper.page import LABEL, WIDTH
from app.paper.signing import signature_rows
from tests.app.paper.people import STAMP


def test_lines_to_sign_stand_below_rows_of_the_list():
    setter = Document(io.BytesIO(), title="", author="", stamp=STAMP).setter
    columns = (Column("序号", 2), Column("姓名"))
    breaks = 0
    for count in range(2, 70):
        form = Form(setter)
        add_title(form, setter, "签到表", "青石坪镇中心小学")
        form.section("签到")
        form.table(columns, [(str(place), "覃小禾") for place in range(count)], least=26)
        add_signatures(form, setter, (("主持人：", ""),), (("日期：", ""),))
        plans = arrange(form.take())
        items = [placed.item for placed in plans[-1]]
        assert isinstance(items[-1], Block)
        assert sum(isinstance(item, Row) and not item.bar and item.head is not None for item in items) >= 2
        written = sum(
            isinstance(placed.item, Row) and placed.item.head is not None for plan in plans for placed in plan
        )
        assert written == count, "no row is lost"
        breaks += len(plans) > 1
    assert breaks > 30


@pytest.mark.parametrize(
    ("row", "rows"),
    [
        ((("教师：", ""), ("监护人（手印）：", ""), ("日期：", "")), 1),
        ((("谈话人（阿卜杜热西提·买买提吐尔逊·努尔，语文教师）：", ""), ("日期：", "")), 1),
        ((("接手人（阿卜杜热西提·买买提吐尔逊·努尔）：", ""),) * 2, 2),
        ((("村支书：", ""), ("中心校校长（阿卜杜热西提·买买提吐尔逊·努尔）：", ""), ("中学校长：", "")), 2),
        ((("记录人（" + "长" * 60 + "）：", ""),), 1),
    ],
)
def test_a_long_name_has_the_room_it_needs_and_everybody_a_line(row, rows):
    setter = Document(io.BytesIO(), title="", author="", stamp=STAMP).setter
    shared = signature_rows(setter, (row,), WIDTH)
    assert [part.label for line in shared for part in line] == [label for label, _ in row]
    assert len(shared) == rows
    for line in shared:
        assert sum(part.width for part in line) <= WIDTH + 0.01 or len(line) == 1
        for part in line if len(row) > 1 else ():
            words = setter.line(part.label, LABEL.font).width * LABEL.size / 1000
            assert part.width - words > 60
    even = signature_rows(setter, ((("甲：", ""), ("乙方：", "")),), WIDTH)
    assert [part.width for part in even[0]] == [WIDTH / 2, WIDTH / 2]
