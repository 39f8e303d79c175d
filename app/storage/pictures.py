"""Making a photo or scan small enough to lie inside the ledger (decisions.md §1.9, reliability.md R47).

What is kept is at most 200 KB, upright and without EXIF: no place, no device of a child's photo goes along. Files are
told by their content, never by their name.
"""

import warnings
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from app.core.dates import is_partial_date
from app.core.errors import UserError
from app.core.messages import fault, refuse

if TYPE_CHECKING:
    from PIL.Image import Image

LARGEST_KEPT = 200 * 1024
"""Bytes of one kept picture: the limit of the table."""
LARGEST_READ = 40 * 1024 * 1024
"""Bytes of a file that is tried at all; telephones make 4 to 20 MB."""

# The first try that fits is kept: a page of writing stays readable at the last one.
_TRIES = (
    (1600, 82),
    (1600, 70),
    (1400, 65),
    (1280, 60),
    (1100, 55),
    (960, 50),
    (800, 45),
    (640, 40),
    (480, 35),
)
_FORMATS = ("JPEG", "PNG", "BMP", "GIF", "WEBP", "TIFF")
_HEIC = (b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"avif")
_EXIF_IFD, _TAKEN = 0x8769, 0x9003


class Picture(Struct, frozen=True):
    """What is to be kept: its bytes, and the day it was taken if the camera said so."""

    content: bytes
    media_type: str
    width: int | None
    height: int | None
    taken_on: str | None = None


def shrink(path: Path) -> Picture:
    """Read a photo, scan or small PDF and return what will be kept of it. The file itself is not touched.

    UserError ``picture.empty``, ``picture.too_big``, ``picture.not_a_picture``, ``picture.heic``, ``picture.broken``,
    ``picture.pdf_too_big``; EnvironmentFault ``picture.gone``, ``picture.unreadable`` (a camera that was pulled out).
    """
    try:
        if path.stat().st_size > LARGEST_READ:
            raise refuse("picture.too_big", name=path.name, most=LARGEST_READ // 1024 // 1024)
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise fault("picture.gone", name=path.name) from error
    except OSError as error:
        raise fault("picture.unreadable", name=path.name) from error
    return shrink_bytes(path.name, content)


def shrink_bytes(name: str, content: bytes) -> Picture:
    """Do what ``shrink`` does with a file that is in memory, such as a picture that was pasted."""
    if not content.strip(b"\0"):
        raise refuse("picture.empty", name=name)
    if content.startswith(b"%PDF-"):
        if len(content) > LARGEST_KEPT:
            raise refuse("picture.pdf_too_big", name=name, most=LARGEST_KEPT // 1024)
        if b"%%EOF" not in content[-1024:]:
            raise refuse("picture.broken", name=name)
        return Picture(content, "application/pdf", None, None)
    if content[4:8] == b"ftyp" and content[8:12] in _HEIC:
        raise refuse("picture.heic", name=name)
    image, taken_on = _opened(name, content)
    for side, quality in _TRIES:
        kept = image if max(image.size) <= side else _scaled(image, side)
        out = BytesIO()
        # No ``exif`` is handed over, so none is written; the comment of a JPEG would go along by itself.
        kept.save(out, "JPEG", quality=quality, optimize=True, comment=b"")
        if out.tell() <= LARGEST_KEPT:
            return Picture(out.getvalue(), "image/jpeg", kept.width, kept.height, taken_on)
    raise refuse("picture.too_big", name=name, most=LARGEST_READ // 1024 // 1024)


def _opened(name: str, content: bytes) -> tuple["Image", str | None]:
    """Return the picture upright, in colours on white, and the day it was taken."""
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            # A forged head of a few bytes must not fill the memory.
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            warnings.simplefilter("ignore", UserWarning)
            found = Image.open(BytesIO(content), formats=_FORMATS)
            found.draft("RGB", (_TRIES[0][0], _TRIES[0][0]))
            found.load()
            taken = found.getexif().get_ifd(_EXIF_IFD).get(_TAKEN)
            image = ImageOps.exif_transpose(found)
    except UnidentifiedImageError as error:
        raise refuse("picture.not_a_picture", name=name) from error
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise refuse("picture.too_big", name=name, most=LARGEST_READ // 1024 // 1024) from error
    except MemoryError:
        raise
    except Exception as error:
        raise _broken(name) from error
    return _in_colours(image), _day(taken)


def _broken(name: str) -> UserError:
    # The readers raise whatever their format's parser stumbles over: OSError, SyntaxError, struct.error, ValueError …
    return refuse("picture.broken", name=name)


def _in_colours(image: "Image") -> "Image":
    from PIL import Image

    if image.mode in {"RGB", "L"}:
        return image
    if image.mode.startswith("I") or image.mode == "F":
        return image.convert("L")
    if "A" in image.getbands() or "transparency" in image.info:
        seen = image.convert("RGBA")
        white = Image.new("RGB", seen.size, "white")
        white.paste(seen, mask=seen.getchannel("A"))
        return white
    return image.convert("RGB")


def _scaled(image: "Image", side: int) -> "Image":
    from PIL import Image

    scale = side / max(image.size)
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)


def _day(taken: object) -> str | None:
    """Return 2026-11-20 for the camera's 2026:11:20 09:12:33; None for anything that is no day."""
    day = str(taken or "")[:10].replace(":", "-")
    return day if len(day) == 10 and is_partial_date(day) else None
