"""What goes into the frozen program: decided by what it needs, not by what happens to be installed where it is built."""

from __future__ import annotations

import io
import locale
import os
import re
import shutil
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

import build
import dev
import smoke_test
from app import __version__
from app.core.told import as_told
from frozen import glibc, names, notices, parts, window_job
from frozen.gone import tell_instead_of_ending
from frozen.surroundings import settle, speak_as_the_terminal
from frozen.trial import NotSo, Trial, listing

ROOT = Path(__file__).resolve().parents[2]


def test_the_version_stands_in_one_place():
    assert names.version() == __version__
    spelled = f'"{names.version()}"'
    told = [
        path
        for room in ("app", "ui", "packaging")
        for path in (ROOT / room).rglob("*.py")
        if spelled in path.read_text(encoding="utf-8")
    ]
    assert told == []


def test_what_is_here_for_development_only_stays_out():
    left_out = set(parts.modules_left_out())
    assert {
        "pytest",
        "mypy",
        "hypothesis",
        "docx",
        "lxml",
        "fontTools",
        "PyInstaller",
        "setuptools",
    } <= left_out
    needed = {
        "PySide6",
        "shiboken6",
        "peewee",
        "sqlcipher3",
        "py7zr",
        "Cryptodome",
        "PIL",
        "networkx",
        "psutil",
    }
    assert needed & left_out == set()


def test_what_a_dependency_brings_along_is_needed_too():
    needed = parts.needed_distributions()
    assert {"py7zr", "pyppmd", "et-xmlfile", "python-dateutil", "six"} <= needed.keys()
    assert not {"pytest", "pyinstaller", "python-docx", "lxml"} & needed.keys()


def test_an_import_that_leaving_out_breaks_is_found_in_pyinstallers_warnings():
    warned = (
        "missing module named _winapi - imported by subprocess (conditional)\n"
        "excluded module named numpy - imported by openpyxl.compat.numbers (optional)\n"
        "excluded module named sqlite3 - imported by filelock._read_write (top-level)\n"
        "excluded module named pydoc - imported by stdnum.util (top-level), six (delayed)\n"
        "excluded module named 'a.b' - imported by c (top-level)\n"
    )
    assert parts.broken_imports(warned) == ["pydoc by stdnum.util", "a.b by c"]


@pytest.mark.parametrize(
    ("path", "comes"),
    [
        ("PySide6/Qt/plugins/platforms/libqxcb.so", True),
        ("PySide6\\plugins\\platforms\\qwindows.dll", True),
        ("PySide6/Qt/plugins/platforms/libqwayland-egl.so", False),
        ("PySide6/Qt/plugins/platformthemes/libqgtk3.so", False),
        ("PySide6/Qt/plugins/tls/libqopensslbackend.so", False),
        ("PySide6/Qt/plugins/platforminputcontexts/libibusplatforminputcontextplugin.so", True),
        ("PySide6/Qt/lib/libQt6Core.so.6", True),
    ],
)
def test_only_the_plugins_that_are_used_come_along(path, comes):
    assert parts.is_wanted_plugin(path) is comes


def test_every_plugin_the_self_test_asks_for_is_packed():
    from ui.selftest.parts import PLUGINS

    for kind, wanted in PLUGINS.items():
        for name in wanted:
            assert any(packed.removeprefix("q").startswith(name) for packed in parts.PLUGINS[kind]), (
                kind,
                name,
            )


def test_of_the_translations_the_chinese_ones_stay():
    assert parts.is_kept_data("PySide6/Qt/translations/qtbase_zh_CN.qm")
    assert not parts.is_kept_data("PySide6/Qt/translations/qtbase_de.qm")
    assert parts.is_kept_data("resources/codes/ethnic_groups.csv")


def test_the_list_of_a_library_s_files_stays_out_its_version_comes_along():
    """It holds the check sum of a script whose first line names the folder of the build."""
    for slash in ("/", "\\"):
        assert not parts.is_kept_data(slash.join(("setuptools-65.5.0.dist-info", "RECORD")))
        assert parts.is_kept_data(slash.join(("setuptools-65.5.0.dist-info", "METADATA")))
    assert parts.is_kept_data("resources/RECORD")


def test_the_resources_are_packed_without_what_is_for_the_readme():
    packed = {f"{folder}/{Path(source).name}" for source, folder in parts.resources()}
    assert {"resources/fonts/OFL.txt", "resources/demo/words.json", "resources/icons/LICENSE"} <= packed
    assert not [name for name in packed if name.startswith(("resources/pictures", "resources/proofreading"))]


def test_every_part_made_by_others_brings_its_licence(tmp_path):
    notices.write(tmp_path)
    table = (tmp_path / notices.TABLE).read_text(encoding="utf-8")
    for name, one in parts.needed_distributions().items():
        assert f"{name} {one.version}：" in table
        texts = [text for text in (tmp_path / "licences" / name).glob("*") if text.stat().st_size]
        assert texts or "texts/" in table.split(f"{name} ", 1)[1].split("：", 2)[1], name
    assert "python" in table
    assert (tmp_path / "LICENSE.txt").read_bytes() == (ROOT / "LICENSE").read_bytes()


def test_a_part_without_a_licence_text_stops_the_build(monkeypatch):
    monkeypatch.setattr(notices, "_TEXTS_OF", {"shiboken6": ("nowhere.txt",)})
    with pytest.raises(LookupError, match="a licence text of pyside6-essentials"):
        list(notices.parts())


# ---- glibc


@pytest.mark.skipif(shutil.which("readelf") is None, reason="readelf is not here")
def test_the_glibc_a_library_asks_for_is_read_as_readelf_reads_it():
    library = next(
        Path(metadata.distribution("PySide6_Essentials").locate_file("PySide6")).glob("QtCore*.so")
    )
    told = subprocess.run(
        ["readelf", "-V", library], capture_output=True, encoding="utf-8", check=True
    ).stdout
    versions = {tuple(map(int, number.split("."))) for number in re.findall(r"GLIBC_([\d.]+)", told)}
    assert glibc.needs(library) == max(versions)


def test_of_a_folder_the_newest_counts_and_other_files_do_not(tmp_path, monkeypatch):
    asks = {"old": (2, 9), "new": (2, 31), "text": ()}
    for name in asks:
        (tmp_path / name).write_bytes(b"")
    monkeypatch.setattr(glibc, "needs", lambda path: asks[path.name])
    assert glibc.highest(tmp_path) == "2.31"


# ---- what build.py leaves, and what it takes back


def test_a_build_is_done_again_when_a_source_or_a_file_of_it_has_changed(tmp_path, monkeypatch):
    root, folder = tmp_path / "checkout", tmp_path / "dist" / "program"
    (root / "app").mkdir(parents=True)
    (root / "app" / "one.py").write_text("1", encoding="utf-8")
    folder.mkdir(parents=True)
    (folder / "shouwang").write_text("made", encoding="utf-8")
    monkeypatch.setattr(names, "ROOT", root)
    monkeypatch.setattr(build, "freeze", lambda _folder: pytest.fail("it is built"))
    mark = build.fingerprint()
    build._note(folder).write_text(
        build.json.dumps({"fingerprint": mark, "files": listing(folder)}), encoding="utf-8"
    )
    assert build.build(folder, again=False) == 0
    (folder / "shouwang").write_text("mad", encoding="utf-8")
    assert not build.is_there(folder, mark)
    (folder / "shouwang").write_text("made", encoding="utf-8")
    (root / "app" / "one.py").write_text("2", encoding="utf-8")
    assert not build.is_there(folder, build.fingerprint())


def test_a_build_depends_on_every_module_and_not_on_the_pictures_of_the_readme(tmp_path, monkeypatch):
    monkeypatch.setattr(names, "ROOT", tmp_path)
    for name in ("ui/pictures/sheet.py", "resources/pictures/today.png"):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text("1", encoding="utf-8")
    before = build.fingerprint()
    (tmp_path / "resources/pictures/today.png").write_text("2", encoding="utf-8")
    assert build.fingerprint() == before
    (tmp_path / "ui/pictures/sheet.py").write_text("2", encoding="utf-8")
    assert build.fingerprint() != before


def test_sources_without_git_are_as_old_as_their_newest_file(tmp_path, monkeypatch):
    (tmp_path / "app").mkdir()
    for name, seconds in (("app/one.py", 1_700_000_000), ("pyproject.toml", 1_600_000_000)):
        (tmp_path / name).write_text("1", encoding="utf-8")
        os.utime(tmp_path / name, (seconds, seconds))
    monkeypatch.setattr(names, "ROOT", tmp_path)
    monkeypatch.setenv("PATH", "")
    assert build.commit() == ""
    assert build.moment() == 1_700_000_000


def test_what_a_failed_build_made_is_removed(tmp_path, monkeypatch):
    folder = tmp_path / "dist" / "program"

    def half(made):
        made.mkdir(parents=True)
        (made / "shouwang").write_text("half", encoding="utf-8")
        raise SystemExit(1)

    monkeypatch.setattr(build, "freeze", half)
    with pytest.raises(SystemExit):
        build.build(folder, again=True)
    assert list(folder.parent.iterdir()) == []


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux only")
def test_a_bare_debian_is_brought_the_library_of_its_own_python(monkeypatch):
    brought = []
    monkeypatch.setattr(build.sysconfig, "get_config_var", {"INSTSONAME": "libpython3.nowhere.so.1.0"}.get)
    monkeypatch.setattr(build.dev, "install_system_packages", lambda names: brought.extend(names) or True)
    build.bring_what_is_packed()
    assert f"libpython3.{sys.version_info[1]}" in brought
    # A Python without a shared library has no package that could be brought.
    monkeypatch.setattr(build.sysconfig, "get_config_var", {"INSTSONAME": "libpython3.11.a"}.get)
    assert build.python_library() == {}


def test_the_command_tells_the_folder_without_an_environment():
    # Any Python may ask, also one without our libraries.
    done = subprocess.run(
        [sys.executable, "-S", "-E", ROOT / "packaging" / "build.py", "--name"],
        capture_output=True,
        encoding="utf-8",
        check=True,
        env={**os.environ, "PYTHONUTF8": "1"},
    )
    assert Path(done.stdout.strip()) == names.DIST / names.folder_name()


@pytest.mark.parametrize("command", [build, smoke_test], ids=lambda command: command.__name__)
def test_a_console_in_latin_letters_does_not_end_the_work(monkeypatch, command):
    """The forge's Windows reads what a step says in code page 1252: the first Chinese word ended the build."""
    kept = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(kept, encoding="cp1252"))
    monkeypatch.setattr(sys, "prefix", "elsewhere")
    monkeypatch.setattr(build, "bring_what_is_packed", lambda: None)
    monkeypatch.setattr(dev, "setup", lambda **_: dev.say("正在建立运行环境", "making the environment"))
    monkeypatch.setattr(dev, "call", lambda *_: 0)
    assert command.main([]) == 0
    sys.stdout.flush()
    assert kept.getvalue().strip() == b"???????? | making the environment"


# ---- what a desktop has set for others


def test_another_desktops_words_do_not_leave_her_without_a_window_or_chinese():
    told = {
        "QT_IM_MODULE": "fcitx",
        "QT_QPA_PLATFORM": "wayland;xcb",
        "QT_QPA_PLATFORMTHEME": "ukui",
        "LD_LIBRARY_PATH": "ours",
        "LD_LIBRARY_PATH_ORIG": "hers",
        "LANG": "zh_CN.UTF-8",
    }
    settle(told)
    assert told == {
        "QT_IM_MODULE": "ibus",
        "QT_QPA_PLATFORM": "xcb",
        "LD_LIBRARY_PATH": "hers",
        "LANG": "zh_CN.UTF-8",
        "DBUS_FATAL_WARNINGS": "0",
    }


def test_what_fits_is_left_as_it_is():
    told = {"QT_IM_MODULE": "compose", "QT_QPA_PLATFORM": "offscreen", "LD_LIBRARY_PATH": "ours"}
    settle(told)
    assert told == {"QT_IM_MODULE": "compose", "QT_QPA_PLATFORM": "offscreen", "DBUS_FATAL_WARNINGS": "0"}


@pytest.mark.parametrize(
    ("terminal", "written"), [("GBK", "gbk"), ("UTF-8", "utf-8"), ("ANSI_X3.4-1968", "utf-8")]
)
def test_words_are_written_as_the_terminal_shows_them(monkeypatch, terminal, written):
    kept = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(kept, encoding="utf-8"))
    monkeypatch.setattr(locale, "getencoding", lambda: terminal)
    speak_as_the_terminal()
    print("守望", end="", flush=True)
    assert kept.getvalue() == "守望".encode(written)


def test_a_window_that_did_not_come_so_far_is_not_told_as_another_screen():
    begin = {"check": "begin", "ok": False, "why": "FontFault: SchoolHei-Bold.ttf"}
    with pytest.raises(NotSo, match=r"not come as far as the window: begin: FontFault: SchoolHei"):
        window_job.really_on([begin, {"check": "end", "ok": False}], "offscreen")
    other = {"check": "platform", "ok": True, "platform": "minimal", "loaded": []}
    with pytest.raises(NotSo, match="it ran on minimal instead of offscreen"):
        window_job.really_on([other], "offscreen")


def test_what_the_window_logs_as_unforeseen_is_told_also_where_nobody_sees_it(tmp_path):
    place = Trial(tmp_path, tmp_path, user=None, locales=None)
    with pytest.raises(NotSo, match="no log was written"):
        window_job.nothing_unforeseen(place)
    log = tmp_path / "AppData" / "shouwang.log"
    log.parent.mkdir()
    log.write_text("09:00:00 INFO shouwang.screen: Qt: 什么\n", encoding="utf-8")
    assert window_job.nothing_unforeseen(place) == "1 lines"
    with log.open("a", encoding="utf-8") as more:
        more.write("09:00:01 ERROR shouwang.window: bug: AttributeError at stopping.py:33 __init__\n")
    with pytest.raises(NotSo, match=r"1 bugs were logged, the last: AttributeError at stopping\.py:33"):
        window_job.nothing_unforeseen(place)


def test_a_program_whose_file_is_gone_tells_it_and_does_not_just_end(tmp_path, caplog):
    from PyInstaller.archive.writers import ZlibArchiveWriter
    from PyInstaller.loader.pyimod01_archive import ZlibArchiveReader

    source = tmp_path / "late.py"
    source.write_text("", encoding="utf-8")
    archive = tmp_path / "PYZ.pyz"
    ZlibArchiveWriter(
        str(archive), [("late", str(source), "PYMODULE")], {"late": compile("", "late", "exec")}
    )

    class Reader(ZlibArchiveReader):
        """The program's own stays as it is for the other tests."""

    reader = Reader(str(archive))
    archive.unlink()
    with pytest.raises(SystemExit):  # what it is there for
        reader.extract("late")
    tell_instead_of_ending(Reader)
    with pytest.raises(ImportError) as told:
        reader.extract("late")
    assert as_told(told.value).key == "program.changed"
    assert "program.changed" in caplog.text
