"""Make what a school receives out of a folder that packaging/build.py left (build/dist/…).

    python packaging/installers.py [FOLDER] [--out FOLDER]

From a Windows folder: the portable .zip, and the installer where makensis (NSIS 3) is; from a Linux folder: the .tar.gz,
and the .deb where dpkg-deb is. Beside each stands its .sha256, as `sha256sum -c` reads it, and once the page on warnings.
Run it with the environment's Python. Nothing is left of what could not be made whole.
"""

from __future__ import annotations

import argparse
import calendar
import gzip
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from frozen.elf import needed
from frozen.from_the_system import GLIBC, PACKAGE_OF
from frozen.glibc import highest
from frozen.names import BUILD_FILE, CONSOLE, DIST, INSIDE, ROOT, WINDOW, folder_name, version

OUT = ROOT / "build" / "installers"
CARRY = ROOT / "resources" / "carry"
ICONS = ROOT / "resources" / "icons"
WINDOWS = Path(__file__).resolve().parent / "windows"
LINUX = Path(__file__).resolve().parent / "linux"

PORTABLE_FOLDER = "守望"
PROCESSOR = "x86_64"  # Debian calls it amd64
README = "先看我.txt"
WARNINGS = "安全软件提示.txt"
MAINTAINER = "The Shouwang authors <shouwang@localhost>"

LONGEST_PATH = 160
"""Characters of a file's path inside the program: Windows stops at 259, and a user's folder needs some 70 of them."""


class NotMade(Exception):
    """Why an artefact was not made, in one line."""


@dataclass(frozen=True)
class Program:
    """A frozen program: where it lies, and for which system."""

    folder: Path
    windows: bool
    version: str
    written: int
    """The day of the sources it was built of, in seconds since 1970: the date of everything in the artefacts, so that the
    same sources give the same artefacts whenever and wherever they are made."""

    @property
    def name(self) -> str:
        """How its artefacts begin."""
        return f"{WINDOW}-{self.version}-{'windows' if self.windows else 'linux'}-{PROCESSOR}"


def program_in(folder: Path) -> Program:
    """Look at a frozen program; NotMade when it is none, or one of another version than this checkout's."""
    windows = (folder / f"{WINDOW}.exe").is_file()
    suffix = ".exe" if windows else ""
    wanted = [f"{WINDOW}{suffix}", f"{CONSOLE}{suffix}", INSIDE, f"{INSIDE}/{BUILD_FILE}"]
    missing = [name for name in wanted if not (folder / name).exists()]
    if missing:
        raise NotMade(f"{folder} is no frozen program, it lacks {', '.join(missing)}")
    told = json.loads((folder / INSIDE / BUILD_FILE).read_text(encoding="utf-8"))
    if told["version"] != version():
        raise NotMade(f"{folder} is version {told['version']}, this checkout is {version()}")
    platform = f"{'windows' if windows else 'linux'}-{PROCESSOR}"
    if told["platform"] != platform:
        raise NotMade(f"{folder} is built for {told['platform']}, not for {platform}")
    others = sorted({one.name for one in folder.iterdir()} - set(wanted))
    if others:
        raise NotMade(f"{folder} holds more than the program: {', '.join(others)}")
    for file in folder.rglob("*"):
        inside = file.relative_to(folder).as_posix()
        if len(inside) > LONGEST_PATH:
            raise NotMade(f"too long a path for Windows ({len(inside)} characters): {inside}")
    return Program(
        folder, windows, told["version"], calendar.timegm(time.strptime(told["built"], "%Y-%m-%d"))
    )


def words(name: str, program: Program) -> str:
    """Return one of the texts that go along, with what is particular to this version put in."""
    text = (CARRY / name).read_text(encoding="utf-8")
    text = text.replace("{version}", program.version).replace("{setup}", f"{program.name}-setup.exe")
    if "{glibc}" in text:
        text = text.replace("{glibc}", glibc_of(program))
    if "{" in text:
        raise NotMade(f"{name} has a gap that nothing fills")
    return text


def for_notepad(text: str) -> bytes:
    """Return a text as the oldest Windows editor we serve shows it: UTF-8 with its mark, CR LF."""
    return text.replace("\n", "\r\n").encode("utf-8-sig")


def glibc_of(program: Program) -> str:
    """Return the oldest glibc this program runs on, such as 2.31."""
    found = highest(program.folder)
    if not found:
        raise NotMade(f"no file in {program.folder} says which glibc it needs")
    return found


# ------------------------------------------------------------------------------------------------------- Windows


def portable_zip(program: Program, target: Path) -> None:
    """The folder as it is, with what to read first; it is unpacked anywhere and run from there."""
    date = time.gmtime(program.written)[:6]
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:

        def put(name: str, content: bytes) -> None:
            entry = zipfile.ZipInfo(f"{PORTABLE_FOLDER}/{name}", date)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)

        put(README, for_notepad(words("先看我-Windows.txt", program)))
        put(WARNINGS, for_notepad(words(WARNINGS, program)))
        for file in files_of(program.folder):
            put(file.relative_to(program.folder).as_posix(), file.read_bytes())


def side_picture(target: Path) -> None:
    """Draw the left side of the installer's first page: the program's icon on the paper colour of the window."""
    size, paper = (164, 314), (0xF4, 0xF1, 0xEA)
    picture = Image.new("RGB", size, paper)
    icon = Image.open(ICONS / "program.png").convert("RGBA").resize((96, 96), Image.Resampling.LANCZOS)
    picture.paste(icon, ((size[0] - 96) // 2, 72), icon)
    picture.save(target, "BMP")


def windows_installer(program: Program, target: Path, *, cpu: str = "x86", in_the_middle: str = "") -> None:
    """Compile packaging/windows/installer.nsi; `cpu` is the installer's own, the program is 64-bit in any case.

    `in_the_middle` is what a trial does to the new program half-way through the swap (packaging/installer_trial.py).
    """
    numbers = [*program.version.split("."), "0", "0", "0"][:4]
    with tempfile.TemporaryDirectory() as scratch:
        side = Path(scratch) / "side.bmp"
        side_picture(side)
        given = {
            "CPU": cpu,
            "SOURCE": program.folder.resolve(),
            "VERSION": program.version,
            "VERSION4": ".".join(numbers),
            "ICON": ICONS / "program.ico",
            "SIDE": side,
            "OUT": target.resolve(),
        } | ({"IN_THE_MIDDLE": in_the_middle} if in_the_middle else {})
        call(
            "makensis",
            "-V2",
            "-WX",
            "-INPUTCHARSET",
            "UTF8",
            *(f"-D{name}={value}" for name, value in given.items()),
            WINDOWS / "installer.nsi",
            LC_ALL="C.UTF-8",  # it crashes where a locale is named that is not installed
        )


# --------------------------------------------------------------------------------------------------------- Linux


def portable_tar(program: Program, target: Path) -> None:
    """The folder as it is, with the start script that brings the input method, and what to read first."""
    with tempfile.TemporaryDirectory() as scratch:
        tree = Path(scratch) / program.name
        shutil.copytree(program.folder, tree, symlinks=True)
        shutil.copy(LINUX / "start.sh", tree / "start.sh")
        (tree / README).write_text(words("先看我-Linux.txt", program), encoding="utf-8")
        with (
            target.open("wb") as raw,
            gzip.GzipFile("", "wb", 9, raw, 0) as packed,
            tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive,
        ):
            archive.add(tree, program.name, filter=lambda entry: plain_owner(entry, program))


def plain_owner(entry: tarfile.TarInfo, program: Program) -> tarfile.TarInfo:
    """Take this machine out of an entry: its users, its dates, its idea of who may read what."""
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = "root"
    entry.mtime = program.written
    if not entry.issym():
        entry.mode = 0o755 if entry.isdir() or entry.mode & 0o100 else 0o644
    return entry


def debian_package(program: Program, target: Path) -> None:
    """The program in /usr/lib/shouwang, its two commands, desktop entry, icons; nothing that has to be configured."""
    with tempfile.TemporaryDirectory() as scratch:
        tree = Path(scratch) / "tree"
        debian_tree(program, tree)
        set_dates(tree, program)
        call(
            "dpkg-deb",
            "--root-owner-group",
            "-Zxz",
            "-z1",  # on 210 MB a ninth larger than the best and three times as fast
            "--build",
            tree,
            target,
            SOURCE_DATE_EPOCH=str(program.written),
        )


def debian_tree(program: Program, tree: Path) -> None:
    """Lay out the package's files under `tree`, with its control files in DEBIAN/."""
    share = tree / "usr" / "share"
    home = tree / "usr" / "lib" / WINDOW
    shutil.copytree(program.folder, home, symlinks=True)
    put(LINUX / "start.sh", home / "start.sh", 0o755)
    commands = tree / "usr" / "bin"
    commands.mkdir(parents=True)
    (commands / WINDOW).symlink_to(f"../lib/{WINDOW}/start.sh")
    (commands / CONSOLE).symlink_to(f"../lib/{WINDOW}/{CONSOLE}")
    put(LINUX / "shouwang.desktop", share / "applications" / "shouwang.desktop")
    put(ICONS / "program.svg", share / "icons/hicolor/scalable/apps/shouwang.svg")
    put(ICONS / "program.png", share / "icons/hicolor/256x256/apps/shouwang.png")
    put(LINUX / "overrides", share / "lintian/overrides" / WINDOW)
    put(LINUX / "copyright", share / "doc" / WINDOW / "copyright")
    pack((LINUX / "shouwang.1").read_bytes(), share / "man/man1/shouwang.1.gz")
    (share / "man/man1/shouwang-cli.1.gz").symlink_to("shouwang.1.gz")
    pack((ROOT / "CHANGELOG.md").read_bytes(), share / "doc" / WINDOW / "CHANGELOG.md.gz")
    pack(changelog(program).encode(), share / "doc" / WINDOW / "changelog.gz")

    programs = {home / name for name in (WINDOW, CONSOLE, "start.sh")}
    for path in tree.rglob("*"):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path in programs else 0o644)
    control = tree / "DEBIAN"
    put(LINUX / "guard.sh", control / "preinst", 0o755)
    put(LINUX / "guard.sh", control / "prerm", 0o755)
    sums = [
        f"{digest(file, 'md5')}  {file.relative_to(tree).as_posix()}\n"
        for file in files_of(tree)
        if control not in file.parents and not file.is_symlink()
    ]
    (control / "md5sums").write_text("".join(sums), encoding="utf-8")
    (control / "control").write_text(control_text(program, tree), encoding="utf-8")


def control_text(program: Program, tree: Path) -> str:
    """Return the package's control file."""
    kilobytes = sum(file.lstat().st_size for file in files_of(tree)) // 1024
    depends = [f"libc6 (>= {glibc_of(program)})", *system_packages(program)]
    return (
        f"Package: {WINDOW}\n"
        f"Version: {program.version}\n"
        "Section: misc\n"
        "Priority: optional\n"
        "Architecture: amd64\n"
        f"Maintainer: {MAINTAINER}\n"
        f"Installed-Size: {kilobytes}\n"
        f"Depends: {', '.join(depends)}\n"
        "Recommends: fontconfig-config\n"
        "Description: school's register of left-behind children, without internet\n"
        " Shouwang (守望) keeps a rural school's register of left-behind children on one\n"
        " computer, in one file: the Excel roster comes in; the ledger, each child's\n"
        " printed file, the diary of care and a verified copy for the town go out.\n"
        " .\n"
        " The data lie in a folder that the teacher chooses. Installing, upgrading and\n"
        " removing this package never touch it.\n"
    )


def system_packages(program: Program) -> list[str]:
    """Return the packages, besides glibc's, whose libraries the program's files name and that are not packed in."""
    present = {path.name for path in program.folder.rglob("*")}
    named: set[str] = set()
    for file in files_of(program.folder):
        named.update(needed(file))
    missing = named - present - GLIBC
    unknown = sorted(missing - PACKAGE_OF.keys())
    if unknown:
        raise NotMade(f"libraries that are neither packed in nor known: {', '.join(unknown)}")
    return sorted(PACKAGE_OF[name] for name in missing)


def put(source: Path, target: Path, mode: int = 0o644) -> None:
    """Copy one file to where the package wants it."""
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o755)
    shutil.copyfile(source, target)
    target.chmod(mode)


def changelog(program: Program) -> str:
    """Return the package's history as Debian's tools read it; what changed for a school stands in CHANGELOG.md."""
    date = time.strftime("%a, %d %b %Y %H:%M:%S +0000", time.gmtime(program.written))
    return (
        f"{WINDOW} ({program.version}) stable; urgency=medium\n\n"
        f"  * Version {program.version}, see CHANGELOG.md.gz.\n\n -- {MAINTAINER}  {date}\n"
    )


def pack(content: bytes, target: Path) -> None:
    """Write a file as gzip without a date, as Debian's rules want it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as raw, gzip.GzipFile("", "wb", 9, raw, 0) as file:
        file.write(content)


def set_dates(tree: Path, program: Program) -> None:
    """Give every file the date of the build."""
    for path in [tree, *tree.rglob("*")]:
        os.utime(path, (program.written, program.written), follow_symlinks=False)


# ------------------------------------------------------------------------------------------------------- together


def files_of(folder: Path) -> Iterator[Path]:
    """Give every file under a folder, links too, always in the same order."""
    yield from sorted(path for path in folder.rglob("*") if path.is_symlink() or path.is_file())


def digest(file: Path, kind: str) -> str:
    """Return a file's hash in hexadecimal."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, kind).hexdigest()


def call(program: str, *arguments: str | Path, **extra: str) -> None:
    """Run a tool; NotMade with its own last words when it fails."""
    done = subprocess.run(
        [program, *(str(word) for word in arguments)],
        env=os.environ | extra,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if done.returncode:
        raise NotMade(
            f"{program} failed ({done.returncode}): {' / '.join(done.stdout.strip().splitlines()[-5:])}"
        )


def artefacts(program: Program) -> dict[str, tuple[Callable[[Program, Path], None], str | None]]:
    """Return what is made from a program: file name → how, and the tool that must be here for it."""
    if program.windows:
        return {
            f"{program.name}.zip": (portable_zip, None),
            f"{program.name}-setup.exe": (windows_installer, "makensis"),
        }
    return {
        f"{program.name}.tar.gz": (portable_tar, None),
        f"{WINDOW}_{program.version}_amd64.deb": (debian_package, "dpkg-deb"),
    }


def make(folder: Path, out: Path = OUT) -> list[Path]:
    """Make everything that can be made from `folder` here; return the files made. NotMade says why one was not."""
    program = program_in(folder)
    out.mkdir(parents=True, exist_ok=True)
    made = []
    for name, (how, tool) in artefacts(program).items():
        if tool and not shutil.which(tool):
            print(f"note: {name} is not made, {tool} is not here")
            continue
        part = out / f"part-{name}"
        try:
            how(program, part)
            part.replace(out / name)
        finally:
            part.unlink(missing_ok=True)
        (out / f"{name}.sha256").write_text(f"{digest(out / name, 'sha256')}  {name}\n", encoding="utf-8")
        made.append(out / name)
        print(f"{name}  {(out / name).stat().st_size / 1e6:.1f} MB")
    if program.windows:
        # Plain letters in every name: the forge's download page keeps no others.
        (out / f"{program.name}-warnings.txt").write_bytes(for_notepad(words(WARNINGS, program)))
    return made


def main(given: list[str]) -> int:
    """Do what the command line says; return the exit code."""
    parser = argparse.ArgumentParser(
        description="Make the installers and portable archives from a frozen program."
    )
    parser.add_argument(
        "folder", type=Path, nargs="?", default=DIST / folder_name(), help="what packaging/build.py left"
    )
    parser.add_argument("--out", type=Path, default=OUT, help="where the files go (build/installers)")
    wanted = parser.parse_args(given)
    try:
        make(wanted.folder, wanted.out)
    except NotMade as why:
        print(f"installers.py: {why}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    os.umask(0o022)  # readable by every user of the machine it is installed on
    sys.exit(main(sys.argv[1:]))
