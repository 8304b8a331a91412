"""As much of MessagePack as Datadog's tracers send. https://github.com/msgpack/msgpack/blob/master/spec.md"""

from __future__ import annotations

import struct
from typing import Any

SCALARS = {
    0xCA: ">f", 0xCB: ">d", 0xCC: ">B", 0xCD: ">H", 0xCE: ">I", 0xCF: ">Q",
    0xD0: ">b", 0xD1: ">h", 0xD2: ">i", 0xD3: ">q",
}  # fmt: skip
CONSTANTS = {0xC0: None, 0xC2: False, 0xC3: True}
SIZES = {
    0xC4: ("bytes", 1), 0xC5: ("bytes", 2), 0xC6: ("bytes", 4),
    0xD9: ("text", 1), 0xDA: ("text", 2), 0xDB: ("text", 4),
    0xDC: ("list", 2), 0xDD: ("list", 4), 0xDE: ("map", 2), 0xDF: ("map", 4),
}  # fmt: skip
"""First byte -> what follows, and how many bytes tell its size."""


def unpacked(data: bytes) -> Any:
    """The value that the bytes hold. Raises ValueError for what Datadog does not send, IndexError where it is cut."""
    return _Reader(data).value()


class _Reader:
    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def value(self) -> Any:
        first = self.data[self.at]
        self.at += 1
        if first in SCALARS:
            (number,) = struct.unpack(SCALARS[first], self.taken(struct.calcsize(SCALARS[first])))
            return number
        if first in CONSTANTS:
            return CONSTANTS[first]
        if first in SIZES:
            kind, width = SIZES[first]
            return self.several(kind, int.from_bytes(self.taken(width), "big"))
        return self.small(first)

    def small(self, first: int) -> Any:
        if first < 0x80:
            return first
        if first >= 0xE0:
            return first - 0x100
        if first < 0xA0:
            return self.several("map" if first < 0x90 else "list", first & 0x0F)
        if first < 0xC0:
            return self.several("text", first & 0x1F)
        raise ValueError(f"MessagePack of an unknown kind: {first:#x}")

    def several(self, kind: str, size: int) -> Any:
        if kind == "map":
            return {self.value(): self.value() for _ in range(size)}
        if kind == "list":
            return [self.value() for _ in range(size)]
        data = self.taken(size)
        return data.decode(errors="replace") if kind == "text" else data

    def taken(self, size: int) -> bytes:
        self.at += size
        if self.at > len(self.data):
            raise IndexError("MessagePack that is cut")
        return self.data[self.at - size : self.at]
