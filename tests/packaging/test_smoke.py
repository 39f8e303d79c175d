"""The smoke test finds what is missing: parts are taken out of a copy of the frozen program, and it has to name them.

What was built last is tried (`packaging/build.py`); where nothing was, these are skipped by name.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
import tempfile
from pathlib import Path

import pytest

import smoke_test
from frozen import names, taken_along, window_job
from frozen.console_job import ConsoleJob
from frozen.trial import NotSo, trial

BUILT = names.DIST / names.folder_name()

pytestmark = [
    pytest.mark.frozen,
    pytest.mark.skipif(not BUILT.is_dir(), reason="not built: packaging/build.py"),
]


@pytest.fixture
def copy():
    """`copy(*parts)` is a copy of the program without these parts, as links that cost nothing."""

    def without(*parts):
        folder = Path(beside) / BUILT.name
        shutil.copytree(BUILT, folder, symlinks=True, copy_function=os.link)
        for part in parts:
            found = list(folder.rglob(part))
            assert found, part
            for path in found:  # a library, and the links that point to it
                path.unlink()
        return folder

    # Links reach no other disk, and the folders of tests may lie in memory.
    with tempfile.TemporaryDirectory(dir=BUILT.parent.parent, prefix="trial-") as beside:
        yield without


def bad_lines(folder):
    """What the window's test of itself says is missing."""
    with trial(folder) as place:
        lines = window_job.self_test(place, "offscreen")
    return {line["check"]: line["why"] for line in lines if not line["ok"] and line["check"] != "end"}


def test_missing_plugins_and_translations_are_named_all_at_once(copy):
    folder = copy("libqjpeg.so", "libibusplatforminputcontextplugin.so", "libqsvgicon.so", "qtbase_zh_CN.qm")
    found = bad_lines(folder)
    assert "imageformats/jpeg is not there" in found["plugin imageformats/jpeg"]
    assert "platforminputcontexts/ibus is not there" in found["plugin platforminputcontexts/ibus"]
    assert "iconengines/svgicon is not there" in found["plugin iconengines/svgicon"]
    assert "qtbase_zh_CN.qm" in found["translation"]
    assert "JPEG" in found["jpeg"]


def test_a_missing_library_of_a_plugin_is_named(copy):
    folder = copy("libQt6XcbQpa.so.6", "libcups.so.2")
    with pytest.raises(
        NotSo, match=r"libQt6XcbQpa\.so\.6 for libqxcb\.so.*libcups\.so\.2 for libcupsprintersupport\.so"
    ):
        # The second one the system may have, and the window would find it there.
        smoke_test.complete(folder)
    found = bad_lines(folder)
    assert "libQt6XcbQpa.so.6" in found["plugin platforms/xcb"]


@pytest.mark.skipif(sys.platform == "win32", reason="Linux only")
def test_a_library_of_the_systems_without_its_licence_text_is_named(copy):
    name, text = next(iter(taken_along.noted(BUILT).items()))
    with pytest.raises(NotSo, match=f"no licence text of: .*{re.escape(name)}"):
        smoke_test.notices(copy(Path(text).name))


def test_a_missing_font_of_the_window_is_named(copy):
    (why,) = bad_lines(copy("SchoolHei-Bold.ttf")).values()
    assert "SchoolHei-Bold.ttf" in why


def test_without_its_screen_plugin_the_window_does_not_start_and_that_is_said(copy):
    with trial(copy("libqoffscreen.so")) as place, pytest.raises(NotSo, match="部件（offscreen）缺少"):
        window_job.self_test(place, "offscreen")


@pytest.mark.parametrize(
    ("part", "check"),
    [
        ("words.json", "demo"),
        ("ethnic_groups.csv", "export-collection"),
        ("SchoolSong-Regular.ttf", "export-collection"),
        ("libpdfium.so", None),
    ],
)
def test_a_missing_table_font_or_library_is_named(copy, part, check):
    folder = copy(part)
    if not part.startswith("lib"):
        with pytest.raises(NotSo, match=part):
            smoke_test.resources(folder)
    shutil.copyfile(BUILT.with_name(BUILT.name + ".made.json"), folder.with_name(folder.name + ".made.json"))
    with pytest.raises(NotSo, match=part):
        smoke_test.whole(folder)
    if check is None:
        return
    with trial(folder) as place:
        failed = first_failure(ConsoleJob(place, "命令行"))
    assert failed == check


def first_failure(job):
    for name, work in job.checks():
        try:
            work()
        except NotSo:
            return name
    return ""


def test_a_module_that_was_not_packed_is_named(monkeypatch, tmp_path):
    root = tmp_path / "checkout"
    (root / "ui").mkdir(parents=True)
    (root / "app" / "storage" / "migrations").mkdir(parents=True)
    (root / "app" / "storage" / "migrations" / "m9999_new.py").touch()
    monkeypatch.setattr(names, "ROOT", root)
    with pytest.raises(NotSo, match=r"lacks app\.storage\.migrations\.m9999_new"):
        smoke_test.modules(BUILT)


def test_a_newer_glibc_than_stated_is_refused_with_the_files_that_need_it():
    with pytest.raises(NotSo, match=r"stated is 2\.9: _internal/"):
        smoke_test.needs_glibc(BUILT, "2.9")


def test_the_build_tells_what_it_is():
    told = json.loads((BUILT / names.INSIDE / names.BUILD_FILE).read_text(encoding="utf-8"))
    assert told["version"] == names.version()
    assert told["platform"] == names.platform_tag()
    assert told["system"]
