"""The sheets of the diary: two ordinary talks share a page, a visit has one of its own."""

from __future__ import annotations

import io

from app.paper.record_data import Card, ChildSheets
from app.paper.record_sheets import render_sheets
from tests.app.paper.people import STAMP

_FACTS = [
    (label, "") for label in ("姓名", "班级", "日期时间", "地点", "谈话人", "职务", "类型", "方式", "四导")
]


def card(*, alone=False, content="作业本卷了角，字比上月工整，当面表扬了。" * 3):
    texts = [("背景", ""), ("核心内容", content), ("学生反应", ""), ("行动计划", "")]
    return Card(
        title="谈心（谈话）记录表",
        number="第 1 次",
        facts=_FACTS,
        texts=texts,
        signers=("谈话人：", "记录日期："),
        late="补录（80 天）",
        alone=alone,
    )


def pages_of(*cards):
    child = ChildSheets(
        key="a", name="龙婷", class_name="三（1）班", school="青石坪小学", span="", cards=cards
    )
    return render_sheets([child], io.BytesIO(), title="关爱记录表", stamp=STAMP).pages


def test_two_talks_share_a_page_though_little_was_written():
    assert pages_of(card(), card()) == 1
    assert pages_of(*[card()] * 5) == 3
    assert pages_of(card(), card(alone=True), card()) == 3
