"""The cases: (secret kind) x (shape) x (wrapping) x (slot) x (cut), drawn from one seed.

Every kind meets every shape that can hold it and every direct place of a call; wrapping, slot and cut are drawn.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from random import Random
from typing import TYPE_CHECKING
from urllib.parse import quote

from tests.masking.pipeline import Seen
from tests.masking.places import SHAPES, Shape
from tests.masking.secrets import KINDS, Kind, Secret
from tests.masking.wrappings import CALL_ONLY, WRAPPINGS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.masking.structured import Document

CUTS = ("whole", "whole", "begin", "middle", "late", "after")
EVENT_SLOTS = ("event", "response")
CALL_SLOTS = ("request_body", "response_body")


@dataclass(frozen=True)
class Case:
    name: str
    secret: Secret
    seen: Seen


def cases(seed: int) -> Iterator[Case]:
    for kind in KINDS:
        for shape in SHAPES:
            if fits(kind, shape):
                yield _in_document(kind, shape, Random(f"{seed}/{kind.name}/{shape.name}"))
        for place, build in DIRECT.items():
            rng = Random(f"{seed}/{kind.name}/{place}")
            secret = kind.draw(rng)
            if (seen := build(secret, kind, rng)) is not None:
                yield Case(f"{kind.name}/{place}", secret, seen)


def fits(kind: Kind, shape: Shape) -> bool:
    return (
        (shape.named or kind.tells_itself) and (kind.plain or not shape.plain) and (kind.one_line or not shape.one_line)
    )


def _in_document(kind: Kind, shape: Shape, rng: Random) -> Case:
    slot = rng.choice([*EVENT_SLOTS, *CALL_SLOTS])
    wrappings = ["", *(name for name in WRAPPINGS if slot in CALL_SLOTS or name not in CALL_ONLY)]
    wrapping = rng.choice(wrappings)
    cut = rng.choice(CUTS)
    secret, other = kind.draw(rng), replace(kind.draw(rng))
    seed = rng.random()
    document = _wrapped(shape, secret, wrapping, seed)
    data = document.data[
        : _cut_at(cut, document.data, _wrapped(shape, replace(other, name=secret.name), wrapping, seed).data)
    ]
    seen = Seen(sizes={slot: len(document.data)}, parsed=rng.random() < 0.3, chunked=rng.random() < 0.2)
    setattr(seen, slot, data)
    if slot in CALL_SLOTS:
        named = [("Content-Type", document.media_type)] if document.media_type else []
        setattr(seen, slot.replace("body", "headers"), [*named, *document.headers, ("X-Request-Id", "r-12345678")])
    return Case(f"{kind.name}/{shape.name}/{wrapping or 'bare'}/{slot}/{cut}", secret, seen)


def _wrapped(shape: Shape, secret: Secret, wrapping: str, seed: float) -> Document:
    rng = Random(seed)
    document = shape.build(secret, rng)
    return WRAPPINGS[wrapping](document, rng) if wrapping else document


def _cut_at(cut: str, data: bytes, other: bytes) -> int:
    """Where to cut: the secret stands where two documents differ that are the same but for the secret."""
    start = next((at for at, (a, b) in enumerate(zip(data, other, strict=False)) if a != b), 0)
    same_tail = next((at for at, (a, b) in enumerate(zip(reversed(data), reversed(other), strict=False)) if a != b), 0)
    end = max(start + 1, len(data) - same_tail)
    places = {"begin": start + 12, "middle": (start + end) // 2, "late": end - 2, "after": end + 1}
    return places.get(cut, len(data))


# Direct places of a call


def _query(secret: Secret, kind: Kind, rng: Random) -> Seen | None:
    value = quote(secret.value, safe="" if rng.random() < 0.7 else "/:")
    return Seen(url=f"https://api.example/v1/find?page=2&{quote(secret.name)}={value}&sort=up")


def _fragment(secret: Secret, kind: Kind, rng: Random) -> Seen | None:
    return Seen(url=f"https://api.example/v1/find#{quote(secret.name)}={quote(secret.value, safe='')}")


def _path(secret: Secret, kind: Kind, rng: Random) -> Seen | None:
    if not kind.tells_itself and kind.name not in {"opaque_token", "hex_token"}:
        return None
    return Seen(url=f"https://api.example/v1/hooks/{quote(secret.value, safe='')}/deliver")


def _user_info(secret: Secret, kind: Kind, rng: Random) -> Seen | None:
    return Seen(
        url=f"https://maria:{quote(secret.value, safe='')}@api.example/v1",
        proxy=f"http://p:{quote(secret.value, safe='')}@proxy.example:3128",
    )


def _headerfits(secret: Secret, kind: Kind) -> bool:
    return (
        kind.one_line
        and secret.value.isascii()
        and "\t" not in secret.value
        and secret.name.replace(".", "").isprintable()
    )


def _request_header(secret: Secret, kind: Kind, rng: Random) -> Seen | None:
    if not _headerfits(secret, kind):
        return None
    return Seen(request_headers=[("Accept", "text/html"), (secret.name, secret.value)], parsed=rng.random() < 0.5)


def _response_header(secret: Secret, kind: Kind, rng: Random) -> Seen | None:
    if not _headerfits(secret, kind):
        return None
    return Seen(response_headers=[("Vary", "Origin"), (secret.name, secret.value)], parsed=rng.random() < 0.5)


def _authorization(secret: Secret, kind: Kind, rng: Random) -> Seen | None:
    if not _headerfits(secret, kind):
        return None
    scheme = rng.choice(["Bearer ", "bearer ", "token ", "ApiKey ", "SSWS ", ""])
    return Seen(request_headers=[("Authorization", scheme + secret.value)])


def _cookie(secret: Secret, kind: Kind, rng: Random) -> Seen | None:
    if not kind.plain:
        return None
    return Seen(
        request_headers=[("Cookie", f"theme=dark; {rng.choice(['sess', 'id', secret.name])}={secret.value}; lang=de")]
    )


def _set_cookie(secret: Secret, kind: Kind, rng: Random) -> Seen | None:
    if not kind.plain:
        return None
    return Seen(
        response_headers=[("Set-Cookie", f"{rng.choice(['auth', secret.name])}={secret.value}; Path=/; HttpOnly")]
    )


def _message(secret: Secret, kind: Kind, rng: Random) -> str:
    if kind.tells_itself and rng.random() < 0.5:
        return f"cannot use {secret.value} here"
    return (
        f"connect failed: {secret.name}={secret.value} host=db-1"
        if kind.plain
        else f"{{'user': 'maria', '{secret.name}': {secret.value!r}}}"
    )


def _call_error(secret: Secret, kind: Kind, rng: Random) -> Seen | None:
    if not kind.plain and not kind.tells_itself:
        return None
    return Seen(error_type="ValueError", error_message=_message(secret, kind, rng))


def _exception(secret: Secret, kind: Kind, rng: Random) -> Seen | None:
    if not kind.plain and not kind.tells_itself:
        return None
    message = _message(secret, kind, rng)
    stack = [
        f'  File "/var/task/app.py", line 7, in handler\n    raise ValueError({message!r})\n',
        "ValueError: " + message,
    ]
    return Seen(
        error=json.dumps(
            {"errorMessage": message, "errorType": "ValueError", "requestId": "", "stackTrace": stack}
        ).encode()
    )


def _location(secret: Secret, kind: Kind, rng: Random) -> Seen | None:
    value = quote(secret.value, safe="")
    return Seen(response_headers=[("Location", f"https://app.example/in?{quote(secret.name)}={value}&lang=de")])


DIRECT = {
    "query": _query,
    "fragment": _fragment,
    "path": _path,
    "user_info": _user_info,
    "request_header": _request_header,
    "response_header": _response_header,
    "authorization": _authorization,
    "cookie": _cookie,
    "set_cookie": _set_cookie,
    "call_error": _call_error,
    "exception": _exception,
    "location": _location,
}
