"""What Windows shows about a program file: 属性 → 详细信息."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from frozen.names import SUFFIX, version

_CHINESE, _UNICODE = 0x0804, 1200


def version_resource(name: str) -> Any:
    """Return PyInstaller's version resource for the program file `name`; None where files carry none."""
    if SUFFIX != ".exe":
        return None
    info: Any = import_module("PyInstaller.utils.win32.versioninfo")

    numbers = (*(int(part) for part in version().split(".")), 0, 0, 0)[:4]
    words = {
        "CompanyName": "Shouwang",
        "FileDescription": "守望：留守儿童台账",
        "FileVersion": version(),
        "InternalName": name,
        "LegalCopyright": "MIT",
        "OriginalFilename": f"{name}.exe",
        "ProductName": "守望",
        "ProductVersion": version(),
    }
    table = info.StringTable(
        f"{_CHINESE:04X}{_UNICODE:04X}", [info.StringStruct(key, value) for key, value in words.items()]
    )
    return info.VSVersionInfo(
        ffi=info.FixedFileInfo(filevers=numbers, prodvers=numbers, fileType=0x1),
        kids=[
            info.StringFileInfo([table]),
            info.VarFileInfo([info.VarStruct("Translation", [_CHINESE, _UNICODE])]),
        ],
    )
