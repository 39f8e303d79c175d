"""A list knows on which of its pages each call stands: of some pages printed only those calls count as told."""

from io import BytesIO

from app.paper.call_lists import DutyList, DutyPart, DutyRow, WallGrid, WallList, render_duty, render_wall
from tests.app.paper.people import STAMP

CALLS = [f"call-{number}" for number in range(40)]


def in_order(found):
    """The pages of the calls, seen to begin on the first, to end on the last, and never to go back."""
    pages = [found.page_of_child[call] for call in CALLS]
    assert pages == sorted(pages)
    assert (pages[0], pages[-1] > 1, pages[-1] <= found.pages) == (1, True, True)


def test_of_the_list_for_the_wall():
    rows = [(f"12:{number:02}", ("覃晓雨", "")) for number in range(20)]
    calls = [(CALLS[2 * number], CALLS[2 * number + 1]) for number in range(20)]
    grid = WallGrid(head="一号机", days=("周一 11-16", "周二 11-17"), rows=rows, calls=calls)
    in_order(render_wall(WallList(school="青石坪小学", span="", grids=(grid,)), BytesIO(), stamp=STAMP))


def test_of_the_list_of_who_is_on_duty():
    rows = [
        DutyRow(time="12:00", child="覃晓雨", first="", then="", mind="", calls=(call,)) for call in CALLS
    ]
    duty = DutyList(school="青石坪小学", span="", parts=(DutyPart(head="周一", rows=rows),))
    in_order(render_duty(duty, BytesIO(), stamp=STAMP))
