"""What a person does with the program's windows, in words, for the tests of the shell."""

from ui.shell.start import ProblemScreen
from ui.widgets import Banner, Button, Text


def sits(program):
    return lambda: program.sitting is not None


def said(widget):
    return " ".join(label.text() for label in widget.findChildren(Text))


def close(program, qtbot):
    with qtbot.waitSignal(program.left, timeout=20_000):
        program.sitting.window.close()


def press(widget, words):
    next(b for b in widget.findChildren(Button) if b.text() == words and not b.isHidden()).click()


def wait_for_screen(program, qtbot, key):
    """Wait until the start screen of a state is shown, and return it."""
    qtbot.waitUntil(lambda: key_shown(program) == key, timeout=10_000)
    return program.start_window.screen_shown


def key_shown(program):
    """The state whose start screen is shown; None while there is none."""
    screen = program.start_window.screen_shown if program.start_window is not None else None
    return screen.problem.key if isinstance(screen, ProblemScreen) else None


def buttons(widget):
    return [b.text() for b in widget.findChildren(Button) if not b.isHidden()]


def back_up(program, qtbot):
    """Make a backup by hand and return it."""
    done = []
    program.sitting.context.jobs.run(_backup, program.sitting.context.store, on_done=done.append)
    qtbot.waitUntil(lambda: bool(done))
    return done[0]


def _backup(store):
    from app.storage.backups import make_backup

    return make_backup(store, reason="by_hand")


def add_staff_member(program, qtbot, name):
    """One save, by the same service as the settings page."""
    from app.school.service import add_staff

    saved = []
    program.sitting.context.write(add_staff, name=name, on_done=saved.append)
    qtbot.waitUntil(lambda: bool(saved))


def banners(program):
    """What the bars over the page that is shown say."""
    bars = program.sitting.window.current_page().findChildren(Banner)
    return [said(bar) for bar in bars if not bar.isHidden()]
