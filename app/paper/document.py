"""One PDF file: finished pages in, foot lines with the right page numbers, bookmarks, fonts embedded, same bytes each time."""

import struct
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO, Final, NamedTuple

from msgspec import Struct, field
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFName, PDFStream
from reportlab.pdfgen.canvas import Canvas

from app.core.files import atomic_write
from app.paper.fonts import SONG, font
from app.paper.page import NOTE, PORTRAIT, Page, Paper
from app.paper.printing import PrintStamp
from app.paper.typesetting import Typesetter, printable

DISC: Final = (0.157, 0.353, 0.49)
DISC_RADIUS: Final = 5.5
"""The discs on a picture, in points."""
BELOW: Final = 17
"""How far the foot line lies below the room on the paper, in points."""


class Mark(NamedTuple):
    """A place that bookmarks and links lead to, on the page that carries it."""

    key: str
    title: str
    level: int


class Link(NamedTuple):
    """A rectangle (left, bottom, right, top) that leads to a mark."""

    key: str
    box: tuple[float, float, float, float]


class DrawnPicture(Struct, frozen=True):
    """A picture (the bytes of a PNG) with its upper left corner and width, below what is written on the page.

    ``badges`` are the middles of dark discs on it, for white figures.
    """

    png: bytes
    left: float
    top: float
    width: float
    badges: list[tuple[float, float]] = field(default_factory=list)

    @property
    def height(self) -> float:
        """As high as the picture is at that width."""
        wide, high = struct.unpack(">II", self.png[16:24])
        return float(self.width * high / wide)


class FinishedPage(Struct, frozen=True):
    """A drawn page that only waits for its number."""

    packed: bytes
    """Its operators, compressed as they go into the file: a book holds thousands of pages."""
    marks: tuple[Mark, ...] = ()
    links: tuple[Link, ...] = ()
    foot: bool = True
    pictures: tuple[DrawnPicture, ...] = ()


def finished(
    page: Page,
    *,
    marks: Sequence[Mark] = (),
    links: Sequence[Link] = (),
    foot: bool = True,
    pictures: Sequence[DrawnPicture] = (),
) -> FinishedPage:
    """Pack a drawn page."""
    return FinishedPage(_packed(page), tuple(marks), tuple(links), foot, tuple(pictures))


def _packed(page: Page) -> bytes:
    return zlib.compress(page.operators().encode("ascii"))


class Document:
    """A PDF file in the making."""

    def __init__(
        self,
        out: BinaryIO,
        *,
        title: str,
        author: str,
        stamp: PrintStamp,
        paper: Paper = PORTRAIT,
    ) -> None:
        """``title`` holds no child's name: readers show it in their window."""
        font(SONG)
        self._stamp = stamp
        self.paper = paper
        self._canvas = Canvas(
            out,
            pagesize=paper.size,
            pageCompression=1,
            invariant=1,
            initialFontName=SONG,  # type: ignore[arg-type]  # the stub is wrong; without it pages name a Helvetica
            initialFontSize=NOTE.size,
            lang="zh-CN",
        )
        self._canvas.setTitle(title)
        self._canvas.setAuthor(author)
        self._canvas.setSubject("")
        self._canvas.setCreator("守望")
        self._canvas.setProducer("守望")
        digits = "".join(char for char in stamp.printed_at if char in "0123456789")
        self._canvas.setDateFormatter(lambda *_: f"D:{digits}")
        # Fonts keep their subsets, and the file its pages, in reportlab's document, which has no public name.
        self._file: Any = self._canvas._doc  # type: ignore[attr-defined]  # noqa: SLF001
        self.setter = Typesetter(self._file)

    def write(self, pages: Sequence[FinishedPage]) -> None:
        """Number the pages, write them all and close the file."""
        canvas = self._canvas
        for number, page in enumerate(pages, start=1):
            for mark in page.marks:
                canvas.bookmarkPage(mark.key)
                canvas.addOutlineEntry(printable(mark.title), mark.key, mark.level)
            for link in page.links:
                canvas.linkAbsolute("", link.key, link.box)
            below = [self._drawn(page.pictures)] if page.pictures else []
            canvas.showPage()
            parts = [*below, page.packed]
            if page.foot:
                parts.append(_packed(self._foot(number, len(pages))))
            # Given as it is: reportlab would keep every page uncompressed until the end.
            streams = [self._file.Reference(_compressed_stream(part)) for part in parts]
            self._file.Pages.pages[-1].Contents = PDFArray(streams)
        if any(page.marks for page in pages):
            canvas.showOutline()
        canvas.save()

    def _drawn(self, pictures: Sequence[DrawnPicture]) -> bytes:
        """Return the operators that draw the pictures; the canvas only enters them among what the page needs."""
        canvas = self._canvas
        written = canvas._code  # type: ignore[attr-defined]  # noqa: SLF001 - it has no public name
        begin = len(written)
        canvas.setFillColorRGB(*DISC)
        for one in pictures:
            image = ImageReader(BytesIO(one.png))
            canvas.drawImage(image, one.left, one.top - one.height, one.width, one.height)
            for across, down in one.badges:
                canvas.circle(across, down, DISC_RADIUS, stroke=0, fill=1)
        operators = "\n".join(["q", *written[begin:], "Q"])
        return zlib.compress(operators.encode("ascii"))

    def _foot(self, number: int, count: int) -> Page:
        paper = self.paper
        page = Page(paper)
        line = paper.bottom - BELOW
        stamp = self._stamp
        words = f"打印时间 {stamp.printed_at}　数据序号 {stamp.commit_no}　资料截至 {stamp.as_of}"
        page.line(paper.left, line + NOTE.leading, paper.right)
        page.text(paper.left, line, self.setter.line(words, SONG), NOTE.size)
        words = f"第 {number} 页　共 {count} 页"
        page.text_right(paper.right, line, self.setter.line(words, SONG), NOTE.size + 1)
        return page


def _compressed_stream(packed: bytes) -> PDFStream:
    return PDFStream(PDFDictionary({"Filter": PDFArray([PDFName("FlateDecode")])}), packed)


@contextmanager
def opened(out: Path | BinaryIO) -> Iterator[BinaryIO]:
    """Give the file to write into: a path gets its content only when it is whole, an open file is used as it is."""
    if isinstance(out, Path):
        with atomic_write(out) as file:
            yield file
    else:
        yield out
