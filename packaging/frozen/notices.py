"""The third-party notices that go with the program: who made each part, under which licence, with the whole text.

Put together from what the installed distributions themselves carry, so that a new or newer library brings its own.
"""

from __future__ import annotations

import shutil
import sys
import sysconfig
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from frozen import taken_along
from frozen.names import ROOT
from frozen.parts import needed_distributions

TABLE = "第三方声明.txt"
TEXTS = ROOT / "resources" / "notices" / "texts"

# Parts whose own files carry no text: the texts lie in resources/notices/texts.
_TEXTS_OF: Mapping[str, Sequence[str]] = {
    "pyside6-essentials": ("LGPL-3.0.txt", "GPL-3.0.txt"),
    "shiboken6": ("LGPL-3.0.txt", "GPL-3.0.txt"),
    "sqlcipher3": ("SQLCipher.txt", "Apache-2.0.txt"),
}
# What the metadata say too vaguely.
_LICENCES: Mapping[str, str] = {
    "pyside6-essentials": "LGPL-3.0 (Qt 6.8, PySide6)",
    "shiboken6": "LGPL-3.0",
    "peewee": "MIT",
    "sqlcipher3": "Zlib; SQLCipher BSD-3-Clause; SQLite public domain; OpenSSL Apache-2.0",
    "python-stdnum": "LGPL-2.1-or-later",
    "python-dateutil": "Apache-2.0 or BSD-3-Clause",
    "pypdfium2": "BSD-3-Clause or Apache-2.0; PDFium BSD-3-Clause",
    "pycryptodomex": "BSD-2-Clause, public domain",
    "reportlab": "BSD-3-Clause",
    "rl-accel": "BSD-3-Clause",
}

_SOURCES = ("source", "source code", "repository", "code", "homepage", "home")

_HEAD = """守望用到的别人做的部分

守望自己是 MIT 许可（LICENSE.txt）。下面这些部分各有各的许可，全文在 licences 文件夹里，一个部分一个文件夹。
Qt 是 LGPL 3.0：怎样换上自己的 Qt，见「换用Qt库.txt」。

"""
_FONTS = """字体 School Song、School Hei：由 Noto Serif CJK SC、Noto Sans CJK SC 改成，SIL Open Font License 1.1
（resources/fonts/OFL.txt）
图标：Fluent UI System Icons，MIT（resources/icons/LICENSE）
"""
_SYSTEM = """
Linux 的程序文件夹里还有系统的公共库（_internal 里的 lib*.so*），每一个取自哪个软件包、许可全文和源码在哪里，
见「{table}」。
"""


@dataclass(frozen=True, slots=True)
class Part:
    """One part made by others."""

    name: str
    version: str
    licence: str
    home: str
    texts: Sequence[Path]


def parts() -> Iterator[Part]:
    """Yield every part that goes into the program; LookupError names one whose licence nobody carries."""
    for name, distribution in needed_distributions().items():
        texts = [*_own_texts(distribution), *(TEXTS / text for text in _TEXTS_OF.get(name, ()))]
        if not texts or not all(text.is_file() for text in texts):
            raise LookupError(f"a licence text of {name} is missing: put it into resources/notices/texts")
        licence = _LICENCES.get(name) or _licence(distribution)
        yield Part(name, distribution.version, licence, _home(distribution), texts)
    yield Part("python", sys.version.split()[0], "PSF-2.0", "https://www.python.org", [_python_text()])
    bootloader = metadata.distribution("pyinstaller")
    licence = "GPL-2.0-or-later WITH Bootloader-exception"
    yield Part(
        "pyinstaller-bootloader", bootloader.version, licence, _home(bootloader), list(_own_texts(bootloader))
    )


def _own_texts(distribution: metadata.Distribution) -> Iterator[Path]:
    for file in distribution.files or ():
        if file.parts[0].endswith(".dist-info"):
            name = file.name.upper()
            if "licenses" in file.parts or name.startswith(("LICEN", "COPYING", "NOTICE", "AUTHORS")):
                yield Path(str(file.locate()))


def _licence(distribution: metadata.Distribution) -> str:
    told = distribution.metadata.json
    said = str(told.get("license_expression") or told.get("license") or "")
    if not said or "\n" in said:
        raise LookupError(f"{distribution.metadata['Name']} does not say its licence in one line")
    return said


def _home(distribution: metadata.Distribution) -> str:
    """Return where the sources are told to be: the LGPL asks for it."""
    told = distribution.metadata.json
    named = [str(line).partition(",")[::2] for line in told.get("project_url", ())]
    addresses = {label.strip().lower(): address.strip() for label, address in named}
    for label in _SOURCES:
        if label in addresses:
            return addresses[label]
    return str(told.get("home_page") or next(iter(addresses.values())))


def _python_text() -> Path:
    """Return Python's own licence file: it lies in the library folder, on Windows beside the interpreter, in Debian under doc."""
    library = Path(sysconfig.get_paths()["stdlib"])
    debian = Path("/usr/share/doc") / f"python{sys.version_info[0]}.{sys.version_info[1]}" / "copyright"
    for path in (
        library / "LICENSE.txt",
        Path(sys.base_prefix) / "LICENSE.txt",
        Path(sys.base_prefix) / "LICENSE",
        debian,
    ):
        if path.is_file():
            return path
    raise LookupError("this Python came without its licence file")


def write(folder: Path) -> None:
    """Write the table and every licence text into `folder`; the texts that lie in `resources` are not repeated."""
    folder.mkdir(parents=True, exist_ok=True)
    table = []
    for part in parts():
        own = folder / "licences" / part.name
        table.append(f"{part.name} {part.version}：{part.licence}\n    {part.home}\n")
        for text in part.texts:
            if text.parent == TEXTS:
                table.append(f"    texts/{text.name}\n")
                continue
            own.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(text, own / _free_name(own, text))
    shutil.copyfile(ROOT / "LICENSE", folder / "LICENSE.txt")
    system = _SYSTEM.format(table=taken_along.TABLE) if sys.platform.startswith("linux") else ""
    (folder / TABLE).write_text(_HEAD + "".join(table) + "\n" + _FONTS + system, encoding="utf-8")


def _free_name(folder: Path, text: Path) -> str:
    """Return the file's name, with its folder's before it where the name is taken (PDFium's parts have the same)."""
    return f"{text.parent.name}-{text.name}" if (folder / text.name).exists() else text.name
