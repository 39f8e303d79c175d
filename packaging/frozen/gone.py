"""The program's own file is gone while it runs: moved aside by an update, deleted, on a stick that was drawn.

PyInstaller's reader of modules then ends the process, the window with it and without a word. Here that becomes an error
like any other, which the window tells (reliability R44: a part of the program could not be loaded).
"""

from __future__ import annotations

from typing import Any


def tell_instead_of_ending(reader: type) -> None:
    """Let `reader`, PyInstaller's ZlibArchiveReader, raise ImportError where it would end the process."""
    extract = reader.extract  # type: ignore[attr-defined]

    def told(self: Any, *words: Any, **named: Any) -> Any:
        try:
            return extract(self, *words, **named)
        except SystemExit as gone:
            raise ImportError(str(gone)) from gone

    reader.extract = told  # type: ignore[attr-defined]
