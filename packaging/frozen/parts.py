"""What is packed into the frozen program and what is left out, each with its reason.

Read by `shouwang.spec` and the hooks beside it, inside the environment that builds.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterable, Iterator
from importlib import metadata
from pathlib import Path, PurePath

from frozen.names import ROOT

# ------------------------------------------------------------------------------------------------ Python modules

LEFT_OUT = (
    "tkinter",
    "_tkinter",
    # One SQLite in the process, and it is sqlcipher3's.
    "sqlite3",
    "_sqlite3",
    # Consoles and debuggers of Python itself.
    "pdb",
    "doctest",
    "pydoc_data",
    "readline",
    "curses",
    "_curses",
    "lib2to3",
    "ensurepip",
    "idlelib",
    # Pillow: the formats of pictures are in `PICTURE_FORMATS`; colour profiles, its own fonts and other windows are not used.
    "PIL.AvifImagePlugin",
    "PIL._avif",
    "PIL.ImageCms",
    "PIL._imagingcms",
    "PIL._imagingft",
    "PIL.ImageQt",
    "PIL.ImageTk",
    "PIL._imagingtk",
    # reportlab draws with its own fonts in our pages; its charts are not used.
    "reportlab.graphics.charts",
    "reportlab.graphics.samples",
    # openpyxl and networkx look for these; which machine builds must make no difference.
    "numpy",
    "scipy",
    "pandas",
    "matplotlib",
    "lxml",
    "defusedxml",
)

_BREAKS_NOTHING = {
    # filelock does without its locks that stand in a database; the import system's own names are built in.
    ("sqlite3", "filelock._read_write"),
    ("sqlite3", "filelock._async_read_write"),
    ("_frozen_importlib", "zipimport"),
}
_EXCLUDED = re.compile(r"excluded module named '?([\w.]+)'? - imported by (.*)")
_IMPORTER = re.compile(r"([\w.]+) \(([^)]*)\)")


def broken_imports(warnings: str) -> list[str]:
    """Return "module by importer" for each import in PyInstaller's warnings that `modules_left_out` breaks for certain.

    An import at the head of a module ends with ModuleNotFoundError when it is first needed, in the teacher's hands.
    """
    found = []
    for line in warnings.splitlines():
        match = _EXCLUDED.match(line)
        if match is None:
            continue
        module, importers = match.groups()
        found += [
            f"{module} by {importer}"
            for importer, how in _IMPORTER.findall(importers)
            if how == "top-level" and (module, importer) not in _BREAKS_NOTHING
        ]
    return found


PICTURE_FORMATS = ("Bmp", "Gif", "Jpeg", "Png", "Ppm", "Tiff", "WebP")
"""What Pillow reads here: `_FORMATS` of app/storage/pictures.py, and the one it always looks for (Ppm)."""


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def needed_distributions() -> dict[str, metadata.Distribution]:
    """Return what the program needs of the environment: pyproject's dependencies and theirs, by name.

    LookupError names one that is not installed.
    """
    from packaging.requirements import Requirement

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    found: dict[str, metadata.Distribution] = {}
    left = [Requirement(line) for line in project["dependencies"]]
    while left:
        wanted = left.pop()
        name = _plain(wanted.name)
        if name in found or (wanted.marker and not wanted.marker.evaluate({"extra": ""})):
            continue
        found[name] = metadata.distribution(wanted.name)
        left += [Requirement(line) for line in found[name].requires or ()]
    return dict(sorted(found.items()))


def _modules(distribution: metadata.Distribution) -> set[str]:
    """Return the top-level modules that a distribution installed."""
    tops = set()
    for file in distribution.files or ():
        top = file.parts[0]
        if (
            len(file.parts) > 1
            and not top.endswith((".dist-info", ".libs"))
            and top not in ("..", "__pycache__")
        ):
            tops.add(top)
        elif len(file.parts) == 1 and file.suffix in (".py", ".so", ".pyd"):
            tops.add(top.partition(".")[0])
    return {top for top in tops if top.isidentifier()}


def modules_left_out() -> list[str]:
    """Return every module that must not come in: what `LEFT_OUT` names and whatever is here for development only."""
    needed = needed_distributions()
    kept: set[str] = set().union(*(_modules(one) for one in needed.values()))
    rest: set[str] = set()
    for one in metadata.distributions():
        if _plain(one.metadata["Name"]) not in needed:
            rest |= _modules(one)
    return [*LEFT_OUT, *sorted(rest - kept - {"frozen"})]


# ------------------------------------------------------------------------------------------------ Qt

PLUGINS = {
    # The window: X11 (also under Wayland, through XWayland), Windows; offscreen for pictures and the self-test. Left out:
    # Wayland itself, frame buffers, VNC, Vulkan: never tried, and each brings libraries.
    "platforms": ("qxcb", "qoffscreen", "qwindows"),
    # Photos (JPEG) and drawn icons (SVG); PNG and BMP are in QtGui. Pillow reads everything else before Qt sees it.
    "imageformats": ("qjpeg", "qsvg", "qico"),
    "iconengines": ("qsvgicon",),
    # Typed Chinese: ibus (fcitx speaks it too), and X11's compose tables. On Windows it is in the platform plugin.
    "platforminputcontexts": ("ibusplatforminputcontextplugin", "composeplatforminputcontextplugin"),
    # On Windows that is inside QtPrintSupport.
    "printsupport": ("cupsprintersupport",),
    "styles": ("qmodernwindowsstyle",),
}
"""Qt's plugins that come along, by kind; no other does. Left out are TLS and network watching (the program has no
network; QtNetwork itself stays: the second start finds the first window through its local socket), OpenGL and EGL
(everything is drawn by the processor), GTK's theme (it brings 60 libraries of one desktop), databases, QML."""

TRANSLATIONS = ("qtbase_zh_CN.qm",)

LIBRARIES_LEFT_OUT = ("opengl32sw", "d3dcompiler_")
"""What PyInstaller adds on Windows for programs that draw with OpenGL: 25 MB."""


def is_wanted_plugin(path: str) -> bool:
    """Tell whether a file of Qt's plugins folder comes along; whatever is no plugin does."""
    parts = PurePath(path.replace("\\", "/")).parts
    if "plugins" not in parts:
        return True
    kind, name = parts[-2], parts[-1].removeprefix("lib").partition(".")[0]
    return name in PLUGINS.get(kind, ())


def wanted(entries: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return what stays of `(source, folder)` pairs that a hook of PyInstaller has collected for a Qt module."""
    return [entry for entry in entries if is_wanted_plugin(entry[0])]


# ------------------------------------------------------------------------------------------------ our own

_NOT_PACKED = ("pictures", "proofreading", "carry")
"""Folders of `resources` that are for the README, for proof-readers, and for what lies beside the program."""


def resources() -> Iterator[tuple[str, str]]:
    """Yield `(source, folder)` for every file of `resources` that the program may read."""
    top = ROOT / "resources"
    for path in sorted(top.rglob("*")):
        folder = path.parent.relative_to(ROOT)
        if path.is_file() and folder.parts[1:2] not in [(name,) for name in _NOT_PACKED]:
            yield str(path), folder.as_posix()


def library_data() -> Iterator[tuple[str, str]]:
    """Yield the data files of libraries that PyInstaller does not know of."""
    # The names of China's holidays in Chinese; without it they are in English.
    yield from files_of("holidays", "locale/zh_CN/LC_MESSAGES/CN.mo")


def files_of(distribution: str, tail: str) -> list[tuple[str, str]]:
    """Return `(source, folder)` of a distribution's files that end with `tail`; LookupError when there is none."""
    found = [
        file for file in metadata.distribution(distribution).files or () if file.as_posix().endswith(tail)
    ]
    if not found:
        raise LookupError(f"{distribution} has no {tail}")
    return [(str(file.locate()), file.parent.as_posix()) for file in found]


def is_kept_binary(name: str) -> bool:
    """Tell whether a collected library stays (its path inside the folder)."""
    return not PurePath(name.replace("\\", "/")).name.lower().startswith(LIBRARIES_LEFT_OUT)


def is_kept_data(name: str) -> bool:
    """Tell whether a collected data file stays (its path inside the folder).

    Of Qt's translations only the Chinese. Of what is told about a library not the list of its files: it holds the check
    sums of scripts that name the folder of the build, no two builds have the same, and nothing reads it there.
    """
    path = PurePath(name.replace("\\", "/"))
    if path.parent.suffix == ".dist-info":
        return path.name != "RECORD"
    return path.suffix != ".qm" or path.name in TRANSLATIONS


def icon() -> str | None:
    """Return the icon of the program files on this system, None where files have none."""
    path = ROOT / "resources" / "icons" / "program.ico"
    return str(path) if sys.platform == "win32" and Path(path).is_file() else None
