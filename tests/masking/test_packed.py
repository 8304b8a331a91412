"""What is packed counts as whole only where all of it was looked at; what was not is not shown."""

from __future__ import annotations

import base64
import gzip
import json
import zlib
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from aftercall.command.check.leaks import leaked
from aftercall.masking.gunzip import MAX_BYTES
from aftercall.masking.redact_text import redact_text
from aftercall.pipeline.redact import Redactor
from tests.masking.pipeline import Seen, read_back, record_of, sent

if TYPE_CHECKING:
    from collections.abc import Callable

SECRET = "hunter2-tiger-Xk29fjQ"
PIECES = [SECRET[at : at + 8] for at in range(len(SECRET) - 8)]
DECODED = 65_536


def _prose(size: int) -> bytes:
    return (b"words and more words, " * (size // 22 + 1))[:size]


def _raw(data: bytes) -> bytes:
    stream = zlib.compressobj(9, zlib.DEFLATED, -15)
    return stream.compress(data) + stream.flush()


CODINGS: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "gzip": ("gzip", gzip.compress),
    "x-gzip": ("x-gzip", gzip.compress),
    "deflate": ("deflate", zlib.compress),
    "raw deflate": ("deflate", _raw),
    "twice": ("gzip, deflate", lambda data: zlib.compress(gzip.compress(data))),
}
ENDS = (
    b'{"password": "' + SECRET.encode() + b'"}',
    b"https://u:" + SECRET.encode() + b"@h.example/",
    b"ghp_8fK2mZq7Rt4Xv9Lw3Nc6Pb1Yd5Hs0Jg8uA2e",
    b'{"value": "' + SECRET.encode() + b'", "name": "password"}',
    b"words " + SECRET.encode(),
)


def _body(packed: bytes, coding: str, side: str) -> dict[str, Any]:
    given: dict[str, Any] = {f"{side}_headers": [("Content-Encoding", coding)], f"{side}_body": packed}
    body: dict[str, Any] = read_back(sent(record_of(Seen(**given), Redactor(bodies=True))))["calls"][0][side]["body"]
    return body


@pytest.mark.parametrize("side", ["request", "response"])
@pytest.mark.parametrize("name", CODINGS)
def test_a_body_that_is_cut_in_decoding_is_not_whole(name: str, side: str) -> None:
    coding, pack = CODINGS[name]
    for end in ENDS:
        secret = end.find(SECRET.encode()) if SECRET.encode() in end else 4
        for shown in (secret + 8, secret + 12):
            plain = _prose(DECODED - shown) + end + _prose(100)
            body = _body(pack(plain), coding, side)
            assert body["truncated"]
            assert not leaked(body["text"][-100:], [*PIECES, "8fK2mZq7"]), body["text"][-80:]


@pytest.mark.parametrize("name", CODINGS)
def test_one_that_is_decoded_to_its_end_is_whole(name: str) -> None:
    coding, pack = CODINGS[name]
    body = _body(pack(_prose(5_000)), coding, "response")
    assert not body["truncated"]
    assert body["text"] == _prose(5_000).decode()


def test_a_second_member_is_told_as_cut() -> None:
    body = _body(gzip.compress(b"one") + gzip.compress(b"two"), "gzip", "response")
    assert body["truncated"]


def _noise(size: int) -> bytes:
    """Text that does not pack well."""
    return b" ".join(b"w%x" % Random(at).getrandbits(12) for at in range(size // 5))


PACKED = {
    "behind a megabyte": gzip.compress(_prose(MAX_BYTES) + ENDS[0]),
    "behind two megabytes": gzip.compress(_prose(2 * MAX_BYTES) + ENDS[0]),
    "in a second member": gzip.compress(b"one ") + gzip.compress(ENDS[0]),
    "before damage": gzip.compress(ENDS[0] + _noise(5_000))[:-2_000] + bytes(300),
    "in what is no text": gzip.compress(ENDS[0] + bytes(100)),
    "in UTF-16": gzip.compress(f'{{"password": "{SECRET}"}}'.encode("utf-16")),
    "in gzip in gzip": gzip.compress(gzip.compress(ENDS[0])),
    "cut": gzip.compress(ENDS[0] + _noise(5_000))[:-2_000],
}


def _as_reader(text: str) -> bool:
    """Whether somebody who unpacks all base64 that is shown finds it."""
    for word in text.replace('"', " ").replace("\\n", "").split():
        try:
            raw = base64.b64decode(word + "=" * (-len(word) % 4))
        except ValueError:
            continue
        while raw[:2] == b"\x1f\x8b":
            stream = zlib.decompressobj(47)
            found = b"".join(_bytewise(stream, raw))
            if SECRET.encode() in found.replace(b"\0", b""):
                return True
            raw = stream.unused_data or found
    return False


def _bytewise(stream: Any, raw: bytes) -> list[bytes]:
    found = []
    for at in range(len(raw)):
        try:
            found.append(stream.decompress(raw[at : at + 1]))
        except zlib.error:
            break
    return found


@pytest.mark.parametrize("name", PACKED)
def test_gzip_in_base64_that_cannot_be_looked_at_whole_is_masked(name: str) -> None:
    coded = base64.b64encode(PACKED[name]).decode()
    for text in (coded, json.dumps({"data": coded}), json.dumps({"body": json.dumps({"data": coded, "n": 1})})):
        assert not _as_reader(redact_text(text)), name
        assert _as_reader(text) or name == "before damage"


def test_many_small_texts_that_unpack_to_large_ones_are_not_all_unpacked() -> None:
    coded = base64.b64encode(gzip.compress(_prose(900_000))).decode()
    masked = redact_text(json.dumps([coded] * 20))
    assert coded in masked
    assert masked.count("<masked>") == 19


def test_gzip_in_base64_without_a_secret_stays() -> None:
    coded = base64.b64encode(gzip.compress(_prose(5_000))).decode()
    assert redact_text(json.dumps({"data": coded})) == json.dumps({"data": coded})
