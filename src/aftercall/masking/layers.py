r"""Texts within texts, to be decoded before they are read: escapes of JSON, percent signs, entities, base64, gzip.

Each is decoded and looked at like any other text. What is found is masked where it stands in the text as it was
written; only base64 is coded again, since no piece of it can be masked alone.
A text's layers together are bounded (spans.Budget): so time stays linear however they are nested.
"""

from __future__ import annotations

import re
from binascii import a2b_base64, b2a_base64
from bisect import bisect_right
from typing import TYPE_CHECKING

from aftercall.masking.scan import DEEP
from aftercall.masking.spans import BASE64, MASK, MAX_DEPTH

if TYPE_CHECKING:
    from collections.abc import Callable

    from aftercall.masking.gunzip import Gunzip
    from aftercall.masking.scan import Scan
    from aftercall.masking.spans import Findings

    Find = Callable[[bytes, Findings, bool], Findings]
    """Looks at a text that was found within another. The flag says that its end was cut off."""

_ESCAPE = re.compile(rb"\\(?:/|u00([2-6][0-9a-fA-F]|7[0-9a-eA-E]))")
MAX_ESCAPE = 6
"""Bytes of `\\u0061`."""

_CUT_ESCAPE = re.compile(rb"\\u?[0-9a-fA-F]{0,3}\Z")
_MAX_SLASHES = 128
_DEEP_QUOTE = b"\\" * (2 ** (MAX_DEPTH + 1) - 1)

_PERCENT = re.compile(rb"%[0-9A-Fa-f]{2}")
_PERCENT_UNIT = re.compile(rb"%[0-9A-Fa-f]{2}|\+")
_PERCENT_RUN = re.compile(rb"(?:[A-Za-z0-9_.~*!()'%+/:@$,;?-]+|<masked>)+")
_PERCENT_CHARS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.~*!()%+/:@$,?-"
_ENTITY = re.compile(rb"&(?:(lt|gt|amp|quot|apos)|\#(\d{2,3})|\#x([0-9a-fA-F]{2}));")
_ENTITIES = {b"lt": b"<", b"gt": b">", b"amp": b"&", b"quot": b'"', b"apos": b"'"}

_BASE64_RUN = re.compile(rb"[A-Za-z0-9+/_-]*={0,2}")
_BASE64_CHARS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/_-"
_URL_SAFE = bytes.maketrans(b"-_", b"+/")
_ID_BYTES = b"0123456789abcdef-"
_ASCII = bytes(range(128))
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_UTF8_LEADS = range(0xC2, 0xF5)
_LINES = re.compile(
    rb"(?:[A-Za-z0-9+/]{76}%(b)s)+[A-Za-z0-9+/]*={0,2}|(?:[A-Za-z0-9+/]{64}%(b)s)+[A-Za-z0-9+/]*={0,2}"
    % {b"b": rb"(?:\s|\\{1,64}[nr])+"}
)
"""Line ends as in MIME and PEM."""

_LINE_END = re.compile(rb"\s+|\\+[nr]")
_LINE_LENGTHS = (64, 76)
_MAX_LOOK_BACK = 65_536
MIN_BASE64 = 16
_BASE64_FIRST = frozenset(bytes((letter,)) for letter in b"CDIJKLMNOPQRSTUVWXYZabcdefwxyz0123456789")
"""How base64 begins if its text begins with a blank, a line end, or a visible character of UTF-8."""


class Decoded:
    """A decoded text, and where each of its bytes comes from."""

    __slots__ = ("_at", "_origin", "plain")

    def __init__(self, data: bytes, units: list[tuple[int, int, bytes]]) -> None:
        """`units`: start, end and what stands instead, in order."""
        self._at: list[int] = []
        """Where in the plain text a unit begins, and the text behind it."""
        self._origin: list[int] = []
        written: list[bytes] = []
        copied = size = 0
        for start, end, instead in units:
            size += start - copied
            self._at += (size, size + len(instead))
            self._origin += (start, end)
            size += len(instead)
            written += (data[copied:start], instead)
            copied = end
        self.plain = b"".join((*written, data[copied:]))

    def origin(self, at: int) -> int:
        index = bisect_right(self._at, at) - 1
        if index < 0:
            return at
        return self._origin[index] + (at - self._at[index] if index % 2 else 0)


def is_too_deep(scanned: Scan, data: bytes) -> bool:
    """Whether JSON is nested in JSON strings more deeply than we look."""
    return scanned.seen & DEEP != 0 and data.find(_DEEP_QUOTE) >= 0


def unescaped(data: bytes, *, truncated: bool) -> Decoded | None:
    r"""`\u0026` and `\/` are `&` and `/`, `\u0070` is `p`: words again. None if there is nothing to undo.

    `\u00` at the end of a cut text, the half of an escape, would hide what stands before it.
    """
    units = [_letter(data, escape) for escape in _ESCAPE.finditer(data)]
    cut = _CUT_ESCAPE.search(data, max(0, len(data) - MAX_ESCAPE)) if truncated else None
    if cut is not None:
        start = len(data[: cut.start()].rstrip(b"\\"))
        units = [unit for unit in units if unit[1] <= start]
        units.append((start, len(data), b""))
    return Decoded(data, units) if units else None


def _letter(data: bytes, escape: re.Match[bytes]) -> tuple[int, int, bytes]:
    end = escape.start() + 1
    before = data[max(0, end - _MAX_SLASHES) : end]
    slashes = len(before) - len(before.rstrip(b"\\"))
    if escape.group(1) is None:
        return end - slashes, escape.end(), b"/"
    own = slashes & -slashes  # 1 in JSON, 2 in a string in JSON, 4 in one within that; the others are backslashes
    letter = bytes((int(escape.group(1), 16),))
    if letter == b'"':
        letter = b"\\" * (2 * own - 1) + letter
    elif letter == b"\\":
        letter = b"\\" * (2 * own)
    return end - own, escape.end(), letter


# Percent signs and entities


def find_percent_coded(findings: Findings, find: Find) -> None:
    """Runs with `%41` and the like in them, from one separator of forms to the next."""
    data = findings.data
    done = 0
    found = _PERCENT.search(data)
    while found is not None:
        start = _run_start(data, found.start(), done, _PERCENT_CHARS)
        run = _PERCENT_RUN.match(data, start)
        done = max(run.end() if run else 0, found.end())
        units = [(code.start(), code.end(), _byte(code)) for code in _PERCENT_UNIT.finditer(data, start, done)]
        _find_decoded(findings, start, done, units, find, quote=b"%22")
        found = _PERCENT.search(data, done)


def find_entities(findings: Findings, find: Find) -> None:
    """HTML and XML in a text of HTML or XML."""
    data = findings.data
    units = [(entity.start(), entity.end(), _character(entity)) for entity in _ENTITY.finditer(data)]
    if any(instead in b"<>\"'" or data.startswith(b"&amp;", start) for start, _, instead in units):
        _find_decoded(findings, 0, len(data), units, find, quote=b"&quot;")


def _find_decoded(  # noqa: PLR0917 - where, and how it was coded
    findings: Findings, start: int, end: int, units: list[tuple[int, int, bytes]], find: Find, quote: bytes
) -> None:
    """Look at the text from `start` to `end` with these units decoded, and mask what is found where it stands."""
    if findings.depth >= MAX_DEPTH or not findings.budget.takes(end - start):
        findings.add(start, end, "layers")
        return
    decoded = Decoded(findings.data[start:end], [(first - start, last - start, what) for first, last, what in units])
    inner = find(decoded.plain, findings, findings.truncated and end >= len(findings.data))
    for first, last, instead, rule in inner.ordered():
        findings.add(start + decoded.origin(first), start + decoded.origin(last), rule, instead.replace(b'"', quote))


def _byte(code: re.Match[bytes]) -> bytes:
    return bytes((int(code.group()[1:], 16),)) if code.group() != b"+" else b" "


def _character(entity: re.Match[bytes]) -> bytes:
    name, number, hexadecimal = entity.groups()
    if name:
        return _ENTITIES[name]
    code = int(number) if number else int(hexadecimal, 16)
    return bytes((code,)) if code < 128 else entity.group()


# Base64


def find_base64(findings: Findings, start: int, end: int, find: Find) -> None:
    """The word from `start` to `end` looks like base64; what was looked at with another word is done."""
    _, done = findings.runs.get(BASE64, (0, 0))
    at = start
    for part in findings.data[start:end].split(b"."):  # a signature or a version may stand beside it
        if at >= done and is_base64_text(part):
            done = _base64_run(findings, at, done, find)
        at += len(part) + 1
    findings.runs[BASE64] = (0, done)


def _base64_run(findings: Findings, at: int, floor: int, find: Find) -> int:
    data = findings.data
    run = _BASE64_RUN.match(data, at)
    end = run.end() if run else at + 1
    start = _run_start(data, at, floor, _BASE64_CHARS)
    lines = _LINES.match(data, start) if end - start in _LINE_LENGTHS else None
    spans = ((start, lines.end() if lines else end), (start, end), (at, end))
    for begin, stop in dict.fromkeys(spans):
        plain = decoded(_LINE_END.sub(b"", data[begin:stop]), findings.gunzip)
        gzipped = is_gzip(data[begin : begin + 8])
        if plain is None and not gzipped:
            continue
        masked = None if plain is None else _masked_within(findings, plain, stop, find)
        if masked is None or masked != plain:
            findings.add(begin, stop, BASE64, MASK if masked is None else b2a_base64(masked, newline=False))
        return stop
    return end


def _masked_within(findings: Findings, plain: bytes, end: int, find: Find) -> bytes:
    if findings.depth >= MAX_DEPTH or not findings.budget.takes(len(plain)):
        return MASK
    return find(plain, findings, findings.truncated and end >= len(findings.data)).masked()


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


def _run_start(data: bytes, at: int, floor: int, chars: bytes) -> int:
    """Where the run of `chars` around `at` begins, not before `floor`."""
    floor = max(floor, at - _MAX_LOOK_BACK)
    return floor + len(data[floor:at].rstrip(chars))
