"""Members of a JSON document, each of the type that it should have: what is of another counts as absent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aftercall.formats.times import iso_nanoseconds

if TYPE_CHECKING:
    from typing import Any

MAX_TEXT = 2_048
"""Characters of an id, a name or a path: S3's keys may have 1,024, and a URL more than anybody reads."""

MAX_RECORDS = 128
"""Records of a batch that are looked at; flow.MAX_KEYS is of the same size."""

_MAX_DIGITS = 20


def at(document: Any, *path: str) -> Any:
    """What stands there, or None; `0` is the first of a list."""
    for step in path:
        if isinstance(document, dict):
            document = document.get(step)
        elif step == "0" and isinstance(document, list) and document:
            document = document[0]
        else:
            return None
    return document


def text_at(document: Any, *path: str) -> str:
    """The string; empty if there is none."""
    found = at(document, *path)
    return clean(found) if isinstance(found, str) else ""


def clean(text: str) -> str:
    """Of bounded length, and without halves of surrogate pairs, which JSON can hold and UTF-8 cannot."""
    text = text[:MAX_TEXT]
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def fields_at(document: Any, *path: str) -> dict[str, Any]:
    found = at(document, *path)
    return found if isinstance(found, dict) else {}


def records_at(document: Any, *path: str) -> list[dict[str, Any]]:
    """The objects in a list, of a long one the first."""
    found = at(document, *path)
    return [one for one in found[:MAX_RECORDS] if isinstance(one, dict)] if isinstance(found, list) else []


def count_at(document: Any, *path: str) -> int | None:
    found = at(document, *path)
    return len(found) if isinstance(found, list) else None


def number_of(value: Any) -> float | None:
    """A number, or a string of digits as SQS writes its counts and times."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= _MAX_DIGITS:
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e20:
        return None
    return float(value)


def from_seconds(value: Any) -> int | None:
    """Nanoseconds since the epoch."""
    number = number_of(value)
    return None if number is None else int(number * 1_000) * 1_000_000


def from_milliseconds(value: Any) -> int | None:
    number = number_of(value)
    return None if number is None else int(number) * 1_000_000


def from_iso(value: Any) -> int | None:
    """CodeCommit and alarms write `+0000` instead of `Z`."""
    return iso_nanoseconds(value.removesuffix("+0000") + "Z" if isinstance(value, str) and "+" in value else value)


def arn_resource(arn: str) -> str:
    """`table/orders/stream/...` of `arn:aws:dynamodb:eu-west-1:123456789012:table/orders/stream/...`."""
    parts = arn.split(":", 5)
    return parts[5] if len(parts) == 6 and parts[0] == "arn" else ""


def arn_name(arn: str) -> str:
    """`orders` of `...:orders`, `...:table/orders/stream/...`, `...:function:orders:live` and the like."""
    resource = arn_resource(arn)
    if "/" in resource:
        return resource.split("/")[1]
    return resource.split(":")[1] if ":" in resource else resource
