"""A new workbook, and where its half-written sheets lie meanwhile."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from contextvars import ContextVar
from errno import errorcode
from pathlib import Path
from tempfile import NamedTemporaryFile, TemporaryDirectory
from typing import TYPE_CHECKING, cast

from openpyxl import Workbook
from openpyxl.worksheet import _writer

from app.core.errors import EnvironmentFault, ShouwangError
from app.core.messages import fault
from app.core.paths import private_folder
from app.storage.workroom import workroom

if TYPE_CHECKING:
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

_TRIAL = 1024 * 1024  # bytes that a disk takes which is not full

_ROOM: ContextVar[str | None] = ContextVar("room of the book under way", default=None)
"""The folder of the book that this thread writes; another thread may write one of its own."""


def _sheet_file(suffix: str = "") -> str:
    """Make an empty file for a sheet under way, in the room of its book, and let openpyxl know that it is there.

    openpyxl can be told only by the setting that all temporary files of the process follow, those of other threads too.
    """
    with NamedTemporaryFile("w+", suffix=suffix, prefix="openpyxl.", dir=_ROOM.get(), delete=False) as made:
        _writer.ALL_TEMP_FILES.append(made.name)
    return made.name


_writer.create_temporary_file = _sheet_file


@contextmanager
def new_book(*, row_by_row: bool = True) -> Iterator[Workbook]:
    """Give an empty book of this program, to be filled and saved in the block; ``row_by_row``: written as it is filled.

    openpyxl writes each sheet into a temporary file first and takes that away only when the book is saved. The sheets
    hold children's data, so they lie in a private room: what is stopped, or cut off by the power, stays in no %TEMP% (S09).
    EnvironmentFault ``storage.no_workroom`` when the room takes no more: that is another disk than the book's, maybe.
    """
    with ExitStack() as undo:
        try:
            room = str(undo.enter_context(workroom(private_folder())))
        except EnvironmentFault:
            # A home that takes nothing: without a private room the work is done all the same.
            room = undo.enter_context(TemporaryDirectory())
        undo.callback(_ROOM.reset, _ROOM.set(room))
        book = Workbook(write_only=row_by_row)
        book.properties.creator = "守望"
        try:
            yield book
            _close(book)
        except BaseException as error:
            with suppress(Exception):  # what went wrong first is told
                _close(book)
            if isinstance(error, Exception) and not isinstance(error, ShouwangError):
                _require_room(room)
            raise


def _close(book: Workbook) -> None:
    """Close the sheets that are still being written; left open, the files could not be taken away on Windows."""
    for sheet in book.worksheets if book.write_only else ():
        streaming = cast("WriteOnlyWorksheet", sheet)
        if not streaming.closed:
            streaming.close()


def _require_room(room: str) -> None:
    """EnvironmentFault ``storage.no_workroom`` when the disk of the room takes no more.

    Asked only where writing has failed: by which error depends on the library that openpyxl finds (lxml has its own).
    """
    try:
        with (Path(room) / "trial").open("wb") as trial:
            trial.write(bytes(_TRIAL))
    except OSError as error:
        raise fault("storage.no_workroom", code=errorcode.get(error.errno or 0)) from error
