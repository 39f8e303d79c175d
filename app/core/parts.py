"""The program's own files of data: which it cannot do without, and which of them are gone."""

from pathlib import Path

RESOURCES = Path(__file__).resolve().parents[2] / "resources"

# What whoever helps would call it; a security program takes a file here and there, or a folder was unpacked in part.
NEEDED = {
    "fonts/SchoolHei-Regular.ttf": "屏幕上的字体",
    "fonts/SchoolHei-Bold.ttf": "屏幕上的粗体字",
    "fonts/SchoolSong-Regular.ttf": "打印用的字体",
    "codes/call_words.toml": "通话记录的用词表",
    "codes/diary_words.toml": "日记的用词表",
    "codes/ethnic_groups.csv": "民族代码表",
    "codes/general_standard_characters.txt": "通用规范汉字表",
    "codes/roster_aliases.toml": "花名册的列名表",
    "codes/roster_words.toml": "花名册的用词表",
    "demo/words.json": "演示学校的用词表",
    "help/guide.toml": "四页指南",
    "help/topics.toml": "帮助",
}


def missing_parts(folder: Path = RESOURCES) -> tuple[str, ...]:
    """Return what is not there, or is empty, in words with the file's name; often nothing."""
    return tuple(part_words(name) for name in NEEDED if not _is_there(folder / name))


def part_words(name: str) -> str:
    """Say one of the needed files, by its path below the resources: 打印用的字体（SchoolSong-Regular.ttf）."""
    return f"{NEEDED[name]}（{Path(name).name}）"


def _is_there(path: Path) -> bool:
    try:
        return path.stat().st_size > 0
    except OSError:
        return False
