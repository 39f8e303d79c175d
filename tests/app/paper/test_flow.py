"""Rows on pages: all there, in order, apart from each other, inside the margins."""

import io

from hypothesis import given, settings
from hypothesis import strategies as st

from app.paper.document import Document
from app.paper.flow import BREAKABLE, arrange, draw
from app.paper.form import Block, Column, Field, Form, Row
from app.paper.page import BOTTOM, LANDSCAPE, PORTRAIT, Page
from tests.app.paper.people import STAMP

SETTER = Document(io.BytesIO(), title="", author="", stamp=STAMP).setter
COLUMNS = (Column("日期", 4), Column("内容"))


def value_lines(rows):
    """Return the lines of all value cells, column by column."""
    found = {}
    for row in rows:
        if isinstance(row, Row):
            for cell in row.cells:
                if not cell.label:
                    found.setdefault(cell.x, []).extend(line for line in cell.lines if line.runs)
    return found


def check_geometry(plans, paper):
    for plan in plans:
        edge = paper.top
        for top, item in plan:
            assert top <= edge + 0.01
            edge = top - item.height
            assert edge >= paper.bottom - 0.01
            if isinstance(item, Row):
                assert all(cell.text_height <= item.height for cell in item.cells)
                last = item.cells[-1]
                assert abs(last.x + last.width - paper.width) < 0.01


values = st.integers(0, 1500).map(lambda count: "守望" * (count // 2))


@settings(max_examples=60)
@given(
    st.sampled_from((PORTRAIT, LANDSCAPE)),
    st.lists(
        st.one_of(
            st.tuples(st.just("section")),
            st.tuples(st.just("fields"), values),
            st.tuples(st.just("side"), values, values),
            st.tuples(st.just("table"), st.lists(values, max_size=8), st.integers(0, 4)),
            st.tuples(st.just("passage"), values),
            st.tuples(st.just("block"), st.integers(20, 200)),
        ),
        min_size=1,
        max_size=14,
    ),
)
def test_nothing_is_lost_cut_or_overlapping(paper, parts):
    form = Form(SETTER, paper)
    for part in parts:
        match part:
            case ("section",):
                form.section("一、情况")
            case ("fields", text):
                form.fields(Field("姓名", text, 9), Field("住址", text))
            case ("side", first, second):
                with form.side("父亲"):
                    form.fields(Field("姓名", first))
                    form.fields(Field("务工地", second))
            case ("table", texts, blank):
                form.table(COLUMNS, [(text, text) for text in texts], blank_rows=blank, stretch=3)
            case ("passage", text):
                form.passage(text, lines_to_write=3)
            case ("block", height):
                form.block(height, lambda page, top: None)
    items = form.take()
    plans = arrange(items, paper)
    check_geometry(plans, paper)
    placed = [item for plan in plans for _, item in plan]
    assert value_lines(placed) == value_lines(items)
    assert [item for item in placed if isinstance(item, Block)] == [
        item for item in items if isinstance(item, Block)
    ]
    assert all(plan for plan in plans)


def test_a_section_goes_on_with_its_bar_and_its_column_heads():
    form = Form(SETTER)
    form.section("五、联系顺序")
    form.table(COLUMNS, [("2026-11-21", "电话")] * 90)
    plans = arrange(form.take())
    again = SETTER.wrap("五、联系顺序（续）", plans[0][0].item.cells[0].style, 400)
    heads = plans[0][1].item
    assert len(plans) >= 3
    for plan in plans[1:]:
        assert plan[0].item.cells[0].lines == again
        assert plan[1].item.cells == heads.cells


def test_a_list_without_sections_goes_on_with_its_column_heads():
    form = Form(SETTER, LANDSCAPE)
    form.table(COLUMNS, [("2026-11-21", "电话")] * 90)
    plans = arrange(form.take(), LANDSCAPE)
    heads = plans[0][0].item
    assert len(plans) >= 3
    for plan in plans[1:]:
        assert plan[0].item.cells == heads.cells
        assert not plan[1].item.cells[0].label


def test_a_bar_does_not_end_a_page():
    for rows_before in range(20, 45):
        form = Form(SETTER)
        form.section("一、情况")
        for _ in range(rows_before):
            form.fields(Field("姓名", "张三"))
        form.section("二、情况")
        form.table(COLUMNS, [("2026", "电话")])
        for plan in arrange(form.take()):
            assert not plan[-1].item.with_next


def test_rows_of_ordinary_height_are_not_broken():
    form = Form(SETTER)
    form.section("一、情况")
    form.table(COLUMNS, [("2026", "电话" * 60)] * 40)
    items = form.take()
    ordinary = {id(item) for item in items if item.height <= BREAKABLE}
    placed = [item for plan in arrange(items) for _, item in plan]
    assert ordinary <= {id(item) for item in placed}


def test_blank_rows_fill_the_last_page():
    form = Form(SETTER)
    form.section("一、跟踪")
    form.table(COLUMNS, (), blank_rows=2, blank_height=30, stretch=40)
    form.block(80, lambda page, top: None)
    [plan] = arrange(form.take())
    assert 0 <= plan[-1].top - 80 - BOTTOM < 30


def test_a_row_that_goes_on_overleaf_says_whose_it_is_and_leaves_no_single_line():
    columns = (Column("序号", 2), Column("学生", 4), Column("过程", 6), Column("结果"))
    broken = 0
    for above in range(24, 40):
        form = Form(SETTER)
        form.table(columns, [("1", "龙婷", "上门", "来了")] * above + [("2", "覃龑", "守望" * 60, "答应")])
        plans = [
            [placed.item for placed in plan if isinstance(placed.item, Row)] for plan in arrange(form.take())
        ]
        if len(plans) < 2 or len(plans[1]) != 2:
            continue
        first, rest = plans[0][-1].cells, plans[1][1].cells
        if first[0].lines == rest[0].lines:  # broken, not moved whole
            broken += 1
            assert rest[1].lines == first[1].lines
            assert min(len(rest[2].lines), len(first[2].lines)) >= 2
            assert rest[3].lines == (), "what stands behind it is said once"
    assert broken > 2


def test_numbers_of_a_column_for_numbers_end_under_each_other():
    form = Form(SETTER)
    form.table(
        (Column("种类", 6), Column("条数", 3, right=True), Column("备注")),
        [("谈心", "1284", ""), ("家访", "7", "")],
    )
    page = Page()
    ends = []
    page.text_right = lambda x, _baseline, _line, _size: ends.append(x)
    draw(arrange(form.take())[0], page)
    assert len(ends) == 2
    assert len(set(ends)) == 1
