"""Decides by the text around: URLs, private keys, schemes, statements, calls.

Each regular expression runs only where a word or a literal part of it was found, which takes microseconds.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aftercall.formats.capability_urls import CAPABILITIES
from aftercall.masking.by_command import COMMAND_STEMS, COMMANDS
from aftercall.masking.rules import STRICT
from aftercall.masking.scan import AT, SLASHES

if TYPE_CHECKING:
    from aftercall.masking.spans import Findings

_USER_INFO = re.compile(
    rb"""://([^\s/?#"'<>\\@:]*+(?::[^\s"'<>\\@/?#]*+)?(?:@[^\s"'<>\\@/?#]*+)*(?=@)|[^\s/?#"'<>\\@:]*+:(?!\d{1,5}[/?#])[^\s"'<>\\@]{1,256}+)@"""
)
_CUT_USER_INFO = re.compile(rb"""://[^\s/?#"'<>\\@:]*:([^\s"'<>\\@/?#]*)\Z""")
_PRIVATE_KEY = re.compile(rb"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----")
_KEY_END = b"-----END"
_KEY_TEXT = re.compile(rb"(?:[A-Za-z0-9+/=_:,. -]|\\{1,64}(?:[nr]|u000[ad])|\s)*+")
_BASE64_TOKENS = (b"IQoJb3Jp", b"FwoGZXIv", b"FQoGZXIv", b"FQoDYXdz", b"AQoDYXdz", b"ABSK")
_BASE64_TOKEN = re.compile(rb"[A-Za-z0-9+/=_-]{30,}")
"""Their alphabet has `/`, so they are several words."""

_CREDENTIALS = re.compile(rb"(?:\s|%20|\+)+([A-Za-z0-9+/=._~-]{8,})")
_CAPABILITY = re.compile(
    b"(?:%b)"
    % b"|".join(
        rb"%b/%b(?:[\w@-]{1,80}(?:/|:|%%3A)){0,%d}" % (re.escape(host.encode()), beginning.encode(), parts)
        for host, beginning, parts in CAPABILITIES
    )
    + rb"(?![\w/:%.-]{0,120}<masked>)([A-Za-z0-9_@:%.-]+)"
)
"""Behind a mark, what stands before it was shown, and is shown again."""

_IDENTIFIED = re.compile(
    rb"""identified\s+(?:with\s+\S{1,64}\s+)?(?:by|as)\s+(?:(?:password|values)\s+)?"""
    rb"""(?:\\*['"]([^'"\\]{1,256})|(?=\w{0,60}\d)(\w[\w$#]{5,60}))""",
    re.IGNORECASE,
)
_ORACLE = re.compile(rb"""jdbc:oracle:\w+:[^/\s"'\\@]{1,128}/([^\s"'\\@/]+)""")
_USER_AND_PASSWORD = re.compile(
    rb"""\s(?:-u|-U|-n|--user(?:name)?)[ =]['"]?[\w.@\\-]{1,80}['"]?(?:\s[^\r\n|;]{0,200}?)?\s-[pP][ ]?['"]?"""
    rb"""(?![\d-]{1,5}(?:['"\s]|\Z))([^\s"'\\]{4,200})"""
)
"""`cqlsh -u app -p x`; a port is a number."""

_PHP_CONNECTS = re.compile(rb"(?:PDO|mysqli)(?:->__construct|_connect)?\((?:[^,()\r\n]{0,200},\s*){2}'([^'\\]{1,200})'")
_SECURE_STRING = re.compile(rb"""SecureString[^\r\n]{0,200}?\s--value[ =]['"]?([^\s"']{1,200})""")
_HEADER_VALUE = re.compile(rb"""header[ ]value:?[ ]{0,2}b?(\\*["'])[ ]?((?:[^"'\\]|\\+[^"'\\nr])+)""")
_AT_HOST = b"@//"
_EMAIL = re.compile(rb"[A-Za-z0-9_.+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+")
_TERRAFORM = re.compile(rb"[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_=-]{8,}")
_BRAINTREE = re.compile(rb"access_token\$(?:production|sandbox)\$(\w+(?:\$\w*)?)")
_PUTTY = re.compile(rb"Private-Lines:[ ]?\d*((?:[ \r\n]+[A-Za-z0-9+/=]{2,}(?![\w:-]))*)")
_ASSIGNED = re.compile(
    rb"""password\s+for\s+\S{1,80}\s*=\s*(?:password\s*\()?\s*\\*['"]([^'"\\]{1,256})""", re.IGNORECASE
)
_SQLPLUS = re.compile(rb"""(?:sqlplus|sqlldr|expdp|impdp|rman)\s(?:[^/\r\n"']{0,80}\s)?[^\s/"']{1,80}/([^\s"'\\@/]+)""")
_GO_ADDRESS = re.compile(rb"@(?:tcp|unix|udp)(?:\(|\Z)")
_GO_DELIMITER = re.compile(rb"""[\s"'\\]""")
_GO_LOOK_BACK = 338
_SASL = re.compile(rb"(?:AUTH|AUTHENTICATE)[ ](?:PLAIN|LOGIN|XOAUTH2|OAUTHBEARER|EXTERNAL)[ ]([A-Za-z0-9+/]{8,}={0,2})")
_IMAP = re.compile(rb"""(?<=[0-9][ ])LOGIN[ ]["']?[^\s"']{1,80}["']?[ ]["']?([^\s"'\\]{4,200})""")
_CONVERTED = re.compile(rb"""ConvertTo-SecureString\s+(?:-String\s+)?\\*["']([^"'\\\r\n]{1,256})""", re.IGNORECASE)
_PATTERNS = (
    (_CONVERTED, "value of a parameter", (b"convertto-securestring",)),
    (_SASL, "scheme:sasl", (b"auth", b"authenticate")),
    (_IMAP, "password of a command", (b"login",)),
    (_IDENTIFIED, "IDENTIFIED BY", (b"identified",)),
    (_ORACLE, "URL user info", (b"jdbc",)),
    (_ASSIGNED, "SET PASSWORD", (b"password",)),
    (_SQLPLUS, "user of a command", (b"sqlplus", b"sqlldr", b"expdp", b"impdp", b"rman")),
    (_BRAINTREE, "token:access_token", (b"access_token",)),
    (_PHP_CONNECTS, "password of a call", (b"pdo-", b"mysqli", b"mysqli_connect", b"mysqli-", b"pdo")),
    (_SECURE_STRING, "value of a parameter", (b"securestring",)),
    (_HEADER_VALUE, "value of a header", (b"header",)),
    (_PUTTY, "private key", (b"private-lines",)),
)
"""Each begins with one of its words, and is tried where that stands."""

BY_SIGN = {word: (pattern, rule) for pattern, rule, words in _PATTERNS for word in words}
SCHEMES = frozenset((b"bearer", b"basic"))
_GO_PROTOCOLS = frozenset((b"tcp", b"unix", b"udp"))
_CAPABILITY_HOSTS = tuple(dict.fromkeys(host.encode() for host, _, _ in CAPABILITIES))
_SIGN = re.compile(b"|".join((*_BASE64_TOKENS, *map(re.escape, _CAPABILITY_HOSTS), b"atlasv1")))
SIGN_STEMS = ("begin", "-p-", "tified", "jdbc", "lplus", "lldr", "pdp", "rman", "lines", "bearer", "basic", "tcp",
              "nix", "udp", "slack", "discord", "gram", "office", "atlas", "pdo", "eader", "zapier", "netlify", "gerdu",
              "ifttt", "mysqli", *COMMAND_STEMS)  # fmt: skip
"""Pieces of the words that are signs: so the scanner shows them."""

HASH = b"hash"
_BEGIN = b"begin"
_ALONE = frozenset((b"-p",))
HASH_WORDS = (b"pbkdf2", b"scrypt", b"bcrypt", b"argon2")
_SCHEMES_OF_HASHES = frozenset((b"ssha", b"sha", b"smd5", b"crypt"))
SIGN_STARTS = tuple(
    word[:3] for word in (*_BASE64_TOKENS, *HASH_WORDS, *(word.upper() for word in (*HASH_WORDS, *_SCHEMES_OF_HASHES)))
)

_PROSE = b"abcdefghijklmnopqrstuvwxyz."


def sign_of(word: bytes) -> bytes:
    """What a word is a sign of: its name in lower case, or what is in it; empty for none."""
    lower = word.lower()
    if lower.startswith(b"-----begin"):
        return _BEGIN
    if lower.startswith(HASH_WORDS) or lower in _SCHEMES_OF_HASHES:
        return HASH
    if lower in BY_SIGN or lower in COMMANDS or lower in _ALONE or lower in SCHEMES or lower in _GO_PROTOCOLS:
        return lower
    if (first := lower.partition(b".")[0]) in COMMANDS:  # `http-basic.repo.example`
        return first
    found = _SIGN.search(word)
    return found.group() if found else b""


def find_shapes(findings: Findings, seen: int) -> None:
    """`seen`: by the scan."""
    if seen & SLASHES:
        _find_urls(findings, seen)
        _find_base64_tokens(findings, b"1//0")
    if findings.rules.level == STRICT and seen & AT:
        _add_all(findings, _EMAIL, "e-mail address", group=0)
    if findings.signs:
        _find_signed(findings, findings.signs)


def _find_signed(findings: Findings, signs: set[bytes]) -> None:
    if _BEGIN in signs:
        _find_private_keys(findings)
    if b"-p" in signs:
        _add_all(findings, _USER_AND_PASSWORD, "password of a command")
    for sign in signs:
        if sign in _BASE64_TOKENS:
            _find_base64_tokens(findings, sign)
    if not _GO_PROTOCOLS.isdisjoint(signs):
        _find_go_users(findings)
    if any(sign in _CAPABILITY_HOSTS for sign in signs):
        _add_all(findings, _CAPABILITY, "capability URL")
    if b"atlasv1" in signs:
        _add_all(findings, _TERRAFORM, "token:atlasv1", group=0)


def _add_all(findings: Findings, pattern: re.Pattern[bytes], rule: str, *, group: int = 1) -> None:
    for found in pattern.finditer(findings.data):
        findings.add(*found.span(found.lastindex if group and found.lastindex else group), rule)


def _find_base64_tokens(findings: Findings, prefix: bytes) -> None:
    at = findings.data.find(prefix)
    while at >= 0:
        start = at + len(prefix)
        token = _BASE64_TOKEN.match(findings.data, start)
        if token is not None:
            findings.add(start, token.end(), f"token:{prefix.decode('latin-1')}")
        at = findings.data.find(prefix, token.end() if token else start)


def _find_urls(findings: Findings, seen: int) -> None:
    if seen & AT:
        _add_all(findings, _USER_INFO, "URL user info")
        _find_oracle_users(findings)
    cut = _CUT_USER_INFO.search(findings.data, max(0, len(findings.data) - 512)) if findings.truncated else None
    if cut is not None:
        findings.add(*cut.span(1), "URL user info")


def _find_oracle_users(findings: Findings) -> None:
    """`user/x@//host:1521/service`."""
    data = findings.data
    at = data.find(_AT_HOST)
    while at >= 0:
        word = _GO_DELIMITER.split(data[max(0, at - _GO_LOOK_BACK) : at])[-1]
        password = word.partition(b"/")[2]
        findings.add(at - len(password), at, "URL user info")
        at = data.find(_AT_HOST, at + 1)


def _find_go_users(findings: Findings) -> None:
    """`user:x@tcp(host:3306)/db`, as Go's drivers want it."""
    for address in _GO_ADDRESS.finditer(findings.data):
        end = address.start()
        # By splitting: an expression would be tried from each byte before the address.
        word = _GO_DELIMITER.split(findings.data[max(0, end - _GO_LOOK_BACK) : end])[-1]
        password = word.lstrip(b":").partition(b":")[2]
        if password:
            findings.add(end - len(password), end, "URL user info")


def _find_private_keys(findings: Findings) -> None:
    data = findings.data
    for key in _PRIVATE_KEY.finditer(data):
        end = findings.next(_KEY_END, key.end())
        is_whole = end < len(data)
        findings.add(key.end(), end if is_whole else _end_of_key(data, key.end()), "private key")
        if not is_whole:
            break


def _end_of_key(data: bytes, at: int) -> int:
    """Without its END, a key goes on as long as there are lines of base64 or heads, in a string of JSON too."""
    text = _KEY_TEXT.match(data, at)
    return text.end() if text else len(data)


def find_at_sign(findings: Findings, start: int, sign: bytes) -> None:
    pattern, rule = BY_SIGN[sign]
    found = pattern.match(findings.data, start)
    if found is not None and found.lastindex:
        findings.add(*found.span(found.lastindex), rule)


def find_scheme(findings: Findings, end: int, scheme: bytes) -> None:
    """`Bearer x`: `end` is where the scheme's word ends."""
    credentials = _CREDENTIALS.match(findings.data, end)
    word = credentials.group(1) if credentials else b""
    # `bearer information`, `basic features` are prose.
    if credentials and (len(word) >= 16 or word.strip(_PROSE) or word[-1:] == b"="):
        findings.add(*credentials.span(1), "scheme:" + scheme.decode("latin-1"))
