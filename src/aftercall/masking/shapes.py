"""Secrets that are known by the text around them, without a name: URLs, private keys, schemes, commands.

Each regular expression runs only where a literal part of it was found, which takes microseconds.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aftercall.masking.rules import STRICT

if TYPE_CHECKING:
    from aftercall.masking.spans import Findings

_USER_INFO = re.compile(
    rb"""://([^\s/?#"'<>\\@:]*+(?::[^\s"'<>\\@/?#]*+)?(?:@[^\s"'<>\\@/?#]*+)*(?=@)|[^\s/?#"'<>\\@:]*+:(?!\d{1,5}[/?#])[^\s"'<>\\@]{1,256}+)@"""
)
_CUT_USER_INFO = re.compile(rb"""://[^\s/?#"'<>\\@:]*:([^\s"'<>\\@/?#]*)\Z""")
_PRIVATE_KEY = re.compile(rb"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----")
_KEY_END = b"-----END"
_BASE64_TOKENS = (b"IQoJb3Jp", b"FwoGZXIv", b"FQoGZXIv", b"FQoDYXdz", b"AQoDYXdz", b"ABSK")
_BASE64_TOKEN = re.compile(rb"[A-Za-z0-9+/=_-]{30,}")
"""Their alphabet has `/`, so they are several words."""

SCHEMES = frozenset((b"Bearer", b"bearer", b"BEARER", b"Basic", b"basic", b"BASIC"))
_CREDENTIALS = re.compile(rb"(?:\s|%20|\+)+([A-Za-z0-9+/=._~-]{8,})")
_CAPABILITY = re.compile(
    rb"(?:hooks\.slack\.com/(?:services|workflows|triggers)/|discord(?:app)?\.com/api/webhooks/|api\.telegram\.org/bot"
    rb"|outlook\.office(?:365)?\.com/webhook/|webhook\.office\.com/webhookb2/)([A-Za-z0-9_/@:%.-]+)"
)
_COMMAND_USER = re.compile(
    rb"""-(?<![\w-]-)(?:u|U|-user|-proxy-user)(?:[ =]|\\*["'],\s*(?=\\*["']))\\*["']?[^\s:"'\\]{1,128}:([^\s"'\\]+)"""
)
_IDENTIFIED = re.compile(
    rb"""identified\s+(?:with\s+\S{1,64}\s+)?(?:by|as)\s+(?:password\s+)?\\*['"]([^'"\\]{1,256})""", re.IGNORECASE
)
_ORACLE = re.compile(rb"""jdbc:oracle:\w+:[^/\s"'\\@]{1,128}/([^\s"'\\@/]+)""")
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
_GO_PROTOCOLS = frozenset((b"tcp", b"unix", b"udp"))
_COMMANDS = (
    (frozenset((b"curl",)), _COMMAND_USER, "user of a command"),
    (frozenset((b"IDENTIFIED", b"identified", b"Identified")), _IDENTIFIED, "IDENTIFIED BY"),
    (frozenset((b"jdbc",)), _ORACLE, "URL user info"),
    (frozenset((b"FOR",)), _ASSIGNED, "SET PASSWORD"),
    (frozenset((b"sqlplus", b"sqlldr", b"expdp", b"impdp", b"rman")), _SQLPLUS, "user of a command"),
    (frozenset((b"access_token",)), _BRAINTREE, "token:access_token"),
    (frozenset((b"Private-Lines",)), _PUTTY, "private key"),
)
"""Each is looked for where one of its words stands."""

_CAPABILITY_HOSTS = (b"slack.com", b"discord", b"telegram.org", b"office")
SIGN = re.compile(b"|".join((*_BASE64_TOKENS, *map(re.escape, _CAPABILITY_HOSTS), b"atlasv1")))
"""Each text with a secret of these kinds has a word with this in it. Such a word never counts as harmless."""

PROSE = b"abcdefghijklmnopqrstuvwxyz."


def find_shapes(findings: Findings) -> None:
    data = findings.data
    if data.find(b"//") >= 0:  # as in escapes.py: `in` is slower
        _find_urls(findings)
        _find_base64_tokens(findings, b"1//0")
    if b"PRIVATE" in findings.words.distinct:
        _find_private_keys(findings)
    if findings.rules.level == STRICT and b"@" in data:
        _add_all(findings, _EMAIL, "e-mail address", group=0)
    if not _GO_PROTOCOLS.isdisjoint(findings.words.distinct):
        _find_go_users(findings)
    for words, pattern, rule in _COMMANDS:
        if not words.isdisjoint(findings.words.distinct):
            _add_all(findings, pattern, rule)


def find_signed(findings: Findings, words: bytes) -> None:
    """`words`: some of the text, in which SIGN was found."""
    for prefix in _BASE64_TOKENS:
        if prefix in words:
            _find_base64_tokens(findings, prefix)
    if any(host in words for host in _CAPABILITY_HOSTS):
        _add_all(findings, _CAPABILITY, "capability URL")
    if b"atlasv1" in words:
        _add_all(findings, _TERRAFORM, "token:atlasv1", group=0)


def _add_all(findings: Findings, pattern: re.Pattern[bytes], rule: str, *, group: int = 1) -> None:
    for found in pattern.finditer(findings.view):
        findings.add(*found.span(group), rule)


def _find_base64_tokens(findings: Findings, prefix: bytes) -> None:
    at = findings.view.find(prefix)
    while at >= 0:
        start = at + len(prefix)
        token = _BASE64_TOKEN.match(findings.view, start)
        if token is not None:
            findings.add(start, token.end(), f"token:{prefix.decode('latin-1')}")
        at = findings.view.find(prefix, token.end() if token else start)


def _find_urls(findings: Findings) -> None:
    if findings.data.find(b"@") >= 0:
        _add_all(findings, _USER_INFO, "URL user info")
    cut = _CUT_USER_INFO.search(findings.data, max(0, len(findings.data) - 512)) if findings.truncated else None
    if cut is not None:
        findings.add(*cut.span(1), "URL user info")


def _find_go_users(findings: Findings) -> None:
    """`user:x@tcp(host:3306)/db`, as Go's drivers want it."""
    for address in _GO_ADDRESS.finditer(findings.view):
        end = address.start()
        # By splitting: an expression would be tried from each byte before the address.
        word = _GO_DELIMITER.split(findings.view[max(0, end - _GO_LOOK_BACK) : end])[-1]
        password = word.lstrip(b":").partition(b":")[2]
        if password:
            findings.add(end - len(password), end, "URL user info")


def _find_private_keys(findings: Findings) -> None:
    data = findings.data
    for key in _PRIVATE_KEY.finditer(data):
        end = data.find(_KEY_END, key.end())
        findings.add(key.end(), end if end >= 0 else len(data), "private key")
        if end < 0:
            break


def find_schemes(findings: Findings, schemes: frozenset[bytes]) -> None:
    for start, end in findings.places(schemes):
        credentials = _CREDENTIALS.match(findings.view, end)
        word = credentials.group(1) if credentials else b""
        # `bearer information`, `basic features` are prose.
        if credentials and (len(word) >= 16 or word.strip(PROSE) or word[-1:] == b"="):
            findings.add(*credentials.span(1), "scheme:" + findings.data[start:end].decode("latin-1").lower())
