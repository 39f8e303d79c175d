"""The forge's workflows: nothing in them may change under us."""

import re
from pathlib import Path

import pytest

WORKFLOWS = sorted((Path(__file__).resolve().parents[2] / ".github" / "workflows").glob("*.yml"))


def used_by(file):
    """Return what a workflow takes from others, with the version told beside it; our own workflows come with the commit."""
    return [
        one
        for one in re.findall(r"uses: *(.+)", file.read_text(encoding="utf-8"))
        if not one.startswith("./")
    ]


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.stem)
def test_every_action_is_named_by_its_commit_and_its_version_told(file):
    used = used_by(file)
    assert used
    assert [
        one for one in used if not re.fullmatch(r"[\w.-]+/[\w.-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", one)
    ] == []


def test_one_action_has_one_commit_everywhere():
    used = {one.partition(" ")[0] for file in WORKFLOWS for one in used_by(file)}
    assert len(used) == len({one.partition("@")[0] for one in used})


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.stem)
def test_no_step_after_it_finds_the_forges_key_in_the_checkout(file):
    _, *checkouts = file.read_text(encoding="utf-8").split("uses: actions/checkout@")
    assert checkouts
    assert [one for one in checkouts if "persist-credentials: false" not in one.partition("- ")[0]] == []


def test_nothing_is_published_before_its_tests_have_passed():
    (release,) = (file.read_text(encoding="utf-8") for file in WORKFLOWS if file.stem == "release")
    publish = release.partition("\n  publish:\n")[2]
    assert re.search(r"needs: \[(.*)\]", publish)[1].split(", ") == ["wheels", "linux", "windows", "tests"]
    assert "uses: ./.github/workflows/test.yml" in release.partition("\n  tests:\n")[2]


GOES = ("ubuntu-18", "ubuntu-20", "ubuntu-22", "windows-2019")
"""The forge's machines that are withdrawn, or will be (Ubuntu 22.04 on 17 April 2027)."""


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.stem)
def test_no_job_waits_for_a_machine_that_is_withdrawn(file):
    machines = re.findall(r"runs-on: *(\S+)", file.read_text(encoding="utf-8"))
    assert machines
    # `latest` becomes another machine under us.
    assert [one for one in machines if one.startswith(GOES) or "latest" in one] == []


def test_the_linux_program_is_built_in_the_oldest_debian_it_shall_run_on():
    (release,) = (file.read_text(encoding="utf-8") for file in WORKFLOWS if file.stem == "release")
    linux = release.partition("\n  linux:\n")[2].partition("\n  windows:\n")[0]
    (image,) = re.findall(r"image: *(\S+)", linux)
    built = (WORKFLOWS[0].parents[2] / "packaging" / "linux" / "debian11.sh").read_text(encoding="utf-8")
    assert f'"{image.replace(":", " ")}" ]' in built
    assert "run: packaging/linux/debian11.sh" in linux
