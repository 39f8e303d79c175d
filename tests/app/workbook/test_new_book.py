"""Half-written sheets hold children's data: they lie in a private room and nowhere else, however the writing ends."""

from __future__ import annotations

import errno
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from openpyxl import load_workbook

from app.core.errors import Cancelled, EnvironmentFault
from app.core.paths import private_folder
from app.workbook.collection_book import CollectionHead, write_collection
from app.workbook.ledger_book import write_ledger
from app.workbook.new_book import new_book
from app.workbook.register_book import Column, Register, write_registers
from app.workbook.rejects import RejectedRow, write_rejected_rows
from tests.app.workbook.test_ledger_book import HEAD


def a_ledger(out, make_child, **how):
    write_ledger([make_child(number) for number in range(60)], HEAD, out, **how)


def a_register(out, _make_child):
    write_registers(
        [Register("谈心", "谈心记录", "", (Column("姓名", 10),), [("龙婷",)])], out, subject="登记表"
    )


def rejected_rows(out, _make_child):
    write_rejected_rows([RejectedRow((("姓名", "龙婷"),), "没有年级", "表一", 4)], out)


def a_collection(out, make_child):
    head = CollectionHead("青石坪镇中心小学", "秋季摸底", "三（1）班", "陈素兰", "2026-11-30", "", 1)
    write_collection([make_child()], head, out)


def rooms():
    """What lies in private rooms now."""
    return sorted(path.name for path in private_folder().glob("work_*/*"))


@pytest.mark.parametrize("written", [a_ledger, a_register, rejected_rows, a_collection])
def test_nothing_is_written_among_the_temporary_files_of_the_system(
    written, tmp_path, make_child, monkeypatch
):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "not there"))
    written(tmp_path / "out.xlsx", make_child)
    assert (tmp_path / "out.xlsx").read_bytes().startswith(b"PK")
    assert rooms() == []
    assert tempfile.tempdir == str(tmp_path / "not there")


def test_two_books_at_once_have_their_own_rooms_and_leave_the_temporary_files_of_others_alone(
    tmp_path, monkeypatch
):
    """The room was once the setting of all temporary files of the process: another thread's were taken away with it."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    met = Barrier(2, timeout=60)

    def write(name):
        with new_book() as book:
            book.create_sheet("表").append([name])
            met.wait()
            where = {Path(room).parent.name for room in private_folder().glob("work_*/openpyxl.*")}
            with tempfile.NamedTemporaryFile() as other:
                there = Path(other.name).parent
            met.wait()
            book.save(tmp_path / f"{name}.xlsx")
        return where, there

    with ThreadPoolExecutor(2) as both:
        found = list(both.map(write, ["一班", "二班"]))
    assert [(len(where), there) for where, there in found] == [(2, tmp_path)] * 2
    for name in ("一班", "二班"):
        assert load_workbook(tmp_path / f"{name}.xlsx")["表"]["A1"].value == name
    assert rooms() == []


def test_a_stop_takes_the_half_written_sheets_along(tmp_path, make_child):
    seen = []

    def stop(_done, _of, _words):
        seen.extend(rooms())
        raise Cancelled

    with pytest.raises(Cancelled):
        a_ledger(tmp_path / "out.xlsx", make_child, progress=stop)
    assert len(seen) == 1, "the sheet under way"
    assert rooms() == []


def test_a_home_that_takes_nothing_keeps_no_book_from_being_written(tmp_path, make_child, monkeypatch):
    home = tmp_path / "a file, no folder"
    home.write_bytes(b"")
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr("app.workbook.new_book.private_folder", lambda: home / "private")
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    a_ledger(tmp_path / "out.xlsx", make_child)
    assert (tmp_path / "out.xlsx").read_bytes().startswith(b"PK")
    assert list(temporary.iterdir()) == []


FULL = """
import resource, sys
from pathlib import Path
from app.core.errors import EnvironmentFault
from app.core.files import atomic_write
from app.core.paths import private_folder
from app.workbook.new_book import new_book

resource.setrlimit(resource.RLIMIT_FSIZE, (65536, 65536))
try:
    with atomic_write(Path(sys.argv[1])) as file, new_book(row_by_row=sys.argv[2] == "rows") as book:
        sheet = book.create_sheet("表")
        for _ in range(2000):
            sheet.append(["字" * 50] * 20)
        book.save(file)
except EnvironmentFault as told:
    print(told.key, told.code, *private_folder().glob("work_*"))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no limit on the size of a file there")
@pytest.mark.parametrize("how", ["rows", "whole"])
def test_a_room_that_takes_no_more_is_told_in_words_and_not_as_the_fault_of_the_book(tmp_path, how):
    """The library in use decides by what error the writing ends: lxml has its own, which nobody had words for."""
    out = tmp_path / "out.xlsx"
    ran = subprocess.run(
        [sys.executable, "-c", FULL, str(out), how],
        cwd=Path(__file__).resolve().parents[3],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.stdout.split(), ran.returncode) == (["storage.no_workroom", "EFBIG"], 0), ran.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_book_that_its_own_disk_does_not_take_is_told_of_that_disk(tmp_path, make_child, monkeypatch):
    def full(_book, _file):
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr("openpyxl.Workbook.save", full)
    with pytest.raises(EnvironmentFault) as told:
        a_ledger(tmp_path / "out.xlsx", make_child)
    assert told.value.key == "file.full"
    assert list(tmp_path.iterdir()) == []
    assert rooms() == []


def test_a_bug_stays_the_bug_it_is():
    with pytest.raises(ZeroDivisionError), new_book() as book:
        book.create_sheet("表").append([1])
        _ = 1 / 0
