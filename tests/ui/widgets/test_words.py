"""Words on the page: where a line may end, heads of several lines, counts in menus, whose ring stands where."""

from itertools import pairwise

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QLabel, QWidget

from ui import theme
from ui.drafts import EntryPanel
from ui.theme import Tone, Type
from ui.widgets import DateField, FormRow, Menu, Text, Verb
from ui.widgets.dialog import Panel
from ui.widgets.paint import broken, held_together
from ui.widgets.versus import Versus, VersusLine

COUNTED = "「余晓东」二（2）班，名下 81 条记录都并过来（监护照护 12 条、关爱记录 58 条），第 2 次，占 28 %"
FILE = "原来的文件没有删，留在同一个文件夹：守望.db.damaged-20261120_104200。"


def test_no_line_ends_between_a_number_and_what_it_counts(look):
    font = theme.font(Type.BODY)
    for width in range(120, 420, 7):
        lines = broken(COUNTED, font, width)
        assert "".join(lines).replace(" ", "") == COUNTED.replace(" ", "")
        assert sum("二（2）班" in line for line in lines) == 1
        assert not any(line[-1].isdigit() and after[0] in "条次%" for line, after in pairwise(lines))
        assert not any(line.endswith("第") for line in lines)
    assert not any(line.endswith("守") for width in range(60, 200, 7) for line in broken(FILE, font, width))
    assert held_together("2026-11-20 陈雪（女） 3 cm") == "2026-11-20\u00a0陈雪（女） 3 cm"


def test_a_label_that_wraps_holds_numbers_together_and_gives_its_words_as_they_are(look):
    wrapped, marked = Text("名下 81 条记录", wrap=True), Text("名下 81 条记录", wrap=True, selectable=True)
    assert wrapped.text() == marked.text() == "名下 81 条记录"
    assert QLabel.text(wrapped) == "名下 81\u00a0条记录"
    assert QLabel.text(marked) == "名下 81 条记录", "what is copied from it is found elsewhere"
    wrapped.setText("名下 3 条")
    assert (wrapped.text(), QLabel.text(wrapped)) == ("名下 3 条", "名下 3\u00a0条")


@pytest.mark.parametrize("name", ["陈雪", "买买提·阿卜杜热西提"])
def test_a_question_of_two_lines_has_two_of_about_one_length(look, qtbot, name):
    panel = Panel(None, f"把 {name}（二（2）班，2019-08）移到回收站？", [Verb("stay", "先不动")])
    qtbot.addWidget(panel)
    panel.setModal(False)
    with qtbot.waitExposed(panel):
        panel.show()
    lines = broken(panel.head.text(), panel.head.font(), panel.head.width())
    assert len(lines) == (1 if name == "陈雪" else 2)
    assert min(map(len, lines)) > len(panel.head.text()) // (len(lines) + 1)


def test_ones_stand_below_ones_in_a_menu(look, qtbot):
    menu = Menu()
    qtbot.addWidget(menu)
    entries = [
        menu.add(f"{words}\t{count}", list)
        for words, count in (("一（1）班", 8), ("一（2）班", 10), ("全部", 118))
    ]
    plain = menu.add("存为视图…", list)
    for _ in range(2):
        menu.aboutToShow.emit()
    counts = [entry.text().split("\t")[1] for entry in entries]
    assert [int(count.strip()) for count in counts] == [8, 10, 118]
    letters = menu.fontMetrics()
    ends = [letters.horizontalAdvance(count) for count in counts]
    assert max(ends) - min(ends) <= letters.horizontalAdvance("0") // 4
    assert plain.text() == "存为视图…"


def test_the_ring_of_a_choice_goes_round_its_words(look, qtbot):
    versus = Versus()
    qtbot.addWidget(versus)
    versus.show_groups(
        [("不一样的地方", "", [VersusLine("name", "姓名", ("keep", "蒋伟"), ("drop", "余晓东"), "keep")])]
    )
    versus.resize(QSize(700, 200))
    versus.show()
    qtbot.bring(versus)
    option = versus.options["name"]["keep"]

    def ringed():
        picture = option.grab().toImage()
        row = option.height() // 2
        ring = theme.colour(Tone.ACCENT).rgb()
        return [
            x for x in range(option.words.x() - look.s4, picture.width()) if picture.pixel(x, row) == ring
        ]

    assert not option.radio.hasFocus() or ringed()
    option.radio.setFocus()
    qtbot.waitUntil(option.radio.hasFocus)
    assert ringed()[0] == option.words.x() - look.s4
    assert ringed()[-1] > option.words.x() + look.s16
    versus.options["name"]["drop"].radio.setFocus()
    qtbot.waitUntil(lambda: not option.radio.hasFocus())
    assert not ringed()


@pytest.mark.parametrize(("high", "gap"), [(688, 8), (300, 4)])
def test_rows_of_a_form_move_together_only_where_the_window_is_low(look, qtbot, high, gap):
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(911, high)
    panel = EntryPanel(window, "记一件事", list, verb="存上")
    for label in ("从哪天起", "到哪天止", "哪天知道", "哪天核实"):
        panel.add(FormRow(label, DateField(quiet=False)))
    panel.setModal(False)
    with qtbot.waitExposed(panel):
        panel.show()
    assert panel.form.spacing() == gap
    tops = [panel.form.itemAt(place).geometry().top() for place in range(panel.form.count())]
    assert {below - above for above, below in pairwise(tops)} == {look.field + gap}
