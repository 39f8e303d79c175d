"""What lies in the repository: the fixed top level, a clean lock, nothing of anybody's machine."""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[2]
LOCK = ROOT / "requirements.lock"
TOP_LEVEL = {
    ".ci", ".editorconfig", ".gitattributes", ".github", ".gitignore", "CHANGELOG.md", "LICENSE", "README.md",
    "app", "packaging", "pyproject.toml", "requirements.lock", "resources", "tests", "ui",
}  # fmt: skip

# Folders of one machine, written apart so that this file does not find itself.
_SLASH = "/"
MACHINE_PATH = re.compile(
    rf"(?<![\w.}}])(?:{_SLASH}(?:work|farm|root|tmp)|{_SLASH}(?:home|Users){_SLASH}[a-z]\w*|[CD]:\\Users\\[a-z]\w*)[{_SLASH}\\]"
    .encode()
)  # fmt: skip
REGISTRY = re.compile("|".join((r"pypi\.o" + "rg", r"python" + r"hosted\.", r"://mirrors?\.")).encode())


@pytest.fixture(scope="module")
def tracked() -> list[Path]:
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    listing = subprocess.run([git, "-C", ROOT, "ls-files", "-z"], capture_output=True, check=True).stdout
    paths = [ROOT / name for name in listing.decode("utf-8").split("\0") if name]
    return [path for path in paths if path.is_file()]


def test_top_level_is_fixed(tracked):
    assert {path.relative_to(ROOT).parts[0] for path in tracked} - TOP_LEVEL == set()


def test_no_file_names_a_machine_or_a_registry(tracked):
    found = []
    for path in tracked:
        content = path.read_bytes()
        for pattern in (MACHINE_PATH, REGISTRY):
            if match := pattern.search(content):
                line = content[: match.start()].count(b"\n") + 1
                found.append(f"{path.relative_to(ROOT).as_posix()}:{line} {match.group()!r}")
    assert found == []


def test_patterns_find_what_they_should():
    for bad in ("/" + "tmp/x", '"' + "/" + "root/", "/" + "home/li/a", "C:" + "\\Users\\li\\a"):
        assert MACHINE_PATH.search(bad.encode()), bad
    for good in ("/media/usb/", "~/守望数据", "build/tmp/", "{base}/" + "tmp/"):
        assert not MACHINE_PATH.search(good.encode()), good


def test_rooms_are_packages_and_packaging_is_not(tracked):
    names = {path.relative_to(ROOT).as_posix() for path in tracked}
    folders = {
        parent.as_posix()
        for name in names
        if name.startswith(("app/", "ui/")) and name.endswith(".py")
        for parent in Path(name).parents
        if parent.as_posix() != "."
    }
    assert {folder for folder in folders if f"{folder}/__init__.py" not in names} == set()
    # It would hide the library of the same name.
    assert "packaging/__init__.py" not in names


# ------------------------------------------------------------------------------------------------------- the lock

PIN = re.compile(
    r"^(?P<name>[a-z0-9][a-z0-9._-]*)==(?P<version>[0-9][\w.+!]*)(?: ; (?P<marker>[^\\]+?))? \\$"
)
HASH = re.compile(r"^    --hash=sha256:[0-9a-f]{64}(?: \\)?$")


def _pins() -> dict[str, tuple[str, int]]:
    """Return name → (version, number of hashes) and refuse every line that is neither pin nor hash."""
    pins: dict[str, tuple[str, int]] = {}
    name = ""
    for line in LOCK.read_text(encoding="utf-8").splitlines():
        if pin := PIN.match(line):
            name = pin["name"]
            pins[name] = (pin["version"], 0)
        else:
            assert HASH.match(line), f"neither a pin nor a hash: {line!r}"
            pins[name] = (pins[name][0], pins[name][1] + 1)
    return pins


def test_lock_holds_pins_and_hashes_and_nothing_else():
    text = LOCK.read_text(encoding="utf-8")
    for word in ("://", "file:", " @ ", "--index", "--extra-index", "--find-links", "/", "-e "):
        assert word not in text, f"{word!r} has no place in the lock"
    pins = _pins()
    assert len(pins) > 20
    assert [name for name, (_, hashes) in pins.items() if hashes == 0] == []


def test_lock_fits_what_the_project_asks_for():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    pins = _pins()
    wrong = []
    for line in project["dependencies"] + project["optional-dependencies"]["dev"]:
        asked = Requirement(line)
        version, _ = pins.get(re.sub(r"[-_.]+", "-", asked.name).lower(), ("", 0))
        if not version or not asked.specifier.contains(version):
            wrong.append(f"{line}: {version or 'missing'}")
    assert wrong == []


def test_every_dependency_says_why():
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    block = text[text.index("dependencies = [") : text.index("[tool.setuptools")]
    lines = [line for line in block.splitlines() if line.strip().startswith('"')]
    assert len(lines) > 20
    assert [line for line in lines if "# " not in line] == []
