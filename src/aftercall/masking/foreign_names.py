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


_FORMS = tuple(sorted({case.encode() for name in NAMES for case in _cases(name)}))
_ESCAPED = re.compile("|".join(map(_escaped, NAMES)).encode(), re.IGNORECASE)
_PERCENT_CODED = re.compile(
    "|".join(sorted({_percent_coded(case) for name in NAMES for case in _cases(name)})).encode(), re.IGNORECASE
)
_REST_OF_NAME = re.compile(rb"""(?:[_.-][\w.\x80-\xff-]{0,40}|[\x80-\xff]{1,40})(?=\\*["']|[ ]*[:=])""")
"""`пароль_бд:`"""


def has_foreign_name(name: str) -> bool:
    """Of a name that is not of ASCII alone."""
    lower = name.lower()
    return any(one in lower for one in NAMES)


def foreign_names(data: bytes) -> list[tuple[int, int]]:
    """Start and end of each that stands in the text, in order."""
    found: list[tuple[int, int]] = []
    if not data.isascii():
        for form in _FORMS:
            at = data.find(form)
            while at >= 0:
                found.append((at, at + len(form)))
                at = data.find(form, at + len(form))
    if data.find(b"\\u") >= 0:
        found += [match.span() for match in _ESCAPED.finditer(data)]
    if data.find(b"%") >= 0:
        found += [match.span() for match in _PERCENT_CODED.finditer(data)]
    return [(start, _whole(data, end)) for start, end in sorted(found)]


def _whole(data: bytes, end: int) -> int:
    rest = _REST_OF_NAME.match(data, end)
    return rest.end() if rest else end
