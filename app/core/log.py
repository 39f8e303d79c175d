"""The log: what the program did and where it failed, without anybody's name in it (reliability.md S08).

Messages are English and carry record ids. Should a name or a number slip in all the same, with
the text of an error for example, it does not reach the file: Chinese characters and long runs
of digits are replaced by how many there were.
"""

import logging
import traceback
from pathlib import Path

from typing_extensions import override

from app.core.paths import make_private
from app.core.text import pattern

_HAN = "[\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+"
# Phone and ID numbers; not dates, times, uuids or line numbers.
_NUMBER = r"(?<![0-9A-Fa-f-])[0-9]{7,18}[Xx]?(?![0-9A-Fa-f])"

_MAX_BYTES = 512 * 1024
_KEPT_FILES = 3


def scrub(text: str) -> str:
    """Return ``text`` with Chinese as ``<han 3>`` and long numbers as ``<digits 11>``."""
    text = pattern(_HAN).sub(lambda found: f"<han {len(found[0])}>", text)
    return pattern(_NUMBER).sub(lambda found: f"<digits {len(found[0])}>", text)


class NamelessFormatter(logging.Formatter):
    """Formats a record with its traceback, scrubbed as a whole."""

    @override
    def format(self, record: logging.LogRecord) -> str:
        return scrub(super().format(record))


def start_log(folder: Path, *, level: int = logging.INFO) -> Path:
    """Write the log to ``shouwang.log`` in ``folder``; return its path.

    Called once by whoever composes the program; calling it again changes nothing. Until ``bound_log`` it grows freely:
    what keeps it small imports the network and more, which the first page need not wait for.
    """
    path = folder / "shouwang.log"
    if _handler_of(path) is None:
        make_private(folder)
        _write_with(logging.FileHandler(path, encoding="utf-8"))
        logging.getLogger().setLevel(level)
    return path


def bound_log(folder: Path) -> None:
    """From now on keep at most four files of 512 KB; where no log was started there is nothing to do.

    OSError where the file does not open any more; it is then written as before.
    """
    from logging.handlers import RotatingFileHandler

    path = folder / "shouwang.log"
    free = _handler_of(path)
    if free is None or isinstance(free, RotatingFileHandler):
        return
    _write_with(RotatingFileHandler(path, maxBytes=_MAX_BYTES, backupCount=_KEPT_FILES, encoding="utf-8"))
    logging.getLogger().removeHandler(free)
    free.close()


def _handler_of(path: Path) -> logging.Handler | None:
    of_file = str(path.absolute())
    return next(
        (one for one in logging.getLogger().handlers if getattr(one, "baseFilename", None) == of_file), None
    )


def _write_with(handler: logging.Handler) -> None:
    handler.setFormatter(NamelessFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.getLogger().addHandler(handler)


def places_of(error: BaseException) -> str:
    """Type and places of an error, without its message: messages can hold what was typed."""
    lines = [
        f"{Path(frame.filename).name}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(error.__traceback__)
    ]
    return f"{type(error).__name__} at " + " < ".join(reversed(lines))
