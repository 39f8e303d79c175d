"""How a command answers: data on stdout, sentences on stderr, on consoles of any encoding."""

import json
import sys
from collections.abc import Sequence
from contextlib import suppress
from io import TextIOWrapper

from msgspec import Struct


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
    """Write an answer. JSON goes out whole in any encoding: where the stream is not UTF-8 it is escaped to ASCII."""
    for note in answer.notes:
        print(note, file=sys.stderr)
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
