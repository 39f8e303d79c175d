"""The first day by keyboard alone: from the first start to the first ledger in a file, on five screens; and the demo school."""

from __future__ import annotations

from functools import partial

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from app.school.queries import staff
from app.school.service import add_staff
from app.storage.data_place import Proposal, ledger_path
from app.storage.store import Store
from app.tasks.demo import make_demo
from tests.stories.hands import PLAIN, Hands
from tests.stories.messy import CHILDREN, SCHOOL, write_messy
from ui.pages.importing.page import CHECK, DONE, FILE, ImportPage
from ui.shell.first_run import FirstRun
from ui.shell.place import Proposed
from ui.widgets import Banner, Link, Text
from ui.widgets.cuts import cuts_of

MOST_SCREENS = 5
MOST_KEYS = 300
"""Ten minutes at two seconds a key, for somebody who looks for each."""
KEYS_PER_SIGN = 4
"""What a sign costs in pinyin, on the safe side: its letters and the choice."""
SAFE_NAMES = {name for name, *_ in CHILDREN}


class CountingHands(Hands):
    """Counts what she presses, and notes each screen she is shown."""

    def __init__(self, teacher, program):
        super().__init__(teacher, program)
        self.keys = 0
        self.screens = []
        self.look()

    def press(self, key, modifier=PLAIN, times=1):
        self.keys += times
        super().press(key, modifier, times)
        self.look()

    def writes(self, text):
        self.keys += KEYS_PER_SIGN * len(text)
        super().writes(text)
        self.look()

    def look(self):
        """Note what is in front of her; the same screen twice counts once."""
        front = QApplication.activeModalWidget()
        if front is not None:
            name = type(front).__name__
        elif self.program.sitting is not None:
            page = self.page
            step = page.step if isinstance(page, ImportPage) else ""
            name = f"{type(page).__name__}{step}"
        else:
            name = type(self.program.start_window.screen_shown).__name__
        if name not in self.screens:
            self.screens.append(name)


@pytest.fixture(autouse=True)
def small_demo(monkeypatch):
    """The demo school is made by its own code, with fewer children."""
    monkeypatch.setattr("app.tasks.demo.make_demo", partial(make_demo, children=12))


@pytest.fixture
def first_start(start, teacher, tmp_path):
    """The first screen, with a place in the test's own folder proposed."""
    program = start()
    screen = program.start_window.screen_shown
    assert isinstance(screen, FirstRun)
    screen.propose(Proposed(Proposal(tmp_path / "守望数据", "", tmp_path / "守望备份", "")))
    teacher.qtbot.bring(program.start_window)
    hands = CountingHands(teacher, program)
    hands.settles()
    return hands


def test_from_the_first_start_to_the_first_ledger_on_five_screens(first_start, teacher, tmp_path):
    hands, program = first_start, first_start.program
    roster, book = write_messy(tmp_path / "花名册.xlsx"), tmp_path / "第一份台账.xlsx"

    # 1: the ways in; the likeliest has the keyboard
    assert hands.here.text() == "导入花名册"
    hands.press(Qt.Key.Key_Return)

    # 2: the school
    hands.in_panel()
    hands.writes(SCHOOL)
    hands.tabs_to("登记人")
    hands.writes("陈素兰")
    hands.tabs_to("建好，去导入")
    hands.press(Qt.Key.Key_Return)
    teacher.sits(program)
    hands.back_in_window()

    # 3: the file
    assert hands.page.step == FILE
    assert hands.here.text() == "选文件"
    program.dialogs.files.append(roster)
    hands.press(Qt.Key.Key_Return)
    assert hands.here.text() == "下一步：核对", "every column was recognised"
    assert cuts_of(hands.window) == []
    hands.press(Qt.Key.Key_Return)

    # 4: what becomes of each row; one is written twice and may wait
    assert hands.page.step == CHECK
    hands.tabs_to("写入")
    hands.press(Qt.Key.Key_Return)

    # 5: it is in; the ledger as a file
    assert hands.page.step == DONE
    program.dialogs.files.append(book)
    hands.tabs_to("存一份 Excel 台账…")
    hands.press(Qt.Key.Key_Return)

    cells = {str(cell.value) for sheet in load_workbook(book) for line in sheet.iter_rows() for cell in line}
    assert cells >= SAFE_NAMES
    assert not [text for text in cells if text.isdigit() and len(text) == 18], (
        "whole numbers only with a reason"
    )
    assert len(hands.screens) <= MOST_SCREENS, hands.screens
    assert hands.keys <= MOST_KEYS, hands.keys
    assert program.path == ledger_path(tmp_path / "守望数据")
    assert not program.dialogs.faults


def test_the_day_the_first_roster_speaks_of_is_proposed_said_and_hers_to_change(
    first_start, teacher, tmp_path, clock
):
    """On the first day the step of the columns is passed over: the data date must be met all the same."""
    hands, program = first_start, first_start.program
    hands.press(Qt.Key.Key_Return)
    hands.in_panel()
    hands.writes(SCHOOL)
    hands.tabs_to("登记人")
    hands.writes("陈素兰")
    hands.tabs_to("建好，去导入")
    hands.press(Qt.Key.Key_Return)
    teacher.sits(program)
    hands.back_in_window()
    program.dialogs.files.append(write_messy(tmp_path / "花名册.xlsx"))
    hands.press(Qt.Key.Key_Return)
    assert hands.page.file.date.value == "2026-09-10", "填表时间 on the sheet"
    said = [text.text() for text in hands.page.file.findChildren(Text) if text.isVisible()]
    assert any("填表时间" in words or "2026年9月10日" in words for words in said)

    hands.tabs_to(hands.page.file.date, back=True)
    hands.here.selectAll()
    hands.types("2026.10.8")
    hands.tabs_to("下一步：核对")
    hands.press(Qt.Key.Key_Return)
    assert hands.page.step == CHECK
    hands.tabs_to("写入")
    hands.press(Qt.Key.Key_Return)
    assert hands.page.step == DONE
    teacher.closes(program)
    with Store.open(ledger_path(tmp_path / "守望数据"), clock=clock, read_only=True) as store:
        assert store.rows("SELECT data_date FROM import_run") == [("2026-10-08",)]
        begun = store.rows("SELECT DISTINCT valid_from FROM registration")
    assert begun == [(None,)], "since when nobody knows: neither this day nor that of the import"


def test_nothing_is_made_or_remembered_before_a_way_is_taken_to_its_end(first_start, tmp_path, start):
    hands = first_start
    hands.press(Qt.Key.Key_Return)
    hands.in_panel()
    hands.press(Qt.Key.Key_Escape)
    assert not (tmp_path / "守望数据").exists()
    assert hands.program.usual_path is None
    hands.program.start_window.close()
    again = start()
    assert isinstance(again.start_window.screen_shown, FirstRun), "and not: the data file is missing"


# ---- the demo school ------------------------------------------------------------------------------------------------


def bar_of(program):
    """The coloured bar of the demo school; None on a ledger of one's own."""
    bars = program.sitting.window.current_page().findChildren(Banner)
    return next((bar for bar in bars if "这是演示学校" in words_of(bar) and bar.isVisible()), None)


def words_of(widget):
    return " ".join(text.text() for text in widget.findChildren(Text))


def test_the_demo_school_from_the_first_screen_and_out_again(first_start, teacher, tmp_path):
    program = first_start.program
    teacher.presses(program.start_window, "看演示学校")
    teacher.sits(program)
    assert program.path == tmp_path / "守望数据" / "演示学校" / "演示学校.db"
    assert program.usual_path is None, "looking at it settles nothing"
    for page in ("ledger", "diary", "settings"):
        teacher.goes_to(program, page)
        assert bar_of(program) is not None
    bar_of(program).findChild(Link).click()
    teacher.waits(lambda: program.sitting is None and program.start_window is not None)
    teacher.waits(lambda: isinstance(program.start_window.screen_shown, FirstRun))


def test_in_and_out_of_the_demo_school_touches_nothing_of_hers(start, teacher, tmp_path, clock):
    program = start()
    teacher.founds(program, tmp_path, way="新建学校")
    teacher.closes(program)
    own = ledger_path(tmp_path / "data")
    before = own.read_bytes()
    backups = names_in(tmp_path / "backups")
    again = start()
    teacher.sits(again)
    page = teacher.goes_to(again, "settings", section="display")
    assert bar_of(again) is None
    link = next(one for one in page.findChildren(Link) if one.text() == "看演示学校" and one.isVisible())
    link.click()
    teacher.waits(lambda: again.sitting is not None and again.path != own)
    teacher.settles(again)
    assert words_of(bar_of(again)).endswith("不会碰到您自己的数据。")
    assert again.sitting.context.backup_folder.is_relative_to(own.parent / "演示学校")
    again.sitting.context.write(add_staff, name="演示里加的人")
    teacher.settles(again)
    link = bar_of(again).findChild(Link)
    assert link.text() == "回到我的学校"
    link.click()
    teacher.waits(lambda: again.sitting is not None and again.path == own)
    teacher.settles(again)
    assert bar_of(again) is None
    assert "演示里加的人" not in again.sitting.context.entering.names
    teacher.closes(again)
    with Store.open(own, clock=clock, read_only=True) as store:
        assert [one.name for one in staff(store, clock.today())] == ["陈素兰"]
    assert names_in(tmp_path / "backups") == backups, (
        "nothing changed: no backup, none of the demo school either"
    )
    assert len(before) == own.stat().st_size


def names_in(folder):
    return sorted(one.name for one in folder.glob("*.db"))
