"""An argument parser that speaks Chinese. Wrong usage ends with exit code 2 and one sentence on stderr."""

import re
import sys
from argparse import ArgumentParser, ArgumentTypeError, HelpFormatter
from collections.abc import Iterable
from datetime import date
from typing import Any, NoReturn

from typing_extensions import override

# What argparse may say, and what we say instead. The names of arguments stay as they are typed.
_MESSAGES = (
    (r"the following arguments are required: (?P<a>.*)", "还少 {a}"),
    (r"one of the arguments (?P<a>.*) is required", "要在 {a} 里选一个"),
    (r"argument (?P<a>\S+): not allowed with argument (?P<b>\S+)", "{a} 和 {b} 不能一起用"),
    (
        r"argument (?P<a>[^:]+): invalid choice: (?P<b>.+?) \(choose from (?P<c>.*)\)",
        "{a} 不能是 {b}，可以是 {c}",
    ),
    (r"argument (?P<a>[^:]+): expected one argument", "{a} 后面要跟一个值"),
    (r"argument (?P<a>[^:]+): expected .*", "{a} 后面的值不对"),
    (r"argument (?P<a>[^:]+): invalid int value: (?P<b>.*)", "{a} 要是一个整数，不能是 {b}"),
    (r"argument (?P<a>[^:]+): ignored explicit argument (?P<b>.*)", "{a} 后面不能跟值 {b}"),
    (r"argument (?P<a>[^:]+): (?P<b>.*)", "{a}：{b}"),
    (r"unrecognized arguments: (?P<a>.*)", "不认识 {a}"),
)
_PLACES = {"COMMAND": "命令"}

# No ledger speaks of a day outside these; a year typed wrongly is told, not counted.
FIRST_DAY = date(1900, 1, 1)
LAST_DAY = date(2199, 12, 31)


class ChineseFormatter(HelpFormatter):
    """Lays out the help with Chinese heads."""

    @override
    def add_usage(
        self, usage: str | None, actions: Iterable[Any], groups: Iterable[Any], prefix: str | None = None
    ) -> None:
        super().add_usage(usage, actions, groups, "用法：" if prefix is None else prefix)


class ChineseParser(ArgumentParser):
    """``argparse`` with Chinese help and Chinese errors; abbreviations of options are not taken."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options, formatter_class=ChineseFormatter, add_help=False, allow_abbrev=False)
        self._positionals.title = "要写的"
        self._optionals.title = "可以写的"
        self.add_argument("-h", "--help", action="help", help="显示这段说明")

    @override
    def error(self, message: str) -> NoReturn:
        print(f"{in_chinese(message)}。用 {self.prog} --help 看用法。", file=sys.stderr)
        raise SystemExit(2)


def in_chinese(message: str) -> str:
    """Return what ``argparse`` says, in Chinese."""
    for pattern, words in _MESSAGES:
        found = re.fullmatch(pattern, message, re.DOTALL)
        if found:
            return words.format(**{name: _PLACES.get(text, text) for name, text in found.groupdict().items()})
    return "命令写得不对"


def day(text: str) -> date:
    """Read a whole day, as an argument."""
    try:
        if len(text) != 10:
            raise ValueError(text)
        found = date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"日期要写成 2026-09-01 的样子，不能是 {text}") from None
    if not FIRST_DAY <= found <= LAST_DAY:
        raise ArgumentTypeError(f"日期要在 {FIRST_DAY} 和 {LAST_DAY} 之间，不能是 {text}")
    return found


def count(text: str) -> int:
    """Read a whole number that is not negative, as an argument."""
    if not (text.isascii() and text.isdecimal()):
        raise ArgumentTypeError(f"要是一个整数，不能是 {text}")
    return int(text)
