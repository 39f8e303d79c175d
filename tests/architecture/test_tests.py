"""House rules for the tests themselves: one that passes by luck stops everybody's work on the day it fails."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]

WAITS = {"waitActive", "waitExposed", "waitSignal", "waitSignals", "waitCallback", "assertNotEmitted"}
"""Of pytest-qt: each waits when its block ends, or when its answer is told to."""


@pytest.fixture(scope="module")
def trees() -> dict[str, ast.Module]:
    texts = {path: path.read_text(encoding="utf-8") for path in sorted(TESTS.rglob("*.py"))}
    return {
        path.relative_to(TESTS).as_posix(): ast.parse(text)
        for path, text in texts.items()
        if any(word in text for word in (*WAITS, "qWait"))
    }


def _called(node: ast.AST) -> str:
    called = node.func if isinstance(node, ast.Call) else None
    return called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")


def _lost_waits(tree: ast.Module) -> list[int]:
    """The lines of waits that nobody begins: `qtbot.waitExposed(window)` alone waits for nothing."""
    return [
        node.lineno for node in ast.walk(tree) if isinstance(node, ast.Expr) and _called(node.value) in WAITS
    ]


def _sleeps_of_qt(tree: ast.Module) -> list[int]:
    """The lines of `QTest.qWait`: it sleeps instead of waiting, and throws what a slot raised at whoever waits."""
    return [node.lineno for node in ast.walk(tree) if _called(node) == "qWait"]


@pytest.mark.parametrize("rule", [_lost_waits, _sleeps_of_qt])
def test_a_wait_waits(trees, rule):
    assert {name: lines for name, tree in trees.items() if (lines := rule(tree))} == {}


def test_the_rules_find_what_they_are_for():
    tree = ast.parse("qtbot.waitExposed(a)\nwith qtbot.waitActive(b):\n    QTest.qWait(5)\n")
    assert (_lost_waits(tree), _sleeps_of_qt(tree)) == ([1], [3])
