"""The check that no package needs compiling anywhere: what it makes of the resolver's answers."""

from __future__ import annotations

import sys

import pytest

from tests.packaging.stand_in import developer_command

MISSING = """error: No solution found when resolving dependencies
  cause: Because pyside6-essentials==6.8.0.2 has no wheels with a matching platform tag
"""
SILENT = """error: Failed to fetch: https://index.example/simple/brotli/
  cause: error sending request for url
"""


@pytest.fixture(scope="module")
def wheels():
    return developer_command("wheels")


def resolver(tmp_path, answers):
    """Return a stand-in for uv that answers by the system it is asked for."""
    script = tmp_path / "uv.py"
    script.write_text(
        f"""import sys
answer = {answers!r}.get(sys.argv[sys.argv.index("--python-platform") + 1], "")
print(answer)
sys.exit(bool(answer))
""",
        encoding="utf-8",
    )
    return [sys.executable, str(script)]


def test_it_asks_for_windows_and_both_kinds_of_linux(wheels):
    assert [name.partition("-")[0] for name in wheels.SYSTEMS] == ["x86_64", "x86_64", "aarch64"]
    assert sum("windows" in name for name in wheels.SYSTEMS) == 1
    assert wheels.PYTHONS[0] == "3.11"


def test_a_missing_wheel_is_told_from_an_index_that_does_not_answer(wheels, tmp_path):
    windows, linux, arm = wheels.SYSTEMS
    uv = resolver(tmp_path, {windows: MISSING, arm: SILENT})
    outcome, reason = wheels.resolve(uv, windows, "3.11", 60)
    assert (outcome, "pyside6-essentials" in reason) == (wheels.DOES_NOT, True)
    assert wheels.resolve(uv, linux, "3.11", 60) == (wheels.RESOLVES, "")
    assert wheels.resolve(uv, arm, "3.11", 60)[0] == wheels.NO_ANSWER == 75


def test_an_index_that_takes_too_long_is_no_missing_wheel(wheels, tmp_path):
    slow = tmp_path / "uv.py"
    slow.write_text("import threading\nthreading.Event().wait()\n", encoding="utf-8")
    outcome, reason = wheels.resolve([sys.executable, str(slow)], "x86_64-manylinux_2_31", "3.11", 0.2)
    assert (outcome, "slow" in reason) == (wheels.NO_ANSWER, True)


def test_one_missing_wheel_fails_also_when_the_index_falls_silent(wheels, monkeypatch, capsys):
    windows, _, arm = wheels.SYSTEMS
    answers = {windows: (wheels.DOES_NOT, "no wheel"), arm: (wheels.NO_ANSWER, "no answer")}
    monkeypatch.setattr(wheels.dev, "lock_tools", lambda: "uv")
    monkeypatch.setattr(
        wheels, "resolve", lambda _uv, system, _python, _patience: answers.get(system, (wheels.RESOLVES, ""))
    )
    assert wheels.main() == wheels.DOES_NOT
    told = capsys.readouterr().out.splitlines()
    assert (
        sum("no wheel" in line for line in told)
        == sum("every wheel" in line for line in told)
        == len(wheels.PYTHONS)
    )
    assert sum("no answer" in line for line in told) == 1

    del answers[windows]
    assert wheels.main() == wheels.NO_ANSWER
    answers.clear()
    assert wheels.main() == wheels.RESOLVES
