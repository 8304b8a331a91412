"""Whether a word looks drawn by chance, by how often letters and digits take turns in it."""

from __future__ import annotations

_DIGITS = b"0123456789"
_HEX = b"0123456789abcdefABCDEF"
_LOWER = b"abcdefghijklmnopqrstuvwxyz"
_BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_PARTED = bytes(32 if byte in b"/.:=~" else byte for byte in range(256))
_MIN_RANDOM = 16


def is_random(word: bytes) -> bool:
    """Whether a word of sixteen characters or more looks drawn by chance. UUIDs, times and paths of words do not."""
    if len(word) < _MIN_RANDOM or word.strip(_BASE64 + b"=_-.:~"):
        return False
    longest = max(word.translate(_PARTED).split(), key=len, default=b"")
    return len(longest) >= _MIN_RANDOM and not _is_uuid(longest) and is_varied(longest)


def _is_uuid(word: bytes) -> bool:
    return len(word) == 36 and word.count(b"-") == 4 and not word.strip(_HEX + b"-")


def is_varied(word: bytes) -> bool:
    """Hexadecimal, or letters and digits that take turns more often than in words."""
    letters = word.translate(None, _DIGITS)
    if not letters.strip(b"-_") or len(letters) == len(word):
        return False
    return not word.strip(_HEX) or changes_of(word) * 4 >= len(word)


def is_opaque(word: bytes) -> bool:
    """It looks random: long hexadecimal, or long with digits and both cases mixed.

    UUIDs, dates, and names with dashes are not.
    """
    if len(word) < 20:
        return False
    if not word.strip(_HEX):
        return len(word) >= 32 and bool(word.strip(_DIGITS)) and bool(word.strip(b"abcdefABCDEF"))
    return is_mixed(word) and _longest_run(word) >= 7


def is_mixed(word: bytes) -> bool:
    """It has digits and both cases, and changes case more often than words do."""
    letters = word.translate(None, _DIGITS)
    if len(letters) == len(word) or not word.translate(None, _LOWER + b"-_") or letters.islower() or letters.isupper():
        return False
    return changes_of(word) * 4 >= len(word)


def changes_of(word: bytes) -> int:
    """How many neighbours are of different kinds: capital letters, small letters, others."""
    return sum(1 for at in range(1, len(word)) if _class_of(word[at]) != _class_of(word[at - 1]))


def _longest_run(word: bytes) -> int:
    return max(map(len, word.replace(b"_", b"-").replace(b".", b"-").split(b"-")))


def _class_of(letter: int) -> int:
    return 0 if letter < 58 else 1 if letter < 91 else 2
