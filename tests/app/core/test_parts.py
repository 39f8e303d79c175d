"""The files of data that the program cannot do without are all known by name, and one that is gone is told."""

import shutil

from app.core.parts import NEEDED, RESOURCES, missing_parts

FOLDERS = ("codes", "demo", "help")


def test_every_table_and_font_is_known():
    there = {path for folder in FOLDERS for path in (RESOURCES / folder).iterdir()}
    there |= set((RESOURCES / "fonts").glob("*.ttf"))
    assert {path.relative_to(RESOURCES).as_posix() for path in there} == set(NEEDED)
    assert missing_parts() == ()


def test_what_is_gone_or_empty_is_named(tmp_path):
    for name in NEEDED:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(RESOURCES / name, tmp_path / name)
    (tmp_path / "fonts" / "SchoolSong-Regular.ttf").unlink()
    (tmp_path / "codes" / "diary_words.toml").write_bytes(b"")
    assert missing_parts(tmp_path) == (
        "打印用的字体（SchoolSong-Regular.ttf）",
        "日记的用词表（diary_words.toml）",
    )
