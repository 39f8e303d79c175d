"""The main job through the real window: a school, a roster through the import page, a sheet on the screen and on paper."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial
from pathlib import Path

from PySide6.QtGui import QImage
from PySide6.QtPrintSupport import QPrinter

from app.children.queries import load_facts
from app.core.clock import Clock
from app.storage.store import Store
from app.tasks.create import create_school
from app.tasks.demo import make_demo
from app.tasks.guide import write_guide, write_key_card
from app.tasks.survey import export_collection
from ui.pages import all_pages
from ui.pages.importing.page import ImportPage
from ui.pages.printing.page import PrintingPage
from ui.selftest.parts import RARE
from ui.selftest.report import Report
from ui.shell.page import Page
from ui.shell.program import Program
from ui.shell.start import Problem
from ui.walk import NotSo, Steps
from ui.widgets.pdf import page_count, put_on_paper

SCHOOL = f"自检小学{RARE[0]}"
CHILDREN = 12


class Rooms:
    """Where the walk works: everything below one folder of its own."""

    def __init__(self, top: Path) -> None:
        self.demo = top / "演示" / "守望.db"
        self.rosters = top / "核实表"
        self.ledger = top / "守望数据 自检" / "守望.db"
        self.paper = top / "打印.pdf"
        self.guide = top / "指南.pdf"
        self.keys = top / "按键.pdf"
        for folder in (self.demo.parent, self.rosters, self.ledger.parent):
            folder.mkdir(parents=True)


class Refusals:
    """What the program has refused to open since it was last asked."""

    def __init__(self, program: Program) -> None:
        self._found: list[Problem] = []
        program.refused.connect(self._found.append)

    def taken(self) -> list[str]:
        """Return the keys, and forget them."""
        keys = [problem.key for problem in self._found]
        self._found.clear()
        return keys

    def any(self) -> bool:
        return bool(self._found)


@contextmanager
def _told(report: Report, check: str) -> Iterator[dict[str, object]]:
    """A part of the walk: one good line with what was found when it went through; else the walk ends here with its name."""
    found: dict[str, object] = {}
    try:
        yield found
    except GeneratorExit:
        raise
    except Exception as error:
        raise NotSo(f"{check}: {type(error).__name__}: {error}") from error
    report.good(check, found)


def journey(program: Program, rooms: Rooms, clock: Clock, report: Report) -> Steps:
    """Create, import, look at every page, preview, print."""
    with _told(report, "create") as found:
        demo = make_demo(rooms.demo, clock=clock, children=CHILDREN)
        with Store.open(rooms.demo, clock=clock) as store:
            made = export_collection(store, rooms.rosters)
        create_school(rooms.ledger, clock=clock, name=SCHOOL)
        rosters = sorted(rooms.rosters.glob("*.xlsx"))
        found |= {"workbooks": len(rosters), "pages": made.pages}
    program.start(rooms.ledger)
    yield lambda: program.sitting is not None and not program.jobs.busy
    written = 0
    for roster in rosters:
        page = _open(program, "importing")
        if not isinstance(page, ImportPage):
            raise NotSo("import: the page is another one")
        page.start_over()
        page.open_file(roster)
        yield partial(_at_rest, program, page, "session")
        page.to_columns()
        page.to_check()
        yield partial(_at_rest, program, page, "planned")
        page.write()
        yield partial(_at_rest, program, page, "result")
        written += 1
    counted: list[int] = []
    page.context.read(partial(_on_ledger, day=clock.today()), on_done=counted.append)
    yield partial(bool, counted)
    with _told(report, "import") as found:
        if counted != [demo.on_ledger]:
            raise NotSo(f"{counted[0]} of {demo.on_ledger} children came in")
        found |= {"files": written, "children": counted[0]}
    yield from _pages(program, report)
    yield from _paper(program, rooms, report)
    with _told(report, "guide and card of keys") as found:
        write_guide(rooms.guide, clock)
        write_key_card(rooms.keys, clock)
        found["pages"] = page_count(rooms.guide) + page_count(rooms.keys)


def _at_rest(program: Program, page: object, has: str) -> bool:
    """Tell whether nothing is under way and the page has got what it asked for."""
    return not program.jobs.busy and bool(getattr(page, has))


def _on_ledger(store: Store, *, day: date) -> int:
    return len(load_facts(store, day, only_registered=True))


def _open(program: Program, name: str, **params: object) -> Page:
    if program.sitting is None:
        raise NotSo(f"{name}: the ledger is not open")
    program.sitting.window.open_page(name, **params)
    page = program.sitting.window.current_page()
    if not isinstance(page, Page):
        raise NotSo(f"page {name} does not open")
    return page


def _pages(program: Program, report: Report) -> Steps:
    """Every page once: each brings its own modules."""
    names = []
    for spec in all_pages():
        found: list[dict[str, object]] = []
        if program.sitting is not None and spec.example is not None:
            program.sitting.context.read(spec.example, on_done=found.append)
            yield partial(bool, found)
        for part in ("", *spec.parts):
            page = _open(
                program, spec.name, **(found[0] if found else {}), **({"part": part} if part else {})
            )
            yield partial(_at_rest, program, page, "is_whole")
        names.append(spec.name)
    report.good("pages", {"opened": names})


def _paper(program: Program, rooms: Rooms, report: Report) -> Steps:
    page = _open(program, "printing")
    if not isinstance(page, PrintingPage):
        raise NotSo("printing: the page is another one")
    page.reload()
    yield partial(_at_rest, program, page.preview, "shown")
    with _told(report, "preview") as found:
        shown = page.preview.shown
        if shown is None or not _has_ink(shown):
            raise NotSo("the preview of the sheet is blank")
        found |= {"width": shown.width(), "pages": page.preview.pages}
    with _told(report, "print to PDF") as found:
        # The children's own sheet, laid out by reportlab, through Qt's printing onto paper that is a file.
        source = next(rooms.rosters.glob("*.pdf"))
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        printer.setOutputFileName(str(rooms.paper))
        sent = put_on_paper(source, printer, 0, 0)
        if page_count(rooms.paper) != sent:
            raise NotSo("what was printed has another number of pages")
        found["bytes"] = rooms.paper.stat().st_size


def _has_ink(image: QImage) -> bool:
    step = max(1, image.width() // 200)
    places = ((x, y) for x in range(0, image.width(), step) for y in range(0, image.height(), step))
    return any(image.pixelColor(x, y).lightness() < 128 for x, y in places)


# ---------------------------------------------------------------------------------------------- start-up states


def states(program: Program, rooms: Rooms, report: Report) -> Steps:
    """What the program says of a ledger that is whole, damaged, newer, missing, empty, foreign, or may not be written."""
    refusals = Refusals(program)
    whole = rooms.demo.read_bytes()
    made = rooms.demo.parent
    newer = bytearray(whole)
    newer[60:64] = (9999).to_bytes(4, "big")  # user_version in the header of SQLite's files
    for check, key, content in (
        ("damaged", "corrupt", whole[: len(whole) // 2 // 4096 * 4096]),
        ("newer", "newer-schema", bytes(newer)),
        ("missing", "missing", None),
        ("empty", "empty", b""),
        ("foreign", "not-ours", b"PK\x03\x04" + bytes(4096)),
    ):
        path = made / check / "守望.db"
        path.parent.mkdir()
        if content is not None:
            path.write_bytes(content)
        program.open_ledger(path)
        yield refusals.any
        with _told(report, f"state {check}") as found:
            said = refusals.taken()
            if said != [key]:
                raise NotSo(f"said {said} instead of {key}")
            if content is None and path.exists():
                raise NotSo("a file was made by looking for it")
            found["said"] = key
    locked = made / "写保护" / "守望.db"
    locked.parent.mkdir()
    locked.write_bytes(whole)
    _protect(locked, 0o444, 0o555)
    may_write = os.access(locked, os.W_OK)  # root may, always; then it opens as any other
    program.open_ledger(locked)
    yield lambda: _sits(program, locked) or refusals.any()
    said = refusals.taken()
    if said == ["read-only"]:
        program.open(locked, read_only=True)  # what 只读查看 does
        yield lambda: _sits(program, locked) or refusals.any()
    with _told(report, "state read-only") as found:
        _protect(locked, 0o644, 0o755)
        sitting = program.sitting
        if bool(said) is may_write or refusals.any() or sitting is None:
            raise NotSo(f"said {said}, then {refusals.taken()}")
        if sitting.context.read_only is may_write:
            raise NotSo("it may be written, or not, against the file's own rights")
        found["said"] = said
    program.open_ledger(rooms.ledger)
    yield (
        lambda: (
            (program.path == rooms.ledger and program.sitting is not None and not program.jobs.busy)
            or refusals.any()
        )
    )
    with _told(report, "state healthy"):
        if refusals.any() or program.sitting is None or program.sitting.context.read_only:
            raise NotSo(f"not open: {refusals.taken()}")


def _sits(program: Program, path: Path) -> bool:
    return program.path == path and program.sitting is not None and not program.jobs.busy


def _protect(file: Path, file_mode: int, folder_mode: int) -> None:
    """Take the right to write away or give it back; on Windows that holds for the file alone."""
    file.chmod(file_mode)
    file.parent.chmod(folder_mode)
