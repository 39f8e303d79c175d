"""Which errors of Python are told as something else: memory, and a program whose files changed under it."""

import errno
import io
import xml.etree.ElementTree as ET

import pytest
from PIL import Image, PngImagePlugin

from app.core.files import os_fault
from app.core.messages import refuse
from app.core.told import as_told


def raised(work):
    with pytest.raises(Exception) as told:
        work()
    return told.value


def test_a_module_that_is_half_another_version_means_that_the_program_changed(tmp_path, monkeypatch, caplog):
    (tmp_path / "half_a_module.py").write_text("def broken(:\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    for name in ("half_a_module", "no_such_module_at_all"):
        assert as_told(raised(lambda name=name: __import__(name))).key == "program.changed"
    # The place is in the log, whichever thread it came from; what the error says is not.
    assert [record.getMessage().partition(" at ")[0] for record in caplog.records] == [
        "program.changed: SyntaxError",
        "program.changed: ModuleNotFoundError",
    ]
    assert all("test_told.py" in record.getMessage() for record in caplog.records)


def test_whatever_fails_while_a_file_of_the_program_is_gone_names_that_file(monkeypatch, caplog):
    """Each piece of work meets it in its own way: a library its own error, a table an empty one."""
    monkeypatch.setattr("app.core.told.missing_parts", lambda: ("打印用的字体（SchoolSong-Regular.ttf）",))
    told = as_told(KeyError("face"))
    assert (told.key, told.code) == ("program.part_missing", "KeyError")
    assert "打印用的字体（SchoolSong-Regular.ttf）" in told.what
    assert [record.getMessage().partition(" at ")[0] for record in caplog.records] == [
        "program.part_missing: KeyError"
    ]
    caplog.clear()
    assert as_told(refuse("program.changed")).key == "program.changed"


def test_a_damaged_document_says_nothing_about_the_program():
    """Parsers raise SyntaxError, or a child of it, for the text of a document too."""
    cut = io.BytesIO()
    Image.new("RGB", (8, 8)).save(cut, "PNG")
    spoiled = cut.getvalue()[:8] + b"\0\0\0\0abc\0" + cut.getvalue()[16:]
    for work in (
        lambda: ET.fromstring("<a>"),
        lambda: PngImagePlugin.PngImageFile(io.BytesIO(spoiled)),
    ):
        error = raised(work)
        assert isinstance(error, SyntaxError)
        assert as_told(error) is error


def test_want_of_memory_is_told_as_such():
    assert as_told(MemoryError()).key == "memory.short"


@pytest.mark.parametrize("number", [errno.EMFILE, errno.ENFILE])
def test_want_of_handles_is_told_as_such_also_while_code_is_loaded_or_a_document_written(number, tmp_path):
    error = OSError(number, "too many")
    assert as_told(error).key == "files.too_many_open"
    assert os_fault(error, tmp_path / "台账.xlsx").key == "files.too_many_open"
