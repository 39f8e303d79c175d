from __future__ import annotations

import json
import stat
import sys
from pathlib import Path

import pytest

from app.core.changes import Changes
from app.core.errors import EnvironmentFault
from app.core.progress import no_progress
from app.core.settings import Settings, change_settings, load_settings, save_settings


def test_what_is_saved_comes_back(tmp_path):
    path = tmp_path / "conf" / "settings.json"
    chosen = Settings(
        data_folder=Path("/数据"),
        backup_folder=Path("/备份"),
        font_scale=1.15,
        who="周老师",
        columns=("name", "sex"),
        saved_filters={"双亲留守": {"both": True}},
        window={"width": 1366},
    )
    save_settings(path, chosen)
    assert load_settings(path) == chosen
    if sys.platform != "win32":
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_folder_that_takes_nothing_is_said(tmp_path):
    (tmp_path / "home").write_bytes(b"")
    with pytest.raises(EnvironmentFault) as told:
        save_settings(tmp_path / "home" / "settings.json", Settings())
    assert told.value.key == "settings.not_kept"


def test_what_a_newer_version_wrote_is_kept(tmp_path):
    path = tmp_path / "settings.json"
    path.write_text(json.dumps({"who": "甲", "later": [1]}), encoding="utf-8")
    save_settings(path, load_settings(path).with_values(who="乙"))
    assert json.loads(path.read_text(encoding="utf-8"))["later"] == [1]
    assert load_settings(path).who == "乙"


def test_settings_that_cannot_be_read_are_the_usual_ones(tmp_path):
    path = tmp_path / "settings.json"
    assert load_settings(path) == Settings()
    for content in (b"", b"{", b"[1]", b"\xff\xfe"):
        path.write_bytes(content)
        assert load_settings(path) == Settings()
    strange = dict.fromkeys(("data_folder", "who", "columns", "saved_filters", "window"), 7)
    path.write_text(json.dumps({**strange, "font_scale": "x"}), encoding="utf-8")
    assert load_settings(path) == Settings()
    path.write_text('{"font_scale": 99}', encoding="utf-8")
    assert load_settings(path).font_scale == 1.5


@pytest.mark.parametrize("folder", ["/数据\0", "数据", "~", "/\ud800", "/" + "长" * 300, ""])
def test_a_folder_that_no_disk_can_have_counts_as_not_chosen(tmp_path, folder):
    """Each look for it would fail, and the program with it."""
    path = tmp_path / "settings.json"
    path.write_text(
        json.dumps({"data_folder": folder, "backup_folder": folder, "who": "甲"}), encoding="utf-8"
    )
    assert load_settings(path) == Settings(who="甲")


def test_changes():
    nothing = Changes("", "什么也没改")
    assert not nothing
    some = Changes("a", "改", frozenset({"children"}), frozenset({"u"}))
    assert some
    assert some.touches(["school", "children"])
    assert not some.touches(["school"])
    no_progress(1, 2, "正在")


def test_a_file_that_cannot_be_read_is_not_written_over_by_one_who_knows_nothing_of_the_rest(tmp_path):
    """A folder in its place stands for what security software holds just now."""
    path = tmp_path / "settings.json"
    path.mkdir()
    with pytest.raises(EnvironmentFault) as told:
        change_settings(path, who="周老师")
    assert told.value.key == "settings.not_kept"
    path.rmdir()
    assert change_settings(path, who="周老师") == load_settings(path) == Settings(who="周老师")
