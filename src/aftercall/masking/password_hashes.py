"""Hashes of passwords, as crypt, Python's frameworks, Spring and LDAP write them: the password can be guessed by one.

Each form is a beginning and the characters that may follow it. The end is searched in C, so a text is walked once.
"""

from __future__ import annotations

_HASH = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789./+=$,_:-"
_CRYPT_HASH = _HASH.replace(b":", b"")
"""In files of users a colon ends it."""

_CRYPT = frozenset(
    b"""
    1 2a 2b 2x 2y 3 5 6 7 8 9 14 y gy P H S Q s0 s1 sm3 nt md5 sha1 apr1 argon2i argon2d argon2id scrypt bcrypt
    bcrypt-sha256 pbkdf2 pbkdf2-sha1 pbkdf2-sha256 pbkdf2-sha512 balloon yescrypt dcc2
    """.split()
)
"""What stands between the first two dollar signs: ids of crypt(5), of the PHC string format and of passlib."""

_FRAMEWORKS = (
    b"pbkdf2_sha256$", b"pbkdf2_sha512$", b"pbkdf2_sha1$", b"pbkdf2:sha256", b"pbkdf2:sha512", b"pbkdf2:sha1",
    b"pbkdf2$", b"scrypt:", b"scrypt$", b"bcrypt$", b"bcrypt_sha256$", b"argon2$", b"sha1$", b"sha256$", b"sha512$",
    b"md5$", b"unsalted_md5$", b"crypt$",
)  # fmt: skip
"""Django's, Werkzeug's and others' that begin with a word."""

_SCHEMES = frozenset(
    """
    SSHA SHA SMD5 MD5 SSHA224 SSHA256 SSHA384 SSHA512 SHA224 SHA256 SHA384 SHA512 CRYPT BCRYPT ARGON2 ARGON2I ARGON2ID
    ARGON2@SPRINGSECURITY_V5_8 SCRYPT SCRYPT@SPRINGSECURITY_V5_8 PBKDF2 PBKDF2-SHA1 PBKDF2-SHA256 PBKDF2-SHA512
    PBKDF2_SHA256 PBKDF2_SHA512 PBKDF2@SPRINGSECURITY_V5_8 BLF-CRYPT SHA256-CRYPT SHA512-CRYPT NOOP LDAP PKCS5S2 X-ISSHA
    CLEARTEXT CLEAR PLAIN MD5-CRYPT X-PBKDF2
    """.upper().split()
)
"""LDAP's (RFC 2307), Dovecot's, Spring Security's, in braces before the hash, or before a password that has none."""

HASH_MARKS = (b"$", b"pbkdf2", b"scrypt", b"bcrypt", b"argon2$", b"sha", b"md5$", b"unsalted_md5$", b"crypt$", b"{")
"""Each hash begins with one of these."""

_MIN_HASH = 22
"""Characters of the shortest, its beginning included: 16 bytes in base64."""

_MIN_SCHEME = 6
_MAX_ID = 16
_MAX_SCHEME = 32
_MAX_HASH = 1_024
_DOLLAR, _BRACE, _SLASH, _BACKSLASH = b"$", b"{", b"/", b"\\"


def hash_end(data: bytes, at: int) -> int:
    """Where the hash ends that begins at `at`; -1 if none does. A hash that the text's end cuts is one as well."""
    first = data[at : at + 1]
    if first == _DOLLAR:
        return _after_id(data, at)
    if first == _BRACE:
        return _after_scheme(data, at)
    return _run_end(data, at, _MIN_HASH) if data.startswith(_FRAMEWORKS, at) else -1


def _after_id(data: bytes, at: int) -> int:
    closed = data.find(_DOLLAR, at + 1, at + _MAX_ID)
    return _run_end(data, at, _MIN_HASH, _CRYPT_HASH) if closed >= 0 and data[at + 1 : closed] in _CRYPT else -1


def _after_scheme(data: bytes, at: int) -> int:
    closed = data.find(b"}", at + 1, at + _MAX_SCHEME)
    scheme = data[at + 1 : closed].partition(b",")[0].decode("latin-1").upper()
    if closed < 0 or scheme not in _SCHEMES:
        return -1
    end = _run_end(data, closed + 1, _MIN_SCHEME)
    return end if end > closed + 1 else -1


def _run_end(data: bytes, at: int, needed: int, chars: bytes = _HASH) -> int:
    """Where the run of a hash's characters ends; PHP escapes the slashes in it when it writes JSON."""
    end = at
    floor = min(len(data), at + _MAX_HASH)
    while True:
        rest = data[end:floor]
        end += len(rest) - len(rest.lstrip(chars))
        if data[end : end + 2] != _BACKSLASH + _SLASH or end + 2 > floor:
            break
        end += 2
    while end > at and data[end - 1 : end] in {b".", b",", b":"} and end < len(data):
        end -= 1  # a sentence's
    return end if end - at >= needed or end == len(data) else -1
