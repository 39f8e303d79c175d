"""The layouts of the printing page go with it, whatever of the program has gone before."""

import shiboken6

from ui.pages.printing.layouts import Layouts


def test_the_layouts_go_behind_what_is_still_drawn_from_them(jobs, qtbot):
    layouts = Layouts(jobs)
    file = layouts.next()
    file.write_bytes(b"%PDF")
    seen = []
    jobs.draw(file.exists, on_done=seen.append)
    layouts.close()
    qtbot.waitUntil(lambda: not jobs.busy)
    assert seen == [True]
    assert not file.parent.exists()


def test_the_layouts_go_also_when_the_threads_have_gone_before_the_page(jobs):
    """The program ends: Qt takes apart what is left, the thread that draws before the page."""
    layouts = Layouts(jobs)
    folder = layouts.next().parent
    assert folder.exists()
    shiboken6.delete(jobs._pages)
    layouts.close()
    assert not folder.exists()
    jobs._pages = jobs._work  # the fixture ends the threads
