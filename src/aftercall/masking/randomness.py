"""Whether a word looks drawn by chance, by how often letters and digits take turns in it."""

from __future__ import annotations

from aftercall.masking.tokens import changes_of

_DIGITS = b"0123456789"
_HEX = b"0123456789abcdefABCDEF"
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
