"""Draw the program's own icon from its two drawings.

    python packaging/draw_icon.py [--out FOLDER]

`program.svg` is drawn for 32 px and more, `program_small.svg` for the title bar: fewer and straighter parts. From
both come `program.ico` (Windows: the two programs, the installer, the shortcuts) and `program.png` (Linux desktops).
The same drawings and the same Qt give the same bytes; a test draws them anew.
"""

from __future__ import annotations

import argparse
import os
from io import BytesIO
from pathlib import Path

from PIL import Image
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRectF, Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

ICONS = Path(__file__).resolve().parents[1] / "resources" / "icons"
SMALL_BELOW = 28
"""From this size on the full drawing holds; below it the small one is clearer."""

SIZES = (256, 64, 48, 40, 32, 24, 20, 16)
"""What Windows asks for: lists and title bars at 100, 125, 150, 200 %, and the large view."""


def drawn(size: int, icons: Path = ICONS) -> QImage:
    """The icon at `size` pixels."""
    name = "program_small.svg" if size < SMALL_BELOW else "program.svg"
    renderer = QSvgRenderer(QByteArray((icons / name).read_bytes()))
    if not renderer.isValid():
        raise ValueError(f"{name} cannot be read as a drawing")
    image = QImage(size, size, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    renderer.render(painter, QRectF(0, 0, size, size))
    painter.end()
    return image


def _as_pillow(image: QImage) -> Image.Image:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    if not image.save(buffer, "PNG"):  # type: ignore[call-overload]  # the stub knows bytes only
        raise ValueError("Qt cannot write PNG here")
    return Image.open(BytesIO(buffer.data().data())).convert("RGBA")


def write(folder: Path) -> tuple[Path, Path]:
    """Write `program.ico` and `program.png` into `folder`."""
    pictures = [_as_pillow(drawn(size)) for size in SIZES]
    icon, picture = folder / "program.ico", folder / "program.png"
    # Uncompressed entries: old resource compilers take no PNG inside an .ico.
    pictures[0].save(
        icon, sizes=[(size, size) for size in SIZES], append_images=pictures[1:], bitmap_format="bmp"
    )
    pictures[0].save(picture, optimize=True)
    return icon, picture


def main() -> int:
    """Draw, and name what was written."""
    parser = argparse.ArgumentParser(description="draw the program's icon")
    parser.add_argument("--out", type=Path, default=ICONS)
    folder: Path = parser.parse_args().out
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = QGuiApplication([])
    for path in write(folder):
        print(f"{path}  {path.stat().st_size} bytes")
    del app
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
