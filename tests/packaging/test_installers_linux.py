"""What a school with Linux receives: the archive with its start script, and the Debian package."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from tests.packaging.stand_in import PACKAGING, developer_command, frozen_program

if sys.platform == "win32":
    pytest.skip("they are made on Linux", allow_module_level=True)


@pytest.fixture(scope="module")
def installers():
    return developer_command("installers")


@pytest.fixture
def linux(installers, tmp_path):
    """Give a folder whose two programs are this system's `true`, so that they ask for a glibc."""
    program = Path(shutil.which("true")).read_bytes()
    folder = frozen_program(tmp_path / "shouwang-linux", installers.version(), program, "")
    (folder / "_internal" / "libagain.so").symlink_to("build.json")
    return folder


def test_the_archive_for_linux_says_which_glibc_and_keeps_modes_and_links(
    installers, linux, tmp_path, monkeypatch
):
    monkeypatch.setattr(installers.shutil, "which", lambda _name: None)
    (made,) = installers.make(linux, tmp_path / "out")
    os.utime(linux / "_internal" / "build.json", (1, 1))  # built at another time of the same sources
    (again,) = installers.make(linux, tmp_path / "again")

    glibc = installers.glibc_of(installers.program_in(linux))
    assert re.fullmatch(r"2\.\d+", glibc)
    assert made.read_bytes() == again.read_bytes()
    with tarfile.open(made) as archive:
        top = f"shouwang-{installers.version()}-linux-x86_64"
        modes = {one.name: one.mode for one in archive if one.isfile()}
        assert {one.uname for one in archive} == {"root"}
        assert modes[f"{top}/start.sh"] == modes[f"{top}/shouwang"] == modes[f"{top}/shouwang-cli"] == 0o755
        assert modes[f"{top}/_internal/build.json"] == 0o644
        assert archive.getmember(f"{top}/_internal/libagain.so").linkname == "build.json"
        assert f"glibc {glibc} " in archive.extractfile(f"{top}/先看我.txt").read().decode("utf-8")


def test_the_debian_package_touches_nothing_but_its_own_places(installers, linux, tmp_path, reader):
    dpkg = reader("dpkg-deb")
    program = installers.program_in(linux)
    packages = [tmp_path / "one.deb", tmp_path / "two.deb"]
    for package in packages:
        installers.debian_package(program, package)
    assert packages[0].read_bytes() == packages[1].read_bytes()

    told = subprocess.run([dpkg, "-f", packages[0]], capture_output=True, check=True, encoding="utf-8").stdout
    assert f"Version: {installers.version()}\n" in told
    assert f"libc6 (>= {installers.glibc_of(program)})" in told
    subprocess.run([dpkg, "-x", packages[0], tmp_path / "root"], check=True)
    subprocess.run([dpkg, "-e", packages[0], tmp_path / "control"], check=True)
    assert {path.name for path in (tmp_path / "control").iterdir()} == {
        "control",
        "md5sums",
        "preinst",
        "prerm",
    }
    root = tmp_path / "root" / "usr"
    assert {path.name for path in root.iterdir()} == {"bin", "lib", "share"}
    assert (root / "bin" / "shouwang").resolve() == root / "lib" / "shouwang" / "start.sh"
    assert (root / "bin" / "shouwang-cli").resolve() == root / "lib" / "shouwang" / "shouwang-cli"
    assert (root / "share/icons/hicolor/256x256/apps/shouwang.png").stat().st_size > 1000


def test_a_strict_umask_of_the_builder_is_not_in_the_package(linux, tmp_path, reader):
    out = tmp_path / "out"
    subprocess.run(
        [sys.executable, PACKAGING / "installers.py", linux, "--out", out],
        umask=0o077,
        check=True,
        timeout=120,
    )
    (package,) = out.glob("*.deb")
    told = subprocess.run(
        [reader("dpkg-deb"), "-c", package], capture_output=True, check=True, encoding="utf-8"
    ).stdout
    modes = {line.split()[0] for line in told.splitlines() if not line.startswith("l")}
    assert modes == {"drwxr-xr-x", "-rwxr-xr-x", "-rw-r--r--"}


def test_a_library_that_no_package_is_known_for_stops_the_package(installers, linux, tmp_path):
    program = installers.program_in(linux)
    shutil.copy(shutil.which("bash"), linux / "_internal" / "bash")
    with pytest.raises(installers.NotMade, match=r"libtinfo\.so"):
        installers.debian_package(program, tmp_path / "one.deb")
    (linux / "_internal" / "libtinfo.so.6").touch()  # packed in
    assert installers.system_packages(program) == []


def test_the_desktop_entry_is_a_valid_one(reader):
    done = subprocess.run(
        [reader("desktop-file-validate"), PACKAGING / "linux" / "shouwang.desktop"],
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, b"")


@pytest.mark.parametrize(
    ("given", "bridge"),
    [({}, "ibus"), ({"QT_IM_MODULE": "fcitx"}, "ibus"), ({"QT_IM_MODULE": "compose"}, "compose")],
)
def test_the_start_script_chooses_a_bridge_that_the_program_carries(given, bridge, tmp_path):
    home = tmp_path / "程序 文件夹"
    home.mkdir()
    shutil.copy(PACKAGING / "linux" / "start.sh", home)
    (home / "shouwang").write_text('#!/bin/sh\nenv\necho "told: $*"\n', encoding="utf-8")
    (home / "shouwang").chmod(0o755)
    link = tmp_path / "link"
    link.symlink_to(home / "start.sh")
    done = subprocess.run(
        [link, "a b"],
        env={"PATH": os.environ["PATH"], **given},
        capture_output=True,
        check=True,
        encoding="utf-8",
    )
    assert f"QT_IM_MODULE={bridge}\n" in done.stdout
    assert "told: a b" in done.stdout
