"""The forge's workflows: nothing in them may change under us."""

import re
from pathlib import Path

import pytest

WORKFLOWS = sorted((Path(__file__).resolve().parents[2] / ".github" / "workflows").glob("*.yml"))


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.stem)
def test_every_action_is_named_by_its_commit_and_its_version_told(file):
    used = re.findall(r"uses: *(.+)", file.read_text(encoding="utf-8"))
    assert used
    assert [
        one for one in used if not re.fullmatch(r"[\w.-]+/[\w.-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", one)
    ] == []


def test_one_action_has_one_commit_everywhere():
    used = {
        one for file in WORKFLOWS for one in re.findall(r"uses: *(\S+)", file.read_text(encoding="utf-8"))
    }
    assert len(used) == len({one.partition("@")[0] for one in used})
