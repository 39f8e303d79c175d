"""What is stored beside a child's name so that it is found and sorted as it is read."""

from app.core.pinyin import readings, search_key
from app.core.text import clean


def name_columns(name: str, pinyin: str | None = None) -> dict[str, str]:
    """Return the columns ``name``, ``pinyin`` and ``initials`` of ``child`` for a tidy name.

    ``pinyin`` is the likely reading (``zeng xiao yu``), or the one somebody typed because the family reads the name
    otherwise. ``initials`` holds every way the name may be typed in letters, the likely ones first: it is stored, so
    that searching needs no dictionary.
    """
    typed = " ".join(clean(pinyin).lower().split()) if pinyin else ""
    keys = search_key(name)
    if typed:
        own = ("".join(syllable[0] for syllable in typed.split()), typed.replace(" ", ""))
        keys = " ".join(dict.fromkeys((*own, *keys.split())))
    return {"name": name, "pinyin": typed or readings(name), "initials": keys}
