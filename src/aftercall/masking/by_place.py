"""Decides by place: what is a secret only in this object, form, URL or answer of AWS."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aftercall.masking.by_line import mask_manifest
from aftercall.masking.named import Named
from aftercall.masking.names import PARAMETERS
from aftercall.masking.scan import MAX_PARAMETER, QUERY
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
    b"Secret": frozenset((b"data", b"stringdata")),
    b"queryStringParameters": frozenset((b"code",)),
    b"multiValueQueryStringParameters": frozenset((b"code",)),
}
"""A word -> the keys that mean a secret beside it, or in the object that it is the key of.

Kubernetes' `kind: Secret`, OAuth's token requests (RFC 6749, 7636), JSON web keys (RFC 7518), and AWS: SSM, KMS,
Cognito, API Gateway.
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
_VALUE = re.compile(rb"[^&#\s\"'<>\\`{}|]+")
_PARAMETERS = frozenset(name.encode() for name in PARAMETERS)
"""Those that are secrets' names in queries alone; by_name.py has the others."""

_NEAR, _MAX_NAME = 2_048, 80
_SID = re.compile(rb"(?!SK)[A-Z]{2}[0-9a-f]{32}(?:\.\w{1,5})?")
"""Twilio's ids."""

_URL = re.compile(rb"https?://[^\s\"'<>\\]{1,512}\Z")
_MAX_URL = 520


def find_members(findings: Findings, row: int, start: int, end: int, keys: AbstractSet[bytes]) -> None:
    """Members of the object around the word, or of the one that it is the key of, or fields of its form."""
    structure, data = findings.structure, findings.data
    if data[start:end] == b"Secret" and data[max(0, start - 9) : start].find(b"kind") < 0:
        return
    own = structure.row_at(follows.end() + 1) if row >= 0 and (follows := structure.follows_key(row)) else -1
    around = row
    while around >= 0 and structure.char(around) not in (BRACES, PARENTHESES):
        around = structure.parents[around] - 1
    for container in (around, own):
        for member in structure.members(container) if container >= 0 and not structure.is_string(container) else ():
            if member.key in keys:
                mask_value(findings, member.at, _named(member.key, member.closing))
    if around < 0 and keys is MEMBERS[b"Secret"]:
        mask_manifest(findings, start, Named("token", "place:Secret"))
    elif around < 0:
        for found in _FIELD.finditer(data, max(0, start - _NEAR), end + _NEAR):
            if found.group(1) in keys:
                mask_value(findings, found.end(), _named(found.group(1), b""))


def _named(key: bytes, closing: bytes) -> Named:
    """The place makes the name sure."""
    return Named("password", f"place:{key.decode('latin-1')}", closing)


def has_parameters(data: bytes, seen: int) -> bool:
    """Whether the text holds a query, or is a form."""
    return bool(seen & QUERY) or (data.find(b"=", 0, _MAX_NAME) >= 0 and _FORM.match(data) is not None)


def find_first_parameter(findings: Findings) -> None:
    """The first field of a form stands behind no `&`."""
    end = findings.data.find(b"=", 0, MAX_PARAMETER + 1)
    if end > 0 and is_parameter(findings.data[:end]):
        find_parameter(findings, 0, end)


def is_parameter(word: bytes) -> bool:
    """Whether it names a secret in a query or a form."""
    return word.lower() in _PARAMETERS


def find_parameter(findings: Findings, start: int, end: int) -> None:
    """Such a name stands from `start` to `end`, before `=`."""
    value = _VALUE.match(findings.data, end + 1)
    name = findings.data[start:end].decode("latin-1")
    if value is not None and is_secret_field(name, value.group().decode("latin-1")):
        findings.add(*value.span(), f"parameter:{name}")


def find_segment(findings: Findings, start: int, end: int) -> None:
    """A random segment of a URL's path: `https://host/reset/x`."""
    data = findings.data
    if not is_opaque(data[start:end]) or _SID.fullmatch(data, start, end) is not None:
        return
    if _URL.search(data, max(0, start - _MAX_URL), start) is not None:
        findings.add(start, end, "segment of a URL")
