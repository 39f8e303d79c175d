"""A save that does not work in an open window: its buttons work, nothing typed is doubled, the window does not freeze."""

import re
import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer

from app.core.errors import EnvironmentFault
from app.core.messages import FAULTS, fault
from app.school.service import add_staff
from app.storage.backups import list_backups
from app.storage.data_place import ledger_path
from app.tasks.rescue import Refuge
from tests.ui.shell.disks import disk, fill, held_by_another
from tests.ui.shell.hands import close, press, said, sits, wait_for_screen
from ui.errors import AGAIN
from ui.shell.mending import ELSEWHERE, LEAVE, REPEATS
from ui.shell.rescuing import FOLDER, GO, RescuePanel
from ui.widgets import Text

PATIENCE = 20_000


class Boxes:
    """The boxes of faults, which stay open until a test answers."""

    def __init__(self, program, qtbot):
        self.asked = []
        self._qtbot = qtbot
        program.dialogs.fault = self._fault

    def _fault(self, head, parts, verbs, on_choice):
        self.asked.append((head, parts, [verb.words for verb in verbs], on_choice))

    def wait(self, count=1):
        self._qtbot.waitUntil(lambda: len(self.asked) == count, timeout=PATIENCE)
        return self.asked[-1]


@pytest.fixture
def boxes(school, qtbot):
    # Before the first save the file is looked through, which waits for another program, too.
    qtbot.waitUntil(lambda: not school.jobs.busy, timeout=PATIENCE)
    return Boxes(school, qtbot)


def saves(program, name="李国平"):
    saved = []
    program.sitting.context.write(add_staff, name=name, on_done=saved.append)
    return saved


def staff_of(program):
    return program.sitting.context.entering.names


@pytest.fixture
def full_disk(school, boxes, start, tmp_path, qtbot):
    """The school opened from a disk that is full; `free()` makes room again."""
    close(school, qtbot)
    with disk(tmp_path / "disk", "-o", "size=5m") as place:
        shutil.copy(ledger_path(tmp_path / "data"), place / "守望.db")
        program = start(place / "守望.db")
        qtbot.waitUntil(sits(program), timeout=PATIENCE)
        qtbot.waitUntil(lambda: not program.jobs.busy, timeout=PATIENCE)
        filler = place / "filler"
        fill(filler)
        yield program, filler.unlink
        filler.unlink(missing_ok=True)
        close(program, qtbot)


def test_disk_full_the_same_step_again_saves_it_once(full_disk, qtbot):
    program, free = full_disk
    boxes = Boxes(program, qtbot)
    saved = saves(program)
    _head, parts, verbs, answer = boxes.wait()
    assert parts[0].startswith("硬盘满了")
    assert verbs == ["知道了", ELSEWHERE, AGAIN]
    answer(AGAIN)
    _head, _parts, _verbs, answer = boxes.wait(2)
    assert not saved
    free()
    answer(AGAIN)
    qtbot.waitUntil(lambda: bool(saved), timeout=PATIENCE)
    qtbot.waitUntil(lambda: staff_of(program).count("李国平") == 1)
    assert "已保存" in program.sitting.window.status._saved.words.text()


def test_disk_full_what_is_saved_is_brought_elsewhere(full_disk, tmp_path, qtbot):
    program, free = full_disk
    boxes = Boxes(program, qtbot)
    saves(program)
    answer = boxes.wait()[3]
    answer(ELSEWHERE)
    qtbot.waitUntil(
        lambda: any(isinstance(panel, RescuePanel) for panel in program.dialogs.panels), timeout=PATIENCE
    )
    program.dialogs.folders.append(tmp_path / "rescued")
    program.dialogs.panels[-1].buttons[FOLDER].click()
    qtbot.waitUntil(lambda: bool(program.dialogs.asked), timeout=PATIENCE)
    question, lines, _verbs = program.dialogs.asked[-1]
    assert question.startswith("已拷好，读回核对一致：0 名儿童")
    found = list_backups(tmp_path / "rescued")
    assert [one.verified for one in found] == [True]
    assert found[0].path.name in " ".join(lines)
    free()


def waiting_says(program):
    """What the bar of somebody who waits says; "" while there is none: it comes again with the next try."""
    return said(program.waiting.bar) if program.waiting.bar is not None else ""


def test_held_by_another_program_is_said_soon_and_saved_when_it_lets_go(school, boxes, qtbot):
    ticks = []
    heart = QTimer()
    heart.timeout.connect(lambda: ticks.append(1))
    heart.start(20)
    with held_by_another(school.path) as let_go:
        saved = saves(school)
        qtbot.waitUntil(lambda: "被别的程序占用" in waiting_says(school))
        beats = len(ticks)
        qtbot.waitUntil(lambda: re.search(r"已等 \d+ 秒", waiting_says(school)) is not None)
        # The window goes on while it waits.
        qtbot.waitUntil(lambda: len(ticks) > beats + 5)
        assert (saved, boxes.asked) == ([], [])
        let_go()
        qtbot.waitUntil(lambda: bool(saved), timeout=PATIENCE)
    assert boxes.asked == []
    qtbot.waitUntil(lambda: school.waiting.bar is None, timeout=PATIENCE)
    qtbot.waitUntil(lambda: staff_of(school).count("李国平") == 1)


def test_she_need_not_wait_and_can_try_again(school, boxes, qtbot):
    with held_by_another(school.path) as let_go:
        saved = saves(school)
        qtbot.waitUntil(lambda: school.waiting.bar is not None, timeout=PATIENCE)
        school.waiting.bar.link.click()
        _head, parts, verbs, answer = boxes.wait()
        assert "被别的程序占用" in parts[0]
        assert verbs == ["知道了", AGAIN]
        assert not saved
        let_go()
        answer(AGAIN)
        qtbot.waitUntil(lambda: bool(saved), timeout=PATIENCE)
    qtbot.waitUntil(lambda: staff_of(school).count("李国平") == 1)


def test_leaving_does_not_wait_for_ever(school, qtbot, monkeypatch):
    monkeypatch.setattr("ui.shell.waiting.BUSY_SECONDS", 0.6)
    qtbot.waitUntil(lambda: not school.jobs.busy, timeout=PATIENCE)
    with held_by_another(school.path):
        school.dialogs.choices = ["leave"]
        with qtbot.waitSignal(school.left, timeout=40_000):
            school.sitting.window.close()


def test_leaving_after_a_fault_that_spoils_the_file_makes_no_backup(school, boxes, tmp_path, qtbot):
    before = len(list_backups(tmp_path / "backups"))
    school.errors.show(fault("storage.changed_elsewhere"))
    _head, _parts, verbs, answer = boxes.wait()
    assert verbs == ["知道了", LEAVE]
    with qtbot.waitSignal(school.left, timeout=PATIENCE):
        answer(LEAVE)
    assert len(list_backups(tmp_path / "backups")) == before


def test_the_disks_are_named_with_their_room(look, qtbot):
    found = [
        Refuge(Path("/d"), "D:", 5 << 30, removable=False),
        Refuge(Path("/u"), "KINGSTON", 2 << 30, True),
    ]
    panel = RescuePanel(None, found, "以前保存的都会拷过去。")
    qtbot.addWidget(panel)
    panel.show()
    assert "不加密" in said(panel)
    assert panel.refuge is found[0]
    assert panel.buttons[GO].is_filled()
    none = RescuePanel(None, [], "以前保存的都会拷过去。")
    qtbot.addWidget(none)
    assert GO not in none.buttons
    assert any("没有找到别的盘" in text.text() for text in none.findChildren(Text))


def test_every_button_of_a_failed_save_is_one_that_works(school):
    """What the texts of saving and reading name as buttons is what an open window can do."""
    able = {*REPEATS, ELSEWHERE, LEAVE}
    faults = [key for key in FAULTS if key.startswith("storage.")]
    named = {verb for key in faults for verb in FAULTS[key].buttons}
    assert named - able == {"另选文件夹", "打开平时那份"}, "only where a ledger is made or opened"


def test_a_ledger_that_is_looked_at_is_not_copied_from_a_fault(school, start, tmp_path, qtbot):
    close(school, qtbot)
    program = start()
    qtbot.waitUntil(sits(program))
    program.open_ledger(program.path, read_only=True)
    qtbot.waitUntil(
        lambda: program.sitting is not None and program.sitting.context.read_only, timeout=PATIENCE
    )
    error = fault("storage.io_read")
    assert ELSEWHERE not in program.mending.acts(error)
    assert isinstance(error, EnvironmentFault)


def test_a_fault_at_the_start_is_a_screen_not_a_box(school, start, tmp_path, qtbot):
    close(school, qtbot)
    ledger_path(tmp_path / "data").write_bytes(b"")
    again = start()
    screen = wait_for_screen(again, qtbot, "empty")
    assert again.dialogs.faults == []
    press(screen, "先不动，退出")


@pytest.mark.parametrize("told_by_page", [True, False])
def test_a_failed_save_is_in_the_box_once_whatever_its_page_says(school, boxes, qtbot, told_by_page):
    """A panel that only writes the reason beside its fields has no button for bringing the data elsewhere."""
    heard = []

    def refused(error):
        heard.append(error)
        if told_by_page:
            school.errors.show(error)

    school.sitting.context.write(_cannot_be_saved, on_error=refused)
    _head, parts, verbs, _answer = boxes.wait()
    assert parts[0].startswith("硬盘满了")
    assert verbs == ["知道了", ELSEWHERE, AGAIN]
    qtbot.waitUntil(lambda: not school.jobs.busy)
    qtbot.wait(50)
    assert len(boxes.asked) == 1
    assert len(heard) == 1


def _cannot_be_saved(_store, *, by):
    raise fault("storage.full")
