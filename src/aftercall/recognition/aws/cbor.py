"""Reads CBOR (RFC 8949) as far as AWS writes it: rpc-v2-cbor, and Kinesis of older SDKs.

Bytes become base64, as they are in JSON; tags are dropped. What is cut, or nested or filled beyond the bounds, ends the
reading: what was read until then is returned.
"""

from __future__ import annotations

import struct
from binascii import b2a_base64
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any

MAX_DEPTH = 40
MAX_ITEMS = 50_000

_BREAK = object()
_SIMPLE = {20: False, 21: True, 22: None, 23: None}


class _EndedError(Exception):
    """There is no more, or more than may be."""


def fields_of(data: bytes) -> dict[str, Any]:
    """The members of the map that the data begins with; {} if it is none."""
    reader = _Reader(data)
    try:
        value = reader.value(MAX_DEPTH)
    except _EndedError:
        value = reader.outermost
    return value if isinstance(value, dict) else {}


class _Reader:
    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0
        self._left = MAX_ITEMS
        self.outermost: dict[str, Any] | None = None

    def value(self, depth: int) -> Any:
        self._left -= 1
        if depth < 0 or self._left < 0:
            raise _EndedError
        major, info = divmod(self._take(1)[0], 32)
        if major == 7:
            return self._simple(info)
        length = None if info == 31 else self._number(info)
        if major < 2:
            return self._integer(major, length)
        if major == 6:
            return self.value(depth - 1)
        return _READERS[major](self, length, depth - 1)

    def _take(self, length: int) -> bytes:
        taken = self._data[self._at : self._at + length]
        if len(taken) < length:
            raise _EndedError
        self._at += length
        return taken

    def _number(self, info: int) -> int:
        if info < 24:
            return info
        if info > 27:
            raise _EndedError
        return int.from_bytes(self._take(1 << (info - 24)), "big")

    def _integer(self, major: int, number: int | None) -> int:
        if number is None:
            raise _EndedError
        return -1 - number if major else number

    def _simple(self, info: int) -> Any:
        if info == 31:
            return _BREAK
        if info in {25, 26, 27}:
            form, length = {25: (">e", 2), 26: (">f", 4), 27: (">d", 8)}[info]
            return struct.unpack(form, self._take(length))[0]
        return _SIMPLE.get(self._number(info))

    def _bytes(self, length: int | None, _depth: int) -> str:
        return b2a_base64(self._joined(length), newline=False).decode("ascii")

    def _text(self, length: int | None, _depth: int) -> str:
        return self._joined(length).decode("utf-8", "replace")

    def _joined(self, length: int | None) -> bytes:
        """A string, also one that comes in chunks."""
        if length is not None:
            return self._take(length)
        chunks = []
        while (head := self._take(1)[0]) != 0xFF:
            self._left -= 1
            if head // 32 not in {2, 3} or head % 32 == 31 or self._left < 0:
                raise _EndedError
            chunks.append(self._take(self._number(head % 32)))
        return b"".join(chunks)

    def _list(self, length: int | None, depth: int) -> list[Any]:
        found: list[Any] = []
        while length is None or len(found) < length:
            one = self.value(depth)
            if one is _BREAK:
                break
            found.append(one)
        return found

    def _map(self, length: int | None, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        if self.outermost is None:
            self.outermost = found
        count = 0
        while length is None or count < length:
            key = self.value(depth)
            if key is _BREAK:
                break
            found[str(key)] = self.value(depth)
            count += 1
        return found


_READERS = {2: _Reader._bytes, 3: _Reader._text, 4: _Reader._list, 5: _Reader._map}  # noqa: SLF001
