"""What the frozen file carries behind launcher and bootloader: byte code of modules, and native libraries.

One block of bytes, linked into the executable (launcher/contents.S) and read in place by launcher/contents.c:

    magic                16 bytes
    count                u32; all numbers are little-endian
    count entries        u32 each: kind, name, data, length, needs
    strings, data        strings end with NUL; data begins at multiples of 64

`name`, `data` and `needs` are offsets from the block's start. `kind` is the code of a letter: `m` a module, `p` a
package (both: marshalled code), `n` a native library (an ELF file). `needs` is, for a native library, the names of
those that have to be loaded before it, each followed by a space.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

MAGIC = b"aftercall-frozen"
MODULE, PACKAGE, NATIVE = "m", "p", "n"
_ENTRY = struct.Struct("<5I")
_ALIGNMENT = 64


class Entry(NamedTuple):
    """`name` is a module's dotted name or a library's file name."""

    kind: str
    name: str
    data: bytes
    needs: tuple[str, ...] = ()


def pack(entries: Iterable[Entry]) -> bytes:
    """The block. The order stays: modules are looked up one after another, so all names lie together."""
    entries = list(entries)
    strings, data = bytearray(), bytearray()
    places = [(_append(strings, entry.name), _append(strings, _listed(entry.needs))) for entry in entries]
    start = len(MAGIC) + 4 + _ENTRY.size * len(entries)
    strings.extend(bytes(-(start + len(strings)) % _ALIGNMENT))
    rows = []
    for entry, (name, needs) in zip(entries, places, strict=True):
        place = start + len(strings) + len(data)
        rows.append(_ENTRY.pack(ord(entry.kind), start + name, place, len(entry.data), start + needs))
        data.extend(entry.data)
        data.extend(bytes(-len(data) % _ALIGNMENT))
    return MAGIC + struct.pack("<I", len(entries)) + b"".join(rows) + bytes(strings) + bytes(data)


def read(executable: Path) -> Iterator[Entry]:
    """What a frozen file carries. ValueError where there is nothing."""
    yield from unpack(executable.read_bytes())


def unpack(file: bytes) -> Iterator[Entry]:
    block = memoryview(file)[file.index(MAGIC) :]
    (count,) = struct.unpack_from("<I", block, len(MAGIC))
    for number in range(count):
        kind, name, data, length, needs = _ENTRY.unpack_from(block, len(MAGIC) + 4 + _ENTRY.size * number)
        needed = tuple(_string(block, needs).split())
        yield Entry(chr(kind), _string(block, name), bytes(block[data : data + length]), needed)


def _listed(names: tuple[str, ...]) -> str:
    return "".join(f"{name} " for name in names)


def _append(strings: bytearray, text: str) -> int:
    offset = len(strings)
    strings.extend(text.encode() + b"\0")
    return offset


def _string(block: memoryview, offset: int) -> str:
    end = offset
    while block[end]:
        end += 1
    return bytes(block[offset:end]).decode()
