r"""Finds names of secrets that are written in letters beyond ASCII's: `пароль`, `パスワード`, `contraseña`.

words.py ends a word at such a letter, since a secret may stand right beside it. So these names are searched for as they
are, in UTF-8, as JSON escapes them (`\u043f\u0430...`) and percent-coded, and only in texts that have such letters.
"""

from __future__ import annotations

import re

from aftercall.masking.names import FOREIGN

TYPE_CHECKING = False  # importing typing takes milliseconds
if TYPE_CHECKING:
    from collections.abc import Iterable

_ASCII = bytes(range(128))
_FORMS = tuple(
    (form, form.translate(None, _ASCII), name)
    for name in FOREIGN
    for form in sorted({case.encode() for case in (name, name.capitalize(), name.upper())})
)
"""With what is left of each without ASCII's letters."""

_HAS_ESCAPED = re.compile(rb"\\u(?!00)|\\u00[a-fA-F]")
_HAS_PERCENT_CODED = re.compile(rb"%[c-fC-F]")
_REST_OF_NAME = re.compile(
    rb"""(?:[_.-](?:[\w.\x80-\xff-]|\\{1,8}u[0-9a-fA-F]{4}){0,40}|(?:[\x80-\xff]|\\{1,8}u[0-9a-fA-F]{4}){1,40})
    (?=\\*["']|[ ]*[:=])""",
    re.VERBOSE,
)
"""`пароль_бд:`"""

_patterns: dict[str, re.Pattern[bytes]] = {}
"""To make them takes milliseconds, and few environments ever need one."""


def foreign_names(data: bytes) -> list[tuple[int, int, str]]:
    """Start and end of each that stands in the text, in order, and which of FOREIGN it is."""
    found: list[tuple[int, int, str]] = []
    if not data.isascii():
        rest = data.translate(None, _ASCII)  # most texts have few such letters
        for form, rest_of_form, name in _FORMS:
            at = data.find(form) if rest.find(rest_of_form) >= 0 else -1
            while at >= 0:
                found.append((at, at + len(form), name))
                at = data.find(form, at + len(form))
    if data.find(b"\\u") >= 0 and _HAS_ESCAPED.search(data) is not None:
        found += _coded(data, "escaped")
    if data.find(b"%") >= 0 and _HAS_PERCENT_CODED.search(data) is not None:
        found += _coded(data, "percent-coded")
    return [(start, _whole(data, end), name) for start, end, name in sorted(found)]


def _whole(data: bytes, end: int) -> int:
    rest = _REST_OF_NAME.match(data, end)
    return rest.end() if rest else end


def _coded(data: bytes, coding: str) -> list[tuple[int, int, str]]:
    """What a name has before its first coded letter is compared afterwards.

    An expression that begins with a sign is searched for; one that begins with this or that is tried at every byte.
    """
    pattern = _patterns.get(coding)
    if pattern is None:
        sign, of_name = (r"\\u", _escaped) if coding == "escaped" else ("%", _percent_coded)
        rests = (of_name(name[_first(name) :]).removeprefix(sign) for name in FOREIGN)
        pattern = re.compile((sign + _one_of(f"({rest})" for rest in rests)).encode())
        _patterns[coding] = pattern
    found = []
    for match in pattern.finditer(data):
        name = FOREIGN[(match.lastindex or 1) - 1]
        before = name[: _first(name)].encode()
        start = match.start()
        while start > 0 and data[start - 1 : start] == b"\\" and match.start() - start < 8:
            start -= 1
        if data[max(0, start - len(before)) : start].lower() == before:
            found.append((start - len(before), match.end(), name))
    return found


def _first(name: str) -> int:
    return next(at for at, letter in enumerate(name) if not letter.isascii())


def _escaped(name: str) -> str:
    """With more backslashes where it stands in a string of JSON within a string."""
    return r"\\{0,7}".join(map(_escaped_letter, name))


def _escaped_letter(letter: str) -> str:
    cases = sorted({letter, letter.upper()})
    if letter.isascii():
        return f"[{''.join(cases)}]"
    return r"\\u" + _one_of(_any_case(f"{ord(case):04x}") for case in cases if len(case) == 1)


def _percent_coded(name: str) -> str:
    return "".join(map(_percent_coded_letter, name))


def _percent_coded_letter(letter: str) -> str:
    cases = sorted({letter, letter.upper()})
    if letter.isascii():
        return f"[{''.join(cases)}]" if letter.isalpha() else r"(?:%20|\+)"
    codes = _one_of("".join(f"%{_any_case(f'{byte:02x}')}" for byte in case.encode())[1:] for case in cases)
    return "%" + codes


def _any_case(digits: str) -> str:
    """Of hexadecimal digits."""
    return "".join(f"[{digit}{digit.upper()}]" if digit.isalpha() else digit for digit in digits)


def _one_of(patterns: Iterable[str]) -> str:
    return f"(?:{'|'.join(patterns)})"
