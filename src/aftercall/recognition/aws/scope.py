"""Is it a call of AWS? By the scope of its signature, else by its host.

    Authorization: AWS4-HMAC-SHA256 Credential=KEY/20260829/eu-west-1/dynamodb/aws4_request, SignedHeaders=..., ...
    Authorization: AWS4-ECDSA-P256-SHA256 Credential=KEY/20260829/s3/aws4_request, ...       (any region)
    ?X-Amz-Credential=KEY%2F20260829%2Feu-west-1%2Fs3%2Faws4_request                         (presigned)

Of a signature only its scope is looked at, never the key's id.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aftercall.formats.urls import percent_decoded
from aftercall.recognition.aws import hosts

if TYPE_CHECKING:
    from aftercall.recognition.exchange import Exchange

_MAX_NAME = 64
_MAX_KNOWN = 256


class Scope:
    """`signing_name` is empty where the call is not signed; `labels` where the host is none of AWS's."""

    __slots__ = ("labels", "region", "signing_name")

    def __init__(self, signing_name: str, region: str, labels: list[str]) -> None:
        self.signing_name = signing_name
        self.region = region
        self.labels = labels


def scope_of(exchange: Exchange) -> Scope | None:
    """None: it is no call of AWS."""
    named = _signed(exchange)
    found = _labels(exchange.url.host)
    labels, region = found or ([], "")
    if named is not None:
        return Scope(named[0], named[1] or region, labels)
    header = exchange.request.header
    is_of_sdk = header("x-amz-target") or header("amz-sdk-invocation-id")
    return Scope("", region, labels) if labels or is_of_sdk else None


_known: dict[str, tuple[list[str], str] | None] = {}


def _labels(host: str) -> tuple[list[str], str] | None:
    """What the host says, remembered: a function calls a few."""
    if host not in _known:
        if len(_known) >= _MAX_KNOWN:
            _known.clear()
        _known[host] = hosts.service_labels(host)
    return _known[host]


def _signed(exchange: Exchange) -> tuple[str, str] | None:
    """Service and region of the signature's scope."""
    header = exchange.request.header("authorization")
    if header.startswith("AWS4-"):
        return _parts(header.partition("Credential=")[2].partition(",")[0])
    target = exchange.url.target
    if "X-Amz-Credential=" in target:
        return _parts(percent_decoded(target.partition("X-Amz-Credential=")[2].partition("&")[0]))
    if header.startswith("AWS ") or "AWSAccessKeyId=" in target:  # version 2, which S3 alone takes still
        return "s3", ""
    return None


def _parts(credential: str) -> tuple[str, str] | None:
    parts = credential.strip().split("/")
    if len(parts) < 4 or parts[-1] != "aws4_request" or not _is_name(parts[-2]):
        return None
    region = parts[-3] if len(parts) >= 5 and _is_name(parts[-3]) else ""
    return parts[-2], region


def _is_name(text: str) -> bool:
    return (
        0 < len(text) <= _MAX_NAME
        and text.isascii()
        and text.replace("-", "").replace("_", "").replace(".", "").isalnum()
    )
