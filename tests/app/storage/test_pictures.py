"""R47: what a camera, a scanner or a mistake hands over becomes a small picture without EXIF, or is refused in words."""

import io
import random
from pathlib import Path

import pytest
from PIL import Image

from app.core.errors import EnvironmentFault, UserError
from app.storage.pictures import LARGEST_KEPT, LARGEST_READ, shrink, shrink_bytes


def encoded(image: Image.Image, kind: str, **known) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **known)
    return out.getvalue()


@pytest.fixture(scope="module")
def photo() -> bytes:
    """Return a noisy photograph of some megabytes, taken lying on its side, with the place in its EXIF."""
    noise = random.Random(47).randbytes(900 * 600 * 3)
    image = Image.frombytes("RGB", (900, 600), noise).resize((3000, 2000))
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x010F] = "Telephone maker"
    exif.get_ifd(0x8769)[0x9003] = "2026:11:20 15:30:00"
    exif.get_ifd(0x8825)[1] = "N"
    return encoded(image, "JPEG", quality=95, exif=exif)


def refused(key, kind=UserError):
    return pytest.raises(kind, check=lambda error: error.key == key)


def test_a_large_photo_is_small_upright_and_says_nothing_about_where(photo, tmp_path):
    path = tmp_path / "照片.jpg"
    path.write_bytes(photo)
    assert len(photo) > 3_000_000
    picture = shrink(path)
    assert len(picture.content) <= LARGEST_KEPT
    assert (picture.media_type, picture.taken_on) == ("image/jpeg", "2026-11-20")
    assert picture.height > picture.width
    kept = Image.open(io.BytesIO(picture.content))
    assert kept.size == (picture.width, picture.height)
    assert (dict(kept.getexif()), kept.info.get("exif")) == ({}, None)
    assert b"Telephone" not in picture.content
    assert path.read_bytes() == photo, "the file itself is not touched"


def test_what_a_camera_or_a_program_wrote_beside_the_picture_is_gone():
    beside = {
        "comment": b"GPS 29.53N 108.77E",
        "xmp": b"<x>29.53N</x>",
        "icc_profile": b"maker of the telephone",
    }
    for size in ((40, 30), (1700, 30)):
        kept = shrink_bytes("IMG.jpg", encoded(Image.new("RGB", size, "red"), "JPEG", **beside)).content
        assert [name for name, text in beside.items() if text in kept] == []


@pytest.mark.parametrize(
    ("mode", "kind"),
    [
        ("RGBA", "PNG"),
        ("P", "GIF"),
        ("1", "PNG"),
        ("I;16", "PNG"),
        ("CMYK", "JPEG"),
        ("L", "TIFF"),
        ("RGB", "BMP"),
    ],
)
def test_every_usual_kind_of_picture_goes_in(mode, kind):
    picture = shrink_bytes("图", encoded(Image.new(mode, (40, 30)), kind))
    assert (picture.media_type, picture.width, picture.height) == ("image/jpeg", 40, 30)


def test_what_is_clear_becomes_white():
    picture = shrink_bytes("图.png", encoded(Image.new("RGBA", (8, 8), (0, 0, 0, 0)), "PNG"))
    assert Image.open(io.BytesIO(picture.content)).getpixel((4, 4)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (b"", "picture.empty"),
        (bytes(4096), "picture.empty"),
        (b"MZ\x90\x00" + b"This program cannot be run" * 40, "picture.not_a_picture"),
        (b"PK\x03\x04" + b"word/document.xml" * 40, "picture.not_a_picture"),
        ("不是照片".encode("gbk"), "picture.not_a_picture"),
        (b"\x00\x00\x00\x18ftypheic" + bytes(64) + b"x", "picture.heic"),
        (b"%PDF-1.7\n" + b"x" * LARGEST_KEPT, "picture.pdf_too_big"),
        (b"%PDF-1.7\n cut off", "picture.broken"),
    ],
)
def test_what_is_no_picture_is_refused_in_words(content, key):
    with refused(key):
        shrink_bytes("照片.jpg", content)


@pytest.mark.parametrize("share", [0.02, 0.5, 0.98])
def test_half_a_photo_is_refused(photo, share):
    with pytest.raises(UserError) as caught:
        shrink_bytes("照片.jpg", photo[: int(len(photo) * share)])
    assert caught.value.key in {"picture.broken", "picture.not_a_picture"}


def test_a_head_that_asks_for_all_the_memory_is_refused():
    bomb = bytearray(encoded(Image.new("1", (1, 1)), "PNG"))
    import struct
    import zlib

    bomb[16:24] = struct.pack(">II", 60_000, 60_000)
    bomb[29:33] = struct.pack(">I", zlib.crc32(bytes(bomb[12:29])))
    with refused("picture.too_big"):
        shrink_bytes("炸弹.png", bytes(bomb))


def test_a_small_pdf_stays_as_it_is():
    content = b"%PDF-1.4\n1 0 obj<<>>endobj\n%%EOF\n"
    assert shrink_bytes("协议.pdf", content).content == content


def test_a_file_that_is_gone_too_large_or_cannot_be_read(tmp_path, monkeypatch):
    with refused("picture.gone", EnvironmentFault):
        shrink(tmp_path / "没有.jpg")
    large = tmp_path / "大.jpg"
    with large.open("wb") as file:
        file.truncate(LARGEST_READ + 1)
    with refused("picture.too_big"):
        shrink(large)
    pulled = tmp_path / "相机.jpg"
    pulled.write_bytes(b"x")

    def fail(_path):
        raise OSError(5, "the camera was pulled out")

    monkeypatch.setattr(Path, "read_bytes", fail)
    with refused("picture.unreadable", EnvironmentFault):
        shrink(pulled)
