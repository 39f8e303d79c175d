"""``python -m app.core.messages``: every sentence about something that did not work, as one table to proof-read."""

import sys

from app.core.messages import TOPICS
from app.core.messages.fault_text import FaultText

_HEAD = """# 守望在出错时说的话

这张表由程序自己写出（`python -m app.core.messages`），一行一种情况，供校对：发生了什么、什么是安全的、现在怎么办、按钮上的字，
有的另有窗口里用的一句话。
花括号里的词由程序填上（文件名、大小、日期等）。要改字，请改 `app/core/messages/` 里同名的一条，再写一遍这张表。
"""


def table() -> str:
    """Return the table in Markdown, one section per topic, one line per key."""
    parts = [_HEAD]
    for topic, texts in TOPICS.items():
        lines = [
            f"## {topic}",
            "",
            "| 代号 | 发生了什么 | 什么是安全的 | 现在怎么办 | 按钮 | 一句话 |",
            "| --- | --- | --- | --- | --- | --- |",
        ]
        lines.extend(_line(key, text) for key, text in texts.items())
        parts.append("\n".join(lines) + "\n")
    return "\n".join(parts)


def _line(key: str, text: FaultText) -> str:
    cells = (f"`{key}`", text.what, text.safe, text.todo, " / ".join(text.buttons), text.brief)
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    sys.stdout.write(table())
