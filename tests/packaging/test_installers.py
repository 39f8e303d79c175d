"""What a school with Windows receives: the portable archive and the installer, made from a folder that stands in."""

from __future__ import annotations

import hashlib
import re
import subprocess
import zipfile
from pathlib import Path

import pytest

from tests.packaging.stand_in import PACKAGING, developer_command, frozen_program

ROOT = PACKAGING.parent
SCRIPT = PACKAGING / "windows" / "installer.nsi"
CARRY = ROOT / "resources" / "carry"


@pytest.fixture(scope="module")
def installers():
    return developer_command("installers")


@pytest.fixture
def windows(installers, tmp_path):
    return frozen_program(tmp_path / "shouwang-windows", installers.version(), b"MZ", ".exe")


def listed(sevenzip: str, archive: Path) -> set[str]:
    """Return the names that 7-Zip reads out of an archive."""
    done = subprocess.run([sevenzip, "l", "-slt", "-ba", archive], capture_output=True, check=True)
    return set(re.findall(r"^Path = (.*)$", done.stdout.decode("utf-8"), flags=re.MULTILINE))


# ----------------------------------------------------------------------------------------------- what is taken in


def test_a_folder_that_is_not_the_program_alone_is_refused_by_name(installers, windows):
    (windows / "守望.db").write_bytes(b"somebody's data")
    with pytest.raises(installers.NotMade, match=r"守望\.db"):
        installers.program_in(windows)
    (windows / "守望.db").unlink()
    (windows / "shouwang-cli.exe").unlink()
    with pytest.raises(installers.NotMade, match=r"shouwang-cli\.exe"):
        installers.program_in(windows)


def test_another_version_than_the_checkout_is_refused(installers, tmp_path):
    with pytest.raises(installers.NotMade, match=r"9\.9\.9"):
        installers.program_in(frozen_program(tmp_path / "old", "9.9.9", b"MZ", ".exe"))


def test_a_build_for_another_processor_gets_no_name_that_says_x86_64(installers, windows):
    told = windows / "_internal" / "build.json"
    told.write_text(told.read_text(encoding="utf-8").replace("x86_64", "aarch64"), encoding="utf-8")
    with pytest.raises(installers.NotMade, match="windows-aarch64"):
        installers.program_in(windows)


def test_a_path_that_windows_would_cut_is_refused(installers, windows):
    deep = windows / "_internal" / ("d" * 80) / ("e" * 80)
    deep.mkdir(parents=True)
    (deep / "f").write_bytes(b"")
    with pytest.raises(installers.NotMade, match="too long"):
        installers.program_in(windows)


# -------------------------------------------------------------------------------------------------------- Windows


def test_the_portable_archive_is_the_folder_with_what_to_read_first(
    installers, windows, tmp_path, monkeypatch
):
    monkeypatch.setattr(installers.shutil, "which", lambda _name: None)
    made = installers.make(windows, tmp_path / "out")
    again = installers.make(windows, tmp_path / "again")

    assert [path.name for path in made] == [f"shouwang-{installers.version()}-windows-x86_64.zip"]
    with zipfile.ZipFile(made[0]) as archive:
        assert archive.testzip() is None
        names = set(archive.namelist())
        read_first = archive.read("守望/先看我.txt")
    inside = {f"守望/{path.relative_to(windows).as_posix()}" for path in windows.rglob("*") if path.is_file()}
    assert names == inside | {"守望/先看我.txt", "守望/安全软件提示.txt"}
    assert read_first.startswith(b"\xef\xbb\xbf")
    assert read_first.count(b"\n") == read_first.count(b"\r\n") > 20
    assert made[0].read_bytes() == again[0].read_bytes()
    sums = (made[0].parent / f"{made[0].name}.sha256").read_text(encoding="utf-8")
    assert sums == f"{hashlib.sha256(made[0].read_bytes()).hexdigest()}  {made[0].name}\n"


def test_the_installer_compiles_and_holds_the_program_and_its_uninstaller(
    installers, windows, tmp_path, reader
):
    reader("makensis")
    target = tmp_path / "shouwang-setup.exe"
    installers.windows_installer(installers.program_in(windows), target)

    names = {name.replace("\\", "/") for name in listed(reader("7z"), target)}
    assert {
        "_new/shouwang.exe",
        "_new/shouwang-cli.exe",
        "_new/_internal/build.json",
        "_new/_internal/PySide6/plugins/插件.txt",
        "卸载守望.exe",
    } <= names


def test_a_script_that_does_not_compile_leaves_nothing(installers, windows, tmp_path, reader, monkeypatch):
    reader("makensis")
    broken = tmp_path / "windows"
    broken.mkdir()
    (broken / "installer.nsi").write_text(
        SCRIPT.read_text(encoding="utf-8").replace("SectionEnd", "NoSuchWord", 1), encoding="utf-8"
    )
    monkeypatch.setattr(installers, "WINDOWS", broken)
    monkeypatch.setenv("LC_ALL", "xx_XX.UTF-8")  # named and not installed: makensis itself crashes then
    with pytest.raises(installers.NotMade, match="NoSuchWord"):
        installers.make(windows, tmp_path / "out")
    assert {path.suffix for path in (tmp_path / "out").iterdir()} == {".zip", ".sha256"}


def test_the_installer_removes_nothing_but_the_program_by_its_own_names():
    script = SCRIPT.read_text(encoding="utf-8")
    folders = set(re.findall(r'^\s*RMDir /r (?:/REBOOTOK )?"([^"]+)"', script, flags=re.MULTILINE))
    assert folders == {r"$INSTDIR\_new", r"$INSTDIR\_old", r"$INSTDIR\${LIBRARIES}"}
    assert re.findall(r'^\s*RMDir "([^"]+)"', script, flags=re.MULTILINE) == ["$INSTDIR"]
    files = set(re.findall(r'^\s*Delete "([^"]+)"', script, flags=re.MULTILINE))
    names = {"${WINDOW_EXE}", "${CONSOLE_EXE}", "${UNINSTALLER}", "${PROGRAM}.lnk"}
    assert {name.rpartition("\\")[2] for name in files} == names
    # The folder is a fixed one of its own; one that is named on the command line would be emptied.
    for start in ("Function .onInit", "Function un.onInit"):
        body = script.partition(start)[2].partition("FunctionEnd")[0]
        assert 'StrCpy $INSTDIR "${FOLDER}"' in body


def test_giving_up_while_the_program_is_open_leaves_no_half_of_the_new_one():
    waiting = (
        SCRIPT.read_text(encoding="utf-8").partition("!macro WAIT_UNTIL_CLOSED")[2].partition("!macroend")[0]
    )
    given_up = waiting.partition("IDRETRY again")[2].partition("Quit")[0]
    assert r'RMDir /r "$INSTDIR\_new"' in given_up


def test_a_swap_that_fails_half_way_brings_the_old_program_back_before_anything_is_said():
    script = SCRIPT.read_text(encoding="utf-8")
    halves = script.partition("  swap:\n")[2].partition("  RMDir /r")[0].split("IN_THE_MIDDLE}")
    for half in halves:
        failed = half.rpartition('${If} $Moved == "no"')[2] if half is halves[0] else half
        assert 0 < failed.index("Call PutOldBack") < failed.index("MessageBox"), failed
    # What came back is looked at before the rest is thrown away, and before it is said that it is back.
    for after in script.split("Call PutOldBack\n")[1:]:
        unseen = after.partition("$Moved == ")[0]
        assert "MessageBox" not in unseen
        assert "RMDir" not in unseen
    # Programs first away and last back, on both sides: an old one never stands on new libraries.
    moves = re.compile(r'!insertmacro (MOVE|ASIDE) "\$\{(\w+)\}"')
    back = script.partition("Function PutOldBack")[2].partition("FunctionEnd")[0]
    assert moves.findall(back) == [
        ("ASIDE", "WINDOW_EXE"),
        ("ASIDE", "CONSOLE_EXE"),
        ("ASIDE", "LIBRARIES"),
        ("MOVE", "LIBRARIES"),
        ("MOVE", "CONSOLE_EXE"),
        ("MOVE", "WINDOW_EXE"),
    ]


def test_what_is_left_of_a_program_replaced_long_ago_is_never_taken_for_the_one_in_use():
    script = SCRIPT.read_text(encoding="utf-8")
    before, _, after = script.partition('Section "-program"')[2].partition("  clear:\n")
    # Only when the program in place is not whole is the old one put back, and only one that has its window.
    asked = before.partition("Call PutOldBack")[0]
    assert "SEE_THAT_IT_IS_WHOLE" in asked
    assert r'${AndIf} ${FileExists} "$INSTDIR\_old\${WINDOW_EXE}"' in asked
    # Nothing is unpacked or moved while something of that name cannot be thrown away.
    left = after.partition(r'SetOutPath "$INSTDIR\_new"')[0].partition(r'RMDir /r "$INSTDIR\_old"')[2]
    for name in ("WINDOW_EXE", "CONSOLE_EXE", "LIBRARIES"):
        assert f'${{FileExists}} "$INSTDIR\\_old\\${{{name}}}"' in left, name
    assert re.search(r"IDRETRY clear\s+SetErrorLevel 4\s+Quit", left)


def test_nobody_is_told_to_put_the_security_software_away():
    for file in (SCRIPT, *CARRY.iterdir()):
        text = file.read_text(encoding="utf-8")
        assert re.findall(r"(?<!不用)(?:退出|关掉|关闭|卸载)[^。，]*安全软件", text) == [], file.name


def test_the_installer_and_its_words_ask_for_the_same_windows():
    script = SCRIPT.read_text(encoding="utf-8")
    assert "!define OLDEST_BUILD 17763" in script
    assert "RequestExecutionLevel user" in script
    refusals = re.findall(r'REFUSE 3 "([^"]+)"', script)
    assert len(refusals) == 2
    texts = [(CARRY / "先看我-Windows.txt").read_text(encoding="utf-8"), *refusals]
    assert all("1809" in text and "64 位" in text for text in texts)


# ---------------------------------------------------------------------------------------------------------- texts


def test_no_text_that_goes_along_has_a_gap_or_a_code_in_it(installers, windows, monkeypatch):
    monkeypatch.setattr(installers, "highest", lambda _folder: "2.31")
    program = installers.program_in(windows)
    texts = sorted(path.name for path in CARRY.iterdir())
    assert texts == ["先看我-Linux.txt", "先看我-Windows.txt", "安全软件提示.txt"]
    for name in texts:
        text = installers.words(name, program)
        assert "{" not in text
        assert "守望" in text.splitlines()[0]
    monkeypatch.setattr(installers, "highest", lambda _folder: "")
    with pytest.raises(installers.NotMade, match="glibc"):
        installers.words("先看我-Linux.txt", program)
