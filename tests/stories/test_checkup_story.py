"""A name turned into something else on the disk: found by the checkup, put right from the window, told in the history."""

from __future__ import annotations

from datetime import datetime

from app.core.clock import FixedClock
from app.storage.check import check
from app.storage.history import actions
from app.tasks.demo import make_demo
from tests.app.storage import damage
from ui.pages.safety.checkup import USE
from ui.widgets import Link


def test_a_damaged_name_is_found_and_put_right_from_the_window(start, teacher, tmp_path, clock):
    path = tmp_path / "data" / "守望.db"
    path.parent.mkdir()
    make_demo(path, clock=FixedClock(datetime(2026, 11, 20, 9, 0)), children=14)
    path.with_name("守望.db.lock").unlink(missing_ok=True)
    name = damage.value(path, "SELECT name FROM child WHERE id = 3").decode()
    damage.put_bad_bytes(path, "child", "name", 3)

    program = start(path)
    teacher.sits(program)
    page = teacher.goes_to(program, "safety", part="backups")
    next(link for link in page.backups.findChildren(Link) if link.text() == "体检").click()
    teacher.settles(program)
    panel = program.dialogs.panels[-1]
    assert f"历史里：{name}" in teacher.reads(panel)

    program.dialogs.choices.append("open")  # after 已换上修好的: open it
    first = program.sitting
    panel.buttons[USE].click()
    teacher.waits(lambda: program.sitting is not None and program.sitting is not first)
    teacher.settles(program)
    question, lines, _ = program.dialogs.asked[-1]
    assert question.startswith("已换上修好的：14 名儿童")
    assert any("换回来" in line for line in lines)

    done = []
    program.sitting.context.read(actions, limit=1, on_done=done.append)
    teacher.waits(lambda: bool(done))
    assert (done[0][0].kind, done[0][0].words) == ("repair", "体检修复：改回 1 处")
    teacher.closes(program)
    assert damage.value(path, "SELECT name FROM child WHERE id = 3").decode() == name
    assert check(path).state == "ok"
