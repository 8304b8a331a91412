"""Secret keys of AWS and Azure that have no prefix."""

from __future__ import annotations

from aftercall.masking.tokens import changes_of

_DIGITS = b"0123456789"
_HEX = b"0123456789abcdefABCDEF"
_LOWER = b"abcdefghijklmnopqrstuvwxyz"
_UPPER = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_BASE64 = _UPPER + _LOWER + _DIGITS + b"+/"
_AZURE = _UPPER + _LOWER + _DIGITS + b"_~.-"
_AZURE_REST = (31, 34)
_AWS_LENGTH = 40
_MIN_CHANGES = 13


def azure_secret(data: bytes, mark: int) -> tuple[int, int] | None:
    """Where the client secret of an Azure application stands that has `Q~` at `mark`; None if none does.

    Three characters and a digit are before it, 31 to 34 behind it: fewer, if the text ends there.
    """
    start = mark - 4
    if start < 0 or not data[mark - 1 : mark].isdigit() or data[start : mark - 1].strip(_AZURE):
        return None
    shortest, longest = _AZURE_REST
    rest = data[mark + 2 : mark + 2 + longest]
    end = mark + 2 + len(rest) - len(rest.lstrip(_AZURE))
    return (start, end) if end - mark - 2 >= shortest or end == len(data) else None


def is_aws_secret(word: bytes) -> bool:
    """Whether forty characters may be an AWS secret access key: base64 that is neither a digest, a path nor a name.

    In random ones more than a dozen neighbours are of different kinds: in paths and names of many words fewer are.
    """
    if len(word) != _AWS_LENGTH or word.strip(_BASE64) or not word.strip(_HEX):
        return False
    letters = word.translate(None, b"/+")
    kinds = (_DIGITS, _LOWER, _UPPER)
    return all(letters.translate(None, kind) != letters for kind in kinds) and changes_of(letters) >= _MIN_CHANGES
