"""What is due as a list shows it: everything is counted once, and what is the same for many stands in one line."""

from datetime import date

from app.todo.board import SINGLY, board_of, chip_of
from app.todo.rules import Due, DueKind, State, state_of

DAY = date(2026, 11, 18)


def due(number, day, kind=DueKind.CADENCE, activity="talk", who="李国平"):
    state = state_of(day, DAY)
    return Due(kind, "每周谈心一次", "", day, DAY, state, activity, child_uuid=str(number), supporter=who)


def shape(board, state):
    return next([len(line) for line in one.lists] for one in board.states if one.state is state)


def test_every_item_is_counted_under_one_chip_and_stands_in_one_line():
    items = [
        *(due(number, date(2026, 11, 15), who="周晓燕" if number % 2 else "") for number in range(9)),
        *(due(number, date(2026, 11, 18), DueKind.UNPAIRED, "") for number in range(SINGLY)),
        *(due(number, date(2026, 11, 29)) for number in range(8)),
        *(due(number, date(2026, 11, 29), activity="home_visit") for number in range(2)),
        due(1, date(2026, 11, 29), DueKind.PROMISE),
    ]
    board = board_of(items)
    assert sum(one.number for one in board.states) == len(items)
    assert board.number == sum(board.counts.values()) == 9 + SINGLY, "next week is looked ahead at"
    assert shape(board, State.OVERDUE) == [1] * 9, "each is overdue by itself"
    assert shape(board, State.THIS_WEEK) == [1] * SINGLY
    # Of 谈心 and 家访 the rule has the same words here: next week is said by the rule.
    assert shape(board, State.NEXT_WEEK) == [10, 1]
    assert shape(board_of([*items[9:14], due(99, DAY, DueKind.UNPAIRED, "")]), State.THIS_WEEK) == [
        SINGLY + 1
    ]
    assert board.counts["talk", "谈心", "周晓燕"] == 4
    assert board.counts["pair", "结对", "李国平"] == SINGLY
    assert {key for key, _, _ in board.counts} == {"talk", "pair"}
    assert {chip_of(item) for item in items} == {"talk", "pair", "home_visit", "promise"}


def test_whom_a_verb_walks_are_the_children_of_its_kind_in_their_order_once():
    items = [due(number, date(2026, 11, 15)) for number in (3, 1, 3, 2)]
    overdue = board_of([*items, due(9, date(2026, 11, 15), DueKind.EVENT)]).states[0]
    whom = {key: tuple(found) for key, found in overdue.among.items()}
    assert whom == {(DueKind.CADENCE, "talk"): ("3", "1", "2"), (DueKind.EVENT, "talk"): ("9",)}
    assert overdue.among[DueKind.CADENCE, "talk"]["3"] is items[0]


def test_one_paper_form_is_a_line_about_papers():
    found = board_of([due(1, date(2026, 11, 15), DueKind.PAPER_FORM)])
    assert shape(found, State.OVERDUE) == [1]
    assert board_of([]).number == 0


def test_what_waits_for_a_paper_is_counted_as_what_is_to_be_done():
    talks = [due(1, date(2026, 11, 15))._replace(form="ABCD2345"), due(2, DAY)]
    talks += [due(1, DAY, DueKind.EVENT)._replace(form="ABCD2345"), due(3, DAY)._replace(form="MMMM2222")]
    found = board_of(talks)
    assert (found.number, sum(found.counts.values())) == (4, 4)
