"""A remark that says the child has left the school: 已转走, 2026年9月转到县城, 该生已退学."""

import re
from functools import cache

from app.children.roster.words import codes, plain_word

_LONGEST = 24
"""Characters: in a longer remark the word is more often part of a story about somebody else."""
_BEFORE = (
    "(?:该学?生|学生|孩子|本人|[本上下]学?期|[上下]半年|今年|去年"
    "|现|于|在|已经?|[0-9年月日号.、,/-]|初|底|开学)*"
)
# 转到我校, 转学来, 转学生: who came, not who went; 毕业班, 转出低保 are of something else.
_CAME = "(?!.{0,6}(?:我校|本校|来|入|进))(?!生|班|低保)"


def says_left(text: str) -> bool:
    """Tell whether a whole remark is about the child's having left; 未转走 and 从外校转到我校 are not."""
    return len(text) <= _LONGEST and _left().match(plain_word(text)) is not None


@cache
def _left() -> re.Pattern[str]:
    words = "|".join(sorted((re.escape(word) for word in codes("remark_left")), key=len, reverse=True))
    return re.compile(f"{_BEFORE}(?:{words}){_CAME}")
