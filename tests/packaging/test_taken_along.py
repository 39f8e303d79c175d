"""The system's libraries in the Linux folder: each is named with its package, and its licence text lies beside."""

from __future__ import annotations

import shutil
import sys
import sysconfig
from pathlib import Path

import PySide6
import pytest

from frozen import names, taken_along

pytestmark = pytest.mark.skipif(
    shutil.which("dpkg-query") is None, reason="dpkg-query is not here: no Debian"
)

ZLIB = next(iter(Path("/usr/lib").glob("*-linux-gnu/libz.so.1")), Path("/nowhere"))


def test_a_library_is_told_with_its_package_and_its_sources():
    # The same library under the two names that it has where /lib is a link.
    for path in (ZLIB, Path(str(ZLIB).removeprefix("/usr"))):
        found = taken_along.library("libz.so.1", path)
        assert (found.name, found.package, found.source) == ("libz.so.1", "zlib1g", "zlib")
        assert found.version.startswith("1:1.")
        assert found.source_version.startswith("1:1.")


def test_what_is_of_no_package_stops_the_build(tmp_path):
    foreign = tmp_path / "libforeign.so.1"
    foreign.touch()
    with pytest.raises(LookupError, match=r"libforeign\.so\.1 is of no package"):
        taken_along.write([("libforeign.so.1", str(foreign), "BINARY")], tmp_path)


def test_a_library_of_a_wheel_or_of_python_is_not_the_systems():
    qt = Path(PySide6.__file__).parent / "libpyside6.abi3.so.6.8"
    module = next((Path(sysconfig.get_paths()["stdlib"]) / "lib-dynload").glob("*.so"))
    entries = [
        ("PySide6/libpyside6.abi3.so.6.8", str(qt), "BINARY"),
        ("libQt6Core.so.6", "PySide6/Qt/lib/libQt6Core.so.6", "SYMLINK"),
        (f"python3.11/lib-dynload/{module.name}", str(module), "EXTENSION"),
        ("libpython3.11.so.1.0", f"{sys.base_prefix}/lib/libpython3.11.so.1.0", "BINARY"),
        ("libz.so.1", str(ZLIB), "BINARY"),
    ]
    assert taken_along.from_the_system(entries) == {"libz.so.1": ZLIB}


def test_the_texts_come_along_with_those_that_they_only_name(tmp_path):
    gcc = next(ZLIB.parent.glob("libgcc_s.so.1"))
    entries = taken_along.write(
        [("libz.so.1", str(ZLIB), "BINARY"), ("libgcc_s.so.1", str(gcc), "BINARY")], tmp_path
    )
    table = (tmp_path / taken_along.TABLE).read_text(encoding="utf-8")
    assert names.system() in table
    assert "libz.so.1\tzlib1g 1:1." in table
    packed = {name.removeprefix(f"{names.NOTICES}/licences/debian/") for name, _, _ in entries[1:]}
    assert {"zlib1g.txt", "libgcc-s1.txt", "common/GPL-3", "common/LGPL"} <= packed
    assert all(Path(source).stat().st_size for _, source, _ in entries)
    # GPL-3, not what stands after it: "GPL-3." is the end of a sentence.
    assert not [name for name in packed if name.endswith((".", ","))]


def test_a_text_that_is_only_named_and_not_here_stops_the_build(tmp_path, monkeypatch):
    monkeypatch.setattr(taken_along, "COMMON", tmp_path / "nowhere")
    gcc = next(ZLIB.parent.glob("libgcc_s.so.1"))
    with pytest.raises(LookupError, match=r"names (GPL|GFDL|Artistic|LGPL)"):
        taken_along.write([("libgcc_s.so.1", str(gcc), "BINARY")], tmp_path)


@pytest.fixture
def program(tmp_path):
    """A folder like a frozen program's, with one library of the system's and the notice of it."""
    inside = tmp_path / "program" / names.INSIDE
    place = inside / names.NOTICES
    place.mkdir(parents=True)
    shutil.copyfile(ZLIB, inside / "libz.so.1")
    taken_along.write([("libz.so.1", str(ZLIB), "BINARY")], place)
    return inside.parent


def test_in_a_program_each_foreign_library_has_its_notice(program):
    assert taken_along.without_notice(program) == []


def test_a_library_whose_notice_is_missing_or_empty_is_named(program):
    place = program / names.INSIDE / names.NOTICES
    text = place / taken_along.noted(program)["libz.so.1"]
    text.write_bytes(b"")
    assert taken_along.without_notice(program) == ["libz.so.1"]
    text.unlink()
    assert taken_along.without_notice(program) == ["libz.so.1"]
    shutil.copyfile(ZLIB, program / names.INSIDE / "libother.so.2")
    (place / taken_along.TABLE).unlink()
    assert taken_along.without_notice(program) == ["libother.so.2", "libz.so.1"]
