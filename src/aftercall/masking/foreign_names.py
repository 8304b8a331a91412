r"""Finds names of secrets that are written in letters beyond ASCII's: `пароль`, `パスワード`, `contraseña`.

words.py ends a word at such a letter, since a secret may stand right beside it. So these names are searched for as they
are, in UTF-8, as JSON escapes them (`\u043f\u0430...`) and percent-coded, and only in texts that have such letters.
"""

from __future__ import annotations

import re

from aftercall.masking.secret_words import FOREIGN

_ASCII = bytes(range(128))
_FORMS = tuple(
    (form, form.translate(None, _ASCII), name)
    for name in FOREIGN
    for form in sorted(
        {
            case.replace(" ", gap).encode()
            for case in (name, name.capitalize(), name.upper())
            for gap in (" ", "_", "-", "")
        }
    )
)
"""Each with what is left of it without ASCII letters."""

_MAX_SLASHES = 8

_HAS_ESCAPED = re.compile(rb"\\u(?!00)|\\u00[a-fA-F]")
_HAS_PERCENT_CODED = re.compile(rb"%[c-fC-F]")
_REST_OF_NAME = re.compile(
    rb"""(?:[_.-](?:[\w.\x80-\xff-]|\\{1,8}u[0-9a-fA-F]{4}){0,40}|(?:[\x80-\xff]|\\{1,8}u[0-9a-fA-F]{4}){1,40})
    (?=\\*["']|[ ]*[:=])""",
    re.VERBOSE,
)
"""`пароль_бд:`"""


def foreign_names(data: bytes) -> list[tuple[int, int, str]]:
    """Start and end of each in the text, in order, and which of FOREIGN it is."""
    found: list[tuple[int, int, str]] = []
    if not data.isascii():
        rest = data.translate(None, _ASCII)  # most texts have few such letters
        for form, rest_of_form, name in _FORMS:
            at = data.find(form) if rest.find(rest_of_form) >= 0 else -1
            while at >= 0:
                found.append((at, at + len(form), name))
                at = data.find(form, at + len(form))
    if data.find(b"\\u") >= 0 and _HAS_ESCAPED.search(data) is not None:
        found += _coded(data, "escaped", b"\\u")
    if data.find(b"%") >= 0 and _HAS_PERCENT_CODED.search(data) is not None:
        found += _coded(data, "percent-coded", b"%")
    return [(start, _whole(data, end), name) for start, end, name in sorted(found)]


def _whole(data: bytes, end: int) -> int:
    rest = _REST_OF_NAME.match(data, end)
    return rest.end() if rest else end


def _coded(data: bytes, coding: str, sign: bytes) -> list[tuple[int, int, str]]:
    """Finds the first coded letter of a name; the other letters are compared one by one."""
    if coding not in _finders:
        _finders[coding] = _Finder(coding, sign)
    return _finders[coding].found(data)


class _Finder:
    """An expression of whole names would take twenty milliseconds to compile, a search without any several passes."""

    def __init__(self, coding: str, sign: bytes) -> None:
        self._sign = sign
        self._is_escaped = coding == "escaped"
        self._names: dict[bytes, list[tuple[bytes, list[tuple[bytes, ...]], str]]] = {}
        """First coded letter, without the sign -> what stands before it, the letters behind it, and the name."""
        for name in FOREIGN:
            first = next(at for at, letter in enumerate(name) if not letter.isascii())
            letters = [self._cases(letter) for letter in name[first:]]
            for case in letters[0]:
                known = self._names.setdefault(case[1:], [])
                known.append((name[:first].encode(), letters[1:], name))
        codes = b"|".join(code + b"|" + code.upper() for code in self._names)
        self._first = re.compile(re.escape(sign) + b"(" + codes + b")")

    def _cases(self, letter: str) -> tuple[bytes, ...]:
        """As it is written in lower and upper case, in small letters: `u043f` and `u041f`, `%d0%bf` and `%d0%9f`."""
        if letter == " ":
            return (b" ",) if self._is_escaped else (b"%20", b"+")
        if letter.isascii():
            return (letter.encode(),)
        cases = sorted({letter, letter.upper()})
        if self._is_escaped:
            return tuple(f"u{ord(case):04x}".encode() for case in cases if len(case) == 1)
        return tuple("".join(f"%{byte:02x}" for byte in case.encode()).encode() for case in cases)

    def found(self, data: bytes) -> list[tuple[int, int, str]]:
        found = []
        for match in self._first.finditer(data):
            start = match.start()
            while self._is_escaped and data[start - 1 : start] == b"\\" and match.start() - start < _MAX_SLASHES:
                start -= 1
            for before, letters, name in self._names[match.group(1).lower()]:
                if before and data[max(0, start - len(before)) : start].lower() != before:
                    continue
                end = self._end(data, match.end(), letters)
                if end >= 0:
                    found.append((start - len(before), end, name))
        return found

    def _end(self, data: bytes, at: int, letters: list[tuple[bytes, ...]]) -> int:
        """Where these letters end if they stand there; -1 if others do."""
        for cases in letters:
            for _ in range(_MAX_SLASHES if self._is_escaped else 0):
                at += data[at : at + 1] == b"\\"
            length = next((len(case) for case in cases if data[at : at + len(case)].lower() == case), -1)
            if length < 0:
                return -1
            at += length
        return at


_finders: dict[str, _Finder] = {}
