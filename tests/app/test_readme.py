"""README's table of commands says what the command line takes: no command and no option more or less."""

import argparse
import re
from pathlib import Path

import pytest

from app.cli.arguments import build_parser

README = Path(__file__).resolve().parents[2] / "README.md"
SAID_ABOVE_THE_TABLE = {"--help", "--json"}


def told():
    """Return command → options as README's table writes them."""
    text = README.read_text(encoding="utf-8").partition("## Command line")[2].partition("\n## ")[0]
    found = {}
    for cell in re.findall(r"^\| (`.+?`) \|", text, re.MULTILINE):
        for command in re.findall(r"`([^`]+)`", cell):
            found[command.split()[0]] = set(re.findall(r"--[a-z-]+", command))
    return found


def taken():
    """Return command → options as the program takes them."""
    (commands,) = (
        action for action in build_parser()._actions if isinstance(action, argparse._SubParsersAction)
    )
    return {
        name: {
            option
            for action in parser._actions
            for option in action.option_strings
            if option.startswith("--")
        }
        - SAID_ABOVE_THE_TABLE
        for name, parser in commands.choices.items()
    }


def test_the_table_has_every_command_and_no_other():
    assert told().keys() == taken().keys()


@pytest.mark.parametrize("command", sorted(taken()))
def test_the_table_has_every_option_of_a_command(command):
    assert told()[command] == taken()[command]
