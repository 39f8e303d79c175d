"""Text for the clipboard, read back before it is called copied."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication

COPIED = "文字已复制，可以粘贴到别处。"
NOT_COPIED = "没有复制成：剪贴板正被别的程序占着。数据没有动，请过一会儿再点一次。"


def copy_text(words: str) -> str:
    """Put `words` on the clipboard; return what to say, after looking whether they are there.

    Windows gives the clipboard to one program at a time, and Qt does not tell when it was refused.
    """
    board = QGuiApplication.clipboard()
    board.setText(words)
    # Windows has its own line ends.
    return COPIED if board.text().splitlines() == words.splitlines() else NOT_COPIED
