r"""Names of secrets that are written in letters beyond ASCII's: `пароль`, `パスワード`, `contraseña`.

words.py ends a word at such a letter, since a secret may stand right beside it. So these names are searched for as they
are, in UTF-8, as JSON escapes them (`\u043f\u0430...`) and percent-coded, and only in texts that have such letters.
"""

from __future__ import annotations

import re

NAMES = (
    "contraseña", "hasło", "lösenord", "şifre", "mật khẩu", "пароль", "пароля", "κωδικός", "סיסמה", "סיסמא",
    "كلمة المرور", "كلمة السر", "รหัสผ่าน", "密码", "密碼", "口令", "パスワード", "暗証番号", "비밀번호", "암호",
)  # fmt: skip


def _cases(name: str) -> set[str]:
    return {name, name.capitalize(), name.upper()}


def _escaped(name: str) -> str:
    """A pattern that begins at the first escape; letters of ASCII stand as they are."""
    first = next(at for at, letter in enumerate(name) if not letter.isascii())
    before = f"(?<={name[:first]})" if first else ""
    letters = (
        re.escape(letter) if letter.isascii() else rf"\\{{1,8}}u{_hexadecimal(letter)}" for letter in name[first:]
    )
    return before + "".join(letters)


def _hexadecimal(letter: str) -> str:
    codes = sorted({f"{ord(case):04x}" for case in {letter, letter.upper()} if len(case) == 1})
    return codes[0] if len(codes) == 1 else f"(?:{'|'.join(codes)})"


def _percent_coded(name: str) -> str:
    return "".join(
        letter if letter.isalpha() and letter.isascii() else "".join(f"%{byte:02X}" for byte in letter.encode())
        for letter in name
    )


_FORMS = tuple((case.encode(), name) for name in NAMES for case in sorted(_cases(name)))


def _one_of(patterns: list[str]) -> re.Pattern[bytes]:
    """Each of NAMES has a group."""
    return re.compile("|".join(f"({pattern})" for pattern in patterns).encode(), re.IGNORECASE)


_HAS_ESCAPED = re.compile(rb"\\u(?!00)|\\u00[a-fA-F]")
_HAS_PERCENT_CODED = re.compile(rb"%[c-fC-F]")
_patterns: dict[str, re.Pattern[bytes]] = {}
"""To make them takes milliseconds, and few environments ever need one."""


def _pattern(coding: str) -> re.Pattern[bytes]:
    if coding not in _patterns:
        if coding == "escaped":
            patterns = [_escaped(name) for name in NAMES]
        else:
            patterns = ["|".join(sorted({_percent_coded(case) for case in _cases(name)})) for name in NAMES]
        _patterns[coding] = _one_of(patterns)
    return _patterns[coding]


_REST_OF_NAME = re.compile(
    rb"""(?:[_.-](?:[\w.\x80-\xff-]|\\{1,8}u[0-9a-fA-F]{4}){0,40}|(?:[\x80-\xff]|\\{1,8}u[0-9a-fA-F]{4}){1,40})
    (?=\\*["']|[ ]*[:=])""",
    re.VERBOSE,
)
"""`пароль_бд:`"""


def has_foreign_name(name: str) -> bool:
    """Of a name that is not of ASCII alone."""
    lower = name.lower()
    return any(one in lower for one in NAMES)


def foreign_names(data: bytes) -> list[tuple[int, int, str]]:
    """Start and end of each that stands in the text, in order, and which of NAMES it is."""
    found: list[tuple[int, int, str]] = []
    if not data.isascii():
        for form, name in _FORMS:
            at = data.find(form)
            while at >= 0:
                found.append((at, at + len(form), name))
                at = data.find(form, at + len(form))
    for sign, letter, coding in ((b"\\u", _HAS_ESCAPED, "escaped"), (b"%", _HAS_PERCENT_CODED, "percent")):
        if data.find(sign) >= 0 and letter.search(data) is not None:
            matches = _pattern(coding).finditer(data)
            found += [(*match.span(), NAMES[(match.lastindex or 1) - 1]) for match in matches]
    return [(start, _whole(data, end), name) for start, end, name in sorted(found)]


def _whole(data: bytes, end: int) -> int:
    rest = _REST_OF_NAME.match(data, end)
    return rest.end() if rest else end
