"""Decides by place: what is a secret only in this object, form, URL or answer of AWS."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aftercall.masking.named import Named
from aftercall.masking.names import PARAMETERS
from aftercall.masking.scan import QUERY
from aftercall.masking.structure import BRACES, PARENTHESES
from aftercall.masking.tokens import is_opaque
from aftercall.masking.url_fields import is_secret_field
from aftercall.masking.value import mask_value

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from aftercall.masking.spans import Findings

MEMBERS: dict[bytes, AbstractSet[bytes]] = {
    b"grant_type": frozenset((b"code",)),
    b"code_verifier": frozenset((b"code",)),
    b"kty": frozenset((b"d", b"p", b"q", b"dp", b"dq", b"qi", b"k")),
    b"SecureString": frozenset((b"value",)),
    b"CiphertextBlob": frozenset((b"plaintext",)),
    b"EncryptionAlgorithm": frozenset((b"plaintext",)),
    b"KeyId": frozenset((b"plaintext",)),
    b"ChallengeResponses": frozenset((b"answer",)),
    b"privateChallengeParameters": frozenset((b"answer",)),
    b"customSMSSenderRequestV1": frozenset((b"code",)),
    b"customEmailSenderRequestV1": frozenset((b"code",)),
    b"api_key": frozenset((b"encoded",)),
    b"queryStringParameters": frozenset((b"code",)),
    b"multiValueQueryStringParameters": frozenset((b"code",)),
}
"""A word -> the keys that mean a secret beside it, or in the object that it is the key of.

OAuth's token requests (RFC 6749, 7636), JSON web keys (RFC 7518), and AWS: SSM, KMS, Cognito, API Gateway.
"""

AZURE_VAULT = b".vault.azure.net"
IN_VAULT = frozenset((b"value",))

MEMBER_STEMS = (
    "grant",
    "verif",
    "kty",
    "secur",
    "ciph",
    "encry",
    "keyid",
    "chall",
    "custom",
    "query",
    "tivalue",
    "vault",
)

_FIELD = re.compile(rb"(?:\A|[&?\s\"'])([a-z]{1,8})=(?=[^&\s])")
_FORM = re.compile(rb"([\w.%\[\]-]{1,80}=[^&\s\"'<>\\`{}|]*+&[^\s\"'<>\\`{}|]*+)\Z")
_PARAMETER = re.compile(
    rb"(%b)=([^&#\s\"'<>\\`{}|]+)" % b"|".join(re.escape(name.encode()) for name in sorted(PARAMETERS)), re.IGNORECASE
)
"""Those that are secrets' names in queries alone; by_name.py has the others."""

_NEAR, _MAX_NAME = 2_048, 80
_SID = re.compile(rb"(?!SK)[A-Z]{2}[0-9a-f]{32}(?:\.\w{1,5})?")
"""Twilio's ids."""

_URL = re.compile(rb"https?://[^\s\"'<>\\]{1,512}\Z")
_MAX_URL = 520


def find_members(findings: Findings, row: int, start: int, end: int, keys: AbstractSet[bytes]) -> None:
    """Members of the object around the word, or of the one that it is the key of, or fields of its form."""
    structure, data = findings.structure, findings.data
    own = structure.row_at(follows.end() + 1) if row >= 0 and (follows := structure.follows_key(row)) else -1
    around = row
    while around >= 0 and structure.char(around) not in (BRACES, PARENTHESES):
        around = structure.parents[around] - 1
    for container in (around, own):
        for member in structure.members(container) if container >= 0 and not structure.is_string(container) else ():
            if member.key in keys:
                mask_value(findings, member.at, _named(member.key, member.closing))
    if around < 0:
        for found in _FIELD.finditer(data, max(0, start - _NEAR), end + _NEAR):
            if found.group(1) in keys:
                mask_value(findings, found.end(), _named(found.group(1), b""))


def _named(key: bytes, closing: bytes) -> Named:
    """The place makes the name sure."""
    return Named("password", f"place:{key.decode('latin-1')}", closing)


def find_parameters(findings: Findings, seen: int) -> None:
    """Queries of URLs that stand in the text, and forms: `key` and `code` are secrets' names there."""
    data = findings.data
    if not seen & QUERY and (data.find(b"=", 0, _MAX_NAME) < 0 or _FORM.match(data) is None):
        return
    _find_parameter(findings, 0)
    for sign in (b"?", b"&"):
        at = data.find(sign)
        while at >= 0:
            at += 5 if data.startswith(b"amp;", at + 1) else 1
            _find_parameter(findings, at)
            at = data.find(sign, at)


def _find_parameter(findings: Findings, at: int) -> None:
    parameter = _PARAMETER.match(findings.data, at)
    if parameter is not None:
        name = parameter.group(1).decode("latin-1")
        if is_secret_field(name, parameter.group(2).decode("latin-1")):
            findings.add(*parameter.span(2), f"parameter:{name}")


def find_segment(findings: Findings, start: int, end: int) -> None:
    """A random segment of a URL's path: `https://host/reset/x`."""
    data = findings.data
    if not is_opaque(data[start:end]) or _SID.fullmatch(data, start, end) is not None:
        return
    if _URL.search(data, max(0, start - _MAX_URL), start) is not None:
        findings.add(start, end, "segment of a URL")
