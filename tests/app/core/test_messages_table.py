"""One table of everything that is said: nothing is said outside it, nothing stands in it unsaid, and it can be read."""

from __future__ import annotations

import ast

import pytest

from app.core.messages import FAULTS, TOPICS
from app.core.messages.__main__ import table
from tests.sources import ROOT, nodes_of_the_program

PROOF = ROOT / "resources" / "proofreading" / "messages.md"
SAYS = {"fault", "refuse"}
RAISES = {"UserError", "EnvironmentFault"}


@pytest.fixture(scope="module")
def said_outside():
    """Every call by a plain name, with where it stands, and every string, of the whole program but the table itself."""
    calls, strings = [], set()
    for where, nodes in nodes_of_the_program().items():
        if where.startswith("app/core/messages/"):
            continue
        for node in nodes:
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                calls.append((where, node))
            elif isinstance(node, ast.Constant) and type(node.value) is str:
                strings.add(node.value)
    return calls, strings


def test_nothing_is_said_outside_the_table(said_outside):
    calls, _ = said_outside
    own = [f"{where}:{call.lineno}" for where, call in calls if call.func.id in RAISES]
    assert own == []


def test_every_key_that_is_said_stands_in_the_table(said_outside):
    calls, _ = said_outside
    said = {
        (where, call.args[0].value)
        for where, call in calls
        if call.func.id in SAYS and call.args and isinstance(call.args[0], ast.Constant)
    }
    assert len(said) > 100
    assert [one for one in sorted(said) if one[1] not in FAULTS] == []


def test_no_sentence_stands_there_unsaid(said_outside):
    _, words = said_outside
    # Keys that are put together: verify.<state>.
    made = {key for key in FAULTS if key.startswith("verify.")}
    assert sorted(set(FAULTS) - words - made) == []


def test_no_key_stands_in_two_topics():
    assert sum(len(texts) for texts in TOPICS.values()) == len(FAULTS)


def test_every_sentence_says_what_is_safe_and_what_to_do():
    short = [key for key, text in FAULTS.items() if not (text.safe and text.todo)]
    assert [key for key in short if not key.startswith("verify.")] == []


@pytest.mark.parametrize("topic", TOPICS)
def test_the_table_can_be_read_whole(topic):
    section = table().split(f"## {topic}\n", 1)[1].split("\n## ", 1)[0]
    for key, text in TOPICS[topic].items():
        (line,) = [line for line in section.splitlines() if line.startswith(f"| `{key}` |")]
        assert line.count(" | ") == 5
        for part in (text.what, text.safe, text.todo, *text.buttons, text.brief):
            assert part.replace("\n", " ") in line


def test_the_kept_table_is_todays():
    assert PROOF.read_text(encoding="utf-8") == table(), (
        "write it anew: python -m app.core.messages > resources/proofreading/messages.md"
    )
