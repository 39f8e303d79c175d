"""How fast the archive book is, beside platypus with Paragraph cells and LibreOffice Writer, where installed. By hand:

    python -m tests.bench.bench_paper [--children 820]

Each competitor works in a process of its own on the same children; quote the ratios, not the seconds. Writer is
given a ready document, which is the last step of a mail merge only.
"""

import argparse
import io
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from app.paper.archive_data import ArchiveSheet, BookCover
from app.paper.archive_sheet import render_book
from app.paper.fonts import SONG, font
from tests.app.paper.people import STAMP, full_sheet
from tests.bench.results import Result, table

ROOT = Path(__file__).resolve().parents[2]
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨"
GIVEN = "子涵欣怡浩宇梓萱一诺雨桐轩诗晨曦可馨俊杰"
COMMON = {
    "少先队员",
    "青石坪镇中心小学",
    "隔代监护",
    "留守儿童",
    "家庭困难",
    "高血压",
    "学籍系统",
    "本校口径",
}
WRITER_CHILDREN = 40
SHEET_ROWS = 95
GOAL_PARAGRAPH = 4
GOAL_LIBREOFFICE = 20
GOAL_MEMORY_MB = 150


def child(number: int, total: int) -> ArchiveSheet:
    """Return one of the children; names, numbers, addresses and free texts are its own."""

    def own(text: str) -> str:
        """Return the text with its digits and a part of its hanzi changed, as long as before."""
        if text in COMMON or len(text) < 3:
            return text
        if text.isascii():
            return "".join(str((int(char) + number) % 10) if char.isdigit() else char for char in text)
        place = number % (len(text) - 1)
        return text[:place] + GIVEN[number % 19] + SURNAMES[number * 7 % 16] + text[place + 2 :]

    def changed(value: object) -> object:
        if isinstance(value, Struct):
            return replace(value, **{name: changed(getattr(value, name)) for name in value.__struct_fields__})
        if isinstance(value, tuple):
            return tuple(changed(one) for one in value)
        return own(value) if isinstance(value, str) else value

    sheet = changed(full_sheet())
    class_name = f"{'一二三四五六'[number * 6 // total]}（{number % 2 + 1}）班"
    return replace(sheet, child_key=str(number), personal=replace(sheet.personal, class_name=class_name))


def texts(value: object) -> Iterator[str]:
    """Return all the texts of a sheet, in order."""
    if isinstance(value, Struct):
        for name in value.__struct_fields__:
            yield from texts(getattr(value, name))
    elif isinstance(value, tuple):
        for one in value:
            yield from texts(one)
    elif isinstance(value, str):
        yield value


def grid(sheet: ArchiveSheet) -> list[list[str]]:
    """Return the texts in four columns, filled up with labels to the rows that our own sheet has."""
    found = list(texts(sheet))
    found += ["标签"] * max(SHEET_ROWS * 4 - len(found), -len(found) % 4)
    return [found[start : start + 4] for start in range(0, len(found), 4)]


def ours(children: list[ArchiveSheet]) -> tuple[int, float]:
    """Render the book; return its pages and the seconds."""
    begun = time.perf_counter()
    cover = BookCover(school="中心小学", scope="全校")
    pages = render_book(children, io.BytesIO(), stamp=STAMP, cover=cover).pages
    return pages, time.perf_counter() - begun


def paragraph(children: list[ArchiveSheet]) -> tuple[int, float]:
    """Render the same texts as platypus tables of Paragraph cells, the way reportlab's guide shows it."""
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate, Table, TableStyle

    font(SONG)
    begun = time.perf_counter()
    style = ParagraphStyle("cell", fontName=SONG, fontSize=10.5, leading=15, wordWrap="CJK")
    lines = TableStyle([("GRID", (0, 0), (-1, -1), 0.5, "black"), ("VALIGN", (0, 0), (-1, -1), "MIDDLE")])
    story = []
    for sheet in children:
        rows = [[Paragraph(text or " ", style) for text in row] for row in grid(sheet)]
        story += [Table(rows, colWidths=[118] * 4, style=lines, repeatRows=1), PageBreak()]
    document = SimpleDocTemplate(io.BytesIO(), pagesize=A4, topMargin=57, bottomMargin=57)
    document.build(story)
    return document.page, time.perf_counter() - begun


def libreoffice(children: list[ArchiveSheet]) -> tuple[int, float]:
    """Let LibreOffice Writer print a document with one table per child, what a mail merge ends in; return pages and seconds."""
    import pypdfium2
    from docx import Document
    from docx.shared import Pt

    with tempfile.TemporaryDirectory() as folder:
        document = Document()
        document.styles["Normal"].font.size = Pt(10.5)
        for sheet in children:
            rows = grid(sheet)
            table = document.add_table(len(rows), 4, style="Table Grid")
            for cells, row in zip(table.rows, rows, strict=True):
                for cell, text in zip(cells.cells, row, strict=True):
                    cell.text = text
            document.add_page_break()
        source = Path(folder) / "book.docx"
        document.save(source)
        command = [
            "soffice",
            f"-env:UserInstallation=file://{folder}/profile",
            "--headless",
            "--convert-to",
            "pdf",
        ]
        begun = time.perf_counter()
        subprocess.run(
            [*command, "--outdir", folder, str(source)], check=True, capture_output=True, timeout=600
        )
        took = time.perf_counter() - begun
        printed = pypdfium2.PdfDocument(source.with_suffix(".pdf"))
        pages = len(printed)
        printed.close()
    return pages, took


COMPETITORS = {"ours": ours, "paragraph": paragraph, "libreoffice": libreoffice}


def compete(name: str, count: int) -> None:
    """Let one competitor work and print what it took as JSON."""
    children = [child(number, count) for number in range(count)]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    pages, seconds = COMPETITORS[name](children)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"pages": pages, "seconds": seconds, "before": before, "peak": peak, "children": count}))


def in_own_process(name: str, count: int) -> dict[str, float] | None:
    """Measure one competitor in a fresh process; None when LibreOffice cannot be had."""
    command = [sys.executable, "-m", "tests.bench.bench_paper", "--only", name, "--children", str(count)]
    done = subprocess.run(
        command, cwd=ROOT, check=name != "libreoffice", capture_output=True, encoding="utf-8"
    )
    return json.loads(done.stdout.splitlines()[-1]) if done.returncode == 0 else None


def measure(children: int = 820) -> list[Result]:
    """Measure all that are here. Speeds: more is better."""
    found = {
        name: in_own_process(name, WRITER_CHILDREN if name == "libreoffice" else children)
        for name in COMPETITORS
    }
    ours, platypus, writer = (found[name] for name in ("ours", "paragraph", "libreoffice"))
    assert ours is not None
    assert platypus is not None
    speed = ours["pages"] / ours["seconds"]
    words = f"archive book, {children} children, {ours['pages']} pages"
    rows = [
        Result(
            f"{words}: pages a second",
            speed,
            "/s",
            platypus["pages"] / platypus["seconds"],
            "Paragraph",
            GOAL_PARAGRAPH,
            least=True,
        )
    ]
    if writer is not None:
        rows.append(
            Result(
                "  children a second",
                ours["children"] / ours["seconds"],
                "/s",
                writer["children"] / writer["seconds"],
                "LibreOffice",
                GOAL_LIBREOFFICE,
                least=True,
            )
        )
    rows.append(
        Result("  most memory", ours["peak"], "MB", platypus["peak"], "Paragraph", limit=GOAL_MEMORY_MB)
    )
    return rows


def main() -> None:
    """Measure and print; with --only be one of the competitors."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--children", type=int, default=820)
    parser.add_argument("--only", choices=COMPETITORS)
    options = parser.parse_args()
    if options.only:
        compete(options.only, options.children)
    else:
        print(table(measure(options.children)))


if __name__ == "__main__":
    main()
