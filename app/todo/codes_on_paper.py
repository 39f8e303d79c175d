"""The short code on a printed form: eight characters that are hard to misread, the last one checks the others. Pure.

The alphabet leaves out 0, O, 1, I and L; its 31 characters are a prime number, so that one wrong character and two
that changed places are always noticed (ISO 7064 works alike). A code has a letter and a digit at least: no name in
letters and no tail of a number looks like one.
"""

from typing import Final

ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LENGTH: Final = 8
_BASE: Final = len(ALPHABET)
_VALUES: Final = {char: value for value, char in enumerate(ALPHABET)}
_LAST_WEIGHT_INVERSE: Final = pow(LENGTH, -1, _BASE)


def code_from(number: int) -> str:
    """Return the code of a whole number (a random one); the next ones when it holds no letter or no digit."""
    while True:
        rest, chars = number, []
        for _ in range(LENGTH - 1):
            rest, value = divmod(rest, _BASE)
            chars.append(ALPHABET[value])
        code = "".join(chars)
        code += _check_letter(code)
        if _is_mixed(code):
            return code
        number += 1


def tidy(text: str) -> str:
    """Return what was typed as a code is written: capitals, no spaces and hyphens, full-width letters made narrow."""
    narrow = "".join(chr(ord(char) - 0xFEE0) if "！" <= char <= "～" else char for char in text)
    return "".join(char for char in narrow.upper() if not char.isspace() and char != "-")


def looks_like_code(text: str) -> bool:
    """Tell whether a text can only be meant as a code, right or mistyped."""
    code = tidy(text)
    return len(code) == LENGTH and all(char in _VALUES for char in code) and _is_mixed(code)


def fits(text: str) -> bool:
    """Tell whether the last character checks out."""
    code = tidy(text)
    return looks_like_code(code) and _check_letter(code[:-1]) == code[-1]


def spaced(code: str) -> str:
    """Return a code as it is printed: ABCD 2345."""
    return f"{code[:4]} {code[4:]}"


def _check_letter(code: str) -> str:
    total = sum(weight * _VALUES[char] for weight, char in enumerate(code, start=1))
    return ALPHABET[-total * _LAST_WEIGHT_INVERSE % _BASE]


def _is_mixed(code: str) -> bool:
    return any(char.isdigit() for char in code) and any(char.isalpha() for char in code)
