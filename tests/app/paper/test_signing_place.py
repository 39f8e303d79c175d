"""Lines to sign never stand alone on a page, however many rows the list has."""

from __future__ import annotations

import io

from app.paper.document import Document
from app.paper.flow import arrange
from app.paper.form import Block, Column, Form, Row
from app.paper.framing import add_signatures, add_title
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
