"""How a command answers: data on stdout, sentences on stderr, on consoles of any encoding."""

import errno
import json
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from io import TextIOWrapper
from typing import TextIO

from msgspec import Struct

from app.core.messages import fault

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class Answer(Struct, frozen=True):
    """What a command has done.

    ``plain`` is the JSON value of ``--json``; ``lines`` are the same for people, on stdout;
    ``notes`` are sentences for stderr in either case; ``code`` is the exit code.
    """

    plain: object
    lines: Sequence[str] = ()
    notes: Sequence[str] = ()
    code: int = 0


def prepare_streams() -> None:
    """Let no character that the console does not know stop a command: it is shown as a question mark."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")


def tell(answer: Answer, *, as_json: bool) -> None:
    """Write an answer. JSON goes out whole in any encoding: where the stream is not UTF-8 it is escaped to ASCII.

    EnvironmentFault ``answer.full``, ``answer.nowhere`` when stdout takes it not, or not whole: the command is done.
    BrokenPipeError when its reader has gone.
    """
    for note in answer.notes:
        say(note)
    if sys.stdout is None:  # closed before the program began
        raise fault("answer.nowhere", code="EBADF")
    try:
        _write(answer, as_json=as_json)
    except BrokenPipeError:
        _give_up(sys.stdout)
        raise
    except OSError as error:
        _give_up(sys.stdout)
        code = errno.errorcode.get(error.errno or 0, "")
        raise fault("answer.full" if error.errno in _FULL else "answer.nowhere", code=code) from error


def say(words: object) -> None:
    """Write a sentence on stderr; where that takes nothing either, nobody can be told, and the exit code says it alone."""
    try:
        print(words, file=sys.stderr, flush=True)
    except OSError:
        _give_up(sys.stderr)


def _give_up(stream: TextIO) -> None:
    """Let what is left in a stream go nowhere: Python would complain of it while it ends, or end with a code of its own."""
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _write(answer: Answer, *, as_json: bool) -> None:
    if as_json:
        unicode = (getattr(sys.stdout, "encoding", None) or "").lower().replace("-", "") == "utf8"
        print(json.dumps(answer.plain, ensure_ascii=not unicode))
    else:
        for line in answer.lines:
            print(line)
    sys.stdout.flush()


def read_passphrase() -> str:
    """Return the first line of stdin without its end; "" when there is none."""
    raw = sys.stdin.buffer.readline().rstrip(b"\r\n").removeprefix(b"\xef\xbb\xbf")
    with suppress(UnicodeDecodeError):
        return raw.decode("utf-8")
    return raw.decode(sys.stdin.encoding or "gb18030", errors="replace")
