"""What a subscription to the Telemetry API may ask for; limits from rapid's telemetry-subscription-schema.json.

Returns a SubscriptionRequest, raises ValueError with the words for the answer.
"""

import json
import urllib.parse
from typing import Any

from aftercall.sandbox.telemetry import Destination, SubscriptionRequest

_SCHEMA_VERSIONS = ("2022-07-01", "2022-12-13", "2025-01-29")
_TYPES = ("platform", "function", "extension")
_HOSTS = ("sandbox", "sandbox.localdomain")
# Key, least, most and default of each.
_BUFFERING = (
    ("maxItems", 1000, 10_000, 10_000),
    ("maxBytes", 262_144, 1_048_576, 262_144),
    ("timeoutMs", 25, 30_000, 1000),
)


def parse_subscription(body: bytes) -> SubscriptionRequest:
    try:
        asked = json.loads(body)
    except ValueError as error:
        raise ValueError(f"failed to parse JSON: {error}") from None
    if not isinstance(asked, dict):
        raise ValueError("the subscription is not a JSON object")  # noqa: TRY004 - one error for every fault of the request
    if asked.get("schemaVersion") not in _SCHEMA_VERSIONS:
        raise ValueError(f"schemaVersion {asked.get('schemaVersion')!r} is not one of {', '.join(_SCHEMA_VERSIONS)}")
    types = asked.get("types")
    if not isinstance(types, list) or not types or any(kind not in _TYPES for kind in types):
        raise ValueError(f"types {types!r} is not a list of some of {', '.join(_TYPES)}")
    max_items, max_bytes, timeout_ms = _parse_buffering(asked.get("buffering", {}))
    return SubscriptionRequest(
        types=tuple(types),
        destination=_parse_destination(asked.get("destination")),
        max_items=max_items,
        max_bytes=max_bytes,
        timeout=timeout_ms / 1000,
    )


def _parse_buffering(buffering: Any) -> list[int]:
    if not isinstance(buffering, dict):
        raise ValueError("buffering is not a JSON object")  # noqa: TRY004 - one error for every fault of the request
    values = []
    for key, least, most, default in _BUFFERING:
        value = buffering.get(key, default)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise ValueError(f"buffering.{key} {value!r} is not an integer from {least} to {most}")
        values.append(value)
    return values


def _parse_destination(destination: Any) -> Destination:
    if not isinstance(destination, dict):
        raise ValueError("destination is not a JSON object")  # noqa: TRY004 - one error for every fault of the request
    protocol = destination.get("protocol")
    if protocol == "TCP":
        port = destination.get("port")
        if not isinstance(port, int) or not 1 <= port <= 65_535:
            raise ValueError(f"destination.port {port!r} is not a port")
        return Destination(port=port, url=None)
    if protocol != "HTTP":
        raise ValueError(f"destination.protocol {protocol!r} is not HTTP or TCP")
    uri = destination.get("URI")
    url = urllib.parse.urlsplit(uri if isinstance(uri, str) else "")
    try:
        port = url.port or 80
    except ValueError:
        raise ValueError(f"destination.URI {uri!r} has no valid port") from None
    if url.scheme != "http" or url.hostname not in _HOSTS:
        raise ValueError(f"destination.URI {uri!r}: the host must be sandbox.localdomain, the scheme http")
    # The name is the environment's; outside it is the loopback.
    return Destination(port=port, url=f"http://127.0.0.1:{port}{url.path or '/'}")
