"""Texts within texts that must be decoded to be read: percent signs, base64, gzip in base64.

Each is decoded, masked like any other text, and coded again if something was found in it.
"""

from __future__ import annotations

import re
from binascii import a2b_base64, b2a_base64
from typing import TYPE_CHECKING

from aftercall.formats.urls import percent_decoded
from aftercall.masking.spans import BASE64, MASK, MAX_DEPTH, PERCENT

if TYPE_CHECKING:
    from collections.abc import Callable

    from aftercall.masking.gunzip import Gunzip
    from aftercall.masking.spans import Findings

    Mask = Callable[[bytes, Findings, bool], bytes]
    """Masks a text that was found within another. The flag says that its end was cut off."""

_PERCENT = re.compile(rb"%[0-9A-Fa-f]{2}")
_PERCENT_RUN = re.compile(rb"[A-Za-z0-9_.~*!()'%+/:@$,;?-]+")
_PERCENT_CHARS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.~*!()%+/:@$,?-"
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~<>/:")
_BASE64_RUN = re.compile(rb"[A-Za-z0-9+/_-]*={0,2}")
_BASE64_CHARS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/_-"
BASE64_BYTES = _BASE64_CHARS + b"="
_URL_SAFE = bytes.maketrans(b"-_", b"+/")
_ID_BYTES = b"0123456789abcdef-"
_ASCII = bytes(range(128))
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_UTF8_LEADS = range(0xC2, 0xF5)
_LINES = re.compile(rb"(?:[A-Za-z0-9+/]{76}\s+)+[A-Za-z0-9+/]*={0,2}|(?:[A-Za-z0-9+/]{64}\s+)+[A-Za-z0-9+/]*={0,2}")
"""Line ends as in MIME and PEM. In JSON strings within others such an end has many characters."""

_MAX_LOOK_BACK = 65_536

_LINE_LENGTHS = (64, 76)
MIN_BASE64 = 16
_BASE64_FIRST = frozenset(bytes((letter,)) for letter in b"CDIJKLMNOPQRSTUVWXYZabcdefwxyz0123456789")
"""How base64 begins if its text begins with a blank, a line end, or a visible character of UTF-8."""


def find_percent_coded(findings: Findings, mask: Mask) -> None:
    """Runs with `%41` and the like in them, from one separator of forms to the next."""
    data = findings.data
    done = 0
    found = _PERCENT.search(data)
    while found is not None:
        start = _run_start(data, found.start(), done, _PERCENT_CHARS)
        run = _PERCENT_RUN.match(data, start)
        done = max(run.end() if run else 0, found.end())
        coded = data[start:done]
        plain = percent_decoded(coded.decode("latin-1")).encode("utf-8", "surrogatepass")
        masked = _mask_inner(findings, plain, done, mask)
        if masked != plain:
            findings.add(start, done, PERCENT, _percent_coded(masked))
        found = _PERCENT.search(data, done)


def find_base64(findings: Findings, words: set[bytes], mask: Mask) -> None:
    """`words`: those of the text for which `is_base64_text` is true."""
    done = 0
    for start, end in findings.places(words):
        at = start
        for part in findings.data[start:end].split(b"."):  # a signature or a version may stand beside it
            if at >= done and is_base64_text(part):
                done = _base64_run(findings, at, done, mask)
            at += len(part) + 1


def _base64_run(findings: Findings, at: int, floor: int, mask: Mask) -> int:
    data = findings.data
    run = _BASE64_RUN.match(data, at)
    end = run.end() if run else at + 1
    start = _run_start(data, at, floor, _BASE64_CHARS)
    lines = _LINES.match(findings.view, start) if end - start in _LINE_LENGTHS else None
    spans = ((start, lines.end() if lines else end), (start, end), (at, end))
    for begin, stop in dict.fromkeys(spans):
        plain = decoded(b"".join(findings.view[begin:stop].split()), findings.gunzip)
        gzipped = is_gzip(data[begin : begin + 8])
        if plain is None and not gzipped:
            continue
        masked = None if plain is None else _mask_inner(findings, plain, stop, mask)
        if masked is None or masked != plain:
            findings.add(begin, stop, BASE64, MASK if gzipped or masked is None else b2a_base64(masked, newline=False))
        return stop
    return end


def is_base64_text(word: bytes) -> bool:
    """Whether a word's beginning decodes to what people write, or to gzip's. By chance one word in 100,000 does."""
    if word[:1] not in _BASE64_FIRST or len(word) < MIN_BASE64:
        return is_gzip(word)
    beginning = word[:16]
    if not beginning.strip(_ID_BYTES):  # a UUID or a digest: no text is coded in these alone
        return False
    try:
        raw = a2b_base64(beginning.translate(_URL_SAFE))
    except ValueError:
        return False
    if not raw.isascii():
        # Nearly every word that is not base64 fails here: no character of UTF-8 begins so.
        high = raw.lstrip(_ASCII)
        if high[0] not in _UTF8_LEADS or not b"\x80" <= (high[1:2] or b"\x80") <= b"\xbf":
            return is_gzip(word)
        return _CONTROL.search(raw) is None and _is_text(raw)
    return _CONTROL.search(raw) is None


def is_gzip(coded: bytes) -> bool:
    return coded[:4] == b"H4sI"


def decoded(coded: bytes, gunzip: Gunzip) -> bytes | None:
    """The text in a base64 run, as far as it goes; None if it is not text, or too long to be looked at."""
    standard = coded.rstrip(b"=").translate(_URL_SAFE)
    standard = standard[: len(standard) - (len(standard) % 4 == 1)]
    try:
        raw: bytes | None = a2b_base64(standard + b"=" * (-len(standard) % 4))
    except ValueError:
        return None
    if raw is not None and raw[:2] == b"\x1f\x8b":
        raw = gunzip(raw)
    return raw if raw and _is_text(raw) else None


def _is_text(raw: bytes) -> bool:
    for cut in range(4):
        try:
            raw[: len(raw) - cut].decode("utf-8")
        except UnicodeDecodeError:
            continue
        return b"\0" not in raw
    return False


def _mask_inner(findings: Findings, plain: bytes, end: int, mask: Mask) -> bytes:
    if findings.depth >= MAX_DEPTH:
        return MASK
    return mask(plain, findings, findings.truncated and end >= len(findings.data))


def _run_start(data: bytes, at: int, floor: int, chars: bytes) -> int:
    """Where the run of `chars` around `at` begins, not before `floor`."""
    floor = max(floor, at - _MAX_LOOK_BACK)
    return floor + len(data[floor:at].rstrip(chars))


def _percent_coded(plain: bytes) -> bytes:
    return b"".join(bytes((byte,)) if byte in _UNRESERVED else b"%%%02X" % byte for byte in plain)
