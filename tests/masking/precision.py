"""How many harmless values of the real-shaped documents stay readable, and which do not."""

from __future__ import annotations

import json
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Any

from tests.masking.documents import DOCUMENTS, Draw, at, harmless_leaves
from tests.masking.pipeline import Seen, read_back, record_of, sent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aftercall.pipeline.redact import Redactor
    from tests.masking.secrets import Secret

HEADERS = [
    ("Content-Type", "application/json"), ("X-Request-Id", "7b5a2f7e-9d1c-4c1e-8a3b-2f1d5e6c7a8b"), ("Date", "Tue, 03 Jun 2025 08:15:30 GMT"),
    ("ETag", 'W/"33a64df551425fcc55e4d42a148795d9f25f89d4"'), ("Cache-Control", "no-cache, max-age=0"), ("Server", "AmazonS3"),
    ("x-amz-request-id", "D82B88E5F771F645"), ("x-amz-id-2", "vlR7PnpV2Ce81l0PRw6jlUpck7Jo5ZsQjryTjKlc5aLWGVHPZLj5NeC6qMa0emYBDXOo6QBU0Wo="),
    ("Idempotency-Key", "order-2025-06-01-17"), ("X-RateLimit-Remaining", "4999"), ("Via", "1.1 varnish, 1.1 cloudfront"),
    ("Location", "https://shop.example/orders/4711?page=2"), ("Content-Disposition", 'attachment; filename="monkey-keys.pdf"'),
]  # fmt: skip
URL = "https://api.example:8443/v2/users/550e8400-e29b-41d4-a716-446655440000/orders?page=2&sort=created_at&keyword=token+ring"


@dataclass
class Shown:
    document: str
    secrets: list[Secret]
    exported: dict[str, str]
    harmless: int
    hidden: list[tuple[Any, Any]]
    """(path, value) of harmless values that cannot be read any more."""


def shown(seed: int, redactor: Redactor) -> Iterator[Shown]:
    for build in DOCUMENTS:
        for slot in ("event", "response_body"):
            draw = Draw(Random(f"{seed}/{build.__name__}/{slot}"))
            document = build(draw)
            seen = Seen(url=URL, request_headers=HEADERS, response_headers=HEADERS)
            setattr(seen, slot, json.dumps(document, ensure_ascii=draw.rng.random() < 0.5).encode())
            exported = sent(record_of(seen, redactor))
            found = read_back(exported)
            side, _, part = slot.partition("_")
            text = (found["calls"][0][side][part] if part else found[slot])["text"]
            leaves = harmless_leaves(document, draw.secrets)
            masked = _loaded(text)
            hidden: list[tuple[Any, Any]] = [(path, value) for path, value in leaves if at(masked, path) != value]
            hidden += [
                (name, value)
                for way in ("request", "response")
                for name, value in HEADERS
                if [name, value] not in found["calls"][0][way]["headers"]
            ]
            hidden += [("url", URL)] if found["calls"][0]["url"] != URL else []
            yield Shown(f"{build.__name__}/{slot}", draw.secrets, exported, len(leaves) + 2 * len(HEADERS) + 1, hidden)


def _loaded(text: str) -> Any:
    """A masked document is a document still."""
    try:
        return json.loads(text)
    except ValueError:
        return None
